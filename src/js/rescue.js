// Saves what a notary server (Docker Content Trust) has of a repository, while it answers, as one file
// of evidence. Nothing is verified here but that the files are the ones that the others name by hash:
// whoever reads the evidence later checks the signatures, as of then.
//
// The protocol is the docker client's (notary: `storage/httpstore.go`, `client/tufclient.go`): the
// timestamp names the snapshot by hash, the snapshot names root, targets and delegations by hash, and
// the roots before the newest are there by version.

import { base64 } from "./files/metadata.js";
import { PullproofError, digest } from "./index.js";
import { isHere } from "./report/machine.js";

// Roots that are asked for behind the newest; a rotation a month would take eight years.
const mostRoots = 100;
const mostRoles = 1000;

// Notary's own rule for delegations (`tuf/data/roles.go`), without what could lead elsewhere in a path.
const roleName = /^targets(?:\/[-a-z0-9._]+)*$/;

const hub = { registry: "docker.io", server: "https://notary.docker.io" };

/** The notary server that the docker client asks for a repository of this registry. */
export const notaryServer = (registry) => (registry === hub.registry ? hub.server : `https://${registry}`);

/**
 * The evidence `{ pullproof: "notary-v1", repository, server, at, files }` and the `problems` met: what
 * could not be got (`is: "missing"`) and what is not what was named (`is: "contradicted"`).
 */
export async function rescue(run, repository, { server, now = new Date() } = {}) {
  const from = serverAddress(server ?? notaryServer(repository.slice(0, repository.indexOf("/"))));
  const saving = new Saving(`${from}/v2/${repository}/_trust/tuf/`);
  await run.serve(saving);
  const { files, problems } = saving.walk();
  const at = now.toISOString().replace(/\.\d+Z$/, "Z");
  return { evidence: { pullproof: "notary-v1", repository, server: from, at, files: asText(files) }, problems };
}

/** Collects the files of a repository: says which it wants and takes the results, as a session does. */
class Saving {
  #base;
  /** The result for each file that was asked for, by the name it was asked for by. */
  #came = new Map();

  constructor(base) {
    this.#base = base;
  }

  wants() {
    return this.walk().wanted.map(({ name, digest }) => ({ what: "notary", hint: name, digest, url: `${this.#base}${name}.json` }));
  }

  take({ want, bytes, failed }) {
    const name = want?.url.slice(this.#base.length, -".json".length);
    if (failed) this.#came.set(name, { failed });
    if (bytes) this.#came.set(name, { bytes, digest: digest(bytes), value: parsed(bytes) });
  }

  /** Follows the files received: those wanted next, those to save, and problems. */
  walk() {
    const walk = new Walk(this.#came);
    walk.all();
    return walk;
  }
}

class Walk {
  wanted = [];
  files = new Map();
  problems = [];
  #came;
  #values = new Map();

  constructor(came) {
    this.#came = came;
  }

  all() {
    const timestamp = this.#named("timestamp");
    if (this.wanted.length > 0) return;
    const snapshot = this.#hashed("snapshot", entry(timestamp, "snapshot"));
    if (this.wanted.length > 0) return;
    const roles = snapshot ? rolesOf(snapshot, this.problems) : [];
    for (const role of roles) this.#hashed(role, entry(snapshot, role));
    if (this.wanted.length > 0) return;
    const root = this.#values.get("root") ?? this.#named("root");
    this.#roots(root?.signed?.version);
  }

  /** A file by its plain name; none of it, and why is a problem, where it cannot be had. */
  #named(role) {
    return this.#file(role, role);
  }

  /** A file by the hash that another names for it: under the name with the hash, else the plain one. */
  #hashed(role, named) {
    if (named === undefined) return this.#named(role);
    const wanted = hashOf(named);
    if (wanted === undefined) {
      this.problems.push({ is: "missing", role, text: `no usable SHA-256 of ${role} is signed` });
      return this.#named(role);
    }
    const name = `${role}.${wanted}`;
    const isThere = this.#came.get(name)?.failed?.code !== "not-found";
    return this.#file(role, isThere ? name : role, `sha256:${wanted}`);
  }

  /** The roots before this version, by which a pin of an old one leads to the newest. */
  #roots(newest) {
    if (!Number.isSafeInteger(newest) || newest < 1) return;
    const first = Math.max(1, newest - mostRoots);
    if (first > 1) this.problems.push({ is: "missing", role: "root", text: `versions 1 to ${first - 1} of root were not asked for` });
    for (let version = first; version < newest; version += 1) this.#named(`${version}.root`);
  }

  /** The content of a file, if it was received and can be read. */
  #file(role, name, expected) {
    const got = this.#came.get(name);
    if (got === undefined) return void this.wanted.push({ name, digest: expected });
    if (got.failed) return void this.problems.push({ is: "missing", role, text: `${got.failed.code}: ${role} could not be fetched: ${got.failed.text}` });
    // Kept even if its hash is wrong: a wrong answer of a server is evidence too.
    this.files.set(`${role}.json`, got.bytes);
    if (expected !== undefined && got.digest !== expected) {
      this.problems.push({ is: "contradicted", role, text: `expected ${role} with ${expected}, found ${got.digest}` });
    }
    if (got.value === undefined) this.problems.push({ is: "contradicted", role, text: `${role} is not JSON` });
    this.#values.set(role, got.value);
    return got.value;
  }
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Files by name, as text. */
function asText(files) {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, bytes]) => [name, base64(bytes)]));
}

function entry(metadata, role) {
  const meta = metadata?.signed?.meta;
  return isObject(meta) && Object.hasOwn(meta, role) ? meta[role] : undefined;
}

/** The files that a snapshot names: root, targets and delegations, in its own words once they are no paths. */
function rolesOf(snapshot, problems) {
  const meta = isObject(snapshot.signed?.meta) ? Object.keys(snapshot.signed.meta) : [];
  const known = meta.filter((role) => role === "root" || (roleName.test(role) && !role.split("/").some((part) => /^\.+$/.test(part))));
  const all = new Set(known);
  for (const role of meta.filter((role) => !all.has(role)).slice(0, 20)) {
    problems.push({ is: "missing", role, text: `the snapshot names ${JSON.stringify(role)}, which is not a role` });
  }
  if (known.length > mostRoles) {
    problems.push({ is: "missing", role: "snapshot", text: `of ${known.length} roles only the first ${mostRoles} were asked for` });
  }
  return known.slice(0, mostRoles);
}

/** The SHA-256 in an entry as 64 hex digits; notary has it in base64. */
function hashOf(named) {
  const text = named?.hashes?.sha256;
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  return [...atob(text)].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

function serverAddress(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fits = url?.protocol === "https:" || (url?.protocol === "http:" && isHere(url.hostname));
  if (!fits || url.username || url.password || url.search || url.hash) {
    throw new PullproofError("argument", "the address of a notary server begins with https://");
  }
  return url.href.replace(/\/$/, "");
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
