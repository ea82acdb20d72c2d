//! The description of a tool: the commands whose output it reads, and the functions that read it.

use crate::claim::Tells;
use crate::json::Value;
use crate::paste::{Command, Line, Output, Reading};
use crate::text::Parts;

/// A program, and how the words behind its name are read.
pub(crate) struct Program {
    /// The flags whose value is the next word; `=` always works.
    pub(super) values: &'static str,
    /// What the names of more such flags begin with.
    pub(super) values_like: Option<&'static str>,
    /// The flags with which it is run for a folder or an archive, and for no registry's image.
    pub(super) on_disk: &'static str,
    /// The flags whose value is the image that it is run for.
    pub(super) named_by: &'static str,
    /// What a word is that is no flag.
    pub(super) words: Words,
}

/// The part of a command line that names the subject.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Words {
    /// Addresses of a registry's interface.
    Addresses,
    /// Nothing that names an image; flags may.
    Flags,
    /// References to images.
    References,
    /// References to images, of which the last is what is written.
    Target,
    /// References behind `docker://`; what has another scheme is no registry's.
    Transports,
    /// Nothing that names an image.
    Others,
}

impl Program {
    pub(super) const fn new(values: &'static str) -> Self {
        Program {
            values,
            values_like: None,
            on_disk: "",
            named_by: "",
            words: Words::References,
        }
    }

    /// True if the next word is the value of this flag.
    pub(super) fn takes_value(&self, flag: &str) -> bool {
        let like = |start: &str| flag.starts_with(start) && !flag.has("=");
        self.values.has_word(flag)
            || self.named_by.has_word(flag)
            || self.values_like.is_some_and(like)
    }
}

/// A command that prints digests.
pub(crate) struct Verb {
    /// Its full name.
    pub(super) name: &'static str,
    /// All the words that run it, between bars; its name is the first, unless they have `+` before them.
    pub(super) spelled: &'static str,
    pub(super) program: &'static Program,
    /// Whether it shows what this machine keeps: there identifiers stand for names, and what is
    /// shown is no word of a registry's.
    pub(super) local: bool,
    /// True if it is run for no image in particular.
    pub(super) lists: bool,
    /// True if it prints a manifest or an index, so that lines of its output are lines of one.
    pub(super) manifest: fn(&Command) -> bool,
    /// Whether the manifest or index that it prints is the registry's, byte for byte.
    pub(super) exact: fn(&Command) -> bool,
}

impl Verb {
    pub(super) const fn new(program: &'static Program, spelled: &'static str) -> Self {
        let mut rest = spelled.as_bytes();
        let mut end = 0;
        while let [first, after @ ..] = rest {
            if *first == b'|' {
                break;
            }
            rest = after;
            end += 1;
        }
        let (name, _) = spelled.split_at(end);
        Verb {
            name,
            spelled,
            program,
            local: false,
            lists: false,
            manifest: never,
            exact: never,
        }
    }
}

/// Reads a JSON value, if it is what the tool prints.
type ReadJson = fn(&Output, &Value) -> Option<Reading>;

/// Reads from the first of these lines on, if they are what the tool prints, and says how many.
type ReadLines = fn(&Output, &[Line]) -> Option<(Reading, usize)>;

/// A tool: the marks of its output, and the functions that read it.
pub(super) struct Tool {
    /// The commands that print what the file reads; none where it may be any.
    pub(super) commands: &'static [&'static Verb],
    /// Whether it reads what is left of the output of such a command.
    pub(super) reads: fn(&Command) -> bool,
    /// Whether it only reads what no other tool does.
    pub(super) general: bool,
    /// The subject of its statements.
    pub(super) tells: Tells,
    pub(super) json: ReadJson,
    pub(super) lines: ReadLines,
}

impl Tool {
    /// Reads nothing: what a tool's file begins with.
    pub(super) const NONE: Self = Tool {
        commands: &[],
        reads: Command::whole,
        general: false,
        tells: Tells::Names,
        json: |_, _| None,
        lines: |_, _| None,
    };

    /// Whether this command prints what the file reads.
    pub(super) fn prints(&self, command: &Command) -> bool {
        let own = self.commands.is_empty() || self.commands.iter().any(|verb| command.runs(verb));
        own && (self.reads)(command)
    }
}

pub(super) fn never(_: &Command) -> bool {
    false
}

pub(super) fn always(_: &Command) -> bool {
    true
}
