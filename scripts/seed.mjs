// Compares the trusted root of Sigstore that comes along with the one in the newest @sigstore/tuf on npm, and warns where
// they differ: `node scripts/seed.mjs`. A difference is no failure: the root that comes along stays good for the logs and
// authorities that it knows, and a signature by others is said to need a newer root.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main, output, root, say } from "./command.mjs";

const own = "src/sigstore/roots/public-good.json";
const repository = "https://tuf-repo-cdn.sigstore.dev";

await main(() => {
  const folder = mkdtempSync(join(tmpdir(), "seed-"));
  try {
    say(compared(newest(folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The newest package's name and its root; nothing where npm cannot be reached. */
function newest(folder) {
  const said = output("npm", ["pack", "@sigstore/tuf@latest", "--silent", "--pack-destination", folder, "--fetch-retries=0", "--fetch-timeout=20000"]);
  const [packed] = readdirSync(folder);
  if (said === undefined || !packed) return undefined;
  const seeds = JSON.parse(output("tar", ["-xOzf", join(folder, packed), "package/seeds.json"]) ?? "{}");
  const seed = seeds[repository]?.targets?.["trusted_root.json"] ?? "";
  return { packed, bytes: Buffer.from(seed, "base64") };
}

function compared(found) {
  if (!found) return `not compared: npm could not be reached, so ${own} may be older than what Sigstore publishes`;
  if (found.bytes.length === 0) return `warning: ${found.packed} has no trusted root where it was looked for: see scripts/seed.mjs`;
  const [here, there] = [readFileSync(join(root, own)), found.bytes].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  if (here === there) return `${own} is the trusted root in ${found.packed}: sha256:${here}`;
  return `warning: ${own} (sha256:${here}) is not the trusted root in ${found.packed} (sha256:${there}). Take that one, with its date, into src/sigstore/shipped.rs`;
}
