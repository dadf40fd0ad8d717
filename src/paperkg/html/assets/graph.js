// The graph. A node is called by a code: `p3` is paper 3, `e17` entity 17.

const CORE = JSON.parse(byId("core").textContent);
const PAPERS = CORE.papers;
const ENTITIES = CORE.entities;
const TYPES = CORE.types;
const RELATIONS = CORE.relations;
const PAPER_COUNT = PAPERS.id.length;
const ENTITY_COUNT = ENTITIES.id.length;
const PAPER_SIZE = 7;

const isPaper = (code) => code[0] === "p";
const numberOf = (code) => Number(code.slice(1));

/** For each entity its papers as pairs paper, place of the link in the paper's row. */
const PAPERS_OF = Array.from({ length: ENTITY_COUNT }, () => []);
PAPERS.rows.forEach((row, p) => {
  for (let i = 0; i < row.length; i += 3) PAPERS_OF[row[i]].push(p, i / 3);
});

const paperCount = (e) => PAPERS_OF[e].length / 2;
const linkCount = (p) => PAPERS.rows[p].length / 3;
const linkAt = (p, k) => ({
  entity: PAPERS.rows[p][3 * k],
  relation: PAPERS.rows[p][3 * k + 1],
  confidence: PAPERS.rows[p][3 * k + 2],
});

/** The place of the link between a paper and an entity in the paper's row, or -1. */
function linkBetween(p, e) {
  const row = PAPERS.rows[p];
  for (let i = 0; i < row.length; i += 3) if (row[i] === e) return i / 3;
  return -1;
}

function nameOf(code) {
  const n = numberOf(code);
  return isPaper(code) ? PAPERS.title[n] : ENTITIES.name[n];
}

function labelOf(code) {
  const n = numberOf(code);
  if (isPaper(code)) return PAPERS.label[n];
  const name = ENTITIES.name[n];
  return name.length > 32 ? name.slice(0, 31).trimEnd() + "…" : name;
}

/** `paper`, or the type in lower case: the end of class names and of colour names. */
function kindOf(code) {
  return isPaper(code) ? "paper" : TYPES[ENTITIES.type[numberOf(code)]].toLowerCase();
}

function kindName(code) {
  return isPaper(code) ? "Paper" : TYPES[ENTITIES.type[numberOf(code)]];
}

function sizeOf(code) {
  return isPaper(code) ? PAPER_SIZE : ENTITIES.size[numberOf(code)];
}

function regionOf(code) {
  return (isPaper(code) ? PAPERS : ENTITIES).region[numberOf(code)];
}

/** The region of papers that share too little to belong to one. */
const APART = -1;

function regionNames(r) {
  return r === APART ? ["Papers apart"] : CORE.regions[r].name.map((e) => ENTITIES.name[e]);
}

/** What a region is called in an address: its most typical entity, or its first paper. */
function regionId(r) {
  if (r === APART) return "apart";
  const [e] = CORE.regions[r].name;
  return idOf(e === undefined ? CORE.order.find((code) => regionOf(code) === r) : `e${e}`);
}

/** The region in which a paper or entity stands, by any of its names; null if there is none. */
function regionNamed(text) {
  if (text === "apart") return CORE.alone ? APART : null;
  const code = find("entity", text) || find("paper", text);
  return code && regionOf(code) !== APART ? regionOf(code) : null;
}

const relationText = (r) => RELATIONS[r].replaceAll("_", " ");
const ROLE = {
  introduces: "Introduced by",
  evaluates_on: "Evaluated on by",
  evaluates_with: "Reported by",
  addresses: "Addressed by",
  compares_with: "Compared with by",
  uses: "Used by",
  mentions: "Mentioned by",
};
const DEED = {
  introduces: "Introduces",
  evaluates_on: "Evaluates on",
  evaluates_with: "Evaluates with",
  addresses: "Addresses",
  compares_with: "Compares with",
  uses: "Uses",
  mentions: "Mentions",
};

const parsed = new Map();

/** A part of the data that is parsed when it is first asked for; it stands below the scripts. */
function part(id) {
  if (!parsed.has(id)) {
    const node = byId(id);
    parsed.set(id, JSON.parse(node.textContent));
    node.textContent = "";
  }
  return parsed.get(id);
}

const facts = () => part("facts");

const BLOCK = 200;
const detailOf = (p) => part(`details-${Math.floor(p / BLOCK)}`)[p % BLOCK];
const textOf = (p, field) => (field ? detailOf(p).abstract : PAPERS.title[p]);

/** `2025-05`, or the empty string where the year is not known. */
const monthOf = (p) => {
  const date = PAPERS.date[p];
  return /^\d{4}/.test(date) ? date.replace("?", "").slice(0, 7) : "";
};

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A date for readers; a year that was concluded and not read carries a question mark. */
function dateText(date) {
  const sure = date.replace("?", "");
  const [year, month, day] = sure.startsWith("--") ? ["", ...sure.slice(2).split("-")] : sure.split("-");
  return [day && String(Number(day)), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ") + (date.endsWith("?") ? " ?" : "");
}

const idOf = (code) => (isPaper(code) ? PAPERS : ENTITIES).id[numberOf(code)];

const lookup = new Map();

/** The code of a paper or entity by its id, its full address, or any spelling of its name or title; else null. */
function find(kind, text) {
  if (!lookup.size) {
    for (let n = PAPER_COUNT - 1; n >= 0; n--) {
      lookup.set(`paper ${fold(PAPERS.title[n])}`, `p${n}`);
    }
    const spellings = facts().spellings;
    for (const [e, forms] of Object.entries(spellings)) {
      for (const [form] of forms) lookup.set(`entity ${fold(form)}`, `e${e}`);
    }
    for (let n = ENTITY_COUNT - 1; n >= 0; n--) lookup.set(`entity ${fold(ENTITIES.name[n])}`, `e${n}`);
    for (let n = 0; n < PAPER_COUNT; n++) {
      lookup.set(`paper=${PAPERS.iri[n]}`, `p${n}`);
      lookup.set(`paper=${CORE.base}${PAPERS.iri[n]}`, `p${n}`);
    }
    for (let n = 0; n < PAPER_COUNT; n++) lookup.set(`paper=${PAPERS.id[n]}`, `p${n}`);
    for (const [old, n] of Object.entries(facts().replaced)) {
      lookup.set(`entity=${old}`, `e${n}`);
      lookup.set(`entity=${CORE.base}${old}`, `e${n}`);
    }
    for (let n = 0; n < ENTITY_COUNT; n++) {
      lookup.set(`entity=${ENTITIES.id[n]}`, `e${n}`);
      lookup.set(`entity=${CORE.base}${ENTITIES.id[n]}`, `e${n}`);
    }
  }
  const key = fold(text); // empty for signs alone, which are nobody's name
  return lookup.get(`${kind}=${text}`) || (key && lookup.get(`${kind} ${key}`)) || null;
}
