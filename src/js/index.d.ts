/** `sha256:` and 64, or `sha512:` and 128, lower case hex digits. */
export type Digest = `${"sha256" | "sha512"}:${string}`;
/** The weakest standing among the claims that an answer rests on; `open`: something is missing. */
export type Verdict = "proven" | "stated" | "open" | "contradicted";
/** How far two images are the same; each level includes those after it, up to `rootfs`. */
export type Level = "index" | "manifest" | "config" | "rootfs" | "different";

/** Who or what something comes from. */
export type Source =
  /** `url` is where the answer came from: what it says of a tag is a premise only if that is the tag's registry, or a gateway's. */
  | { via: "fetched"; url: string; at: string }
  | { via: "file"; name: string }
  | { via: "given"; what: string }
  /** A premise that came from a link, and not from whoever asks. */
  | { via: "link"; what: string }
  | { via: "pasted"; tool: string };

/** A value and who gave it. */
export interface Seen { value: string; source: Source }

/** How a claim is known. */
export type Standing =
  | { is: "proven"; check: "hash" | "signature"; from: Source[] }
  | { is: "stated"; by: Source[] }
  | { is: "missing"; want: Want }
  | { is: "contradicted"; expected: Seen; found: Seen };

/** What a claim says. Kinds may be added; those that are there keep their shape. */
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
  | { kind: "signs"; digest: Digest; tag?: string; by: Signatory }
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
  /** The pasted text would have this digest if it had been changed thus. */
  | { kind: "candidate"; digest: Digest; edits: string[]; meaning: string }
  /**
   * A machine keeps the image under this name with this digest: it once pulled, pushed, built or tagged it so.
   * What the registry in the name has, that does not say.
   */
  | { kind: "keeps"; reference: string; digest: Digest }
  /** What the reference names includes this digest; by which document is not certain. */
  | { kind: "includes"; reference: string; digest: Digest; as: Role; platform?: string }
  /** Something that a reader should know and that proves nothing. */
  | { kind: "note"; subject?: Digest; code: string; text: string }
  /** The manifest is for this platform. */
  | { kind: "platform"; digest: Digest; platform: string }
  /** The document has this many bytes, in digits: not every size fits a number. */
  | { kind: "size"; digest: Digest; size: string }
  /** A part of a paste that could not be read. */
  | { kind: "unread"; offset: number; length: number; code?: string; text: string };

/** Who signed. Only a key and an identity tell one signer from another; a name can be anybody's. */
export type Signatory = { key: string } | { identity: string; issuer: string } | { name: string };

/** What a document names another as. */
export type Role = "manifest" | "config" | "layer" | "attestation" | "subject";

export interface Claim { statement: Statement; standing: Standing }
/**
 * What would settle a claim: a `document` of a registry (a manifest or an index), a `blob` of it (such as an image
 * configuration), the `referrers` of a document, files of a `notary` server, or something that only `words` say.
 * `hint` is for people: in words what to look for, or, where `command` says so, a command whose output to paste.
 */
export interface Want { what: "document" | "referrers" | "notary" | "blob" | "words"; hint: string; command?: boolean; digest?: Digest; url?: string; accept?: string[] }
/** A recognised part of a paste and what it states. */
export interface Finding { tool: string; claims: Claim[] }
/** Bytes found again, and the edits to the pasted text that led to them. */
export interface Recovered { bytes: Uint8Array; digest: Digest; edits: string[] }
/**
 * The answer. The first `rests` of the claims are those that the verdict is the weakest of; the others are what
 * else there is to see. `summary` leaves the images' names to the question.
 */
export interface Report {
  question: Question; verdict: Verdict; summary: string; rests: number; claims: Claim[]; wants: Want[];
  /** The tag of the policy's release that the image is held against, where it is one of the policy's. */
  release?: string;
}

/** What an author is known by: published digests, whole key ids, an exact identity, or a policy. */
export type Trust =
  | { digests: Digest[] }
  | { keys: string[] }
  | { identity: string; issuer: string }
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
  signers?: { dct: { root?: string[]; repository?: string[]; signers?: Record<string, string[]> } };
}
/** What a tag names (once for each registry that has its own), and the configuration for each platform. */
export interface PolicyRelease {
  tag: string;
  digests?: Digest[];
  configs?: Record<string, Digest>;
  note?: string;
}

/** `linked`: the fields that came from a link, and not from whoever asks; the answer names the link as their source. */
export type Question =
  | { ask: "published"; image: string; by: Trust; platform?: string; linked?: Linked[] }
  | { ask: "same"; left: string; right: string; level?: Level; platform?: string; linked?: Linked[] }
  | { ask: "what"; image?: string; linked?: Linked[] };
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
/** What known tools' output states. Nothing recognised here is proven. */
export function recognise(pasted: Uint8Array | string): Finding[];

/** How a registry lists what refers to a document: by the referrers API, by a tag that anybody who pushes may write, or not at all. */
export type Listing = "api" | "fallbackTag" | "none";

/** One thing that a session is told. A receipt is a log of evidence, with bytes in base64. */
export type Evidence =
  /**
   * Pasted text; `about` is the reference it was printed for, where it does not say. Files of Docker Content
   * Trust metadata may come one by one, in any order, printed anew or not.
   */
  | { paste: Uint8Array | string; about?: string }
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

/** How far the fetching is. */
export interface Progress { done: number; wanted: number; bytes: number }
/** How to get what is wanted. */
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
  pasted?: (Uint8Array | string)[];
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
  /** What refers to a manifest, and how it was listed. */
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
  /** Whether the report in the receipt is this one. */
  same: boolean;
  /** Where it is another: at most twenty places, with both values as JSON, shortened. */
  differences: { place: string; stored: string; found: string }[];
  /** What only the receipt says, in sentences: show them beside the verdict. */
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
 * the hashes that other files name; what could not be had, or is another, is in `problems`.
 */
export function rescue(run: Run, repository: string, options?: { server?: string; now?: Date }): Promise<{
  evidence: TrustData;
  problems: { is: "missing" | "contradicted"; role: string; text: string }[];
}>;
