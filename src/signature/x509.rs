//! Certificates (X.509, RFC 5280, 4.1): their fields as they are. What a certificate may be used for, and who issued it,
//! is for whoever reads one to say.

use super::der::{self, BITS, CONTEXT, Der, Element, INTEGER, OID, SEQUENCE, SET};

/// `id-at-commonName` (RFC 5280, appendix A.1).
const COMMON_NAME: &[u8] = &[0x55, 4, 3];

/// The contents of the version of certificates that have extensions.
const VERSION_3: &[u8] = &[INTEGER, 1, 2];

/// The fields of a certificate.
#[derive(Clone, Debug)]
pub(crate) struct CertificateFields<'a> {
    /// The signed bytes.
    pub(crate) signed: &'a [u8],
    pub(crate) algorithm: &'a [u8],
    pub(crate) signature: &'a [u8],
    pub(crate) serial: &'a [u8],
    pub(crate) issuer: &'a [u8],
    pub(crate) subject: &'a [u8],
    /// Milliseconds since 1970.
    pub(crate) from: i64,
    pub(crate) until: i64,
    pub(crate) spki: &'a [u8],
    /// The signed bytes before the extensions, without their head.
    pub(crate) before: &'a [u8],
    /// The bytes of the list of extensions.
    pub(crate) extensions: Option<&'a [u8]>,
}

impl<'a> CertificateFields<'a> {
    /// Reads the one certificate that these bytes are.
    pub(crate) fn read(whole: &'a [u8]) -> Option<Self> {
        let mut outer = Der(der::only(whole, SEQUENCE)?);
        let signed = outer.next()?;
        let algorithm = outer.of(SEQUENCE)?;
        let signature = der::whole_bytes(outer.of(BITS)?)?;
        outer.end()?;
        let mut body = Der(der::only(signed.whole, SEQUENCE)?);
        let version = body.maybe(CONTEXT);
        let serial = body.of(INTEGER)?;
        (body.of(SEQUENCE)? == algorithm).then_some(())?;
        let issuer = body.next()?.whole;
        let mut validity = body.inside(SEQUENCE)?;
        let from = der::milliseconds(validity.next()?)?;
        let until = der::milliseconds(validity.next()?)?;
        validity.end()?;
        let subject = body.next()?.whole;
        let spki = body.next()?.whole;
        let before = signed.value;
        let before = before.get(..before.len() - body.0.len())?;
        let extensions = body.maybe(CONTEXT + 3);
        body.end()?;
        // Only this version has extensions, and nobody writes another with them.
        let known = version == Some(VERSION_3) || version.is_none() && extensions.is_none();
        known.then_some(CertificateFields {
            signed: signed.whole,
            algorithm,
            signature,
            serial,
            issuer,
            subject,
            from,
            until,
            spki,
            before,
            extensions,
        })
    }

    /// The common name of its subject, if it has one and not two: readers differ in which of two they take.
    pub(crate) fn common_name(&self) -> Option<&'a str> {
        let mut found = None;
        let mut sets = Der(der::only(self.subject, SEQUENCE)?);
        while sets.end().is_none() {
            let mut set = sets.inside(SET)?;
            while set.end().is_none() {
                let mut part = set.inside(SEQUENCE)?;
                let (oid, value) = (part.of(OID)?, part.next()?);
                part.end()?;
                if oid == COMMON_NAME && found.replace(text(value)?).is_some() {
                    return None;
                }
            }
        }
        found
    }
}

/// The text of a name.
fn text(value: Element<'_>) -> Option<&str> {
    const PRINTABLE: u8 = 0x13;
    const IA5: u8 = 0x16;
    match value.tag {
        der::UTF8 => {}
        PRINTABLE | IA5 if value.value.is_ascii() => {}
        _ => return None,
    }
    std::str::from_utf8(value.value).ok()
}
