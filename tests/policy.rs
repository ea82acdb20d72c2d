//! Images held against a publisher's policy, served by digest as any transport would serve them.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these are tests"
)]

mod vector;

use std::fmt::Write;

use pullproof::UnixTime;
use pullproof::claim::{Source, Standing, Statement};
use pullproof::policy::Policy;
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Claim, Verdict};

const EXAMPLE: &str = include_str!("../www/examples/webdis-policy.json");
const LIST: &str = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";

fn digest(name: &str) -> String {
    vector::document(name).key("digest").to_owned()
}

/// A policy of Beacon with one release, `1.0`, that has these fields.
fn policy(fields: &str) -> String {
    format!(
        r#"{{"pullproof":"policy","version":1,"project":"Beacon","names":["a.example/beacon"],"mirrors":["b.example/beacon"],"releases":[{{"tag":"1.0",{fields}}}]}}"#
    )
}

fn digests(names: &[&str]) -> String {
    let all: Vec<String> = names.iter().map(|name| digest(name)).collect();
    format!("\"digests\":{}", serde_json::to_string(&all).unwrap())
}

fn configs(entries: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (platform, name) in entries {
        let comma = if text.is_empty() { "" } else { "," };
        write!(text, "{comma}\"{platform}\":\"{}\"", digest(name)).unwrap();
    }
    format!("\"configs\":{{{text}}}")
}

fn asked(image: &str, policy: &str) -> Asked {
    let image = serde_json::to_string(image).unwrap();
    let text = format!(r#"{{"ask":"published","image":{image},"by":{{"policy":{policy}}}}}"#);
    text.parse().unwrap()
}

/// The answer with every document of ours at hand but those that are left out.
fn answer(image: &str, policy: &str, without: &[&str]) -> Report {
    let mut documents = vector::documents();
    documents.retain(|_, document| !without.contains(&document.name.as_str()));
    let mut session = Session::asking(asked(image, policy));
    let mut served = std::collections::BTreeSet::new();
    loop {
        let wants = session.wants();
        let next = wants.into_iter().find_map(|want| {
            let digest = want.digest.as_ref()?.to_string();
            let document = documents.get(&digest)?;
            served.insert(digest).then_some((want, document))
        });
        let Some((want, document)) = next else { break };
        let name = document.name.clone();
        let from = Source::File { name };
        session.supply(&want, document.bytes.clone(), from).unwrap();
    }
    session.report(UnixTime(0))
}

/// The verdict on an image of the mirror or the publisher under a policy with these fields.
#[track_caller]
fn expect(repository: &str, root: &str, fields: &str, verdict: Verdict) -> Report {
    let image = format!("{repository}:1.0@{}", digest(root));
    let report = answer(&image, &policy(fields), &[]);
    assert_eq!(report.verdict, verdict, "{report:#?}");
    report
}

fn premises(report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    for claim in &report.claims {
        if let Standing::Proven(proof) = &claim.standing {
            found.extend(proof.from().iter().filter_map(|source| match source {
                Source::Given { what } => Some(what.clone()),
                _ => None,
            }));
        }
    }
    found
}

const AMD: (&str, &str) = ("linux/amd64", "buildx-attested-amd64-config");
const ARM: (&str, &str) = ("linux/arm64", "buildx-attested-arm64-config");

#[test]
fn what_the_policy_lists_is_proven_with_the_policy_as_its_premise() {
    let index = digests(&["buildx-attested-index"]);
    let report = expect(
        "a.example/beacon",
        "buildx-attested-index",
        &index,
        Verdict::Proven,
    );
    assert!(
        report.summary.contains("by the policy of Beacon"),
        "{}",
        report.summary
    );
    assert!(premises(&report).contains(&"the policy of Beacon".to_owned()));
    let both = configs(&[AMD, ARM]);
    expect(
        "b.example/beacon",
        "mirror-recompressed-index",
        &both,
        Verdict::Proven,
    );
}

#[test]
fn a_mirror_with_its_own_index_is_held_against_the_published_one() {
    let index = digests(&["buildx-attested-index"]);
    for fields in [index.clone(), format!("{index},{}", configs(&[AMD]))] {
        let report = expect(
            "b.example/beacon",
            "mirror-recompressed-index",
            &fields,
            Verdict::Proven,
        );
        assert!(report.summary.contains("linux/arm64"), "{}", report.summary);
        expect(
            "b.example/beacon",
            "mirror-relabelled-index",
            &fields,
            Verdict::Contradicted,
        );
    }
    let image = format!(
        "b.example/beacon:1.0@{}",
        digest("mirror-recompressed-index")
    );
    let report = answer(&image, &policy(&index), &["buildx-attested-index"]);
    assert_eq!(report.verdict, Verdict::Open, "{report:#?}");
    let wanted = digest("buildx-attested-index");
    let names = |want: &pullproof::Want| want.hint.contains(&format!("a.example/beacon@{wanted}"));
    assert!(report.wants.iter().any(names), "{:#?}", report.wants);
}

#[test]
fn a_configuration_counts_for_its_platform_only() {
    let swapped = configs(&[("linux/amd64", ARM.1), ("linux/arm64", AMD.1)]);
    expect(
        "a.example/beacon",
        "buildx-attested-index",
        &swapped,
        Verdict::Contradicted,
    );
    let half = configs(&[AMD]);
    expect(
        "a.example/beacon",
        "buildx-attested-index",
        &half,
        Verdict::Open,
    );
    let image = format!("a.example/beacon:1.0@{}", digest("buildx-attested-index"));
    let text = policy(&half);
    let mut only = asked(&image, &text);
    only.platform = Some("linux/amd64".parse().unwrap());
    let mut session = Session::asking(only);
    assert_eq!(session.report(UnixTime(0)).verdict, Verdict::Open);
}

#[test]
fn what_the_policy_does_not_say_is_open_and_said() {
    let text = policy(&digests(&["buildx-attested-index"]));
    let root = digest("buildx-attested-index");
    for (image, says) in [
        (
            format!("a.example/beacon:2.0@{root}"),
            "the policy of Beacon lists no release 2.0",
        ),
        (
            format!("a.example.evil.example/beacon:1.0@{root}"),
            "does not cover a.example.evil.example/beacon",
        ),
        (
            format!("a.example/beacons:1.0@{root}"),
            "does not cover a.example/beacons",
        ),
        (
            format!("a.example/beacon@{}", digest("umoci-amd64-manifest")),
            "lists no release with sha256:",
        ),
    ] {
        let report = answer(&image, &text, &[]);
        assert_eq!(report.verdict, Verdict::Open, "{image}: {report:#?}");
        assert!(report.summary.contains(says), "{image}: {}", report.summary);
    }
}

#[test]
fn a_digest_finds_its_release() {
    let text = policy(&digests(&["buildx-attested-index"]));
    for root in ["buildx-attested-index", "buildx-attested-amd64-manifest"] {
        let image = format!("a.example/beacon@{}", digest(root));
        let report = answer(&image, &text, &[]);
        let listed = |claim: &Claim| {
            matches!(&claim.statement, Statement::Note { code, text, .. }
                if code == "policy-release" && text.ends_with("as release 1.0"))
        };
        // The manifest alone does not say which index it is in.
        let is_index = root.ends_with("index");
        assert_eq!(report.claims.iter().any(listed), is_index, "{report:#?}");
        let wanted = if is_index {
            Verdict::Proven
        } else {
            Verdict::Open
        };
        assert_eq!(report.verdict, wanted, "{report:#?}");
    }
}

#[test]
fn another_image_under_a_listed_tag_is_contradicted() {
    let fields = digests(&["buildx-attested-index"]);
    for other in ["mirror-relabelled-index", "umoci-amd64-manifest"] {
        let report = expect("a.example/beacon", other, &fields, Verdict::Contradicted);
        assert!(report.summary.contains("is not what was published"));
    }
}

#[test]
fn signers_alone_leave_it_open() {
    let key = "ab".repeat(32);
    let text = policy(r#""note":"signed""#);
    let text = format!(
        r#"{},"signers":{{"dct":{{"root":["{key}"]}}}}}}"#,
        text.strip_suffix('}').unwrap()
    );
    let report = answer("a.example/beacon:1.0", &text, &[]);
    assert_eq!(report.verdict, Verdict::Open);
    assert!(
        report.summary.contains("without digests"),
        "{}",
        report.summary
    );
}

#[test]
fn the_example_has_what_the_guide_gives() {
    let policy: Policy = EXAMPLE.parse().unwrap();
    let of = |tag: &str| policy.release(tag).unwrap();
    assert_eq!(of("0.1.19").digests[0].as_str(), LIST);
    assert_eq!(of("0.1.19").configs.len(), 1);
    assert!(
        of("0.1.18").digests[0]
            .as_str()
            .starts_with("sha256:6def97f1")
    );
    let dct = policy.dct().unwrap();
    assert!(dct.root[0].id().starts_with("40be21f4"));
    assert!(dct.repository[0].id().starts_with("fed0b56b"));
    let (name, keys) = &dct.signers[0];
    assert_eq!(name, "nicolasff");
    assert!(keys[0].id().starts_with("dd0768b9d35d"));
}

#[test]
fn the_example_recognises_the_guide_s_list() {
    let image = "nicolas/webdis:0.1.19";
    let pasted = std::fs::read_to_string("tests/paste/06-manifest-list.txt").unwrap();
    let (output, _) = pasted.split_once("\n----\n").unwrap();
    let mut session = Session::asking(asked(image, EXAMPLE));
    session.paste(output.as_bytes(), None).unwrap();
    let report = session.report(UnixTime(0));
    // What was pasted says of itself for which tag it was printed.
    assert_eq!(report.verdict, Verdict::Stated, "{report:#?}");
    let pinned = format!("nicolas/webdis:0.1.19@{LIST}");
    let mut session = Session::asking(asked(&pinned, EXAMPLE));
    session.paste(output.as_bytes(), None).unwrap();
    let report = session.report(UnixTime(0));
    assert_eq!(report.verdict, Verdict::Proven, "{report:#?}");
}

#[test]
fn a_question_with_a_policy_is_written_out_as_it_was_read() {
    for policy in [EXAMPLE.to_owned(), serde_json::to_string(EXAMPLE).unwrap()] {
        let asked = asked("nicolas/webdis:0.1.19", &policy);
        let again = serde_json::to_string(&asked).unwrap();
        assert_eq!(again.parse::<Asked>().unwrap(), asked);
    }
}
