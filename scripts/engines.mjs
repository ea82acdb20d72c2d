// `npm run test:engines`: the page's main flow in the other engines, Firefox's and WebKit's.

import "./build.mjs";
import { Stop, main, root, run, say } from "./command.mjs";
import { hasPackages } from "./debian.mjs";
import { files } from "./stamp.mjs";

const packages = ["firefox-esr", "webkit2gtk-driver", "xvfb", "xauth"];

await main(() => {
  if (!hasPackages(...packages)) throw new Stop(`These tests need Debian's ${packages.join(", ")}, which could not be installed here.`);
  const tests = files("tests/engines").filter((file) => file.endsWith(".test.js"));
  say(`node --test: ${tests.join(", ")}`);
  run(process.execPath, ["--test", ...tests], { cwd: root });
});
