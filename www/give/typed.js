// The ways people type images: with "vs" and commas between them, behind a tool's command or scheme, or as the address of a
// registry's web page. As references they go to the module; any other text stays as it is.

// More characters are no name, whatever they are.
const longest = 4000;

/** A text as the references that it names, one a line, or as it is. */
export function asReferences(text) {
  const parts = text.length > longest ? [] : partsOf(text);
  if (parts.length === 0) return text;
  const found = parts.map(referenceIn);
  // What is no list of names the module reads as it is.
  if (found.includes(undefined)) return text;
  // Two words may be a phrase, and the module takes them for one; with "vs" between them they are names.
  const full = (name) => (/[/:@]/.test(name) ? name : `docker.io/library/${name}`);
  return (versus.test(text) ? found.map(full) : found).join("\n");
}

const versus = /\s(?:vs\.?|versus)\s/i;

/** How many images a text names that names more than two and does nothing else; else nothing. */
export function tooMany(text) {
  const names = asReferences(text).split(/\s+/).filter((word) => word !== "");
  return names.length > 2 && names.every((word) => looksNamed(word)) ? names.length : undefined;
}

/** Whether a word would be nothing but an image's name: it has a tag, a digest or a registry. */
export const looksNamed = (word) => reference.test(word) && /[/:@]/.test(word) && !/^sha(?:256|512):/.test(word);

const reference = /^[a-z0-9][a-z0-9._-]*(?::\d+)?(?:\/[a-z0-9._-]+)*(?::\w[\w.-]*)?(?:@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128}))?$/i;

const between = /\s*(?:,|;|&|\bvs\.?(?=\s)|\bversus\b|\band\b)\s*|\r?\n/i;

/** The parts of a text that are each one name, with a command or without. */
function partsOf(text) {
  const lines = text.trim().split(between).map((part) => part.trim()).filter((part) => part !== "");
  return lines.flatMap((line) => (command.test(line) ? [line] : line.split(/\s+/)));
}

// A command that does nothing but name one image; what it prints is evidence, and is more lines than one.
const command = /^(?:[$#]\s+)?(?:sudo\s+)?(?:(?:docker|podman|nerdctl|finch)\s+(?:image\s+)?pull|crane\s+(?:manifest|digest|pull|config)|skopeo\s+inspect|(?:docker\s+)?buildx\s+imagetools\s+inspect|docker\s+(?:buildx\s+imagetools|manifest)\s+inspect|regctl\s+(?:manifest\s+get|image\s+inspect)|oras\s+(?:manifest\s+fetch|pull))\s+(?:--?[\w-]+(?:=\S+)?\s+)*(\S+)$/;

/** The reference in a part; nothing where it has none. */
function referenceIn(part) {
  const word = (command.exec(part)?.[1] ?? part).replace(/^["'`(]+|["'`).]+$/g, "");
  const named = /^(?:docker|oci|docker-daemon|containers-storage):\/\/(?=\S)/.exec(word) ? word.replace(/^[a-z-]+:\/\//, "") : word;
  const found = /^https?:\/\//i.test(named) || /^(?:hub\.docker\.com|gallery\.ecr\.aws|quay\.io\/repository)\//.test(named) ? ofPage(named) : named;
  return typeof found === "string" && reference.test(found) ? found : undefined;
}

/** The image that the page of a registry's web site is about. */
function ofPage(address) {
  const given = /^https?:/i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(given)) return undefined;
  const { host, pathname, searchParams } = new URL(given);
  const [, page] = pages.find(([site]) => site.test(host)) ?? [];
  const path = pathname.split("/").filter((part) => part !== "").map(decoded);
  return page?.(path, searchParams, host);
}

const decoded = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

const tagged = (name, tag) => (tag === undefined || tag === null || tag === "" ? name : /^sha(?:256|512):/.test(tag) ? `${name}@${tag}` : `${name}:${tag}`);
const after = (path, word) => (path.includes(word) ? path[path.indexOf(word) + 1] : undefined);

/** Web sites of registries, and which image a page of theirs is about: by its path and query. */
const pages = [
  [/^hub\.docker\.com$/, ([kind, one, two, ...rest], query) => {
    const tag = query.get("name");
    // Of an official image the path has no user: /_/alpine, or /layers/library/alpine/3.20.
    if (kind === "_" && one) return tagged(`docker.io/library/${one}`, tag);
    if ((kind === "r" || kind === "repository") && one === "docker" && two === "library") return rest[0] && tagged(`docker.io/library/${rest[0]}`, tag);
    if (kind === "r" && two) return tagged(`docker.io/${one}/${two}`, tag);
    return kind === "layers" && two ? tagged(`docker.io/${one}/${two}`, rest[0]) : undefined;
  }],
  [/^ghcr\.io$/, (path, _, host) => path.length > 1 && [host, ...path].join("/")],
  [/^github\.com$/, (path, query) => {
    const name = after(path, "container");
    if (name === undefined || !path.includes("pkgs") && !path.includes("packages")) return undefined;
    const owner = path[0] === "orgs" || path[0] === "users" ? path[1] : path[0];
    return tagged(`ghcr.io/${owner}/${name}`.toLowerCase(), query.get("tag"));
  }],
  [/^quay\.io$/, (path, query) => {
    const [one, two, ...rest] = path[0] === "repository" ? path.slice(1) : path;
    return two && tagged(`quay.io/${one}/${two}`, query.get("tag") ?? after(rest, "tag") ?? after(rest, "manifest"));
  }],
  [/^gallery\.ecr\.aws$/, (path) => path.length > 1 && `public.ecr.aws/${path.join("/")}`],
  [/^public\.ecr\.aws$/, (path, _, host) => path.length > 1 && [host, ...path].join("/")],
  // A project's registry has the project's path; how an image below it is called, its page does not say.
  [/(?:^|\.)gitlab\.com$/, (path, _, host) => {
    if (host === "registry.gitlab.com") return path.length > 1 && [host, ...path].join("/");
    return path.includes("container_registry") ? `registry.gitlab.com/${path.slice(0, path.indexOf("container_registry")).filter((part) => part !== "-").join("/")}`.toLowerCase() : undefined;
  }],
];
