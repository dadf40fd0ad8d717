// Taking away: the view as a picture, what it shows as data.

function hand(name, type, data) {
  const url = URL.createObjectURL(data instanceof Blob ? data : new Blob([data], { type }));
  const stem = CORE.title.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "graph";
  el("a", { href: url, download: `${stem}.${name}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** The nodes that are drawn, and every passing link among them. */
function visible() {
  const codes = [...drawn.set].filter((code) => !highlight.any || highlight.region !== null || highlight.level(code) > 0);
  const set = new Set(codes);
  const links = [];
  for (const code of codes) {
    if (!isPaper(code)) continue;
    const p = numberOf(code);
    for (const k of linksOf(p)) {
      const { entity, relation, confidence } = linkAt(p, k);
      if (set.has(`e${entity}`)) {
        const [field, start, end] = detailOf(p).evidence[k];
        links.push({ p, e: entity, relation: RELATIONS[relation], confidence: confidence / 100, text: textOf(p, field).slice(start, end) });
      }
    }
  }
  return { codes, links };
}

const wholeIri = (id) => (id.includes("://") ? id : CORE.base + id);
const iriOf = (e) => wholeIri(ENTITIES.id[e]);

/** Rows as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
function csv(rows) {
  const quoteCell = (value) => {
    const text = String(value);
    return `"${(/^\s*[=+\-@＝＋－＠\t\r\n]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  };
  return rows.map((row) => row.map(quoteCell).join(",")).join("\r\n") + "\r\n";
}

function asCsv({ links }) {
  const rows = links.map((x) => [PAPERS.id[x.p], PAPERS.title[x.p], PAPERS.date[x.p], x.relation, iriOf(x.e), ENTITIES.name[x.e], TYPES[ENTITIES.type[x.e]], x.confidence, x.text]);
  return csv([["paper", "title", "date", "relation", "entity", "name", "type", "confidence", "evidence"], ...rows]);
}

function nodeRecord(code) {
  const n = numberOf(code);
  return isPaper(code)
    ? { id: PAPERS.id[n], kind: "Paper", name: PAPERS.title[n], date: PAPERS.date[n] }
    : { id: iriOf(n), kind: TYPES[ENTITIES.type[n]], name: ENTITIES.name[n] };
}

function asJson({ codes, links }) {
  const edges = links.map((x) => ({ source: PAPERS.id[x.p], target: iriOf(x.e), relation: x.relation, confidence: x.confidence, evidence: x.text }));
  return JSON.stringify({ directed: true, nodes: codes.map(nodeRecord), edges }, null, 1);
}

/** A text without the characters that XML cannot hold. */
const sound = (text) => String(text).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ").replace(/\p{Cs}/gu, " ");

function xmlText(text) {
  return sound(text)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function asGraphml({ codes, links }) {
  const keys = [["kind", "node"], ["name", "node"], ["date", "node"], ["relation", "edge"], ["confidence", "edge"], ["evidence", "edge"]];
  const data = (record) => Object.entries(record).map(([k, v]) => `<data key="${k}">${xmlText(v)}</data>`).join("");
  const node = (code) => {
    const { id, ...rest } = nodeRecord(code);
    return `<node id="${xmlText(id)}">${data(rest)}</node>`;
  };
  const edge = (x) => `<edge source="${xmlText(PAPERS.id[x.p])}" target="${xmlText(iriOf(x.e))}">${data({ relation: x.relation, confidence: x.confidence, evidence: x.text })}</edge>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys.map(([k, of]) => `<key id="${k}" for="${of}" attr.name="${k}" attr.type="${k === "confidence" ? "double" : "string"}"/>`),
    '<graph edgedefault="directed">', ...codes.map(node), ...links.map(edge), "</graph>", "</graphml>", ""].join("\n");
}

const iriText = (iri) => `<${iri.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (c) => encodeURIComponent(c).replace(/^.$/, "%7C"))}>`;
const literal = (text) => `"${text.replace(/[\\"\n\r\t]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" })[c])}"`;

function asTurtle({ codes, links }) {
  const paperIri = (p) => iriText(wholeIri(PAPERS.iri[p]));
  const nodes = codes.map((code) => (isPaper(code)
    ? `${paperIri(numberOf(code))} a pkg:Paper ; rdfs:label ${literal(nameOf(code))} .`
    : `${iriText(iriOf(numberOf(code)))} a pkg:${kindName(code)} ; rdfs:label ${literal(nameOf(code))} .`));
  const edges = links.map((x) => `${paperIri(x.p)} pkg:${x.relation} ${iriText(iriOf(x.e))} .`);
  return ["@prefix pkg: <https://w3id.org/paperkg/ontology#> .", "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .", "", ...nodes, ...edges, ""].join("\n");
}

function asSvg() {
  const { x, y, scale, wide: w, high: h } = picture;
  const at = (code) => positionOf(code).map((v, i) => (v - [x, y][i]) * scale + [w, h][i] / 2);
  const root = svg("svg", { xmlns: SVG, viewBox: `0 0 ${w} ${h}`, width: w, height: h, "font-family": paint.family });
  root.append(svg("rect", { width: w, height: h, fill: paint.ground }));
  outlines.forEach(({ hull }) => root.append(svg("polygon", { points: hull.map(([a, b]) => `${((a - x) * scale + w / 2).toFixed(1)},${((b - y) * scale + h / 2).toFixed(1)}`).join(" "), fill: paint.region, stroke: paint.regionLine })));
  const strokes = (links, colour, width, opacity) => links.forEach(([a, b]) => {
    const [p, q] = [at(a), at(b)];
    root.append(svg("line", { x1: p[0].toFixed(1), y1: p[1].toFixed(1), x2: q[0].toFixed(1), y2: q[1].toFixed(1), stroke: colour(b), "stroke-width": width, "stroke-opacity": opacity }));
  });
  strokes(drawn.links, () => paint.edge, 0.9, highlight.any ? 0.16 : 0.55);
  strokes(highlight.links, (code) => paint.kinds[kindOf(code)], 1.5, 0.85);
  for (const code of drawn.list) {
    const [px, py] = at(code);
    const r = screenRadius(code, scale);
    const kind = kindOf(code);
    root.append(svg("path", { d: OUTLINES[kind], transform: `translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(${r.toFixed(2)})`,
      fill: kind === "paper" ? paint.sheet : paint.kinds[kind], stroke: kind === "paper" ? paint.kinds.paper : paint.ground,
      "stroke-width": (1.2 / r).toFixed(3), opacity: highlight.any && highlight.region === null && !highlight.level(code) ? 0.16 : 1 }, svg("title", null, sound(nameOf(code)))));
  }
  for (const label of labels.placed) {
    const [lx, ly] = [label.x - x * scale + w / 2, label.y - y * scale + h / 2];
    const anchor = { left: "start", center: "middle", right: "end" }[label.align];
    const [, weight, size] = /^(\d+) ([\d.]+px)/.exec(label.font);
    root.append(svg("text", { x: lx.toFixed(1), y: ly.toFixed(1), "text-anchor": anchor, "dominant-baseline": "central", "font-size": size, "font-weight": weight, fill: label.fill,
      stroke: paint.ground, "stroke-width": 3.5, "stroke-linejoin": "round", "paint-order": "stroke" }, sound(label.text)));
  }
  return new XMLSerializer().serializeToString(root);
}

function savePng() {
  const canvas = byId("picture").querySelector("canvas");
  const copy = el("canvas", { width: canvas.width, height: canvas.height });
  const ctx = copy.getContext("2d");
  ctx.fillStyle = paint.ground;
  ctx.fillRect(0, 0, copy.width, copy.height);
  ctx.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => blob && hand("png", "image/png", blob));
}

function tableJson([heads, ...rows]) {
  return JSON.stringify(rows.map((row) => Object.fromEntries(row.map((cell, i) => [heads[i], cell]))), null, 1);
}

/** What can be saved of the present view: its name and what saves it. */
function saves() {
  if (state.tables) {
    return [
      ["This table (CSV)", () => hand("csv", "text/csv", csv(savedTable()))],
      ["This table (JSON)", () => hand("json", "application/json", tableJson(savedTable()))],
    ];
  }
  return [
    ["Picture (PNG)", savePng],
    ["Picture (SVG)", () => hand("svg", "image/svg+xml", asSvg())],
    ["Visible links (CSV)", () => hand("csv", "text/csv", asCsv(visible()))],
    ["Visible part (JSON)", () => hand("json", "application/json", asJson(visible()))],
    ["Visible part (GraphML)", () => hand("graphml", "application/xml", asGraphml(visible()))],
    ["Visible part (Turtle)", () => hand("ttl", "text/turtle", asTurtle(visible()))],
  ];
}
