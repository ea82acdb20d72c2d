// References in commands, and the digests that they mean in a report.

import { resolutions } from "../origins.js";

export const repository = (image) => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");

/** skopeo takes a tag or a digest. */
export const untagged = (image) => (image.includes("@") ? `${repository(image)}@${image.split("@")[1]}` : image);

/** What an image's name means here: as it was resolved, or as it says itself, or as was said of it. */
export function rootOf(report, image) {
  const resolved = resolutions(report).find(({ reference }) => reference === image);
  // If only a signature names the digest, it is written after the name.
  const isOf = ({ kind, reference }) => kind === "resolves" && (reference === image || reference.startsWith(`${image}@`));
  const said = () => report.claims.find(({ statement }) => isOf(statement))?.statement;
  return /@(.*)$/.exec(image)?.[1] ?? (resolved ?? said())?.digest;
}
