//! `cosign verify`, `verify-attestation`, `tree`, `triangulate` and `download` (sigstore/cosign: cmd/cosign/cli/verify/common.go,
//! cli/tree.go, triangulate.go; sigstore/sigstore: pkg/signature/payload).
//!
//! The checks are on standard error, the signed content on standard output: pasted from
//! a terminal both are there. The statements that attestations hold are read by `attestation`. Version 1
//! wrote its flags with one dash. `docker-reference` is what the signer wrote; cosign does not
//! compare it with anything.

use crate::claim::{Code, Signatory, Tells};
use crate::digest::Digest;
use crate::json::{self, Value};
use crate::name::Reference;
use crate::paste::{
    Command, Line, Output, Program, Reading, Tool, Verb, digest_line, spelled, text_at,
};
use crate::text::{Ascii, Parts, joined, parsed, shown};

pub(super) const TOOL: Tool = Tool {
    commands: &[&ATTESTATION, &DOWNLOAD, &TREE, &TRIANGULATE, &VERIFY],
    reads: Command::is_shown,
    tells: Tells::Signatures,
    json,
    lines,
    plain: Ascii::of("FTV"),
    ..Tool::NONE
};

const PROGRAM: &Program = &Program {
    values_like: Some("--certificate"),
    on_disk: "--local-image",
    ..Program::new(
        "--annotations --attachment --key --max-workers --output --output-file --payload --registry-password --registry-token --registry-username --rekor-url --signature --signature-digest-algorithm --sk-slot --timestamp-certificate-chain --trusted-root --type -a -annotations -cert -key -o -output -rekor-url",
    )
};

static ATTESTATION: Verb = Verb::new(PROGRAM, "cosign verify-attestation");
static DOWNLOAD: Verb = Verb::new(PROGRAM, "cosign download signature");
static TREE: Verb = Verb::new(PROGRAM, "cosign tree");
static TRIANGULATE: Verb = Verb::new(PROGRAM, "cosign triangulate");
static VERIFY: Verb = Verb::new(PROGRAM, "cosign verify");

fn json(output: &Output, value: &Value) -> Option<Reading> {
    let payloads = match value.items() {
        Some(items) => items,
        None => std::slice::from_ref(value),
    };
    if payloads.is_empty() {
        return None;
    }
    let mut reading = Reading::new(VERIFY.name, output.about);
    for payload in payloads {
        if let Some(stored) = text_at(payload, "Payload").and_then(json::from_base64) {
            stored_one(&mut reading, json::parse(&stored).ok()?.root())?;
        } else {
            Payload::of(payload)?.state(output, &mut reading);
        }
    }
    Some(reading)
}

/// A signature as it is stored beside an image: nobody has verified it.
fn stored_one(reading: &mut Reading, payload: &Value) -> Option<()> {
    let payload = Payload::of(payload)?;
    reading.tool = DOWNLOAD.name;
    let text = "a signature of this digest is stored; it was not verified, here or by cosign";
    reading.note(Some(&payload.digest), Code::Attests, text);
    payload.named(reading);
    Some(())
}

/// The subject of one signature.
struct Payload<'v, 'a> {
    digest: Digest,
    claimed: &'v str,
    optional: Option<&'v Value<'a>>,
}

impl<'v, 'a> Payload<'v, 'a> {
    /// Names are in lower case; older versions printed some of them with capitals.
    fn of(value: &'v Value<'a>) -> Option<Self> {
        let critical = spelled(value, "critical")?;
        let digest = spelled(spelled(critical, "image")?, "docker-manifest-digest")?;
        let claimed = spelled(spelled(critical, "identity")?, "docker-reference")?;
        Some(Payload {
            digest: parsed(digest.as_str()?)?,
            claimed: claimed.as_str()?,
            optional: spelled(value, "optional"),
        })
    }

    fn state(&self, output: &Output, reading: &mut Reading) {
        // The digest is that of the image that cosign was run for.
        if output.about.is_some() {
            reading.resolves(&self.digest);
        }
        let text = |name| self.optional.and_then(|optional| text_at(optional, name));
        let by = match (text("Subject"), text("Issuer")) {
            (Some(subject), Some(issuer)) => Signatory::identity(shown(subject), shown(issuer)),
            (Some(subject), None) => Signatory::named(shown(subject)),
            _ => Signatory::named("a key"),
        };
        reading.signs(&self.digest, None, by);
        reading.note(
            Some(&self.digest),
            Code::CosignVerify,
            "cosign printed what it had checked where it was run; nothing of it is checked here",
        );
        self.named(reading);
    }

    fn named(&self, reading: &mut Reading) {
        if !self.claimed.is_empty() {
            let text = format!(
                "the signer wrote the name {}, which cosign does not check",
                shown(self.claimed)
            );
            reading.note(Some(&self.digest), Code::ClaimedReference, text);
        }
    }
}

fn lines(output: &Output, lines: &[Line]) -> Option<(Reading, usize)> {
    let first = lines.first()?.text.trimmed();
    if let Some(name) = first
        .strip_prefix("Verification for ")
        .and_then(|rest| rest.strip_suffix(" --"))
    {
        return Some(checks(
            output,
            lines,
            1,
            parsed(name).or_else(|| output.about.cloned()),
        ));
    }
    if first.starts_with("The following checks were performed on ") {
        return Some(checks(output, lines, 0, output.about.cloned()));
    }
    if let Some(warnings) = warnings(lines) {
        let (reading, read) = self::lines(output, lines.get(warnings..)?)?;
        return Some((reading, read + warnings));
    }
    if first.len() > 60 && first.has("Supply Chain Security Related artifacts for an image: ") {
        return Some(tree(output, lines));
    }
    if output.runs(&TRIANGULATE) || (output.command.is_none() && output.sole && lines.len() == 1) {
        return triangulated(output, first);
    }
    None
}

/// The number of lines with warnings before cosign says what it verified.
fn warnings(lines: &[Line]) -> Option<usize> {
    let is_warning = |line: &&Line| {
        let text = line.text.trimmed();
        text.is_empty()
            || text.starts_with("WARNING: ")
            || (text.starts_with("Flag --") && text.has("deprecated"))
    };
    let count = lines.iter().take(12).take_while(is_warning).count();
    let verified = lines
        .get(count)?
        .text
        .trim()
        .starts_with("Verification for ");
    (count > 0 && verified).then_some(count)
}

/// The checks that were made, and whatever is printed above them. They come before the JSON,
/// which is then about this image.
fn checks(
    output: &Output,
    lines: &[Line],
    skip: usize,
    about: Option<Reference>,
) -> (Reading, usize) {
    let verb = if output.runs(&ATTESTATION) {
        &ATTESTATION
    } else {
        &VERIFY
    };
    let mut reading = Reading::new(verb.name, about.as_ref());
    reading.about = about;
    reading.goes_on = Some(verb);
    let mut read = skip;
    let mut made = Vec::new();
    for (n, line) in lines.iter().enumerate().skip(skip) {
        let text = line.text.trimmed();
        match text.strip_prefix("- ") {
            Some(check) => made.push(shown(check)),
            None if text.starts_with("The following checks were performed on ")
                || text.is_empty() => {}
            None => break,
        }
        if !text.is_empty() {
            read = n + 1;
        }
    }
    reading.note(
        None,
        Code::CosignChecks,
        format!("cosign says that it checked: {}", joined(&made, "; ")),
    );
    (reading, read)
}

/// A tree of what is stored beside an image. Signatures under a tag have the image's digest in
/// the tag.
fn tree(output: &Output, lines: &[Line]) -> (Reading, usize) {
    let first = lines.first().map_or("", |line| line.text);
    let name = first.cut("for an image: ").map(|(_, name)| name.trim());
    let name: Option<Reference> = name.and_then(parsed);
    let mut reading = Reading::new(TREE.name, name.as_ref().or(output.about));
    let branch = |line: &&Line| line.text.trim_start().begins("├└│");
    let branches = lines.iter().skip(1).take_while(branch);
    let mut read = 1;
    for line in branches {
        read += 1;
        let Some((_, stored)) = line.text.cut(": ") else {
            continue;
        };
        if let (true, Some((_, digest))) =
            (line.text.has(" for an image tag: "), tagged(stored.trim()))
        {
            reading.resolves(&digest);
        }
    }
    reading.note(
        None,
        Code::CosignTree,
        "the tree lists what is stored beside the image; whether any signature in it is good is not said",
    );
    (reading, read)
}

/// `repository:sha256-….sig`
fn tagged(name: &str) -> Option<(Reference, Digest)> {
    let reference: Reference = parsed(name)?;
    let (algorithm, rest) = reference.tag()?.split_once('-')?;
    let encoded = rest.split_once('.').map_or(rest, |(encoded, _)| encoded);
    let digest: Digest = parsed(&format!("{algorithm}:{encoded}"))?;
    digest.algorithm()?;
    let named = reference.at(&digest);
    Some((named, digest))
}

fn triangulated(output: &Output, line: &str) -> Option<(Reading, usize)> {
    let (reference, digest) = match tagged(line) {
        Some(found) => found,
        // Without a command line this is what several tools print.
        None if output.command.is_none() => return None,
        None => {
            let (reference, digest) = digest_line(line)?;
            (reference?, digest)
        }
    };
    let mut reading = Reading::new(TRIANGULATE.name, output.about);
    if output.about.is_none() {
        reading.resolves_for(&reference, &digest);
        reading.unattributed(Some(&digest));
        reading.about = Some(reference);
    } else {
        reading.resolves(&digest);
    }
    Some((reading, 1))
}
