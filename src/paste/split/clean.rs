//! From the bytes of a paste to its text: encodings decoded, terminal codes taken off and
//! counted, with the way back to the original places.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::Error;
use crate::error::ErrorKind;
use crate::json;
use crate::recover::Edit;
use crate::text::Parts;

use super::unwrap::unwrap;

/// A string that a terminal takes as a command ends within this many bytes; what is longer is
/// no command, and looking no further keeps the time linear.
const STRING_BYTES: usize = 4096;

/// The text of a paste.
pub(crate) struct Clean<'p> {
    /// The text, without a byte order mark, terminal codes and what wraps its lines.
    pub(crate) text: Cow<'p, str>,
    /// The number of terminal codes, backspaces and overwriting carriage returns that were taken
    /// off.
    pub(crate) codes: usize,
    /// True if the paste was UTF-16.
    pub(crate) wide: bool,
    /// True if something was taken off the beginnings of lines.
    pub(crate) wrapped: bool,
    /// Bytes from this position of the text on are at that position of the paste.
    places: Vec<(usize, usize)>,
    /// The length of the paste.
    length: usize,
}

/// Reads the bytes as text.
///
/// # Errors
/// They are neither UTF-8 nor UTF-16 with a byte order mark.
pub(crate) fn clean(pasted: &[u8]) -> Result<Clean<'_>, Error> {
    let (text, wide, start) = match pasted {
        [0xff, 0xfe, rest @ ..] => (wide(rest, u16::from_le_bytes)?, true, 2),
        [0xfe, 0xff, rest @ ..] => (wide(rest, u16::from_be_bytes)?, true, 2),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            let text = json::utf8(rest).map_err(|e| e.shifted(3))?;
            (Cow::Borrowed(text), false, 3)
        }
        _ => (Cow::Borrowed(json::utf8(pasted)?), false, 0),
    };
    let mut clean = Clean {
        text,
        codes: 0,
        wide,
        wrapped: false,
        places: vec![(0, start)],
        length: pasted.len(),
    };
    if has_codes(&clean.text) {
        let mut screen = Screen::new(start);
        screen.print(&clean.text);
        clean.text = Cow::Owned(screen.text);
        clean.codes = screen.codes;
        clean.places = screen.places;
    }
    if let Some((text, places)) = unwrap(&clean.text) {
        clean.places = clean.placed(&places, text.len());
        clean.text = Cow::Owned(text);
        clean.wrapped = true;
    }
    Ok(clean)
}

impl Clean<'_> {
    /// True if the text is the paste, byte for byte, but for a byte order mark.
    pub(crate) fn is_plain(&self) -> bool {
        self.codes == 0 && !self.wide && !self.wrapped
    }

    /// The places in the paste of a text made from this one, by its places in this one.
    fn placed(&self, places: &[(usize, usize)], length: usize) -> Vec<(usize, usize)> {
        let mut all = Vec::with_capacity(places.len());
        let mut inner = self.places.iter().peekable();
        for (n, (start, at)) in places.iter().enumerate() {
            let end = places.get(n + 1).map_or(length, |(next, _)| *next);
            all.push((*start, self.place(*at)));
            while inner.next_if(|(place, _)| place <= at).is_some() {}
            // What this text has pieces of is in pieces there too.
            while let Some((place, original)) =
                inner.next_if(|(place, _)| *place < at + (end - start))
            {
                all.push((start + (place - at), *original));
            }
        }
        all
    }

    /// The place in the paste of a place in the text.
    pub(crate) fn place(&self, at: usize) -> usize {
        let next = self.places.partition_point(|(start, _)| *start <= at);
        let (start, original) = match next.checked_sub(1).and_then(|n| self.places.get(n)) {
            Some((start, original)) => (*start, *original),
            None => (0, 0),
        };
        // In UTF-16 a letter of ASCII has two bytes; one of three bytes here has two there, too,
        // so that places in such text are approximate.
        let unit = if self.wide { 2 } else { 1 };
        (original + (at - start) * unit).min(self.length)
    }

    /// The place in the paste of the end of a text: before what wraps the next line.
    pub(crate) fn end(&self, at: usize) -> usize {
        let unit = if self.wide { 2 } else { 1 };
        at.checked_sub(1)
            .map_or(0, |last| (self.place(last) + unit).min(self.length))
    }

    /// The span in the paste of a span in the text.
    pub(crate) fn span(&self, span: &Range<usize>) -> Range<usize> {
        self.place(span.start)..self.place(span.end)
    }

    /// The changes from a part of the paste to this span of the text.
    pub(crate) fn edits(&self, pasted: &[u8], span: &Range<usize>) -> Vec<Edit> {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let came = self.span(span);
        let mut edits = Vec::new();
        if self.wide {
            edits.push(Edit::Utf16);
        } else if span.start == 0 && pasted.starts_with(b"\xef\xbb\xbf") {
            edits.push(Edit::Bom);
        }
        let changed = if self.wide {
            came.len() != text.encode_utf16().count() * 2
        } else {
            pasted.get(came).unwrap_or_default() != text.as_bytes()
        };
        edits.extend((self.codes > 0 && changed).then_some(Edit::Terminal));
        edits.extend((self.wrapped && changed).then_some(Edit::Prefix));
        edits
    }
}

fn wide(rest: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, Error> {
    let (pairs, odd) = rest.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    match String::from_utf16(&units) {
        Ok(text) if odd.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(Error::at(
            ErrorKind::Encoding("UTF-16 that is cut off or broken"),
            0,
        )),
    }
}

fn has_codes(text: &str) -> bool {
    let bytes = text.as_bytes();
    let overwrites = || {
        let lone = |pair: &[u8]| matches!(pair, [b'\r', after] if *after != b'\n');
        bytes.contains(&b'\n') && bytes.windows(2).any(lone)
    };
    bytes.iter().any(|b| matches!(b, 0x07 | 0x08 | 0x1b)) || text.has("\u{9b}") || overwrites()
}

/// A terminal of one line: enough for colours, progress bars and links.
struct Screen {
    text: String,
    places: Vec<(usize, usize)>,
    codes: usize,
    /// Characters of this line, each with its place in the paste.
    line: Vec<(char, usize)>,
    cursor: usize,
    start: usize,
    /// Without any line feed a carriage return ends a line.
    lines: bool,
}

impl Screen {
    fn new(start: usize) -> Self {
        Screen {
            text: String::new(),
            places: Vec::new(),
            codes: 0,
            line: Vec::new(),
            cursor: 0,
            start,
            lines: false,
        }
    }

    fn print(&mut self, text: &str) {
        self.lines = text.has("\n");
        let mut at = 0;
        while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            let code = code_length(rest);
            if code > 0 {
                self.code(rest.get(..code).unwrap_or_default());
                at += code;
                continue;
            }
            match (c, rest) {
                ('\r', [_, b'\n', ..]) => self.line.push((c, at)),
                ('\r', _) if self.lines => (self.cursor, self.codes) = (0, self.codes + 1),
                ('\u{8}', _) => {
                    self.cursor = self.cursor.saturating_sub(1);
                    self.codes += 1;
                }
                ('\u{7}', _) => self.codes += 1,
                ('\n', _) => {
                    self.line.push((c, at));
                    self.flush();
                }
                _ => self.put(c, at),
            }
            at += c.len_utf8();
        }
        self.flush();
    }

    fn put(&mut self, c: char, at: usize) {
        match self.line.get_mut(self.cursor) {
            Some(place) => *place = (c, at),
            None => self.line.push((c, at)),
        }
        self.cursor += 1;
    }

    fn code(&mut self, code: &[u8]) {
        self.codes += 1;
        // Erase to the end of the line, or the whole line.
        match code {
            [.., b'[', b'K'] | [.., b'[', b'0', b'K'] => self.line.truncate(self.cursor),
            [.., b'[', b'2', b'K'] => self.line.clear(),
            _ => {}
        }
        self.cursor = self.cursor.min(self.line.len());
    }

    fn flush(&mut self) {
        for (c, at) in self.line.drain(..) {
            let original = self.start + at;
            let follows = self
                .places
                .last()
                .is_some_and(|(start, place)| place + (self.text.len() - start) == original);
            if !follows {
                self.places.push((self.text.len(), original));
            }
            self.text.push(c);
        }
        self.cursor = 0;
    }
}

/// The length of the terminal code that begins here, or 0 (ECMA-48, 5.3–5.6).
fn code_length(bytes: &[u8]) -> usize {
    match bytes {
        [0x1b, b'[', rest @ ..] | [0xc2, 0x9b, rest @ ..] => 2 + control_sequence(rest),
        [0x1b, b']' | b'P' | b'X' | b'^' | b'_', rest @ ..] => 2 + control_string(rest),
        [0x1b, b' '..=b'/', 0x30..=0x7e, ..] => 3,
        [0x1b, 0x30..=0x7e, ..] => 2,
        [0x1b, ..] => 1,
        _ => 0,
    }
}

fn control_sequence(bytes: &[u8]) -> usize {
    let inside = bytes.iter().take(STRING_BYTES);
    let length = inside.take_while(|b| (0x20..=0x3f).contains(*b)).count();
    match bytes.get(length) {
        Some(0x40..=0x7e) => length + 1,
        _ => 0,
    }
}

/// Up to BEL or ST; 0 if it does not end, so that the text after it is kept.
fn control_string(bytes: &[u8]) -> usize {
    let inside = bytes.iter().take(STRING_BYTES);
    let end = inside
        .take_while(|b| !matches!(b, 0x07 | 0x1b | b'\n'))
        .count();
    match bytes.get(end..) {
        Some([0x07, ..]) => end + 1,
        Some([0x1b, b'\\', ..]) => end + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cleans(pasted: &str, text: &str, codes: usize) {
        let clean = clean(pasted.as_bytes()).unwrap();
        assert_eq!((clean.text.as_ref(), clean.codes), (text, codes));
    }

    #[test]
    fn takes_terminal_codes_off_and_counts_them() {
        cleans("plain\r\ntext\r\n", "plain\r\ntext\r\n", 0);
        cleans("\u{1b}[1;32mgreen\u{1b}[0m", "green", 2);
        cleans("\u{1b}]8;;https://a\u{1b}\\link\u{1b}]8;;\u{7}", "link", 2);
        cleans("ab\u{8}c", "ac", 1);
        cleans("10%\r100%\ndone", "100%\ndone", 1);
        cleans("long line\rok\u{1b}[K\r\n", "ok\r\n", 2);
        cleans("\u{1b}]unfinished\n{}", "unfinished\n{}", 1);
        cleans("\u{9b}31mred", "red", 1);
        cleans("{\r\"a\":\r1}", "{\r\"a\":\r1}", 0);
    }

    #[test]
    fn knows_where_the_text_stood() {
        let cleaned = clean("\u{1b}[1ma\u{1b}[0mb\n{}".as_bytes()).unwrap();
        let places: Vec<_> = (0..5).map(|at| cleaned.place(at)).collect();
        assert_eq!(places, [4, 9, 10, 11, 12]);
        let marked = clean(b"\xef\xbb\xbf{}").unwrap();
        assert_eq!((marked.text.as_ref(), marked.place(1)), ("{}", 4));
        let wide: Vec<u8> = "\u{feff}{}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let wide = clean(&wide).unwrap();
        assert_eq!((wide.text.as_ref(), wide.place(1)), ("{}", 4));
    }

    #[test]
    fn places_wide_text_within_the_paste() {
        let pasted: Vec<u8> = "\u{feff}\u{ffff}\u{6578}\n{}"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let wide = clean(&pasted).unwrap();
        let end = wide.text.len();
        assert_eq!((end, wide.place(end), wide.end(end)), (9, 12, 12));
    }

    #[test]
    fn refuses_what_is_no_text() {
        let code = |bytes| clean(bytes).err().map(|e| e.code());
        assert_eq!(code(b"\xff\xfe\x00"), Some("encoding"));
        assert_eq!(code(b"{\"a\":\"\xff\"}"), Some("encoding"));
    }
}
