// What people type where something else is meant, refused with what to type.

import { referenceOf } from "../address.js";
import { misuse } from "./failure.js";

/** Refuses web addresses where images are to be named. */
export function refuseAddresses(names) {
  for (const name of names) {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) continue;
    const meant = referenceOf(name);
    const hint = meant === undefined ? "Write the image as REGISTRY/NAME:TAG." : `Did you mean ${meant}?`;
    throw misuse(`"${name}" is ${name.startsWith("docker://") ? "not an image's name" : "a web address"}. ${hint}`);
  }
}

/** Refuses digests without their algorithm; others are the module's to refuse. */
export function refuseShortDigests(digests = []) {
  for (const digest of digests) {
    if (/^(?:.*@)?[a-z0-9+._-]+:/i.test(digest)) continue;
    const hint = /^[0-9a-f]{64}$/.test(digest) ? `Did you mean sha256:${digest}?` : "Write it in full: sha256: and 64 hex digits.";
    throw misuse(`"${digest}" is not a digest. ${hint}`);
  }
}

/** Refuses what is neither a digest nor the beginning of one, as compare.js read it. */
export function refuseNoDigest({ wrong }, text) {
  if (wrong !== undefined) throw misuse(`"${text}" is not a digest: ${wrong}`);
}
