// `completion SHELL`: a script that completes commands, options and their values, made from the table of commands.

import { misuse } from "./failure.js";
import { commands, explained, options } from "./table.js";

const shells = { bash, fish, zsh };

/** `completion bash|zsh|fish` */
export async function completion({ operands: [shell] }, io, output) {
  if (!Object.hasOwn(shells, shell)) throw misuse(`\`completion\` knows ${Object.keys(shells).join(", ")}, not "${shell}"`);
  await output.write(shells[shell]());
  return 0;
}

const names = Object.keys(commands);

/** What can be typed where a command's operand is: its own words, or files. */
const operandsOf = (command) => ({ help: names, completion: Object.keys(shells) })[command];

/** An option's values, for what is typed after it; `files` where it takes a file, nothing where it takes any text. */
const valuesOf = (name) => options[name].values ?? (options[name].file ? "files" : undefined);

const takesValue = (name) => options[name].type === "string";

function bash() {
  const valued = Object.keys(options).filter(takesValue);
  const listed = valued.filter((name) => Array.isArray(valuesOf(name)));
  const free = valued.filter((name) => valuesOf(name) === undefined);
  const row = (pattern, words) => `    ${pattern}) words="${words.join(" ")}" ;;`;
  return `# Completion of pullproof for bash.
_pullproof() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...names, "--help", "--version"].join(" ")}" -- "$current"))
    return
  fi
  case $previous in
${listed.map((name) => `    --${name}) COMPREPLY=($(compgen -W "${valuesOf(name).join(" ")}" -- "$current")); return ;;`).join("\n")}
    ${free.map((name) => `--${name}`).join("|")}) return ;;
  esac
  case $command in
${names.map((command) => row(command, commands[command].options.map((name) => `--${name}`))).join("\n")}
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")); return ;;
  esac
  case $command in
${names.filter(operandsOf).map((command) => row(command, operandsOf(command))).join("\n")}
    *) words= ;;
  esac
  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _pullproof pullproof
`;
}

/** A text between single quotes, for zsh and fish. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const quotedForFish = (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

function zsh() {
  const described = (text) => text.replace(/[:[\]\\]/g, "\\$&");
  const action = (name) => ({ files: "_files" })[valuesOf(name)] ?? (valuesOf(name) ? `(${valuesOf(name).join(" ")})` : " ");
  const spec = (command) => (name) => {
    const value = takesValue(name) ? `:${options[name].value.toLowerCase().replace(/[^a-z]/g, "")}:${action(name)}` : "";
    return quoted(`${options[name].multiple ? "*" : ""}--${name}[${described(explained(name, command))}]${value}`);
  };
  const operand = (command) => quoted(`*:argument:${operandsOf(command) ? `(${operandsOf(command).join(" ")})` : "_files"}`);
  const branch = (command) => `    ${command}) _arguments ${[...commands[command].options.map(spec(command)), operand(command)].join(" ")} ;;`;
  return `#compdef pullproof
# Completion of pullproof for zsh.
_pullproof() {
  local -a commands
  commands=(${names.map((command) => quoted(`${command}:${described(commands[command].about)}`)).join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $command in
${names.map(branch).join("\n")}
  esac
}
if [ "$funcstack[1]" = _pullproof ]; then _pullproof "$@"; else compdef _pullproof pullproof; fi
`;
}

function fish() {
  const isFirst = "__fish_use_subcommand";
  const line = (...words) => `complete -c pullproof ${words.filter(Boolean).join(" ")}`;
  const option = (command) => (name) => {
    const values = valuesOf(name);
    const taken = takesValue(name) ? ["-r", values === "files" ? "-F" : "-f", Array.isArray(values) ? `-a ${quotedForFish(values.join(" "))}` : ""] : [];
    const short = options[name].short === undefined ? "" : `-s ${options[name].short}`;
    return line(`-n '__fish_seen_subcommand_from ${command}'`, short, `-l ${name}`, ...taken, `-d ${quotedForFish(explained(name, command))}`);
  };
  return `# Completion of pullproof for fish.
${names.map((command) => line(`-n ${isFirst}`, "-f", `-a ${command}`, `-d ${quotedForFish(commands[command].about)}`)).join("\n")}
${names.flatMap((command) => commands[command].options.map(option(command))).join("\n")}
${names.filter(operandsOf).map((command) => line(`-n '__fish_seen_subcommand_from ${command}'`, "-f", `-a ${quotedForFish(operandsOf(command).join(" "))}`)).join("\n")}
`;
}
