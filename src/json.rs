//! JSON that remembers its bytes.
//!
//! A digest is over exact bytes, so reading must not lose any: each value here knows where it
//! stands, objects keep their order and their repeated names, numbers and strings keep their
//! spelling. Strict RFC 8259: what a lenient reader would repair is an error with its place.
//! Repeated names are legal JSON, so the reader lists them and leaves the decision to the
//! document ([`Json::unique`]).

mod base64;
mod sort;
mod value;
mod write;

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::text::{character, shortened};

pub(crate) use base64::{from_base64, from_base64_unpadded, from_base64url};
pub(crate) use sort::{Ranked, in_order, sorted};
pub(crate) use write::write;

/// A JSON text, read.
#[derive(Clone, Debug)]
pub struct Json<'a> {
    root: Value<'a>,
    duplicates: Vec<(String, usize)>,
}

/// A value and the place where it stands.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    /// The value itself.
    pub kind: Kind<'a>,
    /// The bytes it is written in.
    pub span: Range<usize>,
}

/// The six kinds of JSON values.
#[derive(Clone, Debug)]
pub enum Kind<'a> {
    /// `[…]`
    Array(Vec<Value<'a>>),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// A number in the spelling it has.
    Number(&'a str),
    /// `{…}` in the order it has, repeated names included.
    Object(Vec<Member<'a>>),
    /// `"…"`
    String(Text<'a>),
}

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The name.
    pub key: Text<'a>,
    /// Its value.
    pub value: Value<'a>,
}

/// A string: as written, and what it means.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// As written, quotes and escapes included.
    pub raw: &'a str,
    /// With its escapes resolved.
    pub text: Cow<'a, str>,
}

/// Reads `bytes` as one JSON text.
///
/// # Errors
/// Not UTF-8, not RFC 8259, a byte order mark, text after the value, or over a limit.
pub fn parse(bytes: &[u8]) -> Result<Json<'_>, Error> {
    if bytes.len() > limits::DOCUMENT_BYTES {
        return Err(over("bytes of one document", limits::DOCUMENT_BYTES));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(Error::at(ErrorKind::JsonByteOrderMark, 0));
    }
    let text = utf8(bytes)?;
    let (json, end) = parse_prefix(text, 0)?;
    match text.bytes().skip(end).position(|b| !is_space(b)) {
        Some(at) => Err(Error::at(ErrorKind::JsonTrailing, end + at)),
        None => Ok(json),
    }
}

/// Reads the JSON value that begins at `start` (or after spaces there) and says where it ends.
///
/// # Errors
/// As [`parse`], with places counted from the start of `text`.
pub fn parse_prefix(text: &str, start: usize) -> Result<(Json<'_>, usize), Error> {
    let mut reader = Scanner {
        text,
        at: start,
        duplicates: Vec::new(),
    };
    reader.space();
    let root = reader.value(0)?;
    let json = Json {
        root,
        duplicates: reader.duplicates,
    };
    Ok((json, reader.at))
}

/// `bytes` as UTF-8, or where and why they are not.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        let what = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "a UTF-16 byte order mark",
            _ if e.error_len().is_none() => "a character cut off at the end",
            _ => "a byte that no character has there",
        };
        Error::at(ErrorKind::Encoding(what), at)
    })
}

impl<'a> Json<'a> {
    /// The value.
    pub fn root(&self) -> &Value<'a> {
        &self.root
    }

    /// Names that occur again in their object (escapes resolved), each with its place.
    pub fn duplicates(&self) -> &[(String, usize)] {
        &self.duplicates
    }

    /// The value, if no object in it has a name twice.
    ///
    /// # Errors
    /// The first name that does. Readers differ in which value they take, so a document that
    /// has one means nothing certain (OCI image spec, considerations.md: I-JSON).
    pub fn unique(&self) -> Result<&Value<'a>, Error> {
        match self.duplicates.first() {
            None => Ok(&self.root),
            Some((name, at)) => Err(Error::at(ErrorKind::JsonDuplicateKey(shortened(name)), *at)),
        }
    }
}

fn over(limit: &'static str, allowed: usize) -> Error {
    Error::new(ErrorKind::LimitExceeded {
        limit,
        allowed: allowed as u64,
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Names that are compared each with each, which takes less time than sorting so few.
const FEW: usize = 8;

fn are_different(members: &[Member]) -> bool {
    let mut rest = members;
    while let [first, after @ ..] = rest {
        if after.iter().any(|other| other.key.text == first.key.text) {
            return false;
        }
        rest = after;
    }
    true
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    duplicates: Vec<(String, usize)>,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn slice(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn error(&self, expected: &'static str) -> Error {
        let found = match self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the end".to_owned(),
            Some(c) => character(c),
        };
        Error::at(ErrorKind::JsonSyntax { expected, found }, self.at)
    }

    fn value(&mut self, depth: usize) -> Result<Value<'a>, Error> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => Kind::Object(self.object(depth)?),
            Some(b'[') => Kind::Array(self.array(depth)?),
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            _ => return Err(self.error("a value")),
        };
        Ok(Value {
            kind,
            span: start..self.at,
        })
    }

    fn deeper(&self, depth: usize) -> Result<usize, Error> {
        if depth < limits::JSON_DEPTH {
            return Ok(depth + 1);
        }
        Err(Error::at(
            ErrorKind::LimitExceeded {
                limit: "levels of JSON",
                allowed: limits::JSON_DEPTH as u64,
            },
            self.at,
        ))
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value<'a>>, Error> {
        let depth = self.deeper(depth)?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.eat(b']') {
            return Ok(items);
        }
        loop {
            self.space();
            items.push(self.value(depth)?);
            self.space();
            if self.eat(b']') {
                return Ok(items);
            }
            if !self.eat(b',') {
                return Err(self.error("',' or ']'"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Vec<Member<'a>>, Error> {
        let depth = self.deeper(depth)?;
        self.at += 1;
        let mut members: Vec<Member<'a>> = Vec::new();
        self.space();
        if self.eat(b'}') {
            return Ok(members);
        }
        let mut places = Vec::new();
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.error("a name in double quotes"));
            }
            places.push(self.at);
            let key = self.string()?;
            self.space();
            if !self.eat(b':') {
                return Err(self.error("':'"));
            }
            self.space();
            let value = self.value(depth)?;
            members.push(Member { key, value });
            self.space();
            if self.eat(b'}') {
                break;
            }
            if !self.eat(b',') {
                return Err(self.error("',' or '}'"));
            }
        }
        self.note_duplicates(&members, &places);
        Ok(members)
    }

    fn note_duplicates(&mut self, members: &[Member<'a>], places: &[usize]) {
        if members.len() <= FEW && are_different(members) {
            return;
        }
        let names = members.iter().map(|member| (0, member.key.text.as_ref()));
        let order = sorted(names.collect());
        let again = |pair: &[Ranked]| match pair {
            [(_, a, _), (_, b, at)] if a == b => Some(*at),
            _ => None,
        };
        let again: Vec<usize> = order.windows(2).filter_map(again).collect();
        if again.is_empty() {
            return;
        }
        for (at, (member, place)) in members.iter().zip(places).enumerate() {
            if again.contains(&at) {
                self.duplicates.push((member.key.text.to_string(), *place));
            }
        }
    }

    fn word(&mut self, word: &str, kind: Kind<'a>) -> Result<Kind<'a>, Error> {
        for byte in word.bytes() {
            if !self.eat(byte) {
                return Err(self.error("true, false or null"));
            }
        }
        Ok(kind)
    }

    fn digits(&mut self) -> Result<(), Error> {
        if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
            return Err(self.error("a digit"));
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Kind<'a>, Error> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        Ok(Kind::Number(self.slice(start)))
    }

    fn string(&mut self) -> Result<Text<'a>, Error> {
        let start = self.at;
        self.at += 1;
        let mut decoded: Option<String> = None;
        let mut plain = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let text = decoded.get_or_insert_default();
                    text.push_str(self.text.get(plain..self.at).unwrap_or_default());
                    let c = self.escape()?;
                    text.push(c);
                    plain = self.at;
                }
                None | Some(0..=0x1f) => return Err(self.error("a character or '\"'")),
                Some(_) => self.at += self.plain(),
            }
        }
        let tail = self.slice(plain);
        self.at += 1;
        let text = match decoded {
            None => Cow::Borrowed(tail),
            Some(text) => Cow::Owned(text + tail),
        };
        Ok(Text {
            raw: self.slice(start),
            text,
        })
    }

    /// The number of bytes from here on that need no unescaping in a string.
    fn plain(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        rest.iter().position(special).unwrap_or(rest.len())
    }

    fn escape(&mut self) -> Result<char, Error> {
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.error("one of \"\\/bfnrtu after '\\'")),
        };
        self.at += 1;
        Ok(c)
    }

    /// `\uXXXX`, or two of them for a character above U+FFFF. Half of such a pair stands for
    /// nothing, and readers replace it by different things.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let start = self.at;
        let lone = |at| {
            let expected = "both halves of a surrogate pair";
            let found = "one".to_owned();
            Error::at(ErrorKind::JsonSyntax { expected, found }, at)
        };
        let first = self.hex4()?;
        let code = match first {
            0xd800..=0xdbff => {
                if !(self.eat(b'\\') && self.peek() == Some(b'u')) {
                    return Err(lone(start));
                }
                match self.hex4()? {
                    second @ 0xdc00..=0xdfff => {
                        0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    _ => return Err(lone(start)),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| lone(start))
    }

    fn hex4(&mut self) -> Result<u32, Error> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            match self.peek().and_then(|b| char::from(b).to_digit(16)) {
                Some(digit) => code = code * 16 + digit,
                None => return Err(self.error("a hex digit")),
            }
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuse(text: &[u8], message: &str) {
        assert_eq!(parse(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn says_what_was_expected_and_found() {
        refuse(b"", "expected a value in JSON, found the end at byte 0");
        refuse(b"[1,]", "expected a value in JSON, found ']' at byte 3");
        refuse(b"{\"a\" 1}", "expected ':' in JSON, found '1' at byte 5");
        refuse(
            "{\u{a0}}".as_bytes(),
            "expected a name in double quotes in JSON, found U+00A0 at byte 1",
        );
        refuse(
            b"01",
            "expected the end after the JSON value, found more text at byte 1",
        );
        refuse(
            b"{} x",
            "expected the end after the JSON value, found more text at byte 3",
        );
        refuse(
            br#""\ud800""#,
            "expected both halves of a surrogate pair in JSON, found one at byte 2",
        );
        refuse(
            br#""\udc00\ud800""#,
            "expected both halves of a surrogate pair in JSON, found one at byte 2",
        );
        refuse(
            b"\"a\nb\"",
            "expected a character or '\"' in JSON, found U+000A at byte 2",
        );
        refuse(b"NaN", "expected a value in JSON, found 'N' at byte 0");
        refuse(
            b"\xef\xbb\xbf{}",
            "expected JSON, found a byte order mark before it at byte 0",
        );
        refuse(
            b"\"\xc0\xaf\"",
            "expected UTF-8, found a byte that no character has there at byte 1",
        );
        refuse(
            &b"[".repeat(200),
            "expected at most 128 levels of JSON, found more at byte 128",
        );
    }

    #[test]
    fn keeps_spelling_order_and_places() {
        let json = parse(br#" {"b":1E+2,"a":"\u00e9\/","b":[ ]}"#).unwrap();
        let members = json.root().members().unwrap();
        let keys: Vec<_> = members.iter().map(|m| m.key.raw).collect();
        assert_eq!(keys, ["\"b\"", "\"a\"", "\"b\""]);
        assert!(matches!(members[0].value.kind, Kind::Number("1E+2")));
        assert_eq!(members[1].value.as_str(), Some("é/"));
        assert_eq!(members[2].value.span, 30..33);
        assert_eq!(json.duplicates(), [("b".to_owned(), 26)]);
    }

    #[test]
    fn finds_names_repeated_by_escape() {
        let json = parse(br#"{"digest":1,"dige\u0073t":2}"#).unwrap();
        assert_eq!(
            json.unique().unwrap_err().to_string(),
            "expected each name once in a JSON object, found \"digest\" again at byte 12"
        );
    }

    #[test]
    fn whole_numbers_are_exact_or_none() {
        let number = |text: &'static str| parse(text.as_bytes()).unwrap().root().as_u64();
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        assert_eq!(number("9007199254740993"), Some(9_007_199_254_740_993));
        for odd in ["18446744073709551616", "-0", "1.0", "1e3", "-1"] {
            assert_eq!(number(odd), None, "{odd}");
        }
    }

    #[test]
    fn reads_a_value_inside_text() {
        let text = "$ crane manifest x\n{\"a\":1}$ ";
        let (json, end) = parse_prefix(text, 19).unwrap();
        assert_eq!(&text[json.root().span.clone()], "{\"a\":1}");
        assert_eq!(&text[end..], "$ ");
    }
}
