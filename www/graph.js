// What the drawing shows: nodes and edges, a pure function of the report's claims. A node is a
// document, a reference, a signature or a group; an edge is a claim, with the standing the report gives it.

import { kindOf, read, standingOf } from "./chain.js";

const ranks = new Map([["reference", 0], ["signature", 0], ["index", 1], ["manifest", 2], ["document", 2]]);
const deep = 3;
// How strong an edge is that several claims have: a contradiction is never hidden, the best proof shown.
const order = ["missing", "stated", "proven", "contradicted"];

/** `{ nodes, edges, two }` of a report; nodes have an `id`, a `side` (a, b or both) and a `rank`. */
export function graphOf(report) {
  const graph = { nodes: new Map(), edges: new Map(), out: new Map(), read: read(report.claims).nodes };
  for (const claim of report.claims) connect(graph, claim);
  dropShortcuts(graph);
  const { left, right } = report.question;
  const two = left !== undefined && right !== undefined;
  groupLeaves(graph, two);
  for (const one of graph.nodes.values()) one.side = two ? undefined : "a";
  if (two) {
    walk(graph, rootOf(graph, left), "a");
    walk(graph, rootOf(graph, right), "b");
  }
  spreadPlatforms(graph);
  const sames = report.claims.filter(({ statement }) => statement.kind === "same");
  const nodes = [...graph.nodes.values()].filter(({ side }) => side !== undefined);
  for (const one of nodes) if (one.side === "both") one.same = sameOf(one, sames);
  for (const one of nodes) if (one.kind === "reference") one.standing = weakest((graph.out.get(one.id) ?? []).map((to) => graph.edges.get(`${one.id} ${to}`)));
  const here = new Set(nodes.map(({ id }) => id));
  const edges = [...graph.edges.values()].filter(({ from, to }) => here.has(from) && here.has(to));
  return { nodes, edges: [...edges, ...sames.flatMap((claim) => apart(nodes, claim))], two };
}

function connect(graph, { statement: s, standing }) {
  if (s.kind === "names") return edge(graph, document(graph, s.parent), document(graph, s.digest, s.as), s.as, standing, s.platform);
  if (s.kind === "resolves") return edge(graph, reference(graph, s.reference), document(graph, s.digest), "reference", standing);
  if (s.kind === "includes") return edge(graph, reference(graph, s.reference), document(graph, s.digest, s.as), s.as, standing, s.platform);
  if (s.kind === "identifies") return edge(graph, reference(graph, s.reference), document(graph, s.id, s.as), "identifier", standing);
  if (s.kind !== "signs") return undefined;
  const signature = node(graph, `signs ${s.key} ${s.digest}`, { kind: "signature", label: s.key, standing: standing.is, claim: { statement: s, standing } });
  return edge(graph, signature, document(graph, s.digest), "signs", standing);
}

function node(graph, id, make) {
  if (!graph.nodes.has(id)) graph.nodes.set(id, { id, platforms: new Set(), ...make, rank: ranks.get(make.kind) ?? deep });
  return graph.nodes.get(id);
}

function document(graph, digest, as) {
  const known = graph.read.get(digest);
  const by = as === undefined || as === "unknown" ? undefined : { statement: { as } };
  // An index by any name is one; what only a reference names is what that says it is.
  let kind = known && known.names.length > 0 ? kindOf(known) : undefined;
  kind ??= as === "unknown" ? "image" : as === "index" ? "index" : known ? kindOf(known, by) : (as ?? "document");
  if (kind === "config") kind = "image configuration";
  const media = known?.bytes.map(({ statement }) => statement.mediaType ?? "").join(" ") ?? "";
  if (kind === "document" && /index|manifest\.list/.test(media)) kind = "index";
  const standing = known ? standingOf(known, by) : "missing";
  const bytes = known?.size;
  const made = node(graph, digest, { kind, digest, standing, known, bytes });
  if (made.kind === "document" && kind !== "document") Object.assign(made, { kind, standing, rank: ranks.get(kind) ?? deep });
  return made;
}

/** A reference that has a digest of its own is that digest. */
function reference(graph, name) {
  const pinned = /@(sha(?:256|512):[0-9a-f]+)$/.exec(name)?.[1];
  return pinned === undefined ? node(graph, name, { kind: "reference", label: name }) : document(graph, pinned);
}

function edge(graph, from, to, as, standing, platform) {
  if (platform !== undefined) to.platforms.add(platform);
  if (from === to) return;
  const key = `${from.id} ${to.id}`;
  const known = graph.edges.get(key);
  if (known === undefined) {
    graph.edges.set(key, { from: from.id, to: to.id, as, standing: standing.is });
    graph.out.set(from.id, [...(graph.out.get(from.id) ?? []), to.id]);
  } else if (order.indexOf(standing.is) > order.indexOf(known.standing)) known.standing = standing.is;
}

/** What a reference includes by way of a document that is drawn needs no line of its own. */
function dropShortcuts(graph) {
  for (const [key, { from, to, as }] of graph.edges) {
    if (graph.nodes.get(from).kind !== "reference" || as === "reference") continue;
    const by = (graph.out.get(from) ?? []).some((middle) => middle !== to && graph.edges.has(`${middle} ${to}`));
    if (by) cut(graph, key);
  }
}

function cut(graph, key) {
  const { from, to } = graph.edges.get(key);
  graph.edges.delete(key);
  graph.out.set(from, graph.out.get(from).filter((id) => id !== to));
}

/** Layers of a manifest, and attestations of an index, as one node each; of two images, layers in their manifest's. */
function groupLeaves(graph, two) {
  const grouped = new Set();
  for (const [from] of [...graph.out]) {
    for (const as of ["layer", "attestation"]) {
      const keys = (graph.out.get(from) ?? []).map((to) => `${from} ${to}`).filter((key) => graph.edges.get(key).as === as);
      if (keys.length === 0) continue;
      const edges = keys.map((key) => graph.edges.get(key));
      const members = edges.map(({ to }) => graph.nodes.get(to));
      const standing = as === "layer" ? "unhashed" : weakest(members);
      for (const key of keys) cut(graph, key);
      members.forEach(({ id }) => grouped.add(id));
      if (two && as === "layer") {
        graph.nodes.get(from).layers = members;
        continue;
      }
      const group = node(graph, `${as} of ${from}`, { kind: `${members.length} ${as}${members.length === 1 ? "" : "s"}`, standing, members });
      group.rank = as === "layer" ? deep : 2;
      edge(graph, graph.nodes.get(from), group, as, { is: weakest(edges) });
    }
  }
  dropGrouped(graph, grouped);
}

const weakest = (items) => ["contradicted", "missing", "stated", "proven"].find((word) => items.some(({ standing }) => (standing.is ?? standing) === word)) ?? "missing";

/** What is in a group, and what only that names, is not drawn beside it. */
function dropGrouped(graph, grouped) {
  for (const id of grouped) {
    if ([...graph.edges.values()].some(({ to }) => to === id)) continue;
    for (const [key, { from, to }] of [...graph.edges]) {
      if (from !== id) continue;
      cut(graph, key);
      grouped.add(to);
    }
    graph.nodes.delete(id);
  }
}

function rootOf(graph, name) {
  const pinned = /@(sha(?:256|512):[0-9a-f]+)$/.exec(name)?.[1];
  return graph.nodes.get(pinned ?? name) ?? node(graph, pinned ?? name, { kind: "reference", label: name });
}

function walk(graph, { id }, side) {
  const seen = new Set();
  const into = Map.groupBy(graph.edges.values(), ({ to }) => to);
  const visit = (at) => {
    if (seen.has(at)) return;
    seen.add(at);
    const one = graph.nodes.get(at);
    one.side = one.side === undefined || one.side === side ? side : "both";
    for (const { from, as } of into.get(at) ?? []) if (as === "signs") visit(from);
    for (const to of graph.out.get(at) ?? []) visit(to);
  };
  visit(id);
}

function spreadPlatforms(graph) {
  const nodes = [...graph.nodes.values()].sort((a, b) => a.rank - b.rank);
  for (const { id, platforms, kind } of nodes) {
    if (kind === "index") continue;
    for (const to of graph.out.get(id) ?? []) for (const platform of platforms) graph.nodes.get(to)?.platforms.add(platform);
  }
}

const levels = new Map([["index", "index"], ["manifest", "manifest"], ["image configuration", "config"]]);

/** The standing of the report's claim that both sides are the same at this node's level. */
function sameOf({ kind, platforms }, claims) {
  const fits = ({ statement: { platform, level } }) => level === levels.get(kind) && (platform === undefined || platforms.size === 0 || platforms.has(platform));
  return claims.find(({ statement }) => fits({ statement }))?.standing.is;
}

/** Where the sides part, or are not known to meet: a line across, from the last of A to the last of B. */
function apart(nodes, { statement: { platform }, standing: { is } }) {
  if (platform === undefined || !["contradicted", "missing"].includes(is)) return [];
  const last = (wanted) =>
    nodes
      .filter(({ side, rank, platforms, digest }) => side === wanted && rank > 1 && digest !== undefined && [...platforms].some((one) => one === platform || platform.split("/").includes(one)))
      .sort((one, other) => other.rank - one.rank)[0];
  const [from, to] = [last("a"), last("b")];
  return from && to ? [{ from: from.id, to: to.id, as: is === "missing" ? "not known whether the same" : "differ", standing: is, across: true }] : [];
}
