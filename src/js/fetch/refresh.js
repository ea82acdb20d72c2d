// The newest trusted root of Sigstore, from its repository (TUF). The module says which file is wanted and checks it; here
// the files are fetched.

import { PullproofError, call, digest } from "../index.js";
import { Deadline, usualDeadline } from "./deadline.js";
import { Fault, exchange, overFetch } from "./transport.js";

/** Repositories, each with the root to begin with, which comes with the package, and its SHA-256. */
export const repositories = {
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

/** A repository that could not be used: its file, why, and what to do. */
export class NotRefreshed extends PullproofError {
  constructor(code, url, why, advice) {
    super(code, `${url} ${why}`);
    this.advice = advice;
  }
}

/** The root that comes with the package. Whoever changed it could name keys of their own. */
export function checkedRoot({ file, digest: expected }, bytes) {
  const found = digest(bytes);
  if (found === expected) return bytes;
  throw new NotRefreshed("trusted-root", `the file fetch/tuf/${file} of this package`, `was changed: expected ${expected}, found ${found}`, "install pullproof again");
}

/**
 * Fetches what is wanted until all is here: the trusted root, and the newest signed part of each role. `take(bytes)` gives the
 * root to begin with to what checks it, `onPath` hears what is asked for.
 */
export async function refreshed({ base, begin, time = usualDeadline, signal, onPath }, Refresh) {
  const refresh = call(() => new Refresh(Date.now()));
  const deadline = new Deadline(time);
  const heads = {};
  let target;
  let roots = 0;
  try {
    let path = begin((first) => call(() => refresh.take(first)));
    while (path !== undefined) {
      signal?.throwIfAborted();
      onPath?.(path);
      const isRoot = path.endsWith(".root.json");
      const url = `${base}${path}`;
      const bytes = await get(url, { isRoot, time, deadline });
      if (isRoot && bytes !== undefined) roots += 1;
      if (roots > mostRoots) throw new NotRefreshed("limit-exceeded", url, `has more than ${mostRoots} roots behind the one to begin with`, "begin with a newer one (--root FILE), or a newer pullproof");
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
  const { signed } = JSON.parse(new TextDecoder().decode(bytes));
  heads[signed._type] = signed;
}

function take(refresh, bytes, url) {
  try {
    return call(() => refresh.take(bytes));
  } catch (error) {
    if (typeof error?.code !== "string" || error.code === "could-not-check") throw error;
    const isOld = error.message.includes("still valid");
    throw new NotRefreshed("trusted-root", url, `cannot be used: ${error.message}`, isOld ? "look at the clock of this machine, or try again later" : "try again, or over another network");
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
    if (status >= 300 && status < 400) throw new NotRefreshed("redirect", url, `redirects to ${ledTo(url, headers)}, which is not followed`, "name the repository's address with --from");
    throw new NotRefreshed("status", url, `answered with status ${status}`, again);
  } catch (error) {
    if (error instanceof NotRefreshed || typeof error?.code !== "string") throw error;
    throw new NotRefreshed(error.code, url, error.code === "network" ? `cannot be reached (${error.message})` : error.message, again);
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
