//! `notation verify`, `inspect` and `list` (notaryproject/notation: specs/cmd, cmd/notation).
//!
//! Only `verify` checks signatures; `inspect` prints what they say of themselves. The project's
//! own examples hold invalid digests, so each is read before it is believed.

use crate::claim::{Code, Role, Signatory, Tells};
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Line, Output, Program, Reading, Tool, Verb, digest_at, digest_line, text_at};
use crate::text::{Ascii, Parts, beginning};

pub(super) const TOOL: Tool = Tool {
    commands: &[&INSPECT, &LIST, &VERIFY],
    tells: Tells::Signatures,
    json,
    lines,
    plain: Ascii::of("IRS"),
    ..Tool::NONE
};

const INSPECTING: &str = "Inspecting all signatures for signed artifact";
const VERIFIED: &str = "Successfully verified signature for ";

const PROGRAM: &Program = &Program {
    on_disk: "--oci-layout",
    ..Program::new(
        "--max-signatures --output --password --plugin-config --user-metadata --username -m -o -p -u",
    )
};

static INSPECT: Verb = Verb::new(PROGRAM, "notation inspect");
static LIST: Verb = Verb::new(PROGRAM, "notation list|notation ls");
static VERIFY: Verb = Verb::new(PROGRAM, "notation verify");

/// `notation inspect -o json`
fn json(output: &Output, value: &Value) -> Option<Reading> {
    let signatures = value.get("signatures")?.items()?;
    let is_signature = |item: &Value| {
        item.get("signatureAlgorithm").is_some() && item.get("signedArtifact").is_some()
    };
    if signatures.is_empty() || !signatures.iter().all(is_signature) {
        return None;
    }
    let mut reading = Reading::new(INSPECT.name, output.about);
    for signature in signatures {
        let artifact = signature
            .get("signedArtifact")
            .and_then(|artifact| digest_at(artifact, "digest"));
        if let Some(artifact) = artifact {
            signed(
                &mut reading,
                digest_at(signature, "digest").as_ref(),
                &artifact,
            );
            certificates(&mut reading, &artifact, signature);
        }
    }
    Some(reading)
}

/// States the subject of a signature manifest, which is its referrer.
fn signed(reading: &mut Reading, signature: Option<&Digest>, artifact: &Digest) {
    if let Some(signature) = signature {
        reading.names(signature, artifact, Role::Subject, None);
    }
    reading.note(
        Some(artifact),
        Code::NotationInspect,
        "notation printed what the signature says; inspecting does not verify it",
    );
}

fn certificates(reading: &mut Reading, artifact: &Digest, signature: &Value) {
    let first = signature
        .get("certificates")
        .and_then(Value::items)
        .and_then(<[Value]>::first);
    if let Some(subject) = first.and_then(|certificate| text_at(certificate, "issuedTo")) {
        let text = format!(
            "the signature's certificate was issued to {}",
            beginning(subject)
        );
        reading.note(Some(artifact), Code::NotationCertificate, text);
    }
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trimmed();
    let is_warning = |line: &&Line| {
        ["Warning: ", "Resolved artifact tag "]
            .iter()
            .any(|word| line.text.trimmed().starts_with(word))
    };
    let warnings = lines.iter().take(4).take_while(is_warning).count();
    if warnings > 0 {
        let next = lines.get(warnings)?.text.trimmed();
        if is_warning(&lines.get(warnings)?) || !(next.starts_with(VERIFIED) || next == INSPECTING)
        {
            return None;
        }
        let (reading, read) = self::lines(output, lines.get(warnings..)?)?;
        return Some((reading, read + warnings));
    }
    if let Some(name) = first.strip_prefix(VERIFIED) {
        return verified(output, *lines.first()?, name);
    }
    if first == INSPECTING {
        return tree(output, &INSPECT, lines, 1);
    }
    if output.runs(&LIST) {
        return tree(output, &LIST, lines, 0);
    }
    None
}

/// `repository@digest`; for a tag notation prints what it resolved it to.
fn verified(output: &Output, line: Line, name: &str) -> Option<(Reading, usize)> {
    let mut reading = Reading::new(VERIFY.name, output.about);
    let digest = match digest_of(name) {
        Ok((reference, digest)) => {
            if output
                .about
                .is_none_or(|about| !about.same_repository(&reference))
            {
                reading.about = Some(reference);
            }
            digest
        }
        Err(error) => {
            reading.unread(line, &error?);
            return Some((reading, 1));
        }
    };
    reading.resolves(&digest);
    reading.signs(
        &digest,
        None,
        Signatory::named("an identity that the trust policy there names"),
    );
    reading.note(
        Some(&digest),
        Code::NotationVerify,
        "notation printed that it verified a signature where it was run, by the trust policy there; \
         nothing of it is checked here",
    );
    Some((reading, 1))
}

/// The reference and its digest, or what is wrong with them; nothing if there is no digest.
fn digest_of(name: &str) -> Result<(Reference, Digest), Option<crate::error::Error>> {
    let (_, digest) = name.trim().split_once('@').ok_or(None)?;
    let digest: Digest = digest.parse().map_err(Some)?;
    let reference: Reference = name.trim().parse().map_err(Some)?;
    Ok((reference, digest))
}

/// `repository@digest`, a branch `application/vnd.cncf.notary.signature`, and in it the digests
/// of the signature manifests, each with its details below it.
fn tree(output: &Output, verb: &Verb, lines: &[Line], skip: usize) -> Option<(Reading, usize)> {
    let head = *lines.get(skip)?;
    let mut reading = Reading::new(verb.name, output.about);
    let artifact = match digest_of(head.text) {
        Ok((reference, digest)) => {
            reading.about.get_or_insert(reference);
            digest
        }
        Err(error) => {
            reading.unread(head, &error?);
            let read = lines
                .iter()
                .skip(skip + 1)
                .take_while(|line| is_branch(line.text))
                .count();
            return Some((reading, skip + 1 + read));
        }
    };
    reading.resolves(&artifact);
    let mut read = skip + 1;
    for line in lines
        .iter()
        .skip(skip + 1)
        .take_while(|line| is_branch(line.text))
    {
        read += 1;
        let content = line.text.without_start("├└│|─ \u{a0}");
        if let Some((_, digest)) = digest_line(content) {
            signed(&mut reading, Some(&digest), &artifact);
        } else if let Some(name) = content.strip_prefix("issued to: ") {
            let text = format!("a certificate was issued to {}", beginning(name));
            reading.note(Some(&artifact), Code::NotationCertificate, text);
        }
    }
    Some((reading, read))
}

fn is_branch(line: &str) -> bool {
    line.trim_start().begins("├└│|")
}
