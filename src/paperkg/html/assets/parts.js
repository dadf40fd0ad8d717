// Small pieces that the panels share.

function nodeLink(code, text) {
  return el("a", { href: addressOf(code), class: `node k-${kindOf(code)}`, title: isPaper(code) ? null : `${kindName(code)}: ${nameOf(code)}` },
    icon(kindOf(code)), el("span", null, text || nameOf(code)));
}

/** A node's name with its kind as a heading. */
function heading(code, ...more) {
  return el("header", { class: "head" },
    el("p", { class: `eyebrow k-${kindOf(code)}` }, icon(kindOf(code), 13), kindName(code), ...more),
    el("h2", null, nameOf(code)));
}

function section(title, ...kids) {
  return el("section", { class: "part" }, el("h3", null, title), ...kids);
}

/** Percent with a bar; weak ones are marked. */
function sureness(percent) {
  return el("span", { class: `sure${percent < 50 ? " weak" : ""}`, title: `Confidence ${percent} %` },
    el("i", { css: { "--w": `${percent}%` }, "aria-hidden": "true" }), `${percent} %`);
}

/**
 * A stretch of text with marks in it.
 * @param {string} text the whole text, of which `from` to `to` is shown.
 * @param {Array} marks `{start, end, code}` or `{start, end, url}`; of overlapping ones the first and longest is kept.
 */
function marked(text, from, to, marks) {
  const kids = [];
  let at = from;
  const sorted = marks.filter((m) => m.start >= from && m.end <= to && m.start < m.end)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  for (const mark of sorted) {
    if (mark.start < at) continue;
    kids.push(text.slice(at, mark.start));
    const words = text.slice(mark.start, mark.end);
    if (mark.url) kids.push(outward(mark.url, words));
    else if (mark.plain) kids.push(el("mark", { class: `k-${kindOf(mark.code)}` }, words));
    else kids.push(el("a", { href: addressOf(mark.code), class: `mention k-${kindOf(mark.code)}`, title: `${kindName(mark.code)}: ${nameOf(mark.code)}` }, words));
    at = mark.end;
  }
  kids.push(text.slice(at, to));
  return kids;
}

/** The marks of a paper's mentions and links in its title (0) or abstract (1). */
function marksOf(p, field) {
  const detail = detailOf(p);
  const marks = [];
  detail.mentions?.forEach((spans, k) => {
    for (const [f, start, end] of spans) if (f === field) marks.push({ start, end, code: `e${linkAt(p, k).entity}` });
  });
  for (const [url, , f, start, end] of facts().links[p] || []) if (f === field) marks.push({ start, end, url });
  return marks;
}

/** The sentence on which the `k`-th link of a paper rests, with the entity marked. */
function evidence(p, k) {
  const detail = detailOf(p);
  const [field, start, end] = detail.evidence[k];
  const code = `e${linkAt(p, k).entity}`;
  const marks = detail.mentions[k].filter(([f]) => f === field).map(([, s, e]) => ({ start: s, end: e, code, plain: true }));
  return el("blockquote", null, ...marked(textOf(p, field), start, end, marks));
}

function quote(p, [field, start, end]) {
  return el("blockquote", null, textOf(p, field).slice(start, end));
}

/** A line with a button that shows what it rests on; `more` builds that when it is asked for. */
function unfolding(name, line, more) {
  const body = el("div", { hidden: true });
  const button = el("button", { type: "button", class: "unfold", "aria-expanded": "false", "aria-label": `Evidence: ${name}`, onclick: () => {
    if (!body.childNodes.length) body.append(...more());
    body.hidden = !body.hidden;
    button.setAttribute("aria-expanded", String(!body.hidden));
  } });
  return el("div", { class: "link" }, el("div", { class: "line" }, button, line), body);
}

/** A list of which only the first `few` are shown until asked. */
function shortList(items, build, few = 12) {
  const box = el("ul", { class: "plain" });
  const add = (from, to) => items.slice(from, to).forEach((item) => box.append(el("li", null, build(item))));
  add(0, few);
  if (items.length <= few) return box;
  let shown = few;
  const more = el("button", { type: "button", class: "more", onclick: () => {
    add(shown, shown + 50);
    box.children[shown].querySelector("a, button")?.focus();
    shown += 50;
    more.hidden = shown >= items.length;
    more.textContent = moreText();
  } });
  const moreText = () => stepText(50, items.length - shown);
  more.textContent = moreText();
  return el("div", null, box, more);
}

/** Bars of papers over time: by month, or by year where the span is long. */
function timeChart(papers) {
  const months = papers.map(monthOf).filter(Boolean).sort();
  if (new Set(months).size < 2) return null;
  const inMonths = (m) => Number(m.slice(0, 4)) * 12 + (Number(m.slice(5, 7)) || 1) - 1;
  const byYear = inMonths(months[months.length - 1]) - inMonths(months[0]) > 40;
  const step = (m) => (byYear ? Number(m.slice(0, 4)) : inMonths(m));
  const [first, last] = [step(months[0]), step(months[months.length - 1])];
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const m of months) counts[step(m) - first]++;
  const most = Math.max(...counts);
  const wide = 320 / counts.length;
  const name = (i) => (byYear ? String(first + i) : `${MONTHS[(first + i) % 12]} ${Math.floor((first + i) / 12)}`);
  const bars = counts.map((n, i) => svg("rect", { x: i * wide + wide * 0.1, y: 44 - (n / most) * 40, width: wide * 0.8, height: (n / most) * 40, rx: 1 },
    svg("title", null, `${name(i)}: ${plural(n, "paper")}`)));
  const undated = papers.length - months.length;
  return el("figure", { class: "chart" },
    svg("svg", { viewBox: "0 0 320 46", role: "img", "aria-label": `Papers over time, ${name(0)} to ${name(counts.length - 1)}, at most ${most} at once` },
      svg("line", { x1: 0, x2: 320, y1: 45, y2: 45 }), ...bars),
    el("figcaption", null, el("span", null, name(0)), undated ? el("span", null, `${undated} without a date`) : "", el("span", null, name(counts.length - 1))));
}
