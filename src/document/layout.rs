//! The layout of a document's bytes, in words.

/// The layout of a JSON text and its end: "indented with 3 spaces, no final newline".
pub(crate) fn layout(bytes: &[u8]) -> String {
    if std::str::from_utf8(bytes).is_err() {
        return "not text".to_owned();
    }
    let core = bytes.trim_ascii_end();
    let tail = bytes.get(core.len()..).unwrap_or_default();
    let space = Space::of(core);
    let mut words = match space.lines() {
        None => "layout not regular".to_owned(),
        Some(Indent::One { spaced: false }) => "compact".to_owned(),
        Some(Indent::One { spaced: true }) => "on one line".to_owned(),
        Some(Indent::Tabs) => "indented with tabs".to_owned(),
        Some(Indent::Spaces(1)) => "indented with 1 space".to_owned(),
        Some(Indent::Spaces(width)) => format!("indented with {width} spaces"),
    };
    if space.crlf {
        words.push_str(", CRLF line endings");
    }
    words.push_str(match tail {
        [] => ", no final newline",
        b"\n" | b"\r\n" => ", a final newline",
        _ => ", more than a newline at the end",
    });
    words
}

enum Indent {
    One { spaced: bool },
    Spaces(usize),
    Tabs,
}

/// The white space between the tokens of a text.
#[derive(Default)]
struct Space {
    /// The indentation of the first line that has one.
    first: Option<Vec<u8>>,
    lines: usize,
    /// Lines whose indentation is no multiple of the first.
    odd: usize,
    /// Spaces within lines.
    spaces: usize,
    crlf: bool,
}

impl Space {
    fn of(text: &[u8]) -> Self {
        let mut space = Space::default();
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            rest = after;
            match byte {
                b'"' => rest = behind_string(rest),
                b'\n' => rest = space.line(rest),
                b'\r' => space.crlf = true,
                b' ' if space.lines == 0 => space.spaces += 1,
                _ => {}
            }
        }
        space
    }

    /// Takes the indentation of a line, and gives what is behind it.
    fn line<'t>(&mut self, line: &'t [u8]) -> &'t [u8] {
        self.lines += 1;
        let width = line.iter().position(|b| !matches!(b, b' ' | b'\t'));
        let (indent, rest) = line.split_at(width.unwrap_or(line.len()));
        match &self.first {
            None if !indent.is_empty() => self.first = Some(indent.to_vec()),
            None => {}
            Some(first) if indent.chunks(first.len()).all(|part| part == first) => {}
            Some(_) => self.odd += 1,
        }
        rest
    }

    fn lines(&self) -> Option<Indent> {
        match self.first.as_deref() {
            None if self.lines == 0 => Some(Indent::One {
                spaced: self.spaces > 0,
            }),
            Some(b"\t") if self.odd == 0 => Some(Indent::Tabs),
            Some(indent) if self.odd == 0 && indent.iter().all(|b| *b == b' ') => {
                Some(Indent::Spaces(indent.len()))
            }
            _ => None,
        }
    }
}

/// The bytes behind the end of a string.
fn behind_string(text: &[u8]) -> &[u8] {
    let mut rest = text;
    loop {
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'));
        let Some((sign, after)) = end.and_then(|end| rest.get(end..)?.split_first()) else {
            return &[];
        };
        if *sign == b'"' {
            return after;
        }
        rest = after.get(1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn a_layout_is_told_with_its_end() {
        for (text, words) in [
            ("{\"a\":\"b c\"}", "compact, no final newline"),
            ("{\"a\": 1}\n", "on one line, a final newline"),
            (
                "{\"a\":\"b \\\" \\\\\",\"c\":\"\n  \r\"}",
                "compact, no final newline",
            ),
            ("{\"a\":\" \\", "compact, no final newline"),
            ("\n \t{\n \t \t\"a", "layout not regular, no final newline"),
            (
                "{\n   \"a\": {\n      \"b\": 1\n   }\n}",
                "indented with 3 spaces, no final newline",
            ),
            ("{\n\t\"a\": 1\n}\n", "indented with tabs, a final newline"),
            (
                "{\r\n  \"a\": 1\r\n}",
                "indented with 2 spaces, CRLF line endings, no final newline",
            ),
            (
                "{\n  \"a\": {\n   \"b\": 1}}\n\n",
                "layout not regular, more than a newline at the end",
            ),
        ] {
            assert_eq!(layout(text.as_bytes()), words);
        }
    }

    #[test]
    fn bytes_that_are_no_text_have_no_layout() {
        for bytes in [b"\xff\xd8\r\n".as_slice(), b"{\"a\": \"\x80\"}"] {
            assert_eq!(layout(bytes), "not text");
        }
    }
}
