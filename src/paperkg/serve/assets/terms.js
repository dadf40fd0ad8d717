// The terms of an answer: short forms, and the pages of this server to which they lead.

const DATA = JSON.parse(byId("data").textContent);
const ROOT = "/id/";
const ONTOLOGY = DATA.prefixes.pkg;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "gYear"].map((name) => XSD + name));

/** An IRI as `pkg:uses` where a prefix fits, without the graph's base where it has one, else whole. */
function compact(iri) {
  if (iri.startsWith(DATA.base)) return decoded(iri.slice(DATA.base.length));
  for (const [prefix, namespace] of Object.entries(DATA.prefixes)) {
    if (iri.startsWith(namespace) && /^[\w-]+$/.test(iri.slice(namespace.length))) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  return iri;
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The address on this server of an IRI, or null for one of another place. */
function pathOf(iri) {
  if (iri.startsWith(DATA.base)) return ROOT + iri.slice(DATA.base.length);
  if (iri.startsWith(ONTOLOGY)) return `/ontology#${iri.slice(ONTOLOGY.length)}`;
  return null;
}

const isNumber = (term) => term?.type === "literal" && NUMBERS.has(term.datatype) && Number.isFinite(Number(term.value));

/** What is known of IRIs and of texts: `{iri, name, kind}` by IRI, and by a text that names one thing alone. */
const known = { iris: new Map(), texts: new Map() };

const LONGEST = 400; // characters of a text that may be a name or a title
const AT_ONCE = 400; // terms in one question, which must stay below the server's limit on the size of a query

function quoted(text) {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => c);
}

/** Asks the endpoint what some IRIs are called, and which texts are the name or the title of something. */
async function learn(terms) {
  const iris = new Set();
  const texts = new Set();
  for (const term of terms) {
    if (term.type === "uri" && term.value.startsWith(DATA.base) && !known.iris.has(term.value) && !/[<>"{}|^`\\\s']/.test(term.value)) iris.add(term.value);
    else if (term.type === "literal" && !term.datatype && term.value && term.value.length <= LONGEST && !known.texts.has(term.value)) texts.add(term.value);
  }
  const rest = "OPTIONAL { ?iri pkg:type ?type }";
  const byIri = (some) => `SELECT DISTINCT ?iri ?name ?type { VALUES ?iri { ${some.map((iri) => `<${iri}>`).join(" ")} } { ?iri skos:prefLabel ?name } UNION { ?iri dct:title ?name } ${rest} }`;
  const byText = (some) => `SELECT DISTINCT ?iri ?name ?type { VALUES ?name { ${some.map(quoted).join(" ")} } { ?iri skos:prefLabel ?name } UNION { ?iri dct:title ?name } ${rest} }`;
  const jobs = [...parts([...iris], byIri), ...parts([...texts], byText)];
  for (const text of texts) known.texts.set(text, null);
  for (const query of jobs) {
    const answer = await fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: "application/sparql-results+json" }, body: query });
    if (!answer.ok) return;
    for (const row of (await answer.json()).results.bindings) take(row, texts);
  }
}

function* parts(terms, question) {
  for (let i = 0; i < Math.min(terms.length, 10 * AT_ONCE); i += AT_ONCE) yield question(terms.slice(i, i + AT_ONCE));
}

function take(row, texts) {
  const { value: iri } = row.iri;
  const path = iri.slice(DATA.base.length);
  const kind = row.type ? row.type.value.slice(ONTOLOGY.length).toLowerCase() : path.split("/")[0];
  const thing = { iri, name: row.name.value, kind };
  if (!known.iris.has(iri)) known.iris.set(iri, thing);
  if (!texts.has(thing.name)) return;
  const before = known.texts.get(thing.name);
  // one name of two things leads to neither; that of a family and its first member leads to the member
  if (!before || before.kind === "family") known.texts.set(thing.name, thing);
  else if (kind !== "family" && before.iri !== iri) known.texts.set(thing.name, { name: thing.name, kind: "several" });
}

/** The paper or entity that a term is, or names; null if it is none. */
function thingOf(term) {
  const found = term?.type === "uri" ? known.iris.get(term.value) : term?.type === "literal" && !term.datatype ? known.texts.get(term.value) : null;
  return found?.iri ? found : null;
}
