// The command as its users get it: from the packed package, installed in an empty folder, against
// registries on loopback.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { document, folder, serveRegistry } from "../support/cli.mjs";
import { installPacked } from "../support/packed.mjs";

const project = installPacked();
const program = join(project, "node_modules", ".bin", "pullproof");

/** Runs the installed command; `{ code, stdout, stderr }`. */
async function run(args, { input = "", command = program, before = [] } = {}) {
  const env = { PATH: process.env.PATH, HOME: project };
  const running = promisify(execFile)(command, [...before, ...args], { cwd: project, env });
  running.child.stdin.end(input);
  const { stdout, stderr, code = 0 } = await running.catch((error) => error);
  // What takes long on a busy machine says how far it is.
  return { code, stdout, stderr: stderr.replaceAll(/^pullproof: \d+ (?:of|tags?)\b.*\n/gm, "") };
}

test("docker manifest inspect X | pullproof what -", async () => {
  const { bytes, digest } = document("mirror-relisted-index");
  const { code, stdout } = await run(["what", "-"], { input: bytes });
  assert.equal(code, 0);
  assert.ok(stdout.includes(digest));
  assert.match(stdout, /^✓ [^]*\nPROVEN: An image index\n$/);
});

test("demo: an answer about a real release, without a network, at once", async () => {
  const begun = performance.now();
  const { code, stdout } = await run(["demo"]);
  assert.equal(code, 0);
  assert.match(stdout, /^✓ Published by Webdis\.\s/);
  assert.match(stdout, /\nPROVEN: Published by Webdis\n$/);
  assert.ok(performance.now() - begun < 20_000);
});

test("npx runs it", async () => {
  const { bytes, digest } = document("mirror-relisted-index");
  const found = await run(["digest", "-"], { input: bytes, command: "npx", before: ["--no-install", "pullproof"] });
  assert.deepEqual([found.code, found.stdout], [0, `${digest}\n`]);
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(join(project, "node_modules", "pullproof", "package.json"), "utf8"));
  assert.equal((await run(["--version"])).stdout, `${version}\n`);
});

test("same and mirror over two registries", async (t) => {
  const [left, right] = await Promise.all([
    serveRegistry(t, { "nicolas/webdis": { 1: "mirror-relisted", 2: "buildx-single" } }),
    serveRegistry(t, { "nicolas/webdis": { 1: "mirror-recompressed", 2: "crane-docker" } }),
  ]);
  const names = [`${left}/nicolas/webdis`, `${right}/nicolas/webdis`];
  const same = await run(["same", ...names.map((name) => `${name}:1`)]);
  assert.deepEqual([same.code, same.stderr], [0, ""]);
  assert.match(same.stdout, /\nPROVEN: Same image\n$/);
  const mirror = await run(["mirror", ...names]);
  assert.deepEqual([mirror.code, mirror.stderr], [1, ""]);
  assert.match(mirror.stdout, /^proven +1 .*\ncontradicted +2 /);
});

test("SIGINT in the middle of a mirror: 130, and what was answered is kept", async (t) => {
  const tags = { 1: "umoci", 2: "umoci" };
  let reached;
  const hanging = new Promise((resolve) => (reached = resolve));
  // The second tag is never answered.
  const hold = (path) => (path.endsWith("/manifests/2") ? (reached(), new Promise(() => {})) : undefined);
  const host = await serveRegistry(t, { a: tags, b: tags }, { hold });
  const file = join(folder(t), "state.jsonl");
  const args = ["mirror", `${host}/a`, `${host}/b`, "--concurrency", "1", "--resume", file];
  const child = spawn(program, args, { cwd: project, env: { PATH: process.env.PATH, HOME: project } });
  const ended = once(child, "close");
  await hanging;
  child.kill("SIGINT");
  assert.deepEqual(await ended, [130, null]);
  assert.match(readFileSync(file, "utf8"), /\n\{"tag":"1","verdict":"proven","at":"[^"]*Z"\}\n$/);
});
