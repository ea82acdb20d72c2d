// Answers that are kept and shared: receipts, Markdown, links; and their way back into the page.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import test from "node:test";
import { Session, answer, checkReceipt } from "../../dist/pkg/node.js";
import { recording } from "../../dist/pkg/log.js";
import { receiptOf } from "../../dist/pkg/receipt.js";
import { open } from "../support/browser.mjs";
import { join } from "node:path";
import { root } from "../../scripts/command.mjs";
import { findings } from "./axe.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { answered, document_, fetchMissing, give, giveFiles, noGateway, openPage, part, status, transfer, word } from "./page.mjs";

const images = { "demo/a:1": "mirror-relisted", "demo/b:1": "mirror-recompressed" };

async function noFindings(page) {
  assert.deepEqual(await findings(page), []);
}

const press = (page, name) => page.click(`#keep button:text-is("${name}")`);

async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), press(page, name)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

/** A page with a fetched answer. */
async function fetched(t) {
  const registry = await fakeRegistry(t, images);
  const opened = await openPage(t, { bypassCSP: true, allow: [registry.origin], expected: noGateway, permissions: ["clipboard-read", "clipboard-write"] });
  await give(opened.page, `${registry.host}/demo/a:1 ${registry.host}/demo/b:1`);
  await fetchMissing(opened.page);
  assert.equal(await word(opened.page), "Proven");
  return { ...opened, registry };
}

const openAt = async (t, fragment, options = {}) => {
  const opened = await open(t, join(root, "dist", "site"), `#${fragment}`, { fixed: true, bypassCSP: true, ...options });
  await opened.page.waitForFunction(() => !document.getElementById("box").matches(":disabled"));
  return opened;
};

test("a receipt of the page gives the same answer in Node, and in the page with the registry away", async (t) => {
  const { page, registry } = await fetched(t);
  const { name, text } = await saved(page, "Save receipt");
  assert.equal(name, "pullproof-receipt.json");
  const checked = checkReceipt(text);
  assert.deepEqual([checked.same, checked.report.verdict], [true, "proven"]);
  const report = await saved(page, "Save report (JSON)");
  assert.deepEqual(JSON.parse(report.text), checked.report);
  await noFindings(page);
  const other = await openPage(t, { bypassCSP: true });
  const asked = registry.asked.length;
  await giveFiles(other.page, { "receipt.json": text });
  assert.equal(await word(other.page), "Proven");
  assert.match(await status(other.page), /Receipt checked\. Answer: By the receipt's word: Same image\./);
  assert.match(await other.page.innerText("#answer .notice"), /This answer was recomputed from a receipt, here\.[^]*Only the receipt says that /);
  assert.match(await other.page.innerText("#answer"), /By the receipt's word: /);
  assert.match(await part(other.page, "Rests on"), /fetched from \S+ by the receipt's word at 20\d\d-\S+ \S+ UTC/);
  assert.deepEqual(JSON.parse((await saved(other.page, "Save report (JSON)")).text), checked.report);
  assert.equal(await other.page.isVisible("#trying"), false);
  assert.match(await other.page.innerText("#asked"), /demo\/b:1 the same as .*demo\/a:1/);
  assert.equal(registry.asked.length, asked);
  await noFindings(other.page);
});

test("no link is made of a question that would lose its signers on the way", async (t) => {
  const { page } = await openPage(t);
  const signer = { identity: "me@example.com", issuer: "https://accounts.example" };
  for (const [one, isLinkable] of [[signer, true], [{ ...signer, signatures: "r.example/a/signatures" }, false], [{ repository: "acme/beacon" }, false]]) {
    const question = { ask: "published", image: "r.example/a/b:1", by: { signers: [one] } };
    const session = recording(new Session(question));
    const at = new Date();
    await giveFiles(page, { "receipt.json": receiptOf(question, session, at, session.report(at)) });
    await page.waitForSelector("#keep button");
    assert.equal(await page.locator('#keep button:text-is("Copy link")').count(), isLinkable ? 1 : 0, JSON.stringify(one));
    session.free();
    await page.reload();
    await page.waitForFunction(() => !document.getElementById("box").matches(":disabled"));
  }
});

test("a changed report and changed bytes in a receipt are noticed, and what is no receipt is refused", async (t) => {
  const { page } = await fetched(t);
  const { text } = await saved(page, "Save receipt");
  const receipt = JSON.parse(text);
  const forged = JSON.stringify({ ...receipt, report: { ...receipt.report, summary: "<img src=x onerror=alert(1)>" } });
  await transfer(page, "drop", "body", { files: { "receipt.json": forged } });
  await page.waitForSelector("#answer .notice");
  assert.match(await page.innerText("#answer .notice"), /Mismatch: the receipt’s report differs from the answer below/);
  assert.equal(await word(page), "Contradicted");
  assert.equal(await page.locator("#answer img").count(), 0);
  await noFindings(page);
  await press(page, "Copy as Markdown");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Copied as Markdown.");
  const markdown = (await page.evaluate(() => navigator.clipboard.readText())).replaceAll("<wbr>", "").replace(/&#(\d+);/g, (_, number) => String.fromCharCode(number));
  assert.match(markdown, /^### ✗ The receipt does not match\n/);
  assert.match(markdown, /^\*\*The receipt\*\*\n\n- CONTRADICTED: its report does not match/m);
  assert.match(markdown, /sent these bytes, and when/);
  const emptied = JSON.stringify({ ...receipt, evidence: [] });
  await transfer(page, "paste", "body", { text: emptied });
  await page.waitForFunction(() => /verdict: the receipt has "proven", found "open"/.test(document.querySelector("#answer .notice")?.textContent));
  assert.equal(await word(page), "Contradicted");
  await transfer(page, "paste", "body", { text: JSON.stringify({ ...receipt, verdict: "proven" }) });
  await page.waitForFunction(() => document.querySelector("#answer .word")?.textContent === "Question not understood.");
  assert.match(await page.innerText("#answer"), /expected pullproof, version, question, at, evidence, report, found "verdict"/);
});

test("a receipt that holds more than one file may have is read, and one over its limit is refused with it", async (t) => {
  let receipt;
  const large = `${"x".repeat(78)}\n`.repeat(150_000);
  await answer({ ask: "what" }, { pasted: [large, document_("mirror-relisted-index").bytes], onReceipt: (text) => (receipt = text) });
  assert.ok(receipt.length > 15 * 2 ** 20, `${receipt.length} characters`);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-receipt-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { page } = await openPage(t);
  const put = async (text) => {
    writeFileSync(join(folder, "receipt.json"), text);
    await page.setInputFiles("#files", join(folder, "receipt.json"));
  };
  await put(`${receipt.trimEnd()}${" ".repeat(2 * 2 ** 20)}`);
  await answered(page);
  assert.match(await page.innerText("#answer .notice"), /This answer was recomputed from a receipt, here/);
  await put(`${receipt.trimEnd()}${" ".repeat(64 * 2 ** 20)}`);
  await page.waitForFunction(() => /^Not read: receipt\.json: expected at most 67108864 bytes/.test(document.getElementById("status").textContent));
});

test("what is given after a receipt is answered without it", async (t) => {
  const { page } = await fetched(t);
  const { text } = await saved(page, "Save receipt");
  const other = await openPage(t);
  await giveFiles(other.page, { "receipt.json": text });
  assert.equal(await word(other.page), "Proven");
  await give(other.page, "hello");
  assert.equal(await word(other.page), "Open");
  assert.equal(await other.page.locator("#answer .notice").count(), 0);
});

test("U08: Markdown of the answer escapes what others wrote", async (t) => {
  const { page } = await openPage(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await giveFiles(page, { "x.json": JSON.stringify({ schemaVersion: 2, mediaType: "`<b>|[x](javascript:1)\u001b", config: {}, layers: [] }) });
  await press(page, "Copy as Markdown");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Copied as Markdown.");
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /^### ✓ .*\n\n.*\n\nVerdict: \*\*proven\*\*: /);
  assert.match(text, /^Checked with pullproof 0\.\d+/m);
  const lines = text.split("\n").filter((line) => !line.startsWith("    "));
  for (const line of lines) assert.doesNotMatch(line.replaceAll(/<\/?(?:code|details|summary)>|<br>|<wbr>|^### |^- |^\*\*|\*\*$|^Verdict: \*\*proven\*\*/g, ""), /[`<>|[\]*\u001b]/);
});

test("a link carries the question and no answer, and brings it back without asking", async (t) => {
  const { page, registry } = await fetched(t);
  await press(page, "Copy link");
  await page.waitForFunction(() => /link was copied/.test(document.getElementById("status").textContent));
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const fields = Object.fromEntries(new URLSearchParams(link.hash.slice(1)));
  assert.deepEqual(fields, { ask: "same", left: `${registry.host}/demo/a:1`, right: `${registry.host}/demo/b:1`, level: "config" });
  const asked = registry.asked.length;
  const other = await openAt(t, link.hash.slice(1));
  assert.match(await other.page.innerText("#linked"), /came from the link to this page, not from you\. Nothing was asked or fetched yet/);
  assert.equal(await other.page.locator("#answer > *").count(), 0);
  assert.match(await other.page.innerText("#asked"), /demo\/b:1 the same as/);
  await noFindings(other.page);
  await other.page.click("#linked button");
  await answered(other.page);
  assert.equal(await word(other.page), "Open");
  assert.equal(await other.page.locator("#linked").count(), 0);
  assert.match(await other.page.innerText("#answer > .notice"), /The expectation came from the link/);
  assert.equal(await other.page.evaluate(() => document.activeElement.id), "answer");
  assert.equal(registry.asked.length, asked);
});

test("W02: an expectation from the link is named beside the answer, until it is changed", async (t) => {
  const { digest, file } = document_("buildx-single-amd64-manifest");
  const { page } = await openAt(t, `ask=published&image=r.example/x@${digest}&digests=${digest}`);
  await giveFiles(page, file);
  assert.match(await page.innerText("#answer > .notice"), /The expectation came from the link to this page, not from you: image, digests/);
  await noFindings(page);
  await page.click("#asking > summary");
  await page.fill("[data-ask=published] [name=image]", "r.example/y:1");
  await page.fill("[data-ask=published] [name=digests]", `sha256:${"0".repeat(64)}`);
  await answered(page);
  assert.equal(await page.locator("#answer > .notice").count(), 0);
});

test("W01: what is not a question by the schema takes nothing from the link", async (t) => {
  const wrong = [
    "ask=prove&image=x", "ask=what&image=x&verdict=proven", "ask=what&image=x&image=y", "ask=same&left=a&right=b&level=all",
    "ask=published&image=x&digests=a&keys=b", "ask=what&image=%20x", "ask=what&image=<img src=x onerror=alert(1)>&evidence=x",
    `ask=what&image=${"x".repeat(9000)}`, "ask=__proto__",
  ];
  const { page } = await openAt(t, wrong[0]);
  for (const fragment of wrong) {
    await page.evaluate((hash) => (location.hash = hash), `#${fragment}`);
    await page.waitForFunction(() => document.getElementById("status").textContent === "The link cannot be read.");
    assert.match(await page.innerText("#linked"), /nothing was taken from it/);
    assert.equal(await page.locator("#linked img, #answer > *").count(), 0);
    assert.equal(await page.inputValue("[data-ask=what] [name=image]"), "");
    await page.evaluate(() => (document.getElementById("status").textContent = ""));
  }
  await page.evaluate(() => (location.hash = "#ask=what&image=a.example/x:1"));
  await page.waitForFunction(() => document.querySelector("[data-ask=what] [name=image]").value === "a.example/x:1");
  assert.equal(await page.locator("#answer > *").count(), 0);
});
