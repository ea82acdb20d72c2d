// A publisher's policy as a file: read, and held to what the module takes for one before it is used; or
// the address of one.

import { nearest } from "../report/nearest.js";
import { Failure, at, misuse } from "./failure.js";
import { isStandardInput, placeOf, read } from "./input.js";

/** The text of a policy in a file. A text that is not a policy is refused with its place. */
export async function readPolicy(name, io, output) {
  const bytes = await read(name, io, output);
  const place = isStandardInput(name) ? "standard input" : name;
  const text = at(place, () => decoded(bytes));
  const { Session } = await import("../node.js");
  at(placeOf(name), () => plainly(() => checkPolicy(Session, text)), text);
  return text;
}

/** Does something; a key that no policy has is said with the one that was probably meant. */
function plainly(work) {
  try {
    return work();
  } catch (error) {
    const [, known, found] = (error.code === "policy-unknown" && /^expected (.*?) in the policy.*, found "([^"]*)"/.exec(error.message)) || [];
    if (found === undefined) throw error;
    const meant = nearest(found, known.split(" "));
    const message = `unknown key "${found}"${meant === undefined ? "" : ` (did you mean "${meant}"?)`}`;
    throw Object.assign(new Failure(error.code, message), { offset: error.offset });
  }
}

/** The address of a policy, where one is meant: it is fetched when the question is asked. */
export function policyAddress(name) {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return undefined;
  if (URL.canParse(name)) return new URL(name);
  throw misuse(`"${name}" is neither a file nor an address of a policy`);
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure("encoding", "not text (UTF-8)");
  }
}

/** Throws what the module has against a policy. */
export function checkPolicy(Session, text) {
  new Session({ ask: "published", image: "docker.io/library/any", by: { policy: text } }).free();
}
