const canvas = container.appendChild(document.createElement("canvas"));
[canvas.width, canvas.height] = [container.clientWidth, container.clientHeight];
const context = canvas.getContext("2d");
const byId = new Map(nodes.map((node) => [node.id, node]));
const links = edges.map((edge) => edge.map((id) => byId.get(id)));
const tree = d3.quadtree(nodes, (node) => node.x, (node) => node.y);
const extent = (get) => d3.extent(nodes, get);
const [[left, right], [top_, bottom]] = [extent((node) => node.x), extent((node) => node.y)];
let view = d3.zoomIdentity;
let asked = false;

function paint() {
  asked = false;
  const [x0, y0] = view.invert([0, 0]);
  const [x1, y1] = view.invert([canvas.width, canvas.height]);
  const inView = ({ x, y }) => x >= x0 && x <= x1 && y >= y0 && y <= y1;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(view.k, 0, 0, view.k, view.x, view.y);
  context.lineWidth = 0.6 / view.k;
  context.strokeStyle = "#b8c0c5";
  context.beginPath();
  for (const [a, b] of links) {
    if (!inView(a) && !inView(b)) continue;
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
  }
  context.stroke();
  tree.visit((quad, ax, ay, bx, by) => {
    if (!quad.length) {
      for (let leaf = quad; leaf; leaf = leaf.next) {
        const node = leaf.data;
        context.fillStyle = node.color;
        context.beginPath();
        context.arc(node.x, node.y, Math.max(node.size / 2, 1 / view.k), 0, 2 * Math.PI);
        context.fill();
        if (names) {
          context.font = `${12 / view.k}px sans-serif`;
          context.textAlign = "center";
          context.fillStyle = "#222";
          context.fillText(node.label, node.x, node.y + 14 / view.k);
        }
      }
    }
    return ax > x1 || ay > y1 || bx < x0 || by < y0;
  });
  drawn();
}

function ask() {
  if (!asked) requestAnimationFrame(paint);
  asked = true;
}

const zoom = d3.zoom().on("zoom", ({ transform }) => {
  view = transform;
  ask();
});
const scale = 0.95 * Math.min(canvas.width / (right - left), canvas.height / (bottom - top_));
d3.select(canvas).call(zoom).call(zoom.transform, d3.zoomIdentity
  .translate(canvas.width / 2, canvas.height / 2).scale(scale).translate(-(left + right) / 2, -(top_ + bottom) / 2));
