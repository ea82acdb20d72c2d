// Commands that need no question: digest, recover, read.

import { createHash } from "node:crypto";
import { Failure, at } from "./failure.js";
import { open, placeOf, read as readAll, readable, refuseTwice } from "./input.js";
import { refuseShortDigests } from "./typed.js";

/** `digest FILE|-`: of the bytes as they are, however many; hashed as they come. */
export async function digest({ operands: [name], options }, io, output) {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const part of readable(await open(name, io, output), name)) {
    hash.update(part);
    bytes += part.length;
  }
  const found = `sha256:${hash.digest("hex")}`;
  if (options.json) await output.json({ digest: found, bytes });
  else await output.print(found);
  return 0;
}

/** `recover DIGEST [FILE|-]`: exactly the bytes with that digest, and on standard error what was changed. */
export async function recover({ operands: [expected, name], options }, io, output) {
  const face = await import("../node.js");
  refuseShortDigests([expected]);
  at("the digest", () => face.recover("", expected));
  const pasted = await readAll(name, io, output);
  const found = at(placeOf(name), () => face.recover(pasted, expected));
  if (found === null) {
    if (options.json) await output.json(null);
    output.fault(`not recovered: no layout of ${placeOf(name)} that was tried has the digest ${expected}`);
    return 1;
  }
  const { bytes, digest, edits } = found;
  if (options.json) await output.json({ digest, edits, base64: Buffer.from(bytes).toString("base64") });
  else await output.write(bytes);
  output.note(edits.length === 0 ? "these bytes as they were given" : `changed: ${edits.join("; ")}`);
  return 0;
}

/** `read [FILE|-]…`: what the output of tools states, and the documents in files and archives. */
export async function read({ operands, options }, io, output) {
  const [{ recognise, Session }, { readGiven }] = await Promise.all([import("../node.js"), import("./given.js")]);
  refuseTwice(operands);
  const pieces = [];
  for (const name of operands.length === 0 ? ["-"] : operands) pieces.push(...(await readGiven(name, io, output)));
  const empty = pieces.find(({ evidence }) => evidence.paste?.length === 0);
  if (empty !== undefined) throw new Failure("empty", `${placeOf(empty.name)} is empty`);
  const session = new Session({ ask: "what" });
  const found = pieces.map(({ name, evidence }) => ({ name, findings: at(placeOf(name), () => findingsOf(evidence, name, { recognise, session })) }));
  session.free();
  if (options.json) {
    await output.json(found.flatMap(({ findings }) => findings));
    return 0;
  }
  const { findingLines } = await import("./text.js");
  const isFile = ({ claims: [claim] }) => claim?.standing.by?.[0]?.via === "file";
  // Nobody else says it.
  const lines = (finding) => (isFile(finding) ? [{ text: finding.tool, tone: "bold" }, { text: `  ${finding.claims[0].statement.text}` }] : findingLines(finding));
  const heading = (name) => (pieces.length === 1 ? [] : [{ text: placeOf(name), tone: "bold" }]);
  await output.print(found.map(({ name, findings }) => [heading(name), findings.map(lines)]));
  return 0;
}

// The heading of a note on a file, by its code.
const headings = { archive: "not read", "archive-names": "archive", binary: "binary file" };

/** The findings in a piece of evidence. */
function findingsOf(evidence, name, { recognise, session }) {
  if (evidence.note !== undefined) {
    const statement = { kind: "note", ...evidence.note };
    return [{ tool: headings[evidence.note.code], claims: [{ statement, standing: { is: "stated", by: [evidence.from] } }] }];
  }
  if (evidence.bytes !== undefined) return session.take(evidence);
  const found = recognise(evidence.paste);
  return evidence.file === undefined ? found : found.map(({ tool, claims }) => ({ tool, claims: claims.map((claim) => inFile(claim, evidence.file)) }));
}

/** A claim of a text, with the file that it was in. */
function inFile({ statement, standing }, file) {
  const by = standing.by?.map((source) => (source.via === "pasted" ? { ...source, file } : source));
  return { statement, standing: by === undefined ? standing : { ...standing, by } };
}
