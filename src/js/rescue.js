// Saves what a notary server (Docker Content Trust) has of a repository, while it answers, as one file
// of evidence. Nothing is verified here but that the files are the ones that the others name by hash:
// whoever reads the evidence later checks the signatures, as of then.
//
// The protocol is the docker client's (notary: `storage/httpstore.go`, `client/tufclient.go`): the
// timestamp names the snapshot by hash, the snapshot names root, targets and delegations by hash, and
// the roots before the newest are there by version.

import { base64 } from "./archive.js";
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
  const deadline = run.deadline();
  try {
    const saved = new Saved(run, `${from}/v2/${repository}/_trust/tuf/`, deadline);
    await save(saved);
    const at = now.toISOString().replace(/\.\d+Z$/, "Z");
    return { evidence: { pullproof: "notary-v1", repository, server: from, at, files: saved.files() }, problems: saved.problems };
  } finally {
    deadline.end();
  }
}

async function save(saved) {
  const timestamp = await saved.named("timestamp");
  const snapshot = await saved.hashed("snapshot", entry(timestamp, "snapshot"));
  if (snapshot) {
    const roles = rolesOf(snapshot, saved.problems);
    await Promise.all(roles.map((role) => saved.hashed(role, entry(snapshot, role))));
  }
  const root = saved.parsed("root") ?? (await saved.named("root"));
  await saved.roots(root?.signed?.version);
}

class Saved {
  #run;
  #base;
  #deadline;
  #files = new Map();
  problems = [];

  constructor(run, base, deadline) {
    this.#run = run;
    this.#base = base;
    this.#deadline = deadline;
  }

  /** A file by its plain name; none of it, and why is a problem, where it cannot be had. */
  async named(role, asked = role) {
    const got = elsewhere(await this.#get(asked));
    if (got.failed) return void this.#missing(asked, got.failed);
    this.#files.set(`${role}.json`, got.bytes);
    return this.parsed(role);
  }

  /** A file by the hash that another names for it: under the name with the hash, else the plain one. */
  async hashed(role, named) {
    if (named === undefined) return this.named(role);
    const wanted = hashOf(named);
    if (wanted === undefined) {
      this.problems.push({ is: "missing", role, text: `expected a SHA-256 of ${role}, found none that can be read` });
      return this.named(role);
    }
    let got = await this.#get(`${role}.${wanted}`);
    if (got.failed?.code === "not-found") got = await this.#get(role);
    if (got.failed) return void this.#missing(role, got.failed);
    // Kept all the same: what a server gave instead is evidence too.
    const found = digest(got.bytes);
    if (found !== `sha256:${wanted}` && got.led) return void this.#missing(role, elsewhere(got).failed);
    this.#files.set(`${role}.json`, got.bytes);
    if (found !== `sha256:${wanted}`) {
      this.problems.push({ is: "contradicted", role, text: `expected ${role} with sha256:${wanted}, found ${found}` });
    }
    return this.parsed(role);
  }

  /** The roots before this version, by which a pin of an old one leads to the newest. */
  async roots(newest) {
    if (!Number.isSafeInteger(newest) || newest < 1) return;
    const first = Math.max(1, newest - mostRoots);
    if (first > 1) this.problems.push({ is: "missing", role: "root", text: `versions 1 to ${first - 1} of root were not asked for` });
    const versions = Array.from({ length: newest - first }, (_, i) => first + i);
    await Promise.all(versions.map((version) => this.named(`${version}.root`)));
  }

  parsed(role) {
    const bytes = this.#files.get(`${role}.json`);
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
      this.problems.push({ is: "contradicted", role, text: `expected JSON as ${role}, found something else` });
      return undefined;
    }
  }

  files() {
    const sorted = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([name, bytes]) => [name, base64(bytes)]));
  }

  async #get(name) {
    try {
      return await this.#run.metadata(`${this.#base}${name}.json`, { deadline: this.#deadline });
    } catch (error) {
      if (error.code !== "question") throw error;
      // A name that no address can be made of.
      return { failed: { code: error.code, text: error.message } };
    }
  }

  #missing(role, { code, text }) {
    this.problems.push({ is: "missing", role, text: `${code}: ${role} could not be had: ${text}` });
  }
}

/** What another than the notary server says is not what that has, unless it has the hash that is named. */
function elsewhere(got) {
  if (!got.led) return got;
  return { failed: { code: "redirect", text: `expected an answer of the notary server, found one of ${new URL(got.from.url).host}, to which it led` } };
}

function entry(metadata, role) {
  const meta = metadata?.signed?.meta;
  return isObject(meta) && Object.hasOwn(meta, role) ? meta[role] : undefined;
}

/** What a snapshot names: root, targets and delegations, in its own words once they are no paths. */
function rolesOf(snapshot, problems) {
  const meta = isObject(snapshot.signed?.meta) ? Object.keys(snapshot.signed.meta) : [];
  const known = meta.filter((role) => role === "root" || (roleName.test(role) && !role.split("/").some((part) => /^\.+$/.test(part))));
  const all = new Set(known);
  for (const role of meta.filter((role) => !all.has(role)).slice(0, 20)) {
    problems.push({ is: "missing", role, text: `expected the name of a role in the snapshot, found ${JSON.stringify(role)}` });
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
    throw new PullproofError("argument", "expected the https address of a notary server, found another");
  }
  return url.href.replace(/\/$/, "");
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
