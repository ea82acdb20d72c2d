// dist/site/: the page from www/ with the package that it imports, as any host serves it.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { siteFiles, writeFiles } from "../src/js/cli/site.js";
import { root } from "./command.mjs";

/** Brings dist/site/ (or another folder) up to date. */
export function buildSite(site = join(root, "dist", "site")) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = siteFiles({ www: join(root, "www"), pkg: join(root, "dist", "pkg"), version });
  rmSync(site, { recursive: true, force: true });
  writeFiles(site, files);
}
