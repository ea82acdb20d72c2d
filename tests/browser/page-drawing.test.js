// The chain as a drawing, and the examples: the nodes, their places, and the words for screen readers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { examplesFile, examplesPath } from "../builders/examples.mjs";
import { findings } from "./axe.mjs";
import { answered, give, openPage, part, status, word } from "./page.mjs";

const CONFIG = "sha256:010021e00e0910d0b73d0bfc9cb58ce583e96f3ad69fc6ee4a7a41baa707d7f7";
const VERDICTS = ["Proven", "Proven", "Contradicted", "Stated", "Proven", "Stated", "Proven"];

async function example(page, i) {
  await page.locator("#examples button").nth(i).click();
  await answered(page);
}

/** The drawing's boxes: their words and where they stand. */
const boxes = (page) =>
  page.locator("#answer g.box").evaluateAll((all) =>
    all.map((box) => {
      const { x, y, width, height } = box.querySelector("rect").getBBox();
      const fits = [...box.querySelectorAll("text")].every((text) => text.getBBox().width <= width - 12);
      return { label: box.getAttribute("aria-label"), both: box.classList.contains("both"), x, y, width, height, fits };
    }),
  );

test("the examples’ documents are as they were built", () => {
  assert.equal(readFileSync(examplesPath, "utf8"), examplesFile());
});

test("two images meet where they are equal, and what is equal is drawn once", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  await example(page, 5);
  const drawn = await boxes(page);
  const config = drawn.filter(({ label }) => label.includes(CONFIG));
  assert.equal(config.length, 1);
  assert.match(config[0].label, /^image configuration · linux\/amd64 010021e0…07d7f7 stated, same on both(?: \d+ B)?, .*on both sides$/);
  const x = (start) => drawn.filter(({ label }) => label.includes(start)).map((box) => box.x);
  for (const a of [...x("index 5de58646"), ...x("sha256:2ced2d99")]) assert.ok(a < config[0].x);
  for (const b of [...x("sha256:ec6a77ec"), ...x("public.ecr.aws")]) assert.ok(b > config[0].x);
  assert.equal(drawn.filter(({ both }) => both).length, 1);
  const edges = await page.locator("#answer .canvas .edge title").allTextContents();
  assert.equal(edges.filter((edge) => edge === "config: stated").length, 2);
  assert.equal(edges.filter((edge) => edge === "manifest: proven").length, 2);
});

test("every example says its verdict and that it is one, and asks nobody", async (t) => {
  const { page, address } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  await page.waitForLoadState("networkidle");
  const requests = [];
  // The module that knows keys is this page's own.
  const own = (url) => /^http:\/\/127\.0\.0\.1:\d+\/build-[0-9a-f]+\/pkg\/full(\.js|_bg\.wasm)$/.test(url);
  page.context().on("request", (request) => own(request.url()) || requests.push(request.url()));
  for (const [i, verdict] of VERDICTS.entries()) {
    await example(page, i);
    assert.equal(await word(page), verdict);
    assert.match(await status(page), /^Answer: /);
    assert.match(await page.innerText("#example"), /^This is an example, “[^”]+”: the page filled in the evidence and the question\./);
    assert.equal(await page.isVisible("#trying"), false);
    const drawn = await boxes(page);
    for (const [n, one] of drawn.entries()) {
      assert.ok(one.fits, one.label);
      const over = drawn.slice(n + 1).find((other) => Math.abs(one.x - other.x) < one.width && Math.abs(one.y - other.y) < one.height);
      assert.equal(over, undefined, `${one.label} lies over ${over?.label}`);
    }
    await page.click("#leave");
    await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
    assert.ok(await page.isVisible("#trying"));
    assert.equal(await page.inputValue("[name=left]"), "");
  }
  for (const url of requests) assert.match(url, new RegExp(`^${address}[\\w/-]+\\.js$`));
});

test("where a tampered copy parts from the original is a line of its own", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  await example(page, 2);
  const across = await page.locator("#answer .canvas .edge.contradicted").allTextContents();
  assert.deepEqual(across, ["differ: contradicted"]);
});

test("the drawing is walked by keyboard", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  await example(page, 1);
  await page.focus("#answer");
  const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  // What is above it comes first.
  for (let i = 0; i < 12 && !/^reference /.test(await label()); i += 1) await page.keyboard.press("Tab");
  assert.match(await label(), /^reference .*stated, lighthouse\.example\/beacon:1\.0$/);
  await page.keyboard.press("ArrowRight");
  assert.match(await label(), /^index 83cc2954…05b9cd proven \d+ B, sha256:83cc2954/);
  const details = page.locator("#answer .details");
  assert.match(await details.innerText(), /sha256:83cc295433cdbad258135b46e764b6b92bd89e47fea54abeeb510e6a8905b9cd/);
  await page.keyboard.press("End");
  assert.match(await label(), /^2 layers .*not hashed/);
  assert.equal(await details.locator("li > span button.digest").count(), 2);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Copy");
});

test("no finding of axe with a drawing, dark and light, and with a node chosen", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  for (const i of VERDICTS.keys()) {
    await example(page, i);
    await page.locator("#answer g.box").last().focus();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await findings(page), [], `${colorScheme}, ${i}`);
    }
    await page.click("#leave");
    await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
  }
});

test("a phone has the drawing too, in one column, and nothing is wider than the page", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 320, height: 700 } });
  for (const width of [320, 390, 620, 900, 1280]) {
    await page.setViewportSize({ width, height: 700 });
    for (const i of VERDICTS.keys()) {
      await example(page, i);
      assert.ok(await page.isVisible("#answer .drawing"));
      await page.waitForFunction(() => document.querySelector("#answer .canvas").scrollWidth <= document.querySelector("#answer .canvas").clientWidth);
      const drawn = await boxes(page);
      for (const [n, one] of drawn.entries()) {
        assert.ok(one.fits, `${one.label} at ${width}`);
        if (width > 400) continue;
        // One column: no two boxes are beside each other.
        for (const other of drawn.slice(n + 1)) assert.ok(one.y + one.height <= other.y, `${one.label} and ${other.label} at ${width}`);
      }
      assert.match(await part(page, "Documents"), /^index/m);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${over} too wide at ${width}`);
      await page.click("#leave");
      await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
    }
  }
});

test("on a phone A is to the left, B to the right, and what is equal is drawn once between them", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 390, height: 844 } });
  await example(page, 2);
  await page.waitForFunction(() => document.querySelector("#answer .canvas > svg").getAttribute("width") < 390);
  const drawn = await boxes(page);
  const words = ["A lighthouse", "B mirror", "A: index", "B: index", "A: manifest · linux/arm64", "B: manifest · linux/arm64", "A: configuration", "B: configuration", "1 layer, named by B only", "2 layers, named by both", "manifest · linux/amd64"];
  assert.deepEqual(drawn.map(({ label }, i) => label.slice(0, words[i]?.length)), words);
  const width = await page.locator("#answer .canvas > svg").evaluate((svg) => svg.viewBox.baseVal.width);
  for (const { label, both, x, width: wide } of drawn) {
    const middle = x + wide / 2 - width / 2;
    if (both) assert.ok(Math.abs(middle) < 1, label);
    else assert.ok(/^A/.test(label) ? middle < 0 : middle > 0, label);
  }
  assert.equal(drawn.filter(({ label }) => label.includes("linux/amd64")).length, 1);
});

test("of what differs the drawing begins with that, and what is equal steps back", async (t) => {
  for (const width of [1280, 390]) {
    const { page } = await openPage(t, { viewport: { width, height: 900 } });
    await example(page, 2);
    await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
    const seen = await page.locator("#answer g.box").evaluateAll((all) => all.map((box) => {
      const rect = box.querySelector("rect");
      const { stroke, strokeWidth } = getComputedStyle(rect);
      return { label: box.getAttribute("aria-label"), differs: box.classList.contains("differs"), back: box.classList.contains("back"), stroke, wide: parseFloat(strokeWidth), y: rect.getBBox().y };
    }));
    const differing = seen.filter(({ differs }) => differs);
    assert.deepEqual(differing.map(({ label }) => /^.*configuration · ?\w+.*differs from the other side$/.test(label) || label), [true, true]);
    const back = seen.filter((one) => one.back);
    assert.deepEqual(back.map(({ label }) => /on both sides/.test(label) || label), back.map(() => true));
    assert.ok(back.length >= 2);
    for (const one of back) for (const other of differing) assert.ok(one.y > other.y && one.wide < other.wide && one.stroke !== other.stroke, one.label);
    const red = await page.evaluate(() => getComputedStyle(document.querySelector(".verdict.contradicted .word")).color);
    for (const { stroke } of differing) assert.equal(stroke, red);
    // The equal platform is one box, until it is unfolded.
    const equal = page.locator("#answer g.box[aria-expanded=false]", { hasText: "linux/amd64" });
    const before = await page.locator("#answer g.box").count();
    assert.match(await equal.getAttribute("aria-label"), /with image configuration and 2 layers/);
    await equal.focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#answer g.box").count(), before + 2);
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-expanded")), "true");
  }
});

test("the chosen node is marked, by whatever it was chosen, and nothing moves", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  await example(page, 1);
  const marked = () => page.locator("#answer .canvas").evaluate((canvas) => {
    const ring = canvas.querySelector(".ring").getBBox();
    const around = ({ x, y, width, height }) => ring.x < x && ring.y < y && ring.x + ring.width > x + width && ring.y + ring.height > y + height;
    return [...canvas.querySelectorAll(".box")].filter((box) => box.getAttribute("aria-current") === "true" && around(box.querySelector("rect").getBBox())).map((box) => box.getAttribute("aria-label").slice(0, 20));
  });
  const ring = page.locator("#answer .ring");
  assert.equal(await ring.isVisible(), false);
  await page.locator("#answer g.box", { hasText: "index" }).click();
  assert.deepEqual(await marked(), ["index 83cc2954…05b9c"]);
  await page.keyboard.press("ArrowRight");
  const [next] = await marked();
  assert.match(next, /^manifest/);
  // It stays marked where the focus has gone on, and where its group is drawn anew.
  await page.focus("#answer summary");
  assert.deepEqual(await marked(), [next]);
  await page.locator("#answer g.group", { hasText: "attestations" }).click();
  assert.match((await marked())[0], /^2 attestations/);
  assert.ok(await ring.isVisible());
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await page.emulateMedia({ media: "print" });
  assert.equal(await ring.isVisible(), false);
});

test("what is chosen on a phone is told on its screen, and does not cover it", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 390, height: 600 } });
  await example(page, 2);
  await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
  const all = page.locator("#answer g.box");
  for (let i = 0; i < (await all.count()); i += 1) {
    await all.nth(i).focus();
    const { box, details, high } = await page.evaluate(() => ({ box: document.activeElement.getBoundingClientRect(), details: document.querySelector("#answer .details").getBoundingClientRect(), high: innerHeight }));
    assert.ok(details.top < high && box.top >= 0 && box.bottom <= details.top, JSON.stringify({ i, box, details }));
  }
});

test("many platforms stay readable: some at once, by name, or all", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  const digest = (n) => `sha256:${n.toString(16).padStart(64, "0")}`;
  const manifests = Array.from({ length: 40 }, (_, n) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: digest(n + 1),
    size: 500,
    platform: { architecture: "amd64", os: "linux", variant: `v${n + 10}` },
  }));
  await give(page, JSON.stringify({ schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests }));
  const count = () => page.locator("#answer g.box").count();
  assert.equal(await count(), 13);
  await page.click("#answer .drawing > .row button");
  assert.equal(await count(), 41);
  await page.fill("#answer .drawing > .row input", "v33");
  assert.equal(await count(), 2);
  await page.fill("#answer .drawing > .row input", "no such");
  assert.equal(await count(), 1);
});
