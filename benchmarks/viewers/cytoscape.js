const cy = cytoscape({
  container,
  elements: [
    ...nodes.map((node) => ({ data: node, position: { x: node.x, y: node.y } })),
    ...edges.map(([source, target]) => ({ data: { source, target } })),
  ],
  layout: { name: "preset" },
  autoungrabify: true,
  style: [
    { selector: "node", style: { label: "data(label)", "background-color": "data(color)", width: "data(size)", height: "data(size)" } },
    { selector: "edge", style: { width: 1, "curve-style": "haystack" } },
  ],
});
cy.one("render", drawn);
