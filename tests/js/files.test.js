// Files that the command writes are whole or as they were: with a full disk, and killed at the worst
// moment. The answer is printed all the same.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { append, put, putNew } from "../../dist/pkg/cli/files.js";
import { Run } from "../../dist/pkg/node.js";
import { shown } from "../../dist/pkg/report/shown.js";
import { call, document, folder, program, pullproof, serveRegistry } from "../support/cli.mjs";

const list = { "list.json": document("mirror-relisted-index").bytes };
const output = { faults: [], fault: (text) => output.faults.push(text), write: () => assert.fail("written to standard output") };

/** Everything in a folder: a file's bytes, a link's target. */
function snapshot(path) {
  const names = readdirSync(path, { recursive: true }).sort();
  const content = (found) => (lstatSync(found).isSymbolicLink() ? `-> ${readlinkSync(found)}` : lstatSync(found).isDirectory() ? "folder" : readFileSync(found, "latin1"));
  return Object.fromEntries(names.map((name) => [name, content(join(path, name))]));
}

/** Runs the program where no file may have more than so many KiB: a disk that is full then. */
async function onFullDisk(kilobytes, args, { cwd }) {
  const shell = ["-c", `ulimit -f ${kilobytes} && exec "$@"`, "bash", process.execPath, program, ...args];
  const running = promisify(execFile)("bash", shell, { cwd, env: { PATH: process.env.PATH, HOME: cwd }, maxBuffer: 2 ** 26 });
  const { code = 0, stdout, stderr } = await running.catch((error) => error);
  return { code, stdout, stderr };
}

/** A module to begin the program with, in which one function of the file system does something first. */
const before = (name, work) =>
  `data:text/javascript,${encodeURIComponent(`import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
   const real = fs.${name}; fs.${name} = (...given) => { ${work}; return real(...given); }; syncBuiltinESMExports();`)}`;

test("a file that is replaced keeps its mode, and one behind a link is replaced there", async (t) => {
  const path = folder(t, { old: "old", target: "old" });
  chmodSync(join(path, "old"), 0o640);
  symlinkSync("target", join(path, "link"));
  symlinkSync("missing", join(path, "dangling"));
  for (const name of ["old", "link", "dangling", "new"]) await put(join(path, name), `of ${name}`, output);
  assert.equal(statSync(join(path, "old")).mode & 0o777, 0o640);
  assert.deepEqual(snapshot(path), { dangling: "-> missing", link: "-> target", missing: "of dangling", new: "of new", old: "of old", target: "of link" });
  await assert.rejects(put(path, "x", output), { code: "file", message: /EISDIR/ });
  await assert.rejects(put(join(path, "no", "folder"), "x", output), { code: "file", message: /ENOENT/ });
  await assert.rejects(putNew(join(path, "old"), "x", output), { code: "file", message: /^the file \S+ exists already$/ });
  await putNew(join(path, "other"), "x", output);
  assert.equal(readFileSync(join(path, "other"), "utf8"), "x");
});

test("what is added begins on a line of its own, and is in the file whole", async (t) => {
  const path = folder(t, { cut: "no end", whole: "an end\n" });
  for (const name of ["cut", "whole", "new"]) await append(join(path, name), "more\n", output);
  assert.deepEqual(snapshot(path), { cut: "no end\nmore\n", new: "more\n", whole: "an end\nmore\n" });
});

test("pipes and devices are written to, and never replaced", async (t) => {
  const path = folder(t, list);
  const pipe = join(path, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reading = promisify(execFile)("cat", [pipe]);
  await put(pipe, "through it", output);
  assert.equal((await reading).stdout, "through it");
  assert.ok(statSync(pipe).isFIFO());
  const { code, stdout } = await pullproof(["what", "list.json", "--receipt", "/dev/stdout", "--json", "-q"], { cwd: path });
  assert.equal(code, (await pullproof(["what", "list.json", "-q"], { cwd: path })).code);
  const [receipt, report] = stdout.split("\n").map((line) => line && JSON.parse(line));
  // What is printed has the verdict of what was asked; the receipt has the report itself.
  assert.deepEqual([receipt.pullproof, shown(receipt.report)], ["receipt", Object.fromEntries(Object.entries(report).filter(([name]) => name !== "schema"))]);
  // A file that the shell opened: what is written there before and after stays.
  const shell = `{ echo first; "$0" "$1" what list.json -q --receipt /dev/stdout --summary /dev/stdout; } > all; echo $?`;
  const { stdout: ended } = await promisify(execFile)("bash", ["-c", shell, process.execPath, program], { cwd: path });
  assert.equal(ended, `${code}\n`);
  assert.match(readFileSync(join(path, "all"), "utf8"), /^first\n\{"pullproof":"receipt".*\n### [^]*\n[A-Z]+: /);
});

for (const [option, wrong] of [
  ["--receipt", "/dev/full"],
  ["--receipt", "no/folder"],
  ["--receipt", "."],
  ["--summary", "/dev/full"],
  ["--summary", "no/folder"],
]) {
  test(`the answer is printed where ${option} ${wrong} cannot be written`, async (t) => {
    const cwd = folder(t, list);
    const plain = await pullproof(["what", "list.json", "-q"], { cwd });
    const { code, stdout, stderr } = await pullproof(["what", "list.json", "-q", option, wrong], { cwd });
    assert.deepEqual([code, stdout], [2, plain.stdout]);
    assert.match(stderr, /^pullproof: cannot write \S+ \(E[A-Z]+\)\n$/);
    assert.deepEqual(Object.keys(snapshot(cwd)), ["list.json"]);
    const help = await pullproof(["help", "what"]);
    assert.match(help.stdout.replace(/\s+/g, " "), /2 bad input, or a file was not written \(the answer is printed all the same\)/);
  });
}

test("a full disk leaves the receipt, the summary and the answers that were there, and the answer is printed", async (t) => {
  const cwd = folder(t, { ...list, "receipt.json": "before", "summary.md": `${"a line\n".repeat(140)}` });
  const old = snapshot(cwd);
  const plain = await pullproof(["what", "list.json", "-q"], { cwd });
  for (const args of [["--receipt", "receipt.json"], ["--receipt", "new.json"], ["--summary", "summary.md"]]) {
    const { code, stdout, stderr } = await onFullDisk(1, ["what", "list.json", "-q", ...args], { cwd });
    assert.deepEqual([code, stdout], [2, plain.stdout], stderr);
    assert.match(stderr, /^pullproof: cannot write \S+ \(EFBIG\)/);
    assert.deepEqual(snapshot(cwd), old, args.join(" "));
  }
});

test("a full disk leaves the policy that was there, and the new one is printed", async (t) => {
  const cwd = folder(t);
  const host = await serveRegistry(t, { "a/b": { "1.0": "buildx-attested", "1.1": "buildx-list" } });
  const publish = ["publish", `${host}/a/b`, "--tags", "1.0,1.1", "-o", "policy.json"];
  assert.equal((await pullproof(publish, { cwd, env: { HOME: cwd } })).code, 0);
  writeFileSync(join(cwd, "policy.json"), JSON.stringify({ ...JSON.parse(readFileSync(join(cwd, "policy.json"))), why: "Because. ".repeat(100) }));
  const old = snapshot(cwd);
  const { code, stdout, stderr } = await onFullDisk(1, publish, { cwd });
  assert.equal(code, 2, stderr);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(old["policy.json"]));
  assert.deepEqual(snapshot(cwd), old);
  const device = await pullproof([...publish.slice(0, -1), "/dev/stdout"], { cwd, env: { HOME: cwd } });
  assert.deepEqual([device.code, JSON.parse(device.stdout).releases.length], [0, 2], device.stderr);
});

test("a full disk: what rescue got is printed where it cannot be saved", async () => {
  const fetch = async (url) => (url.endsWith("/root.json") ? new Response('{"signed":{"version":1}}') : new Response("", { status: 404 }));
  const { code, stdout, stderr } = await call(["rescue", "a.example/x", "--anonymous", "-o", "/dev/full"], { run: (given) => new Run({ ...given, fetch }) });
  assert.equal(code, 2);
  assert.deepEqual(Object.keys(JSON.parse(stdout).files), ["root.json"]);
  assert.match(stderr, /pullproof: cannot write \/dev\/full \(ENOSPC\)/);
});

test("a full disk: mirror answers all tags, keeps whole lines only, and ends with 2", async (t) => {
  const cwd = folder(t);
  const tags = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`v${n}-${"x".repeat(60)}`, "umoci"]));
  const host = await serveRegistry(t, { "a/b": tags, "c/d": tags });
  const mirror = ["mirror", `${host}/a/b`, `${host}/c/d`, "--resume", "state.jsonl"];
  const { code, stdout, stderr } = await onFullDisk(1, mirror, { cwd });
  assert.equal(code, 2, stdout);
  assert.match(stdout, /^PROVEN: 30 tags: 30 proven$/m);
  assert.equal(stderr.match(/EFBIG/g).length, 1);
  const lines = readFileSync(join(cwd, "state.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.length > 2 && lines.length < 20, `${lines.length}`);
  assert.deepEqual(Object.keys(snapshot(cwd)), ["state.jsonl"]);
  const device = await pullproof([...mirror.slice(0, -1), "/dev/full"], { cwd, env: { HOME: cwd } });
  assert.equal(device.code, 2);
  assert.match(device.stdout, /^PROVEN: 30 tags: 30 proven$/m);
});

test("a full disk leaves the page that was there, and no part of another", async (t) => {
  const cwd = folder(t);
  assert.equal((await call(["page", join(cwd, "site")])).code, 0);
  // As a page of another version, so that there is something to replace and to take away.
  const old = join(cwd, "site", "old.js");
  writeFileSync(old, "old");
  const listed = JSON.parse(readFileSync(join(cwd, "site", "pullproof-page.json")));
  writeFileSync(join(cwd, "site", "pullproof-page.json"), JSON.stringify({ ...listed, files: [...listed.files, "old.js"] }));
  writeFileSync(join(cwd, "site", "index.html"), "the old one");
  const was = snapshot(cwd);
  const { code, stderr } = await onFullDisk(100, ["page", "site"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /EFBIG/);
  assert.deepEqual(snapshot(cwd), was);
  assert.equal((await call(["page", join(cwd, "site")])).code, 0);
  assert.equal(snapshot(cwd)["site/old.js"], undefined);
});

test("killed between writing and renaming: the file is as it was; a signal that is handled leaves no other file", async (t) => {
  const run = async (signal, name) => {
    const cwd = folder(t, { ...list, "receipt.json": "before" });
    const env = { PATH: process.env.PATH };
    const node = ["--import", before(name, `process.kill(process.pid, "${signal}")`)];
    const child = spawn(process.execPath, [...node, program, "what", "list.json", "--receipt", "receipt.json"], { cwd, env, stdio: "ignore" });
    const [code, killed] = await once(child, "exit");
    return { code, killed, files: snapshot(cwd) };
  };
  for (const name of ["fsyncSync", "renameSync"]) {
    const killed = await run("SIGKILL", name);
    assert.deepEqual([killed.killed, killed.files["receipt.json"]], ["SIGKILL", "before"]);
  }
  for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]]) {
    for (const name of ["fsyncSync", "renameSync"]) {
      const ended = await run(signal, name);
      assert.equal(ended.code, code);
      assert.deepEqual(Object.keys(ended.files), ["list.json", "receipt.json"]);
      assert.equal(JSON.parse(ended.files["receipt.json"]).pullproof, "receipt");
    }
  }
});

test("killed while the page is put into place: the next call makes it whole, and takes away what the last one left", async (t) => {
  const cwd = folder(t);
  assert.equal((await call(["page", join(cwd, "whole")])).code, 0);
  const { whole } = { whole: snapshot(join(cwd, "whole")) };
  for (const count of [0, 1, 5, 40]) {
    const path = join(cwd, `site${count}`);
    const node = ["--import", before("renameSync", `if ((globalThis.renamed = (globalThis.renamed ?? 0) + 1) > ${count}) process.kill(process.pid, "SIGKILL")`)];
    const child = spawn(process.execPath, [...node, program, "page", path], { stdio: "ignore" });
    assert.deepEqual(await once(child, "exit"), [null, "SIGKILL"]);
    assert.equal((await call(["page", path])).code, 0, `${count}`);
    assert.deepEqual(snapshot(path), whole);
  }
});

test("page: a symbolic link in the folder is refused, and nothing in the folder or behind it is touched", async (t) => {
  const build = (site) => readdirSync(site).find((name) => name.startsWith("build-"));
  const cases = {
    "a file of it": (site, away) => symlinkSync(join(away, "precious"), join(site, "index.html")),
    "a listed file that is not one of it": (site, away) => symlinkSync(join(away, "precious"), join(site, "old.js")),
    "a folder of it": (site, away) => symlinkSync(away, join(site, build(site))),
    "a folder that is listed": (site, away) => symlinkSync(away, join(site, "sub")),
    "the list": (site, away) => symlinkSync(join(away, "list.json"), join(site, "pullproof-page.json")),
  };
  for (const [name, link] of Object.entries(cases)) {
    const cwd = folder(t);
    const [site, away] = [join(cwd, "site"), join(cwd, "away")];
    assert.equal((await call(["page", site])).code, 0);
    mkdirSync(away);
    writeFileSync(join(away, "precious"), "precious");
    const listed = JSON.parse(readFileSync(join(site, "pullproof-page.json")));
    const list = JSON.stringify({ ...listed, files: [...listed.files, "old.js", "sub/precious"] });
    for (const path of [join(site, "pullproof-page.json"), join(away, "list.json")]) writeFileSync(path, list);
    const target = { "a file of it": "index.html", "a folder of it": build(site), "the list": "pullproof-page.json" }[name];
    if (name === "a folder of it") {
      // Everything that is in it is there too.
      renameSync(join(site, target), join(away, "build"));
      symlinkSync(join(away, "build"), join(site, target));
    } else {
      if (target) renameSync(join(site, target), join(away, `moved-${target}`));
      link(site, away);
    }
    const was = snapshot(cwd);
    await assert.rejects(call(["page", site]), { code: "file", message: / was not written by pullproof, and is not overwritten$/ }, name);
    assert.deepEqual(snapshot(cwd), was, name);
  }
});

test("page: a file that somebody added stays, also where the page has one of that name", async (t) => {
  const site = join(folder(t), "site");
  assert.equal((await call(["page", site])).code, 0);
  writeFileSync(join(site, "policy.json"), "by hand");
  await assert.rejects(call(["page", site, "--policy", "www/examples/webdis-policy.json"]), { code: "file" });
  assert.equal(readFileSync(join(site, "policy.json"), "utf8"), "by hand");
});
