// The page's one status line: what it tells, politely, to who does not see the rest.

import { visible } from "./text.js";

const status = document.getElementById("status");
// Text to say with the next answer.
const news = [];

export function say(text) {
  status.textContent = visible(text);
  status.classList.remove("aside");
}

/** Says what the page shows elsewhere already. */
export function sayUnseen(text) {
  say(text);
  status.classList.add("aside");
}

/** To be said with the next thing that is said of an answer. */
export const keepNews = (...texts) => news.push(...texts);

/** Nothing is asked: who sees the page sees that. */
export const sayReady = () => (news.length > 0 ? say(news.splice(0).join(" ")) : sayUnseen("Ready."));

export const sayWithNews = (text) => say([...news.splice(0), text].join(" "));

/** Says which answer there is; who sees it needs no more words for that. */
export function sayVerdict(words) {
  const alone = news.length === 0;
  sayWithNews(words);
  status.classList.toggle("aside", alone);
}
