// The page without a network: kept whole or not at all, and given up when told to; and
// the files that it says it is made of.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { open } from "../support/browser.mjs";
import { findings } from "./axe.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { fetchMissing, give, image, giveFiles, noGateway, word } from "./page.mjs";

const ready = (page) => page.waitForFunction(() => !document.getElementById("box").matches(":disabled") && true);
const says = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);
const cached = (page) => page.evaluate(async () => {
  const names = await caches.keys();
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return { names, urls: requests.flat().map(({ url }) => url) };
});

/** A copy of the site under a path, opened. */
async function openCopy(t, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-offline-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const site = join(folder, "some", "project");
  cpSync(join(root, "dist", "site"), site, { recursive: true });
  const opened = await open(t, folder, "some/project/", { bypassCSP: true, ...options });
  opened.page.setDefaultTimeout(20_000);
  await ready(opened.page);
  return { ...opened, site };
}

async function keep(page) {
  await page.click("#page-check > summary");
  await page.click('#page-check button:text-is("Keep for use offline")');
  await says(page, "The page is kept for use offline");
}

test("W15: on this machine nothing is kept unless asked; then the page works without a network, under a path too", async (t) => {
  const registry = await fakeRegistry(t, { "demo/a:1": "mirror-relisted" });
  const { page, address } = await openCopy(t, { allow: [registry.origin], expected: [...noGateway, /^request failed: /, /ERR_INTERNET_DISCONNECTED/] });
  assert.deepEqual((await cached(page)).names, []);
  await keep(page);
  await page.reload();
  await ready(page);
  await give(page, `${registry.host}/demo/a:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  const { names, urls } = await cached(page);
  assert.equal(names.length, 1);
  const listed = Object.keys(JSON.parse(readFileSync(join(root, "dist", "site", "files.json"), "utf8")).files);
  assert.deepEqual(urls.sort(), [...listed, "files.json"].map((file) => `${address}some/project/${file}`).sort());
  await page.context().setOffline(true);
  await page.reload();
  await ready(page);
  await giveFiles(page, image("mirror-relisted", ["index", "amd64-manifest"]));
  assert.match(await word(page), /^(Open|Proven)$/);
});

test("W07: other bytes than listed are not kept, a newer version replaces the old, an empty list ends it", async (t) => {
  // To load the page again cuts off what it is still loading of its own.
  const cut = /^request failed: \S+\/build-\w+\/\S+\.(?:js|wasm): net::ERR_ABORTED$/;
  const { page, site } = await openCopy(t, { expected: [/status 404/, /404/, cut] });
  const list = join(site, "files.json");
  const good = readFileSync(list, "utf8");
  const file = join(site, Object.keys(JSON.parse(good).files).find((name) => name.endsWith("/style.css")));
  const style = readFileSync(file, "utf8");
  writeFileSync(file, `${style}/* other */`);
  await page.click("#page-check > summary");
  await page.click('#page-check button:text-is("Hash what was served")');
  await says(page, "1 of ");
  assert.match(await page.innerText("#page-check .result"), /style\.css: differs: listed/);
  await page.click('#page-check button:text-is("Keep for use offline")');
  await says(page, "Not done: ");
  assert.deepEqual((await cached(page)).names, []);
  writeFileSync(file, style);
  await page.reload();
  await ready(page);
  await keep(page);
  const before = (await cached(page)).names;
  writeFileSync(list, good.replace('"version": "0.1.0"', '"version": "0.1.1"'));
  await page.reload();
  await ready(page);
  await says(page, "A newer version of this page was kept");
  await page.reload();
  await ready(page);
  const after = (await cached(page)).names;
  assert.equal(after.length, 1);
  assert.notDeepEqual(after, before);
  writeFileSync(list, JSON.stringify({ pullproof: "files", version: "0.1.2", files: {} }));
  await page.reload();
  await page.waitForFunction(async () => (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0);
});

/** The site at a name that is not this machine's own, which browsers trust all the same. */
async function openElsewhere(t) {
  const site = join(root, "dist", "site");
  const types = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm" };
  const server = createServer((request, response) => {
    const file = join(site, request.url.endsWith("/") ? `${request.url}index.html` : request.url);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    return response.end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => (server.closeAllConnections(), server.close()));
  const { port } = server.address();
  const elsewhere = `http://pullproof.localhost:${port}/`;
  const opened = await open(t, site, "", { bypassCSP: true, allow: [elsewhere.slice(0, -1)], expected: [/^request failed: /, /ERR_INTERNET_DISCONNECTED/] });
  opened.page.setDefaultTimeout(20_000);
  await opened.page.waitForLoadState("networkidle");
  await opened.page.goto(elsewhere);
  await ready(opened.page);
  return opened.page;
}

test("W15: after one visit to a site everything but fetching works without a network, until it is switched off", async (t) => {
  const page = await openElsewhere(t);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.context().setOffline(true);
  await page.reload();
  await ready(page);
  await giveFiles(page, image("mirror-relisted", ["index", "amd64-manifest"]));
  assert.match(await word(page), /^(Open|Proven)$/);
  await page.context().setOffline(false);
  await page.click("#page-check > summary");
  await page.click('#page-check button:text-is("Forget the offline copy")');
  await says(page, "The offline copy was deleted, and none is kept until you ask for it");
  await page.reload();
  await ready(page);
  await page.waitForLoadState("networkidle");
  assert.deepEqual((await cached(page)).names, []);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test("the files are listed with their digests, and the offline copy is switched off by a button", async (t) => {
  const { page } = await openCopy(t);
  await keep(page);
  await page.click('#page-check button:text-is("Hash what was served")');
  await says(page, "files are as listed");
  assert.deepEqual(await findings(page), []);
  await page.click('#page-check button:text-is("Forget the offline copy")');
  await says(page, "The offline copy was deleted");
  assert.deepEqual((await cached(page)).names, []);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});
