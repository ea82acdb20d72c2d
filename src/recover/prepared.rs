//! A source and what its JSON was taken apart into.

use super::cut::{Cut, Piece, tail_edit};
use super::edit::Edit;
use super::form::{Parsed, Style};
use super::schema1::payload;
use super::source::{SourceText, sources};

use crate::text::Parts;

/// A text that candidates are made from.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    source: SourceText,
    pub(super) parsed: Option<Parsed>,
}

impl Prepared {
    /// The sources in a paste; image documents before other JSON.
    pub(super) fn all(pasted: &[u8]) -> Vec<Self> {
        let (mut images, mut others) = (Vec::new(), Vec::new());
        let mut add = |prepared: Self| {
            let list = if prepared.is_known() {
                &mut images
            } else {
                &mut others
            };
            list.push(prepared);
        };
        for source in sources(pasted) {
            let (prepared, payload) = Self::of(source);
            add(prepared);
            payload.into_iter().for_each(&mut add);
        }
        images.append(&mut others);
        print_once(&mut images);
        images
    }

    /// A source, and the payload of the schema 1 manifest that it may be.
    fn of(mut source: SourceText) -> (Self, Option<Self>) {
        let parsed = Parsed::new(&source.bytes, source.apart.take());
        let text = std::str::from_utf8(&source.bytes).ok();
        // With an escape in it, a name may be spelled otherwise.
        let signed = |text: &&str| text.has("signatures") || text.has("\\u");
        let text = text.filter(|_| parsed.is_some()).filter(signed);
        let payload = text.and_then(|text| payload(text.put("\r\n", "\n").as_bytes()));
        let payload = payload.map(|bytes| {
            let mut edits = source.edits.clone();
            edits.push(Edit::Signatures);
            Prepared {
                source: SourceText {
                    edits,
                    bytes,
                    tail: String::new(),
                    apart: None,
                },
                parsed: None,
            }
        });
        (Prepared { source, parsed }, payload)
    }

    /// True if its text differs from the paste.
    pub(super) fn is_other_text(&self) -> bool {
        !self.source.edits.is_empty()
    }

    /// True if it is an image document, or no JSON that could be told apart.
    fn is_known(&self) -> bool {
        self.parsed.as_ref().is_none_or(Parsed::is_known)
    }

    pub(super) fn piece(&self) -> Piece<'_> {
        Piece::new(&self.source.bytes, self.source.tail.as_bytes())
    }

    pub(super) fn cut_edits(&self, cut: Cut) -> Vec<Edit> {
        let mut edits = self.source.edits.clone();
        for edit in self.piece().edits(cut) {
            if !self.explains(edit) {
                edits.push(edit);
            }
        }
        edits
    }

    pub(super) fn print_edits(&self, style: Style) -> Vec<Edit> {
        let parsed = self.parsed.as_ref();
        parsed
            .map(|parsed| self.edits_of(parsed, style))
            .unwrap_or_default()
    }

    /// The edits to a print of its JSON, in a spelling that may have been looked for since.
    pub(super) fn edits_of(&self, parsed: &Parsed, style: Style) -> Vec<Edit> {
        let mut edits = self.source.edits.clone();
        edits.extend(parsed.edits(style));
        let tail = tail_edit(self.piece().tail(), style.layout.tail().as_bytes());
        edits.extend(tail.filter(|edit| !self.explains(*edit)));
        edits
    }

    /// Whether what was done to get the source already says this: where text around it was
    /// removed, so was the newline between.
    fn explains(&self, edit: Edit) -> bool {
        let taken_out = |edit: &Edit| {
            matches!(
                edit,
                Edit::Around | Edit::Fence | Edit::Inside(_) | Edit::Within
            )
        };
        matches!(edit, Edit::FinalNewlineRemoved | Edit::SpaceAtEnd)
            && self.source.edits.iter().any(taken_out)
    }
}

/// Leaves one of several sources with the same JSON to print from: what is printed is the same.
fn print_once(all: &mut [Prepared]) {
    let mut at = 1;
    while let Some((before, [this, ..])) = all.split_at_mut_checked(at) {
        let known = |parsed: &Parsed| {
            let mut others = before.iter().filter_map(|other| other.parsed.as_ref());
            others.any(|other| other.is_like(parsed))
        };
        if this.parsed.as_ref().is_some_and(known) {
            this.parsed = None;
        }
        at += 1;
    }
}
