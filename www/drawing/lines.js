// The drawing's lines: the course of each, and its label.

import { svg } from "./box.js";

// The radius of a corner.
const bend = 6;
const edgeWords = new Map([["reference", "names"], ["subject", "refers to it"], ["keeps", "is kept as"]]);
const partings = new Map([["not known whether the same", "not known"]]);
const centre = ({ y, h }) => y + h / 2;

/** The lines of the edges between placed nodes; `gap` is between columns, `single` where there is one for both sides. */
export function linesOf(edges, byId, { gap, single }) {
  const drawn = edges.filter(({ from, to }) => byId.has(from) && byId.has(to)).map((edge) => ({ ...edge, from: byId.get(edge.from), to: byId.get(edge.to) }));
  const inColumn = drawn.filter(({ from, to, across }) => !across && (single || (!from.head && from.column === to.column)));
  for (const edge of inColumn) {
    [edge.above, edge.below] = edge.from.y < edge.to.y ? [edge.from, edge.to] : [edge.to, edge.from];
    edge.right = single && [edge.from, edge.to].some(({ side }) => side === "b");
  }
  // Of several that hang on one, each line goes on where the one before it turned.
  for (const [, all] of Map.groupBy(inColumn, ({ above, right }) => `${right} ${above.id}`)) {
    all.sort((one, other) => one.below.y - other.below.y);
    all.forEach((edge, i) => (edge.start = i === 0 ? undefined : centre(all[i - 1].below) - bend));
  }
  // Lines that step back are below the others.
  drawn.sort((one, other) => (other.back ?? false) - (one.back ?? false));
  // Words lie over all lines.
  return [...drawn.map((edge) => line(edge, { gap, single })), ...drawn.filter(({ across }) => across).flatMap((edge) => partingOf(edge, { nodes: [...byId.values()], single }))];
}

function line(edge, { gap, single }) {
  const { standing, as, across, back, from, to } = edge;
  const d = across && single ? downAcross(from, to) : path(edge, gap);
  const title = svg("title", {}, `${edgeWords.get(as) ?? as}: ${standing === "none" ? "their digests differ, nothing was hashed" : standing}`);
  const inner = standing === "contradicted" ? [svg("path", { class: "gap", d })] : [];
  const drawn = standing === "none" || d === undefined ? [] : [svg("path", { d }), inner];
  return svg("g", { class: `edge ${standing}${back ? " back" : ""}` }, title, drawn);
}

/** The label of a line from A to B, where there is room: between the two, or else where no box is. */
function partingOf({ as, standing, from, to }, { nodes, single }) {
  const words = partings.get(as) ?? as;
  const half = words.length * 3.75;
  const isFree = ({ x, y }) => !nodes.some((node) => Math.abs(node.x + node.w / 2 - x) < node.w / 2 + half && node.y < y + 4 && node.y + node.h > y - 12);
  const lower = standing === "none" ? 4 : -6;
  const places = single ? [{ x: downX(from, to) + (standing === "none" ? 0 : half + 10), y: (from.y + from.h + to.y) / 2 + 4 }] : [0.5, 0.3, 0.7, 0.15, 0.85].map((t) => ({ x: from.x + from.w + (to.x - from.x - from.w) * (1.5 * t - 1.5 * t ** 2 + t ** 3), y: centre(from) + (centre(to) - centre(from)) * (3 - 2 * t) * t ** 2 + lower }));
  const place = (single && downAcross(from, to) === undefined ? [] : places).find(isFree);
  return place ? [svg("text", { class: `parting ${standing}`, ...place, "text-anchor": "middle" }, words)] : [];
}

const downX = (from, to) => (to.x + from.x + from.w) / 2;

/** In the one column: down from what A has to what B has, where nothing is between them. */
function downAcross(from, to) {
  const [start, end] = [from.y + from.h, to.y];
  return end - start > 40 || end < start ? undefined : `M ${downX(from, to)} ${start} V ${end}`;
}

function path({ across, as, from, to, above, below, start, right }, gap) {
  if (across) return between(from, to, Infinity);
  if (above) return right ? downRight(above, below, start) : downTo(above, below, start);
  if (from.head) return fromHead(from, to);
  const passes = Math.abs(to.x - from.x) > 1.5 * from.w + 2 * bend && as === "layer" && from.side !== to.side;
  return passes ? passing(from, to) : between(from, to, gap);
}

/** From one side of a box to the facing side of another: past other columns on the line of that, where its row is free. */
function between(from, to, most) {
  const on = to.x > from.x ? 1 : -1;
  const [a, b] = on > 0 ? [from.x + from.w, to.x] : [from.x, to.x + to.w];
  const far = on * Math.min(most, Math.abs(b - a));
  const [one, other] = [centre(from), centre(to)];
  return `M ${a} ${one} C ${a + far / 2} ${one} ${a + far / 2} ${other} ${a + far} ${other} H ${b}`;
}

/** In one column: down from a box, and into the side of a box further in, below it. */
function downTo(above, below, start = above.y + above.h) {
  const x = above.x + bend;
  if (below.x <= x + bend) return `M ${x} ${start} V ${below.y}`;
  return `M ${x} ${start} V ${centre(below) - bend} q 0 ${bend} ${bend} ${bend} H ${below.x}`;
}

/** The same on the right. */
function downRight(above, below, start = above.y + above.h) {
  const x = above.x + above.w - bend;
  const side = below.x + below.w;
  if (side >= x - bend) return `M ${x} ${start} V ${below.y}`;
  return `M ${x} ${start} V ${centre(below) - bend} q 0 ${bend} ${-bend} ${bend} H ${side}`;
}

/** From one side of a box, past the boxes beside it, to a lower box. */
function passing(from, to) {
  const on = to.x > from.x ? 1 : -1;
  const [start, end] = on > 0 ? [from.x + from.w, to.x] : [from.x, to.x + to.w];
  return `M ${start} ${centre(from)} h ${6 * on} q ${bend * on} 0 ${bend * on} ${bend} V ${centre(to) - bend} q 0 ${bend} ${bend * on} ${bend} H ${end}`;
}

/** From an image's name down to a box; to a box that is not the first in its column, beside that column. */
function fromHead(head, to) {
  const within = (x, left, right) => Math.min(Math.max(x, left), right);
  const [left, right] = [head.x + 4, head.x + head.w - 4];
  const low = head.y + head.h;
  if (to.first && !head.trunk) {
    const start = within(to.x + to.w / 2, left, right);
    const end = within(start, to.x + 20, to.x + to.w - 20);
    return `M ${start} ${low} ${start === end ? "" : `V ${low + 14} H ${end} `}V ${to.y}`;
  }
  const own = head.head === "A";
  const gutter = own ? to.x - 12 : to.x + to.w + 12;
  const start = within(gutter, left, right);
  return `M ${start} ${low} ${start === gutter ? "" : `V ${low + 14} H ${gutter} `}V ${centre(to)} H ${own ? to.x : to.x + to.w}`;
}
