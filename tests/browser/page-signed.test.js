// The signers of an image, on the page: the example with its map, and the press that makes a signer the question.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { signedRegistry } from "../builders/signed.mjs";
import { answered, fetchMissing, give, headline, openPage, reasons, summary, word } from "./page.mjs";

const image = JSON.parse(readFileSync(new URL("../sigstore/image.json", import.meta.url), "utf8"));
const { identity, issuer } = image;

const map = (page) => page.locator("#answer .coverage tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));

/** Waits for the question that a press asks. */
async function pinned(page) {
  await page.locator("#answer .pin").first().click();
  await page.waitForFunction(() => document.querySelector("#question [name=ask][value=published]").checked);
  await answered(page);
}

test("the example has its signers, a map of what each signed, and a press that asks whether they did", async (t) => {
  const { page } = await openPage(t);
  await page.locator("#examples button", { hasText: "Who signed this image?" }).click();
  await answered(page);
  assert.deepEqual(await map(page), [
    ["Part", "A"],
    ["the index", "✓ signed (provenance and vulnerability scan)"],
    ["linux/amd64", "✓ signed"],
    ["linux/arm64", "(✓) named by the signed index"],
  ]);
  const signers = await page.locator("#answer .signer-list").innerText();
  assert.ok(signers.includes(identity) && signers.includes(issuer) && signers.includes("2026-01-02 03:04 UTC or before"), signers);
  // Who signed is no answer to who should have.
  assert.equal(await headline(page), "An image index");
  assert.equal(await page.locator("#answer h3", { hasText: "Who signed" }).count(), 1);
  await pinned(page);
  assert.match(await word(page), /proven/i);
  assert.match(await summary(page), /signed by the identity that you gave/);
  assert.match(await reasons(page), new RegExp("is signed by "));
  assert.equal(await page.inputValue('[data-ask="published"] [name=identity]'), identity);
  assert.equal(await page.locator("#answer .pin").count(), 0);
});

test("signatures beside an image are fetched, and where nothing is it is said", async (t) => {
  const { host } = await signedRegistry(t, { cors: true, bundles: [0], older: false });
  const { page } = await openPage(t, { allow: [`http://${host}`], expected: [/404/] });
  await give(page, JSON.stringify(image.root));
  await give(page, `${host}/acme/beacon:1`);
  await fetchMissing(page);
  const view = await page.locator("#answer .signers").innerText();
  assert.match(view, /Signatures are in the list of what refers to it, no signature is in the lists of what refers to its parts/);
  assert.match(view, /no signature is in the tag of cosign.s signatures/);
  assert.ok(view.includes(identity), view);
});

test("a key is given as it is, and asks nothing of what it did not sign", async (t) => {
  const { page } = await openPage(t);
  await give(page, image.index);
  await page.click("#asking > summary");
  await page.check("#question [name=ask][value=published]");
  await page.selectOption('[data-ask="published"] [name=by]', "keys");
  await page.fill('[data-ask="published"] [name=image]', "lighthouse.example/beacon:1");
  await page.fill('[data-ask="published"] [name=keys]', image.key);
  await answered(page);
  assert.match(await word(page), /open/i);
});

const { bundle } = JSON.parse(readFileSync(new URL("../sigstore/fixture.json", import.meta.url), "utf8"));
const everything = (page) => page.locator("#answer").textContent();

test("the trusted roots that come along are fetched for the first signature, and not before", async (t) => {
  const asked = [];
  const watching = (page) => page.context().on("request", (request) => asked.push(new URL(request.url()).pathname.replace(/^.*\/pkg\//, "")));
  const { page } = await openPage(t, { watching });
  await give(page, image.index);
  const roots = () => asked.filter((name) => name.startsWith("sigstore/")).sort();
  assert.deepEqual(roots(), []);
  await give(page, JSON.stringify(bundle));
  assert.match(await everything(page), /the trusted root of sigstore\.dev of 2025-09-22 does not know/);
  await give(page, JSON.stringify(image.root));
  assert.deepEqual(roots(), ["sigstore/github.json", "sigstore/public-good.json"]);
});

for (const [name, answer] of Object.entries({ "cannot be had": { status: 404 }, "has other bytes": { body: "{}" } })) {
  test(`a trusted root that ${name} is missed only by a signature`, async (t) => {
    const watching = (page) => page.route("**/pkg/sigstore/*", (route) => route.fulfill(answer));
    const { page } = await openPage(t, { watching, expected: [/404/] });
    await give(page, JSON.stringify(bundle));
    assert.match(await everything(page), /a file that comes with pullproof \(load or install it again\)/);
  });
}
