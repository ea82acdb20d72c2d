// The page: takes what is given, asks the worker, shows the answer. Whenever anything changes, the
// answer to what was before goes first.

import { Checker, Refused } from "./checker.js";
import { cutSecrets, piece, readFiles } from "./evidence.js";
import { makeItem, toolsOf, updateItem } from "./given.js";
import { questionWords, readQuestion, watchQuestion } from "./question.js";
import { renderAnswer, renderTrouble } from "./render.js";
import { visible } from "./text.js";
import { verdictWords } from "./words.js";

const at = (id) => document.getElementById(id);
const [box, status, answer, question] = ["box", "status", "answer", "question"].map(at);
const pieces = [];
const items = new Map();
const few = 4;
let reading = 0;
let checker;

if (window.top === window.self) begin();
else refuseFrame();

async function begin() {
  checker = new Checker();
  at("giving").addEventListener("submit", takeBox);
  document.addEventListener("paste", takePaste);
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", takeDrop);
  at("files").addEventListener("change", takeChosen);
  question.addEventListener("submit", (event) => (event.preventDefault(), update()));
  watchQuestion(question, questionChanged);
  await load("Ready.");
}

/** In a frame, whoever framed it could draw over the answer; a policy in a meta tag cannot forbid it. */
function refuseFrame() {
  at("unframed").href = location.href;
  at("framed").hidden = false;
  for (const part of [at("giving"), at("asking"), status]) part.hidden = true;
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

const say = (text) => (status.textContent = visible(text));

// What is given.

function takeBox(event) {
  event.preventDefault();
  const text = box.value;
  box.value = "";
  if (text.trim() !== "") give([piece(text, "typed")]);
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
  const [files, text] = [[...(transfer?.files ?? [])], transfer?.getData("text/plain") ?? ""];
  if (text.trim() === "" && files.length === 0) return;
  event.preventDefault();
  if (files.length > 0) giveFiles(files);
  else give([piece(text, origin)]);
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
  for (const one of more) {
    pieces.push(one);
    const item = makeItem(one, { changed: (about) => ((one.about = about), soon()), removed: () => remove(one) });
    items.set(one, item);
    at("pieces").append(item);
  }
  // A long list would push the answer out of sight; its summary names every tool.
  if (pieces.length > few && pieces.length - more.length <= few) at("given").open = false;
  update(problems);
}

function remove(one) {
  pieces.splice(pieces.indexOf(one), 1);
  items.get(one).remove();
  items.delete(one);
  // What had the focus is gone: on to the next thing to do.
  (at("pieces").querySelector("li > .row > button") ?? box).focus();
  update();
}

function showPieces() {
  at("given").hidden = pieces.length === 0;
  at("tools").textContent = visible(toolsOf(pieces)).slice(0, 500);
  pieces.forEach((one, i) => updateItem(items.get(one), one, i + 1));
}

// What is asked, and the answer.

function questionChanged() {
  at("asked").textContent = questionWords(question);
  soon();
}

let timer;

/** Asks once nothing was typed for a moment; the answer to what was before goes at once. */
function soon() {
  withdraw();
  clearTimeout(timer);
  timer = setTimeout(update, 300);
}

/** Takes the answer away, and makes sure that no older one comes. */
function withdraw() {
  checker.forget();
  if (answer.contains(document.activeElement)) answer.focus();
  answer.replaceChildren();
  answer.setAttribute("aria-busy", "true");
}

async function update(problems = []) {
  clearTimeout(timer);
  withdraw();
  showPieces();
  const { question: asked, lacks } = readQuestion(question);
  if (reading > 0) return;
  if (lacks || (pieces.length === 0 && asked.ask === "what")) {
    answer.removeAttribute("aria-busy");
    return say([...problems, lacks ?? "Ready."].join(" "));
  }
  say("Reading…");
  try {
    const input = pieces.map(({ content, about }) => ({ content, about }));
    show(await checker.ask({ question: asked, pieces: input }), problems);
  } catch (error) {
    failed(error);
  }
}

function show(given, problems) {
  if (given === undefined) return;
  pieces.forEach((one, i) => Object.assign(one, { refused: undefined }, given.pieces[i]));
  // What holds a secret is asked again without it, so that the answer is to what was kept.
  if (cutSecrets(pieces)) return update(["A secret was left out."]);
  showPieces();
  answer.replaceChildren(...renderAnswer(given, pieces, (text, command) => give([piece(text, "pasted for what was missing", command)])));
  answer.removeAttribute("aria-busy");
  const [word] = verdictWords(given.report.verdict);
  say([...problems, `Answer: ${word.toLowerCase()}.`].join(" "));
}

function failed(error) {
  if (error instanceof Refused) {
    return trouble("Not asked", "The question cannot be read as it is.", error.message);
  }
  trouble("Could not check", "The module that checks failed on this input, so nothing can be said of it. A fresh one was started; taking the last piece away may help.", error.message);
  return load("Could not check. Ready again.");
}

function trouble(word, text, message) {
  answer.replaceChildren(...renderTrouble(word, text, message));
  answer.removeAttribute("aria-busy");
  say(`${word}.`);
}
