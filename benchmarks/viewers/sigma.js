const graph = new graphology.Graph();
for (const { id, label, color, size, x, y, text } of nodes) graph.addNode(id, { label, color, size: size / 3, x, y: -y, text });
for (const [from, to] of edges) graph.addEdge(from, to);
new Sigma(graph, container);
drawn();
