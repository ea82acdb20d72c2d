//! Ways in which verifiers of Sigstore's bundles were deceived, by their numbers, each with the one reason for which it
//! does not hold here: who signed, and what. Those about logs, times and roots are in `sigstore_hostile_roots.rs`, about
//! cosign's older form in `sigstore_older.rs`, about images in `sigstore_images.rs`; S01 is in `corpus_sigstore.rs` and
//! S49 in `sigstore_mutations.rs`.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use base64ct::{Base64, Encoding};
use pullproof::sigstore::{Expected, GivenKey, RuleOutcome};
use pullproof::{Digest, UnixTime};
use serde_json::{Value, json};

use sigstore::judge::{
    ARTIFACT, ENTRY, PROOF, STAMPS, all, by_key, found, provenance, why, why_by, with,
};
use sigstore::{
    Certificate, IDENTITY, ISSUER, Instance, THEN, base64, der, email, fulcio, hashed, key, pem,
    sign, spki, uri,
};

/// The signature of a message, once more with its other half of the curve: as valid, and of other bytes.
fn malleated(signature: &[u8]) -> Vec<u8> {
    let signature = p256::ecdsa::Signature::from_der(signature).unwrap();
    let (r, s) = (signature.r(), -*signature.s());
    let other = p256::ecdsa::Signature::from_scalars(r.to_bytes(), s.to_bytes()).unwrap();
    other.to_der().as_bytes().to_vec()
}

#[test]
fn s02_s05_an_entry_of_the_log_is_of_this_signature() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let other = instance.message(b"another");
    let entry = other.pointer(ENTRY).unwrap();
    let promise = format!("{ENTRY}/inclusionPromise/signedEntryTimestamp");
    let theirs = other.pointer(&promise).unwrap();
    let by = |key: &str| hashed(ARTIFACT, &sign(&instance.signer, ARTIFACT), key);
    let of_key = by(&pem("PUBLIC KEY", &spki(&key(9))));
    all([
        ("S02", with(&good, ENTRY, entry.clone()), "log-content"),
        (
            "S05",
            with(&good, &promise, theirs.clone()),
            "log-promise time",
        ),
        (
            "S05 key",
            with(&good, ENTRY, instance.entry(&of_key, THEN)),
            "log-content",
        ),
    ]);
}

#[test]
fn s03_s33_s34_an_identity_is_compared_whole_and_by_its_kind() {
    let instance = Instance::new();
    let root = instance.read_root();
    let of = |san: &[u8]| {
        let leaf = Certificate::leaf(&instance.signer, san, Some(ISSUER));
        instance.message_by(ARTIFACT, &instance.certified(&leaf))
    };
    let asked = |san: &[u8], identity: &str, issuer: &str| {
        let (identity, issuer) = (identity.to_owned(), issuer.to_owned());
        let by = Expected::Identity { identity, issuer };
        why_by(&of(san), &root, Some(&by))
    };
    let mail = email("user@example.com");
    assert_eq!(asked(&mail, "user@example.com", ISSUER), "");
    assert_eq!(asked(&mail, "email:user@example.com", ISSUER), "");
    for other in [
        "user@example\\.com",
        "evil-user@example.com",
        "user@example.com.evil",
        ".*",
        "",
        "USER@example.com",
        "uri:user@example.com",
    ] {
        assert_eq!(asked(&mail, other, ISSUER), "identity", "{other}");
    }
    assert_eq!(
        asked(&email("evil-user@example.com"), "user@example.com", ISSUER),
        "identity"
    );
    // The same text as a name of another kind.
    assert_eq!(
        asked(&uri("user@example.com"), "user@example.com", ISSUER),
        "identity"
    );
    assert_eq!(
        asked(&uri("user@example.com"), "uri:user@example.com", ISSUER),
        ""
    );
    let other = der(
        0xa0,
        &[
            &[6, 10, 0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, 7],
            &der(0xa0, &[&der(0x0c, &[b"user!example.com"])]),
        ],
    );
    assert_eq!(asked(&other, "user!example.com", ISSUER), "");
    assert_eq!(asked(&other, "email:user!example.com", ISSUER), "identity");
    assert_eq!(
        asked(&mail, "user@example.com", "https://elsewhere.example"),
        "issuer"
    );
    assert_eq!(asked(&mail, "user@example.com", ""), "issuer");
}

/// A signed message with a timestamp beside its entry.
fn stamped(instance: &Instance) -> Value {
    let mut message = instance.message(ARTIFACT);
    let signature = sign(&instance.signer, ARTIFACT);
    message["verificationMaterial"]["timestampVerificationData"] =
        instance.stamp(&signature, "20260102030405Z");
    message
}

/// The same without the log's promise.
fn unpromised(instance: &Instance) -> Value {
    let mut message = stamped(instance);
    message.pointer_mut(ENTRY).unwrap()["inclusionPromise"] = Value::Null;
    message
}

#[test]
fn s19_the_time_of_an_entry_without_a_promise_is_not_counted() {
    let instance = Instance::new();
    let said = found(&unpromised(&instance), &instance.read_root(), None);
    assert!(
        said.findings
            .iter()
            .any(|one| one.rule == "log-time" && matches!(one.outcome, RuleOutcome::Unused(_)))
    );
}

#[test]
fn s04_s19_s20_evidence_that_is_there_and_wrong_is_never_passed_over() {
    let instance = Instance::new();
    let statement = instance.statement(&provenance(ARTIFACT));
    let stamps = with(&statement, STAMPS, json!([]));
    let stamp = |at: &str| {
        let signature = statement.pointer("/dsseEnvelope/signatures/0/sig").unwrap();
        let signature = Base64::decode_vec(signature.as_str().unwrap()).unwrap();
        instance.stamp(&signature, at)["rfc3161Timestamps"][0].clone()
    };
    let (inside, outside) = (stamp("20260102030405Z"), stamp("20260102050000Z"));
    let (message, unsigned) = (stamped(&instance), unpromised(&instance));
    let promise = format!("{ENTRY}/inclusionPromise");
    assert_eq!(why(&message), "");
    all([
        (
            "S04 proof",
            with(
                &message,
                &format!("{PROOF}/hashes"),
                json!([base64(&[7; 32])]),
            ),
            "log-proof",
        ),
        (
            "S04 promise",
            with(
                &message,
                &promise,
                json!({ "signedEntryTimestamp": base64(&sign(&key(9), b"x")) }),
            ),
            "log-promise",
        ),
        (
            "S04 timestamp",
            with(
                &message,
                STAMPS,
                json!([{ "signedTimestamp": base64(b"0") }]),
            ),
            "timestamp",
        ),
        // The time of the entry is not counted; that of the authority is.
        ("S19", unsigned.clone(), ""),
        ("S19 alone", with(&unsigned, STAMPS, json!([])), "time"),
        (
            "S20",
            with(&statement, STAMPS, json!([inside, outside])),
            "time",
        ),
        (
            "S20 last",
            with(&statement, STAMPS, json!([outside, inside])),
            "time",
        ),
        ("none", stamps, "time"),
    ]);
}

/// Why a statement that is changed so does not hold.
fn of(change: &dyn Fn(&mut Value)) -> String {
    let mut statement = provenance(ARTIFACT);
    change(&mut statement);
    why(&Instance::new().statement(&statement))
}

fn subject(subject: &Value) -> String {
    of(&|statement| statement["subject"] = subject.clone())
}

fn digest(digest: &Value) -> String {
    subject(&json!([{ "digest": digest }]))
}

#[test]
fn s07_s08_s09_a_statement_names_its_subjects() {
    let own = Digest::sha256(ARTIFACT).encoded().to_owned();
    let other = Digest::sha256(b"another").encoded().to_owned();
    for name in ["_type", "predicateType"] {
        assert_eq!(
            of(&|statement| drop(statement.as_object_mut().unwrap().remove(name))),
            "statement",
            "S07 {name}"
        );
    }
    assert_eq!(
        of(&|statement| statement["predicate"] = json!("x")),
        "statement",
        "S07"
    );
    assert_eq!(
        of(&|statement| statement["predicateType"] = json!("")),
        "statement",
        "S07"
    );
    assert_eq!(
        of(&|statement| *statement = json!("text")),
        "statement",
        "S07"
    );
    assert_eq!(digest(&json!({ "sha256": other })), "artifact", "S08");
    for (what, none) in [
        ("empty", json!([])),
        ("null", json!([null])),
        ("no map", json!([{}])),
        ("a map", json!({ "digest": {} })),
    ] {
        assert_eq!(subject(&none), "artifact", "S09 {what}");
    }
    assert_eq!(digest(&json!({})), "artifact", "S09");
    assert_eq!(digest(&json!({ "sha256": null })), "artifact", "S09");
    assert_eq!(
        digest(&json!({ "sha256": own.to_uppercase() })),
        "artifact",
        "S09"
    );
    assert_eq!(digest(&json!({ "sha256": own[..12] })), "artifact", "S09");
}

#[test]
fn s10_a_subject_is_compared_by_the_digests_that_can_be() {
    let instance = Instance::new();
    let own = Digest::sha256(ARTIFACT).encoded().to_owned();
    assert_eq!(
        digest(&json!({ "sha256": own, "sha512": "00" })),
        "artifact",
        "S10"
    );
    assert_eq!(
        digest(&json!({ "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709" })),
        "artifact",
        "S10"
    );
    // What cannot be compared is open, not another's.
    let mut only_sha1 = provenance(ARTIFACT);
    only_sha1["subject"] =
        json!([{ "digest": { "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709" } }]);
    let said = found(&instance.statement(&only_sha1), &instance.read_root(), None);
    let artifact = said
        .findings
        .iter()
        .find(|one| one.rule == "artifact")
        .unwrap();
    assert!(
        matches!(artifact.outcome, RuleOutcome::Unknown { .. }),
        "{artifact:?}"
    );
    // One more subject that cannot be compared takes nothing from the one that can.
    assert_eq!(
        subject(&json!([{ "digest": { "sha1": "x" } }, { "digest": { "sha256": own } }])),
        ""
    );
}

#[test]
fn s11_s12_s13_s14_an_envelope_has_one_signature_over_its_bytes() {
    let good = Instance::new().statement(&provenance(ARTIFACT));
    let signatures = "/dsseEnvelope/signatures";
    let sig = good
        .pointer("/dsseEnvelope/signatures/0/sig")
        .unwrap()
        .as_str()
        .unwrap();
    let one = json!({ "sig": sig });
    let text = |text: String| with(&good, "/dsseEnvelope/signatures/0/sig", json!(text));
    let kind = |kind: &str| with(&good, "/dsseEnvelope/payloadType", json!(kind));
    let odd = "signature statement log-content";
    all([
        (
            "S11 none",
            with(&good, signatures, json!([])),
            "bundle-signatures",
        ),
        (
            "S11 two",
            with(&good, signatures, json!([one, one])),
            "bundle-signatures",
        ),
        ("S12", kind("\u{174}pplication/vnd.in-toto+json"), odd),
        ("S12 text", kind("\u{174}ext/plain"), odd),
        ("S13", kind("application/vnd.in-toto+json\u{e9}"), odd),
        ("S14 line", text(format!("{sig}\n")), "bundle"),
        ("S14 space", text(format!(" {sig}")), "bundle"),
        (
            "S14 url",
            text(base64(&[0xfb; 66]).replace('+', "-")),
            "bundle",
        ),
        (
            "S14 padding",
            text(format!("{}=", sig.trim_end_matches('='))),
            if sig.ends_with("==") { "bundle" } else { "" },
        ),
        ("S14 bits", text("AAB=".to_owned()), "bundle"),
        ("S14 nothing", text(String::new()), "bundle"),
    ]);
}

#[test]
fn s15_there_are_so_many_of_each() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let stamped = instance.statement(&provenance(ARTIFACT));
    // Each is read only after they were counted.
    let entries = "/verificationMaterial/tlogEntries";
    let of = |change: &dyn Fn(&mut Value)| {
        let mut statement = provenance(ARTIFACT);
        change(&mut statement);
        instance.statement(&statement)
    };
    let subject = provenance(ARTIFACT)["subject"][0].clone();
    let digests: serde_json::Map<String, Value> =
        (0..33).map(|at| (format!("x{at}"), json!("00"))).collect();
    all([
        (
            "entries",
            with(&good, entries, json!(vec![1; 33])),
            "limit-exceeded",
        ),
        (
            "timestamps",
            with(&stamped, STAMPS, json!(vec![1; 33])),
            "limit-exceeded",
        ),
        (
            "subjects",
            of(&|statement| statement["subject"] = json!(vec![&subject; 1025])),
            "artifact",
        ),
        (
            "as many",
            of(&|statement| statement["subject"] = json!(vec![&subject; 1024])),
            "",
        ),
        (
            "digests",
            of(&|statement| statement["subject"] = json!([{ "digest": digests }])),
            "artifact",
        ),
        (
            "hashes",
            with(
                &good,
                &format!("{PROOF}/hashes"),
                json!(vec![base64(&[7; 32]); 65]),
            ),
            "limit-exceeded",
        ),
    ]);
}

#[test]
fn s18_one_witness_is_one() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let entry = good.pointer(ENTRY).unwrap();
    let stamped = instance.statement(&provenance(ARTIFACT));
    let stamp = &stamped.pointer(STAMPS).unwrap()[0];
    let entries = "/verificationMaterial/tlogEntries";
    all([
        (
            "entry",
            with(&good, entries, json!([entry, entry])),
            "twice",
        ),
        (
            "timestamp",
            with(&stamped, STAMPS, json!([stamp, stamp])),
            "twice",
        ),
    ]);
}

#[test]
fn s27_a_key_is_trusted_for_its_times() {
    let instance = Instance::new();
    let root = instance.read_root();
    let signature = sign(&instance.signer, ARTIFACT);
    let public = pem("PUBLIC KEY", &spki(&instance.signer));
    let unlogged = by_key(&signature);
    let mut logged = unlogged.clone();
    let entry = instance.entry(&hashed(ARTIFACT, &signature, &public), THEN);
    logged["verificationMaterial"]["tlogEntries"] = json!([entry]);
    let own = GivenKey::read(public.as_bytes()).unwrap();
    let why = |bundle: &Value, from: i64, until: i64| {
        let mut key = own.clone();
        key.limit(UnixTime(from), UnixTime(until));
        why_by(bundle, &root, Some(&Expected::Keys(vec![key])))
    };
    assert_eq!(why(&logged, THEN, THEN), "");
    assert_eq!(why(&logged, THEN + 1, i64::MAX), "time");
    assert_eq!(why(&logged, 0, THEN - 1), "time");
    // Nobody says when: it may have been after.
    assert_eq!(why(&unlogged, 0, i64::MAX), "time");
    assert_eq!(
        why_by(&unlogged, &root, Some(&Expected::Keys(vec![own.clone()]))),
        ""
    );
}

#[test]
fn s32_s36_s38_what_the_log_has_is_this_and_nothing_stands_in_for_the_signature() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let certificate = pem("CERTIFICATE", &instance.certificate());
    let signature = sign(&instance.signer, ARTIFACT);
    let entry = |body: &Value| with(&good, ENTRY, instance.entry(body, THEN));
    let mut kind = hashed(ARTIFACT, &signature, &certificate);
    kind["kind"] = json!("rekord");
    let mut version = hashed(ARTIFACT, &signature, &certificate);
    version["apiVersion"] = json!("0.0.2");
    let other = malleated(&signature);
    let signed = "/messageSignature/signature";
    all([
        ("S32 kind", entry(&kind), "log-content"),
        ("S32 version", entry(&version), "log-proof log-content"),
        (
            "S32 beside",
            with(&good, &format!("{ENTRY}/kindVersion/kind"), json!("dsse")),
            "log-content",
        ),
        (
            "S36 bundle",
            with(&good, signed, json!(base64(&other))),
            "log-content",
        ),
        (
            "S36 log",
            entry(&hashed(ARTIFACT, &other, &certificate)),
            "log-content",
        ),
        (
            "S38",
            with(&good, signed, json!(base64(&sign(&key(9), ARTIFACT)))),
            "signature log-content",
        ),
    ]);
}

#[test]
fn s35_issuers_that_differ_or_cannot_be_read() {
    let instance = Instance::new();
    let of = |extensions: &[Vec<u8>]| {
        let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), None);
        leaf.extensions.extend_from_slice(extensions);
        instance.message_by(ARTIFACT, &instance.certified(&leaf))
    };
    let (old, new) = (
        fulcio(1, ISSUER.as_bytes()),
        fulcio(8, &der(0x0c, &[ISSUER.as_bytes()])),
    );
    let elsewhere = fulcio(8, &der(0x0c, &[b"https://elsewhere.example"]));
    all([
        ("old", of(std::slice::from_ref(&old)), ""),
        ("new", of(std::slice::from_ref(&new)), ""),
        (
            "differ",
            of(&[old.clone(), elsewhere]),
            "certificate-issuer",
        ),
        (
            "bare",
            of(&[old.clone(), fulcio(8, ISSUER.as_bytes())]),
            "certificate-issuer",
        ),
        (
            "another type",
            of(&[old, fulcio(8, &der(0x16, &[ISSUER.as_bytes()]))]),
            "certificate-issuer",
        ),
        ("not UTF-8", of(&[fulcio(1, &[0xff])]), "certificate-issuer"),
    ]);
    // GitHub's releases have a certificate without an issuer: asked for as such, and as nothing else.
    let bundle = of(&[]);
    let by = |issuer: &str| {
        let (identity, issuer) = (IDENTITY.to_owned(), issuer.to_owned());
        why_by(
            &bundle,
            &instance.read_root(),
            Some(&Expected::Identity { identity, issuer }),
        )
    };
    assert_eq!(by(""), "");
    assert_eq!(by(ISSUER), "issuer");
}
