// Where what is given, what is asked and the answer come together: asks the worker, and has the answer shown. Whenever
// anything changes, the answer to what was before goes first.

import { gatewayAddress, progressWords } from "./answer/offer.js";
import { receiptView } from "./answer/copies.js";
import { clearAnswer, endProgress, focusAnswer, isAwaited, sayAnswer, settle, showAnswer, showProgress, showTrouble, updateProgress } from "./answer/sheet.js";
import { watchCredentials } from "./ask/credentials.js";
import { Inquiry } from "./ask/inquiry.js";
import { asReferences, looksNamed, tooMany } from "./give/typed.js";
import { examples } from "./examples.js";
import { cutSecrets, piece } from "./give/evidence.js";
import { Intake } from "./give/intake.js";
import { dropPieces, focusPieces, pieces, showPieces } from "./give/pieces.js";
import { watchPaper } from "./paper.js";
import { replacedWords } from "./part.js";
import { keepNews, say, sayReady, sayWithNews } from "./status.js";
import { Refused } from "./worker/checker.js";

const at = (id) => document.getElementById(id);
const box = at("box");
const examplesWords = box.placeholder;
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
  intake = new Intake({
    withdraw,
    imagesIn: (text) => checker.imagesIn(text),
    named: takeNames,
    receipt: checkReceipt,
    policy: (one) => inquiry.offerPolicy(one),
    soon,
    update: (how) => update(how),
  });
  // While an answer is under way it is left to the question to refuse its policy.
  const check = (question) => isAwaited() || checker.ask({ question, pieces: [] });
  inquiry = new Inquiry({ check, soon, stop, update, focusAnswer });
  at("leave").addEventListener("click", startOver);
  watchPaper();
}

/** Keeps the login that was typed for a private registry. */
export const keepCredentials = () => credentials.take();

/** A question, or a publisher's policy, in the address of the page. */
export const followAddress = () => inquiry.followAddress();

/** Somebody changed the question. */
export const questionChanged = () => inquiry.changed();

/** Takes a text; where it names more images than can be compared, that is said, and the text goes back into the box. */
export function take(text, origin) {
  clearTimeout(pause);
  const many = tooMany(text);
  if (many === undefined) return intake.takeText(inquiry.asImage(text), origin);
  stop();
  showBegun(true);
  box.value = text;
  box.focus();
  return showTrouble("Too many images", `Two images can be compared, and this names ${many}. Remove all but two.`);
}

let pause;
// Milliseconds without a key.
const typed = 700;

/** Somebody types: a name that looks whole is asked about after a pause, and stays in the box to be changed. */
export function typing() {
  clearTimeout(pause);
  if (pieces.length > 0) return;
  pause = setTimeout(async () => {
    const text = box.value;
    // What is under way is not stopped by it.
    if (isAwaited()) return;
    const words = asReferences(inquiry.asImage(text)).split(/\s+/).filter((word) => word !== "");
    if (words.length === 0 || words.length > 2 || !words.every(looksNamed)) return;
    const images = await checker.imagesIn(words.join("\n")).catch(() => []);
    if (images.length > 0 && box.value === text) takeNames(images);
  }, typed);
}

export const giveFiles = (files) => intake.takeFiles(files);

/** The module cannot be used at all. */
export function couldNotStart(error) {
  if (error.message === replacedWords) return showTrouble("Could not start", replacedWords);
  return showTrouble("Could not start", "The module that checks could not be loaded or failed its own test. Nothing can be checked; try reloading the page.", error.message);
}

/** A worker's documents go with it. */
export function workerReplaced() {
  fetched = nothingFetched;
  credentials.clear();
}

// The input.

function takeNames(images) {
  inquiry.takeNames(images);
  update();
}

/** An example is given and asked as a user would, and the page says that it is one. */
export async function takeExample(name, title) {
  const example = await examples[name]().catch((error) => sayWithNews(error.message));
  if (example === undefined) return;
  const { pieces: texts, question } = example;
  inquiry.fill(question);
  at("example").querySelector(".title").textContent = `“${title}”`;
  intake.take(texts.map((text) => piece(text, "example")));
  focusAnswer();
}

/** As when the page was opened; only what was typed about private registries is kept. */
function startOver() {
  clearTimeout(pause);
  dropPieces();
  fetched = nothingFetched;
  checker.order({ order: "forget" });
  inquiry.clear();
  box.value = "";
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

/** Shows the input. Examples are for visitors who have given nothing yet; the page says so while an example is shown. */
function showGiven() {
  showPieces(fetched, forgetFetched);
  const { question } = inquiry.read();
  const named = question !== undefined && (question.ask !== "what" || question.image !== undefined);
  const isAny = pieces.length > 0 || fetched.documents > 0;
  inquiry.showOthers(question === undefined || named || isAny);
  showBegun(named || isAny);
  at("example").hidden = !pieces.some(({ origin }) => origin === "example");
}

/** Once something was given, the answer comes first, and the introduction goes. */
function showBegun(begun) {
  inquiry.foldReleases(begun);
  document.body.classList.toggle("begun", begun);
  box.placeholder = begun ? "Add another image or more output" : box.dataset.examples ?? examplesWords;
  at("trying").hidden = begun;
  at("leave").hidden = !begun;
}

// The question and the answer.

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

/** Asks the worker. `fetch`: somebody asked for what is missing to be fetched; `fresh`: the pieces that were just given. */
async function update({ fetch = false, fresh = [] } = {}) {
  clearTimeout(timer);
  withdraw();
  showGiven();
  const { question, lacks } = inquiry.read();
  if (intake.isReading) return;
  if (lacks || (pieces.length === 0 && question.ask === "what" && question.image === undefined)) {
    settle();
    return lacks === undefined ? sayReady() : sayWithNews(lacks);
  }
  if (fetch) showProgress(() => checker.order({ order: "stop" }));
  else say("Reading…");
  try {
    const input = { ...inquiry.sourced(question), pieces: pieces.map(({ content, about, file, evidence, whole }) => ({ content, about, file, evidence, whole })) };
    if (fetch) input.fetch = { gateway: gatewayAddress() };
    show(await checker.ask(input, updateProgress), fresh);
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
    keepNews(given.checked.same ? "Receipt checked." : "Receipt checked: its report does not match.");
    draw(given, [], receiptView(given.checked));
  } catch (error) {
    failed(error);
  }
}

function show(given, fresh) {
  if (given === undefined) return undefined;
  endProgress();
  inquiry.mention(given.report);
  pieces.forEach((one, i) => Object.assign(one, { refused: undefined }, given.pieces[i]));
  fetched = given.fetched;
  if (given.ended) keepNews(...endWords(given.ended));
  // What holds a secret is asked again without it, so that the answer is to what was kept.
  if (cutSecrets(pieces)) {
    keepNews("A secret was left out.");
    return update({ fresh });
  }
  // What was given may be a question by itself.
  if (inquiry.askAboutPieces(fresh, pieces, given.report)) return update();
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
    isLinkable: inquiry.isLinkable(report.question),
    receipt: () => checker.ask({ keep: true }),
    pasteFor: (text, command) => intake.take([piece(text, "pasted for what was missing", command)]),
    fetch: () => update({ fetch: true }),
    pin: (question) => (inquiry.fill(question), update({ fetch: fetched.documents > 0 }), focusAnswer()),
    askInstead: (absent, near) => (inquiry.replace(absent, near), update({ fetch: true })),
    bytesOf: checked ? undefined : bytesOf,
    newest: checked ? undefined : takeNewestRoot,
  });
  showUnauthorized(failures);
  sayAnswer(given);
}

/** Takes the newest trusted root as a file would be; gives the reason where it could not be had. */
async function takeNewestRoot() {
  try {
    const { root, origin, at } = await checker.newestRoot();
    intake.takeFiles([new File([root], `${origin} of ${at.slice(0, 10)}`)]);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Where a registry wants to know who asks, the form for that is shown. */
function showUnauthorized(failures) {
  const [url] = [...failures].find(([, { code }]) => code === "unauthorized") ?? [];
  if (url === undefined) return;
  at("private").open = true;
  credentials.suggest(new URL(url).host);
  keepNews("A registry asks for a login: see “Private registry”.");
}

function failed(error) {
  endProgress();
  if (error instanceof Refused) {
    return showTrouble("Question not understood", "It cannot be read as it is.", error.message);
  }
  if (error.message === replacedWords) return showTrouble("Could not check", replacedWords);
  showTrouble("Could not check", "The module that checks failed on this input, so there is no answer. It was restarted; try removing the last thing you added.", error.message);
  return load().then((ready) => ready && say("Could not check. Ready again."));
}
