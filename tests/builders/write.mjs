// node tests/builders/write.mjs            writes the vectors into tests/vectors
// node tests/builders/write.mjs --check    says whether they are there as built
// node tests/builders/write.mjs FOLDER     writes every image, layers too: FOLDER/<image>/blobs/sha256/<hex>
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { differences, writeAll } from "./committed.mjs";
import { images } from "./images.mjs";

const [argument] = process.argv.slice(2);
if (argument === "--check") {
  const wrong = differences();
  for (const line of wrong) console.error(line);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else if (argument) {
  for (const { name, documents, root } of images()) {
    const blobs = join(argument, name, "blobs", "sha256");
    mkdirSync(blobs, { recursive: true });
    for (const { digest, bytes } of documents) writeFileSync(join(blobs, digest.slice("sha256:".length)), bytes);
    writeFileSync(join(argument, name, "root"), `${root}\n`);
  }
} else {
  console.log(`${writeAll()} vectors written`);
}
