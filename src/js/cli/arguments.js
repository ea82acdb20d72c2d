// The command line: what somebody typed, read by the table of commands.

import { parseArgs } from "node:util";
import { word as shellWord } from "../report/checks/shell.js";
import { nearest } from "../report/nearest.js";
import { misuse } from "./failure.js";
import { commands, options, spelled, tools } from "./table.js";

export { commands, spelled } from "./table.js";

/** Reads what was typed: `{ command, operands, options }`; `options.again` is the whole line, as it is typed again. */
export function read(argv) {
  const { tokens, values, words } = parsed(argv);
  const [command, ...operands] = words;
  if (command === undefined) {
    const unknown = tokens.find(({ name }) => !["help", "version"].includes(name));
    if (unknown !== undefined && values.version !== true && values.help !== true) throw misuse(alone(unknown));
    return { command: values.version === true ? "version" : "help", operands: [], options: values };
  }
  if (!Object.hasOwn(commands, command)) {
    const meant = nearest(command, Object.keys(commands));
    throw misuse(`unknown command "${command}". ${meant === undefined ? "`pullproof help` lists all commands." : `Did you mean "${meant}"?`}`);
  }
  if (values.version === true) return { command: "version", operands: [], options: values };
  for (const token of tokens) check(token, command, tokens);
  if (values.help === true) return { command: "help", operands: [command], options: values };
  checkOperands(command, operands);
  if (![undefined, "stated"].includes(values.accept)) throw misuse(`--accept takes only "stated", not "${values.accept}"`);
  checkLevel(values.level);
  checkSteps(values.steps);
  checkShown(values);
  return { command, operands, options: { ...values, again: again(argv) } };
}

/** As `parseArgs` has it, but for the tool that may follow `--steps`. */
function parsed(argv) {
  const kinds = Object.fromEntries(Object.entries(options).map(([name, { type, multiple, short }]) => [name, { type, ...(multiple && { multiple }), ...(short && { short }) }]));
  // Not strict: every refusal is worded here, and names what was probably meant.
  const taken = parseArgs({ args: argv, options: kinds, strict: false, allowPositionals: true, tokens: true });
  const steps = taken.tokens.find(({ kind, name }) => kind === "option" && name === "steps");
  const follows = ({ kind, index, value }) => kind === "positional" && index === steps?.index + 1 && steps.value === undefined && tools.includes(value);
  const tool = taken.tokens.find(follows);
  const words = taken.tokens.filter((token) => token.kind === "positional" && token !== tool).map(({ value }) => value);
  const values = tool === undefined ? taken.values : { ...taken.values, steps: tool.value };
  return { words, values, tokens: taken.tokens.filter(({ kind }) => kind === "option") };
}

const alone = ({ name, rawName }) =>
  (Object.hasOwn(options, name) ? `${rawName} needs a command before it. \`pullproof help\` lists all commands.` : unknownOption(rawName, ["--help", "--version"]));

function unknownOption(found, known) {
  const meant = nearest(found, known);
  return `unknown option "${found}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function check({ name, rawName, value, inlineValue, index }, command, tokens) {
  const known = commands[command].options;
  if (!known.includes(name)) {
    const others = Object.keys(commands).filter((other) => commands[other].options.includes(name));
    if (others.length > 0) throw misuse(`${command} has no option ${rawName} (it is for ${others.join(", ")})`);
    throw misuse(`${unknownOption(rawName, known.map((one) => `--${one}`))} \`pullproof help ${command}\` lists its options.`);
  }
  const { type, multiple } = options[name];
  if (type === "boolean" && value !== undefined && name !== "steps") throw misuse(`${rawName} takes no value, but has "${value}"`);
  if (type === "string" && (value === undefined || value === "")) throw misuse(`${rawName} needs a value: ${rawName} ${options[name].value}`);
  if (type === "string" && !inlineValue && value.startsWith("-") && value !== "-") {
    throw misuse(`${rawName} needs a value, and "${value}" looks like an option (if it is the value, write ${rawName}=${value})`);
  }
  const before = tokens.some((other) => other.name === name && other.index < index);
  if (before && !multiple && type === "string") throw misuse(`${rawName} is given twice`);
}

const levels = ["index", "manifest", "config", "rootfs"];

function checkLevel(level) {
  if (level !== undefined && !levels.includes(level)) throw misuse(`--level takes index, manifest, config or rootfs, not "${level}"`);
}

function checkSteps(steps) {
  if (steps === undefined || steps === true || tools.includes(steps)) return;
  throw misuse(`--steps takes one of ${tools.join(", ")}, not "${steps}"`);
}

function checkShown({ json, quiet, steps, verbose }) {
  const shown = [["--json", json], ["--quiet", quiet && !json], ["--steps", steps], ["--verbose", verbose]].filter(([, value]) => value);
  if (shown.length > 1) throw misuse(`${shown[0][0]} and ${shown[1][0]} exclude each other`);
}

const counts = ["no argument", "one argument", "two arguments"];

function checkOperands(command, operands) {
  const expected = commands[command].operands;
  const least = expected.filter((operand) => !operand.endsWith("?")).length;
  const usage = `Usage: pullproof ${[command, spelled(expected)].join(" ").trim()}`;
  const most = expected.some((operand) => operand.includes("...")) ? Infinity : expected.length;
  if (operands.length >= least && operands.length <= most) {
    if (!operands.includes("")) return;
    throw misuse(`an argument of ${command} is empty. ${usage}`);
  }
  const two = expected.length === 2 && least === 2;
  const needed = two ? "two images" : counts[least];
  const wanted = command === "mirror" ? "two repositories" : needed;
  if (operands.length < least) throw misuse(`\`${command}\` needs ${wanted}${operands.length === 0 ? "" : `, found only ${operands.join(" ")}`}. ${usage}`);
  throw misuse(`\`${command}\` takes ${two ? wanted : counts[expected.length]}, found ${operands.join(" ")}. ${usage}`);
}

/** The command line as it is typed again; nothing where a word of it is not one that a shell may be given. */
function again(argv) {
  const words = ["pullproof", ...argv].map(shellWord);
  return words.includes(undefined) ? undefined : words.join(" ");
}
