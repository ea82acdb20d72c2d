// Commands that ask a question: same, published, what.

import { Failure, exitCode, misuse, notWritten } from "./failure.js";
import { kindOf, noFile, read as readAll, refuseTwice } from "./input.js";
import { answerOffline } from "./offline.js";
import { refuseAddresses, refuseNames, refuseNoDigest, refuseShortDigests, refuseShortKeys } from "./typed.js";

/** `same LEFT RIGHT` */
export async function same({ operands: [left, right], options }, io, output) {
  const { level, platform } = options;
  refuseAddresses([left, right]);
  return ask({ ask: "same", left, right, ...given({ level, platform }) }, options, io, output);
}

/** `published IMAGE --digest D… | --key K… | --identity I --issuer U | --policy FILE` */
export async function published({ operands: [image], options }, io, output) {
  const { key, offline, platform } = options;
  const by = author(options);
  refuseAddresses([image]);
  refuseShortDigests(by.digests);
  refuseShortKeys(by.keys);
  if (key !== undefined && !offline) output.note("with --key the notary server is asked for signatures too");
  if (by.policy !== undefined) {
    const { policyAddress, readPolicy } = await import("./policy.js");
    const address = policyAddress(by.policy);
    if (address && options.offline) throw misuse("--offline needs the policy as a file, not as an address");
    if (!address) refuseTwice([by.policy, ...(options.paste ?? [])]);
    by.policy = address ?? (await readPolicy(by.policy, io, output));
  }
  return ask({ ask: "published", image, by, ...given({ platform }) }, options, io, output);
}

/** `what REF|FILE|-` */
export async function what({ operands: [name], options }, io, output) {
  const { paste = [], compare } = options;
  if (compare !== undefined) refuseNoDigest((await import("../report/compare.js")).readDigest(compare), compare);
  if (name === "-" || (await isFile(name, output))) {
    const all = { ...options, offline: true, paste: [name, ...paste] };
    return ask({ ask: "what" }, all, io, output);
  }
  refuseAddresses([name]);
  return ask({ ask: "what", image: name }, options, io, output);
}

/** Asks a question of a run, or of what was pasted alone; prints the answer; gives its exit code. */
async function ask(question, options, io, output) {
  const { paste = [], accept, summary, receipt } = options;
  refuseTwice([...paste, ...(options["trust-data"] ?? [])]);
  const keeping = receipt === undefined ? undefined : await import("./check.js");
  keeping?.refuseStandardOutput(receipt);
  const { time, data } = await trust(options, io, output);
  const face = await import("../node.js");
  // Before anything is read or fetched: a question that cannot be asked.
  refuseNames(face, [question.left, question.right, question.image].filter((name) => name !== undefined));
  check(face, question);
  const pasted = [];
  for (const name of paste) pasted.push({ name, bytes: await readAll(name, io, output) });
  pasted.push(...data);
  let kept;
  const onReceipt = receipt === undefined ? undefined : (text) => (kept = text);
  const answered = options.offline
    ? await answerOffline(face, question, pasted, { time, onReceipt })
    : await answerOnline(question, pasted, { ...options, time, onReceipt }, io, output);
  const { shown } = await import("../report/shown.js");
  const report = options.compare === undefined ? shown(answered) : (await import("../report/compare.js")).compared(shown(answered), options.compare);
  const written = [
    keeping === undefined || (await keeping.keep(receipt, kept, output)),
    summary === undefined || (await (await import("./markdown.js")).addReport(summary, report, output)),
  ];
  await (await import("./show.js")).show(report, options, output);
  return written.every(Boolean) ? exitCode(report.verdict, accept) : notWritten;
}

/** The time that is asked about, and saved metadata as evidence. */
async function trust({ at: time, "trust-data": names = [] }, io, output) {
  if (time === undefined && names.length === 0) return { time: undefined, data: [] };
  const { readTime, readTrustData } = await import("./trust.js");
  const asked = time === undefined ? undefined : readTime(time);
  const data = [];
  for (const name of names) data.push(...(await readTrustData(name, io, output)));
  return { time: asked, data };
}

function check({ Session }, question) {
  const { ask, image, by, platform } = question;
  // A policy that is still to be fetched, or what is no question until it is known what is asked about.
  const isWhole = ask !== "what" && !(by?.policy instanceof URL);
  if (isWhole) new Session(question).free();
  else if (image !== undefined) new Session({ ask: "same", left: image, right: image, ...given({ platform }) }).free();
}

async function answerOnline(question, pasted, options, io, output) {
  const { begin, wait } = await import("./run.js");
  const run = await begin(options, io, output);
  const onProgress = ({ done, wanted, bytes }) => output.progress(`${done} of ${wanted} fetched, ${bytes} bytes`);
  const { time, onReceipt } = options;
  return wait(run.answer(question, { pasted: pasted.map(({ bytes }) => bytes), at: time, onProgress, onReceipt }));
}

function author({ digest, key, identity, issuer, policy }) {
  const kinds = [digest, key, identity ?? issuer, policy].filter((kind) => kind !== undefined).length;
  const one = "one of --digest, --key, --policy, or --identity with --issuer";
  if (kinds === 0) throw misuse(`\`published\` needs to know the author: ${one}`);
  if (kinds > 1) throw misuse(`\`published\` takes only ${one}, found ${kinds} of them`);
  if (digest) return { digests: digest };
  if (key) return { keys: key };
  if (policy !== undefined) return { policy };
  if (identity === undefined || issuer === undefined) {
    throw misuse(identity === undefined ? "--issuer needs --identity" : "--identity needs --issuer");
  }
  return { identity, issuer };
}

/** True if a file is meant. Says which was taken where an image could be meant too. */
async function isFile(name, output) {
  const kind = await kindOf(name);
  // An image's name begins with neither a dot nor a slash.
  const isPath = /^[./\\]/.test(name);
  if (kind === "file") {
    if (!isPath) output.note(`the file ${name} is read; for an image of that name write its registry`);
    return true;
  }
  if (isPath) throw new Failure("file", noFile(kind, name));
  const couldBeFile = kind === "folder" || /^[^/:@]+\.[a-z]+$/.test(name);
  if (couldBeFile) output.note(`there is no file ${name}: taken as an image's name`);
  return false;
}

const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
