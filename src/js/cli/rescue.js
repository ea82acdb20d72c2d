// `rescue REPOSITORY`: what a notary server has of a repository, as one file of evidence.

import { open, rm } from "node:fs/promises";
import { rescue as save } from "../rescue.js";
import { Failure, exitCodes, usage } from "./failure.js";
import { begin, wait } from "./run.js";

/** `rescue REPOSITORY [-o FILE] [--server URL]` */
export async function rescue({ operands: [name], options }, io, output) {
  const repository = await wholeName(name);
  const file = options.output === undefined ? undefined : await fresh(options.output);
  let written = false;
  try {
    const run = await begin(options, io, output);
    const { evidence, problems } = await wait(save(run, repository, { server: options.server }));
    const saved = Object.keys(evidence.files);
    if (saved.length === 0) throw nothing(repository, problems);
    const text = `${JSON.stringify(evidence, undefined, 2)}\n`;
    await (file?.writeFile(text) ?? output.write(text));
    written = true;
    for (const problem of problems) output.fault(`${problem.is}: ${problem.text}`);
    output.note(`${saved.length} files of ${repository} saved: ${saved.join(", ")}; no signature was checked`);
    return worst(problems);
  } finally {
    await file?.close();
    if (file && !written) await rm(options.output);
  }
}

/** The repository with its registry, as notary servers name it. */
async function wholeName(name) {
  if (/[:@][^/]*$/.test(name)) throw usage("a repository without a tag or a digest", name);
  const { Session } = await import("../node.js");
  const session = new Session({ ask: "what", image: name });
  try {
    return session.report(new Date(0)).question.image.replace(/:[^/]*$/, "");
  } finally {
    session.free();
  }
}

/** A new file: what was saved before may be all that is left. Opened first, so that nothing is asked in vain. */
async function fresh(path) {
  try {
    return await open(path, "wx");
  } catch (error) {
    if (error.code === "EEXIST") throw new Failure("file", `expected a new file after --output, found one of that name: ${path}`);
    throw new Failure("file", `expected a file that can be written, found ${error.code}: ${path}`);
  }
}

const nothing = (repository, problems) =>
  new Failure("trust-data", `nothing of ${repository} could be saved: ${problems[0]?.text ?? "no reason known"}`);

function worst(problems) {
  const words = problems.map(({ is }) => is);
  if (words.includes("contradicted")) return exitCodes.contradicted;
  return words.length > 0 ? exitCodes.open : 0;
}
