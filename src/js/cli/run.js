// The run that a command's questions are asked of: what it may fetch, and as whom.

import { Failure, misuse } from "./failure.js";

/** Begins a run as the options say. */
export async function begin({ anonymous, gateway, "plain-http": plainHttp = [], timeout }, io, output) {
  const deadline = timeout === undefined ? undefined : milliseconds(timeout);
  const connect = io.connect ?? (async (options) => new (await import("../node.js")).Run(options));
  return connect({
    signal: io.signal,
    gateway: gateway === undefined ? undefined : addressOf(gateway),
    plainHttp,
    deadline,
    credentials: anonymous ? undefined : lookUp(plainHttp, io, output),
  });
}

const mostSeconds = 86_400;

/** The milliseconds of `--timeout`. */
export function milliseconds(text) {
  const seconds = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= mostSeconds) return seconds * 1000;
  throw misuse(`--timeout takes a number of seconds, up to ${mostSeconds}, not "${text}"`);
}

/** Waits for a run; errors of engines are put into this command's words. */
export async function wait(promise) {
  try {
    return await promise;
  } catch (error) {
    if (typeof error?.code === "string") throw error;
    // Messages of engines may repeat addresses: only what kind of error it was is said.
    throw new Failure("could-not-check", `could not check: ${error?.name ?? typeof error}`);
  }
}

/** The docker client's credentials, read when a registry first asks for some. */
function lookUp(plainHttp, io, output) {
  let store;
  return async (origin) => {
    store ??= import("./credentials.js").then(({ Credentials }) =>
      new Credentials({ environment: io.environment, signal: io.signal, plainHttp, note: (text) => output.note(text) }));
    return (await store).get(origin);
  };
}

/** A gateway's address. A password in it would end up in reports, since they name the gateway. */
export function addressOf(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!["https:", "http:"].includes(url?.protocol)) throw misuse("--gateway takes an address that begins with https://");
  if (url.username || url.password) throw misuse("--gateway takes an address without a user name in it");
  return text;
}
