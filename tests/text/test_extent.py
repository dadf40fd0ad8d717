from hypothesis import given
from hypothesis import strategies as st

from paperkg.text.clean import clean
from paperkg.text.extent import MOST_CHARACTERS, MOST_WORDS, extent


def test_an_abstract_is_read_whole():
    assert extent("A title", "some words " * 400) == (7, 4_400)


def test_of_long_texts_the_beginning_is_read():
    assert extent("A title", "words " * 10_000)[1] <= MOST_CHARACTERS
    assert extent("A title", "x" * 30_000) == (7, MOST_CHARACTERS)


def test_signs_count_as_words():
    assert extent("A title", "(" * 30_000) == (7, MOST_WORDS - 2)
    assert extent("(" * MOST_WORDS, "(" * 30_000) == (MOST_WORDS, 0)


@given(
    st.text("ab .(\u0301\u6f22", max_size=60), st.text("ab .(\u0301\u6f22", max_size=60), st.integers(1, 400)
)
def test_the_extent_lies_in_the_texts(title, abstract, times):
    first, second = extent(title * times, abstract * times)
    assert 0 <= first <= len(title * times) and 0 <= second <= len(abstract * times)
    if len(title + abstract) * times <= MOST_WORDS:
        assert (first, second) == (len(title * times), len(abstract * times))


def test_what_is_not_read_is_not_cleaned_and_keeps_its_place():
    stored = r"a \textbf{b}  c " * 2_000
    cleaned = clean(stored)
    assert cleaned.text.startswith("a b c a b c ") and cleaned.text.endswith(stored[-10_000:])
    place = stored.rindex("c")
    assert cleaned.to_source(*cleaned.to_clean(place, place + 1)) == (place, place + 1)
