"""What tells a number that a paper reports as an outcome from other numbers, as feature names."""

from __future__ import annotations

from collections.abc import Iterator

from paperkg.extraction.marked import MarkedText, bucket, stem

_WINDOW = 6
_REACH = 60
"""How many words of its sentence, to either side, are looked at."""


def number_features(marked: MarkedText, index: int) -> list[str]:
    """What tells an outcome from another number: its form, and the words around it."""
    words = marked.words
    quantity = marked.quantities[index]
    place = marked.places[index]
    sentence = marked.sentence_of[place]
    first = max(marked.bounds[sentence][0], place - _REACH)
    last = min(marked.bounds[sentence][1], place + _REACH)
    unit = quantity.unit
    decimals = "frac" if quantity.number != int(quantity.number) else "int"
    size = "0" if abs(quantity.number) < 1 else "100" if abs(quantity.number) <= 100 else "big"
    before = [words[i] if i >= first else "^" for i in range(place - _WINDOW, place)]
    after = [words[i] if i < last else "$" for i in range(place + 1, place + 1 + _WINDOW)]
    features = [
        f"unit={unit}",
        f"form={unit}|{decimals}|{size}",
        f"digits={min(quantity.last - quantity.first, 6)}|{unit != ''}",
        f"hedge={quantity.hedge}",
        f"signed={quantity.signed}|{quantity.number < 0}",
        f"ranged={quantity.ranged}|{unit}",
        f"sentence={bucket(sentence)}",
        f"fromend={bucket(len(marked.bounds) - 1 - sentence)}",
        f"b1={before[-1]}|{unit}",
        f"a1={after[0]}|{unit}",
        f"b12={before[-2]} {before[-1]}",
        f"a12={after[0]} {after[1]}",
        f"b123={before[-3]} {before[-2]} {before[-1]}",
        f"a123={after[0]} {after[1]} {after[2]}",
        f"b1a1={before[-1]}|{after[0]}",
    ]
    if sentence == 0:
        features.append("title")
    features += [f"b{_WINDOW - i}={stem(word)}" for i, word in enumerate(before)]
    features += [f"a{i + 1}={stem(word)}" for i, word in enumerate(after)]
    features += {f"near<{stem(word)}" for word in words[max(first, place - 12) : place]}
    features += {f"near>{stem(word)}" for word in words[place + 1 : min(last, place + 9)]}
    features += {
        f"in={stem(word)}|{unit != ''}" for word in words[first:last] if word.isalpha() or word[0] == "<"
    }
    trigger = next((stem(w) for w in reversed(words[first:place]) if stem(w) in _TRIGGERS), "")
    features.append(f"trigger={trigger}")
    features.append(f"trigger={trigger}|b1={before[-1]}")
    features.append(f"trigger={trigger}|{unit}|{quantity.signed}")
    noun = next(_changes(marked, place + 1, min(last, place + 6), 1), "")
    features.append(f"change>={noun}")
    features.append(f"change>={noun != ''}|b1={before[-1]}")
    features.append(f"change>={noun != ''}|{unit}|{quantity.signed}")
    if before[-1] in ("of", "by", "to", "than", "with", "a", "("):
        noun = next(_changes(marked, place - 2, max(first, place - 6) - 1, -1), "")
        features.append(f"{before[-1]}<change={noun}")
    if "from" in before[-2:] and any(word == "to" for word in after[:3]):
        features.append("from-to:lower")
    if "to" in before[-2:] and "from" in before:
        features.append("from-to:upper")
    if before[-1] == "(":
        features.append(f"parenthesis|{quantity.signed}|{unit}")
        features.append(f"parenthesis|b2={before[-2][:4]}")
    return features


def _changes(marked: MarkedText, start: int, stop: int, step: int) -> Iterator[str]:
    """The words of change ('gain', 'reduction') from a word on, to the next number or break."""
    for place in range(start, stop, step):
        word = marked.words[place]
        if word[0] == "#" or word in _BREAKS:
            return
        if word[0] == "<":
            yield from (stem(inner) for inner in marked.written[place].split() if stem(inner) in _CHANGES)
        elif stem(word) in _CHANGES:
            yield stem(word)


_BREAKS = frozenset([",", ";", ".", "and", "on", "over", "while", ")"])
_TRIGGERS = frozenset(
    """
    accel accur achie attai beat beati beats boost compa compr consi contai cover cut cuts cutti decre
    degra deliv drop drops enabl enhan excee excel fall falls from gain gains impro inclu incre lower
    maint match obtai only outpe over perfo prese produ provi raise raisi rangi rate rates reach recor
    reduc requi retai reveal rise rises save saves savin score scori speed surpa train use uses using
    with yield
    """.split()
)
_CHANGES = frozenset(
    """
    absol accel advan bette boost chang cheap decli decre degra diffe drop drops faste fewer gain gains
    great highe impro incre jump large lead less lift loss lower margi more reduc relat rise savin short
    slowd small speed wider
    """.split()
)
