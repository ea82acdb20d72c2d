// A repository of Docker Content Trust as the docker client keeps it: its files, signed by keys made here.

import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";

const expires = "2036-01-01T00:00:00Z";

/**
 * The files by name, as bytes, of a repository in which a tag is this document; and its root key's id. `kinds`
 * are those of the keys of root, repository and delegation; `rotated`: the key that is pinned is of the first
 * of two roots; `released`: in a delegation, else by the repository's own key; `twice`: the tags need two
 * signatures, and that key alone made both, the second by its id in a certificate.
 */
export function notaryRepository(name, tag, document, { kinds = [], rotated = false, released = true, twice = false } = {}) {
  const [first, own, delegate] = [key(kinds[0], name), key(kinds[1]), key(kinds[2])];
  const root = rotated ? key(kinds[0], name) : first;
  const role = (...signers) => ({ keyids: signers.map(({ id }) => id), threshold: signers.length });
  const owns = twice ? [own, certified(own, name)] : [own];
  const roles = { root: role(root), snapshot: role(own), targets: role(...owns), timestamp: role(own) };
  const rootOf = (version, roles, ...signers) => file({ _type: "Root", consistent_snapshot: false, expires, keys: keys(root, first, ...owns), roles, version }, ...signers);
  const rootFile = rotated ? rootOf(2, roles, root, first) : rootOf(1, roles, root);
  const delegation = { keyids: [delegate.id], name: "targets/releases", paths: [""], threshold: 1 };
  const delegations = { keys: keys(delegate), roles: [delegation] };
  const tags = { [tag]: entry(document) };
  const targets = file({ _type: "Targets", delegations, expires, targets: released ? {} : tags, version: 1 }, ...owns);
  const none = { keys: {}, roles: [] };
  const releases = file({ _type: "Targets", delegations: none, expires, targets: released ? tags : {}, version: 2 }, delegate);
  const meta = { root: entry(rootFile), targets: entry(targets), "targets/releases": entry(releases) };
  const snapshot = file({ _type: "Snapshot", expires, meta, version: 3 }, own);
  const timestamp = file({ _type: "Timestamp", expires, meta: { snapshot: entry(snapshot) }, version: 4 }, own);
  const files = { "root.json": rootFile, "snapshot.json": snapshot, "targets.json": targets, "targets/releases.json": releases, "timestamp.json": timestamp };
  if (rotated) files["1.root.json"] = rootOf(1, { ...roles, root: role(first) }, first);
  return { pin: first.id, bare: first.bare, own: own.id, files };
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const entry = (bytes) => ({ hashes: { sha256: sha256(bytes).toString("base64") }, length: bytes.length });
const keys = (...all) => Object.fromEntries(all.map(({ id, value }) => [id, value]).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Signed over canonical JSON: the names above are in order already, but for those of maps. */
function file(signed, ...signers) {
  const text = JSON.stringify(sorted(signed));
  const signatures = signers.map(({ id, privateKey, method, options }) => {
    const sig = sign(method === "eddsa" ? null : "sha256", Buffer.from(text), { key: privateKey, ...options }).toString("base64");
    return { keyid: id, method, sig };
  });
  return Buffer.from(`{"signed":${text},"signatures":${JSON.stringify(signatures)}}`);
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
const kindsOfKeys = {
  "P-256": ["ec", { namedCurve: "P-256" }, "ecdsa", { dsaEncoding: "ieee-p1363" }],
  "P-384": ["ec", { namedCurve: "P-384" }, "ecdsa", { dsaEncoding: "ieee-p1363" }],
  ed25519: ["ed25519", {}, "eddsa", {}],
  "rsa-pkcs1": ["rsa", { modulusLength: 2048 }, "rsapkcs1v15", {}],
  "rsa-pss": ["rsa", { modulusLength: 2048 }, "rsapss", pss],
};

/** A key; with a name, in a certificate for it. */
function key(kind = "P-256", name) {
  const [type, parameters, method, options] = kindsOfKeys[kind];
  const { publicKey, privateKey } = generateKeyPairSync(type, parameters);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keytype = type === "ec" ? "ecdsa" : type;
  const bare = valueOf(keytype, type === "ed25519" ? spki.subarray(12) : spki);
  const made = { id: idOf(bare), bare: idOf(bare), value: bare, keytype, spki, privateKey, method, options };
  return name === undefined ? made : certified(made, name);
}

/** The same key, in a certificate. */
function certified(key, name) {
  const body = certificate(name, key.spki, key.privateKey).toString("base64");
  const value = valueOf(`${key.keytype}-x509`, Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`));
  return { ...key, id: idOf(value), value };
}

const valueOf = (keytype, bytes) => ({ keytype, keyval: { private: null, public: bytes.toString("base64") } });
const idOf = (value) => sha256(Buffer.from(JSON.stringify(value))).toString("hex");

/** As notary makes them: signed by its own key, its common name the repository. */
function certificate(name, spki, privateKey) {
  const ecdsa = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
  const rsa = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b, 5, 0];
  const algorithm = der(0x30, Buffer.from(privateKey.asymmetricKeyType === "rsa" ? rsa : ecdsa));
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
