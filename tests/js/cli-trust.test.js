// Metadata of Docker Content Trust as files, folders and archives: what of them is read, and refused.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { metadataIn } from "../../dist/pkg/files/metadata.js";
import { Session, answer, recognise } from "../../dist/pkg/node.js";
import { member, tarOf, zipOf } from "../builders/archives.mjs";
import { notaryRepository } from "../builders/notary.mjs";
import { call, document, folder } from "../support/cli.mjs";

const name = "docker.io/nicolas/webdis";
const image = `${name}:1.0`;
const manifest = document("mirror-relisted-amd64-manifest").bytes;
const { pin, files } = notaryRepository(name, "1.0", manifest);
const flat = (text) => text.replace(/\s+/g, " ");
const under = (before, all = files) => Object.fromEntries(Object.entries(all).map(([name, bytes]) => [`${before}${name}`, bytes]));
// Deeper than the 100 characters that a header of tar has for a name.
const deep = `home/somebody/.docker/trust/tuf/${"a-registry-with-a-long-name.example/".repeat(2)}nicolas/webdis/metadata/`;

/** Writes files by name into a folder. */
function write(at, all) {
  for (const [name, bytes] of Object.entries(all)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), bytes);
  }
  return at;
}

async function published(t, data, { of = image, key = pin, more = [] } = {}) {
  const cwd = folder(t, { "manifest.json": manifest });
  const named = data.flatMap((given, n) => {
    const path = join(cwd, `data-${n}`);
    if (given instanceof Uint8Array) writeFileSync(path, given);
    else write(path, given);
    return ["--trust-data", path];
  });
  return call(["published", of, "--key", key, "--offline", "--paste", join(cwd, "manifest.json"), ...named, "--verbose", ...more]);
}

const ways = {
  "a folder": files,
  "docker's folder of all repositories": { ...under("tuf/docker.io/nicolas/webdis/metadata/"), "private/root.key": Buffer.from("secret") },
  "a tar": tarOf(under("./metadata/")),
  "a tar with long names": tarOf(under(deep)),
  "a tar with GNU's long names": tarOf(under(deep), { long: "gnu" }),
  "a tar with pax's long names": tarOf(under(deep), { long: "pax" }),
  "a tar.gz": gzipSync(tarOf(under("metadata/"))),
  "a tar.gz that was compressed again on its way": gzipSync(gzipSync(tarOf(under("metadata/")))),
  "a zip": zipOf(under("webdis/metadata/")),
  "a zip that stores": zipOf(files, { stored: true }),
  "an archive with names that lead out of it": tarOf(under("../../../etc/")),
};
for (const [way, data] of Object.entries(ways)) {
  test(`--trust-data: ${way} proves the tag`, async (t) => {
    const { code, stdout, stderr } = await published(t, [data]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(flat(stdout), /docker\.io\/nicolas\/webdis, as the certificate of the root names it/);
    assert.match(stderr, /metadata read from .*root\.json, snapshot\.json|metadata read from .*root\.json/);
    assert.doesNotMatch(stdout + stderr, /secret/);
  });
}

test("nothing is proven before a certificate holds, by a repository's key alone, or by one private key for two", async (t) => {
  for (const [day, code] of [["2019-12-31T23:59:59Z", 3], ["2020-01-01", 0], ["2035-12-31", 0], ["2036-01-01", 3]]) {
    const { code: found, stdout } = await published(t, [files], { more: ["--at", day] });
    assert.equal(found, code, `${day} ${stdout}`);
  }
  const before = await published(t, [files], { more: ["--at", "2019-12-31"] });
  assert.match(flat(before.stdout), /at 2019-12-31 00:00 UTC the signature was not valid yet \(the root's certificate, valid from 2020-01-01 00:00 UTC\)/);
  const own = notaryRepository(name, "1.0", manifest, { released: false });
  assert.equal((await published(t, [own.files], { key: own.pin })).code, 0);
  const alone = await published(t, [own.files], { key: own.own });
  assert.equal(alone.code, 3, alone.stdout);
  assert.match(flat(alone.stdout), /for which repository that key signs only a root says/);
  const twice = notaryRepository(name, "1.0", manifest, { released: false, twice: true });
  const half = await published(t, [twice.files], { key: twice.pin });
  assert.equal(half.code, 3, half.stdout);
  assert.match(flat(half.stdout), /targets: expected 2 valid signatures, found 1/);
});

test("--trust-data: single files, printed anew, in any order, and those of two repositories", async (t) => {
  const pretty = Object.values(files).map((bytes) => Buffer.from(`${JSON.stringify(JSON.parse(bytes), null, 2)}\n`));
  const one = await published(t, pretty.reverse());
  assert.equal(one.code, 0, one.stdout);
  assert.match(flat(one.stdout), /exact bytes recovered/);
  const other = notaryRepository("docker.io/nicolas/other", "1.0", Buffer.from("{}"));
  const both = { ...under("tuf/docker.io/nicolas/webdis/metadata/"), ...under("tuf/docker.io/nicolas/other/metadata/", other.files) };
  const two = await published(t, [tarOf(both)]);
  assert.equal(two.code, 0, two.stdout);
  assert.match(flat(two.stdout), /this metadata is for docker\.io\/nicolas\/other, not docker\.io\/nicolas\/webdis/);
});

test("what one file of metadata is, and what all are, in answer, Session and `what`", async (t) => {
  for (const [file, bytes] of Object.entries(files)) {
    assert.equal(recognise(bytes)[0].tool, `Notary v1 ${file.replace(/[/.].*/, "")} metadata`);
  }
  const question = { ask: "published", image, by: { keys: [pin] } };
  const text = (bytes) => JSON.stringify(JSON.parse(bytes), null, 4);
  const pasted = [manifest, ...Object.values(files).map(text)];
  const report = await answer(question, { pasted, fetch: () => Promise.reject(new TypeError("no network")) });
  assert.equal(report.verdict, "proven", JSON.stringify(report.claims, null, 1));
  const session = new Session(question);
  t.after(() => session.free());
  for (const piece of pasted) session.paste(piece);
  assert.equal(session.report(new Date("2026-11-25T12:00:00Z")).verdict, "proven");
  const cwd = folder(t, { "root.json": files["root.json"], "targets.json": files["targets.json"] });
  const { stdout } = await call(["what", join(cwd, "root.json"), "--paste", join(cwd, "targets.json"), "--verbose"]);
  assert.match(flat(stdout), /2 files of Notary v1 metadata of docker\.io\/nicolas\/webdis/);
  writeFileSync(join(cwd, "trust.zip"), zipOf(files));
  const of = await call(["what", image, "--offline", "--trust-data", join(cwd, "trust.zip"), "--verbose"]);
  assert.match(flat(of.stdout), /5 files of Notary v1 metadata of docker\.io\/nicolas\/webdis/);
});

test("a receipt of an answer by single files is answered again, the same", async (t) => {
  const all = Object.values(files).map((bytes) => Buffer.from(JSON.stringify(JSON.parse(bytes), null, 2)));
  const receipt = join(folder(t), "receipt.json");
  assert.equal((await published(t, all, { more: ["--receipt", receipt] })).code, 0);
  const again = await call(["check", receipt]);
  assert.equal(again.code, 0, again.stdout);
});

for (const [what, data, code, says] of [
  ["a zip that is cut off", zipOf(files).subarray(0, 400), "archive", /has no directory at its end, so it may be cut off/],
  ["a tar that is cut off", tarOf(files).subarray(0, 1500), "archive", /root\.json is cut off: \d+ of \d+ bytes are missing/],
  ["a zip with a password", zipOf(files, { spoil: (entry) => ({ ...entry, flags: 1 }) }), "archive", /root\.json is encrypted/],
  ["a zip with another method", zipOf(files, { spoil: (entry) => ({ ...entry, method: 12 }) }), "archive", /root\.json is compressed by method 12/],
  ["a zip that says less than is in it", zipOf(files, { spoil: (entry) => ({ ...entry, size: 10 }) }), "archive", /root\.json has more bytes and not the 10 that the directory says/],
  ["a zip that says more than is in it", zipOf(files, { spoil: (entry) => ({ ...entry, size: entry.size + 1 }) }), "archive", /root\.json has \d+ bytes and not the \d+ that the directory says/],
  ["a zip of too much", zipOf(files, { spoil: (entry) => ({ ...entry, size: 2 ** 27 }) }), "archive", /has over 67108864 bytes of metadata/],
  ["gzip of too much", gzipSync(Buffer.concat([...member("root.json", Buffer.alloc(0)), ...member("a.json", Buffer.alloc(65 * 2 ** 20))])), "archive", /has over 67108864 bytes of metadata/],
  ["gzip in gzip in gzip", gzipSync(gzipSync(gzipSync(tarOf(files)))), "archive", /is compressed more than 2 times/],
  ["gzip that unpacks to more gzip, a thousand times", Array.from({ length: 1000 }).reduce((inner) => gzipSync(inner), tarOf(files)), "archive", /is compressed more than 2 times/],
  ["gzip that unpacks to hundreds of times its size", gzipSync(Buffer.concat([...member("a", Buffer.alloc(300 * 2 ** 20)), ...member("a.json", Buffer.alloc(1))])), "archive", /unpacks to over 100 times its size/],
  ["a zip in gzip, too large together", gzipSync(zipOf({ "a.json": Buffer.alloc(20 * 2 ** 20), "b.json": randomBytes(50 * 2 ** 20) }, { stored: true })), "archive", /is a zip archive that is read whole here/],
  ["a name without end", tarOf({ [`${"a/".repeat(600)}root.json`]: Buffer.from("{}") }, { long: "gnu" }), "archive", /a name of 1209 characters, over 1024/],
  ["gzip that is spoilt", Buffer.concat([gzipSync(tarOf(files)).subarray(0, 200), Buffer.alloc(50)]), "archive", /cannot be decompressed behind \d+ bytes/],
  ["an archive without metadata", tarOf({ "README.md": Buffer.from("# no") }), "trust-data", / has no files of metadata \(\*\.json\)/],
  ["a folder without metadata", { "README.md": Buffer.from("# no") }, "trust-data", / has no files of metadata \(\*\.json\)/],
]) {
  test(`--trust-data: ${what} is refused, and says why`, async (t) => {
    const refused = (error) => error.code === code && says.test(error.message) && /data-0(?: has no files of metadata \(\*\.json\))?$/.test(error.message);
    await assert.rejects(published(t, [data]), refused);
  });
}

test("files of one folder with metadata are together", () => {
  const bytes = Buffer.from("{}");
  const names = ["a/root.json", "a/targets/x.json", "b/snapshot.json", "other.json", "c/more.json"];
  const { saved, others } = metadataIn(names.map((name) => ({ name, bytes })));
  assert.deepEqual(saved.map(({ name, roles }) => [name, roles]), [["a/", ["root.json", "targets/x.json"]], ["b/", ["snapshot.json"]]]);
  assert.deepEqual(others.map(({ name }) => name), ["other.json", "c/more.json"]);
});
