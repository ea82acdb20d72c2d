// Whether two names of a platform mean one. The module's own rule is `Platform::matches` (src/platform.rs), and a
// table that both are tested by holds this one to it.

/** A name without what is only another way to write it. */
export function normal(platform) {
  const [first, ...rest] = platform.split("/");
  const [, os, version] = /^([^(]*)(\(.*\))?$/s.exec(first) ?? [, first];
  const [architecture = "", variant = ""] = rest.map((word) => word.toLowerCase());
  const system = os.toLowerCase() === "macos" ? "darwin" : os.toLowerCase();
  return [`${system}${version ?? ""}`, ...plainly(architecture, variant)].filter((word) => word !== "").join("/");
}

const aliases = new Map([["x86_64", "amd64"], ["x86-64", "amd64"], ["aarch64", "arm64"]]);
const variants = new Map([["5", "v5"], ["6", "v6"], ["7", "v7"], ["", "v7"]]);

function plainly(named, variant) {
  const architecture = aliases.get(named) ?? named;
  if (architecture === "amd64") return [architecture, variant === "v1" ? "" : variant];
  if (architecture === "arm64") return [architecture, ["8", "v8"].includes(variant) ? "" : variant];
  if (architecture === "armhf") return ["arm", "v7"];
  if (architecture === "armel") return ["arm", "v6"];
  if (architecture === "i386") return ["386", ""];
  return [architecture, architecture === "arm" ? variants.get(variant) ?? variant : variant];
}

/** True if two spellings mean one platform. */
export const samePlatform = (one, other) => one === other || (one !== undefined && other !== undefined && normal(one) === normal(other));
