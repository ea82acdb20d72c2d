//! What can go wrong with an input: it cannot be read, or it is over a limit.
//!
//! A digest that does not match is no error but a claim that stands contradicted
//! (see [`crate::claim`]).

use std::fmt;
use std::sync::Arc;

use crate::text::in_quotes;

/// Why an input could not be read, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

/// Boxed, since results are moved about far more often than errors are made; the kind is shared by
/// copies of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Arc<ErrorKind>,
    at: Option<usize>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Error(Box::new(Inner {
            kind: Arc::new(kind),
            at: None,
        }))
    }

    pub(crate) fn at(kind: ErrorKind, offset: usize) -> Self {
        let at = Some(offset);
        Error(Box::new(Inner {
            kind: Arc::new(kind),
            at,
        }))
    }

    /// The same error, its place moved from a part to the whole that the part lies in.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        self.0.at = self.0.at.map(|at| at.saturating_add(by));
        self
    }

    /// The kind of the error, to match on.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The stable name of the kind, for example `digest-length`.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The byte at which reading stopped, counted from the start of the input.
    pub fn offset(&self) -> Option<usize> {
        self.0.at
    }
}

/// The kinds of [`Error`]: parts of a message, never a sentence.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Two readings are possible, and tools differ in which they take.
    Ambiguous {
        /// The field that makes a second reading possible.
        field: String,
        /// The kind of the document by its other fields.
        beside: &'static str,
    },
    /// A digest of an algorithm that is not computed here.
    DigestAlgorithm(String),
    /// A character that has no place in a digest.
    DigestFormat {
        /// The text that the grammar allows at this place.
        expected: &'static str,
        /// The text found there, with its code point if it is not plain ASCII.
        found: String,
    },
    /// A digest with too many or too few digits.
    DigestLength {
        /// The number of hex digits of the algorithm.
        expected: usize,
        /// The number found.
        found: usize,
    },
    /// Text that is not UTF-8.
    Encoding(&'static str),
    /// A field is missing, null, or of the wrong type.
    Field {
        /// The field's path, for example `manifests[2].digest`.
        name: String,
        /// The expected type or value.
        expected: &'static str,
        /// The type or value found.
        found: &'static str,
    },
    /// A byte order mark before the JSON text.
    JsonByteOrderMark,
    /// A name that occurs twice in one object.
    JsonDuplicateKey(String),
    /// Not JSON as RFC 8259 has it.
    JsonSyntax {
        /// The text that the grammar allows at this place.
        expected: &'static str,
        /// The text found there.
        found: String,
    },
    /// More text after the end of the JSON value.
    JsonTrailing,
    /// A JSON value of another type than the document has to have.
    JsonType {
        /// The type wanted.
        expected: &'static str,
        /// The type found.
        found: &'static str,
    },
    /// A public key or certificate that is not taken.
    Key {
        /// The key or certificate found.
        found: String,
    },
    /// Not the full identifier of a key.
    KeyId {
        /// How many hex digits were found where 64 are wanted.
        found: usize,
    },
    /// Over one of the limits of [`crate::limits`].
    LimitExceeded {
        /// The thing that is limited.
        limit: &'static str,
        /// The number allowed.
        allowed: u64,
    },
    /// Not the name of a platform.
    Platform(String),
    /// A publisher's policy that cannot be relied on.
    Policy {
        /// The code: `policy-` and what is wrong.
        fault: &'static str,
        /// Where in it, for example `releases[1].tag`; empty for the whole.
        place: String,
        /// The content that a policy has there.
        expected: &'static str,
        /// The text found there.
        found: String,
    },
    /// Not a reference to an image.
    Reference {
        /// The text that the grammar allows.
        expected: &'static str,
        /// The part that does not have it.
        found: String,
    },
    /// A question whose answer could not mean anything.
    Question {
        /// The content that a question has there.
        expected: &'static str,
        /// The text found there.
        found: String,
    },
    /// The configuration's `rootfs` does not fit.
    Rootfs {
        /// The expected `rootfs`.
        expected: String,
        /// The `rootfs` found.
        found: String,
    },
    /// A `schemaVersion` that no known format has.
    SchemaVersion {
        /// The version found.
        found: String,
    },
    /// A Sigstore bundle, or a trusted root, that is not as it has to be.
    Sigstore {
        /// The code: what cannot be read.
        code: &'static str,
        /// The thing that belongs there.
        expected: &'static str,
        /// The text found there.
        found: String,
    },
    /// A size that is not a whole number of bytes.
    SizeType {
        /// The field's path.
        name: String,
        /// The text found there.
        found: String,
    },
}

impl ErrorKind {
    /// A name that stays the same in every version, for programs to match on.
    pub fn code(&self) -> &'static str {
        match self {
            ErrorKind::Ambiguous { .. } => "ambiguous",
            ErrorKind::DigestAlgorithm(_) => "digest-algorithm",
            ErrorKind::DigestFormat { .. } => "digest-format",
            ErrorKind::DigestLength { .. } => "digest-length",
            ErrorKind::Encoding(_) => "encoding",
            ErrorKind::Field { .. } => "field",
            ErrorKind::JsonByteOrderMark => "json-bom",
            ErrorKind::JsonDuplicateKey(_) => "json-duplicate-key",
            ErrorKind::JsonSyntax { .. } => "json-syntax",
            ErrorKind::JsonTrailing => "json-trailing",
            ErrorKind::JsonType { .. } => "json-type",
            ErrorKind::Key { .. } => "key",
            ErrorKind::KeyId { .. } => "key-id",
            ErrorKind::LimitExceeded { .. } => "limit-exceeded",
            ErrorKind::Platform(_) => "platform",
            ErrorKind::Policy { fault, .. } => fault,
            ErrorKind::Reference { .. } => "reference",
            ErrorKind::Question { .. } => "question",
            ErrorKind::Rootfs { .. } => "rootfs",
            ErrorKind::SchemaVersion { .. } => "schema-version",
            ErrorKind::Sigstore { code, .. } => code,
            ErrorKind::SizeType { .. } => "size-type",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)?;
        match self.0.at {
            Some(at) => write!(f, " at byte {at}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Ambiguous { field, beside } => {
                write!(
                    f,
                    "expected {beside}, found also the field {}, which tools read differently",
                    in_quotes(field)
                )
            }
            ErrorKind::DigestAlgorithm(name) => {
                write!(
                    f,
                    "expected a digest by sha256 or sha512, found algorithm {}",
                    in_quotes(name)
                )
            }
            ErrorKind::DigestFormat { expected, found } => {
                write!(f, "expected {expected} in digest, found {found}")
            }
            ErrorKind::DigestLength { expected, found } => {
                write!(f, "expected {expected} hex digits in digest, found {found}")
            }
            ErrorKind::Encoding(what) => write!(f, "expected UTF-8, found {what}"),
            ErrorKind::Field {
                name,
                expected,
                found,
            } => {
                let name = in_quotes(name);
                write!(f, "expected {expected} in field {name}, found {found}")
            }
            ErrorKind::JsonByteOrderMark => {
                f.write_str("expected JSON, found a byte order mark before it")
            }
            ErrorKind::JsonDuplicateKey(name) => {
                let name = in_quotes(name);
                write!(
                    f,
                    "expected each name once in a JSON object, found {name} again"
                )
            }
            ErrorKind::JsonSyntax { expected, found } => {
                write!(f, "expected {expected} in JSON, found {found}")
            }
            ErrorKind::JsonTrailing => {
                f.write_str("expected the end after the JSON value, found more text")
            }
            ErrorKind::JsonType { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            kind => kind.fmt_others(f),
        }
    }
}

impl ErrorKind {
    /// The second half of the messages.
    fn fmt_others(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ErrorKind::Key { found } => {
                write!(
                    f,
                    "expected a P-256, P-384, Ed25519 or RSA key of 2048 to 8192 bits, found {found}"
                )
            }
            ErrorKind::KeyId { found } => {
                write!(
                    f,
                    "expected the 64 hex digits of a whole key id, found {found}"
                )
            }
            ErrorKind::LimitExceeded { limit, allowed } => {
                write!(f, "expected at most {allowed} {limit}, found more")
            }
            ErrorKind::Platform(found) => {
                let found = in_quotes(found);
                write!(f, "expected a platform such as linux/amd64, found {found}")
            }
            ErrorKind::Policy {
                place,
                expected,
                found,
                ..
            } => {
                write!(f, "expected {expected} in the policy")?;
                if !place.is_empty() {
                    write!(f, " at {}", in_quotes(place))?;
                }
                write!(f, ", found {found}")
            }
            ErrorKind::Reference { expected, found } => {
                let found = in_quotes(found);
                write!(f, "expected {expected} in image reference, found {found}")
            }
            ErrorKind::Question { expected, found } => {
                write!(f, "expected {expected} in the question, found {found}")
            }
            ErrorKind::Rootfs { expected, found } => {
                write!(f, "expected {expected} in rootfs, found {found}")
            }
            ErrorKind::SchemaVersion { found } => {
                write!(f, "expected schemaVersion 2, found {found}")
            }
            ErrorKind::Sigstore {
                code,
                expected,
                found,
            } => write!(f, "expected {expected} in the {code}, found {found}"),
            ErrorKind::SizeType { name, found } => {
                write!(
                    f,
                    "expected a whole number of bytes in field {}, found {found}",
                    in_quotes(name)
                )
            }
            kind => f.write_str(kind.code()),
        }
    }
}

impl std::error::Error for Error {}
