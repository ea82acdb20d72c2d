// Puts nodes that belong together side by side: of two images, what A and what B have for a platform; of one, each
// manifest with what it names. Only to set like beside like: nothing is concluded from a row.

import { normal } from "../pkg/report/platform.js";

/** Gives every node that belongs to a platform its `row`, and a `platform` to be shown. */
export function setRows(graph, two) {
  const nodes = [...graph.nodes.values()];
  const own = nodes.filter(({ id, rank, under }) => rank > 1 && under === undefined && graph.edgesTo(id, "layer").length === 0);
  const taken = new Map();
  const parentsOf = ({ id }) => graph.edgesTo(id).map(({ from }) => graph.nodes.get(from)).filter(({ row }) => row !== undefined);
  for (const node of own.filter(({ rank }) => rank === 2)) node.row = free(taken, two ? likeness(graph, node) : node.id, node.side);
  for (const node of own.filter(({ rank }) => rank > 2)) {
    const parents = parentsOf(node);
    node.row = parents[0]?.row ?? (two ? likeness(graph, node) : node.id);
    // By whatever name: two manifests that name one configuration are for the same platform.
    if (node.side === "both" && parents.length > 1) for (const parent of parents) parent.row = node.row;
  }
  for (const node of nodes) if (node.under !== undefined) setUnder(graph, node, new Set());
  nameRows(nodes);
}

/** A row in which this side has nothing yet. */
function free(taken, like, side) {
  const keys = (side === "both" ? ["a", "b"] : [side]).map((one) => `${one} ${like}`);
  const before = Math.max(...keys.map((key) => taken.get(key) ?? 0));
  for (const key of keys) taken.set(key, before + 1);
  return before === 0 ? like : `${like} ${before + 1}`;
}

function likeness(graph, { id, platforms }) {
  const [platform] = platforms;
  if (platform !== undefined) return plainly(platform);
  const names = ({ rank, under }) => rank > 0 && under === undefined;
  const named = graph.edgesTo(id).some(({ from }) => names(graph.nodes.get(from)));
  return named ? id : "image";
}

/** Tools print linux/arm64/v8 or arm64 for the same: an architecture alone is one of linux. */
const plainly = (platform) => normal(/^[^/]*(?:\/v\d+)?$/.test(platform) ? `linux/${platform}` : platform).replace(/^linux\//, "");

/** A referrer is in the row of the document it refers to. */
function setUnder(graph, node, seen) {
  const above = graph.nodes.get(node.under);
  if (above === undefined || seen.has(node.id)) return;
  if (above.under !== undefined) setUnder(graph, above, seen.add(node.id));
  node.row = above.row;
  if (above.rank > 1) for (const platform of above.platforms) node.platforms.add(platform);
}

/** One name a row for one platform, the longest: linux/amd64 where one side says amd64. */
function nameRows(nodes) {
  const names = new Map();
  const keys = ({ row, platforms }) => [...platforms].map((platform) => [`${row} ${plainly(platform)}`, platform]);
  for (const node of nodes) for (const [key, platform] of keys(node)) if (platform.length > (names.get(key)?.length ?? 0)) names.set(key, platform);
  for (const node of nodes) {
    if (node.under !== undefined) continue;
    node.platform = keys(node).map(([key]) => names.get(key)).sort((one, other) => other.length - one.length)[0];
  }
}
