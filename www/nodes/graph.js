// Content of the drawing: nodes and edges, a pure function of the report's claims. A node is a
// document, a reference, a signature or a group; an edge is a claim, with the standing the report gives it.

import { kindOf, read, standingOf } from "./documents.js";
import { groupLeaves, weakestOf } from "./leaves.js";
import { samePlatform } from "../pkg/report/platform.js";
import { standings } from "../pkg/report/standings.js";
import { signatoryWords } from "../pkg/report/words.js";
import { addReferrers } from "./referrers.js";
import { setRows } from "./rows.js";

const ranks = new Map([["reference", 0], ["signature", 0], ["index", 1], ["manifest", 2], ["document", 2], ["referrer", 2]]);
const deep = 3;
// How strong an edge is that several claims have: a contradiction is never hidden, the best proof shown.
const order = [...standings.filter((word) => word !== "contradicted"), "contradicted"];
/** Edges that lead from what refers to something to what it refers to. */
export const backward = new Set(["signs", "subject"]);

/**
 * `{ nodes, edges, two, heads, names, differ }` of a report; nodes have an `id`, a `side` (a, b or both), a
 * `rank`, and a `row` where they belong to a platform. Of two images, `heads` are the ids of what A and B name
 * with these `names`, and `differ` says whether a comparison of them is contradicted.
 */
export function graphOf(report) {
  const { left, right } = report.question;
  const two = left !== undefined && right !== undefined;
  const graph = new Graph(report.claims, two);
  const heads = two ? [left, right].map((name) => graph.root(name).id) : [];
  for (const one of graph.nodes.values()) one.side = two ? undefined : "a";
  heads.forEach((id, i) => walk(graph, id, "ab"[i]));
  for (const { id, side } of [...graph.nodes.values()]) if (side === undefined) graph.drop(id);
  spreadPlatforms(graph);
  setRows(graph, two);
  groupLeaves(graph, two);
  const sames = report.claims.filter(({ statement }) => statement.kind === "same");
  const nodes = [...graph.nodes.values()];
  for (const one of nodes) if (one.side === "both") one.same = sameOf(one, sames);
  for (const one of nodes) if (one.kind === "reference") one.standing = weakestOf(graph.edgesFrom(one.id));
  const edges = [...graph.edges.values()];
  return { nodes, edges: [...edges, ...graph.across, ...sames.flatMap((claim) => apart(nodes, claim))], two, heads, names: [left, right], differ: sames.some(({ standing }) => standing.is === "contradicted") };
}

/** The nodes and edges while they are put together. */
class Graph {
  nodes = new Map();
  edges = new Map();
  /** By a node's id: the ids to which, and from which, its edges lead. */
  #out = new Map();
  #into = new Map();
  /** What lies between the sides and is no claim of what names what. */
  across = [];

  constructor(claims, two) {
    this.two = two;
    this.read = read(claims);
    for (const claim of claims) connect(this, claim);
    addReferrers(this);
    dropShortcuts(this);
  }

  node(id, make) {
    if (!this.nodes.has(id)) this.nodes.set(id, { id, platforms: new Set(), says: [], ...make, rank: make.rank ?? ranks.get(make.kind) ?? deep });
    return this.nodes.get(id);
  }

  document(digest, as) {
    const before = this.nodes.get(digest);
    if (before !== undefined && before.kind !== "document") return before;
    const known = this.read.get(digest);
    const by = as === undefined || as === "unknown" ? undefined : { statement: { as } };
    // An index by any name is one; what only a reference names is what that says it is.
    let kind = known && known.names.length > 0 ? kindOf(known) : undefined;
    kind ??= as === "unknown" ? "image" : as === "index" ? "index" : known ? kindOf(known, by) : (as ?? "document");
    if (kind === "config") kind = "image configuration";
    const media = known?.bytes.map(({ statement }) => statement.mediaType ?? "").join(" ") ?? "";
    if (kind === "document" && /index|manifest\.list/.test(media)) kind = "index";
    const standing = known ? standingOf(known, by) : "missing";
    const made = this.node(digest, { kind, digest, standing, known, bytes: known?.size });
    if (made.kind !== kind) Object.assign(made, { kind, standing, rank: ranks.get(kind) ?? deep });
    return made;
  }

  /** A reference that has a digest of its own is that digest. */
  reference(name) {
    const pinned = pinnedTo(name);
    return pinned === undefined ? this.node(name, { kind: "reference", label: name }) : this.document(pinned);
  }

  root(name) {
    return this.nodes.get(pinnedTo(name) ?? name) ?? this.node(pinnedTo(name) ?? name, { kind: "reference", label: name });
  }

  edge(from, to, as, standing, platform) {
    if (platform !== undefined) to.platforms.add(platform);
    if (from === to) return;
    const key = `${from.id} ${to.id}`;
    const known = this.edges.get(key);
    if (known === undefined) {
      this.edges.set(key, { from: from.id, to: to.id, as, standing: standing.is });
      for (const [ends, one, other] of [[this.#out, from.id, to.id], [this.#into, to.id, from.id]]) {
        if (!ends.has(one)) ends.set(one, new Set());
        ends.get(one).add(other);
      }
    } else if (order.indexOf(standing.is) > order.indexOf(known.standing)) known.standing = standing.is;
  }

  /** The edges from a node, or those of a kind. */
  edgesFrom(id, as) {
    const all = [...(this.#out.get(id) ?? [])].map((to) => this.edges.get(`${id} ${to}`));
    return as === undefined ? all : all.filter((edge) => edge.as === as);
  }

  /** The edges to a node, or those of a kind. */
  edgesTo(id, as) {
    const all = [...(this.#into.get(id) ?? [])].map((from) => this.edges.get(`${from} ${id}`));
    return as === undefined ? all : all.filter((edge) => edge.as === as);
  }

  isNamed(id) {
    return (this.#into.get(id)?.size ?? 0) > 0;
  }

  cut({ from, to }) {
    this.edges.delete(`${from} ${to}`);
    this.#out.get(from).delete(to);
    this.#into.get(to).delete(from);
  }

  drop(id) {
    for (const edge of [...this.edgesFrom(id), ...this.edgesTo(id)]) this.cut(edge);
    this.nodes.delete(id);
  }

  /** What nothing names any more is not drawn, nor what only that names. */
  dropUnnamed(ids) {
    const open = [...ids];
    for (const id of open) {
      if (!this.nodes.has(id) || this.isNamed(id)) continue;
      open.push(...this.edgesFrom(id).map(({ to }) => to));
      this.drop(id);
    }
  }
}

const pinnedTo = (name) => /@(sha(?:256|512):[0-9a-f]+)$/.exec(name)?.[1];

function connect(graph, claim) {
  const { statement: s, standing } = claim;
  if (s.kind === "names" && s.as !== "subject") return graph.edge(graph.document(s.parent), graph.document(s.digest, s.as), s.as, standing, s.platform);
  if (s.kind === "includes") return graph.edge(graph.reference(s.reference), graph.document(s.digest, s.as), s.as, standing, s.platform);
  if (s.kind === "identifies") return graph.edge(graph.reference(s.reference), graph.document(s.id, s.as), "identifier", standing);
  if (s.kind === "keeps") {
    // Two names that one machine keeps for one image would look like two registries that have it.
    return graph.two ? undefined : graph.edge(graph.reference(s.reference), graph.document(s.digest), "keeps", standing);
  }
  if (s.kind === "resolves") {
    const named = graph.reference(s.reference);
    if (named.kind === "reference") named.says.push(claim);
    return graph.edge(named, graph.document(s.digest), "reference", standing);
  }
  if (s.kind !== "signs") return undefined;
  const signed = graph.document(s.digest);
  const signature = graph.node(`signs ${JSON.stringify(s.by)} ${s.digest}`, { kind: "signature", label: s.by.identity ?? signatoryWords(s.by), standing: standing.is, says: [claim], under: signed.id });
  return graph.edge(signature, signed, "signs", standing);
}

/** What a reference includes by way of a document that is drawn needs no line of its own. */
function dropShortcuts(graph) {
  for (const edge of graph.edges.values()) {
    const { from, to, as } = edge;
    if (graph.nodes.get(from).kind !== "reference" || as === "reference") continue;
    const by = graph.edgesFrom(from).some(({ to: middle }) => middle !== to && graph.edges.has(`${middle} ${to}`));
    if (by) graph.cut(edge);
  }
}

/** Everything that a root names, and what refers to any of that, is on its side. */
function walk(graph, id, side) {
  const seen = new Set();
  const visit = (at) => {
    if (seen.has(at)) return;
    seen.add(at);
    const one = graph.nodes.get(at);
    one.side = one.side === undefined || one.side === side ? side : "both";
    for (const { from, as } of graph.edgesTo(at)) if (backward.has(as)) visit(from);
    for (const { to } of graph.edgesFrom(at)) visit(to);
  };
  visit(id);
}

function spreadPlatforms(graph) {
  const nodes = [...graph.nodes.values()].sort((a, b) => a.rank - b.rank);
  for (const { id, platforms, kind, known } of nodes) {
    if (kind === "index") continue;
    // Where nothing that names it says for which, what it says itself.
    if (platforms.size === 0) for (const { statement } of known?.platforms ?? []) platforms.add(statement.platform);
    for (const { to, as } of graph.edgesFrom(id)) if (!backward.has(as)) for (const platform of platforms) graph.nodes.get(to).platforms.add(platform);
  }
}

const levels = new Map([["index", "index"], ["manifest", "manifest"], ["image configuration", "config"]]);

/** The standing of the report's claim that both sides are the same at this node's level. */
function sameOf({ kind, platforms }, claims) {
  const fits = ({ statement: { platform, level } }) => level === levels.get(kind) && (platform === undefined || platforms.size === 0 || [...platforms].some((one) => samePlatform(one, platform)));
  return claims.find(fits)?.standing.is;
}

/** Where the sides part, or are not known to meet: a line across, from the last of A to the last of B. */
function apart(nodes, { statement: { platform }, standing: { is } }) {
  if (platform === undefined || !["contradicted", "missing"].includes(is)) return [];
  // What does not say for which platform it is, is the only one of its side.
  const fits = ({ platforms }) => platforms.size === 0 || [...platforms].some((one) => samePlatform(one, platform) || platform.split("/").includes(one));
  const isOne = (node) => node.rank > 1 && node.digest !== undefined && node.under === undefined && fits(node);
  const last = (wanted) => nodes.filter((node) => node.side === wanted && isOne(node)).sort((one, other) => other.rank - one.rank)[0];
  const [from, to] = [last("a"), last("b")];
  return from && to ? [{ from: from.id, to: to.id, as: is === "missing" ? "not known whether the same" : "differ", standing: is, across: true }] : [];
}
