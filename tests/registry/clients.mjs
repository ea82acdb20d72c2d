// Real clients, run beside the servers of this process: waiting for them must not stop those.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "../peers/home.mjs";
import { basic } from "./tokens.mjs";

const TIMEOUT_MS = 60_000;

/**
 * A home folder for these tools, with nothing of the user's own in it.
 * `run(argv)` gives `{ code, stdout, stderr }`.
 */
export function clients(tools) {
  const { folder, remove } = home(tools);
  const env = { PATH: process.env.PATH, HOME: folder, NO_PROXY: "127.0.0.1", COSIGN_PASSWORD: "", LC_ALL: "C.UTF-8" };
  const options = { cwd: folder, env, timeout: TIMEOUT_MS, encoding: "buffer", maxBuffer: 16 << 20 };
  const run = ([name, ...args]) =>
    new Promise((resolve, reject) => {
      execFile(tools[name].path, args, options, (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") reject(error);
        else resolve({ code: error?.code ?? 0, stdout, stderr: stderr.toString() });
      });
    });
  return {
    folder,
    remove,
    run,
    /** The output of a command that must not fail. */
    async output(argv) {
      const { code, stdout, stderr } = await run(argv);
      if (code !== 0) throw new Error(`${argv.join(" ")}: exit code ${code}\n${stderr}`);
      return stdout;
    },
    /** Has the clients know this user, or an identity token, at this registry, as `docker login` does, and nobody anywhere else. */
    logIn(host, user) {
      const { identityToken } = user ?? {};
      const entry = identityToken ? { identitytoken: identityToken } : user && { auth: basic(user).slice("Basic ".length) };
      const auths = user ? { [host]: entry } : {};
      writeFileSync(join(folder, ".docker", "config.json"), JSON.stringify({ auths }));
    },
    /** regctl takes no registry to be without TLS unless told, not even on loopback. */
    async withoutTls(...hosts) {
      for (const host of hosts)
        await this.output(["regctl", "registry", "set", "--skip-check", "--tls", "disabled", host]);
    },
  };
}
