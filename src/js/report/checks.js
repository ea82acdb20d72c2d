// "Check it yourself": the commands of other tools that reproduce an answer without this one. Each tool's
// lines stand alone: first what was asked, from the names in the question; then every proven step, by
// digest.

import { plainHosts, resolutions } from "./fetched.js";

// What needs no quotes in a shell.
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;
const isDigest = (text) => /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);

/** A word for a POSIX shell, or nothing where it holds what no command should: it is never shortened. */
function word(text) {
  if (plain.test(text)) return text;
  return /^[\x20-\x7e]+$/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : undefined;
}

const isHere = (name) => /^(?:localhost|127\.[\d.]+|\[::1\])[:/]/.test(name);

/**
 * How each tool prints a manifest's or an index's bytes, and a configuration's, where it can; and what it
 * has to be told, `flag`, where a registry is asked without TLS.
 */
function readersOf(report) {
  const hosts = plainHosts(report);
  const isNamed = (name) => hosts.has(name.split("/")[0].replace(/:80$/, ""));
  const crane = (name) => (isNamed(name) ? " --insecure" : "");
  // Of this machine the others know by themselves.
  const skopeo = (name) => (isHere(name) || isNamed(name) ? " --tls-verify=false" : "");
  const docker = { tool: "docker", raw: (name) => `docker buildx imagetools inspect --raw ${word(name)}` };
  const others = [
    {
      tool: "crane",
      flag: crane,
      raw: (name) => `crane manifest${crane(name)} ${word(name)}`,
      config: (name, config) => `crane blob${crane(name)} ${word(`${name}@${config}`)}`,
    },
    {
      tool: "skopeo",
      flag: skopeo,
      raw: (name) => `skopeo inspect --raw${skopeo(name)} ${word(`docker://${untagged(name)}`)}`,
      config: (name, config, manifest) => `skopeo inspect --config --raw${skopeo(name)} ${word(`docker://${name}@${manifest}`)}`,
    },
  ];
  // Docker has to be told beforehand whom it may ask so, in a file of its own.
  return hosts.size === 0 ? [docker, ...others] : others;
}

/**
 * The commands for a report, a tool at a time: `{ tool, lines }`, without tools that have none. `most` is
 * how many proven steps are shown of each image.
 */
export function checks(report, { most = 1000 } = {}) {
  const images = imagesOf(report.question);
  if (images.some((image) => word(image) === undefined)) return [];
  const proven = steps(report, images, most);
  const groups = readersOf(report).map((reader) => ({
    tool: reader.tool,
    lines: images.length === 0 ? [] : [...asked(report, images, reader), ...stepLines(proven, reader)],
  }));
  const others = [{ tool: "cosign", lines: identified(report.question) }, { tool: "files", lines: pasted(report, most) }];
  return [...groups, ...others].filter(({ lines }) => lines.length > 0);
}

function imagesOf({ ask, left, right, image }) {
  if (ask === "same") return [left, right];
  return image === undefined ? [] : [image];
}

/** What was asked, from the names alone. */
function asked(report, images, reader) {
  const { question } = report;
  const raw = images.map((image) => `${reader.raw(image)} | ${sumOf(rootOf(report, image))}`);
  if (question.ask === "same") return [...raw, ...same(report, reader)];
  return question.ask === "published" ? [...raw, ...published(question, reader)] : raw;
}

function same(report, { tool, flag }) {
  const { left, right, level } = report.question;
  if (level === "index") return [];
  const rows = report.claims.filter(({ statement }) => statement.kind === "same");
  const named = rows.map(({ statement }) => asCrane(statement.platform)).filter((name) => plain.test(name));
  const read = level === "manifest" ? "manifest" : "config";
  if (tool === "skopeo" && named.length > 0) return withSkopeo(report.question, [named[0], read, flag]);
  if (tool !== "crane") return [];
  const narrowed = level === "rootfs" ? " | jq -c .rootfs.diff_ids" : "";
  const one = (name, chosen) => `crane ${read}${chosen}${flag(name)} ${word(name)}${narrowed} | sha256sum`;
  if (named.length === 0) return [one(left, ""), one(right, "")];
  const chosen = ' --platform "$p"';
  return [
    `for p in ${named.join(" ")}; do`,
    `  ${one(left, chosen)}`,
    `  ${one(right, chosen)}`,
    "done  # the two sums of each platform have to be equal",
  ];
}

/** A platform as crane takes it: windows(10.0.1)/amd64 is its windows/amd64:10.0.1. */
const asCrane = (platform = "") => platform.replace(/^([a-z]+)\(([\d.]+)\)(\/.*)$/, "$1$3:$2");

/** For one platform with skopeo, which reads the configuration of one at a time. */
function withSkopeo({ left, right, level }, [platform, read, flag]) {
  if (read !== "config" || level === "rootfs") return [];
  const [os, architecture, variant] = platform.split(":")[0].split("/");
  if (architecture === undefined) return [];
  const kind = variant === undefined ? "" : ` --override-variant ${variant}`;
  const skopeo = `skopeo --override-os ${os} --override-arch ${architecture}${kind} inspect --config --raw`;
  return [left, right].map((name) => `${skopeo}${flag(name)} ${word(`docker://${untagged(name)}`)} | sha256sum`);
}

function published({ by, image, platform }, { tool, flag }) {
  if (by.keys && tool === "docker") return [`docker trust inspect ${word(image)}`];
  if (tool !== "crane") return [];
  const chosen = platform !== undefined && plain.test(platform) ? ` --platform ${platform}` : "";
  if (by.policy) return policed(by.policy, image, [platform, flag(image)]);
  const digests = (by.digests ?? []).filter((digest) => plain.test(digest));
  if (digests.length === 0) return [];
  return [`crane manifest${chosen}${flag(image)} ${word(image)} | sha256sum`, `# one of: ${digests.join(" ")}`];
}

/** What a policy lists for the release: of what the tag names, or of the configurations of its platforms. */
function policed(policy, image, [platform, flag]) {
  const reference = word(image);
  const releases = JSON.parse(policy).releases;
  const release = releases.find(({ tag }) => image.replace(/@.*/, "").endsWith(`:${tag}`));
  const { digests = [], configs = {} } = release ?? {};
  const whole = digests.length === 0 ? [] : [`crane manifest${flag} ${reference} | sha256sum  # one of: ${digests.join(" ")}`];
  const named = Object.entries(configs).filter(([name]) => plain.test(asCrane(name)) && (platform ?? name) === name);
  const each = named.map(([name, digest]) => `crane config --platform ${asCrane(name)}${flag} ${reference} | sha256sum  # ${digest}`);
  return [...whole, ...each];
}

function identified({ image, by }) {
  if (!by?.identity) return [];
  const [reference, identity, issuer] = [image, by.identity, by.issuer].map(word);
  if (identity === undefined || issuer === undefined) return [];
  return [`cosign verify --certificate-identity ${identity} --certificate-oidc-issuer ${issuer} ${reference}`];
}

/** The proven steps below each image: documents, each with the repository it is read from, and what they name. */
function steps(report, images, most) {
  const proven = report.claims.filter(({ standing }) => standing.is === "proven").map(({ statement }) => statement);
  const held = new Map(proven.filter(({ kind }) => kind === "bytes").map((bytes) => [bytes.digest, bytes]));
  const named = grouped(proven.filter(({ kind }) => kind === "names"), ({ parent }) => parent);
  return images.map((image) => {
    const found = [];
    const [name, seen] = [repository(image), new Set()];
    const visit = (digest, from) => {
      if (seen.has(digest) || !isDigest(digest) || !held.has(digest)) return;
      seen.add(digest);
      if (from) found.push({ name, digest, config: from.as === "config" ? from.parent : undefined });
      // Docker's first schema has other fields.
      if (/manifest\.v1\+/.test(held.get(digest).mediaType ?? "") && /docker/.test(held.get(digest).mediaType)) return;
      const below = named.get(digest) ?? [];
      for (const { as, fields } of fieldsOf(below)) found.push({ name, digest, as, fields });
      for (const edge of below) visit(edge.digest, edge);
    };
    visit(rootOf(report, image));
    return { found: found.slice(0, most), more: Math.max(0, found.length - most) };
  });
}

function grouped(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const filters = new Map([["manifest", "'.manifests[].digest'"], ["config", ".config.digest"], ["layer", "'.layers[].digest'"], ["subject", ".subject.digest"]]);

/** What a document names, by the field that names it. */
function fieldsOf(edges) {
  const roles = grouped(edges, ({ as }) => (as === "attestation" ? "manifest" : as));
  const known = [...roles].filter(([as]) => filters.has(as));
  return known.map(([as, many]) => ({ as, fields: many.map(({ digest }) => digest).filter(isDigest) })).filter(({ fields }) => fields.length > 0);
}

const stepLines = (images, reader) => images.flatMap(({ found, more }) => {
  const lines = found.flatMap((step) => stepLine(step, reader));
  return more > 0 && lines.length > 0 ? [...lines, `# and ${more} more steps`] : lines;
});

function stepLine({ name, digest, config, as, fields }, { raw, config: readConfig }) {
  if (as !== undefined) return expecting(`${raw(`${name}@${digest}`)} | jq -r ${filters.get(as)}`, fields);
  if (config === undefined) return [`${raw(`${name}@${digest}`)} | ${sumOf(digest)}`];
  return readConfig ? [`${readConfig(name, digest, config)} | ${sumOf(digest)}`] : [];
}

/** A command and what it has to print, as comments of the shell. */
const expecting = (command, expected) =>
  expected.length === 1 ? [`${command}  # ${expected[0]}`] : [command, ...expected.map((one) => `#   ${one}`)];

/** The program that hashes, and what it has to print. */
function sumOf(digest) {
  if (!isDigest(digest)) return "sha256sum";
  const [algorithm, hex] = digest.split(":");
  return `${algorithm}sum  # ${hex}`;
}

/** What an image's name means here: as it was resolved, or as it says itself, or as was said of it. */
function rootOf(report, image) {
  const resolved = resolutions(report).find(({ reference }) => reference === image);
  const said = () => report.claims.find(({ statement }) => statement.kind === "resolves" && statement.reference === image)?.statement;
  return /@(.*)$/.exec(image)?.[1] ?? (resolved ?? said())?.digest;
}

const repository = (image) => image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");

/** skopeo takes a tag or a digest. */
const untagged = (image) => (image.includes("@") ? `${repository(image)}@${image.split("@")[1]}` : image);

/** For what was pasted or dropped: every document, from the file that has it. */
function pasted(report, most) {
  const given = ({ standing }) => standing.is === "proven" && standing.from.some(({ via }) => via === "pasted" || via === "file");
  const found = report.claims.filter(given).map(({ statement }) => statement);
  const bytes = found.filter(({ kind, digest }) => kind === "bytes" && isDigest(digest));
  const lines = bytes.slice(0, most).flatMap(({ digest, edits }) => {
    // As it was given it can be hashed as it is; else the changes have to be made first.
    const read = edits.length === 0 ? undefined : `pullproof recover ${digest} FILE`;
    const below = fieldsOf(found.filter(({ kind, parent }) => kind === "names" && parent === digest));
    return [
      read ? `${read} | ${sumOf(digest)}` : sumOf(digest).replace("sum", "sum FILE"),
      ...below.flatMap(({ as, fields }) => expecting(read ? `${read} | jq -r ${filters.get(as)}` : `jq -r ${filters.get(as)} FILE`, fields)),
    ];
  });
  const more = bytes.length - most;
  const head = "# FILE is the file that holds what was pasted: the document of each line";
  return lines.length === 0 ? [] : [head, ...lines, ...(more > 0 ? [`# and ${more} more documents`] : [])];
}
