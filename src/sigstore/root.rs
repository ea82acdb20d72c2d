//! Trusted roots: the authorities and logs that Sigstore's signatures rest on, each with the time for which it is
//! trusted. A root is a premise: it is given, never taken from a bundle.

use std::cell::OnceCell;

use crate::digest::Digest;
use crate::error::Error;
use crate::json::{self, Value};
use crate::limits;
use crate::signature::{SignatureScheme, VerifyingKey};
use crate::text::Parts;
use crate::time;

use super::cert::IssuedCertificate;
use super::fields::{KnownFields, wrong};
use super::key;

pub(super) const CODE: &str = "trusted-root";

/// A trusted root.
#[derive(Clone, Debug)]
pub struct TrustedRoot {
    /// Its name in a report.
    pub name: String,
    /// The digest of its bytes.
    pub digest: Digest,
    pub(super) logs: Vec<TrustedLog>,
    pub(super) certificate_logs: Vec<TrustedLog>,
    pub(super) authorities: Vec<Authority>,
    pub(super) timestamp_authorities: Vec<Authority>,
}

/// A log of signatures or of certificates.
#[derive(Clone, Debug)]
pub(super) struct TrustedLog {
    pub(super) id: Vec<u8>,
    /// The id in its checkpoints, where that differs.
    checkpoint_id: Vec<u8>,
    /// The host of its address, by which checkpoints name it.
    pub(super) host: String,
    pub(super) window: Window,
    /// None where keys of its kind are not supported.
    key: Option<(VerifyingKey, SignatureScheme)>,
    pub(super) kind: String,
}

/// An authority that issues certificates, or timestamps.
#[derive(Clone, Debug)]
pub(super) struct Authority {
    pub(super) name: String,
    pub(super) window: Window,
    /// From the one that issues to the top; of timestamps the first signs.
    pub(super) chain: Vec<Vec<u8>>,
    /// True if each but the last is issued by the next; empty until that is looked at.
    is_chain: OnceCell<bool>,
}

/// Milliseconds since 1970 between which something is trusted, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    from: i64,
    until: i64,
}

impl TrustedRoot {
    /// Reads a trusted root. `name` is what reports call it.
    ///
    /// # Errors
    /// It cannot be read, or has something that is not known.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, Error> {
        let json = json::parse(bytes)?;
        json.unique()?;
        let known = "mediaType tlogs certificateAuthorities ctlogs timestampAuthorities";
        let fields = KnownFields::of(json.root(), CODE, known)?;
        let media_type = fields.text("mediaType")?;
        if ![
            "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "application/vnd.dev.sigstore.trustedroot.v0.1+json",
            "application/vnd.dev.sigstore.trustedroot.v0.2+json",
        ]
        .contains(&media_type)
        {
            return Err(wrong(CODE, "mediaType", media_type));
        }
        let logs = |name| -> Result<Vec<TrustedLog>, Error> {
            let items = fields.items(name, limits::SIGSTORE_AUTHORITIES)?;
            items.iter().map(TrustedLog::read).collect()
        };
        let authorities = |name| -> Result<Vec<Authority>, Error> {
            let items = fields.items(name, limits::SIGSTORE_AUTHORITIES)?;
            items.iter().map(Authority::read).collect()
        };
        Ok(TrustedRoot {
            name: name.to_owned(),
            digest: Digest::sha256(bytes),
            logs: logs("tlogs")?,
            certificate_logs: logs("ctlogs")?,
            authorities: authorities("certificateAuthorities")?,
            timestamp_authorities: authorities("timestampAuthorities")?,
        })
    }

    /// Reads a root that the user gave.
    ///
    /// # Errors
    /// As [`TrustedRoot::read`].
    pub fn given(bytes: &[u8]) -> Result<Self, Error> {
        TrustedRoot::read(bytes, "the trusted root given")
    }
}

impl Window {
    fn read(fields: Option<KnownFields>) -> Result<Self, Error> {
        // Without a beginning it would be trusted for all time.
        let fields = fields.ok_or_else(|| wrong(CODE, "validFor", "none"))?;
        let at = |name| {
            let text = fields.text(name)?;
            time::milliseconds(text).ok_or_else(|| wrong(CODE, "a time in RFC 3339", text))
        };
        let until = match fields.get("end") {
            Some(_) => at("end")?,
            None => i64::MAX,
        };
        Ok(Window {
            from: at("start")?,
            until,
        })
    }

    pub(super) fn contains(self, time: i64) -> bool {
        (self.from..=self.until).contains(&time)
    }
}

/// The fault of an authority that is not trusted for a time.
pub(super) const OTHER_TIME: &str = "an authority that the root trusts for that time";

const VALID_FOR: &str = "start end";

impl TrustedLog {
    fn read(value: &Value) -> Result<Self, Error> {
        let known = "baseUrl hashAlgorithm publicKey logId checkpointKeyId operator";
        let fields = KnownFields::of(value, CODE, known)?;
        let hash = fields.text("hashAlgorithm")?;
        if hash != "SHA2_256" {
            return Err(wrong(CODE, "SHA2_256", hash));
        }
        let public = fields.object("publicKey", "rawBytes keyDetails validFor")?;
        let kind = public.text("keyDetails")?;
        let verifying = VerifyingKey::from_spki(&public.bytes("rawBytes")?).ok();
        let id = |name| -> Result<Vec<u8>, Error> {
            let id = fields.maybe(name, "keyId")?;
            id.map(|id| id.bytes("keyId"))
                .transpose()
                .map(Option::unwrap_or_default)
        };
        let url = fields.text("baseUrl")?;
        let (_, host) = url.cut("://").unwrap_or(("", url));
        Ok(TrustedLog {
            id: id("logId")?,
            checkpoint_id: id("checkpointKeyId")?,
            host: host.before_any("/").to_owned(),
            window: Window::read(public.maybe("validFor", VALID_FOR)?)?,
            key: verifying.and_then(|key| {
                let scheme = key::scheme_of(kind, &key)?;
                Some((key, scheme))
            }),
            kind: kind.to_owned(),
        })
    }

    /// True if this is an id of it.
    pub(super) fn is(&self, id: &[u8]) -> bool {
        !id.is_empty() && (self.id == id || self.checkpoint_id == id)
    }

    /// True if checkpoints name it so: by its host, which version 1 has the port with and version 2 has not.
    pub(super) fn is_named(&self, name: &str) -> bool {
        name == self.host || name == self.host.before_any(":")
    }

    /// True if a checkpoint names it by these first bytes of its id.
    pub(super) fn hinted(&self, hint: &[u8]) -> bool {
        let hints = |id: &[u8]| id.get(..4) == Some(hint);
        if self.checkpoint_id.is_empty() {
            hints(&self.id)
        } else {
            hints(&self.checkpoint_id)
        }
    }

    pub(super) fn is_supported(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = self.key.as_ref();
        key.is_some_and(|(key, scheme)| key.verifies(*scheme, message, signature))
    }
}

impl Authority {
    fn read(value: &Value) -> Result<Self, Error> {
        let fields = KnownFields::of(value, CODE, "subject uri certChain validFor operator")?;
        let chain = fields.object("certChain", "certificates")?;
        let mut found = Vec::new();
        for one in chain.items("certificates", limits::SIGSTORE_CHAIN)? {
            let der = KnownFields::of(one, CODE, "rawBytes")?.bytes("rawBytes")?;
            if IssuedCertificate::read(&der).is_none() {
                return Err(wrong(CODE, "a certificate", "other bytes"));
            }
            found.push(der);
        }
        Ok(Authority {
            name: match fields.get("uri") {
                Some(_) => fields.text("uri")?.to_owned(),
                None => String::new(),
            },
            window: Window::read(fields.maybe("validFor", VALID_FOR)?)?,
            chain: found,
            is_chain: OnceCell::new(),
        })
    }

    pub(super) fn certificates(&self) -> Vec<IssuedCertificate<'_>> {
        let all = self.chain.iter();
        all.filter_map(|der| IssuedCertificate::read(der)).collect()
    }

    /// True if each certificate is issued by the next. The same for all signatures, and most of the time that one
    /// takes.
    fn is_chain(&self, certificates: &[IssuedCertificate]) -> bool {
        *self.is_chain.get_or_init(|| {
            certificates.windows(2).all(|pair| {
                let [one, next] = pair else { return false };
                let key = next.key();
                one.fields.issuer == next.fields.subject
                    && key.is_ok_and(|key| one.is_issued_by(&key))
            })
        })
    }

    /// Finds the fault at one of these times in the certificates from here to the top, which have to be authorities.
    pub(super) fn fault(
        &self,
        certificates: &[IssuedCertificate],
        from: usize,
        times: &[i64],
    ) -> Option<&'static str> {
        // First, since an authority has many times, and each chain takes long.
        if !times.iter().all(|time| self.window.contains(*time)) {
            return Some(OTHER_TIME);
        }
        if !self.is_chain(certificates) {
            return Some("a chain in which each certificate is issued by the next");
        }
        for (below, one) in certificates.iter().skip(from).enumerate() {
            if one.authority().is_none_or(|most| below as u64 > most) {
                return Some("certificates that may issue others");
            }
            if one.unknown().is_some() {
                return Some("extensions that are known");
            }
            if !times.iter().all(|time| one.is_valid_at(*time)) {
                return Some("authorities whose certificates were valid then");
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_are_those_that_were_published() {
        let root = TrustedRoot::read(include_bytes!("roots/public-good.json"), "").unwrap();
        assert_eq!(
            root.digest.encoded(),
            "6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66"
        );
        let counts = [
            root.logs.len(),
            root.certificate_logs.len(),
            root.authorities.len(),
            root.timestamp_authorities.len(),
        ];
        assert_eq!(counts, [2, 2, 2, 1]);
        assert!(root.logs.iter().all(TrustedLog::is_supported));
        let github = TrustedRoot::read(include_bytes!("roots/github.json"), "").unwrap();
        assert_eq!(github.digest.encoded().get(..8), Some("484cdfe1"));
        let counts = [
            github.logs.len(),
            github.certificate_logs.len(),
            github.authorities.len(),
            github.timestamp_authorities.len(),
        ];
        assert_eq!(counts, [0, 0, 6, 6]);
    }
}
