// Every proven step by digest: the documents below each image, what they name, and what refers to them.

import { samePlatform } from "../platform.js";
import { repository, rootOf } from "./names.js";
import { isDigest, step, summed } from "./shell.js";

const proven = (report, kind) =>
  report.claims.filter(({ statement, standing }) => statement.kind === kind && standing.is === "proven").map(({ statement }) => statement);

const grouped = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

/**
 * What a document is, in a word, as far as that is known: by its media type, by what it names, and `as` what
 * others name it. What nothing tells of is a document.
 */
export function nounOf({ mediaType = "" } = {}, as, edges = []) {
  const names = (...roles) => edges.some((edge) => roles.includes(edge.as));
  if (/index|manifest\.list/.test(mediaType) || names("manifest", "attestation")) return "index";
  if (as === "config" || /\.config\.|container\.image/.test(mediaType)) return "configuration";
  if (as === "attestation") return "attestation manifest";
  return /manifest/.test(mediaType) || names("config", "layer", "subject") ? "manifest" : "document";
}

/** True for a document embedded in another, in base64: it may not be anywhere else. */
export const isInline = ({ edits = [] } = {}) => edits.includes("taken from the field data");

/** The command that prints such a document; `piped` makes a command of jq's, of the document that it is in. */
export const inlineIn = (digest, piped) => `${piped(`jq -r '[.. | objects | select(.digest == "${digest}" and has("data")).data][0]'`)} | base64 -d`;

/** Docker's first schema names what it names in other fields. */
const isSchema1 = ({ mediaType = "" }) => /docker.*manifest\.v1\+/.test(mediaType);

/** The documents that each document names, by its digest, without fields that no step reads. */
export function edgesOf(documents, names) {
  const below = grouped(names, ({ parent }) => parent);
  return (digest) => (isSchema1(documents.get(digest) ?? {}) ? [] : (below.get(digest) ?? []));
}

/** For each image its documents: `{ image, where, digest, from, noun, edges, platform }`, each once. */
export function documentsOf(report, images) {
  const held = new Map(proven(report, "bytes").map((bytes) => [bytes.digest, bytes]));
  const names = proven(report, "names");
  const [edgesFrom, platforms] = [edgesOf(held, names), proven(report, "platform")];
  return images.map((image, at) => {
    const [found, seen] = [[], new Set()];
    const side = images.length === 2 ? "AB"[at] : undefined;
    const visit = (digest, from, platform) => {
      if (seen.has(digest) || !isDigest(digest) || !held.has(digest)) return;
      seen.add(digest);
      const edges = edgesFrom(digest);
      const where = [side, platform].filter(Boolean).join(", ");
      const isFor = platforms.find((one) => one.digest === from?.parent)?.platform;
      const inline = isInline(held.get(digest)) ? from?.parent : undefined;
      found.push({ image, inline, where: where && `${where}: `, digest, from, edges, platform: isFor, noun: nounOf(held.get(digest), from?.as, edges) });
      for (const edge of edges) visit(edge.digest, edge, edge.platform ?? platform);
    };
    visit(rootOf(report, image));
    for (const { parent, digest, as } of names) if (as === "subject" && seen.has(digest)) visit(parent, { as: "referrer" });
    return found;
  });
}

/**
 * The manifest and the configuration of an image for a platform, or of one that is for one alone, as far as it was
 * walked: `{ manifest, config, isSure }`; `isSure` is whether a client that is told the platform can take nothing else.
 * Nothing where what the image names is not here.
 */
export function platformParts(report, image, platform) {
  const root = rootOf(report, image);
  const held = new Set(proven(report, "bytes").map(({ digest }) => digest));
  if (!held.has(root)) return undefined;
  const below = grouped(proven(report, "names"), ({ parent }) => parent);
  const of = (parent, as) => (below.get(parent) ?? []).filter((edge) => edge.as === as);
  // A registry may not have documents that were not fetched because nothing rests on them.
  const whole = (manifest, isSure) => (held.has(manifest) ? { manifest, config: of(manifest, "config")[0]?.digest, isSure } : { isSure: false });
  const entries = of(root, "manifest");
  if (entries.length === 0) return whole(root, of(root, "config").length > 0);
  if (platform === undefined) return { isSure: false };
  const alike = entries.filter((entry) => entry.platform === undefined || mayTake(entry.platform, platform));
  const all = [];
  const visit = (parent, depth = 0) => {
    for (const entry of depth > 8 ? [] : of(parent, "manifest")) samePlatform(entry.platform, platform) ? all.push(entry) : visit(entry.digest, depth + 1);
  };
  visit(root);
  // Where it is written in several ways, the one that is asked for.
  const exact = all.filter((entry) => entry.platform === platform);
  const found = [...new Set((exact.length > 0 ? exact : all).map(({ digest }) => digest))];
  if (found.length !== 1) return { isSure: false };
  return whole(found[0], alike.length === 1 && alike[0].platform === platform && of(found[0], "manifest").length === 0);
}

/** Whether a client that is told a platform may take an entry: versions, variants and features are passed over by some. */
function mayTake(entry, platform) {
  const [one, other] = [entry, platform].map((name) => name.toLowerCase().replace(/\([^)]*\)/, "").split("/"));
  return one[0] === other[0] && one[1] === other[1];
}

/** True for a document that registries store as a blob, where clients do not look for manifests. */
export function isBlob(report, digest) {
  const held = report.claims.find(({ statement, standing }) => statement.kind === "bytes" && statement.digest === digest && standing.is === "proven");
  if (held === undefined || held.standing.from.some(({ url }) => url?.includes("/manifests/"))) return false;
  const names = proven(report, "names");
  const as = names.find((edge) => edge.digest === digest)?.as;
  const edges = names.filter(({ parent }) => parent === digest);
  return ["configuration", "document"].includes(nounOf(held.statement, as, edges)) && !isSchema1(held.statement);
}

/** A manifest that names this configuration. */
export const manifestOf = (report, config) => proven(report, "names").find(({ as, digest }) => as === "config" && digest === config)?.parent;

/** The steps of one tool over the documents of each image. */
export const documentSteps = (images, reader, most) =>
  images.flatMap((documents) => {
    if (documents.length === 0 || !reader.reads(documents[0].image)) return [];
    const steps = documents.flatMap((document) => stepsOf(document, reader));
    const rest = steps.length - most;
    const shown = rest > 0 ? [...steps.slice(0, most), step(`and ${rest} more steps`)] : steps;
    const left = reader.config === undefined && documents.some(({ from }) => from?.as === "config");
    return left ? [...shown, step(`${reader.tool} prints no image configuration's bytes: crane and skopeo do`)] : shown;
  });

function stepsOf(document, reader) {
  const { image, where, digest, from, noun, edges } = document;
  const name = `${repository(image)}@${digest}`;
  const inline = document.inline && inlineIn(digest, (jq) => `${reader.raw(`${repository(image)}@${document.inline}`)} | ${jq}`);
  if (from?.as === "config") return configSteps(document, inline ?? reader.config?.(image, digest, from.parent));
  if (inline) return [summed(`${where}the ${from.as} ${digest}, which is in what names it`, inline, digest)];
  if (from?.as === "layer") return reader.blob ? [summed(`${where}the layer ${digest}`, reader.blob(image, digest), digest)] : [];
  const whole = from === undefined ? [] : [summed(`${where}the ${noun}${from.as === "referrer" ? " that refers to it" : ""}`, reader.raw(name), digest)];
  return [...whole, ...fieldSteps({ where, noun, edges }, (jq) => `${reader.raw(name)} | ${jq}`)];
}

function configSteps({ where, digest, platform }, read) {
  if (read === undefined) return [];
  const noun = platform === undefined || platform.startsWith("unknown") ? "configuration" : "image configuration";
  const whole = summed(`${where}the ${noun}`, read, digest);
  const [, os, architecture] = /^([a-z0-9]+)(?:\([^)]*\))?\/([a-z0-9_]+)/.exec(platform ?? "") ?? [];
  if (os === undefined) return [whole];
  return [whole, step(`${where}the platform that the image configuration says`, `${read} | jq -r '.os + "/" + .architecture'`, [`${os}/${architecture}`])];
}

const fields = new Map([
  ["manifest", ["its manifests, with their sizes", ".manifests[]"]],
  ["config", ["its configuration, with the size", ".config"]],
  ["layer", ["its layers, with their sizes", ".layers[]"]],
  ["subject", ["what it refers to, with the size", ".subject"]],
]);

/** The digests that a document names, by field; `piped` makes a command of jq's, of the document. */
export function fieldSteps({ where, noun, edges }, piped) {
  const roles = grouped(edges, ({ as }) => (as === "attestation" ? "manifest" : as));
  const found = [...roles].filter(([as, many]) => fields.has(as) && many.every(({ digest }) => isDigest(digest))).map(([as, many]) => {
    const [what, field] = fields.get(as);
    const sized = many.every(({ size }) => size !== undefined);
    const line = sized ? `${field} | "\\(.digest) \\(.size)"` : `${field}.digest`;
    // What is named twice is a claim once, and claims are in the order in which they matter.
    const filter = field.endsWith("[]") ? `'[${line}] | unique[]'` : `'${line}'`;
    const prints = unique(many.map(({ digest, size }) => (sized ? `${digest} ${size}` : digest)));
    return step(`${where}the ${noun} names ${sized ? what : what.replace(/,? with.*/, "")}`, piped(`jq -r ${filter}`), prints);
  });
  return [...found, ...platformSteps({ where, noun, edges }, piped)];
}

/** For which platforms an index names its manifests; those for none that is known are left out. */
function platformSteps({ where, noun, edges }, piped) {
  const entries = edges.filter(({ as }) => as === "manifest" || as === "attestation");
  const many = entries.filter(({ platform }) => platform !== undefined && !platform.startsWith("unknown"));
  if (many.length === 0 || !entries.every(({ digest }) => isDigest(digest)) || !many.every(({ platform }) => /^[a-z0-9]+(?:\([\d.]+\))?(?:\/[a-z0-9_.]+){1,2}$/.test(platform))) return [];
  const os = many.some(({ platform }) => platform.includes("(")) ? '(.os + (if (."os.version" // "") != "" then "(" + ."os.version" + ")" else "" end))' : ".os";
  const line = `.manifests[] | select((.platform.os // "unknown") != "unknown") | .digest + " " + (.platform | [${os}, .architecture, .variant // "" | select(. != "")] | join("/"))`;
  const filter = `'[${line}] | unique[]'`;
  return [step(`${where}the ${noun} names manifests for these platforms`, piped(`jq -r ${filter}`), unique(many.map(({ digest, platform }) => `${digest} ${platform}`)))];
}

/** As jq's `unique` has them. */
const unique = (lines) => [...new Set(lines)].sort();
