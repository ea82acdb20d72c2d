// The crate as JavaScript: dist/pkg/ with its module of wasm, the glue for it, the faces and the command of src/js.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { bindgen } from "./bindgen.mjs";
import { root, run, say } from "./command.mjs";
import { named } from "./order.mjs";
import { files, unlessUnchanged } from "./stamp.mjs";
import { wasmToolchain } from "./toolchain.mjs";

// Left out: counters stepped side by side and computations done early, which an engine does itself;
// and copies of more than one word are one instruction, as every string that is moved has three.
// They are LLVM's own, so only those are given that the compiler at hand knows.
const small = ["-disable-lsr", "-enable-pre=0", "-max-store-memcpy=1"].map((option) => `-Cllvm-args=${option}`);

// SHA-256 prepares four words at a time with these instructions: faster, and less code. Chrome 91, Firefox 89,
// Safari 16.4 and Node 20 have them.
const wide = "-Ctarget-feature=+simd128";

const folder = join(root, "dist", "pkg");
const locks = ["Cargo.toml", "Cargo.lock", "package-lock.json", "scripts/wasm-bindgen/Cargo.lock"];

/** Brings dist/pkg/ up to date. */
export function buildPackage() {
  mkdirSync(folder, { recursive: true });
  buildModule(wasmToolchain());
  copyFaces();
}

const name = "pullproof";
const made = [`${name}.js`, `${name}_bg.wasm`];

function buildModule({ cargo, args, env, flags: own, wasm, identity, knows }) {
  const step = {
    step: "pkg",
    inputs: [...locks, "scripts/order.mjs", "scripts/package.mjs", ...files("src").filter((file) => file.endsWith(".rs"))],
    settings: { identity },
    outputs: made.map((file) => `dist/pkg/${file}`),
  };
  unlessUnchanged(step, () => {
    say(`compiling to wasm (${identity.split("\n")[0]})`);
    const flags = { CARGO_ENCODED_RUSTFLAGS: [...withoutPaths(), wide, ...own, ...small.filter((option) => knows(option))].join("\x1f") };
    run(cargo, [...args, "--locked"], { env: { ...env, ...flags } });
    bindgen(wasm, folder, name);
    optimise(join(folder, `${name}_bg.wasm`));
  });
}

/** Copies the faces and the trusted roots, and removes what an earlier build left. */
function copyFaces() {
  for (const file of readdirSync(folder)) if (!made.includes(file)) rmSync(join(folder, file), { recursive: true });
  cpSync(join(root, "src", "js"), folder, { recursive: true });
  cpSync(join(root, "src", "sigstore", "roots"), join(folder, "sigstore"), { recursive: true });
}

/** Panic messages name source files: without this the wasm would hold this machine's folders. */
function withoutPaths() {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  return [`--remap-path-prefix=${registry}=`, `--remap-path-prefix=${root}=`];
}

function optimise(wasm) {
  say("wasm-opt");
  const program = join(root, "node_modules", "binaryen", "bin", "wasm-opt");
  // These passes make the file smaller and what travels larger: what they change compresses badly.
  const large = ["inlining-optimizing", "local-cse", "memory-packing", "simplify-locals"];
  const skipped = large.map((pass) => `--skip-pass=${pass}`);
  // Control flow made anew from its graph is simpler than the compiler's.
  const again = ["--flatten", "--rereloop", "-Oz"];
  // Nothing lies below the stack's end, so an offset added to an address cannot wrap around to it.
  const features = ["--low-memory-unused", "--enable-bulk-memory", "--enable-simd"];
  const options = ["-Os", ...skipped, ...again, ...again, ...features];
  run(process.execPath, [program, ...options, wasm, "-o", wasm]);
  writeFileSync(wasm, named(readFileSync(wasm)));
  // Locals are put in order again, which reading a module undoes.
  const ordered = ["--reorder-functions-by-name", "--coalesce-locals", "--reorder-locals", ...features];
  // The names of the compilers are left out.
  ordered.push("--strip-debug", "--strip-producers", "--strip-target-features");
  run(process.execPath, [program, ...ordered, wasm, "-o", wasm]);
}
