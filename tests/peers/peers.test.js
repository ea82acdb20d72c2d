// The output of the real clients for images in a real registry, pasted into the packed package: the answers must be those
// that the registry's bytes give, and the commands that pullproof asks for must print the documents that settle the
// question.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { image, images } from "../builders/images.mjs";
import { installPacked } from "../support/packed.mjs";
import { home } from "./home.mjs";
import { fill, push, startRegistry } from "./registry.mjs";
import { tools as get } from "./tools.mjs";

const LEVELS = ["different", "rootfs", "config", "manifest", "index"];
const tools = get(["docker", "docker-registry", "skopeo", "buildx", "crane"]);
const registry = await startRegistry({ program: tools["docker-registry"].path });
const client = home(tools);
after(async () => {
  await registry.stop();
  client.remove();
});
await fill(registry.host);
const require = createRequire(join(installPacked(), "package.json"));
const { Session } = await import(pathToFileURL(require.resolve("pullproof")));

// The registry gives every document back as it was pushed, schema 1 apart, which it signs anew.
const served = images().filter(({ documents }) => documents.every(({ kind }) => kind !== "schema1"));
const runnable = served.filter(({ documents }) => documents.some(({ kind }) => kind === "config") && isImage(documents));

const at = (name, digest) => `${registry.host}/lighthouse/${name}@${digest}`;

for (const { name, root } of served) {
  test(`${name}: raw output with its digest is proven`, () => {
    const ref = `${registry.host}/lighthouse/${name}:1.0`;
    const report = ask({ ask: "what" }, [
      ["crane", "digest", ref],
      ["crane", "manifest", ref],
      ["skopeo", "inspect", "--tls-verify=false", "--raw", `docker://${ref}`],
    ]);
    assert.equal(report.verdict, "proven", report.summary);
    assert.ok(bytes(report, root, "proven"), `${root} is not among the proven documents`);
    assertNoContradiction(report);
  });
}

for (const { name, root, documents } of served.filter(printable)) {
  test(`${name}: docker manifest inspect never contradicts the registry`, () => {
    const ref = `${registry.host}/lighthouse/${name}:1.0`;
    const report = ask({ ask: "what" }, [["crane", "digest", ref], ["docker", "manifest", "inspect", "--insecure", ref]]);
    assertNoContradiction(report);
    for (const { statement, standing } of report.claims) {
      if (statement.kind !== "bytes" || standing.is !== "proven" || statement.edits.length === 0) continue;
      assert.ok([root, ...documents.map(({ digest }) => digest)].includes(statement.digest), "recovered what is not there");
    }
    // A single manifest comes back whole: only its white space was changed.
    if (documents.at(-1).kind === "manifest" && wellSpaced(documents.at(-1))) assert.ok(bytes(report, root, "proven"), report.summary);
  });
}

const PAIRS = pairs();
for (const [left, right] of PAIRS) {
  const level = levelOf(left, right);
  for (const asked of LEVELS.slice(1)) {
    const expected = level !== "none" && LEVELS.indexOf(level) >= LEVELS.indexOf(asked) ? "proven" : "contradicted";
    test(`${left.name} and ${right.name} at level ${asked}: ${expected}`, () => {
      const question = { ask: "same", left: at(left.name, left.root), right: at(right.name, right.root), level: asked };
      const report = settle(question);
      assert.equal(report.verdict, expected, `${report.summary}\n${JSON.stringify(report.wants)}`);
    });
  }
}

test("a tag that is moved between two looks is open, and both are shown", async () => {
  const ref = `${registry.host}/lighthouse/moving:1.0`;
  await push(registry.host, "lighthouse/moving", "1.0", image("buildx-single"));
  const before = paste(["crane", "digest", ref]);
  await push(registry.host, "lighthouse/moving", "1.0", image("crane-docker"));
  const session = new Session({ ask: "published", image: ref, by: { digests: [image("buildx-single").root] } });
  session.paste(before);
  session.paste(paste(["crane", "digest", ref]));
  const report = session.report(new Date());
  session.free();
  // Which of two pastes is the newer one nobody says.
  assert.equal(report.verdict, "open", report.summary);
  const shown = JSON.stringify(report.claims);
  for (const name of ["buildx-single", "crane-docker"]) assert.ok(shown.includes(image(name).root), name);
});

/** Asks with what these commands print. */
function ask(question, commands) {
  const session = new Session(question);
  try {
    for (const command of commands) session.paste(paste(command));
    return session.report(new Date());
  } finally {
    session.free();
  }
}

/** Runs the commands that are asked for, as a person would, until nothing more is. */
function settle(question) {
  const session = new Session(question);
  try {
    const done = new Set();
    for (;;) {
      const want = session.wants().find(({ hint }) => !done.has(hint));
      if (!want) return session.report(new Date());
      done.add(want.hint);
      session.paste(paste(want.hint.split(" ")));
    }
  } finally {
    session.free();
  }
}

/** A command line and its output, as a terminal shows them. */
function paste(argv) {
  const plain = argv.filter((word) => !["--tls-verify=false", "--insecure"].includes(word));
  return Buffer.concat([Buffer.from(`$ ${plain.join(" ")}\n`), client.output(argv)]);
}

function bytes(report, digest, standing) {
  return report.claims.some(({ statement, standing: { is } }) => statement.kind === "bytes" && statement.digest === digest && is === standing);
}

function assertNoContradiction(report) {
  assert.deepEqual(report.claims.filter(({ standing }) => standing.is === "contradicted"), []);
}

function isImage(documents) {
  return !/artifact|referrers/.test(documents.at(-1).part ?? "") && documents.some(({ kind, bytes }) => kind === "config" && /"rootfs"/.test(bytes));
}

/** Images that `docker manifest inspect` prints: no nested index, and the configurations have to be images. */
function printable({ documents }) {
  return isImage(documents) && !documents.some(({ kind, part }) => kind === "index" && part) && documents.filter(({ kind }) => kind === "index").length < 2;
}

/** Documents in a layout that some known writer has. */
function wellSpaced({ layout }) {
  return !/5 spaces|by hand/.test(layout ?? "");
}

/** Images to compare: each with itself, and those that were made as mirrors with what they mirror. */
function pairs() {
  const mirrored = runnable.find(({ name }) => name === "buildx-attested");
  const mirrors = runnable.filter(({ name }) => name.startsWith("mirror-"));
  assert.ok(mirrors.length >= 3, "the builders have mirrors");
  const others = runnable.filter(({ name }) => ["docker-push", "crane-index", "buildx-single"].includes(name));
  return [...mirrors.map((mirror) => [mirrored, mirror]), ...mirrors.map((mirror) => [mirror, mirrored]), ...others.map((one) => [one, one]), [others[0], others[1]]];
}

/** The level by the registry's own bytes: the lowest that any platform of the left side has. */
function levelOf(left, right) {
  if (left.root === right.root) return "index";
  const [a, b] = [platforms(left), platforms(right)];
  const levels = [...a].map(([platform, mine]) => {
    const other = b.get(platform);
    if (!other) return 0;
    if (mine.manifest === other.manifest) return 3;
    if (mine.config === other.config) return 2;
    return mine.rootfs === other.rootfs ? 1 : 0;
  });
  const lowest = Math.min(...levels);
  return lowest > 0 ? LEVELS[lowest] : "none";
}

function platforms({ documents }) {
  const found = new Map();
  const by = new Map(documents.map((document) => [document.digest, document]));
  for (const { kind, digest, bytes } of documents) {
    if (kind !== "manifest") continue;
    const { config } = JSON.parse(bytes);
    const parsed = JSON.parse(by.get(config.digest).bytes);
    if (!parsed.rootfs || parsed.os === "unknown") continue;
    const { architecture, os, variant = "", rootfs } = parsed;
    found.set(`${os}/${architecture}/${variant}`, { manifest: digest, config: config.digest, rootfs: JSON.stringify(rootfs.diff_ids) });
  }
  return found;
}
