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
        let (mut quoted, mut escaped) = (false, false);
        for (at, byte) in text.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'\n' if !quoted => space.line(text.get(at + 1..).unwrap_or_default()),
                b'\r' if !quoted => space.crlf = true,
                b' ' if !quoted && space.lines == 0 => space.spaces += 1,
                _ => {}
            }
        }
        space
    }

    fn line(&mut self, rest: &[u8]) {
        self.lines += 1;
        let width = rest.iter().take_while(|b| matches!(b, b' ' | b'\t'));
        let indent = rest.get(..width.count()).unwrap_or_default();
        match &self.first {
            None if !indent.is_empty() => self.first = Some(indent.to_vec()),
            None => {}
            Some(first) if indent.chunks(first.len()).all(|part| part == first) => {}
            Some(_) => self.odd += 1,
        }
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

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn a_layout_is_told_with_its_end() {
        for (text, words) in [
            ("{\"a\":\"b c\"}", "compact, no final newline"),
            ("{\"a\": 1}\n", "on one line, a final newline"),
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
