// Reads what people paste, drop and choose, one after the other. pieces.js shows it.

import { asReferences } from "./typed.js";
import { keepNews, say } from "../status.js";
import { isOwn, piece, readFiles } from "./evidence.js";
import { addPiece } from "./pieces.js";

export class Intake {
  // What was given first is taken first, however long it takes to read it.
  #turn = Promise.resolve();
  #reading = 0;
  #calls;

  /**
   * `withdraw()` takes away the answer to what was before, `imagesIn(text)` says which images a text names if it does
   * nothing else, `named(images)` takes those, `receipt(piece)` a receipt, `policy(piece)` a publisher's policy. `update(how)`
   * and `soon()` ask, at once or once nothing was typed for a moment; `how.fresh` are the pieces that were just given.
   */
  constructor(calls) {
    this.#calls = calls;
  }

  /** Whether something that was given is still being read. */
  get isReading() {
    return this.#reading > 0;
  }

  /** Text that only names images is a question; any other is evidence. */
  takeText(text, origin) {
    if (text.trim() === "") return undefined;
    say("Reading…");
    const { imagesIn, named } = this.#calls;
    // Where that cannot be told, the answer says why.
    const images = () => imagesIn(asReferences(text)).catch(() => []);
    return this.#inTurn(images, (found) => (found.length === 0 ? this.take([piece(text, origin)]) : named(found)));
  }

  takeFiles(files) {
    say("Reading files…");
    return this.#inTurn(() => readFiles(files), ({ pieces, problems }) => this.take(pieces, problems));
  }

  /** Takes pieces as they are. */
  take(pieces, problems = []) {
    const { policy, receipt, soon, update } = this.#calls;
    keepNews(...problems);
    const found = pieces.find((one) => isOwn(one, "receipt"));
    if (found) return receipt(found);
    const offered = pieces.find((one) => isOwn(one, "policy"));
    if (offered) policy(offered);
    const fresh = pieces.filter((one) => one !== offered);
    for (const one of fresh) addPiece(one, { changed: soon, removed: update });
    return update({ fresh });
  }

  /** Reads what was given and takes it, after all that was given before. Until then there is no answer. */
  #inTurn(read, take) {
    this.#calls.withdraw();
    this.#reading += 1;
    const taken = this.#turn.then(read).finally(() => (this.#reading -= 1)).then(take);
    this.#turn = taken.catch(() => {});
    return taken;
  }
}
