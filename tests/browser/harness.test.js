// The browser tests rest on pages not failing quietly: each way of failing is seen.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { open } from "../support/browser.mjs";

const failures = {
  "an error in the console": ['console.error("broken")', /^console: broken$/],
  "an uncaught error": ['throw new Error("broken")', /^uncaught: Error: broken$/],
  "an uncaught error in a worker": [
    `new Worker(URL.createObjectURL(new Blob(['throw new Error("broken")'])))`,
    /broken/,
  ],
  "a missing file": ['fetch("missing")', /^status 404: http:.*missing$/],
  "a request elsewhere": [
    'fetch("https://example.com/").catch(() => {})',
    /^request to another origin: https:\/\/example.com\/$/,
  ],
  "a request elsewhere from a worker": [
    `new Worker(URL.createObjectURL(new Blob(['fetch("https://example.com/").catch(() => {})'])))`,
    /^request to another origin: https:\/\/example.com\/$/,
  ],
};

for (const [name, [script, expected]] of Object.entries(failures)) {
  test(`${name} is a problem`, { timeout: 10_000 }, async (t) => {
    const { page, problems } = await open(t, folderWith(t, script));
    // Each turn is one exchange with the page, in which what it has to report arrives.
    while (!problems.some((problem) => expected.test(problem))) await page.evaluate(() => 0);
    await page.close();
    problems.length = 0;
  });
}

test("a page without problems has none", async (t) => {
  const { page, problems } = await open(t, folderWith(t, 'document.title = "ready"'));
  await page.waitForFunction(() => document.title === "ready");
  assert.deepEqual(problems, []);
});

function folderWith(t, script) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-page-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const head = '<!doctype html><html lang="en"><link rel="icon" href="data:,">';
  writeFileSync(join(folder, "index.html"), `${head}<script type="module">${script}</script>`);
  return folder;
}
