// The page with metadata of Docker Content Trust: dropped as a folder, chosen as an archive, pasted file
// by file.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { tarOf, zipOf } from "../builders/archives.mjs";
import { notaryRepository } from "../builders/notary.mjs";
import { answered, ask, document_, give, openPage, showGiven, status, summary, unfold, word } from "./page.mjs";

const image = "docker.io/nicolas/webdis:1.0";
const manifest = document_("mirror-relisted-amd64-manifest").bytes;
const { pin, files } = notaryRepository("docker.io/nicolas/webdis", "1.0", manifest);
const given = (page) => page.textContent("#pieces");

async function asked(t) {
  const opened = await openPage(t);
  await give(opened.page, manifest.toString());
  await ask(opened.page, "published", { image, by: "keys", keys: pin });
  assert.match(await word(opened.page), /open/i);
  return opened;
}

async function choose(page, files) {
  const chosen = Object.entries(files).map(([name, buffer]) => ({ name, mimeType: "application/octet-stream", buffer }));
  await page.setInputFiles("#files", chosen);
  await answered(page);
}

/** Drops what lies at these paths, folders too, as a person does. */
async function drop(page, paths) {
  const session = await page.context().newCDPSession(page);
  // Anywhere in the page.
  const at = { x: 100, y: 100 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, ...at, data });
}

test("docker's folder, dropped: its metadata together, and no private key", async (t) => {
  const { page } = await asked(t);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-trust-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const trust = join(folder, "trust");
  const all = { ...files, "../../../../private/root.key": "-----BEGIN EC PRIVATE KEY-----" };
  for (const [name, bytes] of Object.entries(all)) {
    const path = join(trust, "tuf/docker.io/nicolas/webdis/metadata", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  await drop(page, [trust]);
  await page.waitForFunction(() => document.querySelector("#answer .mark")?.textContent === "✓");
  assert.match(await summary(page), / is what was published.*, signed with a key that you gave\.$/);
  const pieces = await given(page);
  assert.match(pieces, /pullproof rescue\s+trust: tuf\/docker\.io\/nicolas\/webdis\/metadata\//);
  assert.equal(await page.locator("#pieces > li").count(), 3);
  assert.match(pieces, /1 other file was not read/);
  assert.doesNotMatch(pieces, /secret|root\.key/);
});

test("a zip, a tar and a tar.gz, and what is wrong with one", async (t) => {
  const { page } = await asked(t);
  for (const [name, bytes] of Object.entries({ "trust.zip": zipOf(files), "trust.tar": tarOf(files), "trust.tgz": gzipSync(tarOf(files)) })) {
    await choose(page, { [name]: bytes });
    assert.match(await word(page), /proven/i, name);
    assert.match(await given(page), new RegExp(`${name}: files of metadata`));
    await showGiven(page);
    await page.locator("#pieces > li button").last().click();
    await answered(page);
    assert.match(await word(page), /open/i);
  }
  await choose(page, { "cut.zip": zipOf(files).subarray(0, 300) });
  assert.match(await status(page), /Not read: cut\.zip has no directory at its end, so it may be cut off/);
  await choose(page, { "none.tar": tarOf({ "README.md": Buffer.from("# none") }) });
  assert.match(await given(page), /none\.tar is a binary file \(a tar archive\) of \d+ bytes; its digest is sha256:[0-9a-f]{64}; no document of an image was found in it/);
  const endless = Array.from({ length: 1000 }).reduce((inner) => gzipSync(inner), tarOf(files));
  await choose(page, { "endless.tgz": endless });
  assert.match(await status(page), /Not read: endless\.tgz is compressed more than 2 times, and was not read/);
  assert.match(await word(page), /open/i);
});

test("files of metadata pasted one by one, printed anew, in any order", async (t) => {
  const { page } = await asked(t);
  for (const bytes of Object.values(files).reverse()) await give(page, `$ jq . metadata.json\n${JSON.stringify(JSON.parse(bytes), null, 2)}\n`);
  assert.match(await word(page), /proven/i);
  const pieces = await given(page);
  for (const role of ["root", "snapshot", "targets", "timestamp"]) assert.match(pieces, new RegExp(`Notary v1 ${role} metadata`));
});

test("one private key for two, and a repository's key without a root's, prove nothing", async (t) => {
  const own = notaryRepository("docker.io/nicolas/webdis", "1.0", manifest, { released: false });
  const twice = notaryRepository("docker.io/nicolas/webdis", "1.0", manifest, { released: false, twice: true });
  for (const [given, keys, expected] of [[own, own.pin, /proven/i], [own, own.own, /open/i], [twice, twice.pin, /open/i]]) {
    const { page } = await openPage(t);
    await give(page, manifest.toString());
    await ask(page, "published", { image, by: "keys", keys });
    await choose(page, { "trust.zip": zipOf(given.files) });
    assert.match(await word(page), expected);
  }
});

test("a proven signature has its steps with openssl, each with what it has to print", async (t) => {
  const { page } = await asked(t);
  const tab = page.locator("#answer [role=tab]", { hasText: "openssl" });
  assert.equal(await tab.count(), 0);
  await choose(page, { "trust.zip": zipOf(files) });
  assert.match(await word(page), /proven/i);
  await unfold(page, "Check it yourself");
  await tab.click();
  const panel = page.locator("#answer [role=tabpanel]:visible");
  const steps = await panel.locator("li").evaluateAll((all) => all.map((item) => ["code", "samp"].map((name) => item.querySelector(name)?.textContent)));
  assert.deepEqual(steps.find(([command]) => command.startsWith("signed root.json")), [`signed root.json root.json root ${pin}`, `${pin}\nVerified OK\nenough: true`]);
  assert.deepEqual(steps.find(([command]) => command.startsWith("named targets/releases.json")), ["named targets/releases.json 1.0", document_("mirror-relisted-amd64-manifest").digest.slice(7)]);
  assert.match(await panel.innerText(), /Needed: jq 1\.6, OpenSSL 3, base64, xxd and sha256sum/);
  assert.match(await panel.innerText(), new RegExp(`root\\.json is signed by its own keys, of which ${pin} is the one given`));
});
