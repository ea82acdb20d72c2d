// The help and the version of the command, and `serve`, which is little more.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isHere } from "../report/machine.js";
import { nearest } from "../report/nearest.js";
import { Failure, misuse } from "./failure.js";
import { kindOf } from "./input.js";
import { commands, explained, groups, options, spelled, verdictCodes } from "./table.js";

/** `help [COMMAND]` */
export async function help({ operands: [command] }, io, output) {
  if (command === undefined) await output.print(overview());
  else if (Object.hasOwn(commands, command)) await output.print(details(command));
  else {
    const meant = nearest(command, Object.keys(commands));
    throw misuse(`unknown command "${command}". ${meant === undefined ? "`pullproof help` lists all commands." : `Did you mean "${meant}"?`}`);
  }
  return 0;
}

function overview() {
  const row = (command) => ({ text: `  ${command.padEnd(14)}${commands[command].about}`, hang: 16 });
  const rows = groups.map((title, group) => [
    "",
    { text: title, tone: "bold" },
    Object.keys(commands).filter((command) => commands[command].group === group).map(row),
  ]);
  return [
    "pullproof checks that a container image is the one its author published, or that",
    "two images are the same. It says what is proven, and what is only claimed.",
    rows,
    "",
    "pullproof demo             an answer about a real release, offline",
    "pullproof help COMMAND     options and an example of a command (or COMMAND -h)",
    "pullproof --version        the version (or -v)",
    "",
    verdictCodes,
  ];
}

function details(command) {
  const { about, example, isAnswer, more, operands, options: own } = commands[command];
  const rows = own.map((name) => [optionWords(name), explained(name, command)]);
  return [
    { text: `pullproof ${[command, spelled(operands)].join(" ").trim()} [OPTIONS]`, tone: "bold" },
    `${about}.`,
    "",
    rows.map(([left, right]) => ({ text: `  ${left.padEnd(19)} ${right}`, hang: 22 })),
    "",
    more === undefined ? [] : [{ text: more, hang: 0 }, ""],
    isAnswer ? [{ text: verdictCodes, hang: 0 }, ""] : [],
    "Example:",
    { text: `  ${example}`, raw: true },
  ];
}

/** An option as help shows it: `-o, --output FILE`. */
export function optionWords(name) {
  const { short, value } = options[name];
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

/** `--version` */
export async function version(_, io, output) {
  await output.print(packageVersion());
  return 0;
}

/** The version of the package that this file is a part of. */
export function packageVersion() {
  return JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).version;
}

/** `serve [PORT] [DIR]`: until it is stopped. */
export async function serve({ operands, options: { registry = [] } }, io, output) {
  const [port = "0", ...ports] = operands.filter((word) => /^\d+$/.test(word));
  const [folder, ...folders] = operands.filter((word) => !/^\d+$/.test(word));
  if (Number(port) > 65535) throw misuse(`${port} is not a port: ports are numbers from 0 to 65535`);
  if (ports.length + folders.length > 0) throw misuse("`serve` takes one port and one folder");
  if (folder !== undefined && (await kindOf(folder)) !== "folder") throw misuse(`"${folder}" is neither a port nor a folder`);
  for (const host of registry) if (!isHere(host)) throw misuse(`--registry takes a registry on this machine, such as 127.0.0.1:5000, not "${host}"`);
  const server = await import("../serve/serve.js");
  const shown = folder === undefined ? { files: await ownFiles() } : { folder };
  const { address } = await server.serve({ ...shown, port: Number(port), registries: registry }).catch((error) => refused(error, port));
  await output.print(`the page is at ${address}`);
  // Ended by a signal; the server keeps the process alive until then.
  return new Promise(() => {});
}

async function ownFiles() {
  const place = (path) => fileURLToPath(new URL(path, import.meta.url));
  const { siteFiles } = await import("./site.js");
  return siteFiles({ www: place("../../../www"), pkg: place(".."), version: packageVersion() });
}

function refused(error, port) {
  if (error.code === "EADDRINUSE") throw new Failure("port", `port ${port} is in use; try \`pullproof serve 0\``);
  if (error.code === "EACCES") throw new Failure("port", `port ${port} needs more rights; try \`pullproof serve 0\``);
  throw error;
}
