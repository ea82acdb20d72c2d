// The command as a program: what needs no registry. Exit codes, streams, errors, signals.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { referenceOf } from "../../dist/pkg/address.js";
import { read as readArguments, commands } from "../../dist/pkg/cli/arguments.js";
import { Session, digest as digestOf, recognise } from "../../dist/pkg/node.js";
import { shown } from "../../dist/pkg/report/shown.js";
import { readVector } from "../builders/vector.mjs";
import { call, document, folder, program, pullproof, start } from "../support/cli.mjs";

const index = document("mirror-relisted-index");
const amd64 = document("mirror-relisted-amd64-manifest");
const arm64 = document("mirror-relisted-arm64-manifest");
const recompressed = document("mirror-recompressed-index");
const recompressedAmd64 = document("mirror-recompressed-amd64-manifest");
const recompressedArm64 = document("mirror-recompressed-arm64-manifest");

const configs = ["amd64", "arm64"].map((platform) => document(`buildx-attested-${platform}-config`));

const left = `127.0.0.1:5000/a@${index.digest}`;
const right = `127.0.0.1:5001/a@${recompressed.digest}`;
const files = {
  "index.json": index.bytes,
  "amd64.json": amd64.bytes,
  "arm64.json": arm64.bytes,
  "amd64-config.json": configs[0].bytes,
  "arm64-config.json": configs[1].bytes,
  "other-index.json": recompressed.bytes,
  "other-amd64.json": recompressedAmd64.bytes,
  "other-arm64.json": recompressedArm64.bytes,
};
const pasted = (...names) => names.flatMap((name) => ["--paste", `${name}.json`]);
const everything = pasted("index", "amd64", "arm64", "amd64-config", "arm64-config", "other-index", "other-amd64", "other-arm64");

test("digest: of a file and of standard input, as the module computes it", async (t) => {
  const cwd = folder(t, files);
  const expected = digestOf(index.bytes);
  assert.deepEqual(
    await Promise.all([pullproof(["digest", "index.json"], { cwd }), pullproof(["digest", "-"], { input: index.bytes })])
      .then((all) => all.map(({ code, stdout, stderr }) => ({ code, stdout, stderr }))),
    Array(2).fill({ code: 0, stdout: `${expected}\n`, stderr: "" }),
  );
  const { stdout } = await pullproof(["digest", "--json", "-"], { input: "" });
  assert.deepEqual(JSON.parse(stdout), { digest: digestOf(""), bytes: 0 });
});

test("recover: the exact bytes on standard output, what was changed on standard error", async () => {
  const text = `$ crane manifest x\n${JSON.stringify(JSON.parse(index.bytes), null, 2)}\n`;
  const { code, bytes, stderr } = await pullproof(["recover", index.digest], { input: text });
  assert.equal(code, 0);
  assert.deepEqual(bytes, index.bytes);
  assert.match(stderr, /^pullproof: changed: .+\n$/);
  const quiet = await pullproof(["recover", index.digest, "--json", "--quiet", "-"], { input: text });
  assert.equal(quiet.stderr, "");
  const { digest, edits, base64 } = JSON.parse(quiet.stdout);
  assert.equal(digest, index.digest);
  assert.ok(edits.length > 0);
  assert.deepEqual(Buffer.from(base64, "base64"), index.bytes);
});

test("recover: 1 and nothing on standard output when there are no such bytes", async () => {
  const { code, stdout, stderr } = await pullproof(["recover", amd64.digest], { input: index.bytes });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /^pullproof: not recovered: no layout of standard input that was tried has the digest sha256:/);
});

test("read: what tools state, and that it is only stated", async () => {
  const input = `docker.io/library/alpine:3: Pulling\nDigest: ${index.digest}\nStatus: Image is up to date for alpine:3\n`;
  const { code, stdout } = await pullproof(["read"], { input });
  assert.equal(code, 0);
  assert.match(stdout.replace(/\s+/g, " "), new RegExp(`docker pull docker.io/library/alpine:3 is ${index.digest}, stated by`));
});

for (const [name, args, expected] of [
  ["proven", ["same", left, right, ...everything], 0],
  ["contradicted", ["same", left, right, ...everything, "--level", "manifest"], 1],
  ["open", ["same", left, right, ...pasted("index", "other-index")], 3],
  ["proven", ["published", left, "--digest", index.digest, ...pasted("index", "amd64", "arm64")], 0],
  ["open", ["published", left, "--digest", index.digest.replace(/.$/, (d) => (d === "0" ? "1" : "0"))], 3],
  ["proven", ["same", left, right, "--platform=linux/amd64", ...everything], 0],
]) {
  test(`the verdict decides: ${name} after ${args.slice(-2).join(" ")}`, async (t) => {
    const cwd = folder(t, files);
    const { code, stdout, stderr } = await pullproof([...args, "--offline", "--json"], { cwd });
    assert.deepEqual([code, JSON.parse(stdout).verdict, stderr], [expected, name, ""]);
    const text = await pullproof([...args, "--offline"], { cwd });
    assert.equal(text.code, expected);
    assert.match(text.stdout, new RegExp(`\\n${name.toUpperCase()}: .*\\n$`));
  });
}

test("stated is 4, and 0 where that is accepted", async (t) => {
  const pull = (image) => `$ docker pull ${image}\nDigest: ${index.digest}\nStatus: Image is up to date for ${image}\n${image}\n`;
  const cwd = folder(t, { "a.txt": pull("docker.io/nicolas/webdis:0.1.18"), "b.txt": pull("public.ecr.aws/nicolas/webdis:0.1.18") });
  const args = ["same", "nicolas/webdis:0.1.18", "public.ecr.aws/nicolas/webdis:0.1.18", "--paste=a.txt", "--paste=b.txt", "--offline"];
  const codes = await Promise.all([args, [...args, "--accept", "stated"]].map((argv) => pullproof(argv, { cwd })));
  assert.deepEqual(codes.map(({ code }) => code), [4, 0]);
  assert.match(codes[1].stdout, /^STATED: Not proven$/m);
  const again = "pullproof same nicolas/webdis:0.1.18 public.ecr.aws/nicolas/webdis:0.1.18 --paste=a.txt --paste=b.txt";
  assert.ok(codes[0].stdout.includes(`  Fetch what was only claimed, to check it:\n    ${again}\n`), codes[0].stdout);
});

test("what: a file, standard input, a folder, and what is not there", async (t) => {
  const cwd = folder(t, files);
  const of = (...args) => pullproof(["what", ...args, "--verbose"], { cwd, input: index.bytes });
  const [file, path, stdin, dir, none] = await Promise.all([of("index.json"), of("./index.json"), of("-"), of("."), of("./none.json")]);
  assert.equal(file.stderr, "pullproof: the file index.json is read; for an image of that name write its registry\n");
  // The manifests that it names are not here, and the digest of its bytes is certain.
  assert.deepEqual([path.stderr, path.code], ["", 0]);
  assert.match(path.stdout, /^✓ An image index: every digest was recomputed here[^]*\nPROVEN: An image index\n$/m);
  assert.equal(path.stdout, stdin.stdout);
  assert.match(stdin.stdout, new RegExp(`${index.digest} is\\s+present`));
  assert.deepEqual([dir.code, dir.stderr], [0, ""]);
  assert.match(dir.stdout, new RegExp(`${index.digest} is\\s+present`));
  assert.deepEqual([none.code, none.stderr], [2, "pullproof: there is no file ./none.json\n"]);
});

for (const [args, expected] of [
  [["--quiet"], /^pullproof: --quiet needs a command before it\./],
  [["--jsno"], /^pullproof: unknown option "--jsno"\.\n$/],
  [["--versoin"], /^pullproof: unknown option "--versoin"\. Did you mean --version\?\n$/],
  [["sames", "a", "b"], /^pullproof: unknown command "sames"\. Did you mean "same"\?\n$/],
  [["constructor"], /^pullproof: unknown command "constructor"\. `pullproof help` lists all commands\.\n$/],
  [["same"], /^pullproof: `same` needs two images\. Usage: pullproof same LEFT RIGHT\n$/],
  [["same", "a"], /^pullproof: `same` needs two images, found only a\. Usage: pullproof same LEFT RIGHT\n$/],
  [["same", "a", "b", "c"], /^pullproof: `same` takes two images, found a b c\. Usage: /],
  [["same", "a", ""], /^pullproof: an argument of same is empty\. Usage: /],
  [["mirror", "a"], /^pullproof: `mirror` needs two repositories, found only a\. Usage: pullproof mirror LEFT RIGHT\n$/],
  [["published"], /^pullproof: `published` needs one argument\. Usage: pullproof published IMAGE\n$/],
  [["demo", "a"], /^pullproof: `demo` takes no argument, found a\. Usage: pullproof demo\n$/],
  [["same", "a", "b", "--jsno"], /^pullproof: unknown option "--jsno"\. Did you mean --json\? `pullproof help same` lists its options\.\n$/],
  [["same", "a", "b", "-x"], /^pullproof: unknown option "-x"\. `pullproof help same` lists/],
  [["same", "a", "b", "--key", "k"], /^pullproof: same has no option --key \(it is for published, what\)\n$/],
  [["same", "a", "b", "--json=yes"], /^pullproof: --json takes no value, but has "yes"\n$/],
  [["same", "a", "b", "--level"], /^pullproof: --level needs a value: --level L\n$/],
  [["same", "a", "b", "--level", "--quiet"], /^pullproof: --level needs a value, and "--quiet" looks like an option \(if it is the value, write --level=--quiet\)\n$/],
  [["same", "a", "b", "--level", "index", "--level", "config"], /^pullproof: --level is given twice\n$/],
  [["same", "a", "b", "--accept", "open"], /^pullproof: --accept takes only "stated", not "open"\n$/],
  [["same", "a", "b", "--steps=umoci"], /^pullproof: --steps takes one of docker, .*, not "umoci"\n$/],
  [["same", "a", "b", "--verbose", "--quiet"], /^pullproof: --quiet and --verbose exclude each other\n$/],
  [["same", "a", "b", "--level", "all"], /^pullproof: --level takes index, manifest, config or rootfs, not "all"\n$/],
  [["same", "A B", "b"], /^pullproof: "A B" is not an image name: expected lower case letters, digits and single separators, found ".*A B"\n$/],
  [["same", "a", "b@sha256:12"], /^pullproof: "b@sha256:12" is not an image name: expected 64 hex digits, found 2\n$/],
  [["published", "a", "--key", "abc"], /^pullproof: "abc" is not a whole key id: it has 3 of 64 hex digits\.\n$/],
  [["same", "a", "b", "--paste", "-", "--paste", "-"], /^pullproof: standard input \(-\) can be read only once\n$/],
  [["what", "-", "--paste", "-"], /^pullproof: standard input \(-\) can be read only once\n$/],
  [["published", "a", "--source", "github.com/b/c"], /^pullproof: --source needs the signer: --key FILE, or --identity with --issuer\n$/],
  [["published", "a", "--digest", "x", "--key", "y"], /, found 2 of them\n$/],
  [["published", "a", "--identity", "x"], /^pullproof: --identity needs --issuer\n$/],
  [["published", "a", "--digest", "5de58646"], /^pullproof: "5de58646" is not a digest\. Write it in full: sha256: and 64 hex digits\.\n$/],
  [["published", "a", "--digest", "a".repeat(64)], /Did you mean sha256:a{64}\?\n$/],
  [["published", "a", "--digest", "sha256:ab"], /^pullproof: "sha256:ab" is not a whole digest: it has 2 of 64 hex digits\.\n$/],
  [["recover", "sha256:ab"], /^pullproof: "sha256:ab" is not a whole digest: it has 2 of 64 hex digits\.\n$/],
  [["recover", "5de58646"], /^pullproof: "5de58646" is not a digest\./],
  [["digest", "none"], /^pullproof: there is no file none\n$/],
  [["read"], /^pullproof: standard input is empty\n$/],
  [["mirror", "a:1", "b"], /^pullproof: `mirror` takes a repository without a tag or digest, not "a:1"\n$/],
  [["mirror", "a", "b", "--concurrency", "0"], /^pullproof: --concurrency takes 1 to 32, not "0"\n$/],
  [["help", "smae"], /^pullproof: unknown command "smae"\. Did you mean "same"\?\n$/],
  [["serve", "99999"], /^pullproof: 99999 is not a port: /],
  [["serve", "nowhere"], /^pullproof: "nowhere" is neither a port nor a folder\n$/],
  [["completion", "tcsh"], /^pullproof: `completion` knows bash, fish, zsh, not "tcsh"\n$/],
  [["same", "https://hub.docker.com/r/nicolas/webdis", "b"], /^pullproof: "https:\/\/hub\.docker\.com\/r\/nicolas\/webdis" is a web address\. Did you mean docker\.io\/nicolas\/webdis\?\n$/],
  [["what", "docker://alpine:3"], /^pullproof: "docker:\/\/alpine:3" is not an image's name\. Did you mean alpine:3\?\n$/],
]) {
  test(`2, and why in one line: ${args.join(" ") || "nothing"}`, async () => {
    const { code, stdout, stderr } = await pullproof(args);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, expected);
    assert.equal(stderr.split("\n").length, 2);
  });
}

test("with --json an error is JSON too, with its code, and its place where it has one", async (t) => {
  const errorOf = async (args, options) => {
    const { code, stdout, stderr } = await pullproof(args, options);
    assert.equal(code, 2);
    assert.match(stderr, /^pullproof: /);
    const { schema, error, ...rest } = JSON.parse(stdout);
    assert.deepEqual([schema, rest], [1, {}]);
    return error;
  };
  const unknown = await errorOf(["sames", "--json"]);
  assert.deepEqual(unknown, { code: "usage", message: 'unknown command "sames". Did you mean "same"?' });
  const cwd = folder(t, { "policy.json": '{\n  "pullproof": "policy",\n  "projekt": "x"\n}\n' });
  const policy = await errorOf(["published", "a", "--policy", "policy.json", "--offline", "--json"], { cwd });
  assert.deepEqual([policy.code, policy.offset], ["policy-unknown", 40]);
  assert.equal(policy.message, 'policy.json:3:14: unknown key "projekt" (did you mean "project"?)');
});

test("web addresses of registries are offered as references", () => {
  for (const [address, reference] of [
    ["https://hub.docker.com/r/nicolas/webdis", "docker.io/nicolas/webdis"],
    ["https://hub.docker.com/r/nicolas/webdis/tags?page=2", "docker.io/nicolas/webdis"],
    ["https://hub.docker.com/_/alpine", "docker.io/library/alpine"],
    ["https://hub.docker.com/layers/nicolas/webdis/0.1.19/images/sha256-ab", "docker.io/nicolas/webdis:0.1.19"],
    ["https://hub.docker.com/repository/docker/nicolas/webdis/general", "docker.io/nicolas/webdis"],
    ["https://github.com/nicolasff/webdis/pkgs/container/webdis", "ghcr.io/nicolasff/webdis"],
    ["https://github.com/orgs/Acme/packages/container/package/tools%2Fapp", "ghcr.io/acme/tools/app"],
    ["https://ghcr.io/acme/app:1", "ghcr.io/acme/app:1"],
    ["https://quay.io/repository/coreos/etcd?tab=tags&tag=v3.5", "quay.io/coreos/etcd:v3.5"],
    ["https://gallery.ecr.aws/nicolas/webdis", "public.ecr.aws/nicolas/webdis"],
    ["https://gitlab.com/acme/tools/app/container_registry/123", "registry.gitlab.com/acme/tools/app"],
    ["docker://quay.io/a/b:1", "quay.io/a/b:1"],
    ["https://hub.docker.com/", undefined],
    ["https://me:hunter2@ghcr.io/acme/app", undefined],
    ["https://registry.example/v2/a/manifests/1", undefined],
    ["ftp://a.example/b", undefined],
    ["a/b:1", undefined],
  ]) assert.equal(referenceOf(address), reference, address);
});

test("what a user typed may hold a password, and is not repeated", async () => {
  for (const args of [
    ["same", "https://me:hunter2@registry.example/a", "b"],
    ["same", "a", "b", "--gateway", "https://me:hunter2@gateway.example/"],
    ["same", "a", "b", "--gateway", "me:hunter2"],
    ["mirror", "https://me:hunter2@registry.example/a", "b"],
  ]) {
    const { code, stdout, stderr } = await pullproof(args);
    assert.deepEqual([code, `${stdout}${stderr}`.includes("hunter2")], [2, false], stderr);
  }
});

test("help: each command has an example that can be typed", async () => {
  for (const command of Object.keys(commands)) {
    const { code, stdout } = await call(["help", command]);
    assert.equal(code, 0);
    const [, example] = /^Example:\n {2}(.*)$/m.exec(stdout);
    const words = example.replace(/^.*\| /, "").replace(/ >.*$/, "").replaceAll("'", "").split(" ").slice(1);
    assert.equal(readArguments(words).command, command, example);
    assert.equal((await call([command, "--help"])).stdout, stdout);
    assert.equal((await call([command, "-h"])).stdout, stdout);
    // Only what is its own.
    for (const other of Object.keys(commands)) if (other !== command) assert.doesNotMatch(stdout, new RegExp(`\\b${other}: `), command);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80 || /^ {2}(?:\S+ .*\| )?pullproof /.test(line)), stdout);
  }
});

test("help and --version", async () => {
  const all = [["help"], ["--help"], ["--version"], [], ["-h"], ["-v"]].map((args) => pullproof(args));
  const [help, dashed, version, nothing, short, shortVersion] = await Promise.all(all);
  assert.deepEqual([help.code, help.stderr, help.stdout], [0, "", dashed.stdout]);
  assert.deepEqual([nothing, short, shortVersion].map(({ code, stdout }) => [code, stdout]), [[0, help.stdout], [0, help.stdout], [0, version.stdout]]);
  for (const command of Object.keys(commands)) assert.match(help.stdout, new RegExp(`^  ${command} `, "m"));
  assert.equal(version.stdout, `${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`);
});

// ESC, OSC 52, C0 and C1 controls, marks of direction, what has no width.
const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const nasty = "\u001b]52;c;aGk=\u0007\u001b[2J\u009b31m\u202e\u200b\u2066x\u0000";

test("U10: nothing from outside reaches the terminal as it is", async (t) => {
  const manifest = JSON.parse(amd64.bytes);
  const evil = JSON.stringify({ ...manifest, mediaType: nasty, annotations: { [nasty]: nasty } });
  const cwd = folder(t, { "evil.txt": `${nasty}\n{"Digest": "${nasty}"}\n`, "evil.json": evil });
  const runs = [
    ["what", "./evil.txt"], ["what", "./evil.txt", "--json"], ["what", "./evil.json"], ["what", "./evil.json", "--json"],
    ["read", "evil.txt"], ["read", "evil.txt", "--json"], ["digest", nasty.replace("\u0000", "")],
    ["same", nasty.replace("\u0000", ""), "b"], [nasty.replace("\u0000", "")], ["same", "a", "b", `--${nasty.slice(0, -1)}`],
  ];
  for (const args of runs) {
    const { stdout, stderr } = await pullproof(args, { cwd });
    assert.doesNotMatch(stdout, forbidden, args.join(" "));
    assert.doesNotMatch(stderr, forbidden, args.join(" "));
    assert.ok(stdout.length + stderr.length > 0, args.join(" "));
  }
  const json = await pullproof(["read", "evil.txt", "--json"], { cwd });
  assert.ok(Array.isArray(JSON.parse(json.stdout)));
});

test("a reader that goes away ends it, not with 0, and without a word", async (t) => {
  const cwd = folder(t, files);
  const { child, ended } = start(["recover", index.digest], { cwd });
  child.stdout.destroy();
  child.stdin.end(index.bytes);
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [141, ""]);
});

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]]) {
  test(`${signal} ends it with ${expected}`, async () => {
    const { child, ended } = start(["digest", "-"]);
    // More than a pipe holds: once it was taken, the program is reading.
    const taken = new Promise((resolve) => child.stdin.write(Buffer.alloc(2 ** 22), resolve));
    await taken;
    child.kill(signal);
    const { code, stdout } = await ended;
    assert.deepEqual([code, stdout], [expected, ""]);
  });
}

for (const [name, fault] of [
  ["an unhandled rejection", "Promise.reject(new Error('fault'))"],
  ["an uncaught exception", "setImmediate(() => { throw new Error('fault'); })"],
]) {
  test(`${name} ends it with 2 and one line`, async () => {
    // Happens as soon as the program listens for it, while it waits for input.
    const code = `process.on("newListener", (event) => { if (event === "unhandledRejection") setImmediate(() => ${fault}); });`;
    const { ended } = start(["digest", "-"], { node: ["--import", `data:text/javascript,${encodeURIComponent(code)}`] });
    const result = await ended;
    assert.deepEqual([result.code, result.stdout, result.stderr], [2, "", "pullproof: could-not-check: fault\n"]);
  });
}

test("an end without an answer is not 0", async () => {
  // Standard input that never ends and keeps nothing alive: the event loop runs dry.
  const code = `Object.defineProperty(process, "stdin", { value: { async *[Symbol.asyncIterator]() { await new Promise(() => {}); } } });`;
  const { child, ended } = start(["digest", "-"], { node: ["--import", `data:text/javascript,${encodeURIComponent(code)}`] });
  child.stdin.end();
  const result = await ended;
  assert.deepEqual([result.code === 0, result.stdout], [false, ""]);
});

test("A12: what and read give what the package gives, for every paste of the vectors", async () => {
  const vectors = join(root, "tests", "vectors", "paste");
  const paths = readdirSync(vectors, { recursive: true }).filter((path) => path.endsWith(".txt"));
  assert.ok(paths.length > 100);
  for (const path of paths) {
    const { bytes } = readVector(readFileSync(join(vectors, path)));
    const session = new Session({ ask: "what" });
    session.paste(bytes);
    const report = session.report(new Date());
    session.free();
    const [what, read] = [await call(["what", "-", "--json"], { input: bytes }), await call(["read", "--json"], { input: bytes })];
    const { verdict } = shown(report);
    assert.deepEqual([JSON.parse(what.stdout), what.code], [{ schema: 1, ...report, verdict }, { proven: 0, contradicted: 1, open: 3, stated: 4 }[verdict]], path);
    // Only an answer that is open may become another.
    assert.ok(verdict === report.verdict || (report.verdict === "open" && report.subject.certain), path);
    assert.deepEqual(JSON.parse(read.stdout), recognise(bytes), path);
  }
});

test("a disk that is full is an error", async () => {
  const { Writable } = await import("node:stream");
  const full = new Writable({ write: (_, __, done) => done(Object.assign(new Error("no space"), { code: "ENOSPC" })) });
  full.on("error", () => {});
  await assert.rejects(call(["digest", program], { stdout: full }), { code: "ENOSPC" });
});
