// Debian's packages, for a machine that has none of a thing and lets us install it.

import { find, output, say, succeeds } from "./command.mjs";

/** True when the packages are installed, installing them where that needs no question asked. */
export function hasPackages(...names) {
  if (installed(names)) return true;
  const apt = aptGet();
  if (!apt) return false;
  // An old or absent list of packages looks the same as a Debian without them.
  if (!available(names)) apt("update");
  if (!available(names)) return false;
  // --no-remove: rustc-web conflicts with rustc, and nobody asked us to take anything away.
  return apt("install", "-y", "--no-install-recommends", "--no-remove", ...names) && installed(names);
}

/** apt-get as root, or through sudo where that needs no password; undefined where neither goes. */
function aptGet() {
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? [] : ["sudo", "-n"];
  if (!find("apt-get") || (!isRoot && output("sudo", ["-n", "true"]) === undefined)) return undefined;
  return (...args) => {
    const line = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...args];
    say(line.join(" "));
    return succeeds(line[0], line.slice(1));
  };
}

function installed(names) {
  const states = output("dpkg-query", ["-W", "-f", "${db:Status-Status}\n", ...names]);
  return states?.split("\n").every((state) => state === "installed") ?? false;
}

function available(names) {
  return output("apt-cache", ["show", "--no-all-versions", ...names]) !== undefined;
}
