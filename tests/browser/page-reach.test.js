// Within everybody's reach: targets large enough for a finger, text spaced as its reader wants it, the
// order in which the keyboard and a screen reader meet the answer.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { findings } from "./axe.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { answered, give, noGateway, openPage, openSite, status } from "./page.mjs";

const PHONE = { viewport: { width: 390, height: 844 } };
const DESKTOP = { viewport: { width: 1280, height: 900 } };

async function example(page, i) {
  await page.locator("#examples button").nth(i).click();
  await answered(page);
}

/** The receipt of an example's answer, given to the page anew. */
async function receipt(page) {
  await example(page, 0);
  const downloading = page.waitForEvent("download");
  await page.click('#keep button:text-is("Save receipt")');
  const path = await (await downloading).path();
  await page.click("#leave");
  await page.setInputFiles("#files", { name: "receipt.json", mimeType: "application/json", buffer: readFileSync(path) });
  await page.locator("#answer [aria-label=Receipt]").waitFor();
  await answered(page);
}

const states = {
  empty: async () => {},
  "two images": (page) => example(page, 0),
  "one image": (page) => example(page, 1),
  contradicted: (page) => example(page, 2),
  named: (page) => give(page, "alpine:3.20"),
  "long names": (page) => give(page, ["registry.example", "mirror.example"].map((host) => `${host}/${"a".repeat(127)}/${"b".repeat(100)}:${"t".repeat(128)}`).join(" ")),
  receipt,
  "a publisher’s page": async () => {},
  "a publisher’s answer": async (page) => {
    await give(page, "0.1.18");
  },
};

/** The page in one of these states. */
async function inState(t, name, options) {
  const { page } = await (name.startsWith("a publisher") ? openSite : openPage)(t, options);
  await states[name](page);
  return page;
}

for (const name of Object.keys(states)) {
  test(`every target is 24 pixels wide and high on a phone: ${name}`, async (t) => {
    const page = await inState(t, name, PHONE);
    await page.evaluate(openAll);
    assert.deepEqual(await page.evaluate(smallTargets), []);
  });

  test(`on a desk: ${name}`, async (t) => {
    const page = await inState(t, name, DESKTOP);
    await t.test("headings go down by one, regions have names of their own, one place tells", async () => {
      const levels = await page.locator("h1, h2, h3, h4, h5, h6").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map(({ tagName }) => Number(tagName[1])));
      assert.equal(levels[0], 1);
      levels.forEach((level, i) => assert.ok(i === 0 || (level > 1 && level <= levels[i - 1] + 1), levels.join(" ")));
      const regions = await page.locator("section, form, [role=region], [role=group]").evaluateAll((all) =>
        all.filter((one) => one.checkVisibility()).map((one) => one.getAttribute("aria-label") ?? document.getElementById(one.getAttribute("aria-labelledby"))?.textContent));
      assert.ok(regions.every(Boolean), regions.join(", "));
      assert.equal(new Set(regions).size, regions.length, regions.join(", "));
      assert.equal(await page.locator("[role=status], [role=alert], [aria-live]").count(), 1);
      assert.equal(await page.locator("main, [role=main]").count(), 1);
    });

    await t.test("Tab goes to all that can be pressed, in the order in which it is seen", async () => {
      // A drawing is drawn anew once its room is known, which is in the frame that follows.
      await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
      // What is known of a node follows the drawing once the node had the focus.
      await page.evaluate(() => document.querySelector('g.box[tabindex="0"]')?.focus());
      await page.evaluate(findStops);
      const expected = await page.evaluate(() => globalThis.stops().map((_, i) => i));
      await page.evaluate(() => globalThis.stops()[0].focus({ focusVisible: true }));
      const found = [];
      while (found.length < expected.length) {
        if (found.length > 0) await page.keyboard.press("Tab");
        const stop = await page.evaluate(focusedStop);
        assert.ok(stop.seen, `the focus is not seen on ${stop.name}`);
        found.push(stop);
      }
      assert.deepEqual(found.map(({ number }) => number), expected, found.map(({ name }) => name).join(" · "));
      found.forEach((stop, i) => {
        const before = found[i - 1];
        assert.ok(i === 0 || stop.bottom > before.top || stop.left > before.left, `${stop.name} is above ${before?.name}`);
      });
    });

    await t.test("with its text spaced out, and four times as large, nothing is cut off", async () => {
      await page.evaluate(openAll);
      await page.evaluate(spaceOut);
      for (const width of [1280, 640, 390, 320]) {
        await page.setViewportSize({ width, height: 256 });
        assert.deepEqual(await page.evaluate(cutOff), [], `at ${width} px`);
      }
      assert.deepEqual(await findings(page), []);
    });
  });
}

test("what a pointer presses in the question, the keyboard reaches by its summary", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await example(page, 5);
  const parts = page.locator("#asked .part");
  assert.deepEqual(await parts.evaluateAll((all) => all.map(({ dataset }) => dataset.name)), ["right", "left", "platform"]);
  for (let i = 0; i < 3; i += 1) {
    await parts.nth(i).click();
    assert.equal(await page.evaluate(() => document.activeElement.name), await parts.nth(i).getAttribute("data-name"));
    await page.evaluate(() => (document.getElementById("asking").open = false));
  }
  await page.focus("#asking > summary");
  await page.keyboard.press("Enter");
  const reached = [];
  for (let i = 0; i < 5; i += 1) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.name));
  }
  assert.deepEqual(reached, ["ask", "left", "right", "level", "platform"]);
});

test("a node that is scrolled under a pointer at rest is not taken for one that was pointed at", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await example(page, 5);
  const boxes = page.locator("#answer g.box");
  const shown = () => page.textContent("#answer .details");
  await boxes.first().focus();
  const chosen = await shown();
  await page.focus("#answer summary");
  const third = boxes.nth(2);
  await third.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await third.boundingBox();
  const at = { x: x + width / 2, y: y + height / 2 };
  // The pointer rests where the scrolling brings that node.
  const top = await page.evaluate(() => scrollY);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await page.mouse.move(at.x, at.y);
  await third.evaluate((box) => box.addEventListener("pointerenter", () => (globalThis.entered = true)));
  await page.evaluate((top) => scrollTo(0, top), top);
  await page.waitForFunction(() => globalThis.entered);
  assert.equal(await shown(), chosen);
  await page.mouse.move(at.x + 3, at.y + 3);
  await page.waitForFunction((before) => document.querySelector("#answer .details").textContent !== before, chosen);
});

test("on a page that runs from right to left the drawing’s words stay in their boxes", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  await example(page, 2);
  const outside = await page.locator("#answer g.box").evaluateAll((all) =>
    all.flatMap((box) => {
      const { x, width } = box.querySelector("rect").getBBox();
      return [...box.querySelectorAll("text")].filter((text) => text.checkVisibility()).filter((text) => text.getBBox().x < x || text.getBBox().x + text.getBBox().width > x + width).map((text) => text.textContent);
    }));
  assert.deepEqual(outside, []);
  const [mark, says] = await Promise.all(["#answer .mark", "#answer .says"].map((one) => page.locator(one).boundingBox()));
  assert.ok(mark.x >= says.x + says.width, "the mark is where reading begins");
  await page.click("#given > summary");
  await page.click("#pieces summary");
  assert.equal(await page.locator("#pieces pre").first().evaluate((pre) => getComputedStyle(pre).direction), "ltr");
});

test("where the reader chose the colours, the drawing has no others", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await page.emulateMedia({ forcedColors: "active" });
  await example(page, 2);
  const colours = await page.locator("#answer .canvas").evaluate((canvas) => {
    const probe = document.createElement("p");
    probe.style.color = "CanvasText";
    canvas.append(probe);
    const ink = getComputedStyle(probe).color;
    probe.style.color = "Canvas";
    const paper = getComputedStyle(probe).color;
    probe.remove();
    const all = (selector, property) => [...new Set([...canvas.querySelectorAll(selector)].map((one) => getComputedStyle(one)[property]))];
    return { ink, paper, words: all("text", "fill"), strokes: all("g.box rect", "stroke"), fills: all("g.box rect", "fill") };
  });
  assert.deepEqual([colours.words, colours.strokes, colours.fills], [[colours.ink], [colours.ink], [colours.paper]]);
});

test("on paper a digest is on one line, and nothing says that there is more to unfold", async (t) => {
  // As wide as A4 between its margins.
  const { page } = await openPage(t, { viewport: { width: 680, height: 960 } });
  await example(page, 0);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const lines = await page.locator(".digest .whole, #pieces .paper-only").evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => one.textContent && Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight))));
  assert.ok(lines.length > 10);
  assert.deepEqual([...new Set(lines)], [1]);
  assert.equal(await page.locator(".compared .node > details").evaluateAll((all) => all.some((one) => one.checkVisibility())), false);
  assert.deepEqual(await page.locator("h3").evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).breakAfter))]), ["avoid"]);
});

test("who wants less motion sees none", async (t) => {
  const { page } = await openPage(t, { ...DESKTOP, reducedMotion: "reduce" });
  await example(page, 2);
  assert.deepEqual(await page.evaluate(() => document.getAnimations().length), 0);
  assert.ok(await page.locator("*").evaluateAll((all) => all.every((one) => /^0s(, 0s)*$/.test(getComputedStyle(one).transitionDuration))));
});

test("a receipt’s answer comes first, as any other, and goes with the next thing that is given", async (t) => {
  const { page } = await openPage(t, DESKTOP);
  await receipt(page);
  assert.equal(await page.isVisible("#trying"), false);
  assert.equal(await page.isVisible(".lead"), false);
  await page.fill("#box", "alpine:3.20");
  await page.click("#giving button[type=submit]");
  await page.locator("#answer [aria-label=Receipt]").waitFor({ state: "detached" });
});

test("how far a fetch is, is seen once and told to who does not see it", async (t) => {
  const never = new Promise(() => {});
  const slow = await fakeRegistry(t, { "demo/a:1": "buildx-attested" }, { answer: (path) => (path.includes("/blobs/") ? never : undefined) });
  const { page } = await openPage(t, { ...DESKTOP, allow: [slow.origin], expected: [...noGateway, /^request failed: .*ERR_ABORTED$/] });
  await give(page, `${slow.host}/demo/a:1`);
  await page.click("#answer .offer button");
  await page.waitForFunction(() => document.querySelector("progress")?.value === 5);
  const seen = await page.textContent("#answer .offer p");
  assert.match(seen, /^Fetched 5 of 7 documents, /);
  await page.waitForFunction((told) => document.getElementById("status").textContent === told, `${seen}.`);
  assert.ok((await page.locator("#status").boundingBox()).height <= 1);
  await page.click("#answer .offer button");
  await page.waitForFunction(() => /^Stopped\./.test(document.getElementById("status").textContent));
  assert.ok((await page.locator("#status").boundingBox()).height > 1, await status(page));
});

async function openAll() {
  for (let closed; (closed = document.querySelector("details:not([open])")); ) {
    closed.open = true;
    // What is made when it is opened is made in the event that follows.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** WCAG 1.4.12. */
function spaceOut() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }");
  document.adoptedStyleSheets = [sheet];
}

/** Elements that hang out of the window, or are hidden by their container, and do not scroll there. */
function cutOff() {
  const shown = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility() && getComputedStyle(one).clipPath === "none" && !one.closest(".canvas, .aside, select, option, textarea"));
  const name = (one) => `${one.tagName} ${one.textContent.slice(0, 40)}`;
  const outside = shown.filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1);
  const hidden = shown.filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1);
  return [...outside, ...hidden].map(name);
}

/** WCAG 2.5.8, without its exceptions. What a label presses is as large as the label. */
function smallTargets() {
  const targets = [...document.querySelectorAll("button, a[href], summary, input, select, textarea, label.button, .part, [tabindex='0']")];
  return targets
    .filter((one) => one.checkVisibility() && !one.matches(".aside, :disabled") && one.closest("svg") === null)
    .map((one) => [one, (one.type === "radio" ? one.closest("label") : one).getClientRects()])
    .filter(([, rects]) => [...rects].every(({ width, height }) => width < 24 || height < 24))
    .map(([one, [{ width, height }]]) => `${one.tagName} ${one.textContent.slice(0, 30)} ${width} × ${height}`);
}

/** Lets what follows ask what Tab has to stop at, in the document's order. */
function findStops() {
  globalThis.stops = () => {
    const all = [...document.querySelectorAll("button, a[href], summary, input, select, textarea, [tabindex]")];
    return all.filter((one) => one.tabIndex >= 0 && one.checkVisibility() && !one.matches(":disabled, [type=radio]:not(:checked)"));
  };
}

/** The element with the focus, its place, and whether it can be seen. */
function focusedStop() {
  const element = document.activeElement;
  const outlined = element.matches("#files") ? element.nextElementSibling : element;
  const ring = getComputedStyle(outlined);
  const rect = outlined.querySelector(":scope > rect");
  const drawn = rect !== null && outlined.matches("g.box") && getComputedStyle(rect).strokeWidth === "3px";
  const { top, bottom, left } = outlined.getBoundingClientRect();
  return {
    number: globalThis.stops().indexOf(element),
    name: (element.getAttribute("aria-label") ?? element.textContent).slice(0, 40),
    seen: drawn || (ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2),
    top: top + scrollY,
    bottom: bottom + scrollY,
    left,
  };
}
