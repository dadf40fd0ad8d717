// Which papers, links and entities the filters let through, and how many there are of each kind.

/** The filters of an address in the form in which they are tested. */
function compile(filter) {
  const { types, relations, pages } = filter;
  return {
    types: TYPES.map((t) => !types || types.includes(t)),
    relations: RELATIONS.map((r) => !relations || relations.includes(r)),
    pages: pages ? pages.map((page) => CORE.pages.indexOf(page)) : null,
    min: Number(filter.min) || 0,
    since: filter.since || "",
    until: filter.until || "",
  };
}

function dateFits(p, f) {
  if (!f.since && !f.until) return true;
  const month = monthOf(p);
  return month !== "" && (!f.since || month >= f.since) && (!f.until || month <= f.until);
}

const pageFits = (p, f) => !f.pages || PAPERS.pages[p].some((page) => f.pages.includes(page));

const passing = {
  filter: null,
  any: false,
  papers: new Uint8Array(PAPER_COUNT),
  entities: new Int32Array(ENTITY_COUNT),
};

/** Whether a link passes; its paper is taken to pass. */
function linkPasses(p, k) {
  const f = passing.filter;
  const row = PAPERS.rows[p];
  return f.relations[row[3 * k + 1]] && row[3 * k + 2] >= f.min && f.types[ENTITIES.type[row[3 * k]]];
}

/**
 * Tests everything against the filters of `state` and counts. A count beside a choice says what it would show: it
 * follows all filters but its own.
 */
function refilter() {
  const f = compile(state.filter);
  passing.filter = f;
  passing.any = Object.keys(state.filter).length > 0;
  passing.entities.fill(0);
  const narrowed = f.relations.includes(false) || f.types.includes(false) || f.min > 0;
  const count = {
    papers: 0,
    types: TYPES.map(() => new Set()),
    relations: RELATIONS.map(() => 0),
    pages: CORE.pages.map(() => 0),
    months: new Map(),
  };
  for (let p = 0; p < PAPER_COUNT; p++) {
    const inTime = dateFits(p, f);
    const onPage = pageFits(p, f);
    let links = 0;
    const row = PAPERS.rows[p];
    for (let i = 0; i < row.length; i += 3) {
      const type = ENTITIES.type[row[i]];
      const sure = row[i + 2] >= f.min;
      if (sure && f.types[type] && f.relations[row[i + 1]]) links++;
      if (inTime && onPage && sure) {
        if (f.types[type]) count.relations[row[i + 1]]++;
        if (f.relations[row[i + 1]]) count.types[type].add(row[i]);
      }
    }
    const linked = links > 0 || !narrowed;
    passing.papers[p] = inTime && onPage && linked ? 1 : 0;
    if (passing.papers[p]) {
      count.papers++;
      for (let k = 0; k < row.length / 3; k++) if (linkPasses(p, k)) passing.entities[row[3 * k]]++;
    }
    if (inTime && linked) for (const page of PAPERS.pages[p]) count.pages[page]++;
    if (onPage && linked && monthOf(p)) count.months.set(monthOf(p), (count.months.get(monthOf(p)) || 0) + 1);
  }
  passing.count = { ...count, types: count.types.map((set) => set.size) };
}

const passes = (code) => (isPaper(code) ? passing.papers : passing.entities)[numberOf(code)] > 0;

/** The places of a paper's links that pass. */
function linksOf(p) {
  return Array.from({ length: linkCount(p) }, (_, k) => k).filter((k) => linkPasses(p, k));
}

/** An entity's passing links as [paper, place]. */
function papersOf(e) {
  const pairs = [];
  for (let i = 0; i < PAPERS_OF[e].length; i += 2) {
    const [p, k] = [PAPERS_OF[e][i], PAPERS_OF[e][i + 1]];
    if (passing.papers[p] && linkPasses(p, k)) pairs.push([p, k]);
  }
  return pairs;
}
