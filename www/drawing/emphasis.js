// The nodes that are drawn first and in full: in a red verdict the differences. Equal platforms step back and, like the
// platforms of a long list, are drawn as one box each that can be unfolded.

import { weakestOf } from "../nodes/leaves.js";
import { weakest } from "../pkg/report/standings.js";

// So many platforms of one drawing are drawn whole.
const fewRows = 4;

/**
 * The graph with `differs` and `back` (steps back) on its nodes and edges and with the `bad` rows; rows that are
 * folded have only their manifest, with `folds`: the nodes that it hides. `open` has the ids of unfolded ones.
 */
export function emphasised(graph, open) {
  const red = graph.two && graph.differ;
  const bad = new Set();
  const ends = new Set(graph.edges.filter(({ across, standing }) => across && standing === "contradicted").flatMap(({ from, to }) => [from, to]));
  const rows = Map.groupBy(graph.nodes, ({ row }) => row);
  rows.delete(undefined);
  for (const [row, nodes] of rows) if (nodes.some(({ id, standing, same }) => ends.has(id) || standing === "contradicted" || same === "contradicted")) bad.add(row);
  // Of what is not known to be the same nothing steps back.
  const unknown = new Set(graph.edges.filter(({ across, standing }) => across && standing === "missing").flatMap(({ from, to }) => [from, to]));
  const equal = (nodes) => nodes.some(({ side, same }) => side === "both" && same !== "missing") && !nodes.some(({ id }) => unknown.has(id));
  const steps = new Set(red ? [...rows].filter(([row, nodes]) => !bad.has(row) && equal(nodes)).map(([row]) => row) : []);
  const hidden = new Map();
  for (const [row, nodes] of rows) {
    if (row === "attestations" || bad.has(row) || !(steps.has(row) || rows.size > fewRows)) continue;
    for (const [head, below] of foldable(nodes)) hidden.set(head.id, below);
  }
  const gone = new Set([...hidden].flatMap(([id, below]) => (open.has(id) ? [] : below.map(({ id }) => id))));
  const nodes = graph.nodes.filter(({ id }) => !gone.has(id)).map((node) => ({ ...node, differs: ends.has(node.id), back: red && (node.side === "both" || steps.has(node.row)) && !ends.has(node.id), folds: hidden.get(node.id) }));
  const back = new Set(nodes.filter((node) => node.back).map(({ id }) => id));
  const edges = graph.edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to)).map((edge) => ({ ...edge, back: back.has(edge.from) || back.has(edge.to) }));
  return { ...graph, nodes, edges, bad };
}

/** The one manifest of a row, or none, with its configuration and layers. */
function foldable(nodes) {
  const heads = nodes.filter(({ rank, members, under }) => rank === 2 && members === undefined && under === undefined);
  if (heads.length !== 1) return [];
  const below = new Set(nodes.filter(({ rank, under }) => rank > 2 && under === undefined));
  for (const node of nodes) if ([...below].some(({ id }) => id === node.under)) below.add(node);
  return below.size > 0 ? [[heads[0], [...below]]] : [];
}

/** What a folded manifest says of what it hides where that is less sure than itself. */
export function hiddenWord({ folds, standing }) {
  const weak = folds.filter((node) => node.as !== "layer" && node.standing !== standing && weakest([standing, node.standing]) !== standing);
  return weak.length === 0 ? undefined : `${weak[0].kind.replace("image ", "")} ${weakestOf(weak)}`;
}
