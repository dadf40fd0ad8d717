import pytest

from paperkg.extraction.known import Match
from paperkg.lexicon import Entry
from paperkg.training.lexicon_stats import contained, priors

LM = Entry("language model", "Model", False)
LLM = Entry("large language model", "Model", False, aliases=("LLM",))
BERT = Entry("BERT", "Model", True)


def test_a_term_inside_a_longer_spelling_is_not_contained():
    long, short = Match((0, 3), LLM, True, ""), Match((1, 3), LM, True, "")
    assert contained([long, short]) == {LLM}
    assert contained([long, short, Match((7, 9), LM, True, "")]) == {LLM, LM}


def test_names_and_guarded_spellings_are_left_out():
    assert contained([Match((0, 1), BERT, True, ""), Match((2, 3), LLM, False, "case")]) == set()


def test_priors_are_smoothed():
    papers = [({LM}, {"languagemodel"}), ({LM, LLM}, {"llm"}), ({LM}, set())]
    assert priors(papers) == {LM: pytest.approx((1 + 0.525) / 4.5), LLM: pytest.approx((1 + 0.525) / 2.5)}
