// Two papers side by side, and the path between two nodes.

/** Buttons that lead on from a node: each opens a search box for the other one. */
function onward(code) {
  const place = el("div", { class: "asked" });
  const ask = (name, options) => {
    const button = el("button", { type: "button", class: "clear", "aria-expanded": "false", onclick: () => {
      const open = button.getAttribute("aria-expanded") === "false";
      for (const other of box.querySelectorAll("[aria-expanded=true]")) if (other.tagName === "BUTTON") other.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-expanded", String(open));
      place.replaceChildren(open ? finder(options) : "");
      place.querySelector("input")?.focus();
    } }, name);
    return button;
  };
  const box = el("div", { class: "onward" });
  if (isPaper(code)) {
    box.append(ask("Compare with …", { id: "compare-with", label: "Compare with a paper", hint: "the other paper's title", only: "paper",
      choose: (other) => go(address({ paper: idOf(code), compare: idOf(other) })) }));
  }
  box.append(ask("Path to …", { id: "path-to", label: "Path to a paper or entity", hint: "a name or a title",
    choose: (other) => go(address({ path: longId(code), to: longId(other) })) }), place);
  return box;
}

function comparePanel(a, b) {
  const both = [];
  const alone = [[], []];
  for (let k = 0; k < linkCount(a); k++) {
    const other = linkBetween(b, linkAt(a, k).entity);
    if (other >= 0) both.push([k, other]);
    else alone[0].push(k);
  }
  for (let k = 0; k < linkCount(b); k++) if (linkBetween(a, linkAt(b, k).entity) < 0) alone[1].push(k);
  const table = sortTable("Entities that both name", [
    { head: "Entity", cell: ([k]) => nodeLink(`e${linkAt(a, k).entity}`), key: ([k]) => ENTITIES.name[linkAt(a, k).entity] },
    { head: "First paper", cell: ([k]) => el("a", { href: addressOfLink(a, linkAt(a, k).entity) }, relationText(linkAt(a, k).relation)), key: ([k]) => linkAt(a, k).relation },
    { head: "Second paper", cell: ([, k]) => el("a", { href: addressOfLink(b, linkAt(b, k).entity) }, relationText(linkAt(b, k).relation)), key: ([, k]) => linkAt(b, k).relation },
  ], both, { by: 1 });
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow" }, "Two papers"), el("h2", null, both.length ? `${plural(both.length, "entity", "entities")} in common` : "Nothing in common")),
    el("div", { class: "twin" }, [a, b].map((p) => el("div", null, el("p", null, nodeLink(`p${p}`)), paperMeta(p)))),
    both.length ? table : el("p", null, "They share no entity. ", el("a", { href: address({ path: longId(`p${a}`), to: longId(`p${b}`) }) }, "Show the path between them")),
    el("div", { class: "twin" }, [a, b].map((p, i) => section(`Only the ${i ? "second" : "first"} (${alone[i].length})`, shortList(alone[i], (k) => nodeLink(`e${linkAt(p, k).entity}`), 10)))),
  ];
}

/** A shortest path over passing links; among those of one length the one through the rarer entities. */
function pathBetween(from, to) {
  const cameFrom = new Map([[from, null]]);
  let rim = [from];
  while (rim.length && !cameFrom.has(to)) {
    const next = new Map();
    for (const code of rim) {
      const n = numberOf(code);
      const around = isPaper(code) ? linksOf(n).map((k) => `e${linkAt(n, k).entity}`) : papersOf(n).map(([p]) => `p${p}`);
      const cost = isPaper(code) ? 0 : paperCount(n);
      for (const other of around) {
        if (cameFrom.has(other)) continue;
        const old = next.get(other);
        if (!old || cost < old[1]) next.set(other, [code, cost]);
      }
    }
    for (const [code, [before]] of next) cameFrom.set(code, before);
    rim = [...next.keys()];
  }
  if (!cameFrom.has(to)) return null;
  const path = [];
  for (let at = to; at !== null; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function pathPanel(path, from, to) {
  if (!path) return [el("header", { class: "head" }, el("p", { class: "eyebrow" }, "Path"), el("h2", null, "No path")), el("p", null, nodeLink(from), " and ", nodeLink(to), " are not connected, as the filters stand.")];
  const steps = path.slice(1).map((code, i) => {
    const [paper, entity] = isPaper(code) ? [code, path[i]] : [path[i], code];
    const k = linkBetween(numberOf(paper), numberOf(entity));
    return el("li", null, el("p", { class: "relation" }, el("em", null, isPaper(code) ? ROLE[RELATIONS[linkAt(numberOf(paper), k).relation]].toLowerCase() : relationText(linkAt(numberOf(paper), k).relation)), sureness(linkAt(numberOf(paper), k).confidence)),
      evidence(numberOf(paper), k), nodeLink(code));
  });
  return [
    el("header", { class: "head" }, el("p", { class: "eyebrow" }, "Path"), el("h2", null, plural(path.length - 1, "step"))),
    el("ol", { class: "path" }, el("li", null, nodeLink(path[0])), steps),
  ];
}
