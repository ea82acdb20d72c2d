//! The signs of what only the whole module reads: the output of tools which few people use, signed
//! metadata, and digests by SHA-512.
//!
//! The core leaves their files out. Whatever they might read has one of these signs, so that what
//! the core does read, the whole module reads in the same way.

use crate::json::{Parts, Value};
use crate::paste::{Command, Line, Piece};

/// Whether this module leaves anything out.
pub(super) const ANY: bool = !cfg!(feature = "trust");

/// Names that stand together in an object that one of them prints.
const TOGETHER: [(&str, &str); 10] = [
    // `docker manifest inspect -v`
    ("OCIManifest", "Ref"),
    ("Raw", "Ref"),
    ("Ref", "SchemaV2Manifest"),
    // `docker trust inspect`
    ("AdministrativeKeys", "SignedTags"),
    // `oras`
    ("digest", "mediaType"),
    // `docker buildx imagetools inspect`
    ("digest", "manifests"),
    ("manifest", "name"),
    // `kubectl`
    ("kind", "kind"),
    // `skopeo inspect`
    ("Digest", "Name"),
    // `notation inspect`
    ("signatureAlgorithm", "signedArtifact"),
];

/// What a line of one of them begins with.
const BEGINNINGS: [&str; 14] = [
    // `docker images`
    "IMAGE",
    "REPOSITORY",
    // `docker info`
    "Storage Driver: ",
    // `docker trust inspect`
    "No signatures for ",
    "SignedTags:",
    "Signatures for ",
    // Others
    "Verification for ",
    "The following checks were performed on ",
    "Inspecting all signatures for signed artifact",
    "Successfully verified signature for ",
    "apiVersion: ",
    "MediaType",
    "├",
    "└",
];

/// What stands in one.
const WITHIN: [&str; 4] = [
    "Supply Chain Security Related artifacts",
    "imageID",
    "Image ID",
    "sha256-",
];

/// What stands in a text, wherever it is, that names a digest by SHA-512, or is a file of a notary
/// server's metadata or some that were saved together.
const ANYWHERE: [&str; 3] = ["sha512", "\"signed\"", "notary-v1"];

/// As many hexadecimal digits as a digest by SHA-512 has.
const SHA512_DIGITS: usize = 128;

/// Whether this is UTF-16, which is left out.
pub(super) fn is_text_left_out(pasted: &[u8]) -> bool {
    ANY && matches!(pasted, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// Whether this text has a sign that is looked for in all of it. Lines may be broken anywhere, and
/// nobody who prints JSON writes a letter as an escape.
pub(crate) fn has_left_out(text: &[u8]) -> bool {
    if !ANY {
        return false;
    }
    let mut digits = text.split(|byte| !byte.is_ascii_hexdigit());
    let solid: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| !b.is_ascii_whitespace())
        .collect();
    let begins = |from: &[u8]| {
        let has = |sign: &&str| {
            from.get(..sign.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(sign.as_bytes()))
        };
        ANYWHERE.iter().any(|sign| has(&sign)) || is_escaped_letter(from)
    };
    digits.any(|run| run.len() >= SHA512_DIGITS)
        || (0..solid.len()).any(|at| solid.get(at..).is_some_and(begins))
}

/// `\u0073`, which is an `s`.
fn is_escaped_letter(text: &[u8]) -> bool {
    let [b'\\', b'u', b'0', b'0', high, low, ..] = text else {
        return false;
    };
    let code = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
    let letter = char::from_u32(code(*high) * 16 + code(*low)).unwrap_or_default();
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | ':')
}

/// Whether this is a command of theirs, or lines that they may have printed, and they are left out.
pub(crate) fn is_left_out(piece: &Piece) -> bool {
    ANY && match piece {
        Piece::Command(command) => is_theirs(command),
        Piece::Lines { lines, .. } => lines.iter().any(has_sign),
        Piece::Fence | Piece::Json { .. } | Piece::Secret(_) => false,
    }
}

/// Whether they may have printed this, or `jq` chose it from what a command printed, and that is
/// left out.
pub(crate) fn is_json_left_out(value: &Value, command: Option<&Command>) -> bool {
    ANY && (has_signs(value) || command.is_some_and(Command::selects))
}

fn is_theirs(command: &Command) -> bool {
    let docker = ["docker images", "docker info", "docker trust inspect"];
    command.is_rare() || docker.contains(&command.verb)
}

fn has_signs(value: &Value) -> bool {
    let has = |value: &Value, name: &str| value.get(name).is_some();
    let signed = value.items_of("signatures").first();
    let first = value.items().and_then(<[Value]>::first);
    let mut objects = [Some(value), signed, first].into_iter().flatten();
    objects.any(|object| {
        let cosign = has(object, "critical") || has(object, "Critical");
        let together = |(a, b): &(&str, &str)| has(object, a) && has(object, b);
        cosign || TOGETHER.iter().any(together)
    })
}

fn has_sign(line: &Line) -> bool {
    let text = line.text.trim();
    BEGINNINGS.iter().any(|sign| text.starts_with(sign))
        || WITHIN.iter().any(|sign| text.has(sign))
        || is_digest_header(line.text)
}

/// `Docker-Content-Digest: …`, as `regctl manifest get --format raw` and `curl -i` print it.
fn is_digest_header(line: &str) -> bool {
    let name = line.get(..22);
    name.is_some_and(|name| name.eq_ignore_ascii_case("docker-content-digest:"))
}
