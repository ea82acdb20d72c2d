// The documents and what each names: index → manifests → configurations and layers, as a nested
// list, and below each the documents that refer to it. A document that several name is listed under each, and is drawn whole
// only once. Two images are set beside each other in comparedView's list.

import { comparedView } from "./comparison.js";
import { kindOf, meaningOf, read, standingOf } from "../nodes/documents.js";
import { facts } from "../nodes/facts.js";
import { how, sentence, standingWord } from "../paint.js";
import { digest, element, later, list, quoted } from "../text.js";

/** The chain of a report, or nothing where no document is known. */
export function chainView(report) {
  const nodes = read(report.claims);
  const all = [...nodes.values()];
  const known = all.filter((node) => node.held || node.names.length > 0 || node.referrers.length > 0);
  // Documents that only name each other have no first one.
  const roots = known.filter((node) => !node.named);
  const first = roots.length > 0 ? roots : known.slice(0, 1);
  if (first.length === 0) return undefined;
  const { left, right } = report.question;
  if (left !== undefined && right !== undefined) return comparedView(report);
  const view = { nodes, drawn: new Set(), explained: new Set() };
  const drawing = list(first, (node) => nodeItem(view, node), { first: 200 });
  drawing.classList.add("chain");
  return drawing;
}

function nodeItem(view, node, edge) {
  const again = view.drawn.has(node.digest);
  view.drawn.add(node.digest);
  const item = element("li", { class: `node ${standingOf(node, edge)}` }, head(view, node, edge));
  if (again) {
    if (node.names.length + node.referrers.length > 0) item.append(element("p", { class: "source" }, "Contents already listed above."));
    return item;
  }
  item.append(...explained(view, kindOf(node, edge)), ...facts(node));
  if (node.names.length + node.referrers.length > 0) item.append(below(view, node));
  return item;
}

/** Explains a kind of document, at the first of that kind. */
function explained(view, kind) {
  const meaning = view.explained.has(kind) ? undefined : meaningOf(kind);
  view.explained.add(kind);
  return meaning === undefined ? [] : [element("p", { class: "source" }, meaning)];
}

function head(view, node, edge) {
  const platform = edge?.statement.platform;
  const word = standingOf(node, edge);
  return element(
    "p",
    { class: "head" },
    element("span", { class: "kind" }, kindOf(node, edge)),
    platform === undefined ? [] : [" ", element("span", { class: "platform" }, quoted(platform))],
    " ",
    digest(node.digest),
    " ",
    standingWord(word),
    edge && edge.standing.is !== "proven" ? element("span", { class: "source" }, " (that it is named: ", edge.standing.is, ")") : [],
  );
}

/** The documents that a document names; layers and attestations apart, since there may be many. */
function below(view, node) {
  const of = (role) => node.names.filter(({ statement }) => statement.as === role);
  const draw = (edge) => nodeItem(view, view.nodes.get(edge.statement.digest), edge);
  const parts = [];
  const own = node.names.filter(({ statement }) => !["layer", "attestation"].includes(statement.as));
  if (own.length > 0) parts.push(list(own, draw, { first: 60 }));
  for (const [role, many] of [["layer", "layers, named and not hashed"], ["attestation", "attestations"]]) {
    const edges = of(role);
    if (edges.length === 0) continue;
    const summary = element("summary", {}, edges.length === 1 ? `1 ${many.replace("layers", "layer").replace("attestations", "attestation")}` : `${edges.length} ${many}`);
    parts.push(later(summary, () => list(edges, draw, { first: 100, ordered: role === "layer" })));
  }
  return element("div", { class: "below" }, parts, referring(view, node));
}

// So many that refer to one document are seen at once.
const few = 3;

/** The documents that refer to a document, each with the claims that say so. */
function referring(view, { referrers }) {
  if (referrers.length === 0) return [];
  const all = [...Map.groupBy(referrers, ({ digest }) => digest)];
  const draw = ([name, said]) => {
    const item = nodeItem(view, view.nodes.get(name));
    item.firstChild.after(...said.map(({ claim }) => element("p", { class: "source" }, sentence(claim.statement), ": ", how(claim.standing))));
    return item;
  };
  if (all.length <= few) return list(all, draw);
  return later(element("summary", {}, `${all.length} refer to it`), () => list(all, draw, { first: 60 }));
}
