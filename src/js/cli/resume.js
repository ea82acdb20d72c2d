// What `mirror` keeps in a file to go on later: a first line that says for which question, then a
// line for each tag that was answered. Lines are added as answers come, so that nothing is lost.

import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { Failure, exitCodes } from "./failure.js";

/** The answers in a file, begun where there is none. */
export class Progress {
  #file;
  /** Tag to verdict, of tags that need not be asked for again. */
  answered = new Map();

  constructor(file, head) {
    this.#file = file;
    const text = existing(file);
    if (text === undefined || text === "") return void write(file, `${JSON.stringify(head)}\n`);
    // A line without its end was cut off while it was written: that tag is asked for again.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const [first, ...lines] = whole.split("\n").slice(0, -1);
    refuseOther(file, first, head);
    for (const [i, line] of lines.entries()) this.#take(line, i + 2);
    if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
  }

  /** Keeps an answer; an open one will be asked for again, and is not kept. */
  keep(tag, verdict) {
    if (verdict === "open") return;
    try {
      appendFileSync(this.#file, `${JSON.stringify({ tag, verdict })}\n`);
    } catch (error) {
      throw unwritten(this.#file, error);
    }
  }

  #take(line, number) {
    const { tag, verdict } = parsed(line) ?? {};
    const known = Object.hasOwn(exitCodes, verdict) && verdict !== "open";
    if (typeof tag !== "string" || !known) {
      const place = `${this.#file} line ${number}`;
      throw new Failure("resume", `expected a tag and its verdict, found another line, at ${place}`);
    }
    this.answered.set(tag, verdict);
  }
}

function existing(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw new Failure("resume", `expected a file to go on from, found ${error.code}, at ${file}`);
  }
}

function write(file, text) {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritten(file, error);
  }
}

const unwritten = (file, error) =>
  new Failure("resume", `expected a file that can be written, found ${error.code}, at ${file}`);

function refuseOther(file, first, head) {
  const expected = JSON.stringify(head);
  if (first === expected) return;
  const known = parsed(first ?? "")?.pullproof !== undefined;
  const found = known ? first : "a file that mirror did not write";
  throw new Failure("resume", `expected answers to ${expected}, found ${found}, at ${file}`);
}

function parsed(line) {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
