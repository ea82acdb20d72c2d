//! The judgement of the verifier on what the instance made.

use std::fmt::Debug;

use pullproof::Digest;
use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, Expected, TrustedRoot, Verified, verify,
};
use serde_json::{Value, json};

use super::{IDENTITY, ISSUER, Instance, NOW, about};

pub const ARTIFACT: &[u8] = b"an artifact";

pub const ENTRY: &str = "/verificationMaterial/tlogEntries/0";
pub const PROOF: &str = "/verificationMaterial/tlogEntries/0/inclusionProof";
pub const STAMPS: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";

pub fn expected() -> Expected {
    Expected::Identity {
        identity: IDENTITY.to_owned(),
        issuer: ISSUER.to_owned(),
    }
}

/// A bundle with another value at a place.
pub fn with(bundle: &Value, place: &str, value: Value) -> Value {
    let mut changed = bundle.clone();
    *changed.pointer_mut(place).unwrap() = value;
    changed
}

/// A bundle without a field.
pub fn without(bundle: &Value, place: &str, name: &str) -> Value {
    let mut changed = bundle.clone();
    let fields = changed.pointer_mut(place).unwrap().as_object_mut().unwrap();
    fields.remove(name).unwrap();
    changed
}

pub fn provenance(artifact: &[u8]) -> Value {
    about(
        Digest::sha256(artifact).as_str(),
        "https://slsa.dev/provenance/v1",
    )
}

pub fn found(bundle: &Value, root: &TrustedRoot, by: Option<&Expected>) -> Verified {
    let bundle = Bundle::read(bundle.to_string().as_bytes()).unwrap();
    let artifact = Artifact::Bytes(ARTIFACT);
    let now = NOW;
    verify(
        &bundle,
        &BundleQuestion {
            artifact,
            root,
            by,
            now,
        },
    )
}

/// Why a bundle does not hold, by whom and by what root: the names of the checks, or the code of the error.
pub fn why_by(bundle: &Value, root: &TrustedRoot, by: Option<&Expected>) -> String {
    if let Err(error) = Bundle::read(bundle.to_string().as_bytes()) {
        return error.code().to_owned();
    }
    let found = found(bundle, root, by);
    assert_eq!(found.holds(), found.reasons().is_empty());
    found.reasons().join(" ")
}

/// The same by the usual identity, and by the instance's root.
pub fn why(bundle: &Value) -> String {
    why_by(bundle, &Instance::new().read_root(), Some(&expected()))
}

/// Holds each bundle of a table against its reason.
#[track_caller]
pub fn all<'a>(rows: impl IntoIterator<Item = (impl Debug, Value, &'a str)>) {
    for (name, bundle, reason) in rows {
        assert_eq!(why(&bundle), reason, "{name:?}");
    }
}

/// A signature of the artifact by a key.
pub fn by_key(signature: &[u8]) -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "a hint" } },
        "messageSignature": super::message(ARTIFACT, signature),
    })
}
