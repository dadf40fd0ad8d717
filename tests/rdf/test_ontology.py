"""The ontology, the Python types and the SHACL shapes say the same."""

from __future__ import annotations

from typing import Any, get_args

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from paperkg import model
from paperkg.rdf import namespaces, quads
from paperkg.rdf.knowledge import CLASSES
from paperkg.rdf.namespaces import PKG, PREFIXES
from paperkg.rdf.validate import shipped

FOREIGN = (
    namespaces.FABIO,
    namespaces.MLS,
    namespaces.FAIR4ML,
    namespaces.IT6,
    namespaces.LPWC,
    namespaces.LPWCP,
    namespaces.CSKG,
    namespaces.SKOSXL,
    namespaces.OA,
    namespaces.SCHEMA,
)


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
    assert used - known - {"AnnotationShape", "TargetShape", "PositionShape", "QuoteShape"} == set()


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
            if not allowed or allowed == {OWL.Class}:
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


def test_foreign_terms_are_known(ontology: rdflib.Graph) -> None:
    """No foreign IRI in the ontology that its closed namespace does not list."""
    for triple in ontology:
        for node in triple:
            for space in FOREIGN:
                if isinstance(node, rdflib.URIRef) and node.startswith(str(space)):
                    assert node == space[node.removeprefix(str(space))]
