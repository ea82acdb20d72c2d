//! The digests that a text most probably had where it was printed, for when none is expected, ranked: by
//! whether its tool can have printed the bytes, then by the writer whose hand the document is in. Nothing is
//! recovered here: each is what the digest is *if* the text was printed that way.

use super::cut::{Piece, VERBATIM};
use super::edit::Edit;
use super::form::{Change, OF_GO, Parsed, Style};
use super::hand::Hand;
use super::prepared::Prepared;
use super::print::{End, Form, Layout, print};
use crate::digest::Digest;
use crate::document::{Document, layout};

/// The treatment of bytes by the tool that prints them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// It prints them as they are (a terminal may add a newline).
    Exact,
    /// It changes white space only.
    Indented,
    /// It prints something made anew from what it read, so that bytes are lost.
    Rebuilt,
    /// It is not known which tool it was.
    Unknown,
}

/// A digest that a text would have if it had been printed in a certain way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Likely {
    pub(crate) digest: Digest,
    pub(crate) size: usize,
    pub(crate) edits: Vec<String>,
    pub(crate) how: How,
    /// The tools that write so.
    pub(crate) writer: Option<&'static str>,
    /// The layout in words.
    pub(crate) form: String,
    pub(crate) meaning: String,
    /// True if nothing speaks for other bytes.
    pub(crate) certain: bool,
}

/// The way from a text to a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As it is.
    AsPasted,
    /// Without the final newline.
    Less,
    /// As a writer writes it whose order of fields it has.
    Ordered,
    /// In a layout of some writer.
    LaidOut,
}

/// What it means if nothing was changed.
const AS_PASTED: &str = "if the text is exactly what the registry sent";
/// What it means if only the final newline was taken off.
const LESS: &str = "if the terminal or the tool added the final newline";

/// Layouts in which documents are written, whatever the order of their fields.
const LAYOUTS: [Hand; 6] = [
    any("BuildKit and `docker buildx`", Form::Spaces(2), End::None),
    any(
        "crane, buildah, skopeo, oras and Jib",
        Form::Compact,
        End::None,
    ),
    any(
        "`docker push` and `docker manifest push`",
        Form::Spaces(3),
        End::None,
    ),
    any("the Docker Official Images", Form::Tabs, End::One),
    any("umoci and Bazel", Form::Compact, End::One),
    any("`docker commit`", Form::Spaces(4), End::None),
];

const fn any(writer: &'static str, form: Form, end: End) -> Hand {
    Hand {
        writer,
        form,
        end,
        go: false,
    }
}

const MOST: usize = 6;

/// The digests that `pasted` most likely had where it was printed, likeliest first.
pub(super) fn likely(pasted: &Document, prepared: &[Prepared], fidelity: Fidelity) -> Vec<Likely> {
    let known = |prepared: &Prepared| prepared.parsed.as_ref().is_some_and(Parsed::is_known);
    let prepared = prepared.iter().find(|prepared| known(prepared));
    let parsed = prepared.and_then(|prepared| prepared.parsed.as_ref());
    let fidelity = match fidelity {
        Fidelity::Unknown if parsed.is_some_and(Parsed::is_rebuilt) => Fidelity::Rebuilt,
        fidelity => fidelity,
    };
    let mut ranking = Ranking {
        pasted,
        prepared,
        printed: Vec::new(),
        found: Vec::new(),
    };
    ranking.written(fidelity);
    let written = std::mem::take(&mut ranking.found);
    ranking.verbatim();
    let verbatim = std::mem::take(&mut ranking.found);
    let mut all = ranked(verbatim, written, prepared, fidelity);
    // An exact tool changes nothing but the end of a text.
    if fidelity != Fidelity::Exact || prepared.is_some_and(Prepared::is_other_text) {
        ranking.found = all;
        ranking.laid_out();
        all = ranking.found;
    }
    all.truncate(MOST);
    all
}

/// The choices, in order: the text as it is and without its final newline, and the layouts of known
/// writers.
fn ranked(
    verbatim: Vec<Likely>,
    written: Vec<Likely>,
    prepared: Option<&Prepared>,
    fidelity: Fidelity,
) -> Vec<Likely> {
    let place = |how: How| {
        let of = verbatim.iter().find(|one| one.how == how)?;
        written.iter().position(|one| one.digest == of.digest)
    };
    let ended = verbatim.iter().any(|one| one.how == How::Less);
    let parsed = prepared.and_then(|prepared| prepared.parsed.as_ref());
    let printed = parsed.is_some_and(Parsed::is_printed);
    let wrapped =
        prepared.is_some_and(Prepared::is_other_text) || parsed.is_some_and(Parsed::is_stripped);
    let (as_pasted, less) = (place(How::AsPasted), place(How::Less));
    let exact = fidelity == Fidelity::Exact;
    let first = match fidelity {
        // The output of such a tool has other bytes than the document, or the same by chance.
        Fidelity::Indented | Fidelity::Rebuilt => return written,
        _ if wrapped => How::Ordered,
        _ if written.is_empty() || as_pasted == Some(0) => How::AsPasted,
        // A printer for people ends with a newline, and what it prints may look like a writer's.
        Fidelity::Unknown if printed && ended => How::Ordered,
        _ if as_pasted.is_some() || !ended && !printed || !ended && exact => How::AsPasted,
        _ if exact || less.is_some() => How::Less,
        _ if printed => How::Ordered,
        _ => How::AsPasted,
    };
    let certain = !wrapped && first == How::AsPasted && (!ended || as_pasted == Some(0));
    let (mut candidates, mut tail) = (Vec::new(), Vec::new());
    for one in verbatim {
        let part = if one.how == first {
            &mut candidates
        } else {
            &mut tail
        };
        part.push(one);
    }
    if !exact || wrapped {
        candidates.extend_from_slice(&written);
    }
    candidates.append(&mut tail);
    let mut all: Vec<Likely> = Vec::new();
    let writer = |of: &Likely| written.iter().find(|one| one.digest == of.digest)?.writer;
    for mut one in candidates {
        one.writer = one.writer.or_else(|| writer(&one));
        if !all.iter().any(|known| known.digest == one.digest) {
            one.certain = certain && all.is_empty();
            all.push(one);
        }
    }
    all
}

struct Ranking<'a> {
    pasted: &'a Document,
    prepared: Option<&'a Prepared>,
    /// In these it was printed already.
    printed: Vec<Style>,
    found: Vec<Likely>,
}

impl Ranking<'_> {
    /// The text as it is, and without its final newline.
    fn verbatim(&mut self) {
        let piece = Piece::new(self.pasted.bytes(), b"");
        let mut out = Vec::new();
        let cuts = piece.cuts().into_iter();
        let ways = [(How::AsPasted, AS_PASTED), (How::Less, LESS)];
        for ((cut, _), (how, meaning)) in cuts.zip(ways) {
            let shorter = cut == VERBATIM || !piece.tail().is_empty();
            if shorter && !piece.is_blank() {
                piece.print(cut, &mut out);
                self.add(&out, &piece.edits(cut), how, (None, meaning.to_owned()));
            }
        }
    }

    /// What the writers would have written whose order of fields it has, or had before its tool made it anew.
    fn written(&mut self, fidelity: Fidelity) {
        let Some(parsed) = self.prepared.and_then(|prepared| prepared.parsed.as_ref()) else {
            return;
        };
        let mut changes = match fidelity {
            Fidelity::Rebuilt => parsed.likely_rebuilds(),
            _ => Vec::new(),
        };
        if changes.is_empty() {
            changes.push(Change::None);
        }
        for change in changes {
            // What is made anew may come out as it was.
            let same = parsed.shape(change) == parsed.shape(Change::None);
            let change = if same { Change::None } else { change };
            for hand in parsed.hands(change) {
                let meaning = format!("field order and layout of {}", hand.writer);
                self.print(parsed, change, *hand, How::Ordered, meaning);
            }
        }
    }

    fn laid_out(&mut self) {
        let Some(parsed) = self.prepared.and_then(|prepared| prepared.parsed.as_ref()) else {
            return;
        };
        for hand in LAYOUTS {
            let meaning = format!("layout of {}", hand.writer);
            self.print(parsed, Change::None, hand, How::LaidOut, meaning);
        }
    }

    fn print(&mut self, parsed: &Parsed, change: Change, hand: Hand, how: How, meaning: String) {
        let spelled = if hand.go { parsed.as_go() } else { None };
        let spelling = if spelled.is_some() { OF_GO } else { 0 };
        let style = Style {
            change,
            spelling,
            layout: Layout::new(hand.form, hand.end),
        };
        if self.found.len() >= MOST || self.printed.contains(&style) {
            return;
        }
        self.printed.push(style);
        let mut out = Vec::new();
        if let Some(tokens) = spelled.as_ref().or(parsed.tokens()) {
            print(&parsed.shape(change), tokens, style.layout, &mut out);
        }
        let edits = self
            .prepared
            .map(|prepared| prepared.edits_of(parsed, style))
            .unwrap_or_default();
        self.add(&out, &edits, how, (Some(hand.writer), meaning));
    }

    /// Adds the digest of `text`, unless it is there or there are enough.
    fn add(
        &mut self,
        text: &[u8],
        edits: &[Edit],
        how: How,
        (writer, meaning): (Option<&'static str>, String),
    ) {
        if self.found.len() >= MOST {
            return;
        }
        let digest = if text == self.pasted.bytes() {
            self.pasted.digest().clone()
        } else {
            Digest::sha256(text)
        };
        if self.found.iter().any(|known| known.digest == digest) {
            return;
        }
        self.found.push(Likely {
            digest,
            size: text.len(),
            edits: edits.iter().map(ToString::to_string).collect(),
            how,
            writer,
            form: layout(text),
            meaning,
            certain: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::Search;
    use super::Fidelity;

    fn phrases(pasted: &str) -> Vec<String> {
        let search = Search::new(pasted.into());
        let likely = search.likely(Fidelity::Unknown);
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
            fenced.first().map(String::as_str),
            Some("code fence removed")
        );
    }
}
