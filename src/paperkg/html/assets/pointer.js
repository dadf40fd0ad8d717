// What is under the pointer: a mark, a name, a line, a region; what is said of it, and where a click leads.

/** What the pointer or the keyboard is at: `code` of a node, `link` as [from, to], `region` by number, or nothing. */
let hovered = {};

const LINK_REACH = 5;

function pixelOf(code) {
  const [x, y] = positionOf(code);
  return picture.toPixel({ x, y });
}

/** The drawn node whose mark covers a pixel, or nearly. */
function nodeAt(at) {
  let best = null;
  let least = 0;
  for (const code of drawn.list) {
    const { x, y } = pixelOf(code);
    const gap = Math.hypot(x - at.x, y - at.y) - screenRadius(code, picture.scale) - 2;
    if (gap <= least) [best, least] = [code, gap];
  }
  return best;
}

/** The link under a point of the plane, if one passes within a few pixels. */
function linkNear({ x, y }) {
  const reach = LINK_REACH / picture.scale;
  let best = null;
  let least = reach * reach;
  for (const link of highlight.links.length ? highlight.links : drawn.links) {
    const [a, b] = link.map(positionOf);
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const t = Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1)));
    const d = (a[0] + t * dx - x) ** 2 + (a[1] + t * dy - y) ** 2;
    if (d < least) [best, least] = [link, d];
  }
  return best;
}

function inside(hull, { x, y }) {
  let odd = false;
  for (let i = 0, j = hull.length - 1; i < hull.length; j = i++) {
    const [a, b] = [hull[i], hull[j]];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) odd = !odd;
  }
  return odd;
}

/** What is at a point of the picture, in pixels; a name counts as what it names. */
function under(at) {
  const node = nodeAt(at);
  if (node) return { code: node };
  const label = labels.boxes.find(({ box }) => at.x >= box[0] && at.x <= box[2] && at.y >= box[1] && at.y <= box[3]);
  if (label) return label.region === undefined ? { code: label.code } : { region: label.region };
  const point = picture.toPlane(at);
  const link = linkNear(point);
  if (link && isPaper(link[0]) && !isPaper(link[1])) return { link };
  const region = highlight.any ? -1 : outlines.findIndex((shape) => shape && inside(shape.hull, point));
  return region >= 0 ? { region } : {};
}

/** Goes to what was clicked; the empty ground closes the view. */
function follow({ code, link, region }) {
  if (code) go(addressOf(code));
  else if (link) go(addressOfLink(...link.map(numberOf)));
  else go(address(region === undefined ? {} : { region: regionId(region) }));
}

/** Marks what the pointer is at; `at` is its place in pixels. */
function hover(what, at) {
  const same = what.code === hovered.code && what.region === hovered.region && String(what.link) === String(hovered.link);
  if (same && !what.link) return;
  hovered = what;
  byId("picture").classList.toggle("over", Object.keys(what).length > 0);
  tip(what, at);
  if (!same) picture.redraw();
}

/** At most about `most` characters of a text round a place in it, cut between words. */
function excerpt(text, place, most) {
  if (text.length <= most) return text;
  const from = Math.max(0, Math.min(place - most / 2, text.length - most));
  const start = from === 0 ? 0 : text.indexOf(" ", from) + 1;
  const end = text.length - start <= most ? text.length : text.lastIndexOf(" ", start + most);
  return `${start ? "… " : ""}${text.slice(start, end > start ? end : start + most)}${end < text.length ? " …" : ""}`;
}

function tipOfNode(code) {
  const n = numberOf(code);
  const alone = isPaper(code) ? openPositions(n).size : 0;
  const count = isPaper(code) ? plural(linkCount(n), "entity", "entities") + (alone ? `, ${alone} named only here` : "") : plural(paperCount(n), "paper");
  return [icon(kindOf(code)), el("span", null, el("b", null, nameOf(code)), el("small", null, `${kindName(code)}, ${count}`))];
}

function tipOfLink([paper, entity]) {
  const p = numberOf(paper);
  const k = linkBetween(p, numberOf(entity));
  const { relation, confidence } = linkAt(p, k);
  const [field, start, end] = detailOf(p).evidence[k];
  const [, named] = detailOf(p).mentions[k].find(([f, s]) => f === field && s >= start && s < end) || [field, start];
  return [el("span", null, el("b", null, `${PAPERS.label[p]} ${relationText(relation)} ${nameOf(entity)}`),
    el("small", null, `${confidence} % sure: “${excerpt(textOf(p, field).slice(start, end), named - start, 170)}”`))];
}

/** Says in a few words what the pointer is at; regions have their names already. */
function tip({ code, link }, at) {
  const box = byId("tip");
  box.hidden = !code && !link;
  if (box.hidden) return;
  box.replaceChildren(...(code ? tipOfNode(code) : tipOfLink(link)));
  const centre = code ? pixelOf(code) : at;
  const gap = code ? screenRadius(code, picture.scale) + 8 : 14;
  const [wide, high] = [box.offsetWidth, box.offsetHeight];
  const left = Math.max(6, Math.min(byId("picture").clientWidth - wide - 6, centre.x - wide / 2));
  const top = centre.y - gap - high < 6 ? centre.y + gap : centre.y - gap - high;
  box.style.setProperty("left", `${left}px`);
  box.style.setProperty("top", `${top}px`);
}

/** Follows the pointer over the picture, at most once a frame. */
function watchPointer() {
  const stage = byId("picture");
  let last = null;
  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return hover({});
    if (last === null) {
      requestAnimationFrame(() => {
        const at = last;
        last = null;
        if (at) hover(under(at), at);
      });
    }
    const box = stage.getBoundingClientRect();
    last = { x: event.clientX - box.left, y: event.clientY - box.top };
  });
  stage.addEventListener("pointerleave", () => {
    last = null;
    hover({});
  });
  stage.addEventListener("wheel", () => hover({}), { passive: true });
}
