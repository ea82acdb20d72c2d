//! The changes that the tests of sigstore-rust make to a good bundle (`tests/mutation_fuzzer.py`), each by its name there,
//! and why it does not hold: of a message in version 1 of the log, and of a statement in version 2.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use sigstore::Instance;
use sigstore::judge::{ARTIFACT, ENTRY, PROOF, provenance, why, with, without};

/// Of a change that there is nothing to make in.
const NO: &str = "-";

/// The names, and the reasons for a message and for a statement. What has no reason is repeated or told by the bundle only:
/// of version 2 nothing rests on it (rekor-tiles: `CLIENTS.md`), and it is not counted.
const MUTATIONS: [(&str, &str, &str); 45] = [
    (
        "dsse_signature_flip_bit",
        NO,
        "signature timestamp log-content time",
    ),
    (
        "dsse_signature_truncate",
        NO,
        "signature timestamp log-content time",
    ),
    ("dsse_signature_empty", NO, "bundle"),
    (
        "dsse_signature_random",
        NO,
        "signature timestamp log-content time",
    ),
    ("message_signature_flip_bit", "signature log-content", NO),
    ("message_signature_random", "signature log-content", NO),
    ("remove_all_signatures", NO, "bundle-signatures"),
    ("add_extra_dsse_signature", NO, "bundle-signatures"),
    (
        "certificate_flip_bit",
        "log-content certificate-chain",
        "log-content certificate-chain",
    ),
    ("certificate_truncate", "certificate", "certificate"),
    ("certificate_random", "certificate", "certificate"),
    ("certificate_empty", "bundle", "bundle"),
    ("swap_to_chain_for_v3", "bundle", "bundle"),
    ("inclusion_proof_hash_flip_bit", "log-proof", "log-proof"),
    ("inclusion_proof_hash_random", "log-proof", "log-proof"),
    ("inclusion_proof_remove_hash", "log-proof", "log-proof"),
    ("inclusion_proof_add_hash", "log-proof", "log-proof"),
    ("inclusion_proof_wrong_root_hash", "log-proof", "log-proof"),
    ("inclusion_proof_wrong_tree_size", "log-proof", ""),
    ("inclusion_proof_negative_log_index", "bundle", "bundle"),
    ("remove_inclusion_proof", "log-proof", "log-proof"),
    ("checkpoint_signature_flip_bit", "log-proof", "log-proof"),
    ("checkpoint_wrong_root_hash", "log-proof", "log-proof"),
    ("checkpoint_wrong_tree_size", "log-proof", "log-proof"),
    ("remove_checkpoint", "log-proof", "log-proof"),
    ("message_digest_wrong", "artifact", NO),
    ("message_digest_algorithm", "bundle", NO),
    (
        "dsse_payload_flip_bit",
        NO,
        "signature statement log-content",
    ),
    (
        "dsse_payload_wrong_subject",
        NO,
        "signature artifact log-content",
    ),
    (
        "canonicalized_body_flip_bit",
        "log-promise log-proof log-content time",
        "log-proof log-content",
    ),
    (
        "canonicalized_body_random",
        "log-promise log-proof log-content time",
        "log-proof log-content",
    ),
    ("wrong_media_type", "bundle-version", "bundle-version"),
    ("unknown_bundle_version", "bundle-version", "bundle-version"),
    ("remove_verification_material", "bundle", "bundle"),
    ("remove_tlog_entries", "log-entry time", "log-entry"),
    ("remove_content", "bundle", "bundle"),
    ("wrong_log_id", "log time", "log"),
    ("wrong_kind_version", "log-content", "log-content"),
    ("integrated_time_future", "log-promise time", ""),
    ("integrated_time_ancient", "log-promise time", ""),
    ("integrated_time_zero", "log-promise time", ""),
    ("integrated_time_negative", "bundle", "bundle"),
    ("invalid_base64_signature", "bundle", "bundle"),
    ("invalid_base64_certificate", "bundle", "bundle"),
    ("invalid_base64_root_hash", "bundle", "bundle"),
];

const SIG: &str = "/dsseEnvelope/signatures/0/sig";
const MESSAGE: &str = "/messageSignature/signature";
const CERTIFICATE: &str = "/verificationMaterial/certificate/rawBytes";
const BODY: &str = "/verificationMaterial/tlogEntries/0/canonicalizedBody";

fn encoded(bytes: &[u8]) -> Value {
    json!(Base64::encode_string(bytes))
}

/// Other bytes at a place, made of those that are there.
fn bytes(bundle: &Value, place: &str, change: impl Fn(&mut Vec<u8>)) -> Option<Value> {
    let mut bytes = Base64::decode_vec(bundle.pointer(place)?.as_str()?).unwrap();
    change(&mut bytes);
    Some(with(bundle, place, encoded(&bytes)))
}

fn flipped(bundle: &Value, place: &str) -> Option<Value> {
    bytes(bundle, place, |bytes| *bytes.last_mut().unwrap() ^= 1)
}

fn cut(bundle: &Value, place: &str, less: usize) -> Option<Value> {
    bytes(bundle, place, |bytes| bytes.truncate(bytes.len() - less))
}

fn random(bundle: &Value, place: &str, count: usize) -> Option<Value> {
    bytes(bundle, place, |bytes| *bytes = vec![0xa5; count])
}

fn other(bundle: &Value, place: &str, value: Value) -> Option<Value> {
    bundle.pointer(place).map(|_| with(bundle, place, value))
}

/// The bundle with this change, if it has what is changed.
fn mutated(name: &str, bundle: &Value) -> Option<Value> {
    match name.split_once('_').unwrap() {
        ("dsse" | "message" | "remove" | "add", _) => of_content(name, bundle),
        ("certificate" | "swap", _) => of_certificate(name, bundle),
        ("inclusion" | "checkpoint", _) => of_proof(name, bundle),
        _ => of_rest(name, bundle),
    }
}

fn of_content(name: &str, bundle: &Value) -> Option<Value> {
    let signatures = "/dsseEnvelope/signatures";
    match name {
        "dsse_signature_flip_bit" => flipped(bundle, SIG),
        "dsse_signature_truncate" => cut(bundle, SIG, 8),
        "dsse_signature_empty" => other(bundle, SIG, json!("")),
        "dsse_signature_random" => random(bundle, SIG, 64),
        "message_signature_flip_bit" => flipped(bundle, MESSAGE),
        "message_signature_random" => random(bundle, MESSAGE, 64),
        "message_digest_wrong" => random(bundle, "/messageSignature/messageDigest/digest", 32),
        "message_digest_algorithm" => other(
            bundle,
            "/messageSignature/messageDigest/algorithm",
            json!("MD5"),
        ),
        "dsse_payload_flip_bit" => flipped(bundle, "/dsseEnvelope/payload"),
        "dsse_payload_wrong_subject" => {
            let wrong = provenance(b"wrong artifact").to_string();
            other(bundle, "/dsseEnvelope/payload", encoded(wrong.as_bytes()))
        }
        "remove_all_signatures" => other(bundle, signatures, json!([])),
        "add_extra_dsse_signature" => {
            let one = bundle.pointer(signatures)?[0].clone();
            other(
                bundle,
                signatures,
                json!([one, { "sig": Base64::encode_string(&[0xa5; 64]) }]),
            )
        }
        "remove_verification_material" => Some(without(bundle, "", "verificationMaterial")),
        "remove_tlog_entries" => other(bundle, "/verificationMaterial/tlogEntries", json!([])),
        "remove_content" => {
            let content = bundle
                .get("dsseEnvelope")
                .map_or("messageSignature", |_| "dsseEnvelope");
            Some(without(bundle, "", content))
        }
        "remove_inclusion_proof" => Some(without(bundle, ENTRY, "inclusionProof")),
        "remove_checkpoint" => Some(without(bundle, PROOF, "checkpoint")),
        other => panic!("{other}"),
    }
}

fn of_certificate(name: &str, bundle: &Value) -> Option<Value> {
    match name {
        "certificate_flip_bit" => flipped(bundle, CERTIFICATE),
        "certificate_truncate" => cut(bundle, CERTIFICATE, 32),
        "certificate_random" => random(bundle, CERTIFICATE, 512),
        "certificate_empty" => other(bundle, CERTIFICATE, json!("")),
        "swap_to_chain_for_v3" => {
            let one = bundle.pointer("/verificationMaterial/certificate")?.clone();
            let mut changed = without(bundle, "/verificationMaterial", "certificate");
            changed["verificationMaterial"]["x509CertificateChain"] =
                json!({ "certificates": [one] });
            Some(changed)
        }
        other => panic!("{other}"),
    }
}

fn of_proof(name: &str, bundle: &Value) -> Option<Value> {
    let at = |name: &str| format!("{PROOF}/{name}");
    let (first, hashes, checkpoint) = (at("hashes/0"), at("hashes"), at("checkpoint/envelope"));
    let text = bundle.pointer(&checkpoint)?.as_str()?;
    let line = |number: usize, changed: &str| {
        let mut lines: Vec<&str> = text.split('\n').collect();
        lines[number] = changed;
        other(bundle, &checkpoint, json!(lines.join("\n")))
    };
    match name {
        "inclusion_proof_hash_flip_bit" => flipped(bundle, &first),
        "inclusion_proof_hash_random" => random(bundle, &first, 32),
        "inclusion_proof_remove_hash" => other(bundle, &hashes, json!([])),
        "inclusion_proof_add_hash" => {
            let one = bundle.pointer(&first)?.clone();
            other(
                bundle,
                &hashes,
                json!([one, Base64::encode_string(&[0xa5; 32])]),
            )
        }
        "inclusion_proof_wrong_root_hash" => random(bundle, &at("rootHash"), 32),
        "inclusion_proof_wrong_tree_size" => other(bundle, &at("treeSize"), json!("0")),
        "inclusion_proof_negative_log_index" => other(bundle, &at("logIndex"), json!("-1")),
        "checkpoint_signature_flip_bit" => {
            let (before, signature) = text.trim_end().rsplit_once(' ')?;
            let mut bytes = Base64::decode_vec(signature).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            let changed = format!("{before} {}\n", Base64::encode_string(&bytes));
            other(bundle, &checkpoint, json!(changed))
        }
        "checkpoint_wrong_root_hash" => line(2, &Base64::encode_string(&[0xa5; 32])),
        "checkpoint_wrong_tree_size" => line(1, "999999999999"),
        other => panic!("{other}"),
    }
}

fn of_rest(name: &str, bundle: &Value) -> Option<Value> {
    let entry = |name: &str, value: Value| {
        let mut changed = bundle.clone();
        changed.pointer_mut(ENTRY).unwrap()[name] = value;
        Some(changed)
    };
    let invalid = json!("!!!not-valid-base64!!!");
    match name {
        "canonicalized_body_flip_bit" => flipped(bundle, BODY),
        "canonicalized_body_random" => random(bundle, BODY, 256),
        "wrong_media_type" => other(bundle, "/mediaType", json!("application/json")),
        "unknown_bundle_version" => {
            let version = json!("application/vnd.dev.sigstore.bundle.v99.9+json");
            other(bundle, "/mediaType", version)
        }
        "wrong_log_id" => random(bundle, &format!("{ENTRY}/logId/keyId"), 32),
        "wrong_kind_version" => entry(
            "kindVersion",
            json!({ "kind": "unknown_kind", "version": "99.0.0" }),
        ),
        "integrated_time_future" => entry("integratedTime", json!("4102444800")),
        "integrated_time_ancient" | "integrated_time_zero" => entry("integratedTime", json!("0")),
        "integrated_time_negative" => entry("integratedTime", json!("-1000000")),
        "invalid_base64_signature" => {
            let place = if bundle.pointer(SIG).is_some() {
                SIG
            } else {
                MESSAGE
            };
            other(bundle, place, invalid)
        }
        "invalid_base64_certificate" => other(bundle, CERTIFICATE, invalid),
        "invalid_base64_root_hash" => other(bundle, &format!("{PROOF}/rootHash"), invalid),
        other => panic!("{other}"),
    }
}

#[test]
fn s49_each_mutation_by_its_name_is_refused_for_its_reason() {
    let instance = Instance::new();
    let (message, statement) = (
        instance.message(ARTIFACT),
        instance.statement(&provenance(ARTIFACT)),
    );
    let (mut refused, mut found, mut known) = (0, Vec::new(), Vec::new());
    for (name, of_message, of_statement) in MUTATIONS {
        for (bundle, reason) in [(&message, of_message), (&statement, of_statement)] {
            let changed = mutated(name, bundle).map(|changed| why(&changed));
            refused += usize::from(changed.as_ref().is_some_and(|why| !why.is_empty()));
            found.push(format!("{name}: {}", changed.as_deref().unwrap_or(NO)));
            known.push(format!("{name}: {reason}"));
        }
    }
    assert_eq!(found, known);
    assert_eq!(refused, 45 * 2 - 12 - 4);
}
