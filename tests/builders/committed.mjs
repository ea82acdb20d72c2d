// The vectors that the builders write: what should lie in the repository, and whether it does.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { images } from "./images.mjs";
import { writeVector } from "./vector.mjs";
import { writtenOutput } from "./written.mjs";

const VECTORS = fileURLToPath(new URL("../vectors/", import.meta.url));

/** Path below `tests/vectors` to the file's bytes, for every vector made here. */
export function committed() {
  return new Map([...documents(), ...writtenOutput().map(({ path, keys, bytes }) => [path, writeVector(keys, bytes)])]);
}

/** The differences from `committed()`, one line each; nothing when all is as built. */
export function differences(root = VECTORS) {
  const built = committed();
  const wrong = [...built].filter(([path, bytes]) => !existsSync(join(root, path)) || !readFileSync(join(root, path)).equals(bytes));
  return [...wrong.map(([path]) => `${path} is not as the builders write it`), ...strangers(root, built).map((path) => `${path} is written by no builder`)];
}

export function writeAll(root = VECTORS) {
  const built = committed();
  for (const path of strangers(root, built)) rmSync(join(root, path));
  for (const [path, bytes] of built) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return built.size;
}

// Layers are left out: no vector needs their bytes, and they are not text.
function* documents() {
  for (const { name, note, documents } of images()) {
    for (const document of documents.filter(({ layout }) => layout)) {
      const { kind, part, writer, digest, mediaType, layout, bytes } = document;
      const file = [name, part, kind].filter(Boolean).join("-");
      yield [`documents/${file}.txt`, writeVector({ digest, writer, layout, image: name, kind, "media-type": mediaType, note }, bytes)];
    }
  }
}

// Captured output lies in the same folders as what is written here; only the former is anyone's else.
function strangers(root, built) {
  const folders = new Set([...built.keys()].map(dirname));
  return [...folders]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((path) => !built.has(path));
}
