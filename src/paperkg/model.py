"""The value types that flow through paperkg: frozen, comparable, free of I/O.

The way of the data: a source gives `Paper`s; the pipeline makes an `Extraction` of each; resolution gives
each `ExtractedEntity` of it the IRI of an entity of the whole graph; `paperkg.graph` joins them.

Offsets are Unicode code points into the title or the abstract *as stored* (the source's characters
unchanged).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Field = Literal["title", "abstract"]
EntityType = Literal["Method", "Model", "Dataset", "Benchmark", "Metric", "Task"]
Relation = Literal[
    "introduces", "evaluates_on", "evaluates_with", "addresses", "compares_with", "uses", "mentions"
]
EntityPredicate = Literal["variant_of", "based_on", "part_of", "outperforms"]
Verb = Literal["merge", "split", "rename", "accept", "reject", "retype", "relate", "moved"]
LinkKind = Literal["code", "data", "project", "demo"]
ResultKind = Literal["absolute", "change"]

FIELDS: tuple[Field, ...] = get_args(Field)
ENTITY_TYPES: tuple[EntityType, ...] = get_args(EntityType)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
"""The paper's relations to an entity, in order of precedence."""
ENTITY_PREDICATES: tuple[EntityPredicate, ...] = get_args(EntityPredicate)
VERBS: tuple[Verb, ...] = get_args(Verb)
LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A verbatim stretch of a paper's stored text: `text == paper.<field>[start:end]`."""

    field: Field
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which only a part may be known.

    Attributes:
        written: the date as the source writes it (`Feb 8`).
        year, month, day: what is known for certain; a `Feb 8` has no year.
        inferred_year: a year that was concluded and not read, with `reason` saying from what.
    """

    written: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    inferred_year: int | None = None
    reason: str | None = None

    @property
    def lexical(self) -> str:
        """The known part in XML Schema form: `2025-05-30`, `2025-05`, `2025` or `--05-31`."""
        if self.year is None:
            return f"--{self.month:02d}-{self.day:02d}"
        return "-".join([f"{self.year:04d}", *(f"{p:02d}" for p in (self.month, self.day) if p is not None)])

    @property
    def datatype(self) -> Literal["date", "gYearMonth", "gYear", "gMonthDay"]:
        """The local name of the XML Schema type of `lexical`."""
        if self.year is None:
            return "gMonthDay"
        return "gYear" if self.month is None else "gYearMonth" if self.day is None else "date"

    @property
    def best_year(self) -> int | None:
        """The year that is known, else the inferred one."""
        return self.year if self.year is not None else self.inferred_year

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """Orders dates; unknown parts come first."""
        return (self.best_year or 0, self.month or 0, self.day or 0)


@dataclass(frozen=True, slots=True, order=True)
class Organisation:
    """An organisation under which a listing shows a paper: its slug and its display name."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One place at which a source lists a paper.

    Attributes:
        page: the file's name (without folders).
        position: place on the page, counted from 1.
        page_date: the day that the page's head gives; it is the page's, not the paper's.
        comments: number of comments shown there, if any.
    """

    page: str
    position: int
    page_date: PartialDate | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as its sources give it. `title` and `abstract` are the source's characters unchanged.

    Attributes:
        id: the source's own id (an arXiv id, the `id` of a JSON record), else a slug made from the title.
        date: publication date, as far as known.
        authors: names, where the source has them; `author_count` may be all that is known.
        url: the paper's own page, if given (http or https).
        sources: names of the files in which it stands, sorted.
    """

    id: str
    title: str
    abstract: str
    date: PartialDate | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organisations: tuple[Organisation, ...] = ()
    listings: tuple[Listing, ...] = ()
    url: str | None = None
    sources: tuple[str, ...] = ()

    def text(self, field: Field) -> str:
        """The stored text to which the offsets of `field` refer."""
        return self.title if field == "title" else self.abstract


@dataclass(frozen=True, slots=True)
class ExtractedEntity:
    """One entity as one paper names it.

    Attributes:
        key: what the paper and the lexicon alone know of it: type, folded name and, where the paper defines
            one, folded long form; equal keys are candidates for one thing, never proof.
        name: canonical name; unique within the paper.
        type: as this paper types it.
        named: True for a proper name, False for a common-noun term.
        relation: the paper's one relation to it.
        confidence: probability in [0, 1] that entity, type and relation are right.
        evidence: the sentence that decides the relation.
        mentions: every occurrence, in order of (field: title first, start).
        long_form: the long form that the paper writes beside an abbreviation, verbatim, else None.
        family: canonical name of the family it belongs to (`GPT` for GPT-4), else None.
        iri: the entity of the whole graph; None before resolution.
        resolved_by: the rule by which resolution gave it that IRI; None before resolution.
    """

    key: str
    name: str
    type: EntityType
    named: bool
    relation: Relation
    confidence: float
    evidence: Span
    mentions: tuple[Span, ...]
    long_form: str | None = None
    family: str | None = None
    iri: str | None = None
    resolved_by: str | None = None


@dataclass(frozen=True, slots=True)
class EntityRelation:
    """A relation between two entities of one paper, by their names in it."""

    subject: str
    predicate: EntityPredicate
    object: str
    confidence: float
    evidence: Span


@dataclass(frozen=True, slots=True)
class Result:
    """A number that a paper reports as an outcome; `system`, `on`, `metric` name entities of the paper.

    Attributes:
        value: the number as written, with its unit and hedge (`up to 5.4%`).
        number: the number alone; negative where the text says that it fell.
        unit: `%`, `x`, `points`, ... or the empty string.
    """

    value: str
    kind: ResultKind
    number: float
    unit: str
    mention: Span
    confidence: float
    system: str | None = None
    on: str | None = None
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to code, data, a project page or a demo.

    Attributes:
        url: as written, white space and all.
        normalized: as it should be: absolute, http(s), mirror hosts replaced, no trailing stop.
    """

    url: str
    normalized: str
    kind: LinkKind
    mention: Span


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a paper's text gave before resolution and decisions changed it.

    Attributes:
        entities: each with the IRI and the rule that resolution gave it; without where a person rejected it.
    """

    entities: tuple[ExtractedEntity, ...]
    entity_relations: tuple[EntityRelation, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one paper's text gives.

    Attributes:
        extracted: what it was before resolution, if that changed more than IRIs: so it can be undone.
    """

    paper: Paper
    entities: tuple[ExtractedEntity, ...] = ()
    entity_relations: tuple[EntityRelation, ...] = ()
    results: tuple[Result, ...] = ()
    links: tuple[Link, ...] = ()
    extracted: Extracted | None = None


@dataclass(frozen=True, slots=True, order=True)
class Skip:
    """Something in the input that was left out, or was used with a doubt: where, and why.

    Attributes:
        kind: `record` (left out), `field` (a part of a record that could not be used), `conflict` (two
            sources disagree; the first was kept), `file` (a file in a folder that no reader knows).
        number: for how many it stands, of which this is the last.
    """

    file: str
    line: int
    kind: Literal["record", "field", "conflict", "file"]
    reason: str
    number: int = 1


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name, the SHA-256 of its bytes, its format, the number of records in it."""

    name: str
    sha256: str
    format: str
    records: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How much was left out since its confidence was below what was asked for."""

    entities: int = 0
    relations: int = 0
    results: int = 0

    def __add__(self, other: LeftOut) -> LeftOut:
        return LeftOut(
            self.entities + other.entities, self.relations + other.relations, self.results + other.results
        )


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What reading the sources gave besides papers. All tuples are sorted.

    Attributes:
        left_out: what was found in the papers and not kept.
    """

    files: tuple[InputFile, ...] = ()
    skipped: tuple[Skip, ...] = ()
    listings: int = 0
    left_out: LeftOut = LeftOut()


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of the whole graph.

    Attributes:
        iri: its identity.
        name: canonical name; type: the commonest of its papers' types.
        spellings: every surface form with the number of its occurrences, most frequent first, then by text.
        family: canonical name of its family, or None.
        variant_of: IRI of the entity of which its name says that it is a version or a size, or None.
    """

    iri: str
    name: str
    type: EntityType
    named: bool
    spellings: tuple[tuple[str, int], ...]
    long_form: str | None = None
    family: str | None = None
    variant_of: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a person decided about a graph: a line of `NAME.decisions.tsv` (docs/decisions.md).

    Attributes:
        entity: the entity that it is about, by IRI or any spelling.
        to: what becomes of it: the entity that it is (merge), its new name (rename), `by type` or
            `by long-form` (split), its type (retype), the paper's relation to it (relate), its new IRI (moved).
        papers: ids of the papers that go apart (split), or of the one paper whose edge it is.
        note: why, for readers.
    """

    verb: Verb
    entity: str
    to: str = ""
    papers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision.

    Attributes:
        papers: number of papers in which it changed something; 0 if it does not apply, for the `reason`.
    """

    decision: Decision
    papers: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a graph was made: by what, from what, with which settings. No clock time: builds compare equal.

    Attributes:
        outcomes: the decisions made by hand, in their order.
        replaced: IRIs that gave way by decisions, each with the one that took its place, sorted.
        lexicon: the user's own lexicon, as its file has it; empty if there was none.
    """

    version: str
    extractor: str
    files: tuple[InputFile, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    skipped: tuple[Skip, ...] = ()
    listings: int = 0
    outcomes: tuple[Outcome, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    lexicon: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a graph holds, in numbers; every type, relation and predicate has its number, also 0.

    Attributes:
        resolved_by: for each rule of resolution, how many of the papers' entities it gave to theirs of the graph.
        skipped: of each kind of `Skip`.
    """

    papers: int
    listings: int
    entities: Mapping[EntityType, int]
    edges: Mapping[Relation, int]
    entity_edges: Mapping[EntityPredicate, int]
    mentions: int
    results: int
    links: int
    skipped: Mapping[str, int]
    resolved_by: Mapping[str, int] = field(default_factory=dict)
