//! `docker manifest inspect` of a list, undone.
//!
//! It does not print the registry's bytes: it reads every child and makes a new list in
//! Docker's order (cli/command/manifest/inspect.go, `printManifestList`). Lost on the way are
//! the order of fields, whether there was a media type and which, whether a platform was
//! there, and all annotations. What can have been there is tried; of annotations only those
//! that BuildKit puts on attestations can be known (docs/attestations/attestation-storage.md).

use super::edit::Edit;
use super::order::{Habit, Place};
use super::tree::{Node, Token, Tokens};
use super::writers::MANIFESTS;
use crate::document::{DOCKER_LIST, OCI_INDEX};

/// More images than this are not paired with their attestations in every way: six of six are
/// 720 ways, and BuildKit writes them in the order of the images anyway.
const MOST_PAIRINGS: usize = 720;

/// The writer, and what became of its media type; most likely first.
const HEADS: [(u8, MediaType); 10] = [
    (0, MediaType::Kept),
    (1, MediaType::Kept),
    (2, MediaType::Kept),
    (0, MediaType::Added),
    (1, MediaType::Added),
    (0, MediaType::Switched),
    (1, MediaType::Switched),
    (2, MediaType::Switched),
    (3, MediaType::Kept),
    (3, MediaType::Switched),
];

/// One way in which the list may have been written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rebuild {
    writer: u8,
    media_type: MediaType,
    no_variants: bool,
    no_empty_platforms: bool,
    /// Annotations are put back, in the n-th pairing of attestations with images.
    pairing: Option<u16>,
}

/// The command's effect on the media type: it prints the one that fits the first child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MediaType {
    Added,
    Kept,
    Switched,
}

/// A printed list, and the tokens that may have to be put back.
#[derive(Clone, Debug)]
pub(super) struct EntryList {
    images: Vec<Token>,
    attestations: usize,
    has_variants: bool,
    has_empty_platforms: bool,
    extra: Extra,
}

#[derive(Clone, Debug)]
struct Extra {
    annotations: Token,
    reference_digest: Token,
    reference_type: Token,
    attestation_manifest: Token,
    docker_list: Token,
    oci_index: Token,
}

impl EntryList {
    /// The list, if this is one such as `docker manifest inspect` prints: it has nothing but
    /// what that command prints.
    pub(super) fn of(root: &Node, tokens: &mut Tokens) -> Option<Self> {
        let printed = ["mediaType", "size", "digest", "platform"];
        let whole = ["schemaVersion", "mediaType", "manifests"];
        let only = |node: &Node, names: &[&str], tokens: &Tokens| {
            let known = |key: Token| names.iter().any(|name| tokens.is(key, name));
            node.members().iter().all(|(key, _)| known(*key))
        };
        let entries = root.get("manifests", tokens)?.items();
        if !only(root, &whole, tokens) || !entries.iter().all(|e| only(e, &printed, tokens)) {
            return None;
        }
        let attestations = entries.iter().filter(|e| is_attestation(e, tokens)).count();
        let mut images = Vec::new();
        for entry in entries {
            if !is_attestation(entry, tokens) {
                images.extend(entry.get("digest", tokens).and_then(Node::leaf));
            }
        }
        Some(EntryList {
            images,
            attestations,
            has_variants: entries.iter().any(|e| has_variant(e, tokens)),
            has_empty_platforms: entries.iter().any(|e| has_empty_platform(e, tokens)),
            extra: Extra::push(tokens),
        })
    }

    /// The ways in which it may have been written, most likely first.
    pub(super) fn rebuilds(&self) -> Vec<Rebuild> {
        let mut all = Vec::new();
        let pairings: &[_] = if self.can_pair() {
            &[Some(0), None]
        } else {
            &[None]
        };
        for pairing in pairings {
            for (writer, media_type) in HEADS {
                let pairing = *pairing;
                for (no_variants, no_empty_platforms) in self.platforms() {
                    all.push(Rebuild {
                        writer,
                        media_type,
                        no_variants,
                        no_empty_platforms,
                        pairing,
                    });
                }
            }
        }
        all
    }

    /// Those in which only what must have been otherwise is, of the writers of lists of its media type.
    pub(super) fn likely(&self, root: &Node, tokens: &Tokens) -> Vec<Rebuild> {
        let media_type = root.get("mediaType", tokens).and_then(Node::leaf);
        let docker = media_type.is_some_and(|token| tokens.is(token, DOCKER_LIST));
        let writers = if docker { [1, 0] } else { [0, 1] };
        let of = |writer| Rebuild {
            writer,
            media_type: MediaType::Kept,
            no_variants: false,
            no_empty_platforms: false,
            pairing: self.can_pair().then_some(0),
        };
        writers.map(of).into()
    }

    /// Every other pairing of attestations with images, as BuildKit would write it.
    pub(super) fn pairings(&self) -> Vec<Rebuild> {
        let ways = self.ways().filter(|_| self.can_pair());
        let mut all = Vec::new();
        for pairing in 1..ways.unwrap_or(0) {
            for writer in [0, 2] {
                all.push(Rebuild {
                    writer,
                    media_type: MediaType::Kept,
                    no_variants: false,
                    no_empty_platforms: false,
                    pairing: Some(pairing),
                });
            }
        }
        all
    }

    /// The list as it may have been written.
    pub(super) fn rebuild(&self, root: &Node, tokens: &Tokens, how: Rebuild) -> Node {
        let mut root = root.clone();
        if how.media_type == MediaType::Added {
            root.remove(&["mediaType"], tokens);
        }
        let mut paired = how
            .pairing
            .map(|way| self.paired(way))
            .unwrap_or_default()
            .into_iter();
        if let Node::Object(members) = &mut root {
            for (key, value) in members {
                if how.media_type == MediaType::Switched && tokens.is(*key, "mediaType") {
                    self.switch_type(value, tokens);
                }
                if let Node::Array(entries) = value {
                    for entry in entries {
                        self.entry(entry, tokens, how, &mut paired);
                    }
                }
            }
        }
        match how.writer() {
            Some(writer) => writer.reorder(&root, tokens, Place::Index),
            None => root,
        }
    }

    /// Which platforms may have been written otherwise.
    fn platforms(&self) -> impl Iterator<Item = (bool, bool)> {
        let ways = [(false, false), (true, false), (false, true), (true, true)];
        let possible = (self.has_variants, self.has_empty_platforms);
        ways.into_iter()
            .filter(move |way| way.0 <= possible.0 && way.1 <= possible.1)
    }

    fn can_pair(&self) -> bool {
        self.attestations > 0 && !self.images.is_empty()
    }

    /// In how many ways each attestation has an image of its own, where that is not too many.
    fn ways(&self) -> Option<u16> {
        let images = self.images.len();
        let fewest = images.checked_sub(self.attestations)?;
        let factors = (fewest + 1..=images).rev();
        let ways = factors
            .take(MOST_PAIRINGS)
            .try_fold(1, |ways: usize, factor| {
                ways.checked_mul(factor)
                    .filter(|ways| *ways <= MOST_PAIRINGS)
            })?;
        u16::try_from(ways).ok()
    }

    /// The images of the attestations in order; the 0th way is the order of the images.
    fn paired(&self, way: u16) -> Vec<Token> {
        if way == 0 {
            let nth = |n: usize| self.images.get(n % self.images.len().max(1)).copied();
            return (0..self.attestations).filter_map(nth).collect();
        }
        let (mut left, mut way) = (self.images.clone(), usize::from(way));
        let mut picked = Vec::new();
        for remaining in (1..=self.attestations).rev() {
            let below: usize = (0..remaining - 1).map(|i| left.len() - 1 - i).product();
            let at = (way / below.max(1)) % left.len().max(1);
            way %= below.max(1);
            picked.push(left.remove(at));
        }
        picked
    }

    fn switch_type(&self, value: &mut Node, tokens: &Tokens) {
        let is_oci = value
            .leaf()
            .is_some_and(|token| tokens.is(token, OCI_INDEX));
        *value = Node::Leaf(if is_oci {
            self.extra.docker_list
        } else {
            self.extra.oci_index
        });
    }

    fn entry(
        &self,
        entry: &mut Node,
        tokens: &Tokens,
        how: Rebuild,
        paired: &mut impl Iterator<Item = Token>,
    ) {
        if how.no_empty_platforms && has_empty_platform(entry, tokens) {
            entry.remove(&["platform"], tokens);
        }
        let variant = how.no_variants && has_variant(entry, tokens);
        let image = is_attestation(entry, tokens)
            .then(|| paired.next())
            .flatten();
        let Node::Object(members) = entry else { return };
        for (key, value) in members.iter_mut() {
            if variant && tokens.is(*key, "platform") {
                value.remove(&["variant"], tokens);
            }
        }
        if let Some(image) = image {
            members.push((self.extra.annotations, self.extra.about(image)));
        }
    }
}

impl Extra {
    fn push(tokens: &mut Tokens) -> Self {
        let mut push = |text: &str| tokens.push(&format!("\"{text}\""));
        Extra {
            annotations: push("annotations"),
            reference_digest: push("vnd.docker.reference.digest"),
            reference_type: push("vnd.docker.reference.type"),
            attestation_manifest: push("attestation-manifest"),
            docker_list: push(DOCKER_LIST),
            oci_index: push(OCI_INDEX),
        }
    }

    fn about(&self, image: Token) -> Node {
        Node::Object(vec![
            (self.reference_digest, Node::Leaf(image)),
            (self.reference_type, Node::Leaf(self.attestation_manifest)),
        ])
    }
}

impl Rebuild {
    pub(super) fn edits(self, root: &Node, tokens: &Tokens) -> Vec<Edit> {
        let media_type = root.get("mediaType", tokens).and_then(Node::leaf);
        let oci = media_type.is_some_and(|token| tokens.is(token, OCI_INDEX));
        let switched = if oci { Edit::DockerType } else { Edit::OciType };
        let order = self.writer().map(|writer| Edit::Order(writer.name));
        let media_type = match self.media_type {
            MediaType::Added => Some(Edit::MediaType),
            MediaType::Kept => None,
            MediaType::Switched => Some(switched),
        };
        let mut edits = Vec::new();
        edits.extend(media_type);
        edits.extend(self.no_variants.then_some(Edit::Variant));
        edits.extend(self.no_empty_platforms.then_some(Edit::EmptyPlatform));
        edits.extend(self.pairing.map(|_| Edit::Attestations));
        edits.extend(order);
        edits
    }

    fn writer(self) -> Option<&'static Habit> {
        MANIFESTS.get(usize::from(self.writer))
    }
}

/// True if the entry's platform has this value here.
fn platform_is(entry: &Node, tokens: &Tokens, name: &str, text: &str) -> bool {
    let platform = entry.get("platform", tokens);
    let value = platform
        .and_then(|platform| platform.get(name, tokens))
        .and_then(Node::leaf);
    value.is_some_and(|token| tokens.is(token, text))
}

fn is_attestation(entry: &Node, tokens: &Tokens) -> bool {
    platform_is(entry, tokens, "os", "unknown")
        && platform_is(entry, tokens, "architecture", "unknown")
}

fn has_variant(entry: &Node, tokens: &Tokens) -> bool {
    platform_is(entry, tokens, "architecture", "arm64")
        && platform_is(entry, tokens, "variant", "v8")
}

fn has_empty_platform(entry: &Node, tokens: &Tokens) -> bool {
    platform_is(entry, tokens, "os", "") && platform_is(entry, tokens, "architecture", "")
}
