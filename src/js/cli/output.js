// Standard output and standard error: lines out, each made visible here and nowhere else.

import { Broken, withoutSecrets } from "./failure.js";
import { jsonText, visible } from "../report/visible.js";

// Colours only repeat what a mark and a word say.
const tones = { bold: "1", dim: "2", proven: "1;32", stated: "1;33", open: "1", contradicted: "1;31" };
const width = 80;

// Milliseconds before work is said to be going on, and between two lines that say so.
const patience = 2000;
const between = 10_000;

/**
 * Where a command prints. A line is text, or `{ text, tone, lead, hang, raw }`: `hang` is where its next line begins
 * if it needs one, `raw` lines are never wrapped, and only the first `lead` characters have the tone, where it is given.
 */
export class Output {
  #stdout;
  #stderr;
  #quiet;
  #coloured;
  #drawn = false;
  #lastDrawn = 0;
  /** The progress to say next where a line cannot be drawn again, and the timer that says it. */
  #next;
  #timer;
  #said = false;

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

  /** Says on standard error why the answer is missing or incomplete. */
  fault(text) {
    this.clear();
    this.#stderr.write(`pullproof: ${visible(withoutSecrets(text))}\n`);
  }

  /** How far the work is: on a terminal one line that is drawn anew, elsewhere a line now and then if it takes long. */
  progress(text) {
    if (this.#quiet) return;
    if (this.#stderr.isTTY !== true) return this.#sayLater(text);
    const now = performance.now();
    if (this.#drawn && now - this.#lastDrawn < 100) return;
    this.#lastDrawn = now;
    this.#drawn = true;
    this.#stderr.write(`\r\x1b[K${visible(text).slice(0, width - 1)}`);
  }

  #sayLater(text) {
    this.#next = text;
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#said = true;
      this.#stderr.write(`pullproof: ${visible(withoutSecrets(this.#next))}\n`);
      this.#sayLater(this.#next);
    }, this.#said ? between : patience);
    this.#timer.unref();
  }

  /** Takes the line of progress away. */
  clear() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#drawn) this.#stderr.write("\r\x1b[K");
    this.#drawn = false;
  }

  #drawnLine(line) {
    const { text, tone, lead, hang, raw = false } = typeof line === "string" ? { text: line } : line;
    const shown = raw ? visible(text) : wrapped(visible(text), hang).join("\n");
    if (!this.#coloured || !tone) return shown;
    const [first] = shown.split("\n");
    const end = lead === undefined ? shown.length : Math.min(lead, first.length);
    return `\x1b[${tones[tone]}m${shown.slice(0, end)}\x1b[0m${shown.slice(end)}`;
  }
}

/** The number of terminal lines that a line takes. */
export function heightOf(line) {
  const { text, hang, raw = false } = typeof line === "string" ? { text: line } : line;
  return raw ? Math.max(1, Math.ceil(visible(text).length / width)) : wrapped(visible(text), hang).length;
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
