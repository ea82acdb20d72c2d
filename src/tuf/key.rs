//! The keys of metadata, by their two ids.

use base64ct::{Base64, Encoding};

use crate::digest::Digest;
use crate::json::{self, Value};
use crate::signature::{Family, Hash, SignatureScheme, VerifyingKey, pem};
use crate::text::{Parts, from_hex, shortened};

use super::{RootCertificate, canonical};

/// The bytes before the 32 of an Ed25519 key in its `SubjectPublicKeyInfo` (RFC 8410).
const ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
const SALT: usize = 32;

/// A key of metadata.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The id that the file gives, which is proven to be its id.
    pub(super) id: String,
    /// The id of the bare key: the same, unless it is in a certificate.
    pub(super) canonical: String,
    /// The contents of its certificate, if it has one.
    pub(super) certificate: Option<RootCertificate>,
    /// The part that is the same in all forms of this public key: no id is, since a key has as many
    /// ids as there are ways to write it.
    pub(super) identity: Vec<u8>,
    verifying: VerifyingKey,
    /// The scheme of its signatures, where the key says it and not the signature.
    scheme: Option<SignatureScheme>,
}

impl Key {
    /// # Errors
    /// A stable name, and what was expected and found.
    pub(super) fn read(id: &str, value: &Value<'_>) -> Result<Self, (&'static str, String)> {
        let unreadable = |text: String| ("key", format!("the key {}: {text}", shortened(id)));
        let text =
            |value: Option<&Value<'_>>| value.and_then(|value| value.as_str().map(str::to_owned));
        let kind = text(value.get("keytype"));
        let public = text(value.get("keyval").and_then(|keyval| keyval.get("public")));
        let (Some(kind), Some(public)) = (kind, public) else {
            return Err(unreadable("expected keytype and keyval.public".to_owned()));
        };
        let known = key_id(&kind, &public);
        if known != id {
            let text = format!("expected the id {known}, found {}", shortened(id));
            return Err(("key-id", text));
        }
        let (family, bare) = type_of(&kind).ok_or_else(|| {
            let found = shortened(&kind);
            unreadable(format!(
                "expected ecdsa, ecdsa-x509, ed25519, rsa or rsa-x509, found {found}"
            ))
        })?;
        let bytes = json::from_base64(&public);
        let bytes = bytes.ok_or_else(|| unreadable("expected base64".to_owned()))?;
        let mut spki = bytes;
        let mut found = None;
        if bare != kind {
            let der = first_certificate(&spki);
            let der = der.ok_or_else(|| unreadable("expected a certificate in PEM".to_owned()))?;
            let (_, certificate) = VerifyingKey::from_certificate(&der)
                .map_err(|error| unreadable(error.to_string()))?;
            found = Some(RootCertificate {
                key: id.to_owned(),
                repository: certificate.common_name,
                from: certificate.not_before,
                until: certificate.not_after,
            });
            spki = certificate.spki;
        } else if family == Family::Ed25519 {
            spki = [&ED25519[..], &spki].concat();
        }
        let verifying =
            VerifyingKey::from_spki(&spki).map_err(|error| unreadable(error.to_string()))?;
        if verifying.family() != family {
            let text = format!("expected a key of the type {bare}, found another");
            return Err(unreadable(text));
        }
        let canonical = if found.is_some() {
            key_id(bare, &Base64::encode_string(&spki))
        } else {
            id.to_owned()
        };
        let id = id.to_owned();
        Ok(Key {
            id,
            canonical,
            certificate: found,
            identity: verifying.identity(),
            verifying,
            scheme: None,
        })
    }

    /// Reads a key as the TUF specification has it (4.2). Its id is the one that the file has it under: two ids of one
    /// key are one key all the same.
    ///
    /// # Errors
    /// As [`Key::read`].
    pub(super) fn standard(id: &str, value: &Value<'_>) -> Result<Self, (&'static str, String)> {
        let public = value.get("keyval").and_then(|keyval| keyval.get("public"));
        let public = public.and_then(Value::as_str).unwrap_or_default();
        let bare = || Some([&ED25519[..], &from_hex(public)?].concat());
        let spki = pem(public, "PUBLIC KEY").or_else(bare);
        let verifying = spki.and_then(|spki| VerifyingKey::from_spki(&spki).ok());
        let scheme = match value.get("scheme").and_then(Value::as_str) {
            Some("ecdsa-sha2-nistp256") => Some(SignatureScheme::EcdsaDer(Hash::Sha256)),
            Some("ed25519") => Some(SignatureScheme::Ed25519),
            _ => None,
        };
        let (Some(verifying), Some(_)) = (verifying, scheme) else {
            return Err(("key", String::new()));
        };
        Ok(Key {
            id: id.to_owned(),
            canonical: id.to_owned(),
            certificate: None,
            identity: verifying.identity(),
            verifying,
            scheme,
        })
    }

    /// Verifies a signature by the method that the file names (notary:
    /// `tuf/signed/verifiers.go`).
    pub(super) fn verifies(&self, method: &str, message: &[u8], signature: &[u8]) -> bool {
        let scheme = match (self.scheme, method) {
            (Some(scheme), _) => scheme,
            (None, "ecdsa") => SignatureScheme::EcdsaP1363(Hash::Sha256),
            (None, "eddsa") => SignatureScheme::Ed25519,
            (None, "rsapkcs1v15") => SignatureScheme::RsaPkcs1(Hash::Sha256),
            (None, "rsapss") => SignatureScheme::RsaPss(Hash::Sha256, SALT),
            _ => return false,
        };
        self.verifying.verifies(scheme, message, signature)
    }
}

/// The family of a key by notary's name for it, and the type of the bare key (`tuf/data/roles.go`,
/// `tuf/data/keys.go`):
/// any other name would be another id for a key that has one already.
fn type_of(kind: &str) -> Option<(Family, &str)> {
    match kind {
        "ecdsa" | "ecdsa-x509" => Some((Family::Ecdsa, "ecdsa")),
        "ed25519" => Some((Family::Ed25519, "ed25519")),
        "rsa" | "rsa-x509" => Some((Family::Rsa, "rsa")),
        _ => None,
    }
}

/// The id of a key (notary: `tuf/data/keys.go`).
fn key_id(kind: &str, public: &str) -> String {
    let (kind, public) = (canonical::string(kind), canonical::string(public));
    let text =
        format!("{{\"keytype\":{kind},\"keyval\":{{\"private\":null,\"public\":{public}}}}}");
    Digest::sha256(text.as_bytes()).encoded().to_owned()
}

/// The first certificate of a PEM text: the leaf, which signs.
fn first_certificate(pem: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(pem).ok()?;
    let (_, rest) = text.cut("-----BEGIN CERTIFICATE-----")?;
    let (body, _) = rest.cut("-----END CERTIFICATE-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    json::from_base64(&body)
}
