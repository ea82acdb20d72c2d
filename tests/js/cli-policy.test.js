// `publish`, `published --policy` and `page`: a policy from registries, held against them, and served.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { reportLines } from "../../dist/pkg/cli/text.js";
import { Run, answer, checkReceipt } from "../../dist/pkg/node.js";
import { reportMarkdown } from "../../dist/pkg/report/markdown.js";
import { startFaulty } from "../registry/faulty.mjs";
import { listen } from "../registry/listen.mjs";
import { call, document, folder, pullproof, registries, runOver, serveRegistry } from "../support/cli.mjs";

const hub = "docker.io/nicolas/webdis";
const ecr = "public.ecr.aws/nicolas/webdis";
const ours = { "1.0": "buildx-attested", "1.1": "buildx-list", "0.9": "buildx-single", latest: "umoci" };
const theirs = { "1.0": "mirror-recompressed", "1.1": "buildx-list", "0.9": "crane-docker" };
const run = runOver({ [hub]: ours, [ecr]: theirs });
const example = join(root, "www", "examples", "webdis-policy.json");
const flat = (text) => text.replace(/\s+/g, " ");

test("publish: what the registries have, each mirror's digests too, and it verifies them", async (t) => {
  const file = join(folder(t), "policy.json");
  const argv = ["publish", "nicolas/webdis", "--tags", "1.*", "--mirrors", ecr, "--project", "Webdis", "-o", file];
  const { code, stdout, stderr } = await call(argv, { run });
  assert.deepEqual([code, stdout], [0, ""], stderr);
  assert.match(stderr, /2 releases of docker\.io\/nicolas\/webdis, public\.ecr\.aws\/nicolas\/webdis/);
  const policy = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual([policy.project, policy.names, policy.mirrors], ["Webdis", [hub], [ecr]]);
  const digests = ["buildx-attested-index", "mirror-recompressed-index"].map((name) => document(name).digest);
  const configs = Object.fromEntries(["amd64", "arm64"].map((name) => [`linux/${name}`, document(`buildx-attested-${name}-config`).digest]));
  assert.deepEqual(policy.releases[1], { tag: "1.0", digests, configs });
  assert.deepEqual(policy.releases.map(({ tag, digests: all }) => [tag, all.length]), [["1.1", 1], ["1.0", 2]]);
  for (const image of [`${hub}:1.0`, `${ecr}:1.0`, `${ecr}:1.1`]) {
    const result = await call(["published", image, "--policy", file], { run });
    assert.equal(result.code, 0, result.stdout);
    assert.match(flat(result.stdout), /by the policy of Webdis/);
  }
  const other = await call(["published", `${hub}:latest`, "--policy", file], { run });
  assert.equal(other.code, 3);
  assert.match(flat(other.stdout), /the policy of Webdis lists no release latest/);
  const moved = runOver({ [hub]: { "1.0": "mirror-relabelled" } });
  assert.equal((await call(["published", `${hub}:1.0`, "--policy", file], { run: moved })).code, 1);
});

test("publish: what was written by hand into the policy stays when it is written anew, and no other file is replaced", async (t) => {
  const file = join(folder(t), "policy.json");
  const argv = ["publish", hub, "--tags", "1.*", "-o", file];
  assert.equal((await call([...argv, "--project", "Webdis"], { run })).code, 0);
  const { signers } = JSON.parse(readFileSync(example, "utf8"));
  const policy = JSON.parse(readFileSync(file, "utf8"));
  const [first, second] = policy.releases;
  const byHand = { $schema: "policy.schema.json", ...policy, why: "Because.", signers, releases: [{ ...first, digests: second.digests }, { ...second, note: "The last of its kind." }] };
  writeFileSync(file, JSON.stringify(byHand));
  assert.equal((await call(argv, { run })).code, 0);
  const again = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(again, { ...byHand, releases: [first, { ...second, note: "The last of its kind." }] });
  for (const [text, code] of [["{}", /^policy-/], ["mine", /^json-/]]) {
    writeFileSync(file, text);
    await assert.rejects(call(argv, { run }), (error) => code.test(error.code) && error.message.startsWith(`${file}:1:1: `));
    assert.equal(readFileSync(file, "utf8"), text);
  }
});

for (const [name, mirror, code, says] of [
  ["something else", { "1.0": "mirror-relabelled" }, 1, /^pullproof: contradicted: public\.ecr\.aws\/nicolas\/webdis:1\.0 beside docker\.io\/nicolas\/webdis:1\.0: .* have the same uncompressed layers on linux\/amd64 and linux\/arm64, but not the same configuration\.$/m],
  ["nothing", {}, 3, /^pullproof: open: /m],
]) {
  test(`publish: a mirror that has ${name} is said, and nothing is written`, async (t) => {
    const file = join(folder(t), "policy.json");
    const over = runOver({ [hub]: ours, [ecr]: mirror });
    const result = await call(["publish", hub, "--tags", "1.0", "--mirrors", ecr, "-o", file], { run: over });
    assert.deepEqual([result.code, result.stdout, existsSync(file)], [code, "", false]);
    assert.match(result.stderr, says);
    assert.match(result.stderr, /no policy was written/);
  });
}

test("publish: a registry that lies about what refers to an image is not asked", async (t) => {
  const faulty = await startFaulty();
  t.after(() => faulty.stop());
  const over = (options) => new Run({ ...options, fetch: faulty.fetch });
  const image = "registry.example/faults/referrers-other-subject";
  assert.equal((await call(["what", `${image}:1.0`], { run: over })).code, 1);
  faulty.requests.length = 0;
  const { code, stdout, stderr } = await call(["publish", image, "--tags", "1.0"], { run: over });
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).releases.length, 1);
  assert.notEqual(faulty.requests.length, 0);
  assert.deepEqual(faulty.requests.filter(({ url }) => url.includes("/referrers/")), []);
});

test("publish: a tag that is not there, a pattern that fits none, what is no repository", async () => {
  for (const tags of ["gone", "zz*"]) {
    const { code, stdout } = await call(["publish", hub, "--tags", tags], { run });
    assert.deepEqual([code, stdout], [3, ""]);
  }
  await assert.rejects(call(["publish", hub], { run }), { code: "usage", message: /--tags/ });
  await assert.rejects(call(["publish", `${hub}:1`, "--tags", "1"], { run }), { code: "usage" });
});

test("publish and published over a registry on loopback, as the program", async (t) => {
  const cwd = folder(t);
  const host = await serveRegistry(t, { "a/b": ours, "c/d": theirs });
  const options = { cwd, env: { HOME: cwd } };
  const made = await pullproof(["publish", `${host}/a/b`, "--tags", "1.0,0.9", "--mirrors", `${host}/c/d`], options);
  // One manifest against another over the same layers only: not the same configuration.
  assert.deepEqual([made.code, made.stdout], [1, ""]);
  const one = await pullproof(["publish", `${host}/a/b`, "--tags", "1.0", "--mirrors", `${host}/c/d`], options);
  assert.equal(one.code, 0, one.stderr);
  writeFileSync(join(cwd, "policy.json"), one.stdout);
  const asked = await pullproof(["published", `${host}/c/d:1.0`, "--policy", "policy.json"], options);
  assert.equal(asked.code, 0, asked.stdout + asked.stderr);
});

test("published: a policy that cannot be relied on ends it with 2, and says where", async (t) => {
  const text = readFileSync(example, "utf8");
  const cwd = folder(t, {
    "empty.json": "{}",
    "misspelt.json": text.replace('"signers"', '"signer"'),
    "twice.json": text.replace('"project"', '"version": 1, "project"'),
    "cut.json": text.slice(0, 100),
  });
  for (const [file, says] of [
    ["empty", /policy-empty: empty\.json:1:1: expected a policy in the policy, found nothing\n/],
    ["misspelt", /policy-unknown: misspelt\.json:\d+:\d+: unknown key "signer" \(did you mean "signers"\?\)/],
    ["twice", /policy-duplicate: twice\.json:\d+:\d+: /],
    ["cut", /json-syntax/],
  ]) {
    const { code, stdout, stderr } = await pullproof(["published", "nicolas/webdis:0.1.19", "--offline", "--policy", `${file}.json`], { cwd });
    assert.deepEqual([code, stdout], [2, ""], file);
    assert.match(stderr, says);
  }
});

// A policy for `ours`, as `publish` would write it.
const release = { tag: "1.1", digests: [document("buildx-list-index").digest] };
const published = JSON.stringify({ pullproof: "policy", version: 1, project: "Webdis", names: [hub], releases: [release] });
const image = `${hub}:1.1`;
const address = "https://publisher.example/webdis/policy.json";

/** A `fetch` of registries, and of a publisher who answers so; what was asked of the latter. */
function publisher(response) {
  const found = registries({ [hub]: ours });
  const asked = [];
  const fetch = async (url, init) => {
    if (!new URL(url).host.startsWith("publisher.")) return found(url);
    asked.push([url, init.redirect, init.credentials, [...new Headers(init.headers)]]);
    return response();
  };
  return { asked, fetch };
}

test("published: by a policy at an address, which the answer and its receipt name whole: its query says which policy it is", async () => {
  const queried = `${address}?branch=${"fork".repeat(200)}`;
  const { asked, fetch } = publisher(() => new Response(published));
  let receipt;
  const question = { ask: "published", image, by: { policy: new URL(`${queried}#not-sent`) } };
  const report = await answer(question, { fetch, onReceipt: (text) => (receipt = text) });
  assert.equal(report.verdict, "proven", report.summary);
  assert.equal(report.question.by.policy, published);
  const { statement, standing } = report.claims.find(({ statement }) => statement.code === "policy-source");
  const digest = `sha256:${createHash("sha256").update(published).digest("hex")}`;
  assert.equal(statement.text, `the policy was fetched from ${queried}; its digest is ${digest}`);
  assert.equal(standing.by[0].url, queried);
  assert.deepEqual(asked, [[queried, "manual", "omit", []]]);
  for (const text of [reportLines(report).join("\n"), reportMarkdown(report).replaceAll("<wbr>", "").replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)), receipt]) assert.ok(text.replace(/\n +/g, "").includes(queried), text);
  const checked = checkReceipt(receipt);
  assert.equal(checked.same, true);
  const endless = new URL(`${address}?${"a".repeat(5000)}`);
  await assert.rejects(answer({ ...question, by: { policy: endless } }, { fetch: () => assert.fail("asked") }), { code: "argument", message: /^the address of the policy is too long: 5\d{3} characters, at most 4096$/ });
  const short = await call(["check", "-"], { input: receipt });
  assert.match(flat(short.stdout), /By the receipt's word the policy was fetched from https/);
  const printed = await call(["check", "-", "--verbose"], { input: receipt });
  assert.match(flat(printed.stdout), /Rests on by the receipt's word the policy was fetched from https/);
  assert.ok(checked.report.claims.some((claim) => claim.statement.code === "policy-source"));
});

for (const [name, response, expected] of [
  ["leads elsewhere", () => new Response("", { status: 302, headers: { location: "https://evil.example/" } }), { code: "policy-source", message: /cannot be read: https:\/\/publisher\S+ answered with status 302$/ }],
  ["is not there", () => new Response("", { status: 404 }), { code: "policy-source", message: /answered with status 404/ }],
  ["is a page", () => new Response("<!doctype html>"), { code: "json-syntax", message: /, at https:\/\/publisher\.example\/webdis\/policy\.json$/ }],
  ["has no end", () => new Response(new ReadableStream({ pull: (out) => out.enqueue(new Uint8Array(1 << 20)) })), { code: "limit-exceeded", message: /sent more than 4194304 bytes/ }],
  ["is no text", () => new Response(Uint8Array.of(0xff)), { code: "encoding" }],
  ["is empty", () => new Response("{}"), { code: "policy-empty" }],
  ["cannot be reached", () => Promise.reject(new TypeError("fetch failed")), { code: "network" }],
]) {
  test(`published: a policy whose address ${name} is refused, and no registry is asked`, async () => {
    const { fetch } = publisher(response);
    const only = async (url, init) => (new URL(url).host === "publisher.example" ? fetch(url, init) : assert.fail(url));
    await assert.rejects(answer({ ask: "published", image, by: { policy: new URL(address) } }, { fetch: only }), expected);
  });
}

test("published: a policy is fetched over TLS, and with nobody's name", async () => {
  for (const wrong of ["http://publisher.example/p", "ftp://publisher.example/p", "https://me:hunter2@publisher.example/p", "file:///etc/passwd"]) {
    const fetch = () => assert.fail("asked");
    const by = { policy: new URL(wrong) };
    await assert.rejects(answer({ ask: "published", image, by }, { fetch }), ({ code, message }) => code === "argument" && !message.includes("hunter2"));
    const { code, stderr } = await pullproof(["published", image, "--policy", wrong]);
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /hunter2/);
  }
  await assert.rejects(call(["published", image, "--offline", "--policy", address]), { code: "usage" });
  await assert.rejects(call(["published", "a b", "--policy", address], { run: () => assert.fail() }), { code: "reference" });
});

test("published: a policy at an address, as the program", async (t) => {
  const cwd = folder(t);
  const host = await serveRegistry(t, { "a/b": ours });
  const text = published.replace(hub, `${host}/a/b`);
  const server = await listen((request, response) => response.end(request.url === "/policy.json" ? text : "{}"));
  t.after(server.stop);
  const at = `http://${server.host}/policy.json`;
  const { code, stdout, stderr } = await pullproof(["published", `${host}/a/b:1.1`, "--policy", at], { cwd, env: { HOME: cwd } });
  assert.equal(code, 0, stdout + stderr);
  assert.ok(flat(stdout).includes(`The policy was fetched from ${at}; its digest is sha256:`), stdout);
  const other = await pullproof(["published", `${host}/a/b:1.1`, "--policy", `http://${server.host}/other`], { cwd, env: { HOME: cwd } });
  assert.equal(other.code, 2);
  assert.match(other.stderr, /policy-empty: .*at http:\/\/127\.0\.0\.1:\d+\/other/);
});

test("published: the example, offline, from what the guide prints", async () => {
  const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
  const guide = readFileSync(join(root, "tests", "paste", "06-manifest-list.txt"), "utf8").split("\n----\n")[0];
  const argv = ["published", `nicolas/webdis:0.1.19@${list}`, "--offline", "--policy", example, "--paste", "-"];
  const { code, stdout } = await pullproof(argv, { input: guide });
  assert.equal(code, 0, stdout);
  assert.match(flat(stdout), /the policy of Webdis/);
});

test("page: files for a static host; only what it wrote is replaced, and no other folder", async (t) => {
  const into = join(folder(t), "site");
  const first = await call(["page", into, "--policy", example]);
  assert.equal(first.code, 0);
  const build = readdirSync(into).find((name) => /^build-[0-9a-f]{16}$/.test(name));
  for (const file of [".nojekyll", "index.html", "policy.json", "policy.schema.json", `${build}/pkg/pullproof_bg.wasm`, `${build}/pkg/browser.js`]) {
    assert.ok(existsSync(join(into, file)), file);
  }
  assert.ok(!existsSync(join(into, build, "pkg", "cli.js")) && !existsSync(join(into, build, "pkg", "cli")));
  assert.equal(readFileSync(join(into, "policy.json"), "utf8"), readFileSync(example, "utf8"));
  const index = readFileSync(join(into, "index.html"), "utf8");
  assert.match(index, /<meta name="pullproof-policy" content="policy\.json">/);
  assert.doesNotMatch(index, /(?:src|href)="\//);
  const { files } = JSON.parse(readFileSync(join(into, "files.json"), "utf8"));
  assert.equal(files["index.html"], `sha256:${createHash("sha256").update(index).digest("hex")}`);
  assert.ok(files[`${build}/pkg/pullproof_bg.wasm`] && files["sw.js"]);
  assert.equal(files["policy.json"], undefined, "a policy that was kept would be an old one");
  const gateway = "https://gate.example/a?b=1&c=%22<>";
  assert.equal((await call(["page", into, "--gateway", gateway])).code, 0);
  assert.match(readFileSync(join(into, "index.html"), "utf8"), /<meta name="pullproof-gateway" content="https:\/\/gate\.example\/a\?b=1&#38;c=%22%3C%3E">/);
  await assert.rejects(call(["page", into, "--gateway", "https://me:secret@gate.example/"]), { code: "usage" });
  writeFileSync(join(into, "CNAME"), "verify.example\n");
  assert.equal((await call(["page", into])).code, 0);
  assert.ok(existsSync(join(into, "CNAME")) && !existsSync(join(into, "policy.json")));
  const foreign = folder(t, { "thesis.txt": "mine" });
  await assert.rejects(call(["page", foreign]), { code: "file", message: /is not empty and was not written by pullproof$/ });
  writeFileSync(join(foreign, "pullproof-page.json"), '{"pullproof":"page","files":["../thesis.txt"]}');
  await assert.rejects(call(["page", foreign]), { code: "file" });
  assert.deepEqual(readdirSync(foreign).sort(), ["pullproof-page.json", "thesis.txt"]);
  const bad = folder(t, { "policy.json": "{}" });
  await assert.rejects(call(["page", join(bad, "site"), "--policy", join(bad, "policy.json")]), { code: "policy-empty" });
  assert.ok(!existsSync(join(bad, "site")));
});

for (const command of ["publish", "page", "published"]) {
  test(`help ${command} has an example with a policy`, async () => {
    const { code, stdout } = await call(["help", command]);
    assert.equal(code, 0);
    assert.match(flat(stdout), /policy\.json/);
    assert.match(stdout, /^Example:$/m);
  });
}
