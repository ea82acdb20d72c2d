// JavaScript steers by the codes of notes that are in the crate's list (src/claim/note.rs, of which
// tests/codes.json is a copy that tests/codes.rs compares), and by no other.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";

const known = new Set(Object.keys(JSON.parse(readFileSync(join(root, "tests", "codes.json"), "utf8"))));

test("nothing steers by a code that is not in the list", () => {
  const found = ["src/js", "www"].flatMap((folder) => scripts(folder).flatMap((path) => steered(readFileSync(join(root, path), "utf8")).map((code) => ({ path, code }))));
  assert.deepEqual(found.filter(({ code }) => !known.has(code)), []);
  const codes = new Set(found.map(({ code }) => code));
  // One by each way in which a code is compared.
  for (const code of ["accept", "policy-source", "referrer", "referrer-subject", "secret", "timeout", "utf-16"]) assert.ok(codes.has(code), code);
});

test("each way to compare a code is seen, and codes of errors are others", () => {
  for (const [text, codes] of [
    ['if (statement.code === "gone") f();', ["gone"]],
    ['if (note?.code !== "gone") f();', ["gone"]],
    ['({ kind, code }) => kind === "note" && code === "gone"', ["gone"]],
    ['if ("gone" === s.code) f();', ["gone"]],
    ['!["accept", "gone"].includes(statement.code)', ["accept", "gone"]],
    ['const some = new Set(["a", "b"]);\nconst is = ({ failed, note }) => some.has((failed ?? note)?.code);', ["a", "b"]],
    ['const some = ["a", "b"];\nconst is = (one) => some.includes(one.code);', ["a", "b"]],
    ['switch (statement.code) { case "gone": return 1; case "more": return 2; }', ["gone", "more"]],
    ['session.take({ note: { code: "gone", text }, from });', ["gone"]],
    ['if (error.code === "question") throw error;', []],
    ['const ends = new Set(["a"]);\nif (ends.has(error.code)) throw error;', []],
    ['catch ({ code }) { if (code !== "ENOENT") throw code; }', []],
  ]) {
    assert.deepEqual(steered(text), codes, text);
  }
});

const scripts = (folder) => readdirSync(join(root, folder), { recursive: true }).filter((name) => name.endsWith(".js")).map((name) => `${folder}/${name}`);

// Everything but an error has a code from the list. Node's own are in capitals.
const subject = String.raw`(?<![\w.])(?<of>(?:[\w.?]+|\([^()]*\)\??)\.)?code\b(?!\s*[:(])`;
const literals = String.raw`(?:"[^"]*"(?:,\s*)?)+`;
const isOfError = (of = "") => /(?:error|fault|refusal)\??\.$/.test(of);
const isNodes = (code) => /^[A-Z_]+$/.test(code);

/** The codes that a text compares the code of something with, or tells a session. */
function steered(text) {
  const lists = new Map([...text.matchAll(new RegExp(String.raw`const (\w+) = (?:new Set\()?\[(${literals})\]`, "g"))].map(([, name, list]) => [name, list]));
  const ways = [
    [String.raw`${subject}\s*[!=]==\s*(?<list>"[^"]*")`],
    [String.raw`(?<list>"[^"]*")\s*[!=]==\s*${subject}`],
    [String.raw`\[(?<list>${literals})\]\.includes\(${subject}`],
    [String.raw`(?<name>\w+)\.(?:has|includes)\(${subject}`],
    [String.raw`switch \(${subject}\) \{(?<cases>[^}]*)`],
    [String.raw`note: \{ code: (?<list>"[^"]*")`],
  ];
  const found = ways.flatMap(([way]) => [...text.matchAll(new RegExp(way, "g"))]).filter(({ groups: { of } }) => !isOfError(of));
  const named = found.map(({ groups: { list, name, cases } }) => list ?? cases?.match(/case "[^"]*"/g)?.join() ?? lists.get(name) ?? "");
  return named.flatMap((list) => [...list.matchAll(/"([^"]*)"/g)].map(([, code]) => code)).filter((code) => !isNodes(code));
}
