// Legend and filters in one: each row tells a kind, how many there are, and whether it is shown.

const facetRows = {};

/** All are shown until one is taken out; the address names those that are left. */
function toggleIn(key, all, name) {
  const on = state.filter[key] || all;
  const now = on.includes(name) ? on.filter((x) => x !== name) : all.filter((x) => x === name || on.includes(x));
  setFilter({ [key]: now.length === all.length ? [] : now });
}

function checkRow(key, all, name, text, mark, hint) {
  const box = el("input", { type: "checkbox", onchange: () => toggleIn(key, all, name) });
  const count = el("span", { class: "count" });
  const only = el("button", { type: "button", class: "only", "aria-label": `Only ${text}`, onclick: () => setFilter({ [key]: [name] }) }, "only");
  facetRows[`${key}.${name}`] = { box, count };
  return el("div", { class: "check-row" }, el("label", { class: "check", title: hint }, box, mark, el("span", { class: "check-name" }, text), count), only);
}

const HINTS = {
  introduces: "claimed as the paper's own contribution",
  evaluates_on: "data on which the paper runs experiments",
  evaluates_with: "a measure that the paper reports",
  addresses: "a problem that the paper works on",
  compares_with: "a baseline, or the system under test",
  uses: "what the paper's own approach is built on",
  mentions: "everything else",
};

let months = [];

function buildFacets() {
  months = [...new Set(PAPERS.id.map((_, p) => monthOf(p)).filter(Boolean))].sort();
  const range = (id, text, max, step) => el("input", { type: "range", id, min: 0, max, step: step || 1, "aria-label": text });
  const sure = range("min", "Least confidence in percent", 95, 5);
  dress(sure, { oninput: () => setFilter({ min: sure.value === "0" ? "" : sure.value }, true) });
  facetRows.min = { box: sure, out: el("output", { for: "min" }) };
  const groups = [
    el("section", { class: "facet" },
      el("h2", null, "Shown"),
      el("p", { class: "check still" }, icon("paper"), el("span", { class: "check-name" }, "Paper"), (facetRows.papers = { count: el("span", { class: "count" }) }).count),
      TYPES.map((type) => checkRow("types", TYPES, type, type, icon(type.toLowerCase())))),
    el("section", { class: "facet" },
      el("h2", null, "Relation of the paper"),
      RELATIONS.map((r) => checkRow("relations", RELATIONS, r, r.replaceAll("_", " "), null, HINTS[r]))),
    el("section", { class: "facet" }, el("h2", null, "Confidence"), el("div", { class: "slide" }, sure, facetRows.min.out)),
  ];
  if (months.length > 1) {
    const since = range("since", "Earliest date", months.length - 1);
    const until = range("until", "Latest date", months.length - 1);
    const moved = () => {
      const [a, b] = [Math.min(+since.value, +until.value), Math.max(+since.value, +until.value)];
      setFilter({ since: a > 0 ? months[a] : "", until: b < months.length - 1 ? months[b] : "" }, true);
    };
    dress(since, { oninput: moved });
    dress(until, { oninput: moved });
    facetRows.time = { since, until, out: el("output", { for: "since until" }), bars: el("div", { class: "bars", "aria-hidden": "true" }) };
    groups.push(el("section", { class: "facet" }, el("h2", null, "Date"), el("div", { class: "time" }, facetRows.time.bars, since, until), facetRows.time.out));
  }
  if (CORE.pages.length > 1) {
    groups.push(el("details", { class: "facet" }, el("summary", null, el("h2", null, "Page")),
      CORE.pages.map((page) => checkRow("pages", CORE.pages, page, page, null, page))));
  }
  const clear = el("button", { type: "button", class: "clear", onclick: () => go(write(presentView())) }, "Clear filters");
  facetRows.clear = clear;
  const { version, files } = CORE;
  const about = el("details", { class: "facet about" }, el("summary", null, el("h2", null, "How it was made")),
    el("p", { class: "faint" }, `By paperkg ${version} from ${plural(files.length, "file")}.`),
    el("ul", { class: "plain" }, files.map(([name, records]) => el("li", { class: "row" }, el("span", null, name), el("span", { class: "count" }, records.toLocaleString("en"))))));
  byId("side").replaceChildren(...groups, clear, about);
}

/** Brings boxes, sliders and counts in line with the address. */
function showFacets() {
  const { filter } = state;
  const c = passing.count;
  facetRows.papers.count.textContent = c.papers.toLocaleString("en");
  const set = (group, names, counts) => names.forEach((name, i) => {
    const row = facetRows[`${group}.${name}`];
    if (!row) return;
    row.box.checked = !filter[group] || filter[group].includes(name);
    row.count.textContent = counts[i].toLocaleString("en");
    row.box.closest("label").classList.toggle("off", !row.box.checked);
  });
  set("types", TYPES, c.types);
  set("relations", RELATIONS, c.relations);
  set("pages", CORE.pages, c.pages);
  facetRows.min.box.value = filter.min || 0;
  facetRows.min.out.textContent = filter.min ? `${filter.min} % or more` : "any";
  if (facetRows.time) {
    const { since, until, out, bars } = facetRows.time;
    const a = Math.max(0, months.findIndex((m) => m >= (filter.since || "")));
    const last = filter.until ? months.filter((m) => m <= filter.until).length - 1 : months.length - 1;
    if (document.activeElement !== since && document.activeElement !== until) {
      since.value = a;
      until.value = last;
    }
    out.textContent = filter.since || filter.until ? `${dateText(months[a])} to ${dateText(months[Math.max(last, 0)])}` : `${dateText(months[0])} to ${dateText(months[months.length - 1])}`;
    const most = Math.max(1, ...months.map((m) => c.months.get(m) || 0));
    bars.replaceChildren(...months.map((m, i) => el("i", { class: i < a || i > last ? "out" : null, css: { "--h": `${Math.round(((c.months.get(m) || 0) / most) * 100)}%` } })));
  }
  facetRows.clear.hidden = !passing.any;
}
