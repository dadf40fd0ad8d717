"""Graphs made to hurt whoever writes and reads them: texts that try to end what they stand in, odd names, odd terms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pyoxigraph as ox

    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Extraction, Paper

T = TypeVar("T")

ENDS = (
    '"', "'", '"""', "'''", '\\"', '\\\\"', ">", "\\u003e", "\\>", '"@en', '"^^<urn:x>', "\n", "\r\n", "\r", "\u2028", "\x00",
    "]]>", "</rdf:Description>", '"}', '"}]}', '",', "\t", "%3E", "--></data>", '"/>', "`",
)  # fmt: skip
"""What may end a literal, an IRI, a line, a cell, an element, an object."""
PAYLOADS = (
    " . <urn:inj:s> <urn:inj:p> <urn:inj:o> . ",
    " <urn:inj:p> <urn:inj:o> ; <urn:inj:p> ",
    ", <urn:inj:o>, ",
    " } <urn:inj:g> { <urn:inj:s> <urn:inj:p> <urn:inj:o> } ",
    ' . @prefix dct: <urn:inj:> . <urn:inj:s> dct:title "x" . # ',
    '\n<urn:inj:s> <urn:inj:p> "o" <urn:inj:g> .\n',
    "\\n<urn:inj:s> <urn:inj:p> <urn:inj:o> .\\n",
    ', "urn:inj:p": {"@id": "urn:inj:o"}, "x": "',
    '}, {"@id": "urn:inj:s", "@type": "urn:inj:o"}, {"@id": "',
    '{"@context": "http://127.0.0.1:9/c", "@id": "urn:inj:s"}',
    '<rdf:Description rdf:about="urn:inj:s"><p xmlns="urn:inj:" rdf:resource="urn:inj:o"/></rdf:Description>',
    '<!DOCTYPE x [<!ENTITY e "urn:inj:o">]>&e;',
    '<node id="urn:inj:s"/><edge source="urn:inj:s" target="urn:inj:o"/>',
    '<script>document.title="inj"</script><img src=x onerror=alert(1)>',
    ',inj,"inj\r\ninj",=1+1\ninj,inj,inj',
    "\tinj\tinj\nmerge\turn:inj:s\turn:inj:o",
    " <<( <urn:inj:s> <urn:inj:p> <urn:inj:o> )>> ",
    "_:inj [ <urn:inj:p> <urn:inj:o> ] ( <urn:inj:o> ) ",
    "&#34;&#62;&quot;&gt; . &lt;urn:inj:s&gt; ",
    "\\u0022 . \\u003curn:inj:s\\u003e \\U0000003curn:inj:p\\U0000003e \\x3curn:inj:o\\x3e . ",
)
"""What would be a statement, a node, a row or a script if it came out of its place."""
SINGLES = (
    "\\", "\\\\", "\\n", "\\u", "\\u00", "\\uD800", "\\U00110000", "\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b[2J", "\x7f", "\x85",
    "\xa0", "\xad", "\u200b", "\u200d", "\u200e", "\u202e", "\u2029", "\u2066", "\ufeff", "\ufffd", "\ufffe", "\uffff", "\ufdd0",
    "\U0001fffe", "\U0010ffff", "\U000e0041", "\U0001f469\u200d\U0001f467", "e\u0301", "\u1e9e", "\u0130", "\ud800", "\udfff",
    "\udc00\ud800", "%", "%%", "%zz", "%00", "%0a", "%2e%2e", "..", ".", "../../x", "/", "//", "///", ":", "a:b", "@", "@id", "@type",
    "@graph", "@base <urn:x> .", "@prefix : <urn:x> .", "PREFIX : <urn:x>", "BASE <urn:x>", "GRAPH <urn:x> {", "a", "true", "1e9",
    "-0", "+1", "01", "NaN", "INF", "null", "[]", "{}", "()", "<>", "<a>", "{{7*7}}", "${7*7}", "#", "# x", "?", "&", "&amp;", "&#0;",
    "&#x110000;", "<!--", "-->", "<![CDATA[", "<?xml?>", "<?x", "'; --", "$(x)", "|", "||", ";", ",", "=1+1", "+1+1", "-1+1", "@SUM(1)",
    " ", "  x  ", "\t", "\n\n", "\r", "\n#\n", "\u3000", "x\n.\ny",
)  # fmt: skip
"""Texts that one format or another reads in a way of its own."""


def injections() -> list[str]:
    """More than 500 different strings."""
    made = [end + payload + end for end in ENDS for payload in PAYLOADS]
    return list(dict.fromkeys([*SINGLES, *made]))


def forms(text: str, number: int) -> list[str]:
    """Different texts that hold a text, as many as asked for; the first is the text alone."""
    some = [text, f"x{text}y", f"{text} model", f"The {text}", f"{text}{text}2", f"3 {text}", f" {text} "]
    return [some[n] if n < len(some) else f"{text} {n}" for n in range(number)]


def full_graph(text: str) -> KnowledgeGraph:
    """A graph that has a text in each of its fields; the shape of the graph does not depend on the text."""
    from dataclasses import replace

    from paperkg.graph import KnowledgeGraph
    from paperkg.model import (
        Decision,
        InputFile,
        Outcome,
        Provenance,
        Skip,
    )

    ids = forms(text, 2)
    extractions = [_full_extraction(text, paper_id) for paper_id in ids]
    decided = Decision("rename", ids[1], ids[0], (), f"note {text}")
    made = Provenance(
        version="0",
        extractor=f"e {text}",
        files=tuple(InputFile(name, "0" * 64, f"f {text}", 2) for name in ids),
        settings=((f"s {text}", f"v {text}"),),
        skipped=(Skip(text, 7, "record", f"because {text}"),),
        outcomes=(
            Outcome(decided, 1),
            Outcome(replace(decided, verb="split", papers=tuple(ids)), 0, f"no {text}"),
        ),
        replaced=(("urn:x:old", "urn:x:new"),),
    )
    return KnowledgeGraph.from_extractions(extractions, made)


def _full_extraction(text: str, paper_id: str) -> Extraction:
    from paperkg.model import (
        ENTITY_TYPES,
        RELATIONS,
        EntityRelation,
        ExtractedEntity,
        Extraction,
        Link,
        Listing,
        Organisation,
        Paper,
        PartialDate,
        Result,
        Span,
    )
    from paperkg.resolution import entity_iri

    names = forms(text, len(ENTITY_TYPES))
    title = " | ".join(names)
    paper = Paper(
        id=paper_id,
        title=title,
        abstract=text,
        date=PartialDate(text, None, 2, 8, inferred_year=2025, reason=f"since {text}"),
        authors=(text, f"x{text}y"),
        author_count=2,
        organisations=(Organisation(f"o{text}", text),),
        listings=(Listing(f"p{text}", 1, PartialDate(text, 2025), 3),),
        url=f"https://example.org/{text}",
        sources=(text, f"x{text}y"),
    )
    spans, start = [], 0
    for name in names:
        spans.append(Span("title", start, start + len(name), name))
        start += len(name) + 3
    whole = Span("title", 0, len(title), title)
    entities = tuple(
        ExtractedEntity(
            key=f"{type_}|{name}",
            name=name,
            type=type_,
            named=True,
            relation=relation,
            confidence=0.5,
            evidence=whole,
            mentions=(span,),
            long_form=f"long {name}",
            family=f"F{text}",
            iri=entity_iri(type_, f"{type_} {text}"),
            resolved_by=f"rule {text}",
        )
        for name, type_, relation, span in zip(names, ENTITY_TYPES, RELATIONS, spans, strict=False)
    )
    return Extraction(
        paper,
        entities,
        (EntityRelation(names[0], "part_of", names[1], 0.5, whole),),
        (
            Result(
                f"5 {text}",
                "absolute",
                5.0,
                f"u{text}",
                spans[0],
                0.5,
                names[0],
                names[1],
                names[4],
            ),
        ),
        (
            Link(text, f"https://example.org/{text}", "code", spans[0]),
            Link(f"x{text}", f"https://{text}.example.org/a?b#c", "data", spans[1]),
        ),
    )


_ALPHABETS = (
    "ab \u00e9\u4e2d",
    "\"'\\<>&{}[]()|^`%#?/:;,.@$_~-+=*! ",
    "\x00\x01\t\n\x0b\x0c\r\x1b\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\ufdd0",
    "\u200b\u200e\u202e\u2066e\u0301\u0130\u1e9e\U0001f600\U0010ffff",
    "a\udc80\udfff",
)
"""Second halves of surrogate pairs alone: behind a first one JSON makes a character of the two."""


def odd_text(chance: random.Random, longest: int = 30) -> str:
    """Any text: an injection, characters of one sort or of all, any code points."""
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(ENDS) + chance.choice((*PAYLOADS, *SINGLES))
    if kind < 0.5:
        return chance.choice(SINGLES)
    alphabet = chance.choice((*_ALPHABETS, "".join(_ALPHABETS)))
    if kind < 0.9:
        return "".join(chance.choices(alphabet, k=chance.randrange(longest)))
    return "".join(chr(chance.randrange(0xE000, 0x110000)) for _ in range(chance.randrange(longest)))


def odd_graph(chance: random.Random) -> KnowledgeGraph:
    """A graph of a few papers of any shape, with odd texts, resolved as a build does it."""
    from paperkg.graph import KnowledgeGraph
    from paperkg.lexicon import Lexicon
    from paperkg.model import InputFile, Provenance, Skip
    from paperkg.resolution import resolve

    papers = {odd_text(chance) or "p": None for _ in range(chance.randrange(1, 6))}
    shared = [odd_text(chance) or "n" for _ in range(4)] + ["CLadder", "CLADDER", "GPT-4", "LLM"]
    extractions = [_odd_extraction(chance, paper, shared) for paper in papers]
    made = Provenance(
        version="0",
        extractor=odd_text(chance),
        files=(InputFile(odd_text(chance), "0" * 64, "listing", 2),),
        settings=((odd_text(chance), odd_text(chance)),),
        skipped=(Skip(odd_text(chance), 7, "record", odd_text(chance)),),
    )
    return KnowledgeGraph.from_extractions(resolve(extractions, lexicon=Lexicon([])), made)


def _span(chance: random.Random, paper: Paper) -> Any:
    from paperkg.model import FIELDS, Span

    field = chance.choice(FIELDS)
    text = paper.text(field)
    start = chance.randrange(max(1, len(text)))
    end = min(len(text), start + 1 + chance.randrange(12))
    return Span(field, start, end, text[start:end])


def _some(chance: random.Random, made: Sequence[T], most: int) -> list[T]:
    return chance.sample(made, min(len(made), chance.randrange(most + 1)))


def _odd_extraction(chance: random.Random, paper_id: str, shared: list[str]) -> Extraction:
    from paperkg import model
    from paperkg.text.fold import fold

    dates = (
        None,
        model.PartialDate(odd_text(chance), 2025, 2, 28),
        model.PartialDate(odd_text(chance), 2025, 2),
        model.PartialDate(odd_text(chance), 1999),
        model.PartialDate("x", None, 12, 31, inferred_year=2024, reason=odd_text(chance)),
    )
    paper = model.Paper(
        id=paper_id,
        title=odd_text(chance),
        abstract=odd_text(chance, 200),
        date=chance.choice(dates),
        authors=tuple(odd_text(chance) for _ in range(chance.randrange(3))),
        author_count=chance.choice((None, 0, 5_000)),
        organisations=tuple(
            {name: model.Organisation(name, odd_text(chance)) for name in [odd_text(chance)]}.values()
        ),
        listings=(model.Listing(odd_text(chance), 1, None, 3),),
        url=chance.choice((None, "https://example.org/a?b=1&c=2", "http://e/" + odd_text(chance))),
        sources=(odd_text(chance),),
    )
    names = list(dict.fromkeys(_some(chance, shared, 5)))
    entities = []
    for name in names:
        type_ = chance.choice(model.ENTITY_TYPES)
        found = sorted({_span(chance, paper) for _ in range(chance.randrange(1, 4))}, reverse=True)
        entities.append(
            model.ExtractedEntity(
                key=f"{type_}|{fold(name)}",
                name=name,
                type=type_,
                named=chance.random() < 0.5,
                relation=chance.choice(model.RELATIONS),
                confidence=chance.random(),
                evidence=_span(chance, paper),
                mentions=tuple(found),
                long_form=chance.choice((None, "large language model", odd_text(chance) or None)),
                family=chance.choice((None, "GPT", odd_text(chance) or None)),
            )
        )
    of = [None, *names]
    relations = tuple(
        model.EntityRelation(
            a, chance.choice(model.ENTITY_PREDICATES), b, chance.random(), _span(chance, paper)
        )
        for a, b in ([(names[0], names[-1])] if len(names) > 1 else [])
    )
    results = tuple(
        model.Result(
            odd_text(chance), "absolute", chance.choice((1.5, -0.0, 1e300, 1e-300, 95.33)), odd_text(chance),
            _span(chance, paper), chance.random(), chance.choice(of), chance.choice(of), chance.choice(of),
        )
        for _ in range(chance.randrange(3))
    )  # fmt: skip
    links = (
        model.Link(
            odd_text(chance),
            "https://" + odd_text(chance),
            chance.choice(model.LINK_KINDS),
            _span(chance, paper),
        ),
    )
    return model.Extraction(paper, tuple(entities), relations, results, links)


_IRIS = (
    "http://example.org/a", "https://example.org/a?b=1&c=%20#d", "urn:isbn:0", "urn:x:a'b(c)", "mailto:a@example.org",
    "http://\u4e2d\u6587.example/\u00e9", "http://e/\U0001f600", "http://e/a.", "http://e/a..b", "http://e/.", "http://e/..", "http://e//",
    "http://e/a/../b", "http://e", "http://e/?", "http://e/#", "http://e/%2F%00%C3%A9", "http://e/a:b", "http://e/-a", "http://e/1",
    "http://e/a~b!$&*+,;=@", "http://[::1]:80/", "tag:a,2025:b", "x:y", "data:text/plain,a", "http://e/true", "HTTP://E/A",
    "http://e/\u3000a\xa0",
)  # fmt: skip
_NAMES = (
    "a", "title", "a.b", "a.", ".a", "-a", "1a", "a-b", "a_b", "a%20b", "a:b", "a/b", "a#b", "", "_", "true", "\u00e9", "a'b", "a(b)",
    "a~b", "a,b", "a;b", "a&b", "a+b", "a=b", "a@b", "a!b", "a*b", "a?b", "a$b",
)  # fmt: skip
_BELOW = (
    "paper/1", "paper/..", "paper/.", "paper/a/../b", "paper//a", "paper/", "paper", "", "?q", "#f", "a:b/c", "paper/a:b", "paper/a%2Fb",
    "paper/a#char=1,2", "paper/a#", "paper/\u00e9", "paper/.a", "paper/a.", "paper/..a", "../x", "//x/y", "graph/knowledge", "paper/a?b",
)  # fmt: skip
"""What an IRI may have behind the base, and be mistaken for when it is written without."""
_LANGUAGES = ("en", "en-gb", "de-latn-ch-1996", "x-a-b", "zh-hans", "i-klingon", "a1a")
_DATATYPES = (
    "string", "integer", "decimal", "double", "float", "boolean", "date", "dateTime", "gYear", "anyURI", "int", "long", "byte",
    "unsignedInt", "duration", "base64Binary", "hexBinary",
)  # fmt: skip
"""Without token and normalizedString, whose blanks rdflib takes away when it reads."""
_LEXICAL = (
    "1", "01", "+1", "-1", "-0", "1.0", "1.50", ".5", "1.", "1e5", "1E5", "INF", "NaN", "true", "false", "1 ", " 1", "TRUE", "", "x", "2025",
    "2025-02-30", "2025-02-28", "2025-02-28T24:00:00", "--02-08", "9" * 400, "0.1e-400", "P1Y", "aGk=", "ff", "\n1\n", "1\t",
)  # fmt: skip


def odd_quads(chance: random.Random, base: str) -> list[ox.Quad]:
    """Quads as the writers get them from a query: every sort of IRI and literal, blank nodes in trees and circles."""
    import pyoxigraph as ox
    from rdflib.namespace import RDF, XSD

    from paperkg.rdf.namespaces import PREFIXES
    from paperkg.rdf.writers import sorted_triples

    namespaces = list(PREFIXES.values())
    nodes = [ox.BlankNode(f"n{n}") for n in range(chance.randrange(6))]

    def named() -> ox.NamedNode:
        while True:
            kind = chance.randrange(3)
            made = (
                chance.choice(_IRIS)
                if kind == 0
                else chance.choice(namespaces) + chance.choice(_NAMES)
                if kind == 1
                else base + chance.choice(_BELOW)
            )
            try:
                return ox.NamedNode(made)
            except ValueError:
                continue

    def literal() -> ox.Literal:
        text = odd_text(chance).encode("utf-8", "replace").decode()
        kind = chance.randrange(5)
        if kind == 0:
            return ox.Literal(text, language=chance.choice(_LANGUAGES[:5]))
        if kind == 1:
            datatype = ox.NamedNode(str(XSD[chance.choice(_DATATYPES)]))
            return ox.Literal(chance.choice((*_LEXICAL, text)), datatype=datatype)
        if kind == 2:
            return ox.Literal(text, datatype=named())
        return ox.Literal(text)

    def predicate() -> ox.NamedNode:
        if chance.random() < 0.2:
            return ox.NamedNode(str(RDF.type))
        space = chance.choice((*namespaces, "http://example.org/p#", "urn:p:"))
        return ox.NamedNode(space + chance.choice(("a", "title", "type", "B_1", "a-b", "li", "value")))

    triples = []
    for _ in range(chance.randrange(1, 25)):
        subject: Any = chance.choice(nodes) if nodes and chance.random() < 0.4 else named()
        object_: Any = (
            literal()
            if chance.random() < 0.5
            else chance.choice(nodes)
            if nodes and chance.random() < 0.5
            else named()
        )
        triples.append(ox.Triple(subject, predicate(), object_))
    graphs = [ox.NamedNode(f"{base}graph/knowledge"), named()]
    return [
        ox.Quad(*triple, graph)
        for graph in dict.fromkeys(graphs)
        for triple in sorted_triples(_some(chance, triples, len(triples)) or triples)
    ]
