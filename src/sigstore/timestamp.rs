//! Timestamps of authorities (RFC 3161, in CMS, RFC 5652). The certificate that a token is held against is the trusted
//! root's; those inside the token are not used.

use crate::signature::der::{self, CONTEXT, Der, INTEGER, OCTETS, OID, SEQUENCE, SET};
use crate::signature::{Hash, SignatureScheme, VerifyingKey};

use super::cert::{DIGITAL_SIGNATURE, IssuedCertificate, TIME_STAMPING};
use super::key;
use super::root::TrustedRoot;

/// `id-signedData` (RFC 5652, 5.1).
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// `id-ct-TSTInfo` (RFC 3161, 2.4.2).
const INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
/// Attributes (RFC 5652, 11), without the last number.
const ATTRIBUTE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9];
const CONTENT_TYPE: u8 = 3;
const MESSAGE_DIGEST: u8 = 4;
/// `id-aa-signingCertificateV2` (RFC 5035, 5.4.1).
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];
/// `rsaEncryption`, with its parameters: the hash is said beside it (RFC 3370, 3.2).
const RSA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];

/// A timestamp, not checked yet.
#[derive(Debug)]
pub(super) struct TimestampToken<'a> {
    info: &'a [u8],
    /// The attributes, which are what is signed.
    attributes: Vec<u8>,
    hash: Hash,
    algorithm: &'a [u8],
    signature: &'a [u8],
    /// The names of the certificate that signs: whose it is and its number.
    issuer: &'a [u8],
    serial: &'a [u8],
    imprint: (Hash, &'a [u8]),
    /// Milliseconds since 1970.
    pub(super) at: i64,
}

/// The result for a timestamp.
#[derive(Debug)]
pub(super) enum Stamped {
    /// It is of this authority of the root.
    By(String),
    /// No authority of the root made it.
    Unknown,
    /// The expected thing, and the found one.
    Wrong(&'static str, &'static str),
}

impl<'a> TimestampToken<'a> {
    pub(super) fn read(response: &'a [u8]) -> Option<Self> {
        let mut whole = Der(der::only(response, SEQUENCE)?);
        // Granted, or granted with changes (RFC 3161, 2.4.2).
        let status = whole.inside(SEQUENCE)?.of(INTEGER)?;
        matches!(status, [0 | 1]).then_some(())?;
        let mut content = whole.inside(SEQUENCE)?;
        whole.end()?;
        (content.of(OID)? == SIGNED_DATA).then_some(())?;
        let mut data = Der(der::only(content.of(CONTEXT)?, SEQUENCE)?);
        content.end()?;
        // The version for content of this type (RFC 5652, 5.1), and the one hash.
        (data.of(INTEGER)? == [3]).then_some(())?;
        let hashes = data.of(SET)?;
        let mut inner = data.inside(SEQUENCE)?;
        (inner.of(OID)? == INFO).then_some(())?;
        let info = der::only(inner.of(CONTEXT)?, OCTETS)?;
        inner.end()?;
        // Certificates and lists of revoked ones: not used.
        data.maybe(CONTEXT);
        data.maybe(CONTEXT + 1);
        let signer = der::only(data.of(SET)?, SEQUENCE)?;
        data.end()?;
        let token = TimestampToken::signed(info, Der(signer))?;
        (key::hash(der::only(hashes, SEQUENCE)?)? == token.hash).then_some(token)
    }

    fn signed(info: &'a [u8], mut signer: Der<'a>) -> Option<Self> {
        // Of a signer that is named by the issuer and number of its certificate (RFC 5652, 5.3).
        (signer.of(INTEGER)? == [1]).then_some(())?;
        let mut name = signer.inside(SEQUENCE)?;
        let (issuer, serial) = (name.next()?.whole, name.of(INTEGER)?);
        name.end()?;
        let hash = key::hash(signer.of(SEQUENCE)?)?;
        let attributes = signer.of(CONTEXT)?;
        let algorithm = signer.of(SEQUENCE)?;
        let signature = signer.of(OCTETS)?;
        // The fields that it does not sign are not used.
        signer.maybe(CONTEXT + 1);
        signer.end()?;
        let mut parts = Der(der::only(info, SEQUENCE)?);
        (parts.of(INTEGER)? == [1]).then_some(())?;
        parts.of(OID)?;
        let mut imprint = parts.inside(SEQUENCE)?;
        let imprinted = (key::hash(imprint.of(SEQUENCE)?)?, imprint.of(OCTETS)?);
        imprint.end()?;
        parts.of(INTEGER)?;
        let at = der::milliseconds(parts.next()?)?;
        Some(TimestampToken {
            info,
            attributes: der::written(SET, attributes),
            hash,
            algorithm,
            signature,
            issuer,
            serial,
            imprint: imprinted,
            at,
        })
    }

    /// Finds the authority of the root that made it, of this signature.
    pub(super) fn of(&self, signature: &[u8], root: &TrustedRoot) -> Stamped {
        if self.imprint.0.of(signature) != self.imprint.1 {
            return Stamped::Wrong("a timestamp of this signature", "one of other bytes");
        }
        let mut found = Stamped::Unknown;
        for authority in &root.timestamp_authorities {
            let certificates = authority.certificates();
            let Some(leaf) = certificates.first() else {
                continue;
            };
            if leaf.fields.issuer != self.issuer || leaf.fields.serial != self.serial {
                continue;
            }
            let fault = self.fault(leaf).or_else(|| {
                let window = authority.fault(&certificates, 1, &[self.at]);
                let valid = leaf.is_valid_at(self.at);
                let valid = (!valid).then_some("authorities whose certificates were valid then");
                window.or(valid)
            });
            match fault {
                None => return Stamped::By(authority.name.clone()),
                Some(fault) => found = Stamped::Wrong(fault, "one that is not"),
            }
        }
        found
    }

    /// The fault of the signature of this authority.
    fn fault(&self, leaf: &IssuedCertificate) -> Option<&'static str> {
        let usable = leaf.is_for(TIME_STAMPING)
            && leaf.has_usage(DIGITAL_SIGNATURE)
            && leaf.unknown().is_none();
        if !usable {
            return Some("a certificate that is for timestamps");
        }
        let read = self.attributes(leaf).unwrap_or_default();
        if !read {
            return Some("signed attributes that are of this timestamp");
        }
        let key = leaf.key().ok();
        let scheme = key.as_ref().and_then(|key| self.scheme(key));
        let (Some(key), Some(scheme)) = (key, scheme) else {
            return Some("a timestamp's signature of a supported kind");
        };
        let signed = key.verifies(scheme, &self.attributes, self.signature);
        (!signed).then_some("a timestamp whose signature is valid")
    }

    fn scheme(&self, key: &VerifyingKey) -> Option<SignatureScheme> {
        if self.algorithm == RSA {
            return Some(SignatureScheme::RsaPkcs1(self.hash));
        }
        key::scheme(self.algorithm, key)
            .filter(|scheme| scheme.hash().is_none_or(|hash| hash == self.hash))
    }

    /// Whether what is signed names this content, and no other certificate.
    fn attributes(&self, leaf: &IssuedCertificate) -> Option<bool> {
        let mut all = Der(der::only(&self.attributes, SET)?);
        let (mut kind, mut digest) = (None, None);
        while all.end().is_none() {
            let mut one = all.inside(SEQUENCE)?;
            let oid = one.of(OID)?;
            let mut values = one.inside(SET)?;
            let value = values.next()?;
            values.end()?;
            let before = match oid.strip_prefix(ATTRIBUTE) {
                Some([CONTENT_TYPE]) => kind.replace(value.value == INFO && value.tag == OID),
                Some([MESSAGE_DIGEST]) => {
                    digest.replace(value.value == self.hash.of(self.info) && value.tag == OCTETS)
                }
                _ => None,
            };
            if before.is_some() {
                return None;
            }
            if oid == SIGNING_CERTIFICATE {
                names(value.whole, leaf)?.then_some(())?;
            }
        }
        Some(kind? && digest?)
    }
}

/// Whether an attribute that names a certificate by its hash names this one.
fn names(value: &[u8], leaf: &IssuedCertificate) -> Option<bool> {
    let mut certificates = Der(der::only(value, SEQUENCE)?).inside(SEQUENCE)?;
    let mut first = certificates.inside(SEQUENCE)?;
    let hash = match first.maybe(SEQUENCE) {
        Some(algorithm) => key::hash(algorithm)?,
        None => Hash::Sha256,
    };
    Some(hash.of(leaf.whole) == first.of(OCTETS)?)
}
