// The cost of checking the signatures of a repository: each file of it, from the pinned root key on.

import { performance } from "node:perf_hooks";
import { Session } from "../../dist/pkg/node.js";
import { notaryRepository } from "../builders/notary.mjs";

const image = "docker.io/nicolas/webdis:1.0";
const now = new Date("2026-11-25T12:00:00Z");

/** Rows of the table: the first time in a process, and the median of some; saved together and file by file. */
export function trustRows() {
  const document = Buffer.from("{}");
  const { pin, files } = notaryRepository("docker.io/nicolas/webdis", "1.0", document);
  const byRole = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]));
  const saved = JSON.stringify({ pullproof: "notary-v1", repository: "", server: "", at: "", files: byRole });
  const printed = Object.values(files).map((bytes) => JSON.stringify(JSON.parse(bytes), null, 2));
  const question = { ask: "published", image, by: { keys: [pin] } };
  const count = Object.keys(files).length;
  const first = ask(question, [saved], document);
  const rows = [["saved together", [saved]], ["printed and pasted one by one", printed]].map(([how, texts]) => {
    const times = Array.from({ length: 15 }, () => ask(question, texts, document)).sort((a, b) => a - b);
    return [`signatures of a repository of ${count} files, ${how}`, `${times[7].toFixed(1)} ms`];
  });
  return [["the same, saved together, the first time in a process", `${first.toFixed(1)} ms`], ...rows].reverse();
}

function ask(question, texts, document) {
  const start = performance.now();
  const session = new Session(question);
  for (const text of texts) session.paste(text);
  session.paste(document);
  const { claims } = session.report(now);
  const took = performance.now() - start;
  session.free();
  const signed = claims.some(({ statement, standing }) => statement.kind === "signs" && standing.is === "proven");
  if (!signed) throw new Error("the signature was not proven");
  return took;
}

// `node tests/bench/trust.mjs` prints these alone.
if (process.argv[1] === new URL(import.meta.url).pathname) for (const row of trustRows()) console.log(row.join(": "));
