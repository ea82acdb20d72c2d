// Where the drawing's nodes stand. One image flows from left to right; of two, A flows from the left
// and B from the right, and what both have stands once in the middle, under what names it. Where there is
// little room each side is one column, in which a node stands under what names it, a little further in.

export const size = { width: 140, height: 78, gap: 24, row: 94, indent: 12, inset: 24, margin: 8, head: 30 };

/**
 * Gives each node a place; `{ width, height, middle }` of the whole, `middle` where the sides meet. `narrow`:
 * in one column a side.
 */
export function layOut({ nodes, edges, two }, { narrow = false } = {}) {
  const view = { nodes: new Map(nodes.map((node) => [node.id, node])), out: new Map(), placed: new Set(), next: 0, last: { a: 0, b: 0, both: 0 }, rows: new Map() };
  for (const { from, to, across } of edges) if (!across) view.out.set(from, [...(view.out.get(from) ?? []), to]);
  // Beside another image there is less room: what names an index stands above it.
  for (const node of nodes) node.above = !narrow && two && node.rank === 0 && nodes.some(({ side, rank }) => rank === 1 && side === node.side);
  const keyOf = (node) => columnKey(node, { two, narrow });
  const { columns, middle } = columnsOf(nodes, two, keyOf);
  const pitch = size.width + size.gap + (narrow ? size.inset : 0);
  for (const node of nodes) Object.assign(node, { indent: 0, y: undefined, x: size.margin + columns.get(keyOf(node)) * pitch });
  const named = new Set(edges.filter(({ across }) => !across).map(({ to }) => to));
  const roots = nodes.filter(({ id }) => !named.has(id)).sort((one, other) => (one.side === "b") - (other.side === "b") || one.rank - other.rank);
  for (const node of [...roots, ...nodes]) (narrow ? stack : place)(view, node, 0);
  spread(nodes);
  const right = Math.max(0, ...nodes.map(({ x, indent = 0 }) => x + indent)) + size.width + size.margin;
  const low = Math.max(0, ...nodes.map(({ y }) => y)) + size.height + size.margin;
  return { width: right, height: low, middle: middle === undefined ? undefined : size.margin + middle * pitch };
}

function columnKey({ side, rank, above }, { two, narrow }) {
  if (two && side === "both") return "both";
  if (narrow) return `${side} 0`;
  return `${side} ${above ? 1 : rank}`;
}

/** The columns that have nodes, from left to right. */
function columnsOf(nodes, two, keyOf) {
  const used = new Set(nodes.map(keyOf));
  const all = [0, 1, 2, 3].map((rank) => `a ${rank}`);
  if (two) all.push("both", ...[3, 2, 1, 0].map((rank) => `b ${rank}`));
  const columns = new Map(all.filter((key) => used.has(key)).map((key, at) => [key, at]));
  return { columns, middle: columns.get("both") };
}

/** Places what a node names, then the node beside the middle of that. */
function place(view, node, depth) {
  if (view.placed.has(node.id)) return;
  view.placed.add(node.id);
  const below = (view.out.get(node.id) ?? []).map((id) => view.nodes.get(id));
  if (node.side === "both") {
    node.indent = Math.min(depth, 4) * size.indent;
    node.y = (view.next += 1) * size.row;
    for (const one of below) place(view, one, depth + 1);
    return;
  }
  for (const one of below) place(view, one, 0);
  const ys = below.map(({ y }) => y).filter((y) => y !== undefined);
  const row = rowOf(node);
  const beside = node.side === "b" && ys.length === 0 && node.rank > 0 ? view.rows.get(row) : undefined;
  node.y = ys.length > 0 ? (Math.min(...ys) + Math.max(...ys)) / 2 : beside ?? (view.next += 1) * size.row;
  if (node.above) node.y -= size.row;
  if (node.side === "a" && row !== undefined && !view.rows.has(row)) view.rows.set(row, node.y);
}

/** Places a node in the column of its side: below what names it there, beside it elsewhere. */
function stack(view, node, depth, beside = 0) {
  if (view.placed.has(node.id)) return;
  view.placed.add(node.id);
  const row = rowOf(node);
  const like = node.side === "b" ? view.rows.get(row) : undefined;
  const at = Math.max(view.last[node.side] + 1, node.side === "both" ? beside : like ?? 0);
  view.last[node.side] = at;
  if (node.side === "a" && row !== undefined) view.rows.set(row, at);
  Object.assign(node, { indent: Math.min(depth, 3) * size.indent, y: at * size.row });
  for (const id of view.out.get(node.id) ?? []) {
    const below = view.nodes.get(id);
    stack(view, below, below.side === node.side ? depth + 1 : 0, at);
  }
}

/** Only to set like beside like: tools print linux/arm64/v8 or arm64 for the same. */
function rowOf({ platforms, rank }) {
  const [platform] = platforms;
  return platform && `${rank} ${platform.replace(/^linux\//, "").replace(/^arm64\/v8$/, "arm64")}`;
}

/** Moves what would overlap in a column down, and all to the top. */
function spread(nodes) {
  const columns = new Map();
  for (const node of nodes) columns.set(node.x, [...(columns.get(node.x) ?? []), node]);
  for (const column of columns.values()) {
    column.sort((one, other) => one.y - other.y || one.rank - other.rank);
    for (let i = 1; i < column.length; i += 1) column[i].y = Math.max(column[i].y, column[i - 1].y + size.row);
  }
  const top = Math.min(...nodes.map(({ y }) => y)) - size.head - size.margin;
  for (const node of nodes) node.y -= top;
}
