// Everything that hashes runs here, beside the page. One message in, one out, under the same id:
// the question and all evidence in, the report out. Nothing is kept from one to the next.

import { PullproofError, Session, digest } from "./pkg/browser.js";

// Codes after which nothing that this module says is worth anything.
const broken = new Set(["could-not-check", "self-test"]);

self.onmessage = ({ data: { id, question, pieces } }) => {
  try {
    self.postMessage({ id, answer: answer(question, pieces) });
  } catch (error) {
    self.postMessage({ id, ...described(error) });
  }
};

function answer(question, pieces) {
  const session = new Session(question);
  try {
    const read = pieces.map((piece) => readPiece(session, piece));
    const at = new Date();
    return { report: session.report(at), pieces: read, at };
  } finally {
    session.free();
  }
}

/** What was recognised in a piece of evidence, or why it was refused. */
function readPiece(session, { content, about }) {
  try {
    return { findings: session.paste(content, about || undefined) };
  } catch (error) {
    const { refused } = described(error);
    if (!refused) throw error;
    return { findings: [], refused };
  }
}

function described(error) {
  const known = error instanceof PullproofError && !broken.has(error.code);
  if (known) return { refused: { code: error.code, message: error.message } };
  return { failed: String(error?.message ?? error) };
}

try {
  // The first call says whether the module knows its known answers.
  digest("");
  self.postMessage({ ready: true });
} catch (error) {
  self.postMessage({ ready: false, failed: String(error?.message ?? error) });
}
