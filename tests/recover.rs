//! Recovery: documents in each writer's layout, what happens to them on their way into a paste,
//! and the edits that undo it, by name.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use pullproof::digest::{Algorithm, Digest};
use pullproof::recover::{Search, Wanted, recover};

const DIGEST_A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const DIGEST_B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const DIGEST_C: &str = "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// A manifest as BuildKit orders it, compact.
fn manifest() -> String {
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{OCI_MANIFEST}","config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{DIGEST_A}","size":459}},"layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{DIGEST_B}","size":2211507}}],"annotations":{{"note":"a \u003c b \u0026\u0026 c"}}}}"#
    )
}

/// The same as Docker and go-containerregistry order it.
fn size_first() -> String {
    let mut text = manifest();
    for (digest, size) in [(DIGEST_A, 459), (DIGEST_B, 2_211_507)] {
        let from = format!(r#""digest":"{digest}","size":{size}"#);
        text = text.replace(&from, &format!(r#""size":{size},"digest":"{digest}""#));
    }
    text
}

/// An entry of an index; `rest` is the text between the size and the platform.
fn entry(digest: &str, architecture: &str, os: &str, rest: &str) -> String {
    format!(
        r#"{{"mediaType":"{OCI_MANIFEST}","digest":"{digest}","size":640{rest},"platform":{{"architecture":"{architecture}","os":"{os}"}}}}"#
    )
}

/// The same as Docker prints it, which leaves annotations out.
fn docker_entry(digest: &str, architecture: &str, os: &str) -> String {
    let (from, to) = (
        format!(r#""digest":"{digest}","size":640"#),
        format!(r#""size":640,"digest":"{digest}""#),
    );
    entry(digest, architecture, os, "").replace(&from, &to)
}

fn about(digest: &str) -> String {
    format!(
        r#","annotations":{{"vnd.docker.reference.digest":"{digest}","vnd.docker.reference.type":"attestation-manifest"}}"#
    )
}

fn index(entries: &[String]) -> String {
    let entries = entries.join(",");
    format!(r#"{{"schemaVersion":2,"mediaType":"{OCI_INDEX}","manifests":[{entries}]}}"#)
}

/// Compact JSON with line breaks, as Go, jq and Python break it.
fn indented(compact: &str, unit: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    let mut rest = compact.chars().peekable();
    let line = |depth: usize| format!("\n{}", unit.repeat(depth));
    while let Some(c) = rest.next() {
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        let empty = matches!(rest.peek(), Some('}' | ']'));
        match c {
            '{' | '[' if !quoted && !empty => {
                depth += 1;
                out.extend([c.to_string(), line(depth)]);
            }
            '}' | ']' if !quoted && !out.ends_with(['{', '[']) => {
                depth -= 1;
                out.extend([line(depth), c.to_string()]);
            }
            ',' if !quoted => out.extend([",".to_owned(), line(depth)]),
            ':' if !quoted => out += ": ",
            c => out.push(c),
        }
    }
    out
}

fn each_line(text: &str, change: fn(usize, &str) -> String) -> String {
    let changed = |(at, line)| change(at + 1, line) + "\n";
    text.lines().enumerate().map(changed).collect()
}

#[track_caller]
fn recovers(original: &str, pasted: impl AsRef<[u8]>, edits: &[&str]) {
    let expected = Digest::sha256(original.as_bytes());
    let pasted = pasted.as_ref();
    let shown = String::from_utf8_lossy(pasted);
    let found = recover(pasted, &expected).unwrap_or_else(|| panic!("not found in\n{shown}"));
    assert_eq!(found.document().digest(), &expected);
    assert_eq!(found.document().bytes(), original.as_bytes());
    assert_eq!(found.edits(), edits, "in\n{shown}");
}

#[track_caller]
fn refuses(pasted: &[u8], expected: &[u8]) {
    assert_eq!(recover(pasted, &Digest::sha256(expected)), None);
}

#[test]
fn text_as_it_came_has_no_edits() {
    for text in [
        manifest(),
        indented(&manifest(), "\t") + "\n",
        " {} \r\n".into(),
        "x".into(),
    ] {
        recovers(&text, &text, &[]);
    }
    let not_text = b"\xff\xfe\x00 not text";
    let found = recover(not_text, &Digest::sha256(not_text)).unwrap();
    assert_eq!(found.edits(), [""; 0]);
    let digest = Algorithm::Sha512.digest(b"{}");
    assert_eq!(
        recover(b"{}\n", &digest).unwrap().document().digest(),
        &digest
    );
}

#[test]
fn ends_and_line_endings() {
    let text = indented(&manifest(), "  ");
    let crlf = text.replace('\n', "\r\n");
    recovers(&text, format!("{text}\n"), &["final newline removed"]);
    recovers(&text, format!("{text}\r\n"), &["final newline removed"]);
    recovers(&format!("{text}\n"), &text, &["final newline added"]);
    recovers(&format!("{text}\n\n"), &text, &["final newline added"]);
    recovers(
        &format!("{text}\n"),
        format!("{text}\n\n"),
        &["final newline removed"],
    );
    recovers(
        &text,
        format!("{text}  \n"),
        &["white space at the end removed"],
    );
    recovers(
        &text,
        format!("\n  {text}"),
        &["white space at the start removed"],
    );
    recovers(&text, &crlf, &["CRLF line endings made LF"]);
    recovers(&crlf, &text, &["LF line endings made CRLF"]);
    let both = ["CRLF line endings made LF", "final newline removed"];
    recovers(&text, format!("{crlf}\r\n"), &both);
    recovers(
        &text,
        text.replace('\n', "\r"),
        &["CR line endings made LF"],
    );
    recovers(
        &text,
        format!("\u{feff}{text}"),
        &["byte order mark removed"],
    );
    let units = format!("\u{feff}{crlf}");
    let utf16: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
    recovers(
        &text,
        utf16,
        &["UTF-16 made UTF-8", "CRLF line endings made LF"],
    );
    recovers("a\r", "a\r\n", &["final newline removed"]);
}

#[test]
fn every_writer_after_every_printer() {
    let layouts = [
        (manifest(), "white space removed"),
        (indented(&manifest(), " "), "indented with 1 space"),
        (indented(&manifest(), "  "), "indented with 2 spaces"),
        (indented(&manifest(), "   "), "indented with 3 spaces"),
        (indented(&manifest(), "    "), "indented with 4 spaces"),
        (indented(&manifest(), "        "), "indented with 8 spaces"),
        (indented(&manifest(), "\t"), "indented with tabs"),
    ];
    for (written, how) in &layouts {
        for (printed, _) in layouts.iter().filter(|(printed, _)| printed != written) {
            recovers(written, printed, &[how]);
            recovers(&format!("{written}\n"), format!("{printed}\n"), &[how]);
            recovers(
                written,
                format!("{printed}\n"),
                &[how, "final newline removed"],
            );
            recovers(
                &format!("{written}\n"),
                printed,
                &[how, "final newline added"],
            );
        }
    }
    let spaced = manifest().replace("\":", "\": ").replace(",\"", ", \"");
    recovers(
        &spaced,
        manifest(),
        &["written on one line with a space after comma and colon"],
    );
    let empties = r#"{"layers":[],"annotations":{}}"#;
    let spread = "{\n  \"layers\": [\n  ],\n  \"annotations\": {\n  }\n}";
    let edits = [
        "indented with 2 spaces",
        "empty objects and arrays written on two lines",
    ];
    recovers(spread, empties, &edits);
    recovers(empties, spread, &["white space removed"]);
}

#[test]
fn spellings() {
    let go = manifest();
    let plain = go.replace(r"\u003c", "<").replace(r"\u0026", "&");
    recovers(&go, &plain, &["<, > and & escaped as Go does"]);
    recovers(&plain, &go, &["needless escapes resolved"]);
    recovers(
        &indented(&go, "   "),
        indented(&plain, "  ") + "\n",
        &[
            "<, > and & escaped as Go does",
            "indented with 3 spaces",
            "final newline removed",
        ],
    );
    let accents = r#"{"layers":["é\u2028","𝄞"]}"#.replace(r"\u2028", "\u{2028}");
    let ascii = r#"{"layers":["\u00e9\u2028","\ud834\udd1e"]}"#;
    recovers(&accents, ascii, &["needless escapes resolved"]);
    recovers(ascii, &accents, &["all that is not ASCII escaped"]);
    let upper = ascii
        .replace("e9", "E9")
        .replace("d834", "D834")
        .replace("dd1e", "DD1E");
    recovers(
        &upper,
        &accents,
        &["all that is not ASCII escaped in upper case"],
    );
    recovers(
        r#"{"layers":["a\/b"]}"#,
        r#"{"layers":["a/b"]}"#,
        &["slashes escaped"],
    );
    recovers(
        r#"{"layers":["a/b"]}"#,
        r#"{"layers":["a\/b"]}"#,
        &["<, > and & escaped as Go does"],
    );
    recovers(
        "{\"layers\":[\"a\x7f\"]}",
        r#"{"layers":["a\u007f"]}"#,
        &["<, > and & escaped as Go does"],
    );
    recovers(
        r#"{"layers":[1,1000]}"#,
        r#"{"layers":[1.0,1e3]}"#,
        &["numbers without fraction or exponent"],
    );
    let kept = r#"{"layers":[1.50,1E+2,-0,12345678901234567890]}"#;
    recovers(kept, indented(kept, "  "), &["white space removed"]);
}

#[test]
fn around_the_json() {
    let text = indented(&manifest(), "  ");
    let around = ["text around the JSON removed"];
    recovers(
        &text,
        format!("$ crane manifest a.example/b:1\n{text}$ "),
        &around,
    );
    recovers(
        &text,
        format!("[me@host ~]$ x '{{{{json .}}}}'\n{text}\n[me@host ~]$ "),
        &around,
    );
    recovers(
        &text,
        format!("PS C:\\> crane manifest b\r\n{text}\r\nPS C:\\>"),
        &around,
    );
    recovers(
        &text,
        format!("```json\n{text}\n```\n"),
        &["code fence removed"],
    );
    let both = ["code fence removed", "text around the JSON removed"];
    recovers(
        &text,
        format!("Look:\n\n```\n{text}\n```\nOdd, no?\n"),
        &both,
    );
    let marked = each_line(&text, |_, line| format!("> {line}"));
    let (marks, less) = ("prefix of every line removed", "final newline removed");
    recovers(&text, &marked, &[marks, less]);
    recovers(&text, format!("They wrote:\n{marked}"), &[marks, around[0]]);
    let moved = each_line(&text, |_, line| format!("    {line}"));
    recovers(
        &text,
        moved,
        &["indentation of the whole text removed", less],
    );
    let numbered = each_line(&text, |number, line| format!("{number:6}\t{line}"));
    recovers(&text, numbered, &["line numbers removed", less]);
}

#[test]
fn terminals() {
    let text = indented(&manifest(), "  ");
    let colours = text.replace("\": ", "\"\x1b[0m\x1b[1;39m:\x1b[0m ");
    recovers(
        &text,
        format!("\x1b[1;39m{colours}\x1b[0m"),
        &["terminal control codes removed"],
    );
    let link = text.replace(
        DIGEST_A,
        &format!("\x1b]8;;https://a.example\x1b\\{DIGEST_A}\x1b]8;;\x07"),
    );
    recovers(&text, link, &["terminal control codes removed"]);
    let overwritten = text.replace("\"size\": 459", "\"size\": 1\x08459");
    recovers(&text, overwritten, &["terminal control codes removed"]);
    let around = ["text around the JSON removed"];
    recovers(
        &text,
        format!("Fetching 10%\rFetching 100%\n{text}\n"),
        &around,
    );
    let wrap = |text: &str| {
        let chars: Vec<char> = text.chars().collect();
        let lines: Vec<String> = chars.chunks(80).map(|line| line.iter().collect()).collect();
        lines.join("\n")
    };
    recovers(&manifest(), wrap(&manifest()), &["broken lines joined"]);
    let long = r#"{"layers":["one two"]}"#;
    recovers(
        long,
        "{\"layers\":[\"one\ntwo\"]}",
        &["changed text: broken lines joined by a space"],
    );
}

#[test]
fn web_pages_and_encodings() {
    let text = indented(&manifest(), "  ");
    let html = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    recovers(&text, html, &["HTML escapes resolved"]);
    recovers(
        &text,
        text.replace("  ", "\u{a0} "),
        &["changed text: no-break spaces made spaces"],
    );
    let curly = text.replace(" \"", " “").replace("\":", "”:");
    recovers(
        &text,
        curly,
        &["changed text: typographic quotes made straight"],
    );
    let quoted = format!(
        "\"{}\"",
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    );
    recovers(&text, quoted, &["JSON string resolved"]);
    let encoded = base64(text.as_bytes());
    recovers(&text, &encoded, &["base64 decoded"]);
    recovers(
        &text,
        encoded.replace('+', "-").replace('/', "_"),
        &["base64 decoded"],
    );
    let wrapped = encoded
        .as_bytes()
        .chunks(76)
        .flat_map(|line| [line, b"\n"].concat());
    let wrapped: Vec<u8> = wrapped.collect();
    recovers(&text, &wrapped, &["base64 decoded"]);
    let raw = format!(
        r#"[{{"Ref":"a","Raw":"{encoded}","OCIManifest":{}}}]"#,
        manifest()
    );
    recovers(&text, raw, &["taken out of \"Raw\"", "base64 decoded"]);
}

#[test]
fn sorted_keys() {
    let sorted = format!(
        r#"{{"annotations":{{"note":"a < b && c"}},"config":{{"digest":"{DIGEST_A}","mediaType":"application/vnd.oci.image.config.v1+json","size":459}},"layers":[{{"digest":"{DIGEST_B}","mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","size":2211507}}],"mediaType":"{OCI_MANIFEST}","schemaVersion":2}}"#
    );
    let escaped = "<, > and & escaped as Go does";
    let oci = "keys put in the order of the OCI Go types";
    recovers(&manifest(), &sorted, &[oci, escaped]);
    recovers(
        &indented(&size_first(), "   "),
        indented(&sorted, "  ") + "\n",
        &[
            "keys put in the order of Docker and go-containerregistry",
            escaped,
            "indented with 3 spaces",
            "final newline removed",
        ],
    );
    let old = manifest().replacen(r#""schemaVersion":2,"#, "", 1);
    let old = old.replacen(',', ",\"schemaVersion\":2,", 1);
    recovers(
        &old,
        &sorted,
        &["keys put in the order of BuildKit before 2023", escaped],
    );
    let oras = format!(
        r#"{{"reference":"a.example/b@{DIGEST_C}","mediaType":"{OCI_MANIFEST}","digest":"{DIGEST_C}","size":1,"content":{}}}"#,
        sorted.replace('<', r"\u003c").replace('&', r"\u0026")
    );
    recovers(
        &manifest(),
        indented(&oras, "  "),
        &["taken out of \"content\"", oci, "white space removed"],
    );
}

/// A part of an image configuration as a writer writes it.
fn part(name: &str) -> String {
    const CREATED: &str = r#""created":"2024-01-01T00:00:00Z""#;
    let run = |fields: &str| format!(r#""config":{{{fields}}}"#);
    let history = |fields: &str| format!(r#""history":[{{{fields},"empty_layer":true}}]"#);
    let (author, by, comment) = (r#""author":"x""#, r#""created_by":"y""#, r#""comment":"c""#);
    match name {
        "architecture" => r#""architecture":"amd64""#.into(),
        "created" => CREATED.into(),
        "os" => r#""os":"linux""#.into(),
        "rootfs" => format!(r#""rootfs":{{"type":"layers","diff_ids":["{DIGEST_A}"]}}"#),
        "oci-run" => run(r#""User":"me","Env":["P"],"Entrypoint":["a"],"Cmd":["sh"],"Labels":{}"#),
        "docker-run" => {
            run(r#""User":"me","Env":["P"],"Cmd":["sh"],"Entrypoint":["a"],"Labels":{}"#)
        }
        "ggcr-run" => run(r#""Cmd":["sh"],"Entrypoint":["a"],"Env":["P"],"Labels":{},"User":"me""#),
        "jib-run" => run(r#""Env":["P"],"Entrypoint":["a"],"Cmd":["sh"],"Labels":{},"User":"me""#),
        "oci-history" => history(&[CREATED, by, author, comment].join(",")),
        "docker-history" => history(&[CREATED, author, by, comment].join(",")),
        "ggcr-history" => history(&[author, CREATED, by, comment].join(",")),
        _ => panic!("no part {name}"),
    }
}

fn parts(names: &str) -> String {
    let parts: Vec<String> = names.split(' ').map(part).collect();
    format!("{{{}}}", parts.join(","))
}

#[test]
fn sorted_keys_of_configurations() {
    let sorted = parts("architecture ggcr-run created ggcr-history os rootfs")
        .replace(
            &part("rootfs"),
            &format!(r#""rootfs":{{"diff_ids":["{DIGEST_A}"],"type":"layers"}}"#),
        )
        .replace(r#","created_by":"y","comment":"c""#, r#","created_by":"y""#)
        .replace(r#""author":"x","#, r#""author":"x","comment":"c","#);
    for (writer, names) in [
        (
            "BuildKit",
            "architecture oci-run created oci-history os rootfs",
        ),
        (
            "Docker",
            "architecture docker-run created docker-history os rootfs",
        ),
        (
            "the OCI Go types",
            "created architecture os oci-run rootfs oci-history",
        ),
        (
            "go-containerregistry",
            "architecture created ggcr-history os rootfs ggcr-run",
        ),
        (
            "Docker Official Images",
            "ggcr-run created oci-history rootfs architecture os",
        ),
        (
            "buildah",
            "created docker-run architecture os rootfs docker-history",
        ),
        (
            "Jib",
            "created architecture os jib-run docker-history rootfs",
        ),
    ] {
        let order = format!("keys put in the order of {writer}");
        let printed = indented(&sorted, "  ");
        recovers(&parts(names), &sorted, &[&order]);
        recovers(&parts(names), &printed, &[&order, "white space removed"]);
    }
}

const OCI_ORDER: &str = "keys put in the order of the OCI Go types";
const TWO_SPACES: &str = "indented with 2 spaces";
const NO_SPACE: &str = "white space removed";
const LESS: &str = "final newline removed";

/// An index of two platforms, and the entries that Docker prints of it.
fn two_platforms() -> (String, [String; 2]) {
    let [a, b] = [(DIGEST_A, "amd64"), (DIGEST_B, "s390x")];
    let original = index(&[entry(a.0, a.1, "linux", ""), entry(b.0, b.1, "linux", "")]);
    (
        original,
        [a, b].map(|(digest, architecture)| docker_entry(digest, architecture, "linux")),
    )
}

fn docker_list(entries: &[String]) -> String {
    indented(&index(entries), "   ") + "\n"
}

#[test]
fn lists_that_docker_printed() {
    let (plain, entries) = two_platforms();
    let shown = docker_list(&entries);
    recovers(
        &indented(&plain, "  "),
        &shown,
        &[OCI_ORDER, TWO_SPACES, LESS],
    );
    recovers(&plain, &shown, &[OCI_ORDER, NO_SPACE, LESS]);
    let untyped = plain.replacen(&format!(r#""mediaType":"{OCI_INDEX}","#), "", 1);
    let removed = "media type of the index removed";
    recovers(
        &indented(&untyped, "  "),
        &shown,
        &[removed, OCI_ORDER, TWO_SPACES, LESS],
    );
    let (docker, switched) = (
        plain.replace(OCI_INDEX, DOCKER_LIST),
        shown.replace(OCI_INDEX, DOCKER_LIST),
    );
    let to_docker = "media type made that of a Docker list";
    recovers(&docker, &shown, &[to_docker, OCI_ORDER, NO_SPACE, LESS]);
    let to_oci = "media type made that of an OCI index";
    recovers(&plain, &switched, &[to_oci, OCI_ORDER, NO_SPACE, LESS]);
}

#[test]
fn attestations_that_docker_left_out() {
    let (_, [a, b]) = two_platforms();
    let shown = docker_list(&[a, b, docker_entry(DIGEST_C, "unknown", "unknown")]);
    for digest in [DIGEST_A, DIGEST_B] {
        let attested = index(&[
            entry(DIGEST_A, "amd64", "linux", ""),
            entry(DIGEST_B, "s390x", "linux", ""),
            entry(DIGEST_C, "unknown", "unknown", &about(digest)),
        ]);
        let put_back = "attestation annotations put back";
        recovers(
            &indented(&attested, "  "),
            &shown,
            &[put_back, OCI_ORDER, TWO_SPACES, LESS],
        );
    }
}

#[test]
fn platforms_that_docker_put_in() {
    let (plain, [a, b]) = two_platforms();
    let arm = b.replace(
        r#""s390x","os":"linux""#,
        r#""arm64","os":"linux","variant":"v8""#,
    );
    let without = indented(&plain.replace("s390x", "arm64"), "  ");
    let edits = ["variant v8 of arm64 removed", OCI_ORDER, TWO_SPACES, LESS];
    recovers(&without, docker_list(&[a.clone(), arm]), &edits);
    let bare = plain.replace(r#","platform":{"architecture":"s390x","os":"linux"}"#, "");
    let shown = docker_list(&[a, docker_entry(DIGEST_B, "", "")]);
    let edits = ["empty platform removed", OCI_ORDER, TWO_SPACES, LESS];
    recovers(&indented(&bare, "  "), shown, &edits);
}

#[test]
fn an_index_that_imagetools_printed() {
    let plain = index(&[
        entry(DIGEST_A, "amd64", "linux", ""),
        entry(DIGEST_B, "s390x", "linux", ""),
    ]);
    let with = plain.replacen(
        "\"manifests\"",
        &format!("\"digest\":\"{DIGEST_C}\",\"size\":1,\"manifests\""),
        1,
    );
    let printed = format!(
        r#"{{"name":"a.example/b:1","manifest":{with},"image":{{"linux/amd64":{{"os":"linux"}}}}}}"#
    );
    recovers(
        &indented(&plain, "  "),
        indented(&printed, "  "),
        &[
            "taken out of \"manifest\"",
            "digest and size that imagetools puts in removed",
            "indented with 2 spaces",
        ],
    );
}

#[test]
fn schema_1_has_the_digest_of_its_payload() {
    let payload = "{\n   \"schemaVersion\": 1,\n   \"name\": \"a/b\",\n   \"tag\": \"1\",\n   \"fsLayers\": []\n}";
    let length = payload.len() - 2;
    let protected =
        format!(r#"{{"formatLength":{length},"formatTail":"Cn0","time":"2015-01-01T00:00:00Z"}}"#);
    let protected = base64(protected.as_bytes());
    let protected = protected.trim_end_matches('=');
    let signed = format!(
        "{},\n   \"signatures\": [\n      {{\n         \"signature\": \"x\",\n         \"protected\": \"{protected}\"\n      }}\n   ]\n}}",
        &payload[..length]
    );
    let removed = "schema 1 signatures removed";
    recovers(payload, &signed, &[removed]);
    recovers(payload, signed.replace('\n', "\r\n"), &[removed]);
    let printed = signed.replace("   ", "  ");
    recovers(payload, printed, &[removed, "indented with 3 spaces"]);
}

#[test]
fn a_windows_terminal_after_jq_with_a_prompt_in_a_fence() {
    let written = indented(&manifest(), "\t") + "\n";
    let printed = indented(
        &manifest().replace(r"\u003c", "<").replace(r"\u0026", "&"),
        "  ",
    );
    let terminal = format!("PS C:\\> crane manifest a.example/b | jq .\n{printed}\nPS C:\\> ");
    let pasted = format!("```\n{terminal}\n```\n").replace('\n', "\r\n");
    recovers(
        &written,
        pasted,
        &[
            "text around the JSON removed",
            "<, > and & escaped as Go does",
            "indented with tabs",
        ],
    );
}

#[test]
fn nothing_is_found_in_nothing() {
    for blank in ["", "\n", " \t\r\n", "\u{feff}"] {
        refuses(blank.as_bytes(), b"");
        refuses(blank.as_bytes(), b"\n");
        refuses(blank.as_bytes(), b" ");
    }
    refuses(b"{\"a\": 1}", b"");
    refuses(b"{\"a\": 1}", b"\n");
    refuses(b"$ docker inspect --format {} x\n{}\n", b"{}");
    refuses(b"{\"annotations\": {}, \"layers\": []}", b"{}");
    refuses(b"{\"annotations\": {}, \"layers\": []}", b"[]");
}

#[test]
fn what_was_changed_is_not_found() {
    let text = manifest();
    refuses(text.replace("459", "460").as_bytes(), text.as_bytes());
    refuses(text.replace("note", "Note").as_bytes(), text.as_bytes());
    refuses(text.replace(DIGEST_A, DIGEST_C).as_bytes(), text.as_bytes());
    refuses(&text.as_bytes()[..text.len() - 1], text.as_bytes());
    let unknown = "sha256+b64:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564"
        .parse()
        .unwrap();
    assert_eq!(recover(text.as_bytes(), &unknown), None);
}

#[test]
fn sizes_spare_hashing_and_nothing_is_hashed_twice() {
    let written = indented(&manifest(), "   ");
    let pasted = indented(&manifest(), "  ") + "\n";
    let mut search = Search::new(pasted.clone().into_bytes());
    let mut wanted = Wanted::default();
    wanted.add(&Digest::sha256(b"something else"), Some(7));
    assert_eq!(search.find(&wanted), None);
    assert_eq!(search.hashes(), 0);
    wanted.add(
        &Digest::sha256(written.as_bytes()),
        Some(written.len() as u64),
    );
    let found = search.find(&wanted).unwrap();
    assert_eq!(
        found.edits(),
        ["indented with 3 spaces", "final newline removed"]
    );
    let hashes = search.hashes();
    assert!(hashes < 4, "{hashes} hashes");
    assert_eq!(search.find(&wanted), Some(found));
    assert_eq!(search.hashes(), hashes);
    // Of two sizes stated for one digest neither is believed.
    let mut search = Search::new(pasted.into_bytes());
    let mut wanted = Wanted::default();
    wanted.add(&Digest::sha256(written.as_bytes()), Some(7));
    assert_eq!(search.find(&wanted), None);
    wanted.add(&Digest::sha256(written.as_bytes()), Some(8));
    assert!(search.find(&wanted).is_some());
    assert!(!search.ran_out());
}

#[test]
fn hostile_texts_end_soon() {
    let expected = Digest::sha256(b"x");
    for piece in [
        "{",
        "[",
        " ",
        "\n",
        "\r",
        "{\"",
        "[{",
        "{\"a\":",
        "\"",
        "&",
        "&quot;",
        "\x1b[",
        "\x1b]",
        "> {\n",
        " {\n",
        "1 {\n",
        "A\n",
        "```\n",
        "{\"a\":\"\n",
        "a\x08",
        "“",
        "{\"a\":1}",
        "{\"manifests\":[],\"x\":1}",
    ] {
        let text = piece.repeat(20_000 / piece.len());
        for text in [format!("{text}y"), format!("{{\"a\":\"{text}"), text] {
            assert_eq!(recover(text.as_bytes(), &expected), None, "{piece:?}");
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(*group.get(at).unwrap_or(&0))
        });
        let value = |at: usize| (bits >> (18 - 6 * at)) as usize & 63;
        let digit = |at: usize| {
            if at > group.len() {
                '='
            } else {
                char::from(DIGITS[value(at)])
            }
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
