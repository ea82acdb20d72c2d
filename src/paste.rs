//! Recognises text that people paste from their tools, and reads the statements in it.
//!
//! One file a tool. Nothing recognised here is proven, however green it was: a printed line is
//! a statement of the tool that printed it, and pasted text can be edited. A paste is split
//! into blocks (command lines, JSON values, runs of lines); each is read by the tool whose form
//! it has, and what no tool recognises is kept and said to be unread.
//!
//! Shared by the files in `tools`: `tool` (what each of them has), `output` (what they are given),
//! `reading` (what they give), `engine`, `fields`, `shape`, `sheet`, and what `split` makes of command
//! lines. The reader of a whole paste is `reader`; it gives each `part`, with `printout`s in it.

mod engine;
mod entry;
mod fields;
mod form;
mod http;
mod mend;
mod output;
mod part;
mod pattern;
mod printout;
mod reader;
mod reading;
mod refusal;
mod shape;
mod sheet;
mod split;
mod tool;
mod tools;

use serde::Serialize;

use crate::claim::{Claim, Code, Statement};
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::name::Reference;
use crate::text::Parts;

pub(crate) use crate::recover::Fidelity;
use engine::{BUILD, DOCKER, NERDCTL, PODMAN, WEB};
use entry::{ImageFacts, Means, digest};
pub(crate) use fields::{
    DigestRow, digest_at, digest_line, entry_role, is_identifier, is_platform, platform_in,
    repository, spelled, text_at,
};
use form::{ANSWERED, JsonForm, KEPT, LEFT_OUT, LineForm, Table, answer, at, log, table};
use http::{asks_for_index, headers};
pub(crate) use mend::{is_cut, is_written, mend_json};
pub(crate) use output::Output;
pub(crate) use part::Part;
use pattern::{LINE_BYTES, columns, fit, queried, template};
pub(crate) use printout::{Printout, candidate};
pub(crate) use reading::{Content, Reading};
use refusal::{errors, refused};
pub(crate) use shape::{SAVED, Shape, is_elided, is_index_type};
pub(crate) use sheet::{Sheet, field_of, platform_of};
pub(crate) use split::{Block, Clean, Command, Filter, Line, Splitter, clean, image_at};
use tool::{Program, Tool, Verb, Words, always, bit, code, first_code, never};
use tools::{PLAIN, TOOLS};

/// A recognised part of a paste.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The tool whose output it looks like, for example `docker manifest inspect`.
    pub tool: String,
    /// The statements in it.
    pub claims: Vec<Claim>,
}

/// The statements in known tools' output. Nothing recognised here is proven. A paste over the
/// limits gives one finding that says so.
pub fn recognise(pasted: &[u8]) -> Vec<Finding> {
    let read = read(pasted, None);
    let parts = read.unwrap_or_else(|error| vec![reader::unreadable(pasted, &error)]);
    let with_candidates = |part: &Part| {
        let mut finding = part.finding();
        part.add_candidates(&mut finding.claims);
        finding
    };
    parts.iter().map(with_candidates).collect()
}

/// The image that a text names, if it is only a file that names one image, such as a Dockerfile or the
/// settings of a deployment. A digest to which the name is pinned counts as a part of it.
pub fn named_image(text: &str) -> Option<String> {
    let parts = read(text.as_bytes(), None).ok()?;
    let mut named: Vec<String> = Vec::new();
    for statement in parts.iter().flat_map(|part| &part.statements) {
        let name = match statement {
            Statement::Pins { reference, digest } if !reference.has("@") => {
                format!("{reference}@{digest}")
            }
            Statement::Pins { reference, .. } => reference.clone(),
            // Prompts and quoting around it are left out.
            _ if statement.noted(Code::Wrapped).is_some() => continue,
            _ => statement
                .noted(Code::Named)?
                .strip_suffix(tools::UNPINNED)?
                .to_owned(),
        };
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named.pop().filter(|_| named.is_empty())
}

/// The statements in the parts of a paste.
pub(crate) fn findings(parts: &[Part]) -> Vec<Finding> {
    parts.iter().map(Part::finding).collect()
}

/// The parts of a paste, in order; no byte that is not white space is in none of them.
///
/// # Errors
/// The paste is over a limit.
pub(crate) fn read(pasted: &[u8], about: Option<&Reference>) -> Result<Vec<Part>, Error> {
    if pasted.len() > limits::PASTE_BYTES {
        let (limit, allowed) = ("bytes of one paste", limits::PASTE_BYTES as u64);
        return Err(Error::new(ErrorKind::LimitExceeded { limit, allowed }));
    }
    match clean(pasted) {
        Ok(text) => reader::read(pasted, &text, about),
        Err(error) => Ok(vec![reader::unreadable(pasted, &error)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:5de58646bae3ee52e05a65672532120b094682b79823291031ccb41533c21667";

    fn index() -> String {
        format!(
            "{{\"schemaVersion\":2,\"manifests\":[{{\"mediaType\":\"m\",\"digest\":\"{DIGEST}\",\"size\":1}}]}}"
        )
    }

    fn manifest() -> String {
        format!(
            "{{\"schemaVersion\":2,\"config\":{{\"digest\":\"{DIGEST}\",\"size\":1}},\"layers\":[]}}"
        )
    }

    fn texts(pasted: &str) -> Vec<Printout> {
        let parts = read(pasted.as_bytes(), None).unwrap();
        parts.into_iter().flat_map(|part| part.texts).collect()
    }

    #[test]
    #[allow(clippy::too_many_lines)]
    fn the_command_says_how_the_bytes_were_treated() {
        let config = "{\"rootfs\":{}}".to_owned();
        for (command, document, fidelity) in [
            ("crane manifest a/b", index(), Fidelity::Exact),
            ("crane manifest a/b | tee x.json", index(), Fidelity::Exact),
            ("crane manifest a/b | jq .", index(), Fidelity::Indented),
            ("crane manifest a/b | jq -S .", index(), Fidelity::Rebuilt),
            (
                "crane manifest a/b | jq .manifests",
                index(),
                Fidelity::Unknown,
            ),
            ("crane config a/b", config.clone(), Fidelity::Exact),
            (
                "docker manifest inspect a/b",
                manifest(),
                Fidelity::Indented,
            ),
            ("docker manifest inspect a/b", index(), Fidelity::Rebuilt),
            (
                "docker buildx imagetools inspect --raw a/b",
                index(),
                Fidelity::Exact,
            ),
            (
                "skopeo inspect --raw docker://a/b",
                index(),
                Fidelity::Exact,
            ),
            (
                "skopeo inspect --config docker://a/b",
                config.clone(),
                Fidelity::Rebuilt,
            ),
            (
                "skopeo inspect --config --raw docker://a/b",
                config,
                Fidelity::Exact,
            ),
            ("oras manifest fetch a/b", manifest(), Fidelity::Exact),
            (
                "oras manifest fetch --pretty a/b",
                manifest(),
                Fidelity::Indented,
            ),
            (
                "regctl manifest get --format raw-body a/b",
                manifest(),
                Fidelity::Exact,
            ),
            (
                "regctl manifest get --format '{{json .}}' a/b",
                manifest(),
                Fidelity::Rebuilt,
            ),
            ("cat manifest.json", manifest(), Fidelity::Unknown),
        ] {
            let found = texts(&format!("$ {command}\n{document}\n"));
            assert_eq!(
                found.iter().map(|text| text.fidelity).collect::<Vec<_>>(),
                [fidelity],
                "{command}"
            );
            let about = found[0].about.as_ref().map(ToString::to_string);
            let named = fidelity != Fidelity::Unknown;
            assert_eq!(
                about,
                named.then(|| "docker.io/a/b:latest".to_owned()),
                "{command}"
            );
            assert_eq!(
                found[0].bytes(),
                format!("{document}\n").as_bytes(),
                "{command}"
            );
        }
    }

    #[test]
    fn a_digest_on_the_command_line_is_expected_of_what_it_prints() {
        let expected = |command: &str| {
            let found = texts(&format!("$ {command} a/b@{DIGEST}\n{}\n", manifest()));
            found[0]
                .expected
                .as_ref()
                .map(|(digest, _)| digest.to_string())
        };
        assert_eq!(expected("docker manifest inspect").as_deref(), Some(DIGEST));
        assert_eq!(expected("crane manifest").as_deref(), Some(DIGEST));
        assert_eq!(expected("crane manifest --platform linux/amd64"), None);
        let config = texts(&format!(
            "$ crane config a/b@{DIGEST}\n{{\"rootfs\":{{}}}}\n"
        ));
        assert_eq!(config[0].expected, None);
        let raw = format!(
            "$ regctl manifest get --format raw a/b\nContent-Length: 9\nDocker-Content-Digest: {DIGEST}\n\n{}\n",
            manifest()
        );
        let digest = DIGEST.parse().unwrap();
        assert_eq!(texts(&raw)[0].expected, Some((digest, Some(9))));
    }

    #[test]
    fn verbose_output_carries_exact_bytes() {
        let entry = |raw: &str| {
            format!(
                "{{\"Ref\":\"a/b:1\",\"Descriptor\":{{\"digest\":\"{DIGEST}\",\"size\":2}},{raw}\"OCIManifest\":{}}}",
                manifest()
            )
        };
        let exact = texts(&entry("\"Raw\":\"e30=\","));
        assert_eq!(
            (exact[0].bytes(), exact[0].fidelity),
            (&b"{}"[..], Fidelity::Exact)
        );
        let rebuilt = texts(&entry(""));
        assert_eq!(
            (rebuilt[0].bytes(), rebuilt[0].fidelity),
            (manifest().as_bytes(), Fidelity::Rebuilt)
        );
        assert!(exact[0].expected.is_some() && rebuilt[0].expected == exact[0].expected);
    }

    #[test]
    fn buildx_json_is_the_index_without_its_digest_and_size() {
        let json = index().replacen(
            "{\"schemaVersion\":2,",
            &format!(
                "{{\n  \"schemaVersion\": 2,\n  \"digest\": \"{DIGEST}\",\n  \"size\": 9,\n  "
            ),
            1,
        );
        let found = texts(&format!("{{\"name\":\"a/b:1\",\"manifest\":{json}}}"));
        let plain: String = String::from_utf8(found[0].bytes().to_vec())
            .unwrap()
            .split_whitespace()
            .collect();
        assert_eq!(plain, index());
    }

    #[test]
    fn a_paste_that_is_a_document_keeps_every_byte() {
        for pasted in [
            index() + "\n",
            index().replace(',', ",\r\n") + "\r\n",
            format!("\u{feff}{}", index()),
            format!("  {}\n\n", manifest()),
        ] {
            assert_eq!(texts(&pasted)[0].bytes(), pasted.as_bytes());
        }
        let other = texts("{\"a\":1}\n");
        assert_eq!(other[0].bytes(), b"{\"a\":1}\n");
    }

    #[test]
    fn who_says_which_image_comes_in_order() {
        let given: Reference = "c/d:1".parse().unwrap();
        let about = |pasted: &str| {
            let parts = read(pasted.as_bytes(), Some(&given)).unwrap();
            let part = parts.first()?;
            let resolved = part
                .statements
                .iter()
                .find_map(|statement| match statement {
                    Statement::Resolves { reference, .. } => Some(reference.clone()),
                    _ => None,
                });
            resolved.or_else(|| Some(part.texts.first()?.about.as_ref()?.to_string()))
        };
        assert_eq!(
            about(&format!("$ crane digest a/b:1\n{DIGEST}")).as_deref(),
            Some("docker.io/a/b:1")
        );
        assert_eq!(about(DIGEST).as_deref(), Some("docker.io/c/d:1"));
        assert_eq!(about(&format!("$ crane digest $IMAGE\n{DIGEST}")), None);
        assert_eq!(
            about(&format!("$ docker pull a/b:1\n\n{}", index())).as_deref(),
            Some("docker.io/c/d:1")
        );
    }

    /// Parts lie one behind the other and leave nothing out but white space, whatever was
    /// pasted: here many texts that are almost right. Each statement's place is in the paste.
    #[test]
    fn no_byte_is_dropped() {
        let session = format!(
            "prose\n```\n$ docker pull a/b:1\n1: Pulling from a/b\nDigest: {DIGEST}\nStatus: Image is up to date for a/b:1\n```\n\
             \u{1b}[1mName:\u{1b}[0m a/b:1\nMediaType: x\nDigest: {DIGEST}\n{}user@host:~$ crane digest a/b\n{DIGEST}\nSignatures for a/b:1\n\
             SIGNED TAG DIGEST SIGNERS\n1 {} (Repo Admin)\n2024-05-01T12:00:00.1Z ##[command]crane digest a/b\n\
             2024-05-01T12:00:01.1Z {DIGEST}\n>  > FROM a/b@{DIGEST}\n>  ```\u{a0}\n\u{feff}web-1  | {{\n{{\"log\":\"Digest: x\\n\",\"stream\":\"stdout\"}}\n{{\"a\": [\n...\n}}\n[\n{{\n\"Id\": \"{DIGEST}\",\n\"RepoTags\": [\n\"a/b\"\n],\n\"...\"\n}}\n]\n└── é\n",
            index(),
            &DIGEST[7..],
        );
        let mut seed = 1_u64;
        for _ in 0..2000 {
            let mut text = session.clone().into_bytes();
            for _ in 0..3 {
                seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(seed >> 33).unwrap() % text.len();
                let bytes: [&[u8]; 8] = [b"", b"{", b"}", b"\"", b"\n", b"\r", b"\x1b[", b"$ "];
                text.splice(
                    at..=at,
                    bytes[usize::try_from(seed >> 20).unwrap() % 8]
                        .iter()
                        .copied(),
                );
            }
            let parts = read(&text, None).unwrap();
            let mut end = 0;
            for part in &parts {
                assert_eq!(part.span.start, end, "{parts:?}");
                end = part.span.end;
            }
            assert_eq!(end, text.len(), "{parts:?}");
        }
    }
}
