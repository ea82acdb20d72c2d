// A repository of TUF with a trusted root, signed here.

import { createHash, generateKeyPairSync, sign } from "node:crypto";

const day = 86_400_000;
const inDays = (days) => new Date(Date.now() + days * day).toISOString().replace(/\.\d+Z$/, "Z");
export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const keyPair = (name) => ({ id: name, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) });
export const [first, second, online] = ["first", "second", "online"].map(keyPair);

/** Canonical JSON: the names in order, no spaces, and of a text only quotes and backslashes escaped. */
function canonical(value) {
  if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
}

function signed(value, keys) {
  const signatures = keys.map(({ id, privateKey }) => ({ keyid: id, sig: sign("sha256", Buffer.from(canonical(value)), privateKey).toString("hex") }));
  return Buffer.from(JSON.stringify({ signatures, signed: value }));
}

const publicKey = (key) => ({ keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256", keyval: { public: key.publicKey.export({ type: "spki", format: "pem" }) } });

/** A root of this version. */
export function rootOf(version, key, by) {
  const role = (...keys) => ({ keyids: keys.map(({ id }) => id), threshold: 1 });
  const keys = Object.fromEntries([key, online].map((one) => [one.id, publicKey(one)]));
  const roles = { root: role(key), targets: role(key), snapshot: role(online), timestamp: role(online) };
  return signed({ _type: "root", spec_version: "1.0.31", version, expires: inDays(100), consistent_snapshot: true, keys, roles }, by);
}

/** The files of a repository of this trusted root, whose own root was changed once, from the first key to the second. */
export function filesOf(target, { days = 5, spoilt = false } = {}) {
  const named = (bytes) => ({ length: bytes.length, hashes: { sha256: sha256(bytes) } });
  const head = (_type, version, more) => ({ _type, spec_version: "1.0.31", version, expires: inDays(_type === "timestamp" ? days : 50), ...more });
  const targets = signed(head("targets", 7, { targets: { "trusted_root.json": named(target) } }), [second]);
  const snapshot = signed(head("snapshot", 5, { meta: { "targets.json": { version: 7, ...named(targets) } } }), [online]);
  const timestamp = signed(head("timestamp", 9, { meta: { "snapshot.json": { version: 5, ...named(snapshot) } } }), [online]);
  const sent = spoilt ? Buffer.from(target.toString().replace("rekor", "Rekor")) : target;
  return {
    "/2.root.json": rootOf(2, second, [first, second]),
    "/timestamp.json": timestamp,
    "/5.snapshot.json": snapshot,
    "/7.targets.json": targets,
    [`/targets/${sha256(target)}.trusted_root.json`]: sent,
  };
}
