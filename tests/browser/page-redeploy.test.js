// The site is replaced by another version while a page of it is open: parts of two versions are never mixed, and
// the page says what happened, and keeps what was given.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { siteFiles, writeFiles } from "../../src/js/cli/site.js";
import { open } from "../support/browser.mjs";
import { answered, give, guide, reasons, summary, transfer, word } from "./page.mjs";

const [www, pkg] = [join(root, "www"), join(root, "dist", "pkg")];
const policy = readFileSync(join(www, "examples", "webdis-policy.json"), "utf8");
const missed = [/^status 404: \S+\/build-/, /^request failed: \S+\/build-/, /^console: Failed to load resource: .* 404/];
const replaced = /This site has been updated, and parts of the old page are no longer available/;
const ready = (page) => page.waitForFunction(() => document.getElementById("stuck").hidden && !document.getElementById("box").matches(":disabled"));
const says = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);
/** Every part of the page that was loaded, by its build. */
const builds = (page) => page.evaluate(() => [...new Set(performance.getEntriesByType("resource").map(({ name }) => name.match(/build-[0-9a-f]+/)?.[0]).filter(Boolean))]);

/** Another version of the page, all of whose parts differ. */
function another(t) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-next-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const next = { www: join(folder, "www"), pkg: join(folder, "pkg") };
  cpSync(www, next.www, { recursive: true });
  cpSync(pkg, next.pkg, { recursive: true });
  for (const inside of Object.values(next)) {
    for (const name of readdirSync(inside).filter((file) => file.endsWith(".js"))) {
      writeFileSync(join(inside, name), `${readFileSync(join(inside, name), "utf8")}\n// Another version.\n`);
    }
  }
  return siteFiles({ ...next, version: "99.0.0" });
}

/** The site opened, with a way to replace it. */
async function openSite(t, { path = "", policy: own, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-redeploy-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const site = join(folder, "some", "project");
  writeFiles(site, siteFiles({ www, pkg, version: "0.1.0", policy: own }));
  const opened = await open(t, folder, `some/project/${path}`, { bypassCSP: true, expected: missed, ...options });
  opened.page.setDefaultTimeout(20_000);
  await ready(opened.page);
  const next = another(t);
  const replace = () => {
    rmSync(site, { recursive: true });
    writeFiles(site, next);
  };
  return { ...opened, replace };
}

test("before anything was given: what is pasted stays, and the page says why it is not read", async (t) => {
  const { page, replace } = await openSite(t);
  replace();
  await transfer(page, "paste", "#box", { text: guide("01-pull-list") });
  await says(page, "This site has been updated");
  assert.equal(await page.inputValue("#box"), guide("01-pull-list"));
  assert.equal(await page.locator("#answer > *").count(), 0);
  await page.reload();
  await ready(page);
  await give(page, guide("01-pull-list"));
  assert.match(await word(page), /./);
  assert.equal((await builds(page)).length, 1);
});

test("while the worker loads: no answer is begun with the other version’s parts", async (t) => {
  const { page, replace } = await openSite(t);
  await page.route("**/worker/answers.js", async (route) => (replace(), route.continue()));
  await page.reload();
  await says(page, "This site has been updated");
  assert.equal(await page.isDisabled("#box"), true);
  assert.equal(await page.locator("#answer > *").count(), 0);
  assert.equal((await builds(page)).length, 1);
});

test("after an answer: what is there goes on, and each part that is missed is said", async (t) => {
  const { page, replace } = await openSite(t);
  await give(page, guide("06-manifest-list"));
  const before = await summary(page);
  const why = await reasons(page);
  replace();
  await page.click('#keep button:text-is("Copy as Markdown")');
  await says(page, "This site has been updated");
  assert.equal(await summary(page), before);
  await page.click("#page-check > summary");
  await says(page, "This site has been updated");
  await page.evaluate(() => (location.hash = "#ask=what&image=alpine"));
  await says(page, "This site has been updated");
  await page.setInputFiles("#files", [{ name: "a.zip", mimeType: "application/zip", buffer: Buffer.from("PK\x05\x06".padEnd(22, "\0")) }]);
  await says(page, "Not read: a.zip: This site has been updated");
  await answered(page);
  assert.equal(await summary(page), before);
  assert.equal(await reasons(page), [why, "iThe link chose the image: check that it is what you mean to ask."].filter(Boolean).join("\n"));
  // Whatever is given is read by the module that is there.
  await give(page, guide("02-trust-pretty"));
  assert.notEqual(await word(page), "Could not check");
  assert.doesNotMatch(await summary(page), replaced);
  assert.equal(await page.locator("#pieces > li").count(), 2);
  assert.equal((await builds(page)).length, 1);
});

test("the module that policies need is not taken from the other version", async (t) => {
  const { page, replace } = await openSite(t, { policy });
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.match(await page.innerText("#policy h2"), /Webdis/);
  replace();
  await give(page, "0.1.18");
  // It was loaded with the policy.
  assert.equal(await word(page), "Open");
  assert.equal((await builds(page)).length, 1);
});

test("a link that comes when the parts are gone is not followed, and that is said", async (t) => {
  const { page, replace } = await openSite(t);
  replace();
  await page.evaluate(() => (location.hash = "#policy=policy.json"));
  await says(page, "This site has been updated");
  assert.equal(await page.locator("#releases fieldset").count(), 0);
});

test("kept for use offline: an open page keeps its version until it is loaded again, and a second tab takes the newer", async (t) => {
  const { page, replace, address } = await openSite(t);
  await page.click("#page-check > summary");
  await page.click('#page-check button:text-is("Keep for use offline")');
  await says(page, "The page is kept for use offline");
  // A page that is loaded asks for the newest version itself: this one has its answer before the new one is there.
  await page.addInitScript(() => {
    window.MessageChannel = class extends MessageChannel {
      constructor() {
        super();
        this.port1.addEventListener("message", ({ data }) => (window.told = data));
      }
    };
  });
  await page.reload();
  await ready(page);
  await page.waitForFunction(() => window.told === "current");
  const [old] = await builds(page);
  replace();
  const second = await page.context().newPage();
  second.setDefaultTimeout(20_000);
  // It is first shown as it was kept, and brings what is kept up to date.
  await second.goto(`${address}some/project/`);
  await says(second, "A newer version of this page was kept");
  assert.deepEqual(await builds(second), [old]);
  await give(page, guide("06-manifest-list"));
  assert.deepEqual(await builds(page), [old]);
  await second.reload();
  await ready(second);
  await give(second, guide("06-manifest-list"));
  const [newer, ...others] = await builds(second);
  assert.deepEqual(others, []);
  assert.notEqual(newer, old);
  // Now the older is gone: what the first page still needs of it is missed, not mixed.
  await page.click('#keep button:text-is("Copy as Markdown")');
  await says(page, "This site has been updated");
  assert.deepEqual(await builds(page), [old]);
});
