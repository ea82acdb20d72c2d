// A token server whose tokens a real registry checks (distribution's "Token Authentication
// Specification"): anybody may pull what is public, the one known user may do everything. It hands on
// what is not for it to its registry, so that both are at one origin, as with most public registries.
import { execFileSync } from "node:child_process";
import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { listen } from "./listen.mjs";

/** Whom the registries that want a password know. */
export const USER = { username: "keeper", password: "lantern" };

/** What the user may have in place of the password: it is changed for tokens, and good for nothing else. */
export const IDENTITY_TOKEN = "whoever=keeps & the+lantern";

/** What follows `private/` is nobody's but the user's. */
const isPrivate = (repository) => repository.startsWith("private/");

const SERVICE = "registry of the tests";
const ISSUER = "token server of the tests";
const LIFETIME_S = 300;

/**
 * Starts a token server; `openssl` is the program that makes its certificate, which registries
 * need to have as a file: `certificate`. `requests` holds what was asked of it, in order; `handOn(host)`
 * names the registry that gets the rest.
 */
export async function startTokens({ openssl }) {
  const folder = mkdtempSync(join(tmpdir(), "tokens-"));
  const [keyFile, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  certify(openssl, keyFile, certificate);
  const key = createPrivateKey(readFileSync(keyFile));
  const chain = [new X509Certificate(readFileSync(certificate)).raw.toString("base64")];
  const requests = [];
  let registry;
  /** A signed token for `access`; `from` and `seconds` are when and how long it is good. */
  const tokenFor = (access, { subject = "", from = now(), seconds = LIFETIME_S } = {}) => {
    const times = { nbf: from, iat: from, exp: from + seconds };
    return jwt({ iss: ISSUER, sub: subject, aud: SERVICE, jti: randomUUID(), ...times, access }, key, chain);
  };
  const server = await listen(async (request, response) => {
    const { method, url, headers } = request;
    if (!url.startsWith("/token")) return void handOn(registry, request, response);
    const form = method === "POST" ? new URLSearchParams(await text(request)) : undefined;
    requests.push({ method, url, headers, form });
    const { status, body } = form ? changed(headers, form, tokenFor) : answer(request, tokenFor);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return {
    host: server.host,
    realm: `http://${server.host}/token`,
    service: SERVICE,
    issuer: ISSUER,
    certificate,
    requests,
    tokenFor,
    handOn: (host) => (registry = host),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function handOn(host, request, response) {
  const { method, url, headers } = request;
  const sent = ask(`http://${host}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    pipeline(answer, response).catch(() => {});
  });
  await pipeline(request, sent).catch(() => response.destroy());
}

const now = () => Math.floor(Date.now() / 1000);

function certify(openssl, keyFile, certificate) {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const about = ["-subj", "/CN=tokens of the tests", "-days", "2"];
  const args = ["req", "-x509", ...curve, ...about, "-keyout", keyFile, "-out", certificate];
  execFileSync(openssl, args, { stdio: "pipe" });
}

/** The OAuth2 way ("Refresh Token" in the specification): a form, and a token in place of a password. */
function changed(headers, form, tokenFor) {
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  // Clients try passwords this way first, and take 404 for a server that has it not.
  if (form.get("grant_type") !== "refresh_token") return refusal(404, "UNSUPPORTED", "passwords are asked for with GET");
  if (!isForm || form.get("service") !== SERVICE || !form.get("client_id")) {
    return { status: 400, body: { error: "invalid_request" } };
  }
  if (form.get("refresh_token") !== IDENTITY_TOKEN) return { status: 400, body: { error: "invalid_grant" } };
  const access = (form.get("scope") ?? "").split(" ").filter(Boolean).map((scope) => granted(scope, true));
  const token = tokenFor(access, { subject: USER.username });
  return { status: 200, body: { access_token: token, expires_in: LIFETIME_S, refresh_token: IDENTITY_TOKEN } };
}

function answer({ method, url, headers }, tokenFor) {
  if (method !== "GET") return refusal(404, "UNSUPPORTED", "tokens are asked for with GET");
  const query = new URL(url, "http://localhost").searchParams;
  if (query.get("service") !== SERVICE) return refusal(400, "UNSUPPORTED", "for another service");
  const known = headers.authorization !== undefined;
  if (known && headers.authorization !== basic(USER)) return refusal(401, "UNAUTHORIZED", "wrong password");
  const access = query
    .getAll("scope")
    .flatMap((scopes) => scopes.split(" "))
    .map((scope) => granted(scope, known));
  const token = tokenFor(
    access.filter(({ actions }) => actions.length > 0),
    { subject: known ? USER.username : "" },
  );
  return { status: 200, body: { token, expires_in: LIFETIME_S, issued_at: new Date().toISOString() } };
}

/** The part of `repository:<name>:<action>,<action>` that is given. */
function granted(scope, known) {
  const [type, name, actions = ""] = scope.split(/:(.*):/);
  const asked = actions.split(",").filter(Boolean);
  const given = (action) => known || (action === "pull" && !isPrivate(name));
  return { type, name, actions: asked.filter(given) };
}

const refusal = (status, code, message) => ({ status, body: { errors: [{ code, message }] } });

/** The value of `Authorization` for a user name and a password. */
export const basic = ({ username, password }) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

function jwt(claims, key, x5c) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ typ: "JWT", alg: "ES256", x5c })}.${encode(claims)}`;
  // RFC 7518, §3.4: the two numbers one after the other, not in DER.
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}
