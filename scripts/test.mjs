// `npm test`: sets up what is missing, then runs every test: Rust, JavaScript, the page in Chromium.
// `npm run test:peers`, which is `node scripts/test.mjs tests/peers`, runs only that folder.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import "./build.mjs";
import { headless } from "./chromium.mjs";
import { Stop, main, root, run, runBeside, say } from "./command.mjs";
import { installPackedIn } from "./packed.mjs";
import { files } from "./stamp.mjs";

await main(async () => {
  const folders = process.argv.slice(2);
  if (folders.length > 0) return runTests(folders);
  process.env.CHROME = headless();
  say("cargo test, whose output comes last");
  run("cargo", ["test", "--locked", "--no-run"]);
  const folder = mkdtempSync(join(tmpdir(), "pullproof-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.env.PULLPROOF_PACKED = join(folder, "packed");
  mkdirSync(process.env.PULLPROOF_PACKED);
  installPackedIn(process.env.PULLPROOF_PACKED);
  // Node itself would leave a core free. Most of these wait for a browser, a server or another process. They begin in
  // this order: the last ones are short, so that no core waits for another's.
  const js = () => runTests(["tests/browser", "tests/js"], `--test-concurrency=${availableParallelism() + 2}`);
  return runBeside("cargo", ["test", "--locked", "--no-fail-fast"], join(folder, "cargo.txt"), js);
});

function runTests(folders, ...atOnce) {
  // Named one by one: what `node --test FOLDER` means changed between Node 20 and 22.
  const tests = folders.flatMap(files).filter((file) => file.endsWith(".test.js"));
  if (tests.length === 0) throw new Stop(`no *.test.js in ${folders.join(", ")}`);
  say(`node --test: ${folders.join(", ")}`);
  run(process.execPath, ["--test", ...atOnce, ...tests], { cwd: root });
}
