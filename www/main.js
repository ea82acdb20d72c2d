// The page as it is first seen: it starts the worker with the module that checks, and takes what is given, which is
// read once the module is there. What asks and shows (desk.js and all that it needs) is loaded when somebody begins
// to use the page, or when the page's address asks for something.

import { Checker } from "./worker/checker.js";
import { part } from "./part.js";

const at = (id) => document.getElementById(id);
const box = at("box");
let desk;
let loaded;

const checker = new Checker(() => loaded?.workerReplaced());

if (window.top === window.self) begin();
else refuseFrame();

async function begin() {
  enable(true);
  // On a touch screen the keyboard would cover half of the page; and what the address asks for comes first.
  if (!window.matchMedia("(pointer: coarse)").matches && !(location.hash.length > 1) && !namedPolicy()) box.focus();
  takeEvents();
  const loading = at("status").textContent;
  const follow = () => tell(({ followAddress }) => followAddress());
  const policy = namedPolicy();
  // A publisher's page is there as soon as its policy is.
  if (policy) follow();
  const ready = await load();
  if (ready === undefined) return;
  // Of what was given meanwhile something was said already.
  if (at("status").textContent === loading) {
    at("status").textContent = "Ready.";
    at("status").classList.add("aside");
  }
  if (!policy && location.hash.length > 1) follow();
  window.addEventListener("hashchange", follow);
  // Where it cannot be kept the page works as well.
  if ("serviceWorker" in navigator && window.isSecureContext) keepOffline().catch(() => {});
}

/** The address of the publisher's policy, on a publisher's page. */
function namedPolicy() {
  return document.querySelector('meta[name="pullproof-policy"]')?.content.trim();
}

/** Keeps the page for offline use; offline.js says when it does not. */
async function keepOffline() {
  const registered = await navigator.serviceWorker.getRegistration(document.baseURI);
  const { keepOffline: keep } = await offline();
  await keep(registered);
}

const offline = () => part(() => import("./offline.js"));

/**
 * Has what reads and answers do something: at once if it is here, so that no old answer stays meanwhile. `lost` is called
 * where it cannot be had.
 */
function tell(work, lost = () => {}) {
  if (loaded === undefined) return open().then(work, lost);
  return work(loaded);
}

/** Loads what reads and answers. */
function open() {
  desk ??= part(() => import("./desk.js")).then((found) => {
    found.begin({ checker, load });
    loaded = found;
    return found;
  });
  // What could not be loaded may be tried again.
  desk.catch((error) => {
    desk = undefined;
    at("status").textContent = `${error.message} Nothing was checked.`;
    at("status").classList.remove("aside");
  });
  return desk;
}

/** Waits for the module, or says why it could not be loaded. */
async function load() {
  try {
    const ready = await checker.ready();
    at("stuck").hidden = true;
    return ready;
  } catch (error) {
    at("stuck").hidden = true;
    enable(false);
    await tell(({ couldNotStart }) => couldNotStart(error));
    return undefined;
  }
}

function enable(on) {
  for (const controls of document.querySelectorAll(".controls")) controls.disabled = !on;
}

/** In a frame, whoever framed it could draw over the answer; a policy in a meta tag cannot forbid it. */
function refuseFrame() {
  at("unframed").href = location.href;
  at("framed").hidden = false;
  for (const part of [at("giving"), at("trying"), at("asking"), at("private"), at("status"), at("stuck")]) part.hidden = true;
}

// The input.

function takeEvents() {
  // The first sign that somebody is about to use the page.
  for (const sign of ["pointermove", "pointerdown", "focusin", "keydown", "dragenter"]) {
    document.addEventListener(sign, () => !box.matches(":disabled") && open().catch(() => {}), { once: true, passive: true });
  }
  document.addEventListener("submit", (event) => event.preventDefault());
  at("giving").addEventListener("submit", takeBox);
  document.addEventListener("paste", takePaste);
  document.addEventListener("dragover", showDrop);
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && hideDrop());
  document.addEventListener("drop", takeDrop);
  box.addEventListener("keydown", submitLine);
  box.addEventListener("input", () => tell(({ typing }) => typing()));
  at("files").addEventListener("change", takeChosen);
  at("question").addEventListener("input", () => tell(({ questionChanged }) => questionChanged()));
  at("credentials").addEventListener("submit", () => tell(({ keepCredentials }) => keepCredentials()));
  at("examples").addEventListener("click", takeExample);
  at("page-check").addEventListener("toggle", showPageCheck, { once: true });
}

async function showPageCheck() {
  try {
    await (await offline()).showCheck();
  } catch (error) {
    at("status").textContent = error.message;
    at("status").classList.remove("aside");
  }
}

/** On a touch screen the keyboard would lie over the answer. */
function closeKeyboard() {
  if (window.matchMedia("(pointer: coarse)").matches) box.blur();
}

function takeBox() {
  const text = box.value;
  closeKeyboard();
  tell(({ take }) => {
    box.value = "";
    take(text, "typed");
  });
}

/** Enter hands in what was typed; with Shift it breaks the line, and while letters are composed it chooses them. */
function submitLine(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("giving").requestSubmit();
}

/** Whatever is dropped anywhere is taken. */
function showDrop(event) {
  event.preventDefault();
  document.body.classList.toggle("dropping", !box.matches(":disabled"));
}

const hideDrop = () => document.body.classList.remove("dropping");

/** A paste anywhere but into a field is evidence, and one into the empty box as well. */
function takePaste(event) {
  const field = event.target.closest?.("input, textarea, select");
  if (event.defaultPrevented || box.matches(":disabled") || (field && (field !== box || box.value !== ""))) return;
  takeTransfer(event, event.clipboardData, "pasted");
}

function takeDrop(event) {
  event.preventDefault();
  hideDrop();
  if (!box.matches(":disabled")) takeTransfer(event, event.dataTransfer, "dropped");
}

/** The files of a transfer; a folder as an entry, which there is only while the event is handled. */
function filesOf(transfer) {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === "file");
  return items.map((item) => {
    const entry = item.webkitGetAsEntry?.();
    return entry?.isDirectory ? entry : item.getAsFile();
  });
}

function takeTransfer(event, transfer, origin) {
  const [files, text] = [filesOf(transfer), transfer?.getData("text/plain") ?? ""];
  if (text.trim() === "" && files.length === 0) return;
  event.preventDefault();
  closeKeyboard();
  // A text that nobody took must not be lost.
  const back = () => text !== "" && box.value === "" && (box.value = text);
  tell(({ giveFiles, take }) => (files.length > 0 ? giveFiles(files) : take(text, origin)), back);
}

function takeChosen({ target }) {
  const files = [...target.files];
  target.value = "";
  tell(({ giveFiles }) => giveFiles(files));
}

function takeExample({ target }) {
  const button = target.closest("button");
  if (button) tell(({ takeExample: take }) => take(button.value, button.querySelector(".title").textContent));
}
