// The loop `wants → fetch → take`. A run is some questions asked over the same connections: what
// was fetched for one need not be fetched for the next, and a tag means the same thing to all.
//
// node.js and browser.js bring the wasm that knows the protocol, and say who sends its requests.

import { Deadline, Late, Shared, readDeadline } from "./deadline.js";
import { Exchanges } from "./exchanges.js";
import { PullproofError, Session, digest } from "../index.js";
import { isHere } from "../report/machine.js";
import { recording, refuseSecret, takeWanted } from "../log.js";
import { receiptOf } from "../receipt.js";

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
  /** The digest of each tag, by its address: resolved once a run. */
  #resolved = new Map();
  /** Fetches on their way, by address. */
  #underWay = new Map();
  /** Lists of tags, by repository: asked for once a run, where a tag does not exist. */
  #tags = new Map();

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

  async #answer(question, note, { pasted, at, referrers, onProgress, onReceipt, deadline }) {
    const plain = note ? inPlace(note.url, () => new Session(question)) : new Session(question);
    const session = onReceipt ? recording(plain) : plain;
    const asked = onReceipt && structuredClone(question);
    try {
      this.#options.signal?.throwIfAborted();
      for (const one of pasted) session.take(isText(one) ? { paste: one } : one);
      if (note) session.take({ note: { code: "policy-source", text: note.text }, from: note.from });
      if (onReceipt) refuseSecret(session);
      await this.serve(session, { referrers, onProgress, deadline });
      const moment = at ?? this.#now();
      const report = session.report(moment);
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
    await this.#timed((within) => this.#serve(session, within, going), deadline);
  }

  async #serve(session, deadline, { referrers = true, onProgress }) {
    const arrivals = new Map();
    const asked = new Set();
    const progress = { done: 0, wanted: 0, bytes: 0 };
    const isAsked = (want) => want.url !== undefined && (referrers || !isBeside(want));
    const isNew = (want) => isAsked(want) && !asked.has(want.url) && !arrivals.has(key(want));
    for (;;) {
      // As long as a host has all that it is asked for at a time, to know more is of no use.
      const wanted = arrivals.size < mostAtATime ? session.wants().filter(isNew) : [];
      // Referrers are not part of the question: they wait until everything else was fetched.
      const first = wanted.filter((want) => !isBeside(want));
      const wants = arrivals.size + first.length > 0 ? first : wanted;
      for (const { url } of wants) asked.add(url);
      if (deadline.passed && wants.length > 0) {
        this.#notAsked(session, deadline, wants);
        continue;
      }
      for (const want of wants) arrivals.set(key(want), this.#fetch(want, deadline).then((got) => ({ want, got })));
      progress.wanted += wants.filter(isDocument).length;
      onProgress?.({ ...progress });
      if (arrivals.size === 0) return;
      const { want, got } = await Promise.race(arrivals.values());
      arrivals.delete(key(want));
      if (isDocument(want)) progress.done += 1;
      progress.bytes += got.bytes?.length ?? 0;
      for (const evidence of evidenceOf(want, got)) takeWanted(session, evidence);
    }
  }

  /** Says what nobody was asked for any more. */
  #notAsked(session, deadline, wants) {
    for (const want of wants.filter((want) => !isDocument(want))) {
      for (const evidence of evidenceOf(want, this.#tooLate(want.url, deadline.late))) session.take(evidence);
    }
    const [first, ...others] = wants.filter(isDocument);
    if (first === undefined) return;
    const many = others.length === 0 ? "one document was" : `${others.length + 1} documents were`;
    session.take({ note: { code: "timeout", text: `${many} not asked for: ${deadline.over}` }, from: this.#fetchedFrom(first.url) });
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

  /** The question with the text of its policy, where it gives its address, and what is to be said of that. */
  async #withPolicy(question) {
    const address = question?.by?.policy;
    if (!(address instanceof URL)) return { question };
    const url = policyAddress(address);
    this.#exchanges ??= new Exchanges(this.#options, environment);
    const { status, body } = await this.#exchanges.get(url);
    // Only there: where it leads on to, somebody else may say what was published.
    if (status !== 200) throw new PullproofError("policy-source", `the policy cannot be read: ${url} answered with status ${status}`);
    const policy = inPlace(url, () => utf8(body));
    const text = policyWords(url, digest(body));
    return { question: { ...question, by: { ...question.by, policy } }, note: { url, text, from: this.#fetchedFrom(url) } };
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

  /** The result for a want: from before in this run, or fetched; or a failure if it took too long. */
  async #fetch(want, deadline) {
    const { url } = want;
    try {
      const got = await this.#shared(url, (signal) => this.#fetchOnce(want, signal)).within(deadline);
      const isAbsent = got.failed?.code === "not-found" && want.what === "document" && want.digest === undefined;
      return isAbsent ? { ...got, near: await this.#nearest(url, deadline) } : got;
    } catch (error) {
      // The name of a file, which somebody else says, of which no address can be made.
      if (want.what === "notary" && error.code === "question") return { failed: { code: error.code, text: error.message }, from: this.#fetchedFrom(url) };
      if (!(error instanceof Late)) throw error;
      return this.#tooLate(url, error);
    }
  }

  /** The tag that exists and is nearest to the one that an address is for; nothing where the registry does not list its tags. */
  async #nearest(url, deadline) {
    const found = await near();
    const { repository, reference } = found?.originOf({ url }) ?? {};
    if (reference === undefined) return undefined;
    if (!this.#tags.has(repository)) this.#tags.set(repository, this.#list((registry) => registry.tags(repository), deadline).then(({ tags }) => tags));
    try {
      const tag = reference.slice(repository.length + 1);
      const tags = await this.#tags.get(repository);
      // A list that has it says nothing of others.
      const nearest = tags.includes(tag) ? undefined : found.nearestTag(tag, tags);
      return nearest === undefined ? undefined : `${repository}:${nearest}`;
    } catch (error) {
      if (typeof error?.code === "string" && !["could-not-check", "self-test", "stopped"].includes(error.code)) return undefined;
      throw error;
    }
  }

  #tooLate(url, { code, message }) {
    return { failed: { code, text: `${new URL(url).host} gave ${message}` }, from: this.#fetchedFrom(url) };
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
    // A list may have grown, and a notary server's files are not known by their hash alone: neither is kept.
    if (!isDocument(want)) return this.#get(want.url, want.accept ?? [], signal);
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
    if (outcome.is === "referrers") return { listed: outcome.descriptors.map((text) => JSON.parse(text)), by: outcome.by, from };
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

/** The search for the nearest tag, loaded where it is needed; nothing on a page whose site was replaced meanwhile. */
const near = async () => {
  try {
    return { ...(await import("../report/nearest.js")), ...(await import("../report/origins.js")) };
  } catch {
    return undefined;
  }
};

/** True for documents and blobs: by digest or tag there is only one, whoever is asked. */
const isDocument = ({ what }) => what === "document" || what === "blob";

/** True for what is not part of the question: what refers to an image, and signatures beside it. */
const isBeside = ({ what }) => what === "referrers" || what === "signatures";

/** The key by which equal wants are fetched only once at a time. */
const key = (want) => (isDocument(want) ? (want.digest ?? want.url) : want.url);

/** A document that differs from the digest that the tag was resolved to must not pass for the tag. */
const otherBytes = (expected, found, from) => ({
  failed: { code: "other-bytes", text: `${new URL(from.url).host} sent ${found} in place of ${expected}, which the tag was a moment ago` },
  from,
});

/** The result for a want, as evidence. */
function evidenceOf(want, { failed, near, listed, by, header, accept, notes, bytes, led, from }) {
  const found = near === undefined ? [] : [{ note: { code: "nearest-tag", text: `${near} is the nearest tag that exists` }, from }];
  if (failed) return [...found, { failed: { code: failed.code, text: failed.text }, want, from }];
  if (listed) return [{ listed, by, want, from }];
  // After a redirect to another host, only bytes with the wanted hash count as the notary server's.
  if (want.what === "notary" && led && digest(bytes) !== want.digest) return [{ failed: elsewhere(from), want, from }];
  const told = notes.map((text) => ({ note: { code: "fetched", text }, from }));
  // Registries may give another document to those who ask for other types.
  if (!want.digest) told.unshift({ note: { code: "accept", text: `asked for ${accept}` }, from });
  if (header) told.unshift({ header, want, from });
  return [...told, { bytes, want, from }];
}

const elsewhere = ({ url }) => ({ code: "redirect", text: `${new URL(url).host} answered in place of the notary server, which redirected to it` });

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
  if (url.href.length > longestAddress) throw new PullproofError("argument", `the address of the policy is too long: ${url.href.length} characters, at most ${longestAddress}`);
  if (isSafe && url.username === "" && url.password === "") return url.href;
  throw new PullproofError("argument", "the address of a policy begins with https:// and has no user name in it");
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new PullproofError("encoding", "the policy is not text (UTF-8)");
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

/** The note about the policy that an answer rests on; `kept`: one that was fetched earlier, for want of a network. */
export const policyWords = (url, digest, kept = false) =>
  kept
    ? `there is no network, so this is a saved copy of the policy at ${url}, and there may be a newer one; its digest is ${digest}`
    : `the policy was fetched from ${url}; its digest is ${digest}`;

/** True for a text or bytes; anything else is evidence as a session takes it. */
const isText = (given) => typeof given === "string" || ArrayBuffer.isView(given);

function gatewayAddress(gateway) {
  if (gateway === undefined || gateway === null) return undefined;
  const url = parsed(gateway);
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
  throw new PullproofError("argument", `${JSON.stringify(gateway)} is not the address of a gateway`);
}

function parsed(text) {
  try {
    return new URL(text, globalThis.location?.href);
  } catch {
    return undefined;
  }
}
