// Tables whose columns sort, and reported results as one.

/** How tables with the same columns were sorted last, for a table is built anew whenever a filter moves. */
const sortedLast = new Map();

/** Rows of a table that are shown at a time. */
const TABLE_STEP = 200;
const collator = new Intl.Collator("en", { numeric: true });

/**
 * A table whose columns sort. A long one is shown in steps, so that no click has to wait for thousands of rows.
 * @param {Array} columns `{head, cell(row), key(row), number, text(row)}`: `key` gives what is sorted by, and `text` what
 * is saved where that is not what the cell shows.
 * @param {object} options `by` and `down`: the column sorted by at first; `few`: rows shown at first.
 */
function sortTable(caption, columns, rows, { by = 0, down = false, few = 60 } = {}) {
  const body = el("tbody");
  const heads = columns.map((column, i) => el("th", { scope: "col", class: column.number ? "num" : null },
    column.key ? el("button", { type: "button", onclick: () => sort(i) }, column.head) : column.head));
  const more = el("button", { type: "button", class: "more", onclick: () => {
    const at = shown;
    add(TABLE_STEP);
    body.rows[at]?.querySelector("a, button")?.focus();
  } });
  const memory = columns.map((column) => column.head).join("|");
  let order = sortedLast.get(memory) || { by, down };
  let sorted = rows;
  let shown = 0;
  const add = (step) => {
    const next = Math.min(sorted.length, shown + step);
    body.append(...sorted.slice(shown, next).map((row) => el("tr", null, columns.map((column, i) =>
      el(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: column.number ? "num" : null }, column.cell(row))))));
    shown = next;
    const left = sorted.length - shown;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(TABLE_STEP, left)} more of ${left.toLocaleString("en")}`;
  };
  const sort = (i, first) => {
    order = { by: i, down: first ? order.down : order.by === i ? !order.down : Boolean(columns[i].number) };
    const key = columns[i].key;
    const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
    sorted = rows.map((row, n) => [key(row), n, row])
      .sort((a, b) => (a[0] === "") - (b[0] === "") || (order.down ? -1 : 1) * compare(a[0], b[0]) || a[1] - b[1]).map((entry) => entry[2]);
    if (!first) sortedLast.set(memory, order);
    heads.forEach((head, n) => columns[n].key && head.setAttribute("aria-sort", n === i ? (order.down ? "descending" : "ascending") : "none"));
    body.replaceChildren();
    shown = 0;
    add(few);
  };
  const table = el("table", null, el("caption", null, caption), el("thead", null, el("tr", null, heads)), body);
  sort(order.by, true);
  const box = el("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption }, rows.length ? table : el("p", { class: "none" }, `${caption}: nothing to show, as the filters stand.`), more);
  box.saved = () => [columns.map((column) => column.head),
    ...sorted.map((row) => columns.map((column) => (column.text ? column.text(row) : el("i", null, column.cell(row)).textContent)))];
  return box;
}

/** A value that shows the words round it, in a row of their own, when it is clicked. */
function resultValue(row) {
  const [p, , , , value, , , kind, , field, start, end] = row;
  const words = () => {
    const text = textOf(p, field);
    const from = Math.max(0, text.lastIndexOf(". ", start - 1) + 1, start - 240);
    const stop = text.indexOf(". ", end);
    const to = Math.min(stop < 0 ? text.length : stop + 1, end + 240);
    return el("blockquote", null, text.slice(from, start), el("mark", { class: "k-metric" }, text.slice(start, end)), text.slice(end, to));
  };
  const button = el("button", { type: "button", class: "value", "aria-expanded": "false", onclick: () => {
    const line = button.closest("tr");
    const on = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!on));
    if (on) line.nextSibling.remove();
    else line.after(el("tr", null, el("td", { colspan: line.children.length }, words())));
  } }, kind === "change" ? `Δ ${value}` : value);
  return button;
}

/** Results on one scale: a share of a metric that is otherwise given in percent counts as percent. */
function onOneScale(results) {
  const inPercent = new Set(results.filter((row) => row[6] === "%").map((row) => row[3]));
  return (row) => (row[6] !== "%" && Math.abs(row[5]) <= 1 && inPercent.has(row[3]) ? row[5] * 100 : row[5]);
}

/** Results as a table; `hide` names a column that says the same in every row; `sure` adds their confidence. */
function resultTable(results, { hide, sure, by = "on" } = {}) {
  const cell = (n) => (row) => (row[n] === null ? "–" : nodeLink(`e${row[n]}`));
  const name = (n) => (row) => (row[n] === null ? "" : ENTITIES.name[row[n]]);
  const size = onOneScale(results);
  const same = results.length > 1 && results[0][3] !== null && results.every((row) => row[3] === results[0][3]);
  const columns = [
    { id: "system", of: 1, head: "System", cell: cell(1), key: name(1) },
    { id: "on", of: 2, head: "On", cell: cell(2), key: name(2) },
    { id: "metric", of: 3, head: "Metric", cell: cell(3), key: name(3) },
    { id: "value", head: "Value", number: true, cell: resultValue, key: size },
    { id: "paper", head: "Paper", cell: (row) => nodeLink(`p${row[0]}`, PAPERS.label[row[0]]), key: (row) => PAPERS.label[row[0]], text: (row) => PAPERS.title[row[0]] },
    { id: "sure", head: "Confidence", number: true, cell: (row) => sureness(row[8]), key: (row) => row[8] },
  ].filter((column) => column.id !== hide && (column.id !== "sure" || sure) && (column.id !== "metric" || !same) && (!column.of || results.some((row) => row[column.of] !== null)));
  const together = [...results].sort((a, b) => collator.compare(name(2)(a), name(2)(b)) || collator.compare(name(3)(a), name(3)(b)) || size(b) - size(a));
  const at = Math.max(0, columns.findIndex((column) => column.id === by));
  const caption = `Reported results${same ? ` (${ENTITIES.name[results[0][3]]})` : ""}; Δ marks a change, a value opens its words`;
  return sortTable(caption, columns, together, { by: at, down: by === "value", few: 25 });
}
