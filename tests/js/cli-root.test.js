// `trusted-root --refresh`: a repository of TUF on this machine, signed here, and what is wrong with one said.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { root as home } from "../../scripts/command.mjs";
import { filesOf, first, rootOf, sha256 } from "../builders/tuf.mjs";
import { call, folder, pullproof } from "../support/cli.mjs";

const roots = join(home, "src", "js", "fetch", "tuf");
const target = readFileSync(join(home, "src", "sigstore", "roots", "public-good.json"));
const files = (options) => filesOf(target, options);

/** Serves files; `answers` has for some paths a status and headers in their place. Gives the address and the paths asked for. */
async function serving(t, all, answers = {}) {
  const asked = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    const [status, headers] = answers[url] ?? [all[url] === undefined ? 404 : 200, {}];
    response.writeHead(status, headers).end(status === 200 ? all[url] : "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  return { asked, address: `http://127.0.0.1:${server.address().port}` };
}

/** A folder with the first root, and the words that ask a repository from there. */
function asking(t, address) {
  const cwd = folder(t, { "1.root.json": rootOf(1, first, [first]) });
  const out = join(cwd, "trusted_root.json");
  return { cwd, out, words: ["trusted-root", "--refresh", "--from", address, "--root", join(cwd, "1.root.json")] };
}

test("the newest trusted root is written byte for byte, over a change of the root's keys, and can be used", async (t) => {
  const { address, asked } = await serving(t, files());
  const { out, words } = asking(t, address);
  const { code, stdout, stderr } = await call([...words, "-o", out]);
  assert.deepEqual([code, stdout], [0, ""], stderr);
  assert.deepEqual(readFileSync(out), target);
  assert.match(stderr, new RegExp(`trusted root of ${address}/: its root 2 \\(began with root 1\\), its targets 7, its timestamp valid until 20`));
  assert.match(stderr, new RegExp(`sha256:${sha256(target)}, ${target.length} bytes: written to .*; use it with --trusted-root `));
  assert.deepEqual(asked, ["/2.root.json", "/3.root.json", "/timestamp.json", "/5.snapshot.json", "/7.targets.json", `/targets/${sha256(target)}.trusted_root.json`]);
  const ended = await pullproof([...words, "--quiet"]);
  assert.deepEqual([ended.code, ended.stderr, ended.bytes.equals(target)], [0, "", true]);
});

const last = `/targets/${sha256(target)}.trusted_root.json`;
for (const [what, { given, answers }, says] of [
  ["an expired timestamp", { given: { days: -1 } }, /^pullproof: trusted-root: http:\S+\/timestamp\.json cannot be used: expected metadata that is still valid in the timestamp, found 20\S+\. Nothing was written; look at the clock/],
  ["a target of other bytes", { given: { spoilt: true } }, /trusted_root\.json cannot be used: expected the bytes that are named in the target, found others\. Nothing was written; try again/],
  ["a status 500", { answers: { "/5.snapshot.json": [500, {}] } }, /^pullproof: status: http:\S+\/5\.snapshot\.json answered with status 500\. Nothing was written; try again later/],
  ["a status 500 for the next root, which ends nothing", { answers: { "/3.root.json": [500, {}] } }, /\/3\.root\.json answered with status 500\. Nothing/],
  ["a missing timestamp", { answers: { "/timestamp.json": [404, {}] } }, /\/timestamp\.json answered with status 404\. Nothing/],
  ["a redirect to another origin", { answers: { [last]: [302, { location: "http://localhost:1/secret" }] } }, /^pullproof: redirect: \S+ redirects to http:\/\/localhost:1, which is not followed\. Nothing was written; name/],
  ["more than 4 MiB", {}, /\/timestamp\.json sent more than 4194304 bytes\. Nothing was written/],
]) {
  test(`${what} is said, with its place, and the file that is there stays`, async (t) => {
    const all = files(given);
    if (what === "more than 4 MiB") all["/timestamp.json"] = Buffer.alloc(5 * 2 ** 20, " ");
    const { address } = await serving(t, all, answers);
    const { cwd, out, words } = asking(t, address);
    const none = await pullproof([...words, "-o", out]);
    assert.deepEqual([none.code, none.stdout, existsSync(out)], [2, "", false], none.stderr);
    assert.match(none.stderr, says);
    writeFileSync(out, "before");
    assert.equal((await pullproof([...words, "-o", out])).code, 2);
    assert.deepEqual([readFileSync(out, "utf8"), readdirSync(cwd).length], ["before", 2]);
  });
}

test("a repository with roots without end is given up", async (t) => {
  const all = Object.fromEntries(Array.from({ length: 70 }, (_, n) => [`/${n + 2}.root.json`, rootOf(n + 2, first, [first])]));
  const { address, asked } = await serving(t, all);
  await assert.rejects(call(asking(t, address).words), { code: "limit-exceeded", message: /66\.root\.json has more than 64 roots/ });
  assert.equal(asked.length, 65);
});

test("nobody there, and a root that is not one", async (t) => {
  const { address, asked } = await serving(t, files());
  const { cwd, words } = asking(t, address);
  writeFileSync(join(cwd, "1.root.json"), "{}");
  await assert.rejects(call(words), /1\.root\.json$/);
  writeFileSync(join(cwd, "1.root.json"), "no JSON");
  await assert.rejects(call(words), /1\.root\.json$/);
  assert.deepEqual(asked, []);
  const gone = asking(t, "http://127.0.0.1:9");
  await assert.rejects(call(gone.words), { code: "network", message: /^http:\/\/127\.0\.0\.1:9\/2\.root\.json cannot be reached \(.*\)\. Nothing was written/ });
});

test("the roots in the package are those in the code, and each is where its repository begins", async (t) => {
  const { address, asked } = await serving(t, {});
  for (const more of [[], ["--github"]]) await assert.rejects(call(["trusted-root", "--refresh", "--from", address, ...more]), /Nothing was written/);
  const next = readdirSync(roots).sort().map((name) => `/${JSON.parse(readFileSync(join(roots, name))).signed.version + 1}.root.json`);
  assert.deepEqual(asked.filter((path) => path.endsWith(".root.json")), next);
});

test("without --refresh it says which trusted roots pullproof has", async () => {
  const { code, stdout } = await call(["trusted-root"]);
  assert.equal(code, 0);
  const source = readFileSync(join(home, "src", "sigstore", "shipped.rs"), "utf8");
  const named = [...source.matchAll(/"(the trusted root of [^"]*)",\s*"([0-9a-f]{64})"/g)];
  const files = ["public-good", "github"].map((name) => readFileSync(join(home, "src", "sigstore", "roots", `${name}.json`)));
  assert.deepEqual(named.map(([, , digest]) => `sha256:${digest}`), files.map((bytes) => `sha256:${sha256(bytes)}`));
  const said = stdout.replace(/\s+/g, " ");
  for (const [, name, digest] of named) assert.ok(said.includes(`${name}, sha256:${digest}; `), stdout);
});

for (const [words, says] of [
  [["--github"], /^--github needs --refresh$/],
  [["-o", "x"], /^--output needs --refresh$/],
  [["--refresh", "--from", "http://example.org"], /^--from takes an address that begins with https:/],
  [["--refresh", "--from", "file:///etc"], /^--from takes an address that begins with https:/],
  [["--refresh", "--from", "https://me:secret@example.org"], /^--from takes an address without a user name/],
  [["--refresh", "--from", "https://example.org/?a"], /^--from takes an address without/],
  [["--refresh", "--timeout", "0"], /^--timeout takes/],
]) {
  test(`trusted-root ${words.join(" ")} is refused`, async () => {
    await assert.rejects(call(["trusted-root", ...words]), { code: "usage", message: says });
  });
}
