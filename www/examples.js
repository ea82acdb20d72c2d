// Four examples that run as they are, without a network: each is evidence and a question, given as a
// user would have given them.

import { attested, author, copy } from "./examples/beacon.js";
import { webdis, webdisKeys, webdisSigned } from "./examples/webdis.js";
import { element } from "./text.js";

const examples = [
  {
    title: "The same image on two registries?",
    about: "Two registries, two lists, one configuration: what Webdis’ guide compares by eye.",
    pieces: webdis,
    question: { ask: "same", left: "docker.io/nicolas/webdis:0.1.19", right: "public.ecr.aws/nicolas/webdis:0.1.19", level: "config", platform: "linux/amd64" },
  },
  {
    title: "What is in a multi-platform image?",
    about: "An index, two platforms, and an attestation for each.",
    pieces: attested,
    question: { ask: "what", image: "lighthouse.example/beacon:1.0" },
  },
  {
    title: "A copy that was tampered with",
    about: "A mirror’s image has a layer that its author did not write, for one platform.",
    pieces: [...author, ...copy],
    question: { ask: "same", left: "lighthouse.example/beacon:1.0", right: "mirror.example/beacon:1.0", level: "config", platform: "" },
  },
  {
    title: "Signed, or said to be?",
    about: "What docker printed of Webdis’ signatures, and the key ids of its guide: the list is proven, the signature only stated, since its metadata is not here.",
    pieces: webdisSigned,
    question: { ask: "published", image: "docker.io/nicolas/webdis:0.1.19", by: "keys", keys: webdisKeys.join("\n"), platform: "" },
  },
];

/** Buttons for the examples; `run` takes the one that was chosen. */
export function showExamples(place, run) {
  place.append(...examples.map((example) =>
    element("button", { type: "button", class: "example", onclick: () => run(example) },
      element("span", { class: "title" }, example.title), " ", element("span", { class: "about" }, example.about))));
}

/** Puts an example's question into the form; every field that it does not name is emptied. */
export function askExample(form, { ask, ...fields }) {
  form.reset();
  form.querySelector(`[name=ask][value=${ask}]`).checked = true;
  for (const [name, value] of Object.entries(fields)) form.querySelector(`[data-ask="${ask}"] [name="${name}"]`).value = value;
  form.dispatchEvent(new Event("input"));
}
