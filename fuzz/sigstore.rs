//! What the targets for Sigstore share: a good bundle of each kind, what is done to its bytes, and the law. A bundle that
//! is proven with other bytes says the same of the same artifact; without the keys nothing else is ever proven.

#![allow(dead_code, reason = "each target uses what it needs")]

#[path = "../tests/sigstore/mod.rs"]
#[allow(clippy::all, dead_code, reason = "of the tests")]
pub mod instance;

use std::sync::LazyLock;

use pullproof::sigstore::{Artifact, Bundle, BundleQuestion, BundleSigner, ShippedRoots, TrustedRoot, verify};
use pullproof::verify_bundle;
use serde_json::Value;

use instance::judge::{ARTIFACT, expected, provenance};
use instance::{IDENTITY, ISSUER, Instance, NOW};

/// A message in version 1 of the log, and a statement in version 2 with a timestamp.
pub static GOOD: LazyLock<[Value; 2]> = LazyLock::new(|| {
    let instance = Instance::new();
    [
        instance.message(ARTIFACT),
        instance.statement(&provenance(ARTIFACT)),
    ]
});

static TRUSTED: LazyLock<Vec<u8>> =
    LazyLock::new(|| Instance::new().root().to_string().into_bytes());

/// The root that trusts them.
pub fn root() -> TrustedRoot {
    TrustedRoot::read(&TRUSTED, "the root of the tests").expect("a root")
}

/// Each four bytes: a place, what is done there, and with which byte.
pub fn changed(mut bytes: Vec<u8>, edits: &[u8]) -> Vec<u8> {
    for edit in edits.chunks_exact(4).take(8) {
        let place = usize::from(u16::from_be_bytes([edit[0], edit[1]])) % (bytes.len() + 1);
        match edit[2] % 4 {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, edit[3]),
            2 if place < bytes.len() => drop(bytes.remove(place)),
            _ if place < bytes.len() => bytes[place] = edit[3],
            _ => bytes.push(edit[3]),
        }
    }
    bytes
}

/// Holds what comes of a bundle against the law.
pub fn judge(bundle: &[u8], root: &TrustedRoot) {
    let Ok(read) = Bundle::read(bundle) else {
        return;
    };
    let by = expected();
    for (artifact, is_signed) in [(ARTIFACT, true), (&b"another"[..], false)] {
        let asked = BundleQuestion {
            artifact: Artifact::Bytes(artifact),
            root,
            by: Some(&by),
            now: NOW,
        };
        let found = verify(&read, &asked);
        assert_eq!(
            found.holds(),
            found.reasons().is_empty() && found.signer.is_some()
        );
        // A finding for each check of each entry and timestamp, and no more.
        assert!(
            found.findings.len() <= 32 * 8 + 32,
            "{}",
            found.findings.len()
        );
        if found.holds() {
            assert!(is_signed, "another artifact is proven");
            let Some(BundleSigner::Certificate {
                identity, issuer, ..
            }) = found.signer
            else {
                panic!("{:?}", found.signer);
            };
            assert_eq!(
                (identity.name.as_str(), issuer.as_deref()),
                (IDENTITY, Some(ISSUER))
            );
        }
    }
    // By the root that is shipped, whose keys nobody here has.
    let shipped = ShippedRoots::default();
    let Ok(read) = Bundle::read(bundle) else {
        return;
    };
    let root = shipped.of(&read).unwrap();
    let report = verify_bundle(bundle, Artifact::Bytes(ARTIFACT), None, root, NOW);
    assert!(report.is_err() || !report.unwrap().headline.starts_with("Signed by"));
}
