"""A user's own names: how their file is read, and that they are found and override what the package knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paperkg
from paperkg.errors import SourceError
from paperkg.extraction import extract_papers
from paperkg.lexicon import Entry, load_lexicon, parse_lexicon
from paperkg.model import Paper
from strategies import ATTACKS

OWN = b"name\ttype\tguard\taliases\nZorblax\tModel\t\tZBX|Zorblax-Net\n# a comment\n\nquibbernet\tMethod\r\n"
PAPERS = [
    Paper("1", "A study of zorblax", "We evaluate zorblax and quibbernet on GSM8K. Accuracy improves."),
    Paper("2", "Again", "The work of others made us look at ZBX in the wild, with quibbernets."),
]


def test_the_table() -> None:
    assert parse_lexicon(OWN, "my.tsv") == (
        Entry("Zorblax", "Model", True, aliases=("ZBX", "Zorblax-Net"), own=True),
        Entry("quibbernet", "Method", True, own=True),
    )
    assert parse_lexicon(b"", "my.tsv") == ()
    shuffled = "﻿family\ttype\tname\nZ\tModel\tZ-2\n"
    assert parse_lexicon(shuffled.encode(), "x")[0] == Entry("Z-2", "Model", True, family="Z", own=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Zorblax\tModel\n", "my.tsv:1: a lexicon begins with its columns"),
        (b"name\ttype\tcolour\n", "my.tsv:1: a lexicon begins with its columns"),
        (b"name\ttype\nZ\tThing\n", "my.tsv:2: 'Thing' is no entity type (one of Method"),
        (b"name\ttype\tguard\nZ\tModel\tdog\n", "my.tsv:2: 'dog' is no guard"),
        (b"name\ttype\n\tModel\n", "my.tsv:2: '' is no name"),
        (b"name\ttype\n...\tModel\n", "my.tsv:2: '...' is no name"),
        (b"name\ttype\nZ\tModel\tmore\n", "my.tsv:2: 3 cells, not 2"),
        (b"name\ttype\nZ\tModel\n# x\nz\tMethod\n", "my.tsv:4: a spelling of 'z' stands on line 2 already"),
        (b"name\ttype\n\xe9\tModel\n", "my.tsv:2: not UTF-8"),
        (b"name\ttype\tfamily\nZ\tModel\t\x1b[31mF\n", "my.tsv:2: '\\x1b[31mF' is no name"),
        (b"name\ttype\tfamily\nZ\tModel\t" + b"F" * 201 + b"\n", "my.tsv:2: 'FFF"),
        (b"name\ttype\taliases\nZ\tModel\t" + b"a|" * 1001 + b"\n", "my.tsv:2: 1,001 aliases of one name"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(SourceError) as error:
        parse_lexicon(content, "my.tsv")
    assert str(error.value).startswith(said)


@given(st.one_of(st.text(max_size=60), st.sampled_from(ATTACKS)), st.sampled_from(["Model", "x"]))
def test_any_text_is_read_or_refused(name: str, type_: str) -> None:
    content = f"name\ttype\n{name}\t{type_}\n".encode("utf-8", "replace")
    try:
        for entry in parse_lexicon(content, "x"):
            assert entry.name.isprintable()
    except SourceError as error:
        assert error.line


def test_it_overrides_what_the_package_knows() -> None:
    own = (
        Entry("LLM", "Task", True, own=True),
        Entry("my LoRA", "Dataset", True, aliases=("LoRA",), own=True),
    )
    lexicon = load_lexicon(own)
    assert lexicon.lookup("LLMs") == (own[0],)
    assert lexicon.lookup("LoRA") == (own[1],)
    assert "LLM" not in lexicon.lookup("large language model")[0].aliases
    assert len(load_lexicon(())) == len(load_lexicon())


@pytest.mark.parametrize("fast", [True, False])
def test_names_of_ones_own_are_found(fast: bool) -> None:
    lexicon = load_lexicon(parse_lexicon(OWN, "my.tsv"))
    without = [{e.name for e in x.entities} for x in extract_papers(PAPERS, fast=fast)]
    assert not {"Zorblax", "quibbernet"} & (without[0] | without[1])
    for extraction in extract_papers(PAPERS, fast=fast, lexicon=lexicon):
        found = {(e.name, e.type) for e in extraction.entities}
        assert found >= {("Zorblax", "Model"), ("quibbernet", "Method")}


def test_a_graph_keeps_its_lexicon(tmp_path: Path) -> None:
    source, names = tmp_path / "p.jsonl", tmp_path / "my.tsv"
    source.write_text(
        '{"id": "1", "title": "zorblax", "abstract": "We use zorblax for quibbernet."}\n', "utf-8"
    )
    names.write_bytes(OWN)
    kg = paperkg.build(source, out=tmp_path / "out", name="g", fast=True, lexicon=names)
    assert kg.entity("ZORBLAX").name == "Zorblax"
    (file,) = [file for file in kg.provenance.files if file.format == "lexicon"]
    assert (file.name, file.records) == ("my.tsv", 2)
    names.unlink()
    assert (tmp_path / "out" / "g.lexicon.tsv").read_bytes() == OWN
    assert paperkg.load(tmp_path / "out" / "g") == kg
    renewed = paperkg.accept(tmp_path / "out" / "g", "1", "Zorblax")
    assert renewed.entity("ZORBLAX").name == "Zorblax"
    plain = paperkg.build(source, out=tmp_path / "out", name="g", fast=True)
    assert plain.provenance.lexicon == ""
    assert not (tmp_path / "out" / "g.lexicon.tsv").exists()
    with pytest.raises(FileNotFoundError):
        paperkg.build(source, lexicon=names)
