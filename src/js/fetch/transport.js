// Sending requests, and reading answers no further than they may be read. A transport is a function
// `(request, signal) => Promise<Response>`; where a caller brings a `fetch`, that is it.

import { causeWords, isLasting } from "../report/causes.js";
import { counted } from "../report/words.js";

/** `1 second`, `0.3 seconds`. */
export const secondsOf = (milliseconds) => counted(milliseconds / 1000, "second");

/**
 * The reason a request did not get a whole response: `network`, `timeout`, `limit-exceeded`. Its message follows the
 * host's name. `lasts`: asking again cannot help.
 */
export class Fault extends Error {
  constructor(code, message, lasts = false) {
    super(message);
    this.code = code;
    this.lasts = lasts;
  }
}

/** A transport over a `fetch`: the global one of Node, or a caller's. */
export const overFetch = (fetch) => (request, signal) =>
  fetch(request.url, {
    headers: request.headers.map(({ name, value }) => [name, value]),
    ...(request.form !== undefined && { method: "POST", body: request.form }),
    redirect: request.follow ? "follow" : "manual",
    // Nothing but what the request says travels, and nothing stays: no cookies, no cache.
    credentials: "omit",
    cache: "no-store",
    signal,
  });

/**
 * Waits as long as the request says, sends it, and reads the whole answer: status, headers, body, and where
 * redirects led to (`led`).
 * The request's own limits of time and bytes end it; so does whoever calls what it adds to `stops`.
 */
export async function exchange(request, transport, stops) {
  const limit = new AbortController();
  const stop = (reason) => limit.abort(reason);
  stops.add(stop);
  let timer;
  try {
    await pause(request.wait, limit.signal);
    timer = setTimeout(() => limit.abort(timedOut(request)), request.mostMilliseconds);
    const response = await transport(request, limit.signal);
    const body = await read(response, request.mostBytes, limit.signal);
    // After redirects, the host that answered differs from the one that was asked.
    const led = response.redirected && response.url ? String(response.url) : undefined;
    return { status: response.status, headers: [...response.headers].flat().map(String), body, led };
  } catch (error) {
    // A transport may give up with an error of its own when it is told to.
    throw faultOf(limit.signal.aborted ? limit.signal.reason : error);
  } finally {
    clearTimeout(timer);
    stops.delete(stop);
    // What was not read to its end is not wanted any more.
    limit.abort(new Fault("network", "ended"));
  }
}

const timedOut = ({ mostMilliseconds }) =>
  new Fault("timeout", `did not answer within ${secondsOf(mostMilliseconds)}`);

/** Says only what kind of failure it was: messages of engines may repeat addresses and headers. */
function faultOf(error) {
  if (error instanceof Fault) return error;
  const cause = causeOf(error?.cause);
  if (cause === undefined) return new Fault("network", `${error?.message ?? error}`);
  // A host with several addresses fails in several ways, of which one may pass.
  const { errors } = error.cause;
  const causes = Array.isArray(errors) && errors.length > 0 ? errors : [error.cause];
  const lasts = causes.every((one) => isLasting(causeOf(one)));
  return new Fault("network", causeWords(cause) ?? (cause === "Error" ? "no connection" : cause), lasts);
}

/** The name of a cause. Of a port that browsers and Node never ask, only the message tells. */
function causeOf(error) {
  const { code, name, message } = error ?? {};
  const cause = message === "bad port" ? message : (code ?? name);
  return typeof cause === "string" ? cause : undefined;
}

async function read(response, most, signal) {
  if (!(response.body instanceof ReadableStream)) return new Uint8Array();
  const reader = response.body.getReader();
  const aborted = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const parts = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), aborted]);
      if (done) return joined(parts, length);
      length += value.length;
      if (length > most) throw new Fault("limit-exceeded", `sent more than ${most} bytes`);
      parts.push(value);
    }
  } finally {
    // Never waited for: a stream that hangs hangs here too.
    reader.cancel().catch(() => {});
  }
}

function joined(parts, length) {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function pause(milliseconds, signal) {
  if (!milliseconds) return undefined;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(resolve), milliseconds);
    const stop = () => done(reject, signal.reason);
    const done = (settle, value) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      settle(value);
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
