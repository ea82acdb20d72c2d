// `publish IMAGE`: the policy of a publisher, from what the registries have. It is written only when
// everything in it was seen: each tag down to its configurations, and on each mirror the same images.

import { readFileSync } from "node:fs";
import { at, exitCode, misuse, notWritten } from "./failure.js";
import { isThere, put, tried } from "./files.js";
import { matches } from "./glob.js";
import { packageVersion } from "./help.js";
import { ordered } from "./queue.js";
import { checkPolicy } from "./policy.js";
import { begin, wait } from "./run.js";
import { refuseAddresses } from "./typed.js";
import { word as shellWord } from "../report/checks/shell.js";
import { weakest } from "../report/standings.js";

const sideBySide = 4;
const isGlob = (word) => /[*?]/.test(word);

/** `publish IMAGE --tags a,b|GLOB [--mirrors X,Y] [--project NAME] [-o FILE]` */
export async function publish({ operands: [image], options }, io, output) {
  const mirrors = words(options.mirrors ?? []);
  if (options.tags === undefined) throw misuse("`publish` needs --tags: the releases, by their tags or a pattern, such as --tags '1.*'");
  refuseAddresses([image, ...mirrors]);
  for (const name of [image, ...mirrors]) {
    if (/[:@][^/]*$/.test(name)) throw misuse(`\`publish\` takes a repository without a tag or digest, not "${name}"`);
  }
  const face = await import("../node.js");
  const names = [image, ...mirrors].map((name) => repository(face, name));
  const before = earlier(face, options.output);
  const run = await begin(options, io, output);
  const tags = await chosen(run, names[0], words(options.tags));
  const releases = [];
  let verdict = tags.length === 0 ? "open" : "proven";
  if (tags.length === 0) output.fault(`open: ${names[0]} has no tag like ${options.tags.join(" or ")}`);
  for await (const seen of ordered(tags, { most: sideBySide, ahead: sideBySide * 4 }, (tag) => look(run, names, tag))) {
    for (const fault of seen.faults) output.fault(fault);
    verdict = weakest([verdict, seen.verdict]);
    if (seen.verdict === "proven") releases.push(seen.release);
    output.progress(`${releases.length} of ${tags.length} releases`);
  }
  if (verdict !== "proven") {
    output.fault(`${verdict}: no policy was written, since not everything in it was seen to be so`);
    return exitCode(verdict);
  }
  const text = policyText({ ...before, project: options.project ?? before.project ?? names[0].split("/").at(-1) }, names, releases);
  checkPolicy(face.Session, text);
  const { output: file = "-" } = options;
  const written = file === "-" || (await tried(output, () => put(file, text, output)));
  if (file === "-" || !written) await output.write(text);
  output.note(`${releases.length} ${releases.length === 1 ? "release" : "releases"} of ${names.join(", ")}`);
  if (written && file !== "-") output.note(`next: pullproof page site --policy ${shellWord(file) ?? "FILE"}`);
  return written ? exitCode(verdict) : notWritten;
}

/** The policy that is to be replaced: what was written into it by hand is taken over. Any other file is left alone. */
function earlier({ Session }, file) {
  if (file === undefined || file === "-" || !isThere(file)) return {};
  const text = at(file, () => readFileSync(file, "utf8"));
  at(file, () => checkPolicy(Session, text), text);
  return JSON.parse(text);
}

const words = (values) => values.flatMap((value) => value.split(",")).map((word) => word.trim()).filter(Boolean);

/** The repository's whole name, as the module reads it. */
function repository({ Session }, name) {
  const session = new Session({ ask: "what", image: `${name}:latest` });
  try {
    return session.report(new Date(0)).question.image.replace(/:latest$/, "");
  } finally {
    session.free();
  }
}

// Versions by their numbers, the newest first: whoever opens the publisher's page mostly wants that one.
const byNumber = new Intl.Collator("en", { numeric: true });
const newestFirst = (one, other) => byNumber.compare(other, one) || (one < other ? 1 : -1);

/** The tags that were asked for, each once; the registry is asked for its list only where there is a pattern. */
async function chosen(run, name, wanted) {
  if (!wanted.some(isGlob)) return [...new Set(wanted)];
  const listed = await wait(run.tags(name));
  const plain = wanted.filter((word) => !isGlob(word));
  const found = listed.filter((tag) => wanted.some((word) => isGlob(word) && matches(word, tag)));
  return [...new Set([...plain, ...found.sort(newestFirst)])];
}

/** A tag as the registries have it now: `{ verdict, faults, release }`. */
async function look(run, [name, ...mirrors], tag) {
  const own = await describe(run, `${name}:${tag}`);
  if (own.verdict !== "proven") return own;
  const release = { tag, digests: [own.root], ...(own.configs && { configs: own.configs }) };
  for (const mirror of mirrors) {
    const [left, right] = [`${name}:${tag}`, `${mirror}:${tag}`];
    const question = { ask: "same", left, right };
    const { verdict, summary } = await wait(run.answer(question));
    if (verdict !== "proven") return { verdict, faults: [`${verdict}: ${right} beside ${left}: ${summary}`] };
    const other = await describe(run, `${mirror}:${tag}`);
    if (other.verdict !== "proven") return other;
    if (!release.digests.includes(other.root)) release.digests.push(other.root);
  }
  return { verdict: "proven", faults: [], release };
}

/** The digest that a tag names, and the configuration of each platform in it: each proven by its bytes. */
async function describe(run, reference) {
  // Others may attach referrers: those must not keep a policy from being written.
  const report = await wait(run.answer({ ask: "what", image: reference }, { referrers: false }));
  const proven = report.claims.filter(({ standing }) => standing.is === "proven").map(({ statement }) => statement);
  const root = proven.find((found) => found.kind === "resolves" && found.reference === reference)?.digest;
  if (report.verdict !== "proven" || root === undefined) {
    const verdict = report.verdict === "proven" ? "open" : report.verdict;
    return { verdict, faults: [`${verdict}: what ${reference} is could not be seen: ${report.summary}`] };
  }
  return { verdict: "proven", faults: [], root, configs: configsOf(proven, root) };
}

/** The configurations by platform; none where a platform is not named, or named twice. */
function configsOf(proven, root) {
  const named = (parent, as) => proven.filter((found) => found.kind === "names" && found.parent === parent && found.as === as);
  const found = new Map();
  let certain = true;
  const follow = (digest, platform) => {
    for (const config of named(digest, "config")) {
      if (platform === undefined || found.has(platform)) certain = false;
      else found.set(platform, config.digest);
    }
    for (const child of named(digest, "manifest")) follow(child.digest, child.platform);
  };
  follow(root);
  return certain && found.size > 0 ? Object.fromEntries(found) : undefined;
}

// Editors check the file by this schema: it is in the package, where anybody may load it.
const schemaOf = () => `https://unpkg.com/pullproof@${packageVersion()}/www/policy.schema.json`;

function policyText({ $schema = schemaOf(), project, why, signers, releases: before = [] }, [name, ...mirrors], releases) {
  const notes = new Map(before.map(({ tag, note }) => [tag, note]));
  const noted = releases.map((release) => (notes.get(release.tag) === undefined ? release : { ...release, note: notes.get(release.tag) }));
  const policy = {
    $schema,
    pullproof: "policy",
    version: 1,
    project,
    ...(why !== undefined && { why }),
    names: [name],
    ...(mirrors.length > 0 && { mirrors }),
    releases: noted,
    ...(signers !== undefined && { signers }),
  };
  return `${JSON.stringify(policy, undefined, 2)}\n`;
}
