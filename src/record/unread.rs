//! Pastes of which not all was understood. Documents may be in them, in pieces that only belong
//! together once what happened to them on their way is undone: so the whole paste is searched.

use crate::chain::Held;
use crate::claim::{Code, Source, Statement};
use crate::paste::{Content, Part};
use crate::recover::{Search, Wanted};

/// A paste of which not all was understood.
#[derive(Debug)]
pub(super) struct UnreadPaste {
    search: Search,
    source: Source,
    paste: usize,
    /// Whether all that was wanted before was looked for.
    pub(super) searched: bool,
}

impl UnreadPaste {
    /// The n-th paste, if some part of it could not be read. What is secret in it is left out.
    pub(super) fn of(
        parts: &[Part],
        pasted: &[u8],
        file: Option<&str>,
        paste: usize,
    ) -> Option<Self> {
        let is_unread = |part: &&Part| {
            let mut codes = part.statements.iter().filter_map(unread_code);
            part.content == Content::Lines || codes.any(|code| code != Code::Secret.word())
        };
        let first = parts.iter().find(is_unread)?;
        let mut text = pasted.to_vec();
        for part in parts {
            let mut codes = part.statements.iter().filter_map(unread_code);
            if codes.any(|code| code == Code::Secret.word()) {
                text.get_mut(part.span.clone())?.fill(b' ');
            }
        }
        Some(UnreadPaste {
            search: Search::new(text),
            source: Source::text(first.tool, file),
            paste,
            searched: false,
        })
    }

    /// The documents in it that are looked for, and which paste they came with.
    pub(super) fn find(&mut self, wanted: &Wanted) -> Vec<(Held, usize)> {
        self.searched = true;
        let mut held = Vec::new();
        for recovered in self.search.find_all(wanted) {
            let (document, edits) = recovered.into_parts();
            let one = Held::new(document, self.source.clone(), edits);
            held.push((one, self.paste));
        }
        held
    }
}

fn unread_code(statement: &Statement) -> Option<&str> {
    match statement {
        Statement::Unread { code, .. } => Some(code.as_deref().unwrap_or_default()),
        _ => None,
    }
}
