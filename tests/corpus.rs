//! The figures of recovery over real documents: how many are found again after what tools and
//! terminals do to them, and with how many hashes. Needs the folder of the corpus, jq, python3.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and reads files"
)]

#[path = "corpus/damage.rs"]
mod damage;
#[path = "corpus/figure.rs"]
mod figure;
#[path = "corpus/index.rs"]
mod index;
#[path = "corpus/samples.rs"]
mod samples;
#[path = "corpus/suite.rs"]
mod suite;
#[path = "corpus/tools.rs"]
mod tools;

use std::collections::BTreeSet;

use pullproof::json::{self, Value};
use pullproof::recover::{Search, Wanted};

use figure::{Figure, measure};
use index::{Document, documents};

type Damage = fn(&[u8]) -> Vec<u8>;

/// Each document after a piece of the way.
fn after(documents: &[Document], damage: Damage) -> Vec<(&Document, Vec<u8>)> {
    documents
        .iter()
        .map(|document| (document, damage(&document.bytes)))
        .collect()
}

fn jq<'a>(documents: &'a [Document], arguments: &[&str]) -> Vec<(&'a Document, Vec<u8>)> {
    let inputs: Vec<&[u8]> = documents.iter().map(|d| d.bytes.as_slice()).collect();
    let printed = tools::jq(arguments, &inputs);
    documents.iter().zip(printed).collect()
}

fn json_tool<'a>(documents: &'a [Document], arguments: &[&str]) -> Vec<(&'a Document, Vec<u8>)> {
    let inputs: Vec<&[u8]> = documents
        .iter()
        .map(|document| document.bytes.as_slice())
        .collect();
    let printed = tools::json_tool(arguments, &inputs);
    let printed = documents.iter().zip(printed);
    printed
        .filter_map(|(document, text)| Some((document, text?)))
        .collect()
}

fn then<'a>(texts: &[(&'a Document, Vec<u8>)], damage: &[Damage]) -> Vec<(&'a Document, Vec<u8>)> {
    let all = |text: &[u8]| {
        damage
            .iter()
            .fold(text.to_vec(), |text, damage| damage(&text))
    };
    texts
        .iter()
        .map(|(document, text)| (*document, all(text)))
        .collect()
}

#[test]
fn terminals_and_editors() {
    let documents = documents();
    measure("verbatim", &after(&documents, <[u8]>::to_vec), 100.0);
    measure(
        "newline-added",
        &after(&documents, damage::newline_added),
        99.8,
    );
    measure(
        "newline-removed",
        &after(&documents, damage::newline_removed),
        99.8,
    );
    measure("crlf", &after(&documents, damage::crlf), 99.8);
    measure(
        "byte-order-mark",
        &after(&documents, damage::byte_order_mark),
        99.8,
    );
    measure("utf-16", &after(&documents, damage::utf16), 99.8);
    measure("prompts", &after(&documents, damage::prompts), 99.0);
    measure("code-fence", &after(&documents, damage::code_fence), 99.0);
    measure("quoted-mail", &after(&documents, damage::quoted_mail), 99.0);
    measure("indented", &after(&documents, damage::indented), 99.0);
    measure("numbered", &after(&documents, damage::numbered), 99.0);
    measure("html", &after(&documents, damage::html), 99.0);
    measure("wrapped", &after(&documents, damage::wrapped), 99.0);
    measure(
        "no-break-spaces",
        &after(&documents, damage::no_break_spaces),
        98.0,
    );
}

#[test]
fn printers_that_keep_the_order() {
    let documents = documents();
    let pretty = jq(&documents, &["."]);
    measure("jq", &pretty, 99.0);
    measure("jq-c", &jq(&documents, &["-c", "."]), 99.0);
    measure("jq-tab", &jq(&documents, &["--tab", "."]), 99.0);
    measure("jq-C", &jq(&documents, &["-C", "."]), 99.0);
    measure("jq-a", &jq(&documents, &["-a", "."]), 99.0);
    measure("json.tool", &json_tool(&documents, &[]), 99.0);
    let from_windows: [Damage; 3] = [damage::crlf, damage::prompts, damage::code_fence];
    measure(
        "jq-windows-prompts-fence",
        &then(&pretty, &from_windows),
        99.0,
    );
    measure("jq-mail", &then(&pretty, &[damage::quoted_mail]), 99.0);
    measure("jq-html", &then(&pretty, &[damage::html]), 99.0);
    measure("jq-wrapped", &then(&pretty, &[damage::wrapped]), 99.0);
}

#[test]
fn printers_that_sort_keys() {
    let documents = documents();
    measure("jq-S", &jq(&documents, &["-S", "."]), 98.5);
    measure("jq-cS", &jq(&documents, &["-cS", "."]), 98.5);
    measure(
        "json.tool-sorted",
        &json_tool(&documents, &["--sort-keys"]),
        98.5,
    );
}

#[test]
fn docker_manifest_inspect() {
    let documents = documents();
    let single: Vec<_> = documents
        .iter()
        .filter(|document| document.kind.starts_with("manifest"))
        .filter_map(|d| Some((d, damage::docker_manifest_inspect(&d.bytes)?)))
        .collect();
    measure("docker-manifest-inspect", &single, 98.0);
    let lists = documents
        .iter()
        .filter(|document| document.kind.starts_with("index"));
    let (plain, annotated): (Vec<_>, Vec<_>) = lists
        .filter_map(|d| Some((d, damage::docker_manifest_inspect_list(&d.bytes)?)))
        .partition(|(document, _)| is_plain(&document.bytes));
    measure("docker-manifest-inspect-list", &plain, 94.0);
    measure("docker-manifest-inspect-list-annotated", &annotated, 0.0);
}

/// True if an index has no annotations but BuildKit's, and nothing else that is lost.
fn is_plain(bytes: &[u8]) -> bool {
    let json = json::parse(bytes).unwrap();
    let root = json.root();
    let lost = ["annotations", "artifactType", "subject"];
    let entries = root.get("manifests").and_then(Value::items).unwrap();
    lost.iter().all(|name| root.get(name).is_none())
        && entries.iter().all(|entry| {
            let annotations = entry.get("annotations").and_then(Value::members);
            annotations
                .unwrap_or_default()
                .iter()
                .all(|a| a.key.text.starts_with("vnd.docker.reference."))
        })
}

/// No text is taken for a document that it is not: each is searched for a hundred others, whose
/// sizes are not told, after the printer that leaves most to try. Documents that name the same
/// digests are one document in several forms, and may be found in each other.
#[test]
fn nothing_is_found_that_is_not_there() {
    let documents = documents();
    let mut figure = Figure::default();
    for (at, (document, text)) in jq(&documents, &["-S", "."]).into_iter().enumerate() {
        let names = digests(&text);
        let others = documents.iter().cycle().skip(at + 1).step_by(5);
        let others = others.filter(|other| digests(&other.bytes) != names);
        let mut wanted = Wanted::default();
        for other in others.take(100) {
            wanted.add(&other.digest, None);
        }
        let mut search = Search::new(text);
        let found = search.find(&wanted);
        figure.count(&document.path, found.is_none(), search.hashes());
    }
    figure.report("not-falsely-recovered", 100.0);
}

/// The digests that a text names.
fn digests(text: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(text);
    let after = |at: usize| text.get(at..at + "sha256:".len() + 64).map(str::to_owned);
    text.match_indices("sha256:")
        .filter_map(|(at, _)| after(at))
        .collect()
}
