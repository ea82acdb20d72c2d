// `page DIR`: the page as files for any static host, with a policy if one is given. What it wrote it
// lists in a file of its own, so that it is written anew without touching what somebody added.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.js";
import { packageVersion } from "./help.js";
import { readPolicy } from "./policy.js";
import { addressOf } from "./run.js";
import { siteFiles, writeFiles } from "./site.js";

const list = "pullproof-page.json";
const place = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `page DIR [--policy FILE] [--gateway URL]` */
export async function page({ operands: [folder], options }, io, output) {
  const policy = options.policy === undefined ? undefined : await readPolicy(options.policy, io, output);
  const gateway = options.gateway === undefined ? undefined : new URL(addressOf(options.gateway)).href;
  const before = written(folder);
  try {
    remove(folder, before);
    write(folder, { policy, gateway });
  } catch (error) {
    if (typeof error.code !== "string" || error instanceof Failure) throw error;
    throw new Failure("file", `expected a folder that can be written, found ${error.code}, at ${folder}`);
  }
  await output.print(`the page is in ${folder}${policy === undefined ? "" : ", with its policy"}`);
  output.note("put the folder's files on GitHub Pages or any other host: opened from a disk, a page can load nothing");
  return 0;
}

/** What an earlier call wrote into the folder; a folder with anything else in it is refused. */
function written(folder) {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new Failure("file", `expected a folder, found a file, at ${folder}`);
  if (readdirSync(folder).length === 0) return [];
  const { pullproof, files } = listed(join(folder, list)) ?? {};
  if (pullproof === "page" && Array.isArray(files) && files.every(isInside)) return files;
  throw new Failure("file", `expected an empty folder, or one that this command wrote, found another, at ${folder}`);
}

/** Takes files away, and the folders that nothing is left in. */
function remove(folder, files) {
  for (const file of files) rmSync(join(folder, file), { force: true });
  const folders = new Set(files.flatMap(foldersOf));
  for (const inner of [...folders].sort((one, other) => other.length - one.length)) {
    const path = join(folder, inner);
    if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path);
  }
}

/** `a/b/c` is in `a/b`, which is in `a`. */
const foldersOf = (file) => file.split("/").slice(0, -1).map((_, i, names) => names.slice(0, i + 1).join("/"));

function listed(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

const isInside = (file) =>
  typeof file === "string" && file !== "" && !/[\\\0]/.test(file) && !posix.isAbsolute(file) && !file.split("/").includes("..");

function write(folder, given) {
  const site = siteFiles({ www: place("../../../www"), pkg: place(".."), version: packageVersion(), ...given });
  // GitHub Pages would otherwise leave out what its own generator does not know.
  site.set(".nojekyll", Buffer.alloc(0));
  const names = [...site.keys(), list];
  site.set(list, Buffer.from(`${JSON.stringify({ pullproof: "page", version: packageVersion(), files: names })}\n`));
  mkdirSync(folder, { recursive: true });
  writeFiles(folder, site);
}
