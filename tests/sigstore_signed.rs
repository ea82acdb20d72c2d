//! An image that is signed in all ways at once, as the tests of the command and the page ask about it.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that reads files, and fails by panicking"
)]

mod sigstore;

use std::fs;
use std::path::Path;

use pullproof::Digest;
use serde_json::{Value, json};

use sigstore::{IDENTITY, ISSUER, Instance, about, base64, key, pem, sign, spki};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The seed of the key that signs beside the identity.
const KEY: u8 = 8;

fn digest(text: &str) -> String {
    Digest::sha256(text.as_bytes()).to_string()
}

fn descriptor(kind: &str, text: &str) -> Value {
    json!({ "mediaType": kind, "digest": digest(text), "size": text.len() })
}

/// An index of two platforms, and everything that it names but layers.
fn image() -> (String, Vec<String>) {
    let (mut entries, mut parts) = (Vec::new(), Vec::new());
    for name in ["amd64", "arm64"] {
        let layer = descriptor("application/vnd.oci.image.layer.v1.tar", name);
        let config = json!({
            "architecture": name, "os": "linux",
            "rootfs": { "type": "layers", "diff_ids": [layer["digest"]] },
        })
        .to_string();
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": [layer],
        })
        .to_string();
        let mut entry = descriptor(MANIFEST, &manifest);
        entry["platform"] = json!({ "architecture": name, "os": "linux" });
        entries.push(entry);
        parts.extend([manifest, config]);
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries }).to_string();
    (index, parts)
}

/// The manifest of a bundle that refers to an image, as cosign 3 writes it.
fn referrer(subject: &Value, bundle: &str) -> String {
    json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": BUNDLE,
        "config": descriptor(EMPTY, "{}"),
        "layers": [descriptor(BUNDLE, bundle)],
        "subject": subject,
    })
    .to_string()
}

/// A signature in cosign's older form: its manifest, and its payload.
fn older(image: &str) -> (String, String) {
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": "lighthouse.example/beacon" },
            "image": { "docker-manifest-digest": image },
            "type": "cosign container image signature",
        },
        "optional": {},
    })
    .to_string();
    let mut layer = descriptor("application/vnd.dev.cosign.simplesigning.v1+json", &payload);
    let signature = base64(&sign(&key(KEY), payload.as_bytes()));
    layer["annotations"] = json!({ "dev.cosignproject.cosign/signature": signature });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", "{}"),
        "layers": [layer],
    });
    (manifest.to_string(), payload)
}

fn provenance(image: &str) -> Value {
    let mut statement = about(image, "https://slsa.dev/provenance/v1");
    statement["predicate"]["buildDefinition"] = json!({
        "externalParameters": { "workflow": {
            "repository": "https://github.com/acme/beacon",
            "path": ".github/workflows/release.yml",
            "ref": "refs/tags/v1",
        } },
        "resolvedDependencies": [{ "digest": { "gitCommit": "0123456789abcdef0123456789abcdef01234567" } }],
    });
    statement
}

#[test]
fn the_signed_image_is_what_the_instance_makes() {
    let instance = Instance::new();
    let (index, parts) = image();
    let whole = descriptor(INDEX, &index);
    let amd64 = descriptor(MANIFEST, &parts[0]);
    let of = |digest: &Value, kind: &str| {
        instance
            .statement(&about(digest.as_str().unwrap(), kind))
            .to_string()
    };
    let sign = "https://sigstore.dev/cosign/sign/v1";
    let scan = "https://cosign.sigstore.dev/attestation/vuln/v1";
    let bundles = [
        (&whole, of(&whole["digest"], sign)),
        (
            &whole,
            instance
                .statement(&provenance(whole["digest"].as_str().unwrap()))
                .to_string(),
        ),
        (&whole, of(&whole["digest"], scan)),
        (&amd64, of(&amd64["digest"], sign)),
    ];
    let bundles: Vec<Value> = bundles
        .iter()
        .map(|(subject, bundle)| json!({ "manifest": referrer(subject, bundle), "bundle": bundle }))
        .collect();
    let (manifest, payload) = older(whole["digest"].as_str().unwrap());
    let made = json!({
        "index": index,
        "parts": parts,
        "bundles": bundles,
        "older": { "manifest": manifest, "payload": payload },
        "key": pem("PUBLIC KEY", &spki(&key(KEY))),
        "identity": IDENTITY,
        "issuer": ISSUER,
        "root": instance.root(),
    });
    let image = format!(
        "lighthouse.example/beacon@{}",
        whole["digest"].as_str().unwrap()
    );
    let mut pieces = vec![made["index"].clone()];
    pieces.extend(parts.iter().map(|part| json!(part)));
    pieces.push(json!(made["root"].to_string()));
    pieces.extend(bundles.iter().map(|one| one["bundle"].clone()));
    let keyless = json!({ "pieces": pieces, "question": { "ask": "what", "image": image } });
    let keyless = format!("{EXAMPLE}export const keyless = {keyless:#};\n");
    written("www/examples/keyless.js", &keyless);
    written("tests/sigstore/image.json", &format!("{made:#}\n"));
}

/// The beginning of the page's example.
const EXAMPLE: &str = "// An image with keyless signatures, all made up: of its index, of one platform, and attestations. Their trusted root is
// the trusted root of this example, which is no one else's. tests/sigstore_signed.rs makes this file.

";

/// Holds a file against what is made, or writes it.
fn written(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("PULLPROOF_WRITE").is_some() {
        fs::write(&path, made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made);
}
