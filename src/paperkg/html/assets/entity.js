// The panel of an entity, and of a region.

function spellingsOf(e) {
  const forms = facts().spellings[e];
  if (!forms || forms.length < 2) return null;
  return el("p", { class: "chips" }, el("b", null, "Spellings"), forms.slice(0, 12).map(([text, times]) => el("span", { class: "pair" }, text, el("small", null, `${times}×`))),
    forms.length > 12 && el("small", { class: "faint" }, `and ${forms.length - 12} more`));
}

/** Entities most often named by the same papers, against what their frequency lets expect. */
function namedTogether(e) {
  const papers = papersOf(e);
  const joint = new Map();
  for (const [p] of papers.slice(0, 600)) {
    const row = PAPERS.rows[p];
    for (let i = 0; i < row.length; i += 3) if (row[i] !== e) joint.set(row[i], (joint.get(row[i]) || 0) + 1);
  }
  return [...joint].filter(([, n]) => n > 1)
    .map(([other, n]) => [other, n, n / Math.sqrt(paperCount(other))])
    .sort((a, b) => b[2] - a[2] || a[0] - b[0]).slice(0, 10);
}

function roleLine([p, k], whom) {
  return el("article", { class: "said" },
    el("p", null, el("span", null, nodeLink(`p${p}`), whom && [" ", whom]), el("small", { class: "faint" }, dateText(PAPERS.date[p])), sureness(linkAt(p, k).confidence)),
    evidence(p, k));
}

function newestFirst(pairs) {
  return [...pairs].sort((a, b) => PAPERS.date[b[0]].localeCompare(PAPERS.date[a[0]]) || a[0] - b[0]);
}

/** Papers by their relation to an entity, or to the entities of a family, newest first, with the words. */
function byRole(pairs, build = roleLine) {
  return RELATIONS.map((relation, r) => {
    const role = newestFirst(pairs.filter(([p, k]) => linkAt(p, k).relation === r));
    return role.length ? section(`${ROLE[relation]} ${plural(new Set(role.map(([p]) => p)).size, "paper")}`, shortList(role, build, 6)) : null;
  });
}

/** A family's members, and the papers that name one of them, each once for each member. */
function familyOf(family) {
  const { families } = facts();
  const members = Object.keys(families).filter((e) => families[e] === family).map(Number);
  const head = members.some((e) => ENTITIES.name[e] === family) ? null : find("entity", family);
  if (head && ENTITIES.name[numberOf(head)] === family) members.push(numberOf(head));
  members.sort((a, b) => paperCount(b) - paperCount(a) || a - b);
  return { members, pairs: members.flatMap(papersOf) };
}

/** A family by its name in any case and with any spaces; null if there is none. */
function familyNamed(text) {
  const families = Object.values(facts().families);
  const key = fold(text);
  return families.find((family) => family === text) || (key && families.find((family) => fold(family) === key)) || null;
}

const familyLink = (family) => el("a", { href: address({ family }) }, family);

function familyPanel(family) {
  const { members, pairs } = familyOf(family);
  const papers = [...new Set(pairs.map(([p]) => p))];
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow k-model" }, icon("model", 13), "Family"), el("h2", null, family)),
    el("p", { class: "meta" }, el("span", null, plural(papers.length, "paper")), el("span", null, plural(members.length, "member"))),
    timeChart(papers),
    section("Members", shortList(members, (e) => el("span", { class: "row" }, nodeLink(`e${e}`), el("small", { class: "faint" }, plural(passing.entities[e], "paper"))))),
    ...byRole(pairs, (pair) => roleLine(pair, nodeLink(`e${linkAt(...pair).entity}`))),
  ];
}

function entityPanel(e) {
  const code = `e${e}`;
  const pairs = papersOf(e);
  const hidden = paperCount(e) - pairs.length;
  const { families, versions, longForms } = facts();
  const results = facts().results.filter((row) => passing.papers[row[0]] && (row[1] === e || row[2] === e || row[3] === e));
  const relations = facts().relations.filter((row) => row[1] === e || row[3] === e);
  const introduced = pairs.filter(([p, k]) => RELATIONS[linkAt(p, k).relation] === "introduces");
  const together = namedTogether(e);
  const family = families[e] || (kindOf(code) === "model" ? familyNamed(ENTITIES.name[e]) : null);
  const kin = family ? familyOf(family).members.filter((other) => other !== e) : [];
  const only = ["system", "on", "metric"].find((name, i) => results.length && results.every((row) => row[i + 1] === e));
  return [
    heading(code),
    longForms[e] ? el("p", { class: "long" }, longForms[e]) : null,
    el("p", { class: "meta" }, el("span", null, plural(paperCount(e), "paper")),
      pairs.length > PAPERS_ROUND && el("span", null, `${PAPERS_ROUND} drawn`),
      el("span", null, ENTITIES.named[e] ? "a proper name" : "a common term")),
    onward(code),
    spellingsOf(e),
    e in versions ? el("p", { class: "chips" }, el("b", null, "Version of"), nodeLink(`e${versions[e]}`)) : null,
    kin.length ? el("p", { class: "chips" }, el("b", null, "Family ", familyLink(family)), kin.slice(0, 8).map((other) => nodeLink(`e${other}`)), kin.length > 8 && el("small", { class: "faint" }, `and ${kin.length - 8} more`)) : null,
    introduced.length ? el("p", { class: "chips" }, el("b", null, "Introduced by"), introduced.slice(0, 6).map(([p]) => nodeLink(`p${p}`, PAPERS.label[p])), introduced.length > 6 && el("small", { class: "faint" }, `and ${introduced.length - 6} more`)) : null,
    timeChart(pairs.map(([p]) => p)),
    ...byRole(pairs),
    hidden ? el("p", { class: "faint" }, `${plural(hidden, "paper")} hidden by the filters.`) : null,
    results.length ? section(`Results (${results.length})`, resultTable(results, { hide: only, by: "value" })) : null,
    relations.length ? section("Relations to other entities", shortList(relations, relationLine)) : null,
    together.length ? section("Often named together", el("p", { class: "chips" }, together.map(([other, n]) => el("span", { class: "pair" }, nodeLink(`e${other}`), el("small", null, n))))) : null,
  ];
}

/** The papers and entities on which the page was asked to open. */
function answerPanel(shown) {
  const papers = shown.filter(isPaper);
  const entities = shown.filter((code) => !isPaper(code));
  const lines = (codes) => shortList(codes, (code) => nodeLink(code), 30);
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow" }, "Answer of a query"),
      el("h2", null, [papers.length && plural(papers.length, "paper"), entities.length && plural(entities.length, "entity", "entities")].filter(Boolean).join(", "))),
    entities.length ? section("Entities", lines(entities)) : null,
    papers.length ? section("Papers", lines(papers)) : null,
  ];
}

function regionPanel(r) {
  const inside = CORE.order.filter((code) => regionOf(code) === r && passes(code));
  const papers = inside.filter(isPaper);
  const entities = inside.filter((code) => !isPaper(code)).sort((a, b) => paperCount(numberOf(b)) - paperCount(numberOf(a)));
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow" }, r === APART ? "Outside the regions" : "Region"), el("h2", null, regionNames(r).join(" · ") || "Without a name")),
    r === APART ? el("p", { class: "long" }, "These papers share little or nothing with the others.") : null,
    el("p", { class: "meta" }, el("span", null, plural(papers.length, "paper")), el("span", null, plural(entities.length, "shared entity", "shared entities"))),
    timeChart(papers.map(numberOf)),
    entities.length ? section("Most named", shortList(entities, (code) => el("span", { class: "row" }, nodeLink(code), el("small", { class: "faint" }, plural(passing.entities[numberOf(code)], "paper"))))) : null,
    section("Papers", shortList(newestFirst(papers.map((code) => [numberOf(code)])), ([p]) => el("span", { class: "row" }, nodeLink(`p${p}`), el("small", { class: "faint" }, dateText(PAPERS.date[p]))))),
  ];
}
