// Reports as the drawing reads them, made up from a seed: one image or two, of one to thirty platforms, with
// attestations, signatures, what refers to them, parts that nobody knows, and long names of everything.

const PLATFORMS = [
  "linux/amd64", "linux/arm64/v8", "linux/arm/v7", "linux/arm/v6", "linux/386", "linux/ppc64le", "linux/s390x", "linux/riscv64",
  "windows/amd64:10.0.20348.2461", "windows/arm64:10.0.26100.1742 (some feature, another feature)", "unknown/unknown",
  "linux/mips64le", "linux/loong64", "an-operating-system-of-a-long-name/an-architecture-of-a-longer-name/v123456789",
];
const TYPES = [undefined, "application/vnd.dev.sigstore.bundle.v0.3+json", "application/spdx+json", "application/vnd.example.a-very-long-name-of-a-type-that-nobody-registered.v12+json"];
const NAMES = ["beacon:1", "docker.io/library/alpine:3.20.3", "public.ecr.aws/some-organisation/some/deeply/nested/repository/of/images:a-tag-of-its-own-2026-11-29-nightly-0123456789abcdef", "registry.example:5000/x:y"];
const SIGNERS = [{ key: "SHA256:0123456789abcdef" }, { identity: "https://github.com/an-organisation/a-repository/.github/workflows/release.yml@refs/tags/v1.0.0", issuer: "https://token.actions.githubusercontent.com" }, { name: "somebody" }];

/** The same numbers for the same seed (mulberry32). */
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (most) => Math.floor(next() * most);
  return { below, chance: (part) => next() < part, one: (all) => all[below(all.length)] };
}

const standing = (is) => ({
  is,
  check: "hash",
  from: [{ via: "file", name: "a" }],
  by: [{ tool: "docker", method: "pull" }],
  want: { hint: "it" },
  expected: { value: "one", by: [] },
  found: { value: "other", by: [] },
});

/** A report from a seed. */
export function chain(seed) {
  const { below, chance, one } = dice(seed);
  let count = 0;
  const digest = () => `sha256:${((seed + 1) * 65_536 + (count += 1)).toString(16).padStart(10, "0").split("").reverse().join("").padEnd(64, `${(seed * 7919 + count) % 9973}`)}`;
  const claims = [];
  const claim = (statement, is) => claims.push({ statement, standing: standing(is) });
  const bytes = (name) => {
    if (chance(0.8)) claim({ kind: "bytes", digest: name, edits: [], size: String(below(9) ** 7 + 300) }, chance(0.1) ? "stated" : "proven");
  };
  const names = (parent, name, as, platform) => claim({ kind: "names", parent, digest: name, as, platform }, chance(0.9) ? "proven" : "stated");
  /** A manifest for a platform: its digest, that of its configuration, and of its layers. */
  const manifest = (platform, from) => {
    const shares = from !== undefined && chance(0.6);
    const made = { platform, digest: digest(), config: shares ? from.config : digest(), layers: Array.from({ length: 1 + below(6) }, (_, i) => from?.layers[i] && chance(0.6) ? from.layers[i] : digest()) };
    bytes(made.digest);
    if (chance(0.15)) return made;
    names(made.digest, made.config, "config");
    if (!shares) bytes(made.config);
    for (const layer of made.layers) names(made.digest, layer, "layer");
    return made;
  };
  const refers = (name) => {
    for (let n = below(6); n > 0; n -= 1) {
      const by = digest();
      if (chance(0.4)) claim({ kind: "signs", digest: name, by: one(SIGNERS) }, one(["proven", "stated"]));
      else claim({ kind: "refers", digest: by, subject: name, artifactType: one(TYPES), size: "713", listed: "api" }, one(["stated", "proven", "contradicted"]));
      if (chance(0.3)) bytes(by);
    }
  };
  const [two, many, indexed] = [chance(0.6), chance(0.3) ? 1 + below(30) : 1 + below(4), chance(0.85)];
  const platform = (i) => (chance(0.05) ? undefined : i < PLATFORMS.length ? PLATFORMS[(i + seed) % PLATFORMS.length] : `linux/arm/v${i}`);
  const image = (other) => {
    const keep = (from) => other !== undefined && chance(0.6) && from;
    const manifests = Array.from({ length: indexed ? many : 1 }, (_, i) => keep(other?.manifests[i]) || manifest(other?.manifests[i]?.platform ?? platform(i), other?.manifests[i]));
    if (chance(0.3)) manifests.push(manifest("linux/only-here"));
    if (!indexed) return { top: manifests[0].digest, manifests: manifests.slice(0, 1) };
    const top = other !== undefined && chance(0.1) ? other.top : digest();
    bytes(top);
    for (const { digest: name, platform } of manifests) names(top, name, "manifest", platform);
    for (let n = chance(0.5) ? below(5) : 0; n > 0; n -= 1) names(top, digest(), "attestation");
    if (chance(0.3)) refers(one([top, ...manifests.map(({ digest }) => digest)]));
    return { top, manifests };
  };
  const named = (top) => {
    const name = one(NAMES);
    if (chance(0.15)) return `${name.split(":")[0]}@${top}`;
    if (chance(0.9)) claim({ kind: "resolves", reference: name, digest: top }, one(["stated", "proven"]));
    return name;
  };
  const a = image();
  const left = named(a.top);
  if (!two) return { question: { ask: "what", image: left }, claims };
  const b = image(a);
  let right = named(b.top);
  if (right === left) claim({ kind: "resolves", reference: (right = "mirror.example/beacon:1"), digest: b.top }, "stated");
  a.manifests.forEach(({ platform, digest: name, config }, i) => {
    const other = b.manifests[i];
    if (other === undefined || platform === undefined || chance(0.1)) return;
    const same = other.digest === name || other.config === config;
    claim({ kind: "same", platform, level: other.digest === name ? "manifest" : "config", reasons: [] }, same ? one(["proven", "stated"]) : one(["contradicted", "contradicted", "missing"]));
  });
  return { question: { ask: "same", left, right, level: "config" }, claims };
}
