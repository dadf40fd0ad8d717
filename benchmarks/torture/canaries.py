"""What is known to be wrong with the libraries below, each as a small question, and the same asked of the guard before it.

Each piece of Python runs in a limited process of its own with the port of a listener as its argument. It prints `yes` or `no`; one
that crashes or does not end says `yes` where `ends` is false. A request that the listener hears is a `yes` as well.
"""

from __future__ import annotations

from torture.canaries_of_texts import OF_TEXTS
from torture.canary import OWN_GRAPH, READ, Canary

_RDFLIB = """
import sys, rdflib, logging, warnings
warnings.simplefilter("ignore"); logging.disable(50)
out = f"http://127.0.0.1:{sys.argv[1]}/x"
def asked(query):
    try: list(rdflib.Dataset().query(query))
    except Exception: pass
    print("no")
"""
_OXIGRAPH = """
import sys, pyoxigraph as ox
out = f"http://127.0.0.1:{sys.argv[1]}/x"
"""
_REFUSED = """
import sys
from paperkg.query import Engine
from paperkg.errors import PaperkgError
out = f"http://127.0.0.1:{sys.argv[1]}/x"
def refused(query):
    try: Engine([]).run(query)
    except PaperkgError: return True
    return False
"""
_TERMS = """
import pyoxigraph as ox
from paperkg.rdf import terms, writers
def refused(text):
    try: terms.iri(text)
    except ValueError: return True
    return False
"""
_BOMB = """
parts = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 5))
bomb = f'<!DOCTYPE rdf:RDF [<!ENTITY l0 "lol">{parts}]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' \\
    '<rdf:Description rdf:about="urn:a"><p xmlns="urn:">&l4;</p></rdf:Description></rdf:RDF>'
"""
_ATOM = (
    READ
    + """
bomb = b'<!DOCTYPE feed [<!ENTITY l "lol">]><feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T &l;</title></entry></feed>'
print("no" if papers(bomb) else "yes")
"""
)
_QUICK = (
    READ
    + """
begun = time.process_time()
for text in ("<a " * 70_000, "<!--" * 50_000, "<![<![" * 30_000):
    papers(text.encode())
    papers(f'[{{"title": "T", "abstract": "{text}"}}]'.encode())
print("yes" if time.process_time() - begun < 5 else "no")
"""
)
_SLOW_HTML = """
import time
from html.parser import HTMLParser
def took(size):
    parser, begun = HTMLParser(), time.process_time()
    parser.feed({text!r} * size); parser.close()
    return time.process_time() - begun
print("yes" if took(6_000) > 3 * took(3_000) else "no")
"""
_OF_RDF = (
    Canary(
        "rdflib fetches what SERVICE names",
        _RDFLIB + 'asked(f"SELECT * {{ SERVICE <{out}> {{ ?s ?p ?o }} }}")',
        "query/scan.py",
        _REFUSED + 'print("yes" if refused(f"SELECT * {{ SERVICE <{out}> {{ ?s ?p ?o }} }}") else "no")',
    ),
    Canary(
        "rdflib fetches it inside EXISTS and when SERVICE is written with an escape",
        _RDFLIB
        + r'asked(f"SELECT * {{ BIND(1 AS ?x) FILTER EXISTS {{ \\u0053ERVICE <{out}> {{ ?s ?p ?o }} }} }}")',
        "query/scan.py",
        _REFUSED
        + r'print("yes" if refused(f"ASK {{ FILTER EXISTS {{ \\u0053ERVICE <{out}> {{ ?s ?p ?o }} }} }}") else "no")',
    ),
    Canary(
        "rdflib loads what FROM names",
        _RDFLIB + 'asked(f"SELECT * FROM <{out}> {{ ?s ?p ?o }}")',
        "query/scan.py",
        _REFUSED + 'print("yes" if refused(f"SELECT * FROM <{out}> {{ ?s ?p ?o }}") else "no")',
    ),
    Canary(
        "pyoxigraph asks what SERVICE SILENT names",
        _OXIGRAPH
        + """
try: list(ox.Store().query(f"SELECT * {{ SERVICE SILENT <{out}> {{ ?s ?p ?o }} }}"))
except Exception: pass
print("no")""",
        "query/scan.py",
        _REFUSED
        + 'print("yes" if refused(f"SELECT * {{ SERVICE SILENT <{out}> {{ ?s ?p ?o }} }}") else "no")',
    ),
    Canary(
        "pyoxigraph asks what LOAD names",
        _OXIGRAPH
        + """
try: ox.Store().update(f"LOAD <{out}>")
except Exception: pass
print("no")""",
        "query/scan.py",
        _REFUSED + 'print("yes" if refused(f"LOAD <{out}>") else "no")',
    ),
    Canary(
        "pyoxigraph asks SERVICE from any process that may open files",
        _OXIGRAPH
        + """
try: list(ox.Store().query(f"SELECT * {{ SERVICE <{out}> {{ ?s ?p ?o }} }}"))
except Exception: pass
print("no")""",
        "serve/worker.py",
        _OXIGRAPH
        + """
import resource
store = ox.Store()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
try: list(store.query(f"SELECT * {{ SERVICE <{out}> {{ ?s ?p ?o }} }}"))
except Exception: pass
print("yes")""",
    ),
    Canary(
        "rdflib fetches the contexts of JSON-LD",
        _RDFLIB
        + """
try: rdflib.Graph().parse(data='{"@context": "%s", "@id": "urn:a"}' % out, format="json-ld")
except Exception: pass
print("no")""",
        "sources/json_files.py",
        READ
        + """
out = f"http://127.0.0.1:{sys.argv[1]}/x"
found = papers(('{"@context": "%s", "title": "T", "abstract": "x"}' % out).encode())
print("yes" if found else "no")""",
    ),
    Canary(
        "rdflib expands the entities of RDF/XML",
        _RDFLIB
        + _BOMB
        + """
graph = rdflib.Graph().parse(data=bomb, format="xml")
print("yes" if any(len(str(o)) == 30_000 for _, _, o in graph) else "no")""",
        "sources/atom.py",
        _ATOM,
    ),
    Canary(
        "pyoxigraph expands the entities of RDF/XML",
        _OXIGRAPH
        + _BOMB
        + """
try: found = list(ox.parse(bomb.encode(), format=ox.RdfFormat.RDF_XML))
except SyntaxError: found = []
print("yes" if any(len(q.object.value) == 30_000 for q in found) else "no")""",
        "sources/atom.py",
        _ATOM,
    ),
    Canary(
        "HTMLParser is quadratic on `<a `",
        _SLOW_HTML.replace("{text!r}", "'<a '"),
        "sources/listing.py",
        _QUICK,
    ),
    Canary(
        "HTMLParser is quadratic on `<!--`",
        _SLOW_HTML.replace("{text!r}", "'<!--'"),
        "sources/listing.py",
        _QUICK,
    ),
    Canary(
        "HTMLParser raises AssertionError on `<![<![`",
        """
from html.parser import HTMLParser
try: HTMLParser().feed("<![<!["); print("no")
except AssertionError: print("yes")""",
        "sources/listing.py",
        _QUICK,
    ),
    Canary(
        "pyoxigraph overflows its stack on 2,197 `{`",
        """
import pyoxigraph as ox
try: ox.Store().query("SELECT * " + "{" * 2_197 + "}" * 2_197)
except SyntaxError: pass""",
        "query/scan.py",
        _REFUSED + 'print("yes" if refused("SELECT * " + "{" * 2_197 + "}" * 2_197) else "no")',
        ends=False,
    ),
    Canary(
        "pyoxigraph overflows its stack on triple terms nested in N-Triples",
        """
import pyoxigraph as ox
depth = 100_000
text = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * depth + "<urn:c>" + " )>>" * depth + " ."
try: list(ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES))
except SyntaxError: pass""",
        "query/scan.py",
        _REFUSED
        + 'print("yes" if refused("ASK { <urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 5_000 + "<urn:c>" + " )>>" * 5_000 + " }") else "no")',
        ends=False,
    ),
    Canary(
        "a query of pyoxigraph cannot be stopped by a signal",
        """
import signal, pyoxigraph as ox
def stop(*_): raise TimeoutError
signal.signal(signal.SIGALRM, stop); signal.alarm(1)
n = [ox.NamedNode(f"urn:{i}") for i in range(3000)]
store = ox.Store(); store.extend(ox.Quad(a, n[0], n[1]) for a in n)
try: list(store.query("SELECT (COUNT(*) AS ?c) { ?a ?p ?q . ?b ?r ?s . ?c ?t ?u . ?d ?v ?w . FILTER(?a != ?b) }"))
except TimeoutError: pass""",
        "serve/pool.py",
        "server: SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }",
        ends=False,
    ),
    Canary(
        "pyoxigraph aborts the process where memory ends",
        """
import resource, pyoxigraph as ox
store = ox.Store(); a = ox.NamedNode("urn:a")
store.extend(ox.Quad(ox.NamedNode(f"urn:{i}"), a, a) for i in range(2000))
resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))
try: list(store.query("SELECT DISTINCT ?a ?b ?c { ?a ?p ?q . ?b ?r ?s . ?c ?t ?u }"))
except Exception: pass""",
        "serve/worker.py",
        "server: SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?g",
        ends=False,
    ),
    Canary(
        "rdflib's parser of queries ends with RecursionError at 100 brackets",
        _RDFLIB
        + """
try: rdflib.Graph().query("SELECT * " + "{" * 100 + "}" * 100); print("no")
except RecursionError: print("yes")
except Exception: print("no")""",
        "query/engine.py",
        _REFUSED + 'print("no" if refused("SELECT * " + "{" * 90 + "}" * 90) else "yes")',
    ),
    Canary(
        "a regular expression in a query of rdflib never ends",
        _RDFLIB + """asked('SELECT * { FILTER(REGEX("%s", "^(a+)+$")) }' % ("a" * 40 + "!"))""",
        "query/engine.py",
        _REFUSED
        + """Engine([]).run('SELECT * { FILTER(REGEX("%s", "^(a+)+$")) }' % ("a" * 40 + "!")); print("yes")""",
        ends=False,
    ),
    Canary(
        "rdflib cannot write a chain of 1,000 blank nodes as Turtle",
        _RDFLIB
        + """
g, p = rdflib.Graph(), rdflib.URIRef("urn:p")
nodes = [rdflib.BNode() for _ in range(1000)]
for a, b in zip(nodes, nodes[1:]): g.add((a, p, b))
try: g.serialize(format="turtle"); print("no")
except RecursionError: print("yes")""",
        "rdf/writers.py",
        _TERMS
        + """
p, n = ox.NamedNode("urn:p"), [ox.BlankNode(f"b{i}") for i in range(5000)]
data = writers.turtle([ox.Triple(a, p, b) for a, b in zip(n, n[1:])])
print("yes" if sum(1 for _ in ox.parse(data, format=ox.RdfFormat.TURTLE)) == 4999 else "no")""",
    ),
    Canary(
        "rdflib writes an IRI with a line feed",
        _RDFLIB
        + """
g = rdflib.Graph(); a = rdflib.URIRef("urn:a\\nb"); g.add((a, a, a))
print("yes" if "urn:a\\nb" in g.serialize(format="nt") else "no")""",
        "rdf/terms.py",
        _TERMS
        + 'print("yes" if all(map(refused, ["urn:a\\nb", "urn:a\\tb", "urn:a\\0b", "http://a/%zz b", "a/b"])) else "no")',
    ),
    Canary(
        "rdflib writes a statement out of a datatype",
        _RDFLIB
        + """
g = rdflib.Graph(); a = rdflib.URIRef("urn:a")
g.add((a, a, rdflib.Literal("x", datatype=rdflib.URIRef("http://e/a> . <urn:inj> <urn:inj> <urn:inj"))))
print("yes" if "<urn:inj> <urn:inj> <urn:inj" in g.serialize(format="nt") else "no")""",
        "rdf/terms.py",
        _TERMS + 'print("yes" if refused("http://e/a> . <urn:inj> <urn:inj> <urn:inj") else "no")',
    ),
    Canary(
        "pyoxigraph drops a statement with a bad IRI in JSON-LD without a word",
        _OXIGRAPH
        + """
text = b'[{"@id": "urn:a", "urn:p": [{"@id": "http://e/a b"}, {"@id": "urn:c"}]}]'
try: print("yes" if sum(1 for _ in ox.parse(text, format=ox.RdfFormat.JSON_LD)) == 1 else "no")
except SyntaxError: print("no")""",
        "rdf/terms.py",
        _TERMS + 'print("yes" if refused("http://e/a b") else "no")',
    ),
    Canary(
        "pyoxigraph takes marks that reverse text, and `javascript:`, for IRIs",
        _OXIGRAPH
        + """
try: ox.NamedNode("http://e/\\u202ea"); ox.NamedNode("javascript:alert(1)"); print("yes")
except ValueError: print("no")""",
        "rdf/terms.py",
        _TERMS
        + 'print("yes" if refused("http://e/\\u202ea") and refused("javascript:alert(1)") and refused("http://e/\\u200b") else "no")',
    ),
    Canary(
        "rdflib writes `?` for half of a surrogate pair",
        _RDFLIB
        + """
g = rdflib.Graph(); a = rdflib.URIRef("urn:a"); g.add((a, a, rdflib.Literal("x\\ud800")))
try: print("yes" if b'"x?"' in g.serialize(format="turtle", encoding="utf-8") else "no")
except UnicodeEncodeError: print("no")""",
        "rdf/terms.py",
        _TERMS + 'print("yes" if terms.text("x\\ud800").value == "x\\ufffd" else "no")',
    ),
    Canary(
        "rdflib makes `1` of the literal `01`, a store of Oxigraph `1.5` of `1.50`",
        _RDFLIB
        + """
import pyoxigraph as ox
a, xsd = ox.NamedNode("urn:a"), "http://www.w3.org/2001/XMLSchema#"
store = ox.Store(); store.add(ox.Quad(a, a, ox.Literal("1.50", datatype=ox.NamedNode(xsd + "decimal"))))
one = str(rdflib.Literal("01", datatype=rdflib.URIRef(xsd + "integer")))
print("yes" if one == "1" or [q.object.value for q in store] == ["1.5"] else "no")""",
        "rdf/terms.py",
        _TERMS
        + 'print("yes" if [terms.decimal(1.50).value, terms.decimal(2.0).value, terms.integer(1).value] == ["1.5", "2", "1"] else "no")',
    ),
    Canary(
        "the RDF/XML of pyoxigraph cannot be read where a class does not end in a name of XML",
        _RDFLIB
        + """
import pyoxigraph as ox
made = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode(str(rdflib.RDF.type)), ox.NamedNode("http://e/.."))
try: rdflib.Graph().parse(data=ox.serialize([made], format=ox.RdfFormat.RDF_XML), format="xml"); print("no")
except Exception: print("yes")""",
        "rdf/writers.py",
        _TERMS
        + """
import rdflib
made = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode(str(rdflib.RDF.type)), ox.NamedNode("http://e/.."))
print("yes" if len(rdflib.Graph().parse(data=writers.rdfxml([made]), format="xml")) == 1 else "no")""",
    ),
    Canary(
        "rdflib and pyoxigraph read cut N-Triples without a word",
        _RDFLIB
        + """
import pyoxigraph as ox
text = "".join(f"<urn:{n}> <urn:p> <urn:o> .\\n" for n in range(9))[:26 * 5]
try: print("yes" if 0 < len(rdflib.Graph().parse(data=text, format="nt")) < 9 and len(list(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))) < 9 else "no")
except Exception: print("no")""",
        "export/manifest.py",
        OWN_GRAPH
        + """
import os, tempfile
from pathlib import Path
from paperkg.export import load, save
from paperkg.errors import GraphError
folder = Path(tempfile.mkdtemp()); save(kg, folder / "g")
file = folder / "g.papers.jsonl"; lines = file.read_bytes().splitlines(True); file.write_bytes(b"".join(lines[:-1]))
try: load(folder / "g"); print("no")
except GraphError: print("yes")""",
    ),
)

CANARIES = (*_OF_RDF, *OF_TEXTS)
"""All of them."""
