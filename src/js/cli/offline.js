// An answer from what is in hand alone.

import { at } from "./failure.js";
import { placeOf } from "./input.js";

/** The report on a question from evidence, `{ name, evidence }`; `onReceipt` is given a receipt of it. */
export async function answerOffline({ Session }, question, pasted, { time = new Date(), onReceipt }) {
  const [{ receiptOf }, { recording }] = await Promise.all([import("../receipt.js"), import("../log.js")]);
  const session = recording(new Session(question));
  try {
    for (const { name, evidence } of pasted) at(placeOf(name), () => session.take(evidence));
    const report = session.report(time);
    onReceipt?.(receiptOf(question, session, time, report));
    return report;
  } finally {
    session.free();
  }
}
