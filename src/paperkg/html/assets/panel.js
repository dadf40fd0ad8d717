// What the address names, shown: the panel's text and what the picture puts in focus.

/** More chosen nodes than these are shown like neighbours: what is ringed everywhere tells nothing. */
const MOST_RINGED = 12;

function focusOn(wanted, links, region = null) {
  const chosen = wanted.length > MOST_RINGED ? [] : wanted;
  const near = new Set([...wanted, ...links.flat()]);
  for (const code of chosen) near.delete(code);
  Object.assign(highlight, { any: wanted.length > 0 || region !== null, region, chosen: new Set(chosen), near, links });
}

/** Of an entity that more papers name, so many are drawn. */
const PAPERS_ROUND = 80;

/** The links of a node that its focus draws: all of a paper's, the strongest of an entity's. */
function linksAround(code) {
  const n = numberOf(code);
  if (isPaper(code)) return linksOf(n).map((k) => [code, `e${linkAt(n, k).entity}`]);
  const papers = papersOf(n).sort((a, b) => linkAt(...a).relation - linkAt(...b).relation || linkAt(...b).confidence - linkAt(...a).confidence);
  const around = papers.slice(0, PAPERS_ROUND).map(([p]) => [`p${p}`, code]);
  for (const row of facts().relations) {
    const [, a, , b] = row;
    if ((a === n || b === n) && [a, b].every((e) => ENTITIES.xy[2 * e] !== null)) around.push([`e${a}`, `e${b}`]);
  }
  return around;
}

/** All passing links among some nodes. */
function linksAmong(codes) {
  const set = new Set(codes);
  return codes.filter(isPaper).flatMap((code) => linksAround(code).filter((link) => set.has(link[1])));
}

/** The view that the address names: its panel, its focus and its title. */
function view() {
  const { paper, entity, compare, path, other, region } = state;
  if (path && other) {
    const found = pathBetween(path, other);
    const links = (found || []).slice(1).map((code, i) => (isPaper(code) ? [code, found[i]] : [found[i], code]));
    return { kids: pathPanel(found, path, other), chosen: found || [path, other], links, title: "Path" };
  }
  if (paper && compare) {
    const both = linksAround(paper).concat(linksAround(compare));
    const count = new Map();
    for (const [, e] of both) count.set(e, (count.get(e) || 0) + 1);
    return { kids: comparePanel(numberOf(paper), numberOf(compare)), chosen: [paper, compare], links: both.filter(([, e]) => count.get(e) > 1), title: "Two papers", wide: true };
  }
  if (paper && entity) {
    return { kids: linkPanel(numberOf(paper), numberOf(entity)), chosen: [paper, entity], links: [[paper, entity]], title: "Link" };
  }
  if (paper) return { kids: paperPanel(numberOf(paper)), chosen: [paper], links: linksAround(paper), title: nameOf(paper) };
  if (entity) return { kids: entityPanel(numberOf(entity)), chosen: [entity], links: linksAround(entity), title: nameOf(entity) };
  if (state.family) {
    const { members, pairs } = familyOf(state.family);
    return { kids: familyPanel(state.family), chosen: members.map((e) => `e${e}`), links: pairs.slice(0, PAPERS_ROUND).map(([p, k]) => [`p${p}`, `e${linkAt(p, k).entity}`]), title: state.family };
  }
  if (region !== null) return { kids: regionPanel(region), chosen: [], links: [], region, title: regionNames(region).join(", ") };
  if (state.show.length) return { kids: framed ? [] : answerPanel(state.show), chosen: state.show, links: linksAmong(state.show), title: "Answer" };
  if (state.missing) return { kids: [el("header", { class: "head" }, el("h2", null, "Not in this graph")), el("p", null, `Nothing here is called "${state.missing}". The search box finds any spelling.`)], chosen: [], links: [], title: "Not found" };
  return null;
}

/** Puts buttons that lead to the parts of a long panel before the first of them. */
function withContents(kids) {
  const parts = kids.filter((kid) => kid.matches(".part"));
  if (parts.length < 3) return kids;
  const to = (part) => {
    const head = part.querySelector("h3");
    return el("button", { type: "button", onclick: () => {
      part.scrollIntoView({ block: "start", behavior: lessMotion.matches ? "auto" : "smooth" });
      head.tabIndex = -1;
      head.focus({ preventScroll: true });
    } }, head.textContent);
  };
  const contents = el("nav", { class: "contents", "aria-label": "Parts of the details" }, parts.map(to));
  const at = kids.indexOf(parts[0]);
  return [...kids.slice(0, at), contents, ...kids.slice(at)];
}

let shownView = "";

function showPanel(now) {
  const panel = byId("panel");
  const key = JSON.stringify(presentView());
  const fresh = key !== shownView;
  shownView = key;
  const held = panel.contains(document.activeElement) || byId("finder").contains(document.activeElement);
  panel.hidden = !now;
  document.body.classList.toggle("reading", Boolean(now));
  panel.classList.toggle("wide", Boolean(now?.wide));
  if (!now) {
    panel.replaceChildren();
    return fresh;
  }
  const close = el("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => go(address(state.tables ? { view: "tables", table: state.table } : {})) }, "×");
  const unknown = state.missing && now.title !== "Not found" ? el("p", { class: "long" }, `Nothing here is called "${state.missing}".`) : null;
  const kids = [unknown, ...now.kids].flat(Infinity).filter(Boolean);
  panel.replaceChildren(close, el("div", { class: "sheet" }, withContents(kids)));
  if (fresh) {
    if (held) panel.focus({ preventScroll: true });
    panel.scrollTop = 0;
    say(now.title);
  }
  return fresh;
}

/** Says so where the filters, or the sources, leave nothing to see. */
function showEmpty() {
  const box = byId("empty");
  box.hidden = passing.count.papers > 0 || state.tables === true;
  if (box.hidden) return;
  box.replaceChildren(el("p", null, passing.any ? "No paper passes the filters." : "This graph holds no papers."),
    passing.any ? el("button", { type: "button", class: "clear", onclick: () => go(write(presentView())) }, "Clear filters") : "");
}

let applied = "";

/** Shows what the address names, unless that has been done. */
function follows() {
  if (location.hash !== applied) apply();
}

function apply() {
  applied = location.hash;
  state = read(applied);
  refilter();
  const now = view();
  const fresh = showPanel(now?.kids.length ? now : null);
  if (now) focusOn(now.chosen, now.links, now.region ?? null);
  else focusOn([], []);
  document.title = `${now ? `${now.title} · ` : ""}${CORE.title} · paperkg`;
  byId("picture").hidden = state.tables;
  byId("tables").hidden = !state.tables;
  document.body.classList.toggle("tabular", state.tables);
  showFacets();
  showTools();
  showEmpty();
  if (state.tables) showTables();
  else {
    if (fresh) {
      if (now && highlight.region !== null) lookAt(boxOfRegion(highlight.region), { most: 1.4 });
      else if (now) lookAt(boxOf([...highlight.chosen, ...highlight.near]), { most: 1.4, pad: 90 });
      else if (fresh) lookAt(boxOf(CORE.order));
    }
    redraw();
  }
}
