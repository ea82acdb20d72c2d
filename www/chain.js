// The documents and what each names: index → manifests → configurations and layers, as a nested
// list. A document that several name stands under each, and is drawn whole only once.

import { digest, element, later, list, quoted, worded } from "./text.js";
import { how, joined, roleWord, sourceWords, standingWord } from "./words.js";

/** The chain of a report, or nothing where no document is known. */
export function chainView(report) {
  const graph = read(report.claims);
  const roots = [...graph.nodes.values()].filter((node) => !node.named && (node.held || node.names.length > 0));
  // Documents that only name each other have no first one.
  const first = roots.length > 0 ? roots : [...graph.nodes.values()].filter((node) => node.names.length > 0).slice(0, 1);
  if (first.length === 0) return undefined;
  const view = { graph, drawn: new Set() };
  const drawing = list(first, (node) => nodeItem(view, node), { first: 200 });
  drawing.classList.add("chain");
  return drawing;
}

/** What the claims say of each document. */
export function read(claims) {
  const nodes = new Map();
  const node = (name) => {
    if (!nodes.has(name)) nodes.set(name, { digest: name, bytes: [], sizes: [], platforms: [], references: [], names: [], named: false, held: false });
    return nodes.get(name);
  };
  for (const claim of claims) add(node, claim);
  return { nodes };
}

function add(node, claim) {
  const { statement, standing } = claim;
  switch (statement.kind) {
    case "bytes":
      node(statement.digest).bytes.push(claim);
      node(statement.digest).size ??= statement.size;
      if (standing.is !== "missing") node(statement.digest).held = true;
      break;
    case "names":
      node(statement.parent).names.push(claim);
      node(statement.digest).named = true;
      node(statement.digest).size ??= statement.size;
      break;
    case "platform":
      node(statement.digest).platforms.push(claim);
      break;
    case "resolves":
      node(statement.digest).references.push(claim);
      break;
    case "size":
      node(statement.digest).sizes.push(claim);
      break;
    default:
  }
}

function nodeItem(view, node, edge) {
  const again = view.drawn.has(node.digest);
  view.drawn.add(node.digest);
  const item = element("li", { class: `node ${standingOf(node, edge)}` }, head(view, node, edge));
  if (again) {
    if (node.names.length > 0) item.append(element("p", { class: "source" }, "What it names stands above."));
    return item;
  }
  item.append(...facts(node));
  if (node.names.length > 0) item.append(below(view, node));
  return item;
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
    word === "unhashed" ? element("span", { class: "standing unhashed" }, "not hashed") : standingWord(word),
    edge && edge.standing.is !== "proven" ? element("span", { class: "source" }, " (that it is named: ", edge.standing.is, ")") : [],
  );
}

/** The word of a document: its bytes' standing, the weakest where there are several. */
export function standingOf(node, edge) {
  const words = node.bytes.map(({ standing }) => standing.is);
  for (const word of ["contradicted", "missing", "stated", "proven"]) if (words.includes(word)) return word;
  return edge && edge.statement.as === "layer" ? "unhashed" : "missing";
}

/** What a document is, by what it names and is named as. */
export function kindOf(node, edge) {
  const roles = new Set(node.names.map(({ statement }) => statement.as));
  if (roles.has("manifest") || roles.has("attestation")) return "index";
  if (edge) return roleWord(edge.statement.as);
  return roles.has("config") ? "manifest" : "document";
}

/** What is known of a document, as a list. */
export function facts(node) {
  const lines = [];
  for (const { statement, standing } of node.references) lines.push(["named by ", quoted(statement.reference), ", ", how(standing)]);
  for (const { statement, standing } of node.bytes) {
    if (statement.mediaType !== undefined) lines.push([quoted(statement.mediaType)]);
    if (standing.is === "missing") continue;
    lines.push(...editLines(statement.edits, standing));
  }
  if (node.size !== undefined) lines.push([`${Number(node.size).toLocaleString("en")} bytes`]);
  for (const { statement, standing } of node.sizes) lines.push([quoted(statement.size), " bytes, ", how(standing)]);
  for (const { statement, standing } of once(node.platforms)) lines.push(["for ", quoted(statement.platform), ", ", how(standing)]);
  if (lines.length === 0) return [];
  return [list(lines, (line) => element("li", {}, line), { first: 8 })].map((facts) => (facts.classList.add("facts"), facts));
}

/** Claims that say the same by the same sources, as those of two indexes do, said once. */
const once = (claims) => [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];

function editLines(edits, standing) {
  const known = edits.length === 0 ? ["its bytes as they were given"] : ["its bytes found again: ", joined(edits.map(worded))];
  return standing.is === "proven" ? [known, ["hashed here, from ", joined(standing.from.map(sourceWords))]] : [known];
}

/** What a document names; layers and attestations apart, since there may be many. */
function below(view, node) {
  const of = (role) => node.names.filter(({ statement }) => statement.as === role);
  const draw = (edge) => nodeItem(view, view.graph.nodes.get(edge.statement.digest), edge);
  const parts = [];
  const own = node.names.filter(({ statement }) => !["layer", "attestation"].includes(statement.as));
  if (own.length > 0) parts.push(list(own, draw, { first: 60 }));
  for (const [role, many] of [["layer", "layers, named and not hashed"], ["attestation", "attestations"]]) {
    const edges = of(role);
    if (edges.length === 0) continue;
    const summary = element("summary", {}, edges.length === 1 ? `1 ${many.replace("layers", "layer").replace("attestations", "attestation")}` : `${edges.length} ${many}`);
    parts.push(later(summary, () => list(edges, draw, { first: 100, ordered: role === "layer" })));
  }
  return element("div", { class: "below" }, parts);
}
