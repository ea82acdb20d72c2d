// Questions of the command over registries that are stand-ins: what is printed, and what a run is given.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { checks, linesOf } from "../../dist/pkg/report/checks.js";
import { Output, wrapped } from "../../dist/pkg/cli/output.js";
import { answerLines, reportLines, stepLines } from "../../dist/pkg/cli/text.js";
import { jsonText, visible } from "../../dist/pkg/report/visible.js";
import { Run } from "../../dist/pkg/node.js";
import { call, document, folder, registries, runOver, sink } from "../support/cli.mjs";
import { evil, nasty } from "../support/hostile.mjs";

const hub = "docker.io/nicolas/webdis";
const ecr = "public.ecr.aws/nicolas/webdis";
const tags = {
  [hub]: { "0.1.19": "mirror-relisted", "0.1.18": "buildx-single", limited: 429 },
  [ecr]: { "0.1.19": "mirror-recompressed", "0.1.18": "crane-docker", gone: "no such image" },
};
const run = runOver(tags);
const flat = (text) => text.replace(/\s+/g, " ");

test("same: the answer first, its next step, why, its conditions, and the verdict as the last line", async () => {
  const { code, stdout, stderr } = await call(["same", "nicolas/webdis:0.1.19", `${ecr}:0.1.19`], { run });
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  assert.ok(lines.length <= 15, stdout);
  for (const line of lines) assert.ok(line.length <= 80 || line.startsWith("    docker pull "), line);
  assert.match(flat(stdout), new RegExp(`^✓ Same image\\. ${escape(hub)}:0\\.1\\.19 and ${escape(ecr)}:0\\.1\\.19 have the same configuration on linux/amd64 and linux/arm64\\. `));
  assert.ok(lines.includes(`    docker pull ${ecr}@${document("mirror-recompressed-index").digest}`));
  assert.match(flat(stdout), /✓ linux\/amd64 and linux\/arm64: the same configuration, byte for byte; the manifests differ /);
  assert.match(flat(stdout), /Layers were not downloaded: /);
  assert.equal(lines.at(-1), "PROVEN: Same image");
});

test("same: what differs, by digests, and what not to do", async () => {
  const { code, stdout } = await call(["same", `${hub}:0.1.19`, `${ecr}:0.1.18`], { run });
  assert.equal(code, 1);
  const lines = stdout.trimEnd().split("\n");
  assert.ok(lines.length <= 15, stdout);
  const text = flat(stdout);
  assert.match(text, /^✗ Different on linux\/amd64, and linux\/arm64 is missing\. /);
  assert.ok(text.includes(`Do not use ${ecr}:0.1.18 in place of ${hub}:0.1.19 until its publisher explains the difference.`));
  assert.match(text, /✗ linux\/amd64: expected sha256:[0-9a-f]{12}…, found sha256:[0-9a-f]{12}… /);
  assert.match(text, /✗ linux\/arm64: expected sha256:[0-9a-f]{12}…, found no entry for linux\/arm64 /);
  assert.equal(lines.at(-1), "CONTRADICTED: Different on linux/amd64, and linux/arm64 is missing");
});

test("same: where the configuration is the same and more was asked for, how to ask for that", async () => {
  const { code, stdout } = await call(["same", `${hub}:0.1.19`, `${ecr}:0.1.19`, "--level", "manifest"], { run });
  assert.equal(code, 1);
  assert.ok(stdout.includes(`    pullproof same ${hub}:0.1.19 ${ecr}:0.1.19 --level config\n`), stdout);
});

test("--quiet is the line with the verdict; --steps are commands, of one tool or of all", async () => {
  const argv = ["same", `${hub}:0.1.19`, `${ecr}:0.1.19`];
  const of = async (...more) => (await call([...argv, ...more], { run })).stdout;
  assert.equal(await of("--quiet"), "PROVEN: Same image\n");
  const [all, crane, after, equals] = [await of("--steps"), await of("--steps", "crane"), (await call(["same", "--steps", "crane", ...argv.slice(1)], { run })).stdout, await of("--steps=crane")];
  assert.match(all, /^# docker$/m);
  assert.match(all, /^# skopeo$/m);
  assert.match(crane, /^# crane\n/);
  assert.doesNotMatch(crane, /^# docker$|^skopeo /m);
  assert.ok(crane.endsWith("\n# PROVEN: Same image\n"));
  assert.deepEqual([after, equals], [crane, crane]);
  assert.ok(all.includes(`\ncrane config --platform linux/amd64 ${hub}:0.1.19 | sha256sum\n`));
});

test("what a login is needed for says where to log in", async () => {
  const closed = runOver({ [hub]: { 1: "umoci" }, [ecr]: { 1: 401 } });
  const { code, stdout } = await call(["same", `${hub}:1`, `${ecr}:1`], { run: closed });
  assert.equal(code, 3);
  assert.ok(stdout.includes("\n    docker login public.ecr.aws\n"), stdout);
});

test("published --key says that it asks the notary server", async () => {
  const argv = ["published", `${hub}:0.1.18`, "--key", "a".repeat(64)];
  const [said, quiet] = [await call(argv, { run }), await call([...argv, "--quiet"], { run })];
  assert.equal(said.stderr, "pullproof: with --key the notary server is asked for signatures too\n");
  assert.equal(quiet.stderr, "");
});

test("--verbose: a line for each platform, the verdict, what it rests on, and what was not checked", async () => {
  const { code, stdout, stderr } = await call(["same", "nicolas/webdis:0.1.19", `${ecr}:0.1.19`, "--verbose"], { run });
  assert.deepEqual([code, stderr], [0, ""]);
  const lines = stdout.split("\n");
  assert.deepEqual(lines.slice(0, 3), [`${hub}:0.1.19`, `${ecr}:0.1.19 (compared: configuration)`, ""]);
  for (const platform of ["amd64", "arm64"]) {
    assert.ok(lines.includes(`  linux/${platform}    proven       the same image configuration, byte for byte`));
  }
  assert.match(stdout, /^✓ Same image: every digest was recomputed here/m);
  assert.match(stdout, /\n\nPROVEN: Same image\n$/);
  const digest = document("mirror-relisted-index").digest;
  const text = flat(stdout);
  assert.ok(text.includes(`Rests on ${hub}:0.1.19 is ${digest}, as docker.io resolved it at 2026-11-23 14:02 UTC`));
  assert.match(text, /3 documents fetched from docker\.io at 2026-11-23 14:02 UTC, hashed here/);
  assert.match(text, /Not checked Layers were not downloaded\. /);
  assert.ok(text.includes(`docker buildx imagetools inspect --raw ${hub}:0.1.19 | sha256sum # ${digest.slice(7)}`));
  const config = (image) => `crane config --platform linux/amd64 ${image}:0.1.19 | sha256sum`;
  const same = "# linux/amd64: the image configuration of A and of B; the two sums have to be equal";
  assert.match(text.slice(text.indexOf(same)), new RegExp(`^${escape(`${same} ${config(hub)} ${config(ecr)}`)} # ([0-9a-f]{64}) # \\1 `));
});

test("same: both sides of a contradiction, each with its source", async () => {
  const { code, stdout } = await call(["same", `${hub}:0.1.19`, `${ecr}:0.1.18`, "--verbose"], { run });
  assert.equal(code, 1);
  const text = flat(stdout);
  assert.match(text, /linux\/amd64 contradicted the same uncompressed layers/);
  assert.match(text, /expected sha256:[0-9a-f]{64} \(https:\/\/registry-1\.docker\.io\/v2\/nicolas\/webdis\/manifests\/0\.1\.19, fetched at/);
  assert.match(text, /found sha256:[0-9a-f]{64} \(https:\/\/public\.ecr\.aws\/v2\/nicolas\/webdis\/manifests\/0\.1\.18, fetched at/);
  assert.match(text, /found no entry for linux\/arm64 \(https:\/\/public\.ecr\.aws/);
});

for (const [name, right, code] of [["not there", `${ecr}:gone`, "not-found"], ["out of reach", "reg.example/a:1", "network"]]) {
  test(`same: what is ${name} leaves it open, with the command whose output to paste`, async () => {
    const result = await call(["same", `${hub}:0.1.19`, right, "--verbose"], { run });
    assert.equal(result.code, 3);
    const command = `    docker buildx imagetools inspect --raw ${right}`;
    assert.ok(result.stdout.split("\n").includes(command), result.stdout);
    assert.ok(flat(result.stdout).includes(`[${code}]`));
    assert.match(result.stdout, /^OPEN: Not compared yet$/m);
    const { stdout } = await call(["same", `${hub}:0.1.19`, right], { run });
    if (code === "not-found") assert.match(flat(stdout), /^… Not compared yet\. public\.ecr\.aws has no nicolas\/webdis:gone, so .* Check the name and the tag\./);
    else {
      assert.match(flat(stdout), /^… Not compared yet\. reg\.example cannot be reached \(connection refused\), so .* Run this in a terminal that can reach the registry, /);
      assert.ok(stdout.includes(`\n${command} | pullproof same ${hub}:0.1.19 ${right} --paste -\n`), stdout);
    }
  });
}

test("a tag that was resolved through a gateway names the gateway", async () => {
  const direct = registries(tags);
  const gateway = "https://gateway.example/registry";
  const fetch = (url, init) =>
    url.startsWith(gateway) ? direct(url.replace(gateway, "https:/"), init) : Promise.reject(new TypeError("fetch failed"));
  const through = (given) => new Run({ ...given, fetch, now: new Date("2026-11-23T14:02:03.000Z") });
  const { code, stdout, options } = await call(["what", `${hub}:0.1.18`, "--gateway", gateway, "--verbose"], { run: through });
  assert.equal(options.gateway, gateway);
  assert.equal(code, 0);
  assert.ok(flat(stdout).includes(`as ${gateway} says that docker.io resolved it at 2026-11-23 14:02 UTC`), stdout);
  assert.ok(flat(stdout).includes(`fetched from docker.io through ${gateway}`));
});

test("published, and what an image is", async () => {
  const { digest } = document("buildx-single-amd64-manifest");
  const [yes, no, what] = await Promise.all([
    call(["published", `${hub}:0.1.18`, "--digest", digest, "--verbose"], { run }),
    call(["published", `${ecr}:0.1.18`, "--digest", digest, "--verbose"], { run }),
    call(["what", `${hub}:0.1.18`, "--verbose"], { run }),
  ]);
  assert.deepEqual([yes.code, no.code, what.code], [0, 1, 0]);
  assert.match(flat(yes.stdout), /is what was published/);
  assert.ok(flat(no.stdout).includes(`expected ${digest} (a digest that the author published, as given)`));
  assert.ok(flat(what.stdout).includes(`${digest} is present`));
});

test("A12: --json is the report that the package gives", async () => {
  const questions = [
    [["same", `${hub}:0.1.19`, `${ecr}:0.1.19`, "--level", "manifest"], { ask: "same", left: `${hub}:0.1.19`, right: `${ecr}:0.1.19`, level: "manifest" }],
    [["what", `${hub}:0.1.18`], { ask: "what", image: `${hub}:0.1.18` }],
    [["published", `${hub}:0.1.18`, "--key", "a".repeat(64)], { ask: "published", image: `${hub}:0.1.18`, by: { keys: ["a".repeat(64)] } }],
  ];
  for (const [argv, question] of questions) {
    const { stdout } = await call([...argv, "--json"], { run });
    const { schema, sides, ...report } = JSON.parse(stdout);
    assert.deepEqual([schema, report], [1, await run({}).answer(question)]);
    const of = (reference, name) => ({ reference, digest: document(name).digest });
    const expected = { left: of(`${hub}:0.1.19`, "mirror-relisted-index"), right: of(`${ecr}:0.1.19`, "mirror-recompressed-index") };
    assert.deepEqual(sides, question.ask === "same" ? expected : undefined);
  }
});

test("what: a name that is no file is an image's, and where a file could be meant that is said", async (t) => {
  const before = process.cwd();
  const path = folder(t);
  mkdirSync(join(path, "alpine"));
  process.chdir(path);
  t.after(() => process.chdir(before));
  const notes = [["alpine", "alpine"], ["list.json", "list.json"], ["nicolas/webdis:0.1.18", undefined]];
  for (const [name, said] of notes) {
    const { stdout, stderr } = await call(["what", name, "--verbose"], { run });
    assert.match(stdout, /^docker\.io\//);
    // What takes long is said too.
    assert.equal(stderr.replaceAll(/^pullproof: \d+ of .*\n/gm, ""), said === undefined ? "" : `pullproof: there is no file ${said}: taken as an image's name\n`);
  }
});

test("pastes go with what is fetched", async (t) => {
  const cwd = folder(t, { "manifest.json": document("buildx-single-amd64-manifest").bytes });
  const given = [];
  const spy = { answer: (question, options) => (given.push(options.pasted), run({}).answer(question, options)) };
  await call(["same", `${hub}:0.1.18`, `${ecr}:0.1.18`, "--paste", join(cwd, "manifest.json"), "--paste", "-"], { run: spy, input: "hello" });
  assert.deepEqual(given[0].map(({ paste }) => Buffer.from(paste).toString()), [document("buildx-single-amd64-manifest").bytes.toString(), "hello"]);
  assert.deepEqual(given[0].map(({ file }) => file), [join(cwd, "manifest.json"), undefined]);
});

test("credentials are the docker client's, unless anonymous", async (t) => {
  const config = { auths: { "reg.example": { auth: Buffer.from("me:hunter2").toString("base64") }, "bad.example": { auth: "hunter2" } } };
  const environment = { DOCKER_CONFIG: folder(t, { "config.json": JSON.stringify(config) }) };
  const asking = (given) => ({
    async answer(question) {
      const found = await given.credentials?.("https://reg.example");
      assert.equal(await given.credentials?.("https://bad.example"), given.credentials && null);
      assert.deepEqual(found, given.credentials && { username: "me", password: "hunter2" });
      return run({}).answer(question);
    },
  });
  const argv = ["what", `${hub}:0.1.18`];
  const [own, none] = await Promise.all([argv, [...argv, "--anonymous"]].map((args) => call(args, { run: asking, environment })));
  assert.equal(typeof own.options.credentials, "function");
  assert.equal(none.options.credentials, undefined);
  assert.match(own.stderr, /^pullproof: docker's login for bad\.example cannot be read: its auth is not user:password/);
  assert.equal(none.stderr, "");
  assert.doesNotMatch(own.stdout + own.stderr, /hunter2/);
});

test("R08: what an engine says of a request is not repeated", async () => {
  const failing = { answer: () => Promise.reject(new TypeError("fetch failed: authorization: Bearer hunter2")) };
  await assert.rejects(call(["what", "a"], { run: failing }), ({ code, message }) => {
    assert.deepEqual([code, message], ["could-not-check", "could not check: TypeError"]);
    return true;
  });
});

test("progress and colour are for terminals, and can be turned off", async () => {
  const argv = ["what", `${hub}:0.1.18`];
  const escape = "\u001b[";
  const [tty, pipe, quiet, plain, dumb] = await Promise.all([
    call(argv, { run, tty: true }),
    call(argv, { run }),
    call([...argv, "--quiet"], { run, tty: true }),
    call(argv, { run, tty: true, environment: { NO_COLOR: "1" } }),
    call(argv, { run, tty: true, environment: { TERM: "dumb" } }),
  ]);
  assert.match(tty.stderr, /of 1 fetched/);
  assert.ok(tty.stderr.endsWith(`\r${escape}K`), "the line is cleared before the answer");
  assert.ok(tty.stdout.startsWith(`${escape}1;32m✓ `));
  assert.deepEqual([pipe.stderr, quiet.stderr], ["", ""]);
  for (const { stdout } of [pipe, plain, dumb]) assert.equal(stdout.includes(escape), false);
  assert.equal(tty.stdout.replaceAll(/\u001b\[[\d;]*m/g, ""), pipe.stdout);
});

test("on a pipe, what takes long says how far it is, in lines", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const stderr = sink();
  const output = new Output({ stdout: sink(), stderr, environment: {} });
  output.progress("0 of 2 fetched");
  t.mock.timers.tick(1999);
  assert.equal(stderr.text(), "");
  output.progress("1 of 2 fetched");
  t.mock.timers.tick(1);
  assert.equal(stderr.text(), "pullproof: 1 of 2 fetched\n");
  output.progress("2 of 2 fetched");
  t.mock.timers.tick(9999);
  assert.equal(stderr.text().split("\n").length, 2);
  t.mock.timers.tick(1);
  output.clear();
  t.mock.timers.tick(60_000);
  assert.equal(stderr.text(), "pullproof: 1 of 2 fetched\npullproof: 2 of 2 fetched\n");
});

test("--summary adds Markdown to a file", async (t) => {
  const file = join(folder(t, { "summary.md": "# Job\n" }), "summary.md");
  await call(["same", `${hub}:0.1.19`, `${ecr}:0.1.19`, "--summary", file], { run });
  await call(["what", `${hub}:0.1.18`, "--summary", file], { run });
  const text = readFileSync(file, "utf8");
  assert.match(text, /^# Job\n### ✓ Same image\n\ndocker\.io\/nicolas\/webdis:0\.1\.19 and public\.ecr\.aws\/nicolas\/webdis:0\.1\.19 have the same configuration on linux\/amd64/);
  assert.match(text, /^\| <code>linux\/amd64<\/code> \| proven \| the same image configuration, byte for byte \| .*<br>.* \|$/m);
  assert.equal(text.match(/^### ✓ /gm).length, 2);
  assert.equal(text.match(/^Verdict: \*\*proven\*\*: /gm).length, 2);
  const unwritten = await call(["what", `${hub}:0.1.18`, "--summary", join(file, "x")], { run });
  assert.equal(unwritten.code, 2);
  assert.match(unwritten.stdout, /^PROVEN: /m);
  assert.match(unwritten.stderr, /^pullproof: cannot write \S+ \(ENOTDIR\)/);
});

const escape = (text) => text.replace(/[.|\/]/g, "\\$&");
test("U10: on a terminal, text from outside stays on its line and moves nothing", async () => {
  const printed = sink();
  await new Output({ stdout: printed, stderr: sink(), environment: {} }).print([reportLines(evil), answerLines(evil, "pullproof"), stepLines(evil)]);
  const text = printed.text();
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  assert.match(text, /\\u\{1B\}\[2J\\u\{202E\}@user/);
  assert.doesNotMatch(text, /^# h/m);
});

/** A tool's commands in a report. */
const commandsBy = (report, tool) => checks(report).find((group) => group.tool === tool)?.steps.map(({ command }) => command).filter(Boolean);

test("commands to copy never hold what a shell would run", () => {
  assert.deepEqual(checks(evil), []);
  const platforms = ["linux/amd64", "linux/$(id)", "linux/arm64;id", "windows(10.0.1)/amd64"];
  const claims = platforms.map((platform) => ({ statement: { kind: "same", platform }, standing: { is: "proven", from: [] } }));
  const question = { ask: "same", left: "[::1]:5000/a:1", right: "b/c:1", level: "rootfs" };
  const report = { question, claims };
  assert.deepEqual(checks(report).map(({ tool }) => tool), ["docker", "crane", "skopeo"]);
  assert.deepEqual(commandsBy(report, "docker"), [
    "docker buildx imagetools inspect --raw '[::1]:5000/a:1' | sha256sum",
    "docker buildx imagetools inspect --raw b/c:1 | sha256sum",
  ]);
  const layers = (platform, name) => `crane config --platform ${platform} ${name} | jq -c .rootfs.diff_ids | sha256sum`;
  assert.deepEqual(commandsBy(report, "crane"), [
    "crane manifest '[::1]:5000/a:1' | sha256sum",
    "crane manifest b/c:1 | sha256sum",
    ...["linux/amd64", "windows/amd64:10.0.1"].map((platform) => `${layers(platform, "'[::1]:5000/a:1'")}\n${layers(platform, "b/c:1")}`),
  ]);
  const here = { question: { ...question, level: "config" }, claims: claims.slice(0, 1) };
  assert.deepEqual(commandsBy(here, "skopeo"), [
    "skopeo inspect --raw --tls-verify=false 'docker://[::1]:5000/a:1' | sha256sum",
    "skopeo inspect --raw docker://b/c:1 | sha256sum",
    "skopeo --override-os linux --override-arch amd64 inspect --config --raw --tls-verify=false 'docker://[::1]:5000/a:1' | sha256sum\n" +
      "skopeo --override-os linux --override-arch amd64 inspect --config --raw docker://b/c:1 | sha256sum",
  ]);
  const signed = { ask: "published", image: "a/b:1", by: { identity: "it's me", issuer: "https://x.example" } };
  assert.deepEqual(commandsBy({ question: signed, claims: [] }, "cosign"), [
    "cosign verify --certificate-identity 'it'\\''s me' --certificate-oidc-issuer https://x.example a/b:1",
  ]);
});

test("of two registries the one that was asked without TLS gets its flag, and none of docker's commands", () => {
  const [one, other] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
  const fetched = (scheme, host, digest) => ({
    statement: { kind: "bytes", digest, mediaType: "application/vnd.oci.image.manifest.v1+json", edits: [], size: "2" },
    standing: { is: "proven", check: "hash", from: [{ via: "fetched", url: `${scheme}://${host}/v2/a/manifests/1`, at: "2026-11-25T12:00:00Z" }] },
  });
  const question = { ask: "same", left: "registry.lan:5000/a:1", right: "b.example/a:1", level: "index" };
  const report = { question, claims: [fetched("http", "registry.lan:5000", one), fetched("https", "b.example", other)] };
  assert.deepEqual(commandsBy(report, "docker"), ["docker buildx imagetools inspect --raw b.example/a:1 | sha256sum"]);
  assert.equal(checks(report)[0].steps[0].about, "A, registry.lan:5000/a:1: asked without TLS, which docker does only where its settings say so");
  assert.deepEqual(commandsBy(report, "crane"), ["crane manifest --insecure registry.lan:5000/a:1 | sha256sum", "crane manifest b.example/a:1 | sha256sum"]);
  assert.deepEqual(commandsBy(report, "skopeo"), [
    "skopeo inspect --raw --tls-verify=false docker://registry.lan:5000/a:1 | sha256sum",
    "skopeo inspect --raw docker://b.example/a:1 | sha256sum",
  ]);
});

test("each proven step has its commands, by digest and with what they have to print", () => {
  const [index, manifest, config] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);
  const proven = { is: "proven", check: "hash", from: [] };
  const type = (noun) => `application/vnd.oci.image.${noun}.v1+json`;
  const claims = [
    { statement: { kind: "resolves", reference: "r.example/a:1", digest: index }, standing: { is: "stated", by: [] } },
    ...[[index, type("index")], [manifest, type("manifest")], [config]].map(([digest, mediaType]) => ({ statement: { kind: "bytes", digest, mediaType, edits: [] }, standing: proven })),
    { statement: { kind: "names", parent: index, digest: manifest, as: "manifest", platform: "linux/arm64/v8", size: "7" }, standing: proven },
    { statement: { kind: "names", parent: manifest, digest: config, as: "config" }, standing: proven },
    { statement: { kind: "names", parent: manifest, digest: "sha256:$(id)", as: "layer" }, standing: proven },
    { statement: { kind: "platform", digest: manifest, platform: "linux/arm64/v8" }, standing: proven },
  ];
  const report = { question: { ask: "what", image: "r.example/a:1" }, claims };
  const [docker, crane, skopeo] = checks(report).map(({ steps }) => steps);
  assert.deepEqual(linesOf(crane), [
    "# r.example/a:1: the bytes that it names now",
    "crane manifest r.example/a:1 | sha256sum",
    `#   ${index.slice(7)}`,
    "# the index names its manifests, with their sizes",
    `crane manifest r.example/a@${index} | jq -r '[.manifests[] | "\\(.digest) \\(.size)"] | unique[]'`,
    `#   ${manifest} 7`,
    "# the index names manifests for these platforms",
    `crane manifest r.example/a@${index} | jq -r '[.manifests[] | select((.platform.os // "unknown") != "unknown") | .digest + " " + (.platform | [.os, .architecture, .variant // "" | select(. != "")] | join("/"))] | unique[]'`,
    `#   ${manifest} linux/arm64/v8`,
    "# linux/arm64/v8: the manifest",
    `crane manifest r.example/a@${manifest} | sha256sum`,
    `#   ${manifest.slice(7)}`,
    "# linux/arm64/v8: the manifest names its configuration",
    `crane manifest r.example/a@${manifest} | jq -r '.config.digest'`,
    `#   ${config}`,
    "# linux/arm64/v8: the image configuration",
    `crane blob r.example/a@${config} | sha256sum`,
    `#   ${config.slice(7)}`,
    "# linux/arm64/v8: the platform that the image configuration says",
    `crane blob r.example/a@${config} | jq -r '.os + "/" + .architecture'`,
    "#   linux/arm64",
  ]);
  assert.deepEqual(docker.map(({ command }) => typeof command), [...Array(5).fill("string"), "undefined"]);
  assert.equal(docker[5].about, "docker prints no image configuration's bytes: crane and skopeo do");
  assert.equal(skopeo.at(-2).command, `skopeo inspect --config --raw docker://r.example/a@${manifest} | sha256sum`);
  assert.equal(linesOf(checks(report, { most: 2 })[1].steps).at(-1), "# and 4 more steps");
  const pasted = { question: { ask: "what" }, claims: [{ statement: { kind: "bytes", digest: index, edits: ["a"] }, standing: { ...proven, from: [{ via: "pasted", tool: "t" }] } }] };
  const [{ tool, steps }] = checks(pasted);
  assert.deepEqual([tool, ...linesOf(steps).slice(1)], ["files", `pullproof recover ${index} FILE | sha256sum`, `#   ${index.slice(7)}`]);
});

test("what refers to an image, and what a policy lists of it, have their commands", () => {
  const [image, referrer, config] = ["a", "b", "c"].map((digit) => `sha256:${digit.repeat(64)}`);
  const proven = { is: "proven", check: "hash", from: [] };
  const claims = [
    ...[image, referrer].map((digest) => ({ statement: { kind: "bytes", digest, edits: [] }, standing: proven })),
    { statement: { kind: "names", parent: referrer, digest: image, as: "subject", size: "9" }, standing: proven },
  ];
  const about = { question: { ask: "what", image: `r.example/a@${image}` }, claims };
  const lines = linesOf(checks(about).find(({ tool }) => tool === "crane").steps);
  assert.deepEqual(lines.slice(3), [
    "# the manifest that refers to it",
    `crane manifest r.example/a@${referrer} | sha256sum`,
    `#   ${referrer.slice(7)}`,
    "# the manifest names what it refers to, with the size",
    `crane manifest r.example/a@${referrer} | jq -r '.subject | "\\(.digest) \\(.size)"'`,
    `#   ${image} 9`,
  ]);
  // What an attestation says is a layer; skopeo prints none.
  const layer = [{ statement: { kind: "names", parent: image, digest: config, as: "layer" }, standing: proven }, { statement: { kind: "bytes", digest: config, edits: [] }, standing: proven }];
  const layered = { ...about, claims: [...claims.slice(0, 1), ...layer] };
  assert.equal(commandsBy(layered, "crane").at(-1), `crane blob r.example/a@${config} | sha256sum`);
  assert.doesNotMatch(commandsBy(layered, "skopeo").join(), /blob/);
  // Nothing is known of the image yet: what it has to be is said as it is, of which release is the report's to say.
  const releases = [{ tag: "2", digests: [layer[0].statement.digest ?? image] }, { tag: "1", digests: [image, referrer], configs: { "linux/amd64": config } }];
  const published = { question: { ask: "published", image: "r.example/a:1", by: { policy: JSON.stringify({ releases }) } }, release: "1", claims: [] };
  const all = Object.fromEntries(checks(published).map(({ tool, steps }) => [tool, linesOf(steps)]));
  for (const tool of ["docker", "crane", "skopeo"]) assert.ok(all[tool].includes(`#   one of: ${image.slice(7)} ${referrer.slice(7)} ${config.slice(7)}`), tool);
  assert.doesNotMatch(JSON.stringify(checks({ ...published, release: undefined })), /one of/);
});

test("visible spells out what cannot be seen, and leaves the rest", () => {
  for (const [text, expected] of [
    ["plain ü 漢 😀", "plain ü 漢 😀"],
    ["\u202e", "\\u{202E}"],
    ["a\nb\tc", "a\\u{A}b\\u{9}c"],
    ["\u{e0041}", "\\u{E0041}"],
    ["\ud800", "\\u{D800}"],
    ["a\u00a0b", "a\\u{A0}b"],
    ["e\u0301\u0301\u0301\u0301", "e\u0301\u0301\u0301\\u{301}"],
  ]) assert.equal(visible(text), expected);
  const value = { "\u202e": "\u009b😀\u{e0041}\u0000" };
  assert.deepEqual(JSON.parse(jsonText(value)), value);
  assert.doesNotMatch(jsonText(value), /[\u0080-\u009f\u202e]|\u{e0041}/u);
});

test("lines are wrapped between words, under their own indentation", () => {
  const long = `  ${"word ".repeat(20)}${"x".repeat(90)} end`;
  const lines = wrapped(long);
  assert.ok(lines.every((line) => line.length <= 80 || line.trim() === "x".repeat(90)));
  assert.ok(lines.slice(1).every((line) => line.startsWith("    ") && line[4] !== " "));
  assert.equal(lines.map((line) => line.trim()).join(" "), long.trim());
  assert.deepEqual(wrapped(""), [""]);
});

test("a tie that a tool only states is said to be its word", async (t) => {
  const digest = `sha256:${"a1".repeat(32)}`;
  const printed = `$ docker pull nicolas/webdis:0.1.18\n0.1.18: Pulling from nicolas/webdis\nDigest: ${digest}\nStatus: Downloaded newer image for nicolas/webdis:0.1.18\ndocker.io/nicolas/webdis:0.1.18\n`;
  const cwd = folder(t, { "pull.txt": printed });
  const { code, stdout } = await call(["published", "nicolas/webdis:0.1.18", "--digest", digest, "--offline", "--paste", join(cwd, "pull.txt")]);
  assert.equal(code, 4, stdout);
  assert.match(stdout.replace(/\s+/g, " "), /\? docker pull says that docker\.io\/nicolas\/webdis:0\.1\.18 is sha256:a1a1/);
  assert.doesNotMatch(stdout.replace(/\s+/g, " "), /\? docker\.io\/nicolas\/webdis:0\.1\.18 is /);
});
