// What a page is answered about each fault of the faulty registry that a page can meet, in Chromium:
// through the browser's own fetch, which follows redirects itself and hides what is not for pages.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../../scripts/command.mjs";
import { faults, startFaulty } from "../registry/faulty.mjs";
import { USER } from "../registry/tokens.mjs";
import { open } from "../support/browser.mjs";

const faulty = await startFaulty({ cors: true, pace: 20 });
const closed = await startFaulty({ cors: false });
after(() => Promise.all([faulty.stop(), closed.stop()]));

/** The verdict and the code of the note that says why, where they are not proven. */
const EXPECTED = {
  "wrong-header": ["contradicted"],
  "wrong-body": ["contradicted"],
  "wrong-pinned": ["contradicted"],
  bom: ["open", "json-bom"],
  "bom-added": ["contradicted", "json-bom"],
  "invalid-utf8": ["open", "encoding"],
  "other-type": ["open", "media-type"],
  "missing-child": ["open", "not-found"],
  "foreign-layers": ["contradicted"],
  "other-repository": ["contradicted"],
  "too-large": ["open", "limit-exceeded"],
  "too-large-chunked": ["open", "limit-exceeded"],
  "gzip-bomb": ["open", "limit-exceeded"],
  "login-page": ["open", "not-manifest"],
  "login-page-typed": ["open", "not-manifest"],
  endless: ["open", "limit-exceeded"],
  drip: ["open", "timeout"],
  stall: ["open", "timeout"],
  silence: ["open", "timeout"],
  truncated: ["open", "network"],
  reset: ["open", "network"],
  "not-http": ["open", "network"],
  "busy-long": ["open", "rate-limited"],
  "status-503-always": ["open", "server"],
  "missing-tag": ["open", "not-found"],
  forbidden: ["open", "forbidden"],
  // What a tag names is the word of who answered: another than the registry.
  redirect: ["stated"],
  "redirect-cookie": ["stated"],
  // The browser follows redirects: it says only that there was no answer.
  "redirect-loop": ["open", "network"],
  "redirect-file": ["open", "network"],
  "redirect-script": ["open", "network"],
  "realm-missing": ["open", "unauthorized"],
  "realm-file": ["open", "token-server"],
  "realm-metadata": ["open", "token-server"],
  "challenge-garbage": ["open", "unauthorized"],
  "challenge-none": ["open", "unauthorized"],
  "password-in-error": ["open", "forbidden"],
  "tokens-garbage": ["open", "token"],
  "tokens-line-break": ["open", "token"],
};
const HARMLESS = ["no-header", "type-parameters", "no-type", "gzip", "gzip-config", "busy", "status-503", "redirect-same",
  "token", "token-password", "password", "two-challenges", "scope-wide", "tokens-oauth"];

const dist = join(root, "dist");
const origins = [faulty, closed].flatMap(({ host, elsewhere }) => [`http://${host}`, `http://${elsewhere}`]);

/** Asks in the page; gives the verdict, the codes of what is missing, and all of it as text. */
const ask = (page, setting) =>
  page.evaluate(async ({ left, right, origin, user, timeout }) => {
    const { answer } = await import("/pkg/browser.js");
    const credentials = async (asked) => (asked === origin ? user : null);
    const report = await answer({ ask: "same", left, right }, { credentials, timeout });
    const missing = report.claims.filter(({ statement, standing }) => statement.kind === "note" && standing.is !== "stated");
    return { verdict: report.verdict, codes: missing.map(({ statement }) => statement.code), text: JSON.stringify(report) };
  }, setting);

const about = (registry, name) => ({
  left: registry.reference("good/recompressed"),
  right: registry.reference(name),
  origin: `http://${registry.host}`,
  user: USER,
  timeout: ["drip", "stall", "silence"].includes(name) ? 700 : 30_000,
});

// Faults are told of; nobody else is asked. Chromium names a script that it is led to and does not follow it.
const told = [/^(?:console|request failed|status)\b/, /^request to another origin: javascript:alert\(1\)$/];
const opened = (t) => open(t, dist, "site/", { fixed: true, allow: origins, expected: told });

test("each fault is told for what it is, asked one after the other in one page", async (t) => {
  const { page } = await opened(t);
  for (const { name, ids, note } of faults.filter(({ name }) => EXPECTED[name] || HARMLESS.includes(name))) {
    await t.test(`${ids.join(", ")} ${name}: ${note}`, { timeout: 60_000 }, async () => {
      const [verdict, code] = EXPECTED[name] ?? ["proven"];
      const found = await ask(page, about(faulty, name));
      assert.equal(found.verdict, verdict, found.text);
      if (code) assert.ok(found.codes.includes(code), `${code} is not among ${found.codes}: ${found.text}`);
      assert.equal(found.text.includes(USER.password), false, "a password is in the report");
    });
  }
});

test("every fault named here is there", () => {
  const names = faults.map(({ name }) => name);
  for (const name of [...Object.keys(EXPECTED), ...HARMLESS]) assert.ok(names.includes(name), name);
});

test("R12: a registry that no page may read says so, and how to go on", async (t) => {
  const { page } = await opened(t);
  const { verdict, codes, text } = await ask(page, about(closed, "good/beacon"));
  assert.equal(verdict, "open");
  assert.ok(codes.includes("network"));
  assert.match(text, /cannot be read by a web page, or cannot be reached/);
  assert.match(text, /docker buildx imagetools inspect --raw/);
});

test("no preflight: what a page asks for at first is asked for at once", () => {
  const preflights = faulty.requests.filter(({ method, headers }) => method === "OPTIONS" && headers["access-control-request-headers"] !== "authorization");
  assert.deepEqual(preflights, []);
  assert.deepEqual(closed.requests.filter(({ method }) => method === "OPTIONS"), []);
});
