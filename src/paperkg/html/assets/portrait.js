// On a screen higher than wide the picture is turned and drawn out, so that it fills the screen.

const MOST_DRAWN_OUT = 1.7;
/** Room between the papers apart, and above them. */
const GRID = 26;
const ABOVE = 70;

function standUpright() {
  const all = [PAPERS, ENTITIES].flatMap(({ xy, region }) => region.map((r, n) => ({ xy, r, at: 2 * n }))).filter(({ xy, at }) => xy[at] !== null);
  const inside = all.filter(({ r }) => r !== APART);
  if (!inside.length) return;
  for (const { xy, at } of inside) [xy[at], xy[at + 1]] = [xy[at + 1], xy[at]];
  const span = (axis) => inside.reduce(([low, high], { xy, at }) => [Math.min(low, xy[at + axis]), Math.max(high, xy[at + axis])], [Infinity, -Infinity]);
  const [left, right] = span(0);
  let [top, bottom] = span(1);
  const free = (window.innerHeight - 190) / (window.innerWidth - 50);
  const out = Math.min(MOST_DRAWN_OUT, Math.max(1, (free * (right - left)) / Math.max(bottom - top, 1)));
  for (const { xy, at } of inside) xy[at + 1] = Math.round(xy[at + 1] * out);
  [top, bottom] = [top * out, bottom * out];
  const apart = all.filter(({ r }) => r === APART);
  const each = Math.max(6, Math.floor((right - left) / GRID));
  apart.forEach(({ xy, at }, i) => {
    xy[at] = Math.round(left + GRID * (i % each));
    xy[at + 1] = Math.round(bottom + ABOVE + GRID * Math.floor(i / each));
  });
  if (CORE.alone) CORE.alone.at = [Math.round(left), Math.round(bottom + ABOVE)];
}

if (window.innerHeight > window.innerWidth * 1.1) standUpright();
