// The site is the same bytes wherever it is built, lists them all, and names no address of its own.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { buildSite } from "../../scripts/site.mjs";
import { siteFiles } from "../../src/js/cli/site.js";
import { serve } from "../../src/js/serve/serve.js";

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
  const expected = Object.keys(one).filter((name) => name !== "files.json");
  assert.deepEqual(Object.keys(files).sort(), expected.sort());
  const [build] = one["index.html"].toString().match(/build-[0-9a-f]{16}/);
  for (const name of ["index.html", "sw.js", `${build}/main.js`, `${build}/pkg/pullproof_bg.wasm`, `${build}/pkg/receipt.js`]) assert.ok(files[name], name);
  for (const [name, digest] of Object.entries(files)) {
    assert.equal(digest, `sha256:${createHash("sha256").update(one[name]).digest("hex")}`, name);
  }
});

test("the page as the package serves it is the same files", async (t) => {
  const site = built(t);
  const { version } = JSON.parse(site["files.json"]);
  const files = siteFiles({ www: join(root, "www"), pkg: join(root, "dist", "pkg"), version });
  const { address, close } = await serve({ files });
  t.after(close);
  for (const [name, bytes] of Object.entries(site)) {
    assert.deepEqual(Buffer.from(await (await fetch(address + name)).arrayBuffer()), bytes, name);
  }
  assert.equal(await (await fetch(address)).text(), site["index.html"].toString());
  assert.equal((await fetch(`${address}files.json`)).headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal((await fetch(`${address}main.js`)).status, 404);
});

test("another version, or one other byte in a part, is another folder; a policy is not", (t) => {
  const pkg = join(root, "dist", "pkg");
  const copy = join(mkdtempSync(join(tmpdir(), "pullproof-site-")), "www");
  t.after(() => rmSync(join(copy, ".."), { recursive: true, force: true }));
  cpSync(join(root, "www"), copy, { recursive: true });
  const folder = (given) => siteFiles({ www: copy, pkg, version: "1.0.0", ...given }).get("index.html").toString().match(/build-[0-9a-f]{16}/)[0];
  const first = folder();
  assert.equal(folder({ policy: "{}" }), first);
  writeFileSync(join(copy, "text.js"), `${readFileSync(join(copy, "text.js"))}\n`);
  assert.notEqual(folder(), first);
  writeFileSync(join(copy, "index.html"), "<p>no page");
  assert.throws(() => folder(), { code: "file", message: /expected href="style\.css" in index\.html/ });
});

test("a publisher's words are text in its page", () => {
  const policy = JSON.stringify({ project: '</h2><script src="x.js"></script>', why: `"' & <b>\u202e` });
  const html = siteFiles({ www: join(root, "www"), pkg: join(root, "dist", "pkg"), version: "1.0.0", policy }).get("index.html").toString();
  assert.equal(html.match(/<script/g).length, 1);
  assert.match(html, /<title>Verify images of &#60;\/h2&#62;&#60;script src=&#34;x\.js&#34;&#62;/);
  assert.match(html, /<section id="policy" aria-label="Publisher"><h2>Verify images of <bdi class="quoted">&#60;\/h2&#62;.*<p><bdi class="quoted">&#34;' &#38; &#60;b&#62;\\u\{202E\}<\/bdi><\/p><p class="hint">Its policy is being read…<\/p><\/section>/);
});

test("its addresses are relative, so that it works under a path", (t) => {
  const html = built(t)["index.html"].toString();
  // The documentation is elsewhere, and opened only by a press.
  const elsewhere = '<a href="https://www.npmjs.com/package/pullproof">';
  assert.ok(html.includes(elsewhere));
  for (const [, address] of html.replace(elsewhere, "").matchAll(/\b(?:src|href)="([^"]*)"/g)) assert.match(address, /^(?:build-[0-9a-f]{16}\/)?[a-z]+\.[a-z]+$/, address);
});
