//! A JSON text taken apart: its structure, and apart from it its tokens, so that one structure
//! can be printed in several spellings and one spelling in several orders.

use crate::json::{self, Kind, Value};

/// Structure. Leaves and names are numbers of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Array(Vec<Node>),
    Leaf(Token),
    Object(Vec<(Token, Node)>),
}

/// The number of a token in [`Tokens`].
pub(super) type Token = usize;

/// Tokens as written: strings with their quotes, numbers, words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    text: String,
    ends: Vec<usize>,
}

/// The structure and the tokens of a JSON value, spelling kept.
pub(super) fn take_apart(value: &Value) -> (Node, Tokens) {
    let mut tokens = Tokens::default();
    let root = node(value, &mut tokens);
    (root, tokens)
}

fn node(value: &Value, tokens: &mut Tokens) -> Node {
    match &value.kind {
        Kind::Array(items) => Node::Array(items.iter().map(|item| node(item, tokens)).collect()),
        Kind::Object(members) => {
            let member = |m: &json::Member| (tokens.push(m.key.raw), node(&m.value, tokens));
            Node::Object(members.iter().map(member).collect())
        }
        Kind::Bool(true) => Node::Leaf(tokens.push("true")),
        Kind::Bool(false) => Node::Leaf(tokens.push("false")),
        Kind::Null => Node::Leaf(tokens.push("null")),
        Kind::Number(raw) => Node::Leaf(tokens.push(raw)),
        Kind::String(text) => Node::Leaf(tokens.push(text.raw)),
    }
}

impl Tokens {
    pub(super) fn push(&mut self, raw: &str) -> Token {
        self.text.push_str(raw);
        self.ends.push(self.text.len());
        self.ends.len() - 1
    }

    pub(super) fn get(&self, token: Token) -> &str {
        let start = token
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let (start, end) = (start.copied().unwrap_or(0), self.ends.get(token).copied());
        self.text
            .get(start..end.unwrap_or(start))
            .unwrap_or_default()
    }

    /// True if the token is this string, written without escapes.
    pub(super) fn is(&self, token: Token, text: &str) -> bool {
        let raw = self.get(token).strip_prefix('"');
        raw.and_then(|raw| raw.strip_suffix('"')) == Some(text)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|token| self.get(token))
    }
}

impl Node {
    pub(super) fn members(&self) -> &[(Token, Node)] {
        match self {
            Node::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match self {
            Node::Array(items) => items,
            _ => &[],
        }
    }

    pub(super) fn get(&self, name: &str, tokens: &Tokens) -> Option<&Node> {
        let mut members = self.members().iter();
        members
            .find(|(key, _)| tokens.is(*key, name))
            .map(|(_, value)| value)
    }

    /// The token, if this is a string, a number or a word.
    pub(super) fn leaf(&self) -> Option<Token> {
        match self {
            Node::Leaf(token) => Some(*token),
            _ => None,
        }
    }

    /// Takes the members of these names off.
    pub(super) fn remove(&mut self, names: &[&str], tokens: &Tokens) {
        if let Node::Object(members) = self {
            members.retain(|(key, _)| !names.iter().any(|name| tokens.is(*key, name)));
        }
    }
}
