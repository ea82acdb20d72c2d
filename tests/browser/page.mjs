// The page as a test drives it: opened from dist/site, given evidence, read.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../dist/pkg/cli/main.js";
import { root } from "../../scripts/command.mjs";
import { readVector } from "../builders/vector.mjs";
import { open } from "../support/browser.mjs";
import { sink } from "../support/cli.mjs";

const site = join(root, "dist", "site");
const example = join(root, "www", "examples", "webdis-policy.json");

/** Opens the page and waits until the module is there. `before` may prepare the browser page. */
export async function openPage(t, { before, ready = true, ...options } = {}) {
  const opened = await open(t, site, "", { fixed: true, ...options });
  opened.page.setDefaultTimeout(30_000);
  if (before) {
    await opened.page.waitForLoadState("networkidle");
    await before(opened);
    await opened.page.goto(opened.address);
  }
  if (ready) await opened.page.waitForFunction(() => document.getElementById("stuck").hidden && !document.getElementById("box").matches(":disabled"));
  return opened;
}

/** The page with a publisher’s policy, as `pullproof page` writes it, opened. */
export async function openSite(t, { policy = readFileSync(example, "utf8"), path = "", files = {}, ...options } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-page-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "given.json");
  writeFileSync(file, policy);
  const site = join(folder, "site");
  const io = { stdout: sink(), stderr: sink(), environment: {} };
  assert.equal(await main(["page", site, "--policy", file], io), 0);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(site, name), content);
  const opened = await open(t, site, path, options);
  opened.page.setDefaultTimeout(30_000);
  await opened.page.waitForFunction(() => document.querySelector("#releases fieldset:enabled, #policy button:enabled, #policy .notice") !== null);
  return opened;
}

/** Types or pastes a text into the box and waits for the answer. */
export async function give(page, text) {
  await page.fill("#box", text);
  await page.click("#giving button[type=submit]");
  await answered(page);
}

/** Chooses files, given by name and content, and waits for the answer. */
export async function giveFiles(page, files) {
  const chosen = Object.entries(files).map(([name, content]) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.from(content),
  }));
  await page.setInputFiles("#files", chosen);
  await answered(page);
}

/** What a browser does when text is pasted or files or text are dropped. */
export async function transfer(page, type, selector, { text, files = {} }) {
  await page.evaluate(
    ([type, selector, text, files]) => {
      const data = new DataTransfer();
      if (text !== undefined) data.setData("text/plain", text);
      for (const [name, content] of files) data.items.add(new File([content], name));
      const options = { bubbles: true, cancelable: true };
      const event = type === "paste" ? new ClipboardEvent(type, { ...options, clipboardData: data }) : new DragEvent(type, { ...options, dataTransfer: data });
      document.querySelector(selector).dispatchEvent(event);
    },
    [type, selector, text, Object.entries(files)],
  );
}

/** Asks a question with these fields and waits for the answer. There is a question only once something was given. */
export async function ask(page, kind, fields) {
  if (!(await page.isVisible("#asking"))) await give(page, "r.example/first:1");
  if (!(await page.isVisible("#question"))) await page.click("#asking > summary");
  await page.check(`#question [name=ask][value=${kind}]`);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[data-ask=${kind}] [name=${name}]`);
    if (["level", "by"].includes(name)) await field.selectOption(value);
    else await field.fill(value);
  }
  await answered(page);
}

/** Unfolds the list of what was given. */
export async function showGiven(page) {
  if (!(await page.isVisible("#pieces"))) await page.click("#given > summary");
}

/** Presses the button that fetches what is missing, and waits for the answer. */
export async function fetchMissing(page) {
  const button = page.locator("#answer button", { hasText: /^Fetch/ }).first();
  // Where the answer needs nothing of it, it is folded.
  await button.evaluate((one) => one.closest("details.folded")?.setAttribute("open", ""));
  await button.click();
  await answered(page);
}

/** Where the page is served there is no gateway, and few images have the tags in which cosign keeps signatures: the browser reports both. */
export const noGateway = [
  /^status 404: \S+\/gateway\/$/,
  /^status 404: \S+\/manifests\/sha256-[0-9a-f]{64}\.(?:sig|att)$/,
  /^console: Failed to load resource: .* 404/,
];

/** A registry that pages may not read, as the browser reports it. */
export const notForPages = [
  /^console: Access to fetch .* CORS policy/,
  /^console: Failed to load resource: net::ERR_FAILED/,
  /^request failed: \S+: net::ERR_FAILED$/,
];

/** Waits until what was given last is answered, or it is said why not. */
export async function answered(page) {
  await page.waitForFunction(() => {
    const answer = document.getElementById("answer");
    return answer.children.length > 0 && !answer.hasAttribute("aria-busy");
  });
}

const marks = { "✓": "Proven", "?": "Stated", "…": "Open", "✗": "Contradicted" };

/** The verdict, by its mark; or the reason why there is no verdict, in words. */
export async function word(page) {
  const mark = await page.textContent("#answer .mark");
  return marks[mark] ?? (await headline(page));
}
export const headline = async (page) => (await page.textContent("#answer .word")).replace(/\.$/, "");
export const summary = (page) => page.textContent("#answer .summary");
/** The reasons and conditions, a line each. */
export const reasons = async (page) => (await page.locator("#answer .why > li").allTextContents()).join("\n");
export const status = (page) => page.textContent("#status");

/** The answer's part with this title, unfolded. */
export async function unfold(page, title) {
  const section = page.locator("#answer section", { has: page.locator(`h3:text-is("${title}")`) });
  await section.evaluate((element) => element.querySelectorAll("details.folded").forEach((details) => (details.open = true)));
  return section;
}

/** The text of the answer's part with this title, unfolded. */
export const part = async (page, title) => (await unfold(page, title)).innerText();

/** A published guide's outputs, as a reader copies them: without indentation. */
export function guide(name) {
  const text = readFileSync(join(root, "tests", "paste", `${name}.txt`), "utf8").split("\n----\n")[0];
  return text.split("\n").map((line) => line.trimStart()).join("\n");
}

/** The bytes and the digest of a document of ours. */
export function document_(name) {
  const { keys, bytes } = readVector(readFileSync(join(root, "tests", "vectors", "documents", `${name}.txt`)));
  return { digest: keys.digest, bytes, file: { [`${name}.json`]: bytes } };
}

/** The files of an image of ours: its index, manifests and configurations. */
export function image(name, parts) {
  return Object.assign({}, ...parts.map((part) => document_(`${name}-${part}`).file));
}
