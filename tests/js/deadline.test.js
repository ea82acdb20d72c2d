// A run has a deadline: after it the answer is made from what there is, and says what was not waited for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Run, answer, rescue } from "../../dist/pkg/node.js";
import { listen } from "../registry/listen.mjs";
import { document, folder, pullproof, registries, serveRegistry } from "../support/cli.mjs";

const tags = { "1.0": "buildx-attested", "1.1": "mirror-recompressed" };
const deadline = 300;
const notes = ({ claims }) => claims.filter(({ statement }) => statement.kind === "note").map(({ statement, standing }) => [statement.code, statement.text, standing.is]);

/** A `fetch` of a registry that never answers what `hangs`; and whether what hung was given up. */
function hanging(hangs) {
  const found = registries({ "r.example/a/b": tags });
  const state = { given: 0, up: 0 };
  const fetch = (url, { signal }) => {
    if (!hangs(url)) return found(url);
    state.given += 1;
    return new Promise((_, reject) => signal.addEventListener("abort", () => ((state.up += 1), reject(signal.reason))));
  };
  return { fetch, state };
}

test("what was not waited for is said, and what came counts", async () => {
  const { fetch, state } = hanging((url) => url.includes("sha256:"));
  const question = { ask: "same", left: "r.example/a/b:1.0", right: "r.example/a/b:1.1" };
  const report = await answer(question, { fetch, deadline });
  assert.equal(report.verdict, "open", report.summary);
  assert.match(report.summary, /^r\.example gave no answer in time: the 0\.3 seconds for the whole answer were over, so /);
  assert.ok(notes(report).some(([code, , is]) => code === "timeout" && is === "missing"));
  assert.ok(report.claims.some(({ statement, standing }) => statement.kind === "resolves" && standing.is === "proven"));
  assert.ok(state.given > 0);
  assert.equal(state.up, state.given, "what nobody waits for is given up");
});

test("an answer that does not need what hangs is not less for it", async () => {
  const { digest } = document("buildx-attested-index");
  const { fetch } = hanging((url) => url.includes("sha256:"));
  const report = await answer({ ask: "published", image: "r.example/a/b:1.0", by: { digests: [digest] } }, { fetch, deadline });
  assert.equal(report.verdict, "proven", report.summary);
});

for (const [name, hangs, options] of [
  ["a registry that says nothing", () => true, {}],
  ["the list of what refers to it", (url) => url.includes("/referrers/"), {}],
  ["credentials that do not come", () => false, { credentials: () => new Promise(() => {}), closed: true }],
]) {
  test(`it holds for ${name}`, async () => {
    const { fetch } = hanging(hangs);
    const closed = async () => new Response("", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } });
    const report = await answer({ ask: "what", image: "r.example/a/b:1.0" }, { fetch: options.closed ? closed : fetch, deadline, ...options });
    assert.ok(notes(report).some(([, text]) => /no answer in time: the 0\.3 seconds for the whole answer were over/.test(text)), JSON.stringify(notes(report)));
  });
}

test("it holds for a wait that a server asks for, and for a token server", async () => {
  const busy = async () => new Response("", { status: 429, headers: { "retry-after": "20" } });
  const token = (url) =>
    url.includes("/token") ? new Promise(() => {}) : new Response("", { status: 401, headers: { "www-authenticate": 'Bearer realm="https://r.example/token"' } });
  for (const fetch of [busy, token]) {
    const report = await answer({ ask: "what", image: "r.example/a/b:1.0" }, { fetch, deadline });
    assert.ok(notes(report).some(([code]) => code === "timeout"), JSON.stringify(notes(report)));
  }
});

test("what is not asked for any more is counted", async () => {
  // Slow: one document at a time is there in time, and the others are not asked for.
  const found = registries({ "r.example/a/b": tags });
  const run = new Run({ fetch: found, deadline });
  const { Session } = await import("../../dist/pkg/node.js");
  const session = new Session({ ask: "what", image: "r.example/a/b:1.0" });
  const late = run.deadline();
  await assert.rejects(late.within(new Promise(() => {})), { code: "timeout" });
  await run.serve(session, { deadline: late });
  const report = session.report(new Date());
  assert.ok(notes(report).some(([, text]) => /^one document was not asked for: the 0\.3 seconds/.test(text)), JSON.stringify(notes(report)));
  session.free();
});

test("each answer of a run has its own time, and one that is late takes nothing from another", async () => {
  let hang = true;
  const found = registries({ "r.example/a/b": tags });
  const fetch = (url) => (hang ? new Promise(() => {}) : found(url));
  const run = new Run({ fetch, deadline });
  const question = { ask: "what", image: "r.example/a/b:1.0" };
  const first = await run.answer(question);
  assert.equal(first.verdict, "open");
  hang = false;
  const second = await run.answer(question);
  assert.equal(second.verdict, "proven", second.summary);
});

test("lists, and what a notary server has", async () => {
  const run = new Run({ fetch: () => new Promise(() => {}), deadline });
  await assert.rejects(run.tags("r.example/a/b"), { code: "timeout", message: /^no answer in time: the 0\.3 seconds/ });
  const { evidence, problems } = await rescue(run, "r.example/a/b");
  assert.deepEqual(evidence.files, {});
  assert.ok(problems.every(({ text }) => /no answer in time/.test(text)), JSON.stringify(problems));
});

test("what is no time is refused", () => {
  for (const wrong of [0, -1, Number.NaN, "5"]) assert.throws(() => new Run({ deadline: wrong }), { code: "argument" });
  for (const right of [undefined, 1, Infinity]) new Run({ deadline: right });
});

test("the command answers after --timeout, with a receipt that can be checked", async (t) => {
  const host = await serveRegistry(t, { "a/b": tags }, { hold: (url) => (url.includes("sha256:") ? new Promise(() => {}) : undefined) });
  const cwd = folder(t);
  const images = [`${host}/a/b:1.0`, `${host}/a/b:1.1`];
  const options = { cwd, env: { HOME: cwd } };
  const before = Date.now();
  const { code, stdout, stderr } = await pullproof(["same", ...images, "--timeout", "1", "--receipt", "r.json"], options);
  assert.equal(code, 3, stdout + stderr);
  assert.ok(Date.now() - before < 20_000);
  assert.match(stdout.replace(/\s+/g, " "), /no answer in time: the 1 second for the whole answer were over/);
  assert.ok(readFileSync(join(cwd, "r.json"), "utf8").length > 0);
  assert.equal((await pullproof(["check", "r.json"], options)).code, 3);
});

test("mirror: a tag that was cut off is open, and the others are answered", async (t) => {
  const hold = (url) => (url.includes("/manifests/1.1") ? new Promise(() => {}) : undefined);
  const host = await serveRegistry(t, { "a/b": tags }, { hold });
  const cwd = folder(t);
  const { code, stdout } = await pullproof(["mirror", `${host}/a/b`, `${host}/a/b`, "--timeout", "2", "--json"], { cwd, env: { HOME: cwd } });
  const verdicts = Object.fromEntries(stdout.trim().split("\n").map((line) => JSON.parse(line)).map(({ tag, verdict }) => [tag, verdict]));
  assert.deepEqual(verdicts, { "1.0": "proven", "1.1": "open" });
  assert.equal(code, 3);
});

test("what is no number of seconds is refused, and help says the usual one", async () => {
  for (const wrong of ["0", "-1", "x", "1e9", "86401"]) {
    const { code, stderr } = await pullproof(["what", "r.example/a:1", `--timeout=${wrong}`]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--timeout takes a number of seconds/);
  }
  for (const command of ["same", "published", "what", "mirror", "publish", "rescue"]) {
    assert.match((await pullproof(["help", command])).stdout.replace(/\s+/g, " "), /--timeout SECONDS .*\(default: 300\)/);
  }
});

test("a server that listens for the end of what it hangs on sees it", async (t) => {
  let closed;
  const ended = new Promise((resolve) => (closed = resolve));
  const server = await listen((request) => void request.on("close", closed));
  t.after(server.stop);
  await answer({ ask: "what", image: `${server.host}/a:1` }, { deadline });
  await ended;
});
