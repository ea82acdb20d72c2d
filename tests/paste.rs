//! Recognition of pasted text, from captured output (`tests/vectors/paste`), from the session of
//! the first user's guide (`tests/paste`), and from input that was made to deceive.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use pullproof::claim::{Claim, IdKind, Role, Standing, Statement};
use pullproof::paste::{Finding, named_image, recognise};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

/// A file of `key: value` lines, an empty line, and the bytes.
struct Vector {
    name: String,
    keys: Vec<(String, String)>,
    bytes: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let all = fs::read(path).unwrap();
        let end = all.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = String::from_utf8(all[..end].to_vec()).unwrap();
        let keys = head.lines().map(|line| line.split_once(": ").unwrap());
        Vector {
            name: path.display().to_string(),
            keys: keys
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            bytes: all[end + 2..].to_vec(),
        }
    }

    /// True if the digest itself is in the output; a document's is not in it.
    fn prints(&self, digest: &str) -> bool {
        let text = String::from_utf8_lossy(&self.bytes);
        let output = text.lines().filter(|line| !line.starts_with("$ "));
        output
            .into_iter()
            .any(|line| line.contains(digest.trim_start_matches("sha256:")))
    }

    fn key(&self, name: &str) -> Option<&str> {
        self.keys
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

fn vectors() -> Vec<Vector> {
    let mut found = Vec::new();
    for tool in fs::read_dir(folder("vectors/paste")).unwrap() {
        for file in fs::read_dir(tool.unwrap().path()).unwrap() {
            found.push(Vector::read(&file.unwrap().path()));
        }
    }
    assert!(found.len() > 50);
    found
}

fn statements(findings: &[Finding]) -> Vec<&Statement> {
    findings
        .iter()
        .flat_map(|finding| &finding.claims)
        .map(|claim| &claim.statement)
        .collect()
}

fn unread(findings: &[Finding]) -> Vec<&Statement> {
    let unread = |statement: &&Statement| matches!(statement, Statement::Unread { .. });
    statements(findings).into_iter().filter(unread).collect()
}

/// The digests and identifiers in a statement.
fn digests(statement: &Statement) -> Vec<String> {
    match statement {
        Statement::Resolves { digest, .. }
        | Statement::Keeps { digest, .. }
        | Statement::Pins { digest, .. }
        | Statement::Signs { digest, .. }
        | Statement::Includes { digest, .. }
        | Statement::Size { digest, .. }
        | Statement::Candidate { digest, .. } => vec![digest.to_string()],
        Statement::Identifies { id, .. } => vec![id.clone()],
        Statement::Names { parent, digest, .. } => vec![parent.to_string(), digest.to_string()],
        Statement::Note { subject, .. } => subject.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// A shell's view of a paste, short enough to compare: one line a statement.
fn table(findings: &[Finding]) -> String {
    let mut table = String::new();
    for finding in findings {
        for Claim {
            statement,
            standing,
        } in &finding.claims
        {
            if matches!(statement, Statement::Candidate { .. }) {
                continue;
            }
            let is = match standing {
                Standing::Stated { .. } => "stated",
                Standing::Missing { .. } => "missing",
                other => panic!("{other:?}"),
            };
            writeln!(table, "{} | {is} | {}", finding.tool, short(statement)).unwrap();
        }
    }
    table
}

fn short(statement: &Statement) -> String {
    let platform = |platform: &Option<String>| {
        platform
            .as_ref()
            .map(|p| format!(" for {p}"))
            .unwrap_or_default()
    };
    match statement {
        Statement::Authorises {
            reference,
            role,
            key,
        } => format!("{reference}: {role} may sign with {key}"),
        Statement::Identifies {
            reference,
            id,
            role,
        } => format!("{reference} has the Id {id}, {role:?}"),
        Statement::Includes {
            reference,
            digest,
            role,
            platform: p,
            ..
        } => {
            format!("{reference} includes {digest} as {role:?}{}", platform(p))
        }
        Statement::Names {
            parent,
            digest,
            role,
            platform: p,
            ..
        } => {
            format!("{parent} names {digest} as {role:?}{}", platform(p))
        }
        Statement::Note { subject, code, .. } => {
            format!(
                "note {code}{}",
                subject
                    .as_ref()
                    .map(|s| format!(" on {s}"))
                    .unwrap_or_default()
            )
        }
        Statement::Platform { digest, platform } => format!("{digest} is for {platform}"),
        Statement::Keeps { reference, digest } => format!("{reference} is kept as {digest}"),
        Statement::Pins { reference, digest } => format!("{reference} is named with {digest}"),
        Statement::Resolves { reference, digest } => format!("{reference} is {digest}"),
        Statement::Signs {
            digest, tag, by, ..
        } => {
            let tag = tag.as_ref().map(|t| format!("{t} = "));
            format!("{by} signed {}{digest}", tag.unwrap_or_default())
        }
        Statement::Size { digest, size } => format!("{digest} has {size} bytes"),
        Statement::Unread { code, .. } => code
            .as_ref()
            .map_or("unread".to_owned(), |code| format!("unread {code}")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_captured_output_is_read() {
    for vector in vectors() {
        let findings = recognise(&vector.bytes);
        // An empty list is what several tools print, of anything.
        if vector.bytes.trim_ascii() == b"[]" {
            assert_eq!(unread(&findings).len(), 1);
            continue;
        }
        assert_eq!(unread(&findings), [] as [&Statement; 0], "{}", vector.name);
        let Some(digest) = vector.key("digest") else {
            continue;
        };
        let stated: Vec<String> = statements(&findings)
            .into_iter()
            .flat_map(digests)
            .collect();
        let named = stated.iter().any(|found| digest.starts_with(found));
        assert!(
            named || !vector.prints(digest),
            "{}: {stated:?}",
            vector.name
        );
    }
}

/// The tools that print what the name resolves to, and the commands that were run.
#[test]
fn the_command_line_says_what_output_is_about() {
    let mut compared = 0;
    for vector in vectors() {
        let (Some(from), Some(digest)) = (vector.key("from"), vector.key("digest")) else {
            continue;
        };
        let Some((command, _)) = from.split_once("; ") else {
            continue;
        };
        let name = command
            .split_whitespace()
            .last()
            .unwrap()
            .trim_start_matches("docker://");
        let mut pasted = format!("user@host:~$ {command}\n").into_bytes();
        pasted.extend(&vector.bytes);
        pasted.extend(b"user@host:~$ ");
        let findings = recognise(&pasted);
        assert_eq!(unread(&findings), [] as [&Statement; 0], "{}", vector.name);
        let table = table(&findings);
        assert!(!table.contains("unattributed"), "{}: {table}", vector.name);
        if vector.prints(digest) {
            assert!(
                table.contains(&format!("{name} is {digest}\n")),
                "{}: {table}",
                vector.name
            );
            compared += 1;
        }
        let tool = vector.key("tool").unwrap();
        for finding in &findings {
            let known = tool.starts_with(&finding.tool) || finding.tool == "HTTP response headers";
            assert!(
                known || finding.tool == "docker manifest inspect -v",
                "{}: {}",
                vector.name,
                finding.tool
            );
        }
    }
    assert!(compared > 20, "{compared}");
}

const LIST: &str = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";
const SINGLE: &str = "sha256:6def97f1299c4de2046b1ae77427a7fa41552c91d3ae02059f79dbcb0650fe9e";

/// Each file holds a command with its output, and below a line of dashes what it states.
#[test]
fn the_guides_session_piece_by_piece() {
    let mut names: Vec<_> = fs::read_dir(folder("paste"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    names.sort();
    let mut whole = String::new();
    let mut all = String::new();
    for path in names {
        let text = fs::read_to_string(&path).unwrap();
        let (pasted, wanted) = text.split_once("\n----\n").unwrap();
        for pasted in variants(pasted) {
            assert_eq!(
                table(&recognise(pasted.as_bytes())),
                wanted,
                "{}\n{pasted}",
                path.display()
            );
        }
        writeln!(whole, "{pasted}\n").unwrap();
        all.push_str(wanted);
    }
    assert_eq!(table(&recognise(whole.as_bytes())), all);
}

/// Each file holds what tools printed, with or without the command lines, and below a line of dashes
/// what that states. Also in a fence, and as Windows ends lines.
#[test]
fn what_tools_print_states_what_it_says() {
    let mut names: Vec<_> = fs::read_dir(folder("read"))
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    names.sort();
    let mut wrong = String::new();
    for path in &names {
        let text = fs::read_to_string(path).unwrap();
        let (pasted, wanted) = text.split_once("\n----\n").unwrap();
        for pasted in [
            pasted.to_owned(),
            pasted.replace('\n', "\r\n"),
            format!("```\n{pasted}\n```\n"),
        ] {
            let found = table(&recognise(pasted.as_bytes()));
            if found != wanted {
                let name = path.file_stem().unwrap().to_string_lossy();
                writeln!(wrong, "== {name}\n{found}").unwrap();
                break;
            }
        }
    }
    assert!(names.len() > 50, "{}", names.len());
    assert!(wrong.is_empty(), "{wrong}");
}

/// As it was printed; as a page shows it that loses indentation; from a Windows terminal; in a
/// fence; with another prompt; in colour.
fn variants(pasted: &str) -> Vec<String> {
    let lines =
        |change: fn(&str) -> String| pasted.lines().map(change).collect::<Vec<_>>().join("\n");
    let plain = lines(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with('$') {
            line.to_owned()
        } else {
            words.join(" ")
        }
    });
    vec![
        pasted.to_owned(),
        plain,
        pasted.replace('\n', "\r\n"),
        format!("```console\n{pasted}\n```\n"),
        pasted.replace("$ docker", "PS C:\\Users\\me> docker"),
        pasted.replace("$ docker", "docker"),
        pasted.replace("$ docker", "me@host:~/webdis$ docker") + "\nme@host:~/webdis$ ",
    ]
}

#[test]
fn the_traps_of_the_guide() {
    let text = fs::read_to_string(folder("paste").join("02-trust-pretty.txt")).unwrap();
    let findings = recognise(text.split_once("\n----\n").unwrap().0.as_bytes());
    for statement in statements(&findings) {
        if let Statement::Signs { by, .. } = statement {
            assert_eq!(
                by.to_string(),
                "Repo Admin",
                "nicolasff may sign, and did not"
            );
        }
    }
    assert!(table(&findings).contains(&format!("note repo-admin on {LIST}")));
    let both = format!("$ docker image inspect a/b:1 | grep -w Id\n\"Id\": \"{SINGLE}\",\n");
    let findings = recognise(both.as_bytes());
    assert!(matches!(
        statements(&findings)[0],
        Statement::Identifies {
            role: IdKind::Unknown,
            ..
        }
    ));
}

#[track_caller]
fn states(pasted: &str, wanted: &[&str]) {
    let table = table(&recognise(pasted.as_bytes()));
    let found: Vec<&str> = table.lines().collect();
    assert_eq!(found, wanted, "{pasted}");
}

#[test]
fn identifiers_are_typed_only_where_the_text_tells() {
    let digest = LIST;
    let role = |fields: &str| {
        let text = format!("[{{\"Id\":\"{digest}\",\"RepoTags\":[\"a/b:1\"],{fields}}}]");
        let findings = recognise(text.as_bytes());
        statements(&findings)
            .into_iter()
            .find_map(|statement| match statement {
                Statement::Identifies { role, .. } => Some(*role),
                _ => None,
            })
    };
    let index = format!(
        "\"RepoDigests\":[],\"Descriptor\":{{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"{digest}\",\"size\":1}}"
    );
    assert_eq!(role(&index), Some(IdKind::Index));
    assert_eq!(
        role(&index.replace("index", "manifest")),
        Some(IdKind::Manifest)
    );
    assert_eq!(
        role(&format!("\"RepoDigests\":[\"a/b@{digest}\"]")),
        Some(IdKind::Unknown)
    );
    assert_eq!(
        role(&format!("\"RepoDigests\":[\"a/b@{SINGLE}\"]")),
        Some(IdKind::Config)
    );
    assert_eq!(role("\"RepoDigests\":[]"), Some(IdKind::Unknown));
    assert_eq!(role("\"Os\":\"linux\""), Some(IdKind::Unknown));
}

#[test]
fn truncated_and_invalid_digests_are_no_digests() {
    states(
        "$ docker pull a/b:1\n1: Pulling from a/b\nDigest: sha256:5de58646bae3\nStatus: Image is up to date for a/b:1",
        &[
            "docker pull | stated | note digest-length",
            "docker pull | stated | note no-digest",
        ],
    );
    let short =
        recognise(b"REPOSITORY TAG IMAGE ID CREATED SIZE\na/b 1 5de58646bae3 2 days ago 5MB\n");
    assert_eq!(
        table(&short),
        "docker images | stated | docker.io/a/b:1 has the Id 5de58646bae3, Unknown\ndocker images | stated | note prefix-only\n"
    );
    let golden = "Signatures for a/b:green\n\nSIGNED TAG   DIGEST                     SIGNERS\ngreen        677265656e2d646967657374   (Repo Admin)\n";
    states(
        golden,
        &["docker trust inspect --pretty | missing | unread digest-length"],
    );
}

#[test]
fn what_is_about_another_image_is_not_put_down_to_the_command() {
    let pull = format!(
        "$ docker pull a/b:1\n1: Pulling from a/b\nDigest: {SINGLE}\nStatus: Image is up to date for c/d:1\n"
    );
    states(
        &pull,
        &[
            "docker pull | stated | note other-reference",
            &format!("docker pull | stated | docker.io/c/d:1 is {SINGLE}"),
        ],
    );
    // A pull prints no JSON, and a command prints one value.
    let list = format!(
        "{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"m\",\"digest\":\"{SINGLE}\",\"size\":1}}]}}"
    );
    states(&format!("$ docker pull a/b:1\n{list}\n"), &[]);
    let two = table(&recognise(
        format!("$ crane manifest a/b:1\n{list}\n{list}\n").as_bytes(),
    ));
    assert_eq!(
        two,
        format!("crane manifest | stated | docker.io/a/b:1 includes {SINGLE} as Manifest\n")
    );
}

#[test]
fn a_digest_alone_says_nothing_of_any_image() {
    states(
        LIST,
        &[&format!("a digest | stated | note unattributed on {LIST}")],
    );
    states(
        &format!("the digest is\n{LIST}\nas printed"),
        &[
            "unread | missing | unread",
            &format!("a text that names images | stated | note unattributed on {LIST}"),
            "unread | missing | unread",
        ],
    );
    states(
        &format!("{}  -", &LIST[7..]),
        &[
            &format!("sha256sum | stated | note shell-digest on {LIST}"),
            &format!("sha256sum | stated | note unattributed on {LIST}"),
        ],
    );
}

#[test]
fn a_shells_digest_counts_where_the_bytes_are_the_registrys() {
    let hex = &LIST[7..];
    states(
        &format!("$ crane manifest a/b:1 | sha256sum\n{hex}  -\n"),
        &[
            &format!("sha256sum | stated | docker.io/a/b:1 is {LIST}"),
            &format!("sha256sum | stated | note shell-digest on {LIST}"),
        ],
    );
    states(
        &format!("$ docker manifest inspect a/b:1 | sha256sum\n{hex}  -\n"),
        &[&format!("sha256sum | stated | note shell-digest on {LIST}")],
    );
}

#[test]
fn secrets_are_not_repeated() {
    for secret in [
        "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"aHVudGVyMg\"}}}",
        "-----BEGIN EC PRIVATE KEY-----\naHVudGVyMg\n-----END EC PRIVATE KEY-----",
        "{\"auths\":{\"x\":{\n\"auth\": \"aHVudGVyMg\"\n",
        "{\"token\":\"aHVudGVyMg\"}",
        "> Authorization: Bearer aHVudGVyMg",
        "before\n-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\naHVudGVyMg\n",
        "{\"key\":\"-----BEGIN PRIVATE KEY-----\\naHVudGVyMg\"}",
    ] {
        let findings = recognise(secret.as_bytes());
        let shown = serde_json::to_string(&findings).unwrap();
        assert!(!shown.contains("hVudGVyM"), "{shown}");
        assert!(shown.contains("\"code\":\"secret\""), "{shown}");
        assert!(!shown.contains("candidate"), "{shown}");
    }
}

#[test]
fn terminal_codes_are_taken_off_and_counted() {
    let pasted = format!(
        "\u{1b}[1m$\u{1b}[0m docker pull a/b:1\r\n1: Pulling from a/b\r\nDigest: {SINGLE}\r\nStatus: Image is up to date for a/b:1\u{7}\r\n"
    );
    states(
        &pasted,
        &[
            "terminal | stated | note terminal-codes",
            &format!("docker pull | stated | docker.io/a/b:1 is {SINGLE}"),
        ],
    );
    let hostile = "Name: \u{1b}]52;c;aHVudGVyMg==\u{7}x \u{202e}y\n";
    let shown = serde_json::to_string(&recognise(hostile.as_bytes())).unwrap();
    assert!(
        !shown.contains('\u{1b}') && !shown.contains('\u{202e}') && shown.contains("202e"),
        "{shown}"
    );
}

#[test]
fn what_is_no_text_stays_visible() {
    for bytes in [&b"\xff\xfe\x00"[..], b"{\"a\":\"\xc3\x28\"}"] {
        let findings = recognise(bytes);
        assert_eq!(unread(&findings).len(), 1);
        assert!(table(&findings).contains("unread encoding"));
    }
    let wide: Vec<u8> = format!("\u{feff}$ crane digest a/b:1\r\n{LIST}\r\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(table(&recognise(&wide)).contains(&format!("docker.io/a/b:1 is {LIST}")));
    let large = vec![b' '; (16 << 20) + 1];
    assert!(table(&recognise(&large)).contains("limit-exceeded"));
}

#[test]
fn two_things_in_one_paste_are_two_parts() {
    let pasted = format!(
        "{{\"schemaVersion\":2,\"manifests\":[]}}{{\"rootfs\":{{}}}}user@host:~$ crane digest a/b:1\n{LIST}\nuser@host:~$ exit"
    );
    let tools: Vec<String> = recognise(pasted.as_bytes())
        .into_iter()
        .map(|finding| finding.tool)
        .collect();
    assert_eq!(tools, ["JSON index", "JSON configuration", "crane digest"]);
}

#[test]
fn what_two_tools_may_have_printed_is_taken_for_neither() {
    // Made to be a layer list of skopeo's and a descriptor of buildx's at once.
    let text = format!(
        "{{\"Name\":\"a/b\",\"Digest\":\"{SINGLE}\",\"Architecture\":\"amd64\",\"Layers\":[],\"name\":\"c/d:1\",\"manifest\":{{\"digest\":\"{LIST}\",\"size\":1}}}}"
    );
    states(&text, &["unread | stated | note ambiguous-tool"]);
}

#[test]
fn shortened_documents_state_what_is_left() {
    let pasted = format!(
        "$ docker manifest inspect a/b:1\n{{\"schemaVersion\":2,\"config\":{{\"digest\":\"{SINGLE}\",\"size\":9}},\"layers\":[\"...\"]}}\n"
    );
    let findings = recognise(pasted.as_bytes());
    assert!(matches!(
        statements(&findings)[1],
        Statement::Includes {
            role: Role::Config,
            ..
        }
    ));
    // A broken document's entries are no documents and no descriptors of the image.
    let broken = format!(
        "$ docker manifest inspect a/b:1\n{{ \"manifests\": [ ...\n{{\n\"mediaType\": \"application/vnd.oci.image.manifest.v1+json\",\n\"digest\": \"{SINGLE}\",\n\"size\": 7\n}}\n]}}\n"
    );
    let table = table(&recognise(broken.as_bytes()));
    assert!(!table.contains(&format!("is {SINGLE}")), "{table}");
}

/// Repeated, each of these begins something.
const PATTERNS: &[&str] = &[
    "{",
    "[",
    " ",
    "$ ",
    "$ \n",
    "\n",
    "{\n",
    "[\n",
    "[1,\n",
    "{\"a\":\n",
    "\u{1b}]",
    "\u{1b}[",
    "\u{8}",
    "a\r",
    "a\r\n",
    "`",
    "```\n",
    "# ",
    "@",
    "a@b ",
    "PS ",
    "Name: x\nMediaType: y\nDigest: z\n",
    "Name: a\nSignedTags:\n",
    "Signatures for a\n",
    "SIGNED TAG DIGEST SIGNERS\n",
    "\"digest\": \"x\",\n",
    "\"digest\":\n",
    "\"Id\": \"x\",\n",
    "[\n{\n\"Id\": \"x\",\n",
    "a: b\n",
    "Docker-Content-Digest: x\n",
    "apiVersion: v1\n",
    "image: x\n",
    "imageID: x\n",
    "└── ",
    "a/b@sha256:\n└──\n",
    "WARNING: x\n",
    "Flag --deprecated\n",
    "-----BEGIN PRIVATE KEY-----\n",
    "docker manifest inspect a/b:c \\\n",
    "|",
    "| jq ",
    "'",
    "\"",
    "\\",
    "\u{feff}",
    "1: Pulling from x\n",
    "REPOSITORY TAG IMAGE ID\n",
    "Client:\n",
    " x\n",
    "{}",
    "{}\n",
    "[]\n",
    "{}$ ",
    "1\n2\n",
    "sha256:",
    "docker images\n",
    "The following checks were performed on \n",
];

/// Text that would keep a careless reader busy: eight times as much takes about eight times as long, where a reader
/// that looks back takes sixty-four times. Other work on the machine makes a try longer, never shorter: of both the
/// shortest counts, and a few tries more are made where they show too much.
#[test]
fn hostile_text_is_read_in_linear_time() {
    let json = format!("{{\"a\":[{}1", "[".repeat(100));
    let strings = "{\"a\":\"{\\\"b\\\":[1]}\"},";
    let took = |text: &str| {
        let start = Instant::now();
        recognise(text.as_bytes());
        start.elapsed().as_secs_f64()
    };
    for pattern in PATTERNS.iter().copied().chain([json.as_str(), strings]) {
        let repeated = |bytes: usize| pattern.repeat(bytes / pattern.len() + 1);
        let (small, large) = (repeated(5_000), repeated(40_000));
        let (mut least, mut most) = (f64::MAX, f64::MAX);
        for tries in 1.. {
            least = least.min(took(&small));
            most = most.min(took(&large));
            if tries > 2 && most < 24.0 * least {
                break;
            }
            assert!(
                tries < 60,
                "{pattern:?}: {least} s, and {most} s for eight times as much"
            );
        }
    }
}

#[test]
fn what_happened_on_the_way_is_undone_and_named() {
    let list = format!(
        "{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"m\",\"digest\":\"{SINGLE}\",\"size\":1}}]}}"
    );
    let wrapped: Vec<String> = list
        .as_bytes()
        .chunks(60)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    for (changed, code) in [
        (wrapped.join("\n"), "joined-lines"),
        (list.replace('"', "&quot;"), "html-escaped"),
        (
            "eyJzY2hlbWFWZXJzaW9uIjoyLCJtYW5pZmVzdHMiOltdfQ==".to_owned(),
            "base64",
        ),
    ] {
        let findings = recognise(changed.as_bytes());
        let tools: Vec<&str> = findings
            .iter()
            .map(|finding| finding.tool.as_str())
            .collect();
        assert_eq!(tools, ["mended text", "JSON index"], "{changed}");
        assert!(table(&findings).contains(code), "{changed}");
    }
    // docker's stored log-in, as Kubernetes keeps it.
    let stored = recognise(b"eyJhdXRocyI6eyJ4Ijp7ImF1dGgiOiJhSFZ1ZEdWeU1nIn19fQ==");
    assert!(table(&stored).contains("unread secret"));
}

#[test]
fn parts_chosen_with_jq_are_read() {
    states(
        &format!(
            "$ crane manifest a/b:1 | jq '.manifests[0]'\n{{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"{SINGLE}\",\"size\":7,\"platform\":{{\"os\":\"linux\",\"architecture\":\"amd64\"}}}}"
        ),
        &[
            &format!(
                "a part of a manifest | stated | docker.io/a/b:1 includes {SINGLE} as Manifest for linux/amd64"
            ),
            &format!("a part of a manifest | stated | {SINGLE} has 7 bytes"),
        ],
    );
}

#[test]
fn prose_that_begins_like_output_states_nothing() {
    for line in [
        "Signatures for the images of this project are made by docker.",
        "Verification for images -- see below",
        "Digest: the hash that docker prints",
        "Name: the name of the image",
        "Inspecting all signatures for signed artifact",
        "Successfully verified signature for the image",
        "The push refers to repository and tag",
        "1.0: digest: unknown size: 9",
        "image: x",
        "imageID: y",
    ] {
        for claim in recognise(line.as_bytes())
            .iter()
            .flat_map(|finding| &finding.claims)
        {
            let harmless = matches!(
                claim.statement,
                Statement::Note { .. } | Statement::Unread { .. }
            );
            assert!(harmless, "{line}: {claim:?}");
        }
    }
}

/// Whatever was taken off a text before it was read is an edit, and only what came as it is may be
/// what the registry sent.
#[test]
fn every_cleaning_that_changed_bytes_is_an_edit_that_is_named() {
    let document = format!(
        "{{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"{SINGLE}\",\"size\":7}},\"layers\":[]}}"
    );
    let coloured = document.replace("\"config\"", "\u{1b}[34;1m\"config\"\u{1b}[0m");
    let command = "$ crane manifest a/b:1\n";
    let wide: Vec<u8> = format!("\u{feff}{document}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let broken: Vec<&str> = document
        .as_bytes()
        .chunks(60)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let cases: [(&[u8], &str); 8] = [
        (coloured.as_bytes(), "terminal control codes removed"),
        (
            &format!("{command}{coloured}\n").into_bytes(),
            "terminal control codes removed",
        ),
        (
            &document.replace("layers", "x\u{8}layers").into_bytes(),
            "terminal control codes removed",
        ),
        (&wide, "UTF-16 made UTF-8"),
        (
            &format!("\u{feff}{document}\n$ ls\n").into_bytes(),
            "byte order mark removed",
        ),
        (
            &document.replace('"', "&quot;").into_bytes(),
            "HTML escapes resolved",
        ),
        (&broken.join("\n").into_bytes(), "broken lines joined"),
        (&base64(document.as_bytes()).into_bytes(), "base64 decoded"),
    ];
    for (pasted, edit) in cases {
        names_first(pasted, edit);
        // And of the bytes themselves, found or not.
        let digest = pullproof::Document::new(document.clone().into_bytes());
        for image in ["", &format!(",\"image\":\"a/b@{}\"", digest.digest())] {
            names_of_bytes(&format!("{{\"ask\":\"what\"{image}}}"), pasted, edit);
        }
    }
    // Codes elsewhere change nothing in the document.
    let prompt = format!("\u{1b}[1m$\u{1b}[0m crane manifest a/b:1\n{document}\n");
    let findings = recognise(prompt.as_bytes());
    let verbatim = |s: &&Statement| matches!(s, Statement::Candidate { edits, meaning, .. } if edits.is_empty() && meaning.contains("exactly what the registry sent"));
    assert!(statements(&findings).iter().any(verbatim), "{findings:?}");
}

/// The candidates of a text begin with this edit, and are not what the registry sent.
#[track_caller]
fn names_first(pasted: &[u8], edit: &str) {
    let shown = String::from_utf8_lossy(pasted);
    let findings = recognise(pasted);
    let mut candidates = 0;
    for statement in statements(&findings) {
        let Statement::Candidate { edits, meaning, .. } = statement else {
            continue;
        };
        candidates += 1;
        assert_eq!(edits.first().map(String::as_str), Some(edit), "{shown}");
        assert!(
            !meaning.contains("exactly what the registry sent"),
            "{shown}: {meaning}"
        );
    }
    assert!(candidates > 0, "{shown}: {findings:?}");
}

/// Every document of a text that is hashed here has this edit among its own.
#[track_caller]
fn names_of_bytes(question: &str, pasted: &[u8], edit: &str) {
    let mut session = pullproof::session::Session::asking(question.parse().unwrap());
    session.paste(pasted, None).unwrap();
    let report = session.report(pullproof::UnixTime(0));
    let mut count = 0;
    for claim in &report.claims {
        if let (Statement::Bytes { edits, .. }, Standing::Proven(_)) =
            (&claim.statement, &claim.standing)
        {
            count += 1;
            assert!(edits.iter().any(|named| named == edit), "{report:#?}");
        }
    }
    assert!(count > 0, "{report:#?}");
}

/// A tool that prints something else than it gets has not printed what the registry sent.
#[test]
fn what_a_tool_laid_out_anew_is_not_said_to_be_what_the_registry_sent() {
    let document = "{\n   \"schemaVersion\": 2,\n   \"layers\": [],\n   \"config\": {}\n}";
    for command in [
        "docker manifest inspect a/b:1",
        "crane manifest a/b:1 | jq .",
        "crane manifest a/b:1 | jq -S .",
    ] {
        let findings = recognise(format!("$ {command}\n{document}\n").as_bytes());
        let candidates = statements(&findings)
            .into_iter()
            .filter(|s| matches!(s, Statement::Candidate { .. }));
        let mut count = 0;
        for candidate in candidates {
            count += 1;
            let text = format!("{candidate:?}");
            assert!(
                !text.contains("exactly what the registry sent"),
                "{command}: {text}"
            );
        }
        assert!(count > 0, "{command}: {findings:?}");
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk
            .iter()
            .fold(0_u32, |all, byte| all << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(all >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() {
                '='
            } else {
                char::from(digit)
            });
        }
    }
    text
}

/// Each file holds a paste with what it is wrapped in, and below a line of dashes what it states.
#[test]
fn what_wraps_a_paste_is_taken_off_and_what_names_images_is_read() {
    let mut wrong = String::new();
    let mut read = 0;
    let mut names: Vec<_> = fs::read_dir(folder("wraps"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        let text = fs::read_to_string(&path).unwrap();
        let (pasted, wanted) = text.split_once("\n----\n").unwrap();
        for pasted in [pasted.to_owned(), format!("{pasted}\n")] {
            let findings = recognise(pasted.as_bytes());
            let mut found = table(&findings);
            // What documents in it may have been, likeliest first.
            for claim in findings.iter().filter_map(|finding| finding.claims.first()) {
                if let Statement::Candidate { digest, .. } = &claim.statement {
                    writeln!(found, "probably {digest}").unwrap();
                }
            }
            if found != wanted {
                let name = path.file_stem().unwrap().to_string_lossy();
                writeln!(wrong, "== {name}\n{found}").unwrap();
                break;
            }
        }
        read += 1;
    }
    assert!(read > 60, "{read}");
    assert!(wrong.is_empty(), "{wrong}");
}

/// The name of an image is found in each of the lines that tools make of a refusal.
#[test]
fn a_refusal_says_of_what_it_is() {
    for (pasted, code, of) in [
        (
            "Error response from daemon: manifest for a/b:1 not found: manifest unknown: manifest unknown",
            "not-found",
            "docker.io/a/b:1",
        ),
        (
            "Error response from daemon: pull access denied for a/b, repository does not exist or may require \
             'docker login': denied: requested access to the resource is denied",
            "unauthorized",
            "docker.io/a/b",
        ),
        (
            "no such manifest: docker.io/a/b:1",
            "not-found",
            "docker.io/a/b:1",
        ),
        (
            "FATA[0000] failed to resolve reference \"docker.io/a/b:1\": docker.io/a/b:1: not found",
            "not-found",
            "docker.io/a/b:1",
        ),
        (
            "Error: initializing source docker://ghcr.io/a/b:1: reading manifest 1 in ghcr.io/a/b: manifest unknown",
            "not-found",
            "ghcr.io/a/b:1",
        ),
        (
            "Error: GET https://ghcr.io/v2/a/b/manifests/1: DENIED: denied",
            "unauthorized",
            "ghcr.io/a/b:1",
        ),
        (
            "no matching manifest for linux/arm64/v8 in the manifest list entries",
            "",
            "",
        ),
        (
            "Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries",
            "platform-absent",
            "what was asked for",
        ),
        ("Error: something else was not found in a/b", "", ""),
        ("Error: /bin/sh: jq: not found", "", ""),
    ] {
        let findings = recognise(pasted.as_bytes());
        let noted = statements(&findings)
            .into_iter()
            .find_map(|statement| match statement {
                Statement::Note { code, text, .. } => Some((code.as_str(), text.as_str())),
                _ => None,
            });
        let (found, text) = noted.unwrap_or_default();
        assert_eq!(found, code, "{pasted}");
        assert!(text.contains(of), "{pasted}: {text}");
    }
}

#[test]
fn a_file_that_names_one_image_names_it() {
    let pinned = format!("docker.io/a/b:1@{SINGLE}");
    for (text, image) in [
        (
            format!("FROM a/b:1@{SINGLE}\nRUN x\n"),
            Some(pinned.as_str()),
        ),
        ("FROM a/b:1\nRUN x\n".to_owned(), Some("docker.io/a/b:1")),
        (
            format!("services:\n  x:\n    image: a/b:1@{SINGLE}\n"),
            Some(pinned.as_str()),
        ),
        (
            format!("{{\"image\": \"a/b:1@{SINGLE}\"}}"),
            Some(pinned.as_str()),
        ),
        (
            format!("> FROM a/b:1@{SINGLE}\n> RUN x\n"),
            Some(pinned.as_str()),
        ),
        ("FROM a/b:1\nFROM a/b:2\n".to_owned(), None),
        (format!("this is a/b:1@{SINGLE}\nand more\n"), None),
        (format!("$ crane digest a/b:1\n{SINGLE}\n"), None),
        ("@@ -1 +1 @@\n-FROM a/b:1\n+FROM a/b:2\n".to_owned(), None),
    ] {
        assert_eq!(named_image(&text).as_deref(), image, "{text}");
    }
}
