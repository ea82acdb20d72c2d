//! Inputs too large to be files: every one ends in a result or in the code of a limit.

#![allow(clippy::unwrap_used)]

use pullproof::UnixTime;
use pullproof::claim::{Source, Statement, Want};
use pullproof::question::Question;
use pullproof::session::{Report, Session};
use pullproof::{Digest, Document, Reference, limits, recognise, recover};

const OVER: &str = "limit-exceeded";

fn anything() -> Digest {
    Digest::sha256(b"what nothing here has")
}

fn wanted(digest: Digest) -> Want {
    let hint = String::new();
    Want {
        what: pullproof::claim::WantKind::Document,
        command: false,
        hint,
        digest: Some(digest),
        url: None,
        accept: None,
    }
}

fn supplied(documents: Vec<Vec<u8>>) -> Result<Report, pullproof::Error> {
    let mut session = Session::new(Question::What);
    for bytes in documents {
        let want = wanted(Digest::sha256(&bytes));
        session.supply(
            &want,
            bytes,
            Source::File {
                name: "large".to_owned(),
            },
        )?;
    }
    Ok(session.report(UnixTime(0)))
}

fn notes(report: &Report) -> Vec<&str> {
    let code = |claim: &'_ pullproof::Claim| match &claim.statement {
        Statement::Note { code, .. } => Some(&*code.clone().leak()),
        _ => None,
    };
    report.claims.iter().filter_map(code).collect()
}

/// The document cannot be read, by this code, and a session that is given it says so.
#[track_caller]
fn refused(bytes: Vec<u8>, code: &str) {
    assert_eq!(
        Document::new(bytes.clone()).view().unwrap_err().code(),
        code
    );
    match supplied(vec![bytes]) {
        Ok(report) => assert!(notes(&report).contains(&code), "{}", report.summary),
        Err(error) => assert_eq!(error.code(), code),
    }
}

/// Whatever a text is, pasting it ends: what is not read is a finding.
#[track_caller]
fn ends(what: &str, text: &[u8]) {
    let found = recognise(text);
    assert!(
        !found.is_empty() || String::from_utf8_lossy(text).trim().is_empty(),
        "{what}"
    );
    assert!(recover(text, &anything()).is_none(), "{what}");
    let about: Reference = format!("registry.example/x@{}", anything())
        .parse()
        .unwrap();
    let mut session = Session::new(Question::What);
    session.paste(text, Some(&about)).unwrap();
    let report = session.report(UnixTime(0));
    assert!(
        !serde_json::to_string(&report).unwrap().is_empty(),
        "{what}"
    );
}

/// The text is over a limit for each way in.
#[track_caller]
fn too_large(text: Vec<u8>) {
    let found = serde_json::to_string(&recognise(&text)).unwrap();
    assert!(found.contains(OVER), "{found:.400}");
    let mut session = Session::new(Question::What);
    assert_eq!(session.paste(&text, None).unwrap_err().code(), OVER);
    let from = Source::File {
        name: "large".to_owned(),
    };
    let error = session.supply(&wanted(anything()), text, from).unwrap_err();
    assert_eq!(error.code(), OVER);
}

fn index(entries: &[String]) -> Vec<u8> {
    format!(
        "{{\"schemaVersion\":2,\"manifests\":[{}]}}",
        entries.join(",")
    )
    .into_bytes()
}

fn entry(digest: &Digest, size: usize) -> String {
    format!("{{\"digest\":\"{digest}\",\"size\":{size}}}")
}

fn entries(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| entry(&Digest::sha256(&n.to_le_bytes()), n))
        .collect()
}

#[test]
fn j12_nesting() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| {
            let value = format!("{}0{}", open.repeat(levels), close.repeat(levels));
            format!("{{\"x\":{value}}}").into_bytes()
        };
        assert!(Document::new(nested(limits::JSON_DEPTH - 1)).view().is_ok());
        refused(nested(limits::JSON_DEPTH), OVER);
        refused(nested(100_000), OVER);
        refused(open.repeat(100_000).into_bytes(), OVER);
        ends("nested", &nested(100_000));
        ends("never closed", open.repeat(100_000).as_bytes());
    }
}

#[test]
fn j18_fifty_megabytes() {
    let size = 50 << 20;
    for byte in [b' ', b'{', b'"', 0] {
        too_large(vec![byte; size]);
    }
    assert!(recover(&vec![b'{'; size], &anything()).is_none());
    too_large(format!("\"{}\"", "x".repeat(100_000_000)).into_bytes());
    too_large(index(&vec![entry(&anything(), 1); 1_000_000]));
}

#[test]
fn j18_a_document_over_its_limit() {
    let padded = |size: usize| {
        let mut bytes = index(&entries(1));
        bytes.resize(size, b' ');
        bytes
    };
    assert!(Document::new(padded(limits::DOCUMENT_BYTES)).view().is_ok());
    refused(padded(limits::DOCUMENT_BYTES + 1), OVER);
    ends(
        "a document over its limit",
        &padded(limits::DOCUMENT_BYTES + 1),
    );
}

#[test]
fn j18_annotations() {
    let annotations = |count: usize| {
        let all: Vec<String> = (0..count).map(|n| format!("\"{n}\":\"\"")).collect();
        format!(
            "{{\"schemaVersion\":2,\"manifests\":[],\"annotations\":{{{}}}}}",
            all.join(",")
        )
        .into_bytes()
    };
    refused(annotations(1_000_000), OVER);
    assert!(supplied(vec![annotations(100_000)]).is_ok());
    ends("annotations", &annotations(10_000));
}

#[test]
fn j18_evidence_as_a_whole() {
    let mut session = Session::new(Question::What);
    let text = vec![0; limits::PASTE_BYTES];
    let mut pastes = 0;
    let error = loop {
        match session.paste(&text, None) {
            Ok(_) => pastes += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(
        (error.code(), pastes),
        (OVER, limits::EVIDENCE_BYTES / limits::PASTE_BYTES)
    );
}

#[test]
fn m13_entries() {
    refused(index(&entries(limits::ENTRIES + 1)), OVER);
    refused(index(&vec![entry(&anything(), 1); 100_000]), OVER);
    let most = index(&entries(limits::ENTRIES));
    assert!(Document::new(most.clone()).view().is_ok());
    assert!(supplied(vec![most]).is_ok());
}

#[test]
fn m13_one_child_a_thousand_times() {
    let child = index(&entries(1));
    let digest = Digest::sha256(&child);
    let parent = index(&vec![entry(&digest, child.len()); 1000]);
    let report = supplied(vec![parent, child]).unwrap();
    let is_child = |claim: &&pullproof::Claim| matches!(&claim.statement, Statement::Bytes { digest: d, .. } if *d == digest);
    assert_eq!(report.claims.iter().filter(is_child).count(), 1);
}

#[test]
fn m12_indexes_in_indexes() {
    let mut documents = vec![index(&entries(1))];
    for _ in 0..200 {
        let inner = documents.last().unwrap();
        documents.push(index(&[entry(&Digest::sha256(inner), inner.len())]));
    }
    let root = Digest::sha256(documents.last().unwrap());
    let name =
        |registry: &str, digest: &Digest| format!("{registry}.example/x@{digest}").parse().unwrap();
    let (left, right) = (name("a", &root), name("b", &Digest::sha256(&documents[0])));
    let mut session = Session::new(Question::Same {
        left,
        right,
        level: pullproof::claim::Level::Config,
    });
    for bytes in documents {
        let want = wanted(Digest::sha256(&bytes));
        session
            .supply(
                &want,
                bytes,
                Source::File {
                    name: "nested".to_owned(),
                },
            )
            .unwrap();
    }
    assert_eq!(
        session.report(UnixTime(0)).verdict,
        pullproof::Verdict::Open
    );
}

#[test]
fn p11_what_could_hold_a_recogniser_up() {
    let lines = |line: &str| line.repeat(200_000 / line.len()).into_bytes();
    for line in [
        "{", "[", "\"", " ", "\n", "\\", "{\"a\":", "{\n", "{}", "[]", "$ ", "$ \n", "> ", "```\n",
        "A", "0", "sha256:",
    ] {
        ends(line, &lines(line));
        ends(
            line,
            &[
                b"$ docker manifest inspect registry.example/x:1\n",
                lines(line).as_slice(),
            ]
            .concat(),
        );
        ends(
            line,
            &[
                b"{\"schemaVersion\":2,\"manifests\":[",
                lines(line).as_slice(),
            ]
            .concat(),
        );
    }
}

#[test]
fn p11_beginnings_of_what_tools_print() {
    for line in [
        "\u{1b}",
        "\u{1b}[",
        "\u{1b}[0m",
        "\u{1b}]8;;",
        "\u{1b}P",
        "\u{9b}",
        "\u{8}",
        "\r",
        "\u{a0}",
        "\u{201c}",
        "\u{feff}",
        "\0",
        "&lt;",
        "&amp;amp;",
        "├── ",
        "└─\n",
        "Name: x\nSignedTags:\n",
        "Digest: \n",
        "Status: ",
        "x: Pulling from y\n",
        "Signatures for \n",
        "Verification for  --\n",
        "- \n",
        "-----BEGIN PRIVATE KEY-----\n",
        "REPOSITORY TAG IMAGE ID\n",
        "\"Id\": \"\",\n",
        "\"digest\": \"sha256:",
        "\"config\": {\n",
        "x@",
        "a/",
        "\\\n",
        "$ docker \\\n",
        "1 ",
        "PS C:\\> ",
        "$ docker manifest inspect registry.example/x:1\n",
    ] {
        ends(line, line.repeat(200_000 / line.len()).as_bytes());
    }
}

#[test]
fn p11_bytes_that_are_no_text() {
    for byte in [0x80, 0xc0, 0xed, 0xf8, 0xff] {
        ends("no text", &vec![byte; 200_000]);
    }
    for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
        ends("utf-16", &[mark.as_slice(), &vec![b'{'; 200_001]].concat());
        ends("utf-16", &[mark.as_slice(), &vec![0xd8; 200_000]].concat());
    }
}
