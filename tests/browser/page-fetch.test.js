// From the name of an image to an answer: nothing before the button, then as far as registries let it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { serve } from "../../src/js/serve/serve.js";
import { image } from "../builders/images.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import {
  answered,
  ask,
  document_,
  fetchMissing,
  give,
  headline,
  noGateway,
  notForPages,
  openPage,
  part,
  reasons,
  showGiven,
  status,
  summary,
  transfer,
  word,
} from "./page.mjs";

const IMAGES = { "demo/a:1": "buildx-attested", "demo/b:1": "mirror-recompressed", "demo/s:1": "buildx-single" };

/** A registry and a page that may ask it. */
async function opened(t, { images = IMAGES, expected = noGateway, ...options } = {}) {
  const registry = await fakeRegistry(t, images, options);
  const { page, address } = await openPage(t, { allow: [registry.origin], expected });
  return { registry, page, address };
}

test("nothing is asked before the button, which says whom it asks", async (t) => {
  const { registry, page, address } = await opened(t);
  const requests = [];
  page.context().on("request", (request) => requests.push(request.url()));
  await give(page, `${registry.host}/demo/a:1`);
  assert.equal(await status(page), `Ready to look up ${registry.host}/demo/a:1.`);
  assert.equal(
    await page.textContent("#asked"),
    `What is ${registry.host}/demo/a:1, and which digests does it have?`,
  );
  const offer = await page.innerText("#answer .offer");
  assert.ok(offer.startsWith(`Fetch from ${registry.host}\nPrivate registry?\n\nContacts ${registry.host}, which will see`), offer);
  assert.match(offer, /will see the image names and your IP address/);
  assert.ok(offer.includes(`this page’s own server (${new URL(address).host})`), offer);
  await page.waitForLoadState("networkidle");
  // The page's own parts are loaded when they are needed.
  assert.deepEqual(requests.filter((url) => !/\.js$/.test(url) || !url.startsWith(address)), []);
  assert.deepEqual(registry.asked, []);
});

test("one image is described", async (t) => {
  const { registry, page } = await opened(t);
  await give(page, `  ${registry.host}/demo/a:1\n`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.match(await status(page), /^Fetched 7 of 7 documents, [\d,]+ bytes\. Answer: .+\.$/);
  const documents = await part(page, "Documents");
  assert.match(documents, /^index sha256:83cc2954…05b9cd proven$/m);
  for (const platform of ["linux/amd64", "linux/arm64"])
    assert.ok(documents.includes(`manifest ${platform} sha256:`), documents);
  assert.match(
    documents,
    /^hashed here, from http:\/\/127\.0\.0\.1:\d+\/v2\/demo\/a\/manifests\/1, fetched at /m,
  );
  assert.match(await page.textContent("#fetched"), /^Fetched: 7 documents from 127\.0\.0\.1:\d+Remove$/);
  assert.equal(await page.textContent("#tools"), "fetched: 7 documents");
  assert.deepEqual([...new Set(registry.asked.map(({ method }) => method))], ["GET"]);
});

test("a fetched document that names SHA-512 is read", async (t) => {
  const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
  const digest = `sha512:${createHash("sha512").update(config).digest("hex")}`;
  const [manifestType, configType] = ["manifest", "config"].map((kind) => `application/vnd.oci.image.${kind}.v1+json`);
  const manifest = { schemaVersion: 2, mediaType: manifestType, config: { mediaType: configType, digest, size: config.length }, layers: [] };
  const served = { "/v2/demo/h/manifests/1": JSON.stringify(manifest), [`/v2/demo/h/blobs/${digest}`]: config };
  const { registry, page } = await opened(t, { images: {}, answer: (path) => served[path] && { body: served[path] } });
  await give(page, `${registry.host}/demo/h:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.match(await part(page, "Documents"), new RegExp(`^image configuration sha512:${digest.slice(7, 15)}….* proven$`, "m"));
});

test("what was only stated can be fetched, and is proven then", async (t) => {
  const images = { "demo/a:1": "buildx-attested", "demo/c:1": "buildx-attested" };
  const { registry, page } = await opened(t, { images });
  const { digest } = document_("buildx-attested-index");
  const sides = Object.keys(images).map((name) => `${registry.host}/${name}`);
  for (const side of sides) await give(page, `$ docker pull ${side}\n1: Pulling from demo\nDigest: ${digest}\nStatus: Image is up to date for ${side}\n${side}\n`);
  await ask(page, "same", { left: sides[0], right: sides[1], level: "index" });
  assert.equal(await word(page), "Stated");
  assert.deepEqual(registry.asked, []);
  const offered = await part(page, "To prove it");
  for (const side of sides) assert.ok(offered.includes(`docker buildx imagetools inspect --raw ${side}`), offered);
  assert.match(await page.innerText("#answer .offer"), /^Fetch from \S+\n/);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.equal(await page.locator("#answer .offer").count(), 0);
});

/** A registry's answer about the referrers of the single image: its log, as `entry` has it. */
function referring(entry = {}) {
  const { root, documents } = image("oras-artifact");
  const { bytes, mediaType } = documents.find(({ digest }) => digest === root);
  const artifactType = "application/vnd.example.log";
  const listed = { mediaType, digest: root, size: bytes.length, artifactType, ...entry };
  const index = "application/vnd.oci.image.index.v1+json";
  const answer = { headers: { "content-type": index }, body: JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [listed] }) };
  return { root, answer: (path) => (path.includes(`/referrers/${image("buildx-single").root}`) ? answer : undefined) };
}
const referred = { "demo/s:1": "buildx-single", "demo/s:log": "oras-artifact" };

test("what refers to an image is asked with it, not before, and stays said until it is removed", async (t) => {
  const { root, answer } = referring();
  const { registry, page } = await opened(t, { images: referred, answer });
  await give(page, `${registry.host}/demo/s:1`);
  assert.deepEqual(registry.asked, []);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  const asked = () => registry.asked.filter(({ path }) => path.includes("/referrers/") || path.includes(root)).length;
  assert.equal(asked(), 2);
  const said = /is listed as referring to sha256:[0-9a-f…]+.*, as application\/vnd\.example\.log, by the referrers API/;
  assert.match(await page.textContent("#answer"), said);
  assert.match(await status(page), /^Fetched 3 of 3 documents/);
  await ask(page, "same", { left: `${registry.host}/demo/s:1`, right: `${registry.host}/demo/s:1` });
  assert.doesNotMatch(await page.textContent("#answer"), /listed as referring/);
  await ask(page, "what", { image: `${registry.host}/demo/s:1` });
  assert.match(await page.textContent("#answer"), said);
  assert.equal(asked(), 2);
  await showGiven(page);
  await page.click("#fetched button");
  await answered(page);
  assert.doesNotMatch(await page.textContent("#answer"), /listed as referring/);
});

test("M25: what is listed as another kind of artifact than it is contradicts", async (t) => {
  const { answer } = referring({ artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json" });
  const { registry, page } = await opened(t, { images: referred, answer });
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Contradicted");
});

test("that what refers to an image is not known is said", async (t) => {
  const answer = (path) => (path.includes("/referrers/") ? { body: "{}" } : undefined);
  const { registry, page } = await opened(t, { answer });
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.match(await page.textContent("#answer"), /its referrers could not be listed: \S+ sent no list of referrers/);
});

test("two images are compared, and the verdict says when their tags were read", async (t) => {
  const { registry, page } = await opened(t);
  await give(page, `${registry.host}/demo/a:1 ${registry.host}/demo/b:1`);
  assert.match(await status(page), /^Ready to compare \S+\/demo\/a:1 and \S+\/demo\/b:1\.$/);
  assert.match(await page.textContent("#asked"), /^Is \S+\/demo\/b:1 the same as \S+\/demo\/a:1\?$/);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.match(await reasons(page), /127\.0\.0\.1:\d+ said at 20\S+ \S+ UTC what \S+\/demo\/a:1 is\./);
  const rows = await part(page, "By platform");
  for (const platform of ["linux/amd64", "linux/arm64"]) {
    assert.ok(rows.includes(`${platform}: the same image configuration, byte for byte proven`), rows);
  }
  // Another question about them needs nothing new.
  const before = registry.asked.length;
  await ask(page, "same", { level: "manifest" });
  assert.equal(await word(page), "Contradicted");
  assert.equal(registry.asked.length, before);
});

test("an image that was named stays named at the next question", async (t) => {
  const { page } = await openPage(t);
  await give(page, "alpine");
  await page.click("#asking > summary");
  for (const [kind, field] of [
    ["what", "image"],
    ["same", "right"],
    ["published", "image"],
  ]) {
    await page.check(`[name=ask][value=${kind}]`);
    assert.equal(await page.inputValue(`[data-ask=${kind}] [name=${field}]`), "alpine");
  }
  await ask(page, "what", { image: "debian:12" });
  assert.equal(await page.textContent("#asked"), "What is debian:12, and which digests does it have?");
  await page.fill("[data-ask=what] [name=image]", "");
  assert.equal(await page.textContent("#asked"), "What is this, and which digests does it have?");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready.");
});

const digest = `sha256:${"5".repeat(64)}`;
const names = [
  "alpine",
  "alpine:3.20",
  "a/b",
  "r.example/a/b__c:X_1.2-3",
  `a/b@${digest}`,
  `a/b:1@${digest}`,
  "localhost/a:1",
  "[::1]:5000/a:1",
  "a/b c/d",
  "a:1\nb:2",
  "a:1 and b:1",
  "a/b vs c/d",
  "a/b, c/d",
];
// Forms in which people type a name, and the name in each.
const typed = {
  "docker pull alpine:3.20": "alpine:3.20",
  "$ sudo docker pull --platform=linux/amd64 a/b:1": "a/b:1",
  "docker://a/b:1": "a/b:1",
  "docker pull a/b:1 and docker pull r.example/a/b:1": "r.example/a/b:1 the same as a/b:1",
  "alpine vs r.example/alpine:3": "r.example/alpine:3 the same as docker.io/library/alpine",
  "https://hub.docker.com/r/nicolas/webdis": "docker.io/nicolas/webdis",
  "https://hub.docker.com/_/alpine/tags?name=3.20": "docker.io/library/alpine:3.20",
  "https://github.com/acme/app/pkgs/container/app": "ghcr.io/acme/app",
  "https://quay.io/repository/coreos/etcd?tab=tags": "quay.io/coreos/etcd",
  "https://gallery.ecr.aws/docker/library/alpine": "public.ecr.aws/docker/library/alpine",
  "https://gitlab.com/group/project/container_registry/123": "registry.gitlab.com/group/project",
};
const others = [
  digest,
  "5".repeat(64),
  "010021e0d7f7",
  "{}",
  '{"a": 1}',
  "A/b",
  "a/",
  "a//b",
  ":1",
  "hello there",
  "https://r.example/a/b",
  `a@${digest.slice(0, -1)}`,
  "-a",
  "a b/c",
  "docker pull alpine:3.20\n3.20: Pulling from library/alpine",
];

test("a text that is one or two names is a question", async (t) => {
  const { page } = await openPage(t);
  for (const text of names) {
    await give(page, text);
    assert.match(await status(page), /^Ready to (?:look up|compare) /, text);
    assert.ok((await page.locator("#asked .part").evaluateAll((all) => all.map((one) => (one.querySelector(".whole") ?? one).textContent))).some((name) => name === text.split(/[\s,]/)[0]), text);
  }
  for (const [text, named] of Object.entries(typed)) {
    await give(page, text);
    assert.match(await status(page), /^Ready to (?:look up|compare) /, text);
    assert.ok((await page.textContent("#asked")).includes(named), `${text}: ${await page.textContent("#asked")}`);
  }
  assert.equal(await page.locator("#pieces > li").count(), 0);
});

test("three names are too many, and stay in the box to be changed", async (t) => {
  const { page } = await openPage(t);
  for (const text of ["a:1 b:1 c:1", "a:1, b:1 and c:1", "a:1\nb:1\nc:1\nd:1"]) {
    await give(page, text);
    assert.equal(await headline(page), "Too many images");
    assert.match(await summary(page), new RegExp(`names ${text.match(/:1/g).length}\\. Remove all but two`));
    assert.equal(await page.inputValue("#box"), text);
    assert.equal(await page.evaluate(() => document.activeElement.id), "box");
  }
  assert.equal(await page.locator("#pieces > li").count(), 0);
  await page.click("#leave");
  assert.equal(await page.inputValue("#box"), "");
  assert.equal(await page.locator("#answer > *").count(), 0);
});

test("Enter hands in a line, Shift+Enter breaks it, and a whole name is answered after a pause", async (t) => {
  const { page } = await openPage(t);
  assert.equal(await page.evaluate(() => document.activeElement.id), "box");
  await page.keyboard.type("a/b:1");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("c/d:2");
  await answered(page);
  assert.equal(await page.textContent("#asked"), "Is c/d:2 the same as a/b:1?");
  assert.equal(await page.inputValue("#box"), "a/b:1\nc/d:2");
  await page.fill("#box", "e/f:3");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Ready to look up docker.io/e/f:3.");
  assert.equal(await page.inputValue("#box"), "");
});

test("a drag over the page shows that it takes what is dropped", async (t) => {
  const { page } = await openPage(t);
  const shown = () => page.evaluate(() => getComputedStyle(document.body, "::after").content);
  assert.equal(await shown(), "none");
  await transfer(page, "dragover", "body", { text: "a/b:1" });
  assert.match(await shown(), /Drop it anywhere/);
  await transfer(page, "drop", "body", { text: "a/b:1" });
  await answered(page);
  assert.equal(await shown(), "none");
});

test("every other text is evidence", async (t) => {
  const { page } = await openPage(t);
  for (const [i, text] of others.entries()) {
    await give(page, text);
    assert.match(await status(page), /^Answer: /, text);
    assert.equal(await page.locator("#pieces > li").count(), i + 1, text);
  }
});

test("a name that was pasted or dropped is a name too", async (t) => {
  const { page } = await openPage(t);
  await transfer(page, "paste", "#box", { text: "alpine:3.20\n" });
  await answered(page);
  assert.match(await page.textContent("#asked"), /^What is alpine:3\.20,/);
  await transfer(page, "drop", "body", { text: "alpine:3.21" });
  await answered(page);
  assert.match(await page.textContent("#asked"), /^What is alpine:3\.21,/);
});

test("what a paste leaves missing can be fetched, and what is pasted later needs no request", async (t) => {
  const { registry, page } = await opened(t);
  const root = document_("buildx-attested-index");
  const pull = (name, value) =>
    `$ docker pull ${registry.host}/demo/${name}:1\n1: Pulling from demo/${name}\nDigest: ${value}\nStatus: Image is up to date for ${registry.host}/demo/${name}:1\n`;
  await give(page, pull("a", root.digest));
  assert.match(
    await page.innerText("#answer .offer"),
    /^Fetch from 127\.0\.0\.1:\d+\nPrivate registry\?\n+Contacts 127\.0\.0\.1:\d+, which will see/,
  );
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  const before = registry.asked.length;
  await give(page, "this is not recognised");
  assert.equal(await word(page), "Proven");
  assert.match(await part(page, "Documents"), /^index sha256:83cc2954…05b9cd proven$/m);
  assert.equal(registry.asked.length, before);
  // Of the other image nothing is here yet, and the button comes back.
  await give(page, pull("b", document_("mirror-recompressed-index").digest));
  await fetchMissing(page);
  assert.ok(registry.asked.slice(before).some(({ path }) => path.startsWith("/v2/demo/b/manifests/")));
  assert.ok(!registry.asked.slice(before).some(({ path }) => path.startsWith("/v2/demo/a/")));
});

test("what was fetched can be taken away", async (t) => {
  const { registry, page } = await opened(t);
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  await showGiven(page);
  await page.click("#fetched button");
  await answered(page);
  assert.equal(await word(page), "Open");
  assert.equal(await page.locator("#fetched").count(), 0);
  assert.equal(await page.isVisible("#given"), false);
  const before = registry.asked.length;
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.equal(registry.asked.length, 2 * before);
});

/** A gateway beside the page: the test's own relay to a registry that pages cannot read. */
async function serveGateway(page, address, registry, hosts = [registry.host]) {
  const asked = [];
  await page.route(`${address}gateway/**`, async (route) => {
    const inside = route.request().url().slice(`${address}gateway/`.length);
    asked.push(inside);
    if (inside === "") return route.fulfill({ json: { name: "pullproof-gateway", hosts } });
    const response = await fetch(`http://${inside}`);
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  return asked;
}

test("a registry that pages cannot read is read through the gateway, which the verdict names", async (t) => {
  const { registry, page, address } = await opened(t, { cors: false, expected: notForPages });
  const asked = await serveGateway(page, address, registry);
  await give(page, `${registry.host}/demo/a:1 ${registry.host}/demo/b:1`);
  assert.deepEqual(asked, []);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.equal(asked[0], "");
  assert.ok(asked.includes(`${registry.host}/v2/demo/a/manifests/1`), asked.join());
  const said = await reasons(page);
  assert.ok(new RegExp(`The gateway ${address}gateway/ said at 20\\S+ \\S+ UTC what \\S+demo/a:1 is at ${registry.host}\\.`).test(said), said);
  assert.ok(
    (await page.textContent("#fetched")).includes(`from ${registry.host} through ${new URL(address).host}`),
  );
});

test("a gateway that does not read this registry is not asked to", async (t) => {
  const { registry, page, address } = await opened(t, { cors: false, expected: notForPages });
  const asked = await serveGateway(page, address, registry, ["r.example"]);
  await give(page, `${registry.host}/demo/a:1`);
  await fetchMissing(page);
  assert.match(await page.innerText("#answer .verdict"), /cannot be read by a web page, or cannot be reached/);
  assert.deepEqual(asked, [""]);
});

test("a gateway elsewhere is named beside the button", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { cors: false });
  const path = (url) => url.slice(`/${registry.host}`.length);
  const documents = await fakeRegistry(t, IMAGES);
  const gateway = await fakeRegistry(
    t,
    {},
    {
      async answer(url) {
        if (url === "/") return { body: JSON.stringify({ name: "pullproof gateway", hosts: [registry.host] }) };
        const response = await fetch(documents.origin + path(url));
        return {
          status: response.status,
          headers: { "content-type": response.headers.get("content-type") },
          body: Buffer.from(await response.arrayBuffer()),
        };
      },
    },
  );
  const before = ({ page }) =>
    page.addInitScript((origin) => {
      document.addEventListener(
        "DOMContentLoaded",
        () => (document.querySelector('meta[name="pullproof-gateway"]').content = origin),
      );
    }, gateway.origin);
  const { page } = await openPage(t, { before, allow: [registry.origin, gateway.origin], expected: [...noGateway, ...notForPages] });
  await give(page, `${registry.host}/demo/s:1`);
  assert.ok((await page.innerText("#answer .offer")).includes(`${gateway.host} fetches for you`));
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.ok((await page.textContent("#fetched")).includes(`from ${registry.host} through ${gateway.host}`));
});

test("the gateway that serves the page reads for it", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { cors: false });
  const hosts = [{ host: registry.host, http: true, loopback: true }];
  const { address, close } = await serve({ folder: join(root, "dist", "site"), hosts });
  t.after(close);
  // Chromium may call a request aborted whose whole answer was read just before.
  const expected = [...notForPages, /^request failed: \S+\/gateway\/\S+: net::ERR_ABORTED$/];
  const { page } = await openPage(t, { allow: [registry.origin, new URL(address).origin], expected });
  await page.waitForLoadState("networkidle");
  await page.goto(address);
  await page.waitForFunction(() => !document.getElementById("box").matches(":disabled"));
  await give(page, `${registry.host}/demo/a:1 ${registry.host}/demo/b:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  assert.ok((await reasons(page)).includes(`The gateway ${address}gateway/ said at`));
});

test("what is given at once is taken in its order, and the answer to what was before goes first", async (t) => {
  const { page } = await openPage(t);
  await give(page, "a/b:1");
  const texts = ["c/d:2", "$ docker version one", "e/f:3 g/h:4", "$ docker version three"];
  const left = await page.evaluate((texts) => {
    for (const text of texts) {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData }));
    }
    // The page's own parts are there already: what was pasted was taken before this is read.
    return new Promise((resolve) => setTimeout(() => resolve(document.getElementById("answer").children.length)));
  }, texts);
  assert.equal(left, 0);
  await answered(page);
  assert.equal(await status(page), "Answer: Not compared yet.");
  assert.equal(await page.textContent("#asked"), "Is g/h:4 the same as e/f:3?");
  const sizes = texts.filter((text) => text.startsWith("$")).map((text) => `${text.length} bytes`);
  const shown = await page.locator("#pieces > li summary .source:not(.paper-only)").allTextContents();
  assert.deepEqual(shown.map((text) => text.split(", ")[1]), sizes);
});
