// Finds a compiler for the wasm. Three ways, tried in this order:
//
// 1. the active rustc already has the wasm32 standard library;
// 2. rustup adds it, where rustup may download;
// 3. Debian's packages compile it from source. These come from Debian's own servers, so this way
//    works where rustup's server cannot be reached. `-Z build-std` needs RUSTC_BOOTSTRAP=1.
//
// Native builds and tests always use the ordinary cargo.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hasPackages } from "./debian.mjs";
import { Stop, find, output, root, say, succeeds } from "./command.mjs";

const target = "wasm32-unknown-unknown";
const debianPackages = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

// A panic is a trap either way. Where the standard library is compiled along, this leaves the words for
// it out, and the forms that values have for debugging; a library that was compiled before has them.
const wordless = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zfmt-debug=shallow", "-Zlocation-detail=none"];

/**
 * How to call cargo for wasm: program, arguments, environment, flags for rustc, where its output lands,
 * an identity that changes when the compiler or how it is called does, whether it knows an option, and
 * whether it compiles the standard library along, which makes the smaller wasm.
 */
export function wasmToolchain() {
  return active() ?? fromRustup() ?? fromDebian() ?? stop();
}

function active() {
  const library = output("rustc", ["--print", "target-libdir", "--target", target]);
  const found = library && existsSync(library) && readdirSync(library).some((f) => f.startsWith("libstd-"));
  return found ? toolchain("active", "cargo", "rustc", [], process.env) : undefined;
}

function fromRustup() {
  // Both settings say: do not download. We do not find out by trying.
  const offline = process.env.RUSTUP_AUTO_INSTALL === "0" || process.env.CARGO_NET_OFFLINE === "true";
  if (offline || !find("rustup")) return undefined;
  say(`rustup target add ${target}`);
  return succeeds("rustup", ["target", "add", target]) ? active() : undefined;
}

function fromDebian() {
  if (!hasPackages(...debianPackages)) return undefined;
  const env = {
    ...process.env,
    RUSTC: "/usr/bin/rustc",
    RUSTC_BOOTSTRAP: "1",
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "/usr/bin/wasm-ld-22",
  };
  delete env.RUSTUP_TOOLCHAIN;
  // Of the standard library's ways to sort and to print numbers the shorter ones.
  const std = ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"];
  // It multiplies numbers of 128 bits, which wasm cannot: much of the time that verifying a signature takes.
  std.push("--config", "profile.release.package.compiler_builtins.opt-level=3");
  return toolchain("debian", "/usr/bin/cargo", "/usr/bin/rustc", std, env);
}

function toolchain(name, cargo, rustc, extra, env) {
  const knows = (...options) => output(rustc, [...options, "--print", "target-cpus", "--target", target], { env }) !== undefined;
  const compilesStd = extra.length > 0;
  const flags = compilesStd && knows(...wordless) ? wordless : [];
  // A folder each: two compilers sharing one would rebuild each other's work every time.
  const folder = join(root, ".cache", `wasm-${name}`);
  return {
    cargo,
    env,
    flags,
    compilesStd,
    knows,
    // Only the cdylib: beside an rlib nothing public is inlined or left out, and the wasm is an eighth larger.
    args: ["rustc", "--release", "--lib", "--crate-type", "cdylib", "--target", target, "--target-dir", folder, ...extra],
    wasm: join(folder, target, "release", "pullproof.wasm"),
    identity: [name, ...flags, ...extra, output(rustc, ["--version", "--verbose"], { env })].join(" "),
  };
}

function stop() {
  throw new Stop(
    `Nothing here can compile for ${target}. Any one of these is enough:
  rustup target add ${target}        (with rustup, https://rustup.rs)
  apt-get install ${debianPackages.join(" ")}        (as root, on Debian 12 or later)`,
  );
}
