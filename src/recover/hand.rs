//! Whose hand a document is in: the writers that its key order and its content betray, each with the one
//! layout in which that writer writes.
//!
//! Printers such as `jq .` keep the order of keys and nothing of the layout, so the order is what is left of the
//! writer.

use super::order::Place;
use super::print::{End, Form};
use super::tree::{Node, Tokens};
use crate::document::{DOCKER_LIST, DOCKER_MANIFEST};
use crate::text::Parts;

/// A writer, and how it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hand {
    /// For people.
    pub(super) writer: &'static str,
    pub(super) form: Form,
    pub(super) end: End,
    /// True if it escapes as Go does.
    pub(super) go: bool,
}

impl Hand {
    const fn go(writer: &'static str, form: Form, end: End) -> Self {
        let go = true;
        Hand {
            writer,
            form,
            end,
            go,
        }
    }

    const fn jq(writer: &'static str, form: Form) -> Self {
        Hand {
            writer,
            form,
            end: End::One,
            go: false,
        }
    }
}

const BUILDKIT: Hand = Hand::go("BuildKit", Form::Spaces(2), End::None);
const BUILDKIT_CONFIG: Hand = Hand::go("BuildKit and Docker", Form::Compact, End::None);
const COMMIT: Hand = Hand::go("`docker commit`", Form::Spaces(4), End::None);
const CONTAINERS: Hand = Hand::go("buildah, podman and skopeo", Form::Compact, End::None);
const CRANE: Hand = Hand::go("crane and buildah", Form::Compact, End::None);
pub(super) const GGCR: Hand = Hand::go("crane, ko and cosign", Form::Compact, End::None);
const LAYOUT: Hand = Hand::go("crane's image layouts", Form::Spaces(3), End::None);
const LIST: Hand = Hand::go("`docker manifest push`", Form::Spaces(3), End::None);
const OFFICIAL: Hand = Hand::jq("the Docker Official Images", Form::Tabs);
const OFFICIAL_SORTED: Hand = Hand::jq("the Docker Official Images", Form::Compact);
const OFFICIAL_SPACED: Hand = Hand::jq("the Docker Official Images", Form::Spaces(2));
const ORAS: Hand = Hand::go("oras, notation and helm", Form::Compact, End::None);
const PUSH: Hand = Hand::go("`docker push`", Form::Spaces(3), End::None);
const SORTED: Hand = Hand::go("what sorts keys", Form::Compact, End::None);
const UMOCI: Hand = Hand::go("umoci", Form::Compact, End::One);

/// The writers that a document betrays, likeliest first.
pub(super) fn hands(root: &Node, tokens: &Tokens, role: Place) -> &'static [Hand] {
    let page = Page { root, tokens };
    match role {
        Place::Config => page.config(),
        Place::Index => page.index(),
        Place::Manifest => page.manifest(),
        Place::Schema1 => &[PUSH],
        _ => &[],
    }
}

/// A document to look at.
struct Page<'a> {
    root: &'a Node,
    tokens: &'a Tokens,
}

impl<'a> Page<'a> {
    fn config(&self) -> &'static [Hand] {
        let rootfs = self.root.get("rootfs", self.tokens);
        let first = self.root.members().first();
        let begins = |name| first.is_some_and(|(key, _)| self.tokens.is(*key, name));
        if rootfs.is_some_and(|rootfs| self.ordered(rootfs, "diff_ids", "type")) {
            &[OFFICIAL_SORTED, SORTED]
        } else if begins("config") {
            &[OFFICIAL, OFFICIAL_SPACED]
        } else if begins("created") {
            &[CONTAINERS, UMOCI]
        } else if self.ordered(self.root, "os", "config") {
            &[GGCR]
        } else {
            &[BUILDKIT_CONFIG]
        }
    }

    fn index(&self) -> &'static [Hand] {
        let entries = self.items("manifests");
        let any = |name| entries.iter().any(|entry| self.has(entry, name));
        let ordered = |a, b| entries.iter().any(|entry| self.ordered(entry, a, b));
        if ordered("size", "digest") {
            return match self.media_type(self.root) {
                Some(media_type) if media_type.has(DOCKER_LIST) && self.has_windows() => {
                    &[CRANE, LIST]
                }
                Some(media_type) if media_type.has(DOCKER_LIST) => &[LIST, CRANE],
                Some(_) => &[GGCR],
                None => &[GGCR, LAYOUT],
            };
        }
        if self.media_type(self.root).is_none() {
            &[CONTAINERS, BUILDKIT]
        } else if ordered("platform", "annotations") {
            &[OFFICIAL, OFFICIAL_SPACED]
        } else if any("artifactType") || !any("platform") {
            &[ORAS, BUILDKIT]
        } else {
            &[BUILDKIT, CONTAINERS]
        }
    }

    fn manifest(&self) -> &'static [Hand] {
        let config = self.root.get("config", self.tokens);
        let layers = self.items("layers");
        let described = config.or(layers.first()).or(self.items("blobs").first());
        let size_first = described.is_some_and(|one| self.ordered(one, "size", "digest"));
        let media_type = self.media_type(self.root);
        if self.ordered(self.root, "layers", "schemaVersion") {
            let has_data = described.is_some_and(|one| self.has(one, "data"));
            return if has_data {
                &[OFFICIAL_SORTED, SORTED]
            } else {
                &[SORTED, OFFICIAL_SORTED]
            };
        }
        match media_type {
            Some(text) if size_first && text.has(DOCKER_MANIFEST) => {
                // Docker has no annotations of its own types.
                return if self.has(self.root, "annotations") {
                    &[CRANE]
                } else {
                    &[PUSH, CRANE]
                };
            }
            Some(_) if size_first => return &[GGCR],
            None => return &[CONTAINERS, UMOCI],
            Some(_) => {}
        }
        if self.is_attestation(layers) {
            &[BUILDKIT]
        } else if self.is_artifact(config, layers) {
            &[ORAS]
        } else if self.ordered(self.root, "mediaType", "schemaVersion") {
            &[BUILDKIT, COMMIT]
        } else if self.is_official() {
            &[OFFICIAL, OFFICIAL_SPACED, BUILDKIT]
        } else if self.is_of_containers(layers) {
            &[CONTAINERS, BUILDKIT]
        } else {
            &[BUILDKIT, CONTAINERS, COMMIT]
        }
    }

    /// True if it has annotations that buildah and podman set, or skopeo on layers that it
    /// compresses with zstd.
    fn is_of_containers(&self, layers: &[Node]) -> bool {
        let names = |node: &Node, part: &str| {
            let annotations = node.get("annotations", self.tokens);
            let mut all = annotations.map(Node::members).unwrap_or_default().iter();
            all.any(|(key, _)| self.tokens.get(*key).has(part))
        };
        names(self.root, "org.opencontainers.image.base.")
            || layers
                .iter()
                .any(|layer| names(layer, "io.github.containers"))
    }

    /// Whether it is an attestation as BuildKit writes it.
    fn is_attestation(&self, layers: &[Node]) -> bool {
        let first = layers.first();
        first
            .and_then(|layer| self.media_type(layer))
            .is_some_and(|text| text.has("application/vnd.in-toto+json"))
            && first.is_some_and(|layer| self.annotated(layer, "in-toto.io/predicate-type"))
    }

    /// True if it is not an image, or one that was packed like an artifact.
    fn is_artifact(&self, config: Option<&Node>, layers: &[Node]) -> bool {
        let kind = config.and_then(|config| self.media_type(config));
        let is_image = kind.is_some_and(|kind| {
            kind.has("vnd.oci.image.config") || kind.has("vnd.docker.container.image")
        });
        let titled = |layer| self.annotated(layer, "org.opencontainers.image.title");
        self.has(self.root, "artifactType")
            || self.has(self.root, "subject")
            || !is_image
            || layers.is_empty()
            || layers.iter().any(titled)
    }

    /// True if its annotations name the sources of the Docker Official Images.
    fn is_official(&self) -> bool {
        let annotations = self.root.get("annotations", self.tokens);
        let mut all = annotations.map(Node::members).unwrap_or_default().iter();
        all.any(|(_, value)| {
            let text = value.leaf().map(|token| self.tokens.get(token));
            text.is_some_and(|text| text.has("docker-library/") || text.has("debuerreotype"))
        })
    }

    /// True if an image in it is for a version of Windows.
    fn has_windows(&self) -> bool {
        let platform = |entry: &'a Node| entry.get("platform", self.tokens);
        let mut entries = self.items("manifests").iter();
        entries.any(|entry| platform(entry).is_some_and(|one| self.has(one, "os.version")))
    }

    #[inline(never)]
    fn has(&self, node: &Node, name: &str) -> bool {
        node.get(name, self.tokens).is_some()
    }

    fn annotated(&self, node: &Node, name: &str) -> bool {
        let annotations = node.get("annotations", self.tokens);
        annotations.is_some_and(|all| self.has(all, name))
    }

    #[inline(never)]
    fn items(&self, name: &str) -> &'a [Node] {
        self.root
            .get(name, self.tokens)
            .map(Node::items)
            .unwrap_or_default()
    }

    #[inline(never)]
    fn media_type(&self, node: &Node) -> Option<&'a str> {
        let token = node.get("mediaType", self.tokens)?.leaf()?;
        Some(self.tokens.get(token))
    }

    /// True if both keys are there, the first before the second.
    #[inline(never)]
    fn ordered(&self, node: &Node, first: &str, second: &str) -> bool {
        let place = |name| {
            let mut members = node.members().iter();
            members.position(|(key, _)| self.tokens.is(*key, name))
        };
        matches!((place(first), place(second)), (Some(a), Some(b)) if a < b)
    }
}
