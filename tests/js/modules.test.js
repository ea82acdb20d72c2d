// The core and the whole module, which takes its place when it has to: what the core reads it reads as
// the whole module does, and what it does not read it refuses. Over every text among the test vectors.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../scripts/command.mjs";
import * as core from "../../dist/pkg/pullproof.js";
import * as full from "../../dist/pkg/full.js";
import { needsTrust } from "../../dist/pkg/run.js";
import { start } from "../../dist/pkg/index.js";

const wasm = (name) => readFileSync(join(root, "dist", "pkg", name));
core.initSync({ module: wasm("pullproof_bg.wasm") });
full.initSync({ module: wasm("full_bg.wasm") });
start(core);

const refused = (error) => error.code === "trust-not-loaded";

/** The texts of all files below a folder: each file, and what follows its head. */
function textsIn(folder) {
  return readdirSync(join(root, folder)).sort().flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return textsIn(path);
    const whole = readFileSync(join(root, path));
    const end = whole.indexOf("\n\n");
    return [{ path, bytes: whole }, ...(end === -1 ? [] : [{ path, bytes: whole.subarray(end + 2) }])];
  });
}

const texts = [...textsIn("tests/vectors"), ...textsIn("tests/paste")];

function report(module, bytes) {
  const session = new module.Session('{"ask":"what"}');
  try {
    const findings = session.paste(bytes);
    return { findings, report: session.report(0) };
  } catch (error) {
    return { code: error.code };
  } finally {
    session.free();
  }
}

test("the core reads each text as the whole module does, or refuses it", () => {
  let read = 0;
  for (const { path, bytes } of texts) {
    assert.equal(full.reads(bytes), true, path);
    const found = report(core, bytes);
    if (core.reads(bytes)) {
      read += 1;
      assert.deepEqual(found, report(full, bytes), path);
      assert.deepEqual(core.recognise(bytes), full.recognise(bytes), path);
    } else {
      assert.equal(found.code, "trust-not-loaded", path);
      assert.throws(() => core.recognise(bytes), refused, path);
      assert.equal(needsTrust({ ask: "what" }, [bytes]), true, path);
    }
  }
  assert.ok(read > 500 && texts.length - read > 50, `${read} of ${texts.length}`);
});

test("what most people paste the core reads", () => {
  for (const { path, bytes } of textsIn("tests/paste")) assert.equal(core.reads(bytes), !path.includes("-trust-"), path);
  const rare = new Set();
  for (const { path, bytes } of textsIn("tests/vectors/paste")) {
    const [, tool] = path.match(/paste[/\\]([a-z]+(?:-(?:buildx|images|info|manifest-inspect-v|trust))?)/);
    const common = /^(crane|docker|fragments)$/.test(tool) && !path.includes("trust-inspect");
    if (common) assert.equal(core.reads(bytes), true, path);
    else if (!core.reads(bytes)) rare.add(tool);
  }
  // Raw manifests that other tools print without a command line are manifests to the core too.
  const docker = ["docker-buildx", "docker-images", "docker-info", "docker-manifest-inspect-v", "docker-trust"];
  assert.deepEqual([...rare].sort(), ["cosign", ...docker, "fragments", "kubectl", "notation", "oras", "regctl", "skopeo"]);
});

test("questions by keys and identities are the whole module's", () => {
  for (const by of [{ keys: ["0".repeat(64)] }, { identity: "a@x.example", issuer: "https://x.example" }]) {
    const question = { ask: "published", image: "x.example/a:1", by };
    assert.throws(() => new core.Session(JSON.stringify(question)), refused);
    assert.equal(needsTrust(question, []), true);
    new full.Session(JSON.stringify(question)).free();
  }
  const question = { ask: "published", image: "x.example/a:1", by: { digests: [`sha256:${"0".repeat(64)}`] } };
  assert.equal(needsTrust(question, ["$ docker pull a:1"]), false);
  for (const by of [{}, { issuer: "https://x.example" }]) {
    const refuses = (module) => {
      try {
        return new module.Session(JSON.stringify({ ...question, by })) && "nothing";
      } catch (error) {
        return error.message;
      }
    };
    assert.equal(refuses(core), refuses(full));
  }
});
