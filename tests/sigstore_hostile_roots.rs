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
    Artifact, Bundle, BundleQuestion, RuleFinding, RuleOutcome, RuleWant, TrustedRoot, verify,
};
use serde_json::{Value, json};

use sigstore::judge::{
    ARTIFACT, ENTRY, PROOF, all, expected, found, provenance, why, why_by, with, without,
};
use sigstore::{
    Certificate, IDENTITY, ISSUER, Instance, NOW, base64, der, extension, hashed, key, pem,
    read_root, sign, uri,
};

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

/// The extension with the id of a key, in its own certificate or in those that it issued (RFC 5280, 4.2.1.1 and 4.2.1.2).
fn key_id(seed: u8, is_own: bool) -> Vec<u8> {
    let id = [seed; 20];
    if is_own {
        return extension(&[0x55, 0x1d, 14], false, &der(4, &[&id]));
    }
    let parts = [der(0x80, &[&id]), der(0x82, &[&[7]])].concat();
    extension(&[0x55, 0x1d, 35], false, &der(0x30, &[&parts]))
}

/// The outcome for the chain of a certificate that names the key of its issuer, by roots that have these authorities:
/// the seed of the key, and the end of the time for which it is trusted.
fn chained(signer: u8, authorities: &[(u8, &str)]) -> RuleOutcome {
    let instance = Instance {
        intermediate: key(signer),
        ..Instance::new()
    };
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    leaf.extensions.push(key_id(2, false));
    let message = instance.message_by(ARTIFACT, &instance.certified(&leaf));
    let mut root = Instance::new().root();
    let authority = |(seed, end): &(u8, &str)| {
        let mut certificate = Certificate::authority("the intermediate", "the top", &key(*seed), 0);
        certificate.extensions.push(key_id(*seed, true));
        let mut one = root["certificateAuthorities"][0].clone();
        let first = "/certChain/certificates/0/rawBytes";
        *one.pointer_mut(first).unwrap() = json!(base64(&certificate.signed(&instance.top)));
        one["validFor"] = window(end);
        one
    };
    let all: Vec<Value> = authorities.iter().map(authority).collect();
    root["certificateAuthorities"] = json!(all);
    let found = found(&message, &read_root(&root), Some(&expected()));
    let mut all = found.findings.into_iter();
    all.find(|one| one.rule == "certificate-chain")
        .unwrap()
        .outcome
}

#[test]
fn an_authority_with_a_new_key_is_not_the_old_one_of_its_name() {
    const EARLIER: &str = "2025-12-31T00:00:00Z";
    const LATER: &str = "2027-01-01T00:00:00Z";
    let holds = |outcome: &RuleOutcome| matches!(outcome, RuleOutcome::Holds(_));
    assert!(holds(&chained(2, &[(2, LATER)])));
    assert!(holds(&chained(2, &[(9, EARLIER), (2, LATER)])));
    assert!(holds(&chained(2, &[(2, EARLIER), (2, LATER)])));
    // The id says nothing against a signature that is there.
    assert!(holds(&chained(9, &[(9, LATER)])));
    // A root that has only the old key knows nothing of the new one.
    let RuleOutcome::Unknown { text, wanted } = chained(2, &[(9, LATER)]) else {
        panic!("an authority that is not in the root");
    };
    assert!(
        text.ends_with("does not know the authority that issued the certificate"),
        "{text}"
    );
    assert_eq!(wanted, RuleWant::NewerRoot);
    // Whoever only says that it is the known one is refused, for that.
    for authorities in [[(2, EARLIER), (2, LATER)], [(2, LATER), (2, EARLIER)]] {
        let RuleOutcome::Fails { expected, .. } = chained(9, &authorities) else {
            panic!("a certificate that another issued");
        };
        assert!(
            expected.starts_with("a certificate that the authority it names issued"),
            "{expected}"
        );
    }
    let RuleOutcome::Fails { expected, .. } = chained(2, &[(2, EARLIER)]) else {
        panic!("an authority of another time");
    };
    assert_eq!(expected, "an authority that the root trusts for that time");
}

#[test]
fn who_names_another_authority_hides_nothing_that_is_known() {
    let instance = Instance {
        intermediate: key(9),
        ..Instance::new()
    };
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    leaf.extensions.push(key_id(9, false));
    let good = instance.message_by(ARTIFACT, &instance.certified(&leaf));
    let mut own = Certificate::authority("the intermediate", "the top", &key(2), 0);
    own.extensions.push(key_id(2, true));
    let own = json!(base64(&own.signed(&instance.top)));
    let place = "/certificateAuthorities/0/certChain/certificates/0/rawBytes";
    let root = with(&Instance::new().root(), place, own);
    let failed = |bundle: &Value| {
        let found = found(bundle, &read_root(&root), Some(&expected()));
        assert!(found.reasons().contains(&"certificate-chain"));
        let fails = |one: &RuleFinding| matches!(one.outcome, RuleOutcome::Fails { .. });
        let failed: Vec<&str> = found
            .findings
            .iter()
            .filter(|one| fails(one))
            .map(|one| one.rule)
            .collect();
        failed.join(" ")
    };
    assert_eq!(failed(&good), "");
    let signature = base64(&sign(&instance.signer, b"another"));
    let other = with(&good, "/messageSignature/signature", json!(signature));
    assert_eq!(failed(&other), "signature log-content");
    let digest = json!(base64(&[7; 32]));
    let other = with(&good, "/messageSignature/messageDigest/digest", digest);
    assert_eq!(failed(&other), "artifact");
    let late = json!((NOW.0 + 30).to_string());
    let other = with(&good, &format!("{ENTRY}/integratedTime"), late);
    assert_eq!(failed(&other), "log-promise time");
}

/// The outcome for the time of a bundle, by a root; of bytes, or of a digest that is not of the signed kind.
fn timed(bundle: &Value, root: &Value, artifact: Artifact) -> RuleOutcome {
    let bundle = Bundle::read(bundle.to_string().as_bytes()).unwrap();
    let asked = BundleQuestion {
        artifact,
        root: &read_root(root),
        by: Some(&expected()),
        now: NOW,
    };
    let mut all = verify(&bundle, &asked).findings.into_iter();
    all.find(|one| one.rule == "time").unwrap().outcome
}

#[test]
fn a_time_is_open_where_whoever_would_tell_it_is_not_known_and_nowhere_else() {
    let instance = Instance::new();
    let (root, message) = (instance.root(), instance.message(ARTIFACT));
    let stamped = instance.statement(&provenance(ARTIFACT));
    let bytes = Artifact::Bytes(ARTIFACT);
    let wanted = |bundle: &Value, root: &Value| match timed(bundle, root, bytes) {
        RuleOutcome::Unknown { wanted, .. } => wanted,
        other => panic!("{other:?}"),
    };
    let fails = |bundle: &Value, root: &Value, artifact: Artifact| {
        matches!(timed(bundle, root, artifact), RuleOutcome::Fails { .. })
    };
    let other_log = with(&root, "/tlogs/0/logId/keyId", json!(base64(&[7; 32])));
    let no_stamps = with(&root, "/timestampAuthorities", json!([]));
    let kind = json!("ML_DSA_65");
    let other_kind = with(&root, "/tlogs/0/publicKey/keyDetails", kind);
    assert_eq!(wanted(&message, &other_log), RuleWant::NewerRoot);
    assert_eq!(wanted(&stamped, &no_stamps), RuleWant::NewerRoot);
    let words = RuleWant::Words("another entry");
    assert_eq!(wanted(&message, &other_kind), words);
    // No root would have a time of an entry without a promise.
    let bare = without(&message, ENTRY, "inclusionPromise");
    for root in [&root, &other_log, &other_kind] {
        assert!(fails(&bare, root, bytes));
    }
    // That something else is not known is not about the time.
    let long = format!("sha512:{}", "00".repeat(64))
        .parse::<Digest>()
        .unwrap();
    assert!(fails(&bare, &root, Artifact::Digest(&long)));
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
