// Two images as a list: what names them first, then platform by platform what A has, what both have, and
// what B has. It says what the drawing shows: each node once, with the side that has it.

import { saidOf } from "../nodes/details.js";
import { facts } from "../nodes/facts.js";
import { graphOf } from "../nodes/graph.js";
import { standingWord } from "../paint.js";
import { digest, element, identifier, later, list, plain, quoted } from "../text.js";

const order = ["a", "both", "b"];
const names = { a: "A", both: "A and B", b: "B" };

/** The documents of a report that compares two images. */
export function comparedView(report) {
  const { nodes } = graphOf(report);
  const rows = Map.groupBy(nodes, ({ row }) => row);
  const above = rows.get(undefined) ?? [];
  rows.delete(undefined);
  const parts = [...(above.length > 0 ? [["References and indexes", above]] : []), ...[...rows].map(([row, all]) => [titleOf(row, all), all])];
  return element("div", { class: "compared" }, list(parts, part, { first: 60 }));
}

function titleOf(row, nodes) {
  const platform = nodes.find((node) => node.platform !== undefined)?.platform;
  if (platform !== undefined) return quoted(platform);
  return row === "attestations" ? "Attestations" : "The image";
}

function part([title, nodes]) {
  const place = ({ side, rank }) => order.indexOf(side) * 8 + rank;
  return element("li", {}, element("p", { class: "platform" }, title), list([...nodes].sort((one, other) => place(one) - place(other)), item, { first: 60 }));
}

function item(node) {
  const { kind, standing, same, side, digest: name, label, members, said, types, known } = node;
  const word = standingWord(standing === "unhashed" ? standing : same ?? standing);
  const named = label !== undefined ? [" ", identifier(label)] : members ? [] : [" ", digest(name)];
  const head = element("p", { class: "head" }, element("span", { class: "kind" }, plain(kind)), said === undefined ? [] : `, ${said}`, (types ?? []).map((type) => [" ", quoted(type)]), named, " ", word, same === undefined ? [] : ", same on both", " ", element("span", { class: "of" }, names[side]));
  const size = known?.size === undefined ? [] : [element("p", { class: "source" }, `${Number(known.size).toLocaleString("en")} bytes`)];
  const all = [...saidOf(node), ...(known ? facts(known) : [])];
  const more = all.length === 0 || members ? [] : [later(element("summary", {}, "What is known of it"), () => element("div", {}, all))];
  const inside = members === undefined ? [] : [later(element("summary", {}, "Each of them"), () => list(members, member, { first: 100, ordered: node.as === "layer" }))];
  return element("li", { class: `node ${same ?? standing}${side === "both" ? " both" : ""}` }, head, size, more, inside);
}

function member({ digest: name, label, standing, known }) {
  return element("li", {}, label === undefined ? digest(name) : identifier(label), " ", standingWord(standing), known ? facts(known) : []);
}
