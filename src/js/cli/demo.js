// `demo`: an answer about a real release, from what is in the package: the release that the guide of Webdis shows, by the
// digest in its policy, from what `docker manifest inspect` printed of it. Nothing is fetched.

import { readFileSync } from "node:fs";
import { exitCode } from "./failure.js";
import { answerOffline } from "./offline.js";
import { show } from "./show.js";

const examples = new URL("../../../www/examples/", import.meta.url);
const list = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";

/** `demo` */
export async function demo({ options }, io, output) {
  const [face, { webdis }] = await Promise.all([import("../node.js"), import(new URL("webdis.js", examples).href)]);
  const policy = readFileSync(new URL("webdis-policy.json", examples), "utf8");
  const question = { ask: "published", image: `docker.io/nicolas/webdis:0.1.19@${list}`, by: { policy } };
  output.note("an example, offline: what docker printed of nicolas/webdis:0.1.19, held against what Webdis published");
  const report = await answerOffline(face, question, [{ name: "the example", evidence: { paste: webdis[1] } }], {});
  await show(report, { ...options, again: "pullproof demo" }, output);
  output.note("with registries: pullproof same nicolas/webdis:0.1.19 public.ecr.aws/nicolas/webdis:0.1.19");
  return exitCode(report.verdict, options.accept);
}
