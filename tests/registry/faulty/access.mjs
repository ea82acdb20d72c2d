// Faults in how a registry asks who is there: where it sends people for tokens, and what for.
import { basic, USER } from "../tokens.mjs";
import { challenge, error, json } from "./answers.mjs";
import { askForToken, holdsToken, tokenAnswer, tokenForPassword, tokenOf } from "./challenge.mjs";

/** A repository that a token opens; `ask` says how it asks for one. */
const opensFor = (ask) => (asked, good) => (holdsToken(asked) ? good : ask(asked));

const named = (realm) =>
  opensFor((asked) => askForToken(asked, { realm: typeof realm === "function" ? realm(asked) : realm }));
const ownRealm = ({ origins, repository }) => `${origins.registry}/${repository}/token`;
const always = (header) => () => challenge(header);

export const accessFaults = [
  {
    name: "token",
    ids: ["R01"],
    note: "a token opens, and anybody gets one",
    harmless: true,
    registry: opensFor(askForToken),
    token: tokenAnswer,
  },
  {
    name: "token-password",
    ids: ["R01"],
    note: "a token opens, and a password gets one",
    harmless: true,
    needs: "password",
    registry: opensFor(askForToken),
    token: tokenForPassword,
  },
  {
    name: "password",
    ids: ["R01"],
    note: "a password opens",
    harmless: true,
    needs: "password",
    registry: (asked, good) =>
      asked.headers.authorization === basic(USER) ? good : challenge('Basic realm="faults"'),
  },
  {
    name: "two-challenges",
    ids: ["R01"],
    note: "Basic and Bearer in one header",
    harmless: true,
    registry: opensFor((asked) =>
      challenge(`Basic realm="a, \\"b\\"", Bearer realm="${ownRealm(asked)}",service="faults"`),
    ),
    token: tokenAnswer,
  },
  {
    name: "realm-elsewhere",
    ids: ["R01"],
    note: "tokens are given at another origin, to anybody",
    harmless: true,
    registry: opensFor((asked) => askForToken(asked, { from: "elsewhere" })),
    token: tokenAnswer,
  },
  {
    name: "realm-thief",
    ids: ["R01"],
    note: "tokens are given at another origin, for the password",
    needs: "password",
    registry: opensFor((asked) => askForToken(asked, { from: "elsewhere" })),
    token: tokenForPassword,
  },
  {
    name: "realm-plain",
    ids: ["R02"],
    note: "tokens are given by the same host without TLS",
    registry: named((asked) => ownRealm(asked).replace("https:", "http:")),
    token: tokenAnswer,
  },
  {
    name: "realm-private",
    ids: ["R02"],
    note: "tokens are given in a private network",
    registry: named("https://10.0.0.1/token"),
  },
  {
    name: "realm-metadata",
    ids: ["R02"],
    note: "tokens are given at the cloud's own address",
    registry: named("http://169.254.169.254/token"),
  },
  { name: "realm-file", ids: ["R02"], note: "tokens are in a file", registry: named("file:///etc/passwd") },
  {
    name: "realm-user",
    ids: ["R02", "R13"],
    note: "the token server's address has a user in it",
    registry: named((asked) => ownRealm(asked).replace("://", "://registry.example@")),
    token: tokenAnswer,
  },
  {
    name: "realm-missing",
    ids: ["R02"],
    note: "Bearer without a realm",
    registry: always('Bearer service="faults"'),
  },
  {
    name: "scope-wide",
    ids: ["R01"],
    note: "asks for rights to push and to other repositories",
    harmless: true,
    registry: opensFor((asked) =>
      askForToken(asked, {
        scope: `repository:${asked.repository}:pull,push,delete repository:private/other:pull`,
      }),
    ),
    token: tokenAnswer,
  },
  {
    name: "challenge-loop",
    ids: ["R12"],
    note: "whatever token is shown, another is wanted",
    registry: askForToken,
    token: tokenAnswer,
  },
  {
    name: "challenge-garbage",
    ids: ["R12"],
    note: "401 with a challenge that is not valid",
    registry: always('"""=,,=Bearer realm'),
  },
  {
    name: "challenge-unknown",
    ids: ["R12"],
    note: "401 with a way that nobody here knows",
    registry: always("Negotiate"),
  },
  { name: "challenge-none", ids: ["R12"], note: "401 without saying how", registry: always(undefined) },
  {
    name: "token-in-error",
    ids: ["R08"],
    note: "refuses, and repeats the token that it was shown",
    registry: (asked) =>
      holdsToken(asked) ? error(403, "DENIED", `${asked.headers.authorization} may not`) : askForToken(asked),
    token: tokenAnswer,
  },
  {
    name: "password-in-error",
    ids: ["R08"],
    note: "refuses, and repeats the password that it was shown",
    needs: "password",
    registry: (asked) =>
      asked.headers.authorization
        ? error(403, "DENIED", `${USER.password} ${asked.headers.authorization}`)
        : challenge('Basic realm="faults"'),
  },
  {
    name: "token-second",
    ids: ["R12"],
    note: "the first token that is given has run out already, the second opens",
    harmless: true,
    registry: (asked, good) => (holdsToken(asked) ? good : askForToken(asked)),
    token: (asked) => (asked.times > 0 ? tokenAnswer(asked) : json(200, { token: "ran-out", expires_in: 0 })),
  },
  {
    name: "token-refused",
    ids: ["R12"],
    note: "the token that was given opens nothing",
    registry: (asked) =>
      asked.headers.authorization
        ? challenge(`Bearer error="invalid_token",realm="${ownRealm(asked)}",service="faults"`)
        : askForToken(asked),
    token: (asked) => json(200, { token: `expired-${tokenOf(asked)}`, expires_in: 0 }),
  },
];
