// One command: read the command line, load what that command needs, give its exit code.

import { read } from "./arguments.js";
import { Output } from "./output.js";

// Loaded when needed: `digest` must not wait for what `mirror` uses.
const handlers = {
  check: async () => (await import("./check.js")).check,
  completion: async () => (await import("./completion.js")).completion,
  demo: async () => (await import("./demo.js")).demo,
  digest: async () => (await import("./bytes.js")).digest,
  help: async () => (await import("./help.js")).help,
  mirror: async () => (await import("./mirror.js")).mirror,
  page: async () => (await import("./page.js")).page,
  publish: async () => (await import("./publish.js")).publish,
  published: async () => (await import("./ask.js")).published,
  read: async () => (await import("./bytes.js")).read,
  recover: async () => (await import("./bytes.js")).recover,
  rescue: async () => (await import("./rescue.js")).rescue,
  same: async () => (await import("./ask.js")).same,
  serve: async () => (await import("./help.js")).serve,
  "trusted-root": async () => (await import("./refresh.js")).trustedRoot,
  version: async () => (await import("./help.js")).version,
  what: async () => (await import("./ask.js")).what,
};

/**
 * Does what `argv` says and gives the exit code. `io` has the streams `stdin`, `stdout` and `stderr`,
 * the `environment`, a `signal` that stops it, and may have `connect(options)`, which gives a run.
 */
export async function main(argv, io) {
  const { command, operands, options } = read(argv);
  const handler = await handlers[command]();
  const output = new Output(io, options);
  try {
    return await handler({ operands, options }, io, output);
  } finally {
    output.clear();
  }
}
