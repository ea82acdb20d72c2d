// The chain as a drawing: the report's documents and what names what, with the standing of each as a
// word and as a line. The list of chain.js has the same in words.

import { box, heightOf, putOnPaper, svg } from "./box.js";
import { emphasised } from "./emphasis.js";
import { detailsOf } from "../nodes/details.js";
import { graphOf } from "../nodes/graph.js";
import { layOut } from "./layout.js";
import { unfolded } from "../nodes/leaves.js";
import { linesOf } from "./lines.js";
import { element } from "../text.js";

// Platforms that are drawn at once.
const mostPlatforms = 12;
// How wide it is thought to be until it is known.
let lastRoom = 1150;
// Whole digests are added where they are printed: with them a large drawing takes half as long again.
let toPaper = () => undefined;
const print = matchMedia("print");
print.addEventListener("change", () => print.matches && toPaper());
addEventListener("beforeprint", () => toPaper());

/**
 * The drawing of a report and what belongs to it, or nothing where it would show nothing. `bytesOf(digest)`
 * gives the bytes of a document, if they are here.
 */
export function drawingView(report, bytesOf) {
  const graph = graphOf(report);
  if (graph.edges.length === 0) return undefined;
  const details = element("div", { class: "details", role: "region", "aria-label": "The chosen node" });
  const canvas = element("div", { class: "canvas" });
  const view = { text: "", all: false, open: new Set(graph.nodes.filter(({ open }) => open).map(({ id }) => id)), room: lastRoom };
  const toggle = (id) => {
    if (!view.open.delete(id)) view.open.add(id);
    draw();
    canvas.querySelector('[tabindex="0"]').focus();
  };
  const seen = () => unfolded(emphasised(filtered(graph, view), view.open), view.open);
  let chosen;
  const draw = () => {
    const { picture, width } = drawn(seen(), { ...view, details, toggle, chosen, choose: (id) => (chosen = id), show: (node) => details.replaceChildren(...detailsOf(node, bytesOf)) });
    view.width = width;
    canvas.replaceChildren(picture);
  };
  const drawing = element("div", { class: "drawing" }, controls(graph, view, draw), canvas, legend(graph), details);
  draw();
  // The width of its place is known once it is on the page.
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width === 0 || width === view.room) return;
    view.room = lastRoom = width;
    const before = view.width;
    if (layOut(seen(), { room: width, heightOf }).width === before) return;
    const focused = canvas.contains(document.activeElement);
    draw();
    if (focused) canvas.querySelector('[tabindex="0"]').focus();
  }).observe(canvas);
  return drawing;
}

/** With many platforms: a field that chooses some, and a button for all. */
function controls(graph, filter, draw) {
  const many = platformsOf(graph).length;
  if (many <= mostPlatforms) return [];
  const field = element("input", { spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "linux/arm64" });
  field.addEventListener("input", () => ((filter.text = field.value.trim().toLowerCase()), draw()));
  const words = () => (filter.all ? `Show ${mostPlatforms} at a time` : `Show all ${many}`);
  const button = element("button", { type: "button", class: "small" }, words());
  button.addEventListener("click", () => ((filter.all = !filter.all), (button.textContent = words()), draw()));
  return element("div", { class: "row" }, element("label", { class: "grow" }, `Of ${many} platforms, draw those with `, field), button);
}

// With two images the same platform is on both sides.
const platformsOf = ({ nodes }) => [...new Set(nodes.filter(({ rank }) => rank === 2).flatMap(({ platforms }) => [...platforms]))];

/** The part of a graph that is to be drawn. What is contradicted is never left out. */
function filtered(graph, { text, all }) {
  const platforms = platformsOf(graph);
  if (platforms.length <= mostPlatforms) return graph;
  const bad = new Set(graph.nodes.filter(({ standing }) => standing === "contradicted").flatMap((node) => [...node.platforms]));
  const fitting = platforms.filter((platform) => platform.toLowerCase().includes(text));
  fitting.sort((one, other) => bad.has(other) - bad.has(one));
  const chosen = new Set(all ? fitting : fitting.slice(0, mostPlatforms));
  for (const platform of bad) chosen.add(platform);
  const nodes = graph.nodes.filter((node) => node.platforms.size === 0 || [...node.platforms].some((platform) => chosen.has(platform)));
  const here = new Set(nodes.map(({ id }) => id));
  const kept = graph.edges.filter(({ from, to }) => here.has(from) && here.has(to));
  // What hung on a platform that is left out goes with it.
  const parents = new Set(graph.edges.map(({ to }) => to));
  const held = new Set(kept.map(({ to }) => to));
  return { ...graph, edges: kept, nodes: nodes.filter(({ id }) => held.has(id) || !parents.has(id)) };
}

function drawn(graph, { room, open, details, toggle, chosen, choose, show }) {
  const { width, height, gap, middle, meets, heads, single } = layOut(graph, { room, heightOf });
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const label = `The chain as a drawing: ${graph.nodes.length} nodes. The arrow keys go from one to the next; Documents, below, has the same as a list.`;
  const picture = svg("svg", { role: "group", "aria-label": label, viewBox: `0 0 ${width} ${height}`, width, height });
  picture.append(...linesOf(graph.edges, byId, { gap, single }));
  if (graph.two) picture.append(...sides({ heads, middle, words: single ? "" : meets ? "in both" : graph.differ ? "nothing in both" : "not known whether they match" }));
  const sorted = [...graph.nodes].sort((one, other) => (single ? 0 : one.x - other.x) || one.y - other.y);
  const first = Math.max(0, sorted.findIndex(({ id }) => id === chosen));
  const boxes = sorted.map((node, i) => box(node, { tabbed: i === first, open: open.has(node.id) }));
  const ring = svg("rect", { class: "ring", rx: 7, visibility: "hidden" });
  picture.append(...boxes, ring);
  toPaper = () => boxes.forEach((one, i) => putOnPaper(sorted[i], one));
  if (print.matches) toPaper();
  listen(picture, sorted, boxes, { show, choose, toggle, details, ring, single });
  if (sorted[first].id === chosen) mark(boxes, first, { ring, nodes: sorted });
  return { picture, width };
}

/** The image of each side, where no node says it, and whether the sides meet. */
function sides({ heads, middle, words }) {
  const text = (x, y, cls, words, anchor = "start") => svg("text", { class: cls, x, y, "text-anchor": anchor }, words);
  const bare = heads.filter(({ node }) => node === undefined);
  const named = bare.flatMap((head) => head.lines.map((one, i) => text(head.x + 9, head.y + 17 + i * 14, one.cls, one.text)));
  // In lines of so few letters as fit between what A and B name.
  const rows = words.split(/(?<=known) /).map((row, i) => svg("tspan", { x: middle, dy: i === 0 ? 0 : 14 }, i === 0 ? row : ` ${row}`));
  return [...named, ...(words === "" ? [] : [svg("text", { class: "kind", x: middle, y: heads[0].y + 17, "text-anchor": "middle" }, rows)])];
}

/** Marks the chosen node by a ring around it. */
function mark(boxes, at, { ring, nodes }) {
  boxes.forEach((one, i) => {
    one.classList.toggle("chosen", at === i);
    if (at === i) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
  const { x, y, w, h } = nodes[at];
  for (const [key, value] of Object.entries({ x: x - 4, y: y - 4, width: w + 8, height: h + 8, visibility: "visible" })) ring.setAttribute(key, value);
}

/** One stop for the tab key; arrows go to the nearest node in their direction. */
function listen(picture, nodes, boxes, { show, choose: remember, toggle, details, ring, single }) {
  const look = (i) => {
    mark(boxes, i, { ring, nodes });
    show(nodes[i]);
    // On a phone the details are at the window's end: what was chosen stays above them.
    // They go no higher than where the drawing begins, so that a step may leave a part of the way.
    for (let steps = 0; steps < 3; steps += 1) {
      const over = boxes[i].getBoundingClientRect().bottom - details.getBoundingClientRect().top;
      if (over > 0) scrollBy(0, over + 12);
    }
  };
  const choose = (i) => {
    boxes.forEach((one, at) => one.setAttribute("tabindex", at === i ? "0" : "-1"));
    remember(nodes[i].id);
    look(i);
  };
  boxes.forEach((one, i) => {
    one.addEventListener("focus", () => choose(i));
    // A pointer that passes shows a node as well, unless another was chosen to be looked at. A node that
    // was scrolled under a pointer at rest was not pointed at.
    one.addEventListener("pointermove", ({ pointerType, movementX, movementY }) => {
      if (pointerType !== "mouse" || (movementX === 0 && movementY === 0)) return;
      const busy = picture.contains(document.activeElement) || details.contains(document.activeElement);
      if (!busy && !one.classList.contains("chosen")) look(i);
    });
    one.addEventListener("click", () => (one.focus(), (nodes[i].members || nodes[i].folds) && toggle(nodes[i].id)));
  });
  picture.addEventListener("keydown", (event) => {
    const i = boxes.indexOf(event.target);
    if (i < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (nodes[i].members || nodes[i].folds) toggle(nodes[i].id);
      else details.querySelector("button, summary")?.focus();
      return;
    }
    const to = single ? inTurn(nodes, i, event.key) : nearest(nodes, i, event.key);
    if (to === undefined) return;
    event.preventDefault();
    boxes[to].focus();
  });
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** In one column the arrows go down and up. */
function inTurn(nodes, i, key) {
  if (ways[key] === undefined) return nearest(nodes, i, key);
  const to = i + ways[key][0] + ways[key][1];
  return nodes[to] && to;
}

function nearest(nodes, i, key) {
  if (key === "Home") return 0;
  if (key === "End") return nodes.length - 1;
  if (ways[key] === undefined) return undefined;
  const [dx, dy] = ways[key];
  let best;
  nodes.forEach(({ x, y }, at) => {
    const [across, down] = [x - nodes[i].x, y - nodes[i].y];
    const ahead = across * dx + down * dy;
    if (at === i || ahead <= 0) return;
    const far = ahead + 2 * Math.abs(across * dy + down * dx);
    if (best === undefined || far < best.far) best = { at, far };
  });
  return best?.at;
}

const meanings = [["proven", "hashed here"], ["stated", "claimed, not checked"], ["missing", "not fetched yet"], ["contradicted", "they do not match"]];

/** What the words mean that are drawn. */
function legend({ nodes, edges }) {
  const used = new Set([...nodes, ...edges].flatMap(({ standing, same }) => [standing, same]));
  const sample = (word) => svg("svg", { class: "sample", width: 34, height: 8, "aria-hidden": "true" }, svg("g", { class: `edge ${word}` }, svg("path", { d: "M 0 4 H 34" }), word === "contradicted" ? [svg("path", { class: "gap", d: "M 0 4 H 34" })] : []));
  return element("p", { class: "legend" }, meanings.filter(([word]) => used.has(word)).map(([word, meaning]) => element("span", {}, sample(word), ` ${word}: ${meaning}`)));
}
