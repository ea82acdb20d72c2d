// A publisher's policy without a network: the last one that was read, said to be so, and never in place of
// what the network answers.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { main } from "../../dist/pkg/cli/main.js";
import { root } from "../../scripts/command.mjs";
import { open } from "../support/browser.mjs";
import { sink } from "../support/cli.mjs";
import { give, guide, part, status, word } from "./page.mjs";

const example = readFileSync(join(root, "www", "examples", "webdis-policy.json"), "utf8");
const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const says = (page, text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);
const shown = (page) => page.waitForFunction(() => document.querySelector("#releases fieldset:enabled, #policy > .notice:only-child") !== null);
const cached = (page) => page.evaluate(async () => {
  const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().map(({ url }) => new URL(url).pathname);
});

/** The page with a policy, under a path, opened; and its policy's file. */
async function openKept(t, { keep = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-kept-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "given.json");
  writeFileSync(file, example);
  const site = join(folder, "site", "some", "project");
  assert.equal(await main(["page", site, "--policy", file], { stdout: sink(), stderr: sink(), environment: {} }), 0);
  const expected = [/^request failed: /, /ERR_INTERNET_DISCONNECTED/, /^status 50?[34]/, /^status 404/, /Failed to load resource/];
  const opened = await open(t, join(folder, "site"), "some/project/", { expected });
  opened.page.setDefaultTimeout(20_000);
  await shown(opened.page);
  if (keep) await keepPage(opened.page);
  return { ...opened, policy: join(site, "policy.json") };
}

async function keepPage(page) {
  if (!(await page.locator("#page-check").evaluate(({ open }) => open))) await page.click("#page-check > summary");
  await page.click('#page-check button:text-is("Keep for use offline")');
  await says(page, "The page is kept for use offline");
}

async function reloadOffline(page) {
  await page.context().setOffline(true);
  await page.reload();
  await shown(page);
}

async function askList(page) {
  await give(page, `nicolas/webdis:0.1.19@${list}`);
}

test("without a network the policy that was read last is asked by, and the page and the answer say so", async (t) => {
  const { page } = await openKept(t);
  const before = new Date();
  await reloadOffline(page);
  const notice = await page.innerText("#policy .notice");
  assert.match(notice, /policy\.json could not be had now\. This is the one that was read there on \d{4}-\d\d-\d\d \d\d:\d\d UTC, and kept with this page\. A newer one may exist/);
  assert.equal(await page.locator("#answer > *").count(), 0);
  assert.match(await status(page), /^Without a network: the policy of Webdis as it was read on /);
  await askList(page);
  await give(page, guide("06-manifest-list"));
  assert.equal(await word(page), "Proven");
  const rests = await part(page, "Rests on");
  assert.match(rests, /there is no network, so this is a saved copy of the policy at http:\S+\/some\/project\/policy\.json, and there may be a newer one; its digest is/);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click('#keep button:text-is("Save receipt")')]);
  const receipt = JSON.parse(readFileSync(await file.path(), "utf8"));
  const { note, from } = receipt.evidence.find((one) => one.note?.code === "policy-source");
  assert.match(note.text, /a saved copy of the policy at http:\S+, and there may be a newer one/);
  assert.ok(new Date(from.at) < before, "its time is when it was fetched, not now");
});

test("with a network the newest is asked by, and what is asked already is asked anew by it", async (t) => {
  const { page, policy } = await openKept(t);
  await reloadOffline(page);
  await askList(page);
  await give(page, guide("06-manifest-list"));
  await page.context().setOffline(false);
  writeFileSync(policy, example.replace('"Webdis"', '"Webdis, the newer"'));
  await page.click('#policy button:text-is("Look for the newest")');
  await page.waitForFunction(() => document.querySelector("#policy h2").textContent.includes("the newer"));
  await page.waitForFunction(() => /Webdis, the newer/.test(document.getElementById("answer").textContent));
  assert.match(await part(page, "Rests on"), /the policy was fetched from/);
  assert.doesNotMatch(await part(page, "Rests on"), /was kept/);
  await reloadOffline(page);
  assert.match(await page.innerText("#policy h2"), /the newer/);
});

test("what the network answers is never passed over for a policy that was kept", async (t) => {
  const { page, policy } = await openKept(t);
  for (const [text, why] of [["<p>Log in to this network", /cannot be used: expected/], [example.replace('"signers"', '"signer"'), /cannot be used: .*signer/]]) {
    writeFileSync(policy, text);
    await page.reload();
    await page.waitForSelector("#policy .notice");
    assert.match(await page.innerText("#policy"), why);
    assert.equal(await page.locator("#releases:not([hidden]), #question option[value=policy]").count(), 0);
  }
  await page.context().route("**/policy.json", (route) => route.fulfill({ status: 503, body: "later" }));
  await page.reload();
  await page.waitForSelector("#policy .notice");
  assert.match(await page.innerText("#policy"), /cannot be used: expected a policy, found status 503/);
  await page.context().unroute("**/policy.json");
  await reloadOffline(page);
  assert.match(await page.innerText("#policy .notice"), /was read there on/);
});

test("a policy that was withdrawn while the page is open is asked by no longer, now or without a network", async (t) => {
  const { page, policy } = await openKept(t);
  await reloadOffline(page);
  await askList(page);
  await page.context().setOffline(false);
  rmSync(policy);
  await page.click('#policy button:text-is("Look for the newest")');
  await page.waitForFunction(() => document.querySelector("#policy").textContent.includes("found status 404"));
  // Nothing is left to ask about: no answer takes the place of the last one.
  await page.waitForFunction(() => {
    const answer = document.getElementById("answer");
    return answer.children.length === 0 && !answer.hasAttribute("aria-busy");
  });
  assert.equal(await page.locator("#question option[value=policy]").count(), 0);
  assert.doesNotMatch(await page.innerText("#answer"), /policy of/);
  await reloadOffline(page);
  assert.match(await page.innerText("#policy"), /cannot be used: expected a policy, found no answer/);
});

test("it is kept only where the page is, and goes with it", async (t) => {
  const { page } = await openKept(t, { keep: false });
  assert.deepEqual(await cached(page), []);
  await keepPage(page);
  assert.ok((await cached(page)).includes("/some/project/policy.json"));
  await page.click('#page-check button:text-is("Forget the offline copy")');
  await says(page, "The offline copy was deleted");
  assert.deepEqual(await cached(page), []);
  await page.reload();
  await shown(page);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(await cached(page), []);
  await keepPage(page);
  assert.ok((await cached(page)).includes("/some/project/policy.json"));
});
