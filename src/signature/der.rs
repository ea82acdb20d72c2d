//! DER (X.690), read strictly: each element once, with a length in its shortest form and nothing after it. What is
//! signed is taken from the bytes as they are, never written again.

use crate::time;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BITS: u8 = 0x03;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// The constructed element with the context's number 0; 1 and 3 follow it.
pub(crate) const CONTEXT: u8 = 0xa0;

/// An element: its tag, its contents, and all its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) value: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Elements that follow one another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Der<'a>(pub(crate) &'a [u8]);

impl<'a> Der<'a> {
    /// The next element.
    #[inline(never)]
    pub(crate) fn next(&mut self) -> Option<Element<'a>> {
        let [tag, first, rest @ ..] = self.0 else {
            return None;
        };
        // No format that is read here has a tag of several bytes.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (mut length, mut rest) = (usize::from(*first), rest);
        if length >= 0x80 {
            let (digits, after) = rest.split_at_checked(length & 0x7f)?;
            if digits.len() > 3 {
                return None;
            }
            let number = |sum, digit: &u8| sum << 8 | usize::from(*digit);
            length = digits.iter().fold(0, number);
            rest = after;
            if length < 0x80 || digits.first() == Some(&0) {
                return None;
            }
        }
        let (value, after) = rest.split_at_checked(length)?;
        let whole = self.0.get(..self.0.len() - after.len())?;
        self.0 = after;
        Some(Element {
            tag: *tag,
            value,
            whole,
        })
    }

    /// The contents of the next element, which has this tag.
    pub(crate) fn of(&mut self, tag: u8) -> Option<&'a [u8]> {
        let next = self.next()?;
        (next.tag == tag).then_some(next.value)
    }

    /// The contents of the next element, if it has this tag.
    pub(crate) fn maybe(&mut self, tag: u8) -> Option<&'a [u8]> {
        (self.0.first() == Some(&tag)).then(|| self.of(tag))?
    }

    /// The elements inside the next one, which has this tag.
    pub(crate) fn inside(&mut self, tag: u8) -> Option<Der<'a>> {
        self.of(tag).map(Der)
    }

    /// An error unless everything was read.
    pub(crate) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// The contents of the one element that these bytes are.
pub(crate) fn only(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let mut der = Der(bytes);
    let value = der.of(tag)?;
    der.end()?;
    Some(value)
}

/// The bytes of a bit string that has whole bytes.
pub(crate) fn whole_bytes(bits: &[u8]) -> Option<&[u8]> {
    let (unused, bytes) = bits.split_first()?;
    (*unused == 0).then_some(bytes)
}

/// The digits of an integer above 0, without the byte of 0 that says that it is not negative.
pub(crate) fn positive(integer: &[u8]) -> Option<&[u8]> {
    let (first, rest) = integer.split_first()?;
    match (first, rest.first()) {
        (1..0x80, _) => Some(integer),
        (0, Some(0x80..)) => Some(rest),
        _ => None,
    }
}

/// A boolean that is left out when it is false.
pub(crate) fn is_true(value: Option<&[u8]>) -> Option<bool> {
    match value {
        None => Some(false),
        Some([0xff]) => Some(true),
        Some(_) => None,
    }
}

/// The milliseconds since 1970 of a time (RFC 5280, 4.1.2.5; RFC 3161 with parts of a second).
pub(crate) fn milliseconds(element: Element) -> Option<i64> {
    let text = std::str::from_utf8(element.value).ok()?;
    let century = match element.tag {
        UTC_TIME if text.len() == 13 && text < "5" => "20",
        UTC_TIME if text.len() == 13 => "19",
        TIME => "",
        _ => return None,
    };
    let text = [century, text].concat();
    let (date, rest) = text.split_at_checked(14)?;
    let part = |at: usize| date.get(at..at + 2);
    let seconds = rest.strip_suffix('Z')?;
    let text = format!(
        "{}{}-{}-{}T{}:{}:{}{seconds}Z",
        part(0)?,
        part(2)?,
        part(4)?,
        part(6)?,
        part(8)?,
        part(10)?,
        part(12)?
    );
    time::milliseconds(&text)
}

/// An element with these contents.
pub(crate) fn written(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let digits = length.iter().position(|digit| *digit != 0);
    let digits = digits.and_then(|at| length.get(at..)).unwrap_or_default();
    let mut written = vec![tag];
    if contents.len() >= 0x80 {
        written.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
    }
    // A length of none is one digit.
    if contents.is_empty() {
        written.push(0);
    }
    written.extend_from_slice(digits);
    written.extend_from_slice(contents);
    written
}

/// The first bytes of what is read in fields of fixed lengths (TLS, RFC 8446, 3).
pub(crate) fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

/// The number in the first bytes.
pub(crate) fn number(rest: &mut &[u8], count: usize) -> Option<u64> {
    let digits = take(rest, count)?;
    Some(
        digits
            .iter()
            .fold(0, |sum, digit| sum << 8 | u64::from(*digit)),
    )
}

/// The bytes after their length, which has this many bytes.
pub(crate) fn counted<'a>(rest: &mut &'a [u8], digits: usize) -> Option<&'a [u8]> {
    let count = number(rest, digits)?;
    take(rest, usize::try_from(count).ok()?)
}

/// An object identifier in its usual form.
pub(crate) fn dotted(oid: &[u8]) -> String {
    let (mut text, mut number) = (String::new(), 0_u64);
    for byte in oid {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if text.is_empty() {
                let first = (number / 40).min(2);
                text = first.to_string();
                number -= first * 40;
            }
            text.push('.');
            text.push_str(&number.to_string());
            number = 0;
        }
    }
    text
}
