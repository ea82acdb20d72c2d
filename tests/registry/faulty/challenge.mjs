// Asking for a token, and giving one: the parts that faults of both have in common.
import { basic, USER } from "../tokens.mjs";
import { challenge, json } from "./answers.mjs";

/** The one token that opens a repository: who has it has asked for it. */
export const tokenOf = ({ repository }) => `token-for-${repository.replaceAll("/", "-")}`;

export const holdsToken = (asked) => asked.headers.authorization === `Bearer ${tokenOf(asked)}`;

/** 401 with where tokens are given: here, or at the other origin. */
export const askForToken = (asked, { from = "registry", realm, scope } = {}) => {
  const at = realm ?? `${asked.origins[from]}/${asked.repository}/token`;
  return challenge(
    `Bearer realm="${at}",service="faults",scope="${scope ?? `repository:${asked.repository}:pull`}"`,
  );
};

/** A token for whoever asks. */
export const tokenAnswer = (asked) => json(200, { token: tokenOf(asked), expires_in: 300 });

/** A token for who has the password. */
export const tokenForPassword = (asked) =>
  asked.headers.authorization === basic(USER) ? tokenAnswer(asked) : challenge('Basic realm="tokens"');
