// Fetching what is missing: the offer, which says whom it asks and what they see, and how far it is.

import { element, identifier } from "../text.js";

// Hosts that are named before the others are counted.
const named = 6;
// Milliseconds between two texts for screen readers.
const apart = 2000;

/** Where a gateway may be: at the address that the page was given, or else beside the page. */
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
  const missing = given.report.wants.length > 0 ? "Fetch what is missing" : "Fetch it and check";
  const words = wants.every(({ url }) => given.failures.has(url)) ? "Fetch again" : missing;
  const button = element("button", { type: "button", "aria-describedby": sentenceId, onclick: start }, words);
  const hosts = [...new Set(wants.map(({ url }) => new URL(url).host))];
  const shown = hosts.slice(0, named).flatMap((host, i, all) => [i === 0 ? "" : i === all.length - 1 && hosts.length <= named ? " and " : ", ", identifier(host)]);
  const rest = hosts.length > named ? ` and ${hosts.length - named} more` : "";
  const refer = hosts.length === 1 ? "which may refer" : "which may each refer";
  return element(
    "div",
    { class: "offer" },
    element("div", { class: "row" }, button, element("button", { type: "button", class: "link", onclick: askPrivate }, "Private registry?")),
    element("p", { class: "hint", id: sentenceId }, [
      "It asks ",
      shown,
      rest,
      `, ${refer} to other servers for tokens and storage. ${seen}`,
      gatewayWords(),
    ]),
  );
}

/** Where a registry wants to know who asks: the form for that. */
function askPrivate() {
  const form = document.getElementById("private");
  form.open = true;
  form.querySelector("input").focus();
}

const seen = "Whoever is asked sees the names of the images and your network address. ";

const fetchable = ({ wants }) => wants.filter(({ url }) => url !== undefined);

function gatewayWords() {
  const address = gatewayAddress();
  if (address === undefined) return [];
  const { origin, host } = new URL(address);
  const who = origin === location.origin ? ["the server of this page (", identifier(host), ")"] : identifier(host);
  return ["Where one does not let pages read it, ", who, " is asked to read it for you, if it is a gateway."];
}

/** How far it is, in words: what failed was not fetched. */
export function progressWords({ done, wanted, failed, bytes }) {
  const documents = wanted === 1 ? "document" : "documents";
  const lost = failed === 0 ? "" : `, ${failed} could not be fetched`;
  return `Fetched ${done - failed} of ${wanted} ${documents}, ${bytes.toLocaleString("en")} bytes${lost}`;
}

/** How far it is, while it goes on. `say` is told seldom: each text is read aloud. */
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
