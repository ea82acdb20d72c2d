// Everything in the README and in docs/ that a reader may copy is run: shell commands as printed, over stand-ins for
// registries, and JavaScript, which prints what is printed below it. The picture is of the page's answer.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { commands } from "../../dist/pkg/cli/arguments.js";
import { digest } from "../../dist/pkg/node.js";
import { root } from "../../scripts/command.mjs";
import { picture } from "../../scripts/picture.mjs";
import { call, program, runOver } from "../support/cli.mjs";
import { installPacked } from "../support/packed.mjs";

const read = (name) => readFileSync(join(root, name), "utf8");
const readme = read("README.md");
const documents = ["README.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)];
const blocks = documents.flatMap((name) => [...read(name).matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, kind, text], n) => ({ name, n, kind, text })));
const project = installPacked();
const folder = mkdtempSync(join(tmpdir(), "pullproof-readme-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the README is short, and has the commands that a reader needs first", () => {
  assert.ok(readme.split("\n").length <= 200, `${readme.split("\n").length} lines`);
  assert.ok(blocks.filter(({ kind }) => kind === "sh").length >= 6);
  assert.ok(blocks.filter(({ kind }) => kind === "js").length >= 2);
});

for (const [n, { name, kind, text }] of blocks.entries()) {
  if (kind !== "js") continue;
  test(`${name}: JavaScript ${n} prints what is printed below it`, () => {
    assert.equal(blocks[n + 1]?.kind, "text", "an example is followed by what it prints");
    const file = join(project, `example-${n}.js`);
    writeFileSync(file, text);
    assert.equal(execFileSync(process.execPath, [file], { encoding: "utf8" }), blocks[n + 1].text);
  });
}

const webdis = { "0.1.18": "buildx-single", "0.1.19": "mirror-relisted" };
const run = runOver({
  "docker.io/nicolas/webdis": webdis,
  "public.ecr.aws/nicolas/webdis": { "0.1.18": "crane-docker", "0.1.19": "mirror-recompressed" },
  "docker.io/acme/beacon": { "1.0": "mirror-relisted" },
  "ghcr.io/acme/beacon": { "1.0": "mirror-recompressed" },
});
const key = "40be21f47831d593892370a8e3fc5bfffb16887c707bd81a6aed2088dc8f4bef";

/** The exit code of each command here: that of its answer, as good as the stand-ins have it. */
const ends = { "same docker.io": 0, "mirror docker.io": 1, "published docker.io/acme": 3, "published docker.io/nicolas/webdis:0.1.18": 1, "published docker.io/nicolas/webdis:0.1.19": 3, rescue: 2, "what docker.io": 0, "what list.json": 0, "digest list.json": 0, publish: 0, page: 0, demo: 0 };

for (const { name, text } of blocks.filter(({ kind }) => kind === "sh")) {
  for (const line of text.includes("<<") ? [text] : text.trimEnd().split("\n")) {
    test(`${name}: ${line.split("\n")[0].slice(0, 90)}`, async () => {
      if (line === "npm install pullproof") return assert.ok(existsSync(join(project, "node_modules", "pullproof")));
      assert.match(line, /^npx pullproof \S/);
      if (line.includes("<<")) return wholly(line);
      if (line === "npx pullproof serve") return serves();
      const words = [...line.slice("npx pullproof ".length).matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain).map((word) => (word === "ROOT_KEY_ID" ? key : word));
      if (words.includes("--trust-data")) writeFileSync(join(folder, "webdis-trust.json"), trustData);
      if (words[0] === "rescue") rmSync(join(folder, "webdis-trust.json"), { force: true });
      const expected = Object.entries(ends).find(([begin]) => words.join(" ").startsWith(begin))?.[1];
      assert.notEqual(expected, undefined, "the test says how it ends");
      const before = process.cwd();
      process.chdir(folder);
      try {
        // Where nobody can be asked there is no answer; a command line that is not understood is a mistake of the text.
        const { code, stderr } = await call(words, { run }).catch((error) => (error.code === "usage" ? Promise.reject(error) : { code: 2, stderr: error.message }));
        assert.equal(code, expected, stderr);
      } finally {
        process.chdir(before);
      }
    });
  }
}

const trustData = JSON.stringify({ pullproof: "notary-v1", repository: "docker.io/nicolas/webdis", server: "https://notary.docker.io", at: "2026-11-23T14:02:03.000Z", files: {} });

/** A command with its input, by a shell, as it is printed and without a network. */
function wholly(line) {
  execFileSync("sh", ["-c", line.replaceAll("npx pullproof", `"${process.execPath}" "${program}"`)], { cwd: folder, stdio: "pipe" });
  const [expected] = /sha256:[0-9a-f]{64}/.exec(line);
  assert.equal(digest(readFileSync(join(folder, "list.json"))), expected);
}

async function serves() {
  const child = spawn(process.execPath, [program, "serve"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    for await (const bytes of child.stdout) return assert.match(String(bytes), /^the page is at http:\/\/127\.0\.0\.1:\d+\//);
  } finally {
    child.kill();
  }
  return assert.fail("it ended");
}

test("the README's table has every command", () => {
  const table = readme.slice(readme.indexOf("| command |"), readme.indexOf("`pullproof help COMMAND`"));
  const named = [...table.matchAll(/`([\w-]+)[^`]*`(?=[^|]*\|[^|]*\|\n)/g)].map(([, name]) => name);
  const others = ["help", "serve"];
  assert.deepEqual([...new Set(named)].sort(), Object.keys(commands).filter((name) => !others.includes(name)).sort());
});

test("the README names what package.json has as the repository, and links to files that are there", () => {
  const { repository, version } = JSON.parse(read("package.json"));
  const [, action, tag] = /- uses: (\S+)@v(\S+)/.exec(readme);
  assert.deepEqual([`git+https://github.com/${action}.git`, tag], [repository.url, version]);
  for (const name of documents) {
    for (const [, link] of read(name).matchAll(/\]\((?!https:)([^)#]+)\)/g)) assert.ok(existsSync(join(root, name, "..", link)), `${name}: ${link}`);
  }
});

test("the picture is of the answer that the page gives now: if not, run scripts/picture.mjs", async () => {
  assert.ok(statSync(join(root, "docs", "answer.png")).size <= 60_000);
  assert.deepEqual((await picture()).shows, JSON.parse(read("docs/answer.json")));
});
