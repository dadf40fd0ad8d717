// Names on the picture. A label is put where it covers neither another label nor a mark; what finds no room has none.

const CELL = 48;
/** Seen from farther than this scale, papers have no labels, and only so many entities have one. */
const FAR = 0.4;
const FAR_LABELS = 80;

/** A mark of a larger radius on the screen is not covered by a name if there is any other way. */
const LARGE = 8;

/** Whether a name may cover a mark: if `bold` is 1 that of a paper, if 2 a small one, if 3 any. */
const covered = (whose, bold, scale) => bold > 0 && (whose[0] === "p" || (bold > 1 && whose[0] === "e" && (bold > 2 || screenRadius(whose, scale) <= LARGE)));

/** Boxes in a grid, to ask quickly whether a new one would cover one of them. */
class Boxes {
  constructor(scale) {
    this.scale = scale;
    this.cells = new Map();
  }
  *near(box) {
    for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++) {
      for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) yield x * 100003 + y;
    }
  }
  add(box, owner) {
    for (const cell of this.near(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push([box, owner]);
    }
  }
  /** Whether nothing is there but `owner` and what may be covered. */
  free(box, owner, bold) {
    for (const cell of this.near(box)) {
      for (const [other, whose] of this.cells.get(cell) || []) {
        if (whose !== owner && !covered(whose, bold, this.scale) && box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) return false;
      }
    }
    return true;
  }
}

const widths = new Map();

function widthOf(ctx, text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    ctx.font = font;
    widths.set(key, ctx.measureText(text).width);
  }
  return widths.get(key);
}

const labels = { key: "", placed: [], boxes: [] };

/** Whether an entity's name is that of its region, which the picture shows already. */
function namesRegion(code) {
  const r = regionOf(code);
  return r >= 0 && CORE.regions[r].name[0] === numberOf(code);
}

function fontOf(code, focused) {
  if (isPaper(code)) return [11.5, `${focused ? 600 : 400} 11.5px ${paint.family}`];
  const size = Math.round(Math.min(11.5 + sizeOf(code) / 7, 15));
  return [size, `${focused ? 700 : 500} ${size}px ${paint.family}`];
}

/** The names of regions, over or in the upper part of their outlines. */
function placeRegions(ctx, scale, boxes, placed, view) {
  const most = CORE.regions.length > 14 || byId("picture").clientWidth < 700 ? 1 : 2;
  const font = `650 13px ${paint.family}`;
  const put = (region, texts, middle, spots, last) => {
    const tries = [0, 1, 2].flatMap((bold) => (bold < 2 ? texts : texts.slice(-1)).flatMap((text) => spots.map((at) => ({ bold, text, at }))));
    tries.push(...[2, 3].flatMap((bold) => [last, ...spots].map((at) => ({ bold, text: texts[texts.length - 1], at }))));
    for (const { bold, text, at } of tries) {
      const half = widthOf(ctx, text, font) / 2 + 6;
      const inView = middle > view[0] && middle < view[2];
      const x = inView ? Math.max(view[0] + half, Math.min(view[2] - half, middle)) : middle;
      const box = [x - half, at - 13, x + half, at + 5];
      if (!boxes.free(box, "", bold)) continue;
      boxes.add(box, `r${region}`);
      placed.push({ region, text, x, y: at - 4, font, align: "center", box, fill: paint.regionInk });
      return;
    }
  };
  CORE.regions.forEach((region, r) => {
    if (!region.name.length || (highlight.any && highlight.region !== r) || !outlines[r]) return;
    const [x, top, bottom] = [outlines[r].x * scale, outlines[r].top * scale, outlines[r].bottom * scale];
    const steps = [-6, -15, -24, 15, 30, 45].filter((step) => step < (bottom - top) / 2);
    const names = regionNames(r);
    put(r, most > 1 && names.length > 1 ? [names.slice(0, most).join(" · "), names[0]] : [names[0]], x, steps.map((step) => top + step), bottom + 16);
  });
  if (CORE.alone && (!highlight.any || highlight.region === APART)) {
    const text = `${plural(CORE.alone.count, "paper")} with little or nothing in common${byId("picture").clientWidth < 700 ? "" : " with the others"}`;
    put(APART, [text], CORE.alone.at[0] * scale + widthOf(ctx, text, font) / 2, [CORE.alone.at[1] * scale - 14], CORE.alone.at[1] * scale + 24);
  }
}

/**
 * Places the labels of the drawn nodes, the most important first, in pixels from the origin of the plane. The view, a box
 * in the same pixels, is where they should rather be.
 */
function placeLabels(ctx, scale, view) {
  const key = `${scale.toFixed(4)} ${drawn.version}`;
  if (labels.key === key) return;
  labels.key = key;
  const boxes = new Boxes(scale);
  const placed = [];
  const marks = drawn.list.filter((code) => !highlight.any || highlight.region !== null || highlight.level(code)).map((code) => {
    const [x, y] = positionOf(code);
    const r = screenRadius(code, scale);
    return { code, x: x * scale, y: y * scale, r };
  });
  for (const m of marks) boxes.add([m.x - m.r, m.y - m.r, m.x + m.r, m.y + m.r], m.code);
  placeRegions(ctx, scale, boxes, placed, view);
  const weight = (m) => (highlight.level(m.code) * 1000) + (isPaper(m.code) ? 0 : 100 + sizeOf(m.code));
  marks.sort((a, b) => weight(b) - weight(a));
  for (const m of marks) {
    const level = highlight.level(m.code);
    if (!level && scale < FAR && (isPaper(m.code) || placed.length >= FAR_LABELS || namesRegion(m.code))) continue;
    const [size, font] = fontOf(m.code, level === 2);
    const text = labelOf(m.code);
    const width = widthOf(ctx, text, font);
    const [high, gap] = [size * 0.62, m.r + 5];
    const spots = [
      [m.x + gap, m.y, "left"],
      [m.x, m.y + m.r + size * 0.95, "center"],
      [m.x - gap, m.y, "right"],
      [m.x, m.y - m.r - size * 0.8, "center"],
    ];
    const boxAt = ([x, y, align]) => {
      const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
      return [left - 3, y - high - 1, left + width + 3, y + high + 1];
    };
    const whole = (at) => {
      const [l, t, r, b] = boxAt(at);
      return l >= view[0] && t >= view[1] && r <= view[2] && b <= view[3];
    };
    const bold = level > 1 ? 3 : sizeOf(m.code) > 12 ? 2 : level > 0 || sizeOf(m.code) > 8 ? 1 : 0;
    let spot = null;
    for (let i = 0; i <= bold && !spot; i++) spot = spots.find((at) => whole(at) && boxes.free(boxAt(at), m.code, i));
    spot = spot || spots.find((at) => boxes.free(boxAt(at), m.code, 0));
    if (!spot) continue;
    const box = boxAt(spot);
    boxes.add(box, "");
    const fill = isPaper(m.code) && level < 2 ? paint.soft : paint.ink;
    placed.push({ code: m.code, text, x: spot[0], y: spot[1], font, align: spot[2], box, fill });
  }
  labels.placed = placed;
}

/** Draws the labels that are wholly in view. */
function drawLabels(ctx, scale, origin, size) {
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.5;
  ctx.strokeStyle = paint.ground;
  labels.boxes = [];
  for (const label of labels.placed) {
    const [x, y] = [label.x + origin[0], label.y + origin[1]];
    const [l, t, r, b] = label.box;
    if (l + origin[0] < 0 || t + origin[1] < 0 || r + origin[0] > size[0] || b + origin[1] > size[1]) continue;
    ctx.font = label.font;
    ctx.textAlign = label.align;
    ctx.strokeText(label.text, x, y);
    ctx.fillStyle = label.fill;
    ctx.fillText(label.text, x, y);
    labels.boxes.push({ code: label.code, region: label.region, text: label.text, box: [l + origin[0], t + origin[1], r + origin[0], b + origin[1]] });
  }
}
