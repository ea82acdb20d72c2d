// Everything that hashes or fetches runs here, in the worker. A message that asks has an id: the
// question and all evidence in, the report out under the same id. The others say what to stop, to keep
// and to forget. What was fetched and credentials live here and nowhere else, until the tab closes.

import { Fetched } from "./memory.js";
import { part } from "../part.js";
import { PullproofError, Run, Session, checkReceipt, digest, recover } from "../pkg/page.js";
import { digests, version } from "../pkg/digests.js";
import { lacksRoot, onlyImages, takeRoots } from "../pkg/index.js";
import { recording, wholeOf } from "../pkg/log.js";
import { receiptOf } from "../pkg/receipt.js";
import { attributed } from "../pkg/report/receipt.js";
import { signatureRegistries } from "../pkg/report/places.js";
import { policyWords } from "../pkg/fetch/run.js";

// Codes after which nothing that this module says is worth anything.
const broken = new Set(["could-not-check", "self-test"]);

const fetched = new Fetched();
/** By exact origin. */
const credentials = new Map();
let fetching;
/** The evidence of the last answer, until the next one. */
let last;

const orders = {
  stop: () => fetching?.abort(),
  forget: () => fetched.clear(),
  keep({ origins, username, password }) {
    for (const origin of origins) credentials.set(origin, { username, password });
  },
  drop: () => credentials.clear(),
};

/** The first call, which says whether the module knows its known answers. */
export const begin = () => void digest("");

/** A message of the page. */
export async function take(data) {
  if (data.id === undefined) return orders[data.order](data);
  const { id } = data;
  try {
    const onProgress = (progress) => self.postMessage({ id, progress });
    return self.postMessage({ id, answer: await answer(data, onProgress) });
  } catch (error) {
    return self.postMessage({ id, ...described(error) });
  }
}

/** The receipt of the last answer, as text. */
function receipt() {
  if (last === undefined) throw new PullproofError("receipt", "expected an answer, found none");
  return { receipt: receiptOf(last.question, last.session, last.at, last.report) };
}

/** The evidence of an answer. */
const by = () => ({ version, module: digests["pullproof_bg.wasm"] });

/** The bytes of a document of the last answer, if they are here. */
function bytesOf(digest) {
  const pasted = last?.pieces.map(({ content }) => recover(content, digest)).find((found) => found !== null);
  return pasted?.bytes ?? fetched.bytes(digest);
}

/** The answer of a receipt, made again: nothing that was given or fetched here goes into it. */
async function check(text) {
  let checked;
  await rooted(() => (checked = checkReceipt(text)).report);
  return { report: attributed(checked.report), wants: checked.report.wants, at: new Date(), by: by(), pieces: [], fetched: fetched.summary(), failures: new Map(), places: signatureRegistries(checked.report.question), checked };
}

/**
 * What a message asks. `fetch` is set when somebody asked for what is missing: the address at which a gateway may be.
 * `policy` says where the policy of the question comes from.
 */
async function answer({ question, policy, pieces, fetch, keep, bytes, named, newest, check: text }, onProgress) {
  if (newest) return part(() => import("./trusted.js")).then(({ newestRoot }) => newestRoot());
  if (named !== undefined) return { images: onlyImages(named) };
  if (keep) return receipt();
  if (bytes !== undefined) return { bytes: bytesOf(bytes) };
  last = undefined;
  if (text !== undefined) return check(text);
  const session = recording(new Session(question));
  try {
    const whole = wholeOf(question, pieces);
    const read = pieces.map((piece) => readPiece(session, piece, whole));
    if (policy) notePolicy(session, policy);
    fetched.recall(session, { failures: fetch === undefined });
    const ended = fetch === undefined ? undefined : await fetchWanted(session, fetch.gateway, onProgress);
    const at = new Date();
    const report = await rooted(() => session.report(at));
    const wants = settling(session, report);
    const failures = fetched.failures(wants);
    last = { question, session, at, report, pieces };
    return { report, wants, pieces: read, at, by: by(), fetched: fetched.summary(), failures, places: signatureRegistries(question), ended };
  } finally {
    session.free();
  }
}

/** A report, made again with the trusted roots of the page where one is missing. */
async function rooted(report) {
  const first = report();
  if (!lacksRoot(first)) return first;
  // Without a network there may be none.
  const files = await import("../pkg/trusted.js").then(({ fetchRoots }) => fetchRoots(), () => []);
  takeRoots(files);
  return report();
}

/** Says which policy the answer rests on, where it was fetched and when. */
function notePolicy(session, { url, text, at, kept }) {
  const words = policyWords(url, digest(text), kept);
  session.take({ note: { code: "policy-source", text: words }, from: { via: "fetched", url, at } });
}

/**
 * The missing documents; if none is missing but everything is only stated, the documents that would prove it, and if only
 * words are missing, such as a signature by somebody, the image beside which they may be.
 */
function settling(session, { verdict, wants, claims }) {
  // What refers to the image settles nothing.
  const open = () => session.wants().filter(({ what }) => what !== "referrers" && what !== "signatures");
  if (verdict === "stated" && wants.length === 0) return open();
  // Nor does the image where a policy does not list it.
  const isUnlisted = claims.some(({ statement: { code }, standing }) => standing.is === "missing" && (code === "policy-name" || code === "policy-release"));
  const isWords = verdict === "open" && !isUnlisted && wants.length > 0 && wants.every(({ url, command }) => url === undefined && !command);
  return isWords ? [...open().filter(({ what, url }) => what === "document" && url !== undefined), ...wants] : wants;
}

/** The findings in a piece of evidence, or the reason it was refused. */
function readPiece(session, { content, about, file, evidence }, whole) {
  try {
    const findings = session.take(evidence ?? { paste: content, ...(about && { about }), ...(file && { file }) });
    if (whole) session.take(whole);
    return { digest: digest(content), findings };
  } catch (error) {
    const { refused } = described(error);
    if (!refused) throw error;
    return { findings: [], refused };
  }
}

/** Fetches until nothing more is wanted or it is stopped; what came until then stays. */
async function fetchWanted(session, gateway, onProgress) {
  fetching = new AbortController();
  const { signal } = fetching;
  const keeping = fetched.keeping(session);
  let progress;
  try {
    // A run for each time: one that was stopped stays so, and in a new one what failed is tried again,
    // with credentials and a gateway that may have come since.
    const through = await gatewayAt(gateway, session.wants(), signal);
    const wanted = through === undefined ? openTo(keeping, await part(() => import("../pkg/report/origins.js"))) : keeping;
    const run = new Run({
      gateway: through,
      credentials: async (origin) => credentials.get(origin) ?? null,
      signal,
    });
    await run.serve(wanted, {
      onProgress(now) {
        // What was refused before it was asked for was wanted too.
        const { refused = 0 } = wanted;
        progress = { ...now, done: now.done + refused, wanted: now.wanted + refused, failed: keeping.failed };
        onProgress(progress);
      },
    });
    return { stopped: false, progress };
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return { stopped: true, progress };
  } finally {
    fetching = undefined;
  }
}

/** A session that is told at once which registries keep pages out, and wants nothing of them: they are not asked. */
function openTo(session, { keepsPagesOut, originOf }) {
  const told = new Set();
  const tell = (want) => {
    told.add(want.url);
    const { registry } = originOf(want);
    session.take({ failed: { code: "closed", text: `${registry} was not asked, because it is known to keep web pages out` }, want, from: { via: "fetched", url: want.url, at: new Date().toISOString().replace(/\.\d+Z$/, "Z") } });
  };
  return {
    get refused() {
      return told.size;
    },
    take: (evidence) => session.take(evidence),
    wants() {
      const isOpen = ({ url, what }) => what === "notary" || url === undefined || !keepsPagesOut(url);
      const wants = session.wants();
      wants.filter((want) => !isOpen(want) && !told.has(want.url) && want.what !== "referrers").forEach(tell);
      return wants.filter(isOpen);
    },
  };
}

/** The address, if a gateway is there that reads any of the hosts in question. */
async function gatewayAt(address, wants, signal) {
  if (address === undefined) return undefined;
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const init = {
      headers: { accept: "application/json" },
      credentials: "omit",
      cache: "no-store",
      signal: limit,
    };
    const response = await fetch(address, { ...init, redirect: "error" });
    const { name, hosts } = await response.json();
    const serves = ({ url }) => url !== undefined && hosts.includes(new URL(url).host);
    return response.ok && /^pullproof.gateway$/.test(name) && wants.some(serves) ? address : undefined;
  } catch {
    signal.throwIfAborted();
    // Most places that serve this page have none.
    return undefined;
  }
}

function described(error) {
  const known = error instanceof PullproofError && !broken.has(error.code);
  if (known) return { refused: { code: error.code, message: error.message } };
  return { failed: String(error?.message ?? error) };
}
