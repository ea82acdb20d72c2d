//! Verifies a signature by a key over a message: ECDSA and Ed25519 by the `RustCrypto` crates, RSA by `rsa`.
//!
//! Nothing is guessed. Which scheme a signature is in, and over which hash, is said by the format
//! that carries it, never by the signature.

use p256::elliptic_curve::point::AffineCoordinates;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier;

use crate::error::{Error, ErrorKind};

use super::der::{self, BITS, Der, INTEGER, OID, SEQUENCE};
use super::rsa::RsaKey;
use super::x509::CertificateFields;

/// `ecPublicKey` (RFC 5480, 2.1.1), and the curves as parameters of it.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const P256: &[u8] = &[OID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[OID, 5, 0x2b, 0x81, 4, 0, 34];
const P521: &[u8] = &[OID, 5, 0x2b, 0x81, 4, 0, 35];
/// `id-Ed25519` (RFC 8410, 3).
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
/// `rsaEncryption` (RFC 8017, A.1), which has NULL as its parameters.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const NULL: &[u8] = &[5, 0];

/// A key that signatures can be verified with.
#[derive(Clone, Debug)]
pub struct VerifyingKey(AnyKey);

#[derive(Clone, Debug)]
enum AnyKey {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Rsa(RsaKey),
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
    /// Ed25519ph, over the SHA-512 of the message and without a context (RFC 8032, 5.1).
    Ed25519ph,
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

    /// The bytes before the hash in `DigestInfo` (RFC 8017, 9.2, note 1).
    pub(super) fn info(self) -> &'static [u8] {
        match self {
            Hash::Sha256 => {
                b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
            }
            Hash::Sha384 => {
                b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"
            }
            Hash::Sha512 => {
                b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"
            }
        }
    }

    /// So many bytes of MGF1 (RFC 8017, B.2.1), or a few more.
    pub(super) fn mask(self, seed: &[u8], length: usize) -> Vec<u8> {
        let mut mask = Vec::new();
        for count in 0_u32.. {
            if mask.len() >= length {
                break;
            }
            mask.extend(self.of(&[seed, &count.to_be_bytes()].concat()));
        }
        mask
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
            SignatureScheme::Ed25519 | SignatureScheme::Ed25519ph => None,
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
        let (algorithm, bytes) =
            spki(der).ok_or_else(|| wrong("something that is not a public key".to_owned()))?;
        let mut parts = Der(algorithm);
        let name = parts.of(OID).unwrap_or_default();
        let key = match (name, parts.0) {
            (EC, P256) => point(bytes)
                .and_then(|point| p256::ecdsa::VerifyingKey::from_affine(point).ok())
                .map(AnyKey::P256),
            (EC, P384) => point(bytes)
                .and_then(|point| p384::ecdsa::VerifyingKey::from_affine(point).ok())
                .map(AnyKey::P384),
            (ED25519, []) => ed25519_dalek::VerifyingKey::try_from(bytes)
                .ok()
                .map(AnyKey::Ed25519),
            (RSA, NULL) => match RsaKey::read(bytes) {
                Err(Some(bits)) => return Err(wrong(format!("an RSA key of {bits} bits"))),
                key => key.ok().map(AnyKey::Rsa),
            },
            (EC, P521) => return Err(wrong("a key on the curve P-521".to_owned())),
            _ => None,
        };
        key.map(VerifyingKey).ok_or_else(|| {
            let name = der::dotted(name);
            wrong(format!(
                "a key of the algorithm {name}, or one that is not valid"
            ))
        })
    }

    /// Reads the key of a certificate in DER, and what else of the certificate matters.
    ///
    /// # Errors
    /// It is not a certificate, its subject has no common name, or its key is not taken.
    pub fn from_certificate(der: &[u8]) -> Result<(Self, Certificate), Error> {
        let fields = CertificateFields::read(der)
            .ok_or_else(|| wrong("something that is not an X.509 certificate".to_owned()))?;
        let name = fields.common_name();
        let name = name.ok_or_else(|| wrong("a certificate without one common name".to_owned()))?;
        let certificate = Certificate {
            common_name: name.to_owned(),
            spki: fields.spki.to_vec(),
            not_before: fields.from.div_euclid(1000),
            not_after: fields.until.div_euclid(1000),
        };
        Ok((VerifyingKey::from_spki(fields.spki)?, certificate))
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

    /// A value that all public keys of one private key share, and no others. Whoever
    /// can sign for a point can sign for its negative, and of Ed25519 for the point with one of
    /// small order added; whoever knows the factors of a modulus, with every exponent.
    pub fn identity(&self) -> Vec<u8> {
        let (name, part) = match &self.0 {
            AnyKey::Ed25519(key) => {
                let point = key.to_edwards().mul_by_cofactor();
                // The coordinate that a point and its negative share.
                ("ed25519", point.to_montgomery().to_bytes().to_vec())
            }
            AnyKey::P256(key) => ("p256", key.as_affine().x().to_vec()),
            AnyKey::P384(key) => ("p384", key.as_affine().x().to_vec()),
            AnyKey::Rsa(key) => ("rsa", key.modulus()),
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
            (AnyKey::Ed25519(key), SignatureScheme::Ed25519ph) => {
                let hashed = Sha512::new_with_prefix(message);
                ed25519_dalek::Signature::from_slice(signature).is_ok_and(|signature| {
                    key.verify_prehashed_strict(hashed, None, &signature)
                        .is_ok()
                })
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
            (AnyKey::Rsa(key), SignatureScheme::RsaPkcs1(hash)) => {
                key.verifies_pkcs1(hash, hashed, signature)
            }
            (AnyKey::Rsa(key), SignatureScheme::RsaPss(hash, salt)) => {
                key.verifies_pss(hash, salt, hashed, signature)
            }
            (_, SignatureScheme::EcdsaDer(_)) => r_and_s(signature, self.curve())
                .is_some_and(|signature| self.verifies_ecdsa(hashed, &signature)),
            (_, SignatureScheme::EcdsaP1363(_)) => self.verifies_ecdsa(hashed, signature),
            _ => false,
        }
    }

    /// The same of ECDSA, for r and s one after the other.
    fn verifies_ecdsa(&self, hashed: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            AnyKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok()),
            AnyKey::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|found| key.verify_prehash(hashed, &found).is_ok()),
            _ => false,
        }
    }
}

/// A point that is written whole (SEC 1, 2.3.4). A compressed one, which RFC 5480, 2.2, leaves to the reader, is
/// refused, as by Go's tools.
fn point<P: AffineCoordinates<FieldRepr: for<'a> TryFrom<&'a [u8]>>>(bytes: &[u8]) -> Option<P> {
    let numbers = bytes.strip_prefix(&[4])?;
    let (x, y) = numbers.split_at_checked(numbers.len() / 2)?;
    P::from_coordinates(&x.try_into().ok()?, &y.try_into().ok()?).into_option()
}

/// The algorithm with its parameters, and the key, of a `SubjectPublicKeyInfo`.
fn spki(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut info = Der(der::only(der, SEQUENCE)?);
    let algorithm = info.of(SEQUENCE)?;
    let key = der::whole_bytes(info.of(BITS)?)?;
    info.end()?;
    Some((algorithm, key))
}

/// The two numbers of a DER sequence, each as long as a curve of so many bits has them.
fn r_and_s(signature: &[u8], curve: u16) -> Option<Vec<u8>> {
    let length = usize::from(curve / 8);
    let mut parts = Der(der::only(signature, SEQUENCE)?);
    let mut both = Vec::new();
    for _ in 0..2 {
        let number = der::positive(parts.of(INTEGER)?)?;
        both.resize(both.len() + length.checked_sub(number.len())?, 0);
        both.extend_from_slice(number);
    }
    parts.end()?;
    Some(both)
}

fn wrong(found: String) -> Error {
    Error::new(ErrorKind::Key { found })
}
