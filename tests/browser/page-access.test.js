// For everyone: no finding of axe in any state, the keyboard alone, narrow and enlarged, without
// JavaScript, on paper.

import assert from "node:assert/strict";
import test from "node:test";
import { findings } from "./axe.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { ask, document_, fetchMissing, give, giveFiles, guide, headline, image, openPage, word } from "./page.mjs";
import { noGateway, notForPages } from "./page.mjs";

const PLATFORMS = ["index", "amd64-manifest", "amd64-config", "arm64-manifest", "arm64-config"];
const at = (name) => `r.example/${name}@${document_(`${name}-index`).digest}`;

const states = {
  empty: async () => {},
  recognised: async (page) => {
    await give(page, `${document_("buildx-attested-index").digest}\nand something else\n`);
    assert.equal(await word(page), "Open");
  },
  proven: async (page) => {
    await giveFiles(page, { ...image("buildx-attested", PLATFORMS), ...image("mirror-recompressed", PLATFORMS) });
    await ask(page, "same", { left: at("buildx-attested"), right: at("mirror-recompressed") });
    assert.equal(await word(page), "Proven");
  },
  contradicted: async (page) => {
    await states.proven(page);
    await ask(page, "same", { level: "manifest" });
    assert.equal(await word(page), "Contradicted");
  },
  stated: async (page) => {
    for (const name of ["01-pull-list", "02-trust-pretty", "06-manifest-list", "09-trust-sed", "13-grep-config"]) await give(page, guide(name));
    const keys = "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a";
    await ask(page, "published", { image: "nicolas/webdis:0.1.19", by: "keys", keys });
    assert.equal(await word(page), "Stated");
  },
  open: async (page) => {
    await ask(page, "same", { left: "docker.io/nicolas/webdis:0.1.19", right: "public.ecr.aws/nicolas/webdis:0.1.19" });
    assert.equal(await word(page), "Open");
  },
  "not understood": async (page) => {
    await ask(page, "same", { left: "UPPER", right: "x" });
    assert.equal(await word(page), "Question not understood");
  },
  named: async (page) => {
    await give(page, "alpine:3.20 docker.io/library/alpine:3.20");
    assert.equal(await word(page), "Open");
  },
  fetching: async (page, { slow }) => {
    await give(page, `${slow.host}/demo/a:1`);
    await page.click("#answer .offer button");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 5);
  },
  fetched: async (page, { registry }) => {
    await give(page, `${registry.host}/demo/a:1 ${registry.host}/demo/b:1`);
    await fetchMissing(page);
    assert.equal(await word(page), "Proven");
  },
  "not for pages": async (page, { closed }) => {
    await give(page, `${closed.host}/demo/a:1`);
    await fetchMissing(page);
    assert.equal(await word(page), "Open");
  },
  private: async (page, { locked }) => {
    await give(page, `${locked.host}/demo/a:1`);
    await fetchMissing(page);
    await page.fill("#credentials [name=password]", "secret");
    await page.click("#credentials [type=submit]");
    await page.locator("#credentials .kept").waitFor();
  },
  long: async (page) => {
    await giveFiles(page, { "long.txt": "x".repeat(100_000), [`${"a-long-name-".repeat(15)}.json`]: document_("buildx-attested-index").bytes });
  },
};

/** The page in one of these states, with registries of every kind to ask. */
async function inState(t, name, options) {
  const images = { "demo/a:1": "buildx-attested", "demo/b:1": "mirror-recompressed" };
  const never = new Promise(() => {});
  const registries = {
    registry: await fakeRegistry(t, images),
    slow: await fakeRegistry(t, images, { answer: (path) => (path.includes("/blobs/") ? never : undefined) }),
    closed: await fakeRegistry(t, images, { cors: false }),
    locked: await fakeRegistry(t, images, { users: [] }),
  };
  const allow = Object.values(registries).map(({ origin }) => origin);
  const expected = [...noGateway, ...notForPages, /^status 401: /, /^console: Failed to load resource: .* 401 /];
  const { page } = await openPage(t, { allow, expected, ...options });
  await states[name](page, registries);
  return page;
}

for (const name of Object.keys(states)) {
  test(`${name}: narrow, enlarged, light and dark`, async (t) => {
    const page = await inState(t, name, { viewport: { width: 320, height: 640 } });
    await page.evaluate(openAll);
    await t.test("no sideways scroll", async () => {
      assert.equal(await sideways(page), 0, "at 320 px");
      // Twice as large in a window of 1280: 640 px wide, and with text alone twice as large.
      await page.setViewportSize({ width: 640, height: 400 });
      assert.equal(await sideways(page), 0, "at 200 %");
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      assert.equal(await sideways(page), 0, "with text twice as large");
    });
    await page.evaluate(() => document.documentElement.removeAttribute("style"));
    await page.setViewportSize({ width: 1280, height: 720 });
    // A drawing is drawn anew once its room is known, which is in the frame that follows.
    await page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(settled))));
    await page.evaluate(openAll);
    for (const colorScheme of ["light", "dark"]) {
      await t.test(`axe finds nothing, ${colorScheme}`, async () => {
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await findings(page), []);
      });
    }
  });
}

test("axe finds nothing where the module cannot be loaded", async (t) => {
  const { page, problems } = await openPage(t, {
    before: ({ page }) => page.route("**/pullproof_bg.wasm", (route) => route.fulfill({ status: 404 })),
    ready: false,
  });
  await page.waitForFunction(() => document.getElementById("status").textContent === "Could not start.");
  assert.deepEqual(await findings(page), []);
  problems.length = 0;
});

const sideways = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));

async function openAll() {
  for (let closed; (closed = document.querySelector("details:not([open])")); ) {
    closed.open = true;
    // What is made when it is opened is made in the event that follows.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

test("the keyboard alone goes all the way", async (t) => {
  const { page } = await openPage(t);
  const press = async (key, times = 1) => {
    for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
  };
  const focused = () => page.evaluate(() => {
    const element = document.activeElement;
    const outlined = element.matches("#files") ? element.nextElementSibling : element;
    const { outlineStyle, outlineWidth } = getComputedStyle(outlined);
    const name = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent.trim() ?? element.textContent;
    return { name: name.trim().replace(/\s+/g, " ").slice(0, 60), seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
  });
  const walk = async (expected) => {
    for (const name of expected) {
      await press("Tab");
      const { name: found, seen } = await focused();
      assert.match(found, name);
      assert.ok(seen, `the focus is not seen on ${found}`);
    }
  };
  assert.match((await focused()).name, /^Image name, two images to compare, or pasted output/);
  assert.ok((await focused()).seen);
  await page.keyboard.insertText(guide("01-pull-list"));
  await walk([/^Check$/]);
  await press("Enter");
  await page.waitForFunction(() => /^Answer: /.test(document.getElementById("status").textContent));
  await walk([/^Choose files/, /^Question: /, /^Read: /]);
  await press("Enter");
  await walk([/^1\. docker pull/, /^Remove piece 1: docker pull/]);
  await page.focus("#asking > summary");
  await press("Enter");
  await walk([/^What is this/]);
  await press("ArrowDown");
  await walk([/^The author’s image/]);
  await page.keyboard.insertText("nicolas/webdis:0.1.19");
  await walk([/^The image you have$/]);
  await page.keyboard.insertText("public.ecr.aws/nicolas/webdis:0.1.19");
  await page.waitForFunction(() => document.getElementById("status").textContent === "Answer: Not compared yet.");
  // Back to the piece, and away with it: the focus does not get lost.
  await page.focus('button[aria-label^="Remove piece 1"]');
  await press("Enter");
  assert.equal((await focused()).name, "Image name, two images to compare, or pasted output");
});

test("the keyboard alone goes from a name to an answer", async (t) => {
  const registry = await fakeRegistry(t, { "demo/s:1": "buildx-single" });
  const { page } = await openPage(t, { allow: [registry.origin], expected: noGateway });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.insertText(`${registry.host}/demo/s:1`);
  await press("Tab", "Enter");
  await page.locator("#answer .offer").waitFor();
  await press("Tab", "Tab", "Tab");
  assert.equal(await focused(), `Fetch from ${registry.host}`);
  await press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "answer");
  assert.equal(await word(page), "Proven");
  // Back to what was fetched, and away with it.
  await press("Shift+Tab", "Enter", "Tab");
  assert.equal(await focused(), "Remove");
  await press("Enter");
  await page.locator("#answer .offer").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "box");
});

test("the answer is announced once, politely", async (t) => {
  const { page } = await openPage(t);
  assert.equal(await page.locator("[role=status], [role=alert], [aria-live]").count(), 1);
  await give(page, guide("01-pull-list"));
  assert.equal(await page.textContent("[role=status]"), `Answer: ${await headline(page)}.`);
});

test("without JavaScript the page says why it does nothing", async (t) => {
  const { page } = await openPage(t, { javaScriptEnabled: false, ready: false });
  assert.match(await page.innerText("noscript"), /Without JavaScript it can check nothing/);
  assert.equal(await page.isDisabled("#box"), true);
});

test("W18: on paper digests are whole, and there are no buttons", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("01-pull-list"));
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const printed = await page.innerText("#answer");
  assert.ok(printed.includes("sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667"));
  // A mark of three dots stands alone, beside its word.
  assert.ok(!printed.replace(/^…$/gm, "").includes("…"), printed);
  assert.equal(await page.isVisible("#giving"), false);
});
