// Fetching what is missing: the offer, which says whom it asks and what they see, and how far it is.

import { hostOf, originOf } from "../pkg/report/origins.js";
import { element, identifier } from "../text.js";

// Hosts that are named before the others are counted.
const named = 6;
// Milliseconds between two texts for screen readers.
const apart = 2000;

/** The address of a gateway: the one that the page was given, or else beside the page. */
export function gatewayAddress() {
  const given = document.querySelector('meta[name="pullproof-gateway"]')?.content.trim() || "gateway/";
  const address = given.endsWith("/") ? given : `${given}/`;
  return URL.canParse(address, document.baseURI) ? new URL(address, document.baseURI).href : undefined;
}

const sentenceId = "whom-it-asks";

/** A button that fetches what is missing, and whom it asks; nothing where nothing has an address. */
export function offerView(given, start) {
  const wants = fetchable(given);
  if (wants.length === 0) return undefined;
  const button = element("button", { type: "button", "aria-describedby": sentenceId, onclick: start }, fetchWords(given));
  return element(
    "div",
    { class: "offer" },
    element("div", { class: "row" }, button, element("button", { type: "button", class: "link", onclick: askPrivate }, "Private registry?")),
    element("p", { class: "hint", id: sentenceId }, ["Contacts ", wholeList(registries(given)), ", which will see the image names and your IP address. ", placesWords(given), gatewayWords()]),
    detailsOf(given),
  );
}

/** The button alone, where all of it was tried already. */
export function fetchAgain(given, start) {
  return fetchable(given).length === 0 ? [] : [element("button", { type: "button", class: "small", onclick: start }, fetchWords(given))];
}

function fetchWords(given) {
  const wants = fetchable(given);
  return wants.every(({ url }) => given.failures.has(url)) ? "Fetch again" : ["Fetch from ", shortList(registries(given))];
}

/**
 * The names of the registries that are asked, those for signatures included. Docker Hub answers at another host than its
 * images are named by.
 */
function registries(given) {
  const name = ({ url }) => {
    const { registry, repository } = originOf({ url });
    return repository === undefined ? new URL(url).host : registry;
  };
  return [...new Set([...fetchable(given).map(name), ...given.places])];
}

/** Names each: nobody is asked whom this does not name. */
const wholeList = (names) => names.flatMap((name, i) => [i === 0 ? "" : i === names.length - 1 ? " and " : ", ", identifier(name)]);

function placesWords({ places }) {
  return places.length === 0 ? [] : ["Signatures of the image are looked for at ", wholeList(places), ", too. "];
}

function shortList(names) {
  if (names.length <= named) return wholeList(names);
  const shown = names.slice(0, named).flatMap((name, i) => [i === 0 ? "" : ", ", identifier(name)]);
  return [...shown, ` and ${names.length - named} more`];
}

/** The hosts themselves, which are not all that is asked. */
function detailsOf(given) {
  const hosts = [...new Set([...fetchable(given).map(({ url }) => new URL(url).host), ...given.places.map(hostOf)])];
  const refer = hosts.length === 1 ? "It may" : "Each may";
  return element("details", { class: "hint" }, element("summary", {}, "Details"), element("p", {}, "Requests go to ", wholeList(hosts), `. ${refer} redirect to other servers for tokens and storage.`));
}

/** Where a registry wants to know who asks: the form for that. */
export function askPrivate() {
  const form = document.getElementById("private");
  form.open = true;
  form.querySelector("input").focus();
}

const fetchable = ({ wants }) => wants.filter(({ url }) => url !== undefined);

function gatewayWords() {
  const address = gatewayAddress();
  if (address === undefined) return [];
  const { origin, host } = new URL(address);
  const who = origin === location.origin ? ["this page’s own server (", identifier(host), ")"] : identifier(host);
  return ["If a registry blocks web pages, ", who, " fetches for you, if it is a gateway."];
}

/** The progress in words: failed requests do not count as fetched. */
export function progressWords({ done, wanted, failed, bytes }) {
  const documents = wanted === 1 ? "document" : "documents";
  const lost = failed === 0 ? "" : `, ${failed} could not be fetched`;
  return `Fetched ${done - failed} of ${wanted} ${documents}, ${bytes.toLocaleString("en")} bytes${lost}`;
}

/** Shows the progress while fetching. `say` is called seldom: each text is read aloud. */
export function progressView({ stop, say }) {
  const text = element("p", {}, "Fetching…");
  const bar = element("progress", { "aria-label": "Fetched" });
  const button = element("button", { type: "button", class: "small", onclick: stop }, "Stop");
  let words;
  let timer;
  const tell = () => {
    const told = words;
    say(`${told}.`);
    timer = setTimeout(() => {
      timer = undefined;
      if (told !== words) tell();
    }, apart);
  };
  return {
    view: element("div", { class: "offer" }, text, bar, element("div", { class: "row" }, button)),
    button,
    update(progress) {
      words = progressWords(progress);
      text.textContent = words;
      Object.assign(bar, { max: Math.max(1, progress.wanted), value: progress.done });
      if (timer === undefined) tell();
    },
    end: () => clearTimeout(timer),
  };
}
