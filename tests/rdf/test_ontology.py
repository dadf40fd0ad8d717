"""The ontology, the Python types and the SHACL shapes say the same."""

from __future__ import annotations

import html.parser
from pathlib import Path
from typing import Any, get_args

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD

from paperkg import model
from paperkg.rdf import namespaces, quads
from paperkg.rdf.knowledge import CLASSES
from paperkg.rdf.namespaces import PKG, PREFIXES
from paperkg.rdf.ontology import ontology_page
from paperkg.rdf.shipped import shipped

SHIPPED = {
    str(space): space for space in (DCAT, DCTERMS, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, VOID, XSD)
}
"""Published namespaces that rdflib ships as closed lists of their terms."""
ELSEWHERE = dict(
    line.split("\t")
    for line in (Path(__file__).parent / "foreign_terms.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
"""Terms of others by IRI, with the package in which each was found defined, or `unchecked`."""
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shipped("ontology.ttl"), format="turtle")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(data=shipped("shapes.ttl"), format="turtle")


def own(nodes: Any) -> set[str]:
    return {str(node).removeprefix(str(PKG)) for node in nodes if str(node).startswith(str(PKG))}


def properties(ontology: rdflib.Graph) -> set[str]:
    return own(
        [*ontology.subjects(RDF.type, OWL.ObjectProperty), *ontology.subjects(RDF.type, OWL.DatatypeProperty)]
    )


def test_the_namespace_is_the_ontology(ontology: rdflib.Graph) -> None:
    listed = {name for name in vars(PKG)["__annotations__"] if not name.startswith("_")}
    assert listed == own(ontology.subjects(RDFS.isDefinedBy, None))
    assert listed == own(ontology.subjects(RDF.type, OWL.Class)) | properties(ontology)


def test_every_term_is_explained(ontology: rdflib.Graph) -> None:
    for term in ontology.subjects(RDFS.isDefinedBy, None):
        assert len(list(ontology.objects(term, RDFS.label))) == 1
        assert len(list(ontology.objects(term, SKOS.definition))) == 1
    assert list(ontology.objects(None, OWL.versionInfo))


def test_types_and_relations_are_those_of_the_model(ontology: rdflib.Graph, shapes: rdflib.Graph) -> None:
    below = own(ontology.transitive_subjects(RDFS.subClassOf, PKG.Entity)) - {"Entity"}
    assert below == set(model.ENTITY_TYPES)
    assert own(ontology.subjects(RDFS.subPropertyOf, PKG.mentions)) | {"mentions"} == set(model.RELATIONS)
    assert {str(p) for p in model.ENTITY_PREDICATES} <= properties(ontology)
    assert in_list(shapes, "StatementShape", RDF.predicate) == {*model.RELATIONS, *model.ENTITY_PREDICATES}
    assert in_list(shapes, "EntityShape", PKG.type) == set(model.ENTITY_TYPES)
    assert in_list(shapes, "StatementShape", PKG.type_in_paper) == set(model.ENTITY_TYPES)
    assert in_list(shapes, "LinkShape", PKG.kind) == set(model.LINK_KINDS)
    assert in_list(shapes, "ResultShape", PKG.kind) == set(get_args(model.ResultKind))
    assert in_list(shapes, "StoredTextShape", PKG.field) == set(get_args(model.Field))


def in_list(shapes: rdflib.Graph, shape: str, path: rdflib.URIRef) -> set[str]:
    """What `sh:in` of a shape's property allows."""
    for prop in shapes.objects(rdflib.URIRef(str(PKG) + shape), SH.property):
        if shapes.value(prop, SH.path) == path:
            members = Collection(shapes, shapes.value(prop, SH["in"]))  # type: ignore[arg-type]
            return {str(member).removeprefix(str(PKG)) for member in members}
    raise KeyError(path)


def test_the_shapes_know_every_class_and_no_other_term(ontology: rdflib.Graph, shapes: rdflib.Graph) -> None:
    classes = own(ontology.subjects(RDF.type, OWL.Class))
    targets = own(shapes.objects(None, SH.targetClass))
    # entities without a constraint of their own are held by the shape of Entity
    assert classes - targets == {"Method", "Model", "Dataset", "Task"}
    known = classes | properties(ontology) | {f"{name}Shape" for name in targets}
    used = own(node for triple in shapes for node in triple)
    of_others = {"Annotation", "Described", "Linkset", "Person", "Position", "Quote", "Software", "Target"}
    assert used - known == {f"{name}Shape" for name in of_others}


def test_the_data_use_the_ontology(ontology: rdflib.Graph, small_graph: Any) -> None:
    all_quads = quads(small_graph)
    predicates = own(quad.predicate.value for quad in all_quads)
    assert predicates <= properties(ontology)
    # all of it is used in the small graph but what it has no case for
    assert properties(ontology) - predicates == {"long_form"}


def test_the_data_state_super_classes(ontology: rdflib.Graph, small_graph: Any) -> None:
    store = ox.Store()
    store.extend(quads(small_graph))
    for class_ in ontology.subjects(RDFS.isDefinedBy, None):
        for above in ontology.transitive_objects(class_, RDFS.subClassOf):
            query = f"ASK {{ ?x a <{class_}> FILTER NOT EXISTS {{ ?x a <{above}> }} }}"
            assert not store.query(query, use_default_graph_as_union=True), (class_, above)
    for type_, classes in CLASSES.items():
        assert set(classes) == set(ontology.transitive_objects(PKG[type_], RDFS.subClassOf))


def test_domains_and_ranges_hold(ontology: rdflib.Graph, small_graph: Any) -> None:
    store = ox.Store()
    store.extend(quads(small_graph))
    for name in properties(ontology):
        for side, variable in ((RDFS.domain, "?s"), (RDFS.range, "?o")):
            allowed = members(ontology, ontology.value(PKG[name], side))
            if allowed in ({OWL.Class}, {RDFS.Resource}):
                continue
            listed = " ".join(f"<{a}>" for a in allowed)
            if all(str(a).startswith(PREFIXES["xsd"]) for a in allowed):
                wrong = f"FILTER(DATATYPE({variable}) NOT IN ({listed.replace(' ', ', ')}))"
            else:
                wrong = f"FILTER NOT EXISTS {{ VALUES ?t {{ {listed} }} {variable} a ?t }}"
            query = f"SELECT * {{ ?s <{PKG[name]}> ?o {wrong} }}"
            found = store.query(query, use_default_graph_as_union=True)
            assert [str(row) for row in found] == [], name  # type: ignore[union-attr]


def members(ontology: rdflib.Graph, node: Any) -> set[rdflib.term.Node]:
    if node is None:
        return set()
    union = ontology.value(node, OWL.unionOf)
    return {node} if union is None else set(Collection(ontology, union))


def namespace_of(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def foreign_terms(*graphs: rdflib.Graph) -> set[str]:
    """All terms of others that ontology, shapes and code use."""
    used = {str(node) for graph in graphs for triple in graph for node in triple if is_term(node)}
    for space in vars(namespaces).values():
        if isinstance(space, type) and space.__module__ == namespaces.__name__ and space is not PKG:
            used |= {str(space[name]) for name in vars(space)["__annotations__"] if not name.startswith("_")}
    return used


def is_term(node: Any) -> bool:
    own_or_data = ("https://w3id.org/paperkg/", "https://spdx.org/licenses/")
    return isinstance(node, rdflib.URIRef) and not str(node).startswith(own_or_data)


def test_every_foreign_term_is_published(ontology: rdflib.Graph, shapes: rdflib.Graph) -> None:
    """It is in the list that rdflib ships of its namespace, or in ours of the sources that were looked at."""
    for iri in foreign_terms(ontology, shapes):
        space = SHIPPED.get(namespace_of(iri))
        if space is None:
            assert iri in ELSEWHERE, iri
        else:
            assert iri.removeprefix(str(space)) in published(space), iri


def published(space: Any) -> set[str]:
    return set(vars(space)["__annotations__"]) | set(vars(space).get("_extras", ()))


def test_terms_whose_source_could_not_be_had_are_only_aligned_with(
    ontology: rdflib.Graph, shapes: rdflib.Graph, small_graph: Any
) -> None:
    """A mistake in one of them would be in a mapping, not in the data; the docs name each."""
    unchecked = {iri for iri, source in ELSEWHERE.items() if source == "unchecked"}
    assert unchecked <= foreign_terms(ontology, shapes)
    in_data = {
        term.value for quad in quads(small_graph) for term in quad if isinstance(term, ox.NamedNode)
    } & unchecked
    assert in_data == {"http://purl.org/spar/fabio/hasArXivId"}
    assert {str(s) for s, _, o in ontology if str(o) in unchecked} <= {
        str(PKG[name]) for name in own(ontology.subjects(RDFS.isDefinedBy, None))
    }
    said = (DOCS / "ontology.md").read_text("utf-8")
    for iri in unchecked:
        space = namespace_of(iri)
        assert f"{PREFIXES_OF_OTHERS[space]}:{iri.removeprefix(space)}" in said, iri


PREFIXES_OF_OTHERS = {
    "http://purl.org/spar/fabio/": "fabio",
    "http://www.w3.org/ns/mls#": "mls",
    "https://w3id.org/fair4ml#": "fair4ml",
    "http://data.europa.eu/it6/": "it6",
    "https://linkedpaperswithcode.com/class/": "lpwc",
    "https://linkedpaperswithcode.com/property/": "lpwcp",
    "https://w3id.org/cskg/ontology#": "cskg",
}


def test_the_version_is_one(ontology: rdflib.Graph) -> None:
    (about,) = ontology.subjects(RDF.type, OWL.Ontology)
    version = str(ontology.value(about, OWL.versionInfo))
    assert str(ontology.value(about, OWL.versionIRI)) == f"{about}/{version}"
    assert f"version {version}" in (DOCS / "ontology.md").read_text("utf-8")


def test_every_example_is_turtle_that_uses_its_term(ontology: rdflib.Graph) -> None:
    base = "https://w3id.org/paperkg/id/"
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    for term in ontology.subjects(RDFS.isDefinedBy, None):
        (example,) = ontology.objects(term, SKOS.example)
        said = rdflib.Graph().parse(data=f"BASE <{base}>\n{head}{example}", format="turtle")
        assert term in {*said.predicates(), *said.objects(None, RDF.type)}, term
        assert own(said.predicates()) <= properties(ontology)


def test_domain_and_range_are_given_for_every_property(ontology: rdflib.Graph) -> None:
    for name in properties(ontology):
        assert members(ontology, ontology.value(PKG[name], RDFS.domain)), name
        assert members(ontology, ontology.value(PKG[name], RDFS.range)), name


# --- the page


def test_the_page_has_every_term_and_no_script(ontology: rdflib.Graph) -> None:
    page = html.parser.HTMLParser()
    seen: list[tuple[str, dict[str, str | None]]] = []
    page.handle_starttag = lambda tag, attrs: seen.append((tag, dict(attrs)))  # type: ignore[method-assign]
    page.feed(ontology_page())
    ids = [attrs["id"] for tag, attrs in seen if tag == "section"]
    assert len(ids) == len(set(ids))
    assert set(ids) == own(ontology.subjects(RDFS.isDefinedBy, None))
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in seen}
    all_ids = {attrs["id"] for _, attrs in seen if "id" in attrs}
    targets = [attrs["href"] or "" for tag, attrs in seen if tag == "a"]
    assert {target[1:] for target in targets if target.startswith("#")} <= all_ids
    assert all(target.startswith(("#", "http://", "https://")) for target in targets)


def test_the_page_in_the_docs_is_this_one() -> None:
    """`make docs` writes it anew."""
    assert (DOCS / "ontology.html").read_text("utf-8") == ontology_page()


def test_text_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shipped("ontology.ttl").replace("A scholarly paper", "</p><script>alert(1)</script>&amp;")
    texts = {"ontology.ttl": real, "ontology.html": shipped("ontology.html")}
    monkeypatch.setattr("paperkg.rdf.ontology.shipped", texts.__getitem__)
    assert "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;" in ontology_page()
