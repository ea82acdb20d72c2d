// Commands that ask a question: same, published, what.

import { Failure, exitCode, misuse, notWritten } from "./failure.js";
import { kindOf, noFile, refuseTwice } from "./input.js";
import { answerOffline } from "./offline.js";
import { refuseAddresses, refuseNames, refuseNoDigest, refuseShortDigests, refuseShortKeys } from "./typed.js";

/** `same LEFT RIGHT` */
export async function same({ operands: [left, right], options }, io, output) {
  const { level, platform } = options;
  refuseAddresses([left, right]);
  return ask({ ask: "same", left, right, ...given({ level, platform }) }, options, io, output);
}

/** `published IMAGE --digest D… | --key K… | --identity I --issuer U | --policy FILE`, or without any: who signed it. */
export async function published({ operands: [image], options }, io, output) {
  const { key, offline, platform, signatures } = options;
  refuseAddresses([image, ...(signatures ?? [])]);
  const by = author(options);
  if (by === undefined) {
    if (platform !== undefined) throw misuse("--platform needs to know the author: --digest, --key, --policy, or --identity with --issuer");
    return ask({ ask: "what", image, ...given({ signatures }) }, { ...options, unpinned: true }, io, output);
  }
  if (by.digests !== undefined && signatures !== undefined) throw misuse("--signatures needs a signer: --key, --policy, or --identity with --issuer");
  if (key !== undefined) await (await import("./signed.js")).readKeys(by, io, output);
  refuseShortDigests(by.digests);
  refuseShortKeys(by.keys);
  if (by.keys !== undefined && !offline) output.note("with --key the notary server is asked for signatures too");
  if (by.policy !== undefined) {
    const { policyAddress, readPolicy } = await import("./policy.js");
    const address = policyAddress(by.policy);
    if (address && options.offline) throw misuse("--offline needs the policy as a file, not as an address");
    if (!address) refuseTwice([by.policy, ...(options.paste ?? [])]);
    by.policy = address ?? (await readPolicy(by.policy, io, output));
  }
  return ask({ ask: "published", image, by, ...given({ platform, signatures }) }, options, io, output);
}

/** `what REF|FILE|-` */
export async function what({ operands: [name], options }, io, output) {
  const { paste = [], compare, signatures } = options;
  if (compare !== undefined) refuseNoDigest((await import("../report/compare.js")).readDigest(compare), compare);
  if (name === "-" || (await isFile(name, output))) {
    if (signatures !== undefined) throw misuse("--signatures needs an image that is fetched");
    const all = { ...options, offline: true, paste: [name, ...paste] };
    return ask({ ask: "what" }, all, io, output);
  }
  refuseAddresses([name, ...(signatures ?? [])]);
  return ask({ ask: "what", image: name, ...given({ signatures }) }, options, io, output);
}

/** The bundles, the trusted root and, where nobody is asked for, the keys that were given, as evidence. */
async function signed(question, options, io, output) {
  const { bundle = [], "trusted-root": root, key = [] } = options;
  const keys = question.ask === "what" ? key : [];
  if (bundle.length + keys.length === 0 && root === undefined) return [];
  return (await import("./signed.js")).readSigned({ bundle, root, keys }, io, output);
}

/** Asks a question of a run, or of what was pasted alone; prints the answer; gives its exit code. */
async function ask(question, options, io, output) {
  const { paste = [], accept, summary, receipt } = options;
  refuseTwice([...paste, ...(options["trust-data"] ?? []), ...(options.bundle ?? []), ...[options["trusted-root"] ?? []].flat()]);
  const keeping = receipt === undefined ? undefined : await import("./check.js");
  keeping?.refuseStandardOutput(receipt);
  const { time, data } = await trust(options, io, output);
  const face = await import("../node.js");
  // Before anything is read or fetched: a question that cannot be asked.
  refuseNames(face, [question.left, question.right, question.image, ...(question.signatures ?? [])].filter((name) => name !== undefined));
  check(face, question);
  const pasted = [];
  const { readGiven } = await import("./given.js");
  for (const name of paste) pasted.push(...(await readGiven(name, io, output)));
  for (const { evidence: { note, from } } of pasted) if (["archive", "archive-names"].includes(note?.code)) output.note(`${from.name}: ${note.text}`);
  const whole = (await import("../log.js")).wholeOf(question, pasted);
  if (whole !== undefined) pasted.push({ name: pasted[0].name, evidence: whole });
  for (const { name, bytes } of data) pasted.push({ name, evidence: { paste: bytes } });
  for (const { name, bytes } of await signed(question, options, io, output)) pasted.push({ name, evidence: { paste: bytes, ...(name === "-" ? {} : { file: name }) } });
  let kept;
  const onReceipt = receipt === undefined ? undefined : (text) => (kept = text);
  const answered = options.offline
    ? await answerOffline(face, question, pasted, { time, onReceipt })
    : await answerOnline(question, pasted, { ...options, time, onReceipt }, io, output);
  const { shown } = await import("../report/shown.js");
  const report = await asAsked(shown(answered), options);
  const written = [
    keeping === undefined || (await keeping.keep(receipt, kept, output)),
    summary === undefined || (await (await import("./markdown.js")).addReport(summary, report, output)),
  ];
  await (await import("./show.js")).show(report, options, output);
  return written.every(Boolean) ? exitCode(report.verdict, accept) : notWritten;
}

/** The report as the answer to more than its question. */
async function asAsked(report, { compare, unpinned }) {
  if (compare !== undefined) return (await import("../report/compare.js")).compared(report, compare);
  return unpinned ? (await import("../report/signers.js")).unpinned(report) : report;
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
  return wait(run.answer(question, { pasted: pasted.map(({ evidence }) => evidence), at: time, onProgress, onReceipt }));
}

/** Whom the options name as the author; nothing where they name nobody. */
function author({ digest, key, identity, "identity-pattern": pattern, issuer, policy, source }) {
  const kinds = [digest, key, identity ?? pattern ?? issuer, policy].filter((kind) => kind !== undefined).length;
  const one = "one of --digest, --key, --policy, or --identity with --issuer";
  if (kinds > 1) throw misuse(`\`published\` takes only ${one}, found ${kinds} of them`);
  if (source !== undefined && (kinds === 0 || digest || policy !== undefined)) throw misuse("--source needs the signer: --key FILE, or --identity with --issuer");
  if (kinds === 0) return undefined;
  if (digest) return { digests: digest };
  if (key) return source === undefined ? { keys: key } : { signers: key.map((name) => ({ key: name, source })) };
  if (policy !== undefined) return { policy };
  if (identity !== undefined && pattern !== undefined) throw misuse("--identity and --identity-pattern exclude each other");
  const named = identity ?? pattern;
  if (named === undefined || issuer === undefined) {
    throw misuse(named === undefined ? "--issuer needs --identity" : `--identity${identity === undefined ? "-pattern" : ""} needs --issuer`);
  }
  if (pattern !== undefined && !/[^*]/.test(pattern.includes("*") ? pattern : "")) throw misuse(`--identity-pattern takes an identity in which * is any text, not "${pattern}"`);
  if (pattern === undefined && source === undefined) return { identity, issuer };
  return { signers: [{ ...(pattern === undefined ? { identity } : { identityPattern: pattern }), issuer, ...(source === undefined ? {} : { source }) }] };
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
  if (kind === "folder" && (isPath || (await import("./given.js")).isLayout(name))) {
    if (!isPath) output.note(`the folder ${name} is read; for an image of that name write its registry`);
    return true;
  }
  if (isPath) throw new Failure("file", noFile(kind, name));
  const couldBeFile = kind === "folder" || /^[^/:@]+\.[a-z]+$/.test(name);
  if (couldBeFile) output.note(`there is no file ${name}: taken as an image's name`);
  return false;
}

const given = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
