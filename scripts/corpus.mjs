// `npm run test:corpus`: the recovery and recognition figures, over real documents. The corpus is not
// part of the repository: the first argument or PULLPROOF_CORPUS names its folder.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Stop, main, root, run } from "./command.mjs";

await main(() => {
  const folder = resolve(root, process.argv[2] ?? process.env.PULLPROOF_CORPUS ?? "../shared/corpus");
  if (!existsSync(folder)) {
    throw new Stop(`There is no corpus at ${folder}: npm run test:corpus -- FOLDER`);
  }
  const env = { ...process.env, PULLPROOF_CORPUS: folder };
  const tests = ["corpus", "corpus_digest", "corpus_pastes", "corpus_proof", "corpus_samples", "corpus_signed", "corpus_sigstore"].flatMap((test) => ["--test", test]);
  const build = ["test", "--locked", "--profile", "corpus", "--features", "corpus"];
  run("cargo", [...build, ...tests, "--", "--nocapture"], { env });
  // By another verifier, which needs the package.
  run(process.execPath, ["scripts/build.mjs"]);
  run(process.execPath, ["tests/corpus/differential.mjs"], { env });
});
