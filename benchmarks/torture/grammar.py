"""SPARQL queries by chance: made from the grammar, and mutated."""

from __future__ import annotations

import random

TERMS = (
    "<http://e/1>",
    "<http://e/p>",
    "e:q",
    "?s",
    "?o",
    "$p",
    "?v",
    "1",
    "1.5",
    "1e3",
    "true",
    '"name"',
    "'a'@en",
    '"1"^^xsd:integer',
    "_:b",
    "[]",
    "()",
    '"""a"b"""',
)
PATHS = (
    "<http://e/p>",
    "e:p/e:q",
    "(e:p|^e:p)*",
    "!e:p",
    "e:p+",
    "e:p?",
    "^(e:p/e:p)",
    "!(e:p|^e:q)",
    "a",
    "?p",
)
FUNCTIONS = (
    "STR",
    "LANG",
    "DATATYPE",
    "IRI",
    "ABS",
    "CEIL",
    "STRLEN",
    "UCASE",
    "ENCODE_FOR_URI",
    "YEAR",
    "TZ",
    "MD5",
    "SHA512",
    "isIRI",
    "BOUND",
    "isNumeric",
)
TWO = (
    "CONTAINS",
    "STRSTARTS",
    "STRBEFORE",
    "REGEX",
    "LANGMATCHES",
    "SAMETERM",
    "STRDT",
    "STRLANG",
    "CONCAT",
    "COALESCE",
    "SUBSTR",
)
OPERATORS = ("+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "&&", "||")
AGGREGATES = (
    "COUNT(*)",
    "COUNT(DISTINCT {0})",
    "SUM({0})",
    "MIN({0})",
    "AVG({0})",
    "SAMPLE({0})",
    'GROUP_CONCAT({0}; SEPARATOR=", ")',
)
WORDS = (
    "SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES EXISTS NOT IN GROUP BY HAVING ORDER DESC LIMIT OFFSET "
    "DISTINCT REDUCED FROM NAMED PREFIX BASE AS UNDEF SERVICE SILENT INSERT DELETE DATA LOAD { } ( ) [ ] < > << >> <<( )>> . ; , * + ? ! | ^ / = @en ^^ "
    "\" ' \"\"\" ''' \\ \\u0041 # ?x $y _:z e:a : e: <http://e/> <> 1 -1 1.0 1e999 99999999999999999999 true \x00 \u202e \ud7ff \U0010ffff é"
).split(" ")
"""What is put into a query by chance."""
Chance = random.Random


def group(chance: Chance, depth: int) -> str:
    """A group graph pattern."""
    parts = []
    for _ in range(chance.randint(0, 4)):
        kind = chance.randrange(12 if depth > 0 else 4)
        deeper = depth - 1
        if kind < 3:
            parts.append(f"{chance.choice(TERMS)} {chance.choice(PATHS)} {chance.choice(TERMS)} .")
        elif kind == 3:
            parts.append(f"FILTER({expression(chance, depth)})")
        elif kind == 4:
            parts.append(f"OPTIONAL {group(chance, deeper)}")
        elif kind == 5:
            parts.append(f"{group(chance, deeper)} UNION {group(chance, deeper)}")
        elif kind == 6:
            parts.append(f"MINUS {group(chance, deeper)}")
        elif kind == 7:
            parts.append(f"GRAPH {chance.choice(('?g', '<http://e/g>'))} {group(chance, deeper)}")
        elif kind == 8:
            parts.append(f"BIND({expression(chance, deeper)} AS ?{chance.choice('abcdef')})")
        elif kind == 9:
            parts.append(
                f"VALUES ?{chance.choice('sov')} {{ {' '.join(chance.choices(TERMS[:2] + TERMS[7:12], k=chance.randint(0, 5)))} }}"
            )
        elif kind == 10:
            parts.append(f"{{ {select(chance, deeper)} }}")
        else:
            parts.append(f"FILTER {chance.choice(('', 'NOT '))}EXISTS {group(chance, deeper)}")
    return "{ " + " ".join(parts) + " }"


def expression(chance: Chance, depth: int) -> str:
    """An expression."""
    if depth <= 0 or chance.random() < 0.3:
        return chance.choice(TERMS[2:14])
    kind = chance.randrange(6)
    one = expression(chance, depth - 1)
    if kind == 0:
        return f"({one} {chance.choice(OPERATORS)} {expression(chance, depth - 1)})"
    if kind == 1:
        return f"{chance.choice(FUNCTIONS)}({one})"
    if kind == 2:
        return f"{chance.choice(TWO)}({one}, {expression(chance, depth - 1)})"
    if kind == 3:
        return f"IF({one}, {expression(chance, depth - 1)}, {expression(chance, depth - 1)})"
    if kind == 4:
        return f"{chance.choice('!-+')}{one}"
    return f"{one} {chance.choice(('', 'NOT '))}IN ({', '.join(chance.choices(TERMS[7:12], k=chance.randint(0, 4)))})"


def select(chance: Chance, depth: int) -> str:
    """A SELECT."""
    what = chance.choice(("*", "?s ?o", "DISTINCT ?s", "REDUCED ?o", f"({expression(chance, 2)} AS ?n)"))
    end = ""
    if chance.random() < 0.2:
        aggregate = chance.choice(AGGREGATES).format(chance.choice(("?s", "?o", "(?s + 1)")))
        what = f"?s ({aggregate} AS ?n)"
        end = " GROUP BY ?s" + chance.choice(("", f" HAVING({aggregate} > 1)"))
    if chance.random() < 0.3:
        end += f" ORDER BY {chance.choice(('?s', 'DESC(?o)', f'({expression(chance, 2)})'))}"
    if chance.random() < 0.4:
        end += f" LIMIT {chance.randint(0, 50)}" + chance.choice(("", " OFFSET 3"))
    return f"SELECT {what} WHERE {group(chance, depth)}{end}"


def random_query(chance: Chance) -> str:
    """A query from the grammar; a fifth has errors."""
    depth = chance.choice((1, 1, 2, 2, 3, 5))
    form = chance.randrange(10)
    if form < 7:
        query = select(chance, depth)
    elif form == 7:
        query = f"ASK {group(chance, depth)}"
    elif form == 8:
        query = f"CONSTRUCT {{ ?s ?p ?o . ?o <http://e/x> _:b }} WHERE {group(chance, depth)}"
    else:
        query = f"DESCRIBE {chance.choice(('?s', '<http://e/1>', '*'))} WHERE {group(chance, depth)}"
    query = f"PREFIX e: <http://e/> {query}"
    return mutated(chance, query, query) if chance.random() < 0.2 else query


def mutated(chance: Chance, query: str, other: str) -> str:
    """A query with a few errors, some of which repeat a part of it often or take a part of another."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        start = chance.randrange(len(query) + 1)
        end = min(len(query), start + chance.choice((0, 1, 2, 5, 20)))
        piece = query[start:end]
        kind = chance.randrange(6)
        if kind == 0:
            piece = ""
        elif kind == 1:
            piece += chance.choice(WORDS)
        elif kind == 2:
            piece = f" {chance.choice(WORDS)} "
        elif kind == 3:
            piece *= chance.choice((2, 3, 20, 300, 2_500))
        elif kind == 4:
            at = chance.randrange(len(other) + 1)
            piece = other[at : at + chance.choice((3, 30, 300))]
        else:
            piece = "".join(chance.sample(piece, len(piece)))
        query = query[:start] + piece + query[end:]
    return query[:150_000]
