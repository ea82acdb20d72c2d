//! Keys that signatures are made with, by their identifiers, and what verifies with them.

pub(crate) mod der;
mod rsa;
mod verify;
mod x509;

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::from_base64;
use crate::text::Parts;

pub(crate) use x509::CertificateFields;

pub use verify::{Certificate, Family, Hash, SignatureScheme, VerifyingKey};

/// A pinned public key, named by its whole key id: 64 hex digits, the SHA-256 that TUF calls
/// `keyid`. A short id is a prefix that anybody can search a second key for, so it is refused.
///
/// A key may be given itself, in PEM: its id is then the SHA-256 of its `SubjectPublicKeyInfo`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey {
    id: String,
    /// The PEM that it was given as.
    pem: Option<String>,
}

impl PublicKey {
    /// The whole key id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// As it was given: its id, or itself.
    pub(crate) fn text(&self) -> &str {
        self.pem.as_ref().unwrap_or(&self.id)
    }

    /// Its `SubjectPublicKeyInfo` in DER, where it was given itself.
    pub(crate) fn spki(&self) -> Option<Vec<u8>> {
        pem(self.pem.as_ref()?, "PUBLIC KEY")
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim_start().starts_with("-----BEGIN ") {
            let found = || ErrorKind::Key {
                found: "text that is not a public key in PEM".to_owned(),
            };
            let spki = pem(text, "PUBLIC KEY").ok_or_else(|| Error::new(found()))?;
            VerifyingKey::from_spki(&spki)?;
            let id = Digest::sha256(&spki).encoded().to_owned();
            let pem = Some(text.to_owned());
            return Ok(PublicKey { id, pem });
        }
        let whole = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if whole {
            let (id, pem) = (text.to_ascii_lowercase(), None);
            return Ok(PublicKey { id, pem });
        }
        let found = text.chars().filter(char::is_ascii_hexdigit).count();
        Err(Error::new(ErrorKind::KeyId { found }))
    }
}

/// The one block with this label that a PEM text is (RFC 7468).
pub(crate) fn pem(text: &str, label: &str) -> Option<Vec<u8>> {
    let rest = text.trim().strip_prefix("-----BEGIN ")?;
    let rest = rest.strip_prefix(label)?.strip_prefix("-----")?;
    let (body, rest) = rest.cut("-----END ")?;
    (rest.strip_prefix(label)? == "-----").then_some(())?;
    let body: Vec<&str> = body.split_ascii_whitespace().collect();
    from_base64(&body.concat())
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_whole_ids_only() {
        assert_eq!(
            "dd0768b9d35d".parse::<PublicKey>().unwrap_err().to_string(),
            "expected the 64 hex digits of a whole key id, found 12"
        );
        assert!("AB".repeat(32).parse::<PublicKey>().is_ok());
        assert!("zz".repeat(32).parse::<PublicKey>().is_err());
    }
}
