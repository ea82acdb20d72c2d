// Lighthouse at the version in package-lock.json beside this file, with the digests that are there. It is kept out of
// the development dependencies: it brings 200 packages, and nothing else needs them.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "../../scripts/chromium.mjs";
import { root, run } from "../../scripts/command.mjs";
import { launch } from "../support/browser.mjs";

const here = join(root, "tests", "audit");

/** Lighthouse's own module, installed first where it is missing. */
async function lighthouse() {
  const digest = createHash("sha256").update(readFileSync(join(here, "package-lock.json"))).digest("hex").slice(0, 12);
  const folder = join(root, ".cache", `lighthouse-${digest}`);
  // npm writes this file when everything is there.
  if (!existsSync(join(folder, "node_modules", ".package-lock.json"))) {
    mkdirSync(folder, { recursive: true });
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(folder, name));
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
  }
  return import(pathToFileURL(join(folder, "node_modules", "lighthouse", "core", "index.js")));
}

/** A browser for it: `audit(address, { phone })` gives Lighthouse's result. */
export async function auditor(t) {
  const { default: audit, desktopConfig } = await lighthouse();
  const port = await freePort();
  const browser = await launch([`--remote-debugging-port=${port}`], chromium());
  t.after(() => browser.close());
  return async (address, { phone }) => {
    const { lhr } = await audit(address, { port, logLevel: "error" }, phone ? undefined : desktopConfig);
    return lhr;
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
