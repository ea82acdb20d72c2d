// `mirror`: every tag against every tag, in order, side by side, and from where it ended.

import assert from "node:assert/strict";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { matches } from "../../dist/pkg/cli/glob.js";
import { ordered } from "../../dist/pkg/cli/queue.js";
import { PullproofError, Run } from "../../dist/pkg/node.js";
import * as glue from "../../dist/pkg/pullproof.js";
import { call, folder, registries, runOver } from "../support/cli.mjs";

const left = "docker.io/nicolas/webdis";
const right = "public.ecr.aws/nicolas/webdis";
const argv = ["mirror", left, right];
const over = (ours, theirs, options) => runOver({ [left]: ours, [right]: theirs }, options);
const json = (stdout) => stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line));
const verdicts = (stdout) => json(stdout).map(({ tag, verdict }) => [tag, verdict]);

/** A run with these tags whose answers are `answer(tag)`: a verdict, a report, or something to throw. */
function standIn(tags, answer, theirs = tags) {
  return {
    tags: async (repository) => (repository === left ? tags : theirs),
    async answer(question) {
      const found = await answer(question.left.split(":")[1], question);
      return typeof found === "string" ? { question, verdict: found, summary: "", claims: [], wants: [] } : found;
    },
  };
}
const noted = (code) => ({
  verdict: "open",
  wants: [],
  claims: [{ statement: { kind: "note", code, text: "expected an answer" }, standing: { is: "missing", want: { hint: "" } } }],
});

test("one line a tag in their order, then the counts; the weakest decides", async () => {
  const run = over({ a: "mirror-relisted", b: "buildx-single", c: "umoci" }, { a: "mirror-recompressed", b: "crane-docker", d: "umoci" });
  const { code, stdout, stderr } = await call(argv, { run });
  assert.deepEqual([code, stderr], [1, ""]);
  const lines = stdout.split("\n");
  assert.equal(lines[0], "proven        a  linux/amd64 and linux/arm64 config");
  assert.match(lines[1], /^contradicted {2}b {2}linux\/amd64 rootfs: /);
  assert.match(stdout, /^contradicted {2}c {2}public\.ecr\.aws\/nicolas\/webdis:c is missing/m);
  assert.match(stdout, /^CONTRADICTED: 3 tags: 1 proven, 2 contradicted$/m);
  assert.match(stdout, /^ {2}only public\.ecr\.aws\/nicolas\/webdis has 1 tag: d$/m);
  assert.match(stdout, /^ {2}as docker\.io resolved them at 2026-11-23 14:02 UTC$/m);
  assert.match(stdout, /^ {2}Layers were not downloaded\. /m);
  // Those that are not proven once more, how to look at one of them, and the verdict.
  assert.match(stdout, /\n\nNot proven\n {2}✗ b {2}linux\/amd64 rootfs: [^✗]*\n {2}✗ c {2}public/);
  assert.ok(stdout.includes(`\nDetails of a tag: pullproof same ${left}:b ${right}:b\n`), stdout);
  assert.equal(stdout.trimEnd().split("\n").at(-1), "CONTRADICTED: 3 tags: 1 proven, 2 contradicted");
  assert.equal((await call([...argv, "--quiet"], { run })).stdout, "CONTRADICTED: 3 tags: 1 proven, 2 contradicted\n");
});

test("of two thousand tags nothing is kept: every session is freed, and the module's memory stays as it is", async (t) => {
  const pages = () => glue.initSync().memory.buffer.byteLength >> 16;
  const tags = (count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`v${n}`, n % 2 ? "buildx-attested" : "mirror-relisted"]));
  const mirrored = async (count) => {
    const freed = t.mock.method(glue.Session.prototype, "free");
    const { code, stdout } = await call([...argv, "--quiet"], { run: over(tags(count), tags(count)) });
    assert.equal(code, 0, stdout.slice(-1000));
    // One to see that the question can be asked.
    assert.equal(freed.mock.callCount(), count + 1);
    freed.mock.restore();
  };
  await mirrored(200);
  const before = pages();
  await mirrored(2000);
  // A page has 64 kB; a session of these images has some ten.
  assert.ok(pages() - before <= 4, `${before} ${pages()}`);
});

test("--json: a line for each tag with its report, as the package gives it", async () => {
  const run = over({ a: "mirror-relisted", c: "umoci" }, { a: "mirror-recompressed" });
  const { stdout } = await call([...argv, "--json", "--level", "manifest"], { run });
  const [a, c] = json(stdout);
  const question = { ask: "same", left: `${left}:a`, right: `${right}:a`, level: "manifest" };
  const { schema, sides, ...report } = a.report;
  assert.deepEqual({ ...a, report }, { schema: 1, tag: "a", verdict: "contradicted", report: await run({}).answer(question) });
  assert.deepEqual([schema, Object.keys(sides)], [1, ["left", "right"]]);
  assert.deepEqual([c.tag, c.verdict, c.report], ["c", "contradicted", null]);
});

for (const [tags, answers, accept, code] of [
  [["a", "b"], { a: "proven", b: "proven" }, [], 0],
  [["a", "b"], { a: "proven", b: "stated" }, [], 4],
  [["a", "b"], { a: "proven", b: "stated" }, ["--accept", "stated"], 0],
  [["a", "b"], { a: "stated", b: "open" }, ["--accept", "stated"], 3],
  [["a", "b"], { a: "contradicted", b: "open" }, [], 1],
  [[], {}, [], 3],
  [["a"], { a: "proven" }, ["--tags", "b*"], 3],
  [["a", "b"], { a: "proven", b: "contradicted" }, ["--tags", "a"], 0],
  [["a", "b", "c"], { a: "proven", b: "proven", c: "open" }, ["--tags", "a", "--tags", "b"], 0],
]) {
  test(`exit code ${code} for ${JSON.stringify(answers)} ${accept.join(" ")}`, async () => {
    const result = await call([...argv, ...accept], { run: standIn(tags, (tag) => answers[tag]) });
    assert.equal(result.code, code);
  });
}

test("tags are compared and printed in the order of their numbers", async () => {
  const tags = ["0.1.19", "latest", "0.1.9", "1.0", "0.1.10"];
  const { stdout } = await call([...argv, "--json"], { run: standIn(tags, () => "proven") });
  assert.deepEqual(json(stdout).map(({ tag }) => tag), ["0.1.9", "0.1.10", "0.1.19", "1.0", "latest"]);
});

test("no tag is open, and says so", async () => {
  const { code, stdout } = await call([...argv, "--tags", "zz*"], { run: standIn(["a"], () => "proven") });
  assert.equal(code, 3);
  assert.match(stdout, /^OPEN: 0 tags$/m);
  assert.match(stdout.replace(/\s+/g, " "), /no tag of docker\.io\/nicolas\/webdis matches 'zz\*': nothing was compared/);
});

test("tags that cannot be listed: of the left it is open, of the right each is asked for", async () => {
  const fails = (name, answer) => ({
    tags: async (repository) => {
      if (repository === name) throw new PullproofError("unauthorized", "expected tags, found status 401");
      return ["a", "b"];
    },
    answer: async (question) => ({ question, verdict: answer, summary: "", claims: [], wants: [] }),
  });
  const ours = await call(argv, { run: fails(left, "proven") });
  assert.deepEqual([ours.code, ours.stdout], [3, ""]);
  assert.match(ours.stderr, /^pullproof: unauthorized: the tags of docker\.io\/nicolas\/webdis could not be listed: expected tags/);
  const theirs = await call(argv, { run: fails(right, "proven") });
  assert.equal(theirs.code, 0);
  assert.match(theirs.stderr, /the tags of public\.ecr\.aws\/nicolas\/webdis could not be listed/);
});

test("a tag that cannot be asked for is open; what no registry causes ends it", async () => {
  const errors = { a: new PullproofError("limit-exceeded", "expected less"), b: "proven" };
  const answer = (tag) => (errors[tag] instanceof Error ? Promise.reject(errors[tag]) : errors[tag]);
  const { code, stdout } = await call([...argv, "--json"], { run: standIn(["a", "b"], answer) });
  assert.equal(code, 3);
  assert.deepEqual(json(stdout)[0], { schema: 1, tag: "a", verdict: "open", error: { code: "limit-exceeded", message: "expected less" }, report: null });
  errors.a = new PullproofError("could-not-check", "could not check: trap");
  await assert.rejects(call(argv, { run: standIn(["a", "b"], answer) }), { code: "could-not-check" });
});

test("a name that no tag can have is never made into a reference", async () => {
  const names = [`x@sha256:${"a".repeat(64)}`, "../b", "a b", "", "x".repeat(129), "ok"];
  const asked = [];
  const { code, stdout } = await call([...argv, "--json"], { run: standIn(names, (tag) => (asked.push(tag), "proven")) });
  assert.deepEqual([code, asked], [3, ["ok"]]);
  assert.deepEqual(json(stdout).map(({ tag, error }) => [tag === "ok", error?.code]).sort(), [...Array(5).fill([false, "tag"]), [true, undefined]]);
});

test("lines keep the tags' order, and no more than asked for run at once", async () => {
  const tags = Array.from({ length: 40 }, (_, i) => `t${i}`);
  let running = 0;
  let most = 0;
  const answer = async (tag) => {
    running += 1;
    most = Math.max(most, running);
    // Some take longer than those that began after them.
    for (let turns = (tags.indexOf(tag) * 7) % 10; turns >= 0; turns -= 1) await new Promise(setImmediate);
    running -= 1;
    return "proven";
  };
  const { stdout } = await call([...argv, "--json", "--concurrency", "3"], { run: standIn(tags, answer) });
  assert.deepEqual(json(stdout).map(({ tag }) => tag), tags);
  assert.equal(most, 3);
});

test("results are taken in order, with no more begun than may be ahead", async () => {
  const begun = [];
  const taken = [];
  for await (const item of ordered([1, 2, 3, 4, 5, 6, 7], { most: 2, ahead: 3 }, async (item) => (begun.push(item), item))) {
    taken.push(item);
    assert.ok(begun.length <= taken.length + 3);
  }
  assert.deepEqual(taken, [1, 2, 3, 4, 5, 6, 7]);
  const failing = ordered([1, 2, 3], { most: 2, ahead: 3 }, async (item) => {
    if (item === 2) throw new Error("two");
    return item;
  });
  assert.equal((await failing.next()).value, 1);
  await assert.rejects(failing.next(), /two/);
});

test("after a rate limit nothing more is asked; --resume asks what was open, and nothing else", async (t) => {
  const file = join(folder(t), "state.jsonl");
  const tags = ["a", "b", "c", "d", "e"];
  let limited = true;
  const asked = [];
  const answer = (tag) => {
    asked.push(tag);
    if (tag === "c" && limited) return noted("rate-limited");
    return tag === "b" ? "contradicted" : "proven";
  };
  const options = [...argv, "--resume", file, "--concurrency", "1"];
  const first = await call(options, { run: standIn(tags, answer) });
  assert.deepEqual([first.code, asked], [1, ["a", "b", "c"]]);
  assert.match(first.stdout, /5 tags: 1 proven, 1 open, 1 contradicted, 2 not asked for/);
  assert.match(first.stdout, /a registry asked to slow down/);
  limited = false;
  asked.length = 0;
  const second = await call([...options, "--json"], { run: standIn(tags, answer) });
  // What the file says was contradicted has one side only: it is asked again, after what was not asked yet.
  assert.deepEqual([second.code, asked], [1, ["c", "d", "e", "b"]]);
  assert.deepEqual(verdicts(second.stdout), [["c", "proven"], ["d", "proven"], ["e", "proven"], ["b", "contradicted"]]);
  assert.match(second.stderr, /1 tag answered before, at \d{4}-\d\d-\d\d \d\d:\d\d UTC, as .*state\.jsonl says: not checked again/);
  asked.length = 0;
  const third = await call(options, { run: standIn(tags, answer) });
  assert.deepEqual([third.code, asked], [1, ["b"]]);
  assert.match(third.stdout, /CONTRADICTED: 5 tags: 4 stated, 1 contradicted/);
});

test("a rate limit alone leaves it open, however much was proven", async () => {
  const answer = (tag) => (tag === "b" ? noted("rate-limited") : "proven");
  const { code, stdout } = await call([...argv, "--concurrency", "1"], { run: standIn(["a", "b", "c"], answer) });
  assert.equal(code, 3);
  assert.match(stdout.replace(/\s+/g, " "), /--resume FILE keeps what is answered/);
});

test("a registry's own 429 stops it too", async () => {
  const requests = [];
  const fetch = registries({ [left]: { a: 429, b: "umoci", c: "umoci" }, [right]: { a: "umoci", b: "umoci", c: "umoci" } }, { requests });
  const run = (given) => new Run({ ...given, fetch });
  const { code } = await call([...argv, "--concurrency", "1"], { run });
  assert.equal(code, 3);
  assert.equal(requests.some((url) => url.includes("/manifests/b")), false);
});

test("--resume goes on only with answers to the same question", async (t) => {
  const file = join(folder(t), "state.jsonl");
  const run = standIn(["a", "b"], () => "proven");
  await call([...argv, "--resume", file], { run });
  const written = readFileSync(file, "utf8");
  assert.match(written, /^\{"pullproof":"[\d.]+","question":\{"ask":"mirror",.*\}\n\{"tag":"a","verdict":"proven","at":"[^"]*Z"\}\n\{"tag":"b","verdict":"proven","at":"[^"]*Z"\}\n$/);
  const refused = (args) => assert.rejects(call([...args, "--resume", file], { run }), ({ code }) => code === "resume");
  await refused([...argv, "--level", "index"]);
  await refused([...argv, "--tags", "a"]);
  await refused(["mirror", left, `${right}2`]);
  for (const text of ["hello\n", written.replace(/"pullproof":"[^"]*"/, '"pullproof":"0.0.0"'), `${written}{"tag":"c","verdict":"open"}\n`, `${written}{"tag":"c","verdict":"constructor"}\n`, `${written}null\n`]) {
    writeFileSync(file, text);
    await refused(argv);
  }
  await refused(["mirror", left, right, "--resume", join(file, "x")].slice(0, 3));
});

test("what a file says was answered is never proven: it is the file's word with its date, or asked again", async (t) => {
  const path = folder(t);
  const [file, summary] = [join(path, "state.jsonl"), join(path, "summary.md")];
  const asked = [];
  const run = standIn(["a", "b"], (tag) => (asked.push(tag), "proven"));
  await call([...argv, "--resume", file], { run });
  const [head] = readFileSync(file, "utf8").split("\n");
  const written = async (...lines) => {
    writeFileSync(file, `${[head, ...lines.map((line) => JSON.stringify(line))].join("\n")}\n`);
    writeFileSync(summary, "");
    asked.length = 0;
    return call([...argv, "--resume", file, "--summary", summary], { run });
  };
  const at = "2026-11-20T08:00:00Z";
  const dated = await written({ tag: "a", verdict: "proven", at }, { tag: "b", verdict: "proven", at });
  assert.deepEqual([dated.code, asked], [4, []]);
  assert.match(dated.stdout, /^STATED: 2 tags: 2 stated$/m);
  assert.match(dated.stdout.replace(/\s+/g, " "), /2 tags answered before, at 2026-11-20 08:00 UTC, as \S+state\.jsonl says: not checked again/);
  const text = readFileSync(summary, "utf8").replaceAll("<wbr>", "").replace(/&#(\d+);/g, (_, number) => String.fromCharCode(number));
  assert.match(text, /^### \? stated: /);
  assert.match(text, /^\| <code>a<\/code> \| stated \| answered before, proven at 2026-11-20 08:00 UTC, as .*state\.jsonl says \|$/m);
  assert.doesNotMatch(dated.stdout, /^PROVEN|\d proven/m);
  for (const line of [{ verdict: "proven" }, { verdict: "proven", at: "yesterday" }, { verdict: "proven", at: 1 }, { verdict: "contradicted", at }]) {
    const again = await written({ tag: "a", ...line }, { tag: "b", verdict: "stated", at });
    assert.deepEqual([again.code, asked], [4, ["a"]], JSON.stringify(line));
    assert.match(again.stdout, /^STATED: 2 tags: 1 proven, 1 stated$/m);
  }
});

test("a line that was cut off is asked for again", async (t) => {
  const file = join(folder(t), "state.jsonl");
  const asked = [];
  const run = standIn(["a", "b"], (tag) => (asked.push(tag), "proven"));
  await call([...argv, "--resume", file], { run });
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.split("\n").slice(0, 2).join("\n"));
  appendFileSync(file, '\n{"tag":"b","ver');
  asked.length = 0;
  const { code } = await call([...argv, "--resume", file], { run });
  const timeless = (text) => text.replaceAll(/"at":"[^"]*"/g, "");
  assert.deepEqual([code, asked, timeless(readFileSync(file, "utf8"))], [4, ["b"], timeless(whole)]);
});

test("--summary has the counts and the tags that are not proven", async (t) => {
  const file = join(folder(t), "summary.md");
  const run = standIn(["good", "bad|`"], () => "contradicted", ["good"]);
  await call([...argv, "--summary", file], { run });
  const text = readFileSync(file, "utf8");
  assert.match(text, /^### ✗ contradicted: tags of <code>docker/);
  assert.match(text, /^2 tags: 1 open, 1 contradicted$/m);
  assert.match(text, /^\| <code>bad&#124;&#96;<\/code> \| open \| tag: /m);
});

test("memory does not grow with the tags", async () => {
  const tags = Array.from({ length: 2000 }, (_, i) => `t${i}`);
  const reports = [];
  const large = (question) => ({ question, verdict: "proven", summary: "", wants: [], claims: [], padding: new Uint8Array(2 ** 20) });
  let most = 0;
  const answer = (tag, question) => {
    const report = large(question);
    reports.push(new WeakRef(report));
    most = Math.max(most, reports.length % 100 === 0 ? process.memoryUsage().arrayBuffers : 0);
    return new Promise((resolve) => setImmediate(() => resolve(report)));
  };
  const { code } = await call(argv, { run: standIn(tags, answer) });
  assert.equal(code, 0);
  // All of them together would be 2,000 MiB.
  assert.ok(most < 600 * 2 ** 20, `${most} bytes of reports at once`);
});

for (const [pattern, yes, no] of [
  ["*", ["", "a", "a.b"], []],
  ["0.1.*", ["0.1.", "0.1.19"], ["0.2.1", "x0.1.1", "001"]],
  ["v?", ["v1"], ["v", "v12"]],
  ["a*b*c", ["abc", "axxbxxc", "abcbc"], ["ab", "acb", "abcx"]],
  ["[ab]", ["[ab]"], ["a"]],
  ["latest", ["latest"], ["latest2", "Latest"]],
  ["a**", ["a", "ab"], ["b"]],
]) {
  test(`the pattern ${pattern}`, () => {
    for (const text of yes) assert.equal(matches(pattern, text), true, text);
    for (const text of no) assert.equal(matches(pattern, text), false, text);
  });
}

test("no pattern takes long", () => {
  const begun = performance.now();
  assert.equal(matches(`${"a*".repeat(2000)}b`, "a".repeat(128)), false);
  assert.equal(matches(`${"*a".repeat(64)}b`, "a".repeat(128)), false);
  assert.ok(performance.now() - begun < 1000);
});
