// What `mirror` keeps in a file to go on later: a first line that says for which question, then a line
// for each tag that was answered. Lines are added as answers come, each whole or not at all.
//
// Anybody can write such a file. What it says was proven or stated is its word, as of the time that it
// gives; what it says was contradicted has only one side here, and is asked for again, as is all that
// it gives no time for.

import { readFileSync, statSync, truncateSync } from "node:fs";
import { Failure } from "./failure.js";
import { append, put, tried } from "./files.js";

const kept = ["contradicted", "proven", "stated"];

/** The answers in a file, which is begun if it does not exist. */
export class Progress {
  #file;
  #head;
  #output;
  #isThere;
  /** True as long as everything could be kept. After the first failure nothing more is kept. */
  written = true;
  /** Tag to `{ verdict, at }`, of tags that need not be asked for again. */
  answered = new Map();
  /** Tags that are asked for after those that no line is about, so that each time more is known. */
  again = new Set();

  constructor(file, head, output) {
    this.#file = file;
    this.#head = JSON.stringify(head);
    this.#output = output;
    const text = existing(file);
    this.#isThere = text !== undefined && text !== "";
    if (!this.#isThere) return;
    // A line without its end was cut off while it was written: that tag is asked for again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const [first, ...lines] = whole.split("\n").slice(0, -1);
    refuseOther(file, first, this.#head);
    for (const [i, line] of lines.entries()) this.#take(line, i + 2);
    if (whole.length < text.length) shorten(file, Buffer.byteLength(whole));
  }

  /** Begins the file if it does not exist. */
  async begin() {
    if (!this.#isThere) await this.#write(() => put(this.#file, `${this.#head}\n`, this.#output));
  }

  /** Keeps an answer; an open one will be asked for again, and is not kept. */
  async keep(tag, verdict, at) {
    if (verdict === "open") return;
    const line = `${JSON.stringify({ tag, verdict, at: second(at) })}\n`;
    await this.#write(() => append(this.#file, line, this.#output));
  }

  async #write(work) {
    if (this.written) this.written = await tried(this.#output, work);
  }

  #take(line, number) {
    const { tag, verdict, at } = parsed(line) ?? {};
    if (typeof tag !== "string" || !kept.includes(verdict)) {
      const place = `${this.#file} line ${number}`;
      throw new Failure("resume", `${place}: not a line with a tag and its verdict`);
    }
    // The last line about a tag counts.
    this.answered.delete(tag);
    this.again.delete(tag);
    if (verdict === "contradicted" || !isSecond(at)) this.again.add(tag);
    else this.answered.set(tag, { verdict, at });
  }
}

const second = (at) => at.toISOString().replace(/\.\d+Z$/, "Z");

function isSecond(at) {
  const time = typeof at === "string" ? new Date(at) : undefined;
  return time !== undefined && !Number.isNaN(time.getTime()) && second(time) === at;
}

function existing(file) {
  try {
    const found = statSync(file);
    // Of a pipe or a device nothing can be read that was written before.
    return found.isFile() || found.isDirectory() ? readFileSync(file, "utf8") : undefined;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw new Failure("resume", `cannot read ${file} (${error.code})`);
  }
}

function shorten(file, length) {
  try {
    truncateSync(file, length);
  } catch (error) {
    throw new Failure("resume", `cannot write ${file} (${error.code})`);
  }
}

function refuseOther(file, first, expected) {
  if (first === expected) return;
  const known = parsed(first ?? "")?.pullproof !== undefined;
  const found = known ? first : "a file that mirror did not write";
  throw new Failure("resume", `${file} is for another run: expected ${expected}, found ${found}`);
}

function parsed(line) {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
