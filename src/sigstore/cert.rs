//! X.509 certificates (RFC 5280), as far as Sigstore's authorities issue them: what is not known and called critical
//! is refused, and names of whom a certificate is for are read once and by their kind.

use crate::error::Error;
use crate::limits;
use crate::signature::der::{
    self, BITS, BOOLEAN, CONTEXT, Der, INTEGER, OCTETS, OID, SEQUENCE, UTF8,
};
use crate::signature::{CertificateFields, VerifyingKey};
use crate::text::Parts;

use super::key;

const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 14];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
const CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];
const EXTENDED_USAGE: &[u8] = &[0x55, 0x1d, 37];

/// The id of a key in what names the key of an authority (RFC 5280, 4.2.1.1).
const KEY_ID: u8 = 0x80;

/// The purposes of keys (RFC 5280, 4.2.1.12), without the last number.
const PURPOSE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3];
pub(super) const CODE_SIGNING: u8 = 3;
pub(super) const TIME_STAMPING: u8 = 8;

/// Bits of a key's usage (RFC 5280, 4.2.1.3).
pub(super) const DIGITAL_SIGNATURE: u8 = 0x80;
const CERTIFICATE_SIGNING: u8 = 0x04;

/// The arc of Fulcio's extensions, without the last number.
const FULCIO: &[u8] = &[0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1];
/// Of the name in a certificate that is not an address: a user's, with `!` before its domain.
const OTHER_NAME: u8 = 7;

/// Fulcio's facts about the run that asked for a certificate, by the number of the extension (fulcio:
/// `docs/oid-info.md`). The first five are the older form, of GitHub's workflows only.
const CLAIMS: [(u8, &str); 19] = [
    (2, "githubWorkflowTrigger"),
    (3, "githubWorkflowSha"),
    (4, "githubWorkflowName"),
    (5, "githubWorkflowRepository"),
    (6, "githubWorkflowRef"),
    (9, "buildSignerUri"),
    (10, "buildSignerDigest"),
    (11, "runnerEnvironment"),
    (12, "sourceRepositoryUri"),
    (13, "sourceRepositoryDigest"),
    (14, "sourceRepositoryRef"),
    (15, "sourceRepositoryIdentifier"),
    (16, "sourceRepositoryOwnerUri"),
    (17, "sourceRepositoryOwnerIdentifier"),
    (18, "buildConfigUri"),
    (19, "buildConfigDigest"),
    (20, "buildTrigger"),
    (21, "runInvocationUri"),
    (22, "sourceRepositoryVisibility"),
];

/// A certificate. What it says is not known until its chain was checked.
#[derive(Clone, Debug)]
pub(super) struct IssuedCertificate<'a> {
    pub(super) whole: &'a [u8],
    pub(super) fields: CertificateFields<'a>,
    pub(super) extensions: Vec<Extension<'a>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    critical: bool,
    pub(super) value: &'a [u8],
    pub(super) whole: &'a [u8],
}

/// Whom a certificate is for: the text, and the kind of name that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `email`, `uri`, `other` (a user's name, with its domain) or `dns`.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

impl Identity {
    /// Whether it is this name. What is before a name says of which kind it has to be: `email:`, `uri:`, `other:` or
    /// `dns:`; without that the name itself may show it.
    pub(super) fn is(&self, expected: &str) -> bool {
        self.fits(expected, |name, text| name == text)
    }

    /// The same for whatever is asked of the name.
    pub(crate) fn fits(&self, expected: &str, is: fn(&str, &str) -> bool) -> bool {
        for kind in ["email", "uri", "other", "dns"] {
            let rest = expected.strip_prefix(kind);
            if let Some(name) = rest.and_then(|rest| rest.strip_prefix(':')) {
                return kind == self.kind && is(&self.name, name);
            }
        }
        let shown = [("://", "uri"), ("/", ""), ("@", "email"), ("!", "other")];
        let shown = shown.iter().find(|(sign, _)| expected.has(sign));
        let of_kind = shown.is_none_or(|(_, kind)| kind.is_empty() || *kind == self.kind);
        of_kind && is(&self.name, expected)
    }
}

impl<'a> IssuedCertificate<'a> {
    pub(super) fn read(whole: &'a [u8]) -> Option<Self> {
        let fields = CertificateFields::read(whole)?;
        let extensions = extensions(fields.extensions?)?;
        Some(IssuedCertificate {
            whole,
            fields,
            extensions,
        })
    }

    pub(super) fn key(&self) -> Result<VerifyingKey, Error> {
        VerifyingKey::from_spki(self.fields.spki)
    }

    /// True if the holder of this key issued it.
    pub(super) fn is_issued_by(&self, key: &VerifyingKey) -> bool {
        let fields = &self.fields;
        key::scheme(fields.algorithm, key)
            .is_some_and(|scheme| key.verifies(scheme, fields.signed, fields.signature))
    }

    /// True if it names the key of its issuer, and this one says that it has another: an authority has new keys under its
    /// old name.
    pub(super) fn is_of_other_key(&self, issuer: &IssuedCertificate) -> bool {
        let named = self.extension(AUTHORITY_KEY);
        let named = named.and_then(|value| Der(der::only(value, SEQUENCE)?).maybe(KEY_ID));
        let own = issuer.extension(SUBJECT_KEY);
        let own = own.and_then(|value| der::only(value, OCTETS));
        named.zip(own).is_some_and(|(named, own)| named != own)
    }

    pub(super) fn is_valid_at(&self, time: i64) -> bool {
        (self.fields.from..=self.fields.until).contains(&time)
    }

    pub(super) fn extension(&self, oid: &[u8]) -> Option<&'a [u8]> {
        let mut all = self.extensions.iter();
        all.find(|one| one.oid == oid).map(|one| one.value)
    }

    /// The number of further authorities that it may issue below itself; nothing if it is not an authority.
    pub(super) fn authority(&self) -> Option<u64> {
        let mut constraints = Der(der::only(self.extension(CONSTRAINTS)?, SEQUENCE)?);
        let is = der::is_true(constraints.maybe(BOOLEAN))?;
        let depth = constraints.maybe(INTEGER);
        constraints.end()?;
        let may = is && self.has_usage(CERTIFICATE_SIGNING);
        let depth = match depth {
            None => u64::MAX,
            Some([0]) => 0,
            Some(depth) => der::positive(depth)?.iter().fold(0, |sum: u64, digit| {
                sum.saturating_mul(0x100).saturating_add(u64::from(*digit))
            }),
        };
        may.then_some(depth)
    }

    /// True if it is marked as an authority, or cannot be read in that.
    pub(super) fn may_be_authority(&self) -> bool {
        let value = self.extension(CONSTRAINTS);
        value.is_some_and(|value| !matches!(value, [0x30, 0]))
    }

    pub(super) fn has_usage(&self, usage: u8) -> bool {
        let bits = self.extension(KEY_USAGE);
        let bits = bits.and_then(|value| der::only(value, BITS));
        bits.is_some_and(|bits| matches!(bits, [_, first, ..] if first & usage != 0))
    }

    /// True if it is for this purpose. Of timestamps it must be for no other (RFC 3161, 2.3).
    pub(super) fn is_for(&self, purpose: u8) -> bool {
        let all = self.extension(EXTENDED_USAGE);
        let Some(mut all) = all.and_then(|value| der::only(value, SEQUENCE)).map(Der) else {
            return false;
        };
        let (mut found, mut others) = (false, false);
        while let Some(oid) = all.of(OID) {
            if oid.strip_prefix(PURPOSE) == Some(&[purpose]) {
                found = true;
            } else {
                others = true;
            }
        }
        found && all.end().is_some() && !(others && purpose == TIME_STAMPING)
    }

    /// An extension that has to be understood and is not.
    pub(super) fn unknown(&self) -> Option<String> {
        let known = [KEY_USAGE, ALTERNATIVE_NAME, CONSTRAINTS, EXTENDED_USAGE];
        let mut all = self.extensions.iter();
        let odd = all
            .find(|one| one.critical && !known.contains(&one.oid) || one.oid == NAME_CONSTRAINTS);
        odd.map(|odd| der::dotted(odd.oid))
    }

    /// Whom it is for: the one name that it has.
    pub(super) fn identity(&self) -> Option<Identity> {
        let mut names = Der(der::only(self.extension(ALTERNATIVE_NAME)?, SEQUENCE)?);
        let name = names.next()?;
        names.end()?;
        let (kind, bytes) = match name.tag {
            0x81 => ("email", name.value),
            0x82 => ("dns", name.value),
            0x86 => ("uri", name.value),
            0xa0 => {
                let mut other = Der(name.value);
                let oid = other.of(OID)?;
                (oid.strip_prefix(FULCIO)? == [OTHER_NAME]).then_some(())?;
                let text = der::only(other.of(CONTEXT)?, UTF8)?;
                other.end()?;
                ("other", text)
            }
            _ => return None,
        };
        // The first kinds are ASCII (RFC 5280, 4.2.1.6).
        let plain = kind == "other" || bytes.is_ascii();
        let name = std::str::from_utf8(bytes).ok().filter(|_| plain)?;
        (!name.is_empty()).then(|| Identity {
            kind,
            name: name.to_owned(),
        })
    }

    /// The issuer that vouched for that name: nothing if the certificate does not say, an error where the older and the
    /// newer way to say it differ, or one cannot be read.
    pub(super) fn oidc_issuer(&self) -> Result<Option<String>, ()> {
        let old = match self.fulcio(1) {
            Some(bytes) => Some(std::str::from_utf8(bytes).map_err(|_| ())?),
            None => None,
        };
        let new = match self.fulcio(8) {
            Some(value) => Some(text(value).ok_or(())?),
            None => None,
        };
        match (old, new) {
            (Some(old), Some(new)) if old != new => Err(()),
            (old, new) => Ok(new.or(old).map(str::to_owned)),
        }
    }

    /// Fulcio's other facts about whoever asked for it.
    pub(super) fn claims(&self) -> Vec<(&'static str, String)> {
        let mut claims = Vec::new();
        for (number, name) in CLAIMS {
            let said = self.fulcio(number).and_then(|value| {
                // The older form is the bare text.
                let bare = || std::str::from_utf8(value).ok();
                if number < OTHER_NAME {
                    bare()
                } else {
                    text(value)
                }
            });
            claims.extend(said.map(|said| (name, said.to_owned())));
        }
        claims
    }

    fn fulcio(&self, number: u8) -> Option<&'a [u8]> {
        let mut all = self.extensions.iter();
        let found = all.find(|one| one.oid.strip_prefix(FULCIO) == Some(&[number]))?;
        Some(found.value)
    }
}

fn text(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(der::only(value, UTF8)?).ok()
}

fn extensions(bytes: &[u8]) -> Option<Vec<Extension<'_>>> {
    let mut all = Der(der::only(bytes, SEQUENCE)?);
    let mut found: Vec<Extension> = Vec::new();
    while all.end().is_none() {
        let one = all.next()?;
        let mut parts = Der(der::only(one.whole, SEQUENCE)?);
        let oid = parts.of(OID)?;
        let critical = der::is_true(parts.maybe(BOOLEAN))?;
        let value = parts.of(OCTETS)?;
        parts.end()?;
        // Readers differ in which of two they take.
        if found.len() >= limits::SIGSTORE_EXTENSIONS || found.iter().any(|other| other.oid == oid)
        {
            return None;
        }
        found.push(Extension {
            oid,
            critical,
            value,
            whole: one.whole,
        });
    }
    Some(found)
}
