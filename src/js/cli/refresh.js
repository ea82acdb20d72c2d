// `trusted-root`: the trusted root of Sigstore that comes along, or the newest one from its repository (TUF). The module
// says which file is wanted and checks it; here the files are fetched, and the result is written.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { usualDeadline } from "../fetch/deadline.js";
import { isHere } from "../report/machine.js";
import { Failure, at, misuse } from "./failure.js";
import { put } from "./files.js";
import { placeOf, read } from "./input.js";
import { milliseconds } from "./run.js";

/** The trusted roots that come along (`SHIPPED` in the module), each with what gets the newest. */
const shippedRoots = [
  ["the trusted root of sigstore.dev of 2025-09-22, sha256:6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66", "--refresh"],
  ["the trusted root of GitHub of 2026-06-12, sha256:484cdfe1a7c65479c5ba2a22193d1be90f0020db1997de696ab207434c62fbb7", "--refresh --github"],
];

const ofRefresh = ["github", "from", "root", "output", "timeout"];

/** `trusted-root`, or `trusted-root --refresh [--github] [--from URL] [--root FILE] [-o FILE]` */
export async function trustedRoot({ options }, io, output) {
  if (!options.refresh) {
    const alone = ofRefresh.find((name) => options[name] !== undefined);
    if (alone !== undefined) throw misuse(`--${alone} needs --refresh`);
    await output.print(shippedRoots.map(([root, how]) => ({ text: `${root}; \`pullproof trusted-root ${how}\` gets the newest`, hang: 0 })));
    return 0;
  }
  const { repositories } = await import("../fetch/refresh.js");
  const repository = repositories[options.github ? "github" : "sigstore"];
  const base = options.from === undefined ? repository.address : addressOf(options.from);
  const time = options.timeout === undefined ? usualDeadline : milliseconds(options.timeout);
  const isShipped = options.root === undefined;
  const first = isShipped ? { shipped: repository, bytes: readFileSync(new URL(`../fetch/tuf/${repository.file}`, import.meta.url)) } : { bytes: await read(options.root, io, output) };
  const { target, heads } = await asked({ base, first, place: isShipped ? repository.file : placeOf(options.root), time }, io, output);
  const { output: file = "-" } = options;
  if (file === "-") await output.write(target);
  else await put(file, target, output);
  const began = JSON.parse(Buffer.from(first.bytes).toString()).signed.version;
  output.note(`trusted root of ${base}: its root ${heads.root?.version ?? began} (began with root ${began}), its targets ${heads.targets.version}, its timestamp valid until ${heads.timestamp.expires}`);
  const written = file === "-" ? "save this to FILE, and use it with --trusted-root FILE" : `written to ${file}; use it with --trusted-root ${file}`;
  output.note(`${sha256(target)}, ${target.length} bytes: ${written}`);
  return 0;
}

const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Asks the repository; a reason why it cannot be used is said with what to do. */
async function asked({ base, first, place, time }, io, output) {
  // The module is started by it.
  await import("../node.js");
  const { Refresh } = await import("../pullproof.js");
  const { checkedRoot, refreshed } = await import("../fetch/refresh.js");
  const begin = (take) => (first.shipped === undefined ? at(place, () => take(first.bytes)) : take(checkedRoot(first.shipped, first.bytes)));
  try {
    return await refreshed({ base, begin, time, signal: io.signal, onPath: (path) => output.progress(`asking for ${path}`) }, Refresh);
  } catch (error) {
    throw error.advice === undefined ? error : new Failure(error.code, `${error.message}. Nothing was written; ${error.advice}`);
  }
}

/** A repository's address, which ends in a slash. Over plain http anybody could keep it at an old state. */
function addressOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere(url.hostname));
  if (!isSafe) throw misuse("--from takes an address that begins with https:// (or http:// of this machine)");
  if (url.username || url.password || /[?#]/.test(text)) throw misuse("--from takes an address without a user name, ? or # in it");
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}
