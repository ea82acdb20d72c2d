//! Bundles: what holds, and the one reason for which each hostile one does not.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use pullproof::UnixTime;
use pullproof::sigstore::{
    Bundle, BundleSigner, Expected, GivenKey, RuleOutcome, RuleWant, TrustedRoot, Verified,
};
use serde_json::{Value, json};

use sigstore::judge::{ARTIFACT, ENTRY, by_key, expected, found, provenance, with};
use sigstore::{
    Certificate, IDENTITY, ISSUER, Instance, NOW, THEN, base64, der, email, fulcio, hashed, key,
    pem, read_root, sign, spki, uri,
};

#[track_caller]
fn holds(bundle: &Value) -> Verified {
    let found = found(bundle, &Instance::new().read_root(), Some(&expected()));
    assert_eq!(found.reasons(), [""; 0], "{:#?}", found.findings);
    assert!(found.holds());
    found
}

#[track_caller]
fn fails(bundle: &Value, reasons: &[&str]) {
    let found = found(bundle, &Instance::new().read_root(), Some(&expected()));
    assert_eq!(found.reasons(), reasons, "{:#?}", found.findings);
    assert!(!found.holds());
}

#[track_caller]
fn unreadable(bundle: &Value, code: &str) {
    let error = Bundle::read(bundle.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
}

#[test]
fn a_good_bundle_holds_and_says_who_signed_when_and_what() {
    let instance = Instance::new();
    let message = holds(&instance.message(ARTIFACT));
    let Some(BundleSigner::Certificate {
        identity,
        issuer,
        claims,
    }) = message.signer
    else {
        panic!("{:?}", message.signer);
    };
    assert_eq!((identity.kind, identity.name.as_str()), ("uri", IDENTITY));
    assert_eq!(issuer.as_deref(), Some(ISSUER));
    let source = (
        "sourceRepositoryUri",
        "https://github.com/acme/beacon".to_owned(),
    );
    assert_eq!(claims, [source]);
    assert_eq!(message.seen[0].at, UnixTime(THEN));
    let statement = holds(&instance.statement(&provenance(ARTIFACT)));
    let predicate = statement.predicate.unwrap();
    assert_eq!(predicate.kind, "https://slsa.dev/provenance/v1");
    assert_eq!(
        predicate.provenance,
        [("builder", "https://builder.example".to_owned())]
    );
    assert_eq!(statement.seen[0].by, "https://ca.example");
}

#[test]
fn without_naming_anybody_the_signer_is_found() {
    let root = Instance::new().read_root();
    let found = found(&Instance::new().message(ARTIFACT), &root, None);
    assert!(found.holds());
    assert!(
        found
            .findings
            .iter()
            .all(|finding| finding.rule != "identity")
    );
}

#[test]
fn the_artifact_is_the_one_that_is_signed() {
    let instance = Instance::new();
    fails(
        &instance.message(b"another"),
        &["artifact", "signature", "log-content"],
    );
    fails(&instance.statement(&provenance(b"another")), &["artifact"]);
    let mut two = provenance(ARTIFACT);
    two["subject"][0]["digest"]["sha512"] = json!("00".repeat(64));
    fails(&instance.statement(&two), &["artifact"]);
    let mut none = provenance(ARTIFACT);
    none["subject"] = json!([]);
    fails(&instance.statement(&none), &["artifact"]);
    let mut kind = provenance(ARTIFACT);
    kind["_type"] = json!("https://in-toto.io/Statement/v2");
    fails(&instance.statement(&kind), &["statement"]);
    let mut text = instance.statement(&provenance(ARTIFACT));
    text["dsseEnvelope"]["payloadType"] = json!("text/plain");
    fails(&text, &["signature", "statement", "log-content"]);
}

#[test]
fn names_and_labels_that_are_not_known_are_errors() {
    let good = Instance::new().message(ARTIFACT);
    for (place, name) in [
        ("", "messageSignatures"),
        ("/messageSignature", "messageDigests"),
        ("/messageSignature/messageDigest", "algorithms"),
        ("/verificationMaterial", "tlogEntry"),
        (ENTRY, "inclusionProofs"),
        ("/verificationMaterial/certificate", "raw"),
    ] {
        let mut changed = good.clone();
        changed.pointer_mut(place).unwrap()[name] = json!("x");
        unreadable(&changed, "bundle");
    }
    let algorithm = "/messageSignature/messageDigest/algorithm";
    for label in ["SHA2_257", "sha256", "SHA3_256", "BLAKE3"] {
        unreadable(&with(&good, algorithm, json!(label)), "bundle");
    }
    unreadable(
        &with(
            &good,
            "/mediaType",
            json!("application/vnd.dev.sigstore.bundle.v0.4+json"),
        ),
        "bundle-version",
    );
    let index = format!("{ENTRY}/logIndex");
    for number in [
        json!("-1"),
        json!("01"),
        json!("9223372036854775808"),
        json!(1.5),
        json!("+1"),
    ] {
        unreadable(&with(&good, &index, number), "bundle");
    }
    let url_safe = base64(&[0xfb; 3]).replace('+', "-");
    for text in ["", "AAA", "AAAB\n", "AAB=", &url_safe] {
        unreadable(
            &with(&good, "/messageSignature/signature", json!(text)),
            "bundle",
        );
    }
}

#[test]
fn too_many_and_twice_is_refused() {
    let good = Instance::new().message(ARTIFACT);
    let entry = good.pointer(ENTRY).unwrap().clone();
    let entries = "/verificationMaterial/tlogEntries";
    fails(&with(&good, entries, json!([entry, entry])), &["twice"]);
    unreadable(
        &with(&good, entries, json!(vec![entry; 33])),
        "limit-exceeded",
    );
    let stamped = Instance::new().statement(&provenance(ARTIFACT));
    let stamps = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
    let stamp = stamped.pointer(stamps).unwrap()[0].clone();
    fails(&with(&stamped, stamps, json!([stamp, stamp])), &["twice"]);
    unreadable(
        &with(&stamped, stamps, json!(vec![stamp; 33])),
        "limit-exceeded",
    );
    let signatures = "/dsseEnvelope/signatures";
    let signature = stamped.pointer(signatures).unwrap()[0].clone();
    unreadable(
        &with(&stamped, signatures, json!([signature, signature])),
        "bundle-signatures",
    );
    unreadable(&with(&stamped, signatures, json!([])), "bundle-signatures");
}

#[test]
fn a_certificate_is_for_one_name_of_its_kind() {
    let instance = Instance::new();
    let by = |leaf: &Certificate| instance.message_by(ARTIFACT, &instance.certified(leaf));
    let leaf = |san: &[u8]| Certificate::leaf(&instance.signer, san, Some(ISSUER));
    fails(&by(&leaf(&uri("https://elsewhere.example"))), &["identity"]);
    // The right text as a name of another kind.
    fails(&by(&leaf(&email(IDENTITY))), &["identity"]);
    let two = [uri(IDENTITY), uri("https://elsewhere.example")].concat();
    fails(&by(&leaf(&two)), &["certificate-identity"]);
    let other = Certificate::leaf(
        &instance.signer,
        &uri(IDENTITY),
        Some("https://elsewhere.example"),
    );
    fails(&by(&other), &["issuer"]);
    fails(
        &by(&Certificate::leaf(&instance.signer, &uri(IDENTITY), None)),
        &["issuer"],
    );
    // The older and the newer way to say who vouched differ.
    let mut differ = Certificate::leaf(&instance.signer, &uri(IDENTITY), None);
    differ.extensions.push(fulcio(1, ISSUER.as_bytes()));
    differ
        .extensions
        .push(fulcio(8, &der(0x0c, &[b"https://elsewhere.example"])));
    fails(&by(&differ), &["certificate-issuer"]);
    let mut twice = leaf(&uri(IDENTITY));
    twice
        .extensions
        .push(fulcio(8, &der(0x0c, &[ISSUER.as_bytes()])));
    fails(&by(&twice), &["certificate"]);
}

#[test]
fn a_certificate_is_issued_for_signing_by_an_authority_of_the_root() {
    let instance = Instance::new();
    let leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    // Signed by somebody who calls themselves the intermediate.
    let forged = leaf.logged(&key(9), &instance.certificate_log, THEN - 60);
    fails(
        &instance.message_by(ARTIFACT, &forged),
        &["certificate-chain"],
    );
    let mut stranger = leaf.clone();
    stranger.issuer = "nobody".to_owned();
    fails(
        &instance.message_by(ARTIFACT, &instance.certified(&stranger)),
        &["certificate-chain"],
    );
    let unlogged = leaf.signed(&instance.intermediate);
    fails(&instance.message_by(ARTIFACT, &unlogged), &["sct"]);
    let elsewhere = leaf.logged(&instance.intermediate, &key(9), THEN - 60);
    fails(&instance.message_by(ARTIFACT, &elsewhere), &["sct"]);
    let early = leaf.logged(&instance.intermediate, &instance.certificate_log, 1);
    fails(&instance.message_by(ARTIFACT, &early), &["sct"]);
    for (at, odd) in [
        (
            0,
            Certificate::authority("x", "x", &instance.signer, 0).extensions[0].clone(),
        ),
        (
            1,
            Certificate::authority("x", "x", &instance.signer, 0).extensions[1].clone(),
        ),
    ] {
        let mut changed = leaf.clone();
        changed.extensions[at] = odd;
        let found = found(
            &instance.message_by(ARTIFACT, &instance.certified(&changed)),
            &instance.read_root(),
            None,
        );
        assert!(
            found.reasons().contains(&"certificate-use"),
            "{:?}",
            found.reasons()
        );
    }
    let mut early = leaf.clone();
    early.until = "260102030404Z".to_owned();
    fails(
        &instance.message_by(ARTIFACT, &instance.certified(&early)),
        &["time"],
    );
    // To the second.
    early.until = "260102030405Z".to_owned();
    holds(&instance.message_by(ARTIFACT, &instance.certified(&early)));
}

#[test]
fn an_authority_is_above_as_many_others_as_it_says_in_however_many_bytes() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    for (depth, is_enough) in [
        (&[0][..], false),
        (&[1], true),
        (&[0, 0x80], true),
        (&[1, 0], true),
        (&[1, 0, 0], true),
        (&[1, 0, 0, 0, 0], true),
        (&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], true),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 0], true),
        // Negative, or with zeros before it.
        (&[0xff], false),
        (&[0x80, 0], false),
        (&[0, 1], false),
        (&[], false),
    ] {
        let top = Certificate::authority("the top", "the top", &instance.top, 1).above(depth);
        let changed = with(
            &instance.root(),
            "/certificateAuthorities/0/certChain/certificates/1/rawBytes",
            json!(base64(&top.signed(&instance.top))),
        );
        let found = found(&good, &read_root(&changed), None);
        let reasons = found.reasons();
        assert_eq!(
            !reasons.contains(&"certificate-chain"),
            is_enough,
            "{depth:?} {reasons:?}"
        );
    }
}

#[test]
fn a_root_is_trusted_for_its_times_only() {
    let good = Instance::new().message(ARTIFACT);
    let root = Instance::new().root();
    let at = |place: &str, end: &str| {
        with(
            &root,
            place,
            json!({ "start": "2025-01-01T00:00:00Z", "end": end }),
        )
    };
    for (place, reason) in [
        ("/tlogs/0/publicKey/validFor", "log-time"),
        ("/certificateAuthorities/0/validFor", "certificate-chain"),
        ("/ctlogs/0/publicKey/validFor", "sct"),
    ] {
        let over = read_root(&at(place, "2026-01-02T03:03:04Z"));
        assert_eq!(found(&good, &over, None).reasons(), [reason]);
        let inclusive = read_root(&at(place, "2026-01-02T03:04:05Z"));
        assert_eq!(found(&good, &inclusive, None).reasons(), [""; 0], "{place}");
        let never = with(&root, place, json!({ "end": "2030-01-01T00:00:00Z" }));
        let error = TrustedRoot::read(never.to_string().as_bytes(), "").unwrap_err();
        assert_eq!(error.code(), "trusted-root", "{place}");
    }
    let stamped = Instance::new().statement(&provenance(ARTIFACT));
    let over = read_root(&at(
        "/timestampAuthorities/0/validFor",
        "2026-01-02T03:03:04Z",
    ));
    assert_eq!(
        found(&stamped, &over, None).reasons(),
        ["timestamp", "time"]
    );
    // An authority without certificates is nobody, however long it is trusted.
    let empty = with(
        &root,
        "/timestampAuthorities/0/certChain/certificates",
        json!([]),
    );
    assert_eq!(
        found(&stamped, &read_root(&empty), None).reasons(),
        ["timestamp-authority", "time"]
    );
}

#[test]
fn what_a_root_does_not_know_is_open_and_says_what_would_settle_it() {
    let root = with(
        &Instance::new().root(),
        "/tlogs/0/logId/keyId",
        json!(base64(&[7; 32])),
    );
    let found = found(&Instance::new().message(ARTIFACT), &read_root(&root), None);
    let log = found
        .findings
        .iter()
        .find(|finding| finding.rule == "log")
        .unwrap();
    let RuleOutcome::Unknown { text, wanted } = &log.outcome else {
        panic!("{log:?}");
    };
    assert_eq!(
        text,
        "the trusted root of the test does not know the log of this entry"
    );
    assert_eq!(*wanted, RuleWant::NewerRoot);
    let kind = with(
        &Instance::new().root(),
        "/tlogs/0/publicKey/keyDetails",
        json!("ML_DSA_65"),
    );
    let found = self::found(&Instance::new().message(ARTIFACT), &read_root(&kind), None);
    assert_eq!(found.reasons(), ["algorithm", "time"]);
}

#[test]
fn the_log_has_this_signature() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let certificate = instance.certificate();
    let by = pem("CERTIFICATE", &certificate);
    let signature = sign(&instance.signer, ARTIFACT);
    let entry = |body: &Value| with(&good, ENTRY, instance.entry(body, THEN));
    holds(&entry(&hashed(ARTIFACT, &signature, &by)));
    fails(
        &entry(&hashed(b"another", &signature, &by)),
        &["log-content"],
    );
    fails(
        &entry(&hashed(ARTIFACT, &sign(&key(9), ARTIFACT), &by)),
        &["log-content"],
    );
    fails(
        &entry(&hashed(
            ARTIFACT,
            &signature,
            &pem("PUBLIC KEY", &spki(&instance.signer)),
        )),
        &["log-content"],
    );
    let mut more = hashed(ARTIFACT, &signature, &by);
    more["spec"]["more"] = json!(1);
    fails(&entry(&more), &["log-content"]);
    let mut kind = good.clone();
    kind.pointer_mut(ENTRY).unwrap()["kindVersion"]["version"] = json!("0.0.3");
    fails(&kind, &["log-content"]);
    fails(
        &with(&good, "/verificationMaterial/tlogEntries", json!([])),
        &["log-entry", "time"],
    );
}

#[test]
fn what_the_log_promised_and_proved_is_of_its_own_entry() {
    let good = Instance::new().message(ARTIFACT);
    let promise = format!("{ENTRY}/inclusionPromise/signedEntryTimestamp");
    fails(
        &with(&good, &promise, json!(base64(&sign(&key(9), b"x")))),
        &["log-promise", "time"],
    );
    fails(
        &with(
            &good,
            &format!("{ENTRY}/integratedTime"),
            json!((THEN + 1).to_string()),
        ),
        &["log-promise", "time"],
    );
    for (place, value) in [
        ("logIndex", json!("0")),
        ("treeSize", json!("3")),
        ("rootHash", json!(base64(&[7; 32]))),
        ("hashes", json!([])),
        ("hashes", json!([base64(&[7; 32])])),
        ("checkpoint", Value::Null),
    ] {
        fails(
            &with(&good, &format!("{ENTRY}/inclusionProof/{place}"), value),
            &["log-proof"],
        );
    }
    fails(
        &with(&good, &format!("{ENTRY}/inclusionProof"), Value::Null),
        &["log-proof"],
    );
}

#[test]
fn a_checkpoint_is_signed_by_its_own_log() {
    let good = Instance::new().message(ARTIFACT);
    let checkpoint = format!("{ENTRY}/inclusionProof/checkpoint/envelope");
    let text = good.pointer(&checkpoint).unwrap().as_str().unwrap();
    for changed in [
        text.replace("log.example - 42", "log.example"),
        text.replace("log.example - 42", "evil-log.example - 42"),
        text.replace("\u{2014} log.example", "\u{2014} og.example"),
        text.replace("\n2\n", "\n+2\n"),
        text.replace("\u{2014} ", "- "),
        text.trim_end().to_owned(),
        String::new(),
    ] {
        fails(&with(&good, &checkpoint, json!(changed)), &["log-proof"]);
    }
    // A witness beside the log is nobody that is asked.
    let witness = format!("{text}\u{2014} witness.example {}\n", base64(&[7; 40]));
    holds(&with(&good, &checkpoint, json!(witness)));
}

#[test]
fn times_are_those_that_somebody_signed() {
    let instance = Instance::new();
    let by = |time: i64| {
        let certificate = instance.certificate();
        let signature = sign(&instance.signer, ARTIFACT);
        let body = hashed(ARTIFACT, &signature, &pem("CERTIFICATE", &certificate));
        with(
            &instance.message(ARTIFACT),
            ENTRY,
            instance.entry(&body, time),
        )
    };
    fails(&by(NOW.0 + 30), &["log-promise", "time"]);
    fails(&by(THEN + 3600), &["time"]);
    let mut unsigned = instance.message(ARTIFACT);
    unsigned.pointer_mut(ENTRY).unwrap()["inclusionPromise"] = Value::Null;
    fails(&unsigned, &["time"]);
    let good = instance.statement(&provenance(ARTIFACT));
    let stamps = "/verificationMaterial/timestampVerificationData";
    fails(&with(&good, stamps, Value::Null), &["time"]);
    let signature = good.pointer("/dsseEnvelope/signatures/0/sig").unwrap();
    let signature = Base64::decode_vec(signature.as_str().unwrap()).unwrap();
    let stamp = |signature: &[u8], at: &str| with(&good, stamps, instance.stamp(signature, at));
    holds(&stamp(&signature, "20260102030405.25Z"));
    fails(
        &stamp(b"another", "20260102030405Z"),
        &["timestamp", "time"],
    );
    fails(&stamp(&signature, "20260102050000Z"), &["time"]);
    fails(
        &stamp(&signature, "20991231235959Z"),
        &["timestamp", "time"],
    );
    // Of two times both have to fit.
    let mut both = instance.message(ARTIFACT);
    let signature = sign(&instance.signer, ARTIFACT);
    both["verificationMaterial"]["timestampVerificationData"] =
        instance.stamp(&signature, "20260102050000Z");
    fails(&both, &["time"]);
}

#[test]
fn a_bundle_brings_no_root_of_its_own() {
    let instance = Instance::new();
    let mut old = instance.message(ARTIFACT);
    old["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.1");
    let material = old["verificationMaterial"].as_object_mut().unwrap();
    material.remove("certificate");
    let top = Certificate::authority("the top", "the top", &instance.top, 1).signed(&instance.top);
    let chain = |all: &[&[u8]]| {
        let all: Vec<Value> = all
            .iter()
            .map(|der| json!({ "rawBytes": base64(der) }))
            .collect();
        json!({ "certificates": all })
    };
    let leaf = instance.certificate();
    material.insert("x509CertificateChain".to_owned(), chain(&[&leaf]));
    holds(&old);
    old["verificationMaterial"]["x509CertificateChain"] = chain(&[&leaf, &top]);
    fails(&old, &["certificate-root"]);
    old["verificationMaterial"]["x509CertificateChain"] = chain(&[]);
    unreadable(&old, "bundle");
    old["verificationMaterial"]["x509CertificateChain"] = chain(&[&leaf]);
    // Version 0.1 may have a proof that no log signed, which counts for nothing; 0.2 may not.
    old.pointer_mut(ENTRY).unwrap()["inclusionProof"]["checkpoint"] = Value::Null;
    holds(&old);
    old["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.2");
    fails(&old, &["log-proof"]);
}

#[test]
fn a_key_is_the_one_that_was_given() {
    let signer = key(8);
    let signature = sign(&signer, ARTIFACT);
    let bundle = by_key(&signature);
    let root = Instance::new().read_root();
    let own = GivenKey::read(pem("PUBLIC KEY", &spki(&signer)).as_bytes()).unwrap();
    let other = GivenKey::of(spki(&key(9))).unwrap();
    let by = Expected::Keys(vec![other.clone(), own.clone()]);
    let good = found(&bundle, &root, Some(&by));
    assert_eq!(good.reasons(), [""; 0]);
    assert_eq!(good.signer, Some(BundleSigner::Key(own.id().to_owned())));
    let unlogged = good
        .findings
        .iter()
        .filter(|finding| matches!(finding.outcome, RuleOutcome::Unused(_)));
    let unlogged: Vec<&str> = unlogged.map(|finding| finding.rule).collect();
    assert_eq!(unlogged, ["log-entry", "time"]);
    let by = Expected::Keys(vec![other]);
    assert_eq!(found(&bundle, &root, Some(&by)).reasons(), ["signature"]);
    assert_eq!(found(&bundle, &root, None).reasons(), ["key"]);
    assert_eq!(
        found(&bundle, &root, Some(&expected())).reasons(),
        ["identity", "key"]
    );
    let by = Expected::Keys(vec![own]);
    assert_eq!(
        found(&Instance::new().message(ARTIFACT), &root, Some(&by)).reasons(),
        ["key"]
    );
}

/// The JavaScript tests read what is made here from a file. With `PULLPROOF_WRITE` set, that is written anew.
#[test]
fn the_fixture_is_what_the_instance_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sigstore/fixture.json");
    let instance = Instance::new();
    let made = json!({
        "artifact": std::str::from_utf8(ARTIFACT).unwrap(),
        "bundle": instance.message(ARTIFACT),
        "identity": IDENTITY,
        "issuer": ISSUER,
        "root": instance.root(),
    });
    let made = format!("{made:#}\n");
    if std::env::var_os("PULLPROOF_WRITE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), made);
}
