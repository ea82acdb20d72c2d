// `rescue` against the real notary server, filled by the real notary client.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { root } from "../../scripts/command.mjs";
import { tools } from "./tools.mjs";

const repository = "127.0.0.1:5000/nicolas/webdis";
const folder = mkdtempSync(join(tmpdir(), "pullproof-notary-"));
const { notary, "notary-server": program } = tools(["notary", "notary-server"]);
const phrases = Object.fromEntries(["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"].map((role) => [`NOTARY_${role}_PASSPHRASE`, `${role} pass phrase`]));
let server;
let address;

before(async () => {
  ({ server, address } = await startServer());
  writeFileSync(join(folder, "client.json"), JSON.stringify({ trust_dir: join(folder, "trust"), remote_server: { url: address } }));
  client("init", repository, "-p");
  writeFileSync(join(folder, "list"), "what a tag names");
  client("add", repository, "0.1.19", join(folder, "list"), "-p");
  client("key", "rotate", repository, "snapshot", "-r");
  client("list", repository);
});

after(async () => {
  const ended = once(server, "exit");
  server.kill();
  await ended;
  rmSync(folder, { recursive: true });
});

test("what is saved is, byte for byte, what the client has, and the root before the rotation", () => {
  const path = join(folder, "saved.json");
  command("rescue", repository, "--server", address, "-o", path);
  const { repository: named, server: asked, files } = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual([named, asked], [repository, address]);
  assert.deepEqual(Object.keys(files), ["1.root.json", "root.json", "snapshot.json", "targets.json", "timestamp.json"]);
  const kept = join(folder, "trust", "tuf", repository, "metadata");
  assert.deepEqual(readdirSync(kept).sort(), ["root.json", "snapshot.json", "targets.json", "timestamp.json"]);
  for (const name of readdirSync(kept)) {
    assert.deepEqual(Buffer.from(files[name], "base64"), readFileSync(join(kept, name)), name);
  }
  const read = (name) => JSON.parse(Buffer.from(files[name], "base64"));
  assert.deepEqual([read("1.root.json").signed.version, read("root.json").signed.version], [1, 2]);
  const signed = createHash("sha256").update("what a tag names").digest("base64");
  assert.equal(read("targets.json").signed.targets["0.1.19"].hashes.sha256, signed);
});

test("a repository that the server does not know ends with 2 and its reason", () => {
  const missing = () => command("rescue", "127.0.0.1:5000/nobody/nothing", "--server", address);
  assert.throws(missing, ({ status, stderr }) => status === 2 && /trust-data: nothing of .*not-found/.test(stderr));
});

function client(...args) {
  return execFileSync(notary.path, ["-c", join(folder, "client.json"), ...args], { encoding: "utf8", env: { ...process.env, ...phrases }, timeout: 60_000 });
}

function command(...args) {
  const cli = join(root, "dist", "pkg", "cli.js");
  return execFileSync(process.execPath, [cli, ...args], { encoding: "utf8", stdio: "pipe", timeout: 60_000 });
}

/** The server does not say which port it took, so it is given one, and another where that is taken. */
async function startServer() {
  for (let tries = 0; tries < 5; tries += 1) {
    const port = await freePort();
    const config = join(folder, `server-${port}.json`);
    writeFileSync(config, JSON.stringify({
      server: { http_addr: `127.0.0.1:${port}` },
      trust_service: { type: "local" },
      logging: { level: "error" },
      storage: { backend: "memory" },
    }));
    const child = spawn(program.path, ["-config", config], { stdio: "ignore" });
    if (await answers(child, `http://127.0.0.1:${port}`)) return { server: child, address: `http://127.0.0.1:${port}` };
    child.kill();
  }
  throw new Error("notary-server does not start");
}

async function answers(child, url) {
  for (let looks = 0; looks < 400 && child.exitCode === null; looks += 1) {
    const found = await fetch(`${url}/v2/`).then(({ status }) => status, () => undefined);
    if (found !== undefined) return true;
    await wait(25);
  }
  return false;
}

async function freePort() {
  const socket = createServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}
