// index.d.ts is written by hand: real reports, findings and recovered bytes are printed into a
// TypeScript file and checked against it, so that a renamed, missing or extra field fails.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { notaryRepository } from "../builders/notary.mjs";
import { readVector } from "../builders/vector.mjs";
import { startFaulty } from "../registry/faulty.mjs";
import { installPacked } from "../support/packed.mjs";

const project = installPacked();
const require = createRequire(join(project, "package.json"));
const { answer, checkReceipt, recognise, recover, Run, Session } = await import(pathToFileURL(require.resolve("pullproof")));
const vectors = fileURLToPath(new URL("../vectors/", import.meta.url));
const QUESTIONS = [
  { ask: "what" },
  { ask: "what", image: "127.0.0.1:5000/a:1" },
  { ask: "same", left: "127.0.0.1:5000/a:1", right: "127.0.0.1:5000/b:1", level: "manifest", platform: "linux/amd64" },
  { ask: "published", image: "127.0.0.1:5000/a:1", by: { keys: ["a".repeat(64)] } },
  { ask: "published", image: "127.0.0.1:5000/a:1", by: { policy: readFileSync(join(root, "www", "examples", "webdis-policy.json"), "utf8") } },
  { ask: "published", image: "127.0.0.1:5000/a:1", by: { identity: "me@example.org", issuer: "https://example.org" } },
];

test("what is returned has the declared types", async (t) => {
  const pastes = inFolders("paste").map((path) => readVector(readFileSync(path)));
  const reports = QUESTIONS.flatMap((question) => pastes.map(({ bytes }) => report(question, bytes)));
  reports.push(QUESTIONS.map((question) => report(question, ...pastes.map(({ bytes }) => bytes))));
  const manifest = documents()[0].bytes;
  const { pin, files } = notaryRepository("127.0.0.1:5000/a", "1", manifest);
  reports.push(report({ ask: "published", image: "127.0.0.1:5000/a:1", by: { keys: [pin] } }, manifest, ...Object.values(files)));
  const { referred, listed, told } = await referrers(t);
  reports.push(...referred);
  const findings = pastes.map(({ bytes }) => recognise(bytes));
  const fetch = async () => new Response("{}", { status: 404 });
  let receipt;
  await answer(QUESTIONS[2], { fetch, pasted: ["hello"], onReceipt: (text) => (receipt = text) });
  const checked = [receipt, receipt.replace(/"verdict":"\w+"/, '"verdict":""')].map(checkReceipt);
  assert.deepEqual(checked.map(({ differences }) => differences.length), [0, 1]);
  const { digest, bytes } = documents()[0];
  const recovered = recover(bytes, digest);
  const file = join(project, "contract.ts");
  writeFileSync(file, [
    'import type { AnswerOptions, CheckedReceipt, Evidence, Finding, Recovered, Question, Referrers, Report, RunOptions } from "pullproof";',
    ...declared(reports.flat()),
    "const evidence: Evidence[] = [];",
    ...told.map(({ bytes, ...one }) => `evidence.push({ ...${JSON.stringify(one)}${bytes === undefined ? "" : ", bytes: new Uint8Array()"} });`),
    `const findings: Finding[] = ${JSON.stringify(findings.flat(), null, 1)};`,
    `const recovered: Recovered = { ...${JSON.stringify({ ...recovered, bytes: undefined })}, bytes: new Uint8Array() };`,
    `const checked: CheckedReceipt[] = ${JSON.stringify(checked, null, 1)};`,
    `const listed: Referrers[] = ${JSON.stringify(listed, null, 1)};`,
    `const question: Question = { ask: "published", image: "a", by: { policy: new URL("https://a.example/") } };`,
    `const options: RunOptions & AnswerOptions = { plainHttp: ["registry.lan:5000"], referrers: false, credentials: async () => ({ identityToken: "" }) };`,
    "export { checked, evidence, findings, listed, options, question, recovered, reports };",
  ].join("\n"));
  const kinds = new Set(reports.flat().flatMap(({ claims }) => claims.map(({ statement }) => statement.kind)));
  for (const kind of ["bytes", "names", "refers", "resolves", "identifies", "signs", "same", "metadata", "keeps"]) assert.ok(kinds.has(kind), kind);
  const codes = new Set(reports.flat().flatMap(({ claims }) => claims.map(({ statement }) => statement.code)));
  for (const code of ["referrer", "referrers", "referrer-subject", "artifact-type", "artifact-content"]) assert.ok(codes.has(code), code);
  assert.equal(check(file), "");
});

/** Reports as TypeScript. Most claims are in many of them, and the compiler checks each once. */
function declared(reports) {
  const names = new Map();
  const lines = reports.map(({ claims, ...report }) => {
    const named = claims.map((claim) => {
      const text = JSON.stringify(claim, null, 1);
      if (!names.has(text)) names.set(text, `claim${names.size}`);
      return names.get(text);
    });
    return `reports.push({ claims: [${named}], ${JSON.stringify(report, null, 1).slice(1)});`;
  });
  const claims = [...names].map(([text, name]) => `const ${name}: Report["claims"][number] = ${text};`);
  // One by one: a list of all would be a union that the compiler refuses.
  return [...claims, "const reports: Report[] = [];", ...new Set(lines)];
}

/** Reports about images that something refers to, truly and not, and the lists. */
async function referrers(t) {
  const faulty = await startFaulty();
  t.after(() => faulty.stop());
  const { fetch } = faulty;
  const names = ["", "-other-subject", "-lying-descriptor", "-lying-type", "-elsewhere", "-none"].map((name) => `referrers${name}`);
  const images = [...names, "fallback"].map((name) => faulty.reference(name, "registry.example"));
  const told = [];
  const onReceipt = (receipt) => told.push(...JSON.parse(receipt).evidence);
  const referred = await Promise.all(images.map((image) => answer({ ask: "what", image }, { fetch, onReceipt })));
  for (const kind of ["bytes", "failed", "header", "listed", "note"]) assert.ok(told.some((one) => kind in one), kind);
  const lists = referred.map(async ({ claims }, i) => {
    const { digest } = claims.find(({ statement }) => statement.kind === "resolves").statement;
    return new Run({ fetch }).referrers(images[i], digest).catch(({ code }) => assert.equal(code, "next-page"));
  });
  return { referred, told, listed: (await Promise.all(lists)).filter(Boolean) };
}

test("a field that is not declared is refused, so that the check above can fail", () => {
  const file = join(project, "wrong.ts");
  writeFileSync(file, 'import type { Report } from "pullproof";\nexport const r: Report = { question: { ask: "what" }, verdict: "yes", summary: "", rests: 0, claims: [], wants: [] };\n');
  assert.match(check(file), /"yes"/);
});

function check(file) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    execFileSync(process.execPath, [tsc, "--strict", "--noEmit", "--module", "nodenext", "--target", "es2022", file], { cwd: project, encoding: "utf8" });
    return "";
  } catch (error) {
    return error.stdout.slice(0, 4000) || String(error);
  }
}

function report(question, ...pastes) {
  const session = new Session(question);
  for (const paste of pastes) session.paste(paste);
  const found = session.report(new Date(0));
  session.free();
  return found;
}

function inFolders(kind) {
  const folders = readdirSync(`${vectors}${kind}`).map((folder) => `${vectors}${kind}/${folder}`);
  return folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
}

function documents() {
  const files = readdirSync(`${vectors}documents`).map((file) => readFileSync(`${vectors}documents/${file}`));
  return files.map((file) => readVector(file)).map(({ keys, bytes }) => ({ digest: keys.digest, bytes }));
}
