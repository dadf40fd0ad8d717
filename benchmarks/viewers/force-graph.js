let fitted = false;
const graph = new ForceGraph(container)
  .graphData({
    nodes: nodes.map((node) => ({ ...node, fx: node.x, fy: node.y, val: node.size / 4 })),
    links: edges.map(([source, target]) => ({ source, target })),
  })
  .nodeLabel("label")
  .nodeColor("color")
  .enableNodeDrag(false)
  .cooldownTicks(0)
  .onRenderFramePost(() => {
    if (fitted) drawn();
    else {
      fitted = true;
      graph.zoomToFit(0, 40);
    }
  });
