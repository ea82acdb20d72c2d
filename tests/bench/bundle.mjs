// A process that verifies one bundle, which it is given on its input: the first time, warm, and beside @sigstore/verify,
// whose file is its argument.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { verifyBundle } from "../../dist/pkg/node.js";
import { median } from "./median.mjs";

const require = createRequire(process.argv[2]);
const { Verifier, toSignedEntity, toTrustMaterial } = require("@sigstore/verify");
const { bundleFromJSON } = require("@sigstore/bundle");
const { TrustedRoot } = require("@sigstore/protobuf-specs");

const { bundle, trustedRoot, artifact, digest, by } = JSON.parse(readFileSync(0, "utf8"));
const bytes = artifact === undefined ? undefined : Buffer.from(artifact);
const [text, rooted] = [JSON.stringify(bundle), JSON.stringify(trustedRoot)];
const signed = bytes ?? `sha256:${digest}`;
// A root without logs has timestamps in their place.
const { length: logs = 0 } = trustedRoot.tlogs ?? [];
const thresholds = logs === 0 ? { tlogThreshold: 0, ctlogThreshold: 0, tsaThreshold: 1 } : {};

const ours = () => verifyBundle(text, signed, { by, trustedRoot: rooted, now: new Date() });
/** From the same texts. An envelope it does not hold against an artifact: that is left to its caller. */
const theirs = () => {
  const entity = toSignedEntity(bundleFromJSON(JSON.parse(text)), bytes);
  return new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(rooted))), thresholds).verify(entity);
};

const began = performance.now();
const { claims } = ours();
const first = performance.now() - began;
if (claims.find(({ statement }) => statement.kind === "signs").standing.is !== "proven") throw new Error("the signature does not hold");
theirs();
for (const run of [ours, theirs]) median(run, 21);
// In turns, so that what else the machine does meets both.
const pairs = Array.from({ length: 9 }, () => [median(ours, 5), median(theirs, 5)]);
const middle = (times) => times.sort((a, b) => a - b)[4];
console.log(JSON.stringify({ first, time: middle(pairs.map(([own]) => own)), ratio: middle(pairs.map(([own, other]) => own / other)) }));
