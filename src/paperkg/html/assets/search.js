// The search box: any spelling of a name, or words of a title, with suggestions.

const MOST_HITS = 12;
/** Characters of a search that are looked for. */
const MOST_TYPED = 300;
let index = null;

function buildIndex() {
  index = [];
  for (let e = 0; e < ENTITY_COUNT; e++) {
    const forms = new Map([[fold(ENTITIES.name[e]), ""]]);
    for (const [form] of facts().spellings[e] || []) if (!forms.has(fold(form))) forms.set(fold(form), form);
    const long = facts().longForms[e];
    if (long && !forms.has(fold(long))) forms.set(fold(long), long);
    for (const [key, alias] of forms) index.push({ key, alias, code: `e${e}`, size: paperCount(e) });
  }
  for (let p = 0; p < PAPER_COUNT; p++) {
    index.push({ key: fold(PAPERS.title[p]), alias: "", code: `p${p}`, size: 0 });
    index.push({ key: fold(PAPERS.id[p]), alias: PAPERS.id[p], code: `p${p}`, size: 0 });
  }
}

/** Whether two words differ in at most `most` letters that are missing, more, other, or changed places. */
function alike(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return false;
  let [before, last] = [null, Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (before && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return false;
    [before, last] = [last, row];
  }
  return last[b.length] <= most;
}

/** The best hits: equal first, then beginning, then containing, by number of papers; near misses if there is no other. */
function searchFor(text) {
  if (!index) buildIndex();
  const asked = text.slice(0, MOST_TYPED);
  const key = fold(asked);
  if (!key) return [];
  const words = foldWords(asked);
  const hits = new Map();
  const take = (entry, rank) => {
    const old = hits.get(entry.code);
    if (!old || old.rank > rank) hits.set(entry.code, { ...entry, rank });
  };
  for (const entry of index) {
    const at = entry.key.indexOf(key);
    const rank = entry.key === key ? 0 : at === 0 ? 1 : at > 0 ? 2 : words.length > 1 && words.every((w) => entry.key.includes(w)) ? 3 : -1;
    if (rank >= 0) take(entry, rank);
  }
  if (!hits.size && key.length > 3 && key.length < 40) {
    for (const entry of index) if (alike(key, entry.key, key.length > 6 ? 2 : 1)) take(entry, 4);
  }
  return [...hits.values()].sort((a, b) => a.rank - b.rank || b.size - a.size || a.key.length - b.key.length || (a.code < b.code ? -1 : 1));
}

/**
 * A combobox of papers and entities.
 * @param {object} options `label`, `hint`, `id`, `only` ("paper" or nothing), `choose(code)`.
 */
function finder({ id, label, hint, only, choose }) {
  let hits = [];
  let active = -1;
  const list = el("ul", { class: "hits", id: `${id}-list`, role: "listbox", "aria-label": label, hidden: true });
  const input = el("input", { type: "search", id, class: "find", placeholder: hint, autocomplete: "off", spellcheck: "false",
    role: "combobox", "aria-label": label, "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list" });
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (code) => {
    input.value = "";
    close();
    choose(code);
  };
  const mark = () => {
    [...list.children].slice(0, hits.length).forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === active));
      if (i === active) item.scrollIntoView({ block: "nearest" });
    });
    if (active >= 0) input.setAttribute("aria-activedescendant", list.children[active].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const update = () => {
    const all = input.value.trim() ? searchFor(input.value).filter((hit) => only !== "paper" || isPaper(hit.code)) : [];
    hits = all.slice(0, MOST_HITS);
    active = hits.length ? 0 : -1;
    list.replaceChildren(...hits.map((hit, i) => el("li", { role: "option", id: `${id}-${i}`, class: "hit", "aria-selected": "false",
      onmousedown: (event) => event.preventDefault(), onclick: () => pick(hit.code) },
      icon(kindOf(hit.code)), el("span", { class: "hit-name" }, nameOf(hit.code), hit.alias && el("small", null, ` ${hit.alias}`)),
      el("small", { class: "hit-kind" }, isPaper(hit.code) ? "Paper" : `${kindName(hit.code)} · ${plural(paperCount(numberOf(hit.code)), "paper")}`))));
    if (all.length > hits.length) list.append(el("li", { class: "none", role: "option", "aria-selected": "false", "aria-disabled": "true" }, `and ${(all.length - hits.length).toLocaleString("en")} more: type on to narrow them`));
    if (!hits.length && input.value.trim()) list.replaceChildren(el("li", { class: "none", role: "option", "aria-selected": "false", "aria-disabled": "true" }, "Nothing has that name."));
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) say(plural(all.length, "match", "matches"));
    mark();
  };
  dress(input, {
    oninput: update,
    onfocus: () => input.value.trim() && update(),
    onblur: close,
    onkeydown: (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (hits.length) active = (active + (event.key === "ArrowDown" ? 1 : hits.length - 1)) % hits.length;
        mark();
      } else if (event.key === "Enter" && active >= 0 && !list.hidden) {
        event.preventDefault();
        pick(hits[active].code);
      } else if (event.key === "Escape") {
        if (!list.hidden || input.value) event.stopPropagation();
        input.value = "";
        close();
      }
    },
  });
  return el("div", { class: "combo" }, input, list);
}
