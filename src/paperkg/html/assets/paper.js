// The panel of a paper, and of the link between a paper and an entity.

function dateLine(p) {
  const date = PAPERS.date[p];
  if (!date) return el("span", { class: "faint" }, "no date");
  const { reason, written } = detailOf(p);
  const guess = date.endsWith("?");
  return el(guess ? "abbr" : "span", { title: guess ? `Written "${written}"; the year is concluded: ${reason || "see the provenance"}` : null }, dateText(date));
}

function paperMeta(p) {
  const detail = detailOf(p);
  const authors = detail.authors?.length ? detail.authors : null;
  const who = authors ? authors.slice(0, 6).join(", ") + (authors.length > 6 ? ` and ${authors.length - 6} more` : "") : detail.count ? plural(detail.count, "author") : null;
  const items = [dateLine(p), who, facts().organisations[p]?.join(", "), detail.listings && `on ${plural(new Set(detail.listings.map((x) => x[0])).size, "page")}`];
  return el("p", { class: "meta" }, items.filter(Boolean).map((item) => el("span", null, item)));
}

const LINK_NAMES = { code: "Code", data: "Data", project: "Project page", demo: "Demo" };

/** The addresses that a paper gives, each once. */
function linksOut(p) {
  const seen = new Set();
  return (facts().links[p] || []).filter(([url]) => !seen.has(url) && seen.add(url));
}

function paperLinks(p) {
  const detail = detailOf(p);
  const links = linksOut(p);
  if (!links.length && !detail.url) return null;
  return el("p", { class: "buttons" },
    detail.url && outward(detail.url, "Paper page"),
    links.map(([url, kind]) => outward(url, el("b", null, LINK_NAMES[kind] || "Link"), " ", url.replace(/^https?:\/\/(www\.)?/, "").slice(0, 44))));
}

function linkLine(p, k) {
  const { entity, confidence } = linkAt(p, k);
  const alone = paperCount(entity) === 1;
  return unfolding(ENTITIES.name[entity],
    [nodeLink(`e${entity}`), alone && el("small", { class: "faint" }, "only here"), sureness(confidence)], () => [evidence(p, k)]);
}

function byRelation(p, shown) {
  return RELATIONS.map((relation, r) => {
    const links = shown.filter((k) => linkAt(p, k).relation === r);
    return links.length ? section(`${DEED[relation]} (${links.length})`, el("div", { class: "links" }, links.map((k) => linkLine(p, k)))) : null;
  });
}

/** Papers that name the same rare entities, the nearest first. */
function relatedPapers(p) {
  const score = new Map();
  for (let k = 0; k < linkCount(p); k++) {
    const e = linkAt(p, k).entity;
    const n = paperCount(e);
    if (n < 2 || n > 400) continue;
    for (let i = 0; i < PAPERS_OF[e].length; i += 2) {
      const other = PAPERS_OF[e][i];
      if (other !== p) {
        const entry = score.get(other) || { weight: 0, shared: [] };
        entry.weight += 1 / Math.log(1 + n);
        entry.shared.push(e);
        score.set(other, entry);
      }
    }
  }
  return [...score].sort((a, b) => b[1].weight - a[1].weight || a[0] - b[0]).slice(0, 6);
}

function relationLine(row) {
  const [p, subject, predicate, object, confidence, ...span] = row;
  const verb = CORE.predicates[predicate].replaceAll("_", " ");
  return unfolding(`${ENTITIES.name[subject]} ${verb} ${ENTITIES.name[object]}`,
    [nodeLink(`e${subject}`), el("em", null, verb), nodeLink(`e${object}`), sureness(confidence)],
    () => [quote(p, span), el("p", { class: "faint" }, "in ", nodeLink(`p${p}`, PAPERS.label[p]))]);
}

function paperPanel(p) {
  const code = `p${p}`;
  const shown = linksOf(p);
  const hidden = linkCount(p) - shown.length;
  const results = facts().results.filter((row) => row[0] === p);
  const relations = facts().relations.filter((row) => row[0] === p);
  const introduced = shown.filter((k) => RELATIONS[linkAt(p, k).relation] === "introduces");
  const related = relatedPapers(p);
  return [
    heading(code),
    paperMeta(p),
    paperLinks(p),
    onward(code),
    introduced.length ? el("p", { class: "chips" }, el("b", null, "Introduces"), introduced.map((k) => nodeLink(`e${linkAt(p, k).entity}`))) : null,
    section("Abstract", el("p", { class: "abstract" }, marked(detailOf(p).abstract, 0, detailOf(p).abstract.length, marksOf(p, 1)))),
    results.length ? section("Results", resultTable(results, { hide: "paper" })) : null,
    ...byRelation(p, shown),
    hidden ? el("p", { class: "faint" }, `${plural(hidden, "entity", "entities")} hidden by the filters.`) : null,
    relations.length ? section("What it says of them", ...relations.map(relationLine)) : null,
    related.length ? section("Near it", el("ul", { class: "plain near" }, related.map(([other, { shared }]) => el("li", null,
      nodeLink(`p${other}`), el("small", { class: "faint" }, `shares ${shared.slice(0, 4).map((e) => ENTITIES.name[e]).join(", ")}${shared.length > 4 ? ` and ${shared.length - 4} more` : ""}`),
      el("a", { href: address({ paper: PAPERS.id[p], compare: PAPERS.id[other] }), class: "act" }, "Compare"))))) : null,
  ];
}

/** The link between a paper and an entity: what it says, and the words on which it rests. */
function linkPanel(p, e) {
  const k = linkBetween(p, e);
  if (k < 0) return paperPanel(p);
  const { relation, confidence } = linkAt(p, k);
  const own = detailOf(p).types[k];
  const mentions = detailOf(p).mentions[k];
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow" }, "Link"),
      el("h2", null, `${DEED[RELATIONS[relation]]} ${ENTITIES.name[e]}`)),
    el("p", null, nodeLink(`p${p}`)),
    el("p", { class: "relation" }, el("em", null, relationText(relation)), nodeLink(`e${e}`), sureness(confidence)),
    section("Evidence", evidence(p, k)),
    el("p", { class: "faint" }, `Named ${plural(mentions.length, "time")} in title and abstract`,
      own !== ENTITIES.type[e] && `; this paper speaks of it as a ${TYPES[own].toLowerCase()}`, "."),
  ];
}
