// The next step after an answer, `{ phrase, command, output, level }`. `command` is a line for a shell;
// `output` says that what it prints is to be given; `level` is a level that would do where a lower one was asked for.
// `fetch` says that fetching would check it; `instead` has an image that exists for one that does not. Nothing where nothing is to be done.

import { repository, rootOf } from "./checks/names.js";
import { listedBy } from "./checks/question.js";
import { isDigest, word } from "./checks/shell.js";
import { failures } from "./failures.js";
import { originOf, resolutions } from "./origins.js";
import { pinCommand } from "./signers.js";

export function next(report) {
  // The answer says already if it is the digest that was given.
  if (report.compared !== undefined && report.compared.is !== "none") return toCompare(report.compared);
  const pin = report.question.ask === "what" ? pinCommand(report) : undefined;
  if (pin !== undefined && report.verdict !== "contradicted") return { phrase: "If that is who should have signed it, ask whether they did:", command: pin, pins: true };
  const steps = { contradicted, open: missing, stated, proven };
  return steps[report.verdict]?.(report);
}

function toCompare({ is }) {
  if (is === "different") return { phrase: "Do not rely on it until you know which of the two digests is right." };
  return is === "prefix" ? { phrase: "Compare with the whole digest, from where its beginning comes." } : undefined;
}

/** The image in question: of two, the second. */
const inQuestion = ({ ask, right, image }) => (ask === "same" ? right : image);

function contradicted({ question, claims }) {
  const image = inQuestion(question);
  const named = image === undefined ? "it" : { name: image };
  const rows = claims.filter(({ statement }) => statement.kind === "same");
  const apart = rows.filter(({ standing }) => standing.is === "contradicted");
  if (apart.length === 0 && question.ask !== "published") {
    return { phrase: ["Do not rely on ", named, " until you know which of the two is right."] };
  }
  // At every platform they share something that is less than was asked for.
  const shared = apart.every(({ statement }) => statement.level === "config" || statement.level === "manifest");
  if (apart.length > 0 && shared) return { level: "config", phrase: "They have the same configuration. If that is enough, compare at that level." };
  if (question.ask === "published") return { phrase: ["Do not use ", named, " until its author explains the difference."] };
  return { phrase: ["Do not use ", named, " in place of ", { name: question.left }, " until its publisher explains the difference."] };
}

// By the code of a failed request, what a login is for.
const logins = {
  forbidden: (registry) => ["Log in to ", registry, " as somebody who may read it, then ask again:"],
  "rate-limited": (registry) => ["Ask again later, or log in to ", registry, ":"],
  unauthorized: (registry) => ["Log in to ", registry, ", then ask again:"],
};

// By the same codes, where or when to run a command.
const elsewhere = {
  closed: "Run this in a terminal",
  network: "Run this in a terminal that can reach the registry",
  server: "Ask again later, or run this",
  timeout: "Ask again later, or run this",
};

function missing(report) {
  const failed = failures(report);
  const login = failed.find(({ code, registry }) => Object.hasOwn(logins, code) && word(registry) !== undefined);
  if (login !== undefined) return { phrase: logins[login.code]({ name: login.registry }), command: `docker login ${word(login.registry)}` };
  const absent = failed.find(({ code }) => code === "not-found");
  if (absent?.near !== undefined) return { phrase: ["The nearest that exists is ", { name: absent.near }, "."], instead: { absent: originOf(absent.want).reference, near: absent.near } };
  if (absent !== undefined) return { phrase: "Check the name and the tag." };
  const first = failed.find(({ want }) => want?.command);
  const want = first?.want ?? report.wants.find(({ command }) => command);
  if (want !== undefined) {
    return { phrase: `${elsewhere[first?.code] ?? "Run this"}, and give its output here:`, command: want.hint, output: true };
  }
  const [other] = report.wants;
  return other === undefined ? undefined : { phrase: ["Still needed: ", { words: other.hint }] };
}

/** The digest that a tag is only said to have, where the policy lists it: with the digest in its name nobody's word is needed. */
function publishedDigest(report) {
  const { by, image } = report.question;
  if (by?.policy === undefined || image.includes("@") || word(image) === undefined) return undefined;
  const root = rootOf(report, image);
  return listedBy(report).digests.find((digest) => digest === root);
}

/** What was only said is checked by fetching it; signatures by the metadata that they are in. */
function stated(report) {
  const { by, image } = report.question;
  const listed = publishedDigest(report);
  if (listed !== undefined) return { phrase: "Pull it by the digest that was published, and it cannot be anything else:", command: `docker pull ${word(`${repository(image)}@${listed}`)}` };
  const name = image === undefined ? undefined : word(repository(image));
  if (by?.keys !== undefined && name !== undefined) {
    return { phrase: "Save the signed metadata, then ask again with it (--trust-data trust.json):", command: `pullproof rescue ${name} -o trust.json` };
  }
  return missing(report) ?? { phrase: "Fetch what was only claimed, to check it:", fetch: true };
}

/** A tag can move: what was checked is pulled by its digest. */
function proven(report) {
  const image = inQuestion(report.question);
  const { digest = "" } = resolutions(report).find(({ reference }) => reference === image) ?? {};
  if (report.question.ask === "what" || !isDigest(digest) || word(image) === undefined) return undefined;
  return { phrase: "Pull exactly what was checked:", command: `docker pull ${word(`${repository(image)}@${digest}`)}` };
}
