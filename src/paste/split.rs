//! A paste, cut into command lines, JSON values, runs of other lines and secrets.
//!
//! One pass: every byte is looked at a bounded number of times. JSON that cannot be read to its
//! end is not tried again from within, since a piece of a broken document must not pass for a
//! whole one; its lines stay together as text.

mod clean;
mod command;
mod unwrap;

use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::json::{self, Json};
use crate::limits;
use crate::text::Parts;

pub(crate) use clean::{Clean, clean};
pub(crate) use command::{Command, Filter, image_at};

/// A line without its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'t> {
    /// The line.
    pub(crate) text: &'t str,
    /// Its first byte in the text.
    pub(crate) at: usize,
}

/// The most variables that are followed.
const IMAGES: usize = 16;

/// The pieces that a paste is cut into.
pub(crate) enum Block<'t> {
    /// A prompt with its command; what follows up to the next one is its output.
    Command(Command),
    /// The start or end of a block of code, or of a part of a log.
    Fence {
        /// True if it is of a block of code.
        code: bool,
    },
    /// A JSON value.
    Json {
        /// The value.
        json: Json<'t>,
        /// Where it stands, with the white space after it.
        span: Range<usize>,
    },
    /// Lines of anything else, and why they are no JSON if they begin as JSON does.
    Lines {
        /// The lines.
        lines: Vec<Line<'t>>,
        /// The fault of the JSON.
        broken: Option<Error>,
    },
    /// A private key.
    Secret(Range<usize>),
}

/// Cuts a text into its blocks, in order. Between them there is nothing but white space.
pub(crate) struct Splitter<'t> {
    text: &'t str,
    at: usize,
    /// True if JSON has just ended on this line.
    behind: bool,
    /// The variables that were set to images.
    images: Vec<(String, String)>,
}

impl<'t> Splitter<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Splitter {
            text,
            at: 0,
            behind: false,
            images: Vec::new(),
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The line that begins at `at`, with its end.
    fn line(&self, at: usize) -> &'t str {
        let rest = self.text.get(at..).unwrap_or_default();
        match rest.find('\n') {
            Some(end) => rest.get(..=end).unwrap_or(rest),
            None => rest,
        }
    }

    /// A command, with the lines that its own line goes on in.
    fn command(&mut self, command: Command) -> Block<'t> {
        let start = self.at;
        let mut line = self.line(start);
        self.at += line.len();
        if !command::goes_on(line) || self.at == self.text.len() {
            return Block::Command(command);
        }
        while command::goes_on(line) && self.at < self.text.len() {
            line = self.line(self.at);
            self.at += line.len();
        }
        let whole = self.text.get(start..self.at).unwrap_or_default();
        // bash shows `> ` before such a line.
        let whole = whole.put("\n> ", "\n  ");
        Block::Command(command::read(&whole).unwrap_or(command))
    }

    /// Reads JSON where it begins, or the lines of what only begins like it.
    fn json(&mut self, start: usize) -> Block<'t> {
        let end = (start + limits::DOCUMENT_BYTES).min(self.text.len());
        let end = (start..=end)
            .rev()
            .find(|end| self.text.is_char_boundary(*end));
        let window = self.text.get(..end.unwrap_or(start)).unwrap_or_default();
        match json::parse_prefix(window, start) {
            Ok((json, end)) => {
                let rest = self.text.get(end..).unwrap_or_default();
                let space = rest.len() - rest.without_start(" \t\r\n").len();
                self.at = end + space;
                self.behind = !rest.get(..space).unwrap_or_default().has("\n");
                let span = start..self.at;
                Block::Json { json, span }
            }
            Err(error) => {
                let at = error.offset().unwrap_or(start);
                let cut = window.len() < self.text.len() && at >= window.len();
                self.broken(at, if cut { too_long() } else { error })
            }
        }
    }

    /// The lines of broken JSON: up to the error, and on until its brackets are closed.
    fn broken(&mut self, error_at: usize, error: Error) -> Block<'t> {
        let mut lines = Vec::new();
        let mut depth = 0;
        while self.at < self.text.len() {
            let line = self.line(self.at);
            let before = self.at + line.len() <= error_at;
            let after = !before && !lines.is_empty();
            if after && (marks(line) || line.trimmed().is_empty()) {
                break;
            }
            lines.push(self.take(line));
            depth += nesting(line);
            if depth <= 0 && !before {
                break;
            }
        }
        // Where parts were left out there may be more brackets that close than that open.
        while self.at < self.text.len() {
            let line = self.line(self.at);
            if !line.begins(" \t}]")
                || !line.without("}], \t\r\n").is_empty()
                || line.trimmed().is_empty()
            {
                break;
            }
            lines.push(self.take(line));
        }
        self.behind = false;
        let broken = Some(error);
        Block::Lines { lines, broken }
    }

    fn take(&mut self, line: &'t str) -> Line<'t> {
        let at = self.at;
        self.at += line.len();
        let text = line.without_end("\n\r");
        Line { text, at }
    }

    fn lines(&mut self) -> Block<'t> {
        let mut lines = Vec::new();
        while self.at < self.text.len() {
            let line = self.line(self.at);
            if !lines.is_empty() && (begins_json(line) || marks(line)) {
                break;
            }
            lines.push(self.take(line));
        }
        Block::Lines {
            lines,
            broken: None,
        }
    }

    fn secret(&mut self) -> Block<'t> {
        let start = self.at;
        while self.at < self.text.len() {
            let line = self.line(self.at);
            self.at += line.len();
            if line.has("-----END") {
                break;
            }
        }
        Block::Secret(start..self.at)
    }

    /// The text after JSON on its line.
    fn behind(&mut self) -> Option<Block<'t>> {
        let line = self.line(self.at);
        let text = line.trimmed();
        if let Some(command) = command::read_behind_output(text) {
            return Some(self.command(command));
        }
        // zsh marks output that has no final newline.
        if text == "%" {
            self.at += line.len();
            return self.next();
        }
        Some(self.lines())
    }
}

impl<'t> Iterator for Splitter<'t> {
    type Item = Block<'t>;

    fn next(&mut self) -> Option<Block<'t>> {
        if self.at >= self.text.len() {
            return None;
        }
        if std::mem::take(&mut self.behind) {
            // Before the line is looked at as a whole: it may hold very many values.
            if self.rest().begins("{[") {
                return Some(self.json(self.at));
            }
            return self.behind();
        }
        let line = self.line(self.at);
        if divides(line) {
            self.at += line.len();
            return Some(Block::Fence {
                code: is_fence(line),
            });
        }
        if is_key(line) {
            return Some(self.secret());
        }
        if let Some(command) = command::read(line) {
            if self.images.len() < IMAGES {
                self.images.extend(command::assigned(line));
            }
            let whole = command::with_images(line, &self.images);
            let command = whole
                .and_then(|whole| command::read(&whole))
                .unwrap_or(command);
            return Some(self.command(command));
        }
        if begins_json(line) {
            let rest = self.rest();
            let space = rest.len() - rest.without_start(" \t").len();
            return Some(self.json(self.at + space));
        }
        Some(self.lines())
    }
}

fn too_long() -> Error {
    Error::new(ErrorKind::LimitExceeded {
        limit: "bytes of one document",
        allowed: limits::DOCUMENT_BYTES as u64,
    })
}

/// True if a line is not output: a command, a fence, a key.
fn marks(line: &str) -> bool {
    divides(line) || is_key(line) || command::read(line).is_some()
}

/// True if a line begins or ends a part of a log, or a block of code.
fn divides(line: &str) -> bool {
    let may = line.begins("#:st");
    is_fence(line) || may && DIVIDERS.iter().any(|mark| line.starts_with(mark))
}

/// The marks that CI services print around the parts of their logs.
const DIVIDERS: [&str; 8] = [
    "##[endgroup]",
    "##[group]",
    "##[section]",
    "::endgroup::",
    "::group::",
    "section_end:",
    "section_start:",
    "travis_fold:",
];

fn is_fence(line: &str) -> bool {
    let line = line.trimmed();
    let tag = line.without_start("`~");
    (line.starts_with("```") || line.starts_with("~~~")) && tag.len() < 40 && !tag.has_any("`{\"")
}

fn is_key(line: &str) -> bool {
    line.len() > 20 && line.has("-----BEGIN") && line.has("PRIVATE KEY")
}

fn begins_json(line: &str) -> bool {
    let line = line.without_start(" \t");
    // `[1]`, `[+]` and `[exporter]` begin lines of other text.
    let label = |rest: &str| {
        let first = rest.bytes().next().unwrap_or_default();
        first == b'+' || first.is_ascii_alphanumeric() && !matches!(first, b'f' | b'n' | b't')
    };
    line.begins("{[") && !line.strip_prefix('[').is_some_and(label)
}

/// The number of brackets that a line opens and does not close, outside of strings.
fn nesting(line: &str) -> isize {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for byte in line.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn splits(text: &str, wanted: &[&str]) {
        let show = |block: Block| match block {
            Block::Command(command) => format!("$ {}", command.name()),
            Block::Fence { .. } => "fence".to_owned(),
            Block::Json { span, .. } => text[span].to_owned(),
            Block::Lines { lines, broken } => {
                let lines: Vec<_> = lines.iter().map(|line| line.text).collect();
                format!(
                    "{}{}",
                    if broken.is_some() { "! " } else { "" },
                    lines.join("/")
                )
            }
            Block::Secret(_) => "secret".to_owned(),
        };
        let found: Vec<_> = Splitter::new(text).map(show).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn cuts_what_stands_together() {
        splits(
            "before\n```console\n$ crane manifest a/b\n{}user@host:~$ crane digest a/b\nsha256:0\n```\nafter",
            &[
                "before",
                "fence",
                "$ crane manifest",
                "{}",
                "$ crane digest",
                "sha256:0",
                "fence",
                "after",
            ],
        );
        splits("{\"a\":1}{\"b\":2}\n", &["{\"a\":1}", "{\"b\":2}\n"]);
        splits("{}%\n$ ls\n", &["{}", "$ "]);
        splits("$ docker pull \\\n> a/b\nx", &["$ docker pull", "x"]);
        splits(
            "-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nx",
            &["secret", "x"],
        );
        splits(
            "[ ... left out ... ]\n{}",
            &["! [ ... left out ... ]", "{}"],
        );
        splits(
            "[\n{\n\"a\": 1,\n\"...\",\n\"b\": {\n{}\n}\n}\n]\n{}",
            &["! [/{/\"a\": 1,/\"...\",/\"b\": {/{}/}/}/]", "{}"],
        );
        splits(
            "{ \"cut\": [\n$ crane digest x\n",
            &["! { \"cut\": [", "$ crane digest"],
        );
    }
}
