//! The search: one text, all its candidates, and what was already tried of them.

use std::borrow::Cow;

use super::Recovered;
use super::cut::{Cut, Piece, VERBATIM};
use super::edit::Edit;
use super::form::{Change, Parsed, Style, odd_layouts};
use super::prepared::Prepared;
use super::print::{End, Form, Layout};
use super::tree::Node;
use super::wanted::{Lengths, Mark, Wanted, mark};
use crate::digest::{Algorithm, Digest};
use crate::document::Document;
use crate::limits;

/// A text in which digests are looked for, perhaps more than once: what was hashed is not
/// hashed again.
#[derive(Clone, Debug)]
pub struct Search {
    text: Vec<u8>,
    /// How many bytes of it are not white space.
    solid: usize,
    /// What else candidates are made from, once that is needed.
    prepared: Vec<Prepared>,
    attempts: Vec<Attempt>,
    /// How many stages' candidates are in `attempts`.
    stages: usize,
    /// The lengths of all candidates, once all are there.
    lengths: Lengths,
    hashes: usize,
    bytes: usize,
}

/// A candidate, and the digests it has, as far as they were computed.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    recipe: Recipe,
    length: usize,
    sha256: Option<Mark>,
    sha512: Option<Mark>,
}

/// How a candidate is made.
#[derive(Clone, Copy, Debug)]
enum Recipe {
    /// From the text as it came.
    Pasted(Cut),
    /// From the n-th prepared source, its bytes.
    Cut(u16, Cut),
    /// From the n-th prepared source, its JSON.
    Print(u16, Style),
}

/// What is used again from candidate to candidate.
#[derive(Debug, Default)]
struct Bench {
    out: Vec<u8>,
    shapes: Vec<(u16, Change, Node)>,
}

/// Structures kept: as many as there are orders, which are gone through for each layout.
const MOST_SHAPES: usize = 12;

/// Adds a stage's candidates, cheaper and likelier stages first.
type Stage = fn(&mut Search);

const STAGES: [Stage; 9] = [
    Search::add_verbatim,
    Search::add_cuts,
    Search::add_sources,
    |search| search.add_prints(no_change, first_spelling, Parsed::layouts),
    |search| {
        for prepared in &mut search.prepared {
            prepared.parsed.iter_mut().for_each(Parsed::vary);
        }
        search.add_prints(no_change, other_spellings, Parsed::layouts);
    },
    |search| search.add_prints(Parsed::orders, Parsed::common_spellings, Parsed::layouts),
    |search| search.add_prints(Parsed::rebuilds, first_spelling, Parsed::layouts),
    |search| {
        search.add_prints(no_change, Parsed::spellings, Parsed::rare_layouts);
        search.add_prints(Parsed::orders, first_spelling, |_| odd_layouts());
    },
    // Attestations out of order are BuildKit's, which writes with two spaces.
    |search| {
        let layouts = |_: &Parsed| vec![Layout::new(Form::Spaces(2), End::None)];
        search.add_prints(Parsed::pairings, first_spelling, layouts);
    },
];

impl Search {
    /// A search in this text. Nothing is computed yet.
    pub fn new(text: Vec<u8>) -> Self {
        let solid = text.iter().filter(|b| !b.is_ascii_whitespace()).count();
        Search {
            text,
            solid,
            prepared: Vec::new(),
            attempts: Vec::new(),
            stages: 0,
            lengths: Lengths::default(),
            hashes: 0,
            bytes: 0,
        }
    }

    /// The first serialisation, cheapest first, that has a wanted digest.
    pub fn find(&mut self, wanted: &Wanted) -> Option<Recovered> {
        if wanted.is_empty() || !self.may_hold(wanted) {
            return None;
        }
        let mut bench = Bench::default();
        let mut at = 0;
        loop {
            while at < self.attempts.len() {
                if let Some(found) = self.attempt(at, wanted, &mut bench) {
                    return Some(found);
                }
                at += 1;
            }
            let Some(stage) = STAGES.get(self.stages) else {
                for attempt in &self.attempts {
                    self.lengths.add(attempt.length as u64);
                }
                return None;
            };
            self.stages += 1;
            stage(self);
        }
    }

    /// Whether a wanted digest may be that of a candidate, by the sizes alone. Before the
    /// candidates are made, by bounds that hold for all of them: escapes and encodings make a
    /// text less than four times as long as it was, layouts less than eight times. A text with
    /// something else before its document may be any amount of that.
    fn may_hold(&self, wanted: &Wanted) -> bool {
        if self.stages == STAGES.len() && !self.lengths.is_empty() {
            return wanted.admits_any(&self.lengths);
        }
        let bare = self.text.trim_ascii_start().starts_with(b"{");
        let least = if bare { self.solid / 4 } else { 0 };
        wanted.admits_between(least, self.solid.saturating_mul(8).saturating_add(4096))
    }

    /// How many times a candidate was hashed.
    pub fn hashes(&self) -> usize {
        self.hashes
    }

    /// Whether candidates were left out because there were too many or too large ones.
    pub fn ran_out(&self) -> bool {
        self.hashes >= limits::RECOVERY_TRIES
            || self.bytes >= limits::RECOVERY_BYTES
            || self.attempts.len() >= limits::RECOVERY_TRIES
    }

    fn attempt(&mut self, at: usize, wanted: &Wanted, bench: &mut Bench) -> Option<Recovered> {
        let attempt = *self.attempts.get(at)?;
        for algorithm in wanted.algorithms() {
            let known = match algorithm {
                Algorithm::Sha256 => attempt.sha256,
                Algorithm::Sha512 => attempt.sha512,
            };
            let mark = match known {
                Some(mark) => mark,
                None if wanted.admits(attempt.length) => self.hash(at, algorithm, bench)?,
                None => continue,
            };
            for digest in wanted.marked(mark) {
                if let Some(found) = self.take(attempt.recipe, digest, bench) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn hash(&mut self, at: usize, algorithm: Algorithm, bench: &mut Bench) -> Option<Mark> {
        let spent = self.hashes >= limits::RECOVERY_TRIES || self.bytes >= limits::RECOVERY_BYTES;
        if spent {
            return None;
        }
        let recipe = self.attempts.get(at)?.recipe;
        self.make(recipe, bench);
        self.hashes += 1;
        self.bytes += bench.out.len();
        let mark = mark(&algorithm.digest(&bench.out));
        let attempt = self.attempts.get_mut(at)?;
        debug_assert_eq!(attempt.length, bench.out.len(), "{recipe:?}");
        match algorithm {
            Algorithm::Sha256 => attempt.sha256 = Some(mark),
            Algorithm::Sha512 => attempt.sha512 = Some(mark),
        }
        Some(mark)
    }

    fn take(&self, recipe: Recipe, digest: &Digest, bench: &mut Bench) -> Option<Recovered> {
        self.make(recipe, bench);
        let document = Document::expect(std::mem::take(&mut bench.out), digest).ok()?;
        let edits = self.edits(recipe).iter().map(Edit::to_string).collect();
        Some(Recovered { document, edits })
    }

    /// Makes the candidate's bytes.
    fn make(&self, recipe: Recipe, bench: &mut Bench) {
        match recipe {
            Recipe::Pasted(cut) => self.piece().print(cut, &mut bench.out),
            Recipe::Cut(at, cut) => {
                if let Some(prepared) = self.prepared(at) {
                    prepared.piece().print(cut, &mut bench.out);
                }
            }
            Recipe::Print(at, style) => {
                if let Some(parsed) = self.prepared(at).and_then(|p| p.parsed.as_ref()) {
                    bench.print(parsed, at, style);
                }
            }
        }
    }

    fn edits(&self, recipe: Recipe) -> Vec<Edit> {
        match recipe {
            Recipe::Pasted(cut) => self.piece().edits(cut),
            Recipe::Cut(at, cut) => self
                .prepared(at)
                .map(|p| p.cut_edits(cut))
                .unwrap_or_default(),
            Recipe::Print(at, style) => self
                .prepared(at)
                .map(|p| p.print_edits(style))
                .unwrap_or_default(),
        }
    }

    fn piece(&self) -> Piece<'_> {
        Piece::new(&self.text, b"")
    }

    fn prepared(&self, at: u16) -> Option<&Prepared> {
        self.prepared.get(usize::from(at))
    }

    /// The digest of no content is known to everybody and stands wherever content is missing:
    /// there is nothing to recover from a blank text.
    fn add_verbatim(&mut self) {
        if !self.piece().is_blank() {
            self.add(Recipe::Pasted(VERBATIM), self.text.len());
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
        self.prepared = Prepared::all(&self.text);
        let mut found = Vec::new();
        for (at, prepared) in (0..).zip(&self.prepared) {
            let piece = prepared.piece();
            if prepared.is_other_text() && !piece.is_blank() {
                for (cut, length) in piece.cuts() {
                    found.push((at, cut, length));
                }
            }
        }
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
        let prepared = std::mem::take(&mut self.prepared);
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
                    self.add(Recipe::Print(at, style), measure.length(layout));
                }
            }
        }
        self.prepared = prepared;
    }

    fn add(&mut self, recipe: Recipe, length: usize) {
        if self.attempts.len() < limits::RECOVERY_TRIES {
            self.attempts.push(Attempt {
                recipe,
                length,
                sha256: None,
                sha512: None,
            });
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

impl Bench {
    fn print(&mut self, parsed: &Parsed, at: u16, style: Style) {
        let Bench { out, shapes } = self;
        let known = shapes
            .iter()
            .position(|(of, change, _)| (*of, *change) == (at, style.change));
        if let (None, Cow::Owned(shape)) = (known, parsed.shape(style.change)) {
            shapes.truncate(MOST_SHAPES - 1);
            shapes.insert(0, (at, style.change, shape));
        }
        match shapes.get(known.unwrap_or(0)) {
            Some((_, _, shape)) if style.change != Change::None => parsed.print(shape, style, out),
            _ => parsed.print(&parsed.shape(Change::None), style, out),
        }
    }
}
