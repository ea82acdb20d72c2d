//! The fields by which files name images, whole or in parts.

use crate::text::Parts;

/// The mark of a row in Tekton's tables of results, and the sign between a name and its value in Nix and Terraform.
pub(super) const ROW: &str = "∙ ";
pub(super) const IS: &str = " = ";

/// The part of an image's name that a line has, and its value.
pub(super) fn field(line: &str) -> Option<(usize, &str)> {
    let (key, value) = match line.strip_prefix(ROW) {
        Some(row) => row.split_once(' ')?,
        None => line
            .cut(IS)
            .or_else(|| line.after_all("- ").split_once(':'))
            .filter(|(key, _)| !is_variable(key))?,
    };
    let part = Some(part(key.without("\"' "))).filter(|part| *part != OTHER)?;
    let mut words = value.split_whitespace();
    let value = words.next().unwrap_or_default();
    // Words of prose are no value; what else follows is a comment.
    let prose = words.next().is_some_and(|word| !word.begins("#/"));
    (!prose).then_some((part, value.without("\"',;")))
}

/// True for a name in capitals: of a variable, whose value need not be an image.
pub(super) fn is_variable(key: &str) -> bool {
    !key.bytes().any(|b| b.is_ascii_lowercase())
}

/// The part of an image's name that a field of this name has.
pub(super) fn part(key: &str) -> usize {
    let known = KEYS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(key));
    known.map_or(OTHER, |(_, part)| *part)
}

const KEYS: &[(&str, usize)] = &[
    ("baseimage", IMAGE),
    ("container", IMAGE),
    ("digest", DIGEST),
    ("image", IMAGE),
    ("image_digest", DIGEST),
    ("image_url", REPOSITORY),
    ("imagedigest", OF_NAMED),
    ("imagename", REPOSITORY),
    ("key", KEY),
    ("name", NAME),
    ("newname", REPOSITORY),
    ("newtag", TAG),
    ("registry", REGISTRY),
    ("repository", REPOSITORY),
    ("tag", TAG),
    ("uses", USES),
    ("value", VALUE),
];

/// The part that a result of a task in Tekton has.
pub(super) fn result(name: &str) -> usize {
    match name {
        "IMAGES" => IMAGE,
        name if name.starts_with("IMAGE_") => part(name),
        _ => OTHER,
    }
}

pub(super) const REGISTRY: usize = 0;
pub(super) const REPOSITORY: usize = 1;
pub(super) const NAME: usize = 2;
pub(super) const TAG: usize = 3;
pub(super) const DIGEST: usize = 4;
/// The whole name.
pub(super) const IMAGE: usize = 5;
/// The whole name, if `docker://` is before it.
pub(super) const USES: usize = 6;
/// The name of a result, and its value.
pub(super) const KEY: usize = 7;
pub(super) const VALUE: usize = 8;
/// None of these.
pub(super) const OTHER: usize = 9;
/// The digest of an image whose name is not in the field `name`.
pub(super) const OF_NAMED: usize = 10;
