//! The layers that may be around a text, and the step that undoes each.
//!
//! Whether a layer is there cannot be known before the last one is undone, and some documents
//! have in them what a layer would have put in. So a text without a layer and with it are both
//! kept, up to a number, unless undoing it made more JSON readable.

use super::edit::Edit;
use super::escape::{from_python, from_quoted_printable, without_markdown, without_shell};
use super::{join, mend, prefix, terminal};

/// Undoes one layer. Nothing where there is no such layer.
pub(super) type Undo = fn(&str) -> Option<(String, Edit)>;

/// One layer, and the ways to undo it, of which one is right.
pub(super) struct Layer {
    pub(super) steps: &'static [Undo],
    pub(super) of: Applies,
}

/// In which texts a layer is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applies {
    All,
    /// Those of which all JSON can be read.
    Settled,
    /// Those of which not all can be read.
    Unsettled,
}

/// In the order in which they were put on, the last one first.
pub(super) const LAYERS: [Layer; 13] = [
    all(&[
        |text| terminal::shown(text).map(|text| (text, Edit::Terminal)),
        mend::without_returns,
    ]),
    all(&[from_quoted_printable]),
    settled(&[mend::without_trailing_space]),
    all(&[
        prefix::without_numbers,
        prefix::without_prefix,
        prefix::without_others,
        prefix::without_borders,
        prefix::new_of_diff,
        prefix::old_of_diff,
    ]),
    unsettled(&[join::joined_in_html]),
    unsettled(&[mend::without_tags]),
    all(&[mend::without_html]),
    unsettled(&[mend::without_html]),
    all(&[
        mend::with_plain_spaces_between,
        mend::with_plain_runs_of_spaces,
        mend::with_plain_spaces,
    ]),
    unsettled(&[
        mend::with_straight_quotes_around,
        mend::with_straight_quotes_around_and_single,
        mend::with_straight_double_quotes,
        mend::with_straight_quotes,
    ]),
    all(&[mend::with_plain_dashes]),
    unsettled(&[without_markdown, without_shell]),
    unsettled(&[from_python]),
];

/// The text that belongs in place of a line end cannot be known: each is tried by itself.
pub(super) const JOINS: [Undo; 7] = [
    join::joined,
    join::joined_at_edge,
    join::on_one_line,
    join::joined_hanging,
    join::joined_by_space,
    join::joined_by_width,
    join::joined_by_words,
];

const fn all(steps: &'static [Undo]) -> Layer {
    Layer {
        steps,
        of: Applies::All,
    }
}

const fn settled(steps: &'static [Undo]) -> Layer {
    let of = Applies::Settled;
    Layer { steps, of }
}

const fn unsettled(steps: &'static [Undo]) -> Layer {
    let of = Applies::Unsettled;
    Layer { steps, of }
}

impl Applies {
    /// True if it is looked for in such a text.
    pub(super) fn admits(self, settled: bool) -> bool {
        match self {
            Applies::All => true,
            Applies::Settled => settled,
            Applies::Unsettled => !settled,
        }
    }
}
