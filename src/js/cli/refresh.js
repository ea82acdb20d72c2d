// `trusted-root`: the trusted root of Sigstore that comes along, or the newest one from its repository (TUF). The module
// says which file is wanted and checks it; here the files are fetched, and the result is written.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Deadline, usualDeadline } from "../fetch/deadline.js";
import { Fault, exchange, overFetch } from "../fetch/transport.js";
import { call } from "../index.js";
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

/** Repositories, each with the root to begin with, which came with the package, and its SHA-256. */
const repositories = {
  sigstore: {
    address: "https://tuf-repo-cdn.sigstore.dev/",
    file: "tuf-repo-cdn.sigstore.dev.json",
    digest: "sha256:27aea7e372aa7864065174f0661784fcf8b0e28b1dbfebeada31a0f1fb19167f",
  },
  github: {
    address: "https://tuf-repo.github.com/",
    file: "tuf-repo.github.com.json",
    digest: "sha256:eb303461e0109458144b6ebcbfd62aaa6f6d7481e9ca77504b85f17761661462",
  },
};

// With the four files behind the roots, at most 68 requests.
const mostRoots = 64;
// Sigstore's largest file has 7 kB. A file and a request as of a policy.
const mostBytes = 4 * 2 ** 20;
const mostMilliseconds = 60_000;

const ofRefresh = ["github", "from", "root", "output", "timeout"];

/** `trusted-root`, or `trusted-root --refresh [--github] [--from URL] [--root FILE] [-o FILE]` */
export async function trustedRoot({ options }, io, output) {
  if (!options.refresh) {
    const alone = ofRefresh.find((name) => options[name] !== undefined);
    if (alone !== undefined) throw misuse(`--${alone} needs --refresh`);
    await output.print(shippedRoots.map(([root, how]) => ({ text: `${root}; \`pullproof trusted-root ${how}\` gets the newest`, hang: 0 })));
    return 0;
  }
  const repository = repositories[options.github ? "github" : "sigstore"];
  const base = options.from === undefined ? repository.address : addressOf(options.from);
  const time = options.timeout === undefined ? usualDeadline : milliseconds(options.timeout);
  const first = options.root === undefined ? shipped(repository) : await read(options.root, io, output);
  const place = options.root === undefined ? repository.file : placeOf(options.root);
  const { target, heads } = await refreshed({ base, first, place, time }, io, output);
  const { output: file = "-" } = options;
  if (file === "-") await output.write(target);
  else await put(file, target, output);
  const began = JSON.parse(Buffer.from(first).toString()).signed.version;
  output.note(`trusted root of ${base}: its root ${heads.root?.version ?? began} (began with root ${began}), its targets ${heads.targets.version}, its timestamp valid until ${heads.timestamp.expires}`);
  const written = file === "-" ? "save this to FILE, and use it with --trusted-root FILE" : `written to ${file}; use it with --trusted-root ${file}`;
  output.note(`${sha256(target)}, ${target.length} bytes: ${written}`);
  return 0;
}

/** The root that came with the package. Whoever changed it could name keys of their own. */
function shipped({ file, digest }) {
  const bytes = readFileSync(new URL(`./tuf/${file}`, import.meta.url));
  if (sha256(bytes) === digest) return bytes;
  throw new Failure("trusted-root", `the file cli/tuf/${file} of this package was changed: expected ${digest}, found ${sha256(bytes)}. Nothing was written; install pullproof again`);
}

const sha256 = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Fetches what is wanted until all is here: the trusted root, and the newest signed part of each role. */
async function refreshed({ base, first, place, time }, io, output) {
  // The module is started by it.
  await import("../node.js");
  const { Refresh } = await import("../pullproof.js");
  const refresh = call(() => new Refresh(Date.now()));
  const deadline = new Deadline(time);
  const heads = {};
  let target;
  let roots = 0;
  try {
    let path = at(place, () => call(() => refresh.take(first)));
    while (path !== undefined) {
      io.signal?.throwIfAborted();
      output.progress(`asking for ${path}`);
      const isRoot = path.endsWith(".root.json");
      const url = `${base}${path}`;
      const bytes = await get(url, { isRoot, time, deadline });
      if (isRoot && bytes !== undefined) roots += 1;
      if (roots > mostRoots) throw failed("limit-exceeded", url, `has more than ${mostRoots} roots behind the one to begin with`, "begin with a newer one (--root FILE), or a newer pullproof");
      const next = take(refresh, bytes, url);
      if (next === undefined) target = bytes;
      else if (bytes !== undefined) keep(heads, bytes);
      path = next;
    }
    return { target, heads };
  } finally {
    deadline.end();
    refresh.free();
  }
}

function keep(heads, bytes) {
  const { signed } = JSON.parse(Buffer.from(bytes).toString());
  heads[signed._type] = signed;
}

function take(refresh, bytes, url) {
  try {
    return call(() => refresh.take(bytes));
  } catch (error) {
    if (typeof error?.code !== "string" || error.code === "could-not-check") throw error;
    const isOld = error.message.includes("still valid");
    throw failed("trusted-root", url, `cannot be used: ${error.message}`, isOld ? "look at the clock of this machine, or try again later" : "try again, or over another network");
  }
}

/** A file; nothing where a root is not there, which ends their chain. */
async function get(url, { isRoot, time, deadline }) {
  const request = { url, headers: [], follow: false, mostBytes, wait: 0, mostMilliseconds: Math.min(mostMilliseconds, time) };
  const stops = new Set();
  try {
    const { status, headers, body } = await deadline.within(exchange(request, overFetch(globalThis.fetch), stops));
    if (status === 200) return body;
    if (status === 404 && isRoot) return undefined;
    if (status >= 300 && status < 400) throw failed("redirect", url, `redirects to ${ledTo(url, headers)}, which is not followed`, "name the repository's address with --from");
    throw failed("status", url, `answered with status ${status}`, again);
  } catch (error) {
    if (error instanceof Failure || typeof error?.code !== "string") throw error;
    throw failed(error.code, url, error.code === "network" ? `cannot be reached (${error.message})` : error.message, again);
  } finally {
    for (const stop of stops) stop(new Fault("timeout", "not waited for any longer"));
  }
}

const again = "try again later, or name a mirror of the repository with --from";

/** The origin alone: the rest may be a secret. */
function ledTo(url, headers) {
  const found = headers[headers.findIndex((name, n) => n % 2 === 0 && name.toLowerCase() === "location") + 1];
  return found !== undefined && URL.canParse(found, url) ? new URL(found, url).origin : "another address";
}

const failed = (code, url, why, advice) => new Failure(code, `${url} ${why}. Nothing was written; ${advice}`);

/** A repository's address, which ends in a slash. Over plain http anybody could keep it at an old state. */
function addressOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isHere(url.hostname));
  if (!isSafe) throw misuse("--from takes an address that begins with https:// (or http:// of this machine)");
  if (url.username || url.password || /[?#]/.test(text)) throw misuse("--from takes an address without a user name, ? or # in it");
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}
