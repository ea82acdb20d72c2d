// The one next step of an answer: a button that fetches, a login, or a command with a place for what it prints.

import { painted } from "../paint.js";
import { failures } from "../pkg/report/failures.js";
import { next } from "../pkg/report/next.js";
import { askPrivate, fetchAgain, offerView } from "./offer.js";
import { copyable, element, identifier, worded } from "../text.js";
import { pasteBox } from "./wants.js";

/**
 * `{ view, command }`: what to do next, and the command that it says. `pasteFor(text, command)` takes what a command
 * printed, `fetch()` fetches, `askInstead(absent, near)` asks about an image that exists in the place of one that does not.
 */
export function stepOf(given, { pasteFor, fetch, askInstead }) {
  const { report, wants, failures: failed } = given;
  const isOpen = ["open", "stated"].includes(report.verdict);
  // Where everything was tried, the same button again is not what helps.
  const offer = isOpen && !wants.every(({ url }) => url === undefined || failed.has(url)) ? offerView(given, fetch) : undefined;
  if (offer !== undefined) return { view: offer, offered: true };
  const isClosed = wants.every(({ url }) => failed.get(url)?.code === "closed");
  const again = isOpen && !isClosed ? fetchAgain(given, fetch) : [];
  const login = failures(report).find(({ code }) => code === "unauthorized");
  if (isOpen && login !== undefined) {
    const row = element("div", { class: "row" }, element("button", { type: "button", onclick: askPrivate }, "Log in here"), again);
    return { view: element("div", { class: "offer" }, row, reasonOf(given)), offered: true };
  }
  const found = next({ ...report, wants });
  // Beside each signer there is a press for that.
  const step = found?.pins ? undefined : found;
  if (step === undefined) return { view: again.length === 0 ? [] : element("div", { class: "offer row" }, again), offered: again.length > 0 };
  const { phrase, command, output, instead } = step;
  const other = instead === undefined ? [] : element("button", { type: "button", onclick: () => askInstead(instead.absent, instead.near) }, "Fetch ", identifier(instead.near), " instead");
  const why = reasonOf(given, command);
  const box = output ? pasteBox("Paste its output here", (text) => pasteFor(text, command)) : [];
  const says = element("p", { class: command === undefined ? "advice" : "" }, painted(phrase));
  return { view: element("div", { class: "next" }, says, command === undefined ? [] : copyable(command), box, why, again.length + (instead === undefined ? 0 : 1) === 0 ? [] : element("div", { class: "offer row" }, other, again)), command: output ? command : undefined, offered: again.length > 0 };
}

/** The full reason why a request failed, if the sentence does not say it. */
function reasonOf({ wants, failures: failed, report }, command) {
  const want = wants.find(({ hint, url }) => failed.has(url) && (command === undefined || hint === command)) ?? wants.find(({ url }) => failed.has(url));
  const { text } = failed.get(want?.url) ?? {};
  return text === undefined || report.summary.includes(text) ? [] : element("p", { class: "hint" }, "Could not fetch: ", worded(text));
}
