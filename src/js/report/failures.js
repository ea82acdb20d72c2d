// Failed requests and their reasons, from the module's notes. Each is a sentence that begins with the host that failed.

import { isTag, originOf } from "./origins.js";

// The codes of failed requests; `closed` is for registries that are known to keep web pages out.
const codes = new Set([
  "closed", "forbidden", "limit-exceeded", "media-type", "network", "next-page", "not-found", "not-manifest", "not-referrers", "not-tags",
  "other-bytes", "rate-limited", "redirect", "server", "status", "timeout", "token", "token-server", "unauthorized",
]);

/** The image whose tag is nearest to one that an address is for, and does not exist. Whatever a receipt says, it is of that repository. */
function nearOf(claims, url, repository) {
  const note = claims.find(({ statement, standing }) => statement.code === "nearest-tag" && standing.by?.some((source) => source.url === url));
  const [near] = note?.statement.text.split(" ") ?? [];
  return near?.startsWith(`${repository}:`) && isTag(near.slice(repository.length + 1)) ? near : undefined;
}

/** The failures that an answer knows of: `{ code, registry, text, want, near }`, each text once. */
export function failures({ claims, wants }) {
  const found = new Map();
  for (const { statement, standing } of claims) {
    if (statement.kind !== "note" || !codes.has(statement.code)) continue;
    // The end of the time is said once for all that was not asked for.
    const want = standing.want ?? (statement.code === "timeout" ? wants[0] : undefined);
    const url = want?.url ?? standing.by?.[0]?.url;
    if (url === undefined || found.has(statement.text)) continue;
    const { registry, repository } = originOf({ url });
    found.set(statement.text, { code: statement.code, registry, text: statement.text, want, near: nearOf(claims, url, repository) });
  }
  return [...found.values()];
}
