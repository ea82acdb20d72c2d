// A publisher's policy: found beside the page or named in its address (#policy=URL), it turns the page
// into "Verify images of Project X". Nothing is fetched from anywhere else before somebody pressed a
// button that names it. What is shown here is only the policy's own words: the module reads its text
// anew with every question, and refuses what is not strictly a policy.

import { dropPolicy, keepPolicy, keptPolicy } from "./kept.js";
import { minute } from "./pkg/report/words.js";
import { showFields } from "./question.js";
import { element, identifier, quoted, visible } from "./text.js";

// As long as a document may be.
const mostBytes = 4 * 2 ** 20;
// Releases that can be chosen from; others can be typed.
const mostShown = 500;
const patience = 15_000;

/** The policy that is asked by, as it was read: `{ url, text, at, kept }`. */
let current;

/** Where the policy is: `{ url, elsewhere }`, or `{ refused }`, or nothing if none is named. */
export function policyAddress(hash, own, base) {
  const named = new URLSearchParams(hash.replace(/^#/, "")).get("policy") ?? own;
  if (named === "") return undefined;
  const url = URL.canParse(named, base) ? new URL(named, base) : undefined;
  if (url?.origin === new URL(base).origin && url.origin !== "null") return { url, elsewhere: false };
  if (url?.protocol === "https:" && !url.username && !url.password) return { url, elsewhere: true };
  return { refused: named };
}

/**
 * A policy as `{ url, text, at }`: the newest there is. Only where the network gives no answer at all, that of the
 * page's own which was kept, and then `kept` is set: what the network does answer is never passed over.
 */
async function loadPolicy({ url, elsewhere }) {
  let response;
  let body;
  try {
    // Not looked for where its address leads on to: somebody else may say there what was published.
    const how = { credentials: "omit", cache: "no-store", redirect: "manual", referrerPolicy: "no-referrer" };
    response = await fetch(url, { ...how, signal: AbortSignal.timeout(patience) });
    body = await response.arrayBuffer();
  } catch (error) {
    const kept = elsewhere ? undefined : await keptPolicy(url.href).catch(() => undefined);
    if (kept === undefined) throw new Error(`expected a policy, found no answer: ${error?.message ?? error}`);
    return { url, ...kept, kept: true };
  }
  if (!response.ok) {
    if ([404, 410].includes(response.status) && !elsewhere) await dropPolicy(url.href).catch(() => {});
    throw new Error(`expected a policy, found ${response.type === "opaqueredirect" ? "a redirect" : `status ${response.status}`}`);
  }
  if (body.byteLength > mostBytes) throw new Error(`expected at most ${mostBytes} bytes, found more`);
  return { url, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body), at: new Date().toISOString() };
}

const asInForm = (text) => text.replace(/\r\n?/g, "\n").trim();

/** Where the policy of a question comes from, for the answer to say. */
export function sourceOf({ by }) {
  if (current === undefined || by?.policy !== asInForm(current.text)) return undefined;
  const { url, text, at, kept = false } = current;
  return { url: url.origin + url.pathname, text, at, kept };
}

/** A question by a policy, to hear what the module has against it. */
export const checkQuestion = (text) => ({ ask: "published", image: "docker.io/library/any", by: { policy: text } });

/** The project's heading, and a form that chooses one of its images, or `image`; `ask(image)` is called with it. */
export function policyView(policy, ask, image) {
  const { project, why, names, mirrors = [], releases } = policy;
  const option = (value) => element("option", { value }, visible(value));
  const select = (name, values) => element("select", { name }, values.map(option));
  const repositories = select("repository", [...names, ...mirrors]);
  const tags = select("release", releases.slice(0, mostShown).map(({ tag }) => tag));
  const other = element("input", { name: "other", spellcheck: "false", autocapitalize: "off", autocomplete: "off" });
  if (image !== undefined) other.value = image;
  const note = element("p", { class: "hint" });
  const tell = () => {
    const chosen = releases.find(({ tag }) => tag === tags.value);
    note.replaceChildren(...(chosen?.note ? [quoted(chosen.note)] : []));
  };
  tags.addEventListener("change", tell);
  tell();
  const submit = (event) => {
    event.preventDefault();
    ask(other.value.trim() || `${repositories.value}:${tags.value}`);
  };
  return [
    element("h2", {}, "Verify images of ", quoted(project)),
    why === undefined ? undefined : element("p", { class: "hint" }, quoted(why)),
    element(
      "form",
      { "aria-label": "Image of the project", autocomplete: "off", onsubmit: submit },
      element(
        "fieldset",
        { class: "plain fields" },
        element("label", {}, "Published at ", repositories),
        element("label", {}, "Release ", tags),
        note,
        element("label", {}, "Or another image, with its tag or digest (optional) ", other),
        element("div", { class: "row" }, element("button", { type: "submit" }, "Is it what was published?")),
      ),
    ),
  ].filter(Boolean);
}

/** Makes the policy one of the things that an author can be known by, and asks by it. True if it is another than before. */
function askByPolicy(form, { text, project, image }) {
  const part = form.querySelector('[data-ask="published"]');
  let kept = part.querySelector("textarea[name=policy]");
  if (!kept) {
    kept = element("textarea", { name: "policy", hidden: true });
    part.append(kept);
    part.querySelector("[name=by]").append(element("option", { value: "policy" }));
  }
  const isOther = kept.value.trim() !== asInForm(text);
  kept.value = text;
  part.querySelector("option[value=policy]").textContent = `the policy of ${visible(project).slice(0, 100)}`;
  if (image === undefined) return isOther;
  form.querySelector("[name=ask][value=published]").checked = true;
  part.querySelector("[name=by]").value = "policy";
  part.querySelector("[name=image]").value = image;
  showFields(form);
  return isOther;
}

/** Takes the policy away again. True if it was what something is asked by. */
function forgetPolicy(form) {
  current = undefined;
  const part = form.querySelector('[data-ask="published"]');
  const isAsked = part.querySelector("[name=by]").value === "policy";
  for (const made of part.querySelectorAll("textarea[name=policy], option[value=policy]")) made.remove();
  if (isAsked) showFields(form);
  return isAsked;
}

/**
 * Looks for a policy and shows what it offers in `place`, with `image` filled in. `check(text)` rejects what is none;
 * `say` tells of what was done; the form `form` is filled in when an image is chosen, and then `asked` is called; `changed` is
 * called when an earlier policy, by which something may have been asked, gave way to another.
 */
export async function startPolicy(given) {
  const { place } = given;
  const own = document.querySelector('meta[name="pullproof-policy"]')?.content.trim() ?? "";
  const address = policyAddress(location.hash, own, document.baseURI);
  place.replaceChildren();
  place.hidden = address === undefined;
  if (address === undefined) return;
  if (address.refused !== undefined) return refuse(given, address.refused, "expected an https address");
  if (!address.elsewhere) return show(given, address);
  const start = () => show(given, address);
  place.append(
    element("p", {}, "The link to this page names a policy at ", identifier(address.url.href), ". Whoever serves it decides what counts as published, so open it only if it is the publisher’s."),
    element("div", { class: "row" }, element("button", { type: "button", onclick: start }, `Fetch the policy from ${address.url.host}`)),
  );
}

async function show(given, address) {
  const { place, check, say, form, asked, changed, image: linked } = given;
  let read;
  let policy;
  try {
    read = await loadPolicy(address);
    await check(read.text);
    policy = JSON.parse(read.text);
  } catch (error) {
    return refuse(given, address.url.href, String(error?.message ?? error));
  }
  if (!read.kept && !address.elsewhere) keepPolicy({ ...read, url: address.url.href }).catch(() => {});
  current = read;
  const { text } = read;
  const isOther = askByPolicy(form, { text, project: policy.project });
  const view = policyView(policy, (image) => (askByPolicy(form, { text, project: policy.project, image }), asked()), linked);
  place.replaceChildren(...view, read.kept ? keptNotice(read, () => show(given, address)) : premise(read));
  say(read.kept ? `Without a network: the policy of ${policy.project} as it was read on ${minute(read.at)}.` : `The policy of ${policy.project} was read.`);
  // An answer by the policy before is none by this one.
  if (isOther && form.querySelector("[name=by]").value === "policy") changed();
}

const premise = ({ url }) => element("p", { class: "hint" }, "As the policy at ", identifier(url.href), " says. It is the premise of every answer by it.");

/** Before any answer: which policy this is, and what it cannot know. */
const keptNotice = ({ url, at }, again) =>
  element(
    "div",
    { class: "notice" },
    element("p", {}, "The policy at ", identifier(url.href), ` could not be had now. This is the one that was read there on ${minute(at)}, and kept with this page. A newer one may exist; every answer by this one says so.`),
    element("div", { class: "row" }, element("button", { type: "button", class: "small", onclick: again }, "Look for the newest")),
  );

function refuse({ place, form, say, changed }, address, why) {
  // Nor by an earlier one, which was to give way to this.
  if (forgetPolicy(form)) changed();
  place.replaceChildren(element("p", { class: "notice" }, "The policy at ", identifier(address), " cannot be used: ", quoted(why)));
  say("The policy cannot be used.");
}
