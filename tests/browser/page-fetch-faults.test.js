// Registries that fail, lie or do not answer, and a reader who stops: what is shown is never more
// than what came.

import assert from "node:assert/strict";
import test from "node:test";
import { fakeRegistry, said } from "./fake-registry.mjs";
import {
  answered,
  document_,
  fetchMissing,
  give,
  noGateway,
  notForPages,
  openPage,
  part,
  status,
  summary,
  word,
} from "./page.mjs";

const IMAGES = { "demo/a:1": "buildx-attested", "demo/s:1": "buildx-single" };

/** A registry that does this, and a page that was asked to fetch an image of it. */
async function fetched(t, image, options, expected = []) {
  const registry = await fakeRegistry(t, IMAGES, options);
  const { page } = await openPage(t, { allow: [registry.origin], expected: [...noGateway, ...expected] });
  await give(page, `${registry.host}/${image}`);
  await fetchMissing(page);
  return { registry, page };
}

const reported = (status) => [
  new RegExp(`^status ${status}: \\S+/v2/`),
  new RegExp(`^console: Failed to load resource: .* ${status} `),
];
const html = { headers: { "content-type": "text/html" }, body: "<!doctype html><title>Log in</title><form>" };
const busy = {
  status: 429,
  headers: { "retry-after": "7200", "access-control-expose-headers": "retry-after" },
  body: said("TOOMANYREQUESTS", "the limit was reached"),
};

const faults = {
  "R11 a page instead of a manifest": [
    { answer: () => html },
    /\S+ answered with a web page \("text\/html"\) instead of a manifest/,
    [],
  ],
  "404, with what is not there": [
    { answer: () => ({ status: 404, body: said("MANIFEST_UNKNOWN", "gone") }) },
    /127\.0\.0\.1:\d+ has no demo\/a:1/,
    reported(404),
  ],
  "R12 429, and how long to wait": [
    { answer: () => busy },
    /allows no more requests now \(status 429, .TOOMANYREQUESTS: the limit was reached.\); try again in 120 minutes/,
    reported(429),
  ],
  403: [{ answer: () => ({ status: 403 }) }, /does not let you read demo\/a:1 \(status 403\)/, reported(403)],
  "a registry that pages may not read": [
    { cors: false },
    /127\.0\.0\.1:\d+ cannot be read by a web page, or cannot be reached/,
    notForPages,
  ],
};

for (const [name, [options, reason, expected]] of Object.entries(faults)) {
  test(`${name}: said, and what to paste instead`, async (t) => {
    const { registry, page } = await fetched(t, "demo/a:1", options, expected);
    assert.equal(await word(page), "Open");
    assert.match(
      await status(page),
      /^Fetched 0 of 1 document, 0 bytes, 1 could not be fetched\. (?:A registry asks for a login: see “Private registry”\. )?Answer: Not read\.?.*\.$/,
    );
    const next = await page.innerText("#answer .verdict");
    assert.match(next, reason);
    assert.ok((await page.textContent("#answer")).includes(`docker buildx imagetools inspect --raw ${registry.host}/demo/a:1`), next);
    assert.equal(await page.locator("#fetched").count(), 0);
    assert.equal(await page.textContent("#answer .offer button"), "Fetch again");
  });
}

test("what failed can be asked for again", async (t) => {
  let down = true;
  const answer = () => (down ? { status: 403 } : undefined);
  const { page } = await fetched(t, "demo/s:1", { answer }, reported(403));
  assert.equal(await word(page), "Open");
  down = false;
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.doesNotMatch(await page.textContent("#answer"), /status 403/);
});

test("bytes of another digest contradict, also after another paste", async (t) => {
  const wrong = document_("buildx-docker-amd64-manifest").bytes;
  const digest = document_("buildx-attested-amd64-manifest").digest;
  const answer = (path) =>
    path.endsWith(digest)
      ? { headers: { "content-type": "application/vnd.docker.distribution.manifest.v2+json" }, body: wrong }
      : undefined;
  const { registry, page } = await fetched(t, "demo/a:1", { answer });
  const contradicted = async () => {
    assert.equal(await word(page), "Contradicted");
    const sides = await part(page, "Contradictions");
    for (const side of [digest, document_("buildx-docker-amd64-manifest").digest]) {
      assert.ok(sides.includes(side) || sides.includes(`${side.slice(0, 15)}…${side.slice(-6)}`), sides);
    }
  };
  await contradicted();
  const before = registry.asked.length;
  await give(page, "this is not recognised");
  await contradicted();
  assert.equal(registry.asked.length, before);
  // The same again is one contradiction, not two.
  await fetchMissing(page);
  await contradicted();
  assert.equal((await part(page, "Contradictions")).match(/Expected/g).length, 1);
});

/** A registry whose configurations wait until they are let go. */
function slow() {
  let letGo;
  const gone = new Promise((resolve) => (letGo = resolve));
  return { letGo, answer: (path) => (path.includes("/blobs/") ? gone : undefined) };
}

async function underWay(t, options) {
  const registry = await fakeRegistry(t, IMAGES, options);
  const { page } = await openPage(t, {
    allow: [registry.origin],
    expected: [...noGateway, /^request failed: \S+\/blobs\/\S+: net::ERR_ABORTED$/],
  });
  await give(page, `${registry.host}/demo/a:1`);
  await page.click("#answer .offer button");
  await page.waitForFunction(() =>
    /^Fetched 5 of 7 documents/.test(document.querySelector("#answer .offer p")?.textContent),
  );
  return { registry, page };
}

test("progress is shown, and told seldom", async (t) => {
  const { answer, letGo } = slow();
  const { page } = await underWay(t, { answer });
  assert.equal(await page.locator("#answer .verdict").count(), 0);
  assert.equal(await page.getAttribute("#answer", "aria-busy"), "true");
  assert.deepEqual(await page.$eval("progress", ({ value, max }) => [value, max]), [5, 7]);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Stop");
  // From the first text to the newest; what was between was not read aloud.
  await page.waitForFunction(() =>
    /^Fetched 5 of 7 documents, [\d,]+ bytes\.$/.test(document.getElementById("status").textContent),
  );
  letGo();
  await answered(page);
  assert.match(await status(page), /^Fetched 7 of 7 documents, [\d,]+ bytes\. Answer: .+\.$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "answer");
});

test("what came before it was stopped stays, and nothing is said of the rest", async (t) => {
  const { answer } = slow();
  const { registry, page } = await underWay(t, { answer });
  await page.keyboard.press("Enter");
  await answered(page);
  assert.match(await status(page), /^Stopped\. Fetched 5 of 7 documents, [\d,]+ bytes\. Answer: /);
  assert.match(await summary(page), /demo\/a:1 is an image index for .* 4 documents that it names are here too\./);
  assert.match(await page.textContent("#fetched"), /^Fetched: 5 documents from /);
  // The next time goes on from there.
  const before = registry.asked.length;
  await page.click("#answer .offer button");
  await page.waitForFunction(() => document.querySelector("progress")?.max === 2);
  await page.click("#answer .offer button");
  await answered(page);
  assert.ok(
    registry.asked.slice(before).every(({ path }) => path.includes("/blobs/")),
    "asked for what was there",
  );
});

test("a change stops what is being fetched for the question before", async (t) => {
  const { answer } = slow();
  const { page, registry } = await underWay(t, { answer });
  await give(page, "this is not recognised");
  assert.match(await status(page), /^Fetching was stopped, because something was changed\. Answer: /);
  assert.equal(await page.locator("progress").count(), 0);
  assert.match(await summary(page), /demo\/a:1 is an image index for .* 4 documents that it names are here too\./);
  assert.equal(await page.textContent("#answer .offer button"), `Fetch from ${registry.host}`);
});

test("a trap while fetching leaves nothing that was fetched, and no verdict", async (t) => {
  const before = async ({ page }) => {
    await page.route("**/pullproof.js", async (route) => {
      const response = await route.fetch();
      const code = await response.text();
      const edited = code.replace(
        "    respond(",
        "    respond() { throw new WebAssembly.RuntimeError('unreachable'); }\n    before(",
      );
      assert.notEqual(edited, code);
      await route.fulfill({ response, body: edited });
    });
  };
  const registry = await fakeRegistry(t, IMAGES);
  const { page } = await openPage(t, { before, allow: [registry.origin], expected: noGateway });
  await give(page, `${registry.host}/demo/a:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Could not check");
  await page.waitForFunction(
    () => document.getElementById("status").textContent === "Could not check. Ready again.",
  );
  assert.doesNotMatch(await page.textContent("#answer"), /proven/i);
  assert.equal(await page.isVisible("#given"), false);
  await give(page, "this is not recognised");
  assert.equal(await word(page), "Open");
});
