// The drawing of made-up chains: no word lies over another, leaves its box or is crossed by a line, and all can be read;
// at the widths of a phone, a tablet and a desk, light and dark, in one page that is not loaded again.

import assert from "node:assert/strict";
import test from "node:test";
import { chain } from "../builders/chains.mjs";
import { openPage } from "./page.mjs";

const CHAINS = 200;

/** In the page: what is wrong with the drawings of these reports, and what they had to be looked at. */
async function looked(reports) {
  const { drawingView } = await import(new URL("./drawing/drawing.js", document.querySelector("script[src]").src));
  const answer = document.getElementById("answer");
  const [wrong, seen] = [[], { drawings: 0, texts: 0, differing: 0, back: 0, partings: 0, folded: 0, unfolded: 0, kinds: new Set(), colours: new Set() }];
  const rectOf = (one) => one.getBoundingClientRect();
  // So much may be cut of what a font keeps free around its letters.
  const over = (one, other, least = 1) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > least && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > least;
  const letters = (rect, by = 3) => ({ left: rect.left, right: rect.right, top: rect.top + by, bottom: rect.bottom - by });
  for (const [n, report] of reports.entries()) {
    const drawing = drawingView(report);
    if (drawing === undefined) continue;
    const section = document.createElement("section");
    section.append(drawing);
    answer.replaceChildren(section);
    // Its room is known in the next frame, and to the drawings after it.
    if (seen.drawings === 0) await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    // Some with what can be unfolded; most as they are at first.
    if (n % 20 === 0) {
      drawing.querySelector(".row button")?.click();
      let folded;
      for (let times = 0; times < 12 && (folded = drawing.querySelector(".box[aria-expanded=false]")); times += 1) folded.dispatchEvent(new MouseEvent("click"));
      seen.unfolded += 1;
    }
    const svg = drawing.querySelector(".canvas > svg");
    const outer = rectOf(svg);
    const boxes = [...svg.querySelectorAll(".box")].map((box) => ({ box, rect: rectOf(box.querySelector("rect")), name: box.getAttribute("aria-label") }));
    const texts = [...svg.querySelectorAll("text:not(.paper)")].map((text) => ({ text, of: text.closest(".box"), rect: letters(rectOf(text)), word: text.textContent }));
    const say = (what) => wrong.push(`chain ${n}: ${what}`);
    boxes.forEach(({ rect, name }, i) => {
      if (rect.left < outer.left || rect.right > outer.right || rect.bottom > outer.bottom) say(`${name} is outside the drawing`);
      for (const other of boxes.slice(i + 1)) if (over(rect, other.rect, 0)) say(`${name} lies over ${other.name}`);
    });
    texts.forEach(({ of, rect, word }, i) => {
      for (const other of texts.slice(i + 1)) if (over(rect, other.rect)) say(`“${word}” lies over “${other.word}”`);
      for (const { box, rect: around, name } of boxes) {
        if (box !== of && over(rect, around, 0)) say(`“${word}” lies over ${name}`);
        if (box === of && (rect.left < around.left + 3 || rect.right > around.right - 3 || rect.top < around.top || rect.bottom > around.bottom)) say(`“${word}” leaves ${name}`);
      }
      if (of === null && (rect.left < outer.left || rect.right > outer.right)) say(`“${word}” is outside the drawing`);
    });
    // Words in no box are crossed by no line, unless they have a ground of their own and lie over all lines.
    const free = texts.filter(({ of }) => of === null);
    const grounded = ({ text }) => { const { paintOrder, stroke, strokeWidth } = getComputedStyle(text); return paintOrder.startsWith("stroke") && stroke === getComputedStyle(text.closest(".canvas")).backgroundColor && parseFloat(strokeWidth) >= 5; };
    const bare = free.filter((one) => !grounded(one));
    const last = [...svg.querySelectorAll(".edge")].at(-1);
    for (const one of free) if (!bare.includes(one) && one.text.compareDocumentPosition(last) & Node.DOCUMENT_POSITION_FOLLOWING) say(`a line lies over “${one.word}”`);
    if (bare.length > 0) {
      const scale = outer.width / svg.viewBox.baseVal.width;
      for (const path of svg.querySelectorAll(".edge path")) {
        const long = path.getTotalLength();
        for (let at = 0; at <= long; at += 6) {
          const { x, y } = path.getPointAtLength(at);
          const [left, top] = [outer.left + x * scale, outer.top + y * scale];
          const crossed = bare.find(({ rect }) => left > rect.left && left < rect.right && top > rect.top && top < rect.bottom);
          if (crossed) { say(`a line crosses “${crossed.word}”`); break; }
        }
      }
    }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth) say("the page is too wide");
    if (svg.getAttribute("width") * 0.85 > outer.width) say(`drawn at ${outer.width} of ${svg.getAttribute("width")}`);
    for (const { text, of } of texts) {
      // Of one kind in a box of one kind all are coloured alike.
      const kinds = `${text.getAttribute("class")} in ${of?.getAttribute("class")}`;
      if (seen.kinds.has(kinds)) continue;
      seen.kinds.add(kinds);
      seen.colours.add(`${getComputedStyle(text).fill} on ${of === null ? getComputedStyle(drawing.querySelector(".canvas")).backgroundColor : getComputedStyle(of.querySelector("rect")).fill}`);
    }
    seen.drawings += 1;
    seen.texts += texts.length;
    seen.partings += free.filter(({ text }) => text.classList.contains("parting")).length;
    for (const [name, kind] of [["differing", ".differs"], ["back", ".back"], ["folded", ".box:not(.group)[aria-expanded=false]"]]) seen[name] += svg.querySelectorAll(`.box${kind.replace(/^\.box/, "")}`).length;
  }
  // What a colour is in numbers a canvas tells.
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const pair of seen.colours) {
    const [high, low] = pair.split(" on ").map(light).sort((one, other) => other - one);
    if ((high + 0.05) / (low + 0.05) < 4.5) wrong.push(`${pair}: ${((high + 0.05) / (low + 0.05)).toFixed(2)} to 1`);
  }
  return { wrong, seen: { ...seen, kinds: seen.kinds.size, colours: seen.colours.size } };
}

test("the labels of 200 chains never collide, at three widths, light and dark", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 800 } });
  const made = Array.from({ length: CHAINS }, (_, seed) => chain(seed));
  // Handed to the page once, as one text: value by value and for each look, it was most of the time.
  const reports = await page.evaluateHandle((text) => JSON.parse(text), JSON.stringify(made));
  for (const width of [1280, 768, 390]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      const { wrong, seen } = await page.evaluate(looked, reports);
      assert.deepEqual(wrong.slice(0, 12), [], `${wrong.length} at ${width}, ${colorScheme}`);
      // There was something to be looked at, of each kind.
      assert.ok(seen.drawings >= CHAINS * 0.9 && seen.texts > 40 * CHAINS, JSON.stringify(seen));
      for (const kind of ["differing", "back", "partings", "folded"]) assert.ok(seen[kind] > 40, `${kind}: ${JSON.stringify(seen)}`);
    }
  }
});
