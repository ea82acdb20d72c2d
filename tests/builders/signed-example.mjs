// The page's example of a signature that can be checked: metadata of Docker Content Trust for the image of
// examples.mjs, by keys that are made for it and thrown away. Run as a program it writes
// www/examples/signed.js anew, with other keys.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/command.mjs";
import { metadataIn } from "../../src/js/files/metadata.js";
import { author } from "../../www/examples/beacon.js";
import { notaryRepository } from "./notary.mjs";

const [, index] = author;
const repository = "lighthouse.example/beacon";
const { pin, files } = notaryRepository(repository, "1.0", Buffer.from(index));
const [{ bytes }] = metadataIn(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))).saved;
// As `pullproof rescue` would have saved it.
const saved = { ...JSON.parse(Buffer.from(bytes)), repository, server: "https://notary.lighthouse.example", at: "2026-11-26T00:00:00Z" };
const text = `// Written by tests/builders/signed-example.mjs: metadata of no real repository, truly signed, by keys that nobody has any more.

/** The id of the root key. */
export const pinned = ${JSON.stringify(pin)};

export const metadata = ${JSON.stringify(JSON.stringify(saved))};
`;
writeFileSync(join(root, "www", "examples", "signed.js"), text);
