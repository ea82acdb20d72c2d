// "Check it yourself": the commands of other tools that reproduce an answer without this one. Each tool's
// steps stand alone: first what was asked, from the names in the question; then every proven step, by
// digest. Two kinds of claims have no command: what somebody only stated, and that an Id is of an image,
// which only the docker that has pulled it can say.

import { asked, identified } from "./checks/question.js";
import { given } from "./checks/files.js";
import { readersOf } from "./checks/readers.js";
import { linesOf, word } from "./checks/shell.js";
import { signed } from "./checks/signatures.js";
import { documentSteps, documentsOf } from "./checks/steps.js";

export { linesOf };

/**
 * The steps for a report, a tool at a time: `{ tool, needs, steps }`, without tools that have none. `most`
 * is how many proven steps are shown of each image.
 */
export function checks(report, { most = 1000 } = {}) {
  const images = imagesOf(report.question);
  if (images.some((image) => word(image) === undefined)) return [];
  const documents = documentsOf(report, images);
  const readers = readersOf(report).map((reader) => ({
    tool: reader.tool,
    steps: images.length === 0 ? [] : [...asked(report, images, reader, most), ...documentSteps(documents, reader, most)],
  }));
  const others = [
    { tool: "cosign", steps: identified(report.question) },
    { tool: "openssl", needs: "jq 1.6, OpenSSL 3, base64, xxd and sha256sum", steps: signed(report) },
    { tool: "files", steps: given(report, most) },
  ];
  return [...readers, ...others].filter(({ steps }) => steps.some(({ command }) => command !== undefined));
}

/** All lines of a tool, as they are copied. */
export const allLines = ({ needs, steps }) => [...(needs === undefined ? [] : [`# Needed: ${needs}`]), ...linesOf(steps)];

function imagesOf({ ask, left, right, image }) {
  if (ask === "same") return [left, right];
  return image === undefined ? [] : [image];
}
