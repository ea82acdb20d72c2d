// Runs every fuzz target for a while: `node scripts/fuzz.mjs [SECONDS]`, 20 unless told. A crash ends it
// and leaves the input in fuzz/artifacts/. cargo-fuzz needs a nightly toolchain.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Stop, main, output, root, run, say } from "./command.mjs";
import { unlessUnchanged } from "./stamp.mjs";

const version = "0.13.2";
const installed = ".cache/cargo-fuzz";

await main(() => {
  const seconds = Number(process.argv[2] ?? 20);
  if (!(seconds > 0)) throw new Stop(`expected a number of seconds, found ${process.argv[2]}`);
  if (!output("rustup", ["run", "nightly", "rustc", "--version"])) {
    throw new Stop("Fuzzing needs a nightly toolchain: rustup toolchain install nightly");
  }
  const program = `${installed}/bin/cargo-fuzz`;
  unlessUnchanged({ step: "cargo-fuzz", inputs: [], settings: { version }, outputs: [program] }, () => {
    say(`installing cargo-fuzz ${version} (once: half a minute)`);
    const args = ["install", "cargo-fuzz", "--locked", "--version", version, "--root", join(root, installed)];
    run("cargo", args);
  });
  for (const target of targets()) {
    say(`fuzzing ${target} for ${seconds} s`);
    fuzz(join(root, program), target, [`-max_total_time=${seconds}`, "-timeout=10"]);
  }
});

function fuzz(program, target, options) {
  // RUSTUP_TOOLCHAIN: the cargo and rustc that cargo-fuzz starts are rustup's, and this picks nightly.
  const env = { ...process.env, RUSTUP_TOOLCHAIN: "nightly" };
  const corpus = join(root, "fuzz", "corpus", target);
  mkdirSync(corpus, { recursive: true });
  // What is new goes to the first folder; the vectors are where it starts from. The crate forbids
  // unsafe code, so an address sanitizer would only make each run slower.
  const folders = [corpus, join(root, "tests", "vectors")];
  run(program, ["run", "--sanitizer", "none", target, ...folders, "--", ...options], { env });
}

function targets() {
  const manifest = readFileSync(join(root, "fuzz", "Cargo.toml"), "utf8");
  return [...manifest.matchAll(/\[\[bin\]\]\s+name = "([^"]+)"/g)].map((match) => match[1]);
}
