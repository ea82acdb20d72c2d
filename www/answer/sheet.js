// The part of the page that shows the answer, the progress of fetching, or why there is no answer.

import { keepNews, say, sayUnseen, sayVerdict, sayWithNews } from "../status.js";
import { progressView } from "./offer.js";
import { keepView } from "./copies.js";
import { isReady, renderAnswer, renderTrouble } from "./render.js";
import { answerOf, readyWords } from "./verdict.js";

const place = document.getElementById("answer");
let progress;

/** The answer is longer than a window: where its top is seen already, nothing moves. */
export function focusAnswer() {
  place.focus({ preventScroll: true });
  place.firstElementChild?.scrollIntoView({ block: "nearest" });
}

/** True while an answer is under way. */
export const isAwaited = () => place.hasAttribute("aria-busy");

/** Leaves the shown answer as it is. */
export const settle = () => place.removeAttribute("aria-busy");

/** Takes the answer away until the next one comes. */
export function clearAnswer() {
  if (progress) {
    endProgress();
    keepNews("Fetching was stopped, because something was changed.");
  }
  if (place.contains(document.activeElement)) focusAnswer();
  place.replaceChildren();
  place.setAttribute("aria-busy", "true");
}

export function showProgress(stop) {
  sayUnseen("Fetching…");
  progress = progressView({ stop, say: sayUnseen });
  place.replaceChildren(progress.view);
  progress.button.focus();
}

export const updateProgress = (now) => progress?.update(now);

export function endProgress() {
  progress?.end();
  progress = undefined;
}

/**
 * Shows an answer below `above`. `pieces` are the evidence it is made of; `policy`, `isLinkable` and `receipt` are for saving it, the
 * other calls for acting on it.
 */
export function showAnswer(given, pieces, { above, policy, isLinkable, receipt, ...calls }) {
  const focused = place.contains(document.activeElement);
  place.replaceChildren(...above, ...renderAnswer(given, pieces, calls), keepView(given, { policy, isLinkable, receipt, say, ready: isReady(given) }));
  if (focused) focusAnswer();
  settle();
}

export const sayAnswer = (given) => sayVerdict(isReady(given) ? readyWords(given) : `Answer: ${answerOf(given).headline}.`);

/** Says why there is no answer. */
export function showTrouble(word, text, message) {
  place.replaceChildren(...renderTrouble(word, text, message));
  settle();
  sayWithNews(`${word}.`);
}
