// The hostile cases of tests/vectors/hostile, through the packed npm package: the same files and the
// same expectations as tests/vectors.rs, whose head says what their keys mean.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installPacked } from "../support/packed.mjs";

const hostile = fileURLToPath(new URL("../vectors/hostile/", import.meta.url));
const require = createRequire(join(installPacked(), "package.json"));
const { digest, recover, Session } = await import(pathToFileURL(require.resolve("pullproof")));

for (const name of readdirSync(hostile).sort()) {
  const { keys, evidence } = readCase(join(hostile, name));
  test(name, () => (keys.call?.[0] === "digest" ? checkDigest(keys, evidence[0].bytes) : checkReport(keys, evidence)));
}

function checkDigest(keys, bytes) {
  const [expect] = keys.expect;
  const call = () => recover("", bytes.toString());
  // A digest that is not computed here is kept, and refused where it would be computed.
  if (expect === "ok") return assert.doesNotThrow(() => ignore("digest-algorithm", call));
  assert.throws(call, { code: expect });
}

function ignore(code, call) {
  try {
    call();
  } catch (error) {
    if (error.code !== code) throw error;
  }
}

function checkReport(keys, evidence) {
  const [expect] = keys.expect;
  let report;
  try {
    report = answer(keys, evidence);
  } catch (error) {
    return assert.equal(error.code, expect, `${error.code}: ${error.message}`);
  }
  const codes = report.claims.map(({ statement }) => statement.code);
  assert.ok(expect === report.verdict || codes.includes(expect), `expected ${expect}, found ${report.verdict}, ${codes}`);
  if (keys.verdict) assert.equal(report.verdict, keys.verdict[0]);
  const text = JSON.stringify(report);
  for (const says of keys.says ?? []) assert.ok(text.includes(says), `does not say ${says}`);
  for (const never of keys.never ?? []) assert.ok(!text.includes(never), `says ${never}`);
}

function answer(keys, evidence) {
  const session = new Session(JSON.parse(keys.ask?.[0] ?? '{"ask":"what"}'));
  try {
    for (const part of evidence) {
      const call = part.keys.call?.[0] ?? keys.call?.[0] ?? "paste";
      if (call === "paste") session.paste(part.bytes, part.keys.about?.[0]);
      else session.supply(wanted(part), part.bytes, { via: "file", name: part.name });
    }
    return session.report(new Date(0));
  } finally {
    session.free();
  }
}

function wanted({ keys, bytes }) {
  return { what: "document", hint: "", digest: keys.digest?.[0] ?? digest(bytes) };
}

function readCase(path) {
  if (statSync(path).isFile()) {
    const file = readFile(path);
    return { keys: file.keys, evidence: [file] };
  }
  const files = readdirSync(path).sort().filter((name) => name !== "case.txt");
  return { keys: readFile(join(path, "case.txt")).keys, evidence: files.map((name) => readFile(join(path, name))) };
}

// Keys may occur several times, so each has a list of values.
function readFile(path) {
  const file = readFileSync(path);
  const end = file.indexOf("\n\n");
  const keys = {};
  for (const line of file.subarray(0, end).toString().split("\n")) {
    const [, key, value] = line.match(/^([^:]*):\s*(.*?)\s*$/);
    (keys[key] ??= []).push(value);
  }
  return { name: basename(path, ".txt"), keys, bytes: file.subarray(end + 2) };
}
