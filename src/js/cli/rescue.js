// `rescue REPOSITORY`: what a notary server has of a repository, as one file of evidence.

import { rescue as save } from "../rescue.js";
import { Failure, exitCodes, misuse, notWritten } from "./failure.js";
import { putNew, refuseUnwritable, tried } from "./files.js";
import { begin, wait } from "./run.js";

/** `rescue REPOSITORY [-o FILE] [--server URL]` */
export async function rescue({ operands: [name], options }, io, output) {
  const repository = await wholeName(name);
  const { output: file, server } = options;
  // What was saved before may be all that is left. Looked at first, so that nothing is asked in vain.
  const isNamed = file !== undefined && file !== "-";
  if (isNamed) refuseUnwritable(file);
  const run = await begin(options, io, output);
  const { evidence, problems } = await wait(save(run, repository, { server }));
  const saved = Object.keys(evidence.files);
  if (saved.length === 0) throw nothing(repository, problems);
  const text = `${JSON.stringify(evidence, undefined, 2)}\n`;
  const written = !isNamed || (await tried(output, () => putNew(file, text, output)));
  // By the next time nobody may answer any more.
  if (!isNamed || !written) await output.write(text);
  for (const problem of problems) output.fault(`${problem.is}: ${problem.text}`);
  output.note(`${saved.length} files of ${repository} saved${written ? "" : " to standard output"}: ${saved.join(", ")}; no signature was checked`);
  return written ? worst(problems) : notWritten;
}

/** The repository with its registry, as notary servers name it. */
async function wholeName(name) {
  if (/[:@][^/]*$/.test(name)) throw misuse(`\`rescue\` takes a repository without a tag or digest, not "${name}"`);
  const { Session } = await import("../node.js");
  const session = new Session({ ask: "what", image: name });
  try {
    return session.report(new Date(0)).question.image.replace(/:[^/]*$/, "");
  } finally {
    session.free();
  }
}

const nothing = (repository, problems) =>
  new Failure("trust-data", `nothing of ${repository} could be saved: ${problems[0]?.text ?? "no reason known"}`);

function worst(problems) {
  const words = problems.map(({ is }) => is);
  if (words.includes("contradicted")) return exitCodes.contradicted;
  return words.length > 0 ? exitCodes.open : 0;
}
