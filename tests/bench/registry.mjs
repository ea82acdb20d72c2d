// The cost of fetching: against the plain requests, and beside the tools that people have. Everything on loopback registries
// started here.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/command.mjs";
import { tools } from "../peers/tools.mjs";
import { push } from "../registry/push.mjs";
import { recompressed, tagged, twelve } from "../registry/mirrors.mjs";
import { startRegistry } from "../registry/real.mjs";
import { median } from "./median.mjs";

const TAGS = 200;
const MANY_TAGS = 2000;
const cli = join(root, "dist/pkg/cli.js");
const node = pathToFileURL(join(root, "dist/pkg/node.js")).href;

/** The rows of the table. */
export async function registryRows() {
  const { crane, regctl, "docker-registry": program } = tools(["crane", "regctl", "docker-registry"]);
  const [left, right] = [await startRegistry({ program: program.path }), await startRegistry({ program: program.path })];
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    await fill(left.host, right.host);
    const around = { left: left.host, right: right.host, folder, crane: crane.path, regctl: regctl.path };
    return [...commandRows(folder), ...(await sameRows(around)), ...mirrorRows(around)];
  } finally {
    await Promise.all([left.stop(), right.stop()]);
    rmSync(folder, { recursive: true });
  }
}

async function fill(left, right) {
  const image = twelve();
  await push(left, "bench/twelve", "1", image);
  await push(right, "bench/twelve", "1", recompressed(image));
  const images = Array.from({ length: TAGS }, (_, n) => tagged(`v${n}`));
  for (const [n, one] of images.entries()) {
    await Promise.all([left, right].map((host) => push(host, "bench/tags", `v${n}`, one)));
    await Promise.all([left, right].map((host) => push(host, "bench/many", "", one)));
  }
  for (let n = 0; n < MANY_TAGS; n += 1) {
    const { documents, root } = images[n % TAGS];
    const index = documents.filter(({ digest }) => digest === root);
    await Promise.all([left, right].map((host) => push(host, "bench/many", `v${n}`, { documents: index, root })));
  }
}

function commandRows(folder) {
  const file = join(folder, "file");
  writeFileSync(file, "abc");
  const empty = median(() => execFileSync(process.execPath, ["-e", "0"]), 21);
  const command = median(() => execFileSync(process.execPath, [cli, "digest", file]), 21);
  return [["start-up of the command (`digest FILE`), over an empty Node", `${(command - empty).toFixed(0)} ms`]];
}

async function sameRows({ left, right, folder, crane, regctl }) {
  const names = [left, right].map((host) => `${host}/bench/twelve:1`);
  const urls = await asked(names);
  const script = join(folder, "plain.mjs");
  writeFileSync(script, plain(urls));
  const empty = median(() => execFileSync(process.execPath, ["-e", "0"]), 9);
  // The same question without any fetching: exit code 3, since all is missing.
  const started = median(() => spawnSync(process.execPath, [cli, "same", ...names, "--offline"]), 9);
  const fetched = median(() => execFileSync(process.execPath, [script]), 9);
  const own = median(() => execFileSync(process.execPath, [cli, "same", ...names]), 9);
  const validate = median(() => names.forEach((name) => run(crane, ["validate", "--remote", name, "--fast"])), 3);
  const differ = median(() => spawnSync(regctl, ["manifest", "diff", ...names, ...plainHttp(left, right)]), 3);
  const ratio = (own - (started - empty)) / fetched;
  return [
    [`\`same\` of two images of 12 platforms (${urls.length} requests), less the command's start-up, against a Node that sends the same requests`, `${ratio.toFixed(2)} × its time`],
    ["the same beside `crane validate --remote --fast` of both images, which compares nothing", `${(own / validate).toFixed(2)} × its time`],
    ["the same beside `regctl manifest diff`, which compares two documents", `${(own / differ).toFixed(2)} × its time`],
  ];
}

const plainHttp = (...hosts) => hosts.flatMap((host) => ["--host", `reg=${host},tls=disabled`]);

function mirrorRows({ left, right, crane }) {
  const sides = (repository) => [left, right].map((host) => `${host}/bench/${repository}`);
  const own = median(() => execFileSync(process.execPath, [cli, "mirror", ...sides("tags")]), 3);
  const loop = median(() => execFileSync("sh", ["-c", shellLoop(crane, ...sides("tags"))]), 1);
  const few = residentMegabytes(sides("tags"));
  const many = residentMegabytes(sides("many"));
  return [
    [`\`mirror\` of ${TAGS} tags, against a shell loop over \`crane digest\` and \`crane manifest\``, `${(loop / own).toFixed(0)} × faster`],
    [`memory of \`mirror\` over ${MANY_TAGS} tags, against ${TAGS} tags`, `${many.toFixed(0)} MB, ${(many / few).toFixed(2)} ×`],
  ];
}

/** What somebody writes who has crane and a shell: digests first, manifests where they differ and to be sure. */
const shellLoop = (crane, left, right) => `
for tag in $(${crane} ls ${left}); do
  [ "$(${crane} digest ${left}:$tag)" = "$(${crane} digest ${right}:$tag)" ] || echo "differ: $tag"
  a=$(${crane} manifest ${left}:$tag | sha256sum); b=$(${crane} manifest ${right}:$tag | sha256sum)
  [ "$a" = "$b" ] || echo "differ: $tag"
done`;

/** The most memory that the command held, as the kernel counts it. */
function residentMegabytes(sides) {
  const program = `process.argv = [process.argv[0], ${JSON.stringify(cli)}, "mirror", "--quiet", ...${JSON.stringify(sides)}];
process.on("exit", () => console.error("resident " + process.resourceUsage().maxRSS));
await import(${JSON.stringify(pathToFileURL(cli).href)});`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  return Number(/resident (\d+)/.exec(stderr)[1]) / 1024;
}

/** The requests that the question needs. */
async function asked([left, right]) {
  const { answer } = await import(node);
  const urls = [];
  const fetch = (url, options) => (urls.push([url, Object.fromEntries(options.headers)]), globalThis.fetch(url, options));
  const { verdict } = await answer({ ask: "same", left, right }, { fetch });
  if (verdict !== "proven") throw new Error(`expected proven, found ${verdict}`);
  return urls;
}

/** A program that sends them as the question has to: both tags first, then everything else, eight at a time. */
const plain = (urls) => `const urls = ${JSON.stringify(urls)};
const get = async ([url, headers]) => (await fetch(url, { headers })).arrayBuffer();
await Promise.all(urls.splice(0, 2).map(get));
const worker = async () => { while (urls.length > 0) await get(urls.shift()); };
await Promise.all(Array.from({ length: 16 }, worker));`;

function run(program, args) {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
