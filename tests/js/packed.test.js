// The packed package in Node, in a browser without a bundler, and through Vite.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, posix, sep } from "node:path";
import test from "node:test";
import { build } from "vite";
import { root } from "../../scripts/command.mjs";
import { open } from "../support/browser.mjs";
import { installPacked } from "../support/packed.mjs";

const folder = installPacked();
const installed = join(folder, "node_modules", "pullproof");

// Says in one line what an import gives and that it works.
const program = `
import * as pullproof from "pullproof";
const { digest, recover, PullproofError } = pullproof;
let code;
try { recover("{}", "sha256:abc"); } catch (error) { code = error instanceof PullproofError; }
const line = [Object.keys(pullproof).sort().join(), digest("abc"), code].join(" ");
`;
const expected =
  "PullproofError,Run,Session,answer,checkReceipt,digest,recognise,recover,rescue " +
  "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad true";

// What the package holds, folder by folder.
const held = {
  ".": "LICENSE-APACHE LICENSE-MIT README.md package.json",
  "dist/pkg":
    "address.js archive.js browser.js cli.js codes.js digests.js exact.js index.d.ts index.js log.js module.js node.js pullproof.1 pullproof.js " +
    "pullproof_bg.wasm receipt.js rescue.js wasm.js",
  "dist/pkg/cli":
    "arguments.js ask.js bytes.js check.js completion.js credentials.js demo.js failure.js files.js glob.js help.js " +
    "input.js json.js main.js manual.js markdown.js mirror.js offline.js output.js page.js policy.js publish.js queue.js " +
    "rescue.js resume.js run.js schema.js show.js site.js table.js tally.js text.js trust.js typed.js",
  "dist/pkg/fetch": "deadline.js exchanges.js run.js transport.js",
  "dist/pkg/report":
    "causes.js checks.js compare.js differences.js failures.js machine.js markdown.js next.js origins.js phrases.js platform.js reasons.js " +
    "receipt.js sections.js standings.js sum.js text.js visible.js words.js",
  "dist/pkg/report/checks": "files.js names.js question.js readers.js shell.js signatures.js steps.js",
  "dist/pkg/serve": "gateway.js serve.js",
  "www/answer": "chain.js checks.js comparison.js copies.js offer.js render.js sheet.js wants.js",
  "www":
    "app.webmanifest desk.js examples.js icon.svg index.html main.js offline.js paint.js paper.js part.js " +
    "policy.schema.json report.schema.json status.js style.css sw.js text.js",
  "www/ask": "cache.js credentials.js inquiry.js link.js policy.js question.js",
  "www/drawing": "box.js column.js drawing.js emphasis.js layout.js lines.js",
  "www/examples": "beacon.js signed.js webdis-policy.json webdis.js",
  "www/give": "archive.js evidence.js intake.js item.js pieces.js",
  "www/nodes": "details.js documents.js facts.js graph.js leaves.js referrers.js rows.js",
  "www/worker": "answers.js checker.js memory.js worker.js",
};

test("holds these files and no others", () => {
  const found = contents().map((file) => file.split(sep).join("/"));
  const listed = Object.entries(held).flatMap(([folder, names]) => names.split(" ").map((name) => posix.join(folder, name)));
  assert.deepEqual(found.sort(), listed.sort());
});

test("runs nothing on install and depends on nothing", () => {
  const { scripts, dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const onInstall = ["preinstall", "install", "postinstall", "prepare"];
  assert.deepEqual(Object.keys(scripts).filter((name) => onInstall.includes(name)), []);
  assert.equal(dependencies, undefined);
});

test("names no folder of the machine that built it", () => {
  for (const file of contents()) {
    const bytes = readFileSync(join(installed, file));
    for (const path of [root, homedir()]) {
      assert.equal(bytes.includes(path), false, `${file} holds ${path}`);
    }
  }
});

test("imports in Node", () => {
  writeFileSync(join(folder, "main.js"), `${program} console.log(line);`);
  const printed = execFileSync(process.execPath, ["main.js"], { cwd: folder, encoding: "utf8" });
  assert.equal(printed, `${expected}\n`);
});

test("imports in Deno", () => {
  writeFileSync(join(folder, "main.js"), `${program} console.log(line);`);
  const deno = join(root, "node_modules", ".bin", "deno");
  const args = ["run", "--no-remote", "--allow-read", "main.js"];
  const printed = execFileSync(deno, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  assert.equal(printed, `${expected}\n`);
});

test("the programs that look for mistakes in packages find none", () => {
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  const lint = (name, ...args) => {
    const { status, stdout, stderr } = spawnSync(join(root, "node_modules", ".bin", name), args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, `${name}: ${stdout}${stderr}`);
    return stdout;
  };
  assert.match(lint("publint", "run", "--strict", tarball), /All good!/);
  // Only ES modules are published, so what needs others is no mistake.
  assert.match(lint("attw", "--profile", "esm-only", "--no-emoji", tarball), /pullproof v/);
});

for (const [module, resolution] of [["nodenext", "nodenext"], ["esnext", "bundler"]]) {
  test(`types in strict TypeScript, resolved as ${resolution}`, () => {
    const text = `
import { PullproofError, Run, Session, answer, digest, recognise, recover } from "pullproof";
import type { Digest, Finding, Progress, Recovered, Report } from "pullproof";
export const d: Digest = digest("abc");
export const bytes: Recovered | null = recover(new Uint8Array(), d);
export const findings: Finding[] = recognise("abc");
export const report: Report = new Session({ ask: "what" }).report(new Date(0));
export const code = (error: PullproofError): string => error.code;
export const same: Promise<Report> = answer({ ask: "same", left: "a", right: "b" }, {
  pasted: ["abc"], now: new Date(0), gateway: "https://example.org/", signal: new AbortController().signal,
  credentials: async (origin: string) => (origin === "https://example.org" ? { username: "u", password: "p" } : null),
  onProgress: ({ done, wanted, bytes }: Progress) => void (done + wanted + bytes), fetch: globalThis.fetch,
});
export const tags: Promise<string[]> = new Run().tags("a");
// @ts-expect-error: there is no fifth verdict
report.verdict === "yes";
// @ts-expect-error: a digest is not any text
recover("abc", "abc");
`;
    writeFileSync(join(folder, "main.ts"), text);
    const options = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom"];
    const resolved = ["--module", module, "--moduleResolution", resolution];
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const args = [tsc, ...options, ...resolved, "main.ts"];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });
}

test("imports in a browser without a bundler", async (t) => {
  const map = { imports: { pullproof: "./node_modules/pullproof/dist/pkg/browser.js" } };
  const head = `<script type="importmap">${JSON.stringify(map)}</script>`;
  writeFileSync(join(folder, "index.html"), html(head, program));
  const { page } = await open(t, folder);
  await page.waitForFunction(() => document.title !== "");
  assert.equal(await page.title(), expected);
  const read = await page.evaluate(async () => {
    const { Session, recognise } = await import("pullproof");
    new Session({ ask: "published", image: "r.example/a:1", by: { identity: "a@b.example", issuer: "https://c.example" } }).free();
    return recognise("$ oras discover r.example/a:1\nNo referrers").length > 0;
  });
  assert.equal(read, true, "it is whole from the start");
});

test("imports through Vite", async (t) => {
  const source = join(folder, "page");
  mkdirSync(source);
  writeFileSync(join(source, "index.html"), html("", 'import "./main.js";'));
  writeFileSync(join(source, "main.js"), `${program} document.title = line;`);
  await build({ root: source, configFile: false, logLevel: "error" });
  const { page } = await open(t, join(source, "dist"));
  await page.waitForFunction(() => document.title !== "");
  assert.equal(await page.title(), expected);
});

function contents() {
  const all = readdirSync(installed, { recursive: true });
  return all.filter((file) => statSync(join(installed, file)).isFile()).sort();
}

/** A page whose module writes its line into the title; an icon, so that none is asked for. */
function html(head, module) {
  return `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${head}</head>
<script type="module">${module}${module.includes("line") ? " document.title = line;" : ""}</script>`;
}
