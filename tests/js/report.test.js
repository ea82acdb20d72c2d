// What JavaScript says of a report by itself is what the module says: the order of standings, and which names of
// platforms mean one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { normal, samePlatform } from "../../dist/pkg/report/platform.js";
import { shown } from "../../dist/pkg/report/shown.js";
import { standings, verdicts, weakest } from "../../dist/pkg/report/standings.js";
import { root } from "../../scripts/command.mjs";

test("standings and verdicts are in the module's order", () => {
  const source = readFileSync(join(root, "src", "claim.rs"), "utf8");
  const variants = (name) => [...source.match(new RegExp(`pub enum ${name} \\{(.*?)\\n\\}`, "s"))[1].matchAll(/^ {4}([A-Z]\w*)\b/gm)].map(([, variant]) => variant.toLowerCase());
  assert.deepEqual(verdicts, variants("Verdict"));
  assert.deepEqual(standings, variants("Standing"));
  assert.equal(weakest(["proven", "open", "stated"]), "open");
  assert.equal(weakest(["proven", "missing", "contradicted"]), "contradicted");
  assert.equal(weakest([]), undefined);
});

test("two names mean one platform as the module has it", () => {
  const { pairs } = JSON.parse(readFileSync(join(root, "tests", "platforms", "same.json"), "utf8"));
  for (const [one, other, same] of pairs) {
    assert.equal(samePlatform(one, other), same, `${one} ${other}`);
    assert.equal(normal(normal(one)), normal(one), one);
  }
});

test("an answer is shown as what was asked: the digest of bytes is proven without what they name, unless a fetch failed", () => {
  const report = { question: { ask: "what" }, verdict: "open", headline: "An image index", subject: { certain: true }, claims: [], wants: [] };
  assert.equal(shown(report).verdict, "proven");
  for (const other of [{ verdict: "contradicted" }, { subject: { certain: false } }, { subject: undefined }, { question: { ask: "same" } }]) {
    assert.equal(shown({ ...report, ...other }).verdict, other.verdict ?? "open", JSON.stringify(other));
  }
  const want = { what: "document", url: "https://r.example/v2/a/manifests/1" };
  const failed = { statement: { kind: "note", code: "not-found", text: "gone" }, standing: { is: "missing", want } };
  assert.equal(shown({ ...report, claims: [failed], wants: [want] }).verdict, "open");
});
