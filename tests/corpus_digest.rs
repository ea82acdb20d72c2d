//! "Which digest is this?" over real documents: how often the first digest offered is the one that the document
//! has, after its own tool's printing and after `jq .`, where nothing names it. Needs the folder of the corpus, jq.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "corpus/damage.rs"]
mod damage;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "corpus/index.rs"]
mod index;
#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "corpus/tools.rs"]
mod tools;

use std::collections::{BTreeMap, BTreeSet};

use pullproof::UnixTime;
use pullproof::claim::{Standing, Statement};
use pullproof::digest::Digest;
use pullproof::json::{self, Value};
use pullproof::question::Question;
use pullproof::session::Session;

use index::{Document, documents};

/// In a hundred, how many first digests are right where the order of fields and the content have one writer.
const LEAST: usize = 95;

/// So many documents of one hand are more than somebody's own.
const OF_A_WRITER: usize = 2;

/// The first digest that is offered, and whether it is offered without a doubt.
fn offered(pasted: &[u8]) -> (Option<Digest>, bool) {
    let mut session = Session::new(Question::What);
    session.paste(pasted, None).unwrap();
    let report = session.report(UnixTime(0));
    let first = report
        .claims
        .iter()
        .find_map(|claim| match &claim.statement {
            Statement::Candidate { digest, .. } => Some(digest.clone()),
            _ => None,
        });
    if let Some(first) = &first {
        assert!(
            report.summary.contains(first.as_str()),
            "{}",
            report.summary
        );
    }
    (first, !report.headline.starts_with("Probably"))
}

/// True if the text itself is claimed to be known to the byte.
fn proves(pasted: &[u8], digest: &Digest) -> bool {
    let mut session = Session::new(Question::What);
    session.paste(pasted, None).unwrap();
    let report = session.report(UnixTime(0));
    report.claims.iter().any(|claim| {
        matches!(&claim.statement, Statement::Bytes { digest: of, .. } if of == digest)
            && matches!(claim.standing, Standing::Proven(_))
    })
}

/// The part of a document that is left after `jq .`: its keys in order, and the types that it
/// names.
fn hand(bytes: &[u8]) -> String {
    let json = json::parse(bytes).unwrap();
    let mut words = String::new();
    add(json.root(), 0, &mut words);
    words
}

fn add(value: &Value, depth: usize, words: &mut String) {
    for member in value.members().unwrap_or_default() {
        words.push_str(&member.key.text);
        words.push(' ');
        if member.key.text == "mediaType" {
            words.push_str(member.value.as_str().unwrap_or_default());
        }
        // Only what identifies an image, and not what somebody chose for it.
        let chosen = ["annotations", "config", "Labels"].contains(&member.key.text.as_ref());
        if depth < 3 && !(chosen && member.value.get("mediaType").is_none()) {
            add(&member.value, depth + 1, words);
        }
    }
    if let Some(first) = value.items().and_then(|items| items.first()) {
        add(first, depth + 1, words);
    }
}

/// The layout of a document, as far as that can be told without reading it.
fn form(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let indent: String = text
        .chars()
        .skip(1)
        .take_while(|c| c.is_whitespace())
        .collect();
    let end = &text[text.trim_end().len()..];
    format!("{indent:?} {end:?}")
}

/// The documents whose order of fields and content a writer has: others have them too, in one form only.
fn with_one_form(documents: &[Document]) -> BTreeSet<&str> {
    let mut forms: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for document in documents {
        let forms = forms.entry(hand(&document.bytes)).or_default();
        forms.push(form(&document.bytes));
    }
    let one = documents.iter().filter(|document| {
        let forms = &forms[&hand(&document.bytes)];
        forms.len() >= OF_A_WRITER && forms.iter().all(|form| *form == forms[0])
    });
    one.map(|document| document.path.as_str()).collect()
}

/// Counts first digests that are right: of documents with one form, and of all, of which so many in a hundred
/// have to be: files that somebody wrote by hand betray nobody.
fn measure(name: &str, printed: &[(&Document, Vec<u8>)], one: &BTreeSet<&str>, of_all: usize) {
    let (mut right, mut of, mut all, mut wrong, mut missed) = (0, 0, 0, Vec::new(), Vec::new());
    for (document, text) in printed {
        let (first, sure) = offered(text);
        let good = first.as_ref() == Some(&document.digest);
        let has_one = one.contains(document.path.as_str());
        of += usize::from(has_one);
        right += usize::from(has_one && good);
        all += usize::from(good);
        if !good && sure {
            wrong.push(document.path.as_str());
        }
        if !good {
            missed.push((has_one, document.path.as_str()));
        }
    }
    println!(
        "figure: first digest, {name}: {right}/{of} where there is one form, {all}/{} of all, silently wrong {}",
        printed.len(),
        wrong.len()
    );
    if std::env::var_os("PULLPROOF_MISSED").is_some() {
        for (one, path) in &missed {
            println!("  missed: {path} {}", if *one { "one form" } else { "" });
        }
    }
    assert!(!printed.is_empty(), "{name}: nothing to measure");
    assert!(right * 100 >= LEAST * of, "{name}: {missed:#?}");
    assert!(all * 100 >= of_all * printed.len(), "{name}: {missed:#?}");
    assert_eq!(wrong, [""; 0], "{name}");
}

fn is_manifest(document: &Document) -> bool {
    document.kind.starts_with("manifest") && !document.kind.contains("schema1")
}

#[test]
fn the_first_digest_is_the_true_one() {
    let documents = documents();
    let one = with_one_form(&documents);
    println!(
        "figure: documents with one form {}/{}",
        one.len(),
        documents.len()
    );
    let jq = |document: &Document| tools::jq(&["."], &[&document.bytes]).remove(0);
    let all = |print: &dyn Fn(&Document) -> Option<Vec<u8>>| -> Vec<(&Document, Vec<u8>)> {
        let printed = documents.iter().filter_map(|one| Some((one, print(one)?)));
        printed.collect()
    };
    let pretty: BTreeMap<&str, Vec<u8>> = documents
        .iter()
        .map(|one| (one.path.as_str(), jq(one)))
        .collect();
    let under = |command: &str, text: &[u8]| [command.as_bytes(), text].concat();
    measure("a file", &all(&|one| Some(one.bytes.clone())), &one, 93);
    let verbatim = |document: &Document| {
        let command = if document.kind == "config" {
            "$ crane config a/b:1\n"
        } else {
            "$ crane manifest a/b:1\n"
        };
        Some(under(command, &document.bytes))
    };
    measure("crane", &all(&verbatim), &one, 94);
    let inspected = |document: &Document| {
        let text = damage::docker_manifest_inspect(&document.bytes)?;
        is_manifest(document).then(|| under("$ docker manifest inspect a/b:1\n", &text))
    };
    measure("docker manifest inspect", &all(&inspected), &one, 81);
    let list = |document: &Document| {
        let text = damage::docker_manifest_inspect_list(&document.bytes)?;
        is_whole(&document.bytes).then(|| under("$ docker manifest inspect a/b:1\n", &text))
    };
    let lists = all(&list);
    measure("docker manifest inspect, lists", &lists, &one, 44);
    for (document, text) in &lists {
        let printed = text.splitn(2, |b| *b == b'\n').nth(1).unwrap();
        assert!(!proves(text, &Digest::sha256(printed)), "{}", document.path);
    }
    measure(
        "jq .",
        &all(&|one| pretty.get(one.path.as_str()).cloned()),
        &one,
        85,
    );
    let piped = |document: &Document| {
        Some(under(
            "$ crane manifest a/b:1 | jq .\n",
            &pretty[document.path.as_str()],
        ))
    };
    measure("crane | jq .", &all(&piped), &one, 85);
}

/// True if a list has nothing that `docker manifest inspect` loses for good.
fn is_whole(bytes: &[u8]) -> bool {
    let json = json::parse(bytes).unwrap();
    let root = json.root();
    let Some(entries) = root.get("manifests").and_then(Value::items) else {
        return false;
    };
    let lost = ["annotations", "artifactType", "subject"];
    let plain = |entry: &Value| {
        let all = entry.get("annotations").and_then(Value::members);
        entry.get("artifactType").is_none()
            && entry.get("platform").is_some()
            && all
                .unwrap_or_default()
                .iter()
                .all(|one| one.key.text.starts_with("vnd.docker.reference."))
    };
    lost.iter().all(|name| root.get(name).is_none()) && entries.iter().all(plain)
}
