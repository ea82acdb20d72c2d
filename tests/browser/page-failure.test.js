// When something fails, or comes late, there is no verdict: not an old one either.

import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { answered, ask, give, guide, openPage, part, showGiven, status, summary, transfer, word } from "./page.mjs";

/** Serves a file of the page with its text changed. */
const change = (file, edit) => async ({ page }) => {
  await page.route(`**/${file}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: edit(await response.text()) });
  });
};

async function couldNotStart(page) {
  await page.waitForFunction(() => document.getElementById("status").textContent === "Could not start.");
  assert.equal(await word(page), "Could not start");
  for (const selector of ["#box", "#giving button", "#files", "[name=ask]"]) {
    assert.equal(await page.locator(selector).first().isDisabled(), true, selector);
  }
}

/** Another byte in the file that is served, which stays a module as good as the right one. */
const oneByte = (file) => async ({ page }) => {
  await page.route(`**/${file}`, async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    // A custom section at the end, which no engine reads.
    await route.fulfill({ response, body: Buffer.concat([body, Buffer.from([0, 2, 1, 0x78])]) });
  });
};

const broken = {
  "W08: another wasm than the build’s": oneByte("pullproof_bg.wasm"),
  "a broken wasm": change("pullproof_bg.wasm", () => "no wasm at all"),
  "a missing wasm": ({ page }) => page.route("**/pullproof_bg.wasm", (route) => route.fulfill({ status: 404 })),
  "a missing worker": ({ page }) => page.route("**/worker/worker.js", (route) => route.fulfill({ status: 404 })),
};

for (const [name, before] of Object.entries(broken)) {
  test(`${name}: nothing can be given`, async (t) => {
    const { page, problems } = await openPage(t, { before, ready: false });
    await couldNotStart(page);
    await transfer(page, "drop", "body", { text: guide("01-pull-list") });
    assert.equal(await page.locator("#pieces > li").count(), 0);
    problems.length = 0;
  });
}

test("W08: why a changed module is not used is said, with both digests", async (t) => {
  const { page } = await openPage(t, { before: oneByte("pullproof_bg.wasm"), ready: false });
  await couldNotStart(page);
  assert.match(await page.textContent("#answer"), /expected pullproof_bg\.wasm with sha256:[0-9a-f]{8}.*, found sha256:[0-9a-f]{8}/);
});

test("W15: opened as a file, the page says what to do instead", async (t) => {
  const { page } = await openPage(t, { expected: [/./] });
  await page.goto(pathToFileURL(join(root, "dist", "site", "index.html")).href);
  await page.locator("#stuck").waitFor();
  assert.match(await page.innerText("#stuck"), /opened as a file cannot load it: npx pullproof serve/);
  assert.equal(await page.isDisabled("#box"), true);
  assert.equal(await page.locator("#answer > *").count(), 0);
});

test("a module that does not know its known answers is not used", async (t) => {
  const before = change("pullproof.js", (code) => code.replace("const ret = wasm.self_test();", "const ret = 0;"));
  const { page } = await openPage(t, { before, ready: false });
  await couldNotStart(page);
  assert.match(await page.textContent("#answer"), /this machine computes wrong digests for known inputs/);
});

/** The module traps as soon as it is given a text with the word `trapping`. */
const trapping = change("pullproof.js", (code) => {
  const edited = code.replace("take(evidence, bytes) {", `$&
    if (bytes && new TextDecoder().decode(bytes).includes("trapping")) throw new WebAssembly.RuntimeError("unreachable");`);
  assert.notEqual(edited, code);
  return edited;
});

test("W14: a trap ends in “could not check”, without the verdict from before", async (t) => {
  const { page } = await openPage(t, { before: trapping });
  for (const name of ["01-pull-list", "06-manifest-list"]) await give(page, guide(name));
  assert.equal(await word(page), "Proven");
  await give(page, "something trapping");
  assert.equal(await word(page), "Could not check");
  assert.doesNotMatch(await page.textContent("#answer"), /proven/i);
  await page.waitForFunction(() => document.getElementById("status").textContent === "Could not check. Ready again.");
  // The fresh module answers once the text that traps is taken away.
  await showGiven(page);
  await page.click('button[aria-label^="Remove piece 3"]');
  await page.waitForFunction(() => /^Answer/.test(document.getElementById("status").textContent));
  assert.equal(await word(page), "Proven");
});

/** Holds the worker's answers back until they are let go. */
const holding = ({ page }) =>
  page.addInitScript(() => {
    globalThis.held = [];
    globalThis.Worker = class extends Worker {
      set onmessage(take) {
        super.onmessage = (event) => (event.data.id !== undefined && globalThis.hold ? globalThis.held.push(() => take(event)) : take(event));
      }
    };
    // Every verdict that was ever shown.
    globalThis.shown = [];
    new MutationObserver(() => {
      const word = document.querySelector("#answer .summary")?.textContent;
      if (word && globalThis.shown.at(-1) !== word) globalThis.shown.push(word);
    }).observe(document, { childList: true, subtree: true });
  });
const hold = (page) => page.evaluate(() => (globalThis.hold = true));
const letGo = (page) =>
  page.evaluate(() => {
    globalThis.hold = false;
    for (const go of globalThis.held.splice(0)) go();
  });

test("W13: no old verdict stays beside new input", async (t) => {
  const { page } = await openPage(t, { before: holding });
  await give(page, guide("01-pull-list"));
  await give(page, guide("06-manifest-list"));
  await hold(page);
  for (const change of [
    () => transfer(page, "drop", "body", { text: guide("03-pull-hub") }),
    () => transfer(page, "drop", "body", { files: { "a.txt": guide("04-pull-ecr") } }),
    () => page.evaluate(() => document.querySelector("#pieces > li > .row > button").click()),
    () => page.evaluate(() => document.querySelector("[name=ask][value=same]").click()),
    () => page.evaluate(() => document.querySelector("[name=ask][value=what]").click()),
    () => page.evaluate(() => {
      const field = document.querySelector(".about input");
      field.value = "a/b";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  ]) {
    await change();
    assert.equal(await page.textContent("#answer"), "");
    await letGo(page);
    if (await page.isChecked("[name=ask][value=same]")) continue;
    await answered(page);
    await hold(page);
  }
});

test("an answer to older input is dropped", async (t) => {
  const { page } = await openPage(t, { before: holding });
  await hold(page);
  for (const name of ["01-pull-list", "06-manifest-list", "03-pull-hub"]) await transfer(page, "drop", "body", { text: guide(name) });
  await page.waitForFunction(() => globalThis.held.length === 1);
  await letGo(page);
  await answered(page);
  const shown = await page.evaluate(() => globalThis.shown);
  assert.equal(shown.length, 1, shown.join(" | "));
  assert.match(shown[0], /^For linux\/amd64 and linux\/arm64\/v8\. Its digest is /);
});

test("an answer that comes while a question is being typed is dropped", async (t) => {
  const { page } = await openPage(t, { before: holding });
  await hold(page);
  await transfer(page, "drop", "body", { text: guide("01-pull-list") });
  await page.waitForFunction(() => globalThis.held.length === 1);
  await page.evaluate(() => {
    document.querySelector("[name=ask][value=same]").click();
    globalThis.hold = false;
    for (const go of globalThis.held.splice(0)) go();
  });
  await page.waitForFunction(() => /^Name both images/.test(document.getElementById("status").textContent));
  assert.deepEqual(await page.evaluate(() => globalThis.shown), []);
});

test("one piece that is refused is said, beside the answer to the others", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("01-pull-list"));
  await transfer(page, "drop", "body", { text: "half a pair: \ud800" });
  await answered(page);
  assert.match(await part(page, "Not read"), /Input 2 \(whole\): expected text, found half a surrogate pair/);
  assert.match(await part(page, "Rests on"), /0\.1\.19 is sha256:\S+, stated by pasted: docker pull/);
  assert.match(await summary(page), /^docker pull says that /);
  assert.match(await status(page), /^Answer: /);
  await ask(page, "same", { left: "a", right: "b" });
});
