//! The search: one text, all its candidates, and what was already tried of them.

use std::borrow::Cow;
use std::cell::OnceCell;

mod stages;

use super::Recovered;
use super::cut::{Cut, Piece, VERBATIM};
use super::edit::Edit;
use super::form::{Change, Parsed, Style};
use super::likely::{Fidelity, Likely, likely};
use super::prepared::Prepared;
use super::print::ENDS;
use super::tree::Node;
use super::wanted::{Ascending, Mark, Wanted, mark};
use crate::digest::{Algorithm, DigestSet, Hasher};
use crate::document::Document;
use crate::limits;
use crate::text::Parts;

use stages::{ORDERS, PRINTS, STAGES};

/// A text in which digests are looked for, perhaps more than once: what was hashed is not
/// hashed again.
#[derive(Clone, Debug)]
pub struct Search {
    text: Document,
    /// The number of its bytes that are not white space.
    solid: usize,
    nests: OnceCell<bool>,
    /// Further texts that candidates are made from, once that is needed.
    prepared: OnceCell<Vec<Prepared>>,
    likely: OnceCell<Vec<Likely>>,
    attempts: Vec<Attempt>,
    /// The number of stages whose candidates are in `attempts`.
    stages: usize,
    /// The number of `attempts` that every digest wanted so far was compared with.
    compared: usize,
    /// Of those, the lengths whose SHA-256 was not computed, and what is remembered of the others'.
    untried: Ascending,
    tried: Ascending,
    /// Between which lengths all of them are.
    reach: (usize, usize),
    /// Between which lengths all candidates are that are printed from JSON, once that is known.
    prints: (usize, usize),
    /// The lengths of those in each spelling and layout, once needed.
    print_lengths: OnceCell<Ascending>,
    /// Digests that were found before, where all are looked for.
    met: DigestSet,
    hashes: usize,
    bytes: usize,
}

/// A candidate, or those that differ only in the newlines at their end, and the digests that they
/// have, as far as they were computed.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    recipe: Recipe,
    /// Without the newlines that are put at its end.
    length: usize,
    sha256: Option<Marks>,
    sha512: Option<Marks>,
}

/// The beginnings of a digest, for each end.
type Marks = [Mark; ENDS.len()];

impl Attempt {
    fn known(&mut self, algorithm: Algorithm) -> &mut Option<Marks> {
        match algorithm {
            Algorithm::Sha256 => &mut self.sha256,
            Algorithm::Sha512 => &mut self.sha512,
        }
    }

    /// The candidates, each with its length.
    fn each(self) -> impl Iterator<Item = (Recipe, usize)> {
        let recipes = self.recipe.endings();
        recipes.map(move |(recipe, tail)| (recipe, self.length + tail.len()))
    }
}

/// The recipe for a candidate.
#[derive(Clone, Copy, Debug)]
enum Recipe {
    /// From the text as it came.
    Pasted(Cut),
    /// From the n-th prepared source, its bytes.
    Cut(u16, Cut),
    /// From the n-th prepared source, its JSON.
    Print(u16, Style),
}

impl Recipe {
    /// With each end that is put to it, and what that is; only prints have several.
    fn endings(self) -> impl Iterator<Item = (Self, &'static str)> {
        let several = matches!(self, Recipe::Print(..));
        let ends = ENDS.into_iter().take(if several { ENDS.len() } else { 1 });
        ends.map(move |end| match self {
            Recipe::Print(at, style) => {
                let layout = style.layout.ending(end);
                (Recipe::Print(at, Style { layout, ..style }), layout.tail())
            }
            recipe => (recipe, ""),
        })
    }
}

/// Memory that is used again from candidate to candidate.
#[derive(Debug, Default)]
struct Bench {
    out: Vec<u8>,
    shapes: Vec<(u16, Change, Node)>,
}

/// Structures kept: as many as there are orders, which are gone through for each layout.
const MOST_SHAPES: usize = 12;

impl Search {
    /// A search in this text. Nothing is computed yet.
    pub fn new(text: Vec<u8>) -> Self {
        let solid = text.iter().filter(|b| !b.is_ascii_whitespace()).count();
        Search {
            text: Document::new(text),
            solid,
            nests: OnceCell::new(),
            prepared: OnceCell::new(),
            likely: OnceCell::new(),
            attempts: Vec::new(),
            stages: 0,
            compared: 0,
            untried: Ascending::default(),
            tried: Ascending::default(),
            reach: (usize::MAX, 0),
            prints: (usize::MAX, 0),
            print_lengths: OnceCell::new(),
            met: DigestSet::default(),
            hashes: 0,
            bytes: 0,
        }
    }

    /// The text, as it came.
    pub(crate) fn text(&self) -> &Document {
        &self.text
    }

    /// The digests that the text may have had before it was printed, for when none is expected. A text is
    /// asked for them with one fidelity only.
    pub(crate) fn likely(&self, fidelity: Fidelity) -> &[Likely] {
        let all = || likely(&self.text, self.all_prepared(), fidelity);
        self.likely.get_or_init(all)
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
            let stage = STAGES.get(self.stages);
            let Some(stage) = stage.filter(|_| self.goes_on(wanted)) else {
                self.remember();
                return None;
            };
            self.stages += 1;
            stage(self);
        }
    }

    /// Sums up the candidates, all of which were compared, so that other digests need not go through them.
    fn remember(&mut self) {
        self.untried = Ascending::default();
        self.tried = Ascending::default();
        self.reach = self.prints;
        for attempt in &self.attempts {
            match attempt.sha256 {
                Some(marks) => marks.iter().for_each(|mark| self.tried.add(*mark)),
                None => {
                    for (_, length) in attempt.each() {
                        let (least, most) = self.reach;
                        self.reach = (least.min(length), most.max(length));
                        self.untried.add(length as u64);
                    }
                }
            }
        }
        self.compared = self.attempts.len();
    }

    /// The text as it came, where it has a wanted digest.
    pub(crate) fn as_it_came(&self, wanted: &Wanted) -> Option<Recovered> {
        let fits = wanted.admits(self.text.bytes().len()) && wanted.has(self.text.digest());
        (fits && !self.piece().is_blank()).then(|| Recovered {
            document: self.text.clone(),
            edits: Vec::new(),
        })
    }

    /// All documents with a wanted digest: one text may have several in it, as a log has.
    pub fn find_all(&mut self, wanted: &Wanted) -> Vec<Recovered> {
        let mut all = Vec::new();
        while let Some(found) = self.find(wanted) {
            self.met.insert(found.document().digest(), ());
            all.push(found);
        }
        all
    }

    /// Whether a candidate that is not there yet may have a wanted digest, by the sizes.
    fn goes_on(&self, wanted: &Wanted) -> bool {
        let (least, most) = self.prints;
        self.stages < PRINTS
            || wanted.admits_between(least, most)
                && (self.stages < ORDERS || self.admits_print(wanted))
    }

    /// True if a print of its JSON, in any order, has a wanted length.
    fn admits_print(&self, wanted: &Wanted) -> bool {
        let lengths = || {
            let mut lengths = Ascending::default();
            for parsed in self.all_prepared().iter().flat_map(|p| &p.parsed) {
                parsed.add_lengths(&mut lengths);
            }
            lengths
        };
        // Where a list may be made anew, its text may have any length.
        self.prints.1 == usize::MAX || wanted.admits_any(self.print_lengths.get_or_init(lengths))
    }

    /// True if a wanted digest may be that of a candidate, by the sizes and by the digests known. Before the
    /// candidates are made, by bounds that hold for all of them: escapes and encodings make a text
    /// less than four times as long as it was, layouts less than eight times. A text with leading
    /// text has no such bound.
    fn may_hold(&self, wanted: &Wanted) -> bool {
        if self.stages >= PRINTS {
            let new = self.compared < self.attempts.len();
            let other = wanted.algorithms() != [Algorithm::Sha256];
            let (least, most) = self.reach;
            // Most are told by this already.
            let far = !wanted.admits_between(least, most);
            let more = || self.stages < STAGES.len() && self.goes_on(wanted);
            return new
                || other
                || wanted.has_any_marked(&self.tried)
                || !far && (more() || wanted.admits_any(&self.untried));
        }
        let bare = self.text.bytes().trim_ascii_start().starts_with(b"{");
        let least = if bare && !self.nests() {
            self.solid / 4
        } else {
            0
        };
        wanted.admits_between(least, self.solid.saturating_mul(8).saturating_add(4096))
    }

    /// True if there may be a document in a document, of whatever size.
    fn nests(&self) -> bool {
        *self.nests.get_or_init(|| {
            let text = String::from_utf8_lossy(self.text.bytes());
            let twice = |name: &str| text.cut(name).is_some_and(|(_, rest)| rest.has(name));
            text.has("\\\"") || twice("\"schemaVersion\"") || twice("\"rootfs\"")
        })
    }

    /// The number of candidates that were hashed.
    pub fn hashes(&self) -> usize {
        self.hashes
    }

    /// The number of bytes that were hashed, with the fixed cost of each try.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether candidates were left out because there were too many or too large ones.
    pub fn ran_out(&self) -> bool {
        self.is_spent() || self.attempts.len() >= limits::RECOVERY_TRIES
    }

    fn is_spent(&self) -> bool {
        let bytes = self
            .text
            .bytes()
            .len()
            .saturating_mul(limits::RECOVERY_TIMES);
        let bytes = bytes.clamp(limits::RECOVERY_LEAST_BYTES, limits::RECOVERY_BYTES);
        self.hashes >= limits::RECOVERY_TRIES || self.bytes >= bytes
    }

    fn attempt(&mut self, at: usize, wanted: &Wanted, bench: &mut Bench) -> Option<Recovered> {
        let mut attempt = *self.attempts.get(at)?;
        for &algorithm in wanted.algorithms() {
            let known = match attempt.known(algorithm).as_ref().copied() {
                Some(marks) => Some(marks),
                None if attempt.each().any(|(_, length)| wanted.admits(length)) => {
                    self.try_out(at, algorithm, bench)
                }
                None => None,
            };
            for ((recipe, _), mark) in attempt.each().zip(known.into_iter().flatten()) {
                if !wanted.has_marked(mark) {
                    continue;
                }
                let document = self.hash(recipe, algorithm, bench);
                if wanted.has(document.digest()) && !self.met.contains(document.digest()) {
                    let edits = self.edits(recipe);
                    let edits = edits.iter().map(Edit::to_string).collect();
                    return Some(Recovered { document, edits });
                }
            }
        }
        None
    }

    /// What the digests of a candidate with its ends begin with.
    fn try_out(&mut self, at: usize, algorithm: Algorithm, bench: &mut Bench) -> Option<Marks> {
        if self.is_spent() {
            return None;
        }
        let attempt = *self.attempts.get(at)?;
        let mut marks = Marks::default();
        if let (Recipe::Pasted(VERBATIM), Algorithm::Sha256) = (attempt.recipe, algorithm) {
            marks = [mark(self.text.digest()); ENDS.len()];
        } else {
            self.make(attempt.recipe, bench);
            debug_assert_eq!(attempt.length, bench.out.len(), "{:?}", attempt.recipe);
            let mut hasher = Hasher::new(algorithm);
            hasher.update(&bench.out);
            for ((_, tail), known) in attempt.recipe.endings().zip(&mut marks) {
                let mut hasher = hasher.clone();
                hasher.update(tail.as_bytes());
                *known = hasher.beginning();
            }
        }
        self.hashes += 1;
        self.bytes += attempt.length + limits::RECOVERY_TRY_BYTES;
        *self.attempts.get_mut(at)?.known(algorithm) = Some(marks);
        Some(marks)
    }

    /// The candidate, with its digest. That of the text as it came may be known.
    fn hash(&self, recipe: Recipe, algorithm: Algorithm, bench: &mut Bench) -> Document {
        if let (Recipe::Pasted(VERBATIM), Algorithm::Sha256) = (recipe, algorithm) {
            self.text.digest();
            return self.text.clone();
        }
        self.make(recipe, bench);
        Document::by(algorithm, std::mem::take(&mut bench.out))
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
        Piece::new(self.text.bytes(), b"")
    }

    fn all_prepared(&self) -> &[Prepared] {
        let all = || Prepared::all(self.text.bytes());
        self.prepared.get_or_init(all)
    }

    fn prepared(&self, at: u16) -> Option<&Prepared> {
        self.all_prepared().get(usize::from(at))
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
