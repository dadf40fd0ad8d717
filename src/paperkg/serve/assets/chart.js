// An answer as a chart: a name and a number as bars, a year and a number as lines, one for each name if there is a third column.

const MOST_BARS = 40;
const MOST_LINES = 6;
const LINE_KINDS = ["model", "method", "benchmark", "dataset", "task", "metric"];

const columnValues = (answer, name) => answer.rows.map((row) => row[name]).filter(Boolean);
const isYearly = (answer, name) => {
  const values = columnValues(answer, name);
  return values.length > 0 && values.every((term) => /^(1[89]|20)\d\d(-\d\d){0,2}$/.test(term.value));
};

/** Which columns can stand for what; null if there is no number to draw. */
function chartColumns(answer) {
  if (!answer.rows?.length) return null;
  const numbers = answer.columns.filter((name) => columnValues(answer, name).length && columnValues(answer, name).every(isNumber) && !isYearly(answer, name));
  const times = answer.columns.filter((name) => isYearly(answer, name));
  const names = answer.columns.filter((name) => !numbers.includes(name) && !times.includes(name) && columnValues(answer, name).length);
  if (!numbers.length || !(names.length || times.length)) return null;
  return { numbers, times, names };
}

const shownName = (term) => (term ? thingOf(term)?.name || (term.type === "uri" ? compact(term.value) : term.value) : "–");
const roundly = (n) => n.toLocaleString("en", { maximumFractionDigits: 2 });

/** A round step that cuts a span into at most five. */
function stepOf(span) {
  const raw = span / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= raw);
}

function cut(text, most) {
  return text.length > most ? text.slice(0, most - 1).trimEnd() + "…" : text;
}

function bars(answer, label, value) {
  const rows = answer.rows.filter((row) => row[value]).slice(0, MOST_BARS)
    .map((row) => ({ name: shownName(row[label]), thing: thingOf(row[label]), n: Number(row[value].value) }));
  const narrow = window.innerWidth < 760;
  const [left, wide, high] = [narrow ? 130 : 230, narrow ? 400 : 860, 24];
  const most = Math.max(0, ...rows.map((row) => row.n));
  const least = Math.min(0, ...rows.map((row) => row.n));
  const x = (n) => left + ((n - least) / (most - least || 1)) * (wide - left - 64);
  const marks = rows.map(({ name, thing, n }, i) => {
    const text = svg("text", { x: left - 8, y: i * high + 16, "text-anchor": "end" }, cut(name, narrow ? 19 : 34), svg("title", null, name));
    return svg("g", { class: thing ? `k-${thing.kind}` : "k-plain" },
      thing ? svg("a", { href: pathOf(thing.iri), "aria-label": name }, text) : text,
      svg("rect", { x: Math.min(x(0), x(n)), y: i * high + 4, width: Math.max(1, Math.abs(x(n) - x(0))), height: high - 8, rx: 2 }, svg("title", null, `${name}: ${roundly(n)}`)),
      svg("text", { x: Math.max(x(0), x(n)) + 6, y: i * high + 16, class: "value" }, roundly(n)));
  });
  const left_ = answer.rows.length - rows.length;
  return figure(svg("svg", { viewBox: `0 0 ${wide} ${rows.length * high + 6}`, role: "group", "aria-label": `${value} for each ${label}, ${plural(rows.length, "bar")}` }, marks),
    `${value} for each ${label}${left_ > 0 ? `; the first ${rows.length} of ${answer.rows.length.toLocaleString("en")} rows` : ""}`);
}

function lines(answer, time, value, series) {
  const all = new Map();
  for (const row of answer.rows) {
    if (!row[time] || !row[value]) continue;
    const name = series ? shownName(row[series]) : value;
    const year = Number(row[time].value.slice(0, 4));
    const points = all.get(name) || all.set(name, new Map()).get(name);
    points.set(year, (points.get(year) || 0) + Number(row[value].value));
  }
  const total = (points) => [...points.values()].reduce((sum, n) => sum + n, 0);
  const shown = [...all].sort((a, b) => total(b[1]) - total(a[1]) || a[0].localeCompare(b[0])).slice(0, MOST_LINES);
  const years = [...new Set(shown.flatMap(([, points]) => [...points.keys()]))].sort((a, b) => a - b);
  const most = Math.max(...shown.flatMap(([, points]) => [...points.values()]));
  const step = stepOf(most);
  const top = Math.ceil(most / step) * step;
  const [wide, high, left, foot] = [860, 340, 52, 28];
  const [first, last] = [years[0], years[years.length - 1]];
  const x = (year) => left + ((year - first) / (last - first || 1)) * (wide - left - 20);
  const y = (n) => 12 + (1 - n / top) * (high - 12 - foot);
  const grid = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step).map((n) => [
    svg("line", { class: "grid", x1: left, x2: wide - 20, y1: y(n), y2: y(n) }), svg("text", { x: left - 8, y: y(n) + 4, "text-anchor": "end" }, roundly(n))]);
  const every = Math.ceil((last - first + 1) / 12);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((year) => (year - first) % every === 0)
    .map((year) => svg("text", { x: x(year), y: high - 8, "text-anchor": "middle" }, String(year)));
  const drawn = shown.map(([name, points], i) => {
    const places = years.filter((year) => points.has(year)).map((year) => [x(year), y(points.get(year)), year]);
    return svg("g", { class: `series k-${LINE_KINDS[i]} dash-${i}` },
      svg("path", { d: "M" + places.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L") }),
      places.map(([px, py, year]) => svg("circle", { cx: px, cy: py, r: 3.5 }, svg("title", null, `${name}, ${year}: ${roundly(points.get(year))}`))));
  });
  const legend = series ? el("p", { class: "legend" }, shown.map(([name], i) => el("span", { class: `k-${LINE_KINDS[i]}` },
    svg("svg", { viewBox: "0 0 26 8", width: 26, height: 8, class: `series dash-${i} k-${LINE_KINDS[i]}`, "aria-hidden": "true" }, svg("path", { d: "M0 4H26" })), cut(name, 60)))) : null;
  const hidden = all.size - shown.length;
  return figure(svg("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${value} over ${time}, ${first} to ${last}, at most ${roundly(most)}` }, grid, ticks, drawn),
    `${value} over ${time}${series ? ` for each ${series}` : ""}${hidden > 0 ? `; the ${MOST_LINES} largest of ${all.size.toLocaleString("en")}` : ""}`, legend);
}

function figure(drawing, caption, legend) {
  return el("figure", { class: "plot" }, el("figcaption", null, caption), legend, drawing);
}

/** The chart of an answer, with a choice of columns where there is one. */
function answerChart(answer) {
  const { numbers, times, names } = chartColumns(answer);
  const box = el("div");
  const choice = { x: times[0] || names[0], y: numbers[0], by: times.length && names.length ? names[0] : "" };
  const select = (key, text, options) => options.length > 1 && el("label", null, text, el("select", { onchange: (event) => { choice[key] = event.target.value; draw(); } },
    options.map((name) => el("option", { value: name, selected: choice[key] === name }, name || "one line"))));
  const plot = el("div");
  const draw = () => plot.replaceChildren(times.includes(choice.x) ? lines(answer, choice.x, choice.y, choice.by) : bars(answer, choice.x, choice.y));
  fill(box, [el("p", { class: "choices" }, select("x", "Along ", [...times, ...names]), select("y", "Number ", numbers), times.length && names.length ? select("by", "A line for each ", [...names, ""]) : null), plot]);
  draw();
  return box;
}
