// The command line as data: which commands there are, what each takes, and what somebody typed.

import { parseArgs } from "node:util";
import { usage } from "./failure.js";

const flag = { type: "boolean" };
const one = { type: "string" };
const many = { type: "string", multiple: true };

const options = {
  accept: one,
  anonymous: flag,
  at: one,
  concurrency: one,
  digest: many,
  gateway: one,
  help: { type: "boolean", short: "h" },
  identity: one,
  issuer: one,
  json: flag,
  key: many,
  level: one,
  mirrors: many,
  offline: flag,
  output: { type: "string", short: "o" },
  paste: many,
  "plain-http": many,
  platform: one,
  policy: one,
  project: one,
  quiet: { type: "boolean", short: "q" },
  receipt: one,
  registry: many,
  resume: one,
  server: one,
  summary: one,
  tags: many,
  timeout: one,
  "trust-data": many,
  version: flag,
};

const always = ["help", "json", "quiet"];
const asking = [...always, "accept", "anonymous", "gateway", "offline", "paste", "plain-http", "summary", "timeout"];

/** What each command takes: its operands, `?` for one that may be left out, and its options. */
export const commands = {
  check: { operands: ["RECEIPT"], options: [...always, "accept", "summary"] },
  digest: { operands: ["FILE"], options: always },
  help: { operands: ["COMMAND?"], options: always },
  mirror: {
    operands: ["LEFT", "RIGHT"],
    options: [
      ...asking.filter((name) => !["offline", "paste"].includes(name)),
      "concurrency", "level", "platform", "resume", "tags",
    ],
  },
  page: { operands: ["DIR"], options: ["gateway", "help", "policy", "quiet"] },
  publish: {
    operands: ["IMAGE"],
    options: ["anonymous", "gateway", "help", "mirrors", "output", "plain-http", "project", "quiet", "tags", "timeout"],
  },
  published: {
    operands: ["IMAGE"],
    options: [...asking, "at", "digest", "identity", "issuer", "key", "platform", "policy", "receipt", "trust-data"],
  },
  read: { operands: ["FILE?"], options: always },
  recover: { operands: ["DIGEST", "FILE?"], options: always },
  rescue: { operands: ["REPOSITORY"], options: ["help", "quiet", "anonymous", "gateway", "output", "server", "timeout"] },
  same: { operands: ["LEFT", "RIGHT"], options: [...asking, "level", "platform", "receipt"] },
  serve: { operands: ["PORT?"], options: ["help", "quiet", "registry"] },
  what: { operands: ["REF|FILE|-"], options: [...asking, "at", "receipt", "trust-data"] },
};

/** What was typed: `{ command, operands, options }`. */
export function read(argv) {
  const { tokens, positionals, values } = parsed(argv);
  const [command, ...operands] = positionals;
  if (values.version === true) return { command: "version", operands: [], options: values };
  if (command === undefined) {
    if (values.help === true) return { command: "help", operands: [], options: values };
    throw usage(`a command (${listed(Object.keys(commands))})`, "none");
  }
  if (!Object.hasOwn(commands, command)) {
    throw usage(`a command (${listed(Object.keys(commands))})`, near(command, Object.keys(commands)));
  }
  for (const token of tokens) check(token, command, tokens);
  if (values.help === true) return { command: "help", operands: [command], options: values };
  checkOperands(command, operands);
  if (![undefined, "stated"].includes(values.accept)) throw usage("--accept stated", `--accept ${values.accept}`);
  return { command, operands, options: values };
}

function parsed(argv) {
  // Not strict: every refusal is worded here, and names what was probably meant.
  const taken = parseArgs({ args: argv, options, strict: false, allowPositionals: true, tokens: true });
  return { ...taken, tokens: taken.tokens.filter(({ kind }) => kind === "option") };
}

function check({ name, rawName, value, inlineValue, index }, command, tokens) {
  const known = commands[command].options;
  if (!known.includes(name)) {
    const elsewhere = Object.hasOwn(options, name);
    const found = elsewhere ? `${rawName}, which is for other commands` : near(rawName, known.map(dashed));
    throw usage(`an option of ${command} (${listed(known.map(dashed))})`, found);
  }
  const { type, multiple } = options[name];
  if (type === "boolean" && value !== undefined) throw usage(`${rawName} alone`, `${rawName}=${value}`);
  if (type === "string" && (value === undefined || value === "")) throw usage(`a value after ${rawName}`, "none");
  if (type === "string" && !inlineValue && value.startsWith("-") && value !== "-") {
    throw usage(`a value after ${rawName} (write ${rawName}=${value} if it is one)`, value);
  }
  const again = tokens.some((other) => other.name === name && other.index < index);
  if (again && !multiple && type === "string") throw usage(`${rawName} once`, "it twice");
}

function checkOperands(command, operands) {
  const expected = commands[command].operands;
  const least = expected.filter((operand) => !operand.endsWith("?")).length;
  if (operands.length >= least && operands.length <= expected.length) {
    if (!operands.includes("")) return;
    throw usage(`${spelled(expected)} after ${command}`, "one that is empty");
  }
  const found = operands.length === 0 ? "nothing" : operands.join(" ");
  throw usage(`${spelled(expected) || "nothing"} after ${command}`, found);
}

/** Operands as help shows them: `DIGEST [FILE]`. */
export const spelled = (operands) => operands.map((o) => (o.endsWith("?") ? `[${o.slice(0, -1)}]` : o)).join(" ");

const dashed = (name) => `--${name}`;
const listed = (words) => words.join(", ");

/** What was found, and which of the known words it is nearest to, where one is near. */
function near(found, known) {
  const [best] = known.map((word) => ({ word, edits: distance(found, word) })).sort((a, b) => a.edits - b.edits);
  const close = best !== undefined && best.edits <= Math.max(2, Math.floor(best.word.length / 3));
  return close ? `${found} (is ${best.word} meant?)` : found;
}

/** How many letters have to be changed, added, removed or swapped with their neighbour. */
function distance(one, other) {
  const [a, b] = [one.slice(0, 64), other.slice(0, 64)];
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (i > 1 && j > 1 && swapped) rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}
