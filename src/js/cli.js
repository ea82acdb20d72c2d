#!/usr/bin/env node
// The command `pullproof`: this process's streams, signals and end. What it does is in cli/main.js.

import { Broken, Failure, withoutSecrets } from "./cli/failure.js";
import { main } from "./cli/main.js";
import { jsonError } from "./cli/schema.js";
import { jsonText, visible } from "./report/visible.js";

// Whatever ends this process before it has an answer ends it with a failure.
const unanswered = 2;
process.exitCode = unanswered;

// Mistakes of typing: the message says everything.
const plainly = /^(?:digest-.*|empty|file|key-id|platform|port|question|reference|usage)$/;
const isJson = process.argv.slice(2).includes("--json");

const stopping = new AbortController();
let code;

process.once("SIGINT", () => stop(130));
process.once("SIGTERM", () => stop(143));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
// A reader that went away: whoever writes is told, by the callback of its write.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

try {
  code = await main(process.argv.slice(2), {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    signal: stopping.signal,
  });
} catch (error) {
  await fail(error);
}
process.exit(code ?? unanswered);

/** Stops what is under way, and ends without waiting for it: nothing it could say counts any more. */
function stop(signalled) {
  stopping.abort(new Failure("stopped", "stopped before there was an answer"));
  process.exit(signalled);
}

/** Says why in one line, without a stack, and as JSON where that was asked for, and ends. */
async function fail(error) {
  if (error instanceof Broken) process.exit(error.exitCode);
  const { code = "could-not-check", message = String(error), offset } = error ?? {};
  const said = withoutSecrets(plainly.test(error?.code) ? message : `${code}: ${message}`);
  await new Promise((resolve) => process.stderr.write(`pullproof: ${visible(said)}\n`, resolve));
  if (isJson) {
    const text = jsonText(jsonError({ code, message: withoutSecrets(message), offset }));
    await new Promise((resolve) => process.stdout.write(`${text}\n`, resolve));
  }
  process.exit(unanswered);
}
