let fitted = false;
const graph = new ForceGraph(container)
  .graphData({
    nodes: nodes.map((node) => ({ ...node, fx: node.x, fy: node.y, val: node.size / 4 })),
    links: edges.map(([source, target]) => ({ source, target })),
  })
  .nodeLabel("label")
  .nodeColor("color")
  .nodeCanvasObjectMode(() => (names ? "after" : undefined))
  .nodeCanvasObject(({ label, x, y }, context, scale) => {
    context.font = `${12 / scale}px sans-serif`;
    context.textAlign = "center";
    context.fillStyle = "#222";
    context.fillText(label, x, y + 14 / scale);
  })
  .enableNodeDrag(false)
  .cooldownTicks(0)
  .onRenderFramePost(() => {
    if (fitted) drawn();
    else {
      fitted = true;
      graph.zoomToFit(0, 40);
    }
  });
