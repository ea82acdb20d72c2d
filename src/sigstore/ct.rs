//! Signed certificate timestamps (RFC 6962): that a log of certificates knew a certificate before it was issued.

use crate::signature::Hash;
use crate::signature::der::{self, CONTEXT, OCTETS, SEQUENCE};

use super::cert::IssuedCertificate;

/// The list of timestamps in a certificate (RFC 6962, 3.3).
pub(super) const LIST: &[u8] = &[0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];

/// One timestamp of a certificate, not checked yet.
#[derive(Debug)]
pub(super) struct Timestamp<'a> {
    pub(super) log: &'a [u8],
    /// Milliseconds since 1970.
    pub(super) at: i64,
    extensions: &'a [u8],
    /// The numbers of the hash and of the kind of signature (RFC 5246, 7.4.1.4.1).
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

/// The timestamps in a certificate; none where they cannot be read.
pub(super) fn timestamps<'a>(certificate: &IssuedCertificate<'a>) -> Option<Vec<Timestamp<'a>>> {
    let Some(value) = certificate.extension(LIST) else {
        return Some(Vec::new());
    };
    let mut rest = der::only(value, OCTETS)?;
    let mut list = der::counted(&mut rest, 2)?;
    rest.is_empty().then_some(())?;
    let mut found = Vec::new();
    while !list.is_empty() {
        let mut one = der::counted(&mut list, 2)?;
        (der::take(&mut one, 1)? == [0]).then_some(())?;
        found.push(Timestamp {
            log: der::take(&mut one, 32)?,
            at: i64::try_from(der::number(&mut one, 8)?).ok()?,
            extensions: der::counted(&mut one, 2)?,
            algorithm: der::take(&mut one, 2)?,
            signature: der::counted(&mut one, 2)?,
        });
        one.is_empty().then_some(())?;
    }
    Some(found)
}

impl Timestamp<'_> {
    /// The bytes that the log signed (RFC 6962, 3.2): the certificate as it was before this list was put in.
    pub(super) fn signed(
        &self,
        certificate: &IssuedCertificate,
        issuer: &IssuedCertificate,
    ) -> Vec<u8> {
        let mut extensions = Vec::new();
        for one in &certificate.extensions {
            if one.oid != LIST {
                extensions.extend_from_slice(one.whole);
            }
        }
        let extensions = der::written(SEQUENCE, &extensions);
        let body = [
            certificate.fields.before,
            &der::written(CONTEXT + 3, &extensions),
        ]
        .concat();
        let body = der::written(SEQUENCE, &body);
        let length = |bytes: &[u8], digits: usize| {
            let all = bytes.len().to_be_bytes();
            all.get(all.len().saturating_sub(digits)..)
                .unwrap_or_default()
                .to_vec()
        };
        [
            &[0, 0][..],
            &self.at.to_be_bytes(),
            &[0, 1],
            &Hash::Sha256.of(issuer.fields.spki),
            &length(&body, 3),
            &body,
            &length(self.extensions, 2),
            self.extensions,
        ]
        .concat()
    }
}
