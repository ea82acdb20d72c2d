// Everything that was fetched, in the worker's memory: for each want its newest answer. A session takes it as it came,
// failures included.

import { digest } from "../pkg/index.js";
import { takeWanted } from "../pkg/log.js";

export class Fetched {
  /** By address: the evidence that came. */
  #came = new Map();
  /** The same by the digest of the bytes: one document may be wanted from several places. */
  #held = new Map();

  /** Gives a session what it wants and is here. Without `failures`: only what was right. */
  recall(session, { failures }) {
    const told = new Set();
    // A list is of the document whose digest its want has.
    const known = (want) => (want.what === "referrers" ? undefined : this.#held.get(want.digest)) ?? this.#came.get(want.url);
    const key = (want) => want.url ?? want.digest;
    const next = () => session.wants().find((want) => !told.has(key(want)) && fits(known(want), failures));
    for (let want = next(); want; want = next()) {
      told.add(key(want));
      // Beside other evidence it may be too much.
      for (const evidence of known(want).evidence) takeWanted(session, evidence.want ? { ...evidence, want } : evidence);
    }
  }

  /** A session that keeps here whatever it takes, too. */
  keeping(session) {
    let evidence = [];
    const ended = ({ want, bytes, listed }) => {
      const found = bytes && digest(bytes);
      const right = listed !== undefined || (found !== undefined && found === (want.digest ?? found));
      const came = { evidence, want, right };
      evidence = [];
      this.#came.set(want.url, came);
      if (found) this.#held.set(found, came);
    };
    const keeping = {
      failed: 0,
      wants: () => session.wants(),
      take: (one) => {
        const findings = session.take(one);
        // What refers to an image is asked for beside what is wanted for the answer.
        if (one.failed && one.want.what !== "referrers" && one.want.what !== "signatures") keeping.failed += 1;
        evidence.push(one);
        if (one.bytes || one.failed || one.listed) ended(one);
        return findings;
      },
    };
    return keeping;
  }

  /** The number of documents, and their sources. */
  summary() {
    const from = [...this.#held.values()].map(({ want, evidence }) => giver(want, evidence.at(-1).from));
    return { documents: this.#held.size, from: [...new Set(from)] };
  }

  /** The bytes that have this digest, if they were fetched. */
  bytes(digest) {
    return this.#held.get(digest)?.evidence.find(({ bytes }) => bytes)?.bytes;
  }

  /** Why wants could not be got, by their addresses. */
  failures(wants) {
    const failures = wants.map(({ url }) => [url, this.#came.get(url)?.evidence.find(({ failed }) => failed)?.failed]);
    return new Map(failures.filter(([, failed]) => failed !== undefined));
  }

  clear() {
    this.#came.clear();
    this.#held.clear();
  }
}

const fits = (answered, failures) => answered !== undefined && (failures || answered.right);

/** The registry, and the gateway if it came through one; or who else answered, where the registry led to. */
function giver(want, from) {
  const [asked, came] = [new URL(want.url), new URL(from.url)];
  if (came.host === asked.host) return asked.host;
  return came.pathname.endsWith(`/${asked.host}${asked.pathname}`) ? `${asked.host} through ${came.host}` : came.host;
}
