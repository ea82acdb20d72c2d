//! Content digests: `algorithm:encoded` of the OCI image spec (descriptor.md, "Digests").

mod texts;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use sha2::Digest as _;

use crate::error::{Error, ErrorKind};
use crate::text::{character, hex};
use texts::Texts;

/// A digest. Parsing and hashing are the only ways in.
///
/// `sha256` has 64 and `sha512` 128 lower case hex digits. A digest of another algorithm can be
/// held and named but not computed here: [`Digest::algorithm`] is then `None`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(Arc<String>);

/// The algorithms that are computed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256, 64 hex digits.
    Sha256,
    /// SHA-512, 128 hex digits.
    Sha512,
}

impl Algorithm {
    /// The name before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha512 => "sha512",
        }
    }

    /// The number of hex digits after the colon.
    pub fn hex_digits(self) -> usize {
        match self {
            Algorithm::Sha256 => 64,
            Algorithm::Sha512 => 128,
        }
    }

    /// The digest of `bytes` by this algorithm.
    pub fn digest(self, bytes: &[u8]) -> Digest {
        let mut hasher = Hasher::new(self);
        hasher.update(bytes);
        hasher.finish()
    }
}

impl Digest {
    /// The SHA-256 digest of exactly these bytes.
    pub fn sha256(bytes: &[u8]) -> Self {
        Algorithm::Sha256.digest(bytes)
    }

    fn made(text: String) -> Self {
        Digest(Arc::new(text))
    }

    /// The whole digest, with its algorithm.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the colon.
    pub fn encoded(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, encoded)| encoded)
    }

    /// The algorithm, where it is one that is computed here.
    pub fn algorithm(&self) -> Option<Algorithm> {
        match self.0.split_once(':') {
            Some(("sha256", _)) => Some(Algorithm::Sha256),
            Some(("sha512", _)) => Some(Algorithm::Sha512),
            _ => None,
        }
    }

    /// A digest from the 64 bare hex digits that Docker Content Trust and short listings print.
    pub(crate) fn from_sha256_hex(hex: &str) -> Result<Self, Error> {
        format!("sha256:{hex}").parse()
    }
}

impl Clone for Digest {
    /// Shared, not copied: digests are handed on everywhere. Never inlined, for the same reason.
    #[inline(never)]
    fn clone(&self) -> Self {
        Digest(Arc::clone(&self.0))
    }
}

impl FromStr for Digest {
    type Err = Error;

    /// Reads by the grammar of the OCI image spec, descriptor.md:
    /// `digest ::= algorithm ":" encoded`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((algorithm, encoded)) = text.split_once(':') else {
            return Err(format_error("algorithm and colon", first_odd(text), 0));
        };
        read_algorithm(algorithm)?;
        let start = algorithm.len() + 1;
        let length = match algorithm {
            "sha256" => Some(64),
            "sha512" => Some(128),
            _ => None,
        };
        let odd = |b: u8| match length {
            Some(_) => !matches!(b, b'0'..=b'9' | b'a'..=b'f'),
            None => !(b.is_ascii_alphanumeric() || matches!(b, b'=' | b'_' | b'-')),
        };
        if let Some(at) = encoded.bytes().position(odd) {
            let c = encoded.get(at..).and_then(|rest| rest.chars().next());
            let expected = match length {
                Some(_) if c.is_some_and(|c| c.is_ascii_hexdigit()) => "lower case hex digits",
                Some(_) => "hex digits",
                None => "letters, digits, '=', '_' or '-'",
            };
            return Err(format_error(expected, c, start + at));
        }
        match length {
            _ if encoded.is_empty() => Err(format_error("hex digits", None, start)),
            Some(expected) if encoded.len() != expected => Err(Error::at(
                ErrorKind::DigestLength {
                    expected,
                    found: encoded.len(),
                },
                start,
            )),
            _ => Ok(Digest::made(text.to_owned())),
        }
    }
}

/// `algorithm ::= component (separator component)*`, `component ::= [a-z0-9]+`,
/// `separator ::= [+._-]`.
fn read_algorithm(name: &str) -> Result<(), Error> {
    let expected = "an algorithm name in lower case";
    let mut in_component = false;
    for (at, c) in name.char_indices() {
        match c {
            'a'..='z' | '0'..='9' => in_component = true,
            '+' | '.' | '_' | '-' if in_component => in_component = false,
            _ => return Err(format_error(expected, Some(c), at)),
        }
    }
    if in_component {
        Ok(())
    } else {
        Err(format_error(expected, None, name.len()))
    }
}

fn first_odd(text: &str) -> Option<char> {
    text.chars().find(|c| !c.is_ascii_alphanumeric())
}

fn format_error(expected: &'static str, found: Option<char>, at: usize) -> Error {
    let found = match found {
        None => "none".to_owned(),
        Some(c) => character(c),
    };
    Error::at(ErrorKind::DigestFormat { expected, found }, at)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Values found by text, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct ByText<V> {
    texts: Texts,
    values: Vec<V>,
}

impl<V> Default for ByText<V> {
    fn default() -> Self {
        ByText {
            texts: Texts::default(),
            values: Vec::new(),
        }
    }
}

impl<V> ByText<V> {
    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        self.values.get(self.texts.find(text)?)
    }

    pub(crate) fn get_mut(&mut self, text: &str) -> Option<&mut V> {
        self.values.get_mut(self.texts.find(text)?)
    }

    /// Adds a value, unless the text has one: whether it was added.
    pub(crate) fn insert(&mut self, text: &str, value: V) -> bool {
        let new = self.texts.add(text);
        if new {
            self.values.push(value);
        }
        new
    }

    /// Adds a value, or replaces the one that the text has.
    pub(crate) fn set(&mut self, text: &str, value: V) {
        match self.get_mut(text) {
            Some(known) => *known = value,
            None => {
                self.insert(text, value);
            }
        }
    }

    /// The value of a text; a new text gets the default first. Always `Some`.
    pub(crate) fn or_default(&mut self, text: &str) -> Option<&mut V>
    where
        V: Default,
    {
        self.insert(text, V::default());
        self.get_mut(text)
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// All of them with their texts, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.texts.all().zip(&self.values)
    }

    /// All of them, in the order in which they came.
    pub(crate) fn into_values(self) -> Vec<V> {
        self.values
    }
}

/// Values found by digest, in the order in which they came.
#[derive(Clone, Debug)]
pub(crate) struct ByDigest<V>(ByText<(Digest, V)>);

/// Digests, each once.
pub(crate) type DigestSet = ByDigest<()>;

impl<V> Default for ByDigest<V> {
    fn default() -> Self {
        ByDigest(ByText::default())
    }
}

impl<V> ByDigest<V> {
    pub(crate) fn get(&self, digest: &Digest) -> Option<&V> {
        self.0.get(digest.as_str()).map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, digest: &Digest) -> Option<&mut V> {
        self.0.get_mut(digest.as_str()).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, digest: &Digest) -> bool {
        self.get(digest).is_some()
    }

    /// Adds a value, unless the digest has one: whether it was added.
    pub(crate) fn insert(&mut self, digest: &Digest, value: V) -> bool {
        self.0.insert(digest.as_str(), (digest.clone(), value))
    }

    /// All of them, in the order in which they came.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (Digest, V)> {
        self.0.values.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl DigestSet {
    pub(crate) fn of<'a>(digests: impl IntoIterator<Item = &'a Digest>) -> Self {
        let mut set = DigestSet::default();
        for digest in digests {
            set.insert(digest, ());
        }
        set
    }

    /// True if both have the same digests.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(digest, ())| other.contains(digest))
    }
}

/// Hashes what comes chunk by chunk, so that a layer never has to be held whole.
#[derive(Clone, Debug)]
pub struct Hasher(Hashing);

#[derive(Clone, Debug)]
enum Hashing {
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl Hasher {
    /// An empty hash.
    pub fn new(algorithm: Algorithm) -> Self {
        Hasher(match algorithm {
            Algorithm::Sha256 => Hashing::Sha256(sha2::Sha256::new()),
            Algorithm::Sha512 => Hashing::Sha512(sha2::Sha512::new()),
        })
    }

    /// Adds bytes.
    ///
    /// In pieces: a WebAssembly engine replaces a function by its optimised form between calls,
    /// never during one, so a long first call would run ten times slower to its end.
    pub fn update(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(1 << 16) {
            match &mut self.0 {
                Hashing::Sha256(hash) => hash.update(piece),
                Hashing::Sha512(hash) => hash.update(piece),
            }
        }
    }

    /// The first sixteen digits of the digest of all bytes given, as a number.
    pub(crate) fn beginning(self) -> u64 {
        let first = |bytes: &[u8]| {
            let first = bytes.first_chunk().copied();
            first.map_or(0, u64::from_be_bytes)
        };
        match self.0 {
            Hashing::Sha256(hash) => first(&hash.finalize()),
            Hashing::Sha512(hash) => first(&hash.finalize()),
        }
    }

    /// The digest of all bytes given.
    pub fn finish(self) -> Digest {
        match self.0 {
            Hashing::Sha256(hash) => written(Algorithm::Sha256, &hash.finalize()),
            Hashing::Sha512(hash) => written(Algorithm::Sha512, &hash.finalize()),
        }
    }
}

fn written(algorithm: Algorithm, hash: &[u8]) -> Digest {
    Digest::made([algorithm.name(), ":", &hex(hash)].concat())
}

/// Whether the hash functions compute what their standards say (FIPS 180-4 examples), so that
/// a broken back end can be refused before anything is answered.
pub fn self_test() -> bool {
    let sha512 = Algorithm::Sha512
        .digest(b"abc")
        .encoded()
        .starts_with("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a");
    Digest::sha256(b"abc").encoded()
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        && Digest::sha256(b"").encoded()
            == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        && sha512
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuse(text: &str, message: &str) {
        assert_eq!(text.parse::<Digest>().unwrap_err().to_string(), message);
    }

    #[test]
    fn refuses_what_the_grammar_does_not_have() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        refuse(
            "",
            "expected algorithm and colon in digest, found none at byte 0",
        );
        refuse(
            hex,
            "expected algorithm and colon in digest, found none at byte 0",
        );
        refuse(
            ":",
            "expected an algorithm name in lower case in digest, found none at byte 0",
        );
        refuse(
            "sha256:",
            "expected hex digits in digest, found none at byte 7",
        );
        refuse(
            "sha256:abc",
            "expected 64 hex digits in digest, found 3 at byte 7",
        );
        refuse(
            "sha256:E3",
            "expected lower case hex digits in digest, found 'E' at byte 7",
        );
        refuse(
            "sha256:а",
            "expected hex digits in digest, found U+0430 at byte 7",
        );
        refuse(
            "sha256:../../etc",
            "expected hex digits in digest, found '.' at byte 7",
        );
        refuse(
            "sha384__foo:ab",
            "expected an algorithm name in lower case in digest, found '_' at byte 7",
        );
        refuse(
            &format!("sha512:{hex}"),
            "expected 128 hex digits in digest, found 64 at byte 7",
        );
    }

    #[test]
    fn holds_but_does_not_compute_other_algorithms() {
        let digest: Digest = "sha256+b64:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564"
            .parse()
            .unwrap();
        assert_eq!(digest.algorithm(), None);
        assert_eq!("sha1:ab".parse::<Digest>().unwrap().algorithm(), None);
    }

    #[test]
    fn computes_the_standard_vectors() {
        assert!(self_test());
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(b"a");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), Digest::sha256(b"abc"));
    }
}
