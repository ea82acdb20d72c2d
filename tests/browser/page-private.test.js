// Credentials: typed once, sent to one origin, and nowhere to be found.

import assert from "node:assert/strict";
import test from "node:test";
import { fakeRegistry } from "./fake-registry.mjs";
import { fetchMissing, give, noGateway, openPage, status, summary, word } from "./page.mjs";

const IMAGES = { "demo/s:1": "buildx-single" };
const [USER, PASSWORD] = ["somebody", "correct-horse-battery"];
const refused = [/^status 401: \S+\/v2\//, /^console: Failed to load resource: .* 401 /];

async function opened(t, registries) {
  return openPage(t, { allow: registries.map(({ origin }) => origin), expected: [...noGateway, ...refused] });
}

async function keep(page, registry, username = USER, password = PASSWORD) {
  if (!(await page.isVisible("#credentials"))) await page.click("#private > summary");
  for (const [name, value] of Object.entries({ registry, username, password }))
    await page.fill(`#credentials [name=${name}]`, value);
  await page.click("#credentials [type=submit]");
}

const sent = ({ asked }) =>
  asked.map(({ headers }) => headers.authorization).filter((header) => header !== undefined);

/** Every place of the page where a text could have been left. */
const everywhere = (page) =>
  page.evaluate(async () => {
    const fields = [...document.querySelectorAll("input, textarea")].map(({ value }) => value);
    const stored = [localStorage, sessionStorage].map((storage) => JSON.stringify(storage));
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const state = [location.href, document.cookie, JSON.stringify(history.state), document.title];
    return [
      document.documentElement.outerHTML,
      ...fields,
      ...stored,
      ...databases,
      ...(await caches.keys()),
      ...state,
    ].join("\n");
  });

test("a registry that wants to know who asks gets it, at its origin only, and nothing keeps it", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { users: [`${USER}:${PASSWORD}`] });
  const other = await fakeRegistry(t, IMAGES, { users: [`${USER}:${PASSWORD}`] });
  const { page } = await opened(t, [registry, other]);
  assert.equal(await page.isVisible("#credentials"), false);
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.match(await page.innerText("#answer .verdict"), /asks for a login/);
  assert.match(await status(page), /A registry asks for a login: see “Private registry”\./);
  assert.equal(await page.isVisible("#credentials"), true);
  assert.equal(await page.inputValue("#credentials [name=registry]"), registry.host);

  await keep(page, registry.host);
  assert.equal(await status(page), "Kept until this tab is closed. Nothing was sent.");
  assert.deepEqual(sent(registry), []);
  assert.equal(await page.innerText("#credentials .kept p"), `Kept for ${registry.host}`);
  const field = page.locator("#credentials [name=password]");
  assert.deepEqual(
    [await field.inputValue(), await field.getAttribute("type"), await field.getAttribute("autocomplete")],
    ["", "password", "off"],
  );

  await fetchMissing(page);
  assert.equal(await word(page), "Proven");
  const basic = Buffer.from(`${USER}:${PASSWORD}`).toString("base64");
  assert.deepEqual([...new Set(sent(registry))], [`Basic ${basic}`]);
  await give(page, `${other.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Open");
  assert.ok(other.asked.length > 0);
  assert.deepEqual(sent(other), []);

  const all = await everywhere(page);
  for (const secret of [USER, PASSWORD, basic]) assert.ok(!all.includes(secret), `left behind: ${secret}`);
  assert.ok(!registry.asked.some(({ path }) => path.includes(PASSWORD) || path.includes(USER)));
});

test("what is forgotten is not sent", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { users: [`${USER}:${PASSWORD}`] });
  const { page } = await opened(t, [registry]);
  await keep(page, registry.host);
  await page.click("#credentials .kept button");
  assert.equal(await status(page), "Forgotten.");
  assert.equal(await page.isVisible("#credentials .kept"), false);
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Open");
  assert.deepEqual(sent(registry), []);
});

test("a wrong password is said to be wrong, not what it was", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { users: [`${USER}:${PASSWORD}`] });
  const { page } = await opened(t, [registry]);
  await keep(page, registry.host, USER, "a-wrong-password");
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Open");
  assert.match(await status(page), /see “Private registry”/);
  assert.ok(!(await everywhere(page)).includes("a-wrong-password"));
});

test("another port is another registry", async (t) => {
  const registry = await fakeRegistry(t, IMAGES, { users: [`${USER}:${PASSWORD}`] });
  const { page } = await opened(t, [registry]);
  await keep(page, "127.0.0.1");
  await give(page, `${registry.host}/demo/s:1`);
  await fetchMissing(page);
  assert.equal(await word(page), "Open");
  assert.deepEqual(sent(registry), []);
});

test("a registry is a host, and Docker Hub two", async (t) => {
  const { page } = await openPage(t);
  for (const host of [
    "",
    "https://r.example",
    "r.example/a",
    "a b",
    "user@r.example",
    "r.example?x",
    "r.example:x",
  ]) {
    await keep(page, host);
    // The first press loads what reads the form.
    await page.waitForFunction(() => document.getElementById("status").textContent !== "Ready.");
    assert.match(await status(page), /^Not kept: expected a registry’s host/, host);
    assert.equal(await page.isVisible("#credentials .kept"), false);
  }
  await keep(page, "r.example", USER, "");
  assert.equal(await status(page), "Not kept: expected a password or a token, found none.");
  await keep(page, "R.Example");
  await keep(page, "docker.io");
  assert.equal(await page.innerText("#credentials .kept p"), "Kept for r.example, registry-1.docker.io");
});
