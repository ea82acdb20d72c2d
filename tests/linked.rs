//! The parts of a question that came from a link are named as such, in the answer's sentence and in
//! every premise.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod vector;

use pullproof::UnixTime;
use pullproof::claim::Source;
use pullproof::question::Asked;
use pullproof::session::{Report, Session};
use pullproof::{Evidence, Verdict};

const NAME: &str = "buildx-single-amd64-manifest";

fn digest() -> String {
    vector::document(NAME).key("digest").to_owned()
}

fn answer(question: &str) -> Report {
    let asked: Asked = question.parse().unwrap();
    let mut session = Session::asking(asked);
    session.paste(&vector::document(NAME).bytes, None).unwrap();
    session.report(UnixTime(0))
}

fn published(by: &str, linked: &str) -> Report {
    let digest = digest();
    answer(&format!(
        r#"{{"ask":"published","image":"r.example/a/b@{digest}","by":{by}{linked}}}"#
    ))
}

/// What is given by whoever asks, and what is the link's.
fn premises(report: &Report) -> (Vec<String>, Vec<String>) {
    let (mut given, mut linked) = (Vec::new(), Vec::new());
    for claim in &report.claims {
        for source in claim.standing.sources() {
            match source {
                Source::Given { what } => given.push(what.clone()),
                Source::Link { what } => linked.push(what.clone()),
                _ => {}
            }
        }
    }
    (given, linked)
}

#[test]
fn a_digest_from_a_link_is_not_the_authors() {
    let by = format!(r#"{{"digests":["{}"]}}"#, digest());
    let own = published(&by, "");
    assert_eq!(own.verdict, Verdict::Proven);
    assert!(
        own.summary.contains("by a digest that you gave"),
        "{}",
        own.summary
    );
    assert!(premises(&own).1.is_empty(), "{own:#?}");
    let linked = published(&by, r#","linked":["by"]"#);
    assert_eq!(linked.verdict, Verdict::Proven);
    assert!(
        linked.summary.contains("by a digest from the link"),
        "{}",
        linked.summary
    );
    let said = "The link chose the digest: check that it is what you mean to ask.";
    assert!(
        linked.conditions.iter().any(|words| words == said),
        "{:?}",
        linked.conditions
    );
    let (given, from_link) = premises(&linked);
    assert!(from_link.contains(&"a digest".to_owned()), "{from_link:?}");
    assert!(
        given.iter().all(|what| what.starts_with("the reference ")),
        "{given:?}"
    );
    let all = published(&by, r#","linked":["image","by"]"#);
    assert!(premises(&all).0.is_empty(), "{all:#?}");
}

#[test]
fn a_policy_from_a_link_is_named_with_its_whole_address() {
    let policy = format!(
        r#"{{"pullproof":"policy","version":1,"project":"Beacon","names":["r.example/a/b"],"releases":[{{"tag":"1","digests":["{}"]}}]}}"#,
        digest()
    );
    let by = format!(r#"{{"policy":{policy}}}"#);
    let digest = digest();
    let asked: Asked = format!(
        r#"{{"ask":"published","image":"r.example/a/b:1@{digest}","by":{by},"linked":["by"]}}"#
    )
    .parse()
    .unwrap();
    let mut session = Session::asking(asked);
    let url = format!("https://p.example/policy.json?branch={}", "x".repeat(1000));
    let from = Source::Fetched {
        url: url.clone(),
        at: "2026-11-25T12:00:00Z".to_owned(),
    };
    let said = format!("the policy was fetched from {url}, and has the digest {digest}");
    let (code, text) = ("policy-source".to_owned(), said.clone());
    let note = Evidence::Note { code, text, from };
    session.take(note).unwrap();
    session.paste(&vector::document(NAME).bytes, None).unwrap();
    let report = session.report(UnixTime(0));
    assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
    assert_eq!(report.release.as_deref(), Some("1"));
    for words in [
        "by the policy of Beacon, from the link".to_owned(),
        format!("The link chose the policy, at {url}: check that it is what you mean to ask."),
    ] {
        let said = format!("{} {}", report.summary, report.conditions.join(" "));
        assert!(said.contains(&words), "{said}");
    }
    let (given, linked) = premises(&report);
    assert!(
        linked.contains(&"the policy of Beacon".to_owned()),
        "{linked:?}"
    );
    assert!(
        !given.iter().any(|what| what.contains("policy")),
        "{given:?}"
    );
    assert!(report.claims.iter().any(|claim| {
        serde_json::to_string(&claim.statement)
            .unwrap()
            .contains(&said)
    }));
}

#[test]
fn keys_an_identity_and_what_two_images_are_held_to_are_named_too() {
    let key = "ab".repeat(32);
    for (by, words) in [
        (
            format!(r#"{{"keys":["{key}"]}}"#),
            "The link chose the keys:",
        ),
        (
            r#"{"identity":"me","issuer":"https://i.example"}"#.to_owned(),
            "The link chose the identity and its issuer:",
        ),
    ] {
        let report = published(&by, r#","linked":["by"]"#);
        let conditions = report.conditions.join(" ");
        assert!(conditions.contains(words), "{conditions}");
    }
    let report = answer(
        r#"{"ask":"same","left":"a/b:1","right":"a/c:1","level":"rootfs","platform":"linux/amd64","linked":["right","platform","level","left"]}"#,
    );
    let said = "The link chose the image to compare with, how far the same, the platform, the image in question:";
    let conditions = report.conditions.join(" ");
    assert!(conditions.contains(said), "{conditions}");
}

#[test]
fn a_question_says_again_what_of_it_was_linked_and_refuses_other_parts() {
    let text = r#"{"ask":"what","image":"docker.io/a/b:1","linked":["image"]}"#;
    let asked: Asked = text.parse().unwrap();
    assert_eq!(serde_json::to_string(&asked).unwrap(), text);
    for linked in ["[]", r#"["ask"]"#, r#""image""#, "[1]"] {
        let text = format!(r#"{{"ask":"what","image":"a/b","linked":{linked}}}"#);
        assert_eq!(text.parse::<Asked>().unwrap_err().code(), "question");
    }
}
