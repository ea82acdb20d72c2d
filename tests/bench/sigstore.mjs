// The cost of signatures: of an image with four of them in a registry, against the plain requests; and of one bundle,
// beside @sigstore/verify in the same run.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { answer } from "../../dist/pkg/node.js";
import { modules } from "../peers/sigstore/services.mjs";
import { median } from "./median.mjs";

const cli = join(root, "dist/pkg/cli.js");
const builder = pathToFileURL(join(root, "tests/builders/signed.mjs")).href;
const besides = join(root, "tests/bench/bundle.mjs");
const image = JSON.parse(readFileSync(join(root, "tests/sigstore/image.json"), "utf8"));

/** The rows of the table. */
export async function sigstoreRows() {
  return [...(await imageRows()), ...bundleRows()];
}

/** A registry in a process of its own: one here would wait for the command. */
async function registry() {
  const program = `import { signedRegistry } from ${JSON.stringify(builder)};
const { host } = await signedRegistry({ after() {} }, {});
console.log(host);
process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  const host = await new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
  return { host, stop: () => child.kill() };
}

async function imageRows() {
  const { host, stop } = await registry();
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const name = `${host}/acme/beacon:1`;
    const urls = await requests(name);
    const [trusted, script] = [join(folder, "root.json"), join(folder, "plain.mjs")];
    writeFileSync(trusted, JSON.stringify(image.root));
    writeFileSync(script, plain(urls));
    const words = [cli, "published", name, "--identity", image.identity, "--issuer", image.issuer, "--trusted-root", trusted, "--at", "2026-01-09"];
    const empty = median(() => execFileSync(process.execPath, ["-e", "0"]), 15);
    const started = median(() => spawnSync(process.execPath, [...words, "--offline"]), 15);
    const fetched = median(() => execFileSync(process.execPath, [script]), 15);
    const own = median(() => execFileSync(process.execPath, words), 15);
    const ratio = (own - (started - empty)) / fetched;
    return [[`\`published\` of an image with four signatures (${urls.length} requests), less the command's start-up, against a Node that sends the same requests`, `${ratio.toFixed(2)} × its time`]];
  } finally {
    stop();
    rmSync(folder, { recursive: true });
  }
}

/** The requests that the question needs. */
async function requests(name) {
  const urls = [];
  const fetch = (url, options) => (urls.push([url, Object.fromEntries(options.headers)]), globalThis.fetch(url, options));
  const by = { identity: image.identity, issuer: image.issuer };
  const { verdict } = await answer({ ask: "published", image: name, by }, { fetch, pasted: [JSON.stringify(image.root)], at: new Date("2026-01-09") });
  if (verdict !== "proven") throw new Error(`expected proven, found ${verdict}`);
  return urls;
}

/** A program that sends them as the question has to: the tag, the places, the manifests there, what they hold. */
const plain = (urls) => `const urls = ${JSON.stringify(urls)};
const get = async ([url, headers]) => (await fetch(url, { headers })).arrayBuffer();
await get(urls.shift());
for (const one of [/referrers|\\.(sig|att)$/, /manifests\\/sha256:/, /blobs/]) await Promise.all(urls.filter(([url]) => one.test(url)).map(get));`;

/** The bundles: of the instance in tests/sigstore, whose keys are all P-256, and two real ones, whose authorities have P-384 keys. */
function bundles() {
  const { bundle, root: trustedRoot, artifact, identity, issuer } = JSON.parse(readFileSync(join(root, "tests/sigstore/fixture.json"), "utf8"));
  const own = { name: "a bundle whose authorities have P-256 keys", bundle, trustedRoot, artifact, by: { identity, issuer } };
  const logged = { name: "a bundle of the public instance, logged and timestamped, whose authorities have P-384 keys", ...real("public-good") };
  const stamped = { name: "a bundle of GitHub's instance, timestamped, whose authorities have P-384 keys", ...real("github") };
  return [own, logged, stamped];
}

function real(name) {
  const read = (path) => JSON.parse(readFileSync(join(root, path, `${name}.json`), "utf8"));
  const [bundle, trustedRoot] = [read("tests/sigstore/real"), read("src/sigstore/roots")];
  const { subject } = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString());
  return { bundle, trustedRoot, digest: subject.map(({ digest }) => digest.sha256).find(Boolean) };
}

/** Each in a process of its own, so that the first time is the first; the middle one of some. */
function bundleRows() {
  const verify = modules().resolve("@sigstore/verify");
  return bundles().map((one) => {
    const input = JSON.stringify(one);
    const run = () => JSON.parse(execFileSync(process.execPath, [besides, verify], { input }));
    const runs = Array.from({ length: 7 }, run).sort((a, b) => a.ratio - b.ratio);
    const [first, time] = ["first", "time"].map((of) => runs.map((run) => run[of]).sort((a, b) => a - b)[3]);
    return [`${one.name}, verified, after ${first.toFixed(1)} ms the first time`, `${time.toFixed(1)} ms, ${runs[3].ratio.toFixed(2)} × the time of @sigstore/verify`];
  });
}

// `node tests/bench/sigstore.mjs` prints the rows of the bundles alone.
if (process.argv[1] === fileURLToPath(import.meta.url)) for (const row of bundleRows()) console.log(row.join(": "));
