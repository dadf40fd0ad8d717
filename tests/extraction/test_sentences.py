import pytest

from paperkg.extraction.pipeline import sentence_pipeline

NLP = sentence_pipeline()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("A title\n\nThe abstract. It ends.", ["A title", "The abstract.", "It ends."]),
        ("See e.g. Smith et al. Then more.", ["See e.g. Smith et al. Then more."]),
        ("It is 3.5 times. So", ["It is 3.5 times.", "So"]),
        ('He said "yes." Then no.', ['He said "yes."', "Then no."]),
        ("Is it? Yes! Good", ["Is it?", "Yes!", "Good"]),
        ("with i.i.d. data. lower", ["with i.i.d. data. lower"]),
    ],
)
def test_boundaries(text, expected):
    assert [s.text.strip() for s in NLP(text).sents] == expected
