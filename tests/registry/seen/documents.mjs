// Checks that each fault in a document is seen.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { sha256 } from "../../builders/bytes.mjs";
import {
  assertGoodRoot,
  beacon,
  config,
  DOCKER_LIST,
  INDEX,
  isGood,
  isPage,
  manifest,
  part,
  status,
} from "./look.mjs";

export const documents = {
  "wrong-header": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(sha256(body), beacon.root);
    assert.notEqual(headers["docker-content-digest"], beacon.root);
  },
  "malformed-header": async (at) =>
    assert.equal((await at.root()).headers["docker-content-digest"], "sha256:../../x"),
  "no-header": async (at) => assert.equal((await at.root()).headers["docker-content-digest"], undefined),
  "wrong-body": async (at) => {
    const { body, headers } = await at.get(`manifests/${manifest}`);
    assert.equal(headers["docker-content-digest"], manifest);
    assert.notEqual(sha256(body), manifest);
    await assertGoodRoot(at);
  },
  "wrong-config": async (at) => assert.notEqual(sha256((await at.get(`blobs/${config}`)).body), config),
  "wrong-pinned": async (at) => {
    const { body, headers } = await at.get(`manifests/${beacon.root}`);
    assert.equal(headers["docker-content-digest"], beacon.root);
    assert.notEqual(sha256(body), beacon.root);
  },
  bom: async (at) => {
    const { body, headers } = await at.root();
    assert.equal(body.subarray(0, 3).toString("hex"), "efbbbf");
    assert.equal(headers["docker-content-digest"], sha256(body));
    assert.notEqual(sha256(Buffer.from(new TextDecoder().decode(body))), sha256(body));
  },
  "bom-added": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["docker-content-digest"], sha256(body.subarray(3)));
  },
  "invalid-utf8": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["docker-content-digest"], sha256(body));
    assert.equal(JSON.parse(body).annotations?.a, "\ufffd");
    assert.throws(() => new TextDecoder("utf-8", { fatal: true }).decode(body));
  },
  "other-type": async (at) => {
    const { body, headers } = await at.root();
    assert.deepEqual([headers["content-type"], JSON.parse(body).mediaType], [DOCKER_LIST, INDEX]);
  },
  "type-parameters": async (at) => {
    assert.equal((await at.root()).headers["content-type"], `${INDEX.toUpperCase()}; charset=utf-8`);
  },
  "no-type": async (at) => assert.equal((await at.root()).headers["content-type"], undefined),
  "missing-child": async (at) => {
    status(404)(await at.get(`manifests/${manifest}`));
    status(200)(await at.get(`manifests/${part("manifest", "amd64").digest}`));
  },
  "missing-config": async (at) => {
    status(404)(await at.get(`blobs/${config}`));
    status(200)(await at.get(`manifests/${manifest}`));
  },
  "foreign-layers": async (at) => {
    const [{ digest }] = JSON.parse((await at.root()).body).manifests;
    const { layers } = JSON.parse((await at.get(`manifests/${digest}`)).body);
    assert.ok(layers.every(({ urls }) => urls?.includes(`http://${at.faulty.elsewhere}/layer`)));
    assert.ok(layers.every(({ urls }) => urls?.includes("http://169.254.169.254/latest/meta-data/")));
  },
  "moving-tag": async (at) => {
    const [first, second] = [await at.root(), await at.root()];
    assert.ok(isGood(first) && isGood(second));
    assert.notEqual(sha256(first.body), sha256(second.body));
  },
  "by-accept": async (at) => {
    const [full, short] = [await at.root(), await at.root({ headers: { accept: INDEX } })];
    assert.ok(isGood(full) && isGood(short));
    assert.notEqual(sha256(full.body), sha256(short.body));
  },
  "pinned-elsewhere": async (at) => {
    assert.match(at.faulty.reference(at.name), new RegExp(`:1\\.0@${beacon.root}$`));
    assert.notEqual(sha256((await at.get("manifests/1.0")).body), beacon.root);
    assert.equal(sha256((await at.get(`manifests/${beacon.root}`)).body), beacon.root);
  },
  "other-repository": async (at) => {
    const answer = await at.get("manifests/1.0?ns=docker.io");
    assert.ok(isGood(answer));
    assert.notEqual(sha256(answer.body), beacon.root);
  },
  "too-large": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(Number(headers["content-length"]), body.length);
    assert.ok(body.length > 4 << 20);
    assert.equal(headers["docker-content-digest"], sha256(body));
  },
  "too-large-chunked": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["content-length"], undefined);
    assert.ok(body.length > 4 << 20);
  },
  gzip: async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(sha256(gunzipSync(body)), beacon.root);
  },
  "gzip-config": async (at) => {
    const { body, headers } = await at.get(`blobs/${config}`);
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(sha256(gunzipSync(body)), config);
  },
  "gzip-lie": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(sha256(body), beacon.root);
  },
  "gzip-bomb": async (at) => {
    const { body, headers } = await at.root();
    assert.equal(headers["content-encoding"], "gzip");
    assert.ok(body.length < 1 << 20);
    assert.equal(gunzipSync(body).length, 64 << 20);
  },
  "login-page": async (at) => {
    isPage(await at.root());
    assert.match((await at.root()).headers["content-type"], /^text\/html/);
  },
  "login-page-typed": async (at) => {
    isPage(await at.root());
    assert.equal((await at.root()).headers["content-type"], INDEX);
  },
};
