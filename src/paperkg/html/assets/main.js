// Puts the page together.

/** A menu that opens on a click and closes on Escape, on a choice, or when the focus leaves it; `build` gives what is in it while it is open. */
function menu(name, label, build) {
  const inner = el("div", { class: "menu-list", tabindex: "-1" }); // so that a click in it is no loss of focus
  const summary = el("summary", { "aria-label": label, title: label }, name);
  // the focus goes first: were it still in what closes, losing it would close the menu once more
  const close = () => {
    summary.focus();
    box.open = false;
  };
  const box = el("details", { class: "menu", ontoggle: () => inner.replaceChildren(...(box.open ? build((act) => () => { close(); act(); }) : [])),
    onkeydown: (event) => {
      if (event.key !== "Escape" || !box.open) return;
      event.stopPropagation();
      close();
    } }, summary, inner);
  box.addEventListener("focusout", (event) => {
    if (!box.contains(event.relatedTarget)) box.open = false;
  });
  return box;
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");

function switchTheme() {
  const root = document.documentElement;
  const now = root.dataset.theme || (dark.matches ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
  repaint();
}

function repaint() {
  readPaint();
  labels.key = "";
  picture.redraw();
}

const toolLinks = {};

function buildTools() {
  toolLinks.picture = el("a", { class: "tool" }, "Picture");
  toolLinks.tables = el("a", { class: "tool" }, "Tables");
  byId("tools").append(
    el("button", { type: "button", class: "tool filters", "aria-expanded": "false", "aria-controls": "side", onclick: (event) => {
      const on = document.body.classList.toggle("filtering");
      event.currentTarget.setAttribute("aria-expanded", String(on));
    } }, "Filters"),
    el("span", { class: "switch" }, toolLinks.picture, toolLinks.tables),
    ...(CORE.editor ? [el("a", { class: "tool", href: CORE.editor, target: "_top" }, "Query")] : []),
    menu("Save", "Save", (closing) => saves().map(([text, act]) => el("button", { type: "button", onclick: closing(act) }, text))),
    el("button", { type: "button", class: "tool sign", onclick: switchTheme, "aria-label": "Light or dark", title: "Light or dark" },
      svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, svg("circle", { cx: 8, cy: 8, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }), svg("path", { d: "M8 1.8a6.2 6.2 0 0 1 0 12.4Z", fill: "currentColor" }))),
    menu("?", "Help", () => [
      el("p", null, "Click a mark or its name to read about it, a line for the sentence it rests on, a region for what is in it. Drag to move, scroll to zoom."),
      el("p", null, "The boxes on the left narrow everything; the tables hold the same as text. Each view has its own address."),
      el("dl", { class: "keys" }, KEYS.map(([keys, text]) => [el("dt", null, el("kbd", null, keys)), el("dd", null, text)]))]));
}

/** Says once what can be done with the picture; the first thing done takes it away. */
function buildHint() {
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const box = el("div", { class: "hint", id: "hint" }, el("p", null, touch
    ? "Tap a mark or a name to read about it. Pinch to zoom."
    : "Click a mark, a name or a line to read about it. Scroll to zoom, drag to move."));
  const leave = () => box.remove();
  box.append(el("button", { type: "button", "aria-label": "Close the hint", onclick: leave }, "×"));
  window.addEventListener("hashchange", leave, { once: true });
  byId("picture").addEventListener("pointerdown", leave, { once: true });
  if (!location.hash && CORE.order.length) byId("stage").append(box);
}

const KEYS = [
  ["/", "search"],
  ["Arrows", "go to the next mark"],
  ["Enter", "open the marked one"],
  ["+ and −", "zoom"],
  ["0", "the whole picture"],
  ["Shift + arrows", "move the picture"],
  ["Esc", "close"],
];

function showTools() {
  toolLinks.picture.href = address(Object.fromEntries(Object.entries(presentView()).filter(([k]) => !["view", "table", "on"].includes(k))));
  toolLinks.tables.href = address({ view: "tables", table: state.table });
  toolLinks.picture.setAttribute("aria-current", String(!state.tables));
  toolLinks.tables.setAttribute("aria-current", String(state.tables));
}

/** The drawn node nearest to the present one in a direction, or the one nearest to the middle of the view. */
function nextNode(dx, dy) {
  const from = hovered.code || state.entity || state.paper;
  const here = from && drawn.set.has(from) ? positionOf(from) : null;
  const { x, y } = picture;
  let best = null;
  let least = Infinity;
  for (const code of drawn.list) {
    if (code === from || (highlight.any && !highlight.level(code))) continue;
    const [ox, oy] = positionOf(code);
    const [vx, vy] = here ? [ox - here[0], oy - here[1]] : [ox - x, oy - y];
    const along = vx * dx + vy * dy;
    const cost = here ? (along > 0 ? along + 2.4 * Math.abs(vx * dy - vy * dx) : Infinity) : Math.hypot(vx, vy);
    if (cost < least) [best, least] = [code, cost];
  }
  return best;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function pictureKey(event) {
  const { x, y, scale } = picture;
  const zoom = (factor) => picture.moveTo({ scale: scale * factor });
  if (ARROWS[event.key]) {
    const [dx, dy] = ARROWS[event.key];
    if (event.shiftKey) picture.moveTo({ x: x + (90 * dx) / scale, y: y + (90 * dy) / scale });
    else {
      const code = nextNode(dx, dy);
      if (code) {
        const [px, py] = positionOf(code);
        const box = viewBox(-0.06);
        if (px < box[0] || py < box[1] || px > box[2] || py > box[3]) picture.moveTo({ x: px, y: py });
        hover({ code });
        say(`${kindName(code)}: ${nameOf(code)}`);
      }
    }
  } else if (event.key === "Enter" && hovered.code) go(addressOf(hovered.code));
  else if (event.key === "+" || event.key === "=") zoom(1.3);
  else if (event.key === "-") zoom(1 / 1.3);
  else if (event.key === "0") lookAt(boxOf(CORE.order));
  else return;
  event.preventDefault();
  redrawSoon();
}

const redrawSoon = calm(() => redraw(), 130);

function pageKey(event) {
  const typing = event.target.matches?.("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    byId("search").focus();
  } else if (event.key === "Escape" && !byId("panel").hidden) go(address({}));
}

/** Links within the page set its address themselves, for in a notebook's frame they would lead out of it. */
function pageClick(event) {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.getAttribute("href"));
}

function zoomButtons() {
  const button = (text, name, act) => el("button", { type: "button", "aria-label": name, title: name, onclick: () => { act(); redrawSoon(); } }, text);
  return el("div", { class: "zoom" },
    button("+", "Zoom in", () => picture.moveTo({ scale: picture.scale * 1.3 })),
    button("−", "Zoom out", () => picture.moveTo({ scale: picture.scale / 1.3 })),
    button("◱", "Show the whole picture", () => lookAt(boxOf(CORE.order))));
}

function start() {
  document.documentElement.classList.toggle("framed", framed);
  state = { filter: {} };
  refilter();
  const stage = byId("picture");
  dress(stage, { tabindex: "0", role: "application", "aria-roledescription": "graph",
    "aria-label": `${plural(PAPER_COUNT, "paper")} and ${plural(ENTITY_COUNT, "entity", "entities")}. Arrow keys go from mark to mark, Enter opens one. The tables show the same as text.`,
    onkeydown: pictureKey });
  buildPicture();
  watchPointer();
  byId("stage").append(el("div", { id: "tip", class: "tip", hidden: true }), zoomButtons(), el("div", { id: "empty", class: "empty", hidden: true }));
  buildHint();
  byId("finder").append(finder({ id: "search", label: "Search papers and entities", hint: "Search a method, model, dataset, paper …", choose: (code) => go(addressOf(code)) }));
  buildFacets();
  buildTools();
  showFacets();
  showTools();
  showEmpty();
  document.addEventListener("keydown", pageKey);
  document.addEventListener("click", pageClick);
  window.addEventListener("hashchange", follows);
  dark.addEventListener("change", repaint);
  document.addEventListener("DOMContentLoaded", () => {
    if (CORE.show.length && !location.hash) replaceAddress("#show=answer");
    if (location.hash) apply();
    document.documentElement.dataset.ready = "yes";
  });
}

/** For scripts and tests: what is drawn, and where its labels stand on the screen. */
window.paperkg = {
  drawn: () => [...drawn.list],
  names: () => [...ENTITIES.name],
  kind: kindOf,
  id: idOf,
  labels: () => labels.boxes.map((label) => ({ ...label })),
  point: (code) => pixelOf(code),
};

start();
