const network = new vis.Network(container, {
  nodes: nodes.map(({ id, label, color, size, x, y, text }) => ({ id, label, color, size, x, y, shape: "dot", title: text })),
  edges: edges.map(([from, to]) => ({ from, to })),
}, { physics: false, layout: { improvedLayout: false }, edges: { smooth: false }, interaction: { dragNodes: false } });
network.once("afterDrawing", drawn);
