// The commands, the operands and options of each, and their texts: the command line is read by this table, and help, the
// manual page and the completions of shells are made from it.

const flag = { type: "boolean" };
const one = { type: "string" };
const many = { type: "string", multiple: true };

/** Tools that `--steps` may name. */
export const tools = ["docker", "crane", "skopeo", "cosign", "openssl", "files"];

/**
 * Each option: its kind, the name of its value, and what it does; `of` has that in other words for some commands.
 * `values` are all that a value may be, and `file` says that it is a file's name.
 */
export const options = {
  accept: { ...one, value: "stated", values: ["stated"], about: "exit with 0 also when the answer is only stated" },
  anonymous: { ...flag, about: "do not use docker's or podman's stored logins" },
  at: { ...one, value: "TIME", about: "answer as of this time: 2026-12-08, or 2026-12-08T00:00:00Z (default: now)" },
  bundle: { ...many, value: "FILE", file: true, about: "a Sigstore bundle as evidence, such as one saved by cosign or gh; may be repeated" },
  compare: { ...one, value: "DIGEST", about: "whether the digest is the one you were given: 5de58646…, with or without sha256:" },
  concurrency: { ...one, value: "N", about: "tags compared at once, 1 to 32 (default: 4)" },
  digest: { ...many, value: "D", about: "a digest that the author published; may be repeated" },
  from: { ...one, value: "URL", about: "a mirror of the repository: its https address (default: the repository's own)" },
  gateway: {
    ...one, value: "URL", about: "gateway for registries that cannot be reached directly",
    of: { page: "gateway for the generated page: it reads registries that refuse web pages" },
  },
  github: { ...flag, about: "the repository of GitHub's own Sigstore, in place of the public one" },
  help: { ...flag, short: "h", about: "show this help" },
  identity: { ...one, value: "I", about: "the identity that signs, exactly as in its certificate; needs --issuer" },
  "identity-pattern": { ...one, value: "P", about: "in place of --identity: every identity like this, where * is any text" },
  issuer: { ...one, value: "U", about: "who vouches for --identity, such as https://accounts.google.com" },
  json: { ...flag, about: "print the answer as JSON (report.schema.json describes it)", of: { mirror: "print a line of JSON for each tag", digest: "print JSON", read: "print JSON", recover: "print JSON, with the bytes in base64" } },
  key: { ...many, value: "FILE|ID", about: "the author's public key in PEM, or its full ID (of Content Trust, a root key); may be repeated" },
  level: { ...one, value: "L", values: ["index", "manifest", "config", "rootfs"], about: "what has to match: index, manifest, config (default) or rootfs" },
  mirrors: { ...many, value: "X,Y", about: "repositories that must have the same images; may be repeated" },
  offline: { ...flag, about: "fetch nothing: answer from --paste alone" },
  output: {
    ...one, short: "o", value: "FILE", file: true, about: "write to this file (default: standard output)",
    of: { rescue: "write to this new file (default: standard output)" },
  },
  paste: { ...many, value: "FILE", file: true, about: "a document, an archive or folder of images, or what a tool printed, as evidence (- is standard input); may be repeated" },
  "plain-http": { ...many, value: "HOST", about: "use plain HTTP for this registry (HOST[:PORT]): its credentials are sent in clear text; may be repeated" },
  platform: { ...one, value: "P", about: "only this platform, such as linux/arm64" },
  policy: {
    ...one, value: "FILE", file: true, about: "the publisher's policy: a file, or its https address",
    of: { page: "the publisher's policy: the page verifies the images that it lists" },
  },
  project: { ...one, value: "NAME", about: "the project's name (default: the last part of the image's name)" },
  quiet: { ...flag, short: "q", about: "print errors only", of: { asking: "print only the line with the verdict" } },
  receipt: { ...one, value: "FILE", file: true, about: "also write a receipt: the question and every byte used, for `pullproof check`" },
  refresh: { ...flag, about: "get the newest trusted root from its repository, and verify it" },
  registry: { ...many, value: "HOST", about: "also serve this registry on this machine through the gateway; may be repeated" },
  resume: { ...one, value: "FILE", file: true, about: "save progress here and continue from it; what it says was checked before is only stated" },
  root: { ...one, value: "FILE", file: true, about: "the repository's root (TUF) to begin with (default: the one that came with pullproof)" },
  server: { ...one, value: "URL", about: "notary server (default: docker's)" },
  signatures: { ...many, value: "REPO", about: "look for signatures in this repository, too (cosign's COSIGN_REPOSITORY); may be repeated" },
  source: { ...one, value: "REPO", about: "the repository that it has to be built from, as the signer says: github.com/acme/beacon" },
  steps: { ...flag, value: "[TOOL]", values: tools, about: `print the commands that check the answer without pullproof (TOOL: ${tools.join(", ")})` },
  summary: { ...one, value: "FILE", file: true, about: "append the answer to this file, as Markdown" },
  tags: { ...many, value: "GLOB", about: "only tags like this: * is any text, ? one character; may be repeated", of: { publish: "the releases: tags (a,b) or a pattern; may be repeated" } },
  timeout: {
    ...one, value: "SECONDS", about: "answer after this time from what is there by then (default: 300)",
    of: { mirror: "time for each tag (default: 300)", publish: "time for each tag (default: 300)", rescue: "time for all files (default: 300)", "trusted-root": "time for all files (default: 300)" },
  },
  "trust-data": { ...many, value: "FILE", file: true, about: "saved Docker Content Trust metadata: a file of `rescue`, docker's folder, or a zip or tar of it; may be repeated" },
  "trusted-root": { ...one, value: "FILE", file: true, about: "the trusted root of Sigstore to check with (default: the one that came with pullproof)" },
  verbose: { ...flag, about: "print everything: claims, sources, documents, notes, commands" },
  version: { ...flag, short: "v", about: "print the version" },
};

const always = ["help", "json", "quiet"];
const answering = ["accept", "json", "quiet", "steps", "summary", "verbose"];
const fetching = ["anonymous", "gateway", "plain-http", "timeout"];
const asking = [...answering, ...fetching, "offline", "paste", "receipt", "help"];

const sums = {
  published: "sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e",
  recover: "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667",
};

/** Exit codes of a command that answers. */
export const verdictCodes = "Exit codes: 0 proven, 1 different, 2 bad input, or a file was not written (the answer is printed all the same), 3 could not tell, 4 only claimed.";

/** The groups of commands in help. */
export const groups = ["Check images", "Publish", "Documents and digests", "More"];

/**
 * Each command: its group, what it does, an example, its operands (`?` for one that may be left out, `...` for several), its options, and
 * what else there is to say.
 */
export const commands = {
  same: {
    group: 3, about: "compare two images, platform by platform",
    example: "pullproof same docker.io/nicolas/webdis:0.1.19 public.ecr.aws/nicolas/webdis:0.1.19",
    operands: ["LEFT", "RIGHT"], options: ["level", "platform", ...asking], isAnswer: true,
  },
  published: {
    group: 0, about: "check that an image is the one that its author published",
    example: `pullproof published nicolas/webdis:0.1.18 --digest ${sums.published}`,
    operands: ["IMAGE"], options: ["digest", "key", "policy", "identity", "identity-pattern", "issuer", "source", "signatures", "bundle", "trusted-root", "trust-data", "at", "platform", ...asking], isAnswer: true,
    more: "Say who the author is with one of --digest, --key, --policy, or --identity with --issuer. Without any it says who signed the image, and exits with 3: " +
      "that somebody signed it says nothing of who should have. Signatures of Sigstore are looked for beside the image. With --key the notary server is asked for signatures too; " +
      "Docker's closes on 8 December 2026: `pullproof rescue` saves what it has, and --trust-data takes that. " +
      "With a policy: pullproof published nicolas/webdis:0.1.18 --policy policy.json",
  },
  what: {
    group: 0, about: "tell what an image, a file or pasted output is, and its digest",
    example: "docker manifest inspect alpine | pullproof what -",
    operands: ["REF|FILE|-"], options: ["compare", "signatures", "bundle", "trusted-root", "key", "trust-data", "at", ...asking], isAnswer: true,
    more: "A file of that name is read, also an archive of images (an image layout, `docker save`; tar, tar.gz or zip) or a folder; otherwise the name is an image, which is fetched; - is standard input. It exits with 0 where the digest is certain, " +
      "and with 3 where it is only the likeliest, or something could not be fetched. With --compare: 0 for the same digest, 1 for another, 3 for the beginning of one.",
  },
  mirror: {
    group: 0, about: "compare every tag of a repository with the same tag of another",
    example: "pullproof mirror docker.io/nicolas/webdis public.ecr.aws/nicolas/webdis --tags '0.1.*'",
    operands: ["LEFT", "RIGHT"], options: ["tags", "level", "platform", "concurrency", "resume", "accept", "json", "quiet", "summary", ...fetching, "help"], isAnswer: true,
    more: "A tag that the right side does not have is contradicted; no tag at all is open. After a rate limit nothing more is asked: " +
      "--resume continues, and asks again for tags that were open or contradicted.",
  },
  check: {
    group: 0, about: "recompute the answer of a receipt, offline", example: "pullproof check receipt.json",
    operands: ["RECEIPT"], options: [...answering, "help"], isAnswer: true,
    more: "A receipt comes from --receipt of same, published or what, or from the page. The answer is recomputed; exit code 1 also means " +
      "that the stored report does not match. Only the receipt says what registries answered, and when.",
  },
  publish: {
    group: 1, about: "write a publisher's policy from what the registries have",
    example: "pullproof publish nicolas/webdis --tags '0.1.*' --mirrors public.ecr.aws/nicolas/webdis -o policy.json",
    operands: ["IMAGE"], options: ["tags", "mirrors", "project", "output", ...fetching, "quiet", "help"],
    more: "The file is written only if every tag was fetched, down to its configurations, and every mirror has the same images. If it cannot be " +
      "written, the policy is printed. Exit codes: 0 written, 1 a mirror differs, 2 bad input or not written, 3 something is missing.",
  },
  page: {
    group: 1, about: "write the page as files for a static host, such as GitHub Pages", example: "pullproof page site --policy policy.json",
    operands: ["DIR"], options: ["policy", "gateway", "quiet", "help"],
    more: "The folder has to be empty, or written by this command: then its own files are replaced and other files stay. Most registries refuse " +
      "requests from web pages; with a gateway the page reads those too, without one it shows the command whose output to paste. " +
      "Symbolic links in the folder are refused. Exit codes: 0 done, 2 not written and nothing changed.",
  },
  rescue: {
    group: 1, about: "save a repository's Docker Content Trust data while its server answers",
    example: "pullproof rescue docker.io/nicolas/webdis -o webdis-trust.json",
    operands: ["REPOSITORY"], options: ["output", "server", "anonymous", "gateway", "timeout", "quiet", "help"],
    more: "Signatures are not checked here: the file is evidence for --trust-data. What came within --timeout is saved; the rest is missing. " +
      "If the file cannot be written, everything is printed. Exit codes: 0 all saved, 1 a file is not the one that another names, 2 nothing saved or not written, 3 something is missing.",
  },
  "trusted-root": {
    group: 3, about: "get and verify the newest trusted root of Sigstore",
    example: "pullproof trusted-root --refresh -o trusted_root.json",
    operands: [], options: ["refresh", "github", "from", "root", "output", "timeout", "quiet", "help"],
    more: "Without --refresh it says which trusted root pullproof has. With it, each file of the repository is verified by TUF, from the root that came with " +
      "pullproof, and the trusted root is written as it came, for --trusted-root of published and what. Nothing is kept between runs: a repository can give an " +
      "older state as long as its timestamp is valid (Sigstore: about a week). Exit codes: 0 done, 2 not verified or not written, and then no file is changed.",
  },
  digest: {
    group: 2, about: "print the digest of a file's exact bytes", example: "crane manifest alpine | pullproof digest -",
    operands: ["FILE"], options: always, more: "Exit codes: 0 done, 2 unreadable.",
  },
  recover: {
    group: 2, about: "restore the exact original bytes of a reformatted manifest",
    example: `pullproof recover ${sums.recover} list.txt > list.json`,
    operands: ["DIGEST", "FILE?"], options: always,
    more: "The bytes go to standard output, what was changed to standard error. Exit codes: 0 done, 1 not recovered, 2 unreadable.",
  },
  read: {
    group: 2, about: "list what tools' output claims, and the documents in archives", example: "docker trust inspect alpine | pullproof read",
    operands: ["FILE...?"], options: always,
    more: "A FILE may be an archive of images (an image layout, `docker save`; tar, tar.gz or zip) or a folder. What tools claim is not proven; the digest of a " +
      "document is computed. Exit codes: 0 done, 2 unreadable.",
  },
  demo: {
    group: 3, about: "show an answer about a real release, offline", example: "pullproof demo",
    operands: [], options: [...answering.filter((name) => name !== "summary"), "help"], isAnswer: true,
  },
  serve: {
    group: 3, about: "serve the page, or a folder of `page`, on this machine, with a gateway", example: "pullproof serve 8080",
    operands: ["PORT?", "DIR?"], options: ["registry", "quiet", "help"],
  },
  completion: {
    group: 3, about: "print completion for a shell: bash, zsh or fish", example: "pullproof completion bash > ~/.local/share/bash-completion/completions/pullproof",
    operands: ["SHELL"], options: ["help"],
    more: "bash: save it as in the example. zsh: save it as _pullproof in a folder of $fpath. fish: save it as ~/.config/fish/completions/pullproof.fish.",
  },
  help: { group: 3, about: "show help, or everything about one command", example: "pullproof help mirror", operands: ["COMMAND?"], options: ["help"] },
};

/** The text that explains an option of a command. */
export function explained(name, command) {
  const { about, of = {} } = options[name];
  return of[command] ?? (commands[command]?.isAnswer ? of.asking : undefined) ?? about;
}

/** Operands as help shows them: `DIGEST [FILE]`. */
export const spelled = (operands) => operands.map((o) => (o.endsWith("?") ? `[${o.slice(0, -1)}]` : o)).join(" ");
