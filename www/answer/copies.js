// The forms in which an answer can be kept: a receipt, Markdown, the report, a link that asks again. Also the notice above a
// receipt's answer, which the worker makes again.

import { linkTo } from "../ask/link.js";
import { madeWords } from "../paint.js";
import { part } from "../part.js";
import { shown } from "../pkg/report/shown.js";
import { element, list, worded } from "../text.js";

/** The notice above a receipt's answer. */
export function receiptView({ same, differences, word }) {
  const difference = ({ place, stored, found }) =>
    element("li", {}, worded(place), ": the receipt has ", worded(stored), ", found ", worded(found));
  return [
    element(
      "section",
      { class: "notice", "aria-label": "Receipt" },
      element("p", {}, element("strong", {}, same ? "This answer was recomputed from a receipt, here." : "Mismatch: the receipt’s report differs from the answer below, which was recomputed here.")),
      differences.length === 0 ? [] : list(differences, difference),
      element("ul", {}, word.map((said) => element("li", {}, worded(said)))),
      element("p", { class: "hint" }, "Nothing else that you gave was used."),
    ),
  ];
}

/**
 * The buttons below an answer. `receipt()` gives the receipt of this answer; `policy` is the address of a link's policy, and
 * without `isLinkable` no link can ask this question.
 */
export function keepView(given, { policy, isLinkable, receipt, say, ready }) {
  const { checked } = given;
  // Only the view marks claims that are the receipt's word; the report is kept as it is.
  const report = checked?.report ?? given.report;
  const button = (text, work) => {
    const doing = async () => {
      try {
        await work();
      } catch (error) {
        say(`Not done: ${error?.message ?? error}`);
      }
    };
    return element("button", { type: "button", class: "small", onclick: doing }, text);
  };
  const copy = async (text, said) => {
    await navigator.clipboard.writeText(text);
    say(said);
  };
  const markdown = async () => {
    const { receiptMarkdown, reportMarkdown } = await part(() => import("../pkg/report/markdown.js"));
    const made = { checked: madeWords(given) };
    await copy(checked ? receiptMarkdown({ ...checked, report: shown(report) }, made) : reportMarkdown(shown(report), made), "Copied as Markdown.");
  };
  const save = async () => {
    const given = await receipt();
    if (given === undefined) return;
    download("pullproof-receipt.json", given.receipt);
    say("The receipt was saved: it contains everything that you gave and what was fetched.");
  };
  const saveReport = () => (download("pullproof-report.json", `${JSON.stringify(report, undefined, 2)}\n`), say("The report was saved."));
  const link = button("Copy link", () => copy(linkTo(report.question, policy), "The link was copied: it contains this question and no answer."));
  return element(
    "section",
    { id: "keep", "aria-labelledby": "keep-title" },
    element("h3", { id: "keep-title", class: "aside" }, "Keep and share"),
    element(
      "div",
      { class: "row" },
      // Before there is an answer there is only the question.
      checked || ready ? [] : button("Save receipt", save),
      ready ? [] : [button("Copy as Markdown", markdown), button("Save report (JSON)", saveReport)],
      isLinkable ? link : [],
    ),
    element("p", { class: "hint" }, ready ? "" : "A receipt lets anyone check this answer again offline: drop it here, or run pullproof check. It contains what you pasted. ", isLinkable ? "A link contains only the question." : "A link cannot contain a policy or a key that was given here, nor every kind of signer."),
  );
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
