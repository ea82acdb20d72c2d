// The docker client's credentials, read where and as it reads them: DOCKER_AUTH_CONFIG, config.json and
// its helpers (docker/cli: cli/config); and podman's auth.json (containers-auth.json.5). They are matched
// by exact host and port: a name that only contains another one does not match. Nothing secret is ever a part of a message.
// `HttpHeaders` are for docker's daemon, and are sent to no registry. Without TLS they go to this machine, and, as docker's
// to its `insecure-registries`, to the hosts named in `plainHttp`.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isHere } from "../report/machine.js";

// The name of Docker Hub in the stores of docker's client, and the hosts that are Docker Hub.
const hubKey = "https://index.docker.io/v1/";
const hubHosts = ["docker.io", "registry-1.docker.io", "index.docker.io", "auth.docker.io"];

// A keychain may ask its user something first.
const helperMilliseconds = 30_000;
const mostHelperBytes = 2 ** 20;
const anonymously = "asking anonymously";
// The part after `docker-credential-`: no separators, so that it is a name in PATH and no path.
const helperName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Credentials by origin. Whatever goes wrong is said once, by `note`, and ends in none: anonymous. */
export class Credentials {
  #options;
  #configs;
  #found = new Map();
  #said = new Set();

  constructor({ environment, signal, note, plainHttp = [], within = helperMilliseconds }) {
    this.#options = { environment, signal, note, plainHttp, within };
  }

  /** `{ username, password }` or `{ identityToken }` for an origin such as `https://ghcr.io`, or null. */
  get(origin) {
    const known = this.#found.get(origin);
    if (known) return known;
    const found = this.#find(origin);
    this.#found.set(origin, found);
    return found;
  }

  async #find(origin) {
    const server = serverOf(origin, this.#options.plainHttp);
    if (server === undefined) return null;
    this.#configs ??= this.#read();
    for (const config of await this.#configs) {
      const found = await this.#within(config, server);
      // Where something was said to be wrong, it is not made up for by another file.
      if (found !== undefined) return found;
    }
    return null;
  }

  async #within({ podman, auths, credHelpers, credsStore }, server) {
    const helper = entry(credHelpers, server, podman) ?? credsStore;
    // As for docker: where a helper is named, what the file itself has does not count.
    if (typeof helper === "string" && helper !== "") return this.#ask(helper, server);
    const found = entry(auths, server, podman);
    if (podman && found === undefined && hasRepositories(auths, server)) return this.#repositories(server);
    return this.#stored(found, server);
  }

  /** All stored logins, in the order in which they count: the nearest to the caller first. */
  async #read() {
    const { DOCKER_AUTH_CONFIG, DOCKER_CONFIG, HOME, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR } = this.#options.environment;
    const docker = join(DOCKER_CONFIG || join(HOME || homedir(), ".docker"), "config.json");
    const given = DOCKER_AUTH_CONFIG ? this.#parse(DOCKER_AUTH_CONFIG, "in DOCKER_AUTH_CONFIG") : undefined;
    return [
      // As for docker: there it names passwords only, no programs to run.
      given && { auths: given.auths },
      REGISTRY_AUTH_FILE && { ...(await this.#file(REGISTRY_AUTH_FILE)), podman: true },
      await this.#file(docker),
      XDG_RUNTIME_DIR && { ...(await this.#file(join(XDG_RUNTIME_DIR, "containers", "auth.json"))), podman: true },
    ].filter(Boolean);
  }

  async #file(name) {
    try {
      return this.#parse(await readFile(name, "utf8"), `at ${name}`);
    } catch ({ code }) {
      if (code !== "ENOENT") this.#say(`docker's logins cannot be read: ${name} (${code}); ${anonymously}`);
    }
    return undefined;
  }

  #parse(text, place) {
    const config = parsed(text);
    // Nothing of the text is repeated: an engine's message may quote the text around the error.
    if (config === undefined) this.#say(`docker's logins cannot be read: not JSON, ${place}; ${anonymously}`);
    else if (!isObject(config)) this.#say(`docker's logins cannot be read: not a JSON object, ${place}; ${anonymously}`);
    return isObject(config) ? config : {};
  }

  #stored(found, server) {
    if (!isObject(found)) return undefined;
    if (isText(found.identitytoken) && found.identitytoken !== "") return { identityToken: found.identitytoken };
    if (found.registrytoken) return this.#registryToken(server);
    const [username, password] = decoded(found.auth) ?? [found.username, found.password];
    if (isText(username) && username !== "" && isText(password)) return { username, password };
    if (!found.auth) return undefined;
    this.#say(`docker's login for ${server} cannot be read: its auth is not user:password in base64`);
    return null;
  }

  async #ask(helper, server) {
    if (!helperName.test(helper)) {
      const found = JSON.stringify(helper);
      this.#say(`credential helper for ${server}: ${found} is not a name; ${anonymously}`);
      return null;
    }
    const program = `docker-credential-${helper}`;
    const { failed, output } = await run(program, server.key, this.#options);
    const said = output.trim();
    if (said === "credentials not found in native keychain") return undefined;
    if (failed !== undefined) {
      this.#say(`credential helper ${program} gave no login for ${server}: ${failed}; ${anonymously}`);
      return null;
    }
    const { Username: username, Secret: password } = parsed(said) ?? {};
    const isToken = username === "<token>";
    if (isToken && isText(password) && password !== "") return { identityToken: password };
    if (!isToken && isText(username) && isText(password)) return username === "" ? undefined : { username, password };
    this.#say(`credential helper ${program} gave neither Username nor Secret; ${anonymously}`);
    return null;
  }

  /** Credentials go to a whole registry here: those of one repository must not go to all of them. */
  #repositories(server) {
    this.#say(`logins for single repositories of ${server} are stored, which are not used here; ${anonymously}`);
    return null;
  }

  /** It would be for one repository, or for some, which the file does not say. */
  #registryToken(server) {
    this.#say(`a registry token is stored for ${server}, which is not used here; ${anonymously}`);
    return null;
  }

  #say(text) {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#options.note(text);
  }
}

/**
 * What docker stores an origin's credentials under: `key`, the name that helpers are asked for, and the
 * hosts that count as it. Nothing for an origin whose credentials others on the way could read.
 */
function serverOf(origin, plainHttp) {
  const { protocol, host, hostname } = new URL(origin);
  const isNamed = plainHttp.some((name) => [host, `${host}:80`].includes(name.toLowerCase()));
  if (protocol !== "https:" && !(protocol === "http:" && (isHere(hostname) || isNamed))) return undefined;
  const toString = () => host;
  if (protocol === "https:" && hubHosts.includes(host)) return { key: hubKey, hosts: hubHosts, toString };
  // A URL drops the usual port, which docker keeps where the image was named with it.
  const port = protocol === "https:" ? 443 : 80;
  const hosts = host === hostname ? [host, `${host}:${port}`] : [host];
  return { key: host, hosts, toString };
}

/**
 * What a table of a config has for a server: under its key, else under a name of the same host. In
 * podman's files a name with a path is one of a repository.
 */
function entry(table, { key, hosts }, podman) {
  if (!isObject(table)) return undefined;
  if (Object.hasOwn(table, key)) return table[key];
  const isWhole = (name) => !podman || !isRepository(name);
  const name = Object.keys(table).find((name) => isWhole(name) && hosts.includes(hostOf(name)));
  return name === undefined ? undefined : table[name];
}

const hasRepositories = (table, { hosts }) =>
  isObject(table) && Object.keys(table).some((name) => isRepository(name) && hosts.includes(hostOf(name)));

/** With a scheme it is a key as docker once wrote them, whose path means nothing. */
const isRepository = (name) => !/^https?:/.test(name) && name.includes("/");

/** A key's host and port: docker drops the scheme and everything from the first slash on. */
const hostOf = (name) => name.replace(/^https?:\/\//, "").split("/")[0].toLowerCase();

const isText = (value) => typeof value === "string";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** User and password in base64 with a colon between; nothing where there is no colon. */
function decoded(auth) {
  if (typeof auth !== "string" || auth === "") return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 1 ? undefined : [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, "")];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Runs a helper as docker does: `get`, the server on standard input, the answer on standard output. */
function run(program, server, { environment, signal, within }) {
  return new Promise((resolve) => {
    // What it says on standard error is dropped: it could be anything that it knows.
    const stdio = ["pipe", "pipe", "ignore"];
    const child = spawn(program, ["get"], { env: environment, signal, stdio, windowsHide: true });
    let output = "";
    let failed;
    const stop = (why) => {
      child.kill("SIGKILL");
      // Not when its output closes: a program that it started may hold that open.
      child.stdout.destroy();
      resolve({ failed: why, output: "" });
    };
    const timer = setTimeout(() => stop(`no answer within ${within / 1000} seconds`), within);
    child.on("error", ({ code }) => (failed ??= code === "ENOENT" ? "no such program in PATH" : code));
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
      if (output.length > mostHelperBytes) stop(`more than ${mostHelperBytes} bytes`);
    });
    child.on("close", (code, signalled) => {
      clearTimeout(timer);
      if (code !== 0) failed ??= signalled ? `ended by ${signalled}` : `exit code ${code}`;
      resolve({ failed, output });
    });
    // One that ends without reading what it is asked shows so by its answer.
    child.stdin.on("error", () => {});
    child.stdin.end(server);
  });
}
