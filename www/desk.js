// Where evidence is laid and answers are shown: takes what main.js hands on, asks the worker, shows the
// answer. Whenever anything changes, the answer to what was before goes first.

import { Refused } from "./checker.js";
import { watchCredentials } from "./credentials.js";
import { cutSecrets, piece, readFiles } from "./evidence.js";
import { askExample, examples } from "./examples.js";
import { gatewayAddress, progressView, progressWords } from "./fetching.js";
import { fillQuestion, isReceipt, keepView, receiptView } from "./keep.js";
import { verdictWords } from "./paint.js";
import { watchPaper } from "./paper.js";
import { part, replacedWords } from "./part.js";
import { addPiece, dropPieces, focusPieces, pieces, showPieces } from "./pieces.js";
import { askAbout, askOther, questionParts, readQuestion, referencesIn, showFields } from "./question.js";
import { renderAnswer, renderTrouble } from "./render.js";
import { keepNews, say, sayUnseen, sayVerdict, sayWithNews } from "./status.js";
import { element, visible } from "./text.js";

const at = (id) => document.getElementById(id);
const [box, answer, question] = ["box", "answer", "question"].map(at);
let reading = 0;
let fetched = { documents: 0, from: [] };
let progress;
let checker;
let load;
let credentials;
/** The images that what was given last is about. */
let mentioned = [];
/** What the address of the page brought, while it is what is asked. */
let link;
/** The publisher's policy, once one was offered. */
let publisher;

/** Called once, with the page's end of the worker and what waits for it. */
export function begin(given) {
  ({ checker, load } = given);
  credentials = watchCredentials(at("credentials"), {
    keep: (words) => checker.order({ order: "keep", ...words }),
    drop: () => checker.order({ order: "drop" }),
    say,
  });
  at("leave").addEventListener("click", leaveExample);
  at("asked").addEventListener("click", changePart);
  at("instead").addEventListener("click", ({ target }) => target.value && askInstead(target.value));
  watchPaper();
}

/** What was typed about a private registry. */
export const keepCredentials = () => credentials.take();

/** A question, or a publisher's policy, in the address of the page. */
export async function followAddress() {
  try {
    link = await part(() => import("./link.js"));
    followLink();
    await offerPolicy();
  } catch (error) {
    say(error.message);
  }
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
  link.startLink({ before: at("policy"), form: question, fill, ask: () => update(), say });
}

/** The publisher's policy, where there is one, as something to ask by. */
async function offerPolicy() {
  publisher = await part(() => import("./policy.js"));
  return publisher.startPolicy({
    place: at("policy"),
    form: question,
    image: link.policedImage(),
    // While an answer is under way it is left to the question to refuse the policy.
    check: async (text) => answer.hasAttribute("aria-busy") || checker.ask({ question: publisher.checkQuestion(text), pieces: [] }),
    say,
    asked: ({ fetch }) => (showQuestion(), update({ fetch }), fetch || answer.focus()),
    changed: () => questionChanged(),
  });
}

/** The module cannot be used at all. */
export function couldNotStart(error) {
  if (error.message === replacedWords) return trouble("Could not start", replacedWords);
  return trouble("Could not start", "The module that checks could not be loaded or failed its own test. Nothing can be checked; loading the page again may help.", error.message);
}

/** What a worker kept goes with it. */
export function workerReplaced() {
  fetched = { documents: 0, from: [] };
  credentials.clear();
}

// What is given.

// What was given first is taken first, however long it takes to read it.
let turn = Promise.resolve();

/** Reads what was given and takes it, after all that was given before. Until then there is no answer. */
function inTurn(read, take) {
  withdraw();
  reading += 1;
  const taken = turn.then(read).finally(() => (reading -= 1)).then(take);
  turn = taken.catch(() => {});
  return taken;
}

/** Text that only names images is a question; any other is evidence. */
export function take(text, origin) {
  if (text.trim() === "") return undefined;
  say("Reading…");
  // Where that cannot be told, the answer says why.
  const images = () => checker.imagesIn(text).catch(() => []);
  return inTurn(images, (named) => (named.length === 0 ? give([piece(text, origin)]) : takeNames(named)));
}

function takeNames(images) {
  askAbout(question, images);
  showQuestion();
  keepNews(`Taken for ${images.length === 1 ? "an image" : "two images"}: ${images.join(" and ")}.`);
  update();
}

/** An example is given and asked as a user would, and the page says that it is one. */
export function takeExample(name, title) {
  const { pieces: texts, question: asked } = examples[name];
  askExample(question, asked);
  showQuestion();
  at("example").querySelector(".title").textContent = `“${title}”`;
  give(texts.map((text) => piece(text, "example")));
  answer.focus();
}

export function giveFiles(files) {
  say("Reading files…");
  return inTurn(() => readFiles(files), ({ pieces: read, problems }) => give(read, problems));
}

function give(more, problems = []) {
  keepNews(...problems);
  const receipt = more.find(isReceipt);
  if (receipt) return checkReceipt(receipt);
  for (const one of more) addPiece(one, { changed: soon, removed: () => update() });
  update();
}

function forgetFetched() {
  fetched = { documents: 0, from: [] };
  withdraw();
  checker.order({ order: "forget" });
  showGiven();
  focusPieces();
  update();
}

/** What was given. Examples are for who has given nothing yet; while one is what was given, that is said. */
function showGiven() {
  showPieces(fetched, forgetFetched);
  const { question: asked } = readQuestion(question);
  const named = asked !== undefined && (asked.ask !== "what" || asked.image !== undefined);
  at("instead").hidden = asked !== undefined && !named && pieces.length === 0 && fetched.documents === 0;
  const { ask } = Object.fromEntries(new FormData(question));
  for (const button of at("instead").querySelectorAll("button")) button.hidden = button.value === ask;
  showBegun(named || pieces.length > 0 || fetched.documents > 0);
  at("example").hidden = !pieces.some(({ origin }) => origin === "example");
}

/** Whether something was given: then the answer comes first, and what helps to begin goes. */
function showBegun(begun) {
  document.body.classList.toggle("begun", begun);
  box.placeholder = begun ? "Give more" : "";
  at("trying").hidden = begun;
}

function leaveExample() {
  dropPieces();
  question.reset();
  showFields(question);
  showQuestion();
  box.focus();
  update();
}

// What is asked, and the answer.

function showQuestion() {
  const shown = (part) => (typeof part === "string" ? part : element("span", { class: "part", "data-name": part.name }, visible(part.value).slice(0, 300)));
  at("asked").replaceChildren(...questionParts(question).map(shown));
}

/** A part of the question that is pressed is to be changed. */
function changePart(event) {
  const name = event.target.closest(".part")?.dataset.name;
  if (name === undefined) return;
  event.preventDefault();
  at("asking").open = true;
  question.querySelector(`fieldset:not([hidden]) > label > [name="${name}"]`).focus();
}

/** Another question about what is named already; what it needs besides is asked for. */
function askInstead(ask) {
  const empty = askOther(question, ask, mentioned);
  showQuestion();
  update();
  if (empty === undefined) return answer.focus();
  at("asking").open = true;
  return empty.focus();
}

/** Somebody changed the question. */
export function questionChanged() {
  showFields(question);
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
  showBegun(true);
  say("Checking the receipt…");
  try {
    const given = await checker.ask({ check: content });
    if (given === undefined) return;
    if (fillQuestion(question, given.report.question)) showQuestion();
    keepNews(given.checked.same ? "A receipt was checked." : "A receipt was checked: its report is another.");
    draw(given, [], [...linked(given.report.question), ...receiptView(given.checked)]);
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
    keepNews("Fetching was stopped, because something was changed.");
  }
  if (answer.contains(document.activeElement)) answer.focus();
  answer.replaceChildren();
  answer.setAttribute("aria-busy", "true");
}

/** A question of the form, with what of it came from a link. */
function withLinked(asked) {
  const linked = link?.linkedFields(question, asked, linkedPolicy(asked) !== undefined) ?? [];
  return linked.length === 0 ? asked : { ...asked, linked };
}

/** The address of the policy of a question, where a link named that. */
const linkedPolicy = (asked) => publisher?.linkedPolicy(asked);

/** Asks the worker. `fetch`: somebody asked for what is missing to be fetched. */
async function update({ fetch = false } = {}) {
  clearTimeout(timer);
  withdraw();
  showGiven();
  const { question: asked, lacks } = readQuestion(question);
  if (reading > 0) return;
  if (lacks || (pieces.length === 0 && asked.ask === "what" && asked.image === undefined)) {
    answer.removeAttribute("aria-busy");
    return sayWithNews(lacks ?? "Ready.");
  }
  if (fetch) showProgress();
  else say("Reading…");
  try {
    const input = { question: withLinked(asked), policy: publisher?.sourceOf(asked), pieces: pieces.map(({ content, about }) => ({ content, about })) };
    if (fetch) input.fetch = { gateway: gatewayAddress() };
    show(await checker.ask(input, (now) => progress?.update(now)));
  } catch (error) {
    failed(error);
  }
}

function showProgress() {
  sayUnseen("Fetching…");
  progress = progressView({ stop: () => checker.order({ order: "stop" }), say: sayUnseen });
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
  mentioned = referencesIn(given.report);
  pieces.forEach((one, i) => Object.assign(one, { refused: undefined }, given.pieces[i]));
  fetched = given.fetched;
  if (given.ended) keepNews(...endWords(given.ended));
  // What holds a secret is asked again without it, so that the answer is to what was kept.
  if (cutSecrets(pieces)) {
    keepNews("A secret was left out.");
    return update();
  }
  showGiven();
  return draw(given, pieces, linked(given.report.question));
}

/** What to say where an answer is to what a link expects. */
const linked = (asked) => link?.linkNotice(asked, linkedPolicy(asked)) ?? [];

function draw(given, from, above) {
  const focused = answer.contains(document.activeElement);
  const pasteFor = (text, command) => give([piece(text, "pasted for what was missing", command)]);
  const bytesOf = async (digest) => (await checker.ask({ bytes: digest }))?.bytes;
  const keep = keepView(given, { policy: linkedPolicy(given.report.question), receipt: () => checker.ask({ keep: true }), say });
  answer.replaceChildren(...above, ...renderAnswer(given, from, { pasteFor, fetch: () => update({ fetch: true }), bytesOf: given.checked ? undefined : bytesOf }), keep);
  if (focused) answer.focus();
  answer.removeAttribute("aria-busy");
  showUnauthorized(given.failures);
  const isOther = given.checked?.same === false;
  const [word] = verdictWords(isOther ? "contradicted" : given.report.verdict);
  return sayVerdict(word);
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
  keepNews("A registry wants to know who asks: see “Private registry”.");
}

function failed(error) {
  endProgress();
  if (error instanceof Refused) {
    return trouble("Not asked", "The question cannot be read as it is.", error.message);
  }
  if (error.message === replacedWords) return trouble("Could not check", replacedWords);
  trouble("Could not check", "The module that checks failed on this input, so nothing can be said of it. A fresh one was started; taking the last piece away may help.", error.message);
  return load().then((ready) => ready && say("Could not check. Ready again."));
}

function trouble(word, text, message) {
  answer.replaceChildren(...renderTrouble(word, text, message));
  answer.removeAttribute("aria-busy");
  sayWithNews(`${word}.`);
}
