// `npm run test:nodes`: the tests of what is published, in other versions of Node than the one at hand.

import "./build.mjs";
import { main, run, say } from "./command.mjs";

// The newest of each line when this was written; npm's package `node` brings the program.
const versions = ["20.20.2", "22.23.3", "24.21.0"];
const tests = ["cli", "cli-packed", "cli-mirror", "faulty", "gateway-serve", "vectors"].map((name) => `tests/js/${name}.test.js`);

await main(() => {
  for (const version of versions.filter((version) => version !== process.versions.node)) {
    say(`node ${version}: ${tests.join(", ")}`);
    run("npx", ["--yes", `--package=node@${version}`, "node", "--test", "--test-reporter=dot", ...tests]);
  }
});
