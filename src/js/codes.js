// The codes of notes by which the module says what it found itself: those of its list (src/claim/note.rs) of which
// nobody who fetches has any to tell. tests/codes.rs holds the two lists together.

const own = new Set([
  "ambiguous-tool", "artifact-content", "artifact-type", "attestation-subject", "base64", "chosen-platform",
  "claimed-reference", "conflict", "content-digest", "cosign-checks", "cosign-tree", "cosign-verify", "data",
  "diff-ids", "digest-algorithm", "disputed", "elided", "empty", "history", "html-escaped", "id-kind", "image",
  "image-store", "image-store-classic", "image-store-containerd", "joined-lines", "kept", "mixed-facts",
  "no-config", "no-digest", "no-id", "no-images", "no-output", "no-trust-data", "not-pinned", "not-published",
  "not-signed", "notation-certificate", "notation-inspect", "notation-verify", "nothing-stated", "only-right",
  "other", "other-reference", "pinned", "platform-absent", "platform-twice", "policy-config", "policy-digests",
  "policy-name", "policy-release", "prefix-only", "referrer", "referrer-subject", "repo-admin", "rootfs",
  "same-paste", "schema-1", "secret", "several-digests", "shell-digest", "tags", "terminal-codes", "unattributed",
  "unknown-role", "unsigned", "utf-16",
]);

/**
 * Whether a code is one of the module's own. Those of signed metadata begin alike: after it comes whatever fault
 * there is in it, and those are in no list.
 */
export const isOwn = (code) => own.has(code) || code.startsWith("dct-");
