// A run keeps what it fetched, up to a bound, and a tag means one thing to all of its questions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Run } from "../../dist/pkg/node.js";

const large = (name) => JSON.stringify({ name, padding: "x".repeat(3 << 20) });

/** A `fetch` that answers by the end of the address, and notes what it was asked. */
function answering(answers) {
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    const body = answers(new URL(url).pathname.split("/").at(-1));
    return body === undefined ? new Response("{}", { status: 404 }) : new Response(body);
  };
  return { asked, fetch };
}

test("a tag is resolved once, and its document fetched once", async () => {
  const { asked, fetch } = answering(() => '{"schemaVersion":2}');
  const run = new Run({ fetch });
  const reports = [1, 2].map(() => run.answer({ ask: "what", image: "a.example/x:1" }));
  await Promise.all(reports);
  await run.answer({ ask: "what", image: "a.example/x:1" });
  // What refers to it is asked for each time.
  assert.deepEqual(asked.filter((url) => url.includes("/manifests/")), ["https://a.example/v2/x/manifests/1"]);
});

test("M27: other bytes under the digest that a tag was resolved to do not pass for the tag", async () => {
  let moved = false;
  const { asked, fetch } = answering((name) => {
    if (["2", "3", "4"].includes(name)) return large(name);
    return moved ? '{"schemaVersion":2,"moved":true}' : '{"schemaVersion":2}';
  });
  const run = new Run({ fetch });
  await run.answer({ ask: "what", image: "a.example/x:1" });
  // More than a run keeps, so that the first document is given up.
  for (const tag of [2, 3, 4]) await run.answer({ ask: "what", image: `a.example/x:${tag}` });
  moved = true;
  const report = await run.answer({ ask: "what", image: "a.example/x:1" });
  assert.match(asked.filter((url) => url.includes("/manifests/")).at(-1), /\/manifests\/sha256:[0-9a-f]{64}$/);
  assert.equal(report.verdict, "open");
  assert.ok(report.claims.some(({ statement }) => statement.code === "other-bytes"));
});
