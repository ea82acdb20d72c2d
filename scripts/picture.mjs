// The picture of an answer in the README, docs/answer.png, and beside it docs/answer.json, which says what it shows:
// a test asks the page again, and fails when it answers otherwise. Run it when that test fails.

import { createHash } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { chromium } from "playwright-core";
import { chromium as executable } from "./chromium.mjs";
import { main, root, say } from "./command.mjs";
import { serve } from "./serve.mjs";

const size = { width: 860, height: 548 };
const mostBytes = 60_000;

/** The answer of the example with a signature that is checked: what is shown of it, and the picture. */
export async function picture() {
  const server = await serve(join(root, "dist", "site"));
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: executable(), args: ["--disable-gpu", ...sandbox] });
  try {
    const page = await browser.newPage({ viewport: size, colorScheme: "light" });
    await page.goto(server.address);
    await page.click('#examples button[value="4"]');
    await page.waitForSelector("#answer svg");
    await page.evaluate(() => document.fonts.ready);
    const drawing = await page.$eval("#answer svg", (svg) => svg.outerHTML);
    const text = (await page.innerText("#answer")).split("\n").map((line) => line.trim().replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "…")).filter(Boolean).slice(0, 12);
    await page.$eval("#answer", (answer) => answer.scrollIntoView());
    await page.mouse.wheel(0, -12);
    const pixels = await page.evaluate(pixelsOf, (await page.screenshot()).toString("base64"));
    return { png: withPalette(Buffer.from(pixels, "base64"), size), shows: { text, drawing: `sha256:${createHash("sha256").update(drawing).digest("hex")}` } };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** In the page: the pixels of a picture, four bytes each, in base64. */
async function pixelsOf(base64) {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]));
  const context = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height }).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

/** A PNG with a palette (RFC 2083): flat colours and letters take a fraction of what Chromium writes. */
function withPalette(pixels, { width, height }) {
  const colours = Array.from({ length: width * height }, (_, i) => pixels.readUIntBE(i * 4, 3));
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  // The rest are shades at the edges of letters: the nearest of these will do.
  const kept = [...counts].sort(([, one], [, other]) => other - one).slice(0, 256).map(([colour]) => colour);
  const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const distance = (one, other) => channels(one).reduce((sum, value, i) => sum + (value - channels(other)[i]) ** 2, 0);
  const nearest = (colour) => kept.reduce((best, other, i) => (distance(colour, other) < distance(colour, kept[best]) ? i : best), 0);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(colour)]));
  const lines = Buffer.alloc((width + 1) * height);
  // Each line begins with its filter, here none.
  colours.forEach((colour, i) => (lines[i + Math.floor(i / width) + 1] = places.get(colour)));
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const palette = Buffer.from(kept.flatMap(channels));
  const chunks = [["IHDR", head], ["PLTE", palette], ["IDAT", deflateSync(lines, { level: 9 })], ["IEND", Buffer.alloc(0)]];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks.map(([name, data]) => chunk(name, data))]);
}

function chunk(name, data) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(checksum(named));
  return Buffer.concat([length, named, check]);
}

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    const { png, shows } = await picture();
    mkdirSync(join(root, "docs"), { recursive: true });
    writeFileSync(join(root, "docs", "answer.png"), png);
    writeFileSync(join(root, "docs", "answer.json"), `${JSON.stringify(shows, undefined, 2)}\n`);
    say(`docs/answer.png: ${statSync(join(root, "docs", "answer.png")).size} bytes, at most ${mostBytes}`);
  });
}
