//! A source and what its JSON was taken apart into.

use super::cut::{Cut, Piece, tail_edit};
use super::edit::Edit;
use super::form::{Parsed, Style};
use super::schema1::payload;
use super::source::{Source, sources};
use crate::json::Parts;

/// What candidates are made from.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    source: Source,
    pub(super) parsed: Option<Parsed>,
}

impl Prepared {
    /// The sources in a paste; image documents before other JSON.
    pub(super) fn all(pasted: &[u8]) -> Vec<Self> {
        let all = sources(pasted).into_iter().flat_map(Self::of);
        let (mut images, others): (Vec<Self>, Vec<Self>) = all.partition(Self::is_known);
        images.extend(others);
        images
    }

    /// A source, and the payload of the schema 1 manifest that it may be.
    fn of(source: Source) -> Vec<Self> {
        let parsed = Parsed::new(&source.bytes);
        let lines = String::from_utf8_lossy(&source.bytes).put("\r\n", "\n");
        let payload = parsed.as_ref().and_then(|_| payload(lines.as_bytes()));
        let payload = payload.map(|bytes| {
            let mut edits = source.edits.clone();
            edits.push(Edit::Signatures);
            Prepared {
                source: Source {
                    edits,
                    bytes,
                    tail: String::new(),
                },
                parsed: None,
            }
        });
        std::iter::once(Prepared { source, parsed })
            .chain(payload)
            .collect()
    }

    /// Whether its text is another than the paste.
    pub(super) fn is_other_text(&self) -> bool {
        !self.source.edits.is_empty()
    }

    /// Whether it is an image document, or no JSON that could be told apart.
    fn is_known(&self) -> bool {
        self.parsed.as_ref().is_none_or(Parsed::is_known)
    }

    pub(super) fn piece(&self) -> Piece<'_> {
        Piece::new(&self.source.bytes, self.source.tail.as_bytes())
    }

    pub(super) fn cut_edits(&self, cut: Cut) -> Vec<Edit> {
        let mut edits = self.source.edits.clone();
        edits.extend(
            self.piece()
                .edits(cut)
                .into_iter()
                .filter(|edit| !self.explains(*edit)),
        );
        edits
    }

    pub(super) fn print_edits(&self, style: Style) -> Vec<Edit> {
        let mut edits = self.source.edits.clone();
        edits.extend(self.parsed.iter().flat_map(|parsed| parsed.edits(style)));
        let tail = tail_edit(self.piece().tail(), style.layout.tail().as_bytes());
        edits.extend(tail.filter(|edit| !self.explains(*edit)));
        edits
    }

    /// Whether what was done to get the source already says this: where text around it was
    /// removed, so was the newline between.
    fn explains(&self, edit: Edit) -> bool {
        let taken_out = |edit: &Edit| matches!(edit, Edit::Around | Edit::Fence | Edit::Inside(_));
        matches!(edit, Edit::FinalNewlineRemoved | Edit::SpaceAtEnd)
            && self.source.edits.iter().any(taken_out)
    }
}
