// A tag that does not exist: which one is nearest, and that the answer says it.

import assert from "node:assert/strict";
import test from "node:test";
import { Session } from "../../dist/pkg/node.js";
import { nearest, nearestTag } from "../../dist/pkg/report/nearest.js";
import { next } from "../../dist/pkg/report/next.js";
import { call, runOver } from "../support/cli.mjs";

test("tags are near by their numbers, others by their letters", () => {
  const tags = ["latest", "edge", "0.1.2", "0.1.9", "0.1.10", "0.1.18", "0.1.19", "0.2.0", "v3.0", "1.0-alpine", "1.1-alpine"];
  for (const [typed, near] of [
    ["0.1.20", "0.1.19"],
    ["0.1.3", "0.1.2"],
    ["0.1.11", "0.1.10"],
    ["v0.1.19", "0.1.19"],
    ["3.0", "v3.0"],
    ["0.3.0", "0.2.0"],
    ["1.2-alpine", "1.1-alpine"],
    ["LATEST", "latest"],
    ["lastest", "latest"],
    ["2.0.0", undefined],
    ["1.0-debian", undefined],
    ["stable", undefined],
  ]) assert.equal(nearestTag(typed, [...tags]), near, typed);
  assert.equal(nearestTag("1.0", []), undefined);
  assert.equal(nearest("sames", ["same", "what"]), "same");
  assert.equal(nearest("whatever", ["same", "what"]), undefined);
});

const [hub, ecr] = ["docker.io/nicolas/webdis", "public.ecr.aws/nicolas/webdis"];
const tags = { [hub]: { "0.1.18": "buildx-single", "0.1.19": "mirror-relisted" }, [ecr]: { "0.1.19": "mirror-recompressed" } };

test("404 says which tag is missing, the nearest that exists, and the command with that", async () => {
  const requests = [];
  const flat = (text) => text.replace(/\s+/g, " ");
  const one = await call(["what", "nicolas/webdis:0.1.20"], { run: runOver(tags, { requests }) });
  assert.equal(one.code, 3);
  assert.ok(flat(one.stdout).startsWith("… Not read. registry-1.docker.io has no nicolas/webdis:0.1.20, so "), one.stdout);
  assert.ok(flat(one.stdout).includes(`The nearest that exists is ${hub}:0.1.19.`), one.stdout);
  assert.ok(one.stdout.includes(`\n    pullproof what ${hub}:0.1.19\n`), one.stdout);
  const two = await call(["same", `${hub}:0.1.18`, `${ecr}:0.1.18`], { run: runOver(tags) });
  assert.ok(flat(two.stdout).startsWith("… Not compared yet. public.ecr.aws has no nicolas/webdis:0.1.18, so "), two.stdout);
  assert.ok(flat(two.stdout).includes(`The nearest that exists is ${ecr}:0.1.19.`), two.stdout);
  assert.ok(two.stdout.includes(`\n    pullproof same ${hub}:0.1.18 ${ecr}:0.1.19\n`), two.stdout);
});

test("where nothing is near, or the registry does not list its tags, nothing is made up", async () => {
  const none = await call(["what", `${hub}:stable`], { run: runOver(tags) });
  assert.match(none.stdout.replace(/\s+/g, " "), /has no nicolas\/webdis:stable, so .* Check the name and the tag\./);
  const unknown = await call(["what", "docker.io/nicolas/other:1"], { run: runOver(tags) });
  assert.equal(unknown.code, 3);
  assert.doesNotMatch(unknown.stdout, /nearest/);
});

test("a note about another repository, as a receipt may have it, is not the nearest tag", () => {
  const at = { via: "fetched", url: "https://r.example/v2/a/manifests/1.2.4", at: "2026-11-23T14:02:03Z" };
  const near = (text) => {
    const session = new Session({ ask: "what", image: "r.example/a:1.2.4" });
    const [want] = session.wants();
    session.take({ note: { code: "nearest-tag", text }, from: at });
    session.take({ failed: { code: "not-found", text: "r.example has no a:1.2.4" }, want, from: at });
    const { instead } = next(session.report(new Date(0)));
    session.free();
    return instead?.near;
  };
  assert.equal(near("r.example/a:1.2.3 is the nearest tag that exists"), "r.example/a:1.2.3");
  for (const text of ["evil.example/a:1 is", "r.example/a/b:1", "r.example/a:", "r.example/a:$(id)", "r.example/ab:1"]) assert.equal(near(text), undefined, text);
});
