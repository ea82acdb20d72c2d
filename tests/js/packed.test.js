// The packed package in Node, in a browser without a bundler, and through Vite.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, posix, sep } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../../scripts/command.mjs";
import { open } from "../support/browser.mjs";
import { registries } from "../support/cli.mjs";
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
const works = (names) =>
  `${names} ` +
  "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad true";
const expected = works("PullproofError,Run,Session,answer,checkReceipt,digest,recognise,recover,rescue,verifyBundle");
const inNode = works("PullproofError,Run,Session,answer,checkReceipt,digest,dockerCredentials,format,mirror,publish,recognise,recover,rescue,verifyBundle");

// The files of the package, folder by folder.
const held = {
  ".": "LICENSE-APACHE LICENSE-MIT README.md package.json",
  "dist/pkg":
    "address.js browser.js cli.js codes.js digests.js exact.js index.d.ts index.js log.js module.js node.js page.js pullproof.1 pullproof.js " +
    "pullproof_bg.wasm receipt.js rescue.js tools.js trusted.js wasm.js",
  "dist/pkg/cli":
    "arguments.js ask.js bytes.js check.js completion.js credentials.js demo.js failure.js files.js given.js glob.js help.js " +
    "input.js json.js main.js manual.js markdown.js mirror.js offline.js output.js page.js policy.js publish.js queue.js " +
    "refresh.js rescue.js resume.js run.js schema.js show.js signed.js site.js table.js tally.js text.js trust.js typed.js",
  "dist/pkg/fetch": "deadline.js exchanges.js refresh.js run.js transport.js",
  "dist/pkg/fetch/tuf": "tuf-repo-cdn.sigstore.dev.json tuf-repo.github.com.json",
  "dist/pkg/files": "archive.js bytes.js documents.js evidence.js limits.js metadata.js tar.js zip.js",
  "dist/pkg/report":
    "causes.js checks.js compare.js differences.js failures.js machine.js markdown.js nearest.js next.js origins.js phrases.js places.js platform.js reasons.js " +
    "receipt.js sections.js shown.js signers.js standings.js sum.js text.js visible.js words.js",
  "dist/pkg/report/checks": "files.js names.js question.js readers.js shell.js signatures.js steps.js",
  "dist/pkg/sigstore": "github.json public-good.json",
  "dist/pkg/serve": "gateway.js serve.js",
  "dist/pkg/tools": "mirror.js publish.js",
  "www/answer": "chain.js checks.js comparison.js copies.js differences.js digest.js offer.js render.js sheet.js signers.js step.js trusted.js verdict.js wants.js ways.js",
  "www":
    "app.webmanifest desk.js examples.js icon.svg index.html main.js offline.js paint.js paper.js part.js " +
    "policy.schema.json report.schema.json status.js style.css sw.js text.js",
  "www/ask": "cache.js credentials.js inquiry.js link.js policy.js question.js releases.js",
  "www/drawing": "box.js column.js drawing.js emphasis.js layout.js lines.js",
  "www/examples": "beacon.js keyless.js signed.js webdis-policy.json webdis.js",
  "www/give": "archive.js evidence.js intake.js item.js pieces.js typed.js",
  "www/nodes": "details.js documents.js facts.js graph.js leaves.js referrers.js rows.js",
  "www/worker": "answers.js checker.js memory.js trusted.js worker.js",
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
  // The roots are not made here: others published them, and the command holds them to their digests.
  const made = contents().filter((file) => !file.startsWith(join("dist", "pkg", "fetch", "tuf")));
  for (const file of made) {
    const bytes = readFileSync(join(installed, file));
    for (const path of [root, homedir()]) {
      assert.equal(bytes.includes(path), false, `${file} holds ${path}`);
    }
  }
});

test("imports in Node", () => {
  writeFileSync(join(folder, "main.js"), `${program} console.log(line);`);
  const printed = execFileSync(process.execPath, ["main.js"], { cwd: folder, encoding: "utf8" });
  assert.equal(printed, `${inNode}\n`);
});

test("imports in Deno", () => {
  writeFileSync(join(folder, "main.js"), `${program} console.log(line);`);
  const deno = join(root, "node_modules", ".bin", "deno");
  const args = ["run", "--no-remote", "--allow-read", "main.js"];
  const printed = execFileSync(deno, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  assert.equal(printed, `${inNode}\n`);
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

for (const [module, syntax] of [["nodenext", 'import pullproof = require("pullproof");'], ["nodenext", 'import * as pullproof from "pullproof";'], ["node20", 'import * as pullproof from "pullproof";'], ["commonjs", 'import * as pullproof from "pullproof";']]) {
  test(`a CommonJS program in TypeScript, module ${module}: ${syntax}`, () => {
    const text = `${syntax}
const { digest, dockerCredentials, format, mirror, publish } = pullproof;
export const options: pullproof.RunOptions = { credentials: dockerCredentials() };
export const report: pullproof.Report = new pullproof.Session({ ask: "what" }).report(new Date(0));
export const words: string[] = [report.headline, ...report.conditions, format(report, "markdown"), format(report)];
export async function all(): Promise<string[]> {
  const found: string[] = [];
  for await (const { tag, verdict } of mirror("a", "b", options)) found.push(tag, verdict);
  const { policy } = await publish("a", { ...options, tags: "1.*" });
  return policy === undefined ? found : [...found, policy];
}
// @ts-expect-error: there is no third form
export const third = (): string => format(report, "html");
console.log(digest("abc").slice(0, 15), words.length);
`;
    writeFileSync(join(folder, "program.cts"), text);
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const args = [tsc, "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", module, "--types", "", "program.cts"];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.deepEqual([stdout, status], ["", 0]);
    // Node loads ES modules by require from 20.19 and 22.12 on.
    const [major, minor] = process.versions.node.split(".").map(Number);
    const loads = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
    const ran = spawnSync(process.execPath, ["--no-warnings", "program.cjs"], { cwd: folder, encoding: "utf8" });
    assert.deepEqual(loads ? [ran.stdout, ran.status] : ran.status, loads ? ["sha256:ba7816bf 3\n", 0] : 1, ran.stderr);
  });
}

test("in Node: text, Markdown, docker's credentials, a mirror and a policy", async () => {
  const { answer, dockerCredentials, format, mirror, publish } = await import(pathToFileURL(join(installed, "dist", "pkg", "tools.js")));
  const [hub, other] = ["docker.io/acme/app", "ghcr.io/acme/app"];
  const fetch = registries({ [hub]: { 1: "mirror-relisted", 2: "buildx-single", 3: "buildx-single", other: "buildx-single" }, [other]: { 1: "mirror-recompressed", 2: "crane-docker" } });
  const report = await answer({ ask: "same", left: `${hub}:1`, right: `${other}:1` }, { fetch });
  assert.match(format(report, "markdown"), /^### ✓ Same image\n/);
  assert.match(format(report), /^PROVEN: /m);
  assert.equal(format(report), format(report, "text"));
  assert.throws(() => format(report, "html"), { name: "PullproofError", code: "argument" });

  const found = [];
  for await (const { tag, verdict, reason } of mirror(hub, other, { fetch, tags: ["?", "none*"] })) found.push([tag, verdict, typeof reason]);
  assert.deepEqual(found, [["1", "proven", "string"], ["2", "contradicted", "string"], ["3", "contradicted", "string"]]);
  await assert.rejects(mirror(`${hub}:1`, other).next(), { name: "PullproofError", code: "argument" });

  const { verdict, policy, problems } = await publish(hub, { tags: "1", mirrors: other, project: "App", fetch });
  assert.deepEqual([verdict, problems, JSON.parse(policy).project, JSON.parse(policy).releases.length], ["proven", [], "App", 1]);
  const not = await publish(hub, { tags: ["1", "2"], mirrors: [other], fetch });
  assert.deepEqual([not.verdict, not.policy, not.problems.length > 0], ["contradicted", undefined, true]);
  await assert.rejects(publish(`${hub}:1`, { tags: "1" }), { name: "PullproofError", code: "argument" });

  const auth = Buffer.from("me:secret").toString("base64");
  const environment = { HOME: join(folder, "none"), DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "r.example": { auth }, "bad.example": { auth: "x" } } }) };
  const notes = [];
  const credentials = dockerCredentials({ environment, onNote: (text) => notes.push(text) });
  assert.deepEqual(await credentials("https://r.example"), { username: "me", password: "secret" });
  assert.deepEqual([await credentials("https://other.example"), await credentials("https://bad.example")], [null, null]);
  assert.equal(notes.length, 1);
});

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

for (const form of ["es", "iife"]) {
  test(`imports in a worker through Vite, written as ${form}`, async (t) => {
    const source = join(folder, `worker-${form}`);
    mkdirSync(source);
    const start = `const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onerror = ({ message }) => (document.title = message || "error");
worker.onmessage = ({ data }) => (document.title = data);`;
    writeFileSync(join(source, "index.html"), html("", 'import "./main.js";'));
    writeFileSync(join(source, "main.js"), start);
    writeFileSync(join(source, "worker.js"), `${program} postMessage(line);`);
    const built = build({ root: source, configFile: false, logLevel: "silent", worker: { format: form } });
    // The README says to set this: a worker that is not a module cannot wait for the module of wasm.
    if (form === "iife") return assert.rejects(built, /await|iife/i);
    await built;
    const { page } = await open(t, join(source, "dist"));
    await page.waitForFunction(() => document.title !== "");
    assert.equal(await page.title(), expected);
  });
}

function contents() {
  const all = readdirSync(installed, { recursive: true });
  return all.filter((file) => statSync(join(installed, file)).isFile()).sort();
}

/** A page whose module writes its line into the title; an icon, so that none is asked for. */
function html(head, module) {
  return `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${head}</head>
<script type="module">${module}${module.includes("line") ? " document.title = line;" : ""}</script>`;
}
