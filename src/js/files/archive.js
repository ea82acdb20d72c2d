// Archives as entries: tar and zip, and either in gzip.

import { Bytes, bytesOf, decompressed, held, joined } from "./bytes.js";
import { evidenceBytes, freeBytes, mostLayers, mostTimes } from "./limits.js";
import { isTar, tarEntries } from "./tar.js";
import { isZip, zipEntries } from "./zip.js";

const isGzip = ([a, b]) => a === 0x1f && b === 0x8b;

/** Bytes at the beginning of a file that tell an archive from other files. */
export const beginning = 512;

/** True if a file that begins so may be an archive. */
export const mayBeArchive = (first) => isGzip(first) || isZip(first) || isTar(first);

/** The name of the form that a file that is not text has, by its beginning. */
export function formOf(first) {
  const [, name] = forms.find(([magic]) => magic.every((byte, n) => first[n] === byte)) ?? [];
  if (name !== undefined) return name;
  return isZip(first) ? "a zip archive" : isTar(first) ? "a tar archive" : undefined;
}

const forms = [
  [[0x1f, 0x8b], "compressed with gzip"],
  [[0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz"],
  [[0x42, 0x5a, 0x68], "compressed with bzip2"],
  [[0x7f, 0x45, 0x4c, 0x46], "a program"],
];

/**
 * The entries of an archive, as they come, or nothing if the file is not one. `problem(text, name)` is told what cannot be
 * read, of an entry if it is named.
 */
export async function entriesOf(file, problem) {
  let [bytes, whole] = [bytesOf(file), file];
  for (let layers = 1; ; layers += 1) {
    const first = await bytes.peek(beginning);
    if (isZip(first)) {
      // The directory is at the end, so what came compressed has to be here as a whole.
      whole = whole?.size === undefined ? await collected(file.name, bytes, problem) : whole;
      return whole === undefined ? none() : zipEntries(whole, problem);
    }
    if (isTar(first)) return ended(bytes, problem);
    if (!isGzip(first)) return void (await bytes.end());
    if (layers > mostLayers) {
      problem(`is compressed more than ${mostLayers} times, and was not read`);
      return none();
    }
    const inside = new Bytes(unpacked(bytes, problem));
    [bytes, whole] = [inside, undefined];
  }
}

async function* none() {}

/** The entries of a tar; it is not read on where nobody wants the next. */
async function* ended(bytes, problem) {
  try {
    yield* tarEntries(bytes, problem);
  } finally {
    await bytes.end();
  }
}

/** Unpacks gzip as far as it can be; what is wrong behind that is told. */
async function* unpacked(bytes, problem) {
  let length = 0;
  const parts = decompressed(bytes, "gzip");
  try {
    for (;;) {
      const { done, value } = await parts.next().catch((error) => {
        // The message of a failure names the file.
        if (error?.code === "file") throw error;
        problem(`cannot be decompressed behind ${length} bytes: it is damaged, or cut off`);
        return { done: true };
      });
      if (done) return;
      length += value.length;
      if (length > freeBytes && length > mostTimes * bytes.count) return problem(`unpacks to over ${mostTimes} times its size: the rest was not read`);
      yield value;
    }
  } finally {
    await parts.return();
    await bytes.end();
  }
}

async function collected(name, bytes, problem) {
  const parts = [];
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > evidenceBytes) return void problem(`is a zip archive that is read whole here, and has over ${evidenceBytes} bytes: give it as a file, not compressed again`);
    parts.push(part);
  }
  return held(name, joined(parts, length));
}
