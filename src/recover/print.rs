//! The layouts in which JSON is printed, and how long a text comes out in each: where sizes are
//! stated, most candidates need not even be printed.

use super::edit::Edit;
use super::tree::{Node, Tokens};

/// The places of white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) form: Form,
    pub(super) end: End,
    /// Lines end in CRLF.
    pub(super) crlf: bool,
    /// An empty object or array is written on two lines, not as `{}`.
    pub(super) spread: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Compact,
    /// One line with `, ` and `: `, as Python writes where nothing else is asked for.
    OneLine,
    Spaces(u8),
    Tabs,
}

/// Newlines after the value. Texts that differ only in these are hashed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    None,
    One,
    Two,
}

/// All of them, in order.
pub(super) const ENDS: [End; 3] = [End::None, End::One, End::Two];

impl Layout {
    pub(super) const fn new(form: Form, end: End) -> Self {
        Layout {
            form,
            end,
            crlf: false,
            spread: false,
        }
    }

    pub(super) fn newline(self) -> &'static str {
        if self.crlf { "\r\n" } else { "\n" }
    }

    /// The text after the value.
    pub(super) fn tail(self) -> &'static str {
        match (self.end, self.crlf) {
            (End::None, _) => "",
            (End::One, false) => "\n",
            (End::One, true) => "\r\n",
            (End::Two, false) => "\n\n",
            (End::Two, true) => "\r\n\r\n",
        }
    }

    pub(super) fn edits(self) -> Vec<Edit> {
        let form = match self.form {
            Form::Compact => Edit::Compact,
            Form::OneLine => Edit::OneLine,
            Form::Spaces(width) => Edit::Indented(width),
            Form::Tabs => Edit::Tabs,
        };
        let mut edits = vec![form];
        edits.extend(self.spread.then_some(Edit::EmptySpread));
        edits.extend(self.crlf.then_some(Edit::LfToCrlf));
        edits
    }

    /// The same with another end.
    pub(super) fn ending(self, end: End) -> Self {
        Layout { end, ..self }
    }

    fn unit(self) -> Option<(u8, usize)> {
        match self.form {
            Form::Compact | Form::OneLine => None,
            Form::Spaces(width) => Some((b' ', usize::from(width))),
            Form::Tabs => Some((b'\t', 1)),
        }
    }
}

/// Counts from which the length in every layout follows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    tokens: usize,
    brackets: usize,
    commas: usize,
    colons: usize,
    breaks: usize,
    depths: usize,
    empties: usize,
    empty_depths: usize,
}

impl Measure {
    pub(super) fn new(root: &Node, tokens: &Tokens) -> Self {
        let mut measure = Measure::default();
        measure.add(root, tokens, 0);
        measure
    }

    /// True if an object or array is empty.
    pub(super) fn has_empties(&self) -> bool {
        self.empties > 0
    }

    pub(super) fn length(&self, layout: Layout) -> usize {
        let bare = self.tokens + self.brackets + self.commas + self.colons + layout.tail().len();
        match (layout.unit(), layout.form) {
            (None, Form::OneLine) => bare + self.commas + self.colons,
            (None, _) => bare,
            (Some((_, width)), _) => {
                let newline = layout.newline().len();
                let lines = self.breaks * newline + self.depths * width;
                let spread = self.empties * newline + self.empty_depths * width;
                bare + self.colons + lines + if layout.spread { spread } else { 0 }
            }
        }
    }

    fn add(&mut self, node: &Node, tokens: &Tokens, depth: usize) {
        match node {
            Node::Leaf(token) => self.tokens += tokens.get(*token).len(),
            Node::Array(items) => {
                self.container(items.len(), depth);
                for item in items {
                    self.add(item, tokens, depth + 1);
                }
            }
            Node::Object(members) => {
                self.container(members.len(), depth);
                self.colons += members.len();
                for (key, value) in members {
                    self.tokens += tokens.get(*key).len();
                    self.add(value, tokens, depth + 1);
                }
            }
        }
    }

    fn container(&mut self, entries: usize, depth: usize) {
        self.brackets += 2;
        if entries == 0 {
            self.empties += 1;
            self.empty_depths += depth;
            return;
        }
        self.commas += entries - 1;
        self.breaks += entries + 1;
        self.depths += entries * (depth + 1) + depth;
    }
}

/// Prints into `out`, replacing what was in it.
pub(super) fn print(root: &Node, tokens: &Tokens, layout: Layout, out: &mut Vec<u8>) {
    out.clear();
    let mut printer = Printer {
        tokens,
        layout,
        line: Vec::new(),
        unit: layout.unit(),
        out,
    };
    printer.line.extend_from_slice(layout.newline().as_bytes());
    printer.value(root, 0);
    printer.text(layout.tail());
}

struct Printer<'a> {
    tokens: &'a Tokens,
    layout: Layout,
    /// A line end and the deepest indentation so far.
    line: Vec<u8>,
    unit: Option<(u8, usize)>,
    out: &'a mut Vec<u8>,
}

impl Printer<'_> {
    fn value(&mut self, node: &Node, depth: usize) {
        match node {
            Node::Leaf(token) => self.text(self.tokens.get(*token)),
            Node::Array(items) => {
                self.out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    self.before(at, depth + 1);
                    self.value(item, depth + 1);
                }
                self.close(b']', items.is_empty(), depth);
            }
            Node::Object(members) => {
                self.out.push(b'{');
                for (at, (key, value)) in members.iter().enumerate() {
                    self.before(at, depth + 1);
                    self.text(self.tokens.get(*key));
                    self.separator(b':', self.layout.form != Form::Compact);
                    self.value(value, depth + 1);
                }
                self.close(b'}', members.is_empty(), depth);
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn separator(&mut self, byte: u8, spaced: bool) {
        self.out.push(byte);
        if spaced {
            self.out.push(b' ');
        }
    }

    fn before(&mut self, at: usize, depth: usize) {
        if at > 0 {
            self.separator(b',', self.layout.form == Form::OneLine);
        }
        self.line(depth);
    }

    fn close(&mut self, bracket: u8, empty: bool, depth: usize) {
        if !empty || self.layout.spread {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn line(&mut self, depth: usize) {
        if let Some((byte, width)) = self.unit {
            let length = self.layout.newline().len() + depth * width;
            if self.line.len() < length {
                self.line.resize(length, byte);
            }
            self.out
                .extend_from_slice(self.line.get(..length).unwrap_or_default());
        }
    }
}
