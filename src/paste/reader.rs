//! Reads a whole paste: which command each piece is the output of, which tool's file reads it,
//! and what becomes of the rest.

mod choose;
mod secret;

use std::ops::Range;

use crate::claim::{Code, Statement, Tells};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::{self, Json, Value};
use crate::limits;
use crate::name::Reference;
use crate::paste::{
    Block, Clean, Command, Content, Fidelity, Line, Output, Part, Printout, Reading, Shape,
    Splitter, is_base64, mend_json,
};
use crate::recover::{Edit, Search};
use crate::text::{Parts, beginning};

use choose::choose;
use secret::{holds_secret, is_secret};

/// The parts of a paste.
///
/// # Errors
/// More documents or statements than one session takes.
pub(super) fn read(
    pasted: &[u8],
    clean: &Clean,
    about: Option<&Reference>,
) -> Result<Vec<Part>, Error> {
    let text = clean.text.as_ref();
    let mut reader = Reader {
        pasted,
        clean,
        text,
        about,
        content: text.len() - text.trim_start().len()..text.trim_end().len(),
        parts: Vec::new(),
        command: None,
        json_read: false,
        lines_read: false,
        expected: None,
        unread: None,
        from: 0,
        placed: 0,
        documents: 0,
        statements: 0,
    };
    reader.codes();
    for block in Splitter::new(text) {
        reader.block(block)?;
    }
    reader.finish()
}

/// The one part of a paste that is no text, or too much.
pub(super) fn unreadable(pasted: &[u8], error: &Error) -> Part {
    let encoding = matches!(error.kind(), ErrorKind::Encoding(_));
    let text = Printout {
        search: Search::new(pasted.to_vec()),
        about: None,
        expected: None,
        fidelity: Fidelity::Unknown,
        edits: Vec::new(),
    };
    Part {
        tool: "unread",
        span: 0..pasted.len(),
        statements: vec![Statement::Unread {
            offset: error.offset().unwrap_or(0),
            length: pasted.len() - error.offset().unwrap_or(0).min(pasted.len()),
            code: Some(error.code().to_owned()),
            text: error.to_string(),
        }],
        texts: if encoding { vec![text] } else { Vec::new() },
        tells: Tells::Names,
        content: Content::Output,
    }
}

struct Reader<'p> {
    pasted: &'p [u8],
    clean: &'p Clean<'p>,
    text: &'p str,
    /// Given by the person who pasted.
    about: Option<&'p Reference>,
    /// The text without the white space around it.
    content: Range<usize>,
    parts: Vec<Part>,
    /// The command that what follows is the output of.
    command: Option<Command>,
    /// True if JSON, or lines, were read as its output: it prints each once.
    json_read: bool,
    lines_read: bool,
    /// What lines have stated for the JSON that follows.
    expected: Option<(Digest, Option<u64>)>,
    unread: Option<Unread>,
    /// Up to here everything is in some part: in the text, and in the paste.
    from: usize,
    placed: usize,
    documents: usize,
    statements: usize,
}

/// Neighbouring lines and values that no tool recognises.
struct Unread {
    span: Range<usize>,
    error: Option<Error>,
    secret: bool,
    text: Option<Printout>,
}

impl<'p> Reader<'p> {
    fn codes(&mut self) {
        let mut reading = Reading::new("terminal", None);
        if self.clean.codes > 0 {
            let text = format!(
                "{} terminal codes (colours, cursor movements, overwritten text) were taken off",
                self.clean.codes
            );
            reading.note(None, Code::TerminalCodes, text);
        }
        if self.clean.wide {
            reading.note(
                None,
                Code::Utf16,
                "the text was UTF-16; places in it are approximate",
            );
        }
        if !reading.statements.is_empty() {
            self.parts.push(part(reading, 0..0));
        }
    }

    fn block(&mut self, block: Block<'p>) -> Result<(), Error> {
        match block {
            Block::Command(command) => self.begin(Some(command)),
            Block::Fence => self.begin(None),
            Block::Json { json, span } => {
                self.json(&json, self.text, span.clone(), (span, None))?;
            }
            Block::Lines { lines, broken } => self.lines(&lines, broken.as_ref())?,
            Block::Secret(span) => self.keep_unread(Unread {
                span,
                error: None,
                secret: true,
                text: None,
            }),
        }
        Ok(())
    }

    fn begin(&mut self, command: Option<Command>) {
        self.flush();
        self.command = command.filter(|command| command.verb.is_some() || command.hashes());
        self.json_read = false;
        self.lines_read = false;
        self.expected = None;
    }

    /// Reads JSON that is at `inside` in `text`, and at `span` in the paste's text, where it was
    /// mended by an edit.
    fn json(
        &mut self,
        json: &Json,
        text: &str,
        inside: Range<usize>,
        (span, mended): (Range<usize>, Option<Edit>),
    ) -> Result<(), Error> {
        let value = json.root();
        if holds_secret(value)
            || text
                .get(inside.clone())
                .is_some_and(|text| text.has("PRIVATE KEY-----"))
        {
            self.keep_unread(Unread {
                span,
                error: None,
                secret: true,
                text: None,
            });
            return Ok(());
        }
        let command = self.command.take();
        let expected = self.expected.take();
        let sole = span.start == self.content.start && span.end >= self.content.end;
        let output = Output {
            text,
            command: command.as_ref().filter(|_| !self.json_read),
            about: about(command.as_ref(), self.about),
            sole,
            expected: expected.as_ref(),
            span: inside.clone(),
        };
        let found = choose(&output, self.about, &mut |tool, output| {
            Some(((tool.json)(output, value)?, 0))
        });
        if let Some((mut reading, _, by_command)) = found {
            // `jq '.manifests[]'` prints several.
            self.json_read |= by_command && !command.as_ref().is_some_and(Command::selects);
            for text in &mut reading.texts {
                let mut edits = self.clean.edits(self.pasted, &span);
                edits.extend(mended);
                edits.append(&mut text.edits);
                text.edits = edits;
            }
            let as_it_came = sole && inside == span;
            if as_it_came && let Some(first) = reading.texts.first_mut().filter(|_| document(value))
            {
                self.verbatim(first);
            }
            self.keep(reading, span)?;
        } else {
            let mut text =
                (sole && value.members().is_some()).then(|| output.document(Fidelity::Unknown));
            if let Some(text) = &mut text {
                text.edits = self.clean.edits(self.pasted, &span);
                text.edits.extend(mended);
            }
            self.keep_unread(Unread {
                span,
                error: None,
                secret: false,
                text,
            });
        }
        self.command = command;
        Ok(())
    }

    /// A paste that is nothing but a document: its bytes as they came.
    fn verbatim(&self, text: &mut Printout) {
        if self.clean.codes == 0 && !self.clean.wide {
            text.search = Search::new(self.pasted.to_vec());
            text.edits.clear();
        }
    }

    fn lines(&mut self, lines: &[Line], broken: Option<&Error>) -> Result<(), Error> {
        if self.mended(lines, broken.is_some())? {
            return Ok(());
        }
        let mut rest = lines;
        while let [line, after @ ..] = rest {
            if line.text.trim().is_empty() {
                rest = after;
                continue;
            }
            // Nothing begins with more than a few brackets.
            let brackets = rest.iter().take_while(|line| is_bracket(line.text)).count();
            if brackets > BRACKETS {
                for line in rest.iter().take(brackets - BRACKETS) {
                    self.unread_line(*line, broken);
                }
                rest = rest.get(brackets - BRACKETS..).unwrap_or_default();
                continue;
            }
            let mut read = 1;
            if let Some((reading, lines)) = self.tool_lines(rest) {
                read = lines.max(1);
                let last = rest.get(..read).and_then(<[Line]>::last).unwrap_or(line);
                self.keep(reading, line.at..last.at + last.text.len())?;
            } else {
                self.unread_line(*line, broken);
            }
            rest = rest.get(read..).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads lines that are JSON again when what happened to them on their way is undone.
    fn mended(&mut self, lines: &[Line], broken: bool) -> Result<bool, Error> {
        let (Some(first), Some(last)) = (
            lines.iter().find(|line| !line.text.trim().is_empty()),
            lines.last(),
        ) else {
            return Ok(false);
        };
        if !broken && !is_base64(first.text.trim()) {
            return Ok(false);
        }
        let span = first.at..last.at + last.text.len();
        let Some(mended) = self.text.get(span.clone()).and_then(mend_json) else {
            return Ok(false);
        };
        let Ok((json, end)) = json::parse_prefix(&mended.text, 0) else {
            return Ok(false);
        };
        let mut reading = Reading::new("mended text", None);
        reading.content = Content::Mended;
        reading.note(None, mended.code, mended.how);
        self.keep(reading, span.start..span.start)?;
        self.json(&json, &mended.text, 0..end, (span, Some(mended.edit)))?;
        Ok(true)
    }

    /// The reading of a tool's file from these lines on, and the number of lines.
    fn tool_lines(&mut self, lines: &[Line]) -> Option<(Reading, usize)> {
        let command = self.command.take();
        let at = lines.first().map_or(0, |line| line.at);
        let output = Output {
            text: self.text,
            command: command.as_ref().filter(|_| !self.lines_read),
            about: about(command.as_ref(), self.about),
            sole: at <= self.content.start
                && lines
                    .last()
                    .is_some_and(|l| l.at + l.text.len() >= self.content.end),
            expected: None,
            span: at..at,
        };
        let found = choose(&output, self.about, &mut |tool, output| {
            (tool.lines)(output, lines)
        });
        self.command = command;
        let (mut reading, read, by_command) = found?;
        self.lines_read |= by_command;
        self.expected = reading.next.take();
        if let (None, Some(verb)) = (&self.command, reading.goes_on) {
            self.command = reading.about.clone().map(|about| Command {
                verb: Some(verb),
                references: vec![about],
                ..Command::default()
            });
            self.lines_read = true;
        }
        Some((reading, read))
    }

    fn unread_line(&mut self, line: Line, broken: Option<&Error>) {
        let same = |old: &&mut Unread| old.error.is_none() == broken.is_none() && !old.secret;
        if !is_secret(line.text)
            && let Some(old) = self.unread.as_mut().filter(same)
        {
            old.span.end = line.at + line.text.len();
            old.text = None;
            return;
        }
        self.keep_unread(Unread {
            span: line.at..line.at + line.text.len(),
            error: broken.cloned(),
            secret: is_secret(line.text),
            text: None,
        });
    }

    /// Adds to what could not be read, so that a page of prose is one part and not a thousand.
    fn keep_unread(&mut self, new: Unread) {
        let like = |old: &&mut Unread| {
            old.error.is_none() == new.error.is_none() && old.secret == new.secret
        };
        if let Some(old) = self.unread.as_mut().filter(like) {
            old.span.end = new.span.end;
            old.text = None;
        } else {
            self.flush();
            self.unread = Some(new);
        }
    }

    fn flush(&mut self) {
        let Some(unread) = self.unread.take() else {
            return;
        };
        let text = self.text.get(unread.span.clone()).unwrap_or_default();
        let trimmed = unread.span.start..unread.span.start + text.trim_end().len();
        let span = self.clean.span(&trimmed);
        let (code, why) = match (&unread.error, unread.secret) {
            (_, true) => (
                Some(Code::Secret.word()),
                "a secret, such as a private key or a password; it is not kept".to_owned(),
            ),
            (Some(error), _) => (Some(error.code()), format!("{error}: {}", beginning(text))),
            (None, _) => (
                None,
                format!("no known tool prints this: {}", beginning(text)),
            ),
        };
        let mut reading = Reading::new("unread", None);
        reading.state(Statement::Unread {
            offset: span.start,
            length: span.len(),
            code: code.map(str::to_owned),
            text: why,
        });
        reading.texts.extend(unread.text);
        let part = part(reading, self.tile(unread.span.end));
        self.parts.push(part);
    }

    /// The place of a part in the paste: from the last one on, with the command lines and
    /// fences between.
    fn tile(&mut self, end: usize) -> Range<usize> {
        self.from = end;
        let start = self.placed;
        self.placed = self.clean.place(end).max(start);
        start..self.placed
    }

    fn keep(&mut self, mut reading: Reading, span: Range<usize>) -> Result<(), Error> {
        self.flush();
        if reading.statements.is_empty() && reading.texts.is_empty() {
            let text =
                "this has the form of the tool's output, but states nothing that can be used";
            reading.note(None, Code::NothingStated, text);
        }
        for statement in &mut reading.statements {
            if let Statement::Unread { offset, length, .. } = statement {
                let place = self.clean.span(&(*offset..*offset + *length));
                (*offset, *length) = (place.start, place.len());
            }
        }
        self.documents += reading.texts.len();
        self.statements += reading.statements.len();
        for (limit, count, allowed) in [
            (
                "documents in one session",
                self.documents,
                limits::DOCUMENTS,
            ),
            (
                "statements in one session",
                self.statements,
                limits::STATEMENTS,
            ),
        ] {
            if count > allowed {
                let allowed = allowed as u64;
                return Err(Error::new(ErrorKind::LimitExceeded { limit, allowed }));
            }
        }
        let part = part(reading, self.tile(span.end));
        self.parts.push(part);
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Part>, Error> {
        self.flush();
        let left = self.from..self.content.end;
        if self.placed == 0 && left.start < left.end {
            let mut reading = Reading::new("a command line", None);
            reading.note(
                None,
                Code::NoOutput,
                "a command line without its output: paste what it prints",
            );
            self.keep(reading, left)?;
        }
        if let Some(last) = self.parts.last_mut() {
            last.span.end = self.pasted.len();
        }
        Ok(self.parts)
    }
}

fn part(reading: Reading, span: Range<usize>) -> Part {
    Part {
        tool: reading.tool,
        span,
        statements: reading.statements,
        texts: reading.texts,
        tells: reading.tells,
        content: reading.content,
    }
}

/// The image of the command line; without one, that of the person who pasted.
fn about<'r>(command: Option<&'r Command>, given: Option<&'r Reference>) -> Option<&'r Reference> {
    match command {
        Some(command) if !command.references.is_empty() || command.unclear => command.about(),
        _ => given,
    }
}

/// Lines with nothing but a bracket that output may begin with.
const BRACKETS: usize = 8;

fn is_bracket(line: &str) -> bool {
    matches!(line.trim(), "{" | "[" | "}" | "]")
}

/// True if the JSON itself is a document, not a tool's report about one.
fn document(value: &Value) -> bool {
    Shape::of(value).is_some()
}
