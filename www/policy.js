// A publisher's policy: found beside the page or named in its address (#policy=URL), it turns the page
// into "Verify images of Project X". Nothing is fetched from anywhere else before somebody pressed a
// button that names it. What is shown here is only the policy's own words: the module reads its text
// anew with every question, and refuses what is not strictly a policy.

import { showFields } from "./question.js";
import { element, identifier, quoted, visible } from "./text.js";

// As long as a document may be.
const mostBytes = 4 * 2 ** 20;
// Releases that can be chosen from; others can be typed.
const mostShown = 500;

/** Where the policy is: `{ url, elsewhere }`, or `{ refused }`, or nothing if none is named. */
export function policyAddress(hash, own, base) {
  const named = new URLSearchParams(hash.replace(/^#/, "")).get("policy") ?? own;
  if (named === "") return undefined;
  const url = URL.canParse(named, base) ? new URL(named, base) : undefined;
  if (url?.origin === new URL(base).origin && url.origin !== "null") return { url, elsewhere: false };
  if (url?.protocol === "https:" && !url.username && !url.password) return { url, elsewhere: true };
  return { refused: named };
}

/** The text of a policy. It is not looked for where its address leads on to. */
export async function loadPolicy(url) {
  const response = await fetch(url, { credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`expected a policy, found status ${response.status}`);
  const body = await response.arrayBuffer();
  if (body.byteLength > mostBytes) throw new Error(`expected at most ${mostBytes} bytes, found more`);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
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

/** Makes the policy one of the things that an author can be known by, and asks by it. */
export function askByPolicy(form, { text, project, image }) {
  const part = form.querySelector('[data-ask="published"]');
  let kept = part.querySelector("textarea[name=policy]");
  if (!kept) {
    kept = element("textarea", { name: "policy", hidden: true });
    part.append(kept);
    part.querySelector("[name=by]").append(element("option", { value: "policy" }));
  }
  kept.value = text;
  part.querySelector("option[value=policy]").textContent = `the policy of ${visible(project).slice(0, 100)}`;
  if (image === undefined) return;
  form.querySelector("[name=ask][value=published]").checked = true;
  part.querySelector("[name=by]").value = "policy";
  part.querySelector("[name=image]").value = image;
  showFields(form);
}

/**
 * Looks for a policy and shows what it offers in `place`, with `image` filled in. `check(text)` rejects what is none; `say` tells
 * of what was done; the form `form` is filled in when an image is chosen, and then `asked` is called.
 */
export async function startPolicy(given) {
  const { place } = given;
  const own = document.querySelector('meta[name="pullproof-policy"]')?.content.trim() ?? "";
  const address = policyAddress(location.hash, own, document.baseURI);
  place.replaceChildren();
  place.hidden = address === undefined;
  if (address === undefined) return;
  if (address.refused !== undefined) return refuse(given, address.refused, "expected an https address");
  if (!address.elsewhere) return show(given, address.url);
  const start = () => show(given, address.url);
  place.append(
    element("p", {}, "The link to this page names a policy at ", identifier(address.url.href), ". Whoever serves it decides what counts as published, so open it only if it is the publisher’s."),
    element("div", { class: "row" }, element("button", { type: "button", onclick: start }, `Fetch the policy from ${address.url.host}`)),
  );
}

async function show(given, url) {
  const { place, check, say, form, asked, image: linked } = given;
  let text;
  let policy;
  try {
    text = await loadPolicy(url);
    await check(text);
    policy = JSON.parse(text);
  } catch (error) {
    return refuse(given, url.href, String(error?.message ?? error));
  }
  askByPolicy(form, { text, project: policy.project });
  const from = element("p", { class: "hint" }, "As the policy at ", identifier(url.href), " says. It is the premise of every answer by it.");
  place.replaceChildren(...policyView(policy, (image) => (askByPolicy(form, { text, project: policy.project, image }), asked()), linked), from);
  say(`The policy of ${policy.project} was read.`);
}

function refuse({ place, say }, address, why) {
  place.replaceChildren(element("p", { class: "notice" }, "The policy at ", identifier(address), " cannot be used: ", quoted(why)));
  say("The policy cannot be used.");
}
