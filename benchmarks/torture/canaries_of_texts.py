"""The canaries of what reads texts, files and pages: see canaries.py."""

from __future__ import annotations

from torture.canary import OWN_GRAPH, READ, Canary

_NET = """
from pyvis.network import Network
net = Network({options})
net.add_node("<img src=x onerror=alert(1)>", label="a", title="<b onmouseover=alert(1)>href</b>")
page = net.generate_html()
"""
_PAGE = """
from paperkg.graph import KnowledgeGraph
from paperkg.html import render_pyvis
from paperkg.model import Extraction, Paper, Provenance
attack = '</script><img src=x onerror=alert(1) href="x">'
page = render_pyvis(KnowledgeGraph.from_extractions([Extraction(Paper("1", attack, attack))], Provenance("0", "e")))
print("yes" if "<img src=x" not in page and "Content-Security-Policy" in page else "no")
"""
_TOKENS = """
import spacy, time
nlp = spacy.blank("en")
def took(size):
    begun = time.process_time()
    nlp.make_doc({text!r} * size)
    return time.process_time() - begun
took(10)
print("yes" if took(4_000) > 3 * took(2_000) else "no")
"""
_OWN_TOKENS = """
import time
from paperkg.extraction import extract_papers
from paperkg.model import Paper
list(extract_papers([Paper("1", "A title", "We use BERT.")]))
begun = time.process_time()
papers = [Paper(str(n), "A title", sign * 1_100_000) for n, sign in enumerate(('"', "(", "'s", "word "))]
list(extract_papers(papers))
print("yes" if time.process_time() - begun < 8 else "no")
"""
_OWN_JSON = (
    READ
    + """
bad = ['{"title": "x", "a": ' + "[" * 100_000, '{"title": "x", "a": ' + "9" * 5_000 + "}", '{"title": "x", "a": NaN}',
       '{"title": "\\\\ud800"}']
good = '{"title": "A good one", "abstract": "x"}'
found = papers(("\\ufeff" + "\\n".join([good, *bad, good.replace("A", "Another")])).encode())
print("yes" if {"A good one", "Another good one"} == {p.title for p in found} else "no")
"""
)
_SEEDED = """
import subprocess, sys, os
def of(code, seed):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed})
    return done.stdout
"""
OF_TEXTS = (
    Canary(
        "a script in the heading of a pyvis page runs",
        _NET.replace("{options}", 'heading="<script>alert(1)</script>"')
        + 'print("yes" if "<script>alert(1)</script>" in page else "no")',
        "html/plain.py",
        _PAGE,
    ),
    Canary(
        "a title with `href` is HTML in a pyvis page",
        _NET.replace("{options}", "") + 'print("yes" if "href" in page and "innerHTML" in page else "no")',
        "html/plain.py",
        _PAGE,
    ),
    Canary(
        "the id of a node is HTML in the menu of a pyvis page",
        _NET.replace("{options}", "select_menu=True")
        + 'print("yes" if \'<option value="<img src=x onerror=alert(1)>\' in page else "no")',
        "html/plain.py",
        _PAGE,
    ),
    Canary(
        'the tokenizer of spaCy is quadratic on `"`',
        _TOKENS.replace("{text!r}", repr('"')),
        "extraction/tokenizer.py",
        _OWN_TOKENS,
    ),
    Canary(
        "the tokenizer of spaCy is quadratic on `(`",
        _TOKENS.replace("{text!r}", repr("(")),
        "extraction/tokenizer.py",
        _OWN_TOKENS,
    ),
    Canary(
        "spaCy refuses texts of more than 1,000,000 characters",
        """
import spacy
nlp = spacy.blank("en")
try: nlp("a " * 500_001); print("no")
except ValueError: print("yes")""",
        "text/extent.py",
        _OWN_TOKENS,
    ),
    Canary(
        "spaCy keeps every word that it has seen",
        """
import spacy
nlp = spacy.blank("en"); before = len(nlp.vocab.strings)
for n in range(1_000): nlp(f"neverseen{n}")
print("yes" if len(nlp.vocab.strings) - before >= 1_000 else "no")""",
        "extraction/accurate.py",
        """
from paperkg.extraction.accurate import AccurateReader
from paperkg.model import Paper
reader = AccurateReader(None, threads=1)
def read(start):
    list(reader([Paper(str(n), "A title", f"We use neverseen{n} here.") for n in range(start, start + 200)]))
    return len(reader._nlp.vocab.strings)
before = read(0)
print("yes" if read(1_000) - before < 20 else "no")""",
    ),
    Canary(
        "json ends with RecursionError, ValueError at 4,300 digits, and takes NaN and half a surrogate pair",
        """
import json
bad = 0
for text, error in (("[" * 100_000, RecursionError), ("9" * 5_000, ValueError), ("\\ufeff1", ValueError)):
    try: json.loads(text)
    except error: bad += 1
print("yes" if bad == 3 and json.loads("NaN") != 1 and json.loads('"\\\\ud800"') == "\\ud800" else "no")""",
        "sources/json_values.py",
        _OWN_JSON,
    ),
    Canary(
        "what rdflib writes depends on PYTHONHASHSEED",
        _SEEDED
        + """
code = "import rdflib\\ng = rdflib.Graph()\\nfor n in range(50): g.add((rdflib.URIRef(f'urn:{n}'),) * 3)\\nprint(g.serialize(format='nt'))"
print("yes" if of(code, "1") != of(code, "2") else "no")""",
        "rdf/writers.py",
        _SEEDED
        + f"""
code = {OWN_GRAPH!r} + "from paperkg.export import render, FORMATS\\nprint([render(kg, f) for f in FORMATS])"
print("yes" if of(code, "1") == of(code, "2") != b"" else "no")""",
    ),
    Canary(
        "the layouts of networkx depend on chance",
        """
import networkx as nx
g = nx.path_graph(20)
one, two = nx.spring_layout(g), nx.spring_layout(g)
print("yes" if any((one[n] != two[n]).any() for n in g) else "no")""",
        "html/layout.py",
        OWN_GRAPH
        + """
from paperkg.export import render
print("yes" if render(kg, "html") == render(kg, "html") else "no")""",
    ),
    Canary(
        "glob follows links out of a folder",
        """
import glob, os, tempfile
top = tempfile.mkdtemp(); inside, outside = os.path.join(top, "in"), os.path.join(top, "out")
os.mkdir(inside); os.mkdir(outside); open(os.path.join(outside, "secret"), "w").close(); os.symlink(outside, os.path.join(inside, "link"))
print("yes" if any(p.endswith("secret") for p in glob.glob(inside + "/**", recursive=True)) else "no")""",
        "sources/files.py",
        """
import os, tempfile
from paperkg.sources import read_papers
top = tempfile.mkdtemp(); inside, outside = os.path.join(top, "in"), os.path.join(top, "out")
os.mkdir(inside); os.mkdir(outside); os.symlink(outside, os.path.join(inside, "link"))
for place, name in ((outside, "secret"), (inside, "good")):
    with open(os.path.join(place, "a.jsonl"), "w") as file: file.write('{"title": "%s", "abstract": "x"}' % name)
print("yes" if [p.title for p in read_papers([inside])[0]] == ["good"] else "no")""",
    ),
    Canary(
        "a pipe among the files blocks for ever",
        """
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "pipe"); os.mkfifo(path); open(path).read()""",
        "sources/files.py",
        """
import os, tempfile
from paperkg.sources import read_papers
top = tempfile.mkdtemp(); os.mkfifo(os.path.join(top, "pipe"))
with open(os.path.join(top, "a.jsonl"), "w") as file: file.write('{"title": "good", "abstract": "x"}')
print("yes" if [p.title for p in read_papers([top])[0]] == ["good"] else "no")""",
        ends=False,
    ),
    Canary(
        "10 MB of gzip become 10 GB",
        """
import gzip
small = gzip.compress(gzip.compress(bytes(10_000_000)))
print("yes" if len(gzip.decompress(gzip.decompress(small))) == 10_000_000 and len(small) < 10_000 else "no")""",
        "sources/packed.py",
        READ
        + """
import gzip
from torture.frame import peak_memory
before = peak_memory()
found = papers(gzip.compress(bytes(300_000_000), 1))
print("yes" if not found and peak_memory() - before < 150_000_000 else "no")""",
    ),
)
