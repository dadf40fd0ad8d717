// Tables beside the picture: everything that it shows can be read here too.

const nameKey = (e) => ENTITIES.name[e];

function roleCount(e, ...roles) {
  const wanted = roles.map((role) => RELATIONS.indexOf(role));
  return papersOf(e).filter(([p, k]) => wanted.includes(linkAt(p, k).relation)).length;
}

const entityColumn = (head) => ({ head, cell: (row) => nodeLink(`e${row.e}`), key: (row) => nameKey(row.e) });
const numberColumn = (head, key) => ({ head, number: true, cell: (row) => (row[key] || "–").toLocaleString("en"), key: (row) => row[key], text: (row) => String(row[key]) });
const familyColumn = { head: "Family", cell: (row) => (facts().families[row.e] ? familyLink(facts().families[row.e]) : "–"), key: (row) => facts().families[row.e] || "" };

function ofTypes(...types) {
  const wanted = types.map((type) => TYPES.indexOf(type));
  return Array.from({ length: ENTITY_COUNT }, (_, e) => e).filter((e) => wanted.includes(ENTITIES.type[e]) && passes(`e${e}`));
}

const typeColumn = { head: "Type", cell: (row) => kindName(`e${row.e}`), key: (row) => ENTITIES.type[row.e] };
const paperColumn = { head: "Paper", cell: (row) => nodeLink(`p${row.p}`, PAPERS.label[row.p]), key: (row) => PAPERS.title[row.p], text: (row) => PAPERS.title[row.p] };
const dateColumn = { head: "Date", cell: (row) => el("span", { class: "whole" }, dateText(PAPERS.date[row.p]) || "–"), key: (row) => PAPERS.date[row.p], text: (row) => PAPERS.date[row.p] };

const organisationColumn = { head: "Organisation", cell: (row) => facts().organisations[row.p]?.join(", ") || "–", key: (row) => facts().organisations[row.p]?.join(", ") || "" };
const linksColumn = {
  head: "Links",
  cell: (row) => el("span", { class: "outs" }, linksOut(row.p).map(([url, kind]) => outward(url, LINK_NAMES[kind] || "Link"))),
  key: (row) => -linksOut(row.p).length,
  text: (row) => linksOut(row.p).map(([url]) => url).join(" "),
};

/** How many results are reported on each entity by papers that pass. */
function resultCounts() {
  const counts = new Map();
  for (const [p, , on] of facts().results) if (on !== null && passing.papers[p]) counts.set(on, (counts.get(on) || 0) + 1);
  return counts;
}

/** Results, all or those on the benchmark that is chosen. */
function resultsOn() {
  const counts = [...resultCounts()].sort((a, b) => b[1] - a[1] || collator.compare(nameKey(a[0]), nameKey(b[0])));
  const on = state.on && counts.some(([e]) => `e${e}` === state.on) ? numberOf(state.on) : null;
  const shown = facts().results.filter((row) => passing.papers[row[0]] && (on === null || row[2] === on));
  const pick = el("select", { onchange: () => {
    go(address({ view: "tables", table: "results", on: pick.value }));
  } }, el("option", { value: "" }, "everything"), counts.map(([e, n]) => el("option", { value: ENTITIES.id[e], selected: e === on }, `${nameKey(e)} (${n})`)));
  const table = resultTable(shown, { sure: true, ...(on === null ? {} : { hide: "on", by: "value" }) });
  return [el("label", { class: "pick" }, "Results on", pick), table];
}

/** Each table: its name, and a function that builds it. */
const TABLES = {
  benchmarks: ["Benchmarks", () => sortTable("Benchmarks and datasets by use", [
    entityColumn("Name"), typeColumn, numberColumn("Evaluate on it", "on"), numberColumn("Introduce it", "by"), numberColumn("Name it", "all"),
    { head: "Results", number: true, key: (row) => row.results, cell: (row) => (row.results ? el("a", { href: address({ view: "tables", table: "results", on: ENTITIES.id[row.e] }) }, row.results) : "–") },
  ], ofTypes("Benchmark", "Dataset").map((e) => ({ e, on: roleCount(e, "evaluates_on"), by: roleCount(e, "introduces"), all: passing.entities[e], results: resultCounts().get(e) || 0 })), { by: 2, down: true })],
  results: ["Results", resultsOn],
  models: ["Models", () => sortTable("Models by number of papers that test or compare with them", [
    entityColumn("Model"), familyColumn, numberColumn("Compare with it", "tested"), numberColumn("Use it", "used"), numberColumn("Name it", "all"),
  ], ofTypes("Model").map((e) => ({ e, tested: roleCount(e, "compares_with"), used: roleCount(e, "uses"), all: passing.entities[e] })), { by: 2, down: true })],
  families: ["Families", () => familyTable()],
  introduced: ["Introduced", () => {
    const rows = [];
    for (let p = 0; p < PAPER_COUNT; p++) {
      if (!passing.papers[p]) continue;
      for (const k of linksOf(p)) if (RELATIONS[linkAt(p, k).relation] === "introduces") rows.push({ e: linkAt(p, k).entity, p, sure: linkAt(p, k).confidence, all: passing.entities[linkAt(p, k).entity] - 1 });
    }
    return sortTable("What the papers introduce", [entityColumn("Name"), typeColumn, paperColumn, dateColumn,
      { head: "Confidence", number: true, cell: (row) => sureness(row.sure), key: (row) => row.sure }, numberColumn("Others name it", "all")], rows, { by: 3, down: true });
  }],
  tasks: ["Tasks", () => sortTable("Tasks by number of papers", [
    entityColumn("Task"), numberColumn("Address it", "on"), numberColumn("Name it", "all"),
  ], ofTypes("Task").map((e) => ({ e, on: roleCount(e, "addresses"), all: passing.entities[e] })), { by: 1, down: true })],
  time: ["Over time", () => timeTable()],
  papers: ["Papers", () => sortTable("Papers", [
    { ...paperColumn, cell: (row) => nodeLink(`p${row.p}`) }, dateColumn, numberColumn("Entities", "all"), numberColumn("Introduces", "own"),
    numberColumn("On pages", "pages"), organisationColumn, linksColumn,
  ], Array.from({ length: PAPER_COUNT }, (_, p) => p).filter((p) => passing.papers[p]).map((p) => {
    const shown = linksOf(p);
    return { p, pages: PAPERS.pages[p].length, all: shown.length, own: shown.filter((k) => linkAt(p, k).relation === 0).length };
  }), { by: 1, down: true })],
  pairs: ["Pairs", () => pairTable()],
  regions: ["Regions", () => regionTable()],
  entities: ["Entities", () => sortTable("All entities", [
    entityColumn("Name"), typeColumn, familyColumn, numberColumn("Spellings", "forms"), numberColumn("Papers", "all"),
  ], ofTypes(...TYPES).map((e) => ({ e, forms: facts().spellings[e]?.length || 1, all: passing.entities[e] })), { by: 4, down: true })],
  links: ["Links", () => sortTable("Links between papers and entities, the least certain first", [
    paperColumn, { head: "Relation", cell: (row) => el("a", { href: addressOfLink(row.p, row.e) }, relationText(row.r)), key: (row) => row.r },
    entityColumn("Entity"), typeColumn,
    { head: "Confidence", number: true, cell: (row) => sureness(row.sure), key: (row) => row.sure },
    { head: "Evidence", cell: (row) => evidence(row.p, row.k) },
  ], Array.from({ length: PAPER_COUNT }, (_, p) => p).filter((p) => passing.papers[p]).flatMap((p) => linksOf(p).map((k) => {
    const { entity, relation, confidence } = linkAt(p, k);
    return { p, k, e: entity, r: relation, sure: confidence };
  })), { by: 4, few: 30 })],
};

/** What the table that is shown gives to be saved, as rows of texts. */
let savedTable = () => [];

function showTables() {
  const wanted = Object.hasOwn(TABLES, state.table) ? state.table : "benchmarks";
  const tabs = Object.entries(TABLES).map(([key, [name]]) => el("a", { href: address({ view: "tables", table: key }), "aria-current": key === wanted ? "page" : null }, name));
  const box = byId("tables");
  const held = box.querySelector("select:focus") !== null;
  const kids = [TABLES[wanted][1]()].flat();
  savedTable = kids[kids.length - 1].saved;
  box.replaceChildren(el("nav", { class: "tabs", "aria-label": "Tables" }, tabs), ...kids);
  if (held) box.querySelector("select")?.focus();
}
