// A publisher's policy for programs: the command's own work, with an output that keeps what is said.

import { publish as command } from "../cli/publish.js";
import { Failure } from "../cli/failure.js";
import { PullproofError } from "../index.js";
import { Run } from "../node.js";
import { weakest } from "../report/standings.js";

const verdictOf = (fault) => /^(contradicted|open|stated): /.exec(fault)?.[1] ?? "open";

/** The policy as the text of its file, where every tag was seen and every mirror has the same images; otherwise why not. */
export async function publish(image, { tags, mirrors = [], project, ...options }) {
  const [faults, written] = [[], []];
  const output = { fault: (text) => faults.push(text), note() {}, progress() {}, write: async (text) => written.push(text) };
  const asked = { tags: [tags].flat(), mirrors: [mirrors].flat(), project };
  const io = { signal: options.signal, environment: {}, connect: () => new Run(options) };
  try {
    await command({ operands: [image], options: { ...asked, anonymous: true } }, io, output);
  } catch (error) {
    throw error instanceof Failure ? new PullproofError("argument", error.message) : error;
  }
  if (written.length > 0) return { verdict: "proven", policy: written.join(""), problems: [] };
  return { verdict: weakest(faults.map(verdictOf)) ?? "open", problems: faults };
}
