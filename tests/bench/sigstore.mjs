// The cost of signatures: of an image with four of them in a registry, against the plain requests; and of one bundle,
// beside @sigstore/verify in the same run.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { answer, verifyBundle } from "../../dist/pkg/node.js";
import { median } from "./median.mjs";

const cli = join(root, "dist/pkg/cli.js");
const builder = pathToFileURL(join(root, "tests/builders/signed.mjs")).href;
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

/** The bundles: of the instance in tests/sigstore, whose keys are all P-256, and a real one, whose authorities have P-384 keys. */
function bundles() {
  const { bundle, root: trustedRoot, artifact, identity, issuer } = JSON.parse(readFileSync(join(root, "tests/sigstore/fixture.json"), "utf8"));
  const own = [{ name: "a bundle whose authorities have P-256 keys", bundle, trustedRoot, artifact: Buffer.from(artifact), by: { identity, issuer } }];
  const corpus = process.env.PULLPROOF_CORPUS;
  if (corpus === undefined) return own;
  const real = JSON.parse(readFileSync(join(corpus, "data/sigstore-real/sigstore-js/c0363974369c64dd.json"), "utf8"));
  const statement = JSON.parse(Buffer.from(real.dsseEnvelope.payload, "base64").toString());
  const [[algorithm, hex]] = Object.entries(statement.subject[0].digest);
  const good = JSON.parse(readFileSync(join(root, "src/sigstore/roots/public-good.json"), "utf8"));
  return [...own, { name: "a bundle of the public instance, whose authorities have P-384 keys", bundle: real, trustedRoot: good, artifact: `${algorithm}:${hex}` }];
}

function bundleRows() {
  return bundles().flatMap(({ name, bundle, trustedRoot, artifact, by }) => {
    const [text, rooted] = [JSON.stringify(bundle), JSON.stringify(trustedRoot)];
    const own = () => verifyBundle(text, artifact, { by, trustedRoot: rooted, now: new Date() });
    const began = performance.now();
    const { claims } = own();
    const first = performance.now() - began;
    if (claims.find(({ statement }) => statement.kind === "signs").standing.is !== "proven") throw new Error(`${name}: the signature does not hold`);
    const beside = besides({ own, bundle, trustedRoot, artifact });
    return [[`${name}, verified, after ${first.toFixed(1)} ms the first time`, `${median(own, 61).toFixed(1)} ms, ${beside}`]];
  });
}

/** The time beside that of @sigstore/verify, where the peers are installed (tests/peers/sigstore). */
function besides({ own, bundle, trustedRoot, artifact }) {
  const folder = process.env.PULLPROOF_SIGSTORE ?? join(root, "tests", "peers", "sigstore");
  if (!existsSync(join(folder, "node_modules", "@sigstore", "verify"))) return "@sigstore/verify is not installed";
  const require = createRequire(join(folder, "package.json"));
  const { Verifier, toSignedEntity, toTrustMaterial } = require("@sigstore/verify");
  const { bundleFromJSON } = require("@sigstore/bundle");
  const { TrustedRoot } = require("@sigstore/protobuf-specs");
  const theirs = () => {
    const entity = toSignedEntity(bundleFromJSON(bundle), typeof artifact === "string" ? undefined : artifact);
    return new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trustedRoot))).verify(entity);
  };
  theirs();
  // In turns, so that what else the machine does meets both.
  const ratios = Array.from({ length: 9 }, () => median(own, 9) / median(theirs, 9)).sort((a, b) => a - b);
  return `${ratios[4].toFixed(2)} × that of @sigstore/verify`;
}
