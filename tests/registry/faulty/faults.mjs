// Every fault, one row each: which repository has it, what it is, and where it is described.
import { accessFaults } from "./access.mjs";
import { documentFaults } from "./documents.mjs";
import { failureFaults } from "./failures.mjs";
import { listFaults } from "./lists.mjs";
import { redirectFaults } from "./redirects.mjs";
import { tokenFaults } from "./tokens.mjs";

const ALL = [
  ...documentFaults,
  ...failureFaults,
  ...redirectFaults,
  ...accessFaults,
  ...tokenFaults,
  ...listFaults,
];

/**
 * `{ name, ids, repository, note, like, harmless, needs, suffix, contents, behaviour }`
 *
 * `ids`: the hostile cases that it is for. `like`: the repository without a fault that it is like.
 * `harmless`: the answer has to be as if it were that one. `needs`: what has to be shown to get in,
 * `password` or nothing. `suffix`: what follows the repository in its reference, where that is not `:1.0`.
 */
export const faults = ALL.map(({ name, ids, note, harmless = false, needs, suffix, contents, ...rest }) => {
  const { like, ...behaviour } = { like: "good/beacon", ...rest };
  return { name, ids, repository: `faults/${name}`, note, like, harmless, needs, suffix, contents, behaviour };
});
