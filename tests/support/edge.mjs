// The gateway under the edge platforms' own runtimes, from npm: workerd and Deno. Each runs the files that
// are deployed, with what they talk to on loopback.

import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../scripts/command.mjs";

const require = createRequire(import.meta.url);
const workerd = () => require("workerd").default;
const deno = () => require("deno/install_api.cjs").runInstall();

const folderFor = (t) => {
  const folder = mkdtempSync(join(tmpdir(), "pullproof-edge-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Runs a program until the test is over; gives what one of its outputs says first that matches. */
async function run(t, program, args, { env = process.env, output, pattern }) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const ended = once(child, "exit");
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let log = "";
  const keep = (text) => (log = (log + text).slice(-4000));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", keep);
  for await (const line of createInterface({ input: child.stdio[output] })) {
    const found = pattern.exec(line);
    if (found) return found[1];
  }
  const [code] = await ended;
  throw new Error(`expected ${program} to say ${pattern}, found that it ended with code ${code}:\n${log}`);
}

/** The settings of wrangler.jsonc. */
export function wrangler() {
  const text = readFileSync(join(root, "gateway", "wrangler.jsonc"), "utf8");
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
}

/** The worker, on a loopback port; whatever it fetches comes from the upstream. */
export async function startWorker(t, upstream, vars = {}) {
  const { main, compatibility_date: date, compatibility_flags: flags, vars: own } = wrangler();
  const modules = [`gateway/${main}`, "src/js/serve/gateway.js"].map((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return `(name = ${JSON.stringify(name)}, esModule = ${JSON.stringify(text)})`;
  });
  const bindings = Object.entries({ ...own, ...vars }).map(([name, value]) => {
    return `(name = ${JSON.stringify(name)}, json = ${JSON.stringify(JSON.stringify(value))})`;
  });
  const config = join(folderFor(t), "config.capnp");
  writeFileSync(config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", external = (address = "${upstream.host}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  bindings = [${bindings.join(", ")}],
  compatibilityDate = "${date}",
  compatibilityFlags = ${JSON.stringify(flags)},
);
`);
  const args = ["serve", "--control-fd=3", config];
  const port = await run(t, workerd(), args, { output: 3, pattern: /"event":"listen".*"port":(\d+)/ });
  return `http://127.0.0.1:${port}/`;
}

const quiet = (folder) => {
  const own = { DENO_DIR: join(folder, "deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  return { ...process.env, ...own };
};

/** The entry for Deno, on a loopback port, for these hosts. */
export async function startDeno(t, { entry = join(root, "gateway", "deno.js"), hosts, limits, origins }) {
  const env = {
    ...quiet(folderFor(t)),
    DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
    PULLPROOF_HOSTS: JSON.stringify(hosts),
    ...(limits && { PULLPROOF_LIMITS: JSON.stringify(limits) }),
    ...(origins && { PULLPROOF_ORIGINS: JSON.stringify(origins) }),
  };
  const args = ["run", "--no-prompt", "--no-remote", "--allow-net", "--allow-env", entry];
  const pattern = /Listening on (http:\S+)/;
  return run(t, deno(), args, { env, output: 2, pattern });
}

/** Runs a command of Deno's to its end in a folder; gives what it printed. */
export async function runDeno(t, args, cwd) {
  const child = spawn(deno(), args, { cwd, env: quiet(folderFor(t)), stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`expected deno ${args.join(" ")} to end with code 0, found ${code}:\n${text}`);
  return text;
}

/** A name server: `records` has, by name, addresses, or the code of an error (3: there is no such name). */
export async function startDns(t, records) {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => socket.send(answerTo(query, records), port, address));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());
  return { ipAddr: "127.0.0.1", port: socket.address().port };
}

/** A message of RFC 1035, §4.1: the question again, and a record for each address of the kind asked for. */
function answerTo(query, records) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  const type = query.readUInt16BE(at + 1);
  const known = records[labels.join(".").toLowerCase()] ?? 3;
  const [code, addresses] = typeof known === "number" ? [known, []] : [0, known];
  const wanted = addresses.filter((address) => (address.includes(":") ? 28 : 1) === type);
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(wanted.length, 6);
  return Buffer.concat([head, query.subarray(12, at + 5), ...wanted.map((address) => record(address, type))]);
}

function record(address, type) {
  const bytes = type === 1 ? address.split(".").map(Number) : bytesOf(address);
  // A pointer to the question's name, the type, the internet, a minute, the length.
  return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]);
}

function bytesOf(address) {
  const [head, tail] = address.split("::").map((side) => side.split(":").filter(Boolean));
  const zeros = Array(8 - head.length - (tail?.length ?? 0)).fill("0");
  const parts = [...head, ...zeros, ...(tail ?? [])].map((part) => Number.parseInt(part, 16));
  return parts.flatMap((part) => [part >> 8, part & 255]);
}
