//! The input of the tools' files.

use std::ops::Range;

use crate::claim::Role;
use crate::digest::Digest;
use crate::json::Value;
use crate::name::Reference;
use crate::paste::{Command, Fidelity, Printout, Reading, Shape, Verb, digest_line, is_elided};
use crate::recover::Search;
use crate::text::Ascii;

/// Output to be read, and what is known about it.
pub(crate) struct Output<'p> {
    /// The text of the whole paste.
    pub(crate) text: &'p str,
    /// The command line that this may be the output of.
    pub(crate) command: Option<&'p Command>,
    /// The image that the command was run for, or that the person who pasted names.
    pub(crate) about: Option<&'p Reference>,
    /// The signs of ASCII in the first line, if it is lines.
    pub(crate) signs: Ascii,
    /// True if there is nothing else in the paste.
    pub(crate) sole: bool,
    /// The digest and size that lines above state for the JSON that follows them.
    pub(crate) expected: Option<&'p (Digest, Option<u64>)>,
    /// Where the JSON stands, with the white space after it.
    pub(crate) span: Range<usize>,
}

impl Output<'_> {
    /// True if it is known to be the output of this command.
    pub(crate) fn runs(&self, verb: &Verb) -> bool {
        self.command.is_some_and(|command| command.runs(verb))
    }

    /// The JSON, as a text that is or was a document that the tool treats like this.
    pub(crate) fn document(&self, fidelity: Fidelity) -> Printout {
        let text = self.text.get(self.span.clone()).unwrap_or_default();
        let fidelity = self
            .command
            .map_or(fidelity, |command| command.fidelity(fidelity));
        Printout {
            search: Search::new(text.into()),
            about: self.about.cloned(),
            expected: self.expected.cloned(),
            fidelity,
            edits: Vec::new(),
            view: None,
        }
    }

    /// As [`Self::document`], for output that is the very document that the reference names.
    pub(crate) fn resolved_document(&self, fidelity: Fidelity) -> Printout {
        let mut text = self.document(fidelity);
        let digest = self.about.and_then(Reference::digest);
        if let (None, Some(digest), true) = (&text.expected, digest, self.command.is_some()) {
            text.expected = Some((digest.clone(), None));
        }
        text
    }

    /// The document that a command printed, whole: `named` by the reference, or else one in what
    /// the reference names.
    pub(crate) fn printed(
        &self,
        value: &Value,
        named: bool,
        fidelity: Fidelity,
    ) -> Option<Reading> {
        let mut reading = self.of_document(value)?;
        if named {
            reading.document(self.resolved_document(fidelity));
        } else {
            reading.texts.push(self.document(fidelity));
        }
        Some(reading)
    }

    /// A reading to begin with, where a command printed a document and nothing was left out.
    pub(crate) fn of_document(&self, value: &Value) -> Option<Reading> {
        let command = self.command?;
        Shape::of(value).filter(|_| !is_elided(value))?;
        Some(Reading::new(command.name(), self.about))
    }

    /// A line that is the digest to which the image resolves; for a `platform` only that of a
    /// manifest in it.
    pub(crate) fn one_digest(
        &self,
        tool: &'static str,
        line: &str,
        platform: Option<&str>,
    ) -> Option<(Reading, usize)> {
        let (_, digest) = digest_line(line)?;
        let mut reading = Reading::new(tool, self.about);
        match platform {
            Some(platform) => reading.includes(&digest, Role::Manifest, Some(platform.to_owned())),
            None => reading.resolves(&digest),
        }
        Some((reading, 1))
    }

    /// The text in which a value is written.
    pub(crate) fn written(&self, value: &Value) -> &str {
        self.text.get(value.span.clone()).unwrap_or_default()
    }
}
