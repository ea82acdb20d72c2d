// Signatures of Sigstore as evidence: bundles, a trusted root, and keys, from files.

import { isElsewhere } from "../report/signers.js";
import { Failure, at } from "./failure.js";
import { kindOf, placeOf, read } from "./input.js";

const isId = (name) => /^[0-9a-f]{64}$/i.test(name);

/** A key that was named: its file's text, or its id. */
async function keyOf(name, io, output) {
  if (isId(name) && (await kindOf(name)) !== "file") return name;
  // Parts of ids are refused where ids are.
  if (/^[0-9a-f]+$/i.test(name) && (await kindOf(name)) === "none") return name;
  const text = new TextDecoder().decode(await read(name, io, output));
  const { Session } = await import("../node.js");
  at(placeOf(name), () => new Session({ ask: "published", image: "docker.io/library/any", by: { keys: [text] } }).free());
  return text;
}

/** Puts the keys of an author in place of the names of their files. */
export async function readKeys(by, io, output) {
  if (by.keys !== undefined) by.keys = await Promise.all(by.keys.map((name) => keyOf(name, io, output)));
  for (const signer of by.signers ?? []) {
    if (signer.key !== undefined) signer.key = await keyOf(signer.key, io, output);
  }
}

/** Bundles, a trusted root and keys as `{ name, bytes }` to paste; a file that is something else is refused. */
export async function readSigned({ bundle, root, keys }, io, output) {
  const files = [
    ...bundle.map((name) => ({ name, code: "sigstore-bundle", what: "a Sigstore bundle" })),
    ...(root === undefined ? [] : [{ name: root, code: "sigstore-root", what: "a trusted root of Sigstore" }]),
    ...keys.map((name) => ({ name, code: "sigstore-key", what: "a public key in PEM" })),
  ];
  const { Session } = await import("../node.js");
  const found = [];
  for (const { name, code, what } of files) {
    const bytes = await read(name, io, output);
    const probe = new Session({ ask: "what" });
    const claims = at(placeOf(name), () => probe.paste(bytes)).flatMap((finding) => (finding.tool === "Sigstore" ? finding.claims : []));
    probe.free();
    const wrong = claims.filter(({ statement }) => statement.code !== code).map(({ statement }) => statement);
    // Of a list the others count; the answer says which are missing, too.
    const isLost = wrong.length > 0 && wrong.length === claims.length;
    if (isLost && !wrong.some(isElsewhere)) throw new Failure(wrong[0].code, `${wrong[0].text}, at ${placeOf(name)}`);
    for (const { text } of wrong) output.note(`${placeOf(name)}: ${text}`);
    if (claims.length === 0) throw new Failure("file", `${placeOf(name)} is not ${what}`);
    found.push({ name, bytes });
  }
  return found;
}
