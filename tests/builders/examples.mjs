// The page's examples that are ours: small documents with true digests, as www/examples/beacon.js
// has them. Run as a program it writes that file anew.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { Image } from "./image.mjs";

const AMD64 = { architecture: "amd64", os: "linux" };
const ARM64 = { architecture: "arm64", os: "linux" };

// By another program, which wrote its name into the header of gzip.
const RECOMPRESSED = 3;

/** Two platforms; `change`: a layer that the copy has in place of the author's for arm64; `os`: of who compressed the layers. */
function beacon(registry, { attested = false, change, os } = {}) {
  const image = new Image("beacon", "buildkit");
  const arm64 = ["common base", "beacon for arm64"];
  const manifests = [image.platform(AMD64, { os }), image.platform(ARM64, { texts: change ? [...arm64, change] : arm64, os })];
  const more = attested ? manifests.map((manifest) => image.attestation(manifest, manifest.platform.architecture)) : [];
  image.index({ manifests: [...manifests, ...more] });
  const { documents, root: top } = image.done();
  const kept = documents.filter(({ kind }) => ["index", "manifest", "config"].includes(kind));
  const name = `${registry}/beacon:1.0`;
  const pull = `$ docker pull ${name}\n1.0: Pulling from beacon\nDigest: ${top}\nStatus: Downloaded newer image for ${name}\n${name}\n`;
  return { top, texts: [pull, ...[...kept].reverse().map(({ bytes }) => bytes.toString())] };
}

/** The module's text. */
export function examplesFile() {
  const [author, mirror] = [beacon("lighthouse.example"), beacon("mirror.example", { os: RECOMPRESSED })];
  const [, ...documents] = mirror.texts;
  const examples = {
    attested: beacon("lighthouse.example", { attested: true }).texts,
    author: author.texts,
    copy: beacon("mirror.example", { change: "and something that the author did not write" }).texts,
    // The configurations are the author's.
    mirror: documents.filter((text) => !author.texts.includes(text)),
    tops: [author.top, mirror.top],
  };
  const lines = Object.entries(examples).map(([name, texts]) => `export const ${name} = ${JSON.stringify(texts, null, 2)};\n`);
  return `// Written by tests/builders/examples.mjs: documents of no real image, with true digests.\n\n${lines.join("\n")}`;
}

export const examplesPath = join(root, "www", "examples", "beacon.js");
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(examplesPath, examplesFile());
