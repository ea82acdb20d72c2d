//! Verifies a signature by a key over a message: ECDSA, Ed25519, RSA, by the `RustCrypto` crates.
//!
//! Nothing is guessed. Which scheme a signature is in, and over which hash, is said by the format
//! that carries it, never by the signature.

use ed25519_dalek::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::SubjectPublicKeyInfoRef;

use crate::error::{Error, ErrorKind};

/// RSA keys below are refused (NIST SP 800-131A: at least 112 bits of security).
const LEAST_RSA_BITS: u32 = 2048;
/// Above it one signature would take longer than a whole repository should.
const MOST_RSA_BYTES: usize = 1024;

/// `id-at-commonName` (RFC 5280, appendix A.1).
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A key that signatures can be verified with.
#[derive(Clone, Debug)]
pub struct VerifyingKey(AnyKey);

#[derive(Clone, Debug)]
enum AnyKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(rsa::RsaPublicKey),
}

/// The kinds of keys that signatures are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// ECDSA on P-256 or P-384
    Ecdsa,
    /// Ed25519
    Ed25519,
    /// RSA
    Rsa,
}

/// The parts of a certificate that matter here. No chain is checked: the caller says what it is
/// trusted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The common name of its subject.
    pub common_name: String,
    /// Its key alone, as a `SubjectPublicKeyInfo` in DER.
    pub spki: Vec<u8>,
    /// Seconds since 1970 from which it is valid.
    pub not_before: i64,
    /// Seconds since 1970 until which it is valid.
    pub not_after: i64,
}

/// The scheme by which a signature is made and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureScheme {
    /// ECDSA as a DER sequence of r and s (SEC 1, C.5).
    EcdsaDer(Hash),
    /// ECDSA as r and s, each as long as the curve's order (IEEE P1363).
    EcdsaP1363(Hash),
    /// Ed25519, refusing what not every verifier takes (RFC 8032, with strict points).
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1(Hash),
    /// RSASSA-PSS, MGF1 over the same hash, with a salt of this many bytes (RFC 8017, 8.1).
    RsaPss(Hash, usize),
}

/// The part of the message that is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

impl Hash {
    /// The hash of the message.
    pub(crate) fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Its number of bytes.
    pub(crate) fn length(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }
}

impl SignatureScheme {
    /// The hash of the message that is signed, where it is that.
    pub(crate) fn hash(self) -> Option<Hash> {
        match self {
            SignatureScheme::Ed25519 => None,
            SignatureScheme::EcdsaDer(hash)
            | SignatureScheme::EcdsaP1363(hash)
            | SignatureScheme::RsaPkcs1(hash)
            | SignatureScheme::RsaPss(hash, _) => Some(hash),
        }
    }
}

impl VerifyingKey {
    /// Reads a key as a `SubjectPublicKeyInfo` (RFC 5280, 4.1) in DER.
    ///
    /// # Errors
    /// It is not a key, or of a kind or size that is not taken.
    pub fn from_spki(der: &[u8]) -> Result<Self, Error> {
        let key = p256::ecdsa::VerifyingKey::from_public_key_der(der).map(AnyKey::P256);
        let key =
            key.or_else(|_| p384::ecdsa::VerifyingKey::from_public_key_der(der).map(AnyKey::P384));
        let key = key.or_else(|_| {
            ed25519_dalek::VerifyingKey::from_public_key_der(der).map(AnyKey::Ed25519)
        });
        if let Ok(kind) = key {
            return Ok(VerifyingKey(kind));
        }
        let rsa = rsa::RsaPublicKey::from_public_key_der(der).map_err(|_| unreadable(der))?;
        if rsa.n().bit_width() < LEAST_RSA_BITS || rsa.size() > MOST_RSA_BYTES {
            let found = format!("an RSA key of {} bits", rsa.n().bit_width());
            return Err(wrong(found));
        }
        Ok(VerifyingKey(AnyKey::Rsa(rsa)))
    }

    /// Reads the key of a certificate in DER, and what else of the certificate matters.
    ///
    /// # Errors
    /// It is not a certificate, its subject has no common name, or its key is not taken.
    pub fn from_certificate(der: &[u8]) -> Result<(Self, Certificate), Error> {
        let certificate = x509_cert::Certificate::from_der(der)
            .map_err(|_| wrong("something that is not an X.509 certificate".to_owned()))?;
        let body = certificate.tbs_certificate();
        // Readers differ in which of two names they take.
        let is_name = |part: &AttributeTypeAndValue| part.oid == COMMON_NAME;
        let only_one = body.subject().iter().filter(|part| is_name(part)).count() == 1;
        let common_name = match body.subject().common_name() {
            Ok(Some(name)) if only_one => name.value().into_owned(),
            _ => return Err(wrong("a certificate without one common name".to_owned())),
        };
        let spki = body.subject_public_key_info().to_der();
        let spki = spki.map_err(|_| wrong("a certificate whose key cannot be read".to_owned()))?;
        let seconds = |time: &x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
        };
        let certificate = Certificate {
            common_name,
            spki,
            not_before: seconds(&body.validity().not_before),
            not_after: seconds(&body.validity().not_after),
        };
        Ok((VerifyingKey::from_spki(&certificate.spki)?, certificate))
    }

    /// The kind of key that it is.
    pub fn family(&self) -> Family {
        match &self.0 {
            AnyKey::Ed25519(_) => Family::Ed25519,
            AnyKey::P256(_) | AnyKey::P384(_) => Family::Ecdsa,
            AnyKey::Rsa(_) => Family::Rsa,
        }
    }

    /// The bits of an elliptic curve's keys; 0 of RSA.
    pub(crate) fn curve(&self) -> u16 {
        match &self.0 {
            AnyKey::Ed25519(_) | AnyKey::P256(_) => 256,
            AnyKey::P384(_) => 384,
            AnyKey::Rsa(_) => 0,
        }
    }

    /// What is the same for all public keys that one private key makes, and for no others: however
    /// it is written (a point whole or compressed), and whichever of its public keys it is. Whoever
    /// can sign for a point can sign for its negative, and of Ed25519 for the point with one of
    /// small order added; whoever knows the factors of a modulus, with every exponent.
    pub fn identity(&self) -> Vec<u8> {
        let (name, part) = match &self.0 {
            AnyKey::Ed25519(key) => {
                let point = key.to_edwards().mul_by_cofactor();
                // The coordinate that a point and its negative share.
                ("ed25519", point.to_montgomery().to_bytes().to_vec())
            }
            AnyKey::P256(key) => (
                "p256",
                key.to_sec1_point(true)
                    .x()
                    .map(|x| x.to_vec())
                    .unwrap_or_default(),
            ),
            AnyKey::P384(key) => (
                "p384",
                key.to_sec1_point(true)
                    .x()
                    .map(|x| x.to_vec())
                    .unwrap_or_default(),
            ),
            AnyKey::Rsa(key) => ("rsa", key.n_bytes().to_vec()),
        };
        [name.as_bytes(), &part].concat()
    }

    /// True if this key made the signature over the message. A scheme for another kind of key is
    /// refused.
    pub fn verifies(&self, scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
        match (&self.0, scheme) {
            (AnyKey::Ed25519(key), SignatureScheme::Ed25519) => {
                ed25519_dalek::Signature::from_slice(signature)
                    .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            _ => scheme
                .hash()
                .is_some_and(|hash| self.verifies_hash(scheme, &hash.of(message), signature)),
        }
    }

    /// The same over the hash of a message, which the scheme names. Ed25519 needs the message itself.
    pub(crate) fn verifies_hash(
        &self,
        scheme: SignatureScheme,
        hashed: &[u8],
        signature: &[u8],
    ) -> bool {
        if scheme
            .hash()
            .is_none_or(|hash| hash.length() != hashed.len())
        {
            return false;
        }
        match (&self.0, scheme) {
            (AnyKey::P256(key), SignatureScheme::EcdsaP1363(_)) => {
                p256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok())
            }
            (AnyKey::P256(key), SignatureScheme::EcdsaDer(_)) => {
                p256::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok())
            }
            (AnyKey::P384(key), SignatureScheme::EcdsaP1363(_)) => {
                p384::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok())
            }
            (AnyKey::P384(key), SignatureScheme::EcdsaDer(_)) => {
                p384::ecdsa::Signature::from_der(signature)
                    .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok())
            }
            (AnyKey::Rsa(key), SignatureScheme::RsaPkcs1(hash)) => {
                let padding = match hash {
                    Hash::Sha256 => rsa::Pkcs1v15Sign::new::<Sha256>(),
                    Hash::Sha384 => rsa::Pkcs1v15Sign::new::<Sha384>(),
                    Hash::Sha512 => rsa::Pkcs1v15Sign::new::<Sha512>(),
                };
                key.verify(padding, hashed, signature).is_ok()
            }
            (AnyKey::Rsa(key), SignatureScheme::RsaPss(hash, salt)) => match hash {
                Hash::Sha256 => {
                    key.verify(rsa::Pss::<Sha256>::new_with_salt(salt), hashed, signature)
                }
                Hash::Sha384 => {
                    key.verify(rsa::Pss::<Sha384>::new_with_salt(salt), hashed, signature)
                }
                Hash::Sha512 => {
                    key.verify(rsa::Pss::<Sha512>::new_with_salt(salt), hashed, signature)
                }
            }
            .is_ok(),
            _ => false,
        }
    }
}

/// The reason a key of an unknown kind is not taken, by its algorithm if it names one.
fn unreadable(der: &[u8]) -> Error {
    match SubjectPublicKeyInfoRef::from_der(der) {
        Ok(info) => wrong(format!(
            "a key of the algorithm {}, or one that is not valid",
            info.algorithm.oid
        )),
        Err(_) => wrong("something that is not a public key".to_owned()),
    }
}

fn wrong(found: String) -> Error {
    Error::new(ErrorKind::Key { found })
}
