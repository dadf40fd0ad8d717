"""What the sentences of a thing say of it, in a few words: the key of a measured relation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from paperkg.extraction.fast.finder import Guess
from paperkg.extraction.fast.lexemes import CUES
from paperkg.extraction.fast.scan import Scan, TokenSpan

_REACH = 12
"""A cue further before a name than this many tokens says nothing of it."""
_MOST = 8
"""Of a thing that stands more often, only the first places are looked at."""
_RANK = {cue: rank for rank, cue in enumerate(CUES)}
_TITLE_ALONE = "title"


def context(scanned: Scan, guess: Guess) -> tuple[tuple[str, ...], TokenSpan]:
    """The key of a thing's relation, from coarse to fine, and the sentence that decides it.

    Args:
        guess: its spans are in order.

    Returns:
        (type and layer; ground; third of the text in which the body first names it; whether the title does; strongest cue).
    """
    words, cues, sentences = scanned.words, scanned.cues, scanned.sentences
    in_title, zone, best, decisive = False, "-", len(CUES), -1
    spans = guess.spans
    for start, _ in spans[:_MOST]:
        if scanned.starts[start] < scanned.title_end:
            in_title = True
            continue
        place = bisect_right(sentences, start) - 1
        if zone == "-":
            zone = str(3 * place // len(sentences))
        at = bisect_left(cues, start) - 1
        near = at >= 0 and cues[at] >= sentences[place] and cues[at] >= start - _REACH
        rank = _RANK[words[cues[at]].cue] if near else _RANK[""]
        if rank < best:
            best, decisive = rank, start
    cue = CUES[best] if best < len(CUES) else _TITLE_ALONE
    layer = "named" if guess.named else "term"
    key = (
        f"{guess.type} {layer}",
        guess.ground.split(" ", 1)[0],
        zone,
        "title" if in_title else "-",
        cue or "-",
    )
    return key, scanned.sentence(decisive if decisive >= 0 else spans[0][0])
