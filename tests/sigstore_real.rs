//! Real bundles, as they were published, with the trusted roots that come along: of Sigstore's public instance (a release
//! of kubewarden-controller), and of GitHub's (a release of communique).

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use pullproof::sigstore::{
    Artifact, Bundle, BundleQuestion, Expected, ShippedRoots, TrustedRoot, verify,
};
use pullproof::{Digest, UnixTime, verify_bundle};
use serde_json::Value;

const PUBLIC: &[u8] = include_bytes!("sigstore/real/public-good.json");
const GITHUB: &[u8] = include_bytes!("sigstore/real/github.json");

const CONTROLLER: &str = "https://github.com/kubewarden/kubewarden-controller/.github/workflows/release.yml@refs/tags/v1.34.0";
const WORKFLOWS: &str = "https://token.actions.githubusercontent.com";
const RELEASES: &str = "https://dotcom.releases.github.com";

/// 2026-11-30.
const NOW: UnixTime = UnixTime(1_795_996_800);

/// Why a bundle does not hold; nothing if it does.
fn why(bundle: &[u8], sha256: &str, identity: &str, issuer: &str, now: UnixTime) -> String {
    let bundle = Bundle::read(bundle).unwrap();
    let digest = format!("sha256:{sha256}").parse::<Digest>().unwrap();
    let roots = ShippedRoots::default();
    let (identity, issuer) = (identity.to_owned(), issuer.to_owned());
    let by = Expected::Identity { identity, issuer };
    let found = verify(
        &bundle,
        &BundleQuestion {
            artifact: Artifact::Digest(&digest),
            root: roots.of(&bundle).unwrap(),
            by: Some(&by),
            now,
        },
    );
    assert_eq!(found.holds(), found.reasons().is_empty());
    found.reasons().join(" ")
}

#[test]
fn a_bundle_of_the_public_instance_holds() {
    let own = "c811d58de79c92f03214e63aa339484e488d694ae8a6283b5f3f17a9faf50172";
    let judged = |sha256: &str, identity: &str, issuer: &str, now| {
        why(PUBLIC, sha256, identity, issuer, now)
    };
    assert_eq!(judged(own, CONTROLLER, WORKFLOWS, NOW), "");
    assert_eq!(
        judged(&"00".repeat(32), CONTROLLER, WORKFLOWS, NOW),
        "artifact"
    );
    let other = CONTROLLER.replace("v1.34.0", "v1.34.1");
    assert_eq!(judged(own, &other, WORKFLOWS, NOW), "identity");
    assert_eq!(judged(own, CONTROLLER, "https://github.com", NOW), "issuer");
    // Before it was made: neither the timestamp nor the log is believed.
    let before = judged(own, CONTROLLER, WORKFLOWS, UnixTime(1_700_000_000));
    assert_eq!(before, "timestamp log-promise time");
}

#[test]
fn a_bundle_of_github_holds_without_a_log_and_without_an_issuer() {
    let file = "76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    assert_eq!(why(GITHUB, file, RELEASES, "", NOW), "");
    assert_eq!(why(GITHUB, file, RELEASES, WORKFLOWS, NOW), "issuer");
    assert_eq!(why(GITHUB, &"00".repeat(32), RELEASES, "", NOW), "artifact");
}

/// GitHub's root as it was before these authorities, by the words of a report on its bundle.
fn by_root_until(end: &str) -> String {
    let mut root: Value =
        serde_json::from_slice(include_bytes!("../src/sigstore/roots/github.json")).unwrap();
    for kind in ["certificateAuthorities", "timestampAuthorities"] {
        let all = root[kind].as_array_mut().unwrap();
        all.retain(|one| {
            one["validFor"]["end"]
                .as_str()
                .is_some_and(|until| until < end)
        });
        assert!(!all.is_empty());
    }
    let root = TrustedRoot::given(root.to_string().as_bytes()).unwrap();
    let file = "sha256:76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    let digest: Digest = file.parse().unwrap();
    let report = verify_bundle(GITHUB, Artifact::Digest(&digest), None, &root, NOW).unwrap();
    report.headline
}

#[test]
fn a_root_that_is_too_old_says_nothing_against_a_signature() {
    let signed = format!("Signed by {RELEASES}; nobody was asked for");
    assert_eq!(by_root_until("2026-12-31"), signed);
    assert_eq!(
        by_root_until("2026-01-01"),
        "Not known whether the signature holds"
    );
}
