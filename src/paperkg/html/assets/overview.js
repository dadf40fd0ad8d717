// Tables that look at the whole: families, what changed over time, which papers are near, regions.

function familyTable() {
  const rows = [...new Set(Object.values(facts().families))].map((family) => {
    const { members, pairs } = familyOf(family);
    const compared = new Set(pairs.filter(([p, k]) => RELATIONS[linkAt(p, k).relation] === "compares_with").map(([p]) => p));
    return { family, members: members.filter((e) => passing.entities[e]), compared: compared.size, all: new Set(pairs.map(([p]) => p)).size };
  }).filter((row) => row.all);
  return sortTable("Families of models: versions and sizes together, each paper counted once", [
    { head: "Family", cell: (row) => familyLink(row.family), key: (row) => row.family },
    { head: "Members", cell: (row) => el("span", { class: "outs" }, row.members.slice(0, 8).map((e) => nodeLink(`e${e}`)), row.members.length > 8 && el("small", { class: "faint" }, `and ${row.members.length - 8} more`)),
      key: (row) => -row.members.length, text: (row) => row.members.map(nameKey).join("; ") },
    numberColumn("Compare with it", "compared"), numberColumn("Name it", "all"),
  ], rows, { by: 3, down: true });
}

const MOST_PERIODS = 10;

/**
 * The time of all passing papers in at most ten periods of equal length: quarters, years, or several years. The oldest
 * few, which would make the periods long, go into the first.
 */
function periods() {
  const inQuarters = (m) => Number(m.slice(0, 4)) * 4 + Math.floor(((Number(m.slice(5, 7)) || 1) - 1) / 3);
  const dated = PAPERS.id.map((_, p) => p).filter((p) => passing.papers[p] && monthOf(p));
  const all = dated.map((p) => inQuarters(monthOf(p))).sort((a, b) => a - b);
  if (!all.length) return { names: [], of: () => -1, middle: 0 };
  const [first, last] = [all[Math.floor(all.length / 50)], all[all.length - 1]];
  const step = [1, 4, 8, 20, 40, 80, 400].find((s) => Math.floor(last / s) - Math.floor(first / s) < MOST_PERIODS) || 4000;
  const start = Math.floor(first / step);
  const name = (i) => {
    const from = (start + i) * step;
    if (i === 0 && all[0] < from) return `to ${Math.floor((from + step - 1) / 4)}`;
    if (step === 1) return `${Math.floor(from / 4)} Q${(from % 4) + 1}`;
    return step === 4 ? String(from / 4) : `${from / 4}–${String(from / 4 + step / 4 - 1).slice(-2)}`;
  };
  return {
    names: Array.from({ length: Math.floor(last / step) - start + 1 }, (_, i) => name(i)),
    of: (p) => (monthOf(p) ? Math.max(0, Math.floor(inQuarters(monthOf(p)) / step) - start) : -1),
    quarter: (p) => inQuarters(monthOf(p)),
    middle: all[Math.floor(all.length / 2)],
  };
}

/** Entities by period, and how much of their use falls into the newer half of all papers. */
function timeTable() {
  const { names, of, quarter, middle } = periods();
  const rows = [];
  for (let e = 0; e < ENTITY_COUNT; e++) {
    if (passing.entities[e] < 2) continue;
    const counts = names.map(() => 0);
    let late = 0;
    let dated = 0;
    for (const [p] of papersOf(e)) {
      if (of(p) < 0) continue;
      counts[of(p)]++;
      dated++;
      if (quarter(p) >= middle) late++;
    }
    if (dated) rows.push({ e, counts, dated, late: Math.round((100 * late) / dated) });
  }
  const shade = (n, row) => el("span", { class: "heat", css: { "--w": `${Math.round((60 * n) / Math.max(...row.counts))}%` } }, n || "·");
  return sortTable("Entities of two or more dated papers by time: papers in each period", [
    entityColumn("Name"), typeColumn,
    ...names.map((name, i) => ({ head: name, number: true, cell: (row) => shade(row.counts[i], row), key: (row) => row.counts[i], text: (row) => String(row.counts[i]) })),
    numberColumn("Papers", "dated"),
    { head: "In the newer half", number: true, cell: (row) => `${row.late} %`, key: (row) => row.late },
  ], rows, { by: names.length + 2, down: true });
}

/** An entity of more papers says little about any two of them, and makes too many pairs. */
const COMMON = 60;
const MOST_PAIRS = 400;

function pairTable() {
  const shared = new Map();
  let common = 0;
  for (let e = 0; e < ENTITY_COUNT; e++) {
    const papers = papersOf(e).map(([p]) => p).sort((a, b) => a - b);
    if (papers.length > COMMON) common++;
    if (papers.length < 2 || papers.length > COMMON) continue;
    for (let i = 0; i < papers.length; i++) {
      for (let j = i + 1; j < papers.length; j++) {
        const key = papers[i] * PAPER_COUNT + papers[j];
        if (!shared.has(key)) shared.set(key, []);
        shared.get(key).push(e);
      }
    }
  }
  const rows = [...shared].filter(([, entities]) => entities.length > 1)
    .map(([key, entities]) => ({ a: Math.floor(key / PAPER_COUNT), b: key % PAPER_COUNT, entities, n: entities.length, weight: entities.reduce((sum, e) => sum + 1 / Math.log(1 + paperCount(e)), 0) }))
    .sort((x, y) => y.weight - x.weight || x.a - y.a || x.b - y.b);
  const left = rows.length - MOST_PAIRS;
  const note = [left > 0 && `the ${MOST_PAIRS} nearest of ${rows.length.toLocaleString("en")}`, common && `without the ${common} that more than ${COMMON} papers name`].filter(Boolean).join("; ");
  const of = (key, head) => ({ head, cell: (row) => nodeLink(`p${row[key]}`, PAPERS.label[row[key]]), key: (row) => PAPERS.label[row[key]], text: (row) => PAPERS.title[row[key]] });
  return sortTable(`Pairs of papers by what both name${note ? ` (${note})` : ""}; a type on the left narrows it`, [
    of("a", "One paper"), of("b", "Another"), numberColumn("In common", "n"),
    { head: "What", cell: (row) => el("span", { class: "outs" }, row.entities.slice(0, 6).map((e) => nodeLink(`e${e}`)), row.entities.length > 6 && el("small", { class: "faint" }, `and ${row.entities.length - 6} more`)),
      text: (row) => row.entities.map(nameKey).join("; ") },
    { head: "Side by side", cell: (row) => el("a", { href: address({ paper: PAPERS.id[row.a], compare: PAPERS.id[row.b] }), "aria-label": `Compare ${PAPERS.label[row.a]} and ${PAPERS.label[row.b]}` }, "Compare"), text: () => "" },
  ], rows.slice(0, MOST_PAIRS), { by: 2, down: true });
}

function regionTable() {
  const count = CORE.regions.map(() => ({ papers: 0, entities: 0 }));
  const apart = { papers: 0, entities: 0 };
  PAPERS.region.forEach((r, p) => { if (passing.papers[p]) (count[r] || apart).papers++; });
  ENTITIES.region.forEach((r, e) => { if (passing.entities[e] > 1) (count[r] || apart).entities++; });
  const rows = count.map((counts, r) => ({ r, ...counts }));
  if (CORE.alone) rows.push({ r: APART, ...apart });
  return sortTable("Regions of the picture: papers and entities that belong together", [
    { head: "Region", cell: (row) => el("a", { href: address({ region: regionId(row.r) }) }, regionNames(row.r).join(" · ") || "Without a name"), key: (row) => regionNames(row.r).join(" ") },
    numberColumn("Papers", "papers"), numberColumn("Shared entities", "entities"),
  ], rows.filter((row) => row.papers + row.entities > 0), { by: 1, down: true });
}
