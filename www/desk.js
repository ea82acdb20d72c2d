// Where what is given, what is asked and the answer come together: asks the worker, and has the answer shown. Whenever
// anything changes, the answer to what was before goes first.

import { gatewayAddress, progressWords } from "./answer/offer.js";
import { receiptView } from "./answer/copies.js";
import { clearAnswer, endProgress, focusAnswer, isAwaited, sayAnswer, settle, showAnswer, showProgress, showTrouble, updateProgress } from "./answer/sheet.js";
import { watchCredentials } from "./ask/credentials.js";
import { Inquiry } from "./ask/inquiry.js";
import { examples } from "./examples.js";
import { cutSecrets, piece } from "./give/evidence.js";
import { Intake } from "./give/intake.js";
import { dropPieces, focusPieces, pieces, showPieces } from "./give/pieces.js";
import { watchPaper } from "./paper.js";
import { replacedWords } from "./part.js";
import { keepNews, say, sayWithNews } from "./status.js";
import { Refused } from "./worker/checker.js";

const at = (id) => document.getElementById(id);
const box = at("box");
const nothingFetched = { documents: 0, from: [] };
let fetched = nothingFetched;
let checker;
let load;
let credentials;
let intake;
let inquiry;

/** Called once, with the page's end of the worker and what waits for it. */
export function begin(given) {
  ({ checker, load } = given);
  credentials = watchCredentials(at("credentials"), {
    keep: (words) => checker.order({ order: "keep", ...words }),
    drop: () => checker.order({ order: "drop" }),
    say,
  });
  intake = new Intake({ withdraw, imagesIn: (text) => checker.imagesIn(text), named: takeNames, receipt: checkReceipt, soon, update: () => update() });
  // While an answer is under way it is left to the question to refuse its policy.
  const check = (question) => isAwaited() || checker.ask({ question, pieces: [] });
  inquiry = new Inquiry({ check, soon, stop, update });
  at("leave").addEventListener("click", leaveExample);
  watchPaper();
}

/** What was typed about a private registry. */
export const keepCredentials = () => credentials.take();

/** A question, or a publisher's policy, in the address of the page. */
export const followAddress = () => inquiry.followAddress();

/** Somebody changed the question. */
export const questionChanged = () => inquiry.changed();

export const take = (text, origin) => intake.takeText(text, origin);

export const giveFiles = (files) => intake.takeFiles(files);

/** The module cannot be used at all. */
export function couldNotStart(error) {
  if (error.message === replacedWords) return showTrouble("Could not start", replacedWords);
  return showTrouble("Could not start", "The module that checks could not be loaded or failed its own test. Nothing can be checked; loading the page again may help.", error.message);
}

/** What a worker kept goes with it. */
export function workerReplaced() {
  fetched = nothingFetched;
  credentials.clear();
}

// What is given.

function takeNames(images) {
  inquiry.takeNames(images);
  keepNews(`Taken for ${images.length === 1 ? "an image" : "two images"}: ${images.join(" and ")}.`);
  update();
}

/** An example is given and asked as a user would, and the page says that it is one. */
export function takeExample(name, title) {
  const { pieces: texts, question } = examples[name];
  inquiry.takeExample(question);
  at("example").querySelector(".title").textContent = `“${title}”`;
  intake.take(texts.map((text) => piece(text, "example")));
  focusAnswer();
}

function leaveExample() {
  dropPieces();
  inquiry.clear();
  box.focus();
  update();
}

function forgetFetched() {
  fetched = nothingFetched;
  withdraw();
  checker.order({ order: "forget" });
  showGiven();
  focusPieces();
  update();
}

/** What was given. Examples are for who has given nothing yet; while one is what was given, that is said. */
function showGiven() {
  showPieces(fetched, forgetFetched);
  const { question } = inquiry.read();
  const named = question !== undefined && (question.ask !== "what" || question.image !== undefined);
  const isAny = pieces.length > 0 || fetched.documents > 0;
  inquiry.showOthers(question === undefined || named || isAny);
  showBegun(named || isAny);
  at("example").hidden = !pieces.some(({ origin }) => origin === "example");
}

/** Whether something was given: then the answer comes first, and what helps to begin goes. */
function showBegun(begun) {
  document.body.classList.toggle("begun", begun);
  box.placeholder = begun ? "Give more" : "";
  at("trying").hidden = begun;
}

// What is asked, and the answer.

let timer;

/** Takes the answer away, and makes sure that no older one comes. */
function withdraw() {
  checker.forget();
  clearAnswer();
}

/** Nothing is asked until somebody says so. */
function stop() {
  clearTimeout(timer);
  withdraw();
  settle();
}

/** Asks once nothing was typed for a moment; the answer to what was before goes at once. */
function soon() {
  withdraw();
  clearTimeout(timer);
  timer = setTimeout(update, 300);
}

/** Asks the worker. `fetch`: somebody asked for what is missing to be fetched. */
async function update({ fetch = false } = {}) {
  clearTimeout(timer);
  withdraw();
  showGiven();
  const { question, lacks } = inquiry.read();
  if (intake.isReading) return;
  if (lacks || (pieces.length === 0 && question.ask === "what" && question.image === undefined)) {
    settle();
    return sayWithNews(lacks ?? "Ready.");
  }
  if (fetch) showProgress(() => checker.order({ order: "stop" }));
  else say("Reading…");
  try {
    const input = { ...inquiry.sourced(question), pieces: pieces.map(({ content, about }) => ({ content, about })) };
    if (fetch) input.fetch = { gateway: gatewayAddress() };
    show(await checker.ask(input, updateProgress));
  } catch (error) {
    failed(error);
  }
}

/** Makes a receipt's answer again. It stands alone: nothing else that was given goes into it. */
async function checkReceipt({ content }) {
  clearTimeout(timer);
  withdraw();
  showBegun(true);
  say("Checking the receipt…");
  try {
    const given = await checker.ask({ check: content });
    if (given === undefined) return;
    inquiry.fill(given.report.question);
    keepNews(given.checked.same ? "A receipt was checked." : "A receipt was checked: its report is another.");
    draw(given, [], receiptView(given.checked));
  } catch (error) {
    failed(error);
  }
}

function show(given) {
  if (given === undefined) return;
  endProgress();
  inquiry.mention(given.report);
  pieces.forEach((one, i) => Object.assign(one, { refused: undefined }, given.pieces[i]));
  fetched = given.fetched;
  if (given.ended) keepNews(...endWords(given.ended));
  // What holds a secret is asked again without it, so that the answer is to what was kept.
  if (cutSecrets(pieces)) {
    keepNews("A secret was left out.");
    return update();
  }
  showGiven();
  return draw(given, pieces);
}

const endWords = ({ stopped, progress }) => [
  ...(stopped ? ["Stopped."] : []),
  ...(progress ? [`${progressWords(progress)}.`] : []),
];

/** Shows an answer, and above it what else there is to say. */
function draw(given, from, above = []) {
  const { checked, failures, report } = given;
  const bytesOf = async (digest) => (await checker.ask({ bytes: digest }))?.bytes;
  showAnswer(given, from, {
    above: [...inquiry.notice(report.question), ...above],
    policy: inquiry.linkedPolicy(report.question),
    receipt: () => checker.ask({ keep: true }),
    pasteFor: (text, command) => intake.take([piece(text, "pasted for what was missing", command)]),
    fetch: () => update({ fetch: true }),
    bytesOf: checked ? undefined : bytesOf,
  });
  showUnauthorized(failures);
  sayAnswer(given);
}

/** Where a registry wants to know who asks, the form for that is shown. */
function showUnauthorized(failures) {
  const [url] = [...failures].find(([, { code }]) => code === "unauthorized") ?? [];
  if (url === undefined) return;
  at("private").open = true;
  credentials.suggest(new URL(url).host);
  keepNews("A registry wants to know who asks: see “Private registry”.");
}

function failed(error) {
  endProgress();
  if (error instanceof Refused) {
    return showTrouble("Not asked", "The question cannot be read as it is.", error.message);
  }
  if (error.message === replacedWords) return showTrouble("Could not check", replacedWords);
  showTrouble("Could not check", "The module that checks failed on this input, so nothing can be said of it. A fresh one was started; taking the last piece away may help.", error.message);
  return load().then((ready) => ready && say("Could not check. Ready again."));
}
