// The crate as JavaScript: dist/pkg/ with the wasm, its glue and the faces of src/js.

import { cpSync, mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { bindgen } from "./bindgen.mjs";
import { root, run, say } from "./command.mjs";
import { files, unlessUnchanged } from "./stamp.mjs";
import { wasmToolchain } from "./toolchain.mjs";

const glue = ["pullproof.js", "pullproof_bg.wasm"].map((file) => `dist/pkg/${file}`);
const locks = ["Cargo.toml", "Cargo.lock", "package-lock.json", "scripts/wasm-bindgen/Cargo.lock"];
const faces = ["index.js", "index.d.ts", "node.js", "browser.js"];

/** Brings dist/pkg/ up to date. */
export function buildPackage() {
  const { cargo, args, env, wasm, identity } = wasmToolchain();
  const step = {
    step: "pkg",
    inputs: [...locks, "scripts/package.mjs", ...files("src").filter((file) => file.endsWith(".rs"))],
    settings: { identity },
    outputs: glue,
  };
  unlessUnchanged(step, () => {
    say(`compiling to wasm (${identity.split("\n")[0]})`);
    run(cargo, [...args, "--locked"], { env: { ...env, CARGO_ENCODED_RUSTFLAGS: flags().join("\x1f") } });
    rmSync(join(root, "dist", "pkg"), { recursive: true, force: true });
    mkdirSync(join(root, "dist", "pkg"), { recursive: true });
    bindgen(wasm, join(root, "dist", "pkg"));
    optimise(join(root, "dist", "pkg", "pullproof_bg.wasm"));
  });
  for (const face of faces) cpSync(join(root, "src", "js", face), join(root, "dist", "pkg", face));
}

function flags() {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  // Panic messages name source files: without this the wasm would hold this machine's folders.
  const withoutPaths = [`--remap-path-prefix=${registry}=`, `--remap-path-prefix=${root}=`];
  // Left out: counters stepped side by side and computations done early, which an engine does itself;
  // and copies of more than one word are one instruction, as every string that is moved has three.
  const small = "-disable-lsr -enable-pre=0 -max-store-memcpy=1";
  return [...withoutPaths, `-Cllvm-args=${small}`];
}

function optimise(wasm) {
  say("wasm-opt -Oz");
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  // These passes make the file smaller and what travels larger: what they change compresses badly.
  const skipped = ["inlining-optimizing", "local-cse", "simplify-locals"].map((pass) => `--skip-pass=${pass}`);
  // Nothing lies below the stack's end, so an offset added to an address cannot wrap around to it.
  const options = ["-Oz", ...skipped, "--low-memory-unused", "--enable-bulk-memory"];
  run(process.execPath, [program, ...options, wasm, "-o", wasm]);
}
