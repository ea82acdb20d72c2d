//! Every bound on untrusted input, with its reason.

/// Bytes of one manifest, index or configuration. Registries take manifests of at least 4 MiB
/// and need not take more (OCI distribution spec, "Pushing Manifests"); containers/image reads
/// no more either.
pub const DOCUMENT_BYTES: usize = 4 << 20;

/// Bytes of one paste: several documents of the largest size, with what a terminal adds.
pub const PASTE_BYTES: usize = 16 << 20;

/// Bytes of all evidence of one session, so that a page cannot be made to hold the memory of
/// the machine.
pub const EVIDENCE_BYTES: usize = 64 << 20;

/// Documents of one session. The largest real indexes have some tens of platforms.
pub const DOCUMENTS: usize = 20_000;

/// Levels of nesting in JSON, as `serde_json` has it; the reader recurses once a level.
pub const JSON_DEPTH: usize = 128;

/// Entries of `manifests` or `layers` in one document.
pub const ENTRIES: usize = 10_000;

/// Indexes inside indexes. One level is in use.
pub const INDEX_DEPTH: usize = 8;

/// Bytes of an image reference: 255 for the name (distribution), a tag, a digest.
pub const REFERENCE_BYTES: usize = 1024;

/// Serialisations tried for one pasted document before recovery gives up.
pub const RECOVERY_TRIES: usize = 20_000;

/// Bytes hashed in trying serialisations of one pasted document: at 200 MB a second this
/// bounds the time to about a second for the largest document that is nobody's.
pub const RECOVERY_BYTES: usize = 200 << 20;

/// The same, as so many times the bytes of the paste: somebody waits for each to be given up, and
/// what was found in real documents was found in half as many.
pub const RECOVERY_TIMES: usize = 256;

/// The same for a short paste, which takes no time that anybody would notice.
pub const RECOVERY_LEAST_BYTES: usize = 2 << 20;

/// As how many bytes one try counts beside those that it hashes.
pub const RECOVERY_TRY_BYTES: usize = 512;

/// Bytes of one document up to which its keys are put in other orders. Each order holds the
/// document taken apart once more, and no real one with keys to order comes near.
pub const REORDER_BYTES: usize = 1 << 20;

/// Sources kept of those who say or have the same, each compared with the others: a reader needs one.
pub const SOURCES: usize = 100;

/// Statements kept from one session's pastes.
pub const STATEMENTS: usize = 100_000;

/// Characters of untrusted text repeated in one message or claim.
pub const QUOTED_CHARS: usize = 400;

/// Characters of the note that says where a policy was fetched: its address is never cut short, and is
/// at most 4,096 characters long.
pub const POLICY_SOURCE_CHARS: usize = 5_000;

/// Requests to one host at a time: what browsers allow themselves, and no burden to a registry.
pub const HOST_REQUESTS: usize = 8;

/// Redirects followed for one request. Registries use one, to where they store blobs.
pub const REDIRECTS: usize = 5;

/// Times that one request is sent where the server is busy or fails.
pub const TRIES: u32 = 4;

/// Seconds that are waited because a server says so (`Retry-After`); longer is told, not waited.
pub const RETRY_SECONDS: u64 = 60;

/// Milliseconds from a request to the end of its answer.
pub const REQUEST_MILLISECONDS: u64 = 60_000;

/// Bytes of an answer of a token server, as containers/image has it.
pub const TOKEN_BYTES: usize = 1 << 20;

/// Bytes of one token: more does not fit the headers that servers take.
pub const ONE_TOKEN_BYTES: usize = 64 << 10;

/// Pages of one list of tags or referrers.
pub const PAGES: usize = 1_000;

/// Tags or referrers in one list, all pages together.
pub const LISTED: usize = 100_000;

/// Referrers of one image that are looked at: each is a document to fetch.
pub const REFERRERS: usize = 32;

/// Signatures of one file of metadata: each may cost a check. Real ones have a few.
pub const SIGNATURES: usize = 100;

/// Keys, and roles that are delegated to, of one file of metadata: each is read, and each role may
/// cost a check. Real ones have as many as a project has people.
pub const DELEGATES: usize = 1_000;

/// Single files of metadata in one session: each is held against the keys of the others.
pub const METADATA_FILES: usize = 1_000;

/// Platforms of which the differences of two images are told, fields of each, and characters of one value: more than
/// a person reads.
pub const DIFFERENT_PLATFORMS: usize = 32;
/// See [`DIFFERENT_PLATFORMS`].
pub const DIFFERENCES: usize = 100;
/// See [`DIFFERENT_PLATFORMS`].
pub const DIFFERENCE_CHARS: usize = 1_000;

/// Entries of logs in one Sigstore bundle, and timestamps: each costs a check. Real ones have one or two of each, and
/// sigstore-go takes no more either.
pub const SIGNATURE_ENTRIES: usize = 32;

/// Hashes from an entry of a log to the top of its tree, which has fewer than 2⁶³ entries.
pub const PROOF_HASHES: usize = 64;

/// Certificates from a signature to the top of its authority. Real ones have three at most.
pub const SIGSTORE_CHAIN: usize = 8;

/// Extensions of one of their certificates, each compared with the others. Real ones have some thirty.
pub const SIGSTORE_EXTENSIONS: usize = 128;

/// Authorities and logs of one kind in a trusted root. GitHub's has six.
pub const SIGSTORE_AUTHORITIES: usize = 64;

/// Subjects of one statement, as sigstore-go has it, and digests of one subject.
pub const SUBJECTS: usize = 1024;
/// See [`SUBJECTS`].
pub const SUBJECT_DIGESTS: usize = 32;

/// Signatures of one image that are looked at, each with its entries.
pub const BUNDLES: usize = 32;

/// Requests for the signatures of one image: lists, tags, manifests and what those hold.
pub const SIGNATURE_REQUESTS: usize = 40;

/// Repositories that a policy names for signatures: each is asked for three places or more of every image, and
/// [`SIGNATURE_REQUESTS`] are sent in total.
pub const SIGNATURE_PLACES: usize = 8;

/// Parts of one image that are looked at for signatures of their own: few have more platforms with an attestation each.
pub const SIGNED_PARTS: usize = 16;

/// Bytes of all signatures of one image that are fetched. Attestations with a list of contents are the largest.
pub const SIGNATURE_BYTES: u64 = 32 << 20;
