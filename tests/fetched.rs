//! Sessions that are served by tag, as registries would serve them, truthfully and not; by the ids
//! of the hostile cases.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod vector;

use std::collections::BTreeMap;

use pullproof::UnixTime;
use pullproof::claim::{Level, Source, Standing, Statement, WantKind};
use pullproof::question::{Asked, Question, Trust};
use pullproof::session::{Report, Session};
use pullproof::{Digest, Evidence, Verdict, Want};

const AT: &str = "2026-11-23T14:02:00Z";
const MINUTE: &str = "2026-11-23 14:02 UTC";
const INDEX: &str = "buildx-attested-index";
const OTHER: &str = "mirror-recompressed-index";

/// Stand-ins for registries: they have tags, and every document by its digest.
struct Registries {
    tags: BTreeMap<String, Vec<u8>>,
    documents: BTreeMap<String, Vec<u8>>,
}

impl Registries {
    fn with(tags: &[(&str, &str)]) -> Self {
        let tags = tags.iter().map(|(address, name)| {
            let bytes = vector::document(name).bytes;
            (format!("https://{address}"), bytes)
        });
        let documents = vector::documents().into_iter();
        Registries {
            tags: tags.collect(),
            documents: documents.map(|(digest, v)| (digest, v.bytes)).collect(),
        }
    }

    fn bytes(&self, want: &Want) -> Option<Vec<u8>> {
        let url = want.url.as_ref()?;
        let by_digest = || self.documents.get(url.rsplit('/').next()?);
        self.tags.get(url).or_else(by_digest).cloned()
    }

    fn serve(&self, session: &mut Session) {
        let mut asked = std::collections::BTreeSet::new();
        loop {
            // What refers to an image is no document of it.
            let wants = session.wants().into_iter();
            let wants = wants.filter(|want| want.what != WantKind::Referrers);
            let mut new =
                wants.filter(|want| want.url.as_ref().is_some_and(|url| !asked.contains(url)));
            let Some(want) = new.next() else { return };
            asked.insert(want.url.clone().unwrap());
            match self.bytes(&want) {
                Some(bytes) => session.supply(&want, bytes, from(&want)).unwrap(),
                None => fail(session, &want, "not-found", "expected it, found status 404"),
            }
        }
    }
}

fn fail(session: &mut Session, want: &Want, code: &str, text: &str) {
    let (code, text) = (code.to_owned(), text.to_owned());
    let (want, from) = (want.clone(), from(want));
    let failed = Evidence::Failed {
        want,
        code,
        text,
        from,
    };
    session.take(failed).unwrap();
}

fn hear(session: &mut Session, want: &Want, digest: &Digest) {
    let (want, digest, from) = (want.clone(), digest.clone(), from(want));
    let header = Evidence::Header { want, digest, from };
    session.take(header).unwrap();
}

fn from(want: &Want) -> Source {
    Source::Fetched {
        url: want.url.clone().unwrap(),
        at: AT.to_owned(),
    }
}

fn same() -> Session {
    Session::new(Question::Same {
        left: "a.io/x:1".parse().unwrap(),
        right: "b.io/x:1".parse().unwrap(),
        level: Level::Config,
    })
}

fn report(session: &mut Session) -> Report {
    session.report(UnixTime(0))
}

/// The notes of a report with this code, and how each stands.
fn notes<'r>(report: &'r Report, wanted: &str) -> Vec<&'r Standing> {
    let fits =
        |statement: &Statement| matches!(statement, Statement::Note { code, .. } if code == wanted);
    let claims = report.claims.iter().filter(|claim| fits(&claim.statement));
    claims.map(|claim| &claim.standing).collect()
}

#[test]
fn tags_of_two_registries_are_compared_and_named_as_premises() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", OTHER),
    ]);
    let mut session = same();
    // Both sides are wanted at once.
    assert_eq!(session.wants().len(), 2);
    registries.serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
    for side in ["a.io", "b.io"] {
        let said = format!("{side} said at {MINUTE} what {side}/x:1 is.");
        assert!(report.conditions.contains(&said), "{:?}", report.conditions);
    }
    let resolves = |claim: &&pullproof::Claim| {
        matches!(claim.statement, Statement::Resolves { .. })
            && claim.standing.verdict() == Verdict::Proven
    };
    assert_eq!(report.claims.iter().filter(resolves).count(), 2);
    let first = report.claims.first().unwrap();
    let sources = first.standing.sources();
    let tag =
        |source: &&&Source| matches!(source, Source::Fetched { url, .. } if url.ends_with("/1"));
    assert_eq!(sources.iter().filter(tag).count(), 2, "{sources:?}");
}

#[test]
fn what_came_over_plain_http_is_said_to_have() {
    for (image, url, how) in [
        (
            "a.io/x:1",
            "http://a.io/v2/x/manifests/1",
            ", over plain http",
        ),
        (
            "a.io:80/x:1",
            "http://a.io/v2/x/manifests/1",
            ", over plain http",
        ),
        ("a.io:443/x:1", "https://a.io/v2/x/manifests/1", ""),
        ("127.0.0.1:5/x:1", "http://127.0.0.1:5/v2/x/manifests/1", ""),
    ] {
        let question = serde_json::json!({ "ask": "what", "image": image }).to_string();
        let asked: Asked = question.parse().unwrap();
        let mut session = Session::asking(asked);
        let want = session.wants().into_iter().next().unwrap();
        let at = AT.to_owned();
        let from = Source::Fetched {
            url: url.to_owned(),
            at,
        };
        let bytes = vector::document(INDEX).bytes;
        session.supply(&want, bytes, from).unwrap();
        let registry = image.split('/').next().unwrap();
        let said = format!("{registry} said at {MINUTE} what {image} is{how}.");
        let conditions = report(&mut session).conditions;
        assert!(conditions.contains(&said), "{conditions:?}");
    }
}

#[test]
fn what_a_gateway_says_is_said_to_be_the_gateways() {
    let mut session = same();
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    for want in session.wants() {
        let url = want
            .url
            .clone()
            .unwrap()
            .replace("https://", "https://g.io/gateway/");
        let at = AT.to_owned();
        let bytes = registries.bytes(&want).unwrap();
        session
            .supply(&want, bytes, Source::Fetched { url, at })
            .unwrap();
    }
    let conditions = report(&mut session).conditions.join(" ");
    let said =
        format!("The gateway https://g.io/gateway/ said at {MINUTE} what a.io/x:1 is at a.io.");
    assert!(conditions.contains(&said), "{conditions}");
}

/// D20: the header names another digest than the bytes have. What a client pulls that believes
/// headers is not what was checked, so it stands contradicted.
#[test]
fn d20_a_header_that_disagrees_with_the_body() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    let mut session = same();
    let want = session.wants().remove(0);
    let lie = Digest::sha256(b"lie");
    hear(&mut session, &want, &lie);
    registries.serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Contradicted);
    let shown = serde_json::to_string(&report.claims).unwrap();
    assert!(shown.contains(lie.as_str()), "{shown}");
}

#[test]
fn a_header_that_agrees_takes_nothing_away() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    let mut session = same();
    for want in session.wants() {
        let digest = Digest::sha256(&registries.bytes(&want).unwrap());
        hear(&mut session, &want, &digest);
    }
    registries.serve(&mut session);
    assert_eq!(report(&mut session).verdict, Verdict::Proven);
}

#[test]
fn a_header_alone_is_no_proof() {
    let mut session = same();
    let digest = Digest::sha256(&vector::document(INDEX).bytes);
    for want in session.wants() {
        hear(&mut session, &want, &digest);
    }
    let verdict = report(&mut session).verdict;
    assert!(verdict < Verdict::Proven, "{verdict:?}");
}

/// D21: the header repeats the digest asked for, and the body is something else.
#[test]
fn d21_a_body_that_is_not_what_was_asked_for() {
    let mut registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", OTHER),
    ]);
    let asked = vector::document("buildx-attested-amd64-manifest");
    let digest = asked.key("digest").to_owned();
    registries.documents.insert(digest.clone(), b"{}".to_vec());
    let mut session = same();
    registries.serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Contradicted);
    let shown = serde_json::to_string(&report.claims).unwrap();
    assert!(shown.contains(Digest::sha256(b"{}").as_str()), "{shown}");
}

/// M27: a tag that means two things in one run.
#[test]
fn m27_a_tag_that_moves_is_contradicted() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    let mut session = same();
    let want = session.wants().remove(0);
    registries.serve(&mut session);
    assert_eq!(report(&mut session).verdict, Verdict::Proven);
    let moved = vector::document(OTHER).bytes;
    session.supply(&want, moved, from(&want)).unwrap();
    assert_eq!(report(&mut session).verdict, Verdict::Contradicted);
}

/// M29: a digest in the reference decides; that its tag names something else is shown.
#[test]
fn m29_a_pinned_digest_decides_and_a_tag_that_left_is_shown() {
    let digest = vector::document(INDEX).key("digest").to_owned();
    let image = format!("a.io/x:1@{digest}");
    let by = Trust::Digests(vec![digest.parse().unwrap()]);
    let question = Question::Published {
        image: image.parse().unwrap(),
        by,
    };
    for (tag, contradictions) in [(INDEX, 0), (OTHER, 1)] {
        let mut session = Session::new(question.clone());
        Registries::with(&[("a.io/v2/x/manifests/1", tag)]).serve(&mut session);
        let report = report(&mut session);
        assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
        let moved = |claim: &&pullproof::Claim| {
            matches!(&claim.statement, Statement::Resolves { reference, .. } if reference == "a.io/x:1")
                && claim.standing.verdict() == Verdict::Contradicted
        };
        assert_eq!(report.claims.iter().filter(moved).count(), contradictions);
    }
}

/// M18, R12: what could not be got is missing, with its reason, and never counts as good.
#[test]
fn m18_what_cannot_be_got_is_missing_and_why() {
    let mut registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", OTHER),
    ]);
    let digest = vector::document("buildx-attested-amd64-manifest");
    registries.documents.remove(digest.key("digest"));
    let mut session = same();
    registries.serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Open);
    assert_eq!(report.headline, "Not fully compared");
    let said = "linux/amd64 could not be compared yet: expected it, found status 404.";
    assert!(report.summary.ends_with(said), "{}", report.summary);
    let found = notes(&report, "not-found");
    assert!(
        matches!(found.as_slice(), [Standing::Missing { .. }]),
        "{found:?}"
    );
}

#[test]
fn what_was_got_in_the_end_is_missing_no_more() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    let mut session = same();
    let want = session.wants().remove(0);
    let text = "expected an answer, found status 429";
    fail(&mut session, &want, "rate-limited", text);
    assert_eq!(report(&mut session).verdict, Verdict::Open);
    registries.serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Proven);
    assert!(!report.summary.contains("429"));
    assert!(matches!(
        notes(&report, "rate-limited").as_slice(),
        [Standing::Stated { .. }]
    ));
}

#[test]
fn a_pasted_statement_beside_what_was_fetched_takes_nothing_away() {
    let registries = Registries::with(&[
        ("a.io/v2/x/manifests/1", INDEX),
        ("b.io/v2/x/manifests/1", INDEX),
    ]);
    let mut session = same();
    let digest = vector::document(INDEX).key("digest").to_owned();
    let line = format!("$ crane digest a.io/x:1\n{digest}\n");
    session.paste(line.as_bytes(), None).unwrap();
    registries.serve(&mut session);
    assert_eq!(report(&mut session).verdict, Verdict::Proven);
}

#[test]
fn an_image_is_described() {
    let asked: Asked = r#"{"ask":"what","image":"a.io/x:1"}"#.parse().unwrap();
    let mut session = Session::asking(asked);
    assert_eq!(session.wants().len(), 1);
    assert_eq!(report(&mut session).verdict, Verdict::Open);
    Registries::with(&[("a.io/v2/x/manifests/1", INDEX)]).serve(&mut session);
    let described = report(&mut session);
    assert_eq!(described.verdict, Verdict::Proven, "{}", described.summary);
    assert_eq!(described.wants, []);
    let whole = serde_json::to_value(&described).unwrap();
    let question = serde_json::json!({"ask": "what", "image": "a.io/x:1"});
    assert_eq!(whole["question"], question);

    let mut session = Session::asking(r#"{"ask":"what","image":"a.io/x:2"}"#.parse().unwrap());
    Registries::with(&[]).serve(&mut session);
    let report = report(&mut session);
    assert_eq!(report.verdict, Verdict::Open);
    assert_eq!(notes(&report, "not-found").len(), 1);
}

/// Addresses that are neither the registry's own for the tag `a.io/x:1`, nor those of a gateway.
const ELSEWHERE: [&str; 7] = [
    "https://evil.io/v2/x/manifests/1",
    "https://evil.io/",
    "https://a.io/v2/x/manifests/2",
    "https://a.io/v2/y/manifests/1",
    "https://a.io.evil.io/v2/x/manifests/1",
    "https://a.io@evil.io/v2/x/manifests/1",
    "https://g.io/b.io/v2/x/manifests/1",
];

fn fetched(url: &str) -> Source {
    let (url, at) = (url.to_owned(), AT.to_owned());
    Source::Fetched { url, at }
}

/// What a tag means is a premise only from its own registry, or from a gateway named as such.
#[test]
fn a_tag_that_somebody_else_answered_is_only_stated() {
    let bytes = vector::document(INDEX).bytes;
    let digest = Digest::sha256(&bytes);
    let published = Question::Published {
        image: "a.io/x:1".parse().unwrap(),
        by: Trust::Digests(vec![digest]),
    };
    let same = Question::Same {
        left: "a.io/x:1".parse().unwrap(),
        right: "b.io/x:1".parse().unwrap(),
        level: Level::Index,
    };
    let what: Asked = r#"{"ask":"what","image":"a.io/x:1"}"#.parse().unwrap();
    let registries = Registries::with(&[("b.io/v2/x/manifests/1", INDEX)]);
    for url in ELSEWHERE {
        let sessions = [
            Session::new(published.clone()),
            Session::new(same.clone()),
            Session::asking(what.clone()),
        ];
        for mut session in sessions {
            let wants = session.wants().into_iter();
            let own = |want: &Want| want.url.as_deref() == Some("https://a.io/v2/x/manifests/1");
            let tag = wants.into_iter().find(own).unwrap();
            session.supply(&tag, bytes.clone(), fetched(url)).unwrap();
            // The registry itself is asked all the same.
            assert!(session.wants().contains(&tag), "{url}");
            registries.serve(&mut session);
            let report = report(&mut session);
            let what = serde_json::to_string(&report).unwrap();
            assert_eq!(report.verdict, Verdict::Stated, "{url} {what}");
            let premise = |claim: &pullproof::Claim| {
                let about_tag = matches!(&claim.statement, Statement::Resolves { reference, .. } if reference == "a.io/x:1");
                about_tag && claim.standing.verdict() == Verdict::Proven
            };
            assert!(!report.claims.iter().any(premise), "{url} {what}");
            let said =
                format!("{url} said at {MINUTE} what a.io/x:1 is; a.io itself did not say it.");
            assert!(
                report.conditions.contains(&said),
                "{url} {:?}",
                report.conditions
            );
            let own = "a.io said";
            assert!(
                !report.conditions.join(" ").contains(own),
                "{:?}",
                report.conditions
            );
        }
    }
}

#[test]
fn what_the_registry_answers_itself_counts_beside_what_others_answered() {
    let registries = Registries::with(&[("a.io/v2/x/manifests/1", INDEX)]);
    let bytes = vector::document(INDEX).bytes;
    for (tag, wanted) in [(INDEX, Verdict::Proven), (OTHER, Verdict::Contradicted)] {
        let digest = Digest::sha256(&bytes);
        let mut session = Session::new(Question::Published {
            image: "a.io/x:1".parse().unwrap(),
            by: Trust::Digests(vec![digest]),
        });
        let want = session.wants().remove(0);
        let other = vector::document(tag).bytes;
        session.supply(&want, other, fetched(ELSEWHERE[0])).unwrap();
        registries.serve(&mut session);
        let report = report(&mut session);
        assert_eq!(report.verdict, wanted, "{}", report.summary);
    }
}
