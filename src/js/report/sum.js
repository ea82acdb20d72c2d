// The line of shell that prints the digest of "which digest is this?" without this tool, where there is one that is true.

import { isPlain, word } from "./checks/shell.js";

const added = "final newline removed";

// They print the registry's bytes and nothing after them.
const exact = /^(?:crane (?:manifest|config)|oras manifest fetch|skopeo inspect (?=.*--raw)|docker buildx imagetools inspect (?=.*--raw)|regctl manifest get (?=.*raw-body))(?: |$)/;

// They print a newline after what they print.
const ended = /^docker manifest inspect (?!.*(?:-v|--verbose)\b)/;

/**
 * The line, or nothing. `text` is what was given; it is in the file `file`, or the command `command` printed it.
 */
export function sumLine({ subject }, { text, file, command }) {
  const algorithm = subject?.digest.split(":")[0];
  if (!["sha256", "sha512"].includes(algorithm) || subject.edits.some((edit) => edit !== added)) return undefined;
  if (command !== undefined) return ofCommand(command, `${algorithm}sum`);
  const name = file === undefined ? undefined : word(file.startsWith("-") ? `./${file}` : file);
  if (name === undefined) return undefined;
  if (subject.edits.length === 0) return `${algorithm}sum ${name}`;
  const chomp = chompOf(text, subject.form);
  return chomp && `${chomp} ${name} | ${algorithm}sum`;
}

function ofCommand(command, sum) {
  if (!command.split(" ").every(isPlain)) return undefined;
  if (exact.test(command)) return `${command} | ${sum}`;
  return ended.test(command) ? `${command} | perl -pe 'chomp if eof' | ${sum}` : undefined;
}

/** What takes off the newlines that the bytes do not have. */
function chompOf(text, form) {
  const [tail] = /[\r\n]*$/.exec(text);
  if (tail === "\n") return "perl -pe 'chomp if eof'";
  return form.endsWith("no final newline") ? "perl -0777 -pe 's/[\\r\\n]+\\z//'" : undefined;
}
