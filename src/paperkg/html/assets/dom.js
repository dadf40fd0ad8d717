// Elements are built node by node: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Sets listeners (`onclick`), `class`, `css` (custom properties) and attributes; null and false leave one out. */
function dress(node, props) {
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "css") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
    else node.setAttribute(key, value === true ? "" : value);
  }
  return node;
}

function fill(node, kids) {
  for (const kid of kids.flat(Infinity)) {
    if (kid !== null && kid !== undefined && kid !== false) node.append(kid);
  }
  return node;
}

function el(tag, props, ...kids) {
  return fill(dress(document.createElement(tag), props), kids);
}

function svg(tag, props, ...kids) {
  return fill(dress(document.createElementNS(SVG, tag), props), kids);
}

function byId(id) {
  return document.getElementById(id);
}

/** A link out of the page; anything but http and https stays plain text. */
function outward(url, ...kids) {
  let safe = null;
  try {
    const parsed = new URL(url);
    if (parsed.protocol === "http:" || parsed.protocol === "https:") safe = parsed.href;
  } catch {
    safe = null;
  }
  if (!safe) return el("span", null, ...kids);
  return el("a", { href: safe, rel: "noopener noreferrer", target: "_blank", class: "out" }, ...kids);
}

function say(text) {
  byId("live").textContent = text;
}

function plural(n, one, many) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many || one + "s"}`;
}

/** Calls `work` once, `wait` ms after the last call. */
function calm(work, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

const lessMotion = window.matchMedia("(prefers-reduced-motion: reduce)");
