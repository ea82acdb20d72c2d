// `npm run test:corpus`: the recovery and recognition figures, over real documents. The corpus is not
// part of the repository: PULLPROOF_CORPUS names its folder.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Stop, main, root, run } from "./command.mjs";

await main(() => {
  const folder = resolve(root, process.env.PULLPROOF_CORPUS ?? "../shared/corpus");
  if (!existsSync(folder)) {
    throw new Stop(`There is no corpus at ${folder}: set PULLPROOF_CORPUS to its folder.`);
  }
  const env = { ...process.env, PULLPROOF_CORPUS: folder };
  run("cargo", ["test", "--locked", "--release", "--test", "corpus", "--", "--nocapture"], { env });
});
