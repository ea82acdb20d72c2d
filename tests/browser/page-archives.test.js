// The page with archives and folders of images: dropped or chosen, each is read and called by its name.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";
import { tarOf, zipOf } from "../builders/archives.mjs";
import { digest, layer, layout, newer, older, sha256 } from "../builders/saved.mjs";
import { answered, openPage, status, summary, word } from "./page.mjs";

const given = (page) => page.textContent("#pieces");

/** Drops what lies at these paths, folders too, as a person does. */
async function drop(page, paths) {
  const session = await page.context().newCDPSession(page);
  const at = { x: 100, y: 100 };
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await page.waitForFunction(() => document.querySelector("#pieces li") !== null);
  await answered(page);
}

function folderOf(t, files) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-images-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

const under = (name, files) => Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, bytes]));

for (const [what, name, files] of [
  ["a tar that docker saved", "image.tar", { "image.tar": tarOf(newer()) }],
  ["a tgz of a layout", "image.tgz", { "image.tgz": gzipSync(tarOf(layout())) }],
  ["a zip of a layout", "image.zip", { "image.zip": zipOf(layout()) }],
  ["a folder with a layout", "image", under("image", layout())],
]) {
  test(`${what}, dropped`, async (t) => {
    const { page } = await openPage(t);
    await drop(page, [join(folderOf(t, files), name)]);
    assert.match(await word(page), /proven/i);
    assert.match(await summary(page), new RegExp(`With 1 layer\\. Its digest is .*${digest}`));
    const pieces = await given(page);
    assert.match(pieces, new RegExp(`${name.replace(".", "\\.")}: index\\.json`));
    assert.match(pieces, new RegExp(`1 layer \\(${layer.length} bytes\\) was not read`));
    const shown = await page.textContent("main");
    assert.doesNotMatch(shown, /pasted:|Pasted output|nothing recognised/);
  });
}

test("an older archive and a layer, chosen: what each is", async (t) => {
  const { page } = await openPage(t);
  const chosen = Object.entries({ "old.tar": tarOf(older()), "layer.tar.gz": layer }).map(([name, buffer]) => ({ name, mimeType: "application/octet-stream", buffer }));
  await page.setInputFiles("#files", chosen);
  await answered(page);
  assert.match(await summary(page), /For linux\/amd64.*the Id of docker\.io\/library\/hello:1/);
  assert.match(await given(page), new RegExp(`layer\\.tar\\.gz is a binary file \\(compressed with gzip\\) of ${layer.length} bytes; its digest is sha256:${sha256(layer)}`));
  await page.setInputFiles("#files", [{ name: "cut.tar", mimeType: "application/x-tar", buffer: tarOf(layout()).subarray(0, 600) }]);
  await answered(page);
  assert.match(await status(page), /Not read: cut\.tar: blobs\/sha256\/[0-9a-f]{64} is cut off: \d+ of \d+ bytes are missing/);
});
