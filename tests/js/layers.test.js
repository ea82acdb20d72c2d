// The JavaScript as floors: a file imports from its own folder and from lower floors, and no two files import each
// other, however far around. What is loaded only when it is needed counts, and a worker's script as well.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, posix, sep } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";

/** Floor by floor, the lowest first: folders, and files that stand alone. What is on one floor does not know each other. */
const floors = {
  "src/js": [
    // The build writes these beside the others.
    ["pullproof.js", "digests.js"],
    ["index.js"],
    ["files", "report", "serve", "address.js", "codes.js", "exact.js", "wasm.js"],
    ["log.js"],
    ["receipt.js"],
    ["fetch", "module.js", "rescue.js", "trusted.js"],
    ["page.js"],
    ["browser.js", "node.js"],
    ["cli"],
    ["tools"],
    ["cli.js", "tools.js"],
  ],
  www: [
    // The package.
    ["pkg"],
    ["text.js", "part.js", "paper.js", "examples"],
    ["paint.js", "status.js", "examples.js"],
    ["worker", "give", "nodes"],
    ["ask", "drawing"],
    ["answer", "offline.js"],
    ["desk.js"],
    ["main.js"],
    ["sw.js"],
  ],
};

for (const [folder, rows] of Object.entries(floors)) {
  test(`${folder}: imports go down, and never around`, () => {
    const files = readdirSync(join(root, folder), { recursive: true }).map((name) => name.split(sep).join("/")).filter((name) => name.endsWith(".js"));
    const imports = new Map(files.map((name) => [name, imported(name, readFileSync(join(root, folder, name), "utf8"))]));
    assert.ok([...imports.values()].flat().length > 90, "expected the imports of all files");
    assert.deepEqual(upward(imports, rows), []);
    assert.deepEqual(circles(imports), []);
  });
}

test("what does not go down is named", () => {
  const rows = [["report", "serve"], ["cli"]];
  const made = (name, text) => upward(new Map([[name, imported(name, text)]]), rows);
  assert.deepEqual(made("report/a.js", 'import { b } from "../cli/b.js";\n'), ["report/a.js imports cli/b.js"]);
  assert.deepEqual(made("report/deep/a.js", 'export {\n  b,\n} from "../../cli/b.js";\n'), ["report/deep/a.js imports cli/b.js"]);
  assert.deepEqual(made("report/a.js", 'const { b } = await import("../cli/b.js");\n'), ["report/a.js imports cli/b.js"]);
  assert.deepEqual(made("report/a.js", 'const b = new URL("../cli/b.js", import.meta.url);\n'), ["report/a.js imports cli/b.js"]);
  assert.deepEqual(made("report/a.js", 'import "../serve/b.js";\n'), ["report/a.js imports serve/b.js"]);
  assert.deepEqual(made("cli/a.js", 'import "../new.js";\n'), ["cli/a.js imports new.js"]);
  assert.deepEqual(made("new.js", ""), ["new.js is on no floor"]);
  assert.deepEqual(made("cli/a.js", 'import "./b.js";\nimport { c } from "../report/deep/c.js";\nimport { join } from "node:path";\n// from "../new.js"\n'), []);
});

test("a circle is named, once", () => {
  const made = (texts) => circles(new Map(Object.entries(texts).map(([name, text]) => [name, imported(name, text)])));
  assert.deepEqual(made({ "a.js": 'import "./b.js";\n', "b.js": 'import { a } from "./a.js";\n' }), ["a.js → b.js → a.js"]);
  const three = {
    "start.js": 'import "./a.js";\nimport "./x/c.js";\n',
    "a.js": 'import { b } from "./x/b.js";\n',
    "x/b.js": 'export * from "./c.js";\n',
    "x/c.js": 'const { a } = await import("../a.js");\n',
  };
  assert.deepEqual(made(three), ["a.js → x/b.js → x/c.js → a.js"]);
  assert.deepEqual(made({ ...three, "x/c.js": "" }), []);
});

/** The files that a script imports, seen from the folder's top. */
function imported(name, text) {
  const found = text.matchAll(/^(?:import|export)\s(?:[^;"]*\sfrom\s)?"(\.[^"]+)"|\b(?:import|new URL)\("(\.[^"]+\.js)"/gm);
  return [...found].map(([, named, loaded]) => posix.join(posix.dirname(name), named ?? loaded));
}

/** What is imported from where it lies higher, or beside. */
function upward(imports, rows) {
  const places = rows.flatMap((names, floor) => names.map((place) => ({ place, floor })));
  const placeOf = (name) => places.find(({ place }) => name === place || name.startsWith(`${place}/`));
  return [...imports].flatMap(([name, others]) => {
    const own = placeOf(name);
    if (own === undefined) return [`${name} is on no floor`];
    const isBelow = (other) => other !== undefined && (other === own || other.floor < own.floor);
    return others.filter((other) => !isBelow(placeOf(other))).map((other) => `${name} imports ${other}`);
  });
}

/** Circles of files, as each is met first; a file that leads into one is no part of it. */
function circles(imports) {
  const [found, left] = [[], new Set()];
  const visit = (name, path) => {
    const at = path.indexOf(name);
    if (at >= 0) return found.push([...path.slice(at), name].join(" → "));
    if (left.has(name)) return undefined;
    for (const other of imports.get(name) ?? []) visit(other, [...path, name]);
    return left.add(name);
  };
  for (const name of imports.keys()) visit(name, []);
  return found;
}
