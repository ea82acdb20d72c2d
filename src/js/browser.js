// The package in browsers: everything of page.js, and the trusted roots that come along, since its functions answer at
// once. The roots are fetched while the module is.

import { fetchRoots } from "./trusted.js";
import { takeRoots } from "./index.js";

export { PullproofError, Run, Session, answer, checkReceipt, digest, recognise, recover, rescue, verifyBundle } from "./page.js";

takeRoots(await fetchRoots());
