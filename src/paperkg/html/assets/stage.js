// The stage: a canvas on which the plane of the graph is moved and zoomed by mouse, fingers and wheel.

const ZOOM = [0.01, 6];
/** Movements of fewer pixels are a click. */
const STILL = 5;
const GLIDE = 420;

class Stage {
  /**
   * @param box the element that the canvas fills.
   * @param paint is called with a context in the coordinates of the plane, for each frame in which something changed.
   * @param clicked is called with a point in pixels.
   * @param settled is called when a gesture or a glide has changed the view.
   */
  constructor(box, { paint, clicked, settled }) {
    Object.assign(this, { box, paint, clicked, settled, x: 0, y: 0, scale: 1, asked: 0, gliding: 0 });
    this.canvas = box.appendChild(el("canvas"));
    this.ctx = this.canvas.getContext("2d");
    this.pointers = new Map();
    this.fit();
    new ResizeObserver(() => {
      if (!this.fit()) return;
      this.draw();
      settled();
    }).observe(box);
    box.addEventListener("pointerdown", (event) => this.press(event));
    box.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, (event) => this.release(event));
    box.addEventListener("wheel", (event) => this.turn(event), { passive: false });
  }

  /** Makes the canvas as large as its box, in the pixels of the screen; says whether that changed it. A hidden box does not. */
  fit() {
    if (!this.box.clientWidth) return false;
    this.dense = window.devicePixelRatio || 1;
    [this.wide, this.high] = [this.box.clientWidth, this.box.clientHeight];
    const size = [this.wide * this.dense, this.high * this.dense].map(Math.round);
    if (size[0] === this.canvas.width && size[1] === this.canvas.height) return false;
    [this.canvas.width, this.canvas.height] = size;
    return true;
  }

  /** Draws in the next frame. */
  redraw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => this.draw());
  }

  /** Draws at once. */
  draw() {
    cancelAnimationFrame(this.asked);
    this.asked = 0;
    const { ctx, dense, scale } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.setTransform(dense * scale, 0, 0, dense * scale, dense * (this.wide / 2 - this.x * scale), dense * (this.high / 2 - this.y * scale));
    this.paint(ctx);
  }

  /** The pixel of a point of the plane. */
  toPixel({ x, y }) {
    return { x: (x - this.x) * this.scale + this.wide / 2, y: (y - this.y) * this.scale + this.high / 2 };
  }

  /** The point of the plane at a pixel. */
  toPlane({ x, y }) {
    return { x: (x - this.wide / 2) / this.scale + this.x, y: (y - this.high / 2) / this.scale + this.y };
  }

  /** Puts a point of the plane into the middle, at a scale; at once, or by a glide. */
  moveTo({ x = this.x, y = this.y, scale = this.scale }, glide = false) {
    cancelAnimationFrame(this.gliding);
    const to = { x, y, scale: Math.max(ZOOM[0], Math.min(ZOOM[1], scale)) };
    if (!glide) {
      Object.assign(this, to);
      return this.redraw();
    }
    const from = { x: this.x, y: this.y, scale: this.scale };
    const start = performance.now();
    const step = (now) => {
      const t = Math.max(0, Math.min(1, (now - start) / GLIDE));
      const way = t < 0.5 ? 2 * t * t : 1 - 2 * (1 - t) ** 2;
      for (const key of ["x", "y", "scale"]) this[key] = from[key] + (to[key] - from[key]) * way;
      this.draw();
      if (t < 1) this.gliding = requestAnimationFrame(step);
      else this.settled();
    };
    this.gliding = requestAnimationFrame(step);
  }

  /** Zooms so that what is at a pixel stays there. */
  zoomAt(pixel, factor) {
    const held = this.toPlane(pixel);
    const scale = Math.max(ZOOM[0], Math.min(ZOOM[1], this.scale * factor));
    this.moveTo({ x: held.x - (pixel.x - this.wide / 2) / scale, y: held.y - (pixel.y - this.high / 2) / scale, scale });
  }

  pixelOf(event) {
    const { left, top } = this.box.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  press(event) {
    if (event.button) return;
    this.box.setPointerCapture(event.pointerId);
    if (!this.pointers.size) this.still = true;
    this.pointers.set(event.pointerId, { ...this.pixelOf(event), from: this.pixelOf(event) });
    if (this.pointers.size > 1) this.still = false;
  }

  drag(event) {
    const held = this.pointers.get(event.pointerId);
    if (!held) return;
    const to = this.pixelOf(event);
    if (this.still && Math.hypot(to.x - held.from.x, to.y - held.from.y) < STILL) return;
    this.still = false;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    const share = other ? 2 : 1;
    const moved = { x: this.x - (to.x - held.x) / this.scale / share, y: this.y - (to.y - held.y) / this.scale / share };
    this.moveTo(moved);
    if (other) {
      const apart = (a) => Math.max(1, Math.hypot(a.x - other.x, a.y - other.y));
      this.zoomAt({ x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }, apart(to) / apart(held));
    }
    Object.assign(held, to);
  }

  release(event) {
    if (!this.pointers.delete(event.pointerId) || this.pointers.size) return;
    if (this.still && event.type === "pointerup") this.clicked(this.pixelOf(event));
    else this.settled();
  }

  /** A wheel's lines and pages count as many pixels; a pinch on a touchpad comes as a wheel with the control key. */
  turn(event) {
    event.preventDefault();
    const unit = [0.002, 0.05, 1][event.deltaMode] * (event.ctrlKey ? 10 : 1);
    this.zoomAt(this.pixelOf(event), 2 ** Math.max(-1, Math.min(1, -event.deltaY * unit)));
    this.settled();
  }
}
