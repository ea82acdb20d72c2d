// The real notary server on loopback, and the real notary client that fills it.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { tools } from "./tools.mjs";

const phrases = Object.fromEntries(["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"].map((role) => [`NOTARY_${role}_PASSPHRASE`, `${role} pass phrase`]));

/** Starts one: `client(...args)` runs the client with its own keys in `folder`; `stop()` ends it all. */
export async function startNotary() {
  const { notary, "notary-server": program } = tools(["notary", "notary-server"]);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-notary-"));
  const { server, address } = await startServer(program, folder);
  writeFileSync(join(folder, "client.json"), JSON.stringify({ trust_dir: join(folder, "trust"), remote_server: { url: address } }));
  const env = { ...process.env, ...phrases };
  const client = (...args) => execFileSync(notary.path, ["-c", join(folder, "client.json"), ...args], { encoding: "utf8", env, timeout: 60_000 });
  /** Signs a file's bytes as what a tag names, and publishes that. */
  const sign = (repository, tag, bytes) => {
    writeFileSync(join(folder, "signed"), bytes);
    client("add", repository, tag, join(folder, "signed"), "-p");
  };
  const stop = async () => {
    const ended = once(server, "exit");
    server.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { address, client, folder, sign, stop };
}

/** The server does not say which port it took, so it is given one, and another where that is taken. */
async function startServer(program, folder) {
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
