//! The ways in which known writers spell strings and numbers.
//!
//! They agree on what must be escaped (RFC 8259 §7) and differ in what else is: Go escapes
//! `<`, `>`, `&` and the two line separators (encoding/json, `HTMLEscape`), Python all that is
//! not ASCII (`ensure_ascii`), jq DEL, PHP the slash. Go before 1.22 wrote `\b` and `\f` in
//! the long form.

use std::borrow::Cow;
use std::fmt::Write;

use super::tree::Tokens;
use crate::json;
use crate::text::Parts;

/// A way of spelling, by what is done beyond what must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    /// For people.
    pub(super) name: &'static str,
    also: &'static [Also],
}

/// The escaped characters, and their spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Also {
    Ampersand,
    Angles,
    Delete,
    /// `\u0008` and `\u000c`, not `\b` and `\f`.
    LongControls,
    NonAscii,
    /// U+2028 and U+2029.
    Separators,
    Slash,
    UpperCase,
    /// `1.0` and `1e3` become `1` and `1000`.
    WholeNumbers,
}

use Also::{
    Ampersand, Angles, Delete, LongControls, NonAscii, Separators, Slash, UpperCase, WholeNumbers,
};

/// Most likely first.
#[rustfmt::skip]
pub(super) const SPELLINGS: [Spelling; 13] = [
    Spelling::new("<, > and & escaped as Go does", &[Ampersand, Angles, Separators]),
    Spelling::new("needless escapes resolved", &[]),
    Spelling::new("all that is not ASCII escaped", &[Delete, NonAscii]),
    Spelling::new("escaped as jq does", &[Delete]),
    Spelling::new("escaped as Go before 1.22 did", &[Ampersand, Angles, LongControls, Separators]),
    Spelling::new("line separators escaped", &[Separators]),
    Spelling::new("& escaped", &[Ampersand]),
    Spelling::new("< and > escaped", &[Angles]),
    Spelling::new("slashes escaped", &[Slash]),
    Spelling::new("slashes and all that is not ASCII escaped", &[Delete, NonAscii, Slash]),
    Spelling::new("all that is not ASCII escaped in upper case", &[Delete, NonAscii, UpperCase]),
    Spelling::new("<, >, & and all that is not ASCII escaped", &[Ampersand, Angles, Delete, NonAscii]),
    Spelling::new("numbers without fraction or exponent", &[Ampersand, Angles, Separators, WholeNumbers]),
];

/// How many of [`SPELLINGS`] are those of writers whose key orders are known.
pub(super) const COMMON: usize = 8;

/// A text as a string of JSON, with no more escapes than it needs.
pub(super) fn quoted(text: &str) -> String {
    Spelling::new("", &[]).quoted(text)
}

/// The tokens in another spelling.
pub(super) fn respell(tokens: &Tokens, spelling: Spelling) -> Tokens {
    let mut spelled = Tokens::default();
    for raw in tokens.iter() {
        spelled.push(&spelling.token(raw));
    }
    spelled
}

/// The parts of these tokens that some spelling changes. Most documents have only slashes, which
/// saves taking every string apart for every spelling.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelled {
    /// Escapes, or characters that some writer escapes; slashes apart.
    odd: bool,
    /// Numbers with a point or an exponent.
    fractions: bool,
}

impl Spelled {
    pub(super) fn of(tokens: &Tokens) -> Self {
        let is_odd = |b: u8| matches!(b, b'\\' | b'<' | b'>' | b'&' | 0x7f..);
        let fraction = |raw: &str| {
            let number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            number && raw.has_any(".eE")
        };
        Spelled {
            odd: tokens.iter().any(|raw| raw.bytes().any(is_odd)),
            fractions: tokens.iter().any(fraction),
        }
    }

    /// The number of slashes, if nothing else is spelled in several ways.
    pub(super) fn only_slashes(self, tokens: &Tokens) -> Option<usize> {
        let slashes = |raw: &str| raw.bytes().filter(|b| *b == b'/').count();
        (!self.odd && !self.fractions).then(|| tokens.iter().map(slashes).sum())
    }

    /// True if the spelling may change any of the tokens.
    pub(super) fn differs(self, spelling: Spelling) -> bool {
        self.odd || spelling.does(Slash) || (self.fractions && spelling.does(WholeNumbers))
    }
}

impl Spelling {
    const fn new(name: &'static str, also: &'static [Also]) -> Self {
        Spelling { name, also }
    }

    fn does(self, also: Also) -> bool {
        self.also.contains(&also)
    }

    fn token(self, raw: &str) -> Cow<'_, str> {
        match raw.as_bytes().first() {
            Some(b'"') if self.changes(raw) => Cow::Owned(self.string(raw)),
            Some(b'-' | b'0'..=b'9') if self.does(WholeNumbers) => whole(raw),
            _ => Cow::Borrowed(raw),
        }
    }

    fn changes(self, raw: &str) -> bool {
        let odd = |b: u8| {
            matches!(b, b'\\' | b'<' | b'>' | b'&' | 0x7f..) || (b == b'/' && self.does(Slash))
        };
        raw.bytes().any(odd)
    }

    fn string(self, raw: &str) -> String {
        let read = json::parse_prefix(raw, 0);
        let Some(text) = read
            .as_ref()
            .ok()
            .and_then(|(json, _)| json.root().as_str())
        else {
            return raw.to_owned();
        };
        self.quoted(text)
    }

    fn quoted(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        out.push('"');
        for c in text.chars() {
            self.push(c, &mut out);
        }
        out.push('"');
        out
    }

    fn push(self, c: char, out: &mut String) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' if !self.does(LongControls) => out.push_str("\\b"),
            '\u{c}' if !self.does(LongControls) => out.push_str("\\f"),
            '/' if self.does(Slash) => out.push_str("\\/"),
            _ if self.escapes(c) => self.unicode(c, out),
            _ => out.push(c),
        }
    }

    fn escapes(self, c: char) -> bool {
        match c {
            '\0'..='\x1f' => true,
            '&' => self.does(Ampersand),
            '<' | '>' => self.does(Angles),
            '\x7f' => self.does(Delete),
            '\u{2028}' | '\u{2029}' => self.does(Separators) || self.does(NonAscii),
            _ => self.does(NonAscii) && !c.is_ascii(),
        }
    }

    fn unicode(self, c: char, out: &mut String) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = if self.does(UpperCase) {
                write!(out, "\\u{unit:04X}")
            } else {
                write!(out, "\\u{unit:04x}")
            };
        }
    }
}

/// `1.0` and `1e3` as `1` and `1000`, as readers write them that hold numbers as binary ones.
fn whole(raw: &str) -> Cow<'_, str> {
    if raw.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return Cow::Borrowed(raw);
    }
    plain(raw).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// A whole number without point and exponent, if it is one of those below 2⁵³, each of which
/// has a binary one of its own.
fn plain(raw: &str) -> Option<String> {
    let unsigned = raw.without_start("-");
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = integer.to_owned() + fraction;
    let significant = digits.without_end("0");
    let power = exponent.parse::<i32>().ok()?;
    let point = i64::try_from(integer.len()).ok()? + i64::from(power);
    if significant.without_start("0").is_empty() {
        return Some(format!("{}0", raw.get(..raw.len() - unsigned.len())?));
    }
    let zeros = usize::try_from(point)
        .ok()?
        .checked_sub(significant.len())?;
    let number = format!("{significant}{}", "0".repeat(zeros.min(17)));
    let number = number.without_start("0").parse::<u64>().ok()?;
    let sign = raw.get(..raw.len() - unsigned.len())?;
    (number < 1 << 53).then(|| format!("{sign}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_lose_point_and_exponent() {
        for (raw, expected) in [
            ("1.0", "1"),
            ("-12.00", "-12"),
            ("1e3", "1000"),
            ("1.5e1", "15"),
            ("0.5e1", "5"),
            ("120e-1", "12"),
            ("-0.0", "-0"),
            ("0e9", "0"),
            ("9007199254740991.0", "9007199254740991"),
            ("9007199254740992.0", "9007199254740992.0"),
            ("1.5", "1.5"),
            ("1e-1", "1e-1"),
            ("1e400", "1e400"),
            ("007", "007"),
        ] {
            assert_eq!(whole(raw), expected, "{raw}");
        }
    }
}
