// Habits of language that make texts hard to read, counted by folder. A ceiling may only go down: lower it with the
// count, until `bare` is at most 2 % of a folder's comments and the others are 0. scripts/words.mjs names the lines.

import assert from "node:assert/strict";
import test from "node:test";
import { count, counts } from "../../scripts/words.mjs";

const ceilings = {
  "README.md": { bare: 0, stands: 0, none: 0, another: 0 },
  "CHANGELOG.md": { bare: 0, stands: 0, none: 0, another: 0 },
  "docs": { bare: 0, stands: 0, none: 0, another: 0 },
  "src/js": { bare: 0, stands: 0, none: 0, another: 0 },
  "src": { bare: 0, stands: 0, none: 0, another: 0 },
  "www": { bare: 0, stands: 0, none: 0, another: 0 },
  "scripts": { bare: 0, stands: 0, none: 0, another: 0 },
  "tests": { bare: 0, stands: 0, none: 0, another: 0 },
  "gateway": { bare: 0, stands: 0, none: 0, another: 0 },
  ".github": { bare: 0, stands: 0, none: 0, another: 0 },
  "action.yml": { bare: 0, stands: 0, none: 0, another: 0 },
};

for (const { place, lines, ...row } of counts()) {
  test(`${place}: no more of the habits than its ceilings`, () => {
    assert.ok(place in ceilings, "every place has ceilings");
    for (const [habit, most] of Object.entries(ceilings[place])) {
      const found = lines.filter((line) => line.includes(`: ${habit}: `));
      assert.equal(found.length, row[habit]);
      assert.ok(row[habit] <= most, `${habit}: ${row[habit]}, at most ${most}:\n${found.join("\n")}`);
    }
  });
}

const habitsIn = (name, text) => count(name, text).found.map(({ habit, line }) => `${line} ${habit}`);

test("the habits are found in comments, strings and documents, and other sentences are not", () => {
  for (const [name, text, expected] of [
    ["a.rs", "/// What a question rests on.\nfn a() {}\n", ["1 bare"]],
    ["a.rs", "// Whether it was\n// seen here.\n", ["1 bare"]],
    ["a.js", "/** How many bytes a piece has. */\n", ["1 bare"]],
    ["a.js", "const a = 1; // Where a file begins.\n", ["1 bare"]],
    ["a.js", "/** What it is, and what is known. */\n", ["1 bare"]],
    ["a.js", "// Every limit stands in limits.rs.\n", ["1 stands"]],
    ["a.js", 'const a = "what is none and never was";\n', ["1 none"]],
    ["a.md", "a\n\nIts report is another.\n", ["3 another"]],
    ["a.rs", "// Claims the verdict depends on.\n// What it names is hashed and was fetched.\n", []],
    ["a.js", "// What it names is read only where it has a digest.\n", []],
    ["a.js", "// Where it fails, nothing is kept.\n// What is asked?\n", []],
    ["a.js", "// It stands for any text. None is missing. It is another name.\n", []],
    ["a.js", 'const where = { stands: "none" };\n', []],
  ]) assert.deepEqual(habitsIn(name, text), expected, text);
});
