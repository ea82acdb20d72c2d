// The page with a publisher's policy: beside it, named in its address, elsewhere, and spoilt.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { image as imageOf } from "../builders/images.mjs";
import { open } from "../support/browser.mjs";
import { fakeRegistry } from "./fake-registry.mjs";
import { findings } from "./axe.mjs";
import { answered, give, giveFiles, guide, headline, noGateway, openPage, openSite, status, summary, word } from "./page.mjs";

const example = join(root, "www", "examples", "webdis-policy.json");
const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";

test("a policy beside the page: type a tag, paste what the guide prints, read what it proves", async (t) => {
  const { page } = await openSite(t);
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis");
  assert.match(await status(page), /The policy of Webdis was read/);
  await give(page, "public.ecr.aws/nicolas/webdis:0.1.18");
  assert.match(await word(page), /open/i);
  assert.equal(await status(page), "Ready to check public.ecr.aws/nicolas/webdis:0.1.18: is it what Webdis published?");
  assert.match(await page.innerText("#asked"), /public\.ecr\.aws\/nicolas\/webdis:0\.1\.18 what its author published/);
  await give(page, `nicolas/webdis:0.1.19@${list}`);
  await give(page, guide("06-manifest-list"));
  assert.match(await word(page), /proven/i);
  assert.match(await summary(page), /by the policy of Webdis/);
  assert.deepEqual(await findings(page), []);
});

test("whatever is given on a publisher’s page is asked by its policy", async (t) => {
  const { page } = await openSite(t);
  const pulled = (image, digest) => `$ docker pull ${image}\n${image.split(":")[1]}: Pulling from x\nDigest: ${digest}\nStatus: Image is up to date for ${image}\n${image}\n`;
  for (const [text, asked, heading, says] of [
    ["0.1.19", "docker.io/nicolas/webdis:0.1.19", "Ready to check", /is it what Webdis published\?/],
    ["docker pull nicolas/webdis:0.1.18", "nicolas/webdis:0.1.18", "Ready to check", /is it what Webdis published\?/],
    ["https://hub.docker.com/layers/nicolas/webdis/0.1.19/images/sha256-00", "docker.io/nicolas/webdis:0.1.19", "Ready to check", /Webdis/],
    [list.slice(7), `docker.io/nicolas/webdis@${list}`, "Ready to check", /Webdis/],
    [guide("06-manifest-list"), "docker.io/nicolas/webdis:0.1.19", "Not proven", /by the policy of Webdis/],
    [pulled("public.ecr.aws/nicolas/webdis:0.1.18", `sha256:${"0".repeat(64)}`), "public.ecr.aws/nicolas/webdis:0.1.18", "Not checked yet", /public\.ecr\.aws/],
    ["nginx:1", "nginx:1", "Not checked yet", /the policy of Webdis does not/],
    ["0.1.20", "docker.io/nicolas/webdis:0.1.20", "Not checked yet", /the policy of Webdis lists no release 0\.1\.20/],
  ]) {
    await give(page, text);
    const shown = (await page.textContent("#asked")).replace(/sha256:[0-9a-f]{8}…[0-9a-f]{6}\S*?(?=docker\.io|sha256)/, "");
    assert.ok(shown.includes(asked) && shown.includes("what its author published"), `${text}: ${shown}`);
    assert.equal(await headline(page), heading, text);
    assert.match(await summary(page), says, text);
    await page.click("#leave");
    await page.waitForFunction(() => document.getElementById("answer").children.length === 0);
    assert.equal(await page.evaluate(() => document.getElementById("releases").open), true);
  }
  // A file is found by its digest, also where nothing says which image it is of.
  await giveFiles(page, { "list.json": guide("06-manifest-list").split("\n").slice(1).join("\n") });
  assert.deepEqual([await word(page), await headline(page)], ["Proven", "Published by Webdis"]);
  assert.equal(await page.evaluate(() => document.getElementById("releases").open), false);
  // What somebody asks otherwise stays asked so.
  await page.click('#instead [value="what"]');
  await answered(page);
  await page.click("#leave");
  await give(page, "a.example/x:1 b.example/x:1");
  assert.match(await page.textContent("#asked"), /the same as/);
});

test("the releases: commands that pull by digest, of the publisher’s own names only; the mark, the sentence and what to do are on the first screen", async (t) => {
  const digest = (i) => `sha256:${String(i).padStart(64, "0")}`;
  const releases = Array.from({ length: 9 }, (_, i) => ({ tag: `1.${9 - i}`, digests: i === 1 ? [digest(1), digest(100)] : [digest(i)], ...(i === 0 && { note: "The <b>newest</b>." }) }));
  const policy = JSON.stringify({ pullproof: "policy", version: 1, project: "Beacon", names: ["docker.io/acme/beacon"], mirrors: ["ghcr.io/acme/beacon"], releases });
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const { page, problems } = await openSite(t, { policy, viewport, permissions: ["clipboard-read", "clipboard-write"], expected: noGateway });
    // As on a static host.
    await page.context().route("**/gateway/", (route) => route.fulfill({ status: 404 }));
    assert.deepEqual(await page.locator("#releases tbody th").allTextContents(), ["1.9", "1.8", "1.7", "1.6"]);
    assert.match(await page.innerText("#releases tbody tr:nth-child(1)"), /The <b>newest<\/b>\./);
    assert.match(await page.innerText("#releases tbody tr:nth-child(2)"), /Each registry has one of these/);
    assert.equal(await page.locator("#releases tbody tr:nth-child(2) pre").count(), 2);
    await page.click("#releases tbody tr:nth-child(1) button:text-is('Copy')");
    await page.locator("#releases button:text-is('Copied')").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `docker pull docker.io/acme/beacon@${digest(0)}`);
    await page.selectOption("#releases [name=repository]", "ghcr.io/acme/beacon");
    assert.equal(await page.locator("#releases pre").count(), 0);
    await page.click("#releases details > summary");
    await page.waitForFunction(() => document.querySelectorAll("#releases tbody th").length === 9);
    // A registry that is known to keep pages out is not asked, and the command is there at once.
    await page.click('#releases [aria-label="Verify ghcr.io/acme/beacon:1.9"]');
    await answered(page);
    assert.match(await summary(page), /ghcr\.io was not asked, because it is known to keep web pages out/);
    assert.match(await page.innerText("#answer .next"), /^Run this in a terminal, and give its output here:\s+docker buildx imagetools inspect --raw ghcr\.io\/acme\/beacon:1\.9/);
    assert.equal(await page.locator("#answer button:text-is('Fetch again')").count(), 0);
    for (const selector of [".mark", ".word", ".summary", ".next .command", ".next textarea"]) {
      const { y, height } = await page.locator(`#answer .verdict ${selector}`).boundingBox();
      assert.ok(y >= 0 && y + height <= viewport.height, `${selector} ends at ${y + height} of ${viewport.height}`);
    }
    assert.deepEqual(problems.filter((text) => /ghcr/.test(text)), []);
  }
});

test("a policy that is dropped is offered, used after a press, and no link is made of it", async (t) => {
  const text = readFileSync(example, "utf8").replace('"Webdis"', '"Webdis <i>dropped</i>"');
  const { page } = await openPage(t);
  await page.setInputFiles("#files", { name: "policy.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.waitForSelector("#policy .notice");
  assert.match(await page.innerText("#policy"), /This is a policy: it says which images Webdis <i>dropped<\/i> published\. Whoever wrote it decides what counts as published/);
  assert.equal(await page.locator("#policy h2, #pieces > li").count(), 0);
  await page.click('#policy button:text-is("Verify images by this policy")');
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.equal(await page.innerText("#policy h2"), "Verify images of Webdis <i>dropped</i>");
  assert.match(await page.innerText("#policy"), /“Published” here means what the policy that was dropped here says/);
  await giveFiles(page, { "list.json": guide("06-manifest-list").split("\n").slice(1).join("\n") });
  assert.deepEqual([await word(page), await headline(page)], ["Proven", "Published by Webdis <i>dropped</i>"]);
  assert.equal(await page.locator('#keep button:text-is("Copy link")').count(), 0);
  assert.match(await page.innerText("#keep"), /A link cannot contain a policy or a key that was given here/);
  // One that is not strictly a policy is refused with its reason.
  await page.click("#leave");
  await page.setInputFiles("#files", { name: "policy.json", mimeType: "application/json", buffer: Buffer.from(text.replace('"signers"', '"signer"')) });
  await page.click('#policy button:text-is("Verify images by this policy")');
  await page.waitForFunction(() => /cannot be used: .*signer/.test(document.getElementById("policy").textContent));
});

test("a link to a question by the policy brings its image, and says what came from the link", async (t) => {
  const other = readFileSync(example, "utf8").replace('"Webdis"', '"Webdis elsewhere"');
  const { page, address } = await openSite(t, { path: "#policy=other.json", files: { "other.json": other }, permissions: ["clipboard-read", "clipboard-write"] });
  const fetchLinked = async () => {
    await page.click('#policy button:text-is("Fetch the policy from ' + new URL(address).host + '")');
    await page.waitForFunction(() => document.querySelector("#policy h2")?.textContent.includes("Webdis elsewhere") && document.querySelector("#releases fieldset:enabled"));
  };
  await fetchLinked();
  await give(page, "public.ecr.aws/nicolas/webdis:0.1.18");
  await page.click('#keep button:text-is("Copy link")');
  await page.waitForFunction(() => /link was copied/.test(document.getElementById("status").textContent));
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.deepEqual(Object.fromEntries(new URLSearchParams(new URL(link).hash.slice(1))), { ask: "published", image: "public.ecr.aws/nicolas/webdis:0.1.18", policy: `${address}other.json` });
  await page.waitForLoadState("networkidle");
  await page.goto("about:blank");
  await page.goto(link);
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
  assert.match(await page.innerText("#linked"), /Policy that the author is known by: \S+other\.json[^]*It is asked with the publisher’s policy, below\./);
  await fetchLinked();
  assert.equal(await page.inputValue("#box"), "public.ecr.aws/nicolas/webdis:0.1.18");
  assert.equal(await page.locator("#answer > *").count(), 0);
  await page.click("#giving button[type=submit]");
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
    await page.evaluate(() => (document.getElementById("releases").open = true));
    await page.selectOption("#releases [name=repository]", named(name));
    await page.click(`#releases [aria-label="Verify ${named(name)}:1.0"]`);
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
  await page.waitForSelector("#releases fieldset:enabled", { state: "attached" });
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
