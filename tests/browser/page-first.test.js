// The first view: how much travels for it, and what does not.

import assert from "node:assert/strict";
import test from "node:test";
import { brotliCompressSync } from "node:zlib";
import { openPage } from "./page.mjs";

// Bytes of everything that the first view asks for, compressed as hosts compress it.
const CEILING = 150_000;

test("the first load is under its ceiling, and what reads and answers comes later", async (t) => {
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
  for (const name of ["index.html", "style.css", "main.js", "worker.js", "pkg/pullproof_bg.wasm"]) assert.ok(names.includes(name), name);
  for (const name of ["desk.js", "drawing.js", "render.js", "pkg/run.js", "pkg/full_bg.wasm", "pkg/registry_bg.wasm"]) assert.ok(!names.includes(name), name);
  const sizes = names.map((name) => [brotliCompressSync(bodies.get(name)).length, name]).sort(([one], [other]) => other - one);
  const total = sizes.reduce((sum, [size]) => sum + size, 0);
  t.diagnostic(`${total} bytes: ${sizes.map((row) => row.join(" ")).join(", ")}`);
  assert.ok(total <= CEILING, `${total} bytes, ceiling ${CEILING}`);
});
