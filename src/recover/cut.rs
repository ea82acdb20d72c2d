//! Candidates that change nothing but the ends of a text and its line endings.

use std::borrow::Cow;

use super::edit::Edit;

/// A text: what it says, and the white space behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    core: &'a [u8],
    tail: &'a [u8],
}

/// The kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    trimmed: bool,
    lines: Lines,
    tail: Tail,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    Crlf,
    Kept,
    Lf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Crlf,
    Kept,
    Less,
    /// Only the LF of a CRLF.
    LessLf,
    Lf,
    More,
    None,
    Two,
}

/// Nothing is changed.
pub(super) const VERBATIM: Cut = Cut {
    trimmed: false,
    lines: Lines::Kept,
    tail: Tail::Kept,
};

impl<'a> Piece<'a> {
    /// `behind`: what white space followed where the text was taken from.
    pub(super) fn new(bytes: &'a [u8], behind: &'a [u8]) -> Self {
        let core = bytes.trim_ascii_end();
        let tail = bytes.get(core.len()..).filter(|tail| !tail.is_empty());
        Piece {
            core,
            tail: tail.unwrap_or(behind),
        }
    }

    /// True if there is nothing but white space.
    pub(super) fn is_blank(&self) -> bool {
        self.core.is_empty()
    }

    pub(super) fn tail(&self) -> &'a [u8] {
        self.tail
    }

    /// Every cut that gives another text, with the length of it; most likely first.
    pub(super) fn cuts(&self) -> Vec<(Cut, usize)> {
        let mut texts: Vec<(bool, Lines, Cow<[u8]>)> = Vec::new();
        let mut cuts = Vec::new();
        let counts = self.line_endings();
        for (lines, tails) in choices(counts) {
            for tail in tails {
                let kept = matches!(tail, Tail::Kept | Tail::Less | Tail::LessLf | Tail::More);
                let cut = Cut {
                    trimmed: !kept && self.lead() > 0,
                    lines,
                    tail: *tail,
                };
                let text = (cut.trimmed, lines, self.cut_tail(cut));
                if !texts.contains(&text) {
                    cuts.push((cut, self.length(cut, counts)));
                    texts.push(text);
                }
            }
        }
        cuts
    }

    /// The number of lines of the core that end in CRLF, and in LF alone.
    fn line_endings(&self) -> (usize, usize) {
        line_endings(self.core)
    }

    fn lead(&self) -> usize {
        self.core.len() - self.core.trim_ascii_start().len()
    }

    fn length(&self, cut: Cut, (crlf, lf): (usize, usize)) -> usize {
        let lead = if cut.trimmed { self.lead() } else { 0 };
        let (lead_crlf, lead_lf) = line_endings(self.core.get(..lead).unwrap_or_default());
        let (crlf, lf) = (crlf - lead_crlf, lf - lead_lf);
        let core = self.core.len() - lead;
        let core = match cut.lines {
            Lines::Crlf => core + lf,
            Lines::Kept => core,
            Lines::Lf => core - crlf,
        };
        core + self.cut_tail(cut).len()
    }

    fn cut_tail(&self, cut: Cut) -> Cow<'a, [u8]> {
        let less = self
            .tail
            .strip_suffix(b"\n")
            .map(|t| t.strip_suffix(b"\r").unwrap_or(t));
        let tail: Cow<[u8]> = match cut.tail {
            Tail::Crlf => Cow::Borrowed(b"\r\n"),
            Tail::Kept => Cow::Borrowed(self.tail),
            Tail::Less => Cow::Borrowed(less.unwrap_or(self.tail)),
            Tail::LessLf => Cow::Borrowed(self.tail.strip_suffix(b"\n").unwrap_or(self.tail)),
            Tail::Lf => Cow::Borrowed(b"\n"),
            Tail::More => {
                let mut tail = self.tail.to_vec();
                tail.push(b'\n');
                Cow::Owned(tail)
            }
            Tail::None => Cow::Borrowed(b""),
            Tail::Two => Cow::Borrowed(b"\n\n"),
        };
        match cut.lines {
            Lines::Kept => tail,
            lines => Cow::Owned(lines.apply(&tail)),
        }
    }

    /// The text so cut, into `out`.
    pub(super) fn print(&self, cut: Cut, out: &mut Vec<u8>) {
        let core = if cut.trimmed {
            self.core.trim_ascii_start()
        } else {
            self.core
        };
        out.clear();
        match cut.lines {
            Lines::Kept => out.extend_from_slice(core),
            lines => out.extend_from_slice(&lines.apply(core)),
        }
        out.extend_from_slice(&self.cut_tail(cut));
    }

    pub(super) fn edits(&self, cut: Cut) -> Vec<Edit> {
        let mut edits = Vec::new();
        match cut.lines {
            Lines::Crlf => edits.push(Edit::LfToCrlf),
            Lines::Kept => {}
            Lines::Lf => edits.push(Edit::CrlfToLf),
        }
        if cut.trimmed {
            edits.push(Edit::SpaceAtStart);
        }
        edits.extend(tail_edit(self.tail, &self.cut_tail(cut)));
        edits
    }
}

fn line_endings(text: &[u8]) -> (usize, usize) {
    let crlf = text.windows(2).filter(|pair| pair == b"\r\n").count();
    (crlf, newlines(text) - crlf)
}

/// What was done to the end of a text.
pub(super) fn tail_edit(before: &[u8], after: &[u8]) -> Option<Edit> {
    let only_newlines = before.iter().all(|b| matches!(b, b'\r' | b'\n'));
    match newlines(before).cmp(&newlines(after)) {
        _ if before == after => None,
        std::cmp::Ordering::Less => Some(Edit::FinalNewlineAdded),
        std::cmp::Ordering::Equal if only_newlines => None,
        std::cmp::Ordering::Greater if only_newlines => Some(Edit::FinalNewlineRemoved),
        _ => Some(Edit::SpaceAtEnd),
    }
}

/// The ends tried with each line ending.
fn choices((crlf, lf): (usize, usize)) -> Vec<(Lines, &'static [Tail])> {
    const KEPT: [Tail; 8] = [
        Tail::Kept,
        Tail::Less,
        Tail::None,
        Tail::Lf,
        Tail::More,
        Tail::Two,
        Tail::Crlf,
        Tail::LessLf,
    ];
    let mut choices: Vec<(Lines, &'static [Tail])> = vec![(Lines::Kept, &KEPT)];
    if crlf > 0 {
        choices.push((Lines::Lf, &[Tail::Kept, Tail::Less, Tail::None, Tail::Lf]));
    }
    if lf > 0 {
        choices.push((Lines::Crlf, &[Tail::Kept, Tail::None, Tail::Crlf]));
    }
    choices
}

fn newlines(text: &[u8]) -> usize {
    text.split(|b| *b == b'\n').count() - 1
}

impl Lines {
    fn apply(self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut last = 0;
        for &byte in text {
            match (self, last, byte) {
                (Lines::Lf, b'\r', b'\n') => {
                    out.pop();
                }
                (Lines::Crlf, before, b'\n') if before != b'\r' => out.push(b'\r'),
                _ => {}
            }
            out.push(byte);
            last = byte;
        }
        out
    }
}
