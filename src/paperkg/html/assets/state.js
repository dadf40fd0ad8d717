// What the page shows is in its address: every view can be shared, and back and forward work.

/** Filters that take several values, each a part of the address of its own (`types=Model&types=Task`), and the others. */
const CHOICES = ["types", "relations", "pages"];
const FILTERS = [...CHOICES, "min", "since", "until"];

function read(hash) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const get = (key) => query.get(key) || "";
  const node = (key) => {
    const text = get(key);
    const colon = text.indexOf(":");
    return colon > 0 ? find(text.slice(0, colon), text.slice(colon + 1)) : find("entity", text) || find("paper", text);
  };
  const state = {
    tables: get("view") === "tables",
    table: get("table"),
    paper: get("paper") ? find("paper", get("paper")) : null,
    entity: get("entity") ? find("entity", get("entity")) : null,
    region: get("region") ? regionNamed(get("region")) : null,
    family: get("family") ? familyNamed(get("family")) : null,
    on: get("on") ? find("entity", get("on")) : null,
    compare: get("compare") ? find("paper", get("compare")) : null,
    path: get("path") ? node("path") : null,
    other: get("to") ? node("to") : null,
    show: get("show") === "answer" ? CORE.show : query.getAll("show").map((text) => find("entity", text) || find("paper", text)).filter(Boolean),
    missing: "",
    filter: {},
  };
  for (const key of FILTERS) if (get(key)) state.filter[key] = CHOICES.includes(key) ? query.getAll(key) : get(key);
  for (const key of ["paper", "entity", "compare", "path", "region", "family"]) if (get(key) && state[key] === null) state.missing = get(key);
  return state;
}

const encode = (text) => encodeURIComponent(text).replace(/%2F/gi, "/").replace(/%3A/gi, ":").replace(/%20/g, "+");

function write(parts) {
  return "#" + Object.entries(parts).flatMap(([k, v]) => [v].flat().map((one) => [k, one]))
    .filter(([, v]) => v !== "" && v !== null && v !== undefined)
    .map(([k, v]) => `${k}=${encode(String(v))}`).join("&");
}

let state = null;

/** Whether a page of the same server shows this one in a frame, as the picture of an answer: without heading and filters. */
const framed = Boolean(window.frameElement);

/** The address of a view, with the filters that are set now. */
function address(view) {
  return write({ ...view, ...state.filter });
}

function addressOf(code) {
  return address({ [isPaper(code) ? "paper" : "entity"]: idOf(code) });
}

const addressOfLink = (p, e) => address({ paper: PAPERS.id[p], entity: ENTITIES.id[e] });
const longId = (code) => `${isPaper(code) ? "paper" : "entity"}:${idOf(code)}`;

/** The parts of the present address that say what is shown, without the filters. */
function presentView() {
  const parts = new Map();
  for (const [key, value] of new URLSearchParams(location.hash.replace(/^#/, ""))) {
    if (FILTERS.includes(key)) continue;
    if (parts.has(key)) parts.get(key).push(value);
    else parts.set(key, [value]);
  }
  return Object.fromEntries(parts);
}

/** Goes to an address at once: what is clicked next starts from there, though the browser tells of it later. */
function go(hash) {
  if (location.hash === hash || (hash === "#" && !location.hash)) return;
  location.hash = hash;
  apply();
}

/** Changes the address without a step in the history; whole, for a page in a notebook has the address of another. */
function replaceAddress(hash) {
  history.replaceState(null, "", location.href.split("#")[0] + hash);
}

/** Sets filters; while a slider moves, `quiet` keeps the steps out of the history. */
function setFilter(changes, quiet) {
  const filter = { ...state.filter, ...changes };
  for (const key of FILTERS) if (!filter[key]?.length) delete filter[key];
  const hash = write({ ...presentView(), ...filter });
  if (!quiet) return go(hash);
  replaceAddress(hash);
  state = read(hash);
  applySoon();
}

let awaited = false;

/** Shows the address at the next frame, once, however often a slider moved before it. */
function applySoon() {
  if (awaited) return;
  awaited = true;
  requestAnimationFrame(() => {
    awaited = false;
    apply();
  });
}
