// An answer: read from what the endpoint sends, and shown as a table.

/**
 * Triples of N-Triples as rows of terms, as SPARQL's JSON writes them.
 * @param {string} text as the server writes it: one triple a line, no comments.
 */
function readTriples(text) {
  const term = /<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:\^\^<([^>]*)>|@([\w-]+))?|(_:\S+)/g;
  const plain = (raw) => raw.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, sign) =>
    four || eight ? String.fromCodePoint(parseInt(four || eight, 16)) : { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[sign] || sign);
  return text.split("\n").filter(Boolean).map((line) => {
    const terms = [...line.matchAll(term)].map(([, iri, literal, datatype, lang, blank]) =>
      iri !== undefined ? { type: "uri", value: plain(iri) } : blank ? { type: "bnode", value: blank } : { type: "literal", value: plain(literal), ...(datatype && { datatype }), ...(lang && { "xml:lang": lang }) });
    return { subject: terms[0], property: terms[1], value: terms[2] };
  });
}

/** An answer as `{columns, rows}` or `{truth}`, with `triples` true for those of CONSTRUCT and DESCRIBE. */
async function readAnswer(response) {
  const kind = (response.headers.get("Content-Type") || "").split(";")[0];
  if (kind === "application/n-triples") return { columns: ["subject", "property", "value"], rows: readTriples(await response.text()), triples: true };
  const found = await response.json();
  if (typeof found.boolean === "boolean") return { truth: found.boolean };
  return { columns: found.head.vars, rows: found.results.bindings, triples: false };
}

const ICONS = JSON.parse(byId("outlines").textContent);

function icon(kind) {
  if (!ICONS[kind]) return null;
  return svg("svg", { viewBox: "-1.45 -1.45 2.9 2.9", width: 14, height: 14, class: `icon k-${kind}`, "aria-hidden": "true" }, svg("path", { d: ICONS[kind] }));
}

function thingLink(thing, text) {
  return el("a", { href: pathOf(thing.iri), class: `node k-${thing.kind}` }, icon(thing.kind), el("span", null, text));
}

/** A term as a reader wants it: names for IRIs, links to the pages of papers and entities. */
function cell(term) {
  if (!term) return "";
  const thing = thingOf(term);
  if (thing) return thingLink(thing, term.type === "uri" ? thing.name : term.value);
  if (term.type === "uri") {
    const path = pathOf(term.value);
    if (path) return el("a", { href: path }, compact(term.value));
    return outward(term.value, compact(term.value));
  }
  if (isNumber(term) && !/gYear$/.test(term.datatype)) return term.value;
  return el("span", { class: "text", lang: term["xml:lang"] || null }, term.value);
}

function sortKey(term) {
  if (!term) return "";
  if (isNumber(term)) return Number(term.value);
  return thingOf(term)?.name || (term.type === "uri" ? compact(term.value) : term.value);
}

/** The answer as a table, in the order in which it came. */
function answerTable(answer) {
  if ("truth" in answer) return el("p", { class: "truth" }, answer.truth ? "Yes" : "No");
  if (!answer.rows.length) return el("p", { class: "none" }, "No rows: the query is answered, and nothing fits it.");
  const columns = answer.columns.map((name) => {
    const values = answer.rows.map((row) => row[name]).filter(Boolean);
    return { head: name, cell: (row) => cell(row[name]), key: (row) => sortKey(row[name]), number: values.length > 0 && values.every(isNumber) };
  });
  return sortTable("Answer of the query", columns, answer.rows, { by: null, few: 200 });
}
