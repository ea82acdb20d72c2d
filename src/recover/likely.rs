//! The digests that a text most probably had where it was printed, for when none is expected.
//! Nothing is recovered here: each is what the digest is *if* the text was printed that way.

use super::cut::{Piece, VERBATIM};
use super::edit::Edit;
use super::form::{Change, Parsed, Style};
use super::prepared::Prepared;
use super::print::{End, Form, Layout};
use crate::digest::Digest;
use crate::document::Document;

/// A digest that a text would have if it had been printed in a certain way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Likely {
    pub(crate) digest: Digest,
    pub(crate) edits: Vec<String>,
    pub(crate) meaning: &'static str,
}

/// What it means if nothing was changed.
pub(crate) const AS_PASTED: &str = "if the text is exactly what the registry sent";
/// What it means if only the final newline was taken off.
pub(crate) const LESS: &str = "if the terminal or the tool added the final newline";

/// What it means if a document was written in a layout.
const LAYOUTS: [(Form, End, &str); 6] = [
    (
        Form::Spaces(2),
        End::None,
        "if it was written by BuildKit or `docker buildx`",
    ),
    (
        Form::Compact,
        End::None,
        "if it was written by crane, buildah, skopeo, oras or Jib",
    ),
    (
        Form::Spaces(3),
        End::None,
        "if it was written by `docker push` or `docker manifest push`",
    ),
    (
        Form::Tabs,
        End::One,
        "if it was written by the tools of the Docker Official Images",
    ),
    (
        Form::Compact,
        End::One,
        "if it was written by umoci or Bazel",
    ),
    (
        Form::Spaces(4),
        End::None,
        "if it was written by `docker commit` with the containerd store",
    ),
];

const MOST: usize = 6;

/// The digests that `pasted` most likely had where it was printed, for when none is expected.
pub(super) fn likely(pasted: &Document, prepared: &[Prepared]) -> Vec<Likely> {
    let mut found = Vec::new();
    let piece = Piece::new(pasted.bytes(), b"");
    let mut out = Vec::new();
    for ((cut, _), meaning) in piece.cuts().into_iter().zip([AS_PASTED, LESS]) {
        let shorter = cut == VERBATIM || !piece.tail().is_empty();
        if shorter && !piece.is_blank() {
            piece.print(cut, &mut out);
            add(&mut found, pasted, &out, &piece.edits(cut), meaning);
        }
    }
    let known = |prepared: &Prepared| prepared.parsed.as_ref().is_some_and(Parsed::is_known);
    let Some(prepared) = prepared.iter().find(|prepared| known(prepared)) else {
        return found;
    };
    for (form, end, meaning) in LAYOUTS {
        let layout = Layout::new(form, end);
        let style = Style {
            change: Change::None,
            spelling: 0,
            layout,
        };
        if let Some(parsed) = &prepared.parsed {
            parsed.print(&parsed.shape(Change::None), style, &mut out);
        }
        let edits = prepared.print_edits(style);
        add(&mut found, pasted, &out, &edits, meaning);
    }
    found
}

/// Adds the digest of `text`, unless it is there or there are enough.
fn add(
    found: &mut Vec<Likely>,
    pasted: &Document,
    text: &[u8],
    edits: &[Edit],
    meaning: &'static str,
) {
    if found.len() == MOST {
        return;
    }
    let digest = if text == pasted.bytes() {
        pasted.digest().clone()
    } else {
        Digest::sha256(text)
    };
    if !found.iter().any(|known| known.digest == digest) {
        found.push(Likely {
            digest,
            edits: edits.iter().map(ToString::to_string).collect(),
            meaning,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::Search;

    fn phrases(pasted: &str) -> Vec<String> {
        let search = Search::new(pasted.into());
        let likely = search.likely();
        likely
            .iter()
            .map(|likely| likely.edits.join(", "))
            .collect()
    }

    #[test]
    fn few_digests_and_each_once() {
        let expected = [
            "",
            "final newline removed",
            "indented with 2 spaces, final newline removed",
            "indented with 3 spaces, final newline removed",
            "indented with tabs",
            "indented with 4 spaces, final newline removed",
        ];
        assert_eq!(phrases("{\"layers\":[1]}\n"), expected);
        assert_eq!(phrases("not JSON"), [""]);
        assert_eq!(phrases("{\"a\":1}"), [""]);
        assert_eq!(phrases(" \n"), [""; 0]);
        let fenced = phrases("```\n{\"layers\":[1]}\n```");
        assert_eq!(
            fenced.get(1).map(String::as_str),
            Some("code fence removed, indented with 2 spaces")
        );
    }
}
