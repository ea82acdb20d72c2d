// Faults of the token server itself.
import { error, json, page, redirect } from "./answers.mjs";
import { askForToken, holdsToken, tokenAnswer, tokenOf } from "./challenge.mjs";

const opens = (asked, good) => (holdsToken(asked) ? good : askForToken(asked));

/** The answers of the token server, where the registry is good. */
const rows = [
  {
    name: "tokens-oauth",
    note: "the token is in access_token",
    harmless: true,
    token: (asked) => json(200, { access_token: tokenOf(asked), token_type: "Bearer" }),
  },
  {
    name: "tokens-text",
    note: "JSON under the type of text",
    harmless: true,
    token: (asked) => ({ ...tokenAnswer(asked), headers: { "content-type": "text/plain" } }),
  },
  {
    name: "tokens-garbage",
    note: "no JSON",
    token: () => ({ status: 200, headers: {}, body: Buffer.from("\0token\0") }),
  },
  { name: "tokens-page", note: "a page to log in", token: () => page("Log in") },
  { name: "tokens-none", note: "JSON without a token", token: () => json(200, {}) },
  { name: "tokens-empty", note: "an empty token", token: () => json(200, { token: "" }) },
  { name: "tokens-number", note: "a token that is a number", token: () => json(200, { token: 1 }) },
  {
    name: "tokens-line-break",
    note: "a token that would add a header",
    token: (asked) => json(200, { token: `${tokenOf(asked)}\r\nX-Added: 1` }),
  },
  { name: "tokens-long", note: "a token of 100 KiB", token: () => json(200, { token: "x".repeat(100 << 10) }) },
  { name: "tokens-huge", note: "a token of 2 MiB", token: () => json(200, { token: "x".repeat(2 << 20) }) },
  { name: "tokens-refused", note: "401", token: () => error(401, "UNAUTHORIZED", "not you") },
  { name: "tokens-broken", note: "500", token: () => error(500, "UNKNOWN", "broken") },
  {
    name: "tokens-redirect",
    note: "tokens are given at another origin after all",
    token: (asked) =>
      asked.server === "registry"
        ? redirect(`${asked.origins.elsewhere}/${asked.repository}/token`)
        : tokenAnswer(asked),
  },
  { name: "tokens-silence", note: "no answer", token: () => ({ end: "silence" }) },
];

export const tokenFaults = rows.map((row) => ({
  ids: ["R12"],
  registry: opens,
  ...row,
  note: `the token server: ${row.note}`,
}));
