// node tests/peers/capture.mjs   runs the real clients and writes what they print into tests/vectors/paste
//
// The registry is at a fixed port, so that a new capture differs only where a tool does.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { image } from "../builders/images.mjs";
import { writeVector } from "../builders/vector.mjs";
import { commands, slug } from "./commands.mjs";
import { home } from "./home.mjs";
import { fill, push, reference, startRegistry } from "./registry.mjs";
import { tools as get } from "./tools.mjs";

const PORT = 5000;
const PASTE = fileURLToPath(new URL("../vectors/paste/", import.meta.url));
const TODAY = new Date().toISOString().slice(0, 10);

const tools = get(["docker", "docker-registry", "skopeo", "buildx", "cosign", "crane", "oras", "regctl"]);
const registry = await startRegistry({ program: tools["docker-registry"].path, port: PORT });
const client = home(tools);
const written = [];
try {
  await fill(registry.host);
  client.output(["regctl", "registry", "set", "--tls", "disabled", registry.host]);
  await attach();
  for (const { tool, folder, name, argv, digest } of commands()) {
    const command = argv(reference(registry.host, name));
    keep({ tool, folder, name, command, digest, bytes: client.output(command) });
  }
  cosign();
} finally {
  await registry.stop();
  client.remove();
}
// Only now that every command has succeeded: old captures of commands that are no more go too.
for (const { folder } of written) rmSync(join(PASTE, folder), { recursive: true, force: true });
for (const { folder, name, vector } of written) {
  mkdirSync(join(PASTE, folder), { recursive: true });
  writeFileSync(join(PASTE, folder, `${name}.txt`), vector);
}
console.log(`${written.length} captures written`);

/** Puts the artifact beside its subject, with the fallback tag that clients of an old registry look for. */
async function attach() {
  const subject = image("buildx-single").root;
  await push(registry.host, "lighthouse/buildx-single", subject.replace(":", "-"), image("oras-referrers"));
}

/** Signatures hold a random number: these captures are of one run, and name digests that no builder makes. */
function cosign() {
  client.output(["cosign", "generate-key-pair"]);
  const offline = ["--use-signing-config=false", "--tlog-upload=false", "--yes"];
  const signed = [
    { name: "buildx-attested", format: "--new-bundle-format=false", note: "signature under a tag, as cosign 2 wrote it" },
    { name: "crane-index", format: "--new-bundle-format=true", note: "signature as a bundle and referrer, as cosign 3 writes it; it was in no transparency log, whatever is printed" },
  ];
  for (const { name, format, note } of signed) {
    const ref = reference(registry.host, name);
    const digest = image(name).root;
    client.output(["cosign", "sign", "--key", "cosign.key", format, ...offline, ref]);
    const verify = ["cosign", "verify", "--key", "cosign.pub", "--insecure-ignore-tlog", format, ref];
    const { stdout, stderr } = client.run(verify);
    keep({ tool: "cosign verify", name, command: verify, digest, note, bytes: stdout });
    const both = Buffer.concat([Buffer.from(stderr), stdout]);
    keep({ tool: "cosign verify", name: `${name}-terminal`, command: verify, digest, note: `${note}; standard error first, as a terminal shows it`, bytes: both });
    const text = [...verify.slice(0, 2), "--output", "text", ...verify.slice(2)];
    keep({ tool: "cosign verify --output text", name, command: text, digest, note, bytes: client.output(text) });
    const tree = ["cosign", "tree", ref];
    keep({ tool: "cosign tree", name, command: tree, digest, note, bytes: client.output(tree) });
  }
}

/** The output of one command, kept until all have run. */
function keep({ tool, folder = slug(tool), name, command, digest, note, bytes }) {
  const program = command[1] === "buildx" ? "buildx" : command[0];
  const from = `${command.map(quoted).join(" ")}; ${program} ${tools[program].version}; ${TODAY}`;
  written.push({ folder, name, vector: writeVector({ tool, from, digest, note }, bytes) });
}

function quoted(word) {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word}'`;
}
