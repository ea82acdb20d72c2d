//! Putting keys in the order of a writer, for texts whose keys were sorted on the way (`jq -S`,
//! a round trip through a map) or put in another tool's order.

use super::tree::{Node, Tokens};
use crate::json;

/// The kind of an object, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Config,
    Descriptor,
    Health,
    History,
    Index,
    /// A descriptor of a layer, which some write in another order.
    Layer,
    Manifest,
    Other,
    Platform,
    Rootfs,
    Run,
    Schema1,
}

/// A writer's orders. Keys that none of its lists has keep their places behind the others.
#[derive(Debug)]
pub(super) struct Writer {
    /// For people.
    pub(super) name: &'static str,
    pub(super) rules: [(Role, Keys); 5],
    pub(super) rest: Keys,
}

/// The order of the keys of one object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys {
    Kept,
    /// These, with spaces between.
    Listed(&'static str),
    Sorted,
}

impl Role {
    /// The kind of a whole document.
    pub(super) fn of(root: &Node, tokens: &Tokens) -> Self {
        let has = |name: &str| root.get(name, tokens).is_some();
        if has("fsLayers") {
            Role::Schema1
        } else if has("manifests") {
            Role::Index
        } else if has("layers") || has("blobs") {
            Role::Manifest
        } else if has("rootfs") || has("history") || has("architecture") {
            Role::Config
        } else {
            Role::Other
        }
    }

    fn child(self, key: &str) -> Self {
        match (self, key) {
            (Role::Index, "manifests" | "subject")
            | (Role::Manifest, "config" | "blobs" | "subject") => Role::Descriptor,
            (Role::Manifest, "layers") => Role::Layer,
            (Role::Descriptor | Role::Layer, "platform") => Role::Platform,
            (Role::Config, "config" | "container_config") => Role::Run,
            (Role::Config, "history") => Role::History,
            (Role::Config, "rootfs") => Role::Rootfs,
            (Role::Run, "Healthcheck") => Role::Health,
            _ => Role::Other,
        }
    }
}

impl Writer {
    /// The document with its keys in this writer's order.
    pub(super) fn reorder(&self, root: &Node, tokens: &Tokens, role: Role) -> Node {
        match root {
            Node::Leaf(token) => Node::Leaf(*token),
            Node::Array(items) => Node::Array(
                items
                    .iter()
                    .map(|item| self.reorder(item, tokens, role))
                    .collect(),
            ),
            Node::Object(members) => {
                let keys = self.keys(role);
                let names = members.iter().map(|(key, _)| name(tokens.get(*key)));
                let order = json::sorted(names.map(|name| keys.rank(name)).collect());
                let mut ordered = Vec::with_capacity(members.len());
                for (_, _, at) in order {
                    if let Some((key, value)) = members.get(at) {
                        let role = role.child(name(tokens.get(*key)));
                        ordered.push((*key, self.reorder(value, tokens, role)));
                    }
                }
                Node::Object(ordered)
            }
        }
    }

    fn keys(&self, role: Role) -> Keys {
        let listed = self.rules.iter().find(|(of, _)| *of == role);
        listed.map_or(self.rest, |(_, keys)| *keys)
    }
}

impl Keys {
    /// What a name is sorted by: its rank, then itself.
    fn rank(self, name: &str) -> (usize, &str) {
        match self {
            Keys::Kept => (0, ""),
            Keys::Listed(order) => {
                let place = order.split(' ').position(|known| known == name);
                (place.unwrap_or(usize::MAX), "")
            }
            Keys::Sorted => (0, name),
        }
    }
}

fn name(raw: &str) -> &str {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    inner.unwrap_or(raw)
}
