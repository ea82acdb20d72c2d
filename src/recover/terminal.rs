//! Text as a terminal would have shown it.
//!
//! Colours and links (CSI, OSC and the other sequences of ECMA-48) say nothing; a backspace or
//! a carriage return goes back over the line, and what follows is written over what was there.

use crate::text::Parts;

const ESCAPE: char = '\x1b';

/// The text without terminal control codes, if there are any. A carriage return right before
/// a line feed is a line ending and stays.
pub(super) fn shown(text: &str) -> Option<String> {
    let returns = text.has("\r") && text.put("\r\n", "\n").has("\r");
    if !returns && !text.contains([ESCAPE, '\x08', '\u{9b}']) {
        return None;
    }
    let mut screen = Canvas {
        done: String::with_capacity(text.len()),
        line: Vec::new(),
        at: 0,
    };
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\n' => screen.newline("\n"),
            '\r' if rest.as_str().starts_with('\n') => {
                rest.next();
                screen.newline("\r\n");
            }
            '\r' => screen.at = 0,
            '\x08' => screen.at = screen.at.saturating_sub(1),
            '\u{9b}' => screen.control(&mut rest),
            ESCAPE => screen.escape(&mut rest),
            '\x07' => {}
            c => screen.put(c),
        }
    }
    screen.newline("");
    Some(screen.done)
}

struct Canvas {
    done: String,
    line: Vec<char>,
    at: usize,
}

impl Canvas {
    fn put(&mut self, c: char) {
        match self.line.get_mut(self.at) {
            Some(under) => *under = c,
            None => self.line.push(c),
        }
        self.at += 1;
    }

    fn newline(&mut self, ending: &str) {
        self.done.extend(self.line.drain(..));
        self.done.push_str(ending);
        self.at = 0;
    }

    fn escape(&mut self, rest: &mut std::str::Chars) {
        match rest.next() {
            Some('[') => self.control(rest),
            Some(']' | 'P' | 'X' | '^' | '_') => skip_string(rest),
            Some('(' | ')' | '*' | '+' | '#' | '%' | ' ') => {
                rest.next();
            }
            _ => {}
        }
    }

    /// `CSI parameters final`. Only erasing to the end of the line changes what is shown of a
    /// text that goes forward.
    fn control(&mut self, rest: &mut std::str::Chars) {
        let parameters = rest.as_str();
        let last = rest.find(|c| !matches!(c, ' '..='?'));
        let count = parameters.len() - rest.as_str().len();
        let erases = matches!(parameters.get(..count), Some("K" | "0K"));
        if erases && last.is_some() {
            self.line.truncate(self.at);
        }
    }
}

/// An operating system command and its kin: until BEL or `ESC \`.
fn skip_string(rest: &mut std::str::Chars) {
    while let Some(c) = rest.next() {
        if c == '\x07' || c == '\u{9c}' {
            return;
        }
        if c == ESCAPE {
            rest.next();
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn shows_what_a_terminal_shows() {
        for (text, expected) in [
            ("\x1b[1;39m{\x1b[0m\n", "{\n"),
            ("\x1b]8;;https://x.example/\x07a\x1b]8;;\x1b\\b", "ab"),
            ("abc\rX", "Xbc"),
            ("50%\r\x1b[K100%\r\n", "100%\r\n"),
            ("ab\x08c", "ac"),
            ("\x1b(Bx\x1b=y\x1b[?2004l", "xy"),
            ("unfinished \x1b[31", "unfinished "),
            ("unfinished \x1b]0;title", "unfinished "),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text:?}");
        }
        assert_eq!(shown("{\r\n}\n"), None);
    }
}
