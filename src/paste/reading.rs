//! The output of the tools' files.

use std::fmt::Display;

use crate::claim::{Code, IdKind, Role, Signatory, Statement, Tells};
use crate::digest::Digest;
use crate::document::{Descriptor, View};
use crate::error::Error;
use crate::name::Reference;
use crate::paste::{Line, Printout, Verb, entry_role};
use crate::platform::Platform;
use crate::text::beginning;

/// What a part of a paste is to whoever takes the paste in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Lines of a document, the rest of which may be elsewhere in the paste.
    Lines,
    /// How the next part was mended before it was read.
    Mended,
    /// A file of a notary server's metadata.
    Metadata,
    /// The output of a tool.
    Output,
}

/// What a tool's file has read.
pub(crate) struct Reading {
    /// The tool.
    pub(crate) tool: &'static str,
    /// The image that it was printed for.
    pub(crate) about: Option<Reference>,
    /// The statements of the tool. Places are those in the text.
    pub(crate) statements: Vec<Statement>,
    /// Texts from which documents may be recovered.
    pub(crate) texts: Vec<Printout>,
    /// What is stated for the JSON that follows.
    pub(crate) next: Option<(Digest, Option<u64>)>,
    /// The command whose JSON follows, where these lines name its image as a command line does.
    pub(crate) goes_on: Option<&'static Verb>,
    /// The subject of its tool's statements.
    pub(crate) tells: Tells,
    /// What it is to whoever takes it in.
    pub(crate) content: Content,
}

impl Reading {
    #[inline(never)]
    pub(crate) fn new(tool: &'static str, about: Option<&Reference>) -> Self {
        Reading {
            tool,
            about: about.cloned(),
            statements: Vec::new(),
            texts: Vec::new(),
            next: None,
            goes_on: None,
            tells: Tells::Names,
            content: Content::Output,
        }
    }

    /// The image resolves to this digest; a note if it is not known which image.
    pub(crate) fn resolves(&mut self, digest: &Digest) {
        match self.about.clone() {
            Some(about) => self.resolves_for(&about, digest),
            None => self.unattributed(Some(digest)),
        }
    }

    /// The image resolves to this digest, of which a size may be stated too.
    pub(crate) fn described(&mut self, digest: &Digest, size: Option<u64>) {
        self.resolves(digest);
        if let Some(size) = size {
            self.size(digest, size);
        }
    }

    pub(crate) fn resolves_for(&mut self, reference: &Reference, digest: &Digest) {
        self.state(Statement::Resolves {
            reference: reference.to_string(),
            digest: digest.clone(),
        });
    }

    /// A machine keeps the image under this name with this digest.
    pub(crate) fn keeps(&mut self, reference: &Reference, digest: &Digest) {
        self.state(Statement::Keeps {
            reference: reference.to_string(),
            digest: digest.clone(),
        });
    }

    /// Somebody names the image with this digest.
    pub(crate) fn pins(&mut self, reference: &Reference, digest: &Digest) {
        let tagged = reference.tag().and_then(|tag| reference.with_tag(tag).ok());
        self.state(Statement::Pins {
            reference: tagged.as_ref().unwrap_or(reference).to_string(),
            digest: digest.clone(),
        });
    }

    /// The image includes this digest; a note if it is not known which image.
    pub(crate) fn includes(&mut self, digest: &Digest, role: Role, platform: Option<String>) {
        match self.about.clone() {
            Some(about) => self.includes_for(&about, digest, role, platform),
            None => self.unattributed(Some(digest)),
        }
    }

    pub(crate) fn includes_for(
        &mut self,
        reference: &Reference,
        digest: &Digest,
        role: Role,
        platform: Option<String>,
    ) {
        self.state(Statement::Includes {
            reference: reference.to_string(),
            digest: digest.clone(),
            role,
            platform,
        });
    }

    pub(crate) fn names(
        &mut self,
        parent: &Digest,
        digest: &Digest,
        role: Role,
        platform: Option<String>,
    ) {
        self.state(Statement::Names {
            parent: parent.clone(),
            digest: digest.clone(),
            platform,
            role,
            size: None,
        });
    }

    pub(crate) fn identifies(&mut self, reference: &Reference, id: &str, role: IdKind) {
        self.state(Statement::Identifies {
            reference: reference.to_string(),
            id: id.to_owned(),
            role,
        });
    }

    pub(crate) fn signs(&mut self, digest: &Digest, tag: Option<&str>, by: Signatory) {
        self.state(Statement::Signs {
            digest: digest.clone(),
            tag: tag.map(str::to_owned),
            by,
            predicate: None,
            seen: Vec::new(),
        });
    }

    pub(crate) fn platform(&mut self, digest: &Digest, platform: &Platform) {
        if !platform.is_empty() && !platform.is_unknown() {
            self.state(Statement::Platform {
                digest: digest.clone(),
                platform: platform.to_string(),
            });
        }
    }

    pub(crate) fn size(&mut self, digest: &Digest, size: impl Display) {
        self.state(Statement::Size {
            digest: digest.clone(),
            size: size.to_string(),
        });
    }

    pub(crate) fn note(&mut self, subject: Option<&Digest>, code: Code, text: impl Into<String>) {
        self.state(Statement::note(subject, code, text));
    }

    /// That a digest cannot be put down to any image.
    pub(crate) fn unattributed(&mut self, digest: Option<&Digest>) {
        self.note(
            digest,
            Code::Unattributed,
            "the text does not say for which image this was printed: paste it with its command line",
        );
    }

    /// A line that has the tool's form but cannot be read.
    pub(crate) fn unread(&mut self, line: Line, error: &Error) {
        self.state(Statement::Unread {
            offset: line.at,
            length: line.text.len(),
            code: Some(error.code().to_owned()),
            text: format!("{error}: {}", beginning(line.text)),
        });
    }

    /// A text that was printed for an image, with what it names.
    pub(crate) fn document(&mut self, text: Printout) {
        if text.about.is_some() {
            match View::read(text.bytes().trim_ascii()) {
                Ok(View::Index(index)) => self.entries(&index.manifests),
                Ok(View::Manifest(manifest)) => {
                    self.includes(&manifest.config.digest, Role::Config, None);
                    for layer in &manifest.layers {
                        self.includes(&layer.digest, Role::Layer, None);
                    }
                }
                _ => {}
            }
        }
        self.texts.push(text);
    }

    fn entries(&mut self, entries: &[Descriptor]) {
        for entry in entries {
            let (role, platform) = entry_role(entry.platform.as_ref());
            self.includes(&entry.digest, role, platform);
        }
    }

    /// Adds a statement once.
    pub(crate) fn state(&mut self, statement: Statement) {
        // Only neighbours are compared: a list is not searched for every entry.
        if !self
            .statements
            .iter()
            .rev()
            .take(8)
            .any(|known| *known == statement)
        {
            self.statements.push(statement);
        }
    }
}
