/** `sha256:` and 64, or `sha512:` and 128, lower case hex digits. */
export type Digest = `${"sha256" | "sha512"}:${string}`;
/** The weakest standing among the claims that an answer rests on; `open`: something is missing. */
export type Verdict = "proven" | "stated" | "open" | "contradicted";
/** The level at which two images are the same; each level includes those after it, up to `rootfs`. */
export type Level = "index" | "manifest" | "config" | "rootfs" | "different";

/** The origin of a claim or a value. */
export type Source =
  /** `url` is where the answer came from: what it says of a tag is a premise only if that is the tag's registry, or a gateway's. */
  | { via: "fetched"; url: string; at: string }
  | { via: "file"; name: string }
  | { via: "given"; what: string }
  /** A premise that came from a link, and not from whoever asks. */
  | { via: "link"; what: string }
  /** Text that was pasted, or that of a file: `file` is its name. */
  | { via: "pasted"; tool: string; file?: string };

/** A value and who gave it. */
export interface Seen { value: string; source: Source }

/** The standing of a claim: how it is known. */
export type Standing =
  | { is: "proven"; check: "hash" | "signature"; from: Source[] }
  | { is: "stated"; by: Source[] }
  | { is: "missing"; want: Want }
  | { is: "contradicted"; expected: Seen; found: Seen };

/** The content of a claim. Kinds may be added; existing ones keep their shape. */
export type Statement =
  /** These bytes are in the evidence and have this digest. Sizes are in digits: not every size fits a number. */
  | { kind: "bytes"; digest: Digest; mediaType?: string; edits: string[]; size?: string }
  /** The document `parent` names `digest`. */
  | { kind: "names"; parent: Digest; digest: Digest; platform?: string; as: Role; size?: string }
  /** A registry lists the document as referring to another: by the referrers API, or by a tag that anybody who pushes may write. */
  | { kind: "refers"; digest: Digest; subject: Digest; artifactType?: string; size: string; listed: Listing }
  /** The reference names this digest. */
  | { kind: "resolves"; reference: string; digest: Digest }
  /** The reference is for an image with this identifier. */
  | { kind: "identifies"; reference: string; id: string; as: "config" | "manifest" | "index" | "unknown" }
  /** Somebody signed this digest: a key, by its id; an identity in a certificate; or whatever a tool calls the signer. */
  | {
      kind: "signs"; digest: Digest; tag?: string; by: Signatory;
      /** The type of the signed statement about it, where it is not the document itself that is signed. */
      predicate?: string;
      /** Times that were checked at which the signature was there, each said by a log or a timestamp authority. */
      seen?: { at: string; by: string }[];
    }
  /** The images are the same at this level. */
  | { kind: "same"; platform?: string; level: Level; reasons: string[] }
  /** This key may sign for this role. That is not a signature. */
  | { kind: "authorises"; reference: string; role: string; key: string }
  /**
   * A role's file of a repository's Docker Content Trust metadata: until when it is valid, by which keys of
   * those that the file above it lists (of a root its own) it is signed, and what it has of the tag asked about.
   */
  | {
      kind: "metadata"; repository: string; role: string; expires: string; keys: string[];
      /** Of a root: the keys of the root before it that signed it too. */
      before: string[];
      /** Of the newest root, its keys that are in certificates: the id of the bare key, from when and until when the certificate is valid. */
      certificates: { id: string; bare: string; from: string; until: string }[];
      edits: string[]; tag?: string; digest?: Digest;
    }
  /**
   * The pasted text would have this digest if it had been changed thus. The likeliest comes first: `meaning` is why, `writer`
   * the tools that write so, `form` how its bytes are laid out.
   */
  | { kind: "candidate"; digest: Digest; edits: string[]; meaning: string; writer?: string; size: string; form: string }
  /**
   * A machine keeps the image under this name with this digest: it once pulled, pushed, built or tagged it so.
   * What the registry in the name has, that does not say.
   */
  | { kind: "keeps"; reference: string; digest: Digest }
  /**
   * A file, a list or a signed statement names the image with this digest: it says which image is meant. What a registry or
   * a machine has under the name, that does not say.
   */
  | { kind: "pins"; reference: string; digest: Digest }
  /** The image includes this digest; it is not certain which of its documents names it. */
  | { kind: "includes"; reference: string; digest: Digest; as: Role; platform?: string }
  /** Something that a reader should know and that proves nothing. */
  | { kind: "note"; subject?: Digest; code: string; text: string }
  /** The manifest is for this platform. */
  | { kind: "platform"; digest: Digest; platform: string }
  /** The document has this many bytes, in digits: not every size fits a number. */
  | { kind: "size"; digest: Digest; size: string }
  /** A part of a paste that could not be read. */
  | { kind: "unread"; offset: number; length: number; code?: string; text: string };

/** The signer. Only a key and an identity tell one signer from another; a name can be anybody's. */
export type Signatory = { key: string } | { identity: string; issuer: string } | { name: string };

/** The role in which a document names another. */
export type Role = "manifest" | "config" | "layer" | "attestation" | "subject";

export interface Claim { statement: Statement; standing: Standing }
/**
 * What would settle a claim: a `document` of a registry (a manifest or an index), a `blob` of it (such as an image
 * configuration), the `referrers` of a document, `signatures` of it that may be kept beside it, files of a `notary`
 * server, a `trustedRoot` of Sigstore that is newer than the one in use, or something that only `words` say.
 * `hint` is for people: in words what to look for, or, where `command` says so, a command whose output to paste.
 */
export interface Want { what: "document" | "referrers" | "notary" | "blob" | "signatures" | "trustedRoot" | "words"; hint: string; command?: boolean; digest?: Digest; url?: string; accept?: string[] }
/** A recognised part of a paste and what it states. */
export interface Finding { tool: string; claims: Claim[] }
/** Bytes found again, and the edits to the pasted text that led to them. */
export interface Recovered { bytes: Uint8Array; digest: Digest; edits: string[] }
/**
 * The answer: in words, and the claims that it is made of.
 *
 * @example
 * const { verdict, headline, summary, conditions } = await answer({ ask: "same", left, right });
 * console.log(`${headline}. ${summary}`, ...conditions);
 * process.exitCode = verdict === "proven" ? 0 : 1;
 */
export interface Report {
  question: Question;
  verdict: Verdict;
  /** A few words that claim no more than the verdict: `Same image`. */
  headline: string;
  /** One sentence, or a few, with the names of the images. */
  summary: string;
  /** Whole sentences: when tags were looked up and by whom, what a link chose, what no answer checks. */
  conditions: string[];
  /** The first `rests` of the claims are those that the verdict is the weakest of; the others are for information. */
  rests: number;
  claims: Claim[];
  wants: Want[];
  /**
   * The differences between two images that are not the same as far as asked, platform by platform, in documents
   * that were hashed. `more` is the number of fields that are not listed.
   */
  differences?: { platform?: string; fields: DifferentField[]; more: number }[];
  /** The tag of the policy's release that the image is held against, where it is one of the policy's. */
  release?: string;
  /** The document that the answer to `what` is about: the one that no other names. */
  subject?: Subject;
}

/** A document and its digest: where `certain` is false the likeliest one, and candidates have the others. */
export interface Subject {
  /** "image index" */
  kind: string;
  digest: Digest; size: string;
  /** "indented with 3 spaces, no final newline" */
  form: string;
  /** What was changed in the text that was given, to get these bytes. */
  edits: string[];
  certain: boolean;
}

/**
 * A field of the configuration (`created`, `config` with its `name`, `environment`, `label`, `history`) or a layer
 * that differs. A side that lacks it has no value. Long values are cut, and end with `…`.
 */
export interface DifferentField { part: string; name?: string; left?: string; right?: string }

/**
 * A signer with Sigstore: an identity exactly, every identity like a pattern in which `*` is any text, a workflow that runs
 * for a repository at GitHub, or a key (in PEM, or by its full ID where the key is given beside the question), which may be
 * trusted `from` a time and `until` another. `source` is the repository that the signer has to say it was built from. `signatures` is
 * the repository where the signer keeps the signatures (cosign's COSIGN_REPOSITORY), beside the image's own: 8 at most.
 */
export type Signer =
  | { identity: string; issuer: string; source?: string; signatures?: string }
  | { identityPattern: string; issuer: string; source?: string; signatures?: string }
  | { repository: string; workflow?: string; signatures?: string }
  | { key: string; from?: string; until?: string; source?: string; signatures?: string };

/** The author, known by published digests, keys (in PEM, or by their full IDs), an exact identity, signers, or a policy. */
export type Trust =
  | { digests: Digest[] }
  | { keys: string[] }
  | { identity: string; issuer: string }
  | { signers: Signer[] }
  /**
   * Reports have it as text. Give it as the text of its file, so that errors name places in that; or to
   * `answer` as its address: it is fetched over https, from nowhere else, and the report says from where.
   */
  | { policy: Policy | string | URL };

/** What a publisher says of a project's images (`policy.schema.json` beside the page says the same). */
export interface Policy {
  $schema?: string;
  pullproof: "policy";
  version: 1;
  project: string;
  why?: string;
  /** Repositories that the publisher publishes in, and others that have the same images. */
  names: string[];
  mirrors?: string[];
  releases: PolicyRelease[];
  /** The keys of Docker Content Trust, by their whole ids. */
  signers?: {
    /** The signers with Sigstore; each of them is enough. */
    sigstore?: Signer[];
    dct?: { root?: string[]; repository?: string[]; signers?: Record<string, string[]> };
  };
}
/** What a tag names (once for each registry that has its own), and the configuration for each platform. */
export interface PolicyRelease {
  tag: string;
  digests?: Digest[];
  configs?: Record<string, Digest>;
  note?: string;
}

/**
 * `linked`: the fields that came from a link, and not from whoever asks; the answer names the link as their source.
 * `signatures`: repositories beside the image's own that may have its signatures, such as cosign's COSIGN_REPOSITORY.
 */
export type Question =
  | { ask: "published"; image: string; by: Trust; platform?: string; signatures?: string | string[]; linked?: Linked[] }
  | { ask: "same"; left: string; right: string; level?: Level; platform?: string; linked?: Linked[] }
  | { ask: "what"; image?: string; signatures?: string | string[]; linked?: Linked[] };
export type Linked = "by" | "image" | "left" | "level" | "platform" | "right";

/** Thrown for input that cannot be read or is over a limit; `code` stays the same in every version. */
export class PullproofError extends Error {
  readonly code: string;
  readonly offset?: number;
}

/** The digest of the bytes exactly as given; a string is taken as UTF-8. */
export function digest(bytes: Uint8Array | string): Digest;
/** The serialisation of `pasted` whose digest is `expected`, and the edits that led there. */
export function recover(pasted: Uint8Array | string, expected: Digest): Recovered | null;
/** Claims in the output of known tools. Nothing recognised here is proven. */
export function recognise(pasted: Uint8Array | string): Finding[];

/** What there is to say of one signature. `root` is the trusted root that certificates, logs and timestamps rest on. */
export interface BundleReport {
  verdict: Verdict;
  headline: string;
  /** The first `rests` of the claims are those that the verdict is the weakest of; the others are the checks, one by one. */
  rests: number;
  claims: Claim[];
  /** Times at which it was signed or before, each said by a log or a timestamp authority. */
  seen: { at: string; by: string }[];
  root: { name: string; digest: Digest };
}
/**
 * Checks whether a Sigstore bundle is a signature of the artifact (its bytes, or its digest) by a signer: an identity, one
 * like a pattern, a workflow at GitHub or a key in PEM, and built from a `source` if that is named. Of several each is
 * enough. Without `by` it says who signed, and proves nothing. `trustedRoot` is in place of those that
 * come along, of Sigstore's public instance and of GitHub; `now` is the time that the question is about.
 *
 * @example
 * const by = { identity: "https://github.com/acme/beacon/.github/workflows/release.yml@refs/tags/v1", issuer: "https://token.actions.githubusercontent.com" };
 * const { verdict, headline } = verifyBundle(await readFile("beacon.sigstore.json"), await readFile("beacon.tar.gz"), { by });
 */
export function verifyBundle(
  bundle: Uint8Array | string,
  artifact: Uint8Array | Digest,
  options?: { by?: Signer | { signers: Signer[] } | { keys: string[] }; trustedRoot?: Uint8Array | string; now?: Date },
): BundleReport;

/** The way a registry lists documents that refer to another: by the referrers API, by a tag that anybody who pushes may write, or not at all. */
export type Listing = "api" | "fallbackTag" | "none";

/** One thing that a session is told. A receipt is a log of evidence, with bytes in base64. */
export type Evidence =
  /**
   * Pasted text; `about` is the reference it was printed for, where it does not say. Files of Docker Content
   * Trust metadata may come one by one, in any order, printed anew or not.
   */
  | { paste: Uint8Array | string; about?: string; file?: string }
  /** Bytes that were wanted. */
  | { bytes: Uint8Array; want: Want; from: Source }
  /** The digest that a server's header gave for a wanted document: a statement, until its bytes decide. */
  | { header: Digest; want: Want; from: Source }
  /** A want that could not be fetched, and why. It remains a want. */
  | { failed: { code: string; text: string }; want: Want; from: Source }
  /** Something that a reader should know of how the evidence was got. */
  | { note: { code: string; text: string }; from: Source }
  /** The referrers of a document, which were wanted: descriptors as the registry sent them. */
  | { listed: object[]; by: Listing; want: Want; from: Source };

/** A question being answered: evidence in, wants out, a report at any time. */
export class Session {
  constructor(question: Question);
  /** Takes evidence, in any order; returns what was recognised in pasted text. */
  take(evidence: Evidence): Finding[];
  /** A short hand for `take({ paste, about })`. */
  paste(pasted: Uint8Array | string, about?: string): Finding[];
  /** A short hand for `take({ bytes, want, from })`. */
  supply(want: Want, bytes: Uint8Array, from: Source): void;
  /** What would settle what is missing. */
  wants(): Want[];
  /** The answer as far as the evidence goes. */
  report(now: Date): Report;
  /** Gives the memory back; the session cannot be used after it. */
  free(): void;
}

/** Progress of the fetching. */
export interface Progress { done: number; wanted: number; bytes: number }
/** Options for fetching. */
export interface RunOptions {
  /** Used in place of the engine's own. */
  fetch?: typeof globalThis.fetch;
  /** The time to be written into the report; without it the clock's. */
  now?: Date;
  /** Ends all that is under way: what was asked is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds from a request to the end of its answer; at most, and without it, a minute. */
  timeout?: number;
  /**
   * Milliseconds for one answer altogether (of `serve`, `tags`, `referrers` and `rescue` for one call); five minutes
   * without it, `Infinity` for no end. After it the answer is made from what there is by then, and says what
   * was not waited for. Only a policy's address has to be read in that time: without the policy there is no question.
   */
  deadline?: number;
  /** The address of a gateway, for registries that do not answer directly. */
  gateway?: string;
  /**
   * Registries that are asked without TLS: exact hosts, with the port where references name one. What they
   * answer to a tag is then whatever anybody on the way made of it, and the report says so.
   */
  plainHttp?: string[];
  /**
   * Credentials for exactly this origin (scheme, host, port), or null: that of the registry that was asked; of Docker Hub
   * `https://auth.docker.io` where it asks for a token. They are sent there and to the registry's own token server:
   * at its host, at any port over TLS; below it; or one of the pairs in `owner.rs`. Any other is asked anonymously,
   * and so is what a redirect leads to.
   */
  credentials?(origin: string): Promise<{ username: string; password: string } | { identityToken: string } | null>;
}
export interface AnswerOptions {
  pasted?: (Uint8Array | string | Evidence)[];
  /** The time that the question is about, such as the day when signatures were saved; without it, now. */
  at?: Date;
  /** `false`: what refers to the image of `what` is not asked for. */
  referrers?: boolean;
  onProgress?(progress: Progress): void;
  /** Is given a receipt: the text of a file from which `checkReceipt` makes the report again. */
  onReceipt?(receipt: string): void;
}

/**
 * The loop `wants → fetch → take` until nothing more is wanted. What could not be fetched is in the
 * report, as missing and why; only input that cannot be read, and being stopped, reject.
 */
export function answer(question: Question, options?: RunOptions & AnswerOptions): Promise<Report>;

/** Several questions over the same connections: each document is fetched once, each tag resolved once. */
export class Run {
  constructor(options?: RunOptions);
  answer(question: Question, options?: AnswerOptions): Promise<Report>;
  /** Gives a session what it wants until nothing more can be had. `referrers: false`: what refers to its image is not asked for. */
  serve(session: Session, options?: { referrers?: boolean; onProgress?(progress: Progress): void }): Promise<void>;
  /** The tags of a repository, in the registry's order. */
  tags(repository: string): Promise<string[]>;
  /** Documents that refer to a manifest, and how they were listed. */
  referrers(repository: string, manifest: Digest, options?: { artifactType?: string }): Promise<Referrers>;
}
/** Descriptors as the registry sent them: each is a statement until what it names was fetched. */
export interface Referrers {
  by: Listing;
  url: string;
  descriptors: { mediaType: string; digest: Digest; size: number; artifactType?: string; annotations?: Record<string, string> }[];
}

/** A receipt that was checked. */
export interface CheckedReceipt {
  /** The answer made again from what is in the receipt: this one counts. */
  report: Report;
  /** The time of the answer, as the receipt says. */
  at: string;
  /** True if the report in the receipt equals this one. */
  same: boolean;
  /** The differences: at most twenty places, with both values as JSON, shortened. */
  differences: { place: string; stored: string; found: string }[];
  /** Sentences about facts that only the receipt states: show them beside the verdict. */
  word: string[];
}
/**
 * Answers a receipt's question again, offline, from the bytes in it. Throws where it is not exactly a
 * receipt. Digests are computed anew; which registry sent what, and when, is the receipt's word.
 */
export function checkReceipt(receipt: Uint8Array | string): CheckedReceipt;

/**
 * What a notary server (Docker Content Trust) has of a repository: each file's exact bytes, in base64. Where
 * `repository` is empty, the certificate of the root says which it is.
 */
export interface TrustData { pullproof: "notary-v1"; repository: string; server: string; at: string; files: Record<string, string> }
/**
 * Saves a repository's trust data while its notary server answers. Nothing is verified but that files have
 * the hashes that other files name; missing and wrong files are in `problems`.
 */
export function rescue(run: Run, repository: string, options?: { server?: string; now?: Date }): Promise<{
  evidence: TrustData;
  problems: { is: "missing" | "contradicted"; role: string; text: string }[];
}>;

/**
 * A report as the command prints it, without colours, or as Markdown for an issue or a job's summary. In Node only, as
 * everything below.
 *
 * @example
 * const report = await answer({ ask: "same", left: "docker.io/acme/app:1", right: "ghcr.io/acme/app:1" });
 * appendFileSync(process.env.GITHUB_STEP_SUMMARY, format(report, "markdown"));
 */
export function format(report: Report, form?: "text" | "markdown"): string;

/**
 * The logins that docker and podman stored (config.json, credential helpers, auth.json), each for its own registry.
 * They are read when a registry first asks for one. `onNote` is told, in words without secrets, why one could not be
 * read; the registry is then asked anonymously.
 *
 * @example
 * await answer(question, { credentials: dockerCredentials() });
 */
export function dockerCredentials(options?: {
  /** Where DOCKER_CONFIG, HOME and the like are looked up; `process.env` without it. */
  environment?: Record<string, string | undefined>;
  plainHttp?: string[];
  signal?: AbortSignal;
  onNote?(text: string): void;
}): NonNullable<RunOptions["credentials"]>;

/**
 * Every tag of a repository against the same tag of another, in the order of the registry's list. A tag that the right
 * does not list is contradicted; after a rate limit the rest is open.
 *
 * @example
 * for await (const { tag, verdict, reason } of mirror("docker.io/acme/app", "ghcr.io/acme/app", { tags: "1.*" })) {
 *   if (verdict !== "proven") console.log(tag, verdict, reason);
 * }
 */
export function mirror(left: string, right: string, options?: RunOptions & {
  /** Only tags like these: `*` is any text, `?` one character. */
  tags?: string | string[];
  level?: Level;
  platform?: string;
  /** Tags that are asked for at once; 4 without it. */
  concurrency?: number;
}): AsyncGenerator<MirroredTag, void, void>;
export interface MirroredTag { tag: string; verdict: Verdict; reason: string; report?: Report }

/**
 * A publisher's policy from what the registries have: there is one only where each tag was seen down to its
 * configurations and every mirror has the same images; otherwise `problems` says why not.
 *
 * @example
 * const { policy, problems } = await publish("docker.io/acme/app", { tags: "1.*", mirrors: "ghcr.io/acme/app" });
 * if (policy) writeFileSync("policy.json", policy);
 * else console.error(problems.join("\n"));
 */
export function publish(image: string, options: RunOptions & {
  tags: string | string[];
  mirrors?: string | string[];
  project?: string;
}): Promise<{ verdict: Verdict; policy?: string; problems: string[] }>;
