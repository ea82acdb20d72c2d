// Finds the Chromium that tests and measurements drive.

import { existsSync } from "node:fs";
import { Stop, find } from "./command.mjs";
import { hasPackages } from "./debian.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const onMac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

const shell = "chromium-headless-shell";

/** The path of a Chromium without its windows, or else of a whole one: it is the same engine, for two thirds of the work. */
export function headless() {
  if (process.env.CHROME) return chromium();
  return find(shell) ?? (hasPackages(shell) ? find(shell) : undefined) ?? chromium();
}

/** The path of a Chromium: CHROME, one on PATH, or Debian's, installed where that can be done. */
export function chromium() {
  const given = process.env.CHROME;
  if (given && !existsSync(given)) throw new Stop(`CHROME is ${given}, and there is no such file`);
  const found = given ?? find(...names) ?? (existsSync(onMac) ? onMac : undefined);
  if (found) return found;
  if (hasPackages("chromium")) return find("chromium");
  throw new Stop(
    `The browser tests need Chromium or Chrome. Install it (on Debian: apt-get install chromium),
or set CHROME to the path of one.`,
  );
}
