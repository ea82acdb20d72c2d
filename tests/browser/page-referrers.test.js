// Referrers and layers of an image, as nodes: one image and two, in the drawing and in the list.

import assert from "node:assert/strict";
import test from "node:test";
import { image } from "../builders/images.mjs";
import { findings } from "./axe.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { ask, fetchMissing, give, giveFiles, noGateway, openPage, part, unfold } from "./page.mjs";

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const IMAGES = {
  ...{ "demo/s:1": "buildx-single", "demo/s:log": "oras-artifact", "demo/a:1": "buildx-attested" },
  ...{ "demo/recompressed:1": "mirror-recompressed", "demo/relabelled:1": "mirror-relabelled", "demo/other:1": "podman-oci" },
};
const made = (n) => `sha256:${n.toString(16).padStart(64, "0")}`;
const LOG = image("oras-artifact").root;
const SINGLE = image("buildx-single").root;

/** A registry that lists these as referring to the single image, by the API or by the tag. */
async function registry(t, entries, { byTag = false, images = {} } = {}) {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries });
  const listed = { headers: { "content-type": INDEX }, body };
  const api = `/referrers/${SINGLE}`;
  const tag = `/manifests/${SINGLE.replace(":", "-")}`;
  const answer = (path) => (path.includes(api) ? (byTag ? { status: 404 } : listed) : byTag && path.endsWith(tag) ? listed : undefined);
  return fakeRegistry(t, { ...IMAGES, ...images }, { answer });
}

const log = { mediaType: MANIFEST, digest: LOG, size: image("oras-artifact").documents.at(-1).bytes.length, artifactType: "application/vnd.example.log" };
const bundle = (n) => ({ mediaType: MANIFEST, digest: made(n), size: 900, artifactType: BUNDLE });

async function opened(t, asked, viewport = { width: 1280, height: 900 }) {
  return (await openPage(t, { allow: [asked.origin], expected: [...noGateway, /^status 404: /], viewport })).page;
}

/** The drawing's boxes by their words, with where each stands. */
const boxes = (page) =>
  page.locator("#answer g.box").evaluateAll((all) =>
    all.map((box) => {
      const { x, y, width, height } = box.querySelector("rect").getBBox();
      return { label: box.getAttribute("aria-label"), expanded: box.getAttribute("aria-expanded"), both: box.classList.contains("both"), x, y, width, height, middle: y + height / 2 };
    }),
  );

const edges = (page) => page.locator("#answer .canvas .edge title").allTextContents();
const find = (drawn, start) => drawn.filter(({ label }) => label.startsWith(start));

async function noFindings(page) {
  assert.deepEqual(await findings(page), []);
}

test("listed referrers are stated, referrers that were read here are proven; both are below the image", async (t) => {
  const asked = await registry(t, [log, bundle(1)]);
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/s:1`);
  await fetchMissing(page);
  const drawn = await boxes(page);
  const [manifest] = find(drawn, "manifest");
  const [held] = find(drawn, `referrer example.log ${LOG.slice(7, 15)}`);
  assert.match(held.label, /proven \d+ B, application\/vnd\.example\.log, sha256:822bd828/);
  const [missing] = drawn.filter(({ label }) => label.includes(made(1)));
  assert.match(missing.label, /^referrer dev\.sigstore\.bundle\.v0\.3\+json .* missing/);
  for (const one of [held, missing]) assert.ok(one.y > manifest.y && one.x > manifest.x && one.x < manifest.x + manifest.width);
  assert.deepEqual((await edges(page)).filter((edge) => edge.startsWith("refers")).sort(), ["refers to it: proven", "refers to it: stated"]);
  // The contents of an artifact do not belong to the image.
  assert.equal(drawn.filter(({ label }) => /8a34f27b|44136fa3/.test(label)).length, 0);
  await page.locator("#answer g.box", { hasText: "example.log" }).click();
  const details = await page.innerText("#answer .details");
  assert.match(details, /is listed as referring to sha256:953650b5…0d04a3, as application\/vnd\.example\.log, by the referrers API.*: stated by http/s);
  assert.match(details, /names the subject sha256:953650b5…0d04a3: recomputed here, from http/);
  const documents = await part(page, "Documents");
  assert.match(documents, new RegExp(`^referrer sha256:${LOG.slice(7, 15)}…\\w+ proven`, "m"));
  assert.match(documents, /^listed as application\/vnd\.dev\.sigstore\.bundle\.v0\.3\+json$/m);
  await noFindings(page);
});

test("the details say that a list is a tag anybody may write; many of one kind are one node", async (t) => {
  const asked = await registry(t, [1, 2, 3, 4, 5].map(bundle), { byTag: true });
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/s:1`);
  await fetchMissing(page);
  const [group] = find(await boxes(page), "5 referrers");
  assert.equal(group.expanded, "false");
  await page.locator("#answer g.group", { hasText: "5 referrers" }).click();
  const drawn = await boxes(page);
  assert.equal(find(drawn, "5 referrers")[0].expanded, "true");
  assert.equal(find(drawn, "referrer ").length, 5);
  await page.locator("#answer g.box", { hasText: "00000000…000001" }).click();
  assert.match(await page.innerText("#answer .details"), /by the fallback tag, which anybody who pushes may write/);
});

test("M24: what is listed and refers to nothing is contradicted, at its line", async (t) => {
  const { root, documents } = image("podman-oci");
  const size = documents.find(({ digest }) => digest === root).bytes.length;
  const asked = await registry(t, [{ ...log, digest: root, size }], { images: { "demo/s:other": "podman-oci" } });
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/s:1`);
  await fetchMissing(page);
  assert.ok((await edges(page)).includes("refers to it: contradicted"));
  assert.equal(find(await boxes(page), "referrer").length, 1);
});

test("M25: what is another kind of artifact than it is listed as is contradicted, at its node", async (t) => {
  const asked = await registry(t, [{ ...log, artifactType: BUNDLE }]);
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/s:1`);
  await fetchMissing(page);
  const [referrer] = find(await boxes(page), "referrer");
  assert.match(referrer.label, /^referrer dev\.sigstore\.bundle\.v0\.3\+json 822bd828…59ae44 contradicted/);
  await page.locator("#answer g.box.contradicted").click();
  assert.match(await page.innerText("#answer .details"), /expected application\/vnd\.dev\.sigstore\.bundle\.v0\.3\+json, found application\/vnd\.example\.log/);
});

test("of two images, the referrers of one are on its side", async (t) => {
  const asked = await registry(t, []);
  for (const side of ["left", "right"]) {
    const page = await opened(t, asked);
    await giveFiles(page, { "log.json": image("oras-artifact").documents.at(-1).bytes });
    const names = { left: `${asked.host}/demo/other:1`, right: `${asked.host}/demo/other:1`, [side]: `${asked.host}/demo/s:1` };
    await ask(page, "same", { ...names, level: "config" });
    await fetchMissing(page);
    const drawn = await boxes(page);
    const [referrer] = find(drawn, "referrer");
    const [own] = drawn.filter(({ label }) => label.includes(SINGLE));
    const [stranger] = drawn.filter(({ label }) => label.includes(image("podman-oci").root));
    assert.ok(Math.abs(referrer.x - own.x) < 40 && referrer.y > own.y);
    assert.equal(side === "left", own.x < stranger.x);
    assert.equal(own.middle, stranger.middle);
    assert.ok((await edges(page)).includes("refers to it: proven"));
    assert.match(await part(page, "Documents"), new RegExp(`^referrer sha256:822bd828…59ae44 proven\\s+${side === "left" ? "A" : "B"}$`, "m"));
  }
});

test("layers that both manifests name are in the middle, those of one side on that side", async (t) => {
  const asked = await registry(t, []);
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/a:1 ${asked.host}/demo/relabelled:1`);
  await fetchMissing(page);
  let drawn = await boxes(page);
  const shared = find(drawn, "2 layers, named by both not hashed");
  assert.equal(shared.length, 2);
  const heads = [find(drawn, "A "), find(drawn, "B ")].flat();
  assert.equal(heads.length, 2);
  for (const { x, width, both } of shared) assert.ok(both && x > heads[0].x + heads[0].width && x + width < heads[1].x);
  // Nothing is claimed of what is in them.
  await page.locator("#answer g.group", { hasText: "named by both" }).first().click();
  assert.match(await page.innerText("#answer .details"), /Their digests were compared: layers not hashed\./);
  drawn = await boxes(page);
  assert.equal(find(drawn, "layer ").length, 2);
  for (const { label } of find(drawn, "layer ")) assert.match(label, /not hashed \d+ B/);
  await noFindings(page);
  await ask(page, "same", { left: `${asked.host}/demo/a:1`, right: `${asked.host}/demo/recompressed:1`, level: "config" });
  await fetchMissing(page);
  drawn = await boxes(page);
  assert.equal(find(drawn, "2 layers, named by A only").length, 2);
  assert.equal(find(drawn, "2 layers, named by B only").length, 2);
  assert.equal((await page.locator("#answer .canvas .edge.none").allTextContents()).filter((text) => text.includes("no layer named by both")).length, 2);
  // Unfolding moves nothing to the side.
  const [{ x }] = find(drawn, "2 layers, named by A only");
  await page.locator("#answer g.group", { hasText: "named by A only" }).first().click();
  drawn = await boxes(page);
  assert.equal(find(drawn, "layer ").length, 2);
  assert.equal(find(drawn, "2 layers, named by A only")[0].x, x);
});

test("the two sides are level: both names at one height, a platform on one line", async (t) => {
  const asked = await registry(t, []);
  for (const width of [1280, 700]) {
    const page = await opened(t, asked, { width, height: 900 });
    await give(page, `${asked.host}/demo/a:1 ${asked.host}/demo/recompressed:1`);
    await fetchMissing(page);
    const drawn = await boxes(page);
    const level = (start, count) => {
      const found = find(drawn, start);
      assert.equal(found.length, count);
      assert.equal(new Set(found.map(({ middle }) => Math.round(middle))).size, 1, `${start} at ${width}`);
    };
    level("index", 2);
    level("manifest · linux/amd64", 2);
    level("manifest · linux/arm64", 2);
  }
});

test("where both sides meet is said, and that it is not known where one is missing", async (t) => {
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  await giveFiles(page, { "manifest.json": image("buildx-single").documents.at(-1).bytes });
  await ask(page, "same", { left: `r.example/a@${SINGLE}`, right: "r.example/b:1", level: "config" });
  const middle = () => page.locator("#answer .canvas svg > text.kind").last().textContent();
  assert.equal(await middle(), "not known whether they match");
  await ask(page, "same", { left: `r.example/a@${SINGLE}`, right: `r.example/b@${SINGLE}`, level: "config" });
  assert.equal(await middle(), "in both");
});

test("layers are unfolded and folded by keyboard, and stay where the focus is", async (t) => {
  const asked = await registry(t, []);
  const page = await opened(t, asked);
  await give(page, `${asked.host}/demo/a:1`);
  await fetchMissing(page);
  await page.focus("#answer g.box[tabindex='0']");
  await page.keyboard.press("End");
  const focused = () => page.evaluate(() => [document.activeElement.getAttribute("aria-label"), document.activeElement.getAttribute("aria-expanded")]);
  const [label, expanded] = await focused();
  assert.match(label, /^2 layers not hashed, linux\/arm64/);
  assert.equal(expanded, "false");
  const before = await page.locator("#answer g.box").count();
  await page.keyboard.press("Enter");
  assert.deepEqual(await focused(), [label, "true"]);
  assert.equal(await page.locator("#answer g.box").count(), before + 2);
  await page.keyboard.press("ArrowDown");
  assert.match((await focused())[0], /^layer [0-9a-f]{8}…[0-9a-f]{6} not hashed 2071 B/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press(" ");
  assert.deepEqual(await focused(), [label, "false"]);
  assert.equal(await page.locator("#answer g.box").count(), before);
});

test("a phone reads two images platform by platform: A, both, B", async (t) => {
  const asked = await registry(t, []);
  const page = await opened(t, asked, { width: 390, height: 800 });
  await give(page, `${asked.host}/demo/a:1 ${asked.host}/demo/recompressed:1`);
  await fetchMissing(page);
  // The drawing comes first; the list is folded.
  assert.ok(await page.isVisible("#answer .drawing"));
  await unfold(page, "Documents");
  const titles = await page.locator("#answer .compared > ul > li > .platform").allInnerTexts();
  assert.deepEqual(titles, ["References and indexes", "linux/amd64", "linux/arm64", "Attestations"]);
  const rows = page.locator("#answer .compared > ul > li").nth(1).locator("li.node");
  const heads = await rows.locator(".kind").allInnerTexts();
  assert.deepEqual(heads, ["manifest", "2 layers", "image configuration", "manifest", "2 layers"]);
  assert.deepEqual(await rows.locator(".of").allInnerTexts(), ["A", "A", "A and B", "B", "B"]);
  assert.match(await rows.nth(2).innerText(), /^image configuration sha256:9fc0047e…71a1ce\s+proven, same on both/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await noFindings(page);
});
