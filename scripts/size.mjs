// Holds the modules of wasm under their ceilings, as they travel: compressed with brotli.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Stop, main, root } from "./command.mjs";

const ceilings = {
  // The goal is 100 kB. This is where it stands, with trust data named and referrers.
  "pullproof_bg.wasm": 118_000,
  // Loaded in its place for policies and signatures, and always in Node.
  "full_bg.wasm": 228_500,
  // Loaded when something is fetched.
  "registry_bg.wasm": 70_000,
};

await main(() => {
  for (const [file, ceiling] of Object.entries(ceilings)) hold(file, ceiling);
});

function hold(file, ceiling) {
  const path = join(root, "dist", "pkg", file);
  if (!existsSync(path)) throw new Stop("There is no wasm yet: npm run build");
  const wasm = readFileSync(path);
  const brotli = brotliCompressSync(wasm).length;
  console.log(`${file}: ${wasm.length} bytes, ${brotli} after brotli, ceiling ${ceiling}`);
  if (brotli > ceiling) throw new Stop(`${file} is ${brotli - ceiling} bytes over its ceiling`);
}
