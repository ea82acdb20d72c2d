//! The subject of an entry of a log: the same signature, by the same certificate or key, over the same content as the
//! bundle has. Kinds of entries as Rekor writes them (`pkg/types`, `rekor-tiles`).

use crate::json::{self, Value, from_base64};
use crate::signature::{Hash, VerifyingKey, pem};
use crate::text::from_hex;

use super::Artifact;
use super::Mismatching;
use super::bundle::{Envelope, LogEntry, SignedContent};
use super::fields::KnownFields;
use super::key;

const CODE: &str = "log-entry";

/// The subject that an entry has to have.
#[derive(Debug)]
pub(super) struct EntrySubject<'a> {
    pub(super) content: &'a SignedContent,
    /// The certificate in DER.
    pub(super) certificate: Option<&'a [u8]>,
    /// The key in DER.
    pub(super) spki: &'a [u8],
    pub(super) key: &'a VerifyingKey,
    pub(super) artifact: Artifact<'a>,
}

impl EntrySubject<'_> {
    /// Checks that an entry is of this.
    pub(super) fn is_in(&self, entry: &LogEntry) -> Result<(), Mismatching> {
        let json = json::parse(&entry.body).ok();
        let json = json.filter(|json| json.unique().is_ok());
        let json = json.ok_or(("an entry in JSON", "other bytes"))?;
        let other = |_| ("an entry of a known form", "another form");
        let body = KnownFields::of(json.root(), CODE, "apiVersion kind spec").map_err(other)?;
        let named = body.text("kind").ok() == Some(&entry.kind)
            && body.text("apiVersion").ok() == Some(&entry.version);
        if !named {
            return Err(("an entry of the kind that the bundle says", "another"));
        }
        let spec = body
            .get("spec")
            .ok_or(("an entry of a known form", "another form"))?;
        let kind = [entry.kind.as_str(), "/", &entry.version].concat();
        let faults = match (kind.as_str(), self.content) {
            (
                "hashedrekord/0.0.1",
                SignedContent::Message { signature, .. } | SignedContent::Payload { signature, .. },
            ) => self.hashed(spec, signature),
            ("hashedrekord/0.0.2", content) => self.hashed_2(spec, content),
            ("dsse/0.0.1", SignedContent::Envelope(envelope)) => self.dsse(spec, envelope),
            ("intoto/0.0.1", SignedContent::Envelope(envelope)) => self.intoto(spec, envelope),
            ("intoto/0.0.2", SignedContent::Envelope(envelope)) => self.intoto_2(spec, envelope),
            _ => {
                return Err((
                    "an entry of a supported kind for such a signature",
                    "another",
                ));
            }
        };
        match faults {
            Some(same) => same.map_err(|fault| (fault, "another")),
            None => Err(("an entry of a known form", "another form")),
        }
    }

    // Of each kind: nothing where its form is not known, or else what differs.

    fn hashed(&self, spec: &Value, signature: &[u8]) -> Option<Result<(), &'static str>> {
        let spec = KnownFields::of(spec, CODE, "data signature").ok()?;
        let hash = hash_of(spec.object("data", "hash").ok()?, "hash")?;
        let signed = spec.object("signature", "content publicKey").ok()?;
        let key = signed
            .object("publicKey", "content")
            .ok()?
            .bytes("content")
            .ok()?;
        Some(differ(&[
            (
                signed.bytes("content").ok()? == signature,
                "this signature in the log",
            ),
            (self.is_by(&key), BY),
            self.is_of(&hash),
        ]))
    }

    fn hashed_2(&self, spec: &Value, content: &SignedContent) -> Option<Result<(), &'static str>> {
        let spec = KnownFields::of(spec, CODE, "hashedRekordV002").ok()?;
        let spec = spec.object("hashedRekordV002", "data signature").ok()?;
        let data = spec.object("data", "algorithm digest").ok()?;
        let hash = key::hash_named(data.text("algorithm").ok()?)?;
        let digest = data.bytes("digest").ok()?;
        let signed = spec.object("signature", "content verifier").ok()?;
        let known = "keyDetails x509Certificate publicKey";
        let verifier = signed.object("verifier", known).ok()?;
        let raw = |name| {
            let raw = verifier.maybe(name, "rawBytes").ok()??;
            raw.bytes("rawBytes").ok()
        };
        let by = match (raw("x509Certificate"), raw("publicKey")) {
            (Some(certificate), None) => Some(certificate.as_slice()) == self.certificate,
            (None, Some(spki)) => self.certificate.is_none() && spki == self.spki,
            _ => return None,
        };
        let details = verifier.text("keyDetails").ok()?;
        let scheme = key::scheme_of(details, self.key);
        let (signature, of) = match content {
            SignedContent::Message { signature, .. } | SignedContent::Payload { signature, .. } => {
                (signature, self.is_of(&(hash, digest)))
            }
            SignedContent::Envelope(envelope) => {
                let same = hash.of(&envelope.signed()) == digest;
                (&envelope.signature, (same, ARTIFACT))
            }
        };
        Some(differ(&[
            (
                &signed.bytes("content").ok()? == signature,
                "this signature in the log",
            ),
            (by, BY),
            (
                scheme.is_some(),
                "a kind of key that is supported, and is this key's, in the log",
            ),
            of,
        ]))
    }

    fn dsse(&self, spec: &Value, envelope: &Envelope) -> Option<Result<(), &'static str>> {
        let spec = KnownFields::of(spec, CODE, "envelopeHash payloadHash signatures").ok()?;
        let whole = hash_of(spec, "envelopeHash")?;
        let payload = hash_of(spec, "payloadHash")?;
        let [one] = spec.items("signatures", 1).ok()? else {
            return Some(Err("one signature in the log"));
        };
        let one = KnownFields::of(one, CODE, "signature verifier").ok()?;
        Some(differ(&[
            (
                one.bytes("signature").ok()? == envelope.signature,
                "this signature in the log",
            ),
            (self.is_by(&one.bytes("verifier").ok()?), BY),
            (is_payload(&payload, envelope), "this payload in the log"),
            (is_whole(&whole, envelope), "this envelope in the log"),
        ]))
    }

    fn intoto(&self, spec: &Value, envelope: &Envelope) -> Option<Result<(), &'static str>> {
        let spec = KnownFields::of(spec, CODE, "content publicKey").ok()?;
        let content = spec.object("content", "hash payloadHash").ok()?;
        let whole = hash_of(content, "hash")?;
        let payload = hash_of(content, "payloadHash")?;
        // It has no signature: only an envelope that is here as it was stored is known to be this one.
        Some(differ(&[
            (self.is_by(&spec.bytes("publicKey").ok()?), BY),
            (is_payload(&payload, envelope), "this payload in the log"),
            (
                envelope.digest.is_some() && is_whole(&whole, envelope),
                "this envelope, as it was stored, in the log",
            ),
        ]))
    }

    fn intoto_2(&self, spec: &Value, envelope: &Envelope) -> Option<Result<(), &'static str>> {
        let spec = KnownFields::of(spec, CODE, "content").ok()?;
        let content = spec.object("content", "envelope hash payloadHash").ok()?;
        let whole = hash_of(content, "hash")?;
        let payload = hash_of(content, "payloadHash")?;
        let logged = content
            .object("envelope", "payload payloadType signatures")
            .ok()?;
        let [one] = logged.items("signatures", 1).ok()? else {
            return Some(Err("one signature in the log"));
        };
        let one = KnownFields::of(one, CODE, "publicKey sig keyid").ok()?;
        // Base64 of what is base64 in an envelope.
        let twice = |bytes: Vec<u8>| from_base64(std::str::from_utf8(&bytes).ok()?);
        let signature = twice(one.bytes("sig").ok()?)?;
        let same = match logged.get("payload") {
            None => true,
            Some(_) => twice(logged.bytes("payload").ok()?)? == envelope.payload,
        };
        Some(differ(&[
            (signature == envelope.signature, "this signature in the log"),
            (self.is_by(&one.bytes("publicKey").ok()?), BY),
            (
                same && is_payload(&payload, envelope)
                    && logged.text("payloadType").ok()? == envelope.payload_type,
                "this payload in the log",
            ),
            (is_whole(&whole, envelope), "this envelope in the log"),
        ]))
    }

    /// True if this PEM is of the certificate, or of the key where there is no certificate.
    fn is_by(&self, text: &[u8]) -> bool {
        let text = std::str::from_utf8(text).unwrap_or_default();
        match self.certificate {
            Some(certificate) => pem(text, "CERTIFICATE").as_deref() == Some(certificate),
            None => pem(text, "PUBLIC KEY").as_deref() == Some(self.spki),
        }
    }

    fn is_of(&self, (hash, digest): &(Hash, Vec<u8>)) -> (bool, &'static str) {
        match self.artifact.hash(*hash) {
            Some(known) => (known == *digest, ARTIFACT),
            None => (false, OTHER_HASH),
        }
    }
}

const BY: &str = "this certificate or key in the log";
const ARTIFACT: &str = "this artifact in the log";

/// The bytes of the artifact are needed to compare it.
pub(super) const OTHER_HASH: &str = "the entry has another hash than the digest given";

/// The first of these that does not hold.
fn differ(all: &[(bool, &'static str)]) -> Result<(), &'static str> {
    let odd = all.iter().find(|(holds, _)| !holds);
    odd.map_or(Ok(()), |(_, what)| Err(*what))
}

/// A hash in hex, as Rekor v1 writes it.
fn hash_of(fields: KnownFields, name: &'static str) -> Option<(Hash, Vec<u8>)> {
    let fields = fields.object(name, "algorithm value").ok()?;
    let hash = key::hash_named(fields.text("algorithm").ok()?)?;
    let bytes = from_hex(fields.text("value").ok()?)?;
    (bytes.len() == hash.length()).then_some((hash, bytes))
}

fn is_payload((hash, digest): &(Hash, Vec<u8>), envelope: &Envelope) -> bool {
    hash.of(&envelope.payload) == *digest
}

/// What a bundle has is not the envelope as it was stored: then its hash cannot be compared.
fn is_whole((hash, digest): &(Hash, Vec<u8>), envelope: &Envelope) -> bool {
    let stored = envelope.digest.as_ref();
    stored.is_none_or(|stored| *hash == Hash::Sha256 && stored == digest)
}
