//! The text that readers of a published guide paste, and the facts they may read from it:
//! <https://github.com/nicolasff/webdis/blob/master/docs/webdis-docker-content-trust.md>.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use pullproof::UnixTime;
use pullproof::claim::{IdKind, Level, Signatory, Standing, Statement};
use pullproof::question::{Question, Trust};
use pullproof::session::{Report, Session};
use pullproof::{Claim, Verdict};

const LIST: &str = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const REPOSITORY_KEY: &str = "fed0b56b8a8fd4d156fb2f47c2e8bd3eb61948b72a787c18e2fa3ea3233bba1a";
const DELEGATE: &str = "dd0768b9d35d344bbd1681418d27052c4c896a59be214352448daa2b6925b95b";

fn guide(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paste");
    let path = folder.join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    // Below the line are the expectations of another test for this text.
    let (output, _) = text.split_once("\n----\n").unwrap_or((&text, ""));
    // The guide's page lost the indentation of its examples.
    let flat: Vec<&str> = output.lines().map(str::trim_start).collect();
    flat.join("\n").into_bytes()
}

const ALL: [&str; 14] = [
    "01-pull-list",
    "02-trust-pretty",
    "03-pull-hub",
    "04-pull-ecr",
    "05-image-id",
    "06-manifest-list",
    "07-manifest-shortened",
    "08-image-shortened",
    "09-trust-sed",
    "10-shasum",
    "12-grep-digest",
    "13-grep-config",
    "14-grep-digest-ecr",
    "15-grep-config-ecr",
];

fn ask(question: Question, pastes: &[&str]) -> Report {
    let mut session = Session::new(question);
    for paste in pastes {
        session.paste(&guide(paste), None).unwrap();
    }
    session.report(UnixTime(0))
}

fn find(report: &Report, fits: impl Fn(&Statement) -> bool) -> Vec<&Claim> {
    report
        .claims
        .iter()
        .filter(|claim| fits(&claim.statement))
        .collect()
}

fn same(tag: &str) -> Question {
    Question::Same {
        left: format!("docker.io/nicolas/webdis:{tag}").parse().unwrap(),
        right: format!("public.ecr.aws/nicolas/webdis:{tag}")
            .parse()
            .unwrap(),
        level: Level::Config,
    }
}

#[track_caller]
fn assert_list_proven(report: &Report) {
    let bytes =
        |s: &Statement| matches!(s, Statement::Bytes { digest, .. } if digest.as_str() == LIST);
    let claims = find(report, bytes);
    assert_eq!(claims.len(), 1, "{report:#?}");
    assert!(matches!(claims[0].standing, Standing::Proven(_)));
    let Statement::Bytes { edits, .. } = &claims[0].statement else {
        unreachable!()
    };
    assert!(
        edits.iter().any(|edit| edit == "indented with 3 spaces"),
        "{edits:?}"
    );
}

#[test]
fn the_list_is_proven_in_whatever_order_it_comes() {
    let mut orders = vec![ALL.to_vec(), ALL.iter().rev().copied().collect()];
    orders.push(vec!["06-manifest-list", "01-pull-list"]);
    orders.push(vec!["02-trust-pretty", "06-manifest-list"]);
    for order in orders {
        let report = ask(Question::What, &order);
        assert_list_proven(&report);
        assert_eq!(
            report.verdict,
            Verdict::Proven,
            "{order:?}: {}",
            report.summary
        );
    }
    let everything: Vec<u8> = ALL
        .iter()
        .flat_map(|name| [guide(name), b"\n".to_vec()].concat())
        .collect();
    let mut session = Session::new(Question::What);
    session.paste(&everything, None).unwrap();
    assert_list_proven(&session.report(UnixTime(0)));
}

#[test]
fn the_delegate_is_allowed_to_sign_and_did_not_sign() {
    for paste in ["02-trust-pretty", "09-trust-sed"] {
        let report = ask(Question::What, &[paste]);
        let signs = find(&report, |s| matches!(s, Statement::Signs { .. }));
        assert_eq!(signs.len(), 1, "{paste}: {report:#?}");
        let name = Signatory::Name {
            name: "Repo Admin".to_owned(),
        };
        let Statement::Signs {
            digest, tag, by, ..
        } = &signs[0].statement
        else {
            unreachable!()
        };
        assert_eq!(
            (digest.as_str(), tag.as_deref(), by),
            (LIST, Some("0.1.19"), &name)
        );
        assert!(matches!(signs[0].standing, Standing::Stated { .. }));
        let allowed = find(
            &report,
            |s| matches!(s, Statement::Authorises { role, .. } if role == "nicolasff"),
        );
        assert_eq!(allowed.len(), 1, "{paste}");
    }
}

fn published(by: Trust, pastes: &[&str]) -> Report {
    let image = "nicolas/webdis:0.1.19".parse().unwrap();
    ask(Question::Published { image, by }, pastes)
}

fn keys(ids: &[&str]) -> Trust {
    Trust::Keys(ids.iter().map(|id| id.parse().unwrap()).collect())
}

#[test]
fn signed_by_the_repository_key_is_stated_and_by_the_delegate_contradicted() {
    for trust in ["02-trust-pretty", "09-trust-sed"] {
        let report = published(keys(&[REPOSITORY_KEY]), &[trust, "01-pull-list"]);
        assert_eq!(
            report.verdict,
            Verdict::Stated,
            "{trust}: {:#?}",
            report.claims
        );
        let report = published(keys(&[DELEGATE]), &[trust, "01-pull-list"]);
        assert_eq!(
            report.verdict,
            Verdict::Contradicted,
            "{trust}: {}",
            report.summary
        );
        let other = keys(&["0".repeat(64).as_str()]);
        assert_eq!(published(other, &[trust]).verdict, Verdict::Contradicted);
    }
    assert_eq!(
        published(keys(&[REPOSITORY_KEY]), &["01-pull-list"]).verdict,
        Verdict::Open
    );
}

#[test]
fn published_by_digest_is_stated_for_a_tag_and_proven_for_a_digest() {
    let by = Trust::Digests(vec![LIST.parse().unwrap()]);
    assert_eq!(
        published(by.clone(), &["01-pull-list", "06-manifest-list"]).verdict,
        Verdict::Stated
    );
    let image = format!("nicolas/webdis@{LIST}").parse().unwrap();
    let report = ask(Question::Published { image, by }, &["06-manifest-list"]);
    assert_eq!(report.verdict, Verdict::Proven, "{}", report.summary);
}

#[test]
fn the_single_image_is_stated_to_be_one_on_both() {
    let report = ask(
        same("0.1.18"),
        &["03-pull-hub", "04-pull-ecr", "05-image-id"],
    );
    assert_eq!(report.verdict, Verdict::Stated, "{}", report.summary);
    let levels = find(&report, |s| {
        matches!(
            s,
            Statement::Same {
                level: Level::Manifest,
                ..
            }
        )
    });
    assert_eq!(levels.len(), 1);
    let ids = find(&report, |s| {
        matches!(
            s,
            Statement::Identifies {
                role: IdKind::Unknown,
                ..
            }
        )
    });
    assert_eq!(
        ids.len(),
        2,
        "nothing says which kind of identifier they are"
    );
    // One identifier under two names is what `docker tag` makes too: without the pulls nothing says
    // what the second registry has.
    let by_ids = ask(same("0.1.18"), &["05-image-id"]);
    assert_eq!(by_ids.verdict, Verdict::Open, "{}", by_ids.summary);
    let missing = find(
        &by_ids,
        |s| matches!(s, Statement::Same { reasons, .. } if reasons.iter().any(|why| why.contains("does not hold the first"))),
    );
    assert_eq!(missing.len(), 1, "{by_ids:#?}");
}

#[test]
fn the_lists_differ_over_one_configuration_and_arm64_is_open() {
    let report = ask(
        same("0.1.19"),
        &[
            "01-pull-list",
            "06-manifest-list",
            "12-grep-digest",
            "13-grep-config",
            "14-grep-digest-ecr",
            "15-grep-config-ecr",
        ],
    );
    let row = |platform: &str| {
        let rows = find(
            &report,
            |s| matches!(s, Statement::Same { platform: Some(p), .. } if p.starts_with(platform)),
        );
        assert_eq!(rows.len(), 1, "{platform}: {report:#?}");
        rows[0].clone()
    };
    let amd64 = row("linux/amd64");
    assert!(
        matches!(
            amd64.statement,
            Statement::Same {
                level: Level::Config,
                ..
            }
        ),
        "{amd64:?}"
    );
    assert!(
        matches!(amd64.standing, Standing::Stated { .. }),
        "{amd64:?}"
    );
    assert!(matches!(
        row("linux/arm64").standing,
        Standing::Missing { .. }
    ));
    assert_eq!(report.verdict, Verdict::Open);
    let arm64 = "sha256:d026c5675552947b6a755439dfd58360e44a8860436f4eddfe9b26d050801248";
    assert!(
        report.wants.iter().any(|want| want.hint.contains(arm64)),
        "{:?}",
        report.wants
    );
    assert!(
        !report.summary.to_lowercase().contains("different"),
        "{}",
        report.summary
    );
}
