// Each tool's command that prints the bytes of a manifest, an index or a configuration, if it has one.

import { plainHosts } from "../origins.js";
import { isHere } from "../machine.js";
import { repository, untagged } from "./names.js";
import { word } from "./shell.js";

/**
 * Tools as `{ tool, reads, raw, config, blob, platform }`: `reads` says whether it can ask a registry; `platform`
 * reads what an image is for one platform, `blob` any other content. A registry that was asked without TLS needs a flag, and none will
 * do for docker, which has to be told beforehand in a file of its own.
 */
export function readersOf(report) {
  const hosts = plainHosts(report);
  const hostOf = (name) => name.split("/")[0];
  const isNamed = (name) => hosts.has(hostOf(name).replace(/:80$/, ""));
  return [
    { tool: "docker", reads: (name) => !isNamed(name), raw: (name) => `docker buildx imagetools inspect --raw ${word(name)}` },
    crane((name) => (isNamed(name) ? " --insecure" : "")),
    // Of this machine the others know by themselves.
    skopeo((name) => (isHere(hostOf(name)) || isNamed(name) ? " --tls-verify=false" : "")),
  ];
}

function crane(flag) {
  const blob = (name, digest) => `crane blob${flag(name)} ${word(`${repository(name)}@${digest}`)}`;
  return {
    tool: "crane",
    reads: () => true,
    raw: (name) => `crane manifest${flag(name)} ${word(name)}`,
    config: blob,
    blob,
    /** `what` is "manifest" or "config". */
    platform(name, what, platform) {
      const chosen = platform === undefined ? "" : ` --platform ${asCrane(platform)}`;
      return `crane ${what}${chosen}${flag(name)} ${word(name)}`;
    },
  };
}

/** A platform as crane takes it: windows(10.0.1)/amd64 is its windows/amd64:10.0.1. */
export const asCrane = (platform) => platform.replace(/^([a-z]+)\(([\d.]+)\)(\/.*)$/, "$1$3:$2");

function skopeo(flag) {
  const configOf = (name) => `inspect --config --raw${flag(name)} ${word(`docker://${untagged(name)}`)}`;
  return {
    tool: "skopeo",
    reads: () => true,
    raw: (name) => `skopeo inspect --raw${flag(name)} ${word(`docker://${untagged(name)}`)}`,
    config: (name, _, manifest) => manifest && `skopeo ${configOf(`${repository(name)}@${manifest}`)}`,
    /** The manifest of one platform it does not print. */
    platform(name, what, platform) {
      if (what !== "config") return undefined;
      if (platform === undefined) return `skopeo ${configOf(name)}`;
      const [os, architecture, variant] = platform.replace(/\([^)]*\)/, "").split("/");
      if (architecture === undefined) return undefined;
      const kind = variant === undefined ? "" : ` --override-variant ${variant}`;
      return `skopeo --override-os ${os} --override-arch ${architecture}${kind} ${configOf(name)}`;
    },
  };
}
