// A digest that somebody was given, held against an answer; and the line of shell that prints the same digest.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { Session } from "../../dist/pkg/node.js";
import { compare, readDigest } from "../../dist/pkg/report/compare.js";
import { sections } from "../../dist/pkg/report/sections.js";
import { sumLine } from "../../dist/pkg/report/sum.js";
import { call, folder } from "../support/cli.mjs";

const a = `sha256:${"a".repeat(64)}`;
const descriptor = (digest, indent) => ["{", `   "mediaType": "application/vnd.docker.distribution.manifest.v2+json",`, `   "size": 1156,`, `   "digest": "${digest}",`, `   "platform": {`, `      "architecture": "amd64",`, `      "os": "linux"`, "   }", "}"].map((line) => indent + line).join("\n");
const list = `{\n   "schemaVersion": 2,\n   "mediaType": "application/vnd.docker.distribution.manifest.list.v2+json",\n   "manifests": [\n${descriptor(a, "      ")}\n   ]\n}`;
const sum = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

function ask(pasted) {
  const session = new Session({ ask: "what" });
  session.paste(pasted);
  return session.report(new Date(0));
}

test("a digest is read from what people copy", () => {
  const hex = "a".repeat(64);
  for (const text of [a, hex, hex.toUpperCase(), ` "${a}" `, `'${hex}'\n`, `nginx@${a}`, `"docker.io/a/b:1@${a}",`, `Digest: ${a}`, "`" + a + "`"]) {
    assert.deepEqual(readDigest(text), { digest: a }, text);
  }
  assert.deepEqual(readDigest(`sha512:${"b".repeat(128)}`), { digest: `sha512:${"b".repeat(128)}` });
  assert.deepEqual(readDigest("b".repeat(128)), { digest: `sha512:${"b".repeat(128)}` });
  for (const text of ["aaaaaaaaaaaa", "sha256:aaaaaaaaaaaa", "sha256:AAAAAAAAAAAA…", "b@sha256:aaaaaaaaaaaa..."]) {
    assert.deepEqual(readDigest(text), { prefix: "sha256:aaaaaaaaaaaa" }, text);
  }
  for (const text of ["", "latest", "nginx:1.27", "abc", "a".repeat(65), `sha256:${"a".repeat(65)}`, `sha256:${"g".repeat(64)}`, `blake3:${hex}`]) {
    assert.equal(typeof readDigest(text).wrong, "string", text);
  }
});

test("a digest is equal, different, or only a prefix, which is not enough", () => {
  const report = ask(list);
  const of = sum(list);
  assert.equal(report.subject.digest, of);
  assert.equal(report.subject.certain, true);
  assert.deepEqual(compare(report, of.slice(7).toUpperCase()), { is: "equal", text: "Equal: it is the digest of this image index." });
  assert.deepEqual(compare(report, sum("")), { is: "different", text: `Different: this image index has ${of}.` });
  assert.deepEqual(compare(report, a), { is: "different", text: "Different: it is the digest of the manifest for linux/amd64 that it names, not of this image index." });
  assert.deepEqual(compare(report, of.slice(0, 19)), { is: "prefix", text: `Only the first 12 digits were given, which is not enough: this image index begins with them. The whole digest is ${of}.` });
  assert.equal(compare(report, "sha256:0123").is, "different");
  assert.deepEqual(compare(report, "latest"), { is: "none", text: "Not a digest: a digest is sha256: and 64 digits from 0 to 9 and a to f." });
  assert.equal(compare(report, "f".repeat(128)).is, "none");
  assert.equal(compare(ask("nothing of the kind"), a).is, "none");
});

test("what is probable is equal to what was given, or open", () => {
  const report = ask(`$ docker manifest inspect a/b:1\n${list}\n`);
  assert.equal(report.subject.certain, false);
  assert.deepEqual(compare(report, sum(list)), { is: "equal", text: `Equal: it is the digest of this image index as ${list.length} bytes, indented with 3 spaces, no final newline, so these are its bytes.` });
  const missed = sum(`${list}\n`);
  assert.deepEqual(compare(report, missed), { is: "open", text: `Not among the likely digests. To search for it in every known form: pullproof recover ${missed} FILE` });
});

test("the candidates beyond the first are folded", () => {
  const report = ask(`$ docker manifest inspect a/b:1\n${list}\n`);
  const { folded, items } = sections(report).find(({ name }) => name === "candidates");
  assert.equal(folded, true);
  const all = report.claims.filter(({ statement }) => statement.kind === "candidate");
  assert.equal(items.length, all.length - 1);
  assert.equal(all[0].statement.digest, sum(list));
  assert.equal(all[0].statement.writer, "`docker manifest push`");
});

/** What a line of shell prints in a folder where `docker` and `crane` print this text. */
function run(line, folder) {
  const printed = execFileSync("sh", ["-c", line], { cwd: folder, encoding: "utf8", env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });
  return printed.split(" ")[0];
}

test("the line of shell prints the digest, or there is no such line", () => {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-"));
  const prints = (name, text) => {
    writeFileSync(join(folder, `${name}.txt`), text);
    writeFileSync(join(folder, name), `#!/bin/sh\ncat '${join(folder, `${name}.txt`)}'\n`);
    chmodSync(join(folder, name), 0o755);
  };
  try {
    let lines = 0;
    const files = [
      ["whole.json", list],
      ["with it's name.json", list],
      ["-dash.json", list],
      ["one newline.json", `${list}\n`],
      ["windows.json", `${list}\r\n`],
      ["two.json", `${list}\n\n`],
    ];
    for (const [file, text] of files) {
      writeFileSync(join(folder, file), text);
      const report = ask(text);
      const line = sumLine(report, { text, file });
      assert.notEqual(line, undefined, file);
      assert.equal(`sha256:${run(line, folder)}`, report.subject.digest, line);
      lines += 1;
    }
    const report = ask(`$ docker manifest inspect a/b:1\n${list}\n`);
    prints("docker", `${list}\n`);
    const inspect = sumLine(report, { text: `${list}\n`, command: "docker manifest inspect a/b:1" });
    assert.equal(inspect, "docker manifest inspect a/b:1 | perl -pe 'chomp if eof' | sha256sum");
    assert.equal(`sha256:${run(inspect, folder)}`, report.subject.digest);
    const raw = ask(`$ crane manifest a/b:1\n${list}`);
    prints("crane", list);
    const crane = sumLine(raw, { text: list, command: "crane manifest a/b:1" });
    assert.equal(crane, "crane manifest a/b:1 | sha256sum");
    assert.equal(`sha256:${run(crane, folder)}`, raw.subject.digest);
    assert.equal(lines, files.length);
    for (const command of ["docker manifest inspect -v a/b:1", "docker manifest inspect $(id)", "jq . a.json", "crane manifest a/b:1; id"]) {
      assert.equal(sumLine(report, { text: `${list}\n`, command }), undefined, command);
    }
    // The output of `jq .` has other bytes, which no such line makes again.
    const printed = ask(`${JSON.stringify(JSON.parse(list), undefined, 2)}\n`);
    assert.equal(sumLine(printed, { text: "", file: "a.json" }), undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what --compare: the comparison is the answer, with its exit code, and nothing else is claimed", async (t) => {
  const cwd = folder(t, { "list.json": list, "printed.txt": `$ docker manifest inspect a/b:1\n${list}\n` });
  const of = sum(list);
  for (const [file, given, code, starts, last] of [
    ["list.json", of.slice(7).toUpperCase(), 0, /^✓ Equal\. It is the digest of this image index\. /, "PROVEN: Equal"],
    ["list.json", sum(""), 1, /^✗ Different digest\. This image index has\s+sha256:/, "CONTRADICTED: Different digest"],
    ["list.json", "sha256:0123456789", 1, /^✗ Different digest\. No digest here begins with sha256:0123456789\. /, "CONTRADICTED: Different digest"],
    ["list.json", of.slice(0, 19), 3, /^… Only the beginning of a digest\. Only the first 12 digits were given/, "OPEN: Only the beginning of a digest"],
    ["printed.txt", of, 0, /^✓ Equal\. It is the digest of this image index as \d+ bytes/, "PROVEN: Equal"],
    ["printed.txt", sum(`${list}\n\n`), 3, /^… Could not tell\. Not among the likely digests\. /, "OPEN: Could not tell"],
  ]) {
    const argv = ["what", join(cwd, file), "--compare", given];
    const [text, line, json] = [await call(argv), await call([...argv, "--quiet"]), await call([...argv, "--json"])];
    assert.deepEqual([text.code, line.code, json.code], [code, code, code], `${file} ${given}`);
    assert.match(text.stdout, starts);
    assert.ok(text.stdout.trimEnd().split("\n").length <= 15, text.stdout);
    assert.deepEqual([text.stdout.trimEnd().split("\n").at(-1), line.stdout], [last, `${last}\n`]);
    const { verdict, compared } = JSON.parse(json.stdout);
    assert.deepEqual([verdict.toUpperCase(), compared.given], [last.split(":")[0], given]);
  }
  await assert.rejects(call(["what", join(cwd, "list.json"), "--compare", "latest"]), { code: "usage", message: /^"latest" is not a digest: / });
  await assert.rejects(call(["same", "a", "b", "--compare", of]), { code: "usage" });
});

test("what --compare: a digest that is only said to be the tag's is not proven by being equal to it", async (t) => {
  const pulled = `$ docker pull docker.io/a/b:1\n1: Pulling from a/b\nDigest: ${a}\nStatus: Image is up to date for a/b:1\ndocker.io/a/b:1\n`;
  const { code, stdout } = await call(["what", join(folder(t, { "pulled.txt": pulled }), "pulled.txt"), "--compare", a]);
  assert.equal(code, 4);
  assert.match(stdout, /\nSTATED: Equal\n$/);
});

test("the command says once what is probable, and no other digests where the given one is equal", async (t) => {
  const cwd = folder(t, { "list.txt": `$ docker manifest inspect a/b:1\n${list}\n` });
  const flat = (text) => text.replace(/\s+/g, " ");
  const probable = await call(["what", join(cwd, "list.txt"), "--offline"]);
  assert.match(flat(probable.stdout), new RegExp(`^… Probably ${sum(list)}: `));
  const equal = await call(["what", join(cwd, "list.txt"), "--offline", "--compare", sum(list)]);
  assert.match(equal.stdout, /^✓ Equal\./);
  assert.deepEqual(equal.stdout.match(/sha256:[0-9a-f]{64}/g)?.filter((found) => found !== a) ?? [], []);
});
