// "Which digest is this?": the digest itself, whole, to copy, and its exact bytes to save.

import { compare } from "../pkg/report/compare.js";
import { ofKind } from "../pkg/report/sections.js";
import { sayUnseen } from "../status.js";
import { copyButton, element, visible, worded } from "../text.js";

/** The digest of the one document that the answer is about, with the number of bytes and their form; else nothing. */
export function digestView(report, bytesOf) {
  const { digest, size, form, meaning } = subjectOf(report);
  if (digest === undefined) return [];
  const code = element("code", { class: "whole-digest", dir: "ltr" }, visible(digest));
  const bytes = size === undefined ? [] : [`${Number(size).toLocaleString("en")} bytes`];
  // The sentence has the form, where the answer is one document.
  const isSaid = form !== undefined && report.summary.includes(form);
  const about = isSaid ? "" : [...bytes, ...(form === undefined ? [] : [form]), ...(meaning === undefined ? [] : [meaning])].join(", ");
  return [
    element(
      "div",
      { class: "digest-row" },
      element("div", { class: "row" }, code, copyButton(digest), bytesOf === undefined ? [] : saveButton(digest, bytesOf)),
      about === "" ? [] : element("p", { class: "hint" }, worded(`${about}.`)),
      compareView(report),
    ),
  ];
}

/** What the report says the answer is about; or the likeliest digest of a text, or the one document that no other names. */
export function subjectOf(report) {
  if (report.question.ask !== "what") return {};
  if (report.subject !== undefined) return report.subject;
  const [candidate] = ofKind(report, "candidate");
  if (candidate !== undefined) return candidate.statement;
  const named = new Set(ofKind(report, "names", "refers").map(({ statement }) => statement.digest));
  const tops = ofKind(report, "bytes").filter(({ statement, standing }) => standing.is === "proven" && !named.has(statement.digest));
  return tops.length === 1 ? tops[0].statement : {};
}

const marks = { equal: "✓", different: "✗", prefix: "?", open: "…", none: "!" };
const standings = { equal: "proven", different: "contradicted", prefix: "stated", open: "missing", none: "missing" };

/** A field for the digest that somebody was given: whether it is this one is answered while it is typed. */
function compareView(report) {
  const field = element("input", { name: "compare", spellcheck: "false", autocapitalize: "off", autocomplete: "off", placeholder: "sha256:…" });
  const result = element("p", { class: "compared-with" });
  field.addEventListener("input", () => {
    if (field.value.trim() === "") return result.replaceChildren();
    const { is, text } = compare(report, field.value);
    result.className = `compared-with ${standings[is]}`;
    result.replaceChildren(element("span", { class: "tick", "aria-hidden": "true" }, marks[is]), element("span", {}, worded(text)));
    return sayUnseen(text);
  });
  return element("div", { class: "compare" }, element("label", {}, "Compare with the digest you were given ", field), result);
}

function saveButton(digest, bytesOf) {
  const button = element("button", { type: "button", class: "small" }, "Save the exact bytes");
  button.addEventListener("click", async () => {
    const bytes = await bytesOf(digest);
    if (bytes === undefined) return void (button.textContent = "Not saved: the bytes are not here");
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    element("a", { href: url, download: `${digest.replace(":", "-")}.json` }).click();
    // After the browser has begun to read it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return button;
}
