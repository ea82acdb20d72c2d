// The chain as a drawing: the report's documents and what names what, with the standing of each as a
// word and as a line. What a screen reader and a phone read is the list of chain.js.

import { box, heightOf, lines, svg } from "./box.js";
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
  let chosen;
  const draw = () => {
    const { picture, width } = drawn(unfolded(filtered(graph, view), view.open), { ...view, details, toggle, chosen, choose: (id) => (chosen = id), show: (node) => details.replaceChildren(...detailsOf(node, bytesOf)) });
    view.width = width;
    canvas.replaceChildren(picture);
  };
  const drawing = element("div", { class: "drawing" }, controls(graph, view, draw), canvas, legend(), details);
  draw();
  // How wide its place is, is known once it is on the page.
  new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width === 0 || width === view.room) return;
    view.room = lastRoom = width;
    const before = view.width;
    if (layOut(unfolded(filtered(graph, view), view.open), { room: width, heightOf }).width === before) return;
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

// With two images the same platform stands on both sides.
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
  const { width, height, gap, middle, meets, heads } = layOut(graph, { room, heightOf });
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const label = `The chain as a drawing: ${graph.nodes.length} nodes. The arrow keys go from one to the next; Documents, below, has the same as a list.`;
  const picture = svg("svg", { role: "group", "aria-label": label, viewBox: `0 0 ${width} ${height}`, width, height });
  if (graph.two) picture.append(...sides({ heads, middle, words: meets ? "where both sides meet" : graph.differ ? "the sides do not meet" : "not known to meet" }));
  picture.append(...linesOf(graph.edges, byId, gap));
  const sorted = [...graph.nodes].sort((one, other) => one.x - other.x || one.y - other.y);
  const first = Math.max(0, sorted.findIndex(({ id }) => id === chosen));
  const boxes = sorted.map((node, i) => box(node, { tabbed: i === first, open: open.has(node.id) }));
  picture.append(...boxes);
  listen(picture, sorted, boxes, { show, choose, toggle, details });
  return { picture, width };
}

/** Which image is which side, where no node says it, and whether the sides meet. */
function sides({ heads, middle, words }) {
  const text = (x, y, cls, words, anchor = "start") => svg("text", { class: cls, x, y, "text-anchor": anchor }, words);
  const bare = heads.filter(({ node }) => node === undefined);
  const named = bare.flatMap((head) => lines(head).map((one, i) => text(head.x + 9, head.y + 17 + i * 14, one.cls, one.text)));
  return [...named, text(middle, heads[0].y + 17, "kind", words, "middle")];
}

/** One stop for the tab key; arrows go to the nearest node in their direction. */
function listen(picture, nodes, boxes, { show, choose: remember, toggle, details }) {
  const look = (i) => {
    boxes.forEach((one, at) => one.classList.toggle("chosen", at === i));
    show(nodes[i]);
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
    one.addEventListener("click", () => (one.focus(), nodes[i].members && toggle(nodes[i].id)));
  });
  picture.addEventListener("keydown", (event) => {
    const i = boxes.indexOf(event.target);
    if (i < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (nodes[i].members) toggle(nodes[i].id);
      else details.querySelector("button, summary")?.focus();
      return;
    }
    const to = nearest(nodes, i, event.key);
    if (to === undefined) return;
    event.preventDefault();
    boxes[to].focus();
  });
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

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

const meanings = [["proven", "hashed here"], ["stated", "somebody says so"], ["missing", "not known"], ["contradicted", "two sides differ"]];

function legend() {
  const sample = (word) => svg("svg", { class: "sample", width: 34, height: 8, "aria-hidden": "true" }, svg("g", { class: `edge ${word}` }, svg("path", { d: "M 0 4 H 34" }), word === "contradicted" ? [svg("path", { class: "gap", d: "M 0 4 H 34" })] : []));
  return element("p", { class: "legend" }, meanings.map(([word, meaning]) => element("span", {}, sample(word), ` ${word}: ${meaning}`)));
}
