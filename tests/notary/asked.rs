//! An image, its author's metadata, and what a report says of it.

use base64ct::{Base64, Encoding};
use pullproof::claim::{Standing, Statement, Verdict};
use pullproof::tuf::Files;
use pullproof::{Report, Trust, UnixTime};
use serde_json::{Map, json};

pub const NAME: &str = "docker.io/nicolas/webdis";
pub const IMAGE: &str = "docker.io/nicolas/webdis:1.0";
/// 2026-12-24T00:00:00Z.
pub const NOW: UnixTime = UnixTime(1_798_070_400);
/// The configuration of [`MANIFEST`].
pub const CONFIG: &str =
    r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#;

pub const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:c5b1d63604f273462ef36fadac3182d43ae6a6138731cf594b314835cf1c034f","size":78},"layers":[]}"#;

pub fn evidence(name: &str, files: &Files) -> Vec<u8> {
    let files = files.iter();
    let files: Map<_, _> = files
        .map(|(role, bytes)| (format!("{role}.json"), json!(Base64::encode_string(bytes))))
        .collect();
    json!({ "pullproof": "notary-v1", "repository": name, "server": "https://notary.docker.io",
        "at": "2026-11-25T12:00:00Z", "files": files })
    .to_string()
    .into_bytes()
}

pub fn by(pins: &[&str]) -> Trust {
    Trust::Keys(pins.iter().map(|pin| pin.parse().unwrap()).collect())
}

/// The standings of the notes with this code.
pub fn noted<'r>(report: &'r Report, code: &str) -> Vec<(&'r str, &'r Standing)> {
    let notes = report
        .claims
        .iter()
        .filter_map(|claim| match &claim.statement {
            Statement::Note { code: c, text, .. } if c == code => {
                Some((text.as_str(), &claim.standing))
            }
            _ => None,
        });
    notes.collect()
}

#[track_caller]
pub fn is(report: &Report, verdict: Verdict, code: &str) {
    assert_eq!(report.verdict, verdict, "{:#?}", report.claims);
    assert!(
        !noted(report, code).is_empty(),
        "{code}: {:#?}",
        report.claims
    );
}
