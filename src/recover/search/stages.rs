//! The stages of a search: which candidates are made of a text, the cheaper and likelier first.

use super::{Recipe, Search};
use crate::recover::cut::VERBATIM;
use crate::recover::form::{Change, Parsed, Style, odd_layouts};
use crate::recover::print::{End, Form, Layout};

/// Adds a stage's candidates, cheaper and likelier stages first.
pub(super) type Stage = fn(&mut Search);

/// From this stage on candidates are printed from JSON.
pub(super) const PRINTS: usize = 3;

/// From this stage on they differ in more than spelling and layout, and their lengths are known.
pub(super) const ORDERS: usize = 5;

pub(super) const STAGES: [Stage; 10] = [
    Search::add_verbatim,
    Search::add_cuts,
    Search::add_sources,
    |search| search.add_prints(no_change, first_spelling, Parsed::layouts),
    |search| {
        search.vary(Parsed::vary_spelling);
        search.add_prints(no_change, other_spellings, Parsed::layouts);
    },
    |search| {
        search.vary(Parsed::vary_order);
        let layouts = Parsed::likely_layouts;
        search.add_prints(Parsed::orders, Parsed::common_spellings, layouts);
    },
    |search| search.add_prints(Parsed::rebuilds, first_spelling, Parsed::layouts),
    |search| {
        let (spellings, layouts) = (Parsed::likely_spellings, Parsed::unlikely_layouts);
        search.add_prints(Parsed::orders, spellings, layouts);
        search.add_prints(no_change, spellings, Parsed::rare_layouts);
    },
    // Attestations out of order are BuildKit's, which writes with two spaces.
    |search| {
        let layouts = |_: &Parsed| vec![Layout::new(Form::Spaces(2), End::None)];
        search.add_prints(Parsed::pairings, first_spelling, layouts);
    },
    |search| {
        search.add_prints(Parsed::orders, first_spelling, |_| odd_layouts());
        search.add_prints(no_change, Parsed::unlikely_spellings, Parsed::rare_layouts);
    },
];

impl Search {
    /// The digest of no content is known to everybody and is written wherever content is missing:
    /// there is nothing to recover from a blank text.
    fn add_verbatim(&mut self) {
        if !self.piece().is_blank() {
            self.add(Recipe::Pasted(VERBATIM), self.text.bytes().len());
        }
    }

    fn add_cuts(&mut self) {
        if self.piece().is_blank() {
            return;
        }
        for (cut, length) in self.piece().cuts().into_iter().skip(1) {
            self.add(Recipe::Pasted(cut), length);
        }
    }

    fn add_sources(&mut self) {
        if self.piece().is_blank() {
            return;
        }
        let mut found = Vec::new();
        let (mut least, mut most) = self.prints;
        for (at, prepared) in (0..).zip(self.all_prepared()) {
            if let Some(parsed) = &prepared.parsed {
                let lengths = parsed.lengths();
                (least, most) = (least.min(lengths.0), most.max(lengths.1));
            }
            let piece = prepared.piece();
            if prepared.is_other_text() && !piece.is_blank() {
                for (cut, length) in piece.cuts() {
                    found.push((at, cut, length));
                }
            }
        }
        self.prints = (least, most);
        for (at, cut, length) in found {
            self.add(Recipe::Cut(at, cut), length);
        }
    }

    /// Adds every combination of change, spelling and layout of every source.
    fn add_prints(
        &mut self,
        changes: fn(&Parsed) -> Vec<Change>,
        spellings: fn(&Parsed) -> std::ops::Range<u8>,
        layouts: fn(&Parsed) -> Vec<Layout>,
    ) {
        let prepared = self.prepared.take().unwrap_or_default();
        for (at, prepared) in (0..).zip(&prepared) {
            let Some(parsed) = &prepared.parsed else {
                continue;
            };
            let mut pairs = Vec::new();
            for change in changes(parsed) {
                for spelling in spellings(parsed) {
                    pairs.push((change, spelling, parsed.measure(change, spelling)));
                }
            }
            for layout in layouts(parsed) {
                for &(change, spelling, measure) in &pairs {
                    let style = Style {
                        change,
                        spelling,
                        layout,
                    };
                    let length = measure.length(layout);
                    debug_assert!((self.prints.0..=self.prints.1).contains(&length));
                    debug_assert_eq!(layout.end, End::None);
                    let lengths = self.print_lengths.get();
                    debug_assert!(lengths.is_none_or(|lengths| lengths.has(length as u64)));
                    self.add(Recipe::Print(at, style), length);
                }
            }
        }
        self.prepared = prepared.into();
    }

    fn vary(&mut self, how: fn(&mut Parsed)) {
        for prepared in self.prepared.get_mut().into_iter().flatten() {
            prepared.parsed.iter_mut().for_each(how);
        }
    }
}

fn no_change(_: &Parsed) -> Vec<Change> {
    vec![Change::None]
}

fn first_spelling(_: &Parsed) -> std::ops::Range<u8> {
    0..1
}

fn other_spellings(parsed: &Parsed) -> std::ops::Range<u8> {
    1..parsed.spellings().end
}
