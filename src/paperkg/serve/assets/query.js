// The page of the query editor: runs a query, shows its answer in three ways, keeps query and view in the address.

const VIEWS = { table: "Table", graph: "Graph", chart: "Chart" };
const MOST_DRAWN = 600; // papers and entities handed to the explorer
const DOWNLOADS = {
  rows: [["CSV", "text/csv", "csv"], ["TSV", "text/tab-separated-values", "tsv"], ["JSON", "application/sparql-results+json", "json"], ["XML", "application/sparql-results+xml", "xml"]],
  triples: [["Turtle", "text/turtle", "ttl"], ["N-Triples", "application/n-triples", "nt"], ["JSON-LD", "application/ld+json", "jsonld"], ["RDF/XML", "application/rdf+xml", "rdf"]],
};
const EXAMPLES = new Map(DATA.examples.map((one) => [one.name, one]));

const page = { answer: null, query: "", view: "table", running: null };

const ask = (query, accept, signal) => fetch("/sparql", {
  method: "POST", signal, headers: { "Content-Type": "application/sparql-query", Accept: accept }, body: query,
});

const editor = window.paperkgEditor.create(byId("editor"), {
  text: "",
  label: "SPARQL query. Control and Enter run it; Escape, then Tab leaves the editor.",
  terms: DATA.terms,
  prefixes: DATA.prefixes,
  run: () => run(true),
  changed: () => showExample(),
});

/** The example whose text stands in the editor, if one does. */
const presentExample = () => DATA.examples.find((one) => one.query === editor.text());

function showExample() {
  const now = presentExample();
  byId("explanation").textContent = now ? now.explanation : "";
  for (const link of document.querySelectorAll("[data-example]")) {
    if (link.dataset.example === now?.name) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Longest address that is kept: the server takes no much longer one. */
const LONGEST_ADDRESS = 16_000;

/** The address of a query and a view; an example is named by its name, and a query that is too long by nothing. */
function addressOf(query, view) {
  const example = DATA.examples.find((one) => one.query === query);
  const parts = new URLSearchParams(example ? { example: example.name } : { query });
  if (view !== "table") parts.set("view", view);
  return String(parts).length < LONGEST_ADDRESS ? `/query?${parts}` : "/query";
}

function status(text) {
  byId("status").textContent = text;
}

function showProblem(message) {
  const place = /^line (\d+), column (\d+): /.exec(message);
  byId("problem").hidden = false;
  byId("problem").textContent = message;
  if (place) editor.mark(Number(place[1]), Number(place[2]), message);
}

function clearProblem() {
  byId("problem").hidden = true;
  editor.unmark();
}

/** Runs what stands in the editor; `fresh` makes it a step of the history. */
async function run(fresh) {
  const query = editor.text();
  page.running?.abort();
  const running = new AbortController();
  page.running = running;
  clearProblem();
  status("Running …");
  byId("answer").setAttribute("aria-busy", "true");
  if (fresh && location.pathname + location.search !== addressOf(query, page.view)) history.pushState(null, "", addressOf(query, page.view));
  const since = performance.now();
  try {
    const response = await ask(query, "application/sparql-results+json, application/n-triples", running.signal);
    if (!response.ok) throw new Error((await response.text()).trim() || `The server answers with status ${response.status}`);
    const answer = await readAnswer(response);
    const seconds = (performance.now() - since) / 1000;
    page.answer = answer;
    page.query = query;
    showAnswer();
    status(`${"truth" in answer ? "answered" : plural(answer.rows.length, answer.triples ? "triple" : "row")} in ${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`);
    if (answer.rows) {
      await learn(answer.rows.flatMap((row) => Object.values(row)));
      if (page.answer === answer) showAnswer();
    }
  } catch (error) {
    if (error.name === "AbortError") return;
    status("");
    page.answer = null;
    byId("answer").hidden = true;
    showProblem(error instanceof TypeError ? "The server does not answer: is it still running?" : error.message);
  } finally {
    if (page.running === running) {
      byId("answer").removeAttribute("aria-busy");
      document.documentElement.dataset.ready = "yes";
    }
  }
}

/** The papers and entities of an answer, each once, as what follows the graph's base. */
function drawable(answer) {
  const found = new Set();
  for (const row of answer.rows || []) {
    for (const term of Object.values(row)) {
      const thing = thingOf(term);
      if (thing && ICONS[thing.kind]) found.add(thing.iri.slice(DATA.base.length));
    }
  }
  return [...found];
}

let frame = null;

function answerGraph(answer) {
  const all = drawable(answer);
  const hash = "#" + all.slice(0, MOST_DRAWN).map((id) => `show=${encodeURIComponent(id)}`).join("&");
  // one frame for the life of the page: a large graph is read once
  if (!frame) frame = el("iframe", { class: "explorer", title: "The explorer, opened on the answer", src: `/${hash}` });
  else frame.contentWindow?.location.replace(`/${hash}`);
  const more = all.length > MOST_DRAWN ? `The first ${MOST_DRAWN} of ${all.length.toLocaleString("en")} papers and entities. ` : "";
  return [el("p", { class: "faint" }, more, el("a", { href: `/${hash}` }, "Open in the explorer")), frame];
}

const BUILD = { table: answerTable, graph: answerGraph, chart: answerChart };

function possible(view, answer) {
  return view === "table" || (view === "graph" ? drawable(answer).length > 0 : chartColumns(answer) !== null);
}

function showAnswer() {
  const { answer } = page;
  byId("answer").hidden = false;
  const view = possible(page.view, answer) ? page.view : "table";
  const tabs = Object.entries(VIEWS).map(([name, text]) => el("button", {
    type: "button", role: "tab", id: `tab-${name}`, class: "tool", "aria-selected": String(name === view), "aria-controls": "view", tabindex: name === view ? "0" : "-1",
    disabled: !possible(name, answer), onclick: () => choose(name), onkeydown: nextTab,
  }, text));
  const held = document.activeElement?.getAttribute?.("role") === "tab";
  byId("tabs").replaceChildren(...tabs);
  if (held) byId(`tab-${view}`).focus();
  byId("view").setAttribute("aria-labelledby", `tab-${view}`);
  byId("view").className = `view as-${view}`;
  const kids = [BUILD[view](answer)].flat();
  // a frame that is taken out of the page and put back would load again
  if (view === "graph" && byId("view").contains(frame)) byId("view").firstChild.replaceWith(kids[0]);
  else byId("view").replaceChildren(...kids);
  showDownloads(answer);
}

function choose(view) {
  page.view = view;
  history.pushState(null, "", addressOf(page.query, view));
  showAnswer();
}

function nextTab(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const open = [...byId("tabs").children].filter((tab) => !tab.disabled);
  open[(open.indexOf(event.target) + step + open.length) % open.length].click();
}

function showDownloads(answer) {
  const kinds = answer.triples ? DOWNLOADS.triples : DOWNLOADS.rows;
  byId("downloads").replaceChildren(...kinds.map(([name, type, ending]) => el("button", { type: "button", class: "more", onclick: () => download(type, ending) }, name)));
}

async function download(type, ending) {
  const response = await ask(page.query, type);
  if (!response.ok) {
    showProblem((await response.text()).trim());
    return;
  }
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: `${presentExample()?.name || "answer"}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Shows what the address names: an example or a query, which is run; else the first example. */
function open() {
  const asked = new URLSearchParams(location.search);
  const example = EXAMPLES.get(asked.get("example")) || (asked.has("query") ? null : EXAMPLES.get(DATA.first) || DATA.examples[0]);
  page.view = Object.hasOwn(VIEWS, asked.get("view")) ? asked.get("view") : "table";
  editor.write(example ? example.query : asked.get("query"));
  showExample();
  return run(false);
}

document.addEventListener("click", (event) => {
  const name = event.target.closest?.("[data-example]")?.dataset.example;
  if (!name || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState(null, "", `/query?example=${encodeURIComponent(name)}`);
  open();
});
byId("run").addEventListener("click", () => run(true));
window.addEventListener("popstate", open);
open();
