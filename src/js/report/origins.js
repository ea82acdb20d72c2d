// Reads the address of a fetched document: its registry, through which gateway it
// came, and which tag it answered for.

import { isHere } from "./machine.js";
import { byWord, minute } from "./words.js";

// Docker Hub's registry answers at another host than its images are named by.
const named = new Map([["registry-1.docker.io", "docker.io"], ["index.docker.io", "docker.io"]]);

// The distribution API's addresses; through a gateway they come after its own and the registry's host.
const address = /^(?:(.*?)\/([^/]+))\/v2\/(.+)\/(?:manifests|blobs)\/([^/]+)$/;

// Well-known registries that do not let web pages read their answers (they send no Access-Control-Allow-Origin). Others are
// tried, and what a page may not read there is said then.
const closed = new Set(["registry-1.docker.io", "ghcr.io", "public.ecr.aws"]);

/** The host at which a registry answers. */
export const hostOf = (registry) => [...named].find(([, name]) => name === registry)?.[0] ?? registry;

/** True if the address is of a registry that is known to keep web pages out. */
export const keepsPagesOut = (url) => closed.has(new URL(url).host);

/** True for what may be a tag (OCI distribution specification, "Pulling manifests"). */
export const isTag = (name) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(name);

/** The registry that a fetched source is of, the gateway if it came through one, and the tag if for one. */
export function originOf(source) {
  const [, before, host, name, last] = address.exec(source.url) ?? [];
  if (host === undefined) return { registry: source.url, gateway: source.gateway };
  // Without a gateway only the scheme comes before the host.
  const gateway = /^https?:\/$/.test(before) ? source.gateway : before;
  const registry = named.get(host) ?? host;
  const repository = `${registry}/${name}`;
  const tag = last.includes(":") || source.url.includes("/blobs/") ? undefined : last;
  return { registry, repository, gateway, reference: tag === undefined ? undefined : `${repository}:${tag}` };
}

/** The sender of fetched documents: a registry, or a registry through a gateway. */
export function fromWords(source) {
  const { registry, gateway } = originOf(source);
  return `${gateway === undefined ? registry : `${registry} through ${gateway}`}${byWord(source)}`;
}

/** Who says what a tag is: the registry, or a gateway of it. */
export function resolver(source) {
  const { registry, gateway } = originOf(source);
  const word = source.word === undefined ? "" : `by the ${source.word}'s word `;
  if (gateway !== undefined) return `${word}as ${gateway} says that ${registry} resolved`;
  return `${word}as ${registry}${isPlain(source) ? ", asked over plain http," : ""} resolved`;
}

/** True if it was fetched without TLS, and not from this machine. */
const isPlain = ({ url }) => URL.canParse(url) && new URL(url).protocol === "http:" && !isHere(new URL(url).host);

/** The registries that a report's documents were fetched from without TLS, this machine apart. */
export function plainHosts({ claims }) {
  const sources = claims.flatMap(({ standing }) => standing.from ?? standing.by ?? []);
  const plain = sources.filter((source) => source.via === "fetched" && isPlain(source));
  return new Set(plain.map(({ url }) => new URL(url).host));
}

/** The digests of tags, from their registries: `{ reference, digest, source }`, each once. */
export function resolutions(report) {
  const found = new Map();
  // An answer by another server in a registry's place is that server's statement, whatever its address looks like.
  const stated = report.claims.filter(({ statement, standing }) => statement.kind === "resolves" && standing.is === "stated");
  const others = new Set(stated.flatMap(({ standing }) => standing.by.map(({ url }) => url)));
  for (const { statement, standing } of report.claims) {
    if (!["bytes", "resolves"].includes(statement.kind) || standing.is !== "proven") continue;
    for (const source of standing.from.filter(({ via }) => via === "fetched")) {
      const { reference } = originOf(source);
      if (reference === undefined || others.has(source.url)) continue;
      found.set(`${reference} ${statement.digest}`, { reference, digest: statement.digest, source });
    }
  }
  return [...found.values()];
}

/** A resolution as a phrase: "R is D, as docker.io resolved it at T". */
export const resolution = ({ reference, digest, source }) =>
  [{ name: reference }, " is ", { digest }, ", ", { words: resolver(source) }, " it at ", { words: minute(source.at) }];
