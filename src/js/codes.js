// Codes of notes that only the module itself may use: a log of evidence from elsewhere must not contain them. The list
// is from src/claim/note.rs, and tests/codes.rs compares the two.

const own = new Set([
  "ambiguous-tool", "artifact-content", "artifact-type", "attestation-subject", "attestations", "attests", "base64", "chosen-platform",
  "claimed-reference", "conflict", "content-digest", "cosign-checks", "cosign-tree", "cosign-verify", "data",
  "diff-ids", "digest-algorithm", "disputed", "elided", "empty", "history", "html-escaped", "id-kind", "image",
  "image-store", "image-store-classic", "image-store-containerd", "joined-lines", "kept", "mixed-facts", "named",
  "no-config", "no-digest", "no-id", "no-images", "no-output", "no-trust-data", "not-pinned", "not-published",
  "not-signed", "notation-certificate", "notation-inspect", "notation-verify", "nothing-stated", "only-right",
  "other", "other-reference", "pinned", "platform-absent", "platform-twice", "policy-config", "policy-digests",
  "policy-name", "policy-release", "prefix-only", "referrer", "referrer-subject", "repo-admin", "rootfs",
  "same-paste", "schema-1", "secret", "several-digests", "shell-digest", "sigstore-found", "sigstore-none",
  "sigstore-source", "sigstore-unasked", "sigstore-unread", "tags", "terminal-codes", "trusted-root",
  "unattributed", "unknown-role", "unsigned", "utf-16", "wrapped",
]);

/** True for the module's own codes. Faults in signed metadata have codes that begin with `dct-` and are not listed. */
export const isOwn = (code) => own.has(code) || code.startsWith("dct-");
