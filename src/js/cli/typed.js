// Typing mistakes that are common for images and digests, refused with what to type instead.

import { referenceOf } from "../address.js";
import { Failure, misuse } from "./failure.js";

/** Refuses web addresses where images are to be named. */
export function refuseAddresses(names) {
  for (const name of names) {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) continue;
    const meant = referenceOf(name);
    const hint = meant === undefined ? "Write the image as REGISTRY/NAME:TAG." : `Did you mean ${meant}?`;
    throw misuse(`"${name}" is ${name.startsWith("docker://") ? "not an image's name" : "a web address"}. ${hint}`);
  }
}

const digits = { sha256: 64, sha512: 128 };

/** Refuses digests without their algorithm, and parts of digests; others are the module's to refuse. */
export function refuseShortDigests(names = []) {
  for (const name of names) {
    const [, algorithm, hex] = /^(sha256|sha512):([0-9a-f]*)$/.exec(name) ?? [];
    if (hex !== undefined && hex.length !== digits[algorithm]) {
      throw misuse(`"${name}" is not a whole digest: it has ${hex.length} of ${digits[algorithm]} hex digits.`);
    }
    if (/^(?:.*@)?[a-z0-9+._-]+:/i.test(name)) continue;
    const hint = /^[0-9a-f]{64}$/.test(name) ? `Did you mean sha256:${name}?` : "Write it in full: sha256: and 64 hex digits.";
    throw misuse(`"${name}" is not a digest. ${hint}`);
  }
}

/** Refuses parts of key ids. */
export function refuseShortKeys(keys = []) {
  const short = keys.find((key) => /^[0-9a-f]+$/i.test(key) && key.length !== digits.sha256);
  if (short !== undefined) throw misuse(`"${short}" is not a whole key id: it has ${short.length} of ${digits.sha256} hex digits.`);
}

/** Refuses names that the module cannot read as images, each with its fault. */
export function refuseNames({ Session }, names) {
  for (const name of names) {
    try {
      new Session({ ask: "same", left: name, right: name }).free();
    } catch (error) {
      if (!/^(?:reference|digest-[a-z]+)$/.test(error?.code)) throw error;
      const fault = error.message.replace(/ in (?:image reference|digest)|(?: at byte \d+)$/g, "");
      throw Object.assign(new Failure(error.code, `"${name}" is not an image name: ${fault}`), { offset: error.offset });
    }
  }
}

/** Refuses what is neither a digest nor the beginning of one, as compare.js read it. */
export function refuseNoDigest({ wrong }, text) {
  if (wrong !== undefined) throw misuse(`"${text}" is not a digest: ${wrong}`);
}
