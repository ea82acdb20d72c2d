//! In-toto statements, alone, in DSSE envelopes and in Sigstore bundles, whichever tool printed
//! them (in-toto/attestation: `spec/v1/statement.md`, `envelope.md`; sigstore/protobuf-specs:
//! `sigstore_bundle.proto`), and what `gh attestation verify` (cli/cli 2.67) and `slsa-verifier`
//! 2.7 say that they verified.
//!
//! A statement names what it is about by digests. Nothing here verifies its signature, so that it is
//! somebody's word, and the digest is not that of the JSON.

use crate::claim::{Code, Tells};
use crate::digest::Digest;
use crate::json::{self, Value};
use crate::name::Reference;
use crate::paste::{Content, Line, Output, Program, Reading, Shape, Tool, Verb, text_at};
use crate::text::{Ascii, Parts, parsed, shown};

pub(super) const TOOL: Tool = Tool {
    commands: &[&GH, &SLSA],
    tells: Tells::Signatures,
    json,
    lines,
    plain: Ascii::of("SV"),
    ..Tool::NONE
};

static GH: Verb = Verb::new(
    &Program {
        values_like: Some("--cert-"),
        ..Program::new(
            "--bundle --format --jq --limit --owner --predicate-type --repo --signer-repo --signer-workflow --template -R -b -o",
        )
    },
    "gh attestation verify|gh at verify",
);
static SLSA: Verb = Verb::new(
    &Program {
        values_like: Some("--source-"),
        ..Program::new(
            "--build-workflow-input --builder-id --provenance-path --provenance-repository",
        )
    },
    "slsa-verifier verify-image",
);

/// The members in which tools have a statement, or what has one.
const WITHIN: [&str; 6] = [
    "attestation",
    "bundle",
    "dsseEnvelope",
    "predicate",
    "statement",
    "verificationResult",
];

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let shape = Shape::of(value).map_or("JSON attestations", Shape::name);
    let mut reading = Reading::new(
        output.command.map_or(shape, |command| command.name()),
        output.about,
    );
    // The bytes may be what a manifest names as a layer.
    reading.content = Content::Lines;
    for item in value.items().unwrap_or(std::slice::from_ref(value)) {
        if !attests(&mut reading, item, 0) {
            return None;
        }
    }
    (!reading.statements.is_empty()).then_some(reading)
}

/// Notes what a value is about; true if it is a statement or holds one.
fn attests(reading: &mut Reading, value: &Value, depth: usize) -> bool {
    if let (Some(kind), false) = (
        text_at(value, "predicateType"),
        value.items_of("subject").is_empty(),
    ) {
        for subject in value.items_of("subject") {
            about(reading, subject, kind);
        }
        return true;
    }
    if depth == WITHIN.len() {
        return false;
    }
    let payload = text_at(value, "payload").and_then(json::from_base64);
    if let Some(payload) = payload.as_ref().and_then(|bytes| json::parse(bytes).ok()) {
        return attests(reading, payload.root(), depth + 1);
    }
    let mut within = WITHIN.iter().filter_map(|name| value.get(name));
    within.any(|inner| attests(reading, inner, depth + 1))
}

fn about(reading: &mut Reading, subject: &Value, kind: &str) {
    let digests = subject.get("digest").and_then(Value::members);
    let hex = |algorithm| {
        subject
            .get("digest")
            .and_then(|digests| text_at(digests, algorithm))
    };
    let Some(digest) = digests
        .and(hex("sha256"))
        .and_then(|hex| Digest::from_sha256_hex(hex).ok())
    else {
        return;
    };
    let name = text_at(subject, "name").unwrap_or_default();
    let image: Option<Reference> = parsed(name).filter(|_| {
        // The name of a file has no registry.
        name.has("/") && name.before_any("/").has_any(".:")
    });
    if let Some(image) = image {
        reading.pins(&image.at(&digest), &digest);
    }
    let text = format!(
        "an in-toto statement of type {} is about this digest, by the name {}; its signature was not \
         verified here",
        shown(kind),
        shown(name)
    );
    reading.note(Some(&digest), Code::Attests, text);
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let mut reading = Reading::new(GH.name, output.about);
    let mut subject = output.about.and_then(Reference::digest).cloned();
    let mut read = 0;
    for (n, line) in lines.iter().enumerate() {
        let text = line.text.trimmed();
        let loaded = text
            .strip_prefix("Loaded digest ")
            .and_then(|rest| rest.cut(" for "));
        let verified = VERIFIED.iter().find(|(start, _)| text.starts_with(start));
        if let Some((digest, image)) = loaded.filter(|_| n == 0) {
            let digest: Digest = parsed(digest)?;
            match image.strip_prefix("oci://").and_then(parsed::<Reference>) {
                Some(image) => reading.resolves_for(&image, &digest),
                None => reading.unattributed(Some(&digest)),
            }
            subject = Some(digest);
        } else if let Some((_, tool)) = verified.filter(|_| read == n || reading.tool == GH.name) {
            if n == 0 {
                reading.tool = tool;
            }
            let text = format!(
                "{tool} printed {} for what it had checked where it was run; nothing of it is checked here",
                crate::text::beginning(text)
            );
            reading.note(subject.as_ref(), Code::Attests, text);
        } else if n == 0 || loaded.is_some() || reading.tool != GH.name || !belongs(text) {
            break;
        }
        if !text.is_empty() {
            read = n + 1;
        }
    }
    (read > 0).then_some((reading, read))
}

/// True for a line around what `gh attestation verify` verified: the criteria, and a list of what
/// met them.
fn belongs(text: &str) -> bool {
    let starts = ["Loaded ", "The following ", "- ", "REPO ", "✗ "];
    text.is_empty()
        || text.ends_with(" was attested by:")
        || text.has(" https://slsa.dev/")
        || starts.iter().any(|start| text.starts_with(start))
}

/// The beginnings of lines by which tools say what they verified or signed, and the tools.
const VERIFIED: [(&str, &str); 6] = [
    ("✓ Verification succeeded", "gh attestation verify"),
    ("PASSED: SLSA verification passed", "slsa-verifier"),
    ("PASSED: Verified SLSA provenance", "slsa-verifier"),
    ("Successfully signed ", "a signing tool"),
    ("Verified build using builder ", "slsa-verifier"),
    ("Verified signature against tlog entry ", "slsa-verifier"),
];
