// Groups that may be large, as one node each that can be unfolded: the layers of a manifest, the
// attestations of an index, what refers to a document. Layers of two images are sorted by who names them:
// their digests are compared, nothing was hashed.

import { weakest } from "../pkg/report/standings.js";
import { counted } from "../pkg/report/words.js";

// So many that refer to one thing, of one kind, are drawn one by one.
const few = 3;
// So many of a group are drawn when it is unfolded; its list has all.
const mostDrawn = 60;

/** Puts leaves into groups; of two images, by the side that they are on. */
export function groupLeaves(graph, two) {
  groupReferrers(graph);
  for (const [parents, members] of attestations(graph)) group(graph, { parents, members, as: "attestation", row: two ? "attestations" : undefined });
  if (two) pairLayers(graph);
  const folded = byParent(graph, "layer").map(([parent, members]) => group(graph, { parents: [parent], members, as: "layer", said: graph.nodes.get(parent).side === "both" ? "named by both" : undefined }));
  // One list of a few is seen at once.
  if (!two && folded.length === 1) folded[0].open = folded[0].members.length <= few;
}

/** The documents that nodes name in this role, each with the nodes that name it. */
function byParent(graph, as) {
  const leaves = (id) => graph.edgesFrom(id, as).map(({ to }) => to).filter((to) => graph.nodes.get(to).members === undefined);
  const all = [...graph.nodes.keys()].map((id) => [id, leaves(id)]);
  return all.filter(([, members]) => members.length > 0);
}

/** Attestations by those that name them: what both indexes name is one group. */
function attestations(graph) {
  const groups = new Map();
  for (const [parent, members] of byParent(graph, "attestation")) {
    for (const id of members) {
      const parents = graph.edgesTo(id, "attestation").map(({ from }) => from);
      if (parents[0] !== parent) continue;
      const key = parents.join(" ");
      if (!groups.has(key)) groups.set(key, [parents, []]);
      groups.get(key)[1].push(id);
    }
  }
  return groups.values();
}

/** The layers of A's and B's manifests of one platform: of both, of one only. */
function pairLayers(graph) {
  const rows = new Map();
  for (const [id, members] of byParent(graph, "layer")) {
    const { row, side } = graph.nodes.get(id);
    if (row === undefined || side === "both") continue;
    if (!rows.has(row)) rows.set(row, { a: [], b: [] });
    rows.get(row)[side].push({ id, members });
  }
  for (const { a, b } of rows.values()) {
    if (a.length !== 1 || b.length !== 1) continue;
    const [one, other] = [a[0], b[0]];
    const others = new Set(other.members);
    const shared = new Set(one.members.filter((id) => others.has(id)));
    if (shared.size > 0) group(graph, { parents: [one.id, other.id], members: [...shared], as: "layer", said: "named by both" });
    const only = ({ id, members }, name) => {
      const rest = members.filter((member) => !shared.has(member));
      return rest.length > 0 && group(graph, { parents: [id], members: rest, as: "layer", said: `named by ${name} only` });
    };
    const [from, to] = [only(one, "A"), only(other, "B")];
    if (shared.size === 0 && from && to) graph.across.push({ from: from.id, to: to.id, as: "no layer named by both", standing: "none", across: true });
  }
}

function group(graph, { parents, members, as, said, row }) {
  const all = members.map((id) => graph.nodes.get(id));
  const from = parents.map((id) => graph.nodes.get(id));
  const [first] = from;
  const edges = parents.flatMap((from) => members.map((to) => graph.edges.get(`${from} ${to}`)));
  const id = `${as}s ${said ?? "of"} ${parents.join(" ")}`;
  const made = graph.node(id, {
    kind: counted(all.length, as),
    rank: as === "layer" ? 3 : 2,
    side: from.every(({ side }) => side === first.side) ? first.side : "both",
    row: row ?? first.row ?? id,
    platforms: new Set(first.kind === "index" ? [] : first.platforms),
    standing: standingOf(all),
    members: all.map((one) => ({ ...one, kind: as })),
    as,
    said,
  });
  for (const parent of from) graph.edge(parent, made, as, { is: weakestOf(edges.filter((edge) => edge.from === parent.id)) });
  for (const edge of edges) graph.cut(edge);
  graph.dropUnnamed(members);
  return made;
}

/** More than a few of one type that refer to one thing. */
function groupReferrers(graph) {
  for (const target of [...graph.nodes.values()]) {
    for (const as of ["signs", "subject"]) {
      // What something else refers to or names stands by itself.
      const edges = graph.edgesTo(target.id, as).filter(({ from }) => !graph.isNamed(from) && graph.nodes.get(from).under === target.id);
      const kinds = Map.groupBy(edges, ({ from }) => `${graph.nodes.get(from).side} ${graph.nodes.get(from).types?.join(" ")}`);
      for (const [kind, alike] of kinds) if (alike.length > few) foldReferrers(graph, target, alike, { as, kind });
    }
  }
}

function foldReferrers(graph, target, edges, { as, kind }) {
  const members = edges.map(({ from }) => graph.nodes.get(from));
  const [{ side, row, types, platforms }] = members;
  const made = graph.node(`${as} ${kind} ${target.id}`, {
    kind: counted(members.length, as === "signs" ? "signature" : "referrer"),
    ...{ rank: 2, side, row, types, platforms, standing: weakestOf(members), members, as, under: target.id },
  });
  graph.edge(made, target, as, { is: weakestOf(edges) });
  for (const { id } of members) graph.drop(id);
}

/** The weakest of some nodes' or edges' standings. */
export const weakestOf = (items) => weakest(items.map(({ standing }) => standing)) ?? "missing";

/** A group's word: of layers, that they are not hashed, as long as one is not. */
function standingOf(members) {
  const has = (word) => members.some(({ standing }) => standing === word);
  return has("unhashed") && !has("contradicted") ? "unhashed" : weakestOf(members);
}

/** The graph with the members of the groups that are open as nodes below their group. */
export function unfolded(graph, open) {
  const [nodes, edges] = [[], []];
  for (const node of graph.nodes) {
    nodes.push(node);
    if (!node.members || !open.has(node.id)) continue;
    for (const one of node.members.slice(0, mostDrawn)) {
      const made = { ...one, id: `${node.id} ${one.id}`, side: node.side, row: node.row, platforms: node.platforms, platform: undefined, rank: node.rank, under: node.id };
      nodes.push(made);
      edges.push({ from: node.id, to: made.id, as: "one of them", standing: one.standing });
    }
  }
  return { ...graph, nodes, edges: [...graph.edges, ...edges] };
}
