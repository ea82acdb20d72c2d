// The page with a publisher's policy: beside it, named in its address, elsewhere, and spoilt.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { image as imageOf } from "../builders/images.mjs";
import { open } from "../support/browser.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { answered, guide, give, noGateway, openSite, status, summary, word } from "./page.mjs";

const example = join(root, "www", "examples", "webdis-policy.json");
const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const axe = readFileSync(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");

const chosen = async (page, repository, release) => {
  await page.selectOption("#policy [name=repository]", repository);
  await page.selectOption("#policy [name=release]", release);
  await page.click('#policy button:text-is("Ask without fetching")');
  await answered(page);
};

test("a policy beside the page: choose a release, paste what the guide prints, read what it proves", async (t) => {
  const { page } = await openSite(t);
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
  assert.match(await status(page), /The policy of Webdis was read/);
  await chosen(page, "public.ecr.aws/nicolas/webdis", "0.1.18");
  assert.match(await word(page), /open/i);
  assert.match(await page.innerText("#asked"), /public\.ecr\.aws\/nicolas\/webdis:0\.1\.18 what its author published/);
  await page.click("#policy .other > summary");
  await page.fill("#policy [name=other]", `nicolas/webdis:0.1.19@${list}`);
  await page.click('#policy button:text-is("Ask without fetching")');
  await answered(page);
  await page.click("#others > summary");
  await give(page, guide("06-manifest-list"));
  assert.match(await word(page), /proven/i);
  assert.match(await summary(page), /by the policy of Webdis/);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id }) => id), []);
});

test("a link to a question by the policy brings its image, and says what came from the link", async (t) => {
  const other = readFileSync(example, "utf8").replace('"Webdis"', '"Webdis elsewhere"');
  const { page, address } = await openSite(t, { path: "#policy=other.json", files: { "other.json": other }, permissions: ["clipboard-read", "clipboard-write"] });
  const fetchLinked = async () => {
    await page.click('#policy button:text-is("Fetch the policy from ' + new URL(address).host + '")');
    await page.waitForFunction(() => document.querySelector("#policy h2")?.textContent.includes("Webdis elsewhere") && document.querySelector("#policy fieldset:enabled"));
  };
  await fetchLinked();
  await chosen(page, "public.ecr.aws/nicolas/webdis", "0.1.18");
  await page.click('#keep button:text-is("Copy link")');
  await page.waitForFunction(() => /link was copied/.test(document.getElementById("status").textContent));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1))), { ask: "published", image: "public.ecr.aws/nicolas/webdis:0.1.18", policy: `${address}other.json` });
  await page.waitForLoadState("networkidle");
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitForSelector("#policy fieldset:enabled");
  assert.match(await page.innerText("#linked"), /Policy that the author is known by: \S+other\.json[^]*It is asked with the publisher’s policy, below\./);
  await fetchLinked();
  assert.equal(await page.inputValue("#policy [name=other]"), "public.ecr.aws/nicolas/webdis:0.1.18");
  assert.equal(await page.locator("#answer > *").count(), 0);
  await page.click('#policy button:text-is("Ask without fetching")');
  await answered(page);
  assert.match(await page.innerText("#answer > .notice"), /came from the link to this page, not from you: image, policy/);
});

test("what is fetched is held against the policy", async (t) => {
  const { host, origin } = await fakeRegistry(t, { "a/b:1.0": "buildx-attested", "a/c:1.0": "mirror-recompressed", "a/d:1.0": "mirror-relabelled" });
  const named = (name) => `${host}/a/${name}`;
  const digests = [imageOf("buildx-attested").root];
  const policy = { pullproof: "policy", version: 1, project: "Beacon", names: [named("b")], mirrors: ["c", "d"].map(named), releases: [{ tag: "1.0", digests }] };
  const { page } = await openSite(t, { policy: JSON.stringify(policy), allow: [origin], expected: noGateway });
  for (const [name, expected] of [["b", /proven/i], ["c", /proven/i], ["d", /contradicted/i]]) {
    await page.selectOption("#policy [name=repository]", named(name));
    await page.click("#policy button[type=submit]");
    await answered(page);
    assert.match(await word(page), expected, name);
  }
});

test("#policy names another beside the page: it is fetched after a press; one that cannot be used is said, and the page's own stays", async (t) => {
  const own = readFileSync(example, "utf8").replace('"Webdis"', '"Another <b>project</b>"');
  const { page } = await openSite(t, { path: "#policy=other.json", files: { "other.json": own, "spoilt.json": own.replace('"signers"', '"signer"') } });
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
  await page.click('#policy button:text-matches("^Fetch the policy from")');
  await page.waitForFunction(() => document.querySelector("#policy h2").textContent === "Verify images of Another <b>project</b>");
  await page.evaluate(() => (location.hash = "policy=spoilt.json"));
  await page.click('#policy button:text-matches("^Fetch the policy from")');
  await page.waitForFunction(() => /cannot be used: .*signer/.test(document.getElementById("policy").textContent));
  await page.waitForSelector("#policy fieldset:enabled");
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
  for (const [hash, says] of [
    ["data:application/json,{}", /cannot be used: expected an https address/],
    ["http://example.org/policy.json", /cannot be used: expected an https address/],
  ]) {
    await page.evaluate((named) => (location.hash = `policy=${encodeURIComponent(named)}`), hash);
    await page.waitForFunction((part) => document.getElementById("policy").textContent.includes(part), hash.split(",")[0]);
    await page.waitForSelector("#policy .notice");
    assert.match(await page.innerText("#policy"), says);
  }
});

test("a policy elsewhere is fetched only after a press on a button that names where", async (t) => {
  const asked = [];
  const { page, problems } = await openSite(t, { path: "#policy=https://policies.example/p.json", expected: [/policies\.example/, /Failed to load resource/] });
  await page.route("https://policies.example/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "application/json", headers: { "access-control-allow-origin": "*" }, body: readFileSync(example, "utf8") });
  });
  assert.match(await page.innerText("#policy"), /names a policy at https:\/\/policies\.example\/p\.json/);
  await page.waitForLoadState("networkidle");
  assert.deepEqual([asked, problems], [[], []]);
  await page.click("#policy button");
  await page.waitForSelector("#policy h2");
  assert.deepEqual(asked, ["https://policies.example/p.json"]);
});
