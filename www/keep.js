// What can be kept of an answer: a receipt, Markdown, the report, a link that asks again. And
// receipts that somebody gives: the worker makes their answer again.

import { linkTo } from "./link.js";
import { madeWords } from "./paint.js";
import { part } from "./part.js";
import { showFields } from "./question.js";
import { element, list, worded } from "./text.js";

/** Whether a piece of evidence says of itself that it is a receipt. */
export function isReceipt({ content }) {
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  if (!/^\s*\{/.test(text) || !text.includes('"receipt"')) return false;
  try {
    return JSON.parse(text).pullproof === "receipt";
  } catch {
    return false;
  }
}

/** What to say above the answer of a receipt. */
export function receiptView({ same, differences, word }) {
  const difference = ({ place, stored, found }) =>
    element("li", {}, worded(place), ": the receipt has ", worded(stored), ", found ", worded(found));
  return [
    element(
      "section",
      { class: "notice", "aria-label": "Receipt" },
      element("p", {}, element("strong", {}, same ? "This is a receipt’s answer, made again here." : "Contradicted: the report in the receipt is another than the answer below, which was made again here.")),
      differences.length === 0 ? [] : list(differences, difference),
      element("ul", {}, word.map((said) => element("li", {}, worded(said)))),
      element("p", { class: "hint" }, "Nothing else that you gave went into it."),
    ),
  ];
}

/** Writes a question into the form; false if the form has no place for it. Nothing is asked by this. */
export function fillQuestion(form, { ask, by = {}, ...rest }) {
  if (by.policy !== undefined) return false;
  const part = form.querySelector(`[data-ask="${CSS.escape(ask)}"]`);
  form.querySelector(`[name=ask][value="${CSS.escape(ask)}"]`).checked = true;
  for (const field of part.querySelectorAll("input, textarea:not([name=policy])")) field.value = "";
  const kind = by.keys ? "keys" : by.identity === undefined ? "digests" : "identity";
  if (ask === "published") part.querySelector("[name=by]").value = kind;
  if (ask === "same") part.querySelector("[name=level]").value = "config";
  for (const [name, value] of Object.entries({ ...rest, ...by })) {
    const field = part.querySelector(`[name="${CSS.escape(name)}"]`);
    if (field) field.value = [value].flat().join("\n");
  }
  showFields(form);
  return true;
}

/** The buttons below an answer. `receipt()` gives the receipt of this answer; `policy` is the address of a link's policy. */
export function keepView(given, { policy, receipt, say }) {
  const { checked } = given;
  // What a receipt's word is, is said where it is shown; kept is the report as it is.
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
    const { receiptMarkdown, reportMarkdown } = await part(() => import("./pkg/report/markdown.js"));
    const made = { checked: madeWords(given) };
    await copy(checked ? receiptMarkdown(checked, made) : reportMarkdown(report, made), "Copied as Markdown.");
  };
  const save = async () => {
    const given = await receipt();
    if (given === undefined) return;
    download("pullproof-receipt.json", given.receipt);
    say("The receipt was saved: it holds everything that you gave and what was fetched.");
  };
  return element(
    "section",
    { id: "keep", "aria-labelledby": "keep-title" },
    element("h3", { id: "keep-title" }, "Keep and share"),
    element(
      "div",
      { class: "row" },
      checked ? [] : button("Save receipt", save),
      button("Copy as Markdown", markdown),
      button("Save report (JSON)", () => (download("pullproof-report.json", `${JSON.stringify(report, undefined, 2)}\n`), say("The report was saved."))),
      button("Copy link", () => copy(linkTo(report.question, policy), "The link was copied: it asks this question again, and carries no answer.")),
    ),
    element("p", { class: "hint" }, "A receipt holds the question and all bytes of the answer, also what you pasted: paste or drop it here, or run pullproof check, to make the answer again offline. A link carries the question only."),
  );
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
