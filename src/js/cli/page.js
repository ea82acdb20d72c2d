// `page DIR`: the page as files for any static host, with a policy if one is given. What it wrote it
// lists in a file of its own, so that it is written anew without touching what somebody added. Nothing is
// taken away or replaced before all that is new is on the disk, and nothing through a symbolic link.

import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { word as shellWord } from "../report/checks/shell.js";
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
    write(folder, pageFiles({ policy, gateway }), before);
  } catch (error) {
    if (typeof error.code !== "string" || error instanceof Failure) throw error;
    throw new Failure("file", `cannot write to the folder ${folder} (${error.code})`);
  }
  await output.print(`the page is in ${folder}${policy === undefined ? "" : ", with its policy"}`);
  output.note(`preview: pullproof serve ${shellWord(folder) ?? "DIR"}`);
  output.note("publish: upload the folder to GitHub Pages or any other host (it does not work from file://)");
  return 0;
}

/** The files that an earlier call wrote into the folder; a folder with anything else in it is refused. */
function written(folder) {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory()) throw new Failure("file", `${folder} is a file, not a folder`);
  if (readdirSync(folder).every((name) => isLeftOver(folder, name))) return [];
  const { pullproof, files } = listed(join(folder, list)) ?? {};
  if (pullproof === "page" && Array.isArray(files) && files.every(isInside)) return files;
  throw new Failure("file", `folder "${folder}" is not empty and was not written by pullproof`);
}

/** Whether it is what a call that was killed had not put into place yet. */
const isLeftOver = (folder, name) => /^\.pullproof-[A-Za-z0-9]{6}$/.test(name) && lstatSync(join(folder, name)).isDirectory();

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

function pageFiles(given) {
  const site = siteFiles({ www: place("../../../www"), pkg: place(".."), version: packageVersion(), ...given });
  // GitHub Pages would otherwise leave out what its own generator does not know.
  site.set(".nojekyll", Buffer.alloc(0));
  return site;
}

const listOf = (files) => Buffer.from(`${JSON.stringify({ pullproof: "page", version: packageVersion(), files })}\n`);

/** Puts files in the place of those that were written before. */
function write(folder, site, before) {
  const names = [...site.keys(), list];
  const all = [...new Set([...before, ...names])];
  refuseOther(folder, all, new Set(before));
  mkdirSync(folder, { recursive: true });
  const begun = `${list}.begun`;
  for (const name of readdirSync(folder).filter((name) => isLeftOver(folder, name))) rmSync(join(folder, name), { recursive: true });
  const staging = mkdtempSync(join(folder, ".pullproof-"));
  try {
    writeFiles(staging, new Map([...site, [list, listOf(names)], [begun, listOf(all)]]));
    // From here on each call finds the files of both, whenever this one ended.
    renameSync(join(staging, begun), join(folder, list));
    for (const name of inTurn(names)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      renameSync(join(staging, name), join(folder, name));
    }
    remove(folder, before.filter((name) => !names.includes(name)));
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Orders files so that each comes before those that refer to it: a page that is opened meanwhile finds its parts. */
function inTurn(names) {
  const last = ["index.html", list];
  const others = names.filter((name) => !last.includes(name));
  const isDeep = (name) => name.includes("/");
  return [...others.filter(isDeep), ...others.filter((name) => !isDeep(name)), ...last];
}

/** Nothing is changed where a name leads out of the folder, or is that of something that was added to it. */
function refuseOther(folder, names, before) {
  const kind = (path) => lstatSync(path, { throwIfNoEntry: false });
  for (const name of names) {
    for (const inner of foldersOf(name)) {
      if (kind(join(folder, inner))?.isDirectory() === false) throw other(folder, inner);
    }
    const found = kind(join(folder, name));
    if (found !== undefined && (!found.isFile() || !(before.has(name) || name === list))) throw other(folder, name);
  }
}

const other = (folder, name) =>
  new Failure("file", `${join(folder, name)} was not written by pullproof, and is not overwritten`);
