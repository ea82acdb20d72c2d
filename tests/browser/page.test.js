// A person uses the page: gives evidence, in any order and by any way, and reads.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { tarOf } from "../builders/archives.mjs";
import { answered, ask, document_, give, giveFiles, guide, headline, image, openPage, part, showGiven, status, summary, transfer, unfold, word } from "./page.mjs";

const LIST = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const ALL = ["01-pull-list", "02-trust-pretty", "03-pull-hub", "04-pull-ecr", "05-image-id", "06-manifest-list", "07-manifest-shortened", "08-image-shortened", "09-trust-sed", "10-shasum", "12-grep-digest", "13-grep-config", "14-grep-digest-ecr", "15-grep-config-ecr"];
const PLATFORMS = ["index", "amd64-manifest", "amd64-config", "arm64-manifest", "arm64-config"];

test("W09: the page loads, tests itself, and asks for nothing but its own files", async (t) => {
  const { page, address } = await openPage(t);
  assert.equal(await status(page), "Ready.");
  const requests = [];
  page.context().on("request", (request) => requests.push(request.url()));
  await give(page, guide("01-pull-list"));
  await giveFiles(page, image("buildx-attested", PLATFORMS));
  await ask(page, "same", { left: "a.example/x:1", right: "b.example/x:1" });
  await page.click("#given > summary");
  await page.waitForLoadState("networkidle");
  for (const url of requests) assert.match(url, new RegExp(`^${address}[\\w/-]+\\.js$`));
  const before = requests.length;
  await giveFiles(page, image("mirror-relisted", PLATFORMS));
  assert.equal(requests.length, before, "with what reads and answers there, nothing more is asked for");
  assert.equal(page.url(), address);
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
});

test("what rarely used tools print is read too, without anything more being loaded", async (t) => {
  const { page } = await openPage(t);
  const loaded = [];
  page.context().on("request", (request) => loaded.push(request.url().split("/").at(-1)));
  const modules = () => loaded.filter((name) => /\.wasm$/.test(name));
  await give(page, guide("01-pull-list"));
  assert.deepEqual(modules(), []);
  for (const name of ["cosign-tree/buildx-attested", "notation-list/two"]) {
    const file = new URL(`../vectors/paste/${name}.txt`, import.meta.url);
    await give(page, readFileSync(file, "utf8").split("\n\n").slice(1).join("\n\n"));
  }
  assert.deepEqual(modules(), []);
  // What a tag is said to be is what the open answer rests on.
  const rests = await part(page, "Rests on");
  assert.match(rests, /stated by pasted: docker pull/);
  assert.match(rests, /stated by pasted: cosign tree/);
});

test("the guide’s list is found again, whatever comes first", async (t) => {
  for (const order of [ALL, [...ALL].reverse(), ["06-manifest-list", "02-trust-pretty"]]) {
    const { page } = await openPage(t);
    for (const name of order) await give(page, guide(name));
    assert.equal(await word(page), "Proven");
    assert.match(await summary(page), /^For linux\/amd64 and linux\/arm64\/v8\. Its digest is /);
    const documents = await part(page, "Documents");
    assert.match(documents, /^index sha256:5de58646…c21667 proven$/m);
    assert.match(documents, /indented with 3 spaces/);
    assert.match(documents, /^manifest linux\/amd64 sha256:2ced2d99…8d3b54 missing$/m);
    const missing = await part(page, "Missing");
    assert.match(missing, /docker buildx imagetools inspect --raw docker\.io\/nicolas\/webdis@sha256:2ced2d99/);
  }
});

test("none of the guide’s traps is fallen into", async (t) => {
  const { page } = await openPage(t);
  for (const name of ALL) await give(page, guide(name));
  const stated = await part(page, "Stated");
  assert.match(stated, /is signed by Repo Admin for the tag 0\.1\.19, stated by/);
  assert.doesNotMatch(stated, /is signed by nicolasff/);
  assert.match(stated, /lets the key dd0768b9d35d\w* sign as nicolasff, which is no signature/);
  assert.match(stated, /has the Id sha256:ecadadde…58d859: the text does not say of what/);
  assert.match(await part(page, "Notes"), /repository key or by any key of the targets\/releases role/);
  const unchecked = await part(page, "Not checked");
  for (const said of [/^Layers were not downloaded\. The configuration pins/m, /^Tags can move: freshness was not checked\.$/m, /^Signatures: what tools say of them was compared, none was checked\.$/m]) assert.match(unchecked, said);
});

test("two registries name one manifest", async (t) => {
  const { page } = await openPage(t);
  for (const name of ["03-pull-hub", "04-pull-ecr", "05-image-id"]) await give(page, guide(name));
  await ask(page, "same", { left: "nicolas/webdis:0.1.18", right: "public.ecr.aws/nicolas/webdis:0.1.18" });
  assert.equal(await word(page), "Stated");
  assert.match(await part(page, "By platform"), /both references name sha256:6def97f1…50fe9e/);
});

test("what a machine keeps under two names is no word of a second registry", async (t) => {
  const { page } = await openPage(t);
  const digest = `sha256:${"5".repeat(64)}`;
  await give(page, `$ docker images --digests\nREPOSITORY TAG DIGEST IMAGE ID CREATED SIZE\na.example/x 1 ${digest} 228156692c16 2 years ago 7.3MB\nb.example/x 1 ${digest} 228156692c16 2 years ago 7.3MB\n`);
  const stated = await part(page, "Stated");
  for (const name of ["a", "b"]) assert.match(stated, new RegExp(`${name}\\.example/x:1\\s+is kept on a machine as sha256:5555`));
  await ask(page, "same", { left: "a.example/x:1", right: "b.example/x:1" });
  assert.equal(await word(page), "Open");
  assert.match(await part(page, "By platform"), /does not say what a\.example has/);
});

test("a tag that was pulled and then pushed is shown in its order, and contradicts nothing", async (t) => {
  const { page } = await openPage(t);
  const [pulled, pushed] = ["5", "6"].map((digit) => `sha256:${digit.repeat(64)}`);
  await give(page, `$ docker pull a.example/x:1\n1: Pulling from x\nDigest: ${pulled}\nStatus: Downloaded newer image for a.example/x:1\n$ docker push a.example/x:1\nThe push refers to repository [a.example/x]\n1: digest: ${pushed} size: 7\n`);
  assert.equal(await word(page), "Open");
  assert.match(await part(page, "Notes"), /was said to be, in the order given here: sha256:5\S+ \(pasted docker pull\), then sha256:6\S+ \(pasted docker push\)/);
  await ask(page, "published", { image: "a.example/x:1", by: "digests", digests: pulled });
  assert.equal(await word(page), "Open");
  assert.match(await summary(page), /docker push says that a\.example\/x:1 is sha256:6\S+, which is not among the author's digests/);
});

test("two chains are compared, a row a platform", async (t) => {
  const { page } = await openPage(t);
  await giveFiles(page, { ...image("buildx-attested", PLATFORMS), ...image("mirror-recompressed", PLATFORMS) });
  const [left, right] = ["buildx-attested", "mirror-recompressed"].map((name) => `r.example/${name}@${document_(`${name}-index`).digest}`);
  await ask(page, "same", { left, right });
  assert.equal(await word(page), "Proven");
  const rows = await part(page, "By platform");
  for (const platform of ["linux/amd64", "linux/arm64"]) {
    assert.ok(rows.includes(`${platform}: the same image configuration, byte for byte proven`), rows);
  }
  assert.match(rows, /the layers are compressed differently/);
  await ask(page, "same", { level: "manifest" });
  assert.equal(await word(page), "Contradicted");
  assert.match(await part(page, "By platform"), /Expected\n+sha256:[0-9a-f]{64}\n+.*\n+Found\n+sha256:[0-9a-f]{64}/);
});

test("published by a digest, and by keys", async (t) => {
  const { page } = await openPage(t);
  for (const name of ["01-pull-list", "06-manifest-list", "09-trust-sed"]) await give(page, guide(name));
  await ask(page, "published", { image: "nicolas/webdis:0.1.19", digests: LIST });
  assert.equal(await word(page), "Stated");
  await ask(page, "published", { image: `nicolas/webdis@${LIST}` });
  assert.equal(await word(page), "Proven");
  await ask(page, "published", { digests: LIST.replace("5de5", "5de6") });
  assert.equal(await word(page), "Open");
  const keys = "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a";
  await ask(page, "published", { image: "nicolas/webdis:0.1.19", by: "keys", keys });
  assert.equal(await word(page), "Stated");
  await ask(page, "published", { keys: keys.replace("fed0", "fed1") });
  assert.equal(await word(page), "Contradicted");
});

test("published by an identity says which command would tell", async (t) => {
  const { page } = await openPage(t);
  const author = { by: "identity", identity: "a@example.org", issuer: "https://example.org" };
  await ask(page, "published", { image: "nicolas/webdis:0.1.19", ...author });
  assert.equal(await word(page), "Open");
  assert.match(await page.innerText("#answer .next"), /cosign verify .*a@example\.org/);
});

test("files, text and pastes arrive by every way", async (t) => {
  const { page } = await openPage(t);
  const list = guide("06-manifest-list");
  await transfer(page, "drop", "body", { files: { "a.txt": list, "b.txt": guide("01-pull-list") } });
  await answered(page);
  assert.equal(await page.locator("#pieces > li").count(), 2);
  assert.equal(await word(page), "Proven");
  await transfer(page, "drop", "#box", { text: guide("03-pull-hub") });
  await transfer(page, "paste", "body", { text: guide("04-pull-ecr") });
  await transfer(page, "paste", "#box", { text: guide("09-trust-sed") });
  await page.waitForFunction(() => document.querySelectorAll("#pieces > li").length === 5);
  await answered(page);
  assert.match(await page.textContent("#tools"), /^docker manifest inspect, docker pull × 3, docker trust inspect$/);
  // A paste into another field is that field's.
  await page.click("#asking > summary");
  await page.check("[name=ask][value=same]");
  await transfer(page, "paste", "[name=left]", { text: "x" });
  assert.equal(await page.locator("#pieces > li").count(), 5);
});

test("a layer that is dropped is a binary file, with its digest", async (t) => {
  const { page } = await openPage(t);
  const layer = gzipSync(tarOf({ "usr/bin/hello": Buffer.from("#!/bin/sh\n") }));
  await giveFiles(page, { "layer.tar.gz": layer });
  assert.equal(await headline(page), "A binary file");
  const digest = `sha256:${createHash("sha256").update(layer).digest("hex")}`;
  assert.equal(await word(page), "Proven");
  assert.equal(await page.innerText("#answer .whole-digest"), digest);
  assert.match(await summary(page), new RegExp(`^layer\\.tar\\.gz is a binary file \\(compressed with gzip\\) of ${layer.length} bytes; its digest is `));
  assert.match(await page.textContent("#answer"), /layer\.tar\.gz is a binary file \(compressed with gzip\)/);
  await page.fill("#answer input[name=compare]", digest);
  assert.match(await page.textContent("#answer .compared-with"), /^✓/);
  await ask(page, "published", { image: "nginx:1.27", by: "digests", digests: digest });
  assert.equal(await word(page), "Open");
});

test("taking a piece away asks again without it", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("06-manifest-list"));
  assert.equal(await word(page), "Open");
  await give(page, guide("01-pull-list"));
  assert.equal(await word(page), "Proven");
  await showGiven(page);
  await page.click('button[aria-label^="Remove piece 2"]');
  await answered(page);
  assert.equal(await word(page), "Open");
  await page.click('button[aria-label^="Remove piece 1"]');
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  assert.equal(await page.textContent("#answer"), "");
  assert.equal(await page.isVisible("#given"), false);
});

test("what is missing is pasted where it is asked for", async (t) => {
  const { page } = await openPage(t);
  const [left, right] = ["docker.io/library/x:1", "ecr.example/x:1"];
  await ask(page, "same", { left, right });
  assert.equal(await word(page), "Open");
  const bytes = document_("buildx-attested-index").bytes.toString();
  for (const [i, reference] of [left, right].entries()) {
    await unfold(page, i === 0 ? "Without a gateway: run this, and paste its output" : "Missing");
    const want = page.locator("#answer li", { has: page.locator("pre", { hasText: reference }) }).locator("textarea");
    await want.fill(bytes);
    await want.press("Tab");
    await page.keyboard.press("Enter");
    await answered(page);
  }
  assert.match(await page.locator("#pieces > li").first().locator("summary").textContent(), /buildx imagetools/);
  assert.match(await part(page, "By platform"), /linux\/amd64: the same (?:index|manifest)/);
});

test("a paste that does not say its image is attributed by hand", async (t) => {
  const { page } = await openPage(t);
  const digest = "sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e";
  await give(page, `${digest}\n`);
  assert.match(await page.textContent("#pieces .told"), /does not say which image/);
  await ask(page, "same", { left: "nicolas/webdis:0.1.18", right: `nicolas/webdis@${digest}` });
  assert.equal(await word(page), "Open");
  await page.fill("#pieces .about input", "nicolas/webdis:0.1.18");
  await answered(page);
  assert.equal(await word(page), "Stated");
  await page.fill("#pieces .about input", "not a reference");
  await answered(page);
  assert.match(await page.textContent("#pieces .told"), /Not taken in: expected .* in image reference/);
  assert.match(await part(page, "Not read"), /Input 1 \(whole\)/);
});

test("a question that cannot be read is not answered", async (t) => {
  const { page } = await openPage(t);
  await ask(page, "same", { left: "UPPER CASE", right: "x" });
  assert.equal(await word(page), "Question not understood");
  assert.match(await page.textContent("#answer"), /in image reference, found/);
  await page.fill("[name=left]", "");
  assert.equal(await page.textContent("#answer"), "");
  await page.waitForFunction(() => /^Name both images/.test(document.getElementById("status").textContent));
});

test("one click asks another question about what is named, or says what it needs", async (t) => {
  const { page } = await openPage(t);
  assert.equal(await page.isVisible("#instead"), false);
  await give(page, "r.example/a:1");
  assert.deepEqual(await page.locator("#instead button:visible").allTextContents(), ["Is it the same as another?", "Is it what its author published?"]);
  await page.click('#instead button[value="same"]');
  // The image that somebody has is the one in question.
  assert.equal(await page.inputValue("[data-ask=same] [name=right]"), "r.example/a:1");
  assert.equal(await page.evaluate(() => document.activeElement.name), "left");
  assert.match(await status(page), /^Name both images/);
  await page.click('#instead button[value="what"]');
  await answered(page);
  assert.match(await page.textContent("#asked"), /^What is r\.example\/a:1,/);
});

test("another question is about the images that pasted output names, in its order", async (t) => {
  const { page } = await openPage(t);
  for (const name of ["03-pull-hub", "04-pull-ecr"]) await give(page, guide(name));
  // Pulls of two registries ask by themselves.
  assert.equal(await page.isVisible('#instead button[value="same"]'), false);
  await page.click('#instead button[value="what"]');
  await answered(page);
  await page.click('#instead button[value="same"]');
  await answered(page);
  assert.equal(await page.textContent("#asked"), "Is public.ecr.aws/nicolas/webdis:0.1.18 the same as docker.io/nicolas/webdis:0.1.18?");
  assert.match(await summary(page), / have the same manifest; nothing here confirms it\.$/);
  await page.click('#instead button[value="published"]');
  assert.equal(await page.inputValue("[data-ask=published] [name=image]"), "public.ecr.aws/nicolas/webdis:0.1.18");
  assert.equal(await page.evaluate(() => document.activeElement.name), "digests");
});

test("what is missing is named as what names it does", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("01-pull-list"));
  assert.match(await part(page, "Missing"), /The document sha256:5de58646…c21667, which docker\.io\/nicolas\/webdis:0\.1\.19 is said to be\./);
  await give(page, guide("06-manifest-list"));
  assert.match(await part(page, "Missing"), /The manifest for linux\/amd64, sha256:2ced2d99…8d3b54\./);
});

test("a digest is whole at a click", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("01-pull-list"));
  const digest = page.locator("#answer button.digest", { hasText: "5de58646" }).first();
  assert.equal(await digest.innerText(), "sha256:5de58646…c21667");
  await digest.click();
  assert.equal(await digest.innerText(), LIST);
  assert.equal(await digest.getAttribute("aria-expanded"), "true");
  await digest.click();
  assert.equal(await digest.innerText(), "sha256:5de58646…c21667");
});
