// `rescue`: what a notary server has, saved by the docker client's protocol, and what is wrong with it said.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gateway } from "../../dist/pkg/serve/gateway.js";
import { Run, rescue } from "../../dist/pkg/node.js";
import { call, folder } from "../support/cli.mjs";

const server = "https://notary.docker.io";
const repository = "docker.io/nicolas/webdis";
const now = new Date("2026-11-24T10:00:00.000Z");

const bytes = (value) => Buffer.from(JSON.stringify(value));
const hash = (content) => createHash("sha256").update(content);
const meta = (content) => ({ length: content.length, hashes: { sha256: hash(content).digest("base64") } });
const metadata = (type, version, files = {}) =>
  bytes({ signatures: [], signed: { _type: type, version, meta: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, meta(content)])) } });

/** The files of a repository with two rotations of its root, as a notary server names them. */
function files() {
  const roots = [1, 2, 3].map((version) => metadata("Root", version));
  const [targets, releases] = [metadata("Targets", 7), metadata("Targets", 2)];
  const snapshot = metadata("Snapshot", 9, { root: roots[2], targets, "targets/releases": releases });
  const timestamp = metadata("Timestamp", 11, { snapshot });
  const hashed = (role, content) => [`${role}.${hash(content).digest("hex")}.json`, content];
  return new Map([
    ["timestamp.json", timestamp],
    hashed("snapshot", snapshot),
    hashed("root", roots[2]),
    hashed("targets", targets),
    hashed("targets/releases", releases),
    ["1.root.json", roots[0]],
    ["2.root.json", roots[1]],
  ]);
}

/** A `fetch` that is a notary server; it takes only tokens of its own token server. */
function notary(has, { requests = [] } = {}) {
  const base = `${server}/v2/${repository}/_trust/tuf/`;
  return async (url, { headers } = {}) => {
    requests.push(url);
    if (url.startsWith("https://auth.docker.io/token?")) return Response.json({ token: "t" });
    if (!url.startsWith(base)) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
    if (new Headers(headers).get("authorization") !== "Bearer t") {
      const challenge = `Bearer realm="https://auth.docker.io/token",service="notary.docker.io",scope="repository:${repository}:pull"`;
      return new Response("", { status: 401, headers: { "www-authenticate": challenge } });
    }
    const found = has.get(decodeURIComponent(url.slice(base.length)));
    return found === undefined ? new Response("", { status: 404 }) : new Response(found);
  };
}

const run = (has, options) => new Run({ fetch: notary(has, options), now });
const saved = ({ evidence }) => Object.fromEntries(Object.entries(evidence.files).map(([name, text]) => [name, Buffer.from(text, "base64").toString()]));

test("every file is saved with its exact bytes, older roots included, over one token", async () => {
  const requests = [];
  const has = files();
  const result = await rescue(run(has, { requests }), repository, { now });
  assert.deepEqual(result.problems, []);
  const { files: _, ...head } = result.evidence;
  assert.deepEqual(head, { pullproof: "notary-v1", repository, server, at: "2026-11-24T10:00:00Z" });
  const plain = [...has].map(([name, content]) => [name.replace(/\.[0-9a-f]{64}\.json$/, ".json"), content.toString()]);
  assert.deepEqual(saved(result), Object.fromEntries(plain.sort(([a], [b]) => (a < b ? -1 : 1))));
  assert.equal(requests.filter((url) => url.startsWith("https://auth.docker.io/")).length, 1);
  assert.deepEqual([...new Set(requests.map((url) => new URL(url).host))].sort(), ["auth.docker.io", "notary.docker.io"]);
});

test("a file under its plain name only is taken when it has the hash", async () => {
  const has = files();
  for (const [name, content] of [...has]) has.set(name.replace(/\.[0-9a-f]{64}\.json$/, ".json"), content);
  for (const name of [...has.keys()]) if (/[0-9a-f]{64}/.test(name)) has.delete(name);
  const result = await rescue(run(has), repository, { now });
  assert.deepEqual(result.problems, []);
  assert.equal(Object.keys(result.evidence.files).length, 7);
});

test("K14: another file than the one named by hash is kept, and said to be another", async () => {
  const has = files();
  const [name] = [...has.keys()].filter((key) => key.startsWith("targets."));
  has.set(name, metadata("Targets", 8));
  const { evidence, problems } = await rescue(run(has), repository, { now });
  const [, wanted] = name.split(".");
  const found = hash(metadata("Targets", 8)).digest("hex");
  assert.deepEqual(problems, [{ is: "contradicted", role: "targets", text: `expected targets with sha256:${wanted}, found sha256:${found}` }]);
  assert.ok("targets.json" in evidence.files);
});

for (const role of ["../root", "targets/../../x", "targets?x", "targets#x", "targets/%2e%2e", "/x"]) {
  test(`K21: a role called ${JSON.stringify(role)} is never part of an address`, async () => {
    const requests = [];
    const has = files();
    const targets = metadata("Targets", 7);
    const snapshot = metadata("Snapshot", 9, { [role]: targets });
    has.set("timestamp.json", metadata("Timestamp", 11, { snapshot }));
    has.set(`snapshot.${hash(snapshot).digest("hex")}.json`, snapshot);
    has.set("root.json", metadata("Root", 1));
    const { problems } = await rescue(run(has, { requests }), repository, { now });
    assert.deepEqual(problems, [{ is: "missing", role, text: `the snapshot names ${JSON.stringify(role)}, which is not a role` }]);
    const names = requests.filter((url) => url.startsWith(server)).map((url) => url.slice(`${server}/v2/${repository}/_trust/tuf/`.length));
    assert.deepEqual([...new Set(names.map((name) => name.replace(/[0-9a-f]{64}/, "HASH")))].sort(), ["root.json", "snapshot.HASH.json", "timestamp.json"]);
  });
}

test("what is not there is missing, with its reason; the rest is saved", async () => {
  const has = files();
  has.delete("1.root.json");
  const { evidence, problems } = await rescue(run(has), repository, { now });
  assert.equal(Object.keys(evidence.files).length, 6);
  assert.equal(problems.length, 1);
  assert.match(problems[0].text, /^not-found: 1\.root could not be fetched: notary\.docker\.io has no 1\.root\.json of /);
});

test("only https, or this machine, is asked", async () => {
  for (const address of ["http://notary.docker.io", "ftp://a", "https://u:p@a.io", "https://a.io/?x", "x"]) {
    await assert.rejects(rescue(run(files()), repository, { server: address }), { code: "argument" });
  }
});

test("the command writes a new file, says what it saved, and ends with what it means", async (t) => {
  const path = join(folder(t), "trust.json");
  const over = (has) => (options) => new Run({ ...options, fetch: notary(has), now });
  const { code, stdout, stderr } = await call(["rescue", "nicolas/webdis", "--anonymous", "-o", path], { run: over(files()) });
  assert.deepEqual([code, stdout], [0, ""]);
  assert.match(stderr, /^pullproof: 7 files of docker\.io\/nicolas\/webdis saved: 1\.root\.json, .*; no signature was checked$/m);
  const { repository: named, files: kept } = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual([named, Object.keys(kept).length], [repository, 7]);
  await assert.rejects(call(["rescue", "nicolas/webdis", "-o", path], { run: over(files()) }), { code: "file" });
  const has = files();
  has.delete("2.root.json");
  const piped = await call(["rescue", repository, "--anonymous"], { run: over(has) });
  assert.equal(piped.code, 3);
  assert.equal(Object.keys(JSON.parse(piped.stdout).files).length, 6);
});

test("nothing saved is a failure, and leaves no file", async (t) => {
  const path = join(folder(t), "trust.json");
  const over = (options) => new Run({ ...options, fetch: notary(new Map()), now });
  await assert.rejects(call(["rescue", repository, "--anonymous", "-o", path], { run: over }), { code: "trust-data" });
  assert.equal(existsSync(path), false);
  await assert.rejects(call(["rescue", `${repository}:0.1.19`], { run: over }), { code: "usage" });
});

test("what cannot be asked directly is saved through a gateway, which asks for the same files", async () => {
  const has = files();
  const direct = saved(await rescue(run(has), repository, { now }));
  const upstream = notary(has);
  const open = (url, init) => upstream(url, { ...init, headers: Object.fromEntries(new Headers(init.headers)) });
  const handle = gateway({ fetch: open, resolve: async () => ["1.1.1.1"] });
  const asked = [];
  const fetch = async (url, init) => {
    if (!url.startsWith("https://gateway.example/")) throw new TypeError("fetch failed");
    asked.push(url);
    return handle(new Request(url, init));
  };
  const through = await rescue(new Run({ fetch, now, gateway: "https://gateway.example/" }), repository, { now });
  assert.deepEqual([saved(through), through.problems], [direct, []]);
  assert.ok(asked.every((url) => url.startsWith(`https://gateway.example/notary.docker.io/v2/${repository}/_trust/tuf/`)), asked.join("\n"));
});
