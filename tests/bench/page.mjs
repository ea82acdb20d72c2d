// The cost of the page in Chromium. A test counts the bytes of the first view (page-first.test.js); this measures the time
// of an answer and a drawing.

import { join } from "node:path";
import { chromium } from "playwright-core";
import { chromium as executable } from "../../scripts/chromium.mjs";
import { root } from "../../scripts/command.mjs";
import { serve } from "../../scripts/serve.mjs";
import { image } from "../builders/images.mjs";

const RUNS = 15;

/** The rows of the table. */
export async function pageRows() {
  const { address, close } = await serve(join(root, "dist", "site"));
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: executable(), args });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(address);
    await page.waitForFunction(() => !document.getElementById("box").matches(":disabled"));
    const empty = await page.evaluate(answering, { text: "nothing that is known", runs: RUNS });
    const ten = await page.evaluate(answering, { text: documents(10), runs: RUNS });
    const drawing = await page.evaluate(drawingTime, { platforms: 499, runs: RUNS });
    return [
      ["verdict in Chromium after a paste of ten documents", `${ten.toFixed(0)} ms, beside ${empty.toFixed(0)} ms after a paste of nothing known`],
      ["drawing 500 nodes in Chromium, twelve platforms shown at first", `${drawing.first.toFixed(0)} ms`],
      ["the same with all of them shown", `${drawing.all.toFixed(0)} ms`],
    ];
  } finally {
    await browser.close();
    await close();
  }
}

/** So many documents of one image and of another, as somebody pastes them. */
function documents(count) {
  const bytes = ["buildx-attested", "mirror-recompressed"].flatMap((name) => image(name).documents.map((document) => document.bytes));
  return bytes.slice(0, count).map((one) => Buffer.from(one).toString()).join("\n\n");
}

/** In the page: the median time from a paste to the answer that is painted. */
async function answering({ text, runs }) {
  const answer = document.getElementById("answer");
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const times = [];
  for (let n = 0; n < runs + 2; n += 1) {
    const data = new DataTransfer();
    data.setData("text/plain", `${text}\n`);
    const start = performance.now();
    document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
    await new Promise((resolve) => {
      const look = () => answer.querySelector(".verdict") && !answer.hasAttribute("aria-busy") && (observer.disconnect(), resolve());
      const observer = new MutationObserver(look);
      observer.observe(answer, { attributes: true, childList: true });
    });
    await painted();
    times.push(performance.now() - start);
    document.querySelector("#pieces > li > .row > button").click();
    await painted();
  }
  // The first two load what answers, and warm it.
  return times.slice(2).sort((a, b) => a - b)[runs >> 1];
}

/** In the page: the median time of a drawing of an index with so many platforms, to the paint. */
async function drawingTime({ platforms, runs }) {
  const { drawingView } = await import(new URL("./drawing/drawing.js", document.querySelector("script[src]").src));
  const digest = (kind, n) => `sha256:${(n * 8 + kind).toString(16).padStart(64, "0")}`;
  const standing = { is: "proven", check: "hash", from: [{ via: "file", name: "a" }] };
  const claims = [{ statement: { kind: "bytes", digest: digest(0, 0), edits: [] }, standing }];
  for (let n = 1; n <= platforms; n += 1) {
    // Manifests alone: what else they name would be folded.
    claims.push({ statement: { kind: "bytes", digest: digest(1, n), edits: [] }, standing });
    claims.push({ statement: { kind: "names", parent: digest(0, 0), digest: digest(1, n), as: "manifest", platform: `linux/arm/v${n}` }, standing });
  }
  const report = { question: { ask: "what" }, claims };
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const median = (times) => times.sort((a, b) => a - b)[runs >> 1];
  const [first, all] = [[], []];
  for (let n = 0; n < runs; n += 1) {
    await painted();
    let start = performance.now();
    const drawing = drawingView(report);
    document.getElementById("answer").replaceChildren(drawing);
    await painted();
    first.push(performance.now() - start);
    start = performance.now();
    drawing.querySelector("button").click();
    await painted();
    all.push(performance.now() - start);
  }
  return { first: median(first), all: median(all) };
}
