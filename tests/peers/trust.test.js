// The whole of a publisher's guide, live: the real notary client signs the digest of an image in a real
// registry; what `rescue` saves proves it from the pinned root key on, down to the configurations that a
// second registry has too.

import assert from "node:assert/strict";
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { promisify } from "node:util";
import { root } from "../../scripts/command.mjs";
import { checks } from "../../dist/pkg/report/checks.js";
import { image } from "../builders/images.mjs";
import { push } from "../registry/push.mjs";
import { startRegistry } from "../registry/real.mjs";
import { runSteps } from "../support/steps.mjs";
import { startNotary } from "./notary.mjs";
import { tools } from "./tools.mjs";

let notary;
let hub;
let ecr;
let repository;
let saved;
let pin;

before(async () => {
  const program = tools(["docker-registry"])["docker-registry"].path;
  [notary, hub, ecr] = await Promise.all([startNotary(), startRegistry({ program }), startRegistry({ program })]);
  const signed = image("buildx-attested");
  await push(hub.host, "nicolas/webdis", "0.1.19", signed);
  await push(hub.host, "nicolas/webdis", "moved", image("mirror-relabelled"));
  await push(ecr.host, "nicolas/webdis", "0.1.19", image("mirror-recompressed"));
  repository = `${hub.host}/nicolas/webdis`;
  const { bytes } = signed.documents.find(({ digest }) => digest === signed.root);
  notary.client("init", repository, "-p");
  notary.sign(repository, "0.1.19", bytes);
  notary.sign(repository, "moved", bytes);
  saved = join(notary.folder, "saved.json");
  command("rescue", repository, "--server", notary.address, "-o", saved);
  const files = JSON.parse(readFileSync(saved, "utf8")).files;
  [pin] = JSON.parse(Buffer.from(files["root.json"], "base64")).signed.roles.root.keyids;
});

after(() => Promise.all([notary.stop(), hub.stop(), ecr.stop()]));

test("signature, list, manifests, configurations, and the same on a second registry", () => {
  const published = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", saved);
  assert.equal(published.status, 0, published.stdout + published.stderr);
  assert.match(flat(published), /signed|signature/);
  const same = command("same", `${repository}:0.1.19`, `${ecr.host}/nicolas/webdis:0.1.19`);
  assert.equal(same.status, 0, same.stdout);
});

test("each step from the pinned key to the digest holds by hand, with openssl and jq", async (t) => {
  tools(["jq", "openssl", "xxd"]);
  notary.client("key", "rotate", repository, "snapshot", "-r");
  const rotated = join(notary.folder, "rotated.json");
  command("rescue", repository, "--server", notary.address, "-o", rotated);
  for (const file of [saved, rotated]) {
    const report = JSON.parse(command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", file, "--json").stdout);
    assert.equal(report.verdict, "proven");
    const { steps } = checks(report).find(({ tool }) => tool === "openssl");
    const cwd = mkdtempSync(join(notary.folder, "by-hand-"));
    writeFileSync(join(cwd, "FILE"), readFileSync(file));
    const ran = await runSteps(steps, { cwd });
    for (const { command, prints, printed } of ran) assert.deepEqual(printed, prints, command);
    const lines = ran.flatMap(({ printed }) => printed);
    const verified = lines.filter((line) => line === "Verified OK").length;
    t.diagnostic(`${ran.length} steps, ${verified} signatures`);
    assert.ok(lines.includes(pin) && verified >= 4);
  }
});

test("the folder that the client keeps proves the same", () => {
  notary.client("list", repository);
  const kept = join(notary.folder, "trust", "tuf", repository);
  const published = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", kept);
  assert.equal(published.status, 0, published.stdout + published.stderr);
  // And its files one by one, as jq prints them.
  const printed = ["targets", "snapshot", "timestamp", "root"].map((role) => {
    const path = join(notary.folder, `printed-${role}.json`);
    const file = JSON.parse(readFileSync(join(kept, "metadata", `${role}.json`), "utf8"));
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
    return ["--trust-data", path];
  });
  const single = command("published", `${repository}:0.1.19`, "--key", pin, "--verbose", ...printed.flat());
  assert.equal(single.status, 0, single.stdout + single.stderr);
  assert.match(flat(single), /exact bytes recovered/);
});

test("a tag that names something else than what was signed is contradicted", () => {
  const { status, stdout } = command("published", `${repository}:moved`, "--key", pin, "--trust-data", saved);
  assert.equal(status, 1, stdout);
});

test("without the pinned key, or without the metadata, nothing is proven", () => {
  const other = command("published", `${repository}:0.1.19`, "--key", "0".repeat(64), "--trust-data", saved);
  assert.notEqual(other.status, 0, other.stdout);
  const without = command("published", `${repository}:0.1.19`, "--key", pin);
  assert.equal(without.status, 3, without.stdout);
});

test("as of a day after everything expired it says so, and until when it was valid", () => {
  const late = command("published", `${repository}:0.1.19`, "--key", pin, "--trust-data", saved, "--at", "2099-01-01");
  assert.match(flat(late), /expired/i);
});

test("what the real docker client prints of it is, field by field, what the metadata says", async (t) => {
  const { docker } = tools(["docker"]);
  const { address, config } = await overTls(t);
  const env = { PATH: process.env.PATH, HOME: notary.folder, DOCKER_CONFIG: config, DOCKER_CONTENT_TRUST_SERVER: address };
  for (const form of [[], ["--pretty"]]) {
    const asked = promisify(execFile)(docker.path, ["trust", "inspect", ...form, repository], { env, timeout: 60_000 });
    const { stdout: printed } = await asked.catch((error) => {
      throw new Error(`docker ${docker.version} trust inspect: ${error.stderr}`);
    });
    t.diagnostic(`docker ${docker.version} printed ${printed.length} bytes`);
    assert.deepEqual(differences(printed), []);
    const ids = [...printed.matchAll(/\b[0-9a-f]{64}\b/g)];
    assert.ok(ids.length >= 4, printed);
    for (const { 0: id, index } of ids) {
      const other = `${id[0] === "0" ? "1" : "0"}${id.slice(1)}`;
      const changed = printed.slice(0, index) + other + printed.slice(index + id.length);
      assert.ok(differences(changed).length > 0, `${id} in ${printed}`);
    }
  }
});

/** Where docker's output and the metadata say two things, as a report has it. */
function differences(printed) {
  const path = join(notary.folder, "printed.txt");
  writeFileSync(path, printed);
  const { stdout, stderr } = command("what", saved, "--paste", path, "--json");
  assert.equal(stderr.includes("expected"), false, stderr);
  const { claims } = JSON.parse(stdout);
  const read = claims.filter(({ standing }) => standing.by?.some(({ tool }) => tool?.startsWith("docker trust inspect")));
  assert.ok(read.length > 4, printed);
  return claims.filter(({ standing: { is, found } }) => is === "contradicted" && found.source.tool?.startsWith("docker trust inspect"));
}

/** docker asks a notary server over TLS only: one before ours, whose certificate is in its configuration. */
async function overTls(t) {
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(notary.folder, name));
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const { openssl } = tools(["openssl"]);
  execFileSync(openssl.path, ["req", ...kind, ...named, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (from, to) => {
    const options = { method: from.method, headers: from.headers };
    from.pipe(request(notary.address + from.url, options, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const { port } = server.address();
  const config = join(notary.folder, "docker");
  mkdirSync(join(config, "tls", `127.0.0.1:${port}`), { recursive: true });
  writeFileSync(join(config, "tls", `127.0.0.1:${port}`, "ca.crt"), readFileSync(certificate));
  return { address: `https://127.0.0.1:${port}`, config };
}

const flat = ({ stdout }) => stdout.replace(/\s+/g, " ");

function command(...args) {
  const cli = join(root, "dist", "pkg", "cli.js");
  return spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 60_000 });
}
