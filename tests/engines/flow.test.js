// The page's main flow in Firefox and WebKit: it loads its module, takes what is given, answers, and shows
// no old answer beside a new question.

import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import { serve } from "../../scripts/serve.mjs";
import { document_, guide } from "../browser/page.mjs";
import { firefox, webkit } from "./engines.mjs";

const wait = `const until = async (holds) => {
  const end = Date.now() + 30000;
  while (!holds()) {
    if (Date.now() > end) throw new Error("expected the page to get on, found " + document.body.innerText.slice(0, 500));
    await new Promise(requestAnimationFrame);
  }
};`;
const ready = `${wait} await until(() => !document.getElementById("box").matches(":disabled"));`;
const answered = `const answer = document.getElementById("answer");
await until(() => answer.children.length > 0 && !answer.hasAttribute("aria-busy"));
return { word: answer.querySelector(".word")?.textContent, text: answer.innerText };`;
const give = `${wait} const box = document.getElementById("box");
box.value = values[0];
document.querySelector("#giving button[type=submit]").click();
${answered}`;
const example = `${wait} document.querySelectorAll("#examples button")[values[0]].click();
${answered}`;
const ask = `${wait} const [kind, fields] = values;
document.getElementById("asking").open = true;
document.querySelector("#question [name=ask][value=" + kind + "]").click();
for (const [name, value] of Object.entries(fields)) {
  const field = document.querySelector("[data-ask=" + kind + "] [name=" + name + "]");
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
${answered}`;

for (const [name, start] of Object.entries({ firefox, webkit })) {
  test(`${name}: from pastes to answers`, async (t) => {
    const { address, close } = await serve(join(root, "dist", "site"));
    t.after(close);
    const { go, run, resize, problems, version } = await start(t);
    t.diagnostic(version);
    await resize(1280, 900);
    await go(address);
    await run(ready);
    const list = await run(give, guide("06-manifest-list"));
    const trusted = await run(give, guide("02-trust-pretty"));
    assert.equal(list.word, "Probably sha256:5de58646bae3…");
    assert.match(list.text, /the text as pasted was never the registry's/);
    assert.equal(trusted.word, "An image index.");
    assert.match(trusted.text, /Its digest is sha256:5de58646…c21667/);
    const published = await run(ask, "published", { image: "docker.io/nicolas/webdis:0.1.19", digests: `sha256:${"0".repeat(64)}` });
    assert.equal(published.word, "Not checked yet.");
    assert.deepEqual(problems.filter((problem) => !/gateway/.test(problem)), []);
  });

  test(`${name}: an image of its own, proven by a published digest, at the width of a phone`, async (t) => {
    const { address, close } = await serve(join(root, "dist", "site"));
    t.after(close);
    const { go, run, resize } = await start(t);
    await resize(390, 844);
    await go(address);
    await run(ready);
    const index = document_("buildx-attested-index");
    await run(give, `$ docker buildx imagetools inspect --raw example.org/a:1\n${index.bytes}`);
    const answer = await run(ask, "published", { image: "example.org/a:1", digests: index.digest });
    assert.match(answer.text, new RegExp(index.digest.slice(7, 15)));
    assert.equal(answer.word, "Not proven.");
    assert.equal(await run("return innerWidth;"), 390);
    const overflow = await run("return document.documentElement.scrollWidth - document.documentElement.clientWidth;");
    assert.ok(overflow <= 0, `${overflow} pixels wider than the window`);
  });

  test(`${name}: the question’s parts are pressed, layers unfold and tabs are walked by keyboard`, async (t) => {
    const { address, close } = await serve(join(root, "dist", "site"));
    t.after(close);
    const { go, run, press, resize, problems } = await start(t);
    await resize(1280, 900);
    await go(address);
    await run(ready);
    const { word } = await run(example, 2);
    assert.equal(word, "Different on linux/arm64.");
    for (const part of ["right", "left"]) {
      const pressed = await run(`document.querySelector('#asked .part[data-name="${part}"]').click();
        const found = [document.getElementById("asking").open, document.activeElement.name];
        document.getElementById("asking").open = false;
        return found;`);
      assert.deepEqual(pressed, [true, part]);
    }
    const boxes = 'return [document.querySelectorAll("#answer g.box").length, document.activeElement.getAttribute("aria-expanded")];';
    const [folded, before] = await run(`document.querySelector("#answer g.box[aria-expanded=false]").focus(); ${boxes}`);
    assert.equal(before, "false");
    await press("Enter");
    const [unfolded, after] = await run(boxes);
    assert.equal(after, "true");
    assert.ok(unfolded > folded, `${folded} nodes, then ${unfolded}`);
    await press("Enter");
    assert.deepEqual(await run(boxes), [folded, "false"]);
    await run(`const tab = document.querySelector("#answer [role=tab][aria-selected=true]");
      tab.closest("details").open = true;
      tab.focus();`);
    const tab = 'const [panel, ...more] = [...document.querySelectorAll("#answer [role=tabpanel]")].filter((one) => one.checkVisibility()); return [document.activeElement.textContent, panel.getAttribute("aria-labelledby") === document.activeElement.id, more.length];';
    for (const [key, tool] of [["ArrowRight", "crane"], ["ArrowRight", "skopeo"], ["End", "sha256sum"], ["ArrowRight", "docker"]]) {
      await press(key);
      assert.deepEqual(await run(tab), [tool, true, 0]);
    }
    await press("Tab");
    assert.equal(await run("return document.activeElement.textContent;"), "Copy all");
    assert.deepEqual(problems.filter((problem) => !/gateway/.test(problem)), []);
  });

  test(`${name}: all but the frame is served from the build’s own folder, and works from there without a network`, async (t) => {
    const { address, close } = await serve(join(root, "dist", "site"));
    t.after(close);
    const { go, run, resize } = await start(t);
    await resize(1280, 900);
    await go(address);
    await run(ready);
    await run(example, 0);
    const loaded = await run('return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);');
    const scripts = loaded.filter((path) => /\.(css|js|wasm)$/.test(path) && path !== "/sw.js");
    assert.ok(scripts.length > 10, loaded.join(" "));
    for (const path of scripts) assert.match(path, /^\/build-[0-9a-f]{16}\//);
    assert.equal(new Set(scripts.map((path) => path.split("/")[1])).size, 1);
    await run(`${wait} document.getElementById("page-check").open = true;
      const button = () => [...document.querySelectorAll("#page-check button")].find(({ textContent }) => textContent === "Keep for use offline");
      await until(() => button()?.disabled === false);
      button().click();
      await until(() => document.getElementById("status").textContent.includes("The page is kept for use offline"));`);
    await close();
    await go(address);
    await run(ready);
    const { word, text } = await run(example, 0);
    assert.equal(word, "Same image.");
    assert.match(text, /a7527272/);
  });
}
