//! Recovery of what was pasted: whatever became of a document on its way, the digest finds it, both
//! by itself and in a session that was told the digest, and every edit is named.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod vector;
mod ways;

use std::collections::BTreeSet;

use pullproof::UnixTime;
use pullproof::claim::Statement;
use pullproof::digest::Digest;
use pullproof::limits;
use pullproof::recover::{Search, Wanted, recover};
use pullproof::session::Session;

use ways::WAYS;
use ways::found::{in_session, index_of, printed};

const DIGEST_A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const DIGEST_B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

const AROUND: &str = "text around the JSON removed";
const COMPACT: &str = "white space removed";
const JOINED: &str = "broken lines joined";
const LESS: &str = "final newline removed";
const PREFIX: &str = "prefix of every line removed";
const TWO_SPACES: &str = "indented with 2 spaces";

/// A manifest as a registry has it; `note` is the value of an annotation.
fn manifest(note: &str) -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{DIGEST_A}","size":459}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{DIGEST_B}","size":2211507}}],"annotations":{{"note":"{note}"}}}}"#
    )
}

/// The same with line breaks, without a newline at the end.
fn lines(compact: &str) -> String {
    printed(compact.as_bytes()).trim_end().to_owned()
}

/// The text is found in what was pasted, by these edits; in a session too.
#[track_caller]
fn recovers(original: &str, pasted: &str, edits: &[&str]) {
    let expected = Digest::sha256(original.as_bytes());
    let found = recover(pasted.as_bytes(), &expected);
    let found = found.unwrap_or_else(|| panic!("not found in\n{pasted}"));
    assert_eq!(found.document().bytes(), original.as_bytes());
    assert_eq!(found.edits(), edits, "in\n{pasted}");
    let index = index_of(&expected, original.len() as u64);
    assert!(
        in_session(&index, pasted, &expected),
        "no session finds it in\n{pasted}"
    );
}

fn each_line(text: &str, change: impl Fn(usize, &str) -> String) -> String {
    let changed = |(at, line)| change(at, line) + "\n";
    text.lines().enumerate().map(changed).collect()
}

fn wrapped(text: &str, width: usize) -> String {
    let wrap = |line: &str| {
        let line: Vec<char> = line.chars().collect();
        let parts: Vec<String> = line
            .chunks(width)
            .map(|part| part.iter().collect())
            .collect();
        parts.join("\n")
    };
    let lines: Vec<String> = text.lines().map(wrap).collect();
    lines.join("\n")
}

/// As a string of JSON.
fn string(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", text.replace('\n', "\\n"))
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// The ways on which more is lost than can be known of every document.
const LOSSY: [&str; 1] = ["wrapped-words-72"];

#[test]
fn every_way_is_gone_back() {
    let documents: Vec<_> = vector::documents().into_iter().collect();
    let mut missed = Vec::new();
    let mut tried = 0;
    for (nth, (name, way)) in WAYS.iter().enumerate() {
        for (at, (digest, document)) in documents.iter().enumerate().skip(nth % 5).step_by(5) {
            let digest: Digest = digest.parse().unwrap();
            let raw = std::str::from_utf8(&document.bytes).unwrap();
            // As it lies in the registry, or as jq prints it.
            let text = if at % 2 == 0 {
                raw.to_owned()
            } else {
                printed(&document.bytes)
            };
            let Some(pasted) = way(&text).filter(|_| !LOSSY.contains(name)) else {
                continue;
            };
            // The digest of a signed manifest of schema 1 is that of its payload.
            let found = recover(pasted.as_bytes(), &digest);
            let size = found
                .as_ref()
                .map_or(raw.len(), |found| found.document().bytes().len());
            let index = index_of(&digest, size as u64);
            if found.is_none() || !in_session(&index, &pasted, &digest) {
                missed.push(format!("{name} {}", document.name));
            }
            tried += 1;
        }
    }
    assert_eq!(missed, Vec::<String>::new());
    assert!(tried > 1100, "only {tried}");
}

#[test]
fn what_logs_put_before_each_line_may_differ() {
    let text = lines(&manifest("x"));
    let log = each_line(&text, |n, line| {
        format!("2024-05-01T12:00:{:02}.{:07}Z {line}", n, n * 7919)
    });
    recovers(&text, &log, &[PREFIX, LESS]);
    let around = format!("##[group]Run crane manifest a.example/b\n{log}##[endgroup]\n");
    recovers(&text, &around, &[PREFIX, AROUND]);
    let whole_second = log.replace("12:00:03.0023757Z", "12:00:03Z");
    assert_ne!(log, whole_second);
    recovers(&text, &whole_second, &[PREFIX, LESS]);
    let wrapped_log = each_line(&wrapped(&text, 60), |n, line| {
        format!("[2024-05-01T12:00:{n:02}Z] {line}")
    });
    recovers(&text, &wrapped_log, &[PREFIX, JOINED, LESS]);
    let mixed = each_line(&text, |n, line| match n % 3 {
        1 => format!("api-1  | {line}\nweb-1  | {{\"GET\": 200}}"),
        _ => format!("api-1  | {line}"),
    });
    recovers(&text, &mixed, &[PREFIX, LESS]);
}

#[test]
fn a_manifest_may_be_a_string_of_other_json() {
    let text = lines(&manifest("a \\u003c b"));
    let other = string(&manifest("y"));
    let ecr = format!(
        r#"{{"images":[{{"imageManifest":{}}},{{"imageManifest":{other}}}],"failures":[]}}"#,
        string(&text)
    );
    let inside = "taken out of a JSON string";
    recovers(&text, &ecr, &[inside]);
    recovers(
        &text,
        &format!("$ aws ecr batch-get-image\n{}", printed(ecr.as_bytes())),
        &[AROUND, inside],
    );
    recovers(&text, &format!("[{}]", string(&text)), &[inside]);
    let twice = format!(r#"{{"log":{}}}"#, string(&ecr));
    recovers(&text, &twice, &[inside, inside]);
    let thrice = format!(r#"[{{"log":{}}}]"#, string(&twice));
    recovers(&text, &thrice, &[inside, inside, inside]);
    let slashes = ecr.replace('/', "\\/");
    recovers(&text, &slashes, &[inside]);
    recovers(&text, &wrapped(&ecr, 80), &[JOINED, inside]);
    let line = format!("            \"imageManifest\": {},\n", string(&text));
    recovers(&text, &line, &["backslash escapes resolved", AROUND]);
    let named = format!(r#"{{"result":{{"manifest":1,"found":{text}}}}}"#);
    recovers(&text, &named, &["taken out of other JSON"]);
}

#[test]
fn a_paste_may_have_several_documents_in_what_was_not_read() {
    let manifests = [manifest("one"), manifest("two"), lines(&manifest("three"))];
    let digests = manifests
        .each_ref()
        .map(|text| Digest::sha256(text.as_bytes()));
    let log: String = manifests
        .iter()
        .map(|text| each_line(text, |n, line| format!("12:00:{n:02} {line}")))
        .collect();
    let images = manifests
        .each_ref()
        .map(|text| format!(r#"{{"imageManifest":{}}}"#, string(text)));
    let ecr = format!(r#"{{"images":[{}]}}"#, images.join(","));
    for pasted in [log, ecr] {
        let mut session = Session::asking(r#"{"ask":"what"}"#.parse().unwrap());
        for (digest, text) in digests.iter().zip(&manifests) {
            session
                .paste(index_of(digest, text.len() as u64).as_bytes(), None)
                .unwrap();
        }
        session.paste(pasted.as_bytes(), None).unwrap();
        let report = session.report(UnixTime(0));
        for wanted in &digests {
            let is = |claim: &pullproof::Claim| matches!(&claim.statement, Statement::Bytes { digest, .. } if digest == wanted);
            assert!(report.claims.iter().any(is), "{wanted} in\n{pasted}");
        }
    }
    let mut wanted = Wanted::default();
    for digest in &digests {
        assert!(wanted.add(digest, None));
    }
    let all = Search::new(manifests.join("\n").into_bytes()).find_all(&wanted);
    let found: BTreeSet<&Digest> = all.iter().map(|found| found.document().digest()).collect();
    assert_eq!(found, digests.iter().collect());
}

#[test]
fn lines_may_be_broken_and_quoted() {
    let text = lines(&manifest("one two three"));
    recovers(&text, &wrapped(&text, 72), &[JOINED]);
    let quoted = |text: &str, mark: &str| each_line(text, |_, line| format!("{mark}{line}"));
    recovers(
        &text,
        &quoted(&wrapped(&text, 72), "> "),
        &[PREFIX, JOINED, LESS],
    );
    recovers(
        &text,
        &quoted(&wrapped(&text, 66), ">> > "),
        &[PREFIX, JOINED, LESS],
    );
    recovers(&text, &wrapped(&quoted(&text, "> "), 60), &[PREFIX, JOINED]);
    let compact = manifest("one two three");
    recovers(
        &compact,
        &quoted(&wrapped(&compact, 72), "> "),
        &[PREFIX, JOINED, LESS],
    );
    let flowed = quoted(&text.replace("one two", "one \ntwo"), "> ");
    recovers(&text, &flowed, &[PREFIX, JOINED, LESS]);
    let by_space = "changed text: broken lines joined by a space";
    recovers(
        &text,
        &quoted(&text.replace("one two", "one\ntwo"), "> "),
        &[PREFIX, by_space, LESS],
    );
    // Within a number too.
    recovers(
        &compact,
        &compact.replace("2211507", "2211\n507"),
        &[JOINED],
    );
}

#[test]
fn what_a_document_has_itself_is_left() {
    let text = lines(&manifest("it’s “one”,\u{a0}two & three"));
    let (quotes, spaces) = (
        "changed text: typographic quotes made straight",
        "changed text: no-break spaces made spaces",
    );
    let html_edit = "HTML escapes resolved";
    recovers(&text, &html(&text), &[html_edit]);
    recovers(&text, &html(&html(&text)), &[html_edit, html_edit]);
    recovers(
        &text,
        &html(&text).replace("  ", "&nbsp; "),
        &[html_edit, spaces],
    );
    recovers(
        &text,
        &format!("<pre><code>{}</code></pre>", html(&text)),
        &["HTML tags removed", html_edit],
    );
    recovers(&text, &wrapped(&text, 58), &[JOINED]);
    recovers(&text, &wrapped(&html(&text), 58), &[JOINED, html_edit]);
    let curly = text
        .replace(" \"", " “")
        .replace("\":", "”:")
        .replace("\",\n", "”,\n");
    recovers(&text, &curly, &[quotes]);
    recovers(&text, &curly.replace("  ", "\u{a0} "), &[spaces, quotes]);
    recovers(&text, &text.replace("  ", "\u{a0} "), &[spaces]);
}

#[test]
fn white_space_at_the_end_of_lines() {
    let text = lines(&manifest("x"));
    let odd = text.replace("\"size\": 459", "\"size\" :459");
    let removed = "white space at the end of lines removed";
    recovers(&odd, &odd.replace('\n', " \t\n"), &[removed]);
    recovers(
        &odd,
        &(odd.replace('\n', "  \r\n") + "  "),
        &[removed, "CRLF line endings made LF"],
    );
    recovers(&text, &text.replace('\n', "   \n"), &[removed]);
    let padded = each_line(&text, |_, line| format!("{line:120}"));
    recovers(&text, &padded, &[removed, LESS]);
}

#[test]
fn strings_of_other_languages() {
    let text = lines(&manifest("it's \\u003c"));
    let escapes = "backslash escapes resolved";
    let c = string(&text);
    recovers(
        &text,
        &format!(
            "'{}'\n",
            c.trim_matches('"')
                .replace("\\\"", "\"")
                .replace('\'', "\\'")
        ),
        &[escapes, AROUND],
    );
    recovers(
        &manifest("\\u003c"),
        &format!("b'{}'", manifest("\\\\u003c")),
        &[escapes, AROUND],
    );
    let shell = format!("echo '{}'", text.replace('\'', "'\\''"));
    recovers(&text, &shell, &["quotes of a shell resolved", AROUND]);
    let marked = text
        .replace('_', "\\_")
        .replace('[', "\\[")
        .replace('.', "\\.");
    recovers(&text, &marked, &["backslashes of Markdown removed"]);
    let compact = manifest("x");
    let python = compact
        .replace('"', "'")
        .replace(':', ": ")
        .replace("sha256: ", "sha256:");
    recovers(
        &compact,
        &python,
        &["Python's spelling made that of JSON", COMPACT],
    );
    let mail = text.replace('=', "=3D").replace(
        OCI_MANIFEST,
        "application/vnd.oci.image.=\nmanifest.v1+json",
    );
    let mail: String = mail
        .lines()
        .map(|line| wrapped_softly(line) + "\n")
        .collect();
    recovers(&text, &mail, &["quoted-printable decoded", LESS]);
}

fn wrapped_softly(line: &str) -> String {
    let line: Vec<char> = line.chars().collect();
    let parts: Vec<String> = line.chunks(70).map(|part| part.iter().collect()).collect();
    parts.join("=\n")
}

#[test]
fn key_orders_of_more_writers() {
    let config = format!(
        r#"{{"created":"1970-01-01T00:00:00Z","config":{{"Cmd":["a"],"Entrypoint":["b"],"ExposedPorts":{{"1/tcp":{{}}}},"Env":["P=/"],"Labels":{{"l":"m"}},"User":"u","WorkingDir":"/"}},"history":[{{"created":"1970-01-01T00:00:00Z","created_by":"bazel"}}],"rootfs":{{"type":"layers","diff_ids":["{DIGEST_A}"]}},"architecture":"amd64","os":"linux"}}"#
    );
    let sorted = format!(
        r#"{{"architecture":"amd64","config":{{"Cmd":["a"],"Entrypoint":["b"],"Env":["P=/"],"ExposedPorts":{{"1/tcp":{{}}}},"Labels":{{"l":"m"}},"User":"u","WorkingDir":"/"}},"created":"1970-01-01T00:00:00Z","history":[{{"created":"1970-01-01T00:00:00Z","created_by":"bazel"}}],"os":"linux","rootfs":{{"diff_ids":["{DIGEST_A}"],"type":"layers"}}}}"#
    );
    let order = "keys put in the order of rules_oci";
    recovers(&lines(&config), &sorted, &[order, TWO_SPACES]);
    let layers = format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","size":2,"digest":"{DIGEST_A}"}},"layers":[{{"size":3,"digest":"{DIGEST_B}","mediaType":"application/vnd.oci.image.layer.v1.tar+gzip"}}]}}"#
    );
    let sorted = format!(
        r#"{{"config":{{"digest":"{DIGEST_A}","mediaType":"application/vnd.oci.image.config.v1+json","size":2}},"layers":[{{"digest":"{DIGEST_B}","mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":3}}],"mediaType":"{OCI_MANIFEST}","schemaVersion":2}}"#
    );
    recovers(&lines(&layers), &sorted, &[order, TWO_SPACES]);
    let platform = r#""platform":{"architecture":"amd64","os":"linux"}"#;
    let entry = |first: &str| {
        format!(
            r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{OCI_MANIFEST}",{first},{platform},"annotations":{{"a":"b"}}}}]}}"#
        )
    };
    let sorted = format!(
        r#"{{"manifests":[{{"annotations":{{"a":"b"}},"digest":"{DIGEST_A}","mediaType":"{OCI_MANIFEST}",{platform},"size":7}}],"schemaVersion":2}}"#
    );
    let digest_first = entry(&format!(r#""digest":"{DIGEST_A}","size":7"#));
    recovers(
        &digest_first,
        &sorted,
        &["keys put in the order of Docker Official Images"],
    );
    let size_first = entry(&format!(r#""size":7,"digest":"{DIGEST_A}""#));
    recovers(
        &size_first,
        &sorted,
        &["keys put in the order of Docker, with annotations last"],
    );
}

#[test]
fn no_layers_may_be_null() {
    let null = manifest("x").replace(&format!(
        r#"[{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{DIGEST_B}","size":2211507}}]"#
    ), "null");
    assert!(null.contains(r#""layers":null"#));
    recovers(&null, &lines(&null), &[COMPACT]);
    let exchanged = "changed text: null and an empty list of layers exchanged";
    let empty = null.replace("null", "[]");
    recovers(&null, &lines(&empty), &[exchanged, COMPACT]);
    recovers(&lines(&empty), &null, &[exchanged, TWO_SPACES]);
}

/// Only the digest decides: what was left out or changed on the way is not made up.
#[test]
fn what_is_lost_is_not_found() {
    let text = manifest("it’s “one”");
    let expected = Digest::sha256(text.as_bytes());
    for pasted in [
        text.replace("459", "460"),
        html(&text).replace("459", "460"),
        each_line(&lines(&text), |n, line| {
            format!("12:00:{n:02} {}", line.replace("459", "460"))
        }),
        wrapped(&lines(&text), 60).replace(DIGEST_A.split_at(20).0, ""),
        text.replace(['“', '”'], ""),
    ] {
        assert_eq!(recover(pasted.as_bytes(), &expected), None, "{pasted}");
    }
}

/// Giving up is bounded by the length of the paste, whatever it is.
#[test]
fn giving_up_takes_so_many_times_the_paste() {
    let note = r#"a \u003c b &amp; \u0026 /c 'd' “e” é\u00e9 {\"f\":1}"#.repeat(120);
    let text = lines(&manifest(&note));
    let mut wanted = Wanted::default();
    wanted.add(&Digest::sha256(b"nobody's"), None);
    for pasted in [
        text.clone(),
        html(&text),
        wrapped(&html(&text), 72),
        string(&text),
        each_line(&wrapped(&text, 72), |_, line| format!("> {line}")),
        text.replace('"', "”"),
    ] {
        let mut search = Search::new(pasted.clone().into_bytes());
        assert_eq!(search.find(&wanted), None);
        let most = (pasted.len() * limits::RECOVERY_TIMES).max(limits::RECOVERY_LEAST_BYTES);
        // The last one may begin right below.
        assert!(
            search.bytes() <= most + 16 * pasted.len(),
            "{} of {most}",
            search.bytes()
        );
        assert!(search.hashes() > 100, "{}", search.hashes());
    }
}
