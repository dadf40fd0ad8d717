from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.text.clean import clean
from timing import seconds

CASES = [
    (r"a \textit{training-free} way", "a training-free way"),
    (r"na\"ive, H\"older, G\"{o}del, Erd\H{o}s, Isstr{\o}m", "naïve, Hölder, Gödel, Erdős, Isstrøm"),
    (r"under i.\,i.\,d assumption", "under i.i.d assumption"),
    (r"Who\&When, 15\% of ELBO\_TDS", "Who&When, 15% of ELBO_TDS"),
    ("Decoupling~(LPCD) costs ~19x, (~ 9 million)", "Decoupling (LPCD) costs ~19x, (~ 9 million)"),
    ("ImageNet 64times 64 and 512times512", "ImageNet 64×64 and 512×512"),
    ("a 3.5times and 4times gain, up to times5, sim2times", "a 3.5× and 4× gain, up to ×5, ~2×"),
    ("three times, times 4 GPUs, 4 times 5, sometimes2", "three times, times 4 GPUs, 4 times 5, sometimes2"),
    ("74.9 rightarrow 57.2, 0.73rightarrow0.90", "74.9 → 57.2, 0.73→0.90"),
    ("(plus6.43 percent BLEU-1, plus31.58)", "(+6.43 percent BLEU-1, +31.58)"),
    ("plus a model, R1-plus", "plus a model, R1-plus"),
    ("O(varepsilon^{-4}) for varepsilon-stationary", "O(ε⁻⁴) for ε-stationary"),
    ("``poisoned'' and ``easy to learn, hard''", "“poisoned” and “easy to learn, hard”"),
    ("by `string surgery' of `a b', not `x or y`", "by ‘string surgery’ of ‘a b’, not `x or y`"),
    ("don't say 'x' or 5''", "don't say 'x' or 5''"),
    (r"$2\times$ faster at $\sim$10\% of $O(n^{-4})$", "2× faster at ~10% of O(n⁻⁴)"),
    (r"costs $25 and $30, $k$-NN costs $0.02 per call", "costs $25 and $30, k-NN costs $0.02 per call"),
    (r"$\mathcal{O}(\sqrt{T})$ and $\frac{a}{b}$", "O(√T) and a/b"),
    (r"$\tau^2$-Bench, $x_{t+1}$, $F_1$, $360^\circ$", "τ²-Bench, xₜ₊₁, F₁, 360°"),
    ("360^{circ} and 360^circ video", "360° and 360° video"),
    ("R^2, W_2, p<10^-12, ELBO_TDS", "R^2, W_2, p<10^-12, ELBO_TDS"),
    (r"as in \citep[see][p.~3]{x} \cite{a,b}.", "as in."),
    (r"\href{https://x.org/a_b}{our code}, \url{https://y.org/z\_w}", "our code, https://y.org/z_w"),
    (r"\textbf{\textsc{Foo}Bench}, {\em x}, {B}ayes", "FooBench, x, Bayes"),
    ("the set {a, b} and f(x)", "the set {a, b} and f(x)"),
    ("A&amp;B &lt; C", "A&B < C"),
    ("  a\n  b\tc\u00a0d  ", "a b c d"),
    ("state-of-\n  the-art", "state-of-the-art"),
    ("eﬃcient soft\u00adhyphen zero\u200bwidth", "efficient softhyphen zerowidth"),
    ("itâ\x80\x99s", "it’s"),
    ("sim2real, sim-to-real, sim88%, approx7s", "sim2real, sim-to-real, ~88%, ≈7s"),
    ("by pm 23%, 1.032pm0.034, 5 pm", "by ± 23%, 1.032±0.034, 5 pm"),
    ("leq 4B, leq2B, L ge 576, le 5", "≤ 4B, ≤2B, L ≥ 576, ≤ 5"),
    ("see https://x.org/~me/a_b--c_2times", "see https://x.org/~me/a_b--c_2times"),
    ("teacher--student --- yes", "teacher–student — yes"),
    (r"\texit{DeepMDP} by \ours", "DeepMDP by ours"),
    ("", ""),
]


@pytest.mark.parametrize(("stored", "shown"), CASES)
def test_shows(stored: str, shown: str) -> None:
    assert clean(stored).text == shown


@pytest.mark.parametrize(("stored", "shown"), CASES)
def test_is_idempotent_on_its_own_output(stored: str, shown: str) -> None:
    assert clean(shown).text == shown


@pytest.mark.parametrize(
    ("stored", "word", "source"),
    [
        (r"a \textit{training-free} way", "training-free", "training-free"),
        (r"so na\"ive a way", "naïve", r"na\"ive"),
        (r"a $2\times$ gain", "2×", r"2\times"),
        (r"on Who\&When now", "Who&When", r"Who\&When"),
        ("at 64times 64 px", "64×64", "64times 64"),
        (r"we use \textbf{\textsc{Foo}Bench} here", "FooBench", r"Foo}Bench"),
        ("one\n  two", "one two", "one\n  two"),
    ],
)
def test_leads_back(stored: str, word: str, source: str) -> None:
    shown = clean(stored)
    start = shown.text.index(word)
    begin, end = shown.to_source(start, start + len(word))
    assert stored[begin:end] == source
    first, last = shown.to_clean(begin, end)
    assert shown.text[first:last] == word


def test_identity_text_has_the_identity_map() -> None:
    text = "We use GPT-4o on MMLU (57.2%), and more."
    shown = clean(text)
    assert shown.text == text
    assert shown.layers == ()
    assert shown.to_source(3, 9) == shown.to_clean(3, 9) == (3, 9)


TEX = st.lists(
    st.sampled_from(
        [
            *"\\{}$^_~&%'`- \n.xaé9",
            "\\textbf{",
            "\\cite{a}",
            "$x$",
            "times",
            "64times 64",
            "&amp;",
            '\\"o',
            "http://a.b/c",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), TEX), st.data())
def test_every_span_leads_back_and_forth(text: str, data: st.DataObject) -> None:
    shown = clean(text)
    size = len(shown.text)
    start = data.draw(st.integers(0, size))
    end = data.draw(st.integers(start, size))
    begin, last = shown.to_source(start, end)
    assert 0 <= begin <= last <= len(text)
    if start < end:
        again = shown.to_clean(begin, last)
        assert again[0] <= start
        assert end <= again[1]
        assert begin < last


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=80), TEX), st.data())
def test_source_spans_map_into_the_clean_text(text: str, data: st.DataObject) -> None:
    shown = clean(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    begin, last = shown.to_clean(start, end)
    assert 0 <= begin <= last <= len(shown.text)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), TEX))
def test_every_letter_of_the_map_is_the_letter_of_the_text(text: str) -> None:
    shown = clean(text)
    for place, letter in enumerate(shown.text):
        begin, end = shown.to_source(place, place + 1)
        stored = text[begin:end]
        assert stored == letter or len(shown.layers) > 0


@pytest.mark.parametrize(
    "attack",
    [
        "\\",
        "{",
        "}",
        "$",
        "$ ",
        "$a",
        "\\textbf{",
        "^{",
        "_",
        "~",
        " ",
        "\n",
        "'",
        "`",
        "-",
        "&",
        "&amp;",
        "times",
        "1times ",
        "http://",
        "www.",
        "\\cite{",
        "\\cite[",
        "{\\em ",
        "a{",
        "}a",
        "\\frac{a}",
        "text{",
        "\\\\",
        "\\_",
        "le 5",
        "\\href{",
        "$1 ",
        "\ufb01",
        "\u00ad",
        "1pm1",
        "approx",
        "x ",
        '\\"{',
    ],
)
def test_is_linear(attack: str) -> None:
    def took(size: int) -> float:
        text = (attack * size)[:size]
        return seconds(lambda: clean(text))

    took(1_000)
    assert took(100_000) < 1.5
