//! Hostile cases, one file or folder each, named by its id. The same files are run from
//! JavaScript (`tests/js/vectors.test.js`).
//!
//! A case is a file of evidence, or a folder with the keys in `case.txt` and the evidence beside
//! it in order of its names. Keys:
//! - `call`: what is called: `digest` (the text is read as a digest), or a session that is
//!   given the bytes by `paste` (as pasted text, the default) or `document` (as the bytes of a
//!   document whose digest was asked for)
//! - `about`: the reference that the text was printed for
//! - `ask`: the question, in its JavaScript form; `{"ask":"what"}` unless told
//! - `expect`: the verdict, or the code of an error, a note, or what could not be read
//! - `verdict`: the verdict as well, where `expect` is a code
//! - `says`, `never`: text that the report has, or must not have; may be repeated
//! - `note`: why

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod vector;

use pullproof::Digest;
use pullproof::claim::Statement;
use pullproof::session::Report;

use vector::case::{Case, cases, run};

fn codes(report: &Report) -> Vec<&str> {
    let code = |claim: &'_ pullproof::Claim| match &claim.statement {
        Statement::Note { code, .. } => Some(code.clone()),
        Statement::Unread { code, .. } => code.clone(),
        _ => None,
    };
    let codes = report.claims.iter().filter_map(code);
    codes.map(|code| &*code.leak()).collect()
}

/// What of the case's expectations does not hold.
fn failures(case: &Case) -> Vec<String> {
    let keys = &case.keys;
    let expect = keys.key("expect");
    if keys.get("call") == Some("digest") {
        let text = std::str::from_utf8(&keys.bytes).unwrap();
        let found = text.parse::<Digest>().map_or_else(|e| e.code(), |_| "ok");
        return if found == expect {
            Vec::new()
        } else {
            vec![format!("expected {expect}, found {found}")]
        };
    }
    let report = match run(case) {
        Ok(report) => report,
        Err(error) if error.code() == expect => return Vec::new(),
        Err(error) => return vec![format!("expected {expect}, found error {error}")],
    };
    let text = serde_json::to_string(&report).unwrap();
    let verdict = report.verdict.word();
    let mut failures = Vec::new();
    if expect != verdict && !codes(&report).contains(&expect) {
        failures.push(format!(
            "expected {expect}, found {verdict} with {:?}",
            codes(&report)
        ));
    }
    if let Some(wanted) = keys.get("verdict").filter(|wanted| *wanted != verdict) {
        failures.push(format!("expected the verdict {wanted}, found {verdict}"));
    }
    failures.extend(
        keys.all("says")
            .filter(|says| !text.contains(says))
            .map(|says| format!("does not say {says:?}")),
    );
    failures.extend(
        keys.all("never")
            .filter(|never| text.contains(never))
            .map(|never| format!("says {never:?}")),
    );
    if !failures.is_empty() {
        failures.push(report.summary);
    }
    failures
}

#[test]
fn every_hostile_case_ends_as_it_must() {
    let cases = cases();
    let failed: Vec<String> = cases
        .iter()
        .map(|case| (case, failures(case)))
        .filter(|(_, failures)| !failures.is_empty())
        .map(|(case, failures)| format!("{}: {}", case.keys.name, failures.join("; ")))
        .collect();
    println!("{} hostile cases", cases.len());
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}
