// Holds what the page loads first under its ceilings, as it travels, compressed with brotli: the module of wasm, and what
// it takes to paint, to take input and to begin to read.

import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Stop, main, root } from "./command.mjs";
import { wasmToolchain } from "./toolchain.mjs";

// The module's ceiling holds where the standard library is compiled along, by options of ours, as the toolchain of
// Debian does. One that was compiled before brings more with it, among it the words for panics.
const precompiled = 1.2;

const ceilings = { module: 305_000, page: 60_000 };

const site = join(root, "dist", "site");

await main(() => {
  const list = join(site, "files.json");
  if (!existsSync(list)) throw new Stop("There is no site yet: npm run build");
  const names = Object.keys(JSON.parse(readFileSync(list, "utf8")).files);
  const part = (name) => names.find((file) => file.endsWith(`/${name}`));
  const allowed = wasmToolchain().compilesStd ? 1 : precompiled;
  hold("the module", [part("pkg/pullproof_bg.wasm")], Math.round(ceilings.module * allowed));
  const scripts = ["main.js", "worker/worker.js", "worker/answers.js", "pkg/module.js"].map(part);
  hold("the page", ["index.html", part("style.css"), ...imported(scripts)], ceilings.page);
});

/** These scripts and all that they import before they run. */
function imported(scripts) {
  const found = new Set(scripts);
  // What is added is looked at as well.
  for (const file of found) {
    const text = readFileSync(join(site, file), "utf8");
    for (const [, name] of text.matchAll(/^(?:import|export)\s[^;"]*"(\.[^"]+)";$/gm)) found.add(posix.join(posix.dirname(file), name));
  }
  return found;
}

function hold(what, files, ceiling) {
  const brotli = [...files].reduce((sum, file) => sum + brotliCompressSync(readFileSync(join(site, file))).length, 0);
  console.log(`${what}: ${brotli} bytes after brotli, ceiling ${ceiling}`);
  if (brotli > ceiling) throw new Stop(`${what} is ${brotli - ceiling} bytes over its ceiling`);
}
