//! Keys: as the user gives them, by the names that Sigstore has for their kinds, and by the names that certificates
//! have for signatures.

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::from_base64;
use crate::signature::{Family, Hash, SignatureScheme, VerifyingKey, pem};
use crate::time::UnixTime;

/// A public key that the user gave.
#[derive(Clone, Debug)]
pub struct GivenKey {
    /// The SHA-256 of its `SubjectPublicKeyInfo`, in hex.
    id: String,
    pub(super) spki: Vec<u8>,
    pub(super) verifying: VerifyingKey,
    /// The times between which it is trusted, both included, where that is limited.
    pub(super) window: Option<(UnixTime, UnixTime)>,
}

impl GivenKey {
    /// Reads a key in PEM, or the base64 or the bytes of its DER.
    ///
    /// # Errors
    /// It is not a public key, or of a kind or size that is not taken.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
        let spki = match text {
            "" => Some(bytes.to_vec()),
            _ if text.starts_with("---") => pem(text, "PUBLIC KEY"),
            _ => from_base64(text),
        };
        let found = || ErrorKind::Key {
            found: "text that is not a public key in PEM".to_owned(),
        };
        GivenKey::of(spki.ok_or_else(|| Error::new(found()))?)
    }

    /// The key with this `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// As [`GivenKey::read`].
    pub fn of(spki: Vec<u8>) -> Result<Self, Error> {
        let verifying = VerifyingKey::from_spki(&spki)?;
        let id = Digest::sha256(&spki).encoded().to_owned();
        Ok(GivenKey {
            id,
            spki,
            verifying,
            window: None,
        })
    }

    /// Trusts it for signatures of these times only, both included.
    pub fn limit(&mut self, from: UnixTime, until: UnixTime) {
        self.window = Some((from, until));
    }

    /// The SHA-256 of its `SubjectPublicKeyInfo`, in hex.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// The scheme of a key whose kind Sigstore names (protobuf-specs, `PublicKeyDetails`); nothing for a name that is not
/// known, or is for another kind of key.
pub(super) fn scheme_of(details: &str, key: &VerifyingKey) -> Option<SignatureScheme> {
    let scheme = match details {
        "PKIX_ECDSA_P256_SHA_256" => SignatureScheme::EcdsaDer(Hash::Sha256),
        "PKIX_ECDSA_P384_SHA_384" => SignatureScheme::EcdsaDer(Hash::Sha384),
        "PKIX_ED25519" => SignatureScheme::Ed25519,
        "PKIX_RSA_PKCS1V15_2048_SHA256"
        | "PKIX_RSA_PKCS1V15_3072_SHA256"
        | "PKIX_RSA_PKCS1V15_4096_SHA256" => SignatureScheme::RsaPkcs1(Hash::Sha256),
        "PKIX_RSA_PSS_2048_SHA256" | "PKIX_RSA_PSS_3072_SHA256" | "PKIX_RSA_PSS_4096_SHA256" => {
            SignatureScheme::RsaPss(Hash::Sha256, Hash::Sha256.length())
        }
        _ => return None,
    };
    let fits = match scheme {
        SignatureScheme::EcdsaDer(hash) => {
            key.family() == Family::Ecdsa && usize::from(key.curve()) == hash.length() * 8
        }
        SignatureScheme::Ed25519 => key.family() == Family::Ed25519,
        _ => key.family() == Family::Rsa,
    };
    fits.then_some(scheme)
}

/// The schemes by which keys of this kind sign a message by this hash, most usual first: Sigstore's formats do not say which
/// of both paddings an RSA signature has.
pub(super) fn schemes(key: &VerifyingKey, hash: Hash) -> Vec<SignatureScheme> {
    match key.family() {
        Family::Ecdsa => vec![SignatureScheme::EcdsaDer(hash)],
        // cosign signs with either.
        Family::Ed25519 => vec![SignatureScheme::Ed25519, SignatureScheme::Ed25519ph],
        Family::Rsa => vec![
            SignatureScheme::RsaPkcs1(hash),
            SignatureScheme::RsaPss(hash, hash.length()),
        ],
    }
}

/// The scheme that a signature's `AlgorithmIdentifier` names.
pub(super) fn scheme(algorithm: &[u8], key: &VerifyingKey) -> Option<SignatureScheme> {
    /// `ecdsa-with-SHA…` (RFC 5758, 3.2), without the last number.
    const ECDSA: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3];
    /// `…WithRSAEncryption` (RFC 8017, appendix C), without the last number.
    const RSA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
    const ED25519: &[u8] = &[0x06, 3, 0x2b, 0x65, 0x70];
    let hash = |number: u8| match number {
        2 | 11 => Some(Hash::Sha256),
        3 | 12 => Some(Hash::Sha384),
        4 | 13 => Some(Hash::Sha512),
        _ => None,
    };
    let scheme = if algorithm == ED25519 {
        SignatureScheme::Ed25519
    } else if let Some([number @ 2..=4]) = algorithm.strip_prefix(ECDSA) {
        SignatureScheme::EcdsaDer(hash(*number)?)
    } else if let Some([number @ 11..=13, 5, 0]) = algorithm.strip_prefix(RSA) {
        SignatureScheme::RsaPkcs1(hash(*number)?)
    } else {
        return None;
    };
    let fits = match scheme {
        SignatureScheme::EcdsaDer(_) => Family::Ecdsa,
        SignatureScheme::Ed25519 => Family::Ed25519,
        _ => Family::Rsa,
    };
    (key.family() == fits).then_some(scheme)
}

/// A hash by its object identifier, which has no parameters or NULL (RFC 5754, 2).
pub(super) fn hash(algorithm: &[u8]) -> Option<Hash> {
    const SHA2: &[u8] = &[0x06, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];
    match algorithm.strip_prefix(SHA2)? {
        [1] | [1, 5, 0] => Some(Hash::Sha256),
        [2] | [2, 5, 0] => Some(Hash::Sha384),
        [3] | [3, 5, 0] => Some(Hash::Sha512),
        _ => None,
    }
}

/// A hash by the name that Sigstore (protobuf-specs, `HashAlgorithm`) or Rekor has for it.
pub(super) fn hash_named(name: &str) -> Option<Hash> {
    match name {
        "SHA2_256" | "sha256" => Some(Hash::Sha256),
        "SHA2_384" | "sha384" => Some(Hash::Sha384),
        "SHA2_512" | "sha512" => Some(Hash::Sha512),
        _ => None,
    }
}
