// The drawing in one column, for a phone. Of two images, what only A has is set to the left, what only B has
// to the right, what both have once between them. A's lines run on the left, B's on the right.

import { backward } from "../nodes/graph.js";

const size = { widest: 460, near: 8, apart: 18, parting: 26, indent: 14, deepest: 4, margin: 8 };
const sides = ["a", "b", "both"];

/** Gives each node a place, as layOut of layout.js does. */
export function inOneColumn(graph, { room, heightOf }) {
  const width = Math.min(size.widest, room);
  const at = { ...graph, width, heightOf, depth: depths(graph) };
  // In a drawing of one image, the rank places its name above everything.
  const heads = graph.heads.map((id, i) => headOf(at, id, i));
  const own = new Set(heads.map(({ node }) => node));
  let low = size.margin;
  let end = low;
  for (const head of heads) end = low = set(at, head.node ?? head, low, head) + size.near;
  for (const nodes of bandsOf(at, graph.nodes.filter((node) => !own.has(node)))) {
    low = end + (end === size.margin || nodes.every(({ folds }) => folds) ? 0 : size.apart - size.near);
    nodes.forEach((node, i) => {
      end = set(at, node, low, sideOf(at, node));
      low = end + (isParted(at, node, nodes[i + 1]) ? size.parting : size.near);
    });
    end += size.near;
  }
  return { width, height: end - size.near + size.margin, single: true, heads: heads.map((head) => ({ ...head, ...place(head.node ?? head) })) };
}

const place = ({ x, y, w, h }) => ({ x, y, w, h });

/** The document that A or B names: a node of its own, unless it is not a reference. */
function headOf({ nodes, names }, id, i) {
  const node = nodes.find((node) => node.id === id && node.kind === "reference" && node.side !== "both");
  const head = { side: "ab"[i], head: "AB"[i] };
  return node ? { node, ...head } : { kind: "reference", label: names[i], ...head };
}

/** How far each node is from what A and B name, by the longest way. */
function depths({ nodes, edges }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const above = new Map();
  for (const { from, to, as, across } of edges) {
    if (across) continue;
    const [one, other] = backward.has(as) ? [to, from] : [from, to];
    if (!byId.has(one)) continue;
    if (!above.has(other)) above.set(other, []);
    above.get(other).push(one);
  }
  const depth = new Map();
  const deep = (id, seen) => {
    if (!depth.has(id)) {
      // Documents may name each other in a circle.
      const parents = (above.get(id) ?? []).filter((one) => !seen.has(one));
      const of = Math.max(-1, ...parents.map((one) => deep(one, new Set(seen).add(id)))) + 1;
      depth.set(id, Math.min(of, size.deepest));
    }
    return depth.get(id);
  };
  for (const { id } of nodes) deep(id, new Set());
  return depth;
}

/** The bands from top to bottom: nodes above the platforms, platforms that differ, the others. */
function bandsOf({ bad, depth }, nodes) {
  const rows = Map.groupBy(nodes, ({ row }) => row ?? "");
  const order = (row) => (row === "" ? 0 : bad.has(row) ? 1 : row === "attestations" ? 3 : 2);
  const place = ({ id, side, rank, as }) => rank * 64 + (as === "layer" ? 32 : 0) + sides.indexOf(side) * 8 + depth.get(id);
  return [...rows].sort(([one], [other]) => order(one) - order(other)).map(([, all]) => {
    const here = new Set(all.map(({ id }) => id));
    const below = Map.groupBy(all, ({ under }) => (here.has(under) ? under : undefined));
    const sorted = (id) => (below.get(id) ?? []).sort((one, other) => place(one) - place(other)).flatMap((node) => [node, ...sorted(node.id)]);
    return sorted(undefined);
  });
}

/** The side of a node, and a label for it unless the node's own words say it. */
const sideOf = ({ two }, { side, said }) => (two ? { side, tag: side === "both" || said !== undefined ? undefined : side.toUpperCase() } : {});

const isParted = ({ edges }, one, other) => other !== undefined && edges.some(({ across, from, to }) => across && from === one.id && to === other.id);

/** Sets a node below `y`; gives where it ends. */
function set(at, node, y, { side, head, tag }) {
  const own = size.margin + (head ? 0 : size.indent * at.depth.get(node.id));
  const far = size.margin + size.indent * size.deepest;
  const [left, right] = { a: [own, far], b: [far, own], both: [own, own] }[side] ?? [own, size.margin];
  Object.assign(node, { x: left, y, w: at.width - left - right, head, tag, column: "one", first: false });
  node.h = at.heightOf(node);
  return y + node.h;
}
