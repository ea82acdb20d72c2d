// The loop `wants → fetch → supply`. A run is some questions asked over the same connections: what
// was fetched for one need not be fetched for the next, and a tag means the same thing to all.
//
// node.js and browser.js bring the wasm that knows the protocol, and say who sends its requests.

import { Deadline, Late, Shared, readDeadline } from "./deadline.js";
import { Exchanges } from "./exchanges.js";
import { PullproofError, Session, digest } from "../index.js";
import { isHere } from "../report/machine.js";
import { receiptOf, recording, refuseSecret } from "../receipt.js";

// Bytes of documents kept for later questions of a run: a mirror of thousands of tags needs few twice.
const mostKept = 8 * 2 ** 20;

// Requests that are sent to one host at a time (`HOST_REQUESTS` in limits.rs).
const mostAtATime = 8;

let environment;

/** Called once by node.js or browser.js: the wasm, and how requests are sent. */
export function connect(given) {
  environment = given;
}

/** Answers one question: from pastes, and from what can be fetched, until nothing more is wanted. */
export function answer(question, { pasted, at, referrers, onProgress, onReceipt, ...options } = {}) {
  return new Run(options).answer(question, { pasted, at, referrers, onProgress, onReceipt });
}

/** Questions that share what was fetched. */
export class Run {
  #options;
  #milliseconds;
  #exchanges;
  #documents = new Documents();
  /** What each tag was resolved to, by its address: once a run. */
  #resolved = new Map();
  /** Fetches on their way, by address. */
  #underWay = new Map();

  constructor({ fetch, now, signal, gateway, plainHttp = [], credentials, timeout, deadline } = {}) {
    const plain = Array.from(plainHttp, String);
    this.#milliseconds = readDeadline(deadline);
    const most = Math.min(timeout ?? Infinity, this.#milliseconds);
    this.#options = { fetch, now, signal, credentials, timeout: most, gateway: gatewayAddress(gateway), plainHttp: plain };
  }

  /** The time of one answer, which begins now. */
  deadline() {
    return new Deadline(this.#milliseconds);
  }

  /** The answer to a question, with everything fetched that it wants and that can be had. */
  async answer(named, { pasted = [], ...options } = {}) {
    const deadline = this.deadline();
    try {
      const { question, note } = await deadline.within(this.#withPolicy(named));
      const given = { ...options, pasted: Array.from(pasted), deadline };
      return await this.#answer(question, note, given);
    } finally {
      deadline.end();
    }
  }

  async #answer(question, note, { pasted, at, referrers = true, onProgress, onReceipt, deadline }) {
    const plain = note ? inPlace(note.url, () => new Session(question)) : new Session(question);
    const session = onReceipt ? recording(plain) : plain;
    const asked = onReceipt && structuredClone(question);
    try {
      this.#options.signal?.throwIfAborted();
      for (const text of pasted) session.paste(text);
      if (note) session.note("policy-source", note.text, note.from);
      if (onReceipt) refuseSecret(session);
      const going = { onProgress, asked: new Set(), progress: { done: 0, wanted: 0, bytes: 0 }, deadline };
      await this.serve(session, going);
      const moment = at ?? this.#now();
      let report = session.report(moment);
      if (referrers && (await this.refer(session, question, report, deadline))) {
        await this.serve(session, going);
        report = session.report(moment);
      }
      onReceipt?.(receiptOf(asked, session, moment, report));
      return report;
    } finally {
      session.free();
    }
  }

  /**
   * Gives a session what it wants, side by side, looking again after each arrival, until nothing more
   * is wanted or can be had, or the time is over.
   */
  async serve(session, { deadline, ...going } = {}) {
    const own = deadline ?? this.deadline();
    try {
      await this.#serve(session, own, going);
    } finally {
      if (own !== deadline) own.end();
    }
  }

  async #serve(session, deadline, { onProgress, asked = new Set(), progress = { done: 0, wanted: 0, bytes: 0 } }) {
    const arrivals = new Map();
    const key = (want) => want.digest ?? want.url;
    const isNew = (want) => want.url !== undefined && !asked.has(want.url) && !arrivals.has(key(want));
    for (;;) {
      // As long as a host has all that it is asked for at a time, to know more is of no use.
      const wants = arrivals.size < mostAtATime ? session.wants().filter(isNew) : [];
      if (deadline.passed) this.#notAsked(session, deadline, wants);
      for (const want of deadline.passed ? [] : wants) {
        asked.add(want.url);
        progress.wanted += 1;
        arrivals.set(key(want), this.#fetch(want, deadline).then((got) => ({ want, got })));
      }
      onProgress?.({ ...progress });
      if (arrivals.size === 0) return;
      const { want, got } = await Promise.race(arrivals.values());
      arrivals.delete(key(want));
      progress.done += 1;
      progress.bytes += got.bytes?.length ?? 0;
      tell(session, want, got);
    }
  }

  /** Says what nobody was asked for any more. */
  #notAsked(session, deadline, wants) {
    if (wants.length === 0) return;
    const many = wants.length === 1 ? "one more document was" : `${wants.length} more documents were`;
    session.note("timeout", `${many} not asked for: the ${deadline.words} for the whole answer were over`, this.#fetchedFrom(wants[0].url));
  }

  /** The tags of a repository, in the registry's order. */
  async tags(repository) {
    const named = String(repository);
    return (await this.#timed((deadline) => this.#list((registry) => registry.tags(named), deadline))).tags;
  }

  /**
   * What refers to a manifest: descriptors as the registry sent them, and how they were listed: by the
   * referrers API (`api`), by the fallback tag (`fallbackTag`), which anybody who pushes may write, or
   * not at all (`none`).
   */
  async referrers(repository, manifest, { artifactType, deadline } = {}) {
    const named = [repository, manifest, ...(artifactType === undefined ? [] : [artifactType])].map(String);
    const begin = (registry) => registry.referrers(...named);
    const listed = await this.#timed((within) => this.#list(begin, within), deadline);
    return { by: listed.by, url: listed.url, descriptors: listed.descriptors.map((text) => JSON.parse(text)) };
  }

  /**
   * Says to a session what is listed as referring to the image that it is asked about, as its report
   * has it. Gives whether anybody was asked.
   */
  async refer(session, { ask, image }, report, deadline) {
    const target = ask === "what" && image !== undefined && imageOf(image, report);
    const asker = fetchedSource(report);
    if (!target || !asker) return false;
    try {
      const { by, url, descriptors } = await this.referrers(image, target, { deadline });
      session.refers(target, by, descriptors, this.#fetchedFrom(url));
    } catch (error) {
      if (!(error instanceof PullproofError) || error.code === "could-not-check") throw error;
      session.note("referrers", `what refers to it is not known: ${error.message}`, asker);
    }
    return true;
  }

  /** The question with the text of its policy, where it gives its address, and what is to be said of that. */
  async #withPolicy(question) {
    const address = question?.by?.policy;
    if (!(address instanceof URL)) return { question };
    const url = policyAddress(address);
    this.#exchanges ??= new Exchanges(this.#options, environment);
    const { status, body } = await this.#exchanges.get(url);
    // Only there: where it leads on to, somebody else may say what was published.
    if (status !== 200) throw new PullproofError("policy-source", `expected a policy, found status ${status}, at ${url}`);
    const policy = inPlace(url, () => utf8(body));
    const text = policyWords(url, digest(body));
    return { question: { ...question, by: { ...question.by, policy } }, note: { url, text, from: this.#fetchedFrom(url) } };
  }

  /** A file of a notary server's metadata, by its address: its bytes, or why there are none. */
  metadata(url, { deadline } = {}) {
    return this.#timed((within) => this.#fetch({ url, accept: [] }, within, (signal) => this.#get(url, [], signal)), deadline);
  }

  /** Does something within a time that is counted already, or that begins now. */
  async #timed(work, deadline) {
    const own = deadline ?? this.deadline();
    try {
      return await work(own);
    } finally {
      if (own !== deadline) own.end();
    }
  }

  async #list(begin, deadline) {
    const { outcome } = await new Shared((signal) => this.#task(begin, signal), () => {}).within(deadline);
    if (outcome.is === "failed") throw new PullproofError(outcome.code, outcome.text);
    return outcome;
  }

  /** What a want wants: as it was got before in this run, or fetched; or that it was not waited for. */
  async #fetch(want, deadline, fetch = (signal) => this.#fetchOnce(want, signal)) {
    const { url } = want;
    try {
      return await this.#shared(url, fetch).within(deadline);
    } catch (error) {
      if (!(error instanceof Late)) throw error;
      return { failed: { code: error.code, text: `${new URL(url).host} was ${error.message}` }, from: this.#fetchedFrom(url) };
    }
  }

  /** A fetch on its way, or one that begins now. */
  #shared(url, fetch) {
    const known = this.#underWay.get(url);
    if (known) return known;
    const ended = () => this.#underWay.get(url) === shared && this.#underWay.delete(url);
    const shared = new Shared(fetch, ended);
    this.#underWay.set(url, shared);
    return shared;
  }

  async #fetchOnce(want, signal) {
    const resolved = this.#resolved.get(want.url);
    const kept = this.#documents.get(want.digest ?? resolved?.digest);
    if (kept) return { ...kept, ...resolved };
    // A tag that was resolved means what it meant: its document is asked for by digest from then on.
    const url = resolved ? want.url.replace(/[^/]*$/, resolved.digest) : want.url;
    const got = await this.#get(url, want.accept ?? [], signal);
    if (got.failed) return got;
    const found = digest(got.bytes);
    if (resolved && found !== resolved.digest) return otherBytes(resolved.digest, found, got.from);
    this.#documents.keep(found, got);
    if (resolved) return { ...got, ...resolved };
    const { header, accept, notes, from } = got;
    if (!want.digest) this.#resolved.set(want.url, { digest: found, header, accept, notes, from });
    return got;
  }

  async #get(url, accept, signal) {
    const { outcome, body } = await this.#task((registry) => registry.document(url, accept), signal);
    const from = this.#fetchedFrom(outcome.url);
    if (outcome.is === "failed") return { failed: outcome, from };
    const { header, accept: asked, notes, led } = outcome;
    return { bytes: body, header, accept: asked, notes, led, from };
  }

  async #task(begin, signal) {
    this.#exchanges ??= new Exchanges(this.#options, environment);
    return this.#exchanges.task(begin, signal);
  }

  #fetchedFrom(url) {
    return { via: "fetched", url, at: this.#now().toISOString().replace(/\.\d+Z$/, "Z") };
  }

  #now() {
    return this.#options.now ?? new Date();
  }
}

/** The digest that an image was found to have, where that is known and can be asked for. */
function imageOf(image, { claims }) {
  const resolved = ({ statement, standing }) => statement.kind === "resolves" && standing.is === "proven";
  return String(image).split("@")[1] ?? claims.find(resolved)?.statement.digest;
}

/** Where something in a report was fetched: if nothing was, nobody needs to be asked for more. */
function fetchedSource({ claims }) {
  const sources = claims.flatMap(({ standing }) => standing.from ?? standing.by ?? []);
  return sources.find(({ via }) => via === "fetched");
}

/** What is no longer there under the digest that a tag was resolved to must not pass for the tag. */
const otherBytes = (expected, found, from) => ({
  failed: { code: "other-bytes", text: `expected ${expected}, to which the tag was resolved, found ${found}` },
  from,
});

/** Says to a session what came of one of its wants. */
function tell(session, want, got) {
  if (got.failed) return session.fail(want, got.failed.code, got.failed.text, got.from);
  if (got.header) session.hear(want, got.header, got.from);
  // Registries may give another document to those who ask for other types.
  if (!want.digest) session.note("accept", `asked for ${got.accept}`, got.from);
  for (const note of got.notes) session.note("fetched", note, got.from);
  try {
    session.supply(want, got.bytes, got.from);
  } catch (error) {
    // Too large, alone or with all that is there: it stays wanted, and why is in the report.
    if (error.code !== "limit-exceeded") throw error;
    session.fail(want, error.code, error.message, got.from);
  }
}

/** Documents by digest, the oldest given up first. */
class Documents {
  #kept = new Map();
  #bytes = 0;

  get(digest) {
    return this.#kept.get(digest);
  }

  keep(digest, got) {
    if (this.#kept.has(digest)) return;
    this.#kept.set(digest, got);
    this.#bytes += got.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#bytes <= mostKept) return;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }
}

// Characters of a policy's address, which an answer has whole.
const longestAddress = 4096;

/** A policy's address, whole, as it may be repeated; from elsewhere than this machine it comes over TLS only. */
function policyAddress(given) {
  const url = new URL(given);
  // It is not sent, and so says nothing of what is fetched.
  url.hash = "";
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isHere(url.hostname));
  if (url.href.length > longestAddress) throw new PullproofError("argument", `expected the address of a policy of at most ${longestAddress} characters, found ${url.href.length}`);
  if (isSafe && url.username === "" && url.password === "") return url.href;
  throw new PullproofError("argument", "expected the https address of a policy, without a user in it, found another");
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PullproofError("encoding", "expected UTF-8, found a byte that no character has there");
  }
}

/** Does something with what was fetched, whose place is added to what it says when it cannot be read. */
function inPlace(url, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PullproofError)) throw error;
    throw new PullproofError(error.code, `${error.message}, at ${url}`, error.offset);
  }
}

/** What an answer says of the policy that it rests on; `kept`: one that was fetched earlier, for want of a network. */
export const policyWords = (url, digest, kept = false) =>
  kept
    ? `without a network the policy is one that was kept, and a newer one may exist: it was fetched from ${url}, and has the digest ${digest}`
    : `the policy was fetched from ${url}, and has the digest ${digest}`;

function gatewayAddress(gateway) {
  if (gateway === undefined || gateway === null) return undefined;
  const url = parsed(gateway);
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
  throw new PullproofError("argument", `expected the address of a gateway, found ${JSON.stringify(gateway)}`);
}

function parsed(text) {
  try {
    return new URL(text, globalThis.location?.href);
  } catch {
    return undefined;
  }
}
