import re
from collections import defaultdict
from importlib.resources import files

import pytest

from paperkg.lexicon import Entry, Lexicon, is_abbreviation, load_lexicon
from paperkg.text.fold import fold


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


def test_lookup_is_by_folded_spelling(lexicon):
    for spelling in ("GPT-4o", "gpt 4o", "GPT4o"):
        assert [entry.name for entry in lexicon.lookup(spelling)] == ["GPT-4o"]
    assert lexicon.lookup("Large Language Models") == lexicon.lookup("LLM")
    assert lexicon.lookup("no such thing") == ()


def test_family_members(lexicon):
    names = {entry.name for entry in lexicon.members("Qwen")}
    assert {"Qwen3", "Qwen2.5-VL"} <= names
    assert lexicon.members("no such family") == ()


def test_guards_of_an_entry():
    entry = Entry("PAL", "Method", True, guard="context", aliases=("PALM", "Program-aided Language Models"))
    assert list(entry.guards()) == [
        ("PAL", "context"),
        ("PALM", "context"),
        ("Program-aided Language Models", ""),
    ]
    term = Entry("reinforcement learning", "Method", False, aliases=("RL", "reinforced learning"))
    assert list(term.guards()) == [
        ("reinforcement learning", ""),
        ("RL", "case"),
        ("reinforced learning", ""),
    ]


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [("RL", True), ("QoS", True), ("VQA-RAD", False), ("Qwen", False), ("deep RL", False)],
)
def test_abbreviations(spelling, expected):
    assert is_abbreviation(spelling) is expected


def test_names_that_are_words_are_guarded(lexicon):
    for name in ("GAIA", "DROP", "MATH", "BIRD"):
        assert {entry.guard for entry in lexicon.lookup(name) if entry.name == name} == {"context"}, name


def test_an_empty_lexicon():
    assert len(Lexicon(())) == 0
    assert Lexicon(()).lookup("BERT") == ()


@pytest.mark.parametrize("file", ["names.tsv", "terms.tsv"])
def test_table_is_sorted_and_clean(file):
    text = files("paperkg.lexicon").joinpath(file).read_text(encoding="utf-8")
    assert text.endswith("\n") and "\r" not in text
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    keys = [(row[0].casefold(), row[0], row[1]) for row in rows]
    assert keys == sorted(set(keys))
    for row in rows:
        cells = [part for cell in row for part in cell.split("|")]
        assert all(cell == cell.strip() and "  " not in cell for cell in cells), row


def test_spellings_are_unique_within_a_type(lexicon):
    owners = defaultdict(set)
    for number, entry in enumerate(lexicon):
        folded = [fold(spelling) for spelling in entry.spellings]
        assert all(folded), entry
        assert len(set(folded)) == len(folded), entry
        for key in folded:
            owners[entry.named, entry.type, key].add(number)
    assert {key: rows for key, rows in owners.items() if len(rows) > 1} == {}


def test_terms_are_lower_case_and_have_a_prior(lexicon):
    for entry in lexicon:
        if entry.named:
            assert entry.prior is None
        else:
            assert entry.prior is not None and 0 <= entry.prior <= 1
            assert not re.fullmatch("[A-Z][a-z]+", entry.name), entry


def test_a_name_is_no_member_of_itself(lexicon):
    assert [entry for entry in lexicon if entry.family == entry.name] == []


def test_a_family_is_itself_known(lexicon):
    assert [entry for entry in lexicon if entry.family is not None and not lexicon.lookup(entry.family)] == []


def test_no_alias_is_a_size(lexicon):
    sized = re.compile(r"\b\d+(\.\d+)?[BM]\b")
    aliases = [a for e in lexicon for a in e.aliases if sized.search(a) and not sized.search(e.name)]
    assert aliases == []
