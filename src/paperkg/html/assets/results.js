// Reported results as a table.

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
