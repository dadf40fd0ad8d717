// Shapes and colours. A kind is told by its shape as well as by its colour.

const ring = (n, r, turn, inner) =>
  "M" + Array.from({ length: n * (inner ? 2 : 1) }, (_, i) => {
    const angle = turn + (i * Math.PI * 2) / (n * (inner ? 2 : 1));
    const reach = inner && i % 2 ? inner : r;
    return `${(Math.cos(angle) * reach).toFixed(3)} ${(Math.sin(angle) * reach).toFixed(3)}`;
  }).join("L") + "Z";

/** Outlines of radius about 1, as SVG paths. */
const OUTLINES = {
  paper: "M-.78-1H.28L.78-.5V1H-.78Z",
  method: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  model: ring(6, 1.1, 0),
  dataset: "M-.9-.9H.9V.9H-.9Z",
  benchmark: ring(5, 1.28, -Math.PI / 2, 0.6),
  metric: ring(4, 1.22, 0),
  task: "M0-1.12L1.12.86H-1.12Z",
};
const KINDS = Object.keys(OUTLINES);

function icon(kind, size = 14) {
  const path = svg("path", { d: OUTLINES[kind] });
  return svg("svg", { viewBox: "-1.45 -1.45 2.9 2.9", width: size, height: size, class: `icon k-${kind}`,
    "aria-hidden": "true", focusable: "false" }, path);
}

const paths = {};
let paint = {};

/** Reads the colours of the present theme from the style sheet. */
function readPaint() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(name).trim();
  for (const kind of KINDS) paths[kind] = paths[kind] || new Path2D(OUTLINES[kind]);
  paint = {
    ground: get("--ground"),
    ink: get("--ink"),
    soft: get("--ink-soft"),
    edge: get("--edge"),
    region: get("--region"),
    regionLine: get("--region-line"),
    regionInk: get("--region-ink"),
    sheet: get("--sheet"),
    focus: get("--focus"),
    family: getComputedStyle(document.body).fontFamily,
    kinds: Object.fromEntries(KINDS.map((kind) => [kind, get(`--k-${kind}`)])),
  };
}

/** A mark's radius on the screen: it grows slower than the picture, and never vanishes. */
function screenRadius(code, scale) {
  return Math.max(sizeOf(code) * Math.min(scale, 1) ** 0.45 * Math.max(scale, 1) ** 0.6, isPaper(code) ? 2.6 : 3.2);
}

/** Draws a mark of radius `r` at the origin of the context. */
function drawMark(ctx, kind, r, line, ringed) {
  ctx.scale(r, r);
  if (kind === "paper") {
    ctx.fillStyle = paint.sheet;
    ctx.strokeStyle = paint.kinds.paper;
  } else {
    ctx.fillStyle = paint.kinds[kind];
    ctx.strokeStyle = paint.ground;
  }
  ctx.lineWidth = line / r;
  ctx.lineJoin = "round";
  ctx.fill(paths[kind]);
  ctx.stroke(paths[kind]);
  if (ringed) {
    ctx.beginPath();
    ctx.arc(0, 0, 1.3 + (3 * line) / r, 0, Math.PI * 2);
    ctx.strokeStyle = paint.focus;
    ctx.lineWidth = (2 * line) / r;
    ctx.stroke();
  }
}
