// The picture: what of the graph is drawn, and how.

let picture = null;
const drawn = { list: [], set: new Set(), links: [], version: 0 };
const outlines = [];

/** What is in focus: level 2 are the chosen nodes, 1 their neighbours, 0 the rest, which fades. */
const highlight = {
  any: false,
  region: null,
  chosen: new Set(),
  near: new Set(),
  links: [],
  level(code) {
    return this.chosen.has(code) ? 2 : this.near.has(code) ? 1 : 0;
  },
};

const EIGHT = Array.from({ length: 8 }, (_, i) => [Math.cos((i * Math.PI) / 4), Math.sin((i * Math.PI) / 4)]);

/** The outline of each region: the convex hull of its nodes, rounded and with room. */
function outline() {
  const bySize = CORE.regions.map(() => new Map());
  for (const code of CORE.order) {
    const r = regionOf(code);
    if (r < 0) continue;
    const reach = sizeOf(code) + 16;
    if (!bySize[r].has(reach)) bySize[r].set(reach, []);
    bySize[r].get(reach).push(positionOf(code));
  }
  const mid = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  bySize.forEach((sizes, r) => {
    // Of nodes of one size only those on their own hull can touch that of all.
    const edge = [...sizes].flatMap(([reach, points]) => convex(points).flatMap(([x, y]) => EIGHT.map(([c, s]) => [x + reach * c, y + reach * s])));
    const hull = convex(edge);
    if (!hull.length) return;
    const path = new Path2D();
    path.moveTo(...mid(hull[hull.length - 1], hull[0]));
    hull.forEach((point, i) => path.quadraticCurveTo(...point, ...mid(point, hull[(i + 1) % hull.length])));
    path.closePath();
    const xs = hull.map((q) => q[0]);
    const ys = hull.map((q) => q[1]);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    outlines[r] = { path, hull, x: (box[0] + box[2]) / 2, top: box[1], bottom: box[3], box };
  });
}

function boxOfRegion(r) {
  return r === APART ? boxOf(CORE.order.filter((code) => regionOf(code) === APART)) : outlines[r].box;
}

function convex(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (all) => {
    const out = [];
    for (const q of all) {
      while (out.length > 1) {
        const a = out[out.length - 2];
        const b = out[out.length - 1];
        if ((b[0] - a[0]) * (q[1] - a[1]) - (b[1] - a[1]) * (q[0] - a[0]) > 0) break;
        out.pop();
      }
      out.push(q);
    }
    out.pop();
    return out;
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

/** What to draw: what is in focus, then what carries structure and is in view, until there is enough. */
function choose() {
  const { first, most } = CORE.limits;
  const chosen = [...highlight.chosen, ...highlight.near].slice(0, most);
  const set = new Set(chosen);
  const whole = CORE.order.length <= first;
  const box = whole ? null : viewBox(0.25);
  let room = first;
  for (const code of CORE.order) {
    if (room <= 0 || set.size >= most) break;
    if (!passes(code) || set.has(code)) continue;
    if (box) {
      const [x, y] = positionOf(code);
      if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) continue;
    }
    set.add(code);
    room--;
  }
  return set;
}

/** The links among drawn nodes: of each paper the strongest. */
function chooseLinks(set) {
  const links = [];
  for (const code of set) {
    if (!isPaper(code)) continue;
    const p = numberOf(code);
    let room = CORE.limits.linksEach;
    for (let k = 0; k < linkCount(p) && room > 0; k++) {
      if (!linkPasses(p, k)) continue;
      const entity = `e${linkAt(p, k).entity}`;
      if (set.has(entity)) {
        links.push([code, entity]);
        room--;
      }
    }
  }
  return links;
}

function redraw() {
  const set = choose();
  Object.assign(drawn, { set, list: [...set], links: chooseLinks(set), version: drawn.version + 1 });
  picture.redraw();
}

function paintRegions(ctx, scale) {
  ctx.lineWidth = 1 / scale;
  outlines.forEach((shape, r) => {
    ctx.globalAlpha = highlight.any && highlight.region !== r ? 0.45 : 1;
    ctx.fillStyle = paint.region;
    ctx.strokeStyle = highlight.region === r ? paint.focus : paint.regionLine;
    ctx.fill(shape.path);
    ctx.stroke(shape.path);
  });
  ctx.globalAlpha = 1;
}

function line(ctx, links) {
  ctx.beginPath();
  for (const [from, to] of links) {
    ctx.moveTo(...positionOf(from));
    ctx.lineTo(...positionOf(to));
  }
  ctx.stroke();
}

function paintLinks(ctx, scale) {
  ctx.lineCap = "round";
  ctx.strokeStyle = paint.edge;
  ctx.lineWidth = 0.9 / scale;
  const fading = highlight.any ? 0.25 : 1;
  ctx.globalAlpha = (CORE.regions.length > 12 ? 0.1 : 0.25) * fading;
  line(ctx, drawn.links.filter(([a, b]) => regionOf(a) !== regionOf(b)));
  ctx.globalAlpha = 0.8 * fading;
  line(ctx, drawn.links.filter(([a, b]) => regionOf(a) === regionOf(b) && regionOf(a) !== highlight.region));
  if (highlight.region !== null) {
    ctx.globalAlpha = 0.8;
    line(ctx, drawn.links.filter(([a, b]) => regionOf(a) === highlight.region && regionOf(b) === highlight.region));
  }
  ctx.globalAlpha = 0.85;
  const lit = hovered.link ? [hovered.link] : hovered.code && !highlight.any ? drawn.links.filter((link) => link.includes(hovered.code)) : [];
  const groups = new Map();
  for (const link of [...highlight.links, ...lit]) {
    const kind = kindOf(link[1]);
    if (!groups.has(kind)) groups.set(kind, []);
    groups.get(kind).push(link);
  }
  ctx.lineWidth = (highlight.links.length > 40 ? 0.9 : 1.5) / scale;
  for (const [kind, links] of groups) {
    ctx.strokeStyle = paint.kinds[kind];
    line(ctx, links);
  }
  ctx.globalAlpha = 1;
}

function paintMarks(ctx, scale) {
  const [left, top, right, bottom] = viewBox(0.05);
  for (const code of drawn.list) {
    const [x, y] = positionOf(code);
    if (x < left || y < top || x > right || y > bottom) continue;
    const level = highlight.level(code);
    ctx.save();
    ctx.globalAlpha = highlight.any && highlight.region === null && level === 0 ? 0.16 : 1;
    ctx.translate(x, y);
    drawMark(ctx, kindOf(code), screenRadius(code, scale) / scale, 1.2 / scale, level === 2 || hovered.code === code);
    ctx.restore();
  }
}

function paintLabels(ctx) {
  const { x, y, scale, wide, high, dense } = picture;
  ctx.save();
  ctx.setTransform(dense, 0, 0, dense, 0, 0);
  const origin = [wide / 2 - x * scale, high / 2 - y * scale];
  const free = freeArea();
  placeLabels(ctx, scale, [-origin[0], -origin[1], free.width - origin[0], free.height - origin[1]]);
  drawLabels(ctx, scale, origin, [wide, high]);
  ctx.restore();
}

function paintPicture(ctx) {
  const { scale } = picture;
  paintRegions(ctx, scale);
  paintLinks(ctx, scale);
  paintMarks(ctx, scale);
  paintLabels(ctx);
}

function buildPicture() {
  readPaint();
  outline();
  picture = new Stage(byId("picture"), { paint: paintPicture, clicked: (at) => follow(under(at)), settled: calm(redraw, 130) });
  lookAt(boxOf(CORE.order), { still: true });
  redraw();
  picture.draw();
}
