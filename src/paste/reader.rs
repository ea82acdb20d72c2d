//! Reads a whole paste: which command each piece is the output of, which tool's file reads it,
//! and what becomes of the rest.

mod choose;
mod secret;
mod value;

use std::ops::Range;

use crate::claim::{Code, Statement, Tells};
use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::name::Reference;
use crate::paste::{
    Block, Clean, Command, Content, Fidelity, Line, Output, PLAIN, Part, Printout, Reading,
    Splitter, is_cut, refused,
};
use crate::recover::{Edit, Search};
use crate::text::{Ascii, Parts, beginning};

use choose::{choose, plain};
use secret::is_secret;

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
        awaits: Awaits::Nothing,
        listed: 0,
        json_read: false,
        lines_read: false,
        before: 0,
        expected: None,
        unread: None,
        from: 0,
        placed: 0,
        edited: (0..0, Vec::new()),
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
        view: None,
    };
    Part {
        tool: UNREAD,
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
    /// Where its output may be, and the number of such commands since the last fence.
    awaits: Awaits,
    listed: usize,
    /// True if JSON, or lines, were read as its output: it prints each once.
    json_read: bool,
    lines_read: bool,
    /// The parts before the command.
    before: usize,
    /// What lines have stated for the JSON that follows.
    expected: Option<(Digest, Option<u64>)>,
    unread: Option<Unread>,
    /// Up to here everything is in some part: in the text, and in the paste.
    from: usize,
    placed: usize,
    /// The edits of a place in the text.
    edited: (Range<usize>, Vec<Edit>),
    documents: usize,
    statements: usize,
}

/// The name of a part that no tool reads.
const UNREAD: &str = "unread";

/// The place where the output of the command in the last block of code may be.
#[derive(Clone, Copy, PartialEq)]
enum Awaits {
    /// In the next block, if nothing much is said between.
    Block,
    Nothing,
    /// In this block.
    Output,
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
        if self.clean.wrapped {
            reading.note(
                None,
                Code::Wrapped,
                "what stood before lines (marks of quoting, times, names of a log) was taken off",
            );
        }
        if !reading.statements.is_empty() {
            self.parts.push(part(reading, 0..0));
        }
    }

    fn block(&mut self, block: Block<'p>) -> Result<(), Error> {
        match block {
            Block::Command(command) => self.begin(Some(command))?,
            Block::Fence { code } => self.fence(code)?,
            Block::Json { json, span } => {
                self.json(&json, self.text, span.clone(), (span, &[]))?;
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

    fn begin(&mut self, command: Option<Command>) -> Result<(), Error> {
        self.flush();
        self.pinned()?;
        self.command = command.filter(|command| command.verb.is_some() || command.hashes());
        self.before = self.parts.len();
        self.listed += usize::from(self.command.is_some());
        self.json_read = false;
        self.lines_read = false;
        self.expected = None;
        self.awaits = Awaits::Nothing;
        Ok(())
    }

    /// A command without output that is read names images, as notes of a release do.
    fn pinned(&mut self) -> Result<(), Error> {
        let command = self.command.take();
        let after = self.parts.get(self.before..).unwrap_or_default();
        let silent = command.filter(|_| after.iter().all(|part| part.tool == UNREAD));
        let mut reading = Reading::new("a command line", None);
        for image in silent.iter().flat_map(|command| &command.references) {
            if let Some(digest) = image.digest() {
                reading.pins(image, digest);
            }
        }
        if reading.statements.is_empty() {
            return Ok(());
        }
        self.keep(reading, self.from..self.from)
    }

    /// A block of code may have nothing but one command line in it, and the next one what it prints;
    /// and a part of a log the script, with its output behind it.
    fn fence(&mut self, code: bool) -> Result<(), Error> {
        let silent = self.command.is_some() && !self.json_read && !self.lines_read;
        let awaits = match (self.listed, self.awaits) {
            (1, _) if silent && code => Awaits::Block,
            (1, _) | (0, Awaits::Block) if silent => Awaits::Output,
            _ => Awaits::Nothing,
        };
        if awaits == Awaits::Nothing {
            self.begin(None)?;
        }
        self.flush();
        (self.awaits, self.listed) = (awaits, 0);
        Ok(())
    }

    fn lines(&mut self, lines: &[Line], broken: Option<&Error>) -> Result<(), Error> {
        if self.mended(lines, broken.is_some())? {
            return Ok(());
        }
        let mut rest = lines;
        while let [line, after @ ..] = rest {
            if line.text.trimmed().is_empty() {
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
                if self.awaits == Awaits::Block && !announces(line.text) {
                    self.begin(None)?;
                }
                self.unread_line(*line, broken);
            }
            rest = rest.get(read..).unwrap_or_default();
        }
        Ok(())
    }

    /// The reading of a tool's file from these lines on, and the number of lines.
    fn tool_lines(&mut self, lines: &[Line]) -> Option<(Reading, usize)> {
        let first = lines.first()?;
        let signs = Ascii::of(first.text);
        let plain = plain(first.text, signs);
        let free = self.lines_read || self.command.is_none();
        if free && plain.is_some_and(|sign| !PLAIN.has(sign)) {
            return None;
        }
        let command = self.command.take();
        let at = first.at;
        let output = Output {
            text: self.text,
            signs,
            command: command.as_ref().filter(|_| !self.lines_read),
            about: about(command.as_ref(), self.about),
            sole: at <= self.content.start
                && lines
                    .last()
                    .is_some_and(|l| l.at + l.text.len() >= self.content.end),
            expected: None,
            span: at..at,
        };
        let failed = refused(command.as_ref(), lines);
        let found = failed
            .map(|(reading, read)| (reading, read, true))
            .or_else(|| {
                choose(&output, self.about, plain, &mut |tool, output| {
                    (tool.lines)(output, lines)
                })
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
        // The status of a command before it, which people ask the shell for.
        let status = line.text.trimmed();
        if status.len() < 4
            && status.bytes().all(|b| b.is_ascii_digit())
            && self.unread.is_none()
            && !self.parts.is_empty()
        {
            return;
        }
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
            (None, _) if text.lines().any(is_cut) => (
                Some(Code::Elided.word()),
                format!("something was left out here: {}", beginning(text)),
            ),
            (None, _) => (
                None,
                format!("no known tool prints this: {}", beginning(text)),
            ),
        };
        let mut reading = Reading::new(UNREAD, None);
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
        self.placed = self.clean.end(end).max(start);
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
        if !self.parts.is_empty() {
            self.pinned()?;
        }
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

/// Whether a line between two blocks of code says that the second is the output of the first.
fn announces(line: &str) -> bool {
    let words = ["utput", "esult", "eturns", "rints", "hows", "gives"];
    line.len() < 60 && words.iter().any(|word| line.has(word))
}

fn is_bracket(line: &str) -> bool {
    matches!(line.trimmed(), "{" | "[" | "}" | "]")
}
