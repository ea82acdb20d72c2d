// The signers that a question names, and the repositories beside the image's own where their signatures are looked for.

/** The signers with Sigstore: each of them is enough. */
export function signersOf({ by }) {
  if (by?.policy !== undefined) return JSON.parse(by.policy).signers?.sigstore ?? [];
  return by?.signers ?? (by?.identity === undefined ? [] : [by]);
}

/** The repositories that a question names for all signatures. */
export const placesNamed = ({ signatures = [] }) => [signatures].flat();

/** The registries that are asked for signatures, beside the image's own: of the repositories that the question and its signers name. */
export function signatureRegistries(question) {
  const names = [...placesNamed(question), ...signersOf(question).flatMap(({ signatures }) => signatures ?? [])];
  return [...new Set(names.map(registryOf))];
}

/** The registry of a repository's name, which has none where it is Docker Hub. */
export function registryOf(name) {
  const [host, ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(host) || host === "localhost") ? host : "docker.io";
}
