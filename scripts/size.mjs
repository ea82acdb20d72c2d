// Holds the core wasm under its ceiling, as it travels: compressed with brotli.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Stop, main, root } from "./command.mjs";

// The goal is 100 kB. This is where it stands, and it only goes down from here.
const ceiling = 110_000;

await main(() => {
  const path = join(root, "dist", "pkg", "pullproof_bg.wasm");
  if (!existsSync(path)) throw new Stop("There is no wasm yet: npm run build");
  const wasm = readFileSync(path);
  const brotli = brotliCompressSync(wasm).length;
  console.log(`pullproof_bg.wasm: ${wasm.length} bytes, ${brotli} after brotli, ceiling ${ceiling}`);
  if (brotli > ceiling) throw new Stop(`pullproof_bg.wasm is ${brotli - ceiling} bytes over its ceiling`);
});
