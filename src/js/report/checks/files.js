// Steps for pasted and dropped documents, from the file that has each.

import { edgesOf, fieldSteps, inlineIn, isInline, nounOf } from "./steps.js";
import { isDigest, step, summed } from "./shell.js";

const fromHere = ({ standing }) => standing.is === "proven" && standing.from.some(({ via }) => via === "pasted" || via === "file");

/** The steps for what was given. FILE stands for the file that holds the document of each step. */
export function given(report, most) {
  const found = report.claims.filter(fromHere).map(({ statement }) => statement);
  const bytes = found.filter(({ kind, digest }) => kind === "bytes" && isDigest(digest));
  const names = report.claims.filter(({ statement, standing }) => statement.kind === "names" && standing.is === "proven").map(({ statement }) => statement);
  const edgesFrom = edgesOf(new Map(bytes.map((document) => [document.digest, document])), names);
  const steps = bytes.slice(0, most).flatMap((document) => {
    const edges = edgesFrom(document.digest);
    const as = names.find(({ digest, as }) => digest === document.digest && as !== "subject")?.as;
    return documentSteps(document, nounOf(document, as, edges), edges);
  });
  const rest = bytes.length - most;
  return rest > 0 ? [...steps, step(`and ${rest} more documents`)] : steps;
}

/** As it was given it can be hashed as it is; else its bytes have to be found again, which the sum decides. */
function documentSteps({ digest, edits }, noun, edges) {
  const algorithm = digest.split(":")[0];
  const short = digest.slice(algorithm.length + 1, algorithm.length + 9);
  const where = `${short}…: `;
  if (edits.length === 0) {
    const whole = step(`${where}FILE holds the ${noun}`, `${algorithm}sum FILE`, [digest.slice(algorithm.length + 1)]);
    return [whole, ...fieldSteps({ where, noun, edges }, (jq) => `${jq} FILE`)];
  }
  const inline = isInline({ edits });
  const read = inline ? inlineIn(digest, (jq) => `${jq} FILE`) : `pullproof recover ${digest} FILE`;
  if (inline) return [summed(`${where}the ${noun}, which the text in FILE has in a field data`, read, digest), ...fieldSteps({ where, noun, edges }, (jq) => `${read} | ${jq}`)];
  return [summed(`${where}the exact bytes of the ${noun}, found again from the text in FILE; the sum tells whether they are`, read, digest), ...fieldSteps({ where, noun, edges }, (jq) => `${read} | ${jq}`)];
}
