//! The figures of recovery over what becomes of real documents on their way into a paste, both by
//! itself and in a session that was told the digest. Needs the folder of the corpus.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

#[allow(dead_code, reason = "each test uses a part of it")]
#[path = "corpus/index.rs"]
mod index;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use pullproof::Digest;
use pullproof::UnixTime;
use pullproof::question::Question;
use pullproof::recover::recover;
use pullproof::session::Session;

use index::{Document, documents};
use ways::WAYS;
use ways::found::{in_session, index_of, printed};

/// The number of texts that led to a document after a way, in a session too.
#[derive(Default)]
struct Figure {
    total: usize,
    recovered: usize,
    in_session: usize,
    falsely: usize,
    missed: Vec<String>,
}

/// In ten thousand, how many at least: of each way by itself, and of all together.
const LEAST: usize = 9_780;
const LEAST_OF_ALL: usize = 9_940;

#[test]
fn documents_are_found_after_every_way() {
    let documents = documents();
    let printed: Vec<String> = documents.iter().map(|one| printed(&one.bytes)).collect();
    let others = others(&documents);
    let mut all = (0, 0, 0);
    let mut low = Vec::new();
    for (nth, (name, way)) in WAYS.iter().enumerate() {
        let figure = Mutex::new(Figure::default());
        std::thread::scope(|scope| {
            for half in 0..2 {
                let (figure, documents, printed) = (&figure, &documents, &printed);
                let others = &others;
                scope.spawn(move || {
                    for at in (half..documents.len()).step_by(2) {
                        // As it lies in the registry, or as jq prints it.
                        let document = &documents[at];
                        let raw = std::str::from_utf8(&document.bytes).unwrap();
                        let text = if (at / 2 + nth) % 2 == 0 {
                            raw
                        } else {
                            &printed[at]
                        };
                        if let Some(pasted) = way(text) {
                            let one = measured(document, &documents[others[at]], &pasted);
                            add(&mut figure.lock().unwrap(), document, one);
                        }
                    }
                });
            }
        });
        let figure = figure.into_inner().unwrap();
        println!(
            "figure: {name} recovered {}/{}, in a session {}, falsely {}",
            figure.recovered, figure.total, figure.in_session, figure.falsely
        );
        if std::env::var_os("PULLPROOF_MISSED").is_some() {
            figure
                .missed
                .iter()
                .for_each(|path| println!("  missed: {path}"));
        }
        assert_eq!(figure.falsely, 0, "{name}");
        assert!(figure.total > 100, "{name}: {} texts", figure.total);
        for found in [figure.recovered, figure.in_session] {
            if found * 10_000 < LEAST * figure.total {
                low.push(format!("{name}: {found} of {}", figure.total));
            }
        }
        all = (
            all.0 + figure.total,
            all.1 + figure.recovered,
            all.2 + figure.in_session,
        );
    }
    println!(
        "figure: all ways recovered {}/{}, in a session {}",
        all.1, all.0, all.2
    );
    assert_eq!(low, Vec::<String>::new());
    assert!(all.1 * 10_000 >= LEAST_OF_ALL * all.0 && all.2 * 10_000 >= LEAST_OF_ALL * all.0);
}

fn add(
    figure: &mut Figure,
    document: &Document,
    (recovered, in_session, falsely): (bool, bool, bool),
) {
    figure.total += 1;
    figure.recovered += usize::from(recovered);
    figure.in_session += usize::from(in_session);
    figure.falsely += usize::from(falsely);
    if !recovered || !in_session {
        let how = if recovered {
            "in a session"
        } else {
            "by itself"
        };
        figure.missed.push(format!("{} {how}", document.path));
    }
}

/// Says if the document is found, in a session too, and if another one is.
fn measured(document: &Document, other: &Document, pasted: &str) -> (bool, bool, bool) {
    let found = recover(pasted.as_bytes(), &document.digest);
    if let Some(found) = &found {
        assert_eq!(Digest::sha256(found.document().bytes()), document.digest);
        assert!(!found.edits().is_empty() || pasted.as_bytes() == document.bytes);
    }
    let falsely = recover(pasted.as_bytes(), &other.digest).is_some();
    // The digest of a signed manifest of schema 1 is that of its payload, which is shorter.
    let found_bytes = found.as_ref().map(|found| found.document().bytes());
    let size = found_bytes.map_or(document.bytes.len(), <[u8]>::len) as u64;
    let by_index = in_session(&index_of(&document.digest, size), pasted, &document.digest);
    (found.is_some(), by_index, falsely)
}

/// For each document the next one with other content; the same document in another form may be
/// found in it.
fn others(documents: &[Document]) -> Vec<usize> {
    let names: Vec<BTreeSet<&[u8]>> = documents
        .iter()
        .map(|document| names(&document.bytes))
        .collect();
    let other = |at: usize| {
        let mut rest = (1..documents.len()).map(|n| (at + n) % documents.len());
        rest.find(|other| names[*other] != names[at]).unwrap()
    };
    (0..documents.len()).map(other).collect()
}

/// The digests that a text names.
fn names(text: &[u8]) -> BTreeSet<&[u8]> {
    let digests = text
        .windows(71)
        .filter(|window| window.starts_with(b"sha256:"));
    digests.collect()
}

/// The public reports beside the corpus: what each text states has the digests that its right answer has.
#[test]
fn public_reports_are_read() {
    let folder = std::path::PathBuf::from(std::env::var("PULLPROOF_CORPUS").unwrap());
    let folder = folder.parent().unwrap().join("cases");
    let index = std::fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let mut tools: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in index.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let text = std::fs::read(folder.join(columns[0])).unwrap();
        let mut session = Session::new(Question::What);
        let findings = session.paste(&text, None).unwrap();
        let said = serde_json::to_string(&session.report(UnixTime(0))).unwrap();
        let said = format!("{said}{findings:?}");
        let wanted = prefixes(columns[3].split("Not to be said").next().unwrap());
        let text = String::from_utf8_lossy(&text);
        let missing: Vec<&String> = wanted
            .iter()
            .filter(|prefix| text.contains(prefix.as_str()) && !said.contains(prefix.as_str()))
            .collect();
        let unread = findings.iter().any(|finding| finding.tool == "unread");
        let tool = columns[1].split([' ', ',']).next().unwrap();
        let figures = tools.entry(tool).or_default();
        figures[0] += 1;
        figures[1] += usize::from(!unread);
        figures[2] += usize::from(missing.is_empty());
        if unread || !missing.is_empty() {
            println!(
                "figure: {} is not read whole, or lacks {missing:?}",
                columns[0]
            );
        }
    }
    println!(
        "figure: {:12} {:>4} {:>5} {:>5} {:>5}",
        "tool", "all", "read", "right", "wrong"
    );
    let sum = |at: usize| tools.values().map(|figures| figures[at]).sum::<usize>();
    let all = [sum(0), sum(1), sum(2)];
    for (tool, [total, read, right]) in tools.iter().chain([(&"all", &all)]) {
        let wrong = total - right;
        println!("figure: {tool:12} {total:>4} {read:>5} {right:>5} {wrong:>5}");
    }
    // Left out on purpose: a diff ID, which no registry serves.
    assert_eq!(all, [54, 54, 53]);
}

/// The beginnings of digests in an answer, as `1234abcd…`.
fn prefixes(answer: &str) -> Vec<String> {
    let words = answer.split(|c: char| !c.is_ascii_alphanumeric() && c != '…');
    let hex = |word: &str| word.len() == 8 && word.bytes().all(|b| b.is_ascii_hexdigit());
    words
        .filter_map(|word| word.strip_suffix('…'))
        .filter(|word| hex(word))
        .map(str::to_owned)
        .collect()
}
