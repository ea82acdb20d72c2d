//! Text: looking for one in another, cutting it short, quoting it, and showing what is invisible in it.

mod ascii;

use std::str::FromStr;

use crate::limits;

pub(crate) use ascii::Ascii;

/// What `str` can do too; but its search is for long texts, and
/// with what it says when it fails it would be a twentieth of the module.
pub(crate) trait Parts {
    /// The first position of the part.
    fn place_of(&self, part: &str) -> Option<usize>;
    /// True if this is one of its words, which spaces separate.
    fn has_word(&self, word: &str) -> bool;
    /// True if it contains the part.
    fn has(&self, part: &str) -> bool;
    /// The text before and after the part.
    fn cut(&self, part: &str) -> Option<(&str, &str)>;
    /// The text before and after the last such part.
    fn cut_last(&self, part: &str) -> Option<(&str, &str)>;
    /// The text after this beginning, which may be repeated.
    fn after_all(&self, beginning: &str) -> &str;
    /// With another text in place of every such part.
    fn put(&self, part: &str, other: &str) -> String;

    // Below, `signs` is a set of characters.

    /// The text after the first character, if that is one of these.
    fn after_any(&self, signs: &str) -> Option<&str>;
    /// The text before the first of these.
    fn before_any(&self, signs: &str) -> &str;
    /// The text after the last of these.
    fn behind_any(&self, signs: &str) -> &str;
    /// True if it begins with one of these.
    fn begins(&self, signs: &str) -> bool;
    /// True if it ends with one of these.
    fn ends(&self, signs: &str) -> bool;
    /// True if it contains one of these.
    fn has_any(&self, signs: &str) -> bool;
    /// Without these at both ends.
    fn without(&self, signs: &str) -> &str;
    /// Without these at its end.
    fn without_end(&self, signs: &str) -> &str;
    /// Without these at its beginning.
    fn without_start(&self, signs: &str) -> &str;

    /// As `trim` gives it, but quicker: for most texts the first and last byte tell.
    fn trimmed(&self) -> &str;
}

/// Texts that are longer are searched in bigger steps.
const LONG: usize = 256;

impl Parts for str {
    fn place_of(&self, part: &str) -> Option<usize> {
        let bytes = self.as_bytes();
        let first = *part.as_bytes().first()?;
        if bytes.len() > LONG && part.len() > 1 && part.is_ascii() {
            return place_by_end(bytes, part);
        }
        let mut from = 0;
        loop {
            let mut rest = bytes.get(from..)?.iter();
            let at = from + rest.position(|byte| *byte == first)?;
            if bytes.get(at..)?.starts_with(part.as_bytes()) {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn has_word(&self, word: &str) -> bool {
        let mut words = self.as_bytes().split(|byte| *byte == b' ');
        words.any(|known| known == word.as_bytes())
    }

    fn has(&self, part: &str) -> bool {
        self.place_of(part).is_some()
    }

    fn cut(&self, part: &str) -> Option<(&str, &str)> {
        let at = self.place_of(part)?;
        Some((self.get(..at)?, self.get(at + part.len()..)?))
    }

    fn cut_last(&self, part: &str) -> Option<(&str, &str)> {
        let mut windows = self.as_bytes().windows(part.len().max(1));
        let at = windows.rposition(|window| window == part.as_bytes())?;
        Some((self.get(..at)?, self.get(at + part.len()..)?))
    }

    fn after_all(&self, beginning: &str) -> &str {
        let mut rest = self;
        while let Some(after) = rest.strip_prefix(beginning) {
            rest = after;
        }
        rest
    }

    fn put(&self, part: &str, other: &str) -> String {
        let mut put = String::new();
        let mut rest = self;
        while let Some((before, after)) = rest.cut(part) {
            put.push_str(before);
            put.push_str(other);
            rest = after;
        }
        put + rest
    }

    fn after_any(&self, signs: &str) -> Option<&str> {
        let first = *self.as_bytes().first()?;
        if first.is_ascii() {
            return self.get(1..).filter(|_| has_sign(signs, first));
        }
        let mut rest = self.chars();
        is_among(rest.next()?, signs).then_some(rest.as_str())
    }

    fn before_any(&self, signs: &str) -> &str {
        if let [sign @ 0..0x80] = signs.as_bytes() {
            let end = self.find(char::from(*sign)).unwrap_or(self.len());
            return self.get(..end).unwrap_or_default();
        }
        // Texts are long: a character is read only where one of these may be.
        let set = Ascii::of(signs);
        let may = |byte: &u8| set.has(*byte) || !byte.is_ascii();
        let mut from = 0;
        while let Some(at) = self
            .as_bytes()
            .get(from..)
            .and_then(|rest| rest.iter().position(may))
        {
            if let Some((before, rest)) = self.split_at_checked(from + at)
                && rest.begins(signs)
            {
                return before;
            }
            from += at + 1;
        }
        self
    }

    fn behind_any(&self, signs: &str) -> &str {
        let mut rest = self.chars();
        loop {
            let behind = self.get(rest.as_str().len()..).unwrap_or_default();
            if rest.next_back().is_none_or(|c| is_among(c, signs)) {
                return behind;
            }
        }
    }

    fn begins(&self, signs: &str) -> bool {
        self.after_any(signs).is_some()
    }

    fn ends(&self, signs: &str) -> bool {
        self.without_end(signs).len() < self.len()
    }

    fn has_any(&self, signs: &str) -> bool {
        self.before_any(signs).len() < self.len()
    }

    fn without(&self, signs: &str) -> &str {
        self.without_start(signs).without_end(signs)
    }

    fn without_end(&self, signs: &str) -> &str {
        let mut text = self;
        while let Some(last) = text.as_bytes().last() {
            let mut rest = text.chars();
            if last.is_ascii() && !has_sign(signs, *last)
                || !rest.next_back().is_some_and(|c| is_among(c, signs))
            {
                break;
            }
            text = rest.as_str();
        }
        text
    }

    fn without_start(&self, signs: &str) -> &str {
        let mut rest = self;
        while let Some(after) = rest.after_any(signs) {
            rest = after;
        }
        rest
    }

    fn trimmed(&self) -> &str {
        let text = self.trim_ascii();
        match text.as_bytes() {
            [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] | [] => text,
            _ => text.trim(),
        }
    }
}

/// The first position of a part of ASCII. Where one may end there is mostly a sign that is not in it, so that none is before.
fn place_by_end(text: &[u8], part: &str) -> Option<usize> {
    let signs = Ascii::of(part);
    let mut at = 0;
    loop {
        let window = text.get(at..at + part.len())?;
        if !window.last().is_some_and(|last| signs.has(*last)) {
            at += part.len();
        } else if window == part.as_bytes() {
            return Some(at);
        } else {
            at += 1;
        }
    }
}

/// True if it is one of a few signs; searches for long texts take longer to begin.
fn has_sign(signs: &str, sign: u8) -> bool {
    signs.bytes().any(|known| known == sign)
}

fn is_among(c: char, signs: &str) -> bool {
    match u8::try_from(u32::from(c)) {
        Ok(byte @ 0..0x80) => has_sign(signs, byte),
        _ => signs.chars().any(|sign| sign == c),
    }
}

/// True for bytes of which one is in no text. UTF-16 has zeros, and begins with a mark.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    let wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    !wide && bytes.iter().any(|byte| *byte < 9)
}

/// Hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' - 10 + n });
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

/// The bytes of hex digits, which are written small.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.as_bytes().chunks(2) {
        let [high, low] = pair else { return None };
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        bytes.push(value(*high)? << 4 | value(*low)?);
    }
    Some(bytes)
}

/// Parses a text, if it can be parsed.
#[inline(never)]
pub(crate) fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// The texts with another between them.
pub(crate) fn joined<T: AsRef<str>>(texts: &[T], between: &str) -> String {
    let mut joined = String::new();
    for (n, text) in texts.iter().enumerate() {
        if n > 0 {
            joined.push_str(between);
        }
        joined.push_str(text.as_ref());
    }
    joined
}

/// A piece of untrusted text short enough to repeat.
pub(crate) fn shortened(text: &str) -> String {
    cut_to(text, limits::QUOTED_CHARS)
}

/// At most so many characters of a text.
pub(crate) fn cut_to(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A text between quotes, what cannot be seen in it escaped. Rust's own way (`{:?}`) knows all
/// characters, by tables that would be a twentieth of the module.
pub(crate) fn in_quotes(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_unseen(c) => quoted.extend(c.escape_unicode()),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Controls, what joins or turns the text around it, and what is kept for private use.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{61c}'
        | '\u{180e}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
        | '\u{3000}' | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..)
}

/// A character as messages name it.
pub(crate) fn character(c: char) -> String {
    match c {
        '\'' | '\\' => format!("'\\{c}'"),
        _ if c.is_ascii_graphic() => format!("'{c}'"),
        _ => format!("U+{:04X}", u32::from(c)),
    }
}

/// The beginning of a text, for a message.
pub(crate) fn beginning(text: &str) -> String {
    let text = text.trim();
    let cut: String = text.chars().take(80).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    let words: Vec<&str> = cut.split_whitespace().collect();
    format!("\"{}{dots}\"", shown(&joined(&words, " ")))
}

/// Untrusted text with everything in it that could change how its surroundings look spelled
/// out: control characters, and those that turn the direction of writing or cannot be seen. Names
/// are compared as they are shown, so that no other text is shown the same: what looks like a
/// character spelled out is spelled out itself.
pub(crate) fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut shown = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let like_hidden = c == '\\' && text.get(at..).is_some_and(|rest| rest.starts_with("\\u{"));
        if hidden(c) || like_hidden {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_whole_bytes() {
        assert_eq!(from_hex("00ffa0"), Some(vec![0, 255, 160]));
        assert_eq!(hex(&[0, 255, 160]), "00ffa0");
        assert_eq!(from_hex(""), Some(Vec::new()));
        for text in ["0", "000", "0g", "0A", "+1", " 1", "0x", "é"] {
            assert_eq!(from_hex(text), None, "{text}");
        }
    }

    #[test]
    fn finds_what_str_finds() {
        for (text, part) in [
            ("", "a"),
            ("aab", "ab"),
            ("ababac", "abac"),
            ("aaaa", "aa"),
            ("é: è: x", ": "),
            ("ends with", "with"),
            ("no", "none"),
            ("a:b:c", ":"),
            (":", ":"),
            ("b:", ":"),
        ] {
            assert_eq!(text.has(part), text.contains(part));
            assert_eq!(text.cut(part), text.split_once(part));
            assert_eq!(text.cut_last(part), text.rsplit_once(part));
            assert_eq!(text.after_all(part), text.trim_start_matches(part));
            assert_eq!(text.put(part, "-"), text.replace(part, "-"));
        }
    }

    /// All short texts of three characters, one of which ends with the byte of another and is in several bytes.
    #[test]
    fn finds_any_part_where_str_finds_it() {
        let mut texts = vec![String::new()];
        let mut begun = 0;
        for _ in 0..6 {
            for at in std::mem::replace(&mut begun, texts.len())..texts.len() {
                for sign in ["a", ")", "é"] {
                    texts.push(format!("{}{sign}", texts[at]));
                }
            }
        }
        let parts = texts.iter().filter(|part| part.chars().count() < 5);
        for part in parts.skip(1) {
            for text in &texts {
                assert_eq!(text.place_of(part), text.find(part), "{part} in {text}");
            }
        }
        assert_eq!("a".place_of(""), None);
        let long = "é".repeat(200);
        for text in [
            format!("a{long}"),
            format!("{long}b{long}é"),
            "é".repeat(199),
        ] {
            let part = format!("{long}é");
            assert_eq!(text.place_of(&long), text.find(&long));
            assert_eq!(text.place_of(&part), text.find(&part));
        }
    }

    #[test]
    fn finds_a_part_wherever_it_is_in_short_and_long_texts() {
        let parts = [
            "a",
            "ab",
            "aab",
            "abab",
            "ba: é",
            "é",
            "sha256:ab",
            "\n\n",
            "zz",
        ];
        for part in parts {
            for length in [0, 1, 2, 5, 250, 256, 257, 300, 1000] {
                for fill in ["a", "ab", "x", "é", "sha256:"] {
                    let around = fill.repeat(length / fill.len());
                    for text in [
                        around.clone(),
                        format!("{around}{part}"),
                        format!("{part}{around}"),
                        format!("{around}{part}{around}{part}"),
                    ] {
                        assert_eq!(text.place_of(part), text.find(part), "{part:?} in {text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn finds_signs_as_str_does() {
        for text in ["", "a", "é", "xéax", "éaxaé", "bxb", "bb", "xé b"] {
            for signs in ["", "x", "xé", "aéx", " "] {
                let set: Vec<char> = signs.chars().collect();
                let set = set.as_slice();
                assert_eq!(text.after_any(signs), text.strip_prefix(set));
                assert_eq!(Some(text.before_any(signs)), text.split(set).next());
                assert_eq!(Some(text.behind_any(signs)), text.rsplit(set).next());
                assert_eq!(text.begins(signs), text.starts_with(set));
                assert_eq!(text.ends(signs), text.ends_with(set));
                assert_eq!(text.has_any(signs), text.contains(set));
                assert_eq!(text.without(signs), text.trim_matches(set));
                assert_eq!(text.without_end(signs), text.trim_end_matches(set));
                assert_eq!(text.without_start(signs), text.trim_start_matches(set));
            }
        }
    }

    #[test]
    fn joins_as_slices_do() {
        for texts in [&[][..], &["a"], &["a", "", "b"]] {
            assert_eq!(joined(texts, ", "), texts.join(", "));
        }
    }

    #[test]
    fn quotes_text_as_rust_does() {
        for text in [
            "a b",
            "\"\\'",
            "\n\r\t\u{1b}[0m",
            "é 漢",
            "\u{202e}\u{200b}\u{feff}\u{a0}",
            "\u{e000}",
        ] {
            assert_eq!(in_quotes(text), format!("{text:?}"));
        }
        for c in ['a', '\'', '"', '\\'] {
            assert_eq!(character(c), format!("{c:?}"));
        }
    }
}
