// `page DIR`: the page as files for any static host, with a policy if one is given. What it wrote it
// lists in a file of its own, so that it is written anew without touching what somebody added.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "./failure.js";
import { packageVersion } from "./help.js";
import { fileList } from "./listing.js";
import { readPolicy } from "./policy.js";

const list = "pullproof-page.json";
const noPolicy = '<meta name="pullproof-policy" content="">';
const place = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `page DIR [--policy FILE]` */
export async function page({ operands: [folder], options }, io, output) {
  const policy = options.policy === undefined ? undefined : await readPolicy(options.policy, io, output);
  const before = written(folder);
  try {
    for (const file of before) rmSync(join(folder, file), { force: true });
    write(folder, policy);
  } catch (error) {
    if (typeof error.code !== "string" || error instanceof Failure) throw error;
    throw new Failure("file", `expected a folder that can be written, found ${error.code}, at ${folder}`);
  }
  await output.print(`the page is in ${folder}${policy === undefined ? "" : ", with its policy"}`);
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

function listed(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

const isInside = (file) =>
  typeof file === "string" && file !== "" && !/[\\\0]/.test(file) && !posix.isAbsolute(file) && !file.split("/").includes("..");

function write(folder, policy) {
  mkdirSync(folder, { recursive: true });
  const files = [];
  const put = (name, content) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    files.push(name);
  };
  copy(place("../../../www"), folder, "", files);
  // The command is no part of the page.
  copy(place(".."), folder, "pkg/", files, (path) => !["cli", "cli.js"].includes(basename(path)));
  if (policy !== undefined) {
    const index = readFileSync(join(folder, "index.html"), "utf8");
    if (!index.includes(noPolicy)) throw new Failure("file", "expected a place for the policy in index.html, found none");
    writeFileSync(join(folder, "index.html"), index.replace(noPolicy, noPolicy.replace('""', '"policy.json"')));
    put("policy.json", policy);
  }
  put("files.json", fileList(folder, files, packageVersion()));
  // GitHub Pages would otherwise leave out what its own generator does not know.
  put(".nojekyll", "");
  put(list, `${JSON.stringify({ pullproof: "page", version: packageVersion(), files: [...files, list] })}\n`);
}

function copy(from, folder, prefix, files, filter = () => true) {
  for (const name of readdirSync(from).sort()) {
    const path = join(from, name);
    if (!filter(path)) continue;
    if (statSync(path).isDirectory()) {
      copy(path, folder, `${prefix}${name}/`, files, filter);
      continue;
    }
    const to = join(folder, prefix, name);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(path, to);
    files.push(`${prefix}${name}`);
  }
}
