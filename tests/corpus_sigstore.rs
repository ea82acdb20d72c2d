//! Sigstore's own conformance suite, and real bundles: what holds, and for which reason the rest does not. Needs the
//! folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

use std::fs;
use std::path::{Path, PathBuf};

use pullproof::sigstore::{Artifact, Asked, Bundle, Expected, Key, Root, verify};
use pullproof::{Digest, UnixTime};

/// The day that the corpus was made.
const THAT_DAY: UnixTime = UnixTime(1_795_435_200);

fn folder() -> PathBuf {
    let folder = std::env::var_os("PULLPROOF_CORPUS").expect("PULLPROOF_CORPUS names the corpus");
    PathBuf::from(folder).join("data")
}

/// Why a bundle does not hold: the names of the checks, or the code of the error; nothing if it holds.
fn reasons(bundle: &[u8], asked: &Asked) -> Vec<String> {
    match Bundle::read(bundle) {
        Err(error) => vec![error.code().to_owned()],
        Ok(bundle) => {
            let found = verify(&bundle, asked);
            let reasons = found.reasons();
            assert_eq!(reasons.is_empty(), found.holds(), "{found:#?}");
            reasons.into_iter().map(str::to_owned).collect()
        }
    }
}

struct Case {
    name: String,
    bundle: Vec<u8>,
    artifact: Vec<u8>,
    root: Result<Root, String>,
    by: Expected,
}

fn cases() -> Vec<Case> {
    let suite = folder().join("signed-sigstore/conformance/bundle-verify");
    let mut cases = Vec::new();
    for entry in fs::read_dir(&suite).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        let file = |name: &str| fs::read(path.join(name)).ok();
        let text = |name: &str, other: &str| {
            let text = file(name).map(|bytes| String::from_utf8(bytes).unwrap());
            text.map_or(other.to_owned(), |text| text.trim().to_owned())
        };
        let root = match file("trusted_root.json") {
            Some(bytes) => Root::read(&bytes, "the case's root"),
            None => Root::public_good(),
        };
        let by = match file("key.pub").map(|bytes| Key::read(&bytes)) {
            Some(Ok(key)) => Expected::Keys(vec![key]),
            Some(Err(_)) => Expected::Keys(Vec::new()),
            None => Expected::Identity {
                identity: text(
                    "identity",
                    "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
                ),
                issuer: text("issuer", "https://token.actions.githubusercontent.com"),
            },
        };
        let beside = || fs::read(suite.join("a.txt")).unwrap();
        cases.push(Case {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            bundle: file("bundle.sigstore.json").unwrap(),
            artifact: file("artifact").unwrap_or_else(beside),
            root: root.map_err(|error| error.code().to_owned()),
            by,
        });
    }
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

#[test]
fn conformance() {
    let cases = cases();
    for case in &cases {
        let digest = Digest::sha256(&case.artifact);
        for (how, artifact) in [
            ("bytes", Artifact::Bytes(&case.artifact)),
            ("digest", Artifact::Digest(&digest)),
        ] {
            let found = match &case.root {
                Err(code) => vec![code.clone()],
                Ok(root) => {
                    let by = Some(&case.by);
                    reasons(
                        &case.bundle,
                        &Asked {
                            artifact,
                            root,
                            by,
                            now: THAT_DAY,
                        },
                    )
                }
            };
            println!("{} by {how}: {}", case.name, found.join(" "));
        }
    }
}

fn real(into: &mut Vec<PathBuf>, at: &Path) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("layouts") {
                real(into, &path);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            into.push(path);
        }
    }
}

#[test]
fn real_bundles() {
    let mut paths = Vec::new();
    real(&mut paths, &folder().join("sigstore-real"));
    paths.sort();
    let root = Root::public_good().unwrap();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let artifact = Digest::sha256(b"");
        let asked = Asked {
            artifact: Artifact::Digest(&artifact),
            root: &root,
            by: None,
            now: THAT_DAY,
        };
        println!("{}: {}", path.display(), reasons(&bytes, &asked).join(" "));
    }
}
