//! Bundles (protobuf-specs, `sigstore_bundle.proto`): a signature, the certificate or key it is by, and what logs and
//! timestamp authorities say of it. Read here, believed nowhere.

use crate::digest::Digest;
use crate::error::Error;
use crate::json::{self, Value};
use crate::limits;
use crate::signature::Hash;
use crate::text::hex;

use super::fields::{KnownFields, wrong};
use super::{key, payload, statement};

const CODE: &str = "bundle";

/// A signature with all that came with it.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub(super) version: u8,
    pub(super) by: SignedWith,
    pub(super) entries: Vec<LogEntry>,
    /// RFC 3161 responses in DER.
    pub(super) timestamps: Vec<Vec<u8>>,
    pub(super) content: SignedContent,
}

/// What a bundle says it is signed by.
#[derive(Clone, Debug)]
pub(super) enum SignedWith {
    /// Certificates, of which the first signs.
    Certificates(Vec<Vec<u8>>),
    /// A key that whoever verifies has to know; with a hint at which.
    Key(String),
}

/// An entry of a log.
#[derive(Clone, Debug)]
pub(super) struct LogEntry {
    pub(super) index: i64,
    pub(super) log: Vec<u8>,
    pub(super) kind: String,
    pub(super) version: String,
    /// Seconds since 1970; 0 if none is given.
    pub(super) time: i64,
    pub(super) promise: Option<Vec<u8>>,
    pub(super) proof: Option<InclusionProof>,
    pub(super) body: Vec<u8>,
}

/// That an entry is in the tree of a log.
#[derive(Clone, Debug)]
pub(super) struct InclusionProof {
    pub(super) index: Option<i64>,
    pub(super) root: Vec<u8>,
    pub(super) size: i64,
    pub(super) hashes: Vec<Vec<u8>>,
    pub(super) checkpoint: Option<String>,
}

/// The signed content.
#[derive(Clone, Debug)]
pub(super) enum SignedContent {
    /// A DSSE envelope.
    Envelope(Envelope),
    /// Bytes that are elsewhere.
    Message {
        hashed: Option<(Hash, Vec<u8>)>,
        signature: Vec<u8>,
    },
    /// A payload of cosign's that names an image.
    Payload {
        payload: Vec<u8>,
        signature: Vec<u8>,
    },
}

impl SignedContent {
    pub(super) fn signature(&self) -> &[u8] {
        match self {
            SignedContent::Envelope(Envelope { signature, .. })
            | SignedContent::Message { signature, .. }
            | SignedContent::Payload { signature, .. } => signature,
        }
    }
}

/// A DSSE envelope with its one signature.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) payload: Vec<u8>,
    pub(super) payload_type: String,
    pub(super) signature: Vec<u8>,
    /// The SHA-256 of the envelope as it was stored, where it is here by itself.
    pub(super) digest: Option<Vec<u8>>,
}

impl Bundle {
    /// Reads every bundle in a text: one, or the list that the registries of npm and of GitHub answer with, up to one
    /// more than are looked at. One that is not in its list, or cannot be read, takes nothing from the others.
    pub fn all(bytes: &[u8]) -> Vec<Result<Self, Error>> {
        let Ok(json) = json::parse(bytes) else {
            return vec![Bundle::read(bytes)];
        };
        let Some(list) = json.root().get("attestations").and_then(Value::items) else {
            return vec![Bundle::read(bytes)];
        };
        let mut found = Vec::new();
        for one in list.iter().take(limits::BUNDLES + 1) {
            let bundle = one.get("bundle").filter(|one| one.members().is_some());
            found.push(if let Some(bundle) = bundle {
                Bundle::read(bytes.get(bundle.span.clone()).unwrap_or_default())
            } else {
                let url = one.get("bundle_url").and_then(Value::as_str);
                let at = |url: &str| ["only its address: ", url].concat();
                let found = url.map_or("none".to_owned(), at);
                Err(wrong("attestations", "a bundle", &found))
            });
        }
        found
    }

    /// True if it is by a key, which it does not contain, and not by a certificate.
    pub fn is_by_key(&self) -> bool {
        matches!(self.by, SignedWith::Key(_))
    }

    /// The digests that it says it is a signature of; nothing of that is checked.
    pub fn named(&self) -> Vec<Digest> {
        let sha256 = |text: &str| Digest::from_sha256_hex(text).ok();
        match &self.content {
            SignedContent::Envelope(envelope) => statement::named(&envelope.payload),
            SignedContent::Message { hashed, .. } => match hashed {
                Some((Hash::Sha256, digest)) => Vec::from_iter(sha256(&hex(digest))),
                _ => Vec::new(),
            },
            SignedContent::Payload { payload, .. } => {
                let signed = payload::signed(payload).ok();
                Vec::from_iter(signed.and_then(|(digest, _)| digest.parse().ok()))
            }
        }
    }

    /// Reads a bundle.
    ///
    /// # Errors
    /// It cannot be read, has something that is not known, or is over a limit.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let json = json::parse(bytes)?;
        json.unique()?;
        let known = "mediaType verificationMaterial messageSignature dsseEnvelope";
        let fields = KnownFields::of(json.root(), CODE, known)?;
        let media_type = fields.text("mediaType")?;
        let version = match media_type {
            "application/vnd.dev.sigstore.bundle+json;version=0.1" => 1,
            "application/vnd.dev.sigstore.bundle+json;version=0.2" => 2,
            "application/vnd.dev.sigstore.bundle+json;version=0.3"
            | "application/vnd.dev.sigstore.bundle.v0.3+json" => 3,
            other => return Err(wrong("bundle-version", "version 0.1, 0.2 or 0.3", other)),
        };
        let known =
            "certificate x509CertificateChain publicKey tlogEntries timestampVerificationData";
        let material = fields.object("verificationMaterial", known)?;
        let items = material.items("tlogEntries", limits::SIGNATURE_ENTRIES)?;
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            entries.push(entry(item)?);
        }
        Ok(Bundle {
            version,
            by: by(material, version)?,
            entries,
            timestamps: timestamps(material)?,
            content: content(fields)?,
        })
    }
}

fn by(material: KnownFields, version: u8) -> Result<SignedWith, Error> {
    let one = material.maybe("certificate", "rawBytes")?;
    let chain = material.maybe("x509CertificateChain", "certificates")?;
    let key = material.maybe("publicKey", "hint")?;
    match (one, chain, key) {
        (Some(one), None, None) if version == 3 => {
            Ok(SignedWith::Certificates(vec![one.bytes("rawBytes")?]))
        }
        (None, Some(chain), None) if version < 3 => {
            let mut found = Vec::new();
            for one in chain.items("certificates", limits::SIGSTORE_CHAIN)? {
                found.push(KnownFields::of(one, CODE, "rawBytes")?.bytes("rawBytes")?);
            }
            if found.is_empty() {
                return Err(wrong(CODE, "a certificate", "an empty chain"));
            }
            Ok(SignedWith::Certificates(found))
        }
        (None, None, Some(key)) => Ok(SignedWith::Key(match key.get("hint") {
            Some(_) => key.text("hint")?.to_owned(),
            None => String::new(),
        })),
        _ => Err(wrong(
            CODE,
            "a certificate or a key, in the form of the bundle's version",
            "another form",
        )),
    }
}

/// The names in an entry.
pub(super) const ENTRY: &str =
    "logIndex logId kindVersion integratedTime inclusionPromise inclusionProof canonicalizedBody";

fn entry(value: &Value) -> Result<LogEntry, Error> {
    let fields = KnownFields::of(value, CODE, ENTRY)?;
    let kind = fields.object("kindVersion", "kind version")?;
    let promise = fields.maybe("inclusionPromise", "signedEntryTimestamp")?;
    let known = "logIndex rootHash treeSize hashes checkpoint";
    let proof = fields.maybe("inclusionProof", known)?;
    Ok(LogEntry {
        index: fields.number("logIndex")?,
        log: fields.object("logId", "keyId")?.bytes("keyId")?,
        kind: kind.text("kind")?.to_owned(),
        version: kind.text("version")?.to_owned(),
        time: fields.number("integratedTime")?,
        promise: promise
            .map(|promise| promise.bytes("signedEntryTimestamp"))
            .transpose()?,
        proof: proof.map(read_proof).transpose()?,
        body: fields.bytes("canonicalizedBody")?,
    })
}

fn read_proof(fields: KnownFields) -> Result<InclusionProof, Error> {
    let mut hashes = Vec::new();
    for item in fields.items("hashes", limits::PROOF_HASHES)? {
        let text = item.as_str().unwrap_or_default();
        let hash = json::from_base64(text).filter(|hash| hash.len() == 32);
        hashes.push(hash.ok_or_else(|| wrong(CODE, "a hash in base64", text))?);
    }
    let checkpoint = fields.maybe("checkpoint", "envelope")?;
    let checkpoint = checkpoint.map(|checkpoint| checkpoint.text("envelope"));
    Ok(InclusionProof {
        index: match fields.get("logIndex") {
            Some(_) => Some(fields.number("logIndex")?),
            None => None,
        },
        root: match fields.get("rootHash") {
            Some(_) => fields.bytes("rootHash")?,
            None => Vec::new(),
        },
        size: fields.number("treeSize")?,
        hashes,
        checkpoint: checkpoint.transpose()?.map(str::to_owned),
    })
}

fn timestamps(material: KnownFields) -> Result<Vec<Vec<u8>>, Error> {
    let Some(data) = material.maybe("timestampVerificationData", "rfc3161Timestamps")? else {
        return Ok(Vec::new());
    };
    let items = data.items("rfc3161Timestamps", limits::SIGNATURE_ENTRIES)?;
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        found.push(KnownFields::of(item, CODE, "signedTimestamp")?.bytes("signedTimestamp")?);
    }
    Ok(found)
}

fn content(fields: KnownFields) -> Result<SignedContent, Error> {
    let message = fields.maybe("messageSignature", "messageDigest signature")?;
    let envelope = fields.maybe("dsseEnvelope", ENVELOPE)?;
    match (message, envelope) {
        (Some(message), None) => {
            let hashed = message.maybe("messageDigest", "algorithm digest")?;
            let hashed = hashed.map(|hashed| {
                let name = hashed.text("algorithm")?;
                let hash = key::hash_named(name).filter(|_| name.starts_with("SHA2_"));
                let hash =
                    hash.ok_or_else(|| wrong(CODE, "SHA2_256, SHA2_384 or SHA2_512", name))?;
                Ok::<_, Error>((hash, hashed.bytes("digest")?))
            });
            Ok(SignedContent::Message {
                hashed: hashed.transpose()?,
                signature: message.bytes("signature")?,
            })
        }
        (None, Some(fields)) => Ok(SignedContent::Envelope(envelope_of(fields)?)),
        _ => Err(wrong(
            CODE,
            "messageSignature or dsseEnvelope",
            "none, or both",
        )),
    }
}

const ENVELOPE: &str = "payload payloadType signatures";

impl Envelope {
    /// Reads a DSSE envelope that is stored by itself.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        let json = json::parse(bytes)?;
        json.unique()?;
        let mut envelope = envelope_of(KnownFields::of(json.root(), CODE, ENVELOPE)?)?;
        envelope.digest = Some(Hash::Sha256.of(bytes));
        Ok(envelope)
    }

    /// The signed bytes (DSSE, `protocol.md`).
    pub(super) fn signed(&self) -> Vec<u8> {
        let (name, payload) = (&self.payload_type, &self.payload);
        let head = format!("DSSEv1 {} {name} {} ", name.len(), payload.len());
        [head.as_bytes(), payload].concat()
    }
}

fn envelope_of(fields: KnownFields) -> Result<Envelope, Error> {
    // Of several signatures only one could be by the one key or certificate that is here.
    let [one] = fields.items("signatures", limits::SIGNATURES)? else {
        return Err(wrong(
            "bundle-signatures",
            "one signature",
            "none, or several",
        ));
    };
    let one = KnownFields::of(one, CODE, "sig keyid")?;
    Ok(Envelope {
        payload: fields.bytes("payload")?,
        payload_type: fields.text("payloadType")?.to_owned(),
        signature: one.bytes("sig")?,
        digest: None,
    })
}
