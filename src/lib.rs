//! Is the container image I pull the one its author published, and is the image on registry B
//! the same as the one on registry A?
//!
//! A [`Session`] is a question that is being answered. It takes evidence, says what it still wants,
//! and reports at any time: a [`Verdict`], and the [`Claim`]s that it is the weakest of, each with
//! how it is known. That is proven here, only stated by somebody, missing, or contradicted.
//!
//! ```
//! use pullproof::{Digest, Question, Reference, Session, Trust, UnixTime, Verdict};
//!
//! let published: Digest =
//!     "sha256:dff9de10919148711140d349bf03f1a99eb06f94b03e51715ccebfa7cdc518e2".parse()?;
//! let image: Reference = format!("registry.example/tool@{published}").parse()?;
//! let by = Trust::Digests(vec![published]);
//! let mut session = Session::new(Question::Published { image, by });
//! assert_eq!(session.report(UnixTime(0)).verdict, Verdict::Open);
//! assert!(!session.wants().is_empty());
//!
//! // As a tool printed it, with other white space than the bytes that have the digest.
//! let printed = r#"{
//!     "schemaVersion": 2,
//!     "mediaType": "application/vnd.oci.image.index.v1+json",
//!     "manifests": []
//! }"#;
//! session.paste(printed.as_bytes(), None)?;
//! let report = session.report(UnixTime(0));
//! assert_eq!(report.verdict, Verdict::Proven);
//! println!("{}", report.summary);
//! # Ok::<(), pullproof::Error>(())
//! ```
//!
//! # The map
//!
//! A module uses modules of lower rows only, and no two files use each other, however far around:
//! `tests/layers.rs` reads the sources and fails otherwise. Below the last row nothing does I/O,
//! reads a clock or holds global state, so an answer depends on what was given, and can be made again.
//!
//! | row | module | what it owns |
//! |---|---|---|
//! | 0 | [`limits`] | every bound on untrusted input, with its reason |
//! | 0 | [`time`] | times, and RFC 3339 |
//! | 1 | `text` | looking for one text in another, quoting, what is invisible |
//! | 2 | `error` | [`Error`]: what cannot be read, or is over a limit |
//! | 3 | [`json`] | JSON that remembers its bytes |
//! | 3 | [`digest`] | digests: parsed, or computed |
//! | 4 | [`name`] | references, read as docker reads them |
//! | 4 | [`platform`] | platforms, and which is taken for which |
//! | 4 | [`signature`] | keys, and what verifies with them |
//! | 5 | [`document`] | exact bytes with their digest, and what they say |
//! | 6 | [`claim`] | statements, and how each is known; the codes of notes |
//! | 6 | [`policy`] | what a publisher says of all releases |
//! | 7 | [`question`] | what is asked, and what an author is known by |
//! | 7 | `answer` | the claims that an answer rests on, and those beside |
//! | 7 | [`recover`](mod@recover) | from pasted text to the bytes that have a digest |
//! | 7 | [`registry`] | the distribution protocol without I/O |
//! | 8 | [`paste`] | what tools print: split, recognised, read |
//! | 8 | `chain` | from an index to manifests, configurations and layers |
//! | 8 | [`evidence`] | the one form of all that a session is told |
//! | 8 | [`sigstore`] | Sigstore's bundles, cosign's signatures, and the trusted roots they rest on |
//! | 8 | [`tuf`] | signed metadata of Docker Content Trust |
//! | 9 | `record` | everything that was told, linked by digest |
//! | 10 | `compare` | two chains, platform by platform |
//! | 10 | `trust` | who vouches for what: one file for each way to be known as an author |
//! | 11 | [`session`] | evidence in, wants out, a report at any time |
//! | 12 | `wasm` | the boundary to JavaScript, and all there is of it |
//!
//! All proofs come from one place: a [`claim::Proof`] is made in this crate only, where the check
//! has just been carried out. Whoever looks for claims that are too bold begins there.

mod answer;
mod chain;
pub mod claim;
mod compare;
pub mod digest;
pub mod document;
mod error;
pub mod evidence;
pub mod json;
pub mod limits;
pub mod name;
pub mod paste;
pub mod platform;
pub mod policy;
pub mod question;
mod record;
pub mod recover;
pub mod registry;
pub mod session;
pub mod signature;
pub mod sigstore;
mod text;
pub mod time;
mod trust;
pub mod tuf;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use claim::{Claim, Verdict, Want};
pub use digest::Digest;
pub use document::Document;
pub use error::{Error, ErrorKind};
pub use evidence::Evidence;
pub use name::Reference;
pub use paste::{Finding, recognise};
pub use question::{Question, Trust};
pub use recover::{Recovered, recover};
pub use session::{Report, Session};
pub use time::UnixTime;
pub use trust::{BundleReport, verify_bundle};
