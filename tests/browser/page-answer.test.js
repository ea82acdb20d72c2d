// The answer first: what is on the first screen, how long the page is before anything is unfolded, and what is said once.

import assert from "node:assert/strict";
import test from "node:test";
import { fakeRegistry } from "./fake-registry.mjs";
import { answered, fetchMissing, give, guide, headline, noGateway, openPage, reasons, summary, word } from "./page.mjs";

const SCREENS = { desktop: [{ width: 1280, height: 800 }, 1800], phone: [{ width: 390, height: 844 }, 3000] };
const IMAGES = { "demo/a:1": "buildx-attested", "demo/b:1": "mirror-recompressed", "demo/c:1": "mirror-relabelled" };

async function example(page, title) {
  await page.locator("#examples button", { hasText: title }).click();
  await answered(page);
}

const length = (page) => page.evaluate(() => document.documentElement.scrollHeight);

/** The mark, the sentence and the next step, where there is one: each has to be seen without scrolling. */
async function assertFirstScreen(page, { height }) {
  assert.equal(await page.evaluate(() => scrollY), 0);
  for (const selector of [".mark", ".word", ".summary", ".offer button", ".next .command", ".advice"]) {
    for (const one of await page.locator(`#answer .verdict ${selector}`).all()) {
      if (!(await one.isVisible())) continue;
      const box = await one.boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= height, `${selector} is from ${box.y} to ${box.y + box.height} of ${height}`);
    }
  }
}

for (const [name, [viewport, longest]] of Object.entries(SCREENS)) {
  test(`a comparison of two platforms: the answer on the first screen, ${longest} px in all: ${name}`, async (t) => {
    const registry = await fakeRegistry(t, IMAGES);
    const { page } = await openPage(t, { viewport, allow: [registry.origin], expected: noGateway });
    await give(page, `${registry.host}/demo/a:1 vs ${registry.host}/demo/b:1`);
    // Before anything was fetched there is one card, and no verdict about nothing.
    assert.equal(await headline(page), "Ready to compare");
    assert.equal(await page.locator("#answer .why, #answer .canvas").count(), 0);
    await assertFirstScreen(page, viewport);
    await fetchMissing(page);
    assert.deepEqual([await word(page), await headline(page)], ["Proven", "Same image"]);
    for (const image of ["a:1", "b:1"]) assert.ok((await summary(page)).includes(`${registry.host}/demo/${image}`));
    await assertFirstScreen(page, viewport);
    assert.ok((await length(page)) <= longest, `${await length(page)} px`);
    assert.equal(await page.locator("#answer details[open]").count(), 0);
    await give(page, `${registry.host}/demo/a:1 ${registry.host}/demo/c:1`);
    await fetchMissing(page);
    assert.equal(await word(page), "Contradicted");
    assert.match(await page.innerText("#answer .advice"), /^Do not use \S+\/demo\/c:1 /);
    await assertFirstScreen(page, viewport);
    assert.ok((await length(page)) <= longest, `${await length(page)} px`);
  });

  test(`every example has its answer on the first screen, and the page is not longer than ${longest} px: ${name}`, async (t) => {
    const { page } = await openPage(t, { viewport });
    for (const title of await page.locator("#examples .title").allTextContents()) {
      await example(page, title);
      await assertFirstScreen(page, viewport);
      assert.ok((await length(page)) <= longest, `${title}: ${await length(page)} px`);
      await page.click("#leave");
    }
  });
}

test("the first example ends proven, and starting over leaves nothing of it", async (t) => {
  const { page } = await openPage(t);
  for (const hidden of ["#asking", "#instead", "#given", "#leave"]) assert.equal(await page.isVisible(hidden), false, hidden);
  assert.ok((await page.locator("#status").boundingBox()).height <= 1);
  assert.match(await page.getAttribute("#box", "placeholder"), /nginx:1\.27/);
  assert.match(await page.innerText("#giving"), /Nothing is sent until you fetch\./);
  await page.locator("#examples button").first().click();
  await answered(page);
  assert.deepEqual([await word(page), await headline(page)], ["Proven", "Same image"]);
  assert.ok(await page.isVisible("#asking"));
  await page.click("#leave");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  assert.equal(await page.locator("#answer > *, #pieces > li").count(), 0);
  for (const hidden of ["#asking", "#instead", "#given", "#leave"]) assert.equal(await page.isVisible(hidden), false, hidden);
  assert.equal(await page.evaluate(() => document.activeElement.id), "box");
});

test("the digest of what was pasted is whole, and copied at a press", async (t) => {
  const { page } = await openPage(t, { permissions: ["clipboard-read", "clipboard-write"] });
  for (const name of ["01-pull-list", "06-manifest-list"]) await give(page, guide(name));
  const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
  assert.equal(await page.innerText("#answer .whole-digest"), list);
  await page.click('#answer .digest-row button:text-is("Copy")');
  await page.locator('#answer .digest-row button:text-is("Copied")').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), list);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click('#answer .digest-row button:text-is("Save the exact bytes")')]);
  assert.equal(file.suggestedFilename(), `${list.replace(":", "-")}.json`);
  // What somebody was given is compared with it while it is typed.
  for (const [text, says] of [[list.slice(7), /^✓Equal: /], ["5de58646bae3", /^\?Only the first 12 digits/], [`sha256:${"0".repeat(64)}`, /^[✗…]/], ["", /^$/]]) {
    await page.fill("#answer [name=compare]", text);
    assert.match(await page.textContent("#answer .compared-with"), says);
  }
  // The reasons do not say it again.
  assert.ok(!(await reasons(page)).includes("5de58646"));
});
