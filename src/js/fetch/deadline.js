// The time that an answer may take altogether: after it, it is made from what there is by then.

import { PullproofError } from "../index.js";
import { secondsOf } from "./transport.js";

/** Five minutes, unless told: much for an index of fifty platforms, and an end to a registry that drips. */
export const usualDeadline = 300_000;
// The longest time for a timer.
const mostMilliseconds = 2 ** 31 - 1;

/** The error for an answer that came too late. */
export class Late extends PullproofError {}

export class Deadline {
  /** True once the time is over. */
  passed = false;
  #milliseconds;
  #over;
  #timer;

  constructor(milliseconds = usualDeadline) {
    this.#milliseconds = milliseconds;
    this.#over = new Promise((_, reject) => {
      if (milliseconds > mostMilliseconds) return;
      this.#timer = setTimeout(() => {
        this.passed = true;
        reject(this.late);
      }, milliseconds);
    });
    this.#over.catch(() => {});
  }

  /** That the time is over, in words. */
  get over() {
    return `the ${secondsOf(this.#milliseconds)} for the whole answer were over`;
  }

  get late() {
    return new Late("timeout", `no answer in time: ${this.over}`);
  }

  /** Waits for a promise, but throws once the time is over. */
  within(promise) {
    return Promise.race([promise, this.#over]);
  }

  /** The answer is there: the time is not counted any longer. */
  end() {
    clearTimeout(this.#timer);
  }
}

/** A caller's number of milliseconds. */
export function readDeadline(given) {
  if (given === undefined || given === null) return usualDeadline;
  if (typeof given === "number" && given > 0) return given;
  throw new PullproofError("argument", `the deadline is a number of milliseconds above 0, not ${JSON.stringify(given) ?? typeof given}`);
}

/** Something under way that several may wait for. It is given up once nobody does any more. */
export class Shared {
  #promise;
  #giveUp = new AbortController();
  #waiting = 0;
  #ended;

  /** `start` is given a signal; `ended` is called when it is done or given up. */
  constructor(start, ended) {
    this.#ended = ended;
    this.#promise = start(this.#giveUp.signal).finally(ended);
    this.#promise.catch(() => {});
  }

  async within(deadline) {
    this.#waiting += 1;
    try {
      return await deadline.within(this.#promise);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.#ended();
        this.#giveUp.abort(new PullproofError("aborted", "nobody waits for it any more"));
      }
    }
  }
}
