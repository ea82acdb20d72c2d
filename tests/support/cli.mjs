// The command, as a program and as a function whose run is a stand-in.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { root } from "../../scripts/command.mjs";
import { main } from "../../dist/pkg/cli/main.js";
import { Run } from "../../dist/pkg/node.js";
import { images } from "../builders/images.mjs";
import { readVector } from "../builders/vector.mjs";

export const program = join(root, "dist", "pkg", "cli.js");

/** Starts the program; `ended` gives `{ code, stdout, stderr }`. */
export function start(args, { cwd, env = {}, node = [] } = {}) {
  // What the environment of whoever runs the tests says about colour must not reach the program.
  const child = spawn(process.execPath, [...node, program, ...args], { cwd, env: { PATH: process.env.PATH, ...env } });
  const said = { stdout: [], stderr: [] };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (bytes) => said[name].push(bytes));
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code]) => ({
    code,
    bytes: Buffer.concat(said.stdout),
    stdout: Buffer.concat(said.stdout).toString(),
    stderr: Buffer.concat(said.stderr).toString(),
  }));
  return { child, ended };
}

/** Runs the program to its end. */
export function pullproof(args, { input = "", ...options } = {}) {
  const { child, ended } = start(args, options);
  child.stdin.end(input);
  return ended;
}

/** A stream that keeps what is written. */
export function sink(properties = {}) {
  const parts = [];
  const stream = new Writable({ write: (part, _, done) => (parts.push(Buffer.from(part)), done()) });
  return Object.assign(stream, { text: () => Buffer.concat(parts).toString(), ...properties });
}

/** Calls the command in this process; `run` is what its questions are asked of, or makes it of options. */
export async function call(argv, { run, input = "", environment = {}, tty = false, stdout, signal } = {}) {
  const connected = [];
  const io = {
    stdin: Readable.from(input === "" ? [] : [Buffer.from(input)]),
    stdout: stdout ?? sink({ isTTY: tty }),
    stderr: sink({ isTTY: tty }),
    environment,
    signal,
    connect: (options) => (connected.push(options), typeof run === "function" ? run(options) : run),
  };
  const code = await main(argv, io);
  return { code, stdout: io.stdout.text?.(), stderr: io.stderr.text(), options: connected[0] };
}

/** A folder for a test, removed after it, with these files in it. */
export function folder(t, files = {}) {
  const path = mkdtempSync(join(tmpdir(), "pullproof-cli-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** A document of the vectors: its bytes and digest. */
export function document(name) {
  const { keys, bytes } = readVector(readFileSync(join(root, "tests", "vectors", "documents", `${name}.txt`)));
  return { bytes, digest: keys.digest };
}

const hosts = { "registry-1.docker.io": "docker.io" };

/**
 * A `fetch` that answers as registries do, from the builders' images: `repositories` has tags to names
 * of images by repository (`docker.io/nicolas/webdis`); a number instead of a name is a status.
 */
export function registries(repositories, { requests = [] } = {}) {
  const all = images();
  const documents = new Map(all.flatMap((image) => image.documents.map((found) => [found.digest, found])));
  const roots = new Map(all.map(({ name, root }) => [name, root]));
  const answer = (status, body, headers) => new Response(body, { status, headers });
  return async (url) => {
    requests.push(url);
    const [, host, name, kind, last] = /^https?:\/\/([^/]+)\/v2\/(.+)\/(manifests|blobs|referrers|tags)\/([^/?]+)/.exec(url) ?? [];
    const tags = repositories[`${hosts[host] ?? host}/${name}`];
    if (tags === undefined) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    if (kind === "tags") return answer(200, JSON.stringify({ name, tags: Object.keys(tags) }), { "content-type": "application/json" });
    // As registries without the referrers API answer.
    if (kind === "referrers") return answer(404, "");
    const named = tags[last];
    if (typeof named === "number") return answer(named, "", { "retry-after": "3600" });
    const found = documents.get(roots.get(named) ?? last);
    if (found === undefined) return answer(404, "");
    return answer(200, found.bytes, { "content-type": found.mediaType, "docker-content-digest": found.digest });
  };
}

/**
 * A registry on loopback, closed after the test: `repositories` as above, without the host. `hold` is
 * called with each path, and what it returns is waited for. Gives its host and port.
 */
export async function serveRegistry(t, repositories, { hold = () => {} } = {}) {
  const server = createServer(async (request, response) => {
    await hold(request.url);
    const named = Object.entries(repositories).map(([name, tags]) => [`${request.headers.host}/${name}`, tags]);
    const found = await registries(Object.fromEntries(named))(`http://${request.headers.host}${request.url}`);
    response.writeHead(found.status, Object.fromEntries(found.headers)).end(Buffer.from(await found.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${server.address().port}`;
}

/** A run over such registries, at a time that stays. */
export const runOver = (repositories, options = {}) => (given) =>
  new Run({ ...given, fetch: registries(repositories, options), now: new Date("2026-11-23T14:02:03.000Z") });
