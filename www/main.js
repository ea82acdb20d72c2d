// The page: takes what is given, asks the worker, shows the answer. Whenever anything changes, the
// answer to what was before goes first.

import { Checker, Refused } from "./checker.js";
import { watchCredentials } from "./credentials.js";
import { filesOf } from "./dropped.js";
import { cutSecrets, piece, readFiles } from "./evidence.js";
import { askExample, showExamples } from "./examples.js";
import { gatewayAddress, progressView, progressWords } from "./fetching.js";
import { fetchedItem, fetchedWords, makeItem, toolsOf, updateItem } from "./given.js";
import { fillQuestion, isReceipt, keepView, receiptView } from "./keep.js";
import { linkNotice, startLink } from "./link.js";
import { startOffline } from "./offline.js";
import { checkQuestion, startPolicy } from "./policy.js";
import { askAbout, questionWords, readQuestion, watchQuestion } from "./question.js";
import { references } from "./reference.js";
import { renderAnswer, renderTrouble } from "./render.js";
import { visible } from "./text.js";
import { verdictWords } from "./words.js";

const at = (id) => document.getElementById(id);
const [box, status, answer, question] = ["box", "status", "answer", "question"].map(at);
const pieces = [];
const items = new Map();
const few = 4;
// What is to be said with the next answer.
const news = [];
let reading = 0;
let fetched = { documents: 0, from: [] };
let progress;
let checker;
let credentials;

if (window.top === window.self) begin();
else refuseFrame();

async function begin() {
  checker = new Checker(workerReplaced);
  at("giving").addEventListener("submit", takeBox);
  document.addEventListener("paste", takePaste);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", takeDrop);
  at("files").addEventListener("change", takeChosen);
  question.addEventListener("submit", (event) => (event.preventDefault(), update()));
  watchQuestion(question, questionChanged);
  credentials = watchCredentials(at("credentials"), {
    keep: (given) => checker.order({ order: "keep", ...given }),
    drop: () => checker.order({ order: "drop" }),
    say,
  });
  showExamples(at("examples"), takeExample);
  at("leave").addEventListener("click", leaveExample);
  await load("Ready.");
  startOffline({ place: document.querySelector("footer"), say });
  followLink();
  await offerPolicy();
  window.addEventListener("hashchange", () => (followLink(), offerPolicy()));
}

/** A question in the address of the page fills the form, and is asked when somebody says so. */
function followLink() {
  const fill = (asked) => {
    clearTimeout(timer);
    withdraw();
    answer.removeAttribute("aria-busy");
    fillQuestion(question, asked);
    showQuestion();
  };
  startLink({ before: at("giving"), fill, ask: () => update(), say });
}

/** The publisher's policy, where there is one, as something to ask by. */
function offerPolicy() {
  return startPolicy({
    place: at("policy"),
    form: question,
    // While an answer is under way it is left to the question to refuse the policy.
    check: async (text) => answer.hasAttribute("aria-busy") || checker.ask({ question: checkQuestion(text), pieces: [] }),
    say,
    asked: () => (showQuestion(), update()),
  });
}

/** In a frame, whoever framed it could draw over the answer; a policy in a meta tag cannot forbid it. */
function refuseFrame() {
  at("unframed").href = location.href;
  at("framed").hidden = false;
  for (const part of [at("giving"), at("trying"), at("asking"), at("private"), status]) part.hidden = true;
}

async function load(said) {
  enable(false);
  try {
    await checker.ready();
    enable(true);
    say(said);
  } catch (error) {
    trouble("Could not start", "The module that checks could not be loaded or failed its own test. Nothing can be checked; loading the page again may help.", error.message);
  }
}

function enable(on) {
  for (const controls of document.querySelectorAll(".controls")) controls.disabled = !on;
}

/** What a worker kept goes with it. */
function workerReplaced() {
  fetched = { documents: 0, from: [] };
  credentials.clear();
}

function say(text) {
  status.textContent = visible(text);
}

function sayWithNews(text) {
  say([...news.splice(0), text].join(" "));
}

// What is given.

function takeBox(event) {
  event.preventDefault();
  const text = box.value;
  box.value = "";
  take(text, "typed");
}

/** Text that only names images is a question; any other is evidence. */
function take(text, origin) {
  const images = references(text);
  if (text.trim() === "") return;
  if (images.length === 0) return give([piece(text, origin)]);
  askAbout(question, images);
  showQuestion();
  news.push(`Taken for ${images.length === 1 ? "an image" : "two images"}: ${images.join(" and ")}.`);
  update();
}

/** An example is given and asked as a user would, and says what it is. */
function takeExample({ title, pieces: texts, question: asked }) {
  askExample(question, asked);
  showQuestion();
  news.push(`An example: “${title}”.`);
  give(texts.map((text) => piece(text, "example")));
  answer.focus();
}

/** A paste anywhere but into a field is evidence, and one into the empty box as well. */
function takePaste(event) {
  const field = event.target.closest?.("input, textarea, select");
  if (event.defaultPrevented || at("files").disabled || (field && (field !== box || box.value !== ""))) return;
  takeTransfer(event, event.clipboardData, "pasted");
}

function takeDrop(event) {
  event.preventDefault();
  if (!box.matches(":disabled")) takeTransfer(event, event.dataTransfer, "dropped");
}

function takeTransfer(event, transfer, origin) {
  const [files, text] = [filesOf(transfer), transfer?.getData("text/plain") ?? ""];
  if (text.trim() === "" && files.length === 0) return;
  event.preventDefault();
  if (files.length > 0) giveFiles(files);
  else take(text, origin);
}

function takeChosen({ target }) {
  const files = [...target.files];
  target.value = "";
  giveFiles(files);
}

async function giveFiles(files) {
  withdraw();
  say("Reading files…");
  reading += 1;
  const { pieces: read, problems } = await readFiles(files);
  reading -= 1;
  give(read, problems);
}

function give(more, problems = []) {
  news.push(...problems);
  const receipt = more.find(isReceipt);
  if (receipt) return checkReceipt(receipt);
  for (const one of more) {
    pieces.push(one);
    const item = makeItem(one, { changed: (about) => ((one.about = about), soon()), removed: () => remove(one) });
    items.set(one, item);
    at("pieces").append(item);
  }
  // A long list would push the answer out of sight; its summary names every tool.
  if (pieces.length > few && pieces.length - more.length <= few) at("given").open = false;
  update();
}

function remove(one) {
  pieces.splice(pieces.indexOf(one), 1);
  items.get(one).remove();
  items.delete(one);
  focusPieces();
  update();
}

/** What had the focus is gone: on to the next thing to do. */
function focusPieces() {
  (at("pieces").querySelector("li > .row > button") ?? box).focus();
}

function forgetFetched() {
  fetched = { documents: 0, from: [] };
  withdraw();
  checker.order({ order: "forget" });
  showPieces();
  focusPieces();
  update();
}

function showPieces() {
  const any = fetched.documents > 0;
  at("given").hidden = pieces.length === 0 && !any;
  showTrying();
  const tools = [...(pieces.length > 0 ? [toolsOf(pieces)] : []), ...(any ? [fetchedWords(fetched)] : [])];
  at("tools").textContent = visible(tools.join(", ")).slice(0, 500);
  pieces.forEach((one, i) => updateItem(items.get(one), one, i + 1));
  at("fetched")?.remove();
  if (any) at("pieces").append(fetchedItem(fetched, forgetFetched));
}

/** Examples are for who has given nothing yet; while one is what was given, that is said. */
function showTrying() {
  const { question: asked } = readQuestion(question);
  const named = asked !== undefined && (asked.ask !== "what" || asked.image !== undefined);
  at("trying").hidden = named || pieces.length > 0 || fetched.documents > 0;
  at("example").hidden = !pieces.some(({ origin }) => origin === "example");
}

function leaveExample() {
  for (const one of pieces.splice(0)) items.get(one).remove();
  items.clear();
  question.reset();
  question.dispatchEvent(new Event("input"));
  box.focus();
  update();
}

// What is asked, and the answer.

function showQuestion() {
  at("asked").textContent = visible(questionWords(question)).slice(0, 600);
}

function questionChanged() {
  showQuestion();
  soon();
}

let timer;

/** Asks once nothing was typed for a moment; the answer to what was before goes at once. */
function soon() {
  withdraw();
  clearTimeout(timer);
  timer = setTimeout(update, 300);
}

/** Makes a receipt's answer again. It stands alone: nothing else that was given goes into it. */
async function checkReceipt({ content }) {
  clearTimeout(timer);
  withdraw();
  say("Checking the receipt…");
  try {
    const given = await checker.ask({ check: content });
    if (given === undefined) return;
    if (fillQuestion(question, given.report.question)) showQuestion();
    news.push(given.checked.same ? "A receipt was checked." : "A receipt was checked: its report is another.");
    draw(given, [], [...linkNotice(given.report.question), ...receiptView(given.checked)]);
  } catch (error) {
    failed(error);
  }
}

/** Takes the answer away, and makes sure that no older one comes. */
function withdraw() {
  checker.forget();
  if (progress) {
    progress.end();
    progress = undefined;
    news.push("Fetching was stopped, because something was changed.");
  }
  if (answer.contains(document.activeElement)) answer.focus();
  answer.replaceChildren();
  answer.setAttribute("aria-busy", "true");
}

/** Asks the worker. `fetch`: somebody asked for what is missing to be fetched. */
async function update({ fetch = false } = {}) {
  clearTimeout(timer);
  withdraw();
  showPieces();
  const { question: asked, lacks } = readQuestion(question);
  if (reading > 0) return;
  if (lacks || (pieces.length === 0 && asked.ask === "what" && asked.image === undefined)) {
    answer.removeAttribute("aria-busy");
    return sayWithNews(lacks ?? "Ready.");
  }
  say(fetch ? "Fetching…" : "Reading…");
  if (fetch) showProgress();
  try {
    const input = { question: asked, pieces: pieces.map(({ content, about }) => ({ content, about })) };
    if (fetch) input.fetch = { gateway: gatewayAddress() };
    show(await checker.ask(input, (now) => progress?.update(now)));
  } catch (error) {
    failed(error);
  }
}

function showProgress() {
  progress = progressView({ stop: () => checker.order({ order: "stop" }), say });
  answer.replaceChildren(progress.view);
  progress.button.focus();
}

function endProgress() {
  progress?.end();
  progress = undefined;
}

function show(given) {
  if (given === undefined) return;
  endProgress();
  pieces.forEach((one, i) => Object.assign(one, { refused: undefined }, given.pieces[i]));
  fetched = given.fetched;
  if (given.ended) news.push(...endWords(given.ended));
  // What holds a secret is asked again without it, so that the answer is to what was kept.
  if (cutSecrets(pieces)) {
    news.push("A secret was left out.");
    return update();
  }
  showPieces();
  return draw(given, pieces, linkNotice(readQuestion(question).question));
}

function draw(given, from, above) {
  const focused = answer.contains(document.activeElement);
  const pasteFor = (text, command) => give([piece(text, "pasted for what was missing", command)]);
  const keep = keepView(given, { receipt: () => checker.ask({ keep: true }), say });
  answer.replaceChildren(...above, ...renderAnswer(given, from, { pasteFor, fetch: () => update({ fetch: true }) }), keep);
  if (focused) answer.focus();
  answer.removeAttribute("aria-busy");
  showUnauthorized(given.failures);
  const [word] = verdictWords(given.report.verdict);
  return sayWithNews(`Answer: ${word.toLowerCase()}.`);
}

const endWords = ({ stopped, progress }) => [
  ...(stopped ? ["Stopped."] : []),
  ...(progress ? [`${progressWords(progress)}.`] : []),
];

/** Where a registry wants to know who asks, the form for that is shown. */
function showUnauthorized(failures) {
  const [url] = [...failures].find(([, { code }]) => code === "unauthorized") ?? [];
  if (url === undefined) return;
  at("private").open = true;
  credentials.suggest(new URL(url).host);
  news.push("A registry wants to know who asks: see “Private registry”.");
}

function failed(error) {
  endProgress();
  if (error instanceof Refused) {
    return trouble("Not asked", "The question cannot be read as it is.", error.message);
  }
  trouble("Could not check", "The module that checks failed on this input, so nothing can be said of it. A fresh one was started; taking the last piece away may help.", error.message);
  return load("Could not check. Ready again.");
}

function trouble(word, text, message) {
  answer.replaceChildren(...renderTrouble(word, text, message));
  answer.removeAttribute("aria-busy");
  sayWithNews(`${word}.`);
}
