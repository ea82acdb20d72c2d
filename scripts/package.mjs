// The crate as JavaScript: dist/pkg/ with the wasm, its glue and the faces of src/js.

import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { bindgen } from "./bindgen.mjs";
import { root, run, say } from "./command.mjs";
import { files, unlessUnchanged } from "./stamp.mjs";
import { wasmToolchain } from "./toolchain.mjs";

const glue = ["pullproof.js", "pullproof_bg.wasm"].map((file) => `dist/pkg/${file}`);
const locks = ["Cargo.toml", "Cargo.lock", "package-lock.json", "scripts/wasm-bindgen/Cargo.lock"];

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
    run(cargo, [...args, "--locked"], { env: { ...env, CARGO_ENCODED_RUSTFLAGS: withoutPaths() } });
    rmSync(join(root, "dist", "pkg"), { recursive: true, force: true });
    mkdirSync(join(root, "dist", "pkg"), { recursive: true });
    bindgen(wasm, join(root, "dist", "pkg"));
    optimise(join(root, "dist", "pkg", "pullproof_bg.wasm"));
  });
  copyFaces();
}

/** Copies the faces and the command, and removes what an earlier build left. */
function copyFaces() {
  const folder = join(root, "dist", "pkg");
  const made = glue.map((file) => basename(file));
  for (const file of readdirSync(folder)) if (!made.includes(file)) rmSync(join(folder, file), { recursive: true });
  cpSync(join(root, "src", "js"), folder, { recursive: true });
}

/** Panic messages name source files: without this the wasm would hold this machine's folders. */
function withoutPaths() {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  return [`--remap-path-prefix=${registry}=`, `--remap-path-prefix=${root}=`].join("\x1f");
}

function optimise(wasm) {
  say("wasm-opt -Oz");
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  // Its inlining saves 2 % of the file and costs 5 % of what travels: copies compress badly here.
  const options = ["-Oz", "--skip-pass=inlining-optimizing", "--enable-bulk-memory"];
  run(process.execPath, [program, ...options, wasm, "-o", wasm]);
}
