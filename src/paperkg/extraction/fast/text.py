"""A paper's text, cleaned only where a sign says that it may hold LaTeX, HTML or odd white space."""

from __future__ import annotations

from paperkg.extraction.reading import GAP, PaperText, paper_text
from paperkg.model import Paper
from paperkg.text.clean import CleanText
from paperkg.text.extent import MOST_WORDS
from paperkg.text.latex import has_latex
from paperkg.text.ruins import has_ruined_sign


def _is_plain(text: str) -> bool:
    return not has_latex(text) and not has_ruined_sign(text)


def quick_text(paper: Paper) -> PaperText:
    """As `paper_text` gives it, but for words that were LaTeX's (`3times`) in an otherwise plain text: they stay."""
    title, abstract = paper.title, paper.abstract
    if len(title) + len(abstract) <= MOST_WORDS and _is_plain(title) and _is_plain(abstract):
        return PaperText(title + GAP + abstract, CleanText(title), CleanText(abstract))
    return paper_text(title, abstract)
