//! "Which digest is this?": what it is, its whole digest, and where bytes are not certain the likeliest one
//! with its reason.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "these are tests"
)]

use pullproof::claim::{Source, Standing, Statement, Want, WantKind};
use pullproof::evidence::Evidence;
use pullproof::question::Question;
use pullproof::session::{Report, Session};
use pullproof::{Digest, UnixTime};

const A: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn ask(pastes: &[&str]) -> Report {
    let mut session = Session::new(Question::What);
    for paste in pastes {
        session.paste(paste.as_bytes(), None).unwrap();
    }
    session.report(UnixTime(0))
}

/// A list as `docker manifest push` writes it, which `docker manifest inspect` prints alike.
fn list() -> String {
    let entry = |digest: &str, architecture: &str| {
        format!(
            "      {{\n         \"mediaType\": \"application/vnd.docker.distribution.manifest.v2+json\",\n         \
             \"size\": 1156,\n         \"digest\": \"{digest}\",\n         \"platform\": {{\n            \
             \"architecture\": \"{architecture}\",\n            \"os\": \"linux\"\n         }}\n      }}"
        )
    };
    format!(
        "{{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distribution.manifest.list.v2+json\",\n   \
         \"manifests\": [\n{},\n{}\n   ]\n}}",
        entry(A, "amd64"),
        entry(B, "arm64")
    )
}

/// A manifest as crane writes it.
fn manifest() -> String {
    format!(
        "{{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{{\"mediaType\":\
         \"application/vnd.oci.image.config.v1+json\",\"size\":2,\"digest\":\"{A}\"}},\"layers\":[{{\"mediaType\":\
         \"application/vnd.oci.image.layer.v1.tar+gzip\",\"size\":3,\"digest\":\"{B}\"}}]}}"
    )
}

/// A configuration as BuildKit writes it.
fn config() -> String {
    format!(
        "{{\"architecture\":\"amd64\",\"config\":{{\"Env\":[\"A=1\"]}},\"created\":\"2024-12-02T10:11:12Z\",\"history\":[{{\
         \"created\":\"2024-12-02T10:11:12Z\",\"created_by\":\"RUN a \\u0026\\u0026 b\"}}],\"os\":\"linux\",\"rootfs\":\
         {{\"type\":\"layers\",\"diff_ids\":[\"{B}\"]}}}}"
    )
}

/// The same as `jq .` prints it: escapes resolved, two spaces.
fn config_by_jq() -> String {
    format!(
        "{{\n  \"architecture\": \"amd64\",\n  \"config\": {{\n    \"Env\": [\n      \"A=1\"\n    ]\n  }},\n  \"created\": \
         \"2024-12-02T10:11:12Z\",\n  \"history\": [\n    {{\n      \"created\": \"2024-12-02T10:11:12Z\",\n      \
         \"created_by\": \"RUN a && b\"\n    }}\n  ],\n  \"os\": \"linux\",\n  \"rootfs\": {{\n    \"type\": \"layers\",\n    \
         \"diff_ids\": [\n      \"{B}\"\n    ]\n  }}\n}}\n"
    )
}

fn digest(text: &str) -> Digest {
    Digest::sha256(text.as_bytes())
}

/// The digests that are offered, in order, each with its writer, its size and its form.
fn candidates(report: &Report) -> Vec<(String, Option<String>, String, String)> {
    let claims = report.claims.iter();
    let of = claims.filter_map(|claim| match &claim.statement {
        Statement::Candidate {
            digest,
            writer,
            size,
            form,
            ..
        } => Some((
            digest.to_string(),
            writer.clone(),
            size.clone(),
            form.clone(),
        )),
        _ => None,
    });
    of.collect()
}

fn is_proven(report: &Report, digest: &Digest) -> bool {
    report.claims.iter().any(|claim| {
        claim.statement.digest() == Some(digest) && matches!(claim.standing, Standing::Proven(_))
    })
}

#[track_caller]
fn assert_said(report: &Report, headline: &str, summary: &str) {
    assert_eq!(
        (report.headline.as_str(), report.summary.as_str()),
        (headline, summary)
    );
}

#[test]
fn raw_documents_are_named_with_their_whole_digest() {
    let (list, manifest, config) = (list(), manifest(), config());
    assert_said(
        &ask(&[&list]),
        "An image index",
        &format!(
            "For linux/amd64 and linux/arm64. Its digest is {}, {} bytes, indented with 3 spaces, no final newline.",
            digest(&list),
            list.len()
        ),
    );
    assert_said(
        &ask(&[&manifest]),
        "An image manifest",
        &format!(
            "With 1 layer. Its digest is {}, {} bytes, compact, no final newline.",
            digest(&manifest),
            manifest.len()
        ),
    );
    let report = ask(&[&config]);
    assert_said(
        &report,
        "An image configuration",
        &format!(
            "Created on 2024-12-02, for linux/amd64. Its digest is {}, {} bytes, compact, no final newline.",
            digest(&config),
            config.len()
        ),
    );
    assert!(is_proven(&report, &digest(&config)));
    let printed = ask(&[&format!("$ crane manifest a/b:1\n{manifest}")]);
    assert_eq!(printed.headline, "An image manifest");
    assert!(
        printed.summary.contains(digest(&manifest).as_str()),
        "{}",
        printed.summary
    );
}

/// What `docker manifest inspect` prints of a list was never the registry's; what it had is offered with the
/// reason, and the text as pasted is neither offered as the registry's nor proven.
#[test]
fn what_a_command_rebuilt_is_probably_what_its_writer_wrote() {
    let list = list();
    let printed = format!("{list}\n");
    let report = ask(&[&format!("$ docker manifest inspect a/b:1\n{printed}")]);
    let (of, whole) = (digest(&list), digest(&printed));
    assert_said(
        &report,
        &format!("Probably {}…", &of.as_str()[..19]),
        &format!(
            "Probably {of}: field order and layout of `docker manifest push`; `docker manifest inspect` rebuilds \
             its output, so the text as pasted was never the registry's. An image index for linux/amd64 and \
             linux/arm64, {} bytes, indented with 3 spaces, no final newline.",
            list.len()
        ),
    );
    assert!(!is_proven(&report, &of) && !is_proven(&report, &whole));
    let all = candidates(&report);
    assert_eq!(
        all[0],
        (
            of.to_string(),
            Some("`docker manifest push`".to_owned()),
            list.len().to_string(),
            "indented with 3 spaces, no final newline".to_owned()
        )
    );
    assert!(
        all.iter().all(|(digest, ..)| *digest != whole.as_str()),
        "{all:?}"
    );
    let meanings = format!("{:?}", report.claims);
    assert!(
        !meanings.contains("exactly what the registry sent"),
        "{meanings}"
    );
}

/// Without its command too, where nothing else writes so.
#[test]
fn an_index_that_docker_printed_is_told_by_its_form() {
    let printed = list().replace(
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.index.v1+json",
    ) + "\n";
    let report = ask(&[&printed]);
    assert!(
        report
            .summary
            .contains(": field order and layout of BuildKit; "),
        "{}",
        report.summary
    );
    assert!(!is_proven(&report, &digest(&printed)));
}

#[test]
fn what_jq_printed_is_what_its_writer_wrote() {
    let of = digest(&config());
    for pasted in [
        config_by_jq(),
        format!("$ crane config a/b:1 | jq .\n{}", config_by_jq()),
    ] {
        let report = ask(&[&pasted]);
        let start = format!("Probably {of}: field order and layout of BuildKit and Docker; ");
        assert!(report.summary.starts_with(&start), "{}", report.summary);
        assert_eq!(candidates(&report)[0].0, of.as_str());
    }
    let piped = ask(&[&format!("$ crane config a/b:1 | jq .\n{}", config_by_jq())]);
    let printed = digest(&config_by_jq());
    assert!(
        candidates(&piped)
            .iter()
            .all(|(one, ..)| *one != printed.as_str())
    );
    assert!(!is_proven(&piped, &printed) && !is_proven(&piped, &of));
}

/// The final newline that a terminal adds to what a command prints.
#[test]
fn a_newline_that_a_terminal_added_is_named() {
    let manifest = manifest();
    let report = ask(&[&format!("$ crane manifest a/b:1\n{manifest}\n$ ")]);
    let start = format!(
        "Probably {}: `crane manifest` prints no final newline, so the terminal added it. ",
        digest(&manifest)
    );
    assert!(report.summary.starts_with(&start), "{}", report.summary);
}

#[test]
fn several_documents_are_told_by_the_topmost() {
    let config = config();
    let manifest = manifest()
        .replace(A, digest(&config).as_str())
        .replace("\"size\":2,", &format!("\"size\":{},", config.len()));
    let report = ask(&[&config, &manifest]);
    assert_said(
        &report,
        "An image manifest",
        &format!(
            "With 1 layer. Its digest is {}, {} bytes, compact, no final newline. 1 document that it names is here too.",
            digest(&manifest),
            manifest.len()
        ),
    );
    let apart = ask(&[&config, &list()]);
    assert_eq!(apart.headline, "2 documents");
    let start = format!(
        "An image index ({}); an image configuration (",
        digest(&list())
    );
    assert!(apart.summary.starts_with(&start), "{}", apart.summary);
}

#[test]
fn what_tools_say_is_told_as_theirs() {
    assert_said(
        &ask(&[&format!("$ crane digest a/b:1\n{A}\n")]),
        "Not checked",
        &format!("crane digest says that docker.io/a/b:1 is {A}, not checked."),
    );
    for (text, says) in [
        (
            "Error response from daemon: manifest for a/b:1 not found",
            "The registry answered that it does not have docker.io/a/b:1: check the name and the tag.",
        ),
        (
            "$ docker pull a/b:1",
            "A command line without its output: paste what it prints.",
        ),
        (
            "services:\n  web:\n    build: .",
            "No image is named in it that can be read.",
        ),
        (
            "$ cosign verify a/b:1\nError: no matching signatures: x",
            "Cosign verify accepted no signature of docker.io/a/b:1.",
        ),
        (
            "\u{1b}[1mREPOSITORY   TAG   IMAGE ID   CREATED   SIZE\u{1b}[0m",
            "This has the form of the tool's output, but states nothing that can be used.",
        ),
    ] {
        assert_said(&ask(&[text]), "No digest here", says);
    }
    // A file of this machine was refused, by no registry.
    let local = "Error response from daemon: mkdir /data: permission denied";
    assert_eq!(ask(&[local]).headline, "Nothing recognised");
    assert_said(
        &ask(&["nothing of the kind"]),
        "Nothing recognised",
        "Nothing here looks like an image name or tool output. Try nginx:1.27, or paste what docker pull printed.",
    );
}

/// Documents that sign, attest, or are packed like an image.
#[test]
fn manifests_are_told_by_what_is_in_them() {
    let layer = "application/vnd.oci.image.layer.v1.tar+gzip";
    for (config, layer, kind) in [
        (
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.dev.cosign.simplesigning.v1+json",
            "A signature manifest",
        ),
        (
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.in-toto+json",
            "An attestation manifest",
        ),
        (
            "application/vnd.cncf.helm.config.v1+json",
            layer,
            "A Helm chart manifest",
        ),
        (
            "application/vnd.example+json",
            layer,
            "An artifact manifest",
        ),
    ] {
        let text = manifest()
            .replace("application/vnd.oci.image.config.v1+json", config)
            .replace("application/vnd.oci.image.layer.v1.tar+gzip", layer);
        assert_eq!(ask(&[&text]).headline, kind, "{text}");
    }
}

#[test]
fn a_binary_file_is_called_one() {
    let mut session = Session::new(Question::What);
    let bytes = [0x1f, 0x8b, 8, 0, b'\r', b'\n', 0xff];
    session.paste(&bytes, None).unwrap();
    let report = session.report(UnixTime(0));
    let digest = Digest::sha256(&bytes);
    let said = format!("Its digest is {digest}, 7 bytes, not text.");
    assert_said(&report, "A binary file", &said);
}

#[test]
fn of_an_image_that_is_asked_about_other_documents_are_only_beside() {
    let image = format!("r.example/a@{}", digest(&manifest()));
    let asked = format!(r#"{{"ask":"what","image":"{image}"}}"#);
    let mut session = Session::asking(asked.parse().unwrap());
    for text in [list(), manifest(), config()] {
        session.paste(text.as_bytes(), None).unwrap();
    }
    let report = session.report(UnixTime(0));
    let said = format!(
        "{image} is an image manifest with 1 layer; its digest is {}",
        digest(&manifest())
    );
    assert!(report.summary.starts_with(&said), "{}", report.summary);
    assert_eq!(report.headline, "An image manifest");
}

/// A document is the image only where its digest, a registry or a command says so.
#[test]
fn a_document_that_nothing_ties_to_the_image_is_not_said_to_be_it() {
    let ask = |pasted: &str, about: Option<&str>| {
        let asked = r#"{"ask":"what","image":"r.example/a:1"}"#;
        let mut session = Session::asking(asked.parse().unwrap());
        let about = about.map(|name| name.parse().unwrap());
        session.paste(pasted.as_bytes(), about.as_ref()).unwrap();
        session.report(UnixTime(0))
    };
    for pasted in [
        manifest(),
        format!("$ crane manifest r.example/b:1\n{}", manifest()),
    ] {
        let report = ask(&pasted, None);
        assert_eq!(report.headline, "Not read yet");
        let said = "Nothing here shows that this image manifest is r.example/a:1. With 1 layer. ";
        assert!(report.summary.starts_with(said), "{}", report.summary);
        assert_eq!(report.subject, None);
    }
    for (pasted, about) in [
        (manifest(), Some("r.example/a:1")),
        (
            format!("$ crane manifest r.example/a:1\n{}", manifest()),
            None,
        ),
    ] {
        let report = ask(&pasted, about);
        let said = "r.example/a:1 is an image manifest with 1 layer";
        assert!(report.summary.starts_with(said), "{}", report.summary);
    }
}

/// The texts of the notes, and of what cannot be read, in a report about documents that were given whole.
fn said_of(bytes: &[u8]) -> Vec<String> {
    let mut session = Session::new(Question::What);
    let digest = Digest::sha256(bytes);
    let want = Want {
        what: WantKind::Document,
        hint: "a file".to_owned(),
        command: false,
        digest: Some(digest),
        url: None,
        accept: None,
    };
    let from = Source::Given {
        what: "a file".to_owned(),
    };
    let bytes = bytes.to_vec();
    session.take(Evidence::Bytes { want, bytes, from }).unwrap();
    let report = session.report(UnixTime(0));
    let texts = report
        .claims
        .iter()
        .filter_map(|claim| match &claim.statement {
            Statement::Note { text, .. } => Some(text.clone()),
            _ => None,
        });
    texts.collect()
}

#[test]
fn a_bundle_and_a_binary_file_are_called_what_they_are() {
    let bundle = br#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{}}"#;
    let said = said_of(bundle);
    assert!(
        said.iter()
            .any(|text| text.starts_with("a Sigstore bundle: ")),
        "{said:?}"
    );
    let said = said_of(b"\x1f\x8b\x08\0\0\xff\xff");
    assert!(
        said.iter()
            .any(|text| text == "binary, and no document that says more"),
        "{said:?}"
    );
}
