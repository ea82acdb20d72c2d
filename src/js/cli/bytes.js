// Commands that need no question: digest, recover, read.

import { createHash } from "node:crypto";
import { Failure, at } from "./failure.js";
import { open, placeOf, read as readAll, readable } from "./input.js";
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

/** `read [FILE|-]`: what the output of tools states. Nothing of it is proven. */
export async function read({ operands: [name], options }, io, output) {
  const { recognise } = await import("../node.js");
  const pasted = await readAll(name, io, output);
  if (pasted.length === 0) throw new Failure("empty", `${placeOf(name)} is empty`);
  const findings = at(placeOf(name), () => recognise(pasted));
  if (options.json) {
    await output.json(findings);
    return 0;
  }
  const { findingLines } = await import("./text.js");
  await output.print(findings.map(findingLines));
  return 0;
}
