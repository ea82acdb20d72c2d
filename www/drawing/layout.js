// The places of the drawing's nodes. One image flows from left to right; of two, A flows from the left and B from the right,
// and shared nodes are once in the middle. The nodes of a row share one line, and below each are the nodes that hang on it.
// Where there is little room each side is one column.

import { inOneColumn } from "./column.js";
import { backward } from "../nodes/graph.js";

const size = { least: 140, most: 248, widest: 260, empty: 96, gap: 28, widestGap: 48, near: 8, apart: 20, indent: 14, margin: 8, trunk: 16, label: 80, phone: 480 };
// A drawing that is at most so much wider than its place is made smaller.
const shrink = 1.12;
// By so many rows what names them all is centred: it stays on the first screen.
const firstRows = 4;

/**
 * Gives each node a place (`x`, `y`, `w`, `h`, and `hangs` on which node). `heightOf(node)` knows how high a
 * node of its `w` is. Gives `{ width, height, gap, middle, meets, heads }`: `gap` between columns, `middle`
 * where the sides meet, if they do (`meets`). On a phone all is in one column (`single`).
 */
export function layOut(graph, { room, heightOf }) {
  for (const node of graph.nodes) Object.assign(node, { y: undefined, head: undefined, first: false, column: undefined });
  const at = room < size.phone ? undefined : planOf(graph, room);
  if (at === undefined) return inOneColumn(graph, { room, heightOf });
  at.heightOf = heightOf;
  hang(at);
  const top = placeHeads(at);
  const low = at.narrow ? placeBands(at, at.bands, top) : placeWide(at, top);
  for (const [, nodes] of Map.groupBy(graph.nodes, ({ column }) => column)) nodes.reduce((one, other) => (other.y < one.y ? other : one)).first = true;
  return { ...at.ends, height: low + size.margin };
}

/** The first plan that fits: each step of the chain a column, or each side one column. */
function planOf(graph, room) {
  for (const narrow of [false, true]) {
    const at = { ...graph, ...columnsOf(graph, narrow), narrow, byId: new Map(graph.nodes.map((node) => [node.id, node])) };
    at.columnWidth = placeColumns(at, room);
    if (at.ends.width <= room * shrink) return at;
  }
  return undefined;
}

/** The ends of an edge, in the direction in which the drawing flows. */
const flow = ({ from, to, as }) => (backward.has(as) ? [to, from] : [from, to]);

/** The columns that have nodes, from left to right, and which node is in which. */
function columnsOf({ nodes, two, heads }, narrow) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const isHead = ({ id, kind, side }) => two && kind === "reference" && side !== "both" && heads.includes(id);
  const sharedIndex = nodes.some(({ side, rank, under }) => two && side === "both" && rank < 2 && under === undefined);
  const deep = new Set(nodes.filter(({ rank, as, under }) => rank > 2 && as === undefined && under === undefined).map(({ side, row }) => `${side} ${row}`));
  const keyOf = (node, seen = 0) => {
    if (isHead(node)) return undefined;
    const above = byId.get(node.under);
    if (above !== undefined && seen < 9) return keyOf(above, seen + 1);
    const { side, rank, as, row } = node;
    if (two && side === "both") return narrow || !sharedIndex ? "m" : `m ${rank}`;
    if (narrow) return side;
    // Layers of one side go below its configuration, or else below its manifest.
    if (two && as === "layer" && !deep.has(`${side} ${row}`)) return `${side} 2`;
    return `${side} ${rank}`;
  };
  const column = new Map(nodes.map((node) => [node.id, keyOf(node)]));
  const used = new Set(column.values());
  const ranks = [0, 1, 2, 3];
  const middle = ["m", ...ranks.map((rank) => `m ${rank}`)].filter((key) => used.has(key));
  if (two && middle.length === 0) middle.push("m");
  const all = ["a", ...ranks.map((rank) => `a ${rank}`), ...middle, ...ranks.map((rank) => `b ${3 - rank}`), "b"];
  const columns = all.filter((key) => used.has(key) || middle.includes(key)).map((key) => ({ key, empty: !used.has(key) }));
  return { columns, column, isHead };
}

const widthOf = (columns, width, gap = size.gap) => columns.reduce((sum, { empty }) => sum + (empty ? size.empty : width) + gap, 2 * size.margin - gap);

/** Gives the columns their places and the nodes their widths; a column's width. */
function placeColumns(at, room) {
  const { columns, narrow, two } = at;
  const filled = columns.filter(({ empty }) => !empty).length;
  const width = Math.max(size.least, Math.min(narrow ? size.widest : size.most, Math.floor((room - widthOf(columns, 0)) / Math.max(filled, 1))));
  const gap = Math.max(size.gap, Math.min(size.widestGap, size.gap + (room - widthOf(columns, width)) / Math.max(columns.length - 1, 1)));
  const [left, right] = two ? sidesOf(at, { width, gap }) : [0, 0];
  let x = left + size.margin;
  const middle = [];
  for (const column of columns) {
    Object.assign(column, { x, w: column.empty ? size.empty : width });
    if (column.key.startsWith("m")) middle.push(x, x + column.w);
    x += column.w + gap;
  }
  at.place = new Map(columns.map((column) => [column.key, column]));
  at.ends = { gap, width: left + widthOf(columns, width, gap) + right, middle: two ? (middle[0] + middle.at(-1)) / 2 : undefined, meets: columns.some(({ key, empty }) => key.startsWith("m") && !empty) };
  return width;
}

/** The free space beside the columns: for the names of A and B, and for the lines from them. */
function sidesOf({ columns, edges, heads, isHead, byId }, { width, gap }) {
  const side = (own, id) => {
    const columnsOfIt = columns.filter(({ key }) => key.startsWith(own)).length;
    const lines = isHead(byId.get(id)) && edges.filter(({ from }) => from === id).length > 1 ? size.trunk : 0;
    const middle = widthOf(columns.filter(({ key }) => key.startsWith("m")), width, gap) - 2 * size.margin;
    const there = lines + columnsOfIt * (width + gap) + middle / 2 - size.label;
    return lines + Math.max(0, 1.2 * size.least - there);
  };
  return [side("a", heads[0]), side("b", heads[1])];
}

/** The hierarchy: a node hangs on the node that leads to it, in its column and row. Bands are rows in their order. */
function hang(at) {
  const { nodes, edges, byId, column } = at;
  const [below, above] = [new Map(), new Map()];
  for (const edge of edges) {
    if (edge.across) continue;
    const [from, to] = flow(edge).map((id) => byId.get(id));
    if (from === undefined || to === undefined) continue;
    for (const [ends, one, other] of [[below, from, to], [above, to, from]]) {
      if (!ends.has(one.id)) ends.set(one.id, []);
      ends.get(one.id).push(other);
    }
  }
  for (const node of nodes) {
    const same = (above.get(node.id) ?? []).filter(({ id }) => column.get(id) !== undefined && column.get(id) === column.get(node.id));
    node.inside = same.length > 0;
    node.hangs = same.find(({ row }) => row === node.row)?.id;
  }
  const parted = new Set(edges.flatMap(({ across, from, to }) => (across ? [byId.get(from)?.row, byId.get(to)?.row] : [])));
  Object.assign(at, { below, parted, bands: new Map() });
  const seen = new Set();
  // Contents come before referrers.
  const turn = ({ id }, { as, under }) => (under === id ? 2 : as === "layer" ? 1 : 0);
  const visit = (node, depth, root) => {
    if (seen.has(node.id)) return;
    seen.add(node.id);
    const own = node.hangs === undefined && node.inside ? depth + 1 : depth;
    stand(at, node, { depth: own, band: node.row ?? (at.two ? "above" : `above ${root}`) });
    const next = [...(below.get(node.id) ?? [])].sort((one, other) => turn(node, one) - turn(node, other));
    for (const one of next) visit(one, one.hangs === node.id ? own + 1 : 0, root);
  };
  const first = ({ side, rank }) => (side === "b" ? 8 : 0) + rank;
  const roots = nodes.filter(({ id }) => !above.has(id)).sort((one, other) => first(one) - first(other));
  for (const node of [...roots, ...nodes]) visit(node, 0, node.id);
  // Differences come first, below what names them.
  const order = (band) => (band.startsWith("above") ? 0 : at.bad.has(band) ? 1 : 2);
  at.bands = new Map([...at.bands].sort(([one], [other]) => order(one) - order(other)));
}

/** Gives a node its place across, and puts it below the nodes in its column and band. */
function stand({ column, place, bands, heightOf }, node, { depth, band }) {
  const key = column.get(node.id);
  if (key === undefined) return;
  const { x, w } = place.get(key);
  const indent = Math.min(depth, 4) * size.indent;
  Object.assign(node, { column: key, x: x + indent, w: w - indent });
  node.h = heightOf(node);
  if (!bands.has(band)) bands.set(band, new Map());
  const stacks = bands.get(band);
  if (!stacks.has(key)) stacks.set(key, []);
  stacks.get(key).push(node);
}

/** The names of A and B, above everything; gives where the other nodes begin. */
function placeHeads(at) {
  const { two, heads, names, byId, ends } = at;
  if (!two) return size.margin;
  const rooms = [ends.middle, ends.width - ends.middle].map((half) => half - size.margin - size.label);
  let low = size.margin;
  ends.heads = heads.map((id, i) => {
    const own = byId.get(id);
    const w = Math.min(rooms[i], 2 * at.columnWidth + size.gap);
    const node = own !== undefined && at.isHead(own) ? own : undefined;
    const head = { x: i === 0 ? size.margin : ends.width - size.margin - w, y: size.margin, w, head: "AB"[i] };
    const made = node === undefined ? { kind: "reference", label: names[i], ...head } : Object.assign(node, head);
    made.h = at.heightOf(made);
    made.trunk = at.edges.filter(({ from }) => from === id).length > 1;
    low = Math.max(low, made.y + made.h);
    return node === undefined ? made : { ...head, node };
  });
  return low + size.gap + 4;
}

/** Sets rows below each other: the first nodes of all columns on one line, and below each the nodes that hang on it. */
function placeBands(at, bands, top) {
  let [low, end] = [top, top];
  at.lines = new Map();
  for (const [key, stacks] of bands) {
    // Layers that both name are lower than configurations that part.
    const isLow = ([column, [first]]) => (!at.narrow || at.parted.has(key)) && column === "m" && first.as === "layer" && stacks.size > 1;
    const [lower, own] = [[...stacks].filter(isLow), [...stacks].filter((stack) => !isLow(stack))];
    const half = Math.max(...own.map(([, [first]]) => first.h)) / 2;
    const line = low + half;
    at.lines.set(key, line);
    const ends = own.map(([column, [first, ...rest]]) => {
      first.y = line - first.h / 2;
      return [column, placeStack(rest, line + half + size.near)];
    });
    const between = Math.max(...ends.filter(([column]) => column.endsWith("3") || !at.place.has("a 3")).map(([, end]) => end), line + half + size.near);
    for (const [column, stack] of lower) ends.push([column, placeStack(stack, between)]);
    const folded = own.every(([, [first]]) => first.folds);
    end = Math.max(...ends.map(([, end]) => end)) - size.near;
    low = end + (folded ? size.near : size.apart);
  }
  return end;
}

/** Sets nodes below each other; gives where the next would stand. */
function placeStack(stack, top) {
  let next = top;
  for (const node of stack) {
    node.y = next;
    next += node.h + size.near;
  }
  return next;
}

/** Rows, and beside the middle of the first of them what names them. */
function placeWide(at, top) {
  const rows = new Map([...at.bands].filter(([key]) => !key.startsWith("above")));
  for (const [key, stacks] of at.bands) if (key.startsWith("above") && rowsOf(at, stacks).length === 0) rows.set(key, stacks);
  let low = placeBands(at, rows, top);
  const above = [...at.bands].filter(([key]) => !rows.has(key)).flatMap(([, stacks]) => [...stacks]);
  // What names something is placed after it.
  const columns = Map.groupBy(above, ([key]) => key);
  for (const [, stacks] of [...columns].sort(([one], [other]) => Number(other.at(-1)) - Number(one.at(-1)))) {
    let next = top;
    const heads = stacks.flatMap(([, stack]) => byHead(stack)).map((stack) => ({ stack, centre: centreOf(at, stack[0]) }));
    for (const { stack, centre } of heads.sort((one, other) => one.centre - other.centre)) {
      next = placeStack(stack, Math.max(next, centre - stack[0].h / 2));
      low = Math.max(low, next - size.near);
    }
  }
  return low;
}

/** A stack in parts: each what hangs on nothing, with what hangs on it. */
function byHead(stack) {
  const parts = [];
  for (const node of stack) {
    if (node.hangs === undefined || parts.length === 0) parts.push([]);
    parts.at(-1).push(node);
  }
  return parts;
}

/** The rows that the nodes of these stacks lead to. */
function rowsOf(at, stacks) {
  const rows = new Set();
  for (const stack of stacks.values()) for (const node of stack) for (const { row } of at.below.get(node.id) ?? []) if (row !== undefined) rows.add(row);
  return [...rows];
}

function centreOf(at, node) {
  // Both sides' at the same height.
  const stacks = at.two ? [...at.bands.values()].map((stacks) => [...stacks.values()].flat()) : [[node, ...hangingOn(at, node)]];
  const lines = rowsOf(at, stacks).map((row) => at.lines.get(row)).sort((one, other) => one - other).slice(0, firstRows);
  if (lines.length > 0) return (lines[0] + lines.at(-1)) / 2;
  const next = (at.below.get(node.id) ?? []).find(({ y }) => y !== undefined);
  return next === undefined ? 0 : next.y + next.h / 2;
}

const hangingOn = (at, { id }) => at.nodes.filter((node) => node.hangs === id);
