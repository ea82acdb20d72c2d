//! Putting keys in the order of a writer, for texts whose keys were sorted on the way (`jq -S`,
//! a round trip through a map) or put in another tool's order.

use super::tree::{Node, Tokens};
use crate::json;

/// The kind of an object, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
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
pub(super) struct Habit {
    /// For people.
    pub(super) name: &'static str,
    pub(super) rules: [(Place, KeyOrder); 5],
    pub(super) rest: KeyOrder,
}

/// The order of the keys of one object.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyOrder {
    Kept,
    /// These, with spaces between.
    Listed(&'static str),
    Sorted,
}

impl Place {
    /// The kind of a whole document.
    pub(super) fn of(root: &Node, tokens: &Tokens) -> Self {
        let has = |name: &str| root.get(name, tokens).is_some();
        if has("fsLayers") {
            Place::Schema1
        } else if has("manifests") {
            Place::Index
        } else if has("layers") || has("blobs") {
            Place::Manifest
        } else if has("rootfs") || has("history") || has("architecture") {
            Place::Config
        } else {
            Place::Other
        }
    }

    fn child(self, key: &str) -> Self {
        match (self, key) {
            (Place::Index, "manifests" | "subject")
            | (Place::Manifest, "config" | "blobs" | "subject") => Place::Descriptor,
            (Place::Manifest, "layers") => Place::Layer,
            (Place::Descriptor | Place::Layer, "platform") => Place::Platform,
            (Place::Config, "config" | "container_config") => Place::Run,
            (Place::Config, "history") => Place::History,
            (Place::Config, "rootfs") => Place::Rootfs,
            (Place::Run, "Healthcheck") => Place::Health,
            _ => Place::Other,
        }
    }
}

impl Habit {
    /// The document with its keys in this writer's order.
    pub(super) fn reorder(&self, root: &Node, tokens: &Tokens, role: Place) -> Node {
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

    fn keys(&self, role: Place) -> KeyOrder {
        let listed = self.rules.iter().find(|(of, _)| *of == role);
        listed.map_or(self.rest, |(_, keys)| *keys)
    }
}

impl KeyOrder {
    /// What a name is sorted by: its rank, then itself.
    fn rank(self, name: &str) -> (usize, &str) {
        match self {
            KeyOrder::Kept => (0, ""),
            KeyOrder::Listed(order) => {
                let place = order.split(' ').position(|known| known == name);
                (place.unwrap_or(usize::MAX), "")
            }
            KeyOrder::Sorted => (0, name),
        }
    }
}

fn name(raw: &str) -> &str {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    inner.unwrap_or(raw)
}
