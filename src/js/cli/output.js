// Standard output and standard error: lines out, each made visible here and nowhere else.

import { Broken, withoutSecrets } from "./failure.js";
import { jsonText, visible } from "../report/visible.js";

const tones = { bold: "1", dim: "2" };
const width = 80;

/**
 * Where a command prints. A line is text, or `{ text, tone, hang, raw }`: `hang` is where its next
 * line begins if it needs one, and `raw` lines are never wrapped.
 */
export class Output {
  #stdout;
  #stderr;
  #quiet;
  #coloured;
  #drawn = false;
  #lastDrawn = 0;

  constructor({ stdout, stderr, environment }, { quiet = false } = {}) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#quiet = quiet;
    // https://no-color.org: present and not empty. Words carry the meaning, with or without colour.
    this.#coloured = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  }

  /** Lines to standard output, wrapped at 80 columns under their own indentation. */
  async print(lines) {
    this.clear();
    await this.write([lines].flat(Infinity).map((line) => `${this.#drawnLine(line)}\n`).join(""));
  }

  /** A value as one line of JSON. */
  async json(value) {
    this.clear();
    await this.write(`${jsonText(value)}\n`);
  }

  /** Exactly these bytes; done when they were taken. */
  write(bytes) {
    return new Promise((resolve, reject) => {
      this.#stdout.write(bytes, (error) => {
        if (!error) return resolve();
        const gone = error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED";
        return reject(gone ? new Broken("the reader of standard output went away") : error);
      });
    });
  }

  /** Something to know that is not the answer, on standard error; silent when asked to be. */
  note(text) {
    if (!this.#quiet) this.fault(text);
  }

  /** Why there is no answer, or not all of it, on standard error. */
  fault(text) {
    this.clear();
    this.#stderr.write(`pullproof: ${visible(withoutSecrets(text))}\n`);
  }

  /** How far the work is: one line that is drawn anew, on a terminal only. */
  progress(text) {
    const now = performance.now();
    if (this.#quiet || this.#stderr.isTTY !== true || (this.#drawn && now - this.#lastDrawn < 100)) return;
    this.#lastDrawn = now;
    this.#drawn = true;
    this.#stderr.write(`\r\x1b[K${visible(text).slice(0, width - 1)}`);
  }

  /** Takes the line of progress away. */
  clear() {
    if (this.#drawn) this.#stderr.write("\r\x1b[K");
    this.#drawn = false;
  }

  #drawnLine(line) {
    const { text, tone, hang, raw = false } = typeof line === "string" ? { text: line } : line;
    const shown = raw ? visible(text) : wrapped(visible(text), hang).join("\n");
    return this.#coloured && tone ? `\x1b[${tones[tone]}m${shown}\x1b[0m` : shown;
  }
}

/** Text in lines of at most 80 columns where its words allow it; what follows on is indented further. */
export function wrapped(text, hang) {
  const [indent] = /^ */.exec(text);
  const further = " ".repeat(hang ?? indent.length + 2);
  const lines = [];
  let line = indent;
  for (const word of text.slice(indent.length).split(" ")) {
    const next = line.trim() === "" ? `${line}${word}` : `${line} ${word}`;
    if (next.length <= width || line.trim() === "") {
      line = next;
      continue;
    }
    lines.push(line);
    line = `${further}${word}`;
  }
  return [...lines, line];
}
