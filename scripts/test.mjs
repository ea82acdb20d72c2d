// `npm test`: sets up what is missing, then runs every test: Rust, JavaScript, the page in Chromium.
// `npm run test:peers`, which is `node scripts/test.mjs tests/peers`, runs only that folder.

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import "./build.mjs";
import { headless } from "./chromium.mjs";
import { Stop, main, root, run, say } from "./command.mjs";
import { installPackedIn } from "./packed.mjs";
import { files } from "./stamp.mjs";

await main(() => {
  const folders = process.argv.slice(2);
  const atOnce = [];
  if (folders.length === 0) {
    process.env.CHROME = headless();
    say("cargo test");
    run("cargo", ["test", "--locked"]);
    const folder = mkdtempSync(join(tmpdir(), "pullproof-packed-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    installPackedIn(folder);
    process.env.PULLPROOF_PACKED = folder;
    // In the order in which they begin: the last ones are short, so that no core waits for another's.
    folders.push("tests/browser", "tests/js");
    // Node itself would leave a core free. Most of these wait for a browser, a server or another process.
    atOnce.push(`--test-concurrency=${availableParallelism() + 2}`);
  }
  // Named one by one: what `node --test FOLDER` means changed between Node 20 and 22.
  const tests = folders.flatMap(files).filter((file) => file.endsWith(".test.js"));
  if (tests.length === 0) throw new Stop(`no *.test.js in ${folders.join(", ")}`);
  say(`node --test: ${folders.join(", ")}`);
  run(process.execPath, ["--test", ...atOnce, ...tests], { cwd: root });
});
