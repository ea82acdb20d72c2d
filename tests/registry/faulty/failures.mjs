// Faults of servers and lines: no answer, half an answer, an answer without end, busy, broken.
import { setTimeout as wait } from "node:timers/promises";
import { error, withHeaders } from "./answers.mjs";

/** Fails the first `times` times, then is good. */
const passes = (failure, times) => (asked, good) => (asked.times < times ? failure(asked, good) : good);

const busy = (headers) => () => error(429, "TOOMANYREQUESTS", "slow down", headers);
const broken = (status) => () => error(status, "UNAVAILABLE", "something is broken here");

const chunk = Buffer.alloc(1 << 16, " ");

async function* endless() {
  yield "{";
  for (;;) yield chunk;
}

const drip = ({ pace }, { body }) =>
  async function* () {
    for (const byte of body) {
      yield Buffer.of(byte);
      await wait(pace);
    }
  };

const half = (good) => good.body.subarray(0, good.body.length / 2);

const stall = (good) =>
  async function* () {
    yield half(good);
    await new Promise(() => {});
  };

const lengthOf = (good) => ({ "content-length": good.body.length });

export const failureFaults = [
  {
    name: "endless",
    ids: ["R09"],
    note: "a body without end",
    registry: (_, good) => ({ ...good, body: endless }),
  },
  {
    name: "drip",
    ids: ["R09"],
    note: "a body that comes byte by byte",
    registry: (asked, good) => ({ ...good, body: drip(asked, good) }),
  },
  {
    name: "stall",
    ids: ["R09"],
    note: "half a body, then nothing",
    registry: (_, good) => withHeaders({ ...good, body: stall(good) }, lengthOf(good)),
  },
  { name: "silence", ids: ["R09"], note: "no answer at all", registry: () => ({ end: "silence" }) },
  {
    name: "huge-header",
    ids: ["R09"],
    note: "a header of 1 MiB",
    registry: (_, good) => withHeaders(good, { "docker-content-digest": `sha256:${"0".repeat(1 << 20)}` }),
  },
  {
    name: "truncated",
    ids: ["R09"],
    note: "half of what Content-Length says, then the end",
    registry: (_, good) => ({ ...withHeaders(good, lengthOf(good)), body: half(good), end: "short" }),
  },
  { name: "reset", ids: ["R12"], note: "the connection is reset, each time", registry: () => ({ end: "reset" }) },
  {
    name: "reset-once",
    ids: ["R12"],
    note: "the connection is reset, once",
    harmless: true,
    registry: passes(() => ({ end: "reset" }), 1),
  },
  {
    name: "not-http",
    ids: ["R12"],
    note: "something else than HTTP answers",
    registry: () => ({ raw: "SSH-2.0-OpenSSH_9.2\r\n" }),
  },
  {
    name: "busy",
    ids: ["R12"],
    note: "429 and Retry-After of a second, then good",
    harmless: true,
    registry: passes(busy({ "retry-after": "1" }), 1),
  },
  {
    name: "busy-unsaid",
    ids: ["R12"],
    note: "429 without Retry-After, then good",
    harmless: true,
    registry: passes(busy(), 1),
  },
  {
    name: "busy-date",
    ids: ["R12"],
    note: "429 and Retry-After as a date, then good",
    harmless: true,
    registry: passes(busy({ "retry-after": "Fri, 01 Jan 2021 00:00:00 GMT" }), 1),
  },
  {
    name: "busy-long",
    ids: ["R12"],
    note: "429 and Retry-After of six hours, each time",
    registry: busy({ "retry-after": "21600" }),
  },
  {
    name: "busy-hostile",
    ids: ["R12"],
    note: "429 and a Retry-After that is no number",
    registry: busy({ "retry-after": "-1e9" }),
  },
  {
    name: "busy-cacheable",
    ids: ["R18", "R12"],
    note: "429 that asks to be kept for a year, then good",
    harmless: true,
    registry: passes(busy({ "retry-after": "0", "cache-control": "public, max-age=31536000, immutable" }), 1),
  },
  ...[500, 502, 503].map((status) => ({
    name: `status-${status}`,
    ids: ["R12"],
    note: `${status} twice, then good`,
    harmless: true,
    registry: passes(broken(status), 2),
  })),
  { name: "status-503-always", ids: ["R12"], note: "503 each time", registry: broken(503) },
  {
    name: "missing-tag",
    ids: ["R12"],
    note: "404 for the tag",
    registry: ({ name }, good) => (name === "1.0" ? error(404, "MANIFEST_UNKNOWN", "unknown tag 1.0") : good),
  },
  {
    name: "forbidden",
    ids: ["R12"],
    note: "403, in words that a terminal or a page would act on",
    registry: () => error(403, "DENIED", "\u001b]52;c;cm0gLXJm\u0007 <img src=x onerror=alert(1)> \u202e denied"),
  },
];
