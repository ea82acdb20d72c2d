// The protocol (in wasm) and the transport, one doing what the other says.

import { PullproofError, call } from "../index.js";
import { Fault, exchange, overFetch } from "./transport.js";

// Of a policy: as for a document (`DOCUMENT_BYTES`), and as for a request (`REQUEST_MILLISECONDS`).
const mostPolicyBytes = 4 * 2 ** 20;
const mostPolicyMilliseconds = 60_000;

/** All requests of a run. */
export class Exchanges {
  #registry;
  #transport;
  #options;
  #tasks = new Map();
  /** Functions that end requests, by the task the requests are for. */
  #stops = new Map();
  #ended;
  #stopped = () => this.#end(this.#options.signal.reason);

  constructor(options, { page, glue, transport }) {
    this.#options = options;
    this.#transport = options.fetch ? overFetch(options.fetch) : transport();
    this.#registry = call(() => new glue.Registry(page, options.gateway, options.plainHttp));
  }

  /**
   * Begins a task and gives what came of it: its outcome, and the body of its last answer. `signal` gives
   * it up alone.
   */
  async task(begin, signal) {
    this.#options.signal?.throwIfAborted();
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const task = this.#call(begin);
    // Listened to only while there is something to stop: a caller's signal may outlive many runs.
    if (this.#tasks.size === 0) this.#options.signal?.addEventListener("abort", this.#stopped);
    return new Promise((resolve, reject) => {
      this.#tasks.set(task, { resolve, reject, body: undefined });
      signal?.addEventListener("abort", () => this.#giveUp(task, signal.reason), { once: true });
      this.#go();
    });
  }

  /** Nobody waits for a task any more; others that waited behind it go on. */
  #giveUp(task, reason) {
    if (!this.#tasks.has(task)) return;
    this.#done(task).reject(reason);
    this.#call((registry) => registry.giveUp(task));
    for (const stop of this.#stops.get(task) ?? []) stop(new Fault("aborted", "nobody waits for it any more"));
    this.#go();
  }

  #done(task) {
    const found = this.#tasks.get(task);
    this.#tasks.delete(task);
    if (this.#tasks.size === 0) this.#options.signal?.removeEventListener("abort", this.#stopped);
    return found;
  }

  /** A file that is no registry's, as it came. */
  async get(url) {
    this.#options.signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const request = { url, headers: [], follow: false, mostBytes: mostPolicyBytes, wait: 0 };
    const stops = new Set();
    const stopped = () => stops.forEach((stop) => stop(this.#options.signal.reason));
    this.#options.signal?.addEventListener("abort", stopped);
    try {
      const mostMilliseconds = Math.min(mostPolicyMilliseconds, this.#options.timeout ?? Infinity);
      return await exchange({ ...request, mostMilliseconds }, this.#transport, stops);
    } catch (fault) {
      this.#options.signal?.throwIfAborted();
      const why = fault.code === "network" ? `cannot be reached (${fault.message})` : fault.message;
      throw new PullproofError(fault.code ?? "network", `the policy cannot be read: ${new URL(url).host} ${why}`);
    } finally {
      this.#options.signal?.removeEventListener("abort", stopped);
    }
  }

  /** Does what is to be done now. */
  #go() {
    if (this.#ended) return;
    try {
      for (const step of this.#call((registry) => registry.steps())) this.#do(step);
    } catch (error) {
      this.#end(error);
    }
  }

  #do(step) {
    if (step.do === "send") return void this.#send(step.request).then(() => this.#go(), (error) => this.#end(error));
    if (step.do === "credentials") {
      return void this.#ask(step.origin).then(() => this.#go(), (error) => this.#end(error));
    }
    const task = this.#done(step.task);
    task?.resolve({ outcome: step.outcome, body: task.body });
  }

  async #send(request) {
    let answered;
    const stops = this.#stops.get(request.task) ?? new Set();
    this.#stops.set(request.task, stops);
    try {
      const most = Math.min(request.mostMilliseconds, this.#options.timeout ?? Infinity);
      answered = await exchange({ ...request, mostMilliseconds: most }, this.#transport, stops);
    } catch (fault) {
      if (this.#ended) throw this.#ended;
      return this.#call((registry) => registry.fail(request.id, fault.lasts ? "unreachable" : (fault.code ?? "network"), fault.message));
    } finally {
      if (stops.size === 0) this.#stops.delete(request.task);
    }
    const { status, headers, body, led } = answered;
    const task = this.#tasks.get(request.task);
    if (task) task.body = body;
    if (led !== undefined) this.#call((registry) => registry.led(request.id, led));
    this.#call((registry) => registry.respond(request.id, status, headers, body));
  }

  async #ask(origin) {
    const given = (await this.#options.credentials?.(origin)) ?? undefined;
    const { username, password, identityToken } = given ?? {};
    // A secret without a user's name is an identity token: a password alone must not become one.
    const secret = username === undefined ? identityToken : password;
    const [user, word] = [username, secret].map((given) => (given === undefined || given === null ? undefined : String(given)));
    this.#call((registry) => registry.credentials(origin, user, word));
  }

  /** Nothing goes on after this: the caller stopped it, its callback threw, or the wasm trapped. */
  #end(error) {
    this.#ended ??= error;
    for (const { reject } of this.#tasks.values()) reject(error);
    this.#tasks.clear();
    this.#options.signal?.removeEventListener("abort", this.#stopped);
    for (const stop of [...this.#stops.values()].flatMap((stops) => [...stops])) stop(error);
  }

  #call(work) {
    return call(() => work(this.#registry));
  }
}
