// Where nodes stand, and which part of the plane is in view.

const open = new Map();

/** Where the entities that only this paper names stand when it is opened: in rings round it, clear of the others. */
function openPositions(p) {
  if (!open.has(p)) {
    const own = [];
    const held = [];
    for (let k = 0; k < linkCount(p); k++) {
      const e = linkAt(p, k).entity;
      if (ENTITIES.xy[2 * e] === null) own.push(e);
      else held.push(ENTITIES.xy.slice(2 * e, 2 * e + 2));
    }
    const places = new Map();
    const [x, y] = PAPERS.xy.slice(2 * p, 2 * p + 2);
    for (let turn = 0; places.size < own.length; turn++) {
      const reach = 74 + turn * 46;
      const slots = 6 + turn * 4;
      for (let i = 0; i < slots && places.size < own.length; i++) {
        const angle = ((i + 0.5 + turn * 0.5) / slots) * 2 * Math.PI;
        const at = [Math.round(x + reach * 1.6 * Math.cos(angle)), Math.round(y + reach * Math.sin(angle))];
        if (turn > 12 || held.every(([a, b]) => Math.hypot((a - at[0]) / 1.6, b - at[1]) > 30)) places.set(own[places.size], at);
      }
    }
    open.set(p, places);
  }
  return open.get(p);
}

function positionOf(code) {
  const n = numberOf(code);
  const xy = (isPaper(code) ? PAPERS : ENTITIES).xy;
  if (xy[2 * n] !== null) return [xy[2 * n], xy[2 * n + 1]];
  const [p] = PAPERS_OF[n];
  return openPositions(p).get(n);
}

function boxOf(codes) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const code of codes) {
    const [x, y] = positionOf(code);
    const r = sizeOf(code);
    box[0] = Math.min(box[0], x - r);
    box[1] = Math.min(box[1], y - r);
    box[2] = Math.max(box[2], x + r);
    box[3] = Math.max(box[3], y + r);
  }
  return box[0] === Infinity ? [-300, -200, 300, 200] : box;
}

/** The part of the picture that no panel covers, in pixels: left, top, width, height. */
function freeArea() {
  const stage = byId("picture").getBoundingClientRect();
  const panel = byId("panel");
  const area = { left: 0, top: 0, width: stage.width, height: stage.height };
  if (panel.hidden) return area;
  const cover = panel.getBoundingClientRect();
  if (cover.width >= stage.width * 0.9) area.height = Math.max(120, cover.top - stage.top);
  else area.width = Math.max(200, Math.min(stage.width, cover.left - stage.left));
  return area;
}

/** Moves the view so that a box of the plane fills the free part of the picture. */
function lookAt(box, { most = 1.6, still = false, pad = 46 } = {}) {
  const stage = byId("picture").getBoundingClientRect();
  const area = freeArea();
  const width = Math.max(box[2] - box[0], 1);
  const height = Math.max(box[3] - box[1], 1);
  if (area.width < 600) pad = Math.min(pad, 26);
  const inner = [Math.max(area.width - 2 * pad, 80), Math.max(area.height - 2 * pad, 80)];
  const scale = Math.min(inner[0] / width, inner[1] / height, most);
  const shift = [area.left + area.width / 2 - stage.width / 2, area.top + area.height / 2 - stage.height / 2];
  const position = { x: (box[0] + box[2]) / 2 - shift[0] / scale, y: (box[1] + box[3]) / 2 - shift[1] / scale };
  picture.moveTo({ ...position, scale }, !still && !lessMotion.matches);
}

/** The part of the plane in view, `margin` times its size added on each side. */
function viewBox(margin) {
  const { x, y, scale, wide, high } = picture;
  const half = [(wide / scale) * (0.5 + margin), (high / scale) * (0.5 + margin)];
  return [x - half[0], y - half[1], x + half[0], y + half[1]];
}
