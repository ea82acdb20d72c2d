// Facts about a document, as a list of lines.

import { changes, how, sources } from "../paint.js";
import { element, list, quoted, worded } from "../text.js";

/** Facts about a document, as a list. */
export function facts(node) {
  const lines = [];
  for (const { statement, standing } of node.references) lines.push(["named by ", quoted(statement.reference), ", ", how(standing)]);
  for (const type of node.types) lines.push(["listed as ", quoted(type)]);
  for (const { statement, standing } of node.bytes) {
    if (statement.mediaType !== undefined) lines.push([quoted(statement.mediaType)]);
    if (standing.is === "missing") continue;
    lines.push(...editLines(statement.edits, standing));
  }
  if (node.size !== undefined) lines.push([`${Number(node.size).toLocaleString("en")} bytes`]);
  for (const { statement, standing } of node.sizes) lines.push([quoted(statement.size), " bytes, ", how(standing)]);
  for (const { statement, standing } of once(node.platforms)) lines.push(["for ", quoted(statement.platform), ", ", how(standing)]);
  for (const { statement, standing } of node.against) lines.push([worded(statement.text), ": expected ", quoted(standing.expected.value), ", found ", quoted(standing.found.value)]);
  if (lines.length === 0) return [];
  return [list(lines, (line) => element("li", {}, line), { first: 8 })].map((facts) => (facts.classList.add("facts"), facts));
}

/** Claims that say the same by the same sources, as those of two indexes do, said once. */
const once = (claims) => [...new Map(claims.map((claim) => [JSON.stringify(claim), claim])).values()];

function editLines(edits, standing) {
  const known = edits.length === 0 ? ["its bytes as they were given"] : ["its bytes found again, ", changes(edits)];
  return standing.is === "proven" ? [known, ["hashed here, from ", sources(standing.from)]] : [known];
}
