//! Signatures in cosign's older form (cosign: `specs/SIGNATURE_SPEC.md`): a layer that is what is signed, with the
//! signature and what belongs to it in annotations. They come to the same as a bundle of version 0.1.

use crate::error::Error;
use crate::json::{self, Value};
use crate::signature::pem;
use crate::text::from_hex;

use super::bundle::{Bundle, ENTRY, Envelope, LogEntry, SignedContent, SignedWith};
use super::fields::{KnownFields, wrong};

const CODE: &str = "cosign-signature";

/// The media type of a layer that is a payload, and of one that is an envelope.
pub const PAYLOAD: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// See [`PAYLOAD`].
pub const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";

/// The annotations that are read. Those of a chain are not: who is trusted is the root's to say.
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

impl Bundle {
    /// Reads the signature in a layer of this type and with these annotations.
    ///
    /// # Errors
    /// It is not one, or cannot be read.
    pub fn of_layer<'a>(
        media_type: &str,
        annotation: impl Fn(&str) -> Option<&'a str>,
        bytes: &[u8],
    ) -> Result<Self, Error> {
        let signature = annotation(SIGNATURE);
        let content = match media_type {
            PAYLOAD => SignedContent::Payload {
                payload: bytes.to_vec(),
                signature: base64(signature.unwrap_or_default())?,
            },
            // The envelope has its own.
            ENVELOPE if signature.unwrap_or_default().is_empty() => {
                SignedContent::Envelope(Envelope::read(bytes)?)
            }
            other => return Err(wrong(CODE, "a payload or an envelope", other)),
        };
        let by = match annotation(CERTIFICATE) {
            None => SignedWith::Key(String::new()),
            Some(text) => {
                let der = pem(text, "CERTIFICATE");
                SignedWith::Certificates(vec![
                    der.ok_or_else(|| wrong(CODE, "a certificate in PEM", text))?,
                ])
            }
        };
        let timestamp = annotation(TIMESTAMP).filter(|text| !text.is_empty());
        let entry = annotation(BUNDLE).filter(|text| !text.is_empty());
        Ok(Bundle {
            version: 1,
            by,
            entries: entry.map(read_entry).transpose()?.into_iter().collect(),
            timestamps: timestamp
                .map(read_timestamp)
                .transpose()?
                .into_iter()
                .collect(),
            content,
        })
    }
}

fn base64(text: &str) -> Result<Vec<u8>, Error> {
    let bytes = json::from_base64(text).filter(|bytes| !bytes.is_empty());
    bytes.ok_or_else(|| wrong(CODE, "a signature in base64", text))
}

fn read_entry(text: &str) -> Result<LogEntry, Error> {
    let json = json::parse(text.as_bytes())?;
    json.unique()?;
    let fields = KnownFields::of(json.root(), CODE, "SignedEntryTimestamp Payload content")?;
    let (payload, id, body, promise) = match fields.maybe("content", "verificationMaterial")? {
        None => {
            let payload = fields.object("Payload", "body integratedTime logIndex logID")?;
            let promise = fields.bytes("SignedEntryTimestamp")?;
            (payload, payload.text("logID")?, "body", promise)
        }
        // As Docker's builders write it: the entry of a bundle, with the log's id in hex.
        Some(content) => {
            let material = content.object("verificationMaterial", "tlogEntries")?;
            let [one] = material.items("tlogEntries", 1)? else {
                return Err(wrong(CODE, "one entry", "none"));
            };
            let entry = KnownFields::of(one, CODE, ENTRY)?;
            let promise = entry.object("inclusionPromise", "signedEntryTimestamp")?;
            let promise = promise.bytes("signedEntryTimestamp")?;
            let id = entry.object("logId", "keyId")?.text("keyId")?;
            (entry, id, "canonicalizedBody", promise)
        }
    };
    let body = payload.bytes(body)?;
    // The kind is not beside it as in a bundle.
    let (kind, version) = {
        let json = json::parse(&body)?;
        let text = |name| json.root().get(name).and_then(Value::as_str);
        let text = |name| text(name).unwrap_or_default().to_owned();
        (text("kind"), text("apiVersion"))
    };
    Ok(LogEntry {
        index: payload.number("logIndex")?,
        log: from_hex(id).ok_or_else(|| wrong(CODE, "hex digits", id))?,
        kind,
        version,
        time: payload.number("integratedTime")?,
        promise: Some(promise),
        proof: None,
        body,
    })
}

fn read_timestamp(text: &str) -> Result<Vec<u8>, Error> {
    let json = json::parse(text.as_bytes())?;
    json.unique()?;
    KnownFields::of(json.root(), CODE, "SignedRFC3161Timestamp")?.bytes("SignedRFC3161Timestamp")
}
