// A home folder that the clients may write to, and running them in it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TIMEOUT_MS = 120_000;

/** `run(argv)` gives `{ code, stdout, stderr }`; nothing of the user's own configuration is seen. */
export function home(tools) {
  const folder = mkdtempSync(join(tmpdir(), "home-"));
  const plugins = join(folder, ".docker", "cli-plugins");
  mkdirSync(plugins, { recursive: true });
  if (tools.buildx) symlinkSync(tools.buildx.path, join(plugins, "docker-buildx"));
  const env = { PATH: process.env.PATH, HOME: folder, NO_PROXY: "127.0.0.1", COSIGN_PASSWORD: "", LC_ALL: "C.UTF-8" };
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true }),
    run([name, ...args]) {
      const { status, error, stdout, stderr } = spawnSync(tools[name].path, args, { cwd: folder, env, timeout: TIMEOUT_MS });
      if (error) throw error;
      return { code: status, stdout, stderr: stderr.toString() };
    },
    /** The output of a command that must not fail. */
    output(argv) {
      const { code, stdout, stderr } = this.run(argv);
      if (code !== 0) throw new Error(`${argv.join(" ")}: exit code ${code}\n${stderr}`);
      return stdout;
    },
  };
}
