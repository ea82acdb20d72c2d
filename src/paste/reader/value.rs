//! JSON in a paste: whole, in strings of other JSON, or only JSON again when what happened to it is
//! undone.

use std::ops::Range;

use crate::claim::Statement;
use crate::document::View;
use crate::error::Error;
use crate::json::{self, Json, Value};
use crate::limits;
use crate::paste::{
    Command, Content, Fidelity, Line, Output, Printout, Reading, Shape, is_written, mend_json,
};
use crate::recover::{Edit, Search};
use crate::text::{Ascii, Parts};

use super::choose::choose;
use super::secret::holds_secret;
use super::{Reader, Unread, about};

impl Reader<'_> {
    /// Reads JSON that is at `inside` in `text`, and at `span` in the paste's text, from which it was
    /// made by some edits.
    pub(super) fn json(
        &mut self,
        json: &Json,
        text: &str,
        inside: Range<usize>,
        (span, edits): (Range<usize>, &[Edit]),
    ) -> Result<(), Error> {
        let value = json.root();
        let secret = holds_secret(value)
            || text
                .get(inside.clone())
                .is_some_and(|text| text.has("PRIVATE KEY-----"));
        if !secret
            && (self.value(json, text, inside.clone(), (&span, edits))?
                || self.strings(value, (&span, edits))?)
        {
            return Ok(());
        }
        let sole = span.start == self.content.start && span.end >= self.content.end;
        let whole = sole && !secret && value.members().is_some();
        let text = whole.then(|| Printout {
            edits: self.edits(&span, edits),
            search: Search::new(text.get(inside).unwrap_or_default().into()),
            about: self.about.cloned(),
            expected: None,
            fidelity: Fidelity::Unknown,
            view: None,
        });
        self.keep_unread(Unread {
            span,
            error: None,
            secret,
            text,
        });
        Ok(())
    }

    /// The edits of the text at a place of the paste.
    fn edits(&mut self, span: &Range<usize>, more: &[Edit]) -> Vec<Edit> {
        // One place may have very many strings with JSON in them.
        if self.edited.0 != *span {
            self.edited = (span.clone(), self.clean.edits(self.pasted, span));
        }
        [self.edited.1.as_slice(), more].concat()
    }

    /// Gives the value to the tools' files; true if one reads it.
    fn value(
        &mut self,
        json: &Json,
        text: &str,
        inside: Range<usize>,
        (span, edits): (&Range<usize>, &[Edit]),
    ) -> Result<bool, Error> {
        let value = json.root();
        let command = self.command.take();
        let expected = self.expected.take();
        let sole = span.start == self.content.start && span.end >= self.content.end;
        let output = Output {
            signs: Ascii::ALL,
            text,
            command: command.as_ref().filter(|_| !self.json_read),
            about: about(command.as_ref(), self.about),
            sole,
            expected: expected.as_ref(),
            span: inside.clone(),
        };
        let found = choose(&output, self.about, None, &mut |tool, output| {
            Some(((tool.json)(output, value)?, 0))
        });
        let read = found.is_some();
        if let Some((mut reading, _, by_command)) = found {
            // `jq '.manifests[]'` prints several.
            self.json_read |= by_command && !command.as_ref().is_some_and(Command::selects);
            for text in &mut reading.texts {
                let own = std::mem::take(&mut text.edits);
                text.edits = self.edits(span, edits);
                text.edits.extend(own);
            }
            let as_it_came = sole && inside == *span;
            if as_it_came && let Some(first) = reading.texts.first_mut().filter(|_| document(value))
            {
                self.verbatim(first, json);
            }
            self.keep(reading, span.clone())?;
        }
        self.command = command;
        Ok(read)
    }

    /// Gives the strings in a value that are JSON to the tools' files; true if one
    /// reads some: logs and APIs have what a
    /// tool printed as one string, and that may have another in it.
    fn strings(
        &mut self,
        value: &Value,
        (span, edits): (&Range<usize>, &[Edit]),
    ) -> Result<bool, Error> {
        let depth = edits.iter().filter(|edit| **edit == Edit::InString).count();
        if depth == DEPTH {
            return Ok(false);
        }
        let mut within = Vec::new();
        strings_in(value, &mut within);
        let edits = [edits, &[Edit::InString]].concat();
        let mut read = false;
        // What they are the output of is said in the JSON around them, if anywhere.
        let command = self.command.take();
        for text in within {
            let Ok(json) = json::parse(text.as_bytes()) else {
                continue;
            };
            let (value, at) = (json.root(), (span, edits.as_slice()));
            read |= !holds_secret(value)
                && (self.value(&json, text, 0..text.len(), at)? || self.strings(value, at)?);
        }
        self.command = command;
        Ok(read)
    }

    /// A paste that is nothing but a document: its bytes as they came.
    fn verbatim(&self, text: &mut Printout, json: &Json) {
        if !self.clean.is_plain() {
            return;
        }
        text.edits.clear();
        if text.bytes() != self.pasted {
            text.search = Search::new(self.pasted.to_vec());
        } else if json.root().span == (0..self.pasted.len())
            && self.pasted.len() <= limits::DOCUMENT_BYTES
        {
            text.view = Some(View::of(json));
        }
    }

    /// Reads lines that are JSON again when what happened to them on their way is undone.
    pub(super) fn mended(&mut self, lines: &[Line], broken: bool) -> Result<bool, Error> {
        let (Some(first), Some(last)) = (
            lines.iter().find(|line| !line.text.trimmed().is_empty()),
            lines.last(),
        ) else {
            return Ok(false);
        };
        if !broken && !is_written(first.text.trimmed()) {
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
        let text = mended.text.as_str();
        if let Some(edit) = mended.edit {
            reading.note(None, mended.code, mended.how);
            self.keep(reading, span.start..span.start)?;
            self.json(&json, text, 0..end, (span, &[edit]))?;
            return Ok(true);
        }
        // Of JSON that is not whole nothing is known but what a tool's file reads.
        let before = (self.parts.len(), self.from, self.placed);
        reading.state(Statement::Unread {
            offset: span.start,
            length: span.len(),
            code: Some(mended.code.word().to_owned()),
            text: mended.how.to_owned(),
        });
        self.keep(reading, span.start..span.start)?;
        let read = !holds_secret(json.root()) && self.value(&json, text, 0..end, (&span, &[]))?;
        if !read {
            self.parts.truncate(before.0);
            (_, self.from, self.placed) = before;
        }
        Ok(read)
    }
}

/// The most strings of JSON that may be in each other.
const DEPTH: usize = 3;

/// The strings in a value that begin as JSON does.
fn strings_in<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    found.extend(value.as_str().filter(|text| text.trim_start().begins("{[")));
    for item in value.items().unwrap_or_default() {
        strings_in(item, found);
    }
    for member in value.members().unwrap_or_default() {
        strings_in(&member.value, found);
    }
}

/// True if the JSON itself is a document, not a tool's report about one.
fn document(value: &Value) -> bool {
    Shape::of(value).is_some()
}
