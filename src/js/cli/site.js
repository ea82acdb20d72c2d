// The page as files for any host of static files. What it is made of lies in a folder that is named by what is in it:
// a page that is open while the site is replaced by another version finds its own parts or none, never those of the
// other. Beside that folder are the files whose names have to last, and files.json, the list of all with their
// digests, for "Check this page" and for what is kept offline.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { visible } from "../report/visible.js";
import { Failure } from "./failure.js";

// Characters of a policy's prose, as many as the page shows at once.
const mostShown = 800;

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** True if the page loads this file of `www` as a part. The service worker belongs to the site, not to one version. */
const isPart = (name) => /\.(?:css|js)$/.test(name) && name !== "sw.js";
/** True if the page loads this file of the package: not the command, and no types. */
const isModule = (name) => name !== "cli.js" && !name.startsWith("cli/") && !name.endsWith(".d.ts");

/**
 * The site's files by their names, in order: of `www`, the page as it was written, and of `pkg`, the package. With the
 * text of a publisher's policy if one is given; it is not listed, since it has to be the newest, never one that was kept.
 * `gateway` is the address of the one that the page fetches through, if it is not beside the page.
 */
export function siteFiles({ www, pkg, version, policy, gateway }) {
  const page = filesIn(www);
  const modules = filesIn(pkg).filter(([name]) => isModule(name)).map(([name, bytes]) => [`pkg/${name}`, bytes]);
  const parts = [...page.filter(([name]) => isPart(name)), ...modules].sort(byName);
  const folder = `build-${sha256(parts.map(([name, bytes]) => `${name} ${sha256(bytes)}\n`).join("")).slice(0, 16)}`;
  const beside = page.filter(([name]) => !isPart(name) && name !== "index.html");
  const index = readFileSync(join(www, "index.html"), "utf8");
  const listed = [
    ["index.html", Buffer.from(pointed(index, folder, { policy, gateway }))],
    ...beside,
    ...parts.map(([name, bytes]) => [`${folder}/${name}`, bytes]),
  ].sort(byName);
  const files = Object.fromEntries(listed.map(([name, bytes]) => [name, `sha256:${sha256(bytes)}`]));
  const list = `${JSON.stringify({ pullproof: "files", version, files }, undefined, 1)}\n`;
  return new Map([...listed, ["files.json", Buffer.from(list)], ...(policy === undefined ? [] : [["policy.json", Buffer.from(policy)]])]);
}

/** Writes files into a folder. */
export function writeFiles(folder, files) {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

const byName = ([one], [other]) => (one < other ? -1 : 1);

function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());
  return names.map((name) => [name.split(sep).join("/"), readFileSync(join(folder, name))]);
}

/** A publisher's page: where the policy is, and whose images it is about, which is there before the policy was read. */
function published(policy) {
  const { project, why } = JSON.parse(policy);
  const quoted = (text) => `<bdi class="quoted">${escaped(visible(text).slice(0, mostShown))}</bdi>`;
  const heading = `<h2>Verify images of ${quoted(project)}</h2>${why === undefined ? "" : `<p>${quoted(why)}</p>`}<p class="hint">Its policy is being read…</p>`;
  return [
    ['name="pullproof-policy" content=""', 'name="pullproof-policy" content="policy.json"'],
    ["<title>pullproof</title>", `<title>${escaped(visible(`Verify images of ${project}`).slice(0, 200))}</title>`],
    ["<body>", '<body class="publisher">'],
    ['<section id="policy" aria-label="Publisher" hidden>', `<section id="policy" aria-label="Publisher">${heading}`],
  ];
}

/** A text as one in HTML, between tags or as a quoted attribute's value. */
const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The page with the addresses of its parts in their folder, of its policy and its gateway. */
function pointed(html, folder, { policy, gateway }) {
  const changes = [
    ['href="style.css"', `href="${folder}/style.css"`],
    ['src="main.js"', `src="${folder}/main.js"`],
    ...(policy === undefined ? [] : published(policy)),
    ...(gateway === undefined ? [] : [['name="pullproof-gateway" content=""', `name="pullproof-gateway" content="${escaped(gateway)}"`]]),
  ];
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Failure("file", `expected ${from} in index.html, found none`);
    return text.replace(from, () => to);
  }, html);
}
