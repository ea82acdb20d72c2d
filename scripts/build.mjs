// `npm run build`: crate → dist/pkg (the npm package's files) → dist/site (the page).

import { main, say } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { writeDigests } from "./digests.mjs";
import { writeManual } from "./manual.mjs";
import { buildPackage } from "./package.mjs";
import { buildSite } from "./site.mjs";

await main(() => {
  installDependencies();
  buildPackage();
  writeDigests();
  writeManual();
  buildSite();
  say("built dist/pkg and dist/site");
});
