// The trusted roots that come along: files beside the module, which takes those bytes and no others.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";

const pkg = join(root, "dist", "pkg");
const fixture = join(root, "tests", "sigstore", "fixture.json");

// The name of the root in an answer, or the error in its place; and what a session says.
const program = `
import { readFileSync } from "node:fs";
import { Session, verifyBundle } from "./pkg/node.js";
const { bundle, artifact, root } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [text, bytes] = [JSON.stringify(bundle), new TextEncoder().encode(artifact)];
const now = new Date("2026-01-09");
let alone;
try { alone = verifyBundle(text, bytes, { now }).root.name; } catch ({ code, message }) { alone = { code, message }; }
const session = new Session({ ask: "what" });
session.paste(text);
const told = session.report(now).claims.filter(({ statement }) => statement.code === "trusted-root").map(({ statement }) => statement.text);
console.log(JSON.stringify({ alone, told, given: verifyBundle(text, bytes, { now, trustedRoot: JSON.stringify(root) }).root.name }));
`;

/** What a copy of the package says once its files were changed. */
function said(t, change) {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-shipped-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(pkg, join(folder, "pkg"), { recursive: true });
  change(join(folder, "pkg", "sigstore"));
  writeFileSync(join(folder, "main.mjs"), program);
  return JSON.parse(execFileSync(process.execPath, ["main.mjs", fixture], { cwd: folder, encoding: "utf8" }));
}

test("they are the files that are checked in, byte for byte", () => {
  for (const name of ["public-good.json", "github.json"]) {
    assert.deepEqual(readFileSync(join(pkg, "sigstore", name)), readFileSync(join(root, "src", "sigstore", "roots", name)));
  }
});

test("with them a signature is checked by that of the public instance", (t) => {
  const { alone, told } = said(t, () => {});
  assert.equal(alone, "the trusted root of sigstore.dev of 2025-09-22");
  assert.deepEqual(told, []);
});

const missing = "expected a file that comes with pullproof (load or install it again) in the trusted-root, found none";
const changes = {
  "without them": (folder) => rmSync(folder, { recursive: true }),
  "with a byte more": (folder) => writeFileSync(join(folder, "public-good.json"), "\n", { flag: "a" }),
  "with another under its name": (folder) => cpSync(join(folder, "github.json"), join(folder, "public-good.json")),
};

for (const [name, change] of Object.entries(changes)) {
  test(`${name} a signature says what is missing, and a root that is given is used`, (t) => {
    const { alone, told, given } = said(t, change);
    assert.deepEqual(alone, { code: "trusted-root", message: missing });
    assert.deepEqual(told, [`a signature cannot be read: ${missing}`]);
    assert.equal(given, "the trusted root given");
  });
}
