// Questions that follow from what is given: pulls of two registries, names that are too many, a tag that does not exist.

import assert from "node:assert/strict";
import test from "node:test";
import { fakeRegistry } from "./fake-registry.mjs";
import { answered, fetchMissing, give, headline, noGateway, openPage, status, summary, word } from "./page.mjs";

const digest = `sha256:${"5".repeat(64)}`;
const pulled = (image, found = digest) => {
  const [name, tag] = image.split(/:(?=[^/]*$)/);
  return `$ docker pull ${image}\n${tag}: Pulling from ${name}\nDigest: ${found}\nStatus: Downloaded newer image for ${image}\n${image}\n`;
};
const asked = (page) => page.textContent("#asked");
const compared = "Is b.example/x:1 the same as a.example/x:1?";

test("pulls of two registries ask whether they are the same, in one paste and in two", async (t) => {
  const { page } = await openPage(t);
  await give(page, pulled("a.example/x:1") + pulled("b.example/x:1"));
  assert.equal(await asked(page), compared);
  assert.equal(await headline(page), "Not proven");
  assert.match(await summary(page), /a\.example\/x:1 and b\.example\/x:1 have the same manifest/);
  await page.click("#leave");
  await give(page, pulled("a.example/x:1"));
  assert.match(await asked(page), /^What is this,/);
  await give(page, pulled("b.example/x:1", `sha256:${"6".repeat(64)}`));
  assert.equal(await asked(page), compared);
  // What somebody asks instead stays asked, whatever else is given.
  await page.click('#instead button[value="what"]');
  await answered(page);
  await give(page, pulled("a.example/x:1"));
  assert.match(await asked(page), /^What is /);
});

test("pulls of one registry, or of three images, ask nothing by themselves", async (t) => {
  const { page } = await openPage(t);
  for (const images of [["a.example/x:1", "a.example/x:2"], ["a.example/x:1", "b.example/x:1", "c.example/x:1"]]) {
    await give(page, images.map((image) => pulled(image)).join(""));
    assert.match(await asked(page), /^What is this,/, images.join());
    await page.click("#leave");
  }
});

test("three names or more are said to be too many, and stay in the box", async (t) => {
  const { page } = await openPage(t);
  for (const [text, count] of [["a:1, b:1 and c:1", 3], ["nginx, redis, alpine, busybox", 4], ["docker pull nginx\ndocker pull redis\ndocker pull alpine", 3]]) {
    await give(page, text);
    assert.equal(await headline(page), "Too many images", text);
    assert.match(await summary(page), new RegExp(`this names ${count}\\. Remove all but two\\.`));
    assert.equal(await page.inputValue("#box"), text);
    await page.click("#leave");
    await page.waitForFunction(() => document.getElementById("answer").children.length === 0);
  }
  await give(page, "nginx and redis");
  assert.equal(await status(page), "Ready to compare docker.io/library/nginx:latest and docker.io/library/redis:latest.");
});

test("a tag that does not exist: which one it is, the nearest that does, and a button for that", async (t) => {
  const list = { body: JSON.stringify({ name: "demo/a", tags: ["latest", "1.8", "1.9"] }) };
  const answer = (path) => (path.startsWith("/v2/demo/a/tags/list") ? list : undefined);
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const registry = await fakeRegistry(t, { "demo/a:1.9": "buildx-attested" }, { answer });
    const expected = [...noGateway, /^status 404: \S+\/manifests\/1\.10$/];
    const { page } = await openPage(t, { viewport, allow: [registry.origin], expected });
    await give(page, `${registry.host}/demo/a:1.10`);
    await fetchMissing(page);
    assert.equal(await word(page), "Open");
    assert.match(await summary(page), new RegExp(`^${registry.host} has no demo/a:1\\.10, so `));
    assert.match(await page.innerText("#answer .next"), new RegExp(`^The nearest that exists is ${registry.host}/demo/a:1\\.9\\.`));
    const button = page.locator("#answer .next button", { hasText: " instead" });
    assert.equal(await button.innerText(), `Fetch ${registry.host}/demo/a:1.9 instead`);
    const { y, height } = await button.boundingBox();
    assert.ok(y + height <= viewport.height);
    assert.equal(registry.asked.filter(({ path }) => path.includes("/tags/list")).length, 1);
    await button.click();
    await page.waitForFunction(() => document.querySelector("#answer .mark")?.textContent === "✓");
    assert.match(await asked(page), /demo\/a:1\.9/);
  }
});
