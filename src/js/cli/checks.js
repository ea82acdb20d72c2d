// "Check it yourself": the commands of other tools that reproduce an answer without this one.

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
  const platforms = report.claims.flatMap(({ statement }) => (statement.kind === "same" ? [statement.platform] : []));
  const named = platforms.filter((name) => name !== undefined && plain.test(name));
  const read = level === "manifest" ? "manifest" : "config";
  const narrowed = level === "rootfs" ? " | jq -c .rootfs.diff_ids" : "";
  const one = (reference, chosen) => `crane ${read}${chosen} ${reference}${narrowed} | sha256sum`;
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

/** The same for one platform with skopeo, which reads configurations only so. */
function withSkopeo({ question: { left, right, level } }, platform, read) {
  if (read !== "config" || level === "rootfs") return [];
  const [os, architecture, variant] = platform.split(":")[0].split("/");
  if (architecture === undefined) return [];
  const chosen = `--override-os ${os} --override-arch ${architecture}${variant ? ` --override-variant ${variant}` : ""}`;
  return [left, right].map((name) => `skopeo ${chosen} inspect --config --raw ${word(`docker://${name}`)} | sha256sum`);
}

/** What the registry answers for a reference, byte for byte, and the digest it had here. */
function raw(report, name) {
  const command = `docker buildx imagetools inspect --raw ${word(name)} | sha256sum`;
  const resolved = report.claims.find(({ statement }) => statement.kind === "resolves" && statement.reference === name);
  const digest = resolved?.statement.digest ?? /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1];
  return digest?.startsWith("sha256:") ? [`${command}  # ${digest.slice(7)}`] : [command];
}

function published({ question: { by } }, reference, platform) {
  const chosen = platform !== undefined && plain.test(platform) ? ` --platform ${platform}` : "";
  const digests = (by.digests ?? []).filter((digest) => plain.test(digest));
  if (digests.length === 0) return [`cosign tree ${reference}`];
  return [`crane manifest${chosen} ${reference} | sha256sum`, `# one of: ${digests.join(" ")}`];
}

/** For pastes: every document that was found again, from the file that was pasted. */
function pasted(report) {
  const found = report.claims.filter(({ statement, standing }) => statement.kind === "bytes" && standing.is === "proven");
  const digests = found.map(({ statement }) => statement.digest).filter((digest) => plain.test(digest)).slice(0, 3);
  return digests.map((digest) => `pullproof recover ${digest} FILE | sha256sum`);
}
