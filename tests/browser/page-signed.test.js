// The signers of an image, on the page: the example with its map, and the press that makes a signer the question.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { signedRegistry } from "../builders/signed.mjs";
import { filesOf, first, rootOf, sha256 } from "../builders/tuf.mjs";
import { answered, ask, fetchMissing, give, headline, noGateway, openPage, openSite, reasons, summary, word } from "./page.mjs";

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

test("the form has a field for each way to know a signer, and asks by what is in them", async (t) => {
  const { host, asked } = await signedRegistry(t, { cors: true, place: "acme/notary" });
  const { page } = await openPage(t, { allow: [`http://${host}`], expected: [/404/] });
  await give(page, JSON.stringify(image.root));
  await page.click("#asking > summary");
  await page.check("#question [name=ask][value=published]");
  const field = (name) => page.locator(`[data-ask="published"] [name=${name}]`);
  const by = (kind) => field("by").selectOption(kind);
  const said = (text) => page.waitForFunction((text) => document.getElementById("status").textContent.includes(text), text);
  const fields = ["digests", "keys", "identity", "identityPattern", "issuer", "source", "signatures"];
  const visible = async () => (await Promise.all(fields.map((name) => field(name).isVisible()))).map((is, at) => (is ? fields[at] : "")).filter(Boolean);
  assert.deepEqual(await visible(), ["digests"]);
  await by("keys");
  assert.deepEqual(await visible(), ["keys", "source", "signatures"]);
  await by("identity");
  assert.deepEqual(await visible(), ["identity", "issuer", "source", "signatures"]);
  await field("image").fill(`${host}/acme/beacon:1`);
  await said("Enter the identity and its issuer.");
  await by("identityPattern");
  assert.deepEqual(await visible(), ["identityPattern", "issuer", "source", "signatures"]);
  await said("Enter the pattern and its issuer.");
  await field("identityPattern").fill("*");
  await field("issuer").fill(issuer);
  await said("Put * where the identity may be any text");
  await ask(page, "published", { identityPattern: identity.replace(/@.*/, "@*"), signatures: `${host}/acme/notary`, source: "github.com/acme/beacon" });
  assert.match(await page.textContent("#asked"), /Its signatures may be in \S+\/acme\/notary, too\./);
  await fetchMissing(page);
  assert.match(await word(page), /proven/i);
  assert.ok(asked.some((url) => url.startsWith("/v2/acme/notary/")));
  await ask(page, "published", { source: "github.com/acme/other" });
  assert.match(await word(page), /contradicted/i);
  await by("identity");
  await ask(page, "published", { identity, source: "" });
  assert.match(await word(page), /proven/i);
});

/** A policy whose signer keeps the signatures in another registry. */
const policyOf = (host, signatures) => ({ pullproof: "policy", version: 1, project: "Beacon", names: [`${host}/acme/beacon`], releases: [{ tag: "1" }], signers: { sigstore: [{ identity, issuer, signatures }] } });

test("a policy whose signatures are elsewhere: each registry is named before any is asked, and then asked", async (t) => {
  const own = await signedRegistry(t, { cors: true, place: "acme/elsewhere" });
  const other = await signedRegistry(t, { cors: true, place: "acme/notary" });
  const policy = policyOf(own.host, `${other.host}/acme/notary`);
  const { page } = await openSite(t, { policy: JSON.stringify(policy), allow: [own, other].map(({ host }) => `http://${host}`), expected: [...noGateway, /404/] });
  await page.evaluate(() => (document.getElementById("releases").open = true));
  assert.ok((await page.innerText("#releases")).includes(`It looks for signatures at ${other.host}, too, which will see the image’s digest and your IP address.`));
  await give(page, JSON.stringify(image.root));
  await give(page, `${own.host}/acme/beacon:1`);
  const offer = await page.locator("#answer .offer").innerText();
  assert.ok(offer.startsWith(`Fetch from ${own.host} and ${other.host}\n`), offer);
  assert.ok(offer.includes(`Contacts ${own.host} and ${other.host}, which will see the image names and your IP address. Signatures of the image are looked for at ${other.host}, too.`), offer);
  assert.deepEqual([own.asked, other.asked], [[], []]);
  await fetchMissing(page);
  assert.match(await word(page), /proven/i);
  assert.ok(other.asked.some((url) => url.startsWith("/v2/acme/notary/referrers/")), other.asked.join(" "));
  assert.ok(other.asked.every((url) => url.startsWith("/v2/acme/notary/")), other.asked.join(" "));
});

test("by a policy without digests the image is fetched first, and then a signature is missing", async (t) => {
  const { host } = await signedRegistry(t, { cors: true, bundles: [], older: false });
  const { signatures: _, ...signer } = policyOf(host).signers.sigstore[0];
  const policy = { ...policyOf(host), signers: { sigstore: [signer] } };
  const { page } = await openSite(t, { policy: JSON.stringify(policy), allow: [`http://${host}`], expected: [...noGateway, /404/] });
  await give(page, `${host}/acme/beacon:1`);
  assert.match(await page.locator("#answer .offer").first().innerText(), new RegExp(`^Fetch from ${host}`));
  assert.doesNotMatch(await page.innerText("#answer"), /rescue/);
  await fetchMissing(page);
  assert.match(await word(page), /open/i);
  assert.match(await page.innerText("#answer"), /a signature by a signer that the policy names/);
  assert.doesNotMatch(await page.innerText("#answer"), /rescue/);
});

const repository = "https://tuf-repo-cdn.sigstore.dev";

/** The page with a signature that the trusted root in it knows nothing of. */
async function unknownRoot(page) {
  await give(page, image.index);
  await give(page, JSON.stringify(JSON.parse(image.bundles[0].bundle)));
  const offer = page.locator("#answer .newer-root");
  assert.match(await offer.innerText(), /The trusted root used here does not know a log or an authority of a signature\. A newer one may\./);
  assert.match(await offer.innerText(), /Contacts tuf-repo-cdn\.sigstore\.dev, which will see your IP address/);
  return offer;
}

test("where the repository of trusted roots cannot be read it is said what to do instead", async (t) => {
  const { page } = await openPage(t, { allow: [repository], expected: [/tuf-repo-cdn/, /ERR_/] });
  const offer = await unknownRoot(page);
  await offer.locator("button", { hasText: "Get the newest trusted root" }).click();
  const said = offer.locator("[role=status]");
  await said.filter({ hasText: "Run" }).waitFor();
  assert.equal(await said.innerText(), "tuf-repo-cdn.sigstore.dev does not let this page read it, or could not be reached. Run `pullproof trusted-root --refresh -o trusted_root.json`, and give that file here.");
  // A file does as well.
  const chosen = page.waitForEvent("filechooser");
  await offer.locator("button", { hasText: "Choose a file" }).click();
  await (await chosen).setFiles([{ name: "mine.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(image.root)) }]);
  await page.locator("#answer .newer-root").waitFor({ state: "detached" });
  await answered(page);
  assert.ok((await page.locator("#answer").innerText()).includes(identity));
});

test("the newest trusted root comes from its repository, checked file by file, and is named with its origin and day", async (t) => {
  const began = rootOf(1, first, [first]);
  const files = filesOf(Buffer.from(JSON.stringify(image.root)));
  const watching = async (page) => {
    const context = page.context();
    await context.route("**/pkg/fetch/refresh.js", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace(/sha256:27aea7e3[0-9a-f]+/, `sha256:${sha256(began)}`) });
    });
    await context.route("**/fetch/tuf/tuf-repo-cdn.sigstore.dev.json", (route) => route.fulfill({ body: began, contentType: "application/json" }));
    await context.route(`${repository}/**`, (route) => {
      const body = files[new URL(route.request().url()).pathname];
      return route.fulfill({ status: body === undefined ? 404 : 200, body: body ?? "", headers: { "access-control-allow-origin": "*" } });
    });
  };
  const { page } = await openPage(t, { watching, allow: [repository], expected: [/404/] });
  const offer = await unknownRoot(page);
  await offer.locator("button", { hasText: "Get the newest trusted root" }).click();
  await page.locator("#answer .newer-root").waitFor({ state: "detached" });
  await answered(page);
  assert.ok((await page.locator("#answer .signer-list").innerText()).includes(identity));
  assert.match(await page.locator("#answer").evaluate((one) => one.textContent), /the trusted root tuf-repo-cdn\.sigstore\.dev of 20\d\d-\d\d-\d\d, sha256:[0-9a-f]{8}/);
});
