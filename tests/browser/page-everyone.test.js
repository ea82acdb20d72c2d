// Wherever and however it is read: other languages, without colours, on paper, with a pointer or by keys.

import assert from "node:assert/strict";
import test from "node:test";
import { findings } from "./axe.mjs";
import { answered, document_, give, giveFiles, guide, headline, openPage, part, summary, transfer, unfold, word } from "./page.mjs";

const LIST = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const DESKTOP = { viewport: { width: 1280, height: 900 } };

async function example(page, i) {
  await page.locator("#examples button").nth(i).click();
  await answered(page);
}

test("U11: a page that runs from right to left, and other digits, leave digests and sizes as they are", async (t) => {
  const { page } = await openPage(t, { locale: "fa-IR", ...DESKTOP });
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await give(page, guide("01-pull-list"));
  await give(page, guide("06-manifest-list"));
  assert.equal(await word(page), "Proven");
  const digests = await page.locator("#answer .digest bdi").evaluateAll((all) => all.map((bdi) => [getComputedStyle(bdi).direction, bdi.textContent]));
  assert.ok(digests.length > 4);
  for (const [direction, text] of digests) {
    assert.equal(direction, "ltr");
    assert.match(text, /^sha256:[0-9a-f…]+$/);
  }
  assert.doesNotMatch(await page.innerText("main"), /(?![0-9])\p{Nd}/u);
});

test("W16: text that something rewrote on its way does not prove, and why is said", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await give(page, guide("01-pull-list"));
  await give(page, guide("06-manifest-list").replace("1365", "1366"));
  assert.notEqual(await word(page), "Proven");
  assert.match(await summary(page), /^The bytes of \S+ could not be found again/);
  const missing = await part(page, "Missing");
  assert.ok(missing.includes(LIST.slice(0, 15)), missing);
  assert.match(await page.innerText("#answer"), /could not be found again/);
});

test("W17: without colours the verdict and every standing are words, and axe finds nothing", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await page.emulateMedia({ forcedColors: "active" });
  for (const [i, verdict] of ["Proven", "Proven", "Contradicted", "Stated"].entries()) {
    await example(page, i);
    assert.equal(await word(page), verdict);
    const standings = await page.locator("#answer .standing").allTextContents();
    assert.ok(standings.length > 0);
    for (const standing of standings) assert.match(standing, /^(proven|stated|missing|contradicted|not hashed)$/);
    for (const box of await page.locator("#answer g.box .word").allTextContents()) assert.match(box, /proven|stated|missing|contradicted|not hashed/);
    // The colours are the system's then.
    assert.deepEqual(await findings(page, { rules: { "color-contrast": { enabled: false } } }), []);
    await page.click("#leave");
  }
});

test("on a touch screen the keyboard goes away once something was given, and the verdict is seen", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const seen = async () => {
    assert.equal(await page.evaluate(() => document.activeElement.id), "");
    const { y, height } = await page.locator("#answer .verdict h2").boundingBox();
    assert.ok(y >= 0 && y + height < 700, `the verdict is from ${y} to ${y + height} of 844`);
  };
  await page.tap("#box");
  await transfer(page, "paste", "#box", { text: guide("01-pull-list") });
  await answered(page);
  await seen();
  await page.tap("#box");
  await page.keyboard.insertText("alpine:3.20");
  // A button that is tapped leaves the focus where it is in some browsers.
  await page.evaluate(() => document.getElementById("giving").requestSubmit());
  await answered(page);
  await seen();
});

test("W18: paper has the verdict, the question, the input with its digests, the module and the time", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  const { file, digest } = document_("buildx-single-amd64-manifest");
  await giveFiles(page, file);
  await page.emulateMedia({ media: "print" });
  const printed = await page.innerText("body");
  assert.match(printed, new RegExp(`^${await headline(page)}\\.`, "m"));
  assert.match(printed, /Question: What is this, and which digests does it have\?/);
  assert.ok(printed.includes(digest), "the digest of what was given");
  assert.match(printed, /Checked with pullproof \d+\.\d+\.\d+ \(module sha256:[0-9a-f]{64}\) at \d{4}-\d\d-\d\d \d\d:\d\d UTC\./);
  for (const selector of ["#giving", "#trying", "#keep", "#private", "#page-check", ".tabs"]) assert.equal(await page.locator(selector).first().isVisible(), false, selector);
  // A browser that prints unfolds what is folded, and folds it again.
  await page.evaluate(() => (document.getElementById("given").open = false));
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.equal(await page.evaluate(() => document.getElementById("given").open), false);
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.evaluate(() => document.getElementById("given").open), true);
});

test("W13: loaded anew in the middle, the page has neither the evidence nor an answer", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("01-pull-list"));
  await page.fill("#box", "half typed");
  await page.waitForLoadState("networkidle");
  await page.reload();
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  await page.waitForLoadState("networkidle");
  assert.equal(await page.locator("#answer > *, #pieces > li").count(), 0);
  await page.goto("about:blank");
  await page.goBack();
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  assert.equal(await page.locator("#answer > *, #pieces > li").count(), 0);
});

test("a pointer over a node, and the focus on it, show its bytes, the edits and the source", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await example(page, 5);
  const box = page.locator("#answer g.box", { hasText: "5de58646" });
  const details = page.locator("#answer .details");
  await page.focus("#answer");
  await box.hover();
  assert.match(await details.innerText(), new RegExp(LIST));
  assert.match(await details.innerText(), /its bytes found again, changed: [^]*hashed here, from pasted: docker manifest inspect/);
  await box.click();
  await details.locator("summary", { hasText: "Its bytes" }).click();
  await details.locator("pre.long").waitFor();
  assert.match(await details.innerText(), /772 bytes, exactly as they were hashed\./);
  assert.match(await details.locator("pre.long").innerText(), /^\{\n {3}"schemaVersion": 2,/);
  assert.deepEqual(await findings(page), []);
});

test("tabs of commands are walked by keyboard, and copied as they are shown", async (t) => {
  const { page } = await openPage(t, { ...DESKTOP, permissions: ["clipboard-read", "clipboard-write"] });
  await example(page, 2);
  await unfold(page, "Check it yourself");
  const tabs = page.locator("#answer [role=tab]");
  assert.deepEqual(await tabs.allTextContents(), ["docker", "crane", "skopeo", "sha256sum"]);
  const selected = () => page.locator("#answer [role=tab][aria-selected=true]").textContent();
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await tabs.first().focus();
  for (const [key, name] of [["ArrowRight", "crane"], ["End", "sha256sum"], ["ArrowRight", "docker"], ["ArrowLeft", "sha256sum"], ["Home", "docker"], ["ArrowRight", "crane"]]) {
    await page.keyboard.press(key);
    assert.deepEqual([await selected(), await focused()], [name, name]);
    assert.equal(await page.locator("#answer [role=tabpanel]:visible").count(), 1);
  }
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Copy all");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.textContent === "Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^# A, lighthouse\.example\/beacon:1\.0: the bytes that it names now\ncrane manifest lighthouse\.example\/beacon:1\.0 \| sha256sum\n# {3}a752727218c2/);
  assert.match(copied, /crane blob mirror\.example\/beacon@sha256:5a47d5e4\w+ \| sha256sum/);
  const shown = (await page.locator("#answer [role=tabpanel]:visible code").allTextContents()).join("\n");
  for (const line of shown.split("\n")) assert.ok(copied.split("\n").includes(line), line);
  const printed = (await page.locator("#answer [role=tabpanel]:visible samp").allTextContents()).join("\n");
  for (const line of printed.split("\n")) assert.ok(copied.split("\n").includes(`#   ${line}`), line);
  // A command alone, by its button and by hand.
  const command = page.locator("#answer [role=tabpanel]:visible li").nth(4);
  await command.getByRole("button").click();
  const text = await command.locator("code").textContent();
  assert.match(text, /^crane manifest lighthouse\.example\/beacon@sha256:a752727218c2\w+ \| jq -r '\[?\.manifests/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  await command.locator("code").evaluate((code) => getSelection().selectAllChildren(code));
  assert.equal(await page.evaluate(() => getSelection().toString()), text);
  for (let i = 0; i < (await tabs.count()); i += 1) {
    await tabs.nth(i).click();
    assert.deepEqual(await findings(page), []);
  }
  // The tool stays chosen for the next answer, and no longer than the page is open.
  await tabs.filter({ hasText: "skopeo" }).click();
  await page.click("#leave");
  await example(page, 0);
  assert.equal(await selected(), "skopeo");
  await page.reload();
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  await example(page, 0);
  assert.equal(await selected(), "docker");
});

test("a command breaks at spaces, and in a word only where the word alone is too long", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await example(page, 2);
  await unfold(page, "Check it yourself");
  for (const width of [1280, 820, 390, 320]) await t.test(`at ${width} px`, async () => {
    await page.setViewportSize({ width, height: 900 });
    const tabs = page.locator("#answer [role=tab]");
    for (let i = 0; i < (await tabs.count()); i += 1) {
      await tabs.nth(i).click();
      const words = await page.locator("#answer [role=tabpanel]:visible .unbroken").evaluateAll((all) =>
        all.map((word) => {
          const whole = word.cloneNode();
          whole.textContent = word.textContent;
          Object.assign(whole.style, { position: "absolute", maxWidth: "none", whiteSpace: "nowrap" });
          word.after(whole);
          const needed = whole.getBoundingClientRect().width;
          whole.remove();
          const line = parseFloat(getComputedStyle(word).lineHeight);
          return { text: word.textContent, needed, room: word.closest("pre").clientWidth, lines: Math.round(word.getBoundingClientRect().height / line) };
        }));
      assert.ok(words.length > 0);
      for (const { text, needed, room, lines } of words) assert.ok(lines === 1 || needed > room, `${text} in ${lines} lines, ${needed} of ${room}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    }
  });
});

test("a comparison fits, and nothing lies over anything", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  for (const width of [600, 620, 700, 800, 900, 1000, 1100, 1200]) await t.test(`at ${width} px`, async () => {
    await page.setViewportSize({ width, height: 900 });
    for (const i of [0, 2, 5]) {
      await example(page, i);
      const fits = () => page.locator("#answer .canvas").evaluate((canvas) => canvas.scrollWidth <= canvas.clientWidth);
      if (await page.isVisible("#answer .drawing")) {
        await page.waitForFunction(() => document.querySelector("#answer .canvas").scrollWidth <= document.querySelector("#answer .canvas").clientWidth);
        assert.ok(await fits());
        const rects = await page.locator("#answer g.box rect").evaluateAll((all) => all.map((rect) => { const { x, y, width, height } = rect.getBBox(); return { x, y, width, height }; }));
        rects.forEach((one, n) => assert.ok(!rects.slice(n + 1).some((other) => Math.abs(one.x - other.x) < one.width && Math.abs(one.y - other.y) < one.height)));
      }
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
      await page.click("#leave");
      await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
    }
  });
});
