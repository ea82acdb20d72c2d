// Text that wants to be more than text (HOSTILE.md U01–U07, U09), and the walls behind that.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { answered, ask, document_, give, giveFiles, guide, openPage, part, transfer, word } from "./page.mjs";

const rows = {
  "U01 writing direction": "a\u202Eb\u2066c\u2069d",
  "U02 what cannot be seen": "a\u200Bb\u00ADc\uFE0Fd\u{E0041}e\u2060f\uFEFFg\u3164h\u00A0i",
  "U03 letters that look like others": "n\u0456colas/webdis",
  "U04 an image": '<img src=x onerror="alert(1)">',
  "U04 a script": "</script><script>alert(1)</script>",
  "U04 a drawing": '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  "U05 an address": "javascript:alert(1)//https://example.com/",
  "U06 a verdict": "✅ VERIFIED by pullproof",
  "U07 many characters": "x".repeat(300_000),
  "U07 a pile of marks": `a${"\u0301".repeat(10_000)}`,
  "U10 a terminal’s codes": "a\u001B[31mb\u001B]52;c;eA==\u0007c",
};

// Everything that the page makes itself; nothing else may come from data.
const made = "BDI BUTTON CODE DD DETAILS DIV DL DT H2 H3 INPUT LABEL LI MARK OL P PRE SAMP SECTION SPAN SUMMARY TEXTAREA UL WBR svg g title path rect text".split(" ");

for (const [name, text] of Object.entries(rows)) {
  test(`${name} is text`, async (t) => {
    const { page } = await openPage(t);
    page.on("dialog", (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
    await giveFiles(page, everywhere(text));
    await ask(page, "published", { image: "a.example/x:1", by: "identity", identity: text, issuer: text });
    await page.evaluate(openAll);
    const seen = await page.evaluate(inspect);
    assert.deepEqual(seen.elements.filter((element) => !made.includes(element)), []);
    assert.deepEqual(seen.handlers, []);
    assert.doesNotMatch(seen.text, /[\u0000-\u0008\u000B-\u001F\u007F-\u00A0\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\u{E0000}-\u{E01EF}]/u);
    assert.doesNotMatch(seen.text, /\u0301{4}/);
    assert.ok(seen.width <= seen.window, `${seen.width} wide`);
    assert.ok(seen.height < 40_000, `${seen.height} high`);
    assert.equal(seen.polluted, false);
  });
}

/** A text in every place of the evidence that comes to be shown. */
function everywhere(text) {
  const digest = `sha256:${"5".repeat(64)}`;
  const descriptor = (mediaType) => ({ mediaType, digest, size: 7, platform: { os: text, architecture: text }, annotations: { [text]: text } });
  const manifest = { schemaVersion: 2, mediaType: text, config: descriptor(text), layers: [descriptor(text)], annotations: { "org.opencontainers.image.url": text } };
  const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [descriptor(text)], annotations: { [text]: text } };
  const trust = [{ Name: "a.example/x:1", SignedTags: [{ SignedTag: text, Digest: "5".repeat(64), Signers: [text] }], Signers: [{ Name: text, Keys: [{ ID: text }] }], AdministrativeKeys: [] }];
  const cosign = [{ critical: { identity: { "docker-reference": text }, image: { "docker-manifest-digest": digest }, type: text }, optional: { Subject: text, Issuer: text, [text]: text } }];
  const polluting = `{"schemaVersion":2,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"manifests":[]}`;
  return {
    "manifest.json": JSON.stringify(manifest),
    "index.json": JSON.stringify(index),
    "trust.json": JSON.stringify(trust),
    "cosign.json": JSON.stringify(cosign),
    "polluting.json": polluting,
    "command.txt": `$ docker pull ${text}\n${text}\nDigest: ${digest}\nStatus: ${text}\n`,
    [`${text.slice(0, 100).replaceAll("/", "∕")}.txt`]: text,
  };
}

async function openAll() {
  for (let closed; (closed = document.querySelector("details:not([open])")); ) {
    closed.open = true;
    // What is made when it is opened is made in the event that follows.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function inspect() {
  const roots = ["answer", "pieces", "tools", "status", "asked"].map((id) => document.getElementById(id));
  const elements = roots.flatMap((root) => [...root.querySelectorAll("*")]);
  return {
    elements: [...new Set(elements.map((element) => element.tagName))],
    handlers: elements.flatMap((element) => [...element.attributes].filter(({ name }) => /^on|href|src|style/.test(name)).map(({ name }) => name)),
    text: roots.map((root) => root.textContent).join("\n"),
    width: document.documentElement.scrollWidth,
    window: innerWidth,
    height: document.documentElement.scrollHeight,
    polluted: "polluted" in {},
  };
}

test("U03: an identity’s letters outside ASCII are spelled out", async (t) => {
  const { page } = await openPage(t);
  await give(page, guide("09-trust-sed").replaceAll("nicolasff", "n\u0456colasff"));
  assert.match(await part(page, "Stated"), /n\\u\{456\}colasff/);
});

test("U09: digests that look alike are shown whole, their difference marked", async (t) => {
  const { page } = await openPage(t);
  const digests = ["a", "b"].map((middle) => `sha256:5de58646${middle.repeat(48)}3c21667c`);
  // One output that says both: of two outputs the tag may have moved in between.
  const said = digests.map((digest) => `1: Pulling from nicolas/webdis\nDigest: ${digest}\n`).join("");
  await give(page, `$ docker pull nicolas/webdis:1\n${said}Status: Image is up to date for nicolas/webdis:1\n`);
  assert.equal(await word(page), "Contradicted");
  const sides = await part(page, "Contradictions");
  for (const digest of digests) assert.ok(sides.includes(digest), sides);
  assert.deepEqual(await page.locator("#answer mark").allTextContents().then((all) => [...new Set(all)].sort()), ["a".repeat(48), "b".repeat(48)]);
  assert.equal(await page.locator("#answer button.digest").count(), 0);
});

test("W11: a private key and a log-in are not kept", async (t) => {
  const { page } = await openPage(t);
  const body = "MHcCAQEEIKxW7hQm0c1oVbSxMyV1n0aHcXw2gJc9s5mKxg0b6m1moAoGCCqGSM49";
  const key = `-----BEGIN EC PRIVATE KEY-----\n${body}\n-----END EC PRIVATE KEY-----\n`;
  const logIn = "dXNlcjpwYXNzd29yZC1vZi1zb21lYm9keQ==";
  await giveFiles(page, {
    "key.txt": `${guide("01-pull-list")}\n${key}`,
    "config.json": JSON.stringify({ auths: { "https://index.docker.io/v1/": { auth: logIn } } }),
  });
  await page.locator("#pieces > li").nth(1).waitFor();
  assert.match(await page.textContent("#pieces"), /A secret was in this.*not kept/);
  for (const summary of await page.locator("#pieces summary").all()) await summary.click();
  const everything = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea")].map(({ value }) => value).join());
  assert.ok(!everything.includes(body.slice(0, 20)) && !everything.includes(logIn.slice(0, 20)));
  assert.ok(everything.includes("Pulling from nicolas/webdis"));
  assert.match(await part(page, "Rests on"), /docker\.io\/nicolas\/webdis:0\.1\.19/);
});

test("W12: what is too much is refused with its limit", async (t) => {
  const { page } = await openPage(t);
  await transfer(page, "drop", "body", { files: { "small.txt": guide("01-pull-list"), "large.bin": "x".repeat(17 << 20) } });
  await answered(page);
  assert.match(await page.textContent("#status"), /^Not read: large\.bin: expected at most 16777216 bytes, found 17825792\./);
  assert.equal(await page.locator("#pieces > li").count(), 1);
});

const html = readFileSync(join(root, "www", "index.html"), "utf8");

test("W10: the policy comes first and allows nothing that is not needed", () => {
  const [, policy] = html.match(/^<!doctype html>\s*<html lang="en">\s*<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">/);
  assert.ok(!policy.includes(","), "a comma would begin a second policy");
  const directives = policy.split(";").map((directive) => directive.trim().split(/\s+/));
  assert.equal(new Set(directives.map(([name]) => name)).size, directives.length, "a directive twice: only the first would count");
  assert.deepEqual(Object.fromEntries(directives.map(([name, ...values]) => [name, values.join(" ")])), {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "manifest-src": "'self'",
    "connect-src": "'self' https: http://127.0.0.1:* http://localhost:*",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "pullproof",
  });
});

test("W04, W06: nothing in the page makes code or markup of text, keeps, or listens to other windows", () => {
  for (const file of readdirSync(join(root, "www"), { recursive: true }).filter((file) => file.endsWith(".js"))) {
    const code = readFileSync(join(root, "www", file), "utf8");
    assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|createContextualFragment|DOMParser/, file);
    assert.doesNotMatch(code, /sessionStorage|indexedDB|\.cookie|pushState|replaceState/, file);
    // One word: that nobody wants an offline copy.
    assert.equal(/localStorage/.test(code), file === "offline.js", file);
    // The service worker keeps the site's own files, and hears the page that it belongs to; beside it only the
    // site's policy is kept.
    assert.equal(/caches\./.test(code), ["ask/cache.js", "sw.js"].includes(file), file);
    if (file !== "sw.js") assert.doesNotMatch(code, /["']message["']/, file);
    // Of the address only whether there is anything, where a policy is, which policy.js reads and asks before
    // fetching it, and a question, which link.js reads by a schema.
    assert.equal(/location\.hash(?!\.length > 1)/.test(code), ["ask/link.js", "ask/policy.js"].includes(file), file);
  }
  const [, body] = html.split("</head>");
  assert.doesNotMatch(html, /<script(?![^>]*src=)|\son\w+=|javascript:|<(?:script|link)[^>]*(?:src|href)="[^"]*:/);
  // The one link goes to where the source is, at a press.
  assert.doesNotMatch(body, /https?:\/\/(?!token\.actions|www\.npmjs\.com\/package\/pullproof")/);
});

test("W03, W04: Chromium holds to the policy", async (t) => {
  const { page, problems } = await openPage(t);
  const refused = await page.evaluate(async () => {
    const refused = [];
    const tries = {
      markup: () => (document.body.innerHTML = "<b>x</b>"),
      script: () => (document.createElement("script").text = "globalThis.ran = true"),
      worker: () => new Worker("./worker.js", { type: "module" }),
      policy: () => trustedTypes.createPolicy("another", {}),
      again: () => trustedTypes.createPolicy("pullproof", {}),
    };
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        attempt();
      } catch {
        refused.push(name);
      }
    }
    const told = new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
        if (blockedURI.startsWith("http:")) resolve("request");
      });
    });
    await fetch("http://example.com/").catch(() => {});
    refused.push(await told);
    return refused;
  });
  assert.deepEqual(refused, ["markup", "script", "worker", "policy", "again", "request"]);
  assert.equal(await page.evaluate(() => "ran" in globalThis), false);
  problems.length = 0;
});

test("W05: in a frame there is no answer", async (t) => {
  const { page, address } = await openPage(t);
  await page.waitForLoadState("networkidle");
  const body = '<!doctype html><link rel="icon" href="data:,"><iframe src="index.html" width="800" height="600"></iframe>';
  await page.route(`${address}frame.html`, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(`${address}frame.html`);
  const frame = page.frameLocator("iframe");
  await frame.locator("#framed").waitFor();
  assert.equal(await frame.locator("#giving").isVisible(), false);
  assert.equal(await frame.locator("#box").isDisabled(), true);
  const link = frame.locator("#unframed");
  assert.equal(await link.evaluate((a) => a.href), `${address}index.html`);
  assert.match(await link.getAttribute("rel"), /noopener/);
});
