// An instance of Sigstore on loopback for real clients: an authority with its log of certificates (@sigstore/mock), logs
// of both versions of Rekor, and a real timestamp server; with the trusted root and signing configurations that name them.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, run } from "../../../scripts/command.mjs";
import { listen } from "../../registry/listen.mjs";
import { startAtPort } from "../../registry/program.mjs";

const here = join(root, "tests", "peers", "sigstore");

/** The e-mail that the token is for; the authority writes it as a URI. */
export const IDENTITY = "signer@example.org";
export const ISSUER = "https://accounts.example";

/** Modules at the versions in package-lock.json beside this file, installed first where they are missing. */
export function modules() {
  const digest = createHash("sha256").update(readFileSync(join(here, "package-lock.json"))).digest("hex").slice(0, 12);
  const folder = join(root, ".cache", `sigstore-${digest}`);
  // npm writes this file when everything is there.
  if (!existsSync(join(folder, "node_modules", ".package-lock.json"))) {
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(folder, name));
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  }
  return createRequire(join(folder, "package.json"));
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const pair = (namedCurve = "prime256v1") => generateKeyPairSync("ec", { namedCurve });
const spki = ({ publicKey }) => publicKey.export({ format: "der", type: "spki" });

/** JSON as logs write it: names in order, no space. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

/** Starts them; the files that clients need are written to `folder`. */
export async function startServices({ folder, timestampServer }) {
  const mock = modules()("@sigstore/mock");
  const keys = { ct: pair(), ca: pair("secp384r1"), first: pair(), second: pair() };
  const ct = await mock.initializeCTLog(keys.ct);
  const ca = await mock.initializeCA(keys.ca, ct);
  const fulcio = mock.fulcioHandler(ca, { strict: true, subjectClaim: "email" });
  const stamps = await startAtPort({
    program: timestampServer,
    args: (port) => ["serve", "--host", "127.0.0.1", "--port", String(port), "--timestamp-signer", "memory", "--disable-ntp-monitoring"],
    answers: (host) => fetch(`http://${host}/api/v1/timestamp/certchain`).then(({ ok }) => ok, () => false),
  });
  const server = await listen(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    try {
      const { status, headers, text } = await answer(request, body);
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const { host } = server;
  async function answer({ url, headers }, body) {
    if (url === "/api/v2/signingCert") {
      const asked = JSON.parse(body);
      asked.credentials ??= { oidcIdentityToken: headers.authorization.replace(/^Bearer /, "") };
      return { status: 200, text: (await fulcio.fn(JSON.stringify(asked))).response };
    }
    if (url === "/api/v1/log/entries") return first(JSON.parse(body), { host, key: keys.first });
    if (url === "/api/v2/log/entries") return second(JSON.parse(body), { host, key: keys.second });
    return { status: 404, text: "{}" };
  }
  const chain = await (await fetch(`http://${stamps.host}/api/v1/timestamp/certchain`)).text();
  write({ folder, host, stamps: stamps.host, keys, authority: ca.rootCertificate, chain });
  return { host, stamps: stamps.host, stop: () => Promise.all([server.stop(), stamps.stop()]) };
}

/** The only entry of a tree, and what its log signs of that. */
function proof(body, { host, key }, tree) {
  const top = sha256(Buffer.concat([Buffer.of(0), body]));
  const id = sha256(spki(key));
  const note = `${host}${tree}\n1\n${base64(top)}\n`;
  const signed = Buffer.concat([id.subarray(0, 4), sign("sha256", Buffer.from(note), key.privateKey)]);
  return { id, top, checkpoint: `${note}\n\u2014 ${host} ${base64(signed)}\n` };
}

function first(proposed, log) {
  const body = Buffer.from(canonical(written(proposed)));
  const { id, top, checkpoint } = proof(body, log, " - 42");
  const time = Math.floor(Date.now() / 1000);
  const promised = canonical({ body: base64(body), integratedTime: time, logID: id.toString("hex"), logIndex: 0 });
  const uuid = randomBytes(32).toString("hex");
  const verification = {
    inclusionProof: { logIndex: 0, treeSize: 1, hashes: [], rootHash: top.toString("hex"), checkpoint },
    signedEntryTimestamp: base64(sign("sha256", Buffer.from(promised), log.key.privateKey)),
  };
  const entry = { body: base64(body), integratedTime: time, logID: id.toString("hex"), logIndex: 0, verification };
  return { status: 201, headers: { etag: uuid, location: `/${uuid}` }, text: JSON.stringify({ [uuid]: entry }) };
}

/** What version 1 writes of an entry that was proposed. */
function written(proposed) {
  const content = proposed.kind === "dsse" && proposed.spec.proposedContent;
  if (!content) return proposed;
  const envelope = JSON.parse(content.envelope);
  const hash = (bytes) => ({ algorithm: "sha256", value: sha256(bytes).toString("hex") });
  const signatures = envelope.signatures.map(({ sig }, at) => ({ signature: sig, verifier: content.verifiers[at] }));
  const payloadHash = hash(Buffer.from(envelope.payload, "base64"));
  return { apiVersion: "0.0.1", kind: "dsse", spec: { envelopeHash: hash(content.envelope), payloadHash, signatures } };
}

function second({ hashedRekordRequestV002: { digest, signature } }, log) {
  const data = { algorithm: "SHA2_256", digest };
  const spec = { hashedRekordV002: { data, signature: { content: signature.content, verifier: signature.verifier } } };
  const body = Buffer.from(canonical({ apiVersion: "0.0.2", kind: "hashedrekord", spec }));
  // Checkpoints of this version name their log without its port.
  const { id, top, checkpoint } = proof(body, { ...log, host: log.host.split(":")[0] }, "");
  const entry = {
    logIndex: "0",
    logId: { keyId: base64(id) },
    kindVersion: { kind: "hashedrekord", version: "0.0.2" },
    integratedTime: "0",
    inclusionProof: { logIndex: "0", rootHash: base64(top), treeSize: "1", hashes: [], checkpoint: { envelope: checkpoint } },
    canonicalizedBody: base64(body),
  };
  return { status: 201, text: JSON.stringify(entry) };
}

function write({ folder, host, stamps, keys, authority, chain }) {
  const start = new Date(Date.now() - 86_400_000).toISOString();
  const validFor = { start };
  const address = `http://${host}`;
  const log = (key) => ({
    baseUrl: address,
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(spki(key)), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: base64(sha256(spki(key))) },
  });
  const issuer = (commonName, uri, certificates) => ({ subject: { organization: "pullproof", commonName }, uri, certChain: { certificates }, validFor });
  const stamping = chain.match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g).map((text) => ({ rawBytes: text.replace(/-----[^-]+-----|\s/g, "") }));
  const file = (name, value) => writeFileSync(join(folder, name), JSON.stringify(value));
  file("root.json", {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(keys.first), log(keys.second)],
    ctlogs: [log(keys.ct)],
    certificateAuthorities: [issuer("authority", address, [{ rawBytes: base64(authority) }])],
    timestampAuthorities: [issuer("stamps", `http://${stamps}/api/v1/timestamp`, stamping)],
  });
  const mediaType = "application/vnd.dev.sigstore.signingconfig.v0.2+json";
  const service = (url, majorApiVersion) => ({ url, majorApiVersion, validFor, operator: "pullproof" });
  const any = { selector: "ANY" };
  for (const version of [1, 2]) {
    file(`rekor-${version}.json`, {
      mediaType,
      caUrls: [service(address, 1)],
      rekorTlogUrls: [service(address, version)],
      rekorTlogConfig: any,
      tsaUrls: [service(`http://${stamps}/api/v1/timestamp`, 1)],
      tsaConfig: any,
    });
  }
  file("nothing.json", { mediaType, rekorTlogConfig: {}, tsaConfig: {} });
  const claims = { iss: ISSUER, aud: "sigstore", sub: "1", email: IDENTITY, email_verified: true, exp: Math.floor(Date.now() / 1000) + 36_000, iat: 1 };
  const token = [{ alg: "none", typ: "JWT" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  writeFileSync(join(folder, "token"), `${token.join(".")}.eA`);
}
