// The site is the same bytes wherever it is built, lists them all, and names no address of its own.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { buildSite } from "../../scripts/site.mjs";
import { servedList } from "../../src/js/cli/listing.js";
import { serve } from "../../src/js/serve.js";

function built(t) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-site-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const site = join(folder, "site");
  buildSite(site);
  const names = readdirSync(site, { recursive: true }).filter((name) => statSync(join(site, name)).isFile());
  return Object.fromEntries(names.map((name) => [name.split(sep).join("/"), readFileSync(join(site, name))]).sort());
}

test("two builds in two folders give the same bytes, and the list has the digest of each", (t) => {
  const [one, other] = [built(t), built(t)];
  assert.deepEqual(one, other);
  const { pullproof, files } = JSON.parse(one["files.json"]);
  assert.equal(pullproof, "files");
  const expected = Object.keys(one).filter((name) => name !== "files.json" && !name.endsWith(".d.ts"));
  assert.deepEqual(Object.keys(files).sort(), expected.sort());
  for (const name of ["index.html", "sw.js", "pkg/pullproof_bg.wasm", "pkg/receipt.js"]) assert.ok(files[name], name);
  for (const [name, digest] of Object.entries(files)) {
    assert.equal(digest, `sha256:${createHash("sha256").update(one[name]).digest("hex")}`, name);
  }
});

test("the page as the package serves it has the same list, and each file is what the list says", async (t) => {
  const list = built(t)["files.json"].toString();
  const { version } = JSON.parse(list);
  const [folder, pkg] = [join(root, "www"), join(root, "dist", "pkg")];
  assert.equal(servedList(folder, pkg, version), list);
  const { address, close } = await serve({ folder, parts: { "/pkg/": pkg }, texts: { "/files.json": list } });
  t.after(close);
  assert.equal(await (await fetch(`${address}files.json`)).text(), list);
  assert.equal((await fetch(`${address}files.json`)).headers.get("content-type"), "application/json; charset=utf-8");
  for (const [name, digest] of Object.entries(JSON.parse(list).files)) {
    const bytes = Buffer.from(await (await fetch(address + name)).arrayBuffer());
    assert.equal(`sha256:${createHash("sha256").update(bytes).digest("hex")}`, digest, name);
  }
});

test("its addresses are relative, so that it works under a path", (t) => {
  const html = built(t)["index.html"].toString();
  for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]*)"/g)) assert.match(address, /^[a-z]+\.[a-z]+$/, address);
});
