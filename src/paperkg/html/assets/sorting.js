// Tables whose columns sort.

/** How tables with the same columns were sorted last, for a table is built anew whenever a filter moves. */
const sortedLast = new Map();

/** Rows of a table that are shown at a time. */
const TABLE_STEP = 200;
const collator = new Intl.Collator("en", { numeric: true });

/** What the button of a list or table says that shows so many more of those that are left. */
const stepText = (step, left) => (left > step ? `Show ${step} more of ${left.toLocaleString("en")}` : `Show ${left} more`);

/**
 * A table whose columns sort. A long one is shown in steps, so that no click has to wait for thousands of rows.
 * @param {Array} columns `{head, cell(row), key(row), number, text(row)}`: `key` gives what is sorted by, and `text` what
 * is saved where that is not what the cell shows.
 * @param {object} options `by` and `down`: the column sorted by at first, null for the order given; `few`: rows shown at first.
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
  let order = (by !== null && sortedLast.get(memory)) || { by, down };
  let sorted = rows;
  let shown = 0;
  const add = (step) => {
    const next = Math.min(sorted.length, shown + step);
    body.append(...sorted.slice(shown, next).map((row) => el("tr", null, columns.map((column, i) =>
      el(i === 0 ? "th" : "td", { scope: i === 0 ? "row" : null, class: column.number ? "num" : null }, column.cell(row))))));
    shown = next;
    const left = sorted.length - shown;
    more.hidden = left === 0;
    more.textContent = stepText(TABLE_STEP, left);
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
  if (order.by === null) add(few);
  else sort(order.by, true);
  const box = el("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption }, rows.length ? table : el("p", { class: "none" }, `${caption}: nothing to show, as the filters stand.`), more);
  box.saved = () => [columns.map((column) => column.head),
    ...sorted.map((row) => columns.map((column) => (column.text ? column.text(row) : el("i", null, column.cell(row)).textContent)))];
  return box;
}
