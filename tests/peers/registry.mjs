// A loopback registry that stores bytes verbatim (Debian's docker-registry), and filling it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { images } from "../builders/images.mjs";

const READY_WITHIN_MS = 20_000;

/** Starts a registry on 127.0.0.1; `stop()` ends it and removes what it stored. */
export async function startRegistry({ program, port }) {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const host = `127.0.0.1:${port ?? (await freePort())}`;
  writeFileSync(join(folder, "config.yml"), config(folder, host));
  const child = spawn(program, ["serve", join(folder, "config.yml")], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (text) => (log = (log + text).slice(-4000)));
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    await ready(host, child);
  } catch (error) {
    await stop();
    throw new Error(`docker-registry did not answer at ${host}: ${error.message}\n${log}`);
  }
  return { host, stop };
}

/** Where the registry at `host` has that image of the builders. */
export const reference = (host, name) => `${host}/lighthouse/${name}:1.0`;

/**
 * Pushes every image of the builders, each to a repository of its own.
 * Schema 1 is left out: this registry signs it anew with a key of its own.
 */
export async function fill(host) {
  const verbatim = images().filter(({ documents }) => documents.every(({ kind }) => kind !== "schema1"));
  for (const image of verbatim) await push(host, `lighthouse/${image.name}`, "1.0", image);
}

/** Pushes an image as `host/repository:tag`: blobs, then what names them, its root last under the tag. */
export async function push(host, repository, tag, { documents, root }) {
  for (const { kind, digest, mediaType, bytes } of documents) {
    if (kind === "manifest" || kind === "index") {
      await put(`http://${host}/v2/${repository}/manifests/${digest}`, mediaType, bytes);
      if (digest === root) await put(`http://${host}/v2/${repository}/manifests/${tag}`, mediaType, bytes);
    } else {
      await pushBlob(host, repository, digest, bytes);
    }
  }
}

async function pushBlob(host, repository, digest, bytes) {
  const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const place = new URL(started.headers.get("location"), `http://${host}`);
  place.searchParams.set("digest", digest);
  await put(place, "application/octet-stream", bytes);
}

async function put(url, mediaType, body) {
  const answer = await fetch(url, { method: "PUT", headers: { "content-type": mediaType }, body });
  if (answer.status !== 201) throw new Error(`PUT ${url} as ${mediaType}: ${answer.status} ${await answer.text()}`);
}

async function ready(host, child) {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`no answer within ${READY_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const config = (folder, host) => `version: 0.1
log:
  level: error
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${join(folder, "data")}
http:
  addr: ${host}
`;
