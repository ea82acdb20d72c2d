// Every proven step by digest: the documents below each image, what they name, and what refers to them.

import { repository, rootOf } from "./names.js";
import { isDigest, step, summed } from "./shell.js";

const proven = (report, kind) =>
  report.claims.filter(({ statement, standing }) => statement.kind === kind && standing.is === "proven").map(({ statement }) => statement);

const grouped = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

/** What a document is, in a word. */
export function nounOf({ mediaType = "" } = {}, as) {
  if (/index|manifest\.list/.test(mediaType)) return "index";
  return as === "attestation" ? "attestation manifest" : "manifest";
}

/** For each image its documents: `{ image, where, digest, from, noun, edges, platform }`, each once. */
export function documentsOf(report, images) {
  const held = new Map(proven(report, "bytes").map((bytes) => [bytes.digest, bytes]));
  const names = proven(report, "names");
  const [below, platforms] = [grouped(names, ({ parent }) => parent), proven(report, "platform")];
  return images.map((image, at) => {
    const [found, seen] = [[], new Set()];
    const side = images.length === 2 ? "AB"[at] : undefined;
    const visit = (digest, from, platform) => {
      if (seen.has(digest) || !isDigest(digest) || !held.has(digest)) return;
      seen.add(digest);
      const { mediaType } = held.get(digest);
      // Docker's first schema has other fields.
      const edges = /docker.*manifest\.v1\+/.test(mediaType ?? "") ? [] : (below.get(digest) ?? []);
      const where = [side, platform].filter(Boolean).join(", ");
      const isFor = platforms.find((one) => one.digest === from?.parent)?.platform;
      found.push({ image, where: where && `${where}: `, digest, from, edges, platform: isFor, noun: nounOf(held.get(digest), from?.as) });
      for (const edge of edges) visit(edge.digest, edge, edge.platform ?? platform);
    };
    visit(rootOf(report, image));
    for (const { parent, digest, as } of names) if (as === "subject" && seen.has(digest)) visit(parent, { as: "referrer" });
    return found;
  });
}

/** The digest of an image's configuration for a platform, or of its only one, as far as it was walked. */
export function platformConfig(report, image, platform) {
  const names = proven(report, "names");
  const of = (parent, as) => names.filter((edge) => edge.parent === parent && edge.as === as);
  const root = rootOf(report, image);
  const manifest = of(root, "manifest").find((edge) => edge.platform === platform)?.digest ?? root;
  return of(manifest, "config")[0]?.digest;
}

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
  if (from?.as === "config") return configSteps(document, reader.config?.(image, digest, from.parent));
  if (from?.as === "layer") return reader.blob ? [summed(`${where}the layer ${digest}`, reader.blob(image, digest), digest)] : [];
  const whole = from === undefined ? [] : [summed(`${where}the ${noun}${from.as === "referrer" ? " that refers to it" : ""}`, reader.raw(name), digest)];
  return [...whole, ...fieldSteps({ where, noun, edges }, (jq) => `${reader.raw(name)} | ${jq}`)];
}

function configSteps({ where, digest, platform }, read) {
  if (read === undefined) return [];
  const whole = summed(`${where}the image configuration`, read, digest);
  const [, os, architecture] = /^([a-z0-9]+)(?:\([^)]*\))?\/([a-z0-9_]+)/.exec(platform ?? "") ?? [];
  if (os === undefined) return [whole];
  return [whole, step(`${where}the platform that the image configuration says`, `${read} | jq -r '.os + "/" + .architecture'`, [`${os}/${architecture}`])];
}

const fields = new Map([
  ["manifest", ["its manifests, with their sizes", ".manifests[]"]],
  ["config", ["its image configuration, with the size", ".config"]],
  ["layer", ["its layers, with their sizes", ".layers[]"]],
  ["subject", ["what it refers to, with the size", ".subject"]],
]);

/** What a document names, by the field that names it; `piped` makes a command of jq's, of the document. */
export function fieldSteps({ where, noun, edges }, piped) {
  const roles = grouped(edges.filter(({ digest }) => isDigest(digest)), ({ as }) => (as === "attestation" ? "manifest" : as));
  const found = [...roles].filter(([as]) => fields.has(as)).map(([as, many]) => {
    const [what, field] = fields.get(as);
    const sized = many.every(({ size }) => size !== undefined);
    const filter = sized ? `'${field} | "\\(.digest) \\(.size)"'` : `'${field}.digest'`;
    const prints = many.map(({ digest, size }) => (sized ? `${digest} ${size}` : digest));
    return step(`${where}the ${noun} names ${sized ? what : what.replace(/,? with.*/, "")}`, piped(`jq -r ${filter}`), prints);
  });
  return [...found, ...platformSteps({ where, noun, edges }, piped)];
}

/** For which platforms an index names its manifests; those for none that is known are left out. */
function platformSteps({ where, noun, edges }, piped) {
  const many = edges.filter(({ digest, platform }) => isDigest(digest) && platform !== undefined && !platform.startsWith("unknown"));
  if (many.length === 0 || !many.every(({ platform }) => /^[a-z0-9]+(?:\([\d.]+\))?(?:\/[a-z0-9_.]+){1,2}$/.test(platform))) return [];
  const os = many.some(({ platform }) => platform.includes("(")) ? '(.os + (if ."os.version" then "(" + ."os.version" + ")" else "" end))' : ".os";
  const filter = `'.manifests[] | select((.platform.os // "unknown") != "unknown") | .digest + " " + (.platform | [${os}, .architecture, .variant // empty] | join("/"))'`;
  return [step(`${where}the ${noun} names manifests for these platforms`, piped(`jq -r ${filter}`), many.map(({ digest, platform }) => `${digest} ${platform}`))];
}
