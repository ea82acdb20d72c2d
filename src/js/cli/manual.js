// The manual page, pullproof(1), made from the table of commands when the package is built.

import { optionWords, packageVersion } from "./help.js";
import { commands, explained, groups, spelled, verdictCodes } from "./table.js";

/** A text as roff prints it: no character of it is read as an instruction. */
const escaped = (text) => text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^([.'])/, "\\&$1");

const names = Object.keys(commands);

/** The manual page's source. */
export function manual() {
  return [
    `.TH PULLPROOF 1 "" "pullproof ${packageVersion()}" "User Commands"`,
    ".SH NAME",
    "pullproof \\- check that a container image is the one its author published, or that two images are the same",
    ".SH SYNOPSIS",
    ...names.flatMap((name) => [".B pullproof", `${escaped([name, spelled(commands[name].operands)].join(" ").trim())} [OPTIONS]`, ".br"]),
    ".SH DESCRIPTION",
    escaped("It says of every sentence whether it is proven here, only stated by somebody, missing, or contradicted."),
    ...groups.flatMap((title, group) => [`.SH ${title.toUpperCase()}`, ...names.filter((name) => commands[name].group === group).flatMap(command)]),
    ".SH EXIT STATUS",
    escaped(verdictCodes.replace(/^Exit codes: /, "")),
    "",
  ].join("\n");
}

function command(name) {
  const { about, example, more, operands, options } = commands[name];
  return [
    `.SS ${escaped([name, spelled(operands)].join(" ").trim())}`,
    escaped(`${about[0].toUpperCase()}${about.slice(1)}.`),
    ...(more === undefined ? [] : [".PP", escaped(more)]),
    ...options.flatMap((option) => [".TP", `.B ${escaped(optionWords(option))}`, escaped(explained(option, name))]),
    ".PP",
    "Example:",
    ".PP",
    ".nf",
    escaped(example),
    ".fi",
  ];
}
