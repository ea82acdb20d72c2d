//! What people paste from their tools: what it looks like, and what it states.
//!
//! One file a tool. Nothing recognised here is proven, however green it was: a printed line is
//! a statement of the tool that printed it, and pasted text can be edited. A paste is split
//! into pieces (command lines, JSON values, runs of lines); each is read by the tool whose form
//! it has, and what no tool recognises is kept and said to be unread.
//!
//! Shared by the tools' files: `piece` (what they are given and give), `sheet`, and what
//! `split` makes of command lines. The reader of a whole paste is `reader`.

mod buildx;
mod cosign;
mod crane;
mod docker_image;
mod docker_images;
mod docker_info;
mod docker_manifest;
mod docker_pull;
mod docker_trust;
mod document;
mod fragment;
mod kubectl;
mod mend;
mod notation;
mod oras;
mod piece;
mod reader;
mod regctl;
mod shasum;
mod sheet;
mod skopeo;
mod split;

use std::ops::Range;

use serde::Serialize;

use crate::claim::{Claim, Source, Standing, Statement, Want};
use crate::digest::Digest;
use crate::document::Document;
use crate::error::{Error, ErrorKind};
use crate::json::Value;
use crate::limits;
use crate::name::Reference;
use crate::recover::{AS_PASTED, Edit, LESS, Likely, Search};

pub(crate) use mend::{is_base64, mend_json};
pub(crate) use piece::repository;
pub(crate) use piece::{
    Output, Reading, digest_at, digest_line, document_kind, entry_role, is_elided, is_identifier,
    is_index_type, platform_in, text_at,
};
pub(crate) use sheet::{Sheet, field_of, platform_of};
pub(crate) use split::{Clean, Command, Filter, Line, Piece, Splitter, clean};

/// What single lines of a document are called.
pub(crate) const LINES: &str = "lines of a manifest";

/// What a part is called that tells how the next was mended before it was read.
pub(crate) const MENDED: &str = "mended text";

/// What the name of a file of a notary server's metadata begins with.
pub(crate) const NOTARY: &str = "Notary v1";

/// What files of such metadata are called that were saved together.
pub(crate) const SAVED: &str = "pullproof rescue";

/// A recognised part of a paste.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The tool whose output it looks like, for example `docker manifest inspect`.
    pub tool: String,
    /// What it states.
    pub claims: Vec<Claim>,
}

/// A part of a paste, read.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The tool whose output it looks like.
    pub(crate) tool: &'static str,
    /// Where it stands in the paste.
    pub(crate) span: Range<usize>,
    /// What the tool states.
    pub(crate) statements: Vec<Statement>,
    /// Texts from which documents may be recovered.
    pub(crate) texts: Vec<Text>,
}

/// A text that is a document, or was one before it was printed.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// The text, and what may be made of it.
    pub(crate) search: Search,
    /// The reference that the document was printed for.
    pub(crate) about: Option<Reference>,
    /// The digest that the tool states for exactly this document, with its size if stated.
    pub(crate) expected: Option<(Digest, Option<u64>)>,
    /// How the tool treats the registry's bytes.
    pub(crate) form: Form,
    /// What was changed already in what was pasted, to get this text.
    pub(crate) edits: Vec<Edit>,
}

/// How a tool treats the bytes that it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// It prints them as they are (a terminal may add a newline).
    Exact,
    /// It changes white space only.
    Indented,
    /// It prints something made anew from what it read, so that bytes are lost.
    Rebuilt,
    /// It is not known which tool it was.
    Unknown,
}

/// Reads a JSON value, if it is what the tool prints.
type ReadJson = fn(&Output, &Value) -> Option<Reading>;

/// Reads from the first of these lines on, if they are what the tool prints, and says how many.
type ReadLines = fn(&Output, &[Line]) -> Option<(Reading, usize)>;

/// How a tool's output is known, and who reads it.
struct Tool {
    /// Whether it only reads what no other tool does.
    general: bool,
    /// Whether this command prints what the file reads.
    prints: fn(&Command) -> bool,
    json: ReadJson,
    lines: ReadLines,
}

/// All of them; for the output of a command the first that reads it is taken. Without a
/// command line only one may.
const TOOLS: &[Tool] = &[
    Tool {
        general: false,
        prints: shasum::prints,
        json: none,
        lines: shasum::lines,
    },
    Tool {
        general: false,
        prints: buildx::prints,
        json: buildx::json,
        lines: buildx::lines,
    },
    Tool {
        general: false,
        prints: cosign::prints,
        json: cosign::json,
        lines: cosign::lines,
    },
    Tool {
        general: false,
        prints: crane::prints,
        json: crane::json,
        lines: crane::lines,
    },
    Tool {
        general: false,
        prints: docker_image::prints,
        json: docker_image::json,
        lines: docker_image::lines,
    },
    Tool {
        general: false,
        prints: docker_images::prints,
        json: none,
        lines: docker_images::lines,
    },
    Tool {
        general: false,
        prints: docker_info::prints,
        json: none,
        lines: docker_info::lines,
    },
    Tool {
        general: false,
        prints: docker_manifest::prints,
        json: docker_manifest::json,
        lines: no_lines,
    },
    Tool {
        general: false,
        prints: docker_pull::prints,
        json: none,
        lines: docker_pull::lines,
    },
    Tool {
        general: false,
        prints: docker_trust::prints,
        json: docker_trust::json,
        lines: docker_trust::lines,
    },
    Tool {
        general: false,
        prints: kubectl::prints,
        json: kubectl::json,
        lines: kubectl::lines,
    },
    Tool {
        general: false,
        prints: notation::prints,
        json: notation::json,
        lines: notation::lines,
    },
    Tool {
        general: false,
        prints: oras::prints,
        json: oras::json,
        lines: oras::lines,
    },
    Tool {
        general: false,
        prints: regctl::prints,
        json: regctl::json,
        lines: regctl::lines,
    },
    Tool {
        general: false,
        prints: skopeo::prints,
        json: skopeo::json,
        lines: skopeo::lines,
    },
    Tool {
        general: true,
        prints: fragment::prints,
        json: fragment::json,
        lines: fragment::lines,
    },
    Tool {
        general: true,
        prints: never,
        json: document::json,
        lines: no_lines,
    },
];

fn none(_: &Output, _: &Value) -> Option<Reading> {
    None
}

fn no_lines(_: &Output, _: &[Line]) -> Option<(Reading, usize)> {
    None
}

fn never(_: &Command) -> bool {
    false
}

/// What known tools' output states. Nothing recognised here is proven. A paste over the limits
/// gives one finding that says so.
pub fn recognise(pasted: &[u8]) -> Vec<Finding> {
    match read(pasted, None) {
        Ok(parts) => findings(&parts, &|_| false),
        Err(error) => findings(&[reader::unreadable(pasted, &error)], &|_| false),
    }
}

/// What the parts of a paste state, and the digests that those of their texts may have that are
/// not known to be documents as they are.
pub(crate) fn findings(parts: &[Part], known: &dyn Fn(&Document) -> bool) -> Vec<Finding> {
    parts.iter().map(|part| part.finding(known)).collect()
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

impl Text {
    /// All that was changed in what was pasted, with what was changed in this text.
    pub(crate) fn edits(&self, more: &[String]) -> Vec<String> {
        let mut edits: Vec<String> = self.edits.iter().map(ToString::to_string).collect();
        edits.extend(more.iter().cloned());
        edits
    }

    /// The digests that it may have had before it was printed. It is what the registry sent only
    /// where nothing was taken off it and the tool prints what it gets.
    pub(crate) fn likely(&self) -> Vec<Likely> {
        let mut all = self.search.likely().to_vec();
        for likely in &mut all {
            if [AS_PASTED, LESS].contains(&likely.meaning) {
                likely.meaning = match self.form {
                    _ if !self.edits.is_empty() => CLEANED,
                    Form::Exact | Form::Unknown => likely.meaning,
                    Form::Indented => RELAID,
                    Form::Rebuilt => REBUILT,
                };
            }
            likely.edits = self.edits(&likely.edits);
        }
        all
    }

    /// The text, as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.search.text().bytes()
    }
}

impl Part {
    /// Whether it is a file of a notary server's metadata.
    pub(crate) fn is_metadata(&self) -> bool {
        self.tool.starts_with(NOTARY)
    }

    fn finding(&self, known: &dyn Fn(&Document) -> bool) -> Finding {
        let mut claims = Vec::new();
        for statement in &self.statements {
            let standing = match statement {
                Statement::Unread { .. } => Standing::missing(Want::of(UNREAD)),
                _ => Standing::stated(Source::pasted(self.tool)),
            };
            claims.push(Claim::new(statement.clone(), standing));
        }
        for text in &self.texts {
            if text.expected.is_none() && !known(text.search.text()) {
                add_candidates(text, &mut claims);
            }
        }
        let tool = self.tool.to_owned();
        Finding { tool, claims }
    }
}

/// What it means if a text is taken as it stands that is not what came from a registry.
const CLEANED: &str = "if nothing else than this was changed in what the registry sent";
const RELAID: &str = "if the registry has the document in the layout in which the tool printed it";
const REBUILT: &str = "if the registry has the very bytes that the tool made anew";

const UNREAD: &str = "paste the whole output of the command, with the command line above it";

/// The digests that a text may have, each open until something states one of them.
fn add_candidates(text: &Text, claims: &mut Vec<Claim>) {
    let of = text
        .about
        .as_ref()
        .map(|about| format!(" of {about}"))
        .unwrap_or_default();
    for likely in text.likely() {
        let want = Want {
            digest: Some(likely.digest.clone()),
            ..Want::of(format!(
                "compare with the digest{of} that its author or its registry gives"
            ))
        };
        let statement = Statement::Candidate {
            digest: likely.digest,
            edits: likely.edits,
            meaning: likely.meaning.to_owned(),
        };
        claims.push(Claim::new(statement, Standing::missing(want)));
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

    fn texts(pasted: &str) -> Vec<Text> {
        let parts = read(pasted.as_bytes(), None).unwrap();
        parts.into_iter().flat_map(|part| part.texts).collect()
    }

    #[test]
    #[allow(clippy::too_many_lines)]
    fn the_command_says_how_the_bytes_were_treated() {
        let config = "{\"rootfs\":{}}".to_owned();
        for (command, document, form) in [
            ("crane manifest a/b", index(), Form::Exact),
            ("crane manifest a/b | tee x.json", index(), Form::Exact),
            ("crane manifest a/b | jq .", index(), Form::Indented),
            ("crane manifest a/b | jq -S .", index(), Form::Rebuilt),
            ("crane manifest a/b | jq .manifests", index(), Form::Unknown),
            ("crane config a/b", config.clone(), Form::Exact),
            ("docker manifest inspect a/b", manifest(), Form::Indented),
            ("docker manifest inspect a/b", index(), Form::Rebuilt),
            (
                "docker buildx imagetools inspect --raw a/b",
                index(),
                Form::Exact,
            ),
            ("skopeo inspect --raw docker://a/b", index(), Form::Exact),
            (
                "skopeo inspect --config docker://a/b",
                config.clone(),
                Form::Rebuilt,
            ),
            (
                "skopeo inspect --config --raw docker://a/b",
                config,
                Form::Exact,
            ),
            ("oras manifest fetch a/b", manifest(), Form::Exact),
            (
                "oras manifest fetch --pretty a/b",
                manifest(),
                Form::Indented,
            ),
            (
                "regctl manifest get --format raw-body a/b",
                manifest(),
                Form::Exact,
            ),
            (
                "regctl manifest get --format '{{json .}}' a/b",
                manifest(),
                Form::Rebuilt,
            ),
            ("cat manifest.json", manifest(), Form::Unknown),
        ] {
            let found = texts(&format!("$ {command}\n{document}\n"));
            assert_eq!(
                found.iter().map(|text| text.form).collect::<Vec<_>>(),
                [form],
                "{command}"
            );
            let about = found[0].about.as_ref().map(ToString::to_string);
            let named = form != Form::Unknown;
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
        assert_eq!((exact[0].bytes(), exact[0].form), (&b"{}"[..], Form::Exact));
        let rebuilt = texts(&entry(""));
        assert_eq!(
            (rebuilt[0].bytes(), rebuilt[0].form),
            (manifest().as_bytes(), Form::Rebuilt)
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
             SIGNED TAG DIGEST SIGNERS\n1 {} (Repo Admin)\n[\n{{\n\"Id\": \"{DIGEST}\",\n\"RepoTags\": [\n\"a/b\"\n],\n\"...\"\n}}\n]\n└── é\n",
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
