//! The output that the real clients printed for a registry whose bytes are known: each is
//! recognised, and everything that is stated is so. Needs the corpus folder
//! (`PULLPROOF_CORPUS`) and the feature `corpus`.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use pullproof::claim::{Claim, Role, Statement};
use pullproof::digest::Digest;
use pullproof::paste::{Finding, recognise};
use serde_json::Value;

/// The folder of a tool's output, the command that printed it, and how its parts are called.
const TOOLS: &[(&str, &str, &str)] = &[
    (
        "buildx-imagetools-inspect",
        "docker buildx imagetools inspect",
        "docker buildx imagetools inspect",
    ),
    (
        "buildx-imagetools-inspect-json",
        "docker buildx imagetools inspect --format '{{json .}}'",
        "docker buildx imagetools inspect",
    ),
    (
        "buildx-imagetools-inspect-json-manifest",
        "docker buildx imagetools inspect --format '{{json .Manifest}}'",
        "docker buildx imagetools inspect",
    ),
    (
        "buildx-imagetools-inspect-raw",
        "docker buildx imagetools inspect --raw",
        "docker buildx imagetools inspect",
    ),
    ("crane-config", "crane config", "crane config"),
    ("crane-digest", "crane digest", "crane digest"),
    (
        "crane-digest-full",
        "crane digest --full-ref",
        "crane digest",
    ),
    ("crane-manifest", "crane manifest", "crane manifest"),
    (
        "docker20-manifest-inspect",
        "docker manifest inspect",
        "docker manifest inspect",
    ),
    (
        "docker20-manifest-inspect-v",
        "docker manifest inspect -v",
        "docker manifest inspect -v",
    ),
    (
        "docker28-manifest-inspect",
        "docker manifest inspect",
        "docker manifest inspect",
    ),
    (
        "docker28-manifest-inspect-v",
        "docker manifest inspect -v",
        "docker manifest inspect -v",
    ),
    (
        "dockerhead-manifest-inspect",
        "docker manifest inspect",
        "docker manifest inspect",
    ),
    ("skopeo193-inspect", "skopeo inspect", "skopeo inspect"),
    (
        "skopeo193-inspect-config",
        "skopeo inspect --config",
        "skopeo inspect",
    ),
    (
        "skopeo193-inspect-config-raw",
        "skopeo inspect --config --raw",
        "skopeo inspect",
    ),
    (
        "skopeo193-inspect-raw",
        "skopeo inspect --raw",
        "skopeo inspect",
    ),
];

fn samples() -> PathBuf {
    let folder = env::var_os("PULLPROOF_CORPUS").expect("PULLPROOF_CORPUS names the corpus folder");
    PathBuf::from(folder).join("samples")
}

/// A registry's document and what it names.
struct Truth {
    digest: String,
    size: usize,
    /// Everything named in it, with its size.
    named: BTreeMap<String, u64>,
    /// The platforms of its entries.
    platforms: BTreeMap<String, String>,
}

impl Truth {
    fn of(bytes: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(bytes).unwrap();
        let mut truth = Truth {
            digest: Digest::sha256(bytes).to_string(),
            size: bytes.len(),
            named: BTreeMap::new(),
            platforms: BTreeMap::new(),
        };
        truth.collect(&json);
        truth
    }

    fn collect(&mut self, json: &Value) {
        if let (Some(digest), Some(size)) = (json["digest"].as_str(), json["size"].as_u64()) {
            self.named.insert(digest.to_owned(), size);
            if let (Some(os), Some(architecture)) = (
                json["platform"]["os"].as_str(),
                json["platform"]["architecture"].as_str(),
            ) {
                let version = json["platform"]["os.version"].as_str();
                let version = version
                    .map(|version| format!("({version})"))
                    .unwrap_or_default();
                self.platforms
                    .insert(digest.to_owned(), format!("{os}{version}/{architecture}"));
            }
        }
        match json {
            Value::Object(members) => members.values().for_each(|value| self.collect(value)),
            Value::Array(items) => items.iter().for_each(|value| self.collect(value)),
            _ => {}
        }
    }
}

fn truths() -> BTreeMap<String, Truth> {
    let mut found = BTreeMap::new();
    for file in fs::read_dir(samples().join("raw")).unwrap() {
        let path = file.unwrap().path();
        let case = path.file_stem().unwrap().to_str().unwrap().to_owned();
        found.insert(case, Truth::of(&fs::read(&path).unwrap()));
    }
    found
}

/// The mistakes of a statement, compared with the registry's bytes.
fn wrong(statement: &Statement, truth: &Truth, all: &BTreeMap<String, Truth>) -> Option<String> {
    let bytes_of = |digest: &Digest| all.values().find(|truth| truth.digest == digest.as_str());
    let named = |digest: &Digest| {
        let inside = truth
            .named
            .keys()
            .filter_map(|child| all.values().find(|t| t.digest == *child));
        truth.named.contains_key(digest.as_str())
            || inside
                .into_iter()
                .any(|t| t.named.contains_key(digest.as_str()))
    };
    let right = match statement {
        Statement::Resolves { reference, digest } => {
            digest.as_str() == truth.digest || reference.ends_with(&format!("@{digest}"))
        }
        Statement::Includes {
            digest,
            role,
            platform,
            ..
        } => {
            let known = truth.platforms.get(digest.as_str());
            // Layers of an index are those of a manifest whose bytes are not in the samples.
            (*role == Role::Layer || named(digest))
                && platform
                    .as_ref()
                    .zip(known)
                    .is_none_or(|(stated, known)| stated.starts_with(known))
        }
        Statement::Names { parent, digest, .. } => match bytes_of(parent) {
            Some(parent) => parent.named.contains_key(digest.as_str()),
            None => truth.named.contains_key(parent.as_str()),
        },
        Statement::Platform { digest, platform } => {
            let known = truth.platforms.get(digest.as_str());
            known.is_none_or(|known| platform.starts_with(known))
        }
        Statement::Size { digest, size } => {
            let known = if digest.as_str() == truth.digest {
                Some(truth.size as u64)
            } else {
                truth.named.get(digest.as_str()).copied()
            };
            known.is_none_or(|known| known.to_string() == *size)
        }
        Statement::Candidate { .. } | Statement::Note { .. } => true,
        _ => false,
    };
    (!right).then(|| format!("{statement:?}"))
}

fn check(
    findings: &[Finding],
    tool: &str,
    truth: &Truth,
    all: &BTreeMap<String, Truth>,
    name: &str,
) {
    assert!(!findings.is_empty(), "{name}: nothing recognised");
    for finding in findings {
        assert_eq!(finding.tool, tool, "{name}");
        for claim in &finding.claims {
            assert_eq!(wrong(&claim.statement, truth, all), None, "{name}");
        }
    }
}

#[test]
fn every_sample_is_recognised_and_true() {
    let all = truths();
    for (folder, command, tool) in TOOLS {
        let (mut count, mut statements) = (0, 0);
        for (case, truth) in &all {
            let file = samples().join(folder).join(case);
            let printed = fs::read(file.with_extension("txt")).unwrap_or_default();
            let exit = fs::read_to_string(file.with_extension("rc")).unwrap_or_default();
            if exit.trim() != "0" || printed.is_empty() {
                continue;
            }
            let scheme = if command.starts_with("skopeo") {
                "docker://"
            } else {
                ""
            };
            let mut pasted =
                format!("$ {command} {scheme}127.0.0.1:5877/bb/busybox:{case}\n").into_bytes();
            pasted.extend(&printed);
            let name = format!("{folder}/{case}");
            let findings = recognise(&pasted);
            let nested =
                *tool == "docker manifest inspect -v" || *tool == "docker manifest inspect";
            let tool = findings
                .first()
                .filter(|_| nested)
                .map_or(*tool, |finding| finding.tool.as_str());
            check(&findings, tool, truth, &all, &name);
            let claims = findings.iter().flat_map(|finding| &finding.claims);
            let candidate = |claim: &&Claim| matches!(claim.statement, Statement::Candidate { .. });
            statements += claims.filter(|claim| !candidate(claim)).count();
            count += 1;
            // Without the command line nothing else is said of it.
            for finding in recognise(&printed) {
                for claim in &finding.claims {
                    assert_eq!(wrong(&claim.statement, truth, &all), None, "{name} alone");
                }
            }
        }
        println!(
            "{folder}: {count} of {} printed, all recognised, {statements} statements, all true",
            all.len()
        );
        assert!(count > 0, "{folder}");
    }
}

/// Golden files and pages of documentation: nothing in them panics, and what is not recognised
/// is said.
#[test]
fn pages_and_golden_files_are_read_without_false_statements() {
    for folder in ["docs", "golden-docker-cli", "webdis"] {
        for file in fs::read_dir(samples().join(folder)).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8(bytes.clone()).unwrap();
            let findings = recognise(&bytes);
            assert_eq!(
                findings.is_empty(),
                text.trim().is_empty(),
                "{}",
                path.display()
            );
            for claim in findings.iter().flat_map(|finding| &finding.claims) {
                if let Statement::Resolves { digest, .. } = &claim.statement {
                    assert!(
                        text.contains(digest.encoded()),
                        "{}: {digest}",
                        path.display()
                    );
                }
            }
            let parts = findings.len();
            let unread = findings
                .iter()
                .filter(|finding| finding.tool == "unread")
                .count();
            println!(
                "{}: {parts} parts, {unread} unread",
                path.file_name().unwrap().display()
            );
        }
    }
}

/// The output of docker for the repositories of the generated Content Trust metadata.
#[test]
fn trust_inspections_of_generated_repositories() {
    let folder = samples().join("../data/signed-notary-v1/generated-dct");
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.contains(".trust-inspect") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let findings = recognise(&bytes);
        for finding in &findings {
            let unread = finding
                .claims
                .iter()
                .any(|claim| matches!(claim.statement, Statement::Unread { .. }));
            assert!(
                !unread && finding.tool.starts_with("docker trust inspect"),
                "{name}: {findings:?}"
            );
        }
        count += findings.len();
    }
    println!("{count} trust inspections read");
    assert!(count > 10);
}
