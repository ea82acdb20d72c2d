// Checks that each failure of a server or a line is seen.
import assert from "node:assert/strict";
import { assertGoodRoot, beacon, isGood, status, withToken } from "./look.mjs";

const failsThenPasses = (times, seen) => async (at) => {
  for (let time = 0; time < times; time += 1) await seen(await at.root());
  await assertGoodRoot(at);
};
const resets = ({ error }) => assert.equal(error, "ECONNRESET");
/** Starts a request that gets no further; what comes of it once another was answered in full. */
async function hangs(at, most) {
  const stop = new AbortController();
  let ended = false;
  const first = at.root({ most, signal: stop.signal });
  const whole = at.root({ signal: stop.signal }).finally(() => (ended = true));
  const got = most ? await first : undefined;
  await assertGoodRoot(at.of("token"), await withToken(at.of("token")));
  assert.equal(ended, false);
  stop.abort();
  await Promise.all([first, whole]);
  return got;
}

export const failures = {
  endless: async (at) => assert.equal((await at.root({ most: 8 << 20 })).complete, false),
  drip: async (at) => {
    const { parts } = await at.root({ most: 5 });
    assert.deepEqual(
      parts.map(({ length }) => length),
      [1, 1, 1, 1, 1],
    );
  },
  stall: async (at) => {
    const { body, headers } = await hangs(at, 1);
    assert.ok(body.length < Number(headers["content-length"]));
  },
  silence: async (at) => hangs(at),
  "huge-header": async (at) => assert.equal((await at.root()).error, "HPE_HEADER_OVERFLOW"),
  truncated: async (at) => {
    const { body, headers, complete } = await at.root();
    assert.equal(complete, false);
    assert.ok(body.length < Number(headers["content-length"]));
  },
  reset: failsAlways(resets),
  "reset-once": failsThenPasses(1, resets),
  "not-http": async (at) => assert.match((await at.root()).error, /^HPE_/),
  busy: failsThenPasses(1, status(429, { "retry-after": "1" })),
  "busy-unsaid": failsThenPasses(1, status(429, { "retry-after": undefined })),
  "busy-date": failsThenPasses(1, status(429, { "retry-after": "Fri, 01 Jan 2021 00:00:00 GMT" })),
  "busy-long": failsAlways(status(429, { "retry-after": "21600" })),
  "busy-hostile": failsAlways(status(429, { "retry-after": "-1e9" })),
  "busy-cacheable": failsThenPasses(1, status(429, { "cache-control": "public, max-age=31536000, immutable" })),
  "status-500": failsThenPasses(2, status(500)),
  "status-502": failsThenPasses(2, status(502)),
  "status-503": failsThenPasses(2, status(503)),
  "status-503-always": failsAlways(status(503)),
  "missing-tag": async (at) => {
    status(404)(await at.root());
    assert.ok(isGood(await at.get(`manifests/${beacon.root}`)));
  },
  forbidden: async (at) => {
    const { status, body } = await at.root();
    assert.equal(status, 403);
    assert.match(JSON.parse(body).errors[0].message, /\u001b\]52;.*<img .*\u202e/u);
  },
};

function failsAlways(seen) {
  return async (at) => {
    for (let time = 0; time < 4; time += 1) await seen(await at.root());
  };
}
