// The vectors that the builders write, and those captured from real clients, are true of themselves.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sha256 } from "../builders/bytes.mjs";
import { differences } from "../builders/committed.mjs";
import { images } from "../builders/images.mjs";
import { readVector, writeVector } from "../builders/vector.mjs";

const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const MANIFESTS = ["manifest", "index"];
const built = images();
const known = new Map(built.flatMap(({ documents }) => documents).map((document) => [document.digest, document]));

test("the committed vectors are as the builders write them", () => {
  assert.deepEqual(differences(), [], "run: node tests/builders/write.mjs");
});

test("every descriptor of an image names one of its documents, with its size and type", () => {
  for (const { name, documents, root } of built) {
    assert.equal(documents.at(-1).digest, root, name);
    for (const { digest, mediaType, size } of documents.flatMap(links)) {
      const named = documents.find((document) => document.digest === digest);
      assert.ok(named, `${name} names ${digest}, which it lacks`);
      assert.equal(size, named.size, `${name}: ${digest}`);
      // A config or layer may go by docker's type in one manifest and by OCI's in another.
      if (MANIFESTS.includes(named.kind)) assert.equal(mediaType, named.mediaType, `${name}: ${digest}`);
    }
  }
});

test("a vector reads back as it was written", () => {
  const keys = { tool: "crane digest", note: "a: b" };
  const bytes = Buffer.from("\n\nfirst: no key\r\n");
  assert.deepEqual(readVector(writeVector(keys, bytes)), { keys, bytes });
});

test("every pasted output is about a document of ours", () => {
  for (const { path, keys } of pastes()) {
    assert.ok(keys.tool && keys.from, `${path} does not say where it is from`);
    if (keys.digest) assert.ok(known.has(keys.digest), `${path}: no document ${keys.digest}`);
  }
});

// These print the registry's bytes and no more: a capture that was cut or changed would show here.
const VERBATIM = ["crane-config", "crane-manifest", "docker-buildx-imagetools-inspect-raw", "oras-manifest-fetch", "regctl-manifest-get-format-raw-body", "skopeo-inspect-config-raw", "skopeo-inspect-raw"];

test("raw output has the digest it is said to have", () => {
  const raw = pastes().filter(({ folder }) => VERBATIM.includes(folder));
  assert.deepEqual([...new Set(raw.map(({ folder }) => folder))].sort(), VERBATIM);
  for (const { path, keys, bytes } of raw) assert.equal(sha256(bytes), keys.digest, path);
});

// A subject may lie elsewhere: it is the only link that need not resolve within an image.
function links({ kind, bytes }) {
  if (!MANIFESTS.includes(kind)) return [];
  const { config, layers = [], manifests = [] } = JSON.parse(bytes);
  return [config, ...layers, ...manifests].filter(Boolean);
}

function pastes() {
  return readdirSync(`${vectors}paste`).flatMap((folder) =>
    readdirSync(`${vectors}paste/${folder}`).map((file) => {
      const path = `${folder}/${file}`;
      return { folder, path, ...readVector(readFileSync(`${vectors}paste/${path}`)) };
    }),
  );
}
