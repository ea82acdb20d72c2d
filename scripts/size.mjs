// Holds the modules of wasm under their ceilings, as they travel: compressed with brotli.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { Stop, main, root } from "./command.mjs";
import { wasmToolchain } from "./toolchain.mjs";

// They hold where the standard library is compiled along, by options of ours, as the toolchain of Debian
// does. One that was compiled before brings more with it, among it the words for panics.
const precompiled = 1.2;

const ceilings = {
  "pullproof_bg.wasm": 125_000,
  // Loaded in its place for policies, keys, SHA-512 and the output of rarely used tools, and always in Node.
  "full_bg.wasm": 244_000,
  // Loaded when something is fetched.
  "registry_bg.wasm": 62_000,
};

await main(() => {
  const allowed = wasmToolchain().compilesStd ? 1 : precompiled;
  for (const [file, ceiling] of Object.entries(ceilings)) hold(file, Math.round(ceiling * allowed));
});

function hold(file, ceiling) {
  const path = join(root, "dist", "pkg", file);
  if (!existsSync(path)) throw new Stop("There is no wasm yet: npm run build");
  const wasm = readFileSync(path);
  const brotli = brotliCompressSync(wasm).length;
  console.log(`${file}: ${wasm.length} bytes, ${brotli} after brotli, ceiling ${ceiling}`);
  if (brotli > ceiling) throw new Stop(`${file} is ${brotli - ceiling} bytes over its ceiling`);
}
