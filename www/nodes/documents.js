// The claims about each document, by its digest: its bytes, what it names, and what refers to it.

import { weakest } from "../pkg/report/standings.js";
import { roleWord } from "../pkg/report/words.js";

/** Every document that the claims name, by digest. */
export function read(claims) {
  const nodes = new Map();
  const node = (digest) => {
    if (!nodes.has(digest)) nodes.set(digest, { digest, bytes: [], sizes: [], platforms: [], references: [], names: [], referrers: [], against: [], types: new Set(), named: false, held: false });
    return nodes.get(digest);
  };
  for (const claim of claims) add(node, claim);
  return nodes;
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
      if (statement.as === "subject") return refer(node, { target: statement.digest, digest: statement.parent, claim });
      node(statement.parent).names.push(claim);
      node(statement.digest).named = true;
      node(statement.digest).size ??= statement.size;
      break;
    case "note":
      if (statement.subject !== undefined) addNote(node, claim);
      break;
    case "platform":
      node(statement.digest).platforms.push(claim);
      break;
    case "refers":
      addListed(node, claim);
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

function addNote(node, claim) {
  const { statement, standing } = claim;
  if (standing.is !== "contradicted") return;
  // What it was listed as referring to is the side that was expected.
  if (statement.code === "referrer-subject") return refer(node, { target: standing.expected.value, digest: statement.subject, claim });
  node(statement.subject).against.push(claim);
}

function addListed(node, claim) {
  const { digest, subject: target, artifactType, size } = claim.statement;
  if (artifactType !== undefined) node(digest).types.add(artifactType);
  node(digest).size ??= size;
  refer(node, { target, digest, claim });
}

function refer(node, { target, digest, claim }) {
  if (target === digest) return;
  node(target).referrers.push({ digest, claim });
  node(digest).refers = true;
  node(digest).named = true;
}

/** A document's word: what contradicts it, else its bytes' standing, the weakest where there are several. */
export function standingOf(node, edge) {
  if (node.against.length > 0) return "contradicted";
  const word = weakest(node.bytes.map(({ standing }) => standing.is));
  if (word !== undefined) return word;
  return edge && edge.statement.as === "layer" ? "unhashed" : "missing";
}

/** The kind of a document, from what it names and how others name it. */
export function kindOf(node, edge) {
  const roles = new Set(node.names.map(({ statement }) => statement.as));
  if (roles.has("manifest") || roles.has("attestation")) return "index";
  if (edge) return roleWord(edge.statement.as);
  if (node.refers) return "referrer";
  return roles.has("config") ? "manifest" : "document";
}

// A few words for who meets them first.
const meanings = new Map([
  ["attestation", "What a builder says of an image, such as how it was built."],
  ["image configuration", "How the image runs, and the digests of its layers uncompressed."],
  ["index", "A list of manifests, one for each platform; docker calls it a manifest list."],
  ["manifest", "One image: it names a configuration and layers."],
]);

/** An explanation for a kind of document, or nothing if the name says it. */
export const meaningOf = (kind) => meanings.get(kind);
