// The gateway as pages meet it, in Chromium: its own page, another site's, and what it passes on opened itself.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";
import { headless } from "../../scripts/chromium.mjs";
import { serve } from "../../src/js/serve/serve.js";
import { sha256, startUpstream } from "../support/upstream.mjs";

const digest = sha256("x");
let browser;

before(async () => {
  const args = ["--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"];
  // Chromium's sandbox refuses to run as root.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  browser = await chromium.launch({ executablePath: headless(), args });
});

after(() => browser.close());

/** A gateway with a manifest behind it, its own page, and the page of another site. */
async function start(t, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-page-"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  const upstream = await startUpstream(t);
  const headers = { "content-type": "application/vnd.oci.image.index.v1+json", "docker-content-digest": digest };
  upstream.at("/v2/a/manifests/1.0", { headers, body: "{}" });
  const link = '</v2/a/tags/list?last=b>; rel="next"';
  upstream.at("/v2/a/tags/list", { headers: { link, "set-cookie": "a=1" }, body: "{}" });
  const hosts = [{ host: upstream.host, http: true, loopback: true }];
  const own = await serve({ folder, hosts, ...options });
  const other = await serve({ folder });
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    await Promise.all([own.close(), other.close()]);
    rmSync(folder, { recursive: true });
  });
  const open = async (address) => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  return { upstream, own, other, open, context, base: `${own.gateway}${upstream.host}/v2/a/` };
}

/** The result that a page gets of an address: status, text and two headers, or the name of an error. */
const read = (page, url) =>
  page.evaluate(async (address) => {
    try {
      const accept = "application/vnd.oci.image.index.v1+json";
      const response = await fetch(address, { headers: { accept }, credentials: "omit", cache: "no-store" });
      const { headers, status } = response;
      return [status, await response.text(), headers.get("docker-content-digest"), headers.get("link")];
    } catch (error) {
      return error.name;
    }
  }, url);

test("its own page reads bytes and headers", async (t) => {
  const { own, open, base } = await start(t);
  const page = await open(own.address);
  assert.deepEqual(await read(page, `${base}manifests/1.0`), [200, "{}", digest, null]);
  const [status, , , link] = await read(page, `${base}tags/list`);
  assert.deepEqual([status, link], [200, '<?last=b>; rel="next"']);
  assert.equal((await read(page, `${own.gateway}evil.example/v2/a/tags/list`))[0], 403);
});

test("G09: another site's page reads nothing, and nothing is asked for it", async (t) => {
  const { other, open, base, upstream } = await start(t);
  const page = await open(other.address);
  assert.equal(await read(page, `${base}manifests/1.0`), "TypeError");
  // Requests that need no leave: an image, a script, a request whose answer stays hidden.
  await page.evaluate(async (address) => {
    const loaded = (element, place) =>
      new Promise((resolve) => {
        element.onload = element.onerror = resolve;
        element.src = address;
        place?.append(element);
      });
    await loaded(new Image());
    await loaded(document.createElement("script"), document.head);
    await fetch(address, { mode: "no-cors" }).catch(() => {});
  }, `${base}manifests/1.0`);
  assert.deepEqual(upstream.asked, []);
});

test("G09: a gateway for all lets every page read, without cookies", async (t) => {
  const { other, open, base, upstream, context } = await start(t, { origins: "*" });
  const page = await open(other.address);
  assert.deepEqual(await read(page, `${base}manifests/1.0`), [200, "{}", digest, null]);
  assert.equal((await read(page, `${base}tags/list`))[3], '<?last=b>; rel="next"');
  const withCredentials = (address) => fetch(address, { credentials: "include" }).catch((error) => error.name);
  assert.equal(await page.evaluate(withCredentials, `${base}manifests/1.0`), "TypeError");
  assert.deepEqual(await context.cookies(), []);
  for (const { headers } of upstream.asked) {
    for (const name of ["cookie", "origin", "referer"]) assert.equal(headers[name], undefined, name);
  }
});

test("G07: what comes through it has no origin and runs nothing", async (t) => {
  const { open, base, upstream, context } = await start(t, { origins: "*" });
  const script = "<script>document.title = 'ran'</script>";
  for (const type of ["application/json", "application/vnd.oci.image.index.v1+json"]) {
    upstream.at("/v2/a/manifests/1.0", { headers: { "content-type": type }, body: script });
    const page = await context.newPage();
    const shown = await page.goto(`${base}manifests/1.0`).catch(() => undefined);
    // Either it is shown as text in an origin of its own, or it is not shown at all.
    if (shown) assert.equal(await page.evaluate(() => self.origin), "null");
    assert.notEqual(await page.title(), "ran");
  }
  upstream.at("/v2/a/manifests/1.0", { headers: { "content-type": "text/html" }, body: script });
  await assert.rejects(open(`${base}manifests/1.0`), /Download is starting|ERR_ABORTED/);
});
