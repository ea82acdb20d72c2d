// The page's end of the worker. At most one question is under way; while it is, only the newest of
// those that follow is kept, and the answer to an older one is dropped. What a text is, before there is a
// question about it, is never dropped. A worker that fails is
// replaced, and its question ends in CouldNotCheck: it is never asked again by itself.

import { isReplaced, replacedWords } from "../part.js";

/** Nothing can be said of the input: the module or its worker failed. */
export class CouldNotCheck extends Error {}

/** The reason for a failure, or that the file is no longer on the server. */
const whyNot = async (message) => new CouldNotCheck((await isReplaced()) ? replacedWords : message);

/** The input cannot be asked as it is; the message says why. */
export class Refused extends Error {
  constructor({ code, message }) {
    super(message);
    this.code = code;
  }
}

// A worker's address is code to be run. This policy makes two values, whatever it is asked for.
const address = new URL("./worker.js", import.meta.url).href;
// That of the site, beside the page: it stays where it is from one version to the next.
const offline = new URL("sw.js", document.baseURI).href;
const addressOf = (name) => (name === "sw" ? offline : address);
const policy = globalThis.trustedTypes?.createPolicy("pullproof", { createScriptURL: addressOf });

/** The address of a script that runs beside the page: `sw`, or else the worker. */
export const scriptAddress = (name) => (policy ? policy.createScriptURL(name) : addressOf(name));

export class Checker {
  #newest = 0;
  #sent = 0;
  #underWay;
  #started = started();
  #replaced;

  /** `replaced` is called when a worker was given up, and with it all that it kept. */
  constructor(replaced) {
    this.#replaced = replaced;
  }

  /** Waits for the module; rejects with CouldNotCheck when it cannot be used. */
  async ready() {
    await this.#started;
    return true;
  }

  /** Makes sure that no answer to an earlier question comes any more, and nothing is fetched for it. */
  forget() {
    this.#newest += 1;
    this.order({ order: "stop" });
  }

  /** Tells the worker what has no answer: to stop, to keep or to forget something. */
  order(message) {
    this.#started.then((worker) => worker.postMessage(message), () => {});
  }

  /** The answer, or undefined if something newer was asked meanwhile. */
  async ask(input, onProgress) {
    const asked = (this.#newest += 1);
    return this.#send(input, () => asked !== this.#newest, onProgress);
  }

  /** The one or two images that a text names if it does nothing else; otherwise none. */
  async imagesIn(text) {
    return (await this.#send({ named: text }, () => false)).images;
  }

  /** The newest trusted root of Sigstore: its bytes, whose it is, and when it was asked for. */
  newestRoot() {
    return this.#send({ newest: true }, () => false);
  }

  async #send(input, superseded, onProgress) {
    let worker = await this.#started;
    while (this.#underWay) {
      await this.#underWay.catch(() => {});
      worker = await this.#started;
    }
    if (superseded()) return undefined;
    const seen = (progress) => superseded() || onProgress?.(progress);
    const id = (this.#sent += 1);
    this.#underWay = exchange(worker, { id, ...input }, seen);
    try {
      const answer = await this.#underWay;
      return superseded() ? undefined : answer;
    } catch (error) {
      if (error instanceof CouldNotCheck) this.#replace(worker);
      if (superseded()) return undefined;
      throw error;
    } finally {
      this.#underWay = undefined;
    }
  }

  #replace(worker) {
    worker.terminate();
    this.#started = started();
    this.#replaced?.();
  }
}

/** A worker that has loaded its module and passed its own test. */
function started() {
  const worker = new Worker(scriptAddress("worker"), { type: "module" });
  const ready = new Promise((resolve, reject) => {
    listen(worker, (data) => {
      if (data.ready) return resolve(worker);
      worker.terminate();
      return whyNot(data.failed).then(reject);
    }, reject);
  });
  // Whoever asks next sees a failure; until then it is nobody's.
  ready.catch(() => {});
  return ready;
}

function exchange(worker, message, onProgress) {
  return new Promise((resolve, reject) => {
    listen(worker, (data) => {
      if (data.id !== message.id) reject(new CouldNotCheck("an answer to another question came"));
      else if (data.progress) onProgress(data.progress);
      else if (data.refused) reject(new Refused(data.refused));
      else if (data.failed !== undefined) whyNot(data.failed).then(reject);
      else resolve(data.answer);
    }, reject);
    worker.postMessage(message);
  });
}

function listen(worker, take, reject) {
  worker.onmessage = ({ data }) => take(data);
  worker.onmessageerror = () => reject(new CouldNotCheck("the worker’s answer could not be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    whyNot(event.message ?? "the worker or its module could not be loaded").then(reject);
  };
}
