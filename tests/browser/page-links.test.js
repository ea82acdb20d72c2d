// A link decides nothing: what an address's fragment carries is asked about first, and named wherever the answer
// rests on it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { answered, document_, give, giveFiles, openPage, openSite, part, reasons, summary, word } from "./page.mjs";

const example = readFileSync(join(root, "www", "examples", "webdis-policy.json"), "utf8");
const single = document_("buildx-single-amd64-manifest");
// The platform of a single manifest is in its configuration.
const config = document_("buildx-single-amd64-config");
const named = `r.example/lighthouse/beacon@${single.digest}`;
const beacon = (project = "Beacon") =>
  JSON.stringify({ pullproof: "policy", version: 1, project, names: ["r.example/lighthouse/beacon"], releases: [{ tag: "1.0", digests: [single.digest] }] });

/** The page with its own policy, or without one, and what it asks the server for. */
async function opened(t, path, { own = true, files = { "theirs.json": beacon() }, watching: also, ...options } = {}) {
  const asked = [];
  const watching = async (page) => {
    page.on("request", (request) => asked.push(request.url()));
    await also?.(page);
  };
  const open = own ? openSite(t, { path, files, policy: example, watching, ...options }) : openPage(t, { watching, ...options });
  return { asked, ...(await open) };
}

const fetchLinked = async (page, project) => {
  await page.click('#policy button:text-matches("^Fetch the policy from")');
  await page.waitForFunction((project) => document.querySelector("#policy h2")?.textContent.includes(project) && document.querySelector("#releases fieldset:enabled"), project);
};

/** Asks about the image by the policy that is shown, and gives the manifest. */
async function askByPolicy(page) {
  await give(page, named);
  await giveFiles(page, single.file);
}

test("a policy that a link names on this very server is asked about first, and never the page's own", async (t) => {
  const read = [];
  const { page, address, asked } = await opened(t, "#policy=theirs.json%3Fbranch%3Dfork", {
    watching: (page) => page.route("**/theirs.json*", (route) => (read.push(route.request().url()), route.continue())),
  });
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  await page.waitForLoadState("networkidle");
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
  assert.match(await page.innerText("#policy .notice"), /The link to this page names a policy at \S+theirs\.json\?branch=fork, which is not the policy of this page/);
  assert.deepEqual([read, asked.filter((url) => url.includes("theirs"))], [[], []]);
  await fetchLinked(page, "Beacon");
  assert.deepEqual(read, [`${address}theirs.json?branch=fork`]);
  assert.match(await page.innerText("#policy"), /“Published” here means what the policy at \S+, which the link to this page named, says\. Every answer depends on it\./);
});

test("an answer by a policy from a link names the link and the whole address in verdict, premise and receipt", async (t) => {
  const { page, address } = await opened(t, "#policy=theirs.json%3Fbranch%3Dfork");
  await fetchLinked(page, "Beacon");
  await askByPolicy(page);
  assert.equal(await word(page), "Proven");
  assert.match(await summary(page), /by the policy of Beacon, from the link/);
  assert.match(await reasons(page), /The link chose the policy/);
  assert.ok((await reasons(page)).includes(`${address}theirs.json?branch=fork`), await reasons(page));
  assert.match(await page.innerText("#answer > .notice"), /came from the link to this page, not from you: policy that the author is known by \(\S+theirs\.json\?branch=fork\)/);
  const rests = await part(page, "Rests on");
  assert.match(rests, /fetched from \S+theirs\.json\?branch=fork; its digest is/);
  assert.match(rests, /the policy of Beacon, from the link/);
  assert.doesNotMatch(rests, /the policy of Beacon, as given/);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click('#keep button:text-is("Save receipt")')]);
  const receipt = JSON.parse(readFileSync(await file.path(), "utf8"));
  assert.deepEqual(receipt.question.linked, ["by"]);
  assert.equal(receipt.evidence.find(({ note }) => note?.code === "policy-source").from.url, `${address}theirs.json?branch=fork`);
  // What the page itself names is not said to be from the link.
  await page.click('#policy button:text-is("Go by the policy of this page")');
  await page.waitForFunction(() => document.querySelector("#policy h2")?.textContent === "Verify images of Webdis");
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.doesNotMatch(await page.innerText("#answer"), /Beacon/);
  await give(page, "0.1.18");
  assert.doesNotMatch(await page.innerText("#answer"), /from the link/i);
});

test("with the link goes its policy, whatever the fragment becomes while the page is open", async (t) => {
  const { page } = await opened(t, "#policy=theirs.json");
  await fetchLinked(page, "Beacon");
  await askByPolicy(page);
  assert.equal(await word(page), "Proven");
  await page.evaluate(() => (location.hash = ""));
  await page.waitForFunction(() => document.querySelector("#policy h2")?.textContent === "Verify images of Webdis");
  await page.waitForFunction(() => !document.getElementById("answer").textContent.includes("Beacon"));
  assert.equal(await page.locator("#policy .notice").count(), 0);
  // The page's own address in a link is the page's own.
  await page.evaluate(() => (location.hash = "policy=policy.json"));
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.equal(await page.locator("#policy .notice").count(), 0);
  // One that is asked for while the fragment changes comes to nothing.
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route("**/theirs.json", (route) => held.then(() => route.continue()));
  await page.evaluate(() => (location.hash = "policy=theirs.json"));
  await page.click('#policy button:text-matches("^Fetch the policy from")');
  await page.evaluate(() => (location.hash = ""));
  await page.waitForFunction(() => document.querySelector("#policy .notice") === null);
  const [response] = await Promise.all([page.waitForResponse(/theirs\.json/), go()]);
  await response.finished();
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
});

test("an address with a user or a password in it is refused and not shown, here and elsewhere", async (t) => {
  const { page, address } = await opened(t, "#policy=theirs.json");
  for (const url of [address.replace("//", "//me:hunter2@").concat("theirs.json"), "https://me:hunter2@policies.example/p.json", "https://me:hunter2@policies.example:99999/"]) {
    await page.evaluate((url) => (location.hash = `policy=${encodeURIComponent(url)}`), url);
    await page.waitForFunction(() => /The link’s policy cannot be used: expected an (?:https )?address/.test(document.getElementById("policy").textContent));
    assert.doesNotMatch(await page.innerText("body"), /hunter2/);
    await page.evaluate(() => (location.hash = ""));
    await page.waitForFunction(() => document.querySelector("#policy .notice") === null);
  }
});

test("a digest from a link is said to be from the link, in verdict and premise, and never the author's", async (t) => {
  const { page } = await openPage(t);
  await page.evaluate((hash) => (location.hash = hash), `ask=published&image=${named}&digests=${single.digest}`);
  await page.waitForSelector("#linked button");
  await giveFiles(page, { ...single.file, ...config.file });
  assert.equal(await word(page), "Proven");
  assert.match(await summary(page), /by a digest from the link/);
  assert.match(await reasons(page), /The link chose the digest, the image: check/);
  const rests = await part(page, "Rests on");
  assert.match(rests, /a digest, from the link/);
  assert.match(rests, /the reference r\.example\S+, from the link/);
  assert.doesNotMatch(await page.innerText("#answer"), /the author published/);
  // It stays the link's when the link is gone from the address, and until somebody changes it.
  await page.evaluate(() => (location.hash = ""));
  await page.waitForFunction(() => location.hash === "");
  await page.click("#asking > summary");
  await page.fill("[data-ask=published] [name=platform]", "linux/amd64");
  await answered(page);
  assert.match(await summary(page), /by a digest from the link/);
  await page.fill("[data-ask=published] [name=digests]", "");
  await page.fill("[data-ask=published] [name=digests]", single.digest);
  await answered(page);
  assert.match(await summary(page), /by a digest that you gave/);
  assert.match(await reasons(page), /The link chose the image: check/);
});

test("how far, for which platform and of which images: all that a link chose is named, and nothing is asked before a press", async (t) => {
  const { page, address, asked } = await opened(t, "", { own: false });
  await page.evaluate(() => (location.hash = "ask=same&left=r.example/a:1&right=r.example/b:1&level=rootfs&platform=linux/amd64"));
  await page.waitForSelector("#linked button");
  await page.evaluate(() => (location.hash = "gateway=https://evil.example/&plainHttp=r.example&policy=https://evil.example/p.json&pasted=x"));
  await page.waitForSelector("#policy button");
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked.filter((url) => (url !== address && !/\.(?:js|css|wasm|svg|webmanifest|json)$/.test(url)) || url.includes("evil")), []);
  assert.equal(await page.locator("#answer > *").count(), 0);
  await giveFiles(page, single.file);
  assert.match(await reasons(page), /The link chose the image to compare with, how far the same, the platform, the image in question: check/);
});
