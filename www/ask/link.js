// A question in the address of the page: #ask=same&left=…&right=…. It is read strictly, carries a
// question and what is expected, never evidence and never a verdict; and it only fills the form.
// What came from the link is said, before it is asked and beside the answer.

import { element, identifier, quoted } from "../text.js";
import { fieldsOf, trustOf } from "./question.js";

// Characters of all of it; more than any question needs.
const longest = 8000;
const levels = ["index", "manifest", "config", "rootfs"];
const keys = {
  what: ["image", "signatures"],
  same: ["left", "right", "level", "platform"],
  published: ["image", "platform", "digests", "keys", "identity", "identityPattern", "issuer", "source", "signatures"],
};
const labels = {
  image: "Image",
  left: "The author’s image",
  right: "The image you have",
  level: "What has to match",
  platform: "Platform",
  digests: "Digests that the author is known by",
  keys: "Keys that the author is known by",
  identity: "Identity of the author",
  identityPattern: "Pattern of the author’s identity",
  issuer: "Issuer",
  source: "Repository that it has to be built from",
  signatures: "Other repositories with its signatures",
  policy: "Policy that the author is known by",
};
const listed = ["digests", "keys", "signatures"];
const images = ["image", "left", "right"];
const asks = { what: "What is this?", same: "Is one image the same as another?", published: "Is it what its author published?" };

let linked;
/** The values that links wrote into fields of the form, and the images among that: the form copies those from field to field. */
const written = new Map();
const brought = new Set();
/** Fields that somebody has changed since. */
const typed = new WeakSet();

/** The question in an address's fragment: `{ question, fields }`, `{ refused }`, or nothing. */
export function readLink(hash) {
  const text = hash.replace(/^#/, "");
  const given = [...new URLSearchParams(text)];
  if (!given.some(([key]) => key === "ask")) return undefined;
  if (text.length > longest) return { refused: `expected at most ${longest} characters, found ${text.length}` };
  const fields = Object.fromEntries(given);
  const { ask, policy, ...rest } = fields;
  if (!Object.hasOwn(keys, ask)) return { refused: `expected ${Object.keys(keys).join(", ")} after ask, found ${ask}` };
  if (given.length !== Object.keys(fields).length) return { refused: "expected each key once, found one twice" };
  const unknown = Object.keys(rest).find((key) => !keys[ask].includes(key));
  if (unknown !== undefined) return { refused: `expected ${keys[ask].join(", ")}, found ${unknown}` };
  if (rest.level !== undefined && !levels.includes(rest.level)) return { refused: `expected ${levels.join(", ")}, found ${rest.level}` };
  // As the form would keep them: else what came from the link could no longer be told from the rest.
  const odd = Object.keys(rest).find((key) => (listed.includes(key) ? /[\s\p{C}]/u : /^\s|\s$|^$|[\p{C}\p{Zl}\p{Zp}]/u).test(rest[key]));
  if (odd !== undefined) return { refused: `expected ${odd} without spaces around it, found some, or nothing` };
  const by = ["digests", "keys", "identity", "identityPattern"].filter((key) => rest[key] !== undefined);
  if (by.length > 1) return { refused: `expected one of ${by.join(" and ")}, found both` };
  if (rest.digests !== undefined && rest.source !== undefined) return { refused: "expected source beside a signer, found digests" };
  // A question by the publisher's policy: the one that the link names, or the page's own.
  const policed = ask === "published" && by.length === 0 && rest.issuer === undefined && rest.source === undefined;
  return { question: questionOf(ask, rest), fields: policed && policy !== undefined ? { ...rest, policy } : rest, policed };
}

/** The image of a question by a policy that a link brought, for the policy's own form. */
export const policedImage = () => (linked?.policed ? linked.fields.image : undefined);

function questionOf(ask, { signatures, ...fields }) {
  const asked = authorOf(ask, fields);
  return signatures === undefined ? asked : { ...asked, signatures: signatures.split(",").filter((word) => word !== "") };
}

function authorOf(ask, { digests, keys: ids, identity, identityPattern, issuer, source, ...rest }) {
  if (ask !== "published") return { ask, ...rest };
  const words = (text) => text.split(",").filter((word) => word !== "");
  if (ids !== undefined) return { ask, ...rest, by: trustOf({ keys: words(ids), source }) };
  if (digests !== undefined) return { ask, ...rest, by: { digests: words(digests) } };
  if ([identity, identityPattern, issuer, source].every((value) => value === undefined)) return { ask, ...rest };
  const name = identityPattern === undefined ? { identity: identity ?? "" } : { identityPattern };
  return { ask, ...rest, by: trustOf({ ...name, issuer: issuer ?? "", source }) };
}

/** The address of this page with a question; `policy`: the address of its policy, where that is not the page's own. */
export function linkTo(question, policy) {
  const { by = {}, ask, ...rest } = question;
  const values = Object.entries({ ...rest, ...fieldsOf(by) }).filter(([key, value]) => keys[ask].includes(key) && value !== undefined);
  const fragment = new URLSearchParams([["ask", ask], ...values.map(([key, value]) => [key, [value].flat().join(",")])]);
  if (policy !== undefined) fragment.set("policy", policy);
  return `${location.href.split("#")[0]}#${fragment}`;
}

/**
 * The fields of a question of the form that a link wrote and nobody has changed: whoever made the link
 * chose them, however long ago it was opened. `policy`: whether a link named its policy.
 */
export function linkedFields(form, { ask, by = {}, ...rest }, policy) {
  const isLinked = (name) => {
    const field = form.querySelector(`[data-ask="${ask}"] [name="${name}"]`);
    if (field === null || typed.has(field)) return false;
    return written.get(field) === field.value || (images.includes(name) && brought.has(field.value.trim()));
  };
  // A repository of signatures says nothing of whom to trust.
  const fields = Object.keys(rest).filter((name) => name !== "signatures" && isLinked(name));
  return policy || Object.keys(fieldsOf(by) ?? {}).some(isLinked) ? ["by", ...fields] : fields;
}

/** Takes note of what a link wrote into the form. */
function remember(form, { ask }, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.querySelector(`[data-ask="${ask}"] [name="${name}"]`);
    if (field === null) continue;
    typed.delete(field);
    written.set(field, field.value);
    if (images.includes(name)) brought.add(value);
  }
}

/** True if the page itself names a policy. */
const hasPolicy = () => Boolean(document.querySelector('meta[name="pullproof-policy"]')?.content.trim());

/** Shows what a link brought in front of `before`; `fill(question)` writes it into the form `form`. */
export function startLink({ before, form, fill, ask, say }) {
  form.addEventListener("input", noteTyped);
  document.getElementById("linked")?.remove();
  linked = undefined;
  const found = readLink(location.hash);
  if (found === undefined) return;
  const show = (...content) => before.before(element("section", { id: "linked", class: "notice", "aria-label": "From the link" }, content));
  if (found.refused !== undefined) {
    show(element("p", {}, "The link to this page cannot be read, and nothing was taken from it: ", quoted(found.refused)));
    return void say("The link cannot be read.");
  }
  fill(found.question);
  remember(form, found.question, found.fields);
  linked = found;
  show(
    element("p", {}, "This question came from the link to this page, not from you. Nothing was asked or fetched yet."),
    element("p", { class: "between" }, asks[found.question.ask]),
    element("ul", {}, Object.entries(found.fields).map(([key, value]) =>
      element("li", {}, `${labels[key]}: `, listed.includes(key) ? value.split(",").map((one) => [quoted(one), " "]) : quoted(value)))),
    element("p", { class: "hint" }, "Continue only if this is what you want to check: the link’s author chose it."),
    found.policed && (hasPolicy() || found.fields.policy !== undefined)
      ? element("p", { class: "hint" }, "It is asked with the publisher’s policy, below.")
      : element("div", { class: "row" }, element("button", { type: "button", onclick: ask }, "Check this")),
  );
  say("The link brought a question.");
}

const noteTyped = ({ target }) => typed.add(target);

/**
 * What to say above an answer of which a link brought a part; `policy` is the address of its policy, where a link
 * named that. It takes the place of what was shown before anything was asked.
 */
export function linkNotice({ by = {}, linked: fields = [] } = {}, policy) {
  const shown = document.getElementById("linked");
  if (shown?.contains(document.activeElement)) document.getElementById("answer").focus();
  shown?.remove();
  if (fields.length === 0) return [];
  const names = fields.flatMap((field) => (field === "by" ? Object.keys(fieldsOf(by) ?? by).filter((key) => Object.hasOwn(labels, key)) : [field]));
  const said = ["image", ...names.filter((name) => name !== "image")].filter((name) => names.includes(name)).map((name) => labels[name].toLowerCase());
  const address = policy === undefined ? [] : [" (", identifier(policy), ")"];
  return [element("p", { class: "notice" }, `The expectation came from the link to this page, not from you: ${said.join(", ")}`, address, ".")];
}
