//! Ways in which verifiers of Sigstore's bundles were deceived, by their numbers: logs, times and trusted roots. See
//! `sigstore_hostile.rs`.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use pullproof::Digest;
use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, RuleOutcome, RuleWant, TrustedRoot, verify,
};
use serde_json::{Value, json};

use sigstore::judge::{
    ARTIFACT, ENTRY, PROOF, all, expected, found, provenance, why, why_by, with, without,
};
use sigstore::{Certificate, Instance, NOW, base64, hashed, key, pem, read_root, sign};

/// Why a bundle by the usual identity does not hold by a root.
fn by(bundle: &Value, root: &Value) -> String {
    why_by(bundle, &read_root(root), Some(&expected()))
}

fn window(end: &str) -> Value {
    json!({ "start": "2025-01-01T00:00:00Z", "end": end })
}

#[test]
fn s21_s22_another_authority_does_not_cover_for_one_that_is_not_trusted() {
    let instance = Instance::new();
    let root = instance.root();
    let stamped = instance.statement(&provenance(ARTIFACT));
    let stamps = root["timestampAuthorities"][0].clone();
    let mut retired = stamps.clone();
    retired["validFor"] = window("2026-01-01T00:00:00Z");
    // Another authority of the root that is trusted now does not cover for it.
    let mut other = stamps.clone();
    other["certChain"] = root["certificateAuthorities"][0]["certChain"].clone();
    let two =
        |one: &Value, other: &Value| with(&root, "/timestampAuthorities", json!([one, other]));
    assert_eq!(
        by(&stamped, &two(&retired, &other)),
        "timestamp time",
        "S21"
    );
    let mut empty = stamps.clone();
    empty["certChain"]["certificates"] = json!([]);
    assert_eq!(
        by(&stamped, &two(&retired, &empty)),
        "timestamp time",
        "S22"
    );
    assert_eq!(
        by(
            &stamped,
            &with(&root, "/timestampAuthorities", json!([empty]))
        ),
        "timestamp-authority time",
        "S22"
    );
}

#[test]
fn s24_s25_a_root_trusts_each_for_its_own_time() {
    let instance = Instance::new();
    let root = instance.root();
    let stamped = instance.statement(&provenance(ARTIFACT));
    let message = instance.message(ARTIFACT);
    for odd in [
        json!({}),
        json!({ "end": null }),
        json!({ "start": "2025" }),
        json!({ "start": "2025-01-01T00:00:00Z", "end": "never" }),
        json!(null),
    ] {
        let root = with(&root, "/tlogs/0/publicKey/validFor", odd);
        assert_eq!(
            TrustedRoot::read(root.to_string().as_bytes(), "")
                .unwrap_err()
                .code(),
            "trusted-root",
            "S24"
        );
    }
    for (place, bundle, reason) in [
        ("/tlogs/0/publicKey/validFor", &message, "log-time"),
        (
            "/certificateAuthorities/0/validFor",
            &message,
            "certificate-chain",
        ),
        (
            "/timestampAuthorities/0/validFor",
            &stamped,
            "timestamp time",
        ),
    ] {
        let at = |end: &str| by(bundle, &with(&root, place, window(end)));
        assert_eq!(at("2026-01-02T03:04:05Z"), "", "S25 {place}");
        assert_eq!(at("2026-01-02T03:04:04.999Z"), reason, "S25 {place}");
    }
}

#[test]
fn s23_s31_numbers_that_no_log_has() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let body = hashed(
        ARTIFACT,
        &sign(&instance.signer, ARTIFACT),
        &pem("CERTIFICATE", &instance.certificate()),
    );
    let proof = |name: &str, value: Value| with(&good, &format!("{PROOF}/{name}"), value);
    let hash = base64(&[7; 32]);
    all([
        (
            "S23",
            with(&good, ENTRY, instance.entry(&body, NOW.0 + 30)),
            "log-promise time",
        ),
        (
            "S31 size",
            proof("treeSize", json!("18446744073709551615")),
            "bundle",
        ),
        ("S31 index", proof("logIndex", json!("2")), "log-proof"),
        (
            "S31 large",
            proof("logIndex", json!("9223372036854775807")),
            "log-proof",
        ),
        ("S31 negative", proof("logIndex", json!("-1")), "bundle"),
        ("S31 short", proof("hashes", json!([])), "log-proof"),
        (
            "S31 long",
            proof(
                "hashes",
                json!([good.pointer(PROOF).unwrap()["hashes"][0], hash]),
            ),
            "log-proof",
        ),
        (
            "S31 odd",
            proof("hashes", json!([base64(&[7; 31])])),
            "bundle",
        ),
    ]);
}

#[test]
fn s26_s28_the_authority_that_issued_is_the_one_that_counts() {
    let instance = Instance::new();
    let root = instance.root();
    let message = instance.message(ARTIFACT);
    let by = |root: &Value| why_by(&message, &read_root(root), Some(&expected()));
    let first = "/certificateAuthorities/0/certChain/certificates/0/rawBytes";
    let below = |change: &dyn Fn(&mut Certificate), key: u8| {
        let mut certificate =
            Certificate::authority("the intermediate", "the top", &self::key(key), 0);
        change(&mut certificate);
        json!(base64(&certificate.signed(&instance.top)))
    };
    let expired = below(
        &|certificate| certificate.until = "260102030300Z".to_owned(),
        2,
    );
    assert_eq!(by(&with(&root, first, expired)), "certificate-chain", "S26");
    // An authority of the same name with another key, before and after the right one.
    let authority = root["certificateAuthorities"][0].clone();
    let mut namesake = authority.clone();
    namesake["certChain"]["certificates"][0]["rawBytes"] = below(&|_| {}, 9);
    for two in [json!([namesake, authority]), json!([authority, namesake])] {
        assert_eq!(by(&with(&root, "/certificateAuthorities", two)), "", "S28");
    }
    assert_eq!(
        by(&with(&root, "/certificateAuthorities", json!([namesake]))),
        "certificate-chain",
        "S28"
    );
}

#[test]
fn s29_s30_a_checkpoint_is_read_by_its_lines() {
    let good = Instance::new().message(ARTIFACT);
    let place = format!("{PROOF}/checkpoint/envelope");
    let text = good.pointer(&place).unwrap().as_str().unwrap();
    let own = text.lines().last().unwrap();
    let lines: Vec<&str> = text.split('\n').collect();
    let less = |at: usize| {
        lines
            .iter()
            .enumerate()
            .filter(|(line, _)| *line != at)
            .map(|(_, line)| *line)
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (name, changed) in [
        ("S29 size", text.replace("\n2\n", "\nnotanumber\n")),
        (
            "S29 name",
            text.replace("\u{2014} log.example", "\u{2014} (.*)*x"),
        ),
        ("S29 origin", less(0)),
        ("S29 no size", less(1)),
        ("S29 no root", less(2)),
        (
            "S29 no signature",
            text.split("\n\n").next().unwrap().to_owned(),
        ),
        (
            "S29 overflow",
            text.replace("\n2\n", "\n18446744073709551616\n"),
        ),
        ("S30 part", text.replace("log.example - 42", "log")),
        (
            "S30 more",
            text.replace("log.example - 42", "log.example.evil - 42"),
        ),
        (
            "S30 path",
            text.replace("log.example - 42", "log.example/x - 42"),
        ),
        ("S30 tree", text.replace(" - 42", " - 4x")),
    ] {
        assert_eq!(
            why(&with(&good, &place, json!(changed))),
            "log-proof",
            "{name}"
        );
    }
    // Two signatures of the log itself, of which one is wrong: the other is still its own.
    let two = format!("{text}{own}\n");
    assert_eq!(why(&with(&good, &place, json!(two))), "", "S29");
}

#[test]
fn s44_s46_s48_of_another_instance_and_without_a_log() {
    let instance = Instance::new();
    let stamped = instance.statement(&provenance(ARTIFACT));
    let unlogged = with(&stamped, "/verificationMaterial/tlogEntries", json!([]));
    let other = Instance {
        log: key(21),
        intermediate: key(22),
        certificate_log: key(23),
        stamps: key(24),
        ..Instance::new()
    };
    // Of the same names, with other keys.
    assert_eq!(
        why_by(&stamped, &other.read_root(), Some(&expected())),
        "timestamp log time certificate-chain",
        "S44"
    );
    assert_eq!(why(&unlogged), "log-entry", "S46");
    // A root without logs trusts timestamps instead; nobody has it unless it is given.
    let mut private = instance.root();
    private["tlogs"] = json!([]);
    private["ctlogs"] = json!([]);
    assert_eq!(
        why_by(&unlogged, &read_root(&private), Some(&expected())),
        "",
        "S46"
    );
    assert_eq!(
        why_by(
            &without(
                &unlogged,
                "/verificationMaterial",
                "timestampVerificationData"
            ),
            &read_root(&private),
            None
        ),
        "time",
        "S46"
    );
    let public = include_bytes!("../src/sigstore/roots/public-good.json");
    let name = "the trusted root of sigstore.dev of 2025-09-22";
    let public = TrustedRoot::read(public, name).unwrap();
    let said = found(&stamped, &public, None);
    let log = said.findings.iter().find(|one| one.rule == "log").unwrap();
    let RuleOutcome::Unknown { text, wanted } = &log.outcome else {
        panic!("{log:?}")
    };
    assert_eq!(
        (text.as_str(), *wanted),
        (
            "the trusted root of sigstore.dev of 2025-09-22 does not know the log of this entry",
            RuleWant::NewerRoot
        ),
        "S48"
    );
}

#[test]
fn s45_a_bundle_brings_no_root() {
    let instance = Instance::new();
    let top = Certificate::authority("the top", "the top", &instance.top, 1).signed(&instance.top);
    let mut old = without(
        &instance.message(ARTIFACT),
        "/verificationMaterial",
        "certificate",
    );
    old["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
    let chain = [instance.certificate(), top].map(|der| json!({ "rawBytes": base64(&der) }));
    old["verificationMaterial"]["x509CertificateChain"] = json!({ "certificates": chain });
    assert_eq!(why(&old), "certificate-root", "S45");
}

#[test]
fn s37_nothing_is_an_artifact_of_its_own_and_no_digest_is_an_error() {
    let instance = Instance::new();
    let root = instance.read_root();
    for (signed, artifact, holds) in [(ARTIFACT, &b""[..], false), (b"", b"", true)] {
        let bundle = instance.message(signed).to_string();
        let bundle = Bundle::read(bundle.as_bytes()).unwrap();
        let asked = BundleQuestion {
            artifact: Artifact::Bytes(artifact),
            root: &root,
            by: Some(&expected()),
            now: NOW,
        };
        assert_eq!(verify(&bundle, &asked).holds(), holds);
    }
    assert!("".parse::<Digest>().is_err());
    assert!("sha256:".parse::<Digest>().is_err());
}
