import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.extraction.numbers import find_quantities
from timing import seconds


def found(text):
    return [(text[q.start : q.end], q.number, q.unit) for q in find_quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an accuracy of 95.33% here", [("95.33%", 95.33, "%")]),
        ("by up to 5.4% on", [("up to 5.4%", 5.4, "%")]),
        ("yields up to a 2times throughput", [("up to a 2times", 2.0, "x")]),
        ("a 3.5x speedup", [("3.5x", 3.5, "x")]),
        ("3-5% better", [("3-5%", 3.0, "%")]),
        ("from 78.03% to 87.45%", [("78.03%", 78.03, "%"), ("87.45%", 87.45, "%")]),
        ("+15 to +40 points", [("+15 to +40 points", 15.0, "points")]),
        ("(MAE 0.87 to 0.73)", [("0.87", 0.87, ""), ("0.73", 0.73, "")]),
        ("scores 51.7/37.5 there", [("51.7", 51.7, ""), ("37.5", 37.5, "")]),
        ("degrades by -13.9 pp under", [("-13.9 pp", -13.9, "points")]),
        ("+23.6 +/- 1.7 pp over", [("+23.6 +/- 1.7 pp", 23.6, "points")]),
        ("recovery rises from .18 to .54.", [(".18", 0.18, ""), (".54", 0.54, "")]),
        ("25,368 samples", [("25,368", 25368.0, "")]),
        ("runs in 41.5 ms.", [("41.5 ms", 41.5, "ms")]),
        ("approximately 4.5\\% and", [("approximately 4.5\\%", 4.5, "%")]),
        ("at least 5.0 percentage points", [("at least 5.0 percentage points", 5.0, "points")]),
        ("by over two-fold and threefold", [("over two-fold", 2.0, "x"), ("threefold", 3.0, "x")]),
        ("an order of magnitude faster", [("an order of magnitude", 1.0, "orders of magnitude")]),
        (
            "up to four orders of magnitude",
            [("up to four orders of magnitude", 4.0, "orders of magnitude")],
        ),
        ("less than one percent, 2X", [("less than one percent", 1.0, "%"), ("2X", 2.0, "x")]),
        ("raises it (48.0 to 65.0) there", [("48.0", 48.0, ""), ("65.0", 65.0, "")]),
        ("one of two models, a manifold, an order", []),
    ],
)
def test_values_with_hedge_sign_and_unit(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and v2",
        "Hit@10",
        "pass@1",
        "a 512x512 image",
        "LLaMA-2-70B",
        "F1",
        "x_2",
        "x^2",
        "a 3D scene",
        "CIFAR10",
    ],
)
def test_digits_of_names_are_no_numbers(text):
    assert found(text) == []


def test_digits_inside_taken_spans_do_not_count():
    text = "AIME 2024: 53.1"
    assert [q.number for q in find_quantities(text, [(0, 9)])] == [53.1]


@given(st.text(alphabet="0123456789.,%+-$ atox/\\~(", max_size=120))
def test_any_text_gives_sorted_disjoint_spans(text):
    quantities = find_quantities(text)
    last = 0
    for q in quantities:
        assert last <= q.start <= q.first < q.last <= q.end <= len(text)
        last = q.end


@pytest.mark.parametrize(
    "piece", ["1,111", "1.", "1 ", "-", "+1 to ", "up to ", "$", "9" * 50 + " ", "1-2-", "1 orders of "]
)
def test_attacks_take_linear_time(piece):
    text = piece * (20_000 // len(piece))
    assert seconds(lambda: find_quantities(text)) < 1.0


@pytest.mark.parametrize("text", ["9" * 400, "1" + ",000" * 200, "3-" + "9" * 400, "9" * 400 + "%"])
def test_rows_of_digits_are_no_measures(text):
    assert all(q.number < 1e30 for q in find_quantities(text))
