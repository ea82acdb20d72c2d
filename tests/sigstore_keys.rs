//! Kinds of keys and signatures: what is supported verifies, and what is not is named and proves nothing.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

mod sigstore;

use base64ct::{Base64, Encoding};
use p384::ecdsa::signature::hazmat::PrehashSigner;
use p384::pkcs8::EncodePublicKey;
use pullproof::Digest;
use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, Expected, GivenKey, PAYLOAD, RuleFinding, RuleOutcome,
    RuleWant, ShippedRoots, verify,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha384};

use sigstore::judge::{ARTIFACT, by_key, expected, found, why};
use sigstore::{Certificate, IDENTITY, ISSUER, Instance, NOW, base64, uri};

/// A key on P-521, from node's crypto.
const P521: &str = "MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBb8dLsGH7IIYQ5pEzOGnHFxyz61SKc8a78RbtUd19/+T5yOqV3xToNVhsyR/u3exC1FCKvJiWPYZf5K1KUOD/VPUB8fW+w+O4GP8Nxc3pRv90EvcHx1WV2xqarBpjtCIwLqVv4CVvisxhB0t0H5jp91ernzXZcZ7HkfW8SYcvXzrzUog=";

/// A key of Ed25519, and its signature of the artifact, from node's crypto.
const ED25519: [&str; 2] = [
    "MCowBQYDK2VwAyEAiodf/x6zhFFXes1a/uQFRWVo3XyJ4JCGOgVXvHr0nxc=",
    "Ft0SrzRE6vZcYRR+DGYP1KrO3RKkNpyDnWKj/Qsf6mYLoqDeXQqIzE0dNXv/TQd5SivuCdiFcFJchYFPWKSzDw==",
];

fn unknown(findings: &[RuleFinding], rule: &str) -> (String, RuleWant) {
    let one = findings.iter().find(|one| one.rule == rule).unwrap();
    match &one.outcome {
        RuleOutcome::Unknown { text, wanted } => (text.clone(), *wanted),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_key_on_p_521_is_named_and_refused() {
    let error = GivenKey::read(P521.as_bytes()).unwrap_err();
    assert_eq!(error.code(), "key");
    assert!(error.to_string().contains("the curve P-521"), "{error}");
    let instance = Instance::new();
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    leaf.spki = Base64::decode_vec(P521).unwrap();
    let bundle = instance.message_by(ARTIFACT, &instance.certified(&leaf));
    assert_eq!(why(&bundle), "algorithm");
}

#[test]
fn a_certificate_that_is_signed_with_rsa_pss_proves_nothing() {
    let instance = Instance::new();
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), Some(ISSUER));
    // `id-RSASSA-PSS` without parameters (RFC 8017, appendix C).
    leaf.algorithm = vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    let bundle = instance.message_by(ARTIFACT, &instance.certified(&leaf));
    assert_eq!(why(&bundle), "certificate-chain");
}

#[test]
fn ed25519_is_over_the_artifact_or_its_sha512() {
    let key = GivenKey::read(ED25519[0].as_bytes()).unwrap();
    let by = Expected::Keys(vec![key]);
    let root = Instance::new().read_root();
    let signature = Base64::decode_vec(ED25519[1]).unwrap();
    assert!(found(&by_key(&signature), &root, Some(&by)).holds());
    let digest = Digest::sha256(ARTIFACT);
    let bundle = Bundle::read(by_key(&signature).to_string().as_bytes()).unwrap();
    let asked = BundleQuestion {
        artifact: Artifact::Digest(&digest),
        root: &root,
        by: Some(&by),
        now: NOW,
    };
    let by_digest = verify(&bundle, &asked);
    assert!(!by_digest.holds());
    let said = unknown(&by_digest.findings, "signature");
    assert_eq!(said.1, RuleWant::Words("the bytes of the artifact"));
    let signer = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let spki = ed25519_dalek::pkcs8::EncodePublicKey::to_public_key_der(&signer.verifying_key());
    let own = Expected::Keys(vec![
        GivenKey::of(spki.unwrap().as_bytes().to_vec()).unwrap(),
    ]);
    let hashed = sha2::Digest::chain_update(sha2::Sha512::default(), ARTIFACT);
    let ph = signer.sign_prehashed(hashed, None).unwrap();
    assert!(found(&by_key(&ph.to_bytes()), &root, Some(&own)).holds());
    let mut other = signature;
    other[0] ^= 1;
    let changed = found(&by_key(&other), &root, Some(&by));
    assert_eq!(changed.reasons(), ["signature"]);
}

#[test]
fn a_key_on_p_384_signs_a_payload_by_either_hash() {
    let signer = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    let spki = signer.verifying_key().to_public_key_der().unwrap();
    let by = Expected::Keys(vec![GivenKey::of(spki.as_bytes().to_vec()).unwrap()]);
    let image = Digest::sha256(ARTIFACT);
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": "" },
            "image": { "docker-manifest-digest": image.as_str() },
            "type": "cosign container image signature",
        },
        "optional": null,
    })
    .to_string();
    let root = Instance::new().read_root();
    let holds = |hashed: &[u8]| {
        let signature: p384::ecdsa::Signature = signer.sign_prehash(hashed).unwrap();
        let signature = base64(signature.to_der().as_bytes());
        let annotation =
            |name: &str| (name == "dev.cosignproject.cosign/signature").then_some(&*signature);
        let bundle = Bundle::of_layer(PAYLOAD, annotation, payload.as_bytes()).unwrap();
        let asked = BundleQuestion {
            artifact: Artifact::Digest(&image),
            root: &root,
            by: Some(&by),
            now: NOW,
        };
        verify(&bundle, &asked).holds()
    };
    assert!(holds(&Sha256::digest(payload.as_bytes())));
    assert!(holds(&Sha384::digest(payload.as_bytes())));
    assert!(!holds(&Sha384::digest(b"another")));
}

#[test]
fn labels_of_kinds_that_are_not_known_are_open_in_a_root_and_refused_in_an_entry() {
    let instance = Instance::new();
    for label in [
        "PKIX_ED25519_PH",
        "PKIX_ECDSA_P521_SHA_512",
        "ML_DSA_65",
        "x",
    ] {
        let mut root = instance.root();
        root["tlogs"][0]["publicKey"]["keyDetails"] = json!(label);
        let root = sigstore::read_root(&root);
        let said = found(&instance.message(ARTIFACT), &root, Some(&expected()));
        assert_eq!(said.reasons(), ["algorithm", "time"], "{label}");
        let (text, _) = unknown(&said.findings, "algorithm");
        assert!(text.contains(label), "{text}");
        let statement = sigstore::judge::provenance(ARTIFACT);
        let mut bundle = instance.statement(&statement);
        let place = "/verificationMaterial/tlogEntries/0/canonicalizedBody";
        let body = bundle.pointer(place).unwrap().as_str().unwrap();
        let mut body: Value = serde_json::from_slice(&Base64::decode_vec(body).unwrap()).unwrap();
        let verifier = "/spec/hashedRekordV002/signature/verifier/keyDetails";
        *body.pointer_mut(verifier).unwrap() = json!(label);
        bundle["verificationMaterial"]["tlogEntries"][0] = instance.entry_2(&body);
        assert_eq!(why(&bundle), "log-content", "{label}");
    }
}

/// The root that is taken for a certificate which says that it is by this authority.
fn shipped(authority: &str, issuer: Option<&str>) -> String {
    let instance = Instance::new();
    let mut leaf = Certificate::leaf(&instance.signer, &uri(IDENTITY), issuer);
    authority.clone_into(&mut leaf.issuer);
    let bundle = instance.message_by(ARTIFACT, &instance.certified(&leaf));
    let bundle = Bundle::read(bundle.to_string().as_bytes()).unwrap();
    let roots = ShippedRoots::default();
    roots.of(&bundle).unwrap().name.clone()
}

#[test]
fn github_has_a_root_for_its_own_identities_and_all_others_have_that_of_the_public_instance() {
    let github = "the trusted root of GitHub of 2026-06-12";
    let public = "the trusted root of sigstore.dev of 2025-09-22";
    for (authority, issuer, root) in [
        ("GitHub, Inc.", Some(ISSUER), github),
        ("GitHub, Inc.", None, github),
        ("GitHub, Inc.", Some("https://accounts.google.com"), public),
        ("GitHub", Some(ISSUER), public),
        ("sigstore-intermediate", Some(ISSUER), public),
    ] {
        assert_eq!(shipped(authority, issuer), root, "{authority} {issuer:?}");
    }
    let by_key = Bundle::read(by_key(b"x").to_string().as_bytes()).unwrap();
    assert_eq!(ShippedRoots::default().of(&by_key).unwrap().name, public);
}
