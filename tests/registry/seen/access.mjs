// Checks that each fault of redirects, challenges and tokens is seen.
import assert from "node:assert/strict";
import { ask } from "../ask.mjs";
import { basic, USER } from "../tokens.mjs";
import { ACCEPT, assertGoodRoot, isGood, isPage, realmOf, status, token, withToken } from "./look.mjs";

const PASSWORD = { authorization: basic(USER) };

const redirectTo = (to) => async (at) => assert.match((await at.root()).headers.location, to);
const challenges = (with_) => async (at) => {
  const answer = await at.root();
  assert.equal(answer.status, 401);
  assert.equal(answer.headers["www-authenticate"], with_);
};
const isElsewhere = new RegExp(`^http://[^/]+/v2/faults/`);

/** The requests to the other origin about a fault. */
const elsewhere = (at) => at.faulty.requestsFor(at.name).filter(({ server }) => server === "elsewhere");

export const redirects = {
  redirect: async (at) => {
    assert.ok(isGood(await at.led(await at.root())));
    assert.deepEqual(
      elsewhere(at).map(({ url }) => url),
      [`http://${at.faulty.elsewhere}/v2/faults/${at.name}/manifests/1.0`],
    );
  },
  "redirect-same": async (at) => {
    assert.ok(isGood(await at.led(await at.root())));
    assert.equal(elsewhere(at).length, 0);
  },
  "redirect-password": async (at) => {
    status(401, { "www-authenticate": 'Basic realm="faults"' })(await at.root());
    assert.match((await at.root({ headers: PASSWORD })).headers.location, isElsewhere);
  },
  "redirect-token": async (at) => {
    assert.match((await at.root(await withToken(at))).headers.location, isElsewhere);
  },
  "redirect-challenge": async (at) => {
    const { location } = (await at.root({ headers: PASSWORD })).headers;
    assert.match(location, isElsewhere);
    const refused = await ask(location, { headers: { ...ACCEPT, ...PASSWORD } });
    assert.equal(new URL(realmOf(refused)).host, at.faulty.elsewhere);
    const { token } = JSON.parse((await ask(realmOf(refused))).body);
    assert.ok(isGood(await ask(location, { headers: { ...ACCEPT, authorization: `Bearer ${token}` } })));
  },
  "redirect-cookie": async (at) => {
    const answer = await at.root();
    assert.deepEqual(answer.headers["set-cookie"], ["session=secret; Path=/; SameSite=Lax"]);
    assert.ok(isGood(await at.led(answer)));
  },
  "redirect-signed": redirectTo(/\?X-Amz-Signature=secret-in-the-query$/),
  "redirect-loop": async (at) => {
    const [to, back] = ["?hop=1", "?hop=2"];
    assert.match((await at.get(`manifests/1.0${to}`)).headers.location, /\?hop=2$/);
    assert.match((await at.get(`manifests/1.0${back}`)).headers.location, /\?hop=1$/);
  },
  "redirect-self": redirectTo(/^\/v2\/faults\/redirect-self\/manifests\/1\.0$/),
  "redirect-many": async (at) => {
    status(307)(await at.get("manifests/1.0?hop=19"));
    assert.ok(isGood(await at.get("manifests/1.0?hop=20")));
  },
  "redirect-private": redirectTo(/^https:\/\/10\.0\.0\.1\//),
  "redirect-metadata": redirectTo(/^http:\/\/169\.254\.169\.254\//),
  "redirect-number": redirectTo(/^https:\/\/2130706433\/$/),
  "redirect-plain": async (at) => {
    const answer = await at.faulty.fetch(`https://registry.example/v2/faults/${at.name}/manifests/1.0`, {
      redirect: "manual",
    });
    assert.match(answer.headers.get("location"), /^http:\/\/elsewhere\.example\//);
  },
  "redirect-file": redirectTo(/^file:\/\/\/etc\/passwd$/),
  "redirect-script": redirectTo(/^javascript:/),
  "redirect-user": redirectTo(/^http:\/\/keeper:lantern@/),
  "redirect-nowhere": async (at) => status(307, { location: undefined })(await at.root()),
};

const opensForAnybody = async (at) => assertGoodRoot(at, await withToken(at));
const realmIs = (expected) => async (at) => assert.match((await at.root()).headers["www-authenticate"], expected);

export const access = {
  token: opensForAnybody,
  "token-password": async (at) => {
    status(401)(await token(at));
    await assertGoodRoot(at, await withToken(at, { headers: PASSWORD }));
  },
  password: async (at) => {
    status(401)(await at.root());
    await assertGoodRoot(at, { headers: PASSWORD });
  },
  "two-challenges": async (at) => {
    assert.match((await at.root()).headers["www-authenticate"], /^Basic realm="a, \\"b\\"", Bearer realm=/);
    await opensForAnybody(at);
  },
  "realm-elsewhere": async (at) => {
    assert.equal(new URL(realmOf(await at.root())).host, at.faulty.elsewhere);
    await opensForAnybody(at);
  },
  "realm-thief": async (at) => {
    const realm = realmOf(await at.root());
    assert.equal(new URL(realm).host, at.faulty.elsewhere);
    status(401)(await ask(realm));
    status(200)(await ask(realm, { headers: PASSWORD }));
    assert.deepEqual(
      elsewhere(at).map(({ headers }) => headers.authorization),
      [undefined, basic(USER)],
    );
  },
  "realm-plain": async (at) => {
    const answer = await at.faulty.fetch(`https://registry.example/v2/faults/${at.name}/manifests/1.0`);
    assert.match(answer.headers.get("www-authenticate"), /realm="http:\/\/registry\.example\//);
  },
  "realm-private": realmIs(/realm="https:\/\/10\.0\.0\.1\/token"/),
  "realm-metadata": realmIs(/realm="http:\/\/169\.254\.169\.254\/token"/),
  "realm-file": realmIs(/realm="file:/),
  "realm-user": realmIs(/realm="http:\/\/registry\.example@127\.0\.0\.1:/),
  "realm-missing": challenges('Bearer service="faults"'),
  "scope-wide": async (at) => {
    await realmIs(/pull,push,delete repository:private\/other:pull"$/)(at);
    await opensForAnybody(at);
  },
  "challenge-loop": async (at) => status(401)(await at.root(await withToken(at))),
  "challenge-garbage": challenges('"""=,,=Bearer realm'),
  "challenge-unknown": challenges("Negotiate"),
  "challenge-none": challenges(undefined),
  "token-in-error": async (at) => {
    const options = await withToken(at);
    const { status, body } = await at.root(options);
    assert.equal(status, 403);
    assert.ok(body.includes(options.headers.authorization));
  },
  "password-in-error": async (at) => {
    const { status, body } = await at.root({ headers: PASSWORD });
    assert.equal(status, 403);
    assert.ok(body.includes(USER.password) && body.includes(PASSWORD.authorization));
  },
  "token-second": async (at) => {
    status(401)(await at.root(await withToken(at)));
    await opensForAnybody(at);
  },
  "token-refused": async (at) => {
    const refused = await at.root(await withToken(at));
    assert.match(refused.headers["www-authenticate"], /error="invalid_token"/);
  },
};

const says = (check) => async (at) => check((await token(at)).body);
const givesToken = (check) => says((body) => check(JSON.parse(body).token));

export const tokens = {
  "tokens-oauth": async (at) => {
    assert.equal(JSON.parse((await token(at)).body).token, undefined);
    await opensForAnybody(at);
  },
  "tokens-text": async (at) => {
    status(200, { "content-type": "text/plain" })(await token(at));
    await opensForAnybody(at);
  },
  "tokens-garbage": says((body) => assert.throws(() => JSON.parse(body))),
  "tokens-page": async (at) => isPage(await token(at)),
  "tokens-none": says((body) => assert.deepEqual(JSON.parse(body), {})),
  "tokens-empty": givesToken((token) => assert.equal(token, "")),
  "tokens-number": givesToken((token) => assert.equal(token, 1)),
  "tokens-line-break": givesToken((token) => assert.match(token, /\r\nX-Added: 1$/)),
  "tokens-long": givesToken((token) => assert.equal(token.length, 100 << 10)),
  "tokens-huge": givesToken((token) => assert.equal(token.length, 2 << 20)),
  "tokens-refused": async (at) => status(401)(await token(at)),
  "tokens-broken": async (at) => status(500)(await token(at)),
  "tokens-redirect": async (at) => {
    const { token: given } = JSON.parse((await at.led(await token(at))).body);
    assert.deepEqual(elsewhere(at).length, 1);
    await assertGoodRoot(at, { headers: { authorization: `Bearer ${given}` } });
  },
  "tokens-silence": async (at) => {
    const stop = new AbortController();
    const asked = ask(realmOf(await at.root()), { signal: stop.signal });
    await assertGoodRoot(at.of("no-type"));
    stop.abort();
    assert.equal((await asked).error, "ABORT_ERR");
  },
};
