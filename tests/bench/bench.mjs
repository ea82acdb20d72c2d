// Ratios measured in one run on one machine, printed as a table, kept in results.md. Timings are
// not tests: a slow machine is not a wrong one.

import { createHash, randomBytes } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256 as noble } from "@noble/hashes/sha2.js";
import { createSHA256 } from "hash-wasm";
import { output, root } from "../../scripts/command.mjs";
import { digest, recover, Session } from "../../dist/pkg/node.js";
import { median } from "./median.mjs";
import { pageRows } from "./page.mjs";
import { registryRows } from "./registry.mjs";
import { sigstoreRows } from "./sigstore.mjs";
import { trustRows } from "./trust.mjs";

const rows = [];
const wasm = await createSHA256();
const others = {
  "hash-wasm": (bytes) => wasm.init().update(bytes).digest(),
  "@noble/hashes": noble,
  "Node's createHash": (bytes) => createHash("sha256").update(bytes).digest(),
};

hashing();
await startUp();
recovery("10 kB", 13);
recovery("100 kB", 130);
session(1, 1001);
session(39, 25);
sameness(10_000);
rows.push(...trustRows());
rows.push(...(await sigstoreRows()));
rows.push(...(await registryRows()));
rows.push(...(await pageRows()));
write();

/** Each size against the others, in turns, so that what else the machine does meets both. */
function hashing() {
  for (const [size, length, runs] of [["4 KiB", 4 << 10, 4001], ["1 MiB", 1 << 20, 61], ["4 MiB", 4 << 20, 31], ["64 MiB", 64 << 20, 5]]) {
    const bytes = randomBytes(length);
    for (const [name, run] of Object.entries(others)) {
      const ratios = [];
      for (let n = 0; n < 7; n += 1) ratios.push(median(() => run(bytes), runs) / median(() => digest(bytes), runs));
      rows.push([`\`digest\` of ${size} against ${name}`, `${ratios.sort((a, b) => a - b)[3].toFixed(2)} × its speed`]);
    }
  }
}

async function startUp() {
  const empty = median(() => execFileSync(process.execPath, ["-e", "0"]), 9);
  const file = join(root, "dist/pkg/node.js");
  const loaded = median(() => execFileSync(process.execPath, ["--input-type=module", "-e", `import ${JSON.stringify(file)}`]), 9);
  rows.push(["start-up of the module in Node, over an empty Node", `${(loaded - empty).toFixed(0)} ms, ${(loaded / empty).toFixed(2)} ×`]);
}

/** A manifest with so many layers, as a registry has it, and as `jq .` and `jq -S .` print it. */
function recovery(size, layers) {
  const manifest = manifestOf(layers, 0);
  const bytes = JSON.stringify(manifest);
  const wanted = digest(bytes);
  const indented = `${JSON.stringify(manifest, null, 2)}\n`;
  const sorted = `${JSON.stringify(sortKeys(manifest), null, 2)}\n`;
  const hash = median(() => digest(bytes), 31);
  for (const [name, text] of [["`jq .`", indented], ["`jq -S .`", sorted]]) {
    if (recover(text, wanted) === null) throw new Error(`${size} after ${name} was not recovered`);
    const ms = median(() => recover(text, wanted), 31);
    rows.push([`recovery of a ${size} manifest (${bytes.length} bytes) after ${name}`, `${ms.toFixed(2)} ms, ${(ms / hash).toFixed(0)} × one hash of it`]);
  }
  const none = median(() => recover(indented, `sha256:${"0".repeat(64)}`), 3);
  rows.push([`a ${size} manifest that has no such digest`, `${none.toFixed(1)} ms`]);
}

/** Indexes with so many documents each, its own included: manifests and their configurations, each pasted by itself. */
function session(images, documents) {
  const indexes = [];
  const texts = [];
  for (let image = 0; image < images; image += 1) {
    const entries = [];
    for (let n = 0; n < (documents - 1) / 2; n += 1) {
      const platform = { architecture: `cpu${n}`, os: "linux" };
      const diffIds = [0, 1, 2, 3].map((layer) => digest(`layer ${image} ${n} ${layer}`));
      const config = JSON.stringify({ ...platform, rootfs: { type: "layers", diff_ids: diffIds }, config: { Labels: { n: String(n) } } });
      const manifest = JSON.stringify(manifestOf(1, `${image} ${n}`, config));
      entries.push({ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digest(manifest), size: manifest.length, platform });
      texts.push(manifest, config);
    }
    indexes.push(JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: entries }));
  }
  const all = [...indexes, ...texts];
  const hash = median(() => all.forEach((text) => digest(text)), 5);
  const orders = { "indexes first": all, "indexes last": [...texts, ...indexes] };
  for (const [name, order] of Object.entries(orders)) {
    const ms = median(() => ask(order), 9);
    rows.push([`a session of ${all.length} documents of ${images === 1 ? "an image" : `${images} images`}, ${name}`, `${ms.toFixed(0)} ms, ${(ms / hash).toFixed(0)} × hashing them`]);
  }
}

/** Two indexes of so many entries each, none of whose manifests is here: what is wanted, and the answer. */
function sameness(entries) {
  const index = (side) => {
    const manifests = Array.from({ length: entries }, (_, n) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digest(`${side} ${n}`), size: 1000, platform: { architecture: `cpu${n}`, os: "linux" },
    }));
    return JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests });
  };
  const [left, right] = ["left", "right"].map(index);
  const at = (side, text) => `${side}.example/beacon@${digest(text)}`;
  const hash = median(() => [left, right].forEach((text) => digest(text)), 5);
  const session = new Session({ ask: "same", left: at("left", left), right: at("right", right) });
  for (const want of session.wants()) {
    const text = want.url.includes("left.example") ? left : right;
    session.supply(want, text, { via: "fetched", url: want.url, at: "2026-11-20T12:00:00.000Z" });
  }
  const wanted = session.wants().length;
  if (wanted !== 2 * entries) throw new Error(`expected ${2 * entries} wants, found ${wanted}`);
  const ms = median(() => session.report(new Date(0)), 3);
  session.free();
  rows.push([`\`same\` of two indexes of ${entries} entries, no manifest here`, `${ms.toFixed(0)} ms, ${(ms / hash).toFixed(0)} × hashing them`]);
}

function ask(texts) {
  const session = new Session({ ask: "what" });
  for (const text of texts) session.paste(text);
  session.report(new Date(0));
  session.free();
}

function manifestOf(layers, seed, config = "{}") {
  const layer = (n) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digest(`${seed} ${n}`), size: 1000 + n, annotations: { "org.example.layer": `layer number ${n} of an image` } });
  return {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digest(config), size: config.length },
    layers: Array.from({ length: Math.ceil(layers * 3.5) }, (_, n) => layer(n)),
  };
}

function sortKeys(value) {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sortKeys(inner)]));
}

function write() {
  const table = ["| what | measured |", "|---|---|", ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
  const commit = output("git", ["rev-parse", "--short", "HEAD"]);
  const where = `Node ${process.versions.node}, one run of \`npm run bench\`${commit ? ` at commit ${commit}` : ""}`;
  const text = `## Measured\n\n${where}; times of this machine, to be read as ratios.\n\n${table}\n`;
  writeFileSync(fileURLToPath(new URL("results.md", import.meta.url)), text);
  console.log(table);
}
