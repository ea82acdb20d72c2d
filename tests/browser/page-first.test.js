// The first view: how much travels before the page takes input, and that what is given before the module is there is
// read once it is.

import assert from "node:assert/strict";
import test from "node:test";
import { brotliCompressSync } from "node:zlib";
import { answered, guide, openPage, status, word } from "./page.mjs";

// Bytes, compressed as hosts compress them: the module, and all else that the first view asks for.
const MODULE = 305_000;
const CEILING = 60_000;

test("the first load is under its ceilings, and what reads and answers comes later", async (t) => {
  const bodies = new Map();
  const taken = [];
  const watching = (page) => {
    page.context().on("response", (response) => {
      const name = new URL(response.url()).pathname.slice(1).replace(/^build-[0-9a-f]{16}\//, "") || "index.html";
      taken.push(response.body().then((body) => bodies.set(name, body)));
    });
  };
  const { page } = await openPage(t, { watching });
  await page.waitForLoadState("networkidle");
  await Promise.all(taken);
  const names = [...bodies.keys()];
  for (const name of ["index.html", "style.css", "main.js", "worker/worker.js"]) assert.ok(names.includes(name), name);
  for (const name of ["desk.js", "drawing/drawing.js", "answer/render.js"]) assert.ok(!names.includes(name), name);
  assert.deepEqual(names.filter((name) => name.endsWith(".wasm")), ["pkg/pullproof_bg.wasm"]);
  const sizes = names.map((name) => [brotliCompressSync(bodies.get(name)).length, name]).sort(([one], [other]) => other - one);
  const rest = sizes.filter(([, name]) => !name.endsWith(".wasm"));
  const total = rest.reduce((sum, [size]) => sum + size, 0);
  t.diagnostic(`${total} bytes: ${sizes.map((row) => row.join(" ")).join(", ")}`);
  const [wasm] = sizes.find(([, name]) => name.endsWith(".wasm"));
  assert.ok(wasm <= MODULE, `${wasm} bytes of wasm, ceiling ${MODULE}`);
  assert.ok(total <= CEILING, `${total} bytes, ceiling ${CEILING}`);
});

test("the page takes input before the module is there, and reads it when it is", async (t) => {
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  const watching = (page) => page.route("**/pullproof_bg.wasm", async (route) => (await held, route.continue()));
  const { page } = await openPage(t, { watching, ready: false });
  await page.waitForSelector("#box:enabled");
  await page.fill("#box", guide("06-manifest-list"));
  await page.click("#giving button[type=submit]");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Reading…");
  assert.equal(await page.locator("#answer > *").count(), 0);
  letGo();
  await answered(page);
  assert.match(await word(page), /./);
  assert.match(await status(page), /^Answer: /);
});
