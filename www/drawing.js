// The chain as a drawing: the report's documents and what names what, with the standing of each as a
// word and as a line. What a screen reader and a phone read is the list of chain.js.

import { facts } from "./chain.js";
import { graphOf } from "./graph.js";
import { layOut, size } from "./layout.js";
import { brief, copyable, digest, element, identifier, later, list, plain, quoted, visibleLines } from "./text.js";
import { how, standingWord } from "./words.js";

// Bytes of a document that are shown.
const mostBytes = 20_000;
// Platforms that are drawn at once.
const mostPlatforms = 12;
// How much wider than its place a drawing may be, and is made smaller: beyond that it has fewer columns.
const most = 1.12;

/**
 * The drawing of a report and what belongs to it, or nothing where it would show nothing. `bytesOf(digest)`
 * gives the bytes of a document, if they are here.
 */
export function drawingView(report, bytesOf) {
  const graph = graphOf(report);
  if (graph.edges.length === 0) return undefined;
  const details = element("div", { class: "details", role: "region", "aria-label": "The chosen node" });
  const canvas = element("div", { class: "canvas" });
  const filter = { text: "", all: false };
  let room = Infinity;
  const draw = () => canvas.replaceChildren(drawn(filtered(graph, filter), { details, bytesOf, room }));
  const drawing = element("div", { class: "drawing" }, controls(graph, filter, draw), sidesView(report.question), canvas, legend(), details);
  draw();
  // Where it stands, and how wide that is, is known once it is on the page.
  new ResizeObserver(([{ contentRect: { width } }]) => {
    const fits = ({ width: needed }) => needed <= width * most;
    const whole = layOut(filtered(graph, filter));
    if (width === 0 || fits(whole) === (room === Infinity)) return;
    room = fits(whole) ? Infinity : width;
    const chosen = canvas.contains(document.activeElement);
    draw();
    if (chosen) canvas.querySelector('[tabindex="0"]').focus();
  }).observe(canvas);
  return drawing;
}

/** Which image is which side. */
function sidesView({ left, right }) {
  if (left === undefined || right === undefined) return [];
  const side = (name, image) => element("span", {}, element("strong", {}, name), " ", identifier(image));
  return element("p", { class: "ab" }, side("A", left), side("B", right));
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

/** An element of SVG; its attributes are set one by one, its text is text. */
function svg(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children.flat(Infinity));
  return made;
}

function drawn(graph, { details, bytesOf, room }) {
  const { width, height, middle } = layOut(graph, { narrow: room !== Infinity });
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const label = `The chain as a drawing: ${graph.nodes.length} nodes. The arrow keys go from one to the next; Documents, below, has the same as a list.`;
  const picture = svg("svg", { role: "group", "aria-label": label, viewBox: `0 0 ${width} ${height}`, width, height });
  picture.append(...heads(graph, width, middle));
  for (const edge of graph.edges) if (byId.has(edge.from) && byId.has(edge.to)) picture.append(line(edge, byId.get(edge.from), byId.get(edge.to)));
  const sorted = [...graph.nodes].sort((one, other) => one.x - other.x || one.y - other.y);
  const boxes = sorted.map((node, i) => box(node, i === 0));
  picture.append(...boxes);
  listen(picture, sorted, boxes, (node) => details.replaceChildren(...detailsOf(node, bytesOf)), details);
  return picture;
}

function heads({ nodes, two }, width, middle) {
  if (!two) return [];
  const head = (x, anchor, text) => svg("text", { class: "side", x, y: 20, "text-anchor": anchor }, text);
  const none = nodes.length > 0 && middle === undefined;
  const meet = head(none ? width / 2 : middle + size.width / 2, "middle", none ? "the sides do not meet" : "on both sides");
  return [head(size.margin, "start", "A"), meet, head(width - size.margin, "end", "B")];
}

function line({ standing, as, across }, from, to) {
  const [x1, x2] = [from.x + (from.indent ?? 0), to.x + (to.indent ?? 0)];
  const [y1, y2] = [from.y + size.height / 2, to.y + size.height / 2];
  let d;
  if (from.x === to.x) d = `M ${x1 + 6} ${from.y + size.height * (y2 > y1)} V ${y2 > y1 ? to.y : to.y + size.height}`;
  else {
    const on = to.x > from.x;
    const [a, b] = on ? [x1 + size.width, x2] : [x1, x2 + size.width];
    const bend = on ? size.gap / 2 : -size.gap / 2;
    d = `M ${a} ${y1} C ${a + bend} ${y1} ${b - bend} ${y2} ${b} ${y2}`;
  }
  const title = svg("title", {}, `${as === "reference" ? "names" : as}: ${standing}`);
  const inner = standing === "contradicted" ? [svg("path", { class: "gap", d })] : [];
  const words = { class: "parting", x: (x1 + size.width + x2) / 2, y: (y1 + y2) / 2 - 6, "text-anchor": "middle" };
  const parting = across && x2 - x1 - size.width > 60 ? [svg("text", words, as === "differ" ? as : "not known")] : [];
  return svg("g", { class: `edge ${standing}` }, title, svg("path", { d }), inner, parting);
}

/** A node's lines of text, as short as its box. */
function lines(node) {
  const { kind, digest: name, label, platforms, standing, same, members } = node;
  const shown = members ? ["open to list them"] : label === undefined ? [brief(name)] : wrapped(plain(label));
  const platform = [...platforms].sort((a, b) => b.length - a.length)[0];
  const where = platform === undefined || members ? [] : [clip(plain(platform), 18)];
  const layers = node.layers === undefined ? [] : [`${node.layers.length} ${node.layers.length === 1 ? "layer" : "layers"}`];
  const named = kind === "signature" ? "signed by" : kind;
  return { kind: clip(plain(named), 22), shown: [...where, ...shown, ...layers].slice(0, 3), word: wordOf(standing, same) };
}

/** A size that fits beside a word: of many bytes the first digits, all of them stand in the details. */
function sizeOf({ bytes }, word) {
  if (bytes === undefined || word.length > 13) return [];
  const count = Number(bytes);
  if (count < 10_000) return [`${count} B`];
  return [count < 10_000_000 ? `${Math.round(count / 1000)} kB` : `${Math.round(count / 1_000_000)} MB`];
}

function wordOf(standing, same) {
  if (same !== undefined) return `same: ${same}`;
  return standing === "unhashed" ? "not hashed" : standing;
}

const clip = (text, most) => (text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(-Math.floor(most / 2))}`);

/** A reference in two lines, broken at a slash where it can be. */
function wrapped(text) {
  if (text.length <= 18) return [text];
  const slash = text.lastIndexOf("/", 17);
  const cut = slash > 4 ? slash + 1 : 18;
  const rest = text.slice(cut);
  return [text.slice(0, cut), ...(rest.length <= 18 ? [rest] : [rest.slice(0, 18), clip(rest.slice(18), 18)])];
}

function box(node, first) {
  const { kind, shown, word } = lines(node);
  const bytes = sizeOf(node, word);
  const [x, y] = [node.x + (node.indent ?? 0), node.y];
  const row = (text, at, cls) => svg("text", { class: cls, x: x + 9, y: y + at }, `${text} `);
  const short = node.digest === undefined || node.members ? undefined : brief(node.digest);
  // First what is to be seen, as it is to be seen; then what is cut short in it.
  const seen = [kind, shown.join(" "), word, ...bytes];
  const whole = [...node.platforms, node.label ?? node.digest ?? "", node.side === "both" ? "on both sides" : ""].filter((part) => part !== "");
  const attributes = {
    class: `box ${node.same ?? node.standing}${node.side === "both" ? " both" : ""}`,
    role: "button",
    tabindex: first ? "0" : "-1",
    "aria-label": [seen.join(" "), ...whole.map(plain)].join(", ").slice(0, 600),
  };
  return svg(
    "g",
    attributes,
    svg("rect", { x, y, width: size.width, height: size.height, rx: 4 }),
    row(kind, 16, "kind"),
    shown.map((text, i) => row(text, 30 + i * 13, text === short ? "name brief" : "name")),
    onPaper(node, shown.indexOf(short), row),
    row(word, 71, "word"),
    bytes.map((text) => svg("text", { class: "kind", x: x + size.width - 9, y: y + 71, "text-anchor": "end" }, text)),
  );
}

/** A digest in small rows of 32 digits: on paper it cannot be opened. */
function onPaper({ digest: name }, place, row) {
  if (place < 0 || name === undefined) return [];
  const digits = plain(name.replace(/^sha256:/, "")).match(/.{1,32}/g).slice(0, 4);
  return digits.map((text, i) => row(text, 27 + place * 13 + i * 7, "name paper"));
}

/** One stop for the tab key; arrows go to the nearest node in their direction. */
function listen(picture, nodes, boxes, show, details) {
  const look = (i) => {
    boxes.forEach((one, at) => one.classList.toggle("chosen", at === i));
    show(nodes[i]);
  };
  const choose = (i) => {
    boxes.forEach((one, at) => one.setAttribute("tabindex", at === i ? "0" : "-1"));
    look(i);
  };
  boxes.forEach((one, i) => {
    one.addEventListener("focus", () => choose(i));
    // A pointer that passes shows a node as well, unless another was chosen to be looked at.
    one.addEventListener("pointerenter", ({ pointerType }) => {
      const busy = picture.contains(document.activeElement) || details.contains(document.activeElement);
      if (pointerType === "mouse" && !busy) look(i);
    });
    one.addEventListener("click", () => one.focus());
  });
  picture.addEventListener("keydown", (event) => {
    const i = boxes.indexOf(event.target);
    if (i < 0) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      details.querySelector("button, summary")?.focus();
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

/** Everything that is known of a node, below the drawing. */
function detailsOf(node, bytesOf) {
  const { kind, standing, platforms, known, digest: name, label, members, claim, side } = node;
  const word = standing === undefined ? [] : standing === "unhashed" ? "not hashed" : standingWord(standing);
  const where = [...platforms].flatMap((platform) => [" ", quoted(platform)]);
  const head = element("p", { class: "head" }, element("span", { class: "kind" }, plain(kind)), members ? [] : where, " ", word, side === "both" ? ", on both sides" : "");
  const named = members ? [list(members, member, { first: 60 })] : [label === undefined ? copyable(name) : element("p", {}, identifier(label))];
  const layers = node.layers === undefined ? [] : [later(element("summary", {}, `${node.layers.length} layers, named and not hashed`), () => list(node.layers, member, { first: 60, ordered: true }))];
  return [head, ...named, ...layers, ...(claim ? [element("p", { class: "source" }, how(claim.standing))] : []), ...(known ? facts(known) : []), ...(known?.held && bytesOf ? [bytesView(name, bytesOf)] : [])];
}

/** A document's bytes as text, asked for when it is opened. */
function bytesView(name, bytesOf) {
  const place = element("div", { class: "bytes" });
  const details = element("details", {}, element("summary", {}, "Its bytes"), place);
  details.addEventListener("toggle", async () => {
    const bytes = await bytesOf(name).catch(() => undefined);
    if (bytes === undefined) return place.replaceChildren(element("p", { class: "hint" }, "They are not here any more: ask again."));
    const text = new TextDecoder().decode(bytes.subarray(0, mostBytes));
    const cut = bytes.length > mostBytes ? `, the first ${mostBytes.toLocaleString("en")} shown` : "";
    place.replaceChildren(
      element("p", { class: "hint" }, `${bytes.length.toLocaleString("en")} bytes, exactly as they were hashed${cut}.`),
      element("pre", { class: "long", tabindex: "0", role: "group", "aria-label": "The bytes" }, element("bdi", { dir: "ltr" }, visibleLines(text))),
    );
  }, { once: true });
  return details;
}

function member({ digest: name, standing, known }) {
  return element("li", {}, digest(name), " ", standing === "unhashed" ? "not hashed" : standingWord(standing), known ? facts(known) : []);
}

const meanings = [["proven", "hashed here"], ["stated", "somebody says so"], ["missing", "not known"], ["contradicted", "two sides differ"]];

function legend() {
  const sample = (word) => svg("svg", { class: "sample", width: 34, height: 8, "aria-hidden": "true" }, svg("g", { class: `edge ${word}` }, svg("path", { d: "M 0 4 H 34" }), word === "contradicted" ? [svg("path", { class: "gap", d: "M 0 4 H 34" })] : []));
  return element("p", { class: "legend" }, meanings.map(([word, meaning]) => element("span", {}, sample(word), ` ${word}: ${meaning}`)));
}
