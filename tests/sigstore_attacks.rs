//! Attacks on the verifier, each made of parts that are good elsewhere, or signed by whom it should be and formed as
//! nobody forms it. Each names the reasons for which it does not hold. Those that are known from other verifiers are in
//! `sigstore_hostile.rs`.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests measure, and fail by panicking"
)]

mod sigstore;

use std::time::Instant;

use pullproof::Digest;
use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, Expected, GivenKey, PAYLOAD, RuleOutcome, verify,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use sigstore::judge::{
    ARTIFACT, ENTRY, PROOF, STAMPS, all, by_key, expected, found, provenance, why, why_by, with,
    without,
};
use sigstore::{
    Certificate, IDENTITY, ISSUER, Instance, NOW, THEN, base64, der, email, envelope, enveloped,
    extension, fulcio, hashed, hashed_2, hex, key, message, pem, read_root, sha256, sign, spki,
    uri,
};

const PROMISE: &str = "/verificationMaterial/tlogEntries/0/inclusionPromise/signedEntryTimestamp";

const CERTIFICATE: &str = "/verificationMaterial/certificate/rawBytes";

/// The instance with a log of its own.
fn other_log() -> Instance {
    Instance {
        log: key(9),
        ..Instance::new()
    }
}

/// A root that trusts the logs of both.
fn both_logs() -> Value {
    let mut root = Instance::new().root();
    let mut log = other_log().root()["tlogs"][0].clone();
    log["baseUrl"] = json!("https://second.example");
    root["tlogs"].as_array_mut().unwrap().push(log);
    root
}

#[test]
fn a_log_has_no_say_in_the_name_of_another() {
    let (good, other) = (
        Instance::new().message(ARTIFACT),
        other_log().message(ARTIFACT),
    );
    let root = read_root(&both_logs());
    let judged = |bundle: &Value| why_by(bundle, &root, Some(&expected()));
    assert_eq!(judged(&good), "");
    let part = |place: &str| other.pointer(place).unwrap().clone();
    let id = format!("{ENTRY}/logId");
    for (bundle, reasons) in [
        // The promise of the second log over the body in the first.
        (with(&good, PROMISE, part(PROMISE)), "log-promise time"),
        // All of the first log, said to be of the second.
        (with(&good, &id, part(&id)), "log-promise log-proof time"),
        // The proof of the second: the same tree, and another who signed its root.
        (with(&good, PROOF, part(PROOF)), "log-proof"),
        // The second log signs in the name of the first.
        (other.clone(), "log-proof"),
    ] {
        assert_eq!(judged(&bundle), reasons);
    }
}

/// The checkpoint of an entry's tree, with other words before the root and beside its signature.
fn checkpoint(bundle: &Value, head: &str, name: &str) -> Value {
    let root = bundle.pointer(PROOF).unwrap()["rootHash"].as_str().unwrap();
    let log = Instance::new().log;
    let signed = format!("{head}\n{root}\n");
    let id = sha256(&spki(&log));
    let signature = [&id[..4], &sign(&log, signed.as_bytes())].concat();
    let text = format!("{signed}\n\u{2014} {name} {}\n", base64(&signature));
    with(bundle, &format!("{PROOF}/checkpoint/envelope"), json!(text))
}

#[test]
fn a_checkpoint_with_the_right_root_is_of_its_own_log_and_tree() {
    let good = Instance::new().message(ARTIFACT);
    let of = |head: &str, name: &str| why(&checkpoint(&good, head, name));
    let log = sigstore::LOG;
    assert_eq!(of(&format!("{log} - 42\n2"), log), "");
    for head in [
        "other.example - 42\n2".to_owned(),
        format!("{log}.other.example - 42\n2"),
        format!("{log} - 42 - 43\n2"),
        format!("{log} - \n2"),
        format!("https://{log} - 42\n2"),
        format!("{log} - 42\n3"),
        format!("{log} - 42\n-2"),
        format!("{log} - 42\n2\n\n2"),
    ] {
        assert_eq!(of(&head, log), "log-proof", "{head}");
    }
    assert_eq!(of(&format!("{log} - 42\n2"), "other.example"), "log-proof");
    // The first version's words in the second's log.
    let second = Instance::new().statement(&provenance(ARTIFACT));
    let words = checkpoint(&second, &format!("{log} - 42\n2"), log);
    assert_eq!(why(&words), "log-proof");
}

#[test]
fn of_the_lines_of_a_log_beside_its_checkpoint_the_first_is_checked_and_no_other() {
    let good = Instance::new().message(ARTIFACT);
    let place = format!("{PROOF}/checkpoint/envelope");
    let text = good.pointer(&place).unwrap().as_str().unwrap();
    let (signed, own) = text.split_once("\n\n").unwrap();
    let line = |id: &[u8]| {
        let signature = [&id[..4], &[7; 70]].concat();
        format!("\u{2014} {} {}\n", sigstore::LOG, base64(&signature))
    };
    let wrong = line(&sha256(&spki(&Instance::new().log)));
    let by_other_key = line(&[7; 4]);
    for (lines, reasons) in [
        ([own, &wrong], ""),
        ([&wrong, own], "log-proof"),
        ([&by_other_key, own], ""),
        ([&by_other_key, &wrong], "log-proof"),
    ] {
        let text = format!("{signed}\n\n{}", lines.concat());
        assert_eq!(why(&with(&good, &place, json!(text))), reasons);
    }
}

#[test]
fn numbers_of_an_entry_are_those_that_the_log_signed() {
    let good = Instance::new().message(ARTIFACT);
    let at = |name: &str| format!("{ENTRY}/{name}");
    all([
        (
            "index",
            with(&good, &at("logIndex"), json!("0")),
            "log-promise time",
        ),
        (
            "time",
            with(&good, &at("integratedTime"), json!((THEN + 1).to_string())),
            "log-promise time",
        ),
        (
            "proof",
            with(&good, &format!("{PROOF}/logIndex"), json!("0")),
            "log-proof",
        ),
        (
            "size",
            with(&good, &format!("{PROOF}/treeSize"), json!("3")),
            "log-proof",
        ),
        (
            "hashes",
            with(&good, &format!("{PROOF}/hashes"), json!([])),
            "log-proof",
        ),
        (
            "zero first",
            with(&good, &at("logIndex"), json!("01")),
            "bundle",
        ),
        (
            "of a number",
            with(&good, &at("logIndex"), json!(1.0)),
            "bundle",
        ),
    ]);
    // The second version has the entry's own number in its proof.
    let second = Instance::new().statement(&provenance(ARTIFACT));
    let moved = with(&second, &format!("{PROOF}/logIndex"), json!("0"));
    assert_eq!(why(&moved), "log-proof");
}

#[test]
fn an_entry_that_the_log_signed_has_one_meaning() {
    let instance = Instance::new();
    let good = instance.message(ARTIFACT);
    let signature = sign(&instance.signer, ARTIFACT);
    let by = pem("CERTIFICATE", &instance.certificate());
    let body = hashed(ARTIFACT, &signature, &by);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut body = body.clone();
        change(&mut body);
        with(&good, ENTRY, instance.entry(&body, THEN))
    };
    let other = json!({ "algorithm": "sha256", "value": hex(&sha256(b"another")) });
    let data = "/spec/data/hash";
    all([
        ("the same", changed(&|_| ()), ""),
        (
            "another artifact",
            changed(&|body| *body.pointer_mut(data).unwrap() = other.clone()),
            "log-content",
        ),
        (
            "a name more",
            changed(&|body| body["spec"]["data"]["url"] = json!("x")),
            "log-content",
        ),
        (
            "a shorter hash",
            changed(&|body| body.pointer_mut(data).unwrap()["value"] = json!("00")),
            "log-content",
        ),
        (
            "another hash",
            changed(&|body| body.pointer_mut(data).unwrap()["algorithm"] = json!("sha512")),
            "log-content",
        ),
        (
            "no key",
            changed(&|body| body["spec"]["signature"]["publicKey"]["content"] = json!("")),
            "log-content",
        ),
    ]);
    // A kind beside it that its body does not have.
    let kind = format!("{ENTRY}/kindVersion");
    let said = json!({ "kind": "hashedrekord", "version": "0.0.2" });
    assert_eq!(why(&with(&good, &kind, said)), "log-proof log-content");
}

#[test]
fn two_good_halves_are_no_whole() {
    let instance = Instance::new();
    let leaf = |name: &str| Certificate::leaf(&instance.signer, &uri(name), Some(ISSUER));
    // One key, certified twice: the signature is by both.
    let theirs = instance.certified(&leaf("https://example.com/somebody/else"));
    let message = instance.message_by(ARTIFACT, &theirs);
    let own = json!(base64(&instance.certificate()));
    assert_eq!(why(&message), "identity");
    assert_eq!(
        why(&with(&message, CERTIFICATE, own.clone())),
        "log-content"
    );
    let statement = instance.statement_by(&provenance(ARTIFACT), &theirs);
    assert_eq!(why(&with(&statement, CERTIFICATE, own)), "log-content");
    // Another key, certified for the same identity.
    let second = Instance {
        signer: key(9),
        ..Instance::new()
    };
    let half = |place: &str| {
        let part = second.message(ARTIFACT).pointer(place).unwrap().clone();
        why(&with(&instance.message(ARTIFACT), place, part))
    };
    assert_eq!(why(&second.message(ARTIFACT)), "");
    assert_eq!(half(CERTIFICATE), "signature log-content");
    assert_eq!(half("/messageSignature/signature"), "signature log-content");
    assert_eq!(half(ENTRY), "log-content");
    // The digest of one artifact and the signature of another.
    let of_other = instance.message(b"another");
    let digest = of_other.pointer("/messageSignature/messageDigest").unwrap();
    let place = "/messageSignature/messageDigest";
    assert_eq!(
        why(&with(&instance.message(ARTIFACT), place, digest.clone())),
        "artifact"
    );
}

#[test]
fn a_timestamp_is_of_the_signature_and_in_the_certificates_time() {
    let instance = Instance::new();
    let good = instance.statement(&provenance(ARTIFACT));
    let sig = good["dsseEnvelope"]["signatures"][0]["sig"]
        .as_str()
        .unwrap();
    let signature = sigstore::unbase64(sig);
    let judged = |of: &[u8], at: &str| {
        let stamps = &instance.stamp(of, at)["rfc3161Timestamps"];
        why(&with(&good, STAMPS, stamps.clone()))
    };
    let payload = provenance(ARTIFACT).to_string();
    for other in [ARTIFACT, payload.as_bytes(), sig.as_bytes()] {
        assert_eq!(judged(other, "20260102030405Z"), "timestamp time");
    }
    for (at, reasons) in [
        ("20260102030405Z", ""),
        ("20260102031000Z", ""),
        // A second late, and a part of one.
        ("20260102031001Z", "time"),
        ("20260102031000.5Z", "time"),
        // Not in UTC, and in another zone.
        ("20260102030405", "timestamp time"),
        ("20260102030405+0000", "timestamp time"),
        ("20260230030405Z", "timestamp time"),
    ] {
        assert_eq!(judged(&signature, at), reasons, "{at}");
    }
}

#[test]
fn a_timestamp_of_another_day_is_not_outvoted_by_the_log() {
    let instance = Instance::new();
    let mut both = instance.message(ARTIFACT);
    let signature = sign(&instance.signer, ARTIFACT);
    both["verificationMaterial"]["timestampVerificationData"] =
        instance.stamp(&signature, "20260103030405Z");
    assert_eq!(why(&both), "time");
}

/// A certificate that signs the usual message, made by a change of the usual one.
fn certified(change: impl Fn(&mut Certificate)) -> String {
    let instance = Instance::new();
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    change(&mut leaf);
    why(&instance.message_by(ARTIFACT, &instance.certified(&leaf)))
}

#[test]
fn a_certificate_that_is_signed_and_formed_as_none_is() {
    let issuer = |tag: u8, text: &str| fulcio(8, &der(tag, &[text.as_bytes()]));
    assert_eq!(certified(|_| ()), "");
    let added = |more: Vec<u8>| certified(|leaf| leaf.extensions.push(more.clone()));
    // Twice, the same or another.
    assert_eq!(added(issuer(0x0c, ISSUER)), "certificate");
    assert_eq!(added(issuer(0x0c, "https://issuer.example")), "certificate");
    let unknown = der(
        0x30,
        &[
            &der(6, &[&[0x2a, 3, 4]]),
            &der(1, &[&[0xff]]),
            &der(4, &[&[5, 0]]),
        ],
    );
    assert_eq!(added(unknown), "certificate-use");
    // A boolean that DER leaves out, and one that is neither.
    for byte in [0x00, 0x01] {
        let odd = der(
            0x30,
            &[
                &der(6, &[&[0x2a, 3, 4]]),
                &der(1, &[&[byte]]),
                &der(4, &[&[5, 0]]),
            ],
        );
        assert_eq!(added(odd), "certificate", "{byte}");
    }
    // The newer issuer as another kind of text, and without the older one.
    let reissued = |text: Vec<u8>| {
        certified(|leaf| {
            leaf.extensions.retain(|one| {
                !one.windows(10)
                    .any(|part| part == [0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, 8])
            });
            leaf.extensions.push(text.clone());
        })
    };
    assert_eq!(reissued(issuer(0x0c, ISSUER)), "");
    assert_eq!(reissued(issuer(0x16, ISSUER)), "certificate-issuer");
    assert_eq!(
        reissued(issuer(0x0c, &format!("{ISSUER}/"))),
        "certificate-issuer"
    );
    let longer = [issuer(0x0c, ISSUER)].concat();
    assert_eq!(
        reissued(fulcio(8, &[&longer[..], &[0]].concat())),
        "certificate-issuer"
    );
    // Inside it says that it is signed in another way than outside.
    let der = Instance::new().certificate();
    let other = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    let at = der
        .windows(8)
        .rposition(|part| part[..7] == other[..7])
        .unwrap();
    let mut outside = der.clone();
    outside[at..at + 8].copy_from_slice(&other);
    let message = Instance::new().message_by(ARTIFACT, &outside);
    assert_eq!(why(&message), "certificate");
    // A byte more behind it.
    let message = Instance::new().message_by(ARTIFACT, &[&der[..], &[0]].concat());
    assert_eq!(why(&message), "certificate");
}

#[test]
fn a_certificate_has_so_many_extensions_and_no_more() {
    // Each is compared with the others. Seven are there.
    let numbered = |count: u8| {
        certified(|leaf| {
            let one = |number| extension(&[0x2a, 3, 5, number], false, &[5, 0]);
            leaf.extensions.extend((1..=count).map(one));
        })
    };
    assert_eq!(numbered(121), "");
    assert_eq!(numbered(122), "certificate");
}

#[test]
fn a_name_in_a_certificate_is_all_of_it() {
    let named = |san: Vec<u8>, identity: &str| {
        let instance = Instance::new();
        let leaf = Certificate::leaf(&instance.signer, &san, Some(ISSUER));
        let bundle = instance.message_by(ARTIFACT, &instance.certified(&leaf));
        let (identity, issuer) = (identity.to_owned(), ISSUER.to_owned());
        let by = Expected::Identity { identity, issuer };
        why_by(&bundle, &instance.read_root(), Some(&by))
    };
    let me = "me@example.com";
    assert_eq!(named(email(me), me), "");
    for san in [
        "me@example.com\0",
        "\0me@example.com",
        "me@example.com\n",
        "me@example.com ",
        "ME@example.com",
        "me@example.com.",
        "x\nme@example.com",
    ] {
        assert_eq!(named(email(san), me), "identity", "{san:?}");
    }
    assert_eq!(named(uri(me), me), "identity");
    assert_eq!(
        named(email("m\u{e9}@example.com"), me),
        "certificate-identity"
    );
    assert_eq!(
        named([email(me), email(me)].concat(), me),
        "certificate-identity"
    );
    assert_eq!(
        named([email(me), email("x@example.com")].concat(), me),
        "certificate-identity"
    );
    assert_eq!(named(email(""), me), "certificate-identity");
    assert_eq!(named(Vec::new(), me), "certificate-identity");
}

#[test]
fn a_signature_of_ecdsa_has_one_form() {
    let by = Expected::Keys(vec![GivenKey::of(spki(&key(8))).unwrap()]);
    let root = Instance::new().read_root();
    let judged = |signature: &[u8]| why_by(&by_key(signature), &root, Some(&by));
    let good = sign(&key(8), ARTIFACT);
    assert_eq!(judged(&good), "");
    let parsed = p256::ecdsa::Signature::from_der(&good).unwrap();
    let (r, s) = (parsed.r().to_bytes(), parsed.s().to_bytes());
    let integer = |bytes: &[u8]| der(2, &[&[0][..usize::from(bytes[0] >> 7)], bytes]);
    let order = p256_order();
    for (name, signature) in [
        ("raw", [&r[..], &s[..]].concat()),
        ("zeros", der(0x30, &[&der(2, &[&[0]]), &der(2, &[&[0]])])),
        ("no r", der(0x30, &[&der(2, &[&[0]]), &integer(&s)])),
        ("no s", der(0x30, &[&integer(&r), &der(2, &[&[0]])])),
        (
            "r and the order",
            der(0x30, &[&integer(&order), &integer(&s)]),
        ),
        (
            "s and the order",
            der(0x30, &[&integer(&r), &integer(&order)]),
        ),
        ("swapped", der(0x30, &[&integer(&s), &integer(&r)])),
        ("one more byte", [&good[..], &[0]].concat()),
        (
            "an integer more",
            der(0x30, &[&integer(&r), &integer(&s), &der(2, &[&[1]])]),
        ),
        (
            "a zero more",
            der(0x30, &[&der(2, &[&[0, 0], &r[..]]), &integer(&s)]),
        ),
        ("a long length", [&[0x30, 0x81][..], &good[1..]].concat()),
    ] {
        assert_eq!(judged(&signature), "signature", "{name}");
    }
    assert_eq!(judged(&[]), "bundle");
}

/// The order of P-256 (SEC 2, 2.4.2).
fn p256_order() -> [u8; 32] {
    let mut order = [0xff; 32];
    order[4..8].fill(0);
    order[16..].copy_from_slice(&[
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25,
        0x51,
    ]);
    order
}

#[test]
fn a_hint_is_no_key_and_a_key_no_certificate() {
    let root = Instance::new().read_root();
    let given = GivenKey::of(spki(&key(8))).unwrap();
    let hinted = |hint: &str| {
        let bundle = by_key(&sign(&key(8), ARTIFACT));
        with(&bundle, "/verificationMaterial/publicKey/hint", json!(hint))
    };
    let judged = |bundle: &Value, by: Option<&Expected>| why_by(bundle, &root, by);
    // The right id, and nobody gave the key.
    assert_eq!(judged(&hinted(given.id()), None), "key");
    assert_eq!(judged(&hinted(IDENTITY), Some(&expected())), "identity key");
    assert!(found(&hinted(given.id()), &root, None).signer.is_none());
    // The id of the key that is asked for, and another's signature.
    let other = Expected::Keys(vec![GivenKey::of(spki(&key(9))).unwrap()]);
    assert_eq!(judged(&hinted(given.id()), Some(&other)), "signature");
    // The key of the certificate is asked for: it signed, as somebody else.
    let instance = Instance::new();
    let own = Expected::Keys(vec![GivenKey::of(spki(&instance.signer)).unwrap()]);
    assert_eq!(judged(&instance.message(ARTIFACT), Some(&own)), "key");
}

#[test]
fn an_envelope_says_what_it_is_and_a_message_says_nothing() {
    let instance = Instance::new();
    let good = instance.statement(&provenance(ARTIFACT));
    let kind = "/dsseEnvelope/payloadType";
    for name in [
        "application/json",
        "application/vnd.in-toto+json ",
        "APPLICATION/vnd.in-toto+json",
        "application/vnd.dev.cosign.simplesigning.v1+json",
    ] {
        let reasons = "signature log-content statement";
        let said = why(&with(&good, kind, json!(name)));
        let mut said: Vec<&str> = said.split(' ').collect();
        said.sort_unstable();
        let mut reasons: Vec<&str> = reasons.split(' ').collect();
        reasons.sort_unstable();
        assert_eq!(said, reasons, "{name}");
    }
}

/// A signature of bytes, in a log of either version, for whatever content is said to be signed by it.
fn signed_as(content: &str, signed: &[u8], version: u8, told: &dyn Fn(&[u8]) -> Value) -> Value {
    let instance = Instance::new();
    let signature = sign(&instance.signer, signed);
    let certificate = instance.certificate();
    let mut bundle = instance.message(ARTIFACT);
    bundle.as_object_mut().unwrap().remove("messageSignature");
    let material = &mut bundle["verificationMaterial"];
    material["timestampVerificationData"] = instance.stamp(&signature, "20260102030405Z");
    material["tlogEntries"][0] = match version {
        1 => instance.entry(
            &hashed(signed, &signature, &pem("CERTIFICATE", &certificate)),
            THEN,
        ),
        _ => instance.entry_2(&hashed_2(signed, &signature, &certificate)),
    };
    bundle[content] = told(&signature);
    bundle
}

/// Why a bundle does not hold for these bytes.
fn why_of(bundle: &Value, artifact: &[u8]) -> String {
    let bundle = Bundle::read(bundle.to_string().as_bytes()).unwrap();
    let asked = BundleQuestion {
        artifact: Artifact::Bytes(artifact),
        root: &Instance::new().read_root(),
        by: Some(&expected()),
        now: NOW,
    };
    verify(&bundle, &asked).reasons().join(" ")
}

#[test]
fn a_signed_envelope_is_no_message_but_of_its_own_bytes() {
    let payload = provenance(ARTIFACT).to_string();
    let whole = enveloped(&payload);
    for version in [1, 2] {
        for (artifact, hashed, reasons) in [
            // The envelope's own bytes are what was signed, and nothing else is.
            (whole.as_bytes(), whole.as_bytes(), ""),
            (
                payload.as_bytes(),
                payload.as_bytes(),
                "signature log-content",
            ),
            (
                payload.as_bytes(),
                whole.as_bytes(),
                "artifact signature log-content",
            ),
            (ARTIFACT, ARTIFACT, "signature log-content"),
            (
                ARTIFACT,
                payload.as_bytes(),
                "artifact signature log-content",
            ),
            (ARTIFACT, whole.as_bytes(), "artifact signature log-content"),
        ] {
            let told = |signature: &[u8]| message(hashed, signature);
            let bundle = signed_as("messageSignature", whole.as_bytes(), version, &told);
            assert_eq!(why_of(&bundle, artifact), reasons, "{version}");
            // That the hash is left out says no more.
            let bare = without(&bundle, "/messageSignature", "messageDigest");
            let reasons = reasons.trim_start_matches("artifact ");
            assert_eq!(why_of(&bare, artifact), reasons, "{version}");
        }
    }
}

#[test]
fn a_signed_message_is_no_envelope_that_names_an_artifact() {
    let payload = provenance(ARTIFACT).to_string();
    let whole = enveloped(&payload);
    let judged = |signed: &[u8], version: u8| {
        let told = |signature: &[u8]| envelope(&payload, signature);
        why_of(&signed_as("dsseEnvelope", signed, version, &told), ARTIFACT)
    };
    for signed in [
        ARTIFACT,
        payload.as_bytes(),
        &sha256(ARTIFACT),
        &sha256(whole.as_bytes()),
    ] {
        for version in [1, 2] {
            assert_eq!(judged(signed, version), "signature log-content");
        }
    }
    // Whoever signs the bytes of an envelope has signed it. The first version of the log tells the two apart, the second
    // does not.
    assert_eq!(judged(whole.as_bytes(), 1), "log-content");
    assert_eq!(judged(whole.as_bytes(), 2), "");
}

/// The reasons by the digest of the artifact alone, and then by its bytes.
fn by_digest_and_bytes(subject: Value) -> [String; 2] {
    let instance = Instance::new();
    let mut statement = provenance(ARTIFACT);
    statement["subject"] = subject;
    let bundle = instance.statement(&statement).to_string();
    let bundle = Bundle::read(bundle.as_bytes()).unwrap();
    let (digest, root) = (Digest::sha256(ARTIFACT), instance.read_root());
    [Artifact::Digest(&digest), Artifact::Bytes(ARTIFACT)].map(|artifact| {
        let by = expected();
        let asked = BundleQuestion {
            artifact,
            root: &root,
            by: Some(&by),
            now: NOW,
        };
        verify(&bundle, &asked).reasons().join(" ")
    })
}

#[test]
fn no_digest_is_taken_back_by_the_bytes() {
    let own = hex(&sha256(ARTIFACT));
    let long = hex(&Sha512::digest(ARTIFACT));
    let wrong = "00".repeat(64);
    let one = |digest: Value| json!([{ "digest": digest }]);
    // Two digests of which one is another's: without the bytes nobody can know.
    assert_eq!(
        by_digest_and_bytes(one(json!({ "sha256": own, "sha512": wrong }))),
        ["artifact"; 2]
    );
    assert_eq!(
        by_digest_and_bytes(one(json!({ "sha512": wrong, "sha256": own }))),
        ["artifact"; 2]
    );
    assert_eq!(
        by_digest_and_bytes(one(json!({ "sha256": own, "sha512": long }))),
        ["artifact", ""]
    );
    assert_eq!(
        by_digest_and_bytes(one(json!({ "sha256": own, "gitCommit": "00" }))),
        ["", ""]
    );
    let several =
        json!([{ "digest": { "sha256": own } }, { "digest": { "sha256": own, "sha384": "00" } }]);
    assert_eq!(by_digest_and_bytes(several), ["artifact"; 2]);
    // Names of hashes are as they are written.
    assert_eq!(
        by_digest_and_bytes(one(json!({ "SHA256": own }))),
        ["artifact"; 2]
    );
    assert_eq!(
        by_digest_and_bytes(json!({ "digest": { "sha256": own } })),
        ["artifact"; 2]
    );
    assert_eq!(by_digest_and_bytes(one(json!(own))), ["artifact"; 2]);
    assert_eq!(
        by_digest_and_bytes(one(json!({ "sha256": [own] }))),
        ["artifact"; 2]
    );
}

/// The checks of a bundle that failed, and those that could not be made, for an artifact of which the SHA-512 is known.
fn by_long_digest(bundle: &Bundle, artifact: &[u8]) -> [String; 2] {
    let long = format!("sha512:{}", hex(&Sha512::digest(artifact)));
    let asked = BundleQuestion {
        artifact: Artifact::Digest(&long.parse().unwrap()),
        root: &Instance::new().read_root(),
        by: Some(&expected()),
        now: NOW,
    };
    let findings = verify(bundle, &asked).findings;
    let named = |is: fn(&RuleOutcome) -> bool| {
        let all = findings.iter().filter(|one| is(&one.outcome));
        all.map(|one| one.rule).collect::<Vec<_>>().join(" ")
    };
    [
        named(|one| matches!(one, RuleOutcome::Fails { .. })),
        named(|one| matches!(one, RuleOutcome::Unknown { .. })),
    ]
}

#[test]
fn a_digest_that_cannot_be_compared_speaks_against_nothing() {
    let read = |bundle: &Value| Bundle::read(bundle.to_string().as_bytes()).unwrap();
    let instance = Instance::new();
    // By the first version of the log and by the second.
    let whole = b"bytes".as_slice();
    let told = |signature: &[u8]| message(whole, signature);
    for version in [1, 2] {
        let bundle = read(&signed_as("messageSignature", whole, version, &told));
        assert_eq!(by_long_digest(&bundle, whole), ["", "artifact log-content"]);
    }
    // That the log has another signature is seen all the same.
    let message = instance.message(ARTIFACT);
    let other = with(
        &message,
        ENTRY,
        instance.message(b"x").pointer(ENTRY).unwrap().clone(),
    );
    assert_eq!(
        by_long_digest(&read(&other), ARTIFACT),
        ["log-content", "artifact"]
    );
    // Nor does it hide that a signature is of another artifact than it says.
    let signature = json!(base64(&sign(&instance.signer, b"x")));
    let other = with(&message, "/messageSignature/signature", signature);
    assert_eq!(
        by_long_digest(&read(&other), ARTIFACT),
        ["signature log-content", "artifact"]
    );
    // What is signed of an image names one digest of it.
    let payload = |digest: &str| {
        let payload = json!({
            "critical": {
                "identity": { "docker-reference": "" },
                "image": { "docker-manifest-digest": digest },
                "type": "cosign container image signature",
            },
            "optional": null,
        })
        .to_string();
        let signature = base64(&sign(&key(8), payload.as_bytes()));
        let annotation =
            |name: &str| (name == "dev.cosignproject.cosign/signature").then_some(&*signature);
        Bundle::of_layer(PAYLOAD, annotation, payload.as_bytes()).unwrap()
    };
    let [short, long] = [hex(&sha256(ARTIFACT)), hex(&Sha512::digest(ARTIFACT))];
    for (digest, found) in [
        (format!("sha256:{short}"), ["identity", "artifact key"]),
        (format!("sha512:{long}"), ["identity", "key"]),
        (
            format!("sha512:{}", "00".repeat(64)),
            ["identity artifact", "key"],
        ),
        (format!("sha384:{short}"), ["identity artifact", "key"]),
        ("sha256:x".to_owned(), ["identity artifact", "key"]),
    ] {
        assert_eq!(
            by_long_digest(&payload(&digest), ARTIFACT),
            found,
            "{digest}"
        );
    }
}

#[test]
fn a_key_of_a_kind_that_is_not_read_hides_no_other_artifact() {
    let curve = der(
        0x30,
        &[
            &der(6, &[&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]]),
            &der(6, &[&[0x2b, 0x81, 4, 0, 35]]),
        ],
    );
    let instance = Instance::new();
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    leaf.spki = der(0x30, &[&curve, &der(3, &[&[0, 4], &[7; 132]])]);
    let certificate = instance.certified(&leaf);
    assert_eq!(
        why(&instance.message_by(ARTIFACT, &certificate)),
        "algorithm"
    );
    assert_eq!(
        why(&instance.message_by(b"another", &certificate)),
        "artifact algorithm"
    );
    let statement = |of: &[u8]| why(&instance.statement_by(&provenance(of), &certificate));
    assert_eq!(statement(ARTIFACT), "algorithm");
    assert_eq!(statement(b"another"), "artifact algorithm");
}

#[test]
fn an_artifact_is_hashed_once_however_many_subjects_there_are() {
    let instance = Instance::new();
    let root = instance.read_root();
    let artifact = vec![7; 4 << 20];
    let timed = |count: usize| {
        let one = json!({ "digest": { "sha256": "00".repeat(32), "sha512": "00" } });
        let mut statement = provenance(ARTIFACT);
        statement["subject"] = json!(vec![one; count]);
        let bundle = Bundle::read(instance.statement(&statement).to_string().as_bytes()).unwrap();
        let asked = BundleQuestion {
            artifact: Artifact::Bytes(&artifact),
            root: &root,
            by: None,
            now: NOW,
        };
        let begun = Instant::now();
        assert_eq!(verify(&bundle, &asked).reasons(), ["artifact"]);
        begun.elapsed()
    };
    timed(1);
    let (one, many) = (timed(1), timed(1024));
    assert!(many < one * 40, "{many:?} {one:?}");
}
