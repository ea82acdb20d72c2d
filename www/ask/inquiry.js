// The question on this page: the form, the sentence for it, and the fields that a link or a publisher's policy fills in.

import { part } from "../part.js";
import { textOf } from "../give/evidence.js";
import { say } from "../status.js";
import { element, visible } from "../text.js";
import { askAbout, askOther, fieldsOf, fillQuestion, pulledFromTwo, questionParts, readQuestion, referencesIn, showFields } from "./question.js";

const at = (id) => document.getElementById(id);
const form = at("question");

export class Inquiry {
  /** The images that what was given last is about. */
  #mentioned = [];
  /** The question from the page's address, while it is the one that is asked. */
  #link;
  /** The publisher's policy, once one was offered. */
  #publisher;
  #calls;

  /**
   * `update(how)` asks, `soon()` once nothing was typed for a moment, `stop()` takes away what was asked before and asks
   * nothing. `check(question)` says what the module has against a question, `focusAnswer()` goes to the answer.
   */
  constructor(calls) {
    this.#calls = calls;
    at("asked").addEventListener("click", changePart);
    at("instead").addEventListener("click", ({ target }) => target.value && this.#askInstead(target.value));
  }

  /** The question, or in words what it still lacks. */
  read() {
    return readQuestion(form);
  }

  /** A question with where it comes from: what of it a link brought, and its policy. */
  sourced(question) {
    const linked = this.#link?.linkedFields(form, question, this.linkedPolicy(question) !== undefined) ?? [];
    return { question: linked.length === 0 ? question : { ...question, linked }, policy: this.#publisher?.sourceOf(question) };
  }

  /** The address of the policy of a question, where a link named that. */
  linkedPolicy(question) {
    return this.#publisher?.linkedPolicy(question);
  }

  /** False where no link can ask the question: its policy was given here, or there is no field for its signers. */
  isLinkable(question) {
    if (question.by?.signers !== undefined && fieldsOf(question.by) === undefined) return false;
    // A key is known by more than a line.
    if (question.by?.keys?.some((key) => key.includes("-----"))) return false;
    return this.#publisher?.isLinkable(question) ?? question.by?.policy === undefined;
  }

  /** What to say where an answer is to what a link expects. */
  notice(question) {
    return this.#link?.linkNotice(question, this.linkedPolicy(question)) ?? [];
  }

  /** Shows the question that the form has now. */
  show() {
    const shown = (part) => (typeof part === "string" ? part : element("span", { class: "part", "data-name": part.name }, shortened(visible(part.value).slice(0, 300))));
    at("asked").replaceChildren(...questionParts(form).map(shown));
  }

  /** Offers the question and what else may be asked, where there is something to ask it about. */
  showOthers(isOffered) {
    at("instead").hidden = !isOffered;
    // Who is at the question is not to lose it.
    at("asking").hidden = !isOffered && !at("asking").open;
    const { ask } = Object.fromEntries(new FormData(form));
    for (const button of at("instead").querySelectorAll("button")) button.hidden = button.value === ask;
  }

  /** Takes note of what an answer is about. */
  mention(report) {
    this.#mentioned = referencesIn(report);
  }

  /** Somebody changed the question. */
  changed() {
    showFields(form);
    this.show();
    this.#calls.soon();
  }

  /** Asks about images that were named: one by the publisher's policy, if there is one. */
  takeNames(images) {
    if (images.length !== 1 || !this.#publisher?.askWhetherPublished(form, images[0])) askAbout(form, images);
    this.show();
  }

  /** On a publisher's page a tag alone is one of the project's. */
  asImage(text) {
    return this.#publisher?.asImage(text) ?? text;
  }

  /**
   * Asks what pieces ask by being given, if nothing else was asked: on a publisher's page whether that is what was published,
   * elsewhere whether pulls of two registries are of one image. `pieces` are all, `fresh` those that were just given. True if
   * there is another question now.
   */
  askAboutPieces(fresh, pieces, report) {
    const findings = fresh.flatMap(({ findings }) => findings);
    const { ask, image, by } = report.question;
    const isUntouched = ask === "what" && image === undefined;
    if (findings.length === 0 || !(isUntouched || by?.policy !== undefined)) return false;
    const published = this.#publisher?.imageIn(findings, report, isUntouched ? undefined : image);
    const two = isUntouched && published === undefined ? pulledFromTwo(pieces.flatMap(({ findings }) => findings)) : undefined;
    if (published !== undefined) this.#publisher.askWhetherPublished(form, published);
    else if (two !== undefined) askAbout(form, two);
    else return false;
    this.show();
    return true;
  }

  /** Puts an image in the place of another that is asked about. */
  replace(absent, near) {
    const { question } = this.read();
    for (const name of ["image", "left", "right"]) {
      const field = form.querySelector(`[data-ask="${question.ask}"] [name="${name}"]`);
      if (field && [absent, absent.replace(/^docker\.io\/(?:library\/)?/, "")].includes(field.value.trim())) field.value = near;
    }
    this.show();
  }

  /** Writes a question into the form, as far as that has a place for it. */
  fill(question) {
    if (!fillQuestion(form, question)) return;
    at("asking").hidden = false;
    this.show();
  }

  /** Nothing is asked any more. The address stays as it is: nothing is asked by it without a press. */
  clear() {
    document.getElementById("linked")?.remove();
    at("asking").open = false;
    form.reset();
    showFields(form);
    this.show();
  }

  /** A question, or a publisher's policy, in the address of the page. */
  async followAddress() {
    try {
      this.#link = await part(() => import("./link.js"));
      this.#followLink();
      await this.#offerPolicy();
    } catch (error) {
      say(error.message);
    }
  }

  /** A question in the address of the page fills the form, and is asked when somebody says so. */
  #followLink() {
    const fill = (question) => {
      this.#calls.stop();
      fillQuestion(form, question);
      at("asking").hidden = false;
      this.show();
    };
    this.#link.startLink({ before: at("policy"), form, fill, ask: () => this.#calls.update(), say });
  }

  /** The publisher's policy, where there is one, as something to ask by. */
  async #offerPolicy() {
    const publisher = await this.#policies();
    return publisher.startPolicy(this.#given(publisher));
  }

  /** A policy that was dropped or pasted, as something to ask by. */
  async offerPolicy(piece) {
    try {
      const publisher = await this.#policies();
      publisher.offerPolicy(this.#given(publisher), textOf(piece));
    } catch (error) {
      say(error.message);
    }
  }

  async #policies() {
    this.#publisher ??= await part(() => import("./policy.js"));
    return this.#publisher;
  }

  #given(publisher) {
    const { check, update } = this.#calls;
    return {
      place: at("policy"),
      form,
      image: this.#link?.policedImage(),
      check: async (text) => check(publisher.checkQuestion(text)),
      say,
      asked: () => (this.show(), update({ fetch: true })),
      changed: () => this.changed(),
    };
  }

  /** While there is an answer the releases are folded. */
  foldReleases(isBegun) {
    if (document.body.classList.contains("begun") !== isBegun) at("releases").open = !isBegun;
  }

  /** Another question about what is named already; what it needs besides is asked for. */
  #askInstead(ask) {
    const empty = askOther(form, ask, this.#mentioned);
    this.show();
    this.#calls.update();
    if (empty === undefined) return this.#calls.focusAnswer();
    at("asking").open = true;
    return empty.focus();
  }
}

/** A name in the question: its digest is whole on paper, where it cannot be looked up. */
function shortened(text) {
  const short = text.replace(/(sha(?:256|512):[0-9a-f]{8})[0-9a-f]{40,}([0-9a-f]{6})$/, "$1…$2");
  return short === text ? text : [element("bdi", { class: "brief" }, short), element("bdi", { class: "whole" }, text)];
}

/** A part of the question that is pressed is to be changed. */
function changePart(event) {
  const name = event.target.closest(".part")?.dataset.name;
  if (name === undefined) return;
  event.preventDefault();
  at("asking").open = true;
  form.querySelector(`fieldset:not([hidden]) > label > [name="${name}"]`).focus();
}
