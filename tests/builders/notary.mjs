// A repository of Docker Content Trust as the docker client keeps it: its files, signed by keys made here.

import { createHash, generateKeyPairSync, sign } from "node:crypto";

const expires = "2036-01-01T00:00:00Z";

/** The files by name, as bytes, of a repository in which a tag is this document; and its root key's id. */
export function notaryRepository(name, tag, document) {
  const [root, own, delegate] = [key(name), key(), key()];
  const role = (signer) => ({ keyids: [signer.id], threshold: 1 });
  const roles = { root: role(root), snapshot: role(own), targets: role(own), timestamp: role(own) };
  const rootFile = file({ _type: "Root", consistent_snapshot: false, expires, keys: keys(root, own), roles, version: 1 }, root);
  const delegation = { keyids: [delegate.id], name: "targets/releases", paths: [""], threshold: 1 };
  const delegations = { keys: keys(delegate), roles: [delegation] };
  const targets = file({ _type: "Targets", delegations, expires, targets: {}, version: 1 }, own);
  const none = { keys: {}, roles: [] };
  const releases = file({ _type: "Targets", delegations: none, expires, targets: { [tag]: entry(document) }, version: 2 }, delegate);
  const meta = { root: entry(rootFile), targets: entry(targets), "targets/releases": entry(releases) };
  const snapshot = file({ _type: "Snapshot", expires, meta, version: 3 }, own);
  const timestamp = file({ _type: "Timestamp", expires, meta: { snapshot: entry(snapshot) }, version: 4 }, own);
  const files = { "root.json": rootFile, "snapshot.json": snapshot, "targets.json": targets, "targets/releases.json": releases, "timestamp.json": timestamp };
  return { pin: root.id, files };
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const entry = (bytes) => ({ hashes: { sha256: sha256(bytes).toString("base64") }, length: bytes.length });
const keys = (...all) => Object.fromEntries(all.map(({ id, value }) => [id, value]).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Signed over canonical JSON: the names above are in order already, but for those of maps. */
function file(signed, { id, privateKey }) {
  const text = JSON.stringify(sorted(signed));
  const sig = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64");
  return Buffer.from(`{"signed":${text},"signatures":[{"keyid":"${id}","method":"ecdsa","sig":"${sig}"}]}`);
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

/** A key; with a name, in a certificate for it. */
function key(name) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const pem = () => `-----BEGIN CERTIFICATE-----\n${certificate(name, spki, privateKey).toString("base64")}\n-----END CERTIFICATE-----\n`;
  const bytes = name === undefined ? spki : Buffer.from(pem());
  const keyval = { private: null, public: bytes.toString("base64") };
  const value = { keytype: name === undefined ? "ecdsa" : "ecdsa-x509", keyval };
  return { id: sha256(Buffer.from(JSON.stringify(value))).toString("hex"), value, privateKey };
}

/** As notary makes them: signed by its own key, its common name the repository. */
function certificate(name, spki, privateKey) {
  const algorithm = der(0x30, Buffer.from([6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
  const commonName = der(0x30, Buffer.from([6, 3, 0x55, 4, 3]), der(0x0c, Buffer.from(name)));
  const subject = der(0x30, der(0x31, commonName));
  const validity = der(0x30, der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("400101000000Z")));
  const version = der(0xa0, der(2, Buffer.from([2])));
  const body = der(0x30, version, der(2, Buffer.from([1])), algorithm, subject, validity, subject, spki);
  const signature = sign("sha256", body, privateKey);
  return der(0x30, body, algorithm, der(3, Buffer.from([0]), signature));
}

function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
