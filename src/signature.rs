//! Keys that signatures are made with, by their identifiers, and what verifies with them.

mod verify;

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

pub use verify::{Certificate, Family, Hash, SignatureScheme, VerifyingKey};

/// A pinned public key, named by its whole key id: 64 hex digits, the SHA-256 that TUF calls
/// `keyid`. A short id is a prefix that anybody can search a second key for, so it is refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey(String);

impl PublicKey {
    /// The whole key id.
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let whole = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if whole {
            return Ok(PublicKey(text.to_ascii_lowercase()));
        }
        let found = text.chars().filter(char::is_ascii_hexdigit).count();
        Err(Error::new(ErrorKind::KeyId { found }))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
