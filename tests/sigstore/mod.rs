//! A small instance of Sigstore, for the tests: authorities, a log of certificates, logs of both versions of Rekor and
//! a timestamp authority, that sign whatever a test wants.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "tests fail by panicking, and each uses what it needs"
)]

pub mod image;
pub mod judge;

use std::fmt::Write;

use base64ct::{Base64, Encoding};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePublicKey;
use pullproof::UnixTime;
use pullproof::sigstore::TrustedRoot;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// 2026-01-02T03:04:05Z, when everything is signed.
pub const THEN: i64 = 1_767_323_045;
/// A week later, when everything is looked at.
pub const NOW: UnixTime = UnixTime(THEN + 7 * 86_400);

pub const IDENTITY: &str =
    "https://github.com/acme/beacon/.github/workflows/release.yml@refs/tags/v1";
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";

pub const LOG: &str = "log.example";

pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

pub fn unbase64(text: &str) -> Vec<u8> {
    Base64::decode_vec(text).unwrap()
}

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

pub fn spki(key: &SigningKey) -> Vec<u8> {
    key.verifying_key()
        .to_public_key_der()
        .unwrap()
        .as_bytes()
        .to_vec()
}

pub fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: p256::ecdsa::Signature = key.sign(message);
    signature.to_der().as_bytes().to_vec()
}

pub fn pem(label: &str, der: &[u8]) -> String {
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        base64(der)
    )
}

/// One value of DER.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut value = vec![tag];
    match body.len() {
        short @ 0..128 => value.push(u8::try_from(short).unwrap()),
        length @ 128..256 => value.extend([0x81, u8::try_from(length).unwrap()]),
        length => {
            value.push(0x82);
            value.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    value.extend(body);
    value
}

const ECDSA_SHA256: [u8; 10] = [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const SHA256: [u8; 11] = [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
const SCT_LIST: [u8; 10] = [0x2b, 6, 1, 4, 1, 0xd6, 0x79, 2, 4, 2];

/// `id`, a dot after its arc.
fn oid(bytes: &[u8]) -> Vec<u8> {
    der(6, &[bytes])
}

pub fn extension(id: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical {
        der(1, &[&[0xff]])
    } else {
        Vec::new()
    };
    der(0x30, &[&oid(id), &flag, &der(4, &[value])])
}

fn name(text: &str) -> Vec<u8> {
    let text = der(0x0c, &[text.as_bytes()]);
    der(
        0x30,
        &[&der(0x31, &[&der(0x30, &[&oid(&[0x55, 4, 3]), &text])])],
    )
}

/// A time of a certificate.
pub fn utc(text: &str) -> Vec<u8> {
    der(0x17, &[text.as_bytes()])
}

/// The parts of a certificate; a test changes a part before it is signed.
#[derive(Clone)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    pub from: String,
    pub until: String,
    pub spki: Vec<u8>,
    /// The algorithm that it says it is signed by.
    pub algorithm: Vec<u8>,
    /// In order; those before the list of timestamps.
    pub extensions: Vec<Vec<u8>>,
}

impl Certificate {
    pub fn authority(subject: &str, issuer: &str, key: &SigningKey, depth: u8) -> Self {
        Certificate {
            subject: subject.to_owned(),
            issuer: issuer.to_owned(),
            from: "250101000000Z".to_owned(),
            until: "350101000000Z".to_owned(),
            spki: spki(key),
            algorithm: ECDSA_SHA256.to_vec(),
            extensions: vec![
                extension(&[0x55, 0x1d, 15], true, &der(3, &[&[1, 0x06]])),
                extension(
                    &[0x55, 0x1d, 19],
                    true,
                    &der(0x30, &[&der(1, &[&[0xff]]), &der(2, &[&[depth]])]),
                ),
            ],
        }
    }

    /// An authority above so many others, as the bytes of the number.
    #[must_use]
    pub fn above(mut self, depth: &[u8]) -> Self {
        let constraints = der(0x30, &[&der(1, &[&[0xff]]), &der(2, &[depth])]);
        self.extensions[1] = extension(&[0x55, 0x1d, 19], true, &constraints);
        self
    }

    /// For ten minutes from five before everything is signed.
    pub fn leaf(key: &SigningKey, san: &[u8], issuer: Option<&str>) -> Self {
        let mut extensions = vec![
            extension(&[0x55, 0x1d, 15], true, &der(3, &[&[7, 0x80]])),
            extension(
                &[0x55, 0x1d, 37],
                false,
                &der(0x30, &[&oid(&[0x2b, 6, 1, 5, 5, 7, 3, 3])]),
            ),
            extension(&[0x55, 0x1d, 17], true, &der(0x30, &[san])),
        ];
        if let Some(issuer) = issuer {
            extensions.push(fulcio(1, issuer.as_bytes()));
            extensions.push(fulcio(8, &der(0x0c, &[issuer.as_bytes()])));
        }
        extensions.push(fulcio(12, &der(0x0c, &[b"https://github.com/acme/beacon"])));
        Certificate {
            subject: String::new(),
            issuer: "the intermediate".to_owned(),
            from: "260102030000Z".to_owned(),
            until: "260102031000Z".to_owned(),
            spki: spki(key),
            algorithm: ECDSA_SHA256.to_vec(),
            extensions,
        }
    }

    fn body(&self, extensions: &[Vec<u8>]) -> Vec<u8> {
        let subject = if self.subject.is_empty() {
            der(0x30, &[])
        } else {
            name(&self.subject)
        };
        der(
            0x30,
            &[
                &der(0xa0, &[&der(2, &[&[2]])]),
                &der(2, &[&[7]]),
                &der(0x30, &[&self.algorithm]),
                &name(&self.issuer),
                &der(0x30, &[&utc(&self.from), &utc(&self.until)]),
                &subject,
                &self.spki,
                &der(0xa3, &[&der(0x30, &[&extensions.concat()])]),
            ],
        )
    }

    pub fn signed(&self, by: &SigningKey) -> Vec<u8> {
        self.with(&self.extensions, by)
    }

    fn with(&self, extensions: &[Vec<u8>], by: &SigningKey) -> Vec<u8> {
        let body = self.body(extensions);
        let signature = sign(by, &body);
        der(
            0x30,
            &[
                &body,
                &der(0x30, &[&self.algorithm]),
                &der(3, &[&[0], &signature]),
            ],
        )
    }

    /// With a timestamp of a log of certificates, at this time.
    pub fn logged(&self, by: &SigningKey, log: &SigningKey, at: i64) -> Vec<u8> {
        let body = self.body(&self.extensions);
        let at = (at * 1000).to_be_bytes();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        let signed = [
            &[0, 0][..],
            &at,
            &[0, 1],
            &sha256(&spki(by)),
            &length[1..],
            &body,
            &[0, 0],
        ];
        let signature = sign(log, &signed.concat());
        let length = u16::try_from(signature.len()).unwrap().to_be_bytes();
        let one = [
            &[0][..],
            &sha256(&spki(log)),
            &at,
            &[0, 0, 4, 3],
            &length,
            &signature,
        ]
        .concat();
        let counted = |bytes: &[u8]| {
            [
                &u16::try_from(bytes.len()).unwrap().to_be_bytes()[..],
                bytes,
            ]
            .concat()
        };
        let list = counted(&counted(&one));
        let mut extensions = self.extensions.clone();
        extensions.push(extension(&SCT_LIST, false, &der(4, &[&list])));
        self.with(&extensions, by)
    }
}

pub fn uri(text: &str) -> Vec<u8> {
    der(0x86, &[text.as_bytes()])
}

pub fn email(text: &str) -> Vec<u8> {
    der(0x81, &[text.as_bytes()])
}

pub fn fulcio(number: u8, value: &[u8]) -> Vec<u8> {
    extension(
        &[0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, number],
        false,
        value,
    )
}

/// An instance, by its keys.
pub struct Instance {
    pub top: SigningKey,
    pub intermediate: SigningKey,
    pub certificate_log: SigningKey,
    pub log: SigningKey,
    pub stamps: SigningKey,
    pub signer: SigningKey,
}

impl Instance {
    pub fn new() -> Self {
        Instance {
            top: key(1),
            intermediate: key(2),
            certificate_log: key(3),
            log: key(4),
            stamps: key(5),
            signer: key(6),
        }
    }

    /// The root that trusts it.
    pub fn root(&self) -> Value {
        let raw = |der: &[u8]| json!({ "rawBytes": base64(der) });
        let valid = json!({ "start": "2025-01-01T00:00:00Z", "end": null });
        let log = |key: &SigningKey, url: &str| {
            let public = json!({ "rawBytes": base64(&spki(key)), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid });
            json!({ "baseUrl": url, "hashAlgorithm": "SHA2_256", "publicKey": public, "logId": { "keyId": base64(&sha256(&spki(key))) } })
        };
        let top = Certificate::authority("the top", "the top", &self.top, 1).signed(&self.top);
        let below = Certificate::authority("the intermediate", "the top", &self.intermediate, 0)
            .signed(&self.top);
        let mut stamps = Certificate::authority("the stamps", "the top", &self.stamps, 0);
        stamps.extensions = vec![
            extension(&[0x55, 0x1d, 15], true, &der(3, &[&[7, 0x80]])),
            extension(
                &[0x55, 0x1d, 37],
                true,
                &der(0x30, &[&oid(&[0x2b, 6, 1, 5, 5, 7, 3, 8])]),
            ),
        ];
        let stamps = stamps.signed(&self.top);
        let authority = |chain: &[&[u8]]| {
            let chain: Vec<Value> = chain.iter().map(|der| raw(der)).collect();
            json!({ "uri": "https://ca.example", "certChain": { "certificates": chain }, "validFor": valid })
        };
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log(&self.log, &format!("https://{LOG}"))],
            "ctlogs": [log(&self.certificate_log, "https://ct.example")],
            "certificateAuthorities": [authority(&[&below, &top])],
            "timestampAuthorities": [authority(&[&stamps, &top])],
        })
    }

    pub fn read_root(&self) -> TrustedRoot {
        read_root(&self.root())
    }

    /// The certificate of the usual identity.
    pub fn certificate(&self) -> Vec<u8> {
        self.certified(&Certificate::leaf(
            &self.signer,
            &uri(IDENTITY),
            Some(ISSUER),
        ))
    }

    pub fn certified(&self, leaf: &Certificate) -> Vec<u8> {
        leaf.logged(&self.intermediate, &self.certificate_log, THEN - 60)
    }

    /// An entry of the first version: promised, and proven to be in a tree of two.
    pub fn entry(&self, body: &Value, time: i64) -> Value {
        let kind = json!({ "kind": body["kind"], "version": body["apiVersion"] });
        let body = body.to_string().into_bytes();
        let id = sha256(&spki(&self.log));
        let signed = format!(
            r#"{{"body":"{}","integratedTime":{time},"logID":"{}","logIndex":1}}"#,
            base64(&body),
            hex(&id)
        );
        json!({
            "logIndex": "1",
            "logId": { "keyId": base64(&id) },
            "kindVersion": kind,
            "integratedTime": time.to_string(),
            "inclusionPromise": { "signedEntryTimestamp": base64(&sign(&self.log, signed.as_bytes())) },
            "inclusionProof": self.proof(&body, " - 42"),
            "canonicalizedBody": base64(&body),
        })
    }

    /// The second leaf of a tree of two.
    fn proof(&self, body: &[u8], tree: &str) -> Value {
        let first = sha256(b"\0another entry");
        let root = sha256(&[&[1], first.as_slice(), &sha256(&[&[0], body].concat())].concat());
        let signed = format!("{LOG}{tree}\n2\n{}\n", base64(&root));
        let id = sha256(&spki(&self.log));
        let signature = [&id[..4], &sign(&self.log, signed.as_bytes())].concat();
        let checkpoint = format!("{signed}\n\u{2014} {LOG} {}\n", base64(&signature));
        json!({
            "logIndex": "1",
            "treeSize": "2",
            "rootHash": base64(&root),
            "hashes": [base64(&first)],
            "checkpoint": { "envelope": checkpoint },
        })
    }

    /// An entry of the second version, which has no time.
    pub fn entry_2(&self, body: &Value) -> Value {
        let bytes = body.to_string().into_bytes();
        let mut entry = self.entry(body, 0);
        let parts = entry.as_object_mut().unwrap();
        parts.remove("integratedTime");
        parts.remove("inclusionPromise");
        parts["inclusionProof"] = self.proof(&bytes, "");
        entry
    }

    /// A timestamp of a signature, at this time in RFC 5280's form.
    pub fn stamp(&self, signature: &[u8], at: &str) -> Value {
        let algorithm = der(0x30, &[&SHA256]);
        let imprint = der(0x30, &[&algorithm, &der(4, &[&sha256(signature)])]);
        let info = der(
            0x30,
            &[
                &der(2, &[&[1]]),
                &oid(&[0x2b, 6, 1]),
                &imprint,
                &der(2, &[&[9]]),
                &der(0x18, &[at.as_bytes()]),
            ],
        );
        let pkcs9 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9];
        let content = [&pkcs9[..], &[16, 1, 4]].concat();
        let attribute = |number: u8, value: &[u8]| {
            let id = [&pkcs9[..], &[number]].concat();
            der(0x30, &[&oid(&id), &der(0x31, &[value])])
        };
        let attributes = [
            attribute(3, &oid(&content)),
            attribute(4, &der(4, &[&sha256(&info)])),
        ]
        .concat();
        let stamped = sign(&self.stamps, &der(0x31, &[&attributes]));
        let signer = der(
            0x30,
            &[
                &der(2, &[&[1]]),
                &der(0x30, &[&name("the top"), &der(2, &[&[7]])]),
                &algorithm,
                &der(0xa0, &[&attributes]),
                &der(0x30, &[&ECDSA_SHA256]),
                &der(4, &[&stamped]),
            ],
        );
        let inner = der(0x30, &[&oid(&content), &der(0xa0, &[&der(4, &[&info])])]);
        let data = der(
            0x30,
            &[
                &der(2, &[&[3]]),
                &der(0x31, &[&algorithm]),
                &inner,
                &der(0x31, &[&signer]),
            ],
        );
        let signed_data = oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2]);
        let token = der(0x30, &[&signed_data, &der(0xa0, &[&data])]);
        let response = der(0x30, &[&der(0x30, &[&der(2, &[&[0]])]), &token]);
        json!({ "rfc3161Timestamps": [{ "signedTimestamp": base64(&response) }] })
    }

    /// A signature of bytes, in a log of the first version.
    pub fn message(&self, artifact: &[u8]) -> Value {
        self.message_by(artifact, &self.certificate())
    }

    pub fn message_by(&self, artifact: &[u8], certificate: &[u8]) -> Value {
        let signature = sign(&self.signer, artifact);
        let entry = self.entry(
            &hashed(artifact, &signature, &pem("CERTIFICATE", certificate)),
            THEN,
        );
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": { "rawBytes": base64(certificate) },
                "tlogEntries": [entry],
            },
            "messageSignature": message(artifact, &signature),
        })
    }

    /// A signed statement, in a log of the second version, with a timestamp.
    pub fn statement(&self, statement: &Value) -> Value {
        self.statement_by(statement, &self.certificate())
    }

    pub fn statement_by(&self, statement: &Value, certificate: &[u8]) -> Value {
        let payload = statement.to_string();
        let signed = enveloped(&payload);
        let signature = sign(&self.signer, signed.as_bytes());
        let body = hashed_2(signed.as_bytes(), &signature, certificate);
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": { "rawBytes": base64(certificate) },
                "tlogEntries": [self.entry_2(&body)],
                "timestampVerificationData": self.stamp(&signature, "20260102030405Z"),
            },
            "dsseEnvelope": envelope(&payload, &signature),
        })
    }
}

/// The entry of the first version of Rekor for a signature of bytes.
pub fn hashed(artifact: &[u8], signature: &[u8], by: &str) -> Value {
    let hash = json!({ "algorithm": "sha256", "value": hex(&sha256(artifact)) });
    let signature =
        json!({ "content": base64(signature), "publicKey": { "content": base64(by.as_bytes()) } });
    json!({ "apiVersion": "0.0.1", "kind": "hashedrekord", "spec": { "data": { "hash": hash }, "signature": signature } })
}

/// The entry of the second version, which has no kind of its own for envelopes.
pub fn hashed_2(signed: &[u8], signature: &[u8], certificate: &[u8]) -> Value {
    let verifier = json!({ "keyDetails": "PKIX_ECDSA_P256_SHA_256", "x509Certificate": { "rawBytes": base64(certificate) } });
    let data = json!({ "algorithm": "SHA2_256", "digest": base64(&sha256(signed)) });
    let spec = json!({ "hashedRekordV002": { "data": data, "signature": { "content": base64(signature), "verifier": verifier } } });
    json!({ "apiVersion": "0.0.2", "kind": "hashedrekord", "spec": spec })
}

const STATEMENT: &str = "application/vnd.in-toto+json";

/// The signed bytes of a statement in an envelope (DSSE, `protocol.md`).
pub fn enveloped(payload: &str) -> String {
    format!(
        "DSSEv1 {} {STATEMENT} {} {payload}",
        STATEMENT.len(),
        payload.len()
    )
}

pub fn envelope(payload: &str, signature: &[u8]) -> Value {
    json!({
        "payload": base64(payload.as_bytes()),
        "payloadType": STATEMENT,
        "signatures": [{ "sig": base64(signature) }],
    })
}

pub fn message(artifact: &[u8], signature: &[u8]) -> Value {
    json!({
        "messageDigest": { "algorithm": "SHA2_256", "digest": base64(&sha256(artifact)) },
        "signature": base64(signature),
    })
}

/// A statement of a type about one artifact.
pub fn about(digest: &str, kind: &str) -> Value {
    let hex = digest.strip_prefix("sha256:").unwrap();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "sha256": hex } }],
        "predicateType": kind,
        "predicate": { "runDetails": { "builder": { "id": "https://builder.example" } } },
    })
}

pub fn read_root(root: &Value) -> TrustedRoot {
    TrustedRoot::read(root.to_string().as_bytes(), "the trusted root of the test").unwrap()
}
