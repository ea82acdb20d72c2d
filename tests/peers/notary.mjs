// The real notary server on loopback, and the real notary client that fills it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAtPort } from "../registry/program.mjs";
import { tools } from "./tools.mjs";

const phrases = Object.fromEntries(["ROOT", "TARGETS", "SNAPSHOT", "DELEGATION"].map((role) => [`NOTARY_${role}_PASSPHRASE`, `${role} pass phrase`]));

/** Starts one: `client(...args)` runs the client with its own keys in `folder`; `stop()` ends it all. */
export async function startNotary() {
  const { notary, "notary-server": program } = tools(["notary", "notary-server"]);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-notary-"));
  const server = await startServer(program, folder);
  const address = `http://${server.host}`;
  writeFileSync(join(folder, "client.json"), JSON.stringify({ trust_dir: join(folder, "trust"), remote_server: { url: address } }));
  const env = { ...process.env, ...phrases };
  const client = (...args) => execFileSync(notary.path, ["-c", join(folder, "client.json"), ...args], { encoding: "utf8", env, timeout: 60_000 });
  /** Signs a file's bytes as what a tag names, and publishes that. */
  const sign = (repository, tag, bytes) => {
    writeFileSync(join(folder, "signed"), bytes);
    client("add", repository, tag, join(folder, "signed"), "-p");
  };
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  return { address, client, folder, sign, stop };
}

/** The server does not say which port it took, so it is given one. */
function startServer(program, folder) {
  const args = (port) => {
    const config = join(folder, `server-${port}.json`);
    writeFileSync(config, JSON.stringify({
      server: { http_addr: `127.0.0.1:${port}` },
      trust_service: { type: "local" },
      logging: { level: "error" },
      storage: { backend: "memory" },
    }));
    return ["-config", config];
  };
  const answers = (host) => fetch(`http://${host}/v2/`).then(() => true, () => false);
  return startAtPort({ program: program.path, args, answers });
}
