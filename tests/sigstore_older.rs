//! Signatures in cosign's older form, as layers of a manifest: what holds, and the reason for which each other one does
//! not.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use base64ct::{Base64, Encoding};
use pullproof::Digest;
use pullproof::sigstore::{Artifact, Bundle, BundleQuestion, ENVELOPE, PAYLOAD, Verified, verify};
use serde_json::{Value, json};

use sigstore::judge::{ARTIFACT, expected, provenance, with};
use sigstore::{Instance, NOW, THEN, base64, hashed, pem, sign};

fn payload(image: &Digest) -> Value {
    json!({
        "critical": {
            "identity": { "docker-reference": "registry.example/beacon" },
            "image": { "docker-manifest-digest": image.as_str() },
            "type": "cosign container image signature",
        },
        "optional": null,
    })
}

fn of_layer(payload: &Value, annotations: &Value) -> Result<Bundle, pullproof::Error> {
    let annotation = |name: &str| annotations[name].as_str();
    Bundle::of_layer(PAYLOAD, annotation, payload.to_string().as_bytes())
}

fn annotations(payload: &Value) -> Value {
    let instance = Instance::new();
    let payload = payload.to_string();
    let signature = sign(&instance.signer, payload.as_bytes());
    let certificate = instance.certificate();
    let entry = instance.entry(
        &hashed(
            payload.as_bytes(),
            &signature,
            &pem("CERTIFICATE", &certificate),
        ),
        THEN,
    );
    let id = entry["logId"]["keyId"].as_str().unwrap();
    let id = Base64::decode_vec(id).unwrap();
    let bundle = json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": { "body": entry["canonicalizedBody"], "integratedTime": THEN, "logIndex": 1, "logID": sigstore::hex(&id) },
    });
    json!({
        "dev.cosignproject.cosign/signature": base64(&signature),
        "dev.sigstore.cosign/certificate": pem("CERTIFICATE", &certificate),
        "dev.sigstore.cosign/chain": "",
        "dev.sigstore.cosign/bundle": bundle.to_string(),
    })
}

/// What there is to say of it as a signature of the artifact.
fn older(payload: &Value, annotations: &Value) -> Verified {
    let (image, root) = (Digest::sha256(ARTIFACT), Instance::new().read_root());
    let bundle = of_layer(payload, annotations).unwrap();
    let asked = BundleQuestion {
        artifact: Artifact::Digest(&image),
        root: &root,
        by: Some(&expected()),
        now: NOW,
    };
    verify(&bundle, &asked)
}

#[test]
fn the_older_form_is_of_the_image_that_its_payload_names() {
    let image = Digest::sha256(ARTIFACT);
    let good = payload(&image);
    let found = older(&good, &annotations(&good));
    assert_eq!(found.reasons(), [""; 0], "{:#?}", found.findings);
    assert_eq!(found.name.as_deref(), Some("registry.example/beacon"));
    let other = payload(&Digest::sha256(b"another"));
    assert_eq!(older(&other, &annotations(&other)).reasons(), ["artifact"]);
    // Every field is there, of its type, and no other.
    for (place, value) in [
        ("/critical/type", json!("atomic container signature")),
        ("/critical/type", json!(1)),
        ("/critical/identity", json!("x")),
        ("/critical/image", json!({ "docker-manifest-digest": 1 })),
        ("/critical/image", json!({})),
        ("/critical", json!({ "more": 1 })),
        ("/optional", json!("x")),
    ] {
        let odd = with(&good, place, value);
        assert_eq!(
            older(&odd, &annotations(&odd)).reasons(),
            ["statement"],
            "{place}"
        );
    }
    let traversal = with(
        &good,
        "/critical/image/docker-manifest-digest",
        json!("sha256:../../x"),
    );
    assert_eq!(
        older(&traversal, &annotations(&traversal)).reasons(),
        ["artifact"]
    );
    assert_eq!(
        older(&good, &annotations(&other)).reasons(),
        ["signature", "log-content"]
    );
    for (name, value) in [
        ("dev.cosignproject.cosign/signature", ""),
        ("dev.sigstore.cosign/certificate", " "),
        ("dev.sigstore.cosign/bundle", "{}"),
    ] {
        let mut odd = annotations(&good);
        odd[name] = json!(value);
        assert_eq!(
            of_layer(&good, &odd).unwrap_err().code(),
            "cosign-signature",
            "{name}"
        );
    }
}

/// The first reason for which a payload with these bytes, well signed, is no signature of the artifact.
fn why_payload(text: &str) -> &'static str {
    let image = Digest::sha256(ARTIFACT);
    let good = payload(&image);
    let mut annotations = annotations(&good);
    let signature = sign(&Instance::new().signer, text.as_bytes());
    annotations["dev.cosignproject.cosign/signature"] = json!(base64(&signature));
    let annotation = |name: &str| annotations[name].as_str();
    let bundle = Bundle::of_layer(PAYLOAD, annotation, text.as_bytes()).unwrap();
    let root = Instance::new().read_root();
    let asked = BundleQuestion {
        artifact: Artifact::Digest(&image),
        root: &root,
        by: None,
        now: NOW,
    };
    let found = verify(&bundle, &asked);
    assert!(!found.holds(), "{text}");
    found.reasons().first().copied().unwrap_or_default()
}

/// Why a payload that is changed so does not hold.
fn changed(change: &dyn Fn(&mut Value)) -> String {
    let mut payload = payload(&Digest::sha256(ARTIFACT));
    change(&mut payload);
    why_payload(&payload.to_string()).into()
}

#[test]
fn s39_a_payload_has_each_field_once_of_its_type_and_no_other() {
    for place in [
        "/critical",
        "/critical/type",
        "/critical/image",
        "/critical/identity",
        "/critical/image/docker-manifest-digest",
        "/critical/identity/docker-reference",
    ] {
        let (parent, name) = place.rsplit_once('/').unwrap();
        assert_eq!(
            changed(&|payload| drop(
                payload
                    .pointer_mut(parent)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .remove(name)
            )),
            "statement",
            "without {place}"
        );
        for other in [json!(1), json!([]), json!(null), json!(true)] {
            assert_eq!(
                changed(&|payload| *payload.pointer_mut(place).unwrap() = other.clone()),
                "statement",
                "{place} {other}"
            );
        }
    }
    for place in ["", "/critical", "/critical/image", "/critical/identity"] {
        assert_eq!(
            changed(&|payload| payload.pointer_mut(place).unwrap()["more"] = json!(1)),
            "statement",
            "more in {place}"
        );
    }
    assert_eq!(
        changed(&|payload| payload["optional"] = json!([])),
        "statement"
    );
    assert_eq!(
        changed(&|payload| payload["critical"]["type"] = json!("cosign container image signature ")),
        "statement"
    );
}

#[test]
fn s39_a_payload_is_of_a_whole_digest_and_is_json_once() {
    let image = Digest::sha256(ARTIFACT);
    let why = why_payload;
    let digest = |text: &str| {
        changed(&|payload| payload["critical"]["image"]["docker-manifest-digest"] = json!(text))
    };
    for odd in [
        "sha256:../..",
        "sha256:",
        "",
        "sha512:00",
        image.encoded(),
        &image.as_str()[..20],
        &image.as_str().to_uppercase(),
    ] {
        assert_eq!(digest(odd), "artifact", "{odd}");
    }
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "{\"critical\":{},\"critical\":{}}",
        "\u{feff}{}",
    ] {
        assert_eq!(why(text), "statement", "{text}");
    }
    let twice =
        payload(&image)
            .to_string()
            .replacen("{\"critical\"", "{\"optional\":null,\"critical\"", 1);
    assert_eq!(why(&twice), "statement");
}

#[test]
fn s40_another_name_in_the_payload_is_told_and_is_no_fault() {
    let image = Digest::sha256(ARTIFACT);
    let other = with(
        &payload(&image),
        "/critical/identity/docker-reference",
        json!("elsewhere.example/other"),
    );
    let found = older(&other, &annotations(&other));
    assert!(found.holds(), "{:#?}", found.findings);
    assert_eq!(found.name.as_deref(), Some("elsewhere.example/other"));
}

#[test]
fn s43_a_certificate_that_is_not_there_is_an_error() {
    let good = payload(&Digest::sha256(ARTIFACT));
    for text in [
        "",
        " ",
        "\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n",
    ] {
        let mut odd = annotations(&good);
        odd["dev.sigstore.cosign/certificate"] = json!(text);
        match of_layer(&good, &odd) {
            Err(error) => assert_eq!(error.code(), "cosign-signature", "{text:?}"),
            Ok(_) => assert_eq!(older(&good, &odd).reasons(), ["certificate"], "{text:?}"),
        }
    }
}

/// The entry of a signature as Docker's builders write it beside the signature.
#[test]
fn the_entry_is_read_in_the_second_shape_that_builders_write() {
    let good = payload(&Digest::sha256(ARTIFACT));
    let mut second = annotations(&good);
    let first: Value =
        serde_json::from_str(second["dev.sigstore.cosign/bundle"].as_str().unwrap()).unwrap();
    let entry = json!({
        "logIndex": "1",
        "logId": { "keyId": first["Payload"]["logID"] },
        "kindVersion": { "kind": "hashedrekord", "version": "0.0.1" },
        "integratedTime": THEN.to_string(),
        "inclusionPromise": { "signedEntryTimestamp": first["SignedEntryTimestamp"] },
        "canonicalizedBody": first["Payload"]["body"],
    });
    let of = |entries: Value| {
        json!({ "content": { "verificationMaterial": { "tlogEntries": entries } } }).to_string()
    };
    second["dev.sigstore.cosign/bundle"] = json!(of(json!([entry])));
    let found = older(&good, &second);
    assert_eq!(found.reasons(), [""; 0], "{:#?}", found.findings);
    assert!(!found.seen.is_empty());
    let mut later = entry.clone();
    later["integratedTime"] = json!((THEN + 1).to_string());
    second["dev.sigstore.cosign/bundle"] = json!(of(json!([later])));
    assert_eq!(older(&good, &second).reasons(), ["log-promise", "time"]);
    for odd in [json!([]), json!([entry, entry]), json!([{}]), json!({})] {
        second["dev.sigstore.cosign/bundle"] = json!(of(odd));
        assert!(of_layer(&good, &second).is_err());
    }
}

#[test]
fn an_envelope_in_a_layer_is_an_attestation_that_its_own_entry_is_of() {
    let instance = Instance::new();
    let bundle = instance.statement(&provenance(ARTIFACT));
    let envelope = bundle["dsseEnvelope"].to_string();
    let certificate = pem("CERTIFICATE", &instance.certificate());
    let of = |entry: &Value, stored: &str| {
        let id = Base64::decode_vec(entry["logId"]["keyId"].as_str().unwrap()).unwrap();
        let told = json!({
            "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
            "Payload": { "body": entry["canonicalizedBody"], "integratedTime": THEN, "logIndex": 1, "logID": sigstore::hex(&id) },
        });
        let annotations = json!({ "dev.cosignproject.cosign/signature": "", "dev.sigstore.cosign/certificate": certificate, "dev.sigstore.cosign/bundle": told.to_string() });
        let bundle = Bundle::of_layer(
            ENVELOPE,
            |name: &str| annotations[name].as_str(),
            stored.as_bytes(),
        )
        .unwrap();
        let root = instance.read_root();
        let asked = BundleQuestion {
            artifact: Artifact::Bytes(ARTIFACT),
            root: &root,
            by: Some(&expected()),
            now: NOW,
        };
        verify(&bundle, &asked).reasons().join(" ")
    };
    let payload = Base64::decode_vec(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    let hash =
        |bytes: &[u8]| json!({ "algorithm": "sha256", "value": Digest::sha256(bytes).encoded() });
    let content = json!({ "hash": hash(envelope.as_bytes()), "payloadHash": hash(&payload) });
    let body = json!({ "apiVersion": "0.0.1", "kind": "intoto", "spec": { "content": content, "publicKey": base64(certificate.as_bytes()) } });
    let intoto = instance.entry(&body, THEN);
    assert_eq!(of(&intoto, &envelope), "");
    // The same envelope, stored with one space more, is not what the entry has the hash of.
    assert_eq!(of(&intoto, &format!("{envelope} ")), "log-content");
    let signature = bundle.pointer("/dsseEnvelope/signatures/0/sig").unwrap();
    let spec = json!({ "envelopeHash": hash(envelope.as_bytes()), "payloadHash": hash(&payload), "signatures": [{ "signature": signature, "verifier": base64(certificate.as_bytes()) }] });
    let dsse = instance.entry(
        &json!({ "apiVersion": "0.0.1", "kind": "dsse", "spec": spec }),
        THEN,
    );
    assert_eq!(of(&dsse, &envelope), "");
    assert_eq!(of(&dsse, &format!("{envelope}\n")), "log-content");
}
