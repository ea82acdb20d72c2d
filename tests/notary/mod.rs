//! A small signer that makes repositories as notary has them, for the tests.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::new_without_default,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking, and each uses what it needs"
)]

pub mod asked;

use base64ct::{Base64, Encoding};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePublicKey;
use pullproof::Digest;
use pullproof::tuf::{self, Checked, Files};
use serde_json::{Map, Value, json};

/// A key that signs, by its id.
pub struct Key {
    signing: SigningKey,
    /// Its id; of its certificate, where it is in one.
    pub id: String,
    /// The id of the bare key.
    pub bare: String,
    value: Value,
}

impl Key {
    /// A bare key.
    pub fn new(seed: u8) -> Self {
        Key::made(seed, None)
    }

    /// A key in a certificate for a repository; each serial number makes another one.
    pub fn certified(seed: u8, repository: &str, serial: u8) -> Self {
        Key::made(seed, Some((repository, serial, (FROM, b"400101000000Z"))))
    }

    /// The same, in a certificate that is over on a day (`YYMMDDhhmmssZ`).
    pub fn certified_until(seed: u8, repository: &str, until: &[u8; 13]) -> Self {
        Key::certified_between(seed, repository, (FROM, until))
    }

    /// The same, in a certificate that begins on a day and is over on another.
    pub fn certified_between(seed: u8, repository: &str, days: Days) -> Self {
        Key::made(seed, Some((repository, 1, days)))
    }

    fn made(seed: u8, certified: Option<(&str, u8, Days)>) -> Self {
        let signing = SigningKey::from_slice(&[seed; 32]).unwrap();
        let der = signing.verifying_key().to_public_key_der().unwrap();
        let public = Base64::encode_string(der.as_bytes());
        let (bare, value) = by_id("ecdsa", &public);
        let (id, value) = match certified {
            None => (bare.clone(), value),
            Some(about) => {
                let certificate = certificate(&signing, der.as_bytes(), about);
                let body = Base64::encode_string(&certificate);
                let pem =
                    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
                by_id("ecdsa-x509", &Base64::encode_string(pem.as_bytes()))
            }
        };
        Key {
            signing,
            id,
            bare,
            value,
        }
    }

    pub fn signature(&self, signed: &Value) -> Value {
        let signature: p256::ecdsa::Signature = self.signing.sign(signed.to_string().as_bytes());
        let sig = Base64::encode_string(&signature.to_bytes());
        json!({ "keyid": self.id, "method": "ecdsa", "sig": sig })
    }
}

/// The id of a key, and the key as a file has it.
pub fn by_id(kind: &str, public: &str) -> (String, Value) {
    // serde_json keeps keys sorted, and nothing here has to be escaped: its form is canonical.
    let value = json!({ "keytype": kind, "keyval": { "private": null, "public": public } });
    let digest = Digest::sha256(value.to_string().as_bytes());
    (digest.encoded().to_owned(), value)
}

/// From when and until when a certificate is valid (`YYMMDDhhmmssZ`).
pub type Days<'a> = (&'a [u8; 13], &'a [u8; 13]);

/// From when certificates are valid unless a test says another day.
const FROM: &[u8; 13] = b"200101000000Z";

/// One value of DER.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut value = vec![tag];
    match u8::try_from(body.len()) {
        Ok(length) if length < 128 => value.push(length),
        Ok(length) => value.extend([0x81, length]),
        Err(_) => {
            value.push(0x82);
            value.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        }
    }
    value.extend(body);
    value
}

/// A certificate as notary makes it: signed by its own key, its name the repository.
pub fn certificate(
    signing: &SigningKey,
    spki: &[u8],
    (name, serial, (from, until)): (&str, u8, Days),
) -> Vec<u8> {
    const ECDSA_SHA256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    const COMMON_NAME: [u8; 5] = [6, 3, 0x55, 4, 3];
    let algorithm = der(0x30, &[&ECDSA_SHA256]);
    let version = der(0xa0, &[&der(2, &[&[2]])]);
    let text = der(0x0c, &[name.as_bytes()]);
    let name = der(0x30, &[&der(0x31, &[&der(0x30, &[&COMMON_NAME, &text])])]);
    let (from, to) = (der(0x17, &[from]), der(0x17, &[until]));
    let validity = der(0x30, &[&from, &to]);
    let serial = der(2, &[&[serial]]);
    let parts: [&[u8]; 7] = [&version, &serial, &algorithm, &name, &validity, &name, spki];
    let body = der(0x30, &parts);
    let signature: p256::ecdsa::Signature = signing.sign(&body);
    let bits = der(3, &[&[0], signature.to_der().as_bytes()]);
    der(0x30, &[&body, &algorithm, &bits])
}

pub fn keys(keys: &[&Key]) -> Value {
    let pairs = keys.iter().map(|key| (key.id.clone(), key.value.clone()));
    Value::Object(pairs.collect::<Map<_, _>>())
}

pub fn role(keys: &[&Key]) -> Value {
    let ids: Vec<&str> = keys.iter().map(|key| key.id.as_str()).collect();
    json!({ "keyids": ids, "threshold": 1 })
}

pub fn file(signed: &Value, signers: &[&Key]) -> Vec<u8> {
    let signatures: Vec<Value> = signers.iter().map(|key| key.signature(signed)).collect();
    written(signed, &json!(signatures))
}

/// A file as notary writes it.
pub fn written(signed: &Value, signatures: &Value) -> Vec<u8> {
    format!("{{\"signed\":{signed},\"signatures\":{signatures}}}").into_bytes()
}

pub fn entry(bytes: &[u8]) -> Value {
    let digest = Digest::sha256(bytes);
    let hex = digest.encoded();
    let hash: Vec<u8> = (0..32)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect();
    json!({ "hashes": { "sha256": Base64::encode_string(&hash) }, "length": bytes.len() })
}

/// Until when everything is valid.
pub const DAY: &str = "2036-01-01T00:00:00Z";

/// The parts of a repository; a test changes a part before it is signed.
pub struct Repository {
    pub keys: Vec<Key>,
    pub root: Value,
    pub targets: Value,
    pub releases: Value,
    /// The versions of the snapshot and the timestamp.
    pub snapshot: u64,
    pub timestamp: u64,
}

pub const ROOT: usize = 0;
pub const TARGETS: usize = 1;
pub const RELEASES: usize = 2;
pub const OTHER: usize = 3;

impl Repository {
    pub fn new() -> Self {
        Repository::with((1..=4).map(Key::new).collect())
    }

    /// With these keys: of the root, the repository, the releases and one more.
    pub fn with(all: Vec<Key>) -> Self {
        let (root, own, delegate) = (&all[ROOT], &all[TARGETS], &all[RELEASES]);
        let tag = |text: &str| entry(text.as_bytes());
        let roles = json!({ "root": role(&[root]), "timestamp": role(&[own]), "snapshot": role(&[own]), "targets": role(&[own]) });
        let signed_root = json!({ "_type": "Root", "version": 1, "expires": DAY, "consistent_snapshot": false,
            "keys": keys(&[root, own]), "roles": roles });
        let delegated = json!({ "name": "targets/releases", "paths": [""], "threshold": 1, "keyids": [delegate.id] });
        let targets = json!({ "_type": "Targets", "version": 2, "expires": DAY, "targets": { "1.0": tag("one") },
            "delegations": { "keys": keys(&[delegate]), "roles": [delegated] } });
        let releases = json!({ "_type": "Targets", "version": 3, "expires": DAY, "targets": { "2.0": tag("two") },
            "delegations": { "keys": {}, "roles": [] } });
        Repository {
            keys: all,
            root: signed_root,
            targets,
            releases,
            snapshot: 4,
            timestamp: 5,
        }
    }

    pub fn files(&self) -> Files {
        let own = [&self.keys[TARGETS]];
        let root = file(&self.root, &[&self.keys[ROOT]]);
        let targets = file(&self.targets, &own);
        let releases = file(&self.releases, &[&self.keys[RELEASES]]);
        let mut files = named(root, targets, releases, &own);
        versioned(&mut files, &own, [self.snapshot, self.timestamp]);
        files
    }

    pub fn check(&self) -> Checked {
        tuf::check(&self.files(), &[])
    }
}

pub fn named(root: Vec<u8>, targets: Vec<u8>, releases: Vec<u8>, own: &[&Key]) -> Files {
    let files = [
        ("root", root),
        ("targets", targets),
        ("targets/releases", releases),
    ];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes));
    let mut files = Files::from(files);
    complete(&mut files, own);
    files
}

/// Adds a snapshot of all files that are to be in one, and its timestamp.
pub fn complete(files: &mut Files, own: &[&Key]) {
    versioned(files, own, [4, 5]);
}

/// The same, with these versions of the two.
pub fn versioned(files: &mut Files, own: &[&Key], [snapshot, timestamp]: [u64; 2]) {
    let versions = [snapshot, timestamp];
    files.retain(|name, _| !matches!(name.as_str(), "timestamp" | "snapshot"));
    let current = files
        .iter()
        .filter(|(name, _)| name.contains('/') || name.strip_suffix(".root").is_none());
    let meta: Map<_, _> = current
        .map(|(name, bytes)| (name.clone(), entry(bytes)))
        .collect();
    let snapshot =
        json!({ "_type": "Snapshot", "version": versions[0], "expires": DAY, "meta": meta });
    let snapshot = file(&snapshot, own);
    let meta = json!({ "snapshot": entry(&snapshot) });
    let timestamp =
        json!({ "_type": "Timestamp", "version": versions[1], "expires": DAY, "meta": meta });
    files.insert("timestamp".to_owned(), file(&timestamp, own));
    files.insert("snapshot".to_owned(), snapshot);
}
