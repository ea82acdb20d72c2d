// "Check it yourself": the commands of other tools that reproduce an answer without this one.

import { plainHosts, resolutions } from "./fetched.js";

// What needs no quotes in a shell.
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word for a POSIX shell, or nothing where it holds what no command should: it is never shortened. */
function word(text) {
  if (plain.test(text)) return text;
  return /^[\x20-\x7e]+$/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : undefined;
}

/** The commands for a report's question, with the digests to expect; none where none would help. */
export function checks(report) {
  const { ask, left, right, image, platform } = report.question;
  if (ask === "same") return same(report, word(left), word(right));
  if (image === undefined) return pasted(report);
  const reference = word(image);
  if (reference === undefined) return [];
  return [...raw(report, image), ...(ask === "published" ? published(report, reference, platform) : [])];
}

function same(report, left, right) {
  if (left === undefined || right === undefined) return [];
  const { level } = report.question;
  const both = [...raw(report, report.question.left), ...raw(report, report.question.right)];
  if (level === "index") return both;
  const rows = report.claims.filter(({ statement }) => statement.kind === "same");
  const named = rows.map(({ statement }) => asCrane(statement.platform)).filter((name) => plain.test(name));
  const read = level === "manifest" ? "manifest" : "config";
  const narrowed = level === "rootfs" ? " | jq -c .rootfs.diff_ids" : "";
  const one = (reference, chosen) => `crane ${read}${chosen}${insecure(report, reference)} ${reference}${narrowed} | sha256sum`;
  if (named.length === 0) return [...both, one(left, ""), one(right, "")];
  const chosen = ' --platform "$p"';
  return [
    ...both,
    `for p in ${named.join(" ")}; do`,
    `  ${one(left, chosen)}`,
    `  ${one(right, chosen)}`,
    "done  # the two sums of each platform have to be equal",
    ...withSkopeo(report, named[0], read),
  ];
}

/** A platform as crane takes it: windows(10.0.1)/amd64 is its windows/amd64:10.0.1. */
const asCrane = (platform = "") => platform.replace(/^([a-z]+)\(([\d.]+)\)(\/.*)$/, "$1$3:$2");

/** The same for one platform with skopeo, which reads configurations only so. */
function withSkopeo(report, platform, read) {
  const { left, right, level } = report.question;
  if (read !== "config" || level === "rootfs") return [];
  const [os, architecture, variant] = platform.split(":")[0].split("/");
  if (architecture === undefined) return [];
  const kind = variant === undefined ? "" : ` --override-variant ${variant}`;
  const skopeo = `skopeo --override-os ${os} --override-arch ${architecture}${kind} inspect --config --raw`;
  // A registry on this machine is asked without TLS here, which skopeo does only when told.
  const isHere = (name) => /^(?:localhost|127\.[\d.]+|\[::1\])[:/]/.test(name);
  const plainly = (name) => (isHere(name) || insecure(report, name) !== "" ? " --tls-verify=false" : "");
  return [left, right].map((name) => `${skopeo}${plainly(name)} ${word(`docker://${name}`)} | sha256sum`);
}

/** What the registry answers for a reference, byte for byte, and the digest it had here. */
function raw(report, name) {
  const plainly = insecure(report, name);
  // Docker has to be told beforehand whom it may ask so.
  const reader = plainly === "" ? "docker buildx imagetools inspect --raw" : `crane manifest${plainly}`;
  const command = `${reader} ${word(name)} | sha256sum`;
  const resolved = resolutions(report).find(({ reference }) => reference === name);
  const digest = resolved?.digest ?? /@(sha256:.*)$/.exec(name)?.[1];
  return /^sha256:[0-9a-f]{64}$/.test(digest) ? [`${command}  # ${digest.slice(7)}`] : [command];
}

/** What crane has to be told where a registry was asked without TLS. */
function insecure(report, name) {
  const host = name.replace(/^'/, "").split("/")[0].replace(/:80$/, "");
  return plainHosts(report).has(host) ? " --insecure" : "";
}

function published(report, reference, platform) {
  const { by } = report.question;
  const chosen = platform !== undefined && plain.test(platform) ? ` --platform ${platform}` : "";
  if (by.keys) return [`docker trust inspect ${reference}`];
  if (by.identity) {
    const [identity, issuer] = [word(by.identity), word(by.issuer)];
    if (identity === undefined || issuer === undefined) return [];
    return [`cosign verify --certificate-identity ${identity} --certificate-oidc-issuer ${issuer} ${reference}`];
  }
  const crane = insecure(report, reference);
  if (by.policy) return policed(by.policy, reference, platform, crane);
  const digests = by.digests.filter((digest) => plain.test(digest));
  return [`crane manifest${chosen}${crane} ${reference} | sha256sum`, `# one of: ${digests.join(" ")}`];
}

/** What a policy lists for the release: of what the tag names, or of the configurations of its platforms. */
function policed(policy, reference, platform, plainly) {
  const releases = JSON.parse(policy).releases;
  const release = releases.find(({ tag }) => reference.replace(/@.*/, "").endsWith(`:${tag}`));
  const { digests = [], configs = {} } = release ?? {};
  const whole = digests.length === 0 ? [] : [`crane manifest${plainly} ${reference} | sha256sum  # one of: ${digests.join(" ")}`];
  const named = Object.entries(configs).filter(([name]) => plain.test(asCrane(name)) && (platform ?? name) === name);
  const each = named.map(([name, digest]) => `crane config --platform ${asCrane(name)}${plainly} ${reference} | sha256sum  # ${digest}`);
  return [...whole, ...each];
}

/** For pastes: every document that was found again, from the file that was pasted. */
function pasted(report) {
  const proven = report.claims.filter(({ standing }) => standing.is === "proven");
  const found = proven.map(({ statement }) => statement).filter(({ kind }) => kind === "bytes");
  const digests = found.map(({ digest }) => digest).filter((digest) => plain.test(digest)).slice(0, 3);
  return digests.map((digest) => `pullproof recover ${digest} FILE | sha256sum`);
}
