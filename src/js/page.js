// The page: requests are sent by the browser's own fetch, through the module. It fetches trusted roots itself, where it
// needs them.

import { call } from "./index.js";
import { glue } from "./module.js";
import { connect } from "./fetch/run.js";

connect({
  page: true,
  glue,
  transport: () => (request, signal) => {
    const headers = request.headers.flatMap(({ name, value }) => [name, value]);
    return call(() => glue.send(request.url, headers, request.form, request.follow, signal));
  },
});

export { PullproofError, Session, digest, recognise, recover, verifyBundle } from "./index.js";
export { checkReceipt } from "./receipt.js";
export { rescue } from "./rescue.js";
export { Run, answer } from "./fetch/run.js";
