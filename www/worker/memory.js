// What was fetched, in the worker's memory: what each want was answered with, the newest answer
// counting. It is told to a session as it was told when it came, also what was wrong with it.

import { digest } from "../pkg/index.js";

export class Fetched {
  /** By address: what a session is told, call by call. */
  #told = new Map();
  /** The same by the digest of the bytes: one document may be wanted from several places. */
  #held = new Map();
  /** By the image that was asked about: what is listed as referring to it, or why that is not known. */
  #referring = new Map();

  /** Tells a session what it wants and is here. Without `failures`: only what was right. */
  recall(session, question, { failures }) {
    const [method, ...values] = this.#referring.get(question.image) ?? [];
    if (question.ask === "what" && (method === "refers" || (method && failures))) session[method](...values);
    const told = new Set();
    const known = (want) => this.#held.get(want.digest) ?? this.#told.get(want.url);
    const key = (want) => want.url ?? want.digest;
    const next = () => session.wants().find((want) => !told.has(key(want)) && fits(known(want), failures));
    for (let want = next(); want; want = next()) {
      told.add(key(want));
      for (const [method, ...values] of known(want).calls) tell(session, method, want, values);
    }
  }

  /** A session that keeps here whatever it is told, too. */
  keeping(session, question) {
    let calls = [];
    const referring = (...call) => this.#referring.set(question.image, call);
    const ended = (want, bytes) => {
      const found = bytes && digest(bytes);
      const answered = { calls, want, right: found !== undefined && found === (want.digest ?? found) };
      calls = [];
      this.#told.set(want.url, answered);
      if (found) this.#held.set(found, answered);
    };
    return {
      failed: 0,
      wants: () => session.wants(),
      hear(want, ...values) {
        session.hear(want, ...values);
        calls.push(["hear", ...values]);
      },
      note(...values) {
        session.note(...values);
        // What refers to the image was asked for by nobody's want.
        if (values[0] === "referrers") referring("note", ...values);
        else calls.push(["note", ...values]);
      },
      refers(...values) {
        session.refers(...values);
        referring("refers", ...values);
      },
      supply(want, ...values) {
        session.supply(want, ...values);
        calls.push(["supply", ...values]);
        ended(want, values[0]);
      },
      fail(want, ...values) {
        this.failed += 1;
        session.fail(want, ...values);
        calls.push(["fail", ...values]);
        ended(want);
      },
    };
  }

  /** How many documents are here, and whom they come from. */
  summary() {
    const from = [...this.#held.values()].map(({ want, calls }) => giver(want, calls.at(-1).at(-1)));
    return { documents: this.#held.size, from: [...new Set(from)] };
  }

  /** The bytes that have this digest, if they were fetched. */
  bytes(digest) {
    return this.#held.get(digest)?.calls.find(([method]) => method === "supply")?.[1];
  }

  /** Why wants could not be got, by their addresses. */
  failures(wants) {
    const failure = ({ url }) => this.#told.get(url)?.calls.find(([method]) => method === "fail");
    const failed = wants.filter((want) => failure(want) !== undefined);
    return new Map(failed.map((want) => [want.url, { code: failure(want)[1], text: failure(want)[2] }]));
  }

  clear() {
    this.#told.clear();
    this.#held.clear();
    this.#referring.clear();
  }
}

const fits = (answered, failures) => answered !== undefined && (failures || answered.right);

function tell(session, method, want, values) {
  if (method === "note") return session.note(...values);
  try {
    return session[method](want, ...values);
  } catch (error) {
    // Beside other evidence it may be too much.
    if (error.code !== "limit-exceeded") throw error;
    return session.fail(want, error.code, error.message, values.at(-1));
  }
}

/** The registry, and the gateway if it came through one; or who else answered, where the registry led to. */
function giver(want, from) {
  const [asked, came] = [new URL(want.url), new URL(from.url)];
  if (came.host === asked.host) return asked.host;
  return came.pathname.endsWith(`/${asked.host}${asked.pathname}`) ? `${asked.host} through ${came.host}` : came.host;
}
