// What the command says of itself, and `serve`, which is little more.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isHere } from "../report/machine.js";
import { commands, spelled } from "./arguments.js";
import { usage } from "./failure.js";

const examples = {
  published: "sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e",
  recover: "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667",
};

const about = {
  check: ["the answer of a receipt made again from what is in it, offline", "pullproof check receipt.json"],
  digest: ["the digest of a file's bytes as they are", "crane manifest alpine | pullproof digest -"],
  help: ["this, or all about one command", "pullproof help mirror"],
  mirror: [
    "every tag of a repository against the same tag of another",
    "pullproof mirror docker.io/nicolas/webdis public.ecr.aws/nicolas/webdis --tags '0.1.*'",
  ],
  page: ["the page as files for a static host, such as GitHub Pages", "pullproof page site --policy policy.json"],
  publish: [
    "the policy of a publisher: what the registries have, checked on every mirror",
    "pullproof publish nicolas/webdis --tags '0.1.*' --mirrors public.ecr.aws/nicolas/webdis -o policy.json",
  ],
  published: [
    "is the image what its author published",
    `pullproof published nicolas/webdis:0.1.18 --digest ${examples.published}`,
  ],
  read: ["what tools' output states; nothing of it is proven", "docker trust inspect alpine | pullproof read"],
  recover: [
    "the exact bytes with a digest, from text that lost its form",
    `pullproof recover ${examples.recover} list.txt > list.json`,
  ],
  rescue: [
    "save a repository's Docker Content Trust data while its server answers",
    "pullproof rescue docker.io/nicolas/webdis -o webdis-trust.json",
  ],
  same: [
    "is the image on the right the one on the left, for every platform",
    "pullproof same docker.io/nicolas/webdis:0.1.19 public.ecr.aws/nicolas/webdis:0.1.19",
  ],
  serve: ["the page on this machine, with the gateway that it fetches through", "pullproof serve 8080"],
  what: ["what is this, and which digests does it have", "docker manifest inspect alpine | pullproof what -"],
};

const explained = {
  accept: ["stated", "also exit with 0 when the answer is only stated"],
  anonymous: ["", "give no registry the credentials of docker or podman (used without it; HttpHeaders never are)"],
  at: ["TIME", "as of this time: 2026-12-08, or 2026-12-08T00:00:00Z; without it, now"],
  concurrency: ["N", "tags asked for at once, 1 to 32 (4)"],
  digest: ["D", "a digest that the author published; may be repeated"],
  gateway: ["URL", "fetch through this gateway what cannot be asked directly; page: the page does"],
  help: ["", "this"],
  identity: ["I", "an identity that signs, exactly as in its certificate, with --issuer"],
  issuer: ["U", "who vouches for --identity"],
  json: ["", "print the answer as JSON on one line; mirror: a line for each tag"],
  key: ["K", "the whole id of a key of the author's, for a proof a root key; may be repeated"],
  level: ["L", "how far the same: index, manifest, config (unless told) or rootfs"],
  mirrors: ["X,Y", "repositories that have to have the same images; may be repeated"],
  offline: ["", "fetch nothing: answer from what is pasted"],
  output: ["FILE", "write to this file (or -o FILE), else to standard output; rescue: it must not be there yet"],
  paste: ["FILE", "evidence: what a tool printed, or a document; - is standard input; may be repeated"],
  "plain-http": ["HOST", "ask this registry without TLS (HOST[:PORT], exactly); may be repeated. Credentials for it travel readably"],
  platform: ["P", "only this platform, such as linux/arm64"],
  policy: ["FILE", "the publisher's policy: names, mirrors, digests of releases; published: or its https address"],
  project: ["NAME", "whose images these are; without it the end of the image's name"],
  quiet: ["", "nothing but the answer and errors"],
  receipt: ["FILE", "also write the question and all bytes of the answer to this file, for check"],
  registry: ["HOST", "a registry on this machine that the gateway reads too; may be repeated"],
  resume: ["FILE", "keep in this file what was answered; begin where it ends. What it says is its word: stated"],
  server: ["URL", "the notary server; unless told the one that the docker client asks"],
  summary: ["FILE", "add the answer to this file, as Markdown"],
  "trust-data": ["FILE", "signed metadata of Docker Content Trust: a file of rescue or of metadata, docker's folder, or a zip or tar of it; may be repeated"],
  timeout: ["SECONDS", "answer after this time from what there is by then (300); mirror, publish: for each tag; rescue: for all files"],
  tags: ["GLOB", "only tags like this: * is any text, ? one character; may be repeated; publish: or a,b"],
};

const asks = {
  check:
    "A receipt comes from --receipt of same, published or what, or from the page. It is answered anew, and 1 is also " +
    "the exit code when the report in it is another. What registries answered, and when, is the receipt's word.",
  mirror:
    "A tag that the right does not have is contradicted; no tag at all is open. After a rate limit nothing " +
    "more is asked: --resume begins where it ended, and asks again what was open or contradicted, and a tag that " +
    "--timeout cut off. What its file says was proven is not checked again, and so only stated.",
  page:
    "The folder has to be empty, or written by this command: then what it wrote is replaced, and what was added " +
    "stays. Most registries let no page read them: with a gateway (the folder gateway/ of the sources) the page fetches " +
    "from those too; without one it says which command's output to paste. The folder's symbolic links " +
    "are refused. Exit codes: 0 done, 2 not written, and all that was there is as it was.",
  publish:
    "Nothing is written unless every tag was seen down to its configurations and every mirror has the same " +
    "images, each within --timeout. Where the file cannot be written the policy is printed. Exit codes: 0 written, " +
    "1 a mirror has something else, 2 not understood, unreadable or not written, 3 something is missing.",
  published:
    "One of --digest, --key, --policy, or --identity with --issuer says who the author is. As a policy has it: " +
    "pullproof published nicolas/webdis:0.1.18 --policy policy.json",
  read: "Exit codes: 0 done, 2 unreadable.",
  recover:
    "The bytes go to standard output, what was changed to standard error. " +
    "Exit codes: 0 done, 1 not recovered, 2 unreadable.",
  digest: "Exit codes: 0 done, 2 unreadable.",
  rescue:
    "Signatures are not checked here: the file is evidence, to be checked as of its time. What came within " +
    "--timeout is saved; the rest is missing. Where the file cannot be written all is printed. Exit codes: 0 all " +
    "saved, 1 a file is not the one that another names, 2 nothing saved or not written, 3 something is missing.",
  what: "A file of that name is read; else it is an image, which is fetched; - is standard input.",
};

const verdicts =
  "Exit codes: 0 proven, 1 contradicted, 2 not understood or unreadable, or a file could not be written " +
  "(the answer is printed all the same), 3 open (something is missing), 4 only stated.";

/** `help [COMMAND]` */
export async function help({ operands: [command] }, io, output) {
  if (command === undefined) await output.print(overview());
  else if (Object.hasOwn(commands, command)) await output.print(details(command));
  else throw usage(`a command (${Object.keys(commands).join(", ")})`, command);
  return 0;
}

function overview() {
  const rows = Object.keys(commands).map((command) => `  ${command.padEnd(11)}${about[command][0]}`);
  return [
    "pullproof: is the container image I pull the one its author published, and is",
    "the image on registry B the same as the one on registry A?",
    "",
    { text: "Commands", tone: "bold" },
    rows,
    "",
    verdicts,
    "pullproof help COMMAND tells more, with an example; pullproof --version which this is.",
  ];
}

function details(command) {
  const { operands, options } = commands[command];
  const rows = options.map((name) => [`--${name} ${explained[name][0]}`.trimEnd(), explained[name][1]]);
  const asked = options.includes("accept");
  return [
    { text: `pullproof ${command} ${spelled(operands)} [OPTIONS]`, tone: "bold" },
    `${about[command][0]}.`,
    "",
    rows.map(([left, right]) => ({ text: `  ${left.padEnd(17)} ${right}`, hang: 20 })),
    "",
    [asks[command] ?? []].flat(),
    asked ? verdicts : [],
    "",
    "Example:",
    { text: `  ${about[command][1]}`, raw: true },
  ];
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

/** `serve [PORT]`: until it is stopped. */
export async function serve({ operands: [port = "0"], options }, io, output) {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) throw usage("a port from 0 to 65535", port);
  for (const host of options.registry ?? []) if (!isHere(host)) throw usage("a registry on this machine", host);
  const server = await import("../serve/serve.js");
  const place = (path) => fileURLToPath(new URL(path, import.meta.url));
  const { siteFiles } = await import("./site.js");
  const files = siteFiles({ www: place("../../../www"), pkg: place(".."), version: packageVersion() });
  const { address } = await server.serve({ files, port: Number(port), registries: options.registry ?? [] });
  await output.print(`the page is at ${address}`);
  // Ended by a signal; the server keeps the process alive until then.
  return new Promise(() => {});
}
