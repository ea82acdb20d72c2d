// A publisher's policy turns the page into "Verify images of Project X". The page's own is the one that its
// meta tag names. A link may name another (#policy=URL): wherever that is, also on this server, it is only
// asked about, and nothing is fetched before somebody pressed the button that names it. What is shown here
// is only the policy's own words: the module reads its text anew with every question, and refuses what is
// not strictly a policy.

import { dropPolicy, keepPolicy, keptPolicy } from "./cache.js";
import { minute } from "../pkg/report/words.js";
import { referencesIn, showFields } from "./question.js";
import { releasesView } from "./releases.js";
import { element, identifier, quoted, visible } from "../text.js";

// As long as a document may be.
const mostBytes = 4 * 2 ** 20;
// Characters of an address, which an answer has whole.
const longest = 4096;
const patience = 15_000;

/** The policy that is asked by, as it was read: `{ url, text, at, kept, linked, policy }`; one that was given has no `url`. */
let current;
/** What a link names and somebody has yet to decide about: a part of the page, or none. */
let offer = [];
// Counts the searches for a policy: only the last one counts.
let turns = 0;

/**
 * Where a policy is: `{ url, elsewhere }`; or `{ refused, why }`, without the address where it may hold a
 * password; or nothing if none is named.
 */
function policyAddress(named, base) {
  if (named === "") return undefined;
  if (named.length > longest) return { why: `expected an address of at most ${longest} characters, found ${named.length}` };
  if (!URL.canParse(named, base)) return { why: "expected an https address" };
  const url = new URL(named, base);
  if (url.username !== "" || url.password !== "") return { why: "expected an address without a user or a password in it" };
  // It is not sent, and so says nothing of what is fetched.
  url.hash = "";
  const elsewhere = url.origin === "null" || url.origin !== new URL(base).origin;
  return elsewhere && url.protocol !== "https:" ? { refused: named, why: "expected an https address" } : { url, elsewhere };
}

/** The policy that the page itself names, and another that a link names: each as above. */
export function policiesNamed(hash, meta, base) {
  const link = new URLSearchParams(hash.replace(/^#/, "")).get("policy") ?? "";
  const [own, named] = [meta, link].map((address) => policyAddress(address, base));
  const isOther = named !== undefined && (named.url === undefined || named.url.href !== own?.url?.href);
  return { own, linked: isOther ? { ...named, linked: true } : undefined };
}

/** True for the page's own policy, from beside the page. */
const isOwn = ({ elsewhere, linked = false, given }) => !elsewhere && !linked && given === undefined;

/**
 * A policy as `{ url, text, at }`: the newest there is. Only where the network gives no answer at all, that of the
 * page's own which was kept, and then `kept` is set: what the network does answer is never passed over.
 */
async function loadPolicy(address) {
  const { url, linked, given } = address;
  if (given !== undefined) return { text: given };
  let response;
  let body;
  try {
    // Not looked for where its address leads on to: somebody else may say there what was published.
    const how = { credentials: "omit", cache: "no-store", redirect: "manual", referrerPolicy: "no-referrer" };
    response = await fetch(url, { ...how, signal: AbortSignal.timeout(patience) });
    body = await response.arrayBuffer();
  } catch (error) {
    const kept = isOwn(address) ? await keptPolicy(url.href).catch(() => undefined) : undefined;
    if (kept === undefined) throw new Error(`expected a policy, found no answer: ${error?.message ?? error}`);
    return { url, ...kept, kept: true };
  }
  if (!response.ok) {
    if ([404, 410].includes(response.status) && isOwn(address)) await dropPolicy(url.href).catch(() => {});
    throw new Error(`expected a policy, found ${response.type === "opaqueredirect" ? "a redirect" : `status ${response.status}`}`);
  }
  if (body.byteLength > mostBytes) throw new Error(`expected at most ${mostBytes} bytes, found more`);
  return { url, linked, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body), at: new Date().toISOString() };
}

const asInForm = (text) => text.replace(/\r\n?/g, "\n").trim();

/** Where the policy of a question comes from, for the answer to say. */
export function sourceOf({ by }) {
  if (current?.url === undefined || by?.policy !== asInForm(current.text)) return undefined;
  const { url, text, at, kept = false, linked = false } = current;
  return { url: url.href, text, at, kept, linked };
}

/** The address of the policy of a question where a link named it. */
export function linkedPolicy(question) {
  const source = sourceOf(question);
  return source?.linked ? source.url : undefined;
}

/** False for a question by a policy that was given, which no link can hold. */
export const isLinkable = ({ by }) => by?.policy === undefined || (current?.url !== undefined && by.policy === asInForm(current.text));

/** A question by a policy, to hear what the module has against it. */
export const checkQuestion = (text) => ({ ask: "published", image: "docker.io/library/any", by: { policy: text } });

/** The project's heading, with `between` below it. */
function policyView({ project, why }, between) {
  return [element("h2", {}, "Verify images of ", quoted(project)), why === undefined ? [] : element("p", { class: "reason" }, quoted(why)), between].flat();
}

const box = document.getElementById("box");
const label = document.querySelector('label[for="box"]');
const place = document.getElementById("releases");
const words = label.textContent;
const releases = () => place.querySelector("fieldset");

/** The box and the table of releases are for this project. */
function showReleases(policy, verify) {
  const { project, names, releases } = policy;
  label.textContent = visible(`Your image of ${project.slice(0, 200)}: a tag, an image name, a docker pull command or pasted output`);
  const tag = releases[0]?.tag ?? "latest";
  box.dataset.examples = visible(`${tag}\ndocker pull ${names[0]}:${tag}`).replace("\\u{A}", "\n");
  if (box.placeholder.includes("\n")) box.placeholder = box.dataset.examples;
  place.querySelector("div").replaceChildren(releasesView(policy, verify));
  place.hidden = false;
}

/** Makes the policy one of the things that an author can be known by, and asks by it. True if it differs from the one before. */
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
  label.textContent = words;
  delete box.dataset.examples;
  place.hidden = true;
  const part = form.querySelector('[data-ask="published"]');
  const isAsked = part.querySelector("[name=by]").value === "policy";
  for (const made of part.querySelectorAll("textarea[name=policy], option[value=policy]")) made.remove();
  if (isAsked) showFields(form);
  return isAsked;
}

/**
 * Looks for a policy and shows what it offers in `place`, with `image` filled in. `check(text)` rejects a text that is not a policy;
 * `say` tells of what was done; the form `form` is filled in when an image is chosen, and then `asked({ fetch })` is called; `changed` is
 * called when an earlier policy, by which something may have been asked, gave way to another.
 */
export async function startPolicy(given) {
  const { place, form, changed } = given;
  const meta = document.querySelector('meta[name="pullproof-policy"]')?.content.trim() ?? "";
  const { own, linked } = policiesNamed(location.hash, meta, document.baseURI);
  // What is under way is for an earlier address, and a link's policy goes with the link.
  turns += 1;
  if (current?.linked && forgetPolicy(form)) changed();
  offer = linked === undefined ? [] : [linkedView(given, linked, own)];
  place.hidden = own === undefined && linked === undefined;
  // What the page has in its place from the beginning is there until the policy is.
  if (own === undefined || offer.length > 0 || document.body.classList.contains("offered")) put(place);
  return startOwn(given, own);
}

function put(place, ...content) {
  place.replaceChildren(...offer, ...content);
  document.body.classList.add("offered");
}

/** The policy that the page itself names. */
async function startOwn(given, own) {
  if (own === undefined) return undefined;
  if (own.url === undefined) return refuse(given, own.refused, own.why);
  if (!own.elsewhere) return show(given, own);
  return put(
    given.place,
    element("p", {}, "This page names a policy at ", identifier(own.url.href), ". Whoever serves it decides what counts as published."),
    element("div", { class: "row" }, element("button", { type: "button", onclick: () => show(given, own) }, `Fetch the policy from ${own.url.host}`)),
  );
}

/** The policy that a link names, until the user decides. */
function linkedView(given, linked, own) {
  if (linked.url === undefined) return refusal("The link’s policy", linked.refused, linked.why);
  const beside = own === undefined ? "" : ", which is not the policy of this page";
  const fetchLinked = () => {
    offer = own === undefined ? [] : [ownView(given, linked, own)];
    return show(given, linked, own);
  };
  return element(
    "div",
    { class: "notice" },
    element("p", {}, "The link to this page names a policy at ", identifier(linked.url.href), `${beside}. Whoever serves it decides what counts as published, so open it only if it is the publisher’s.`),
    element("div", { class: "row" }, element("button", { type: "button", onclick: fetchLinked }, `Fetch the policy from ${linked.url.host}`)),
  );
}

/** The way back to the page's own policy. */
function ownView(given, linked, own) {
  const back = () => {
    if (forgetPolicy(given.form)) given.changed();
    offer = [linkedView(given, linked, own)];
    return startOwn(given, own);
  };
  return element(
    "div",
    { class: "notice" },
    element("p", {}, "The policy below is the one that the link named, not the policy of this page."),
    element("div", { class: "row" }, element("button", { type: "button", class: "small", onclick: back }, "Go by the policy of this page")),
  );
}

/** Reads a policy and shows what it offers; `own`: where one that a link names cannot be read, the page's own stays. */
async function show(given, address, own) {
  const { check, say, form, changed } = given;
  const turn = (turns += 1);
  let read;
  let policy;
  try {
    read = await loadPolicy(address);
    if (turn !== turns) return;
    // Its words are there at once, and can be asked about when the module has read them as strictly as it does.
    draw(given, address, read);
    await check(read.text);
    if (turn !== turns) return;
    policy = JSON.parse(read.text);
    releases().disabled = false;
  } catch (error) {
    if (turn !== turns) return;
    const why = String(error?.message ?? error);
    if (own === undefined) return refuse(given, address.url?.href, why);
    offer = [refusal(address.linked ? "The link’s policy" : "The policy", address.url?.href, why)];
    return startOwn(given, own);
  }
  if (isOwn(address) && !read.kept) keepPolicy({ ...read, url: address.url.href }).catch(() => {});
  current = { ...read, policy };
  const isOther = askByPolicy(form, { text: read.text, project: policy.project });
  say(read.kept ? `Without a network: the policy of ${policy.project} as it was read on ${minute(read.at)}.` : `The policy of ${policy.project} was read.`);
  // The previous policy's answer no longer applies.
  if (isOther && form.querySelector("[name=by]").value === "policy") changed();
}

/** The policy's offer, before it is used; nothing if the text does not have the form of a policy: the module says why. */
function draw(given, address, read) {
  const { place, form, asked, image } = given;
  let policy;
  const verify = (image) => (askByPolicy(form, { text: read.text, project: policy.project, image }), asked());
  const between = read.kept ? keptNotice(read, () => show(given, address)) : [];
  try {
    policy = JSON.parse(read.text);
    showReleases(policy, verify);
    put(place, ...policyView(policy, between), premise(read));
  } catch {
    return;
  }
  document.body.classList.add("publisher");
  if (image !== undefined && box.value === "") box.value = image;
  document.title = visible(`Verify images of ${policy.project}`).slice(0, 200);
}

function premise({ url, linked }) {
  const which = url === undefined ? "the policy that was dropped here" : ["the policy at ", identifier(url.href), linked ? ", which the link to this page named," : ""];
  return element("p", { class: "hint premise" }, "“Published” here means what ", which, " says. Every answer depends on it.");
}

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
  put(place, refusal("The policy", address, why));
  say("The policy cannot be used.");
}

/** The reason a policy cannot be used; its address is left out where it may hold a secret. */
const refusal = (what, address, why) =>
  element("p", { class: "notice" }, what, address === undefined ? "" : [" at ", identifier(address)], " cannot be used: ", quoted(why));

// By a policy.

/** Asks whether an image is what the project published, if there is a policy. True if the form asks so now. */
export function askWhetherPublished(form, image) {
  if (current === undefined) return false;
  askByPolicy(form, { text: current.text, project: current.policy.project, image });
  return true;
}

/** A repository's name in full, as reports have it. */
function full(name) {
  const [host, ...rest] = name.split("/");
  if (rest.length > 0 && (/[.:]/.test(host) || host === "localhost")) return name;
  return rest.length > 0 ? `docker.io/${name}` : `docker.io/library/${name}`;
}

const version = /^v?\d{1,4}(?:\.\d+)*(?:[-+.]\w+)*$/;

/** A text that is only a release's tag, or only a digest, as the image of the project that has it; any other as it is. */
export function asImage(text) {
  if (current === undefined) return text;
  const { names, releases } = current.policy;
  const word = text.trim();
  const [, hex] = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(word) ?? [];
  if (hex !== undefined) return `${full(names[0])}@sha256:${hex.toLowerCase()}`;
  return word === "latest" || version.test(word) || releases.some(({ tag }) => tag === word) ? `${full(names[0])}:${word}` : text;
}

/**
 * The image of the project that pieces are about: by name, or else by the digest of a document. `findings` are in them. Where
 * `asked` is asked about already, they may be evidence for that: only another image by its name is one.
 */
export function imageIn(findings, report, asked) {
  if (current === undefined || findings.length === 0) return undefined;
  const { names, mirrors = [], releases } = current.policy;
  const repositories = new Set([...names, ...mirrors].map(full));
  const named = referencesIn(...findings);
  const covered = named.findLast((image) => repositories.has(image.replace(/:[^/:]*$/, "")));
  if (asked !== undefined) return named.includes(asked.replace(/@.*$/, "")) ? undefined : covered;
  if (named.length > 0) return covered ?? named.at(-1);
  const listed = new Set(releases.flatMap(({ digests = [] }) => digests));
  const held = report.claims.filter(({ statement }) => ["bytes", "candidate"].includes(statement.kind)).map(({ statement }) => statement.digest);
  const isImage = /index|manifest/.test(report.subject?.kind ?? "");
  const digest = held.find((one) => listed.has(one)) ?? (isImage ? report.subject.digest : undefined);
  return digest === undefined ? undefined : `${full(names[0])}@${digest}`;
}

/** A policy that was dropped or pasted, until somebody decides to go by it. */
export function offerPolicy(given, text) {
  let policy;
  try {
    policy = JSON.parse(text);
  } catch {
    return;
  }
  const use = () => {
    offer = [];
    return show(given, { given: text });
  };
  const project = typeof policy.project === "string" ? policy.project : "a project";
  offer = [element(
    "div",
    { class: "notice" },
    element("p", {}, "This is a policy: it says which images ", quoted(project), " published. Whoever wrote it decides what counts as published, so use it only if it is the publisher’s."),
    element("div", { class: "row" }, element("button", { type: "button", onclick: use }, "Verify images by this policy")),
  )];
  given.place.hidden = false;
  given.place.querySelectorAll(".notice").forEach((notice) => notice.remove());
  given.place.prepend(...offer);
  document.body.classList.add("offered");
  given.say("A policy was recognised: it can be used to verify images.");
}
