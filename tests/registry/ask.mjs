// One request as it is, and whatever comes back: nothing decoded, followed or tried again.
import { request } from "node:http";

/**
 * Gives `{ status, headers, body, complete }`, or `{ error }` where there was no answer. Reads no
 * further than `most` bytes; `signal` ends the wait.
 */
export function ask(url, { method = "GET", headers = {}, most = Infinity, signal } = {}) {
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, signal, agent: false }, (answer) => {
      const parts = [];
      const done = (complete) => {
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          body: Buffer.concat(parts),
          parts,
          complete,
        });
        sent.destroy();
      };
      answer.on("data", (part) => {
        parts.push(part);
        if (parts.reduce((sum, { length }) => sum + length, 0) >= most) done(false);
      });
      answer.on("end", () => done(answer.complete));
      answer.on("error", () => done(false));
    });
    sent.on("error", ({ code, message }) => resolve({ error: code ?? message }));
    sent.end();
  });
}
