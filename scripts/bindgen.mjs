// wasm-bindgen, in lock-step with the crate. The program that writes the glue must be exactly as old
// as the library compiled into the wasm, so it is built here, from a version pinned beside the
// crate's own, rather than taken from wherever a machine has one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stop, root, run, say } from "./command.mjs";
import { unlessUnchanged } from "./stamp.mjs";

const folder = "scripts/wasm-bindgen";
const driver = ".cache/wasm-bindgen/release/wasm-bindgen-driver";

/** Writes NAME.js and NAME_bg.wasm for the compiled wasm into a folder. */
export function bindgen(wasm, into, name) {
  requireSameVersion();
  const built = driver + (process.platform === "win32" ? ".exe" : "");
  unlessUnchanged({ step: "wasm-bindgen", inputs: [folder], outputs: [built] }, () => {
    say("building wasm-bindgen (once: a minute or two)");
    const target = join(root, ".cache", "wasm-bindgen");
    const args = ["build", "--release", "--locked", "--target-dir", target];
    run("cargo", args, { cwd: join(root, folder) });
  });
  run(join(root, built), [wasm, into, name]);
}

function requireSameVersion() {
  const crate = lockedVersion("Cargo.lock", "wasm-bindgen");
  const glue = lockedVersion(`${folder}/Cargo.lock`, "wasm-bindgen-cli-support");
  if (crate === glue) return;
  throw new Stop(
    `Cargo.lock has wasm-bindgen ${crate}, ${folder}/Cargo.lock has wasm-bindgen-cli-support ${glue}.
They must be equal: write one version into Cargo.toml and ${folder}/Cargo.toml.`,
  );
}

function lockedVersion(lock, crate) {
  const text = readFileSync(join(root, lock), "utf8");
  const entry = new RegExp(`name = "${crate}"\\r?\\nversion = "([^"]+)"`).exec(text);
  return entry?.[1] ?? "none";
}
