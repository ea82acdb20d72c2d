// The ways people type images: with "vs" and commas between them, behind a tool's command or scheme, or as the address of a
// registry's web page. As references they go to the module; any other text stays as it is.

import { referenceOf } from "../pkg/address.js";

// More characters are no name, whatever they are.
const longest = 4000;

/** A text as the references that it names, one a line, or as it is. */
export function asReferences(text) {
  const parts = text.length > longest ? [] : partsOf(text);
  const found = parts.map(({ text, isName }) => referenceIn(text, isName));
  // What is no list of names the module reads as it is.
  return parts.length === 0 || found.includes(undefined) ? text : found.join("\n");
}

/** How many images a text names that names more than two and does nothing else; else nothing. */
export function tooMany(text) {
  const names = asReferences(text).split(/\s+/).filter((word) => word !== "");
  return names.length > 2 && names.every((word) => looksNamed(word)) ? names.length : undefined;
}

/** True if a word would be nothing but an image's name: it has a tag, a digest or a registry. */
export const looksNamed = (word) => reference.test(word) && /[/:@]/.test(word) && !/^sha(?:256|512):/.test(word);

const reference = /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9._-]+)*(?::\w[\w.-]*)?(?:@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128}))?$/i;

const before = /^(?:(?:npx\s+)?pullproof\s+same|compare|is|diff)\s+(?=\S+\s)/i;
const line = /\s*\r?\n\s*/;
const between = /\s*[,;]\s*|\s+(?:&&?|[=~]=?|<?-+>|=>|vs\.?|versus|and|with|(?:is\s+)?(?:the\s+)?same\s+as)\s+/i;

/** The parts of a text, each of which may be one name; `isName`: by what is around it, it cannot be another word. */
function partsOf(text) {
  const parts = text.trim().replace(before, "").split(line).flatMap((one) => {
    const found = one.split(between).filter((part) => part !== "");
    return found.map((part) => ({ text: part, isName: found.length > 1 }));
  });
  return parts.flatMap((part) => (command.test(part.text) ? [{ ...part, isName: true }] : part.text.split(/\s+/).map((word) => ({ ...part, text: word }))));
}

const option = /--?[\w-]+(?:=\S+)?|--(?:arch|creds|os|override-(?:arch|os)|platform)\s+\S+/.source;

// A command that does nothing but name one image; what it prints is evidence, and is more lines than one.
const command = new RegExp(
  String.raw`^(?:[$#]\s+)?(?:sudo\s+)?(?:(?:docker|podman|nerdctl|finch)\s+(?:image\s+)?pull|crane\s+(?:manifest|digest|pull|config)|skopeo\s+inspect|(?:docker\s+)?buildx\s+imagetools\s+inspect|docker\s+(?:buildx\s+imagetools|manifest)\s+inspect|regctl\s+(?:manifest\s+get|image\s+inspect)|oras\s+(?:manifest\s+fetch|pull))\s+(?:(?:${option})\s+)*([^-\s]\S*)$`,
);

/** The reference in a part; nothing where it has none. */
function referenceIn(part, isName) {
  const word = (command.exec(part)?.[1] ?? part).replace(/^["'`(]+|["'`).?]+$/g, "");
  const named = word.replace(/^(?:oci|docker-daemon|containers-storage):\/\/(?=\S)/, "docker://");
  const address = referenceOf(named);
  // Any other address may be that of a file.
  const found = address === undefined || !/^https?:/i.test(named) || registries.test(address) || looksTagged(address) ? address ?? named : undefined;
  if (found === undefined || !reference.test(found)) return undefined;
  // Two words may be a phrase, and the module takes them for one.
  return isName && !/[/:@]/.test(found) ? `docker.io/library/${found}` : found;
}

const registries = /^(?:docker\.io|ghcr\.io|public\.ecr\.aws|quay\.io|registry\.gitlab\.com)\//;
const looksTagged = (name) => /[:@][^/]+$/.test(name);
