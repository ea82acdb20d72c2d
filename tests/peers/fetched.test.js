// The packed package against real registries, which real clients filled: what it fetches and answers
// has to be what the bytes say, and what it prints to be checked by hand has to hold by hand.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { clients } from "../registry/clients.mjs";
import { startCraneRegistry, startRegistry } from "../registry/real.mjs";
import { withReferrers } from "../registry/referrers.mjs";
import { push } from "../registry/push.mjs";
import { mirrorOfTags, scenarios } from "../registry/scenarios.mjs";
import { IDENTITY_TOKEN, USER } from "../registry/tokens.mjs";
import { verdictAt } from "../registry/truth.mjs";
import { image } from "../builders/images.mjs";
import { installPacked } from "../support/packed.mjs";
import { runSteps } from "../support/steps.mjs";
import { tools as get } from "./tools.mjs";

const tools = get(["buildx", "crane", "crane-referrers", "docker-registry", "jq", "openssl", "oras", "regctl", "registry", "skopeo"]);
const client = clients(tools);
const start = (name, auth) => startRegistry({ program: tools[name].path, auth, openssl: tools.openssl.path });
const [left, right] = await Promise.all([start("docker-registry"), start("registry")]);
after(async () => {
  await Promise.all([left.stop(), right.stop()]);
  client.remove();
});

const folder = installPacked();
const require = createRequire(join(folder, "package.json"));
const { Run, answer } = await import(pathToFileURL(require.resolve("pullproof")));
const EXITS = { proven: 0, contradicted: 1, open: 3, stated: 4 };

/** Runs the installed command. The clients' own configuration is docker's, in their home. */
async function pullproof(...args) {
  const env = { PATH: process.env.PATH, HOME: client.folder, DOCKER_CONFIG: join(client.folder, ".docker") };
  const options = { cwd: folder, env, maxBuffer: 64 << 20 };
  const program = join(folder, "node_modules", ".bin", "pullproof");
  return promisify(execFile)(program, args, options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const rows = await scenarios({ left, right, client });
const same = (report) => report.claims.filter(({ statement }) => statement.kind === "same");

describe("same", { concurrency: 4 }, () => {
  for (const { name, note, expect, ...sides } of rows) {
    test(`${name}: ${note}`, async () => {
      for (const level of ["index", "manifest", "config", "rootfs"]) {
        const report = await answer({ ask: "same", left: sides.left, right: sides.right, level });
        assert.equal(report.verdict, verdictAt(expect, level), `${level}: ${report.summary}`);
        if (level === "config") assertLevels(report, expect);
      }
      const { code, stdout } = await pullproof("same", sides.left, sides.right);
      assert.equal(code, EXITS[expect.verdict], stdout);
    });
  }
});

/** Level by level; a platform that is missing on the right is at level different. */
function assertLevels(report, { perPlatform, sameRoot }) {
  const found = same(report).map(({ statement: { platform, level } }) => ({ platform, level }));
  if (sameRoot) {
    // One document is all there is to read: what lies below it is the same, read or not.
    return assert.deepEqual([...new Set(found.map(({ level }) => level))], [perPlatform[0].level]);
  }
  const wanted = perPlatform.map(({ platform, level }) => ({ platform, level: level === "missing" ? "different" : level }));
  // Two single images are a pair, whatever they are for.
  if (found.length === 1 && found[0].platform === undefined) delete wanted[0].platform;
  const key = (row) => JSON.stringify([row.platform ?? "", row.level]);
  assert.deepEqual(found.map(key).sort(), wanted.map(key).sort());
}

test("mirror: each tag as its bytes are", async () => {
  const made = await mirrorOfTags({ left, right, count: 60 });
  const { code, stdout } = await pullproof("mirror", made.left, made.right, "--json");
  const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const verdicts = Object.fromEntries(lines.map(({ tag, verdict }) => [tag, verdict]));
  assert.deepEqual(verdicts, Object.fromEntries(made.tags.map(({ tag, expect }) => [tag, expect.verdict])));
  assert.equal(code, 1);
});

for (const [program, auth] of [["docker-registry", "htpasswd"], ["docker-registry", "token"], ["registry", "htpasswd"], ["registry", "token"]]) {
  test(`${program} with ${auth}: docker's configuration opens it, nothing else does`, async (t) => {
    const registry = await start(program, auth);
    t.after(() => registry.stop());
    const beacon = image("buildx-attested");
    for (const repository of ["private/a", "private/b"]) {
      await push(registry.host, repository, "1.0", beacon, registry.authorization(repository));
    }
    const sides = ["a", "b"].map((name) => `${registry.host}/private/${name}:1.0`);
    client.logIn(registry.host, USER);
    assert.equal((await pullproof("same", ...sides)).code, 0);
    assert.equal((await pullproof("same", ...sides, "--anonymous")).code, 3);
    client.logIn(registry.host, { ...USER, password: "wrong" });
    const refused = await pullproof("same", ...sides, "--verbose");
    assert.equal(refused.code, 3);
    assert.doesNotMatch(refused.stdout + refused.stderr, /wrong|Basic |Bearer /);
    client.logIn(registry.host.replace("127.0.0.1", "localhost"), USER);
    assert.equal((await pullproof("same", ...sides)).code, 3, "credentials went to another name");
    client.logIn(registry.host);
    assert.equal((await pullproof("same", ...sides)).code, 3);
  });
}

for (const program of ["docker-registry", "registry"]) {
  test(`${program} with tokens: an identity token of docker's configuration opens it, as it does for crane`, async (t) => {
    const registry = await start(program, "token");
    t.after(() => registry.stop());
    const beacon = image("buildx-attested");
    for (const repository of ["private/a", "private/b"]) {
      await push(registry.host, repository, "1.0", beacon, registry.authorization(repository));
    }
    const sides = ["a", "b"].map((name) => `${registry.host}/private/${name}:1.0`);
    client.logIn(registry.host, { identityToken: IDENTITY_TOKEN });
    t.after(() => client.logIn(registry.host));
    const opened = await client.output(["crane", "manifest", sides[0]]);
    assert.equal(`sha256:${createHash("sha256").update(opened).digest("hex")}`, beacon.root);
    registry.tokens.requests.length = 0;
    assert.equal((await pullproof("same", ...sides)).code, 0);
    const ours = registry.tokens.requests.map(({ method, url, form }) => [method, url, form?.get("scope")]);
    assert.deepEqual(ours.sort(), ["a", "b"].map((name) => ["POST", "/token", `repository:private/${name}:pull`]));
    client.logIn(registry.host, { identityToken: "another" });
    const refused = await pullproof("same", ...sides, "--verbose");
    assert.equal(refused.code, 3);
    assert.match(refused.stdout.replace(/\s+/g, " "), /rejected the stored identity token/);
  });
}

for (const [name, run] of [["crane-referrers", () => startCraneRegistry({ program: tools["crane-referrers"].path })], ["docker-registry", () => start("docker-registry")]]) {
  test(`referrers in ${name}, and how they were listed`, async (t) => {
    const registry = await run();
    t.after(() => registry.stop());
    const made = await withReferrers({ registry, client });
    const listed = await new Run().referrers(made.image, made.subject);
    assert.equal(listed.by, made.by);
    const digests = (found) => found.map(({ digest }) => digest).sort();
    assert.deepEqual(digests(listed.descriptors), digests(made.artifacts));
    // What a registry says that an artifact is may be another type than it has; it is taken as it is said.
    const { artifactType } = listed.descriptors[0];
    const filtered = await new Run().referrers(made.image, made.subject, { artifactType });
    const alike = listed.descriptors.filter((one) => made.by !== "api" || one.artifactType === artifactType);
    assert.deepEqual(digests(filtered.descriptors), digests(alike));
  });
}

test("what is printed to be checked by hand holds by hand, with every tool, step by step", async () => {
  const row = rows.find(({ expect }) => expect.verdict === "proven" && !expect.sameRoot && expect.perPlatform.length > 1);
  const { allLines, checks } = await import(pathToFileURL(join(folder, "node_modules/pullproof/dist/pkg/report/checks.js")));
  for (const level of ["config", "manifest", "rootfs"]) {
    const groups = checks(await answer({ ask: "same", left: row.left, right: row.right, level }));
    assert.deepEqual(groups.map(({ tool }) => tool), ["docker", "crane", "skopeo"]);
    const ran = (await Promise.all(groups.map(({ steps }) => byHand(steps)))).flat();
    for (const { command, prints, printed } of ran) {
      if (prints.length > 0) assert.deepEqual(printed, prints, command);
      // Of what has no digest of its own, both sides have to be the same.
      else assert.ok(printed.length === 2 && /^[0-9a-f]{64}$/.test(printed[0]) && (level === "manifest" || printed[0] === printed[1]), `${command}: ${printed}`);
    }
    // Both indexes, and for each platform of each side a manifest and what it names, with three tools.
    assert.ok(ran.flatMap(({ prints }) => prints).length > 12 * row.expect.perPlatform.length);
  }
  // The command prints the same lines, though not all of them.
  const groups = checks(await answer({ ask: "same", left: row.left, right: row.right }));
  const { stdout } = await pullproof("same", row.left, row.right, "--verbose");
  const shown = stdout.slice(stdout.indexOf("Check it yourself")).split("\n").slice(1, -2).map((line) => line.slice(2));
  const all = new Set(groups.flatMap((group) => [`# ${group.tool}`, ...allLines(group)]));
  assert.deepEqual(shown.filter((line) => line !== "" && !/^# and \d+ more steps$/.test(line) && !all.has(line)), []);
});

test("what refers to an image, and what it was recovered from, hold by hand", async (t) => {
  const registry = await start("docker-registry");
  t.after(() => registry.stop());
  const made = await withReferrers({ registry, client });
  const { checks } = await import(pathToFileURL(join(folder, "node_modules/pullproof/dist/pkg/report/checks.js")));
  const report = await answer({ ask: "what", image: `${made.image}@${made.subject}` });
  const groups = checks(report);
  for (const { tool, steps } of groups) {
    const ran = await byHand(steps);
    assert.ok(ran.some(({ about }) => /that refers to it/.test(about)), tool);
    for (const { command, prints, printed } of ran) assert.deepEqual(printed, prints, command);
  }
  const { documents, root } = image("buildx-attested");
  const bytes = documents.find(({ digest }) => digest === root).bytes;
  const file = join(folder, "FILE");
  for (const text of [bytes, Buffer.from(JSON.stringify(JSON.parse(bytes), null, 4))]) {
    writeFileSync(file, text);
    const [{ tool, steps }] = checks(await answer({ ask: "what", image: `a.example/b@${root}` }, { pasted: [text], fetch: () => Promise.reject(new TypeError("fetch failed")) })).filter(({ tool }) => tool === "files");
    assert.equal(tool, "files");
    const ran = await byHand(steps);
    assert.ok(ran.length > 1);
    for (const { command, prints, printed } of ran) assert.deepEqual(printed, prints, command);
  }
});

/** The steps as a user's shell runs them, with docker's buildx where docker would find it. */
function byHand(steps) {
  const own = join(folder, "node_modules", ".bin", "pullproof");
  const programs = { docker: `shift\nexec ${tools.buildx.path} "$@"`, pullproof: `exec ${own} "$@"` };
  for (const name of ["crane", "skopeo"]) programs[name] = `exec ${tools[name].path} "$@"`;
  return runSteps(steps, { cwd: folder, env: { PATH: process.env.PATH, HOME: client.folder, NO_PROXY: "127.0.0.1" }, programs });
}

test("the command that a want names prints what settles it", async () => {
  const row = rows.find(({ expect }) => expect.verdict === "proven" && !expect.sameRoot);
  const run = { left: row.left, right: row.right };
  const { wants } = await answer({ ask: "same", ...run }, { fetch: () => Promise.reject(new TypeError("fetch failed")), timeout: 1000 });
  const hints = wants.map(({ hint }) => hint.replace("docker buildx", "buildx").split(" "));
  const pasted = await Promise.all(hints.map(async (argv) => `$ ${argv.join(" ").replace("buildx", "docker buildx")}\n${await client.output(argv)}`));
  const report = await answer({ ask: "same", ...run }, { pasted });
  assert.equal(report.verdict, "proven");
});
