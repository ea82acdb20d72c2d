// The compiler that the build takes, on machines made of stand-in programs: PATH is one folder of them.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";

const script = pathToFileURL(join(root, "scripts", "toolchain.mjs")).href;
const choose = `
  const { wasmToolchain } = await import(${JSON.stringify(script)});
  try { const { cargo, env, args, flags, identity } = wasmToolchain(); console.log(JSON.stringify({ cargo, env, args, flags, identity })); }
  catch (error) { console.log(JSON.stringify({ stopped: error.message })); }`;

/** Chooses on a machine with these programs (name → shell text); gives the choice and what was run. */
function chooseWith(t, programs, settings = {}) {
  const machine = mkdtempSync(join(tmpdir(), "pullproof-machine-"));
  t.after(() => rmSync(machine, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(programs)) {
    const lines = ["#!/bin/sh", `echo "${name} $*" >> ${machine}/ran`, `machine=${machine}`, text, ""];
    writeFileSync(join(machine, name), lines.join("\n"), { mode: 0o755 });
  }
  mkdirSync(join(machine, "lib"));
  writeFileSync(join(machine, "ran"), "");
  const env = { PATH: machine, ...settings };
  const args = ["--input-type=module", "-e", choose];
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  assert.equal(stderr, "");
  const ran = readFileSync(join(machine, "ran"), "utf8").trim().split("\n");
  return { chosen: JSON.parse(stdout.trim().split("\n").at(-1)), ran };
}

const rustc = 'case "$*" in *target-libdir*) echo "$machine/lib";; *) echo "rustc 1.90.0";; esac';
const addLibrary = ': > "$machine/lib/libstd-0123.rlib"';
const debian = {
  "dpkg-query": '[ -e "$machine/installed" ] && printf "installed\\ninstalled\\n"',
  "apt-get": 'case "$*" in *install*) : > "$machine/installed";; esac',
  "apt-cache": "exit 0",
  env: 'shift; exec "$@"',
  sudo: 'shift; [ "$1" = true ] || exec "$@"',
};

test("the active compiler, when it has the wasm32 library", (t) => {
  const { chosen, ran } = chooseWith(t, { rustc: `${addLibrary}; ${rustc}`, rustup: "exit 1" });
  assert.equal(chosen.cargo, "cargo");
  assert.equal(chosen.args.includes("-Z"), false);
  assert.deepEqual(chosen.flags, []);
  assert.equal(ran.some((line) => line.startsWith("rustup")), false);
});

test("rustup's, when it has to add the library first", (t) => {
  const { chosen, ran } = chooseWith(t, { rustc, rustup: addLibrary, ...debian });
  assert.equal(chosen.cargo, "cargo");
  assert.ok(ran.includes("rustup target add wasm32-unknown-unknown"));
  assert.equal(ran.some((line) => line.startsWith("apt-get")), false);
});

for (const settings of [{ RUSTUP_AUTO_INSTALL: "0" }, { CARGO_NET_OFFLINE: "true" }]) {
  test(`Debian's, when rustup may not download: ${JSON.stringify(settings)}`, (t) => {
    const machine = { rustc, rustup: addLibrary, ...debian };
    const { chosen, ran } = chooseWith(t, machine, { ...settings, RUSTUP_TOOLCHAIN: "stable" });
    assert.equal(chosen.cargo, "/usr/bin/cargo");
    assert.equal(chosen.env.RUSTC, "/usr/bin/rustc");
    assert.equal(chosen.env.RUSTUP_TOOLCHAIN, undefined);
    const products = ["--config", "profile.release.package.compiler_builtins.opt-level=3"];
    assert.deepEqual(chosen.args.slice(-6), ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size", ...products]);
    // Even if this machine's compiler knows them, a build with them is built again without.
    assert.ok(chosen.identity.startsWith(["debian", ...chosen.flags].join(" ")));
    assert.ok(chosen.flags.length === 0 || chosen.flags.includes("-Cpanic=immediate-abort"));
    assert.equal(ran.some((line) => line.startsWith("rustup")), false);
    const install = ran.find((line) => line.startsWith("apt-get") && line.includes(" install "));
    assert.match(install, / --no-remove rustc-web cargo-web rust-web-src lld-22$/);
  });
}

test("Debian's, when rustup fails", (t) => {
  const { chosen } = chooseWith(t, { rustc, rustup: "exit 1", ...debian });
  assert.equal(chosen.cargo, "/usr/bin/cargo");
});

test("Debian's without installing, when it is there", (t) => {
  const { chosen, ran } = chooseWith(t, { ...debian, "dpkg-query": 'printf "installed\\n"' });
  assert.equal(chosen.cargo, "/usr/bin/cargo");
  assert.equal(ran.some((line) => line.startsWith("apt-get")), false);
});

for (const [name, machine] of Object.entries({
  "there is nothing": {},
  "Debian has no such packages": { ...debian, "apt-cache": "exit 1" },
  "installing would take something away": { ...debian, "apt-get": "exit 100" },
})) {
  test(`none, and what to install, when ${name}`, (t) => {
    const { chosen } = chooseWith(t, machine);
    assert.match(chosen.stopped, /rustup target add wasm32-unknown-unknown/);
    assert.match(chosen.stopped, /apt-get install rustc-web cargo-web rust-web-src lld-22/);
  });
}
