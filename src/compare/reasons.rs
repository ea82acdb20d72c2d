//! Why two images are the same no further than they are.

use crate::chain::{Chain, Image, Pool};
use crate::claim::Level;
use crate::digest::{Digest, DigestSet};
use crate::document::{Descriptor, Index, Manifest, View};
use crate::text::Parts;

use super::Comparer;

impl Comparer<'_> {
    /// The reasons why this pair is the same at `level` and not above.
    pub(super) fn reasons(&self, a: &Image, b: &Image, level: Level) -> Vec<String> {
        match level {
            Level::Index => Vec::new(),
            Level::Manifest => self.of_indexes.clone(),
            Level::Config | Level::Rootfs => {
                let mut reasons = self.manifest_reasons(a, b);
                if level == Level::Rootfs {
                    let text = "the configurations differ, but fix the same uncompressed layers";
                    reasons.push(text.to_owned());
                }
                reasons
            }
            Level::Different => match (&a.config, &b.config) {
                (Some((a, _)), Some((b, _))) if a != b => {
                    vec![format!("the configurations differ: {a} and {b}")]
                }
                _ => vec!["no document that both sides share is known".to_owned()],
            },
        }
    }

    fn manifest_reasons(&self, a: &Image, b: &Image) -> Vec<String> {
        let view = |image: &Image| {
            let (digest, _) = image.manifest.as_ref()?;
            match self.pool.view(digest) {
                Some(View::Manifest(manifest)) => Some(manifest),
                _ => None,
            }
        };
        match (view(a), view(b)) {
            (Some(a), Some(b)) => differences_of_manifests(a, b),
            _ => match (&a.manifest, &b.manifest) {
                (Some((a, _)), Some((b, _))) => vec![format!("the manifests differ: {a} and {b}")],
                _ => Vec::new(),
            },
        }
    }
}

/// The reasons why two indexes differ, as far as both are in hand.
pub(super) fn of_indexes(pool: &Pool, left: &Chain, right: &Chain) -> Vec<String> {
    let view = |root: &Option<(Digest, _)>| {
        let (digest, _) = root.as_ref()?;
        pool.view(digest)
    };
    let (left, right) = (view(&left.root), view(&right.root));
    match (left, right) {
        (Some(View::Index(a)), Some(View::Index(b))) => differences_of_indexes(a, b),
        (Some(View::Index(_)), Some(View::Manifest(_))) => {
            vec!["the left side is an index, the right side a single manifest".to_owned()]
        }
        (Some(View::Manifest(_)), Some(View::Index(_))) => {
            vec!["the left side is a single manifest, the right side an index".to_owned()]
        }
        _ => Vec::new(),
    }
}

fn differences_of_manifests(a: &Manifest, b: &Manifest) -> Vec<String> {
    let mut reasons = Vec::new();
    if !layers_agree(a, b, |a, b| a.digest == b.digest) {
        reasons.push(if a.layers.len() == b.layers.len() {
            "the layers are compressed differently, or are other layers: their digests differ"
                .to_owned()
        } else {
            format!(
                "one manifest names {} layers, the other {}",
                a.layers.len(),
                b.layers.len()
            )
        });
    }
    reasons.extend(media_types(
        a.media_type.as_deref(),
        b.media_type.as_deref(),
    ));
    if a.annotations != b.annotations {
        reasons.push("the annotations of the manifests differ".to_owned());
    }
    let same_length = a.layers.len() == b.layers.len();
    if same_length && !layers_agree(a, b, |a, b| a.annotations == b.annotations) {
        reasons.push("the annotations of the layers differ".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("the manifests are written differently and say the same".to_owned());
    }
    reasons
}

/// True if the manifests have as many layers, and each pair of them is alike.
fn layers_agree(a: &Manifest, b: &Manifest, alike: fn(&Descriptor, &Descriptor) -> bool) -> bool {
    let mut pairs = a.layers.iter().zip(&b.layers);
    a.layers.len() == b.layers.len() && pairs.all(|(a, b)| alike(a, b))
}

fn media_types(a: Option<&str>, b: Option<&str>) -> Option<String> {
    let family = |media_type: Option<&str>| match media_type {
        Some(text) if text.has(".docker.") => "docker media types",
        Some(text) if text.has(".oci.") => "OCI media types",
        Some(_) => "other media types",
        None => "no media type",
    };
    (a != b).then(|| format!("one side has {}, the other {}", family(a), family(b)))
}

fn differences_of_indexes(a: &Index, b: &Index) -> Vec<String> {
    let mut reasons = Vec::new();
    reasons.extend(media_types(
        a.media_type.as_deref(),
        b.media_type.as_deref(),
    ));
    if a.annotations != b.annotations {
        reasons.push("the annotations of the indexes differ".to_owned());
    }
    let entries = |index: &Index, attestation: bool| -> Vec<Digest> {
        let kind = |entry: &&Descriptor| entry.attests().is_some() == attestation;
        index
            .manifests
            .iter()
            .filter(kind)
            .map(|entry| entry.digest.clone())
            .collect()
    };
    let same = |a: &[Digest], b: &[Digest]| DigestSet::of(a).same(&DigestSet::of(b));
    let (a_images, b_images) = (entries(a, false), entries(b, false));
    if !same(&a_images, &b_images) {
        reasons.push("the indexes name different manifests".to_owned());
    } else if a_images != b_images {
        reasons.push("the indexes name the same manifests in another order".to_owned());
    }
    let (a_notes, b_notes) = (entries(a, true), entries(b, true));
    if !same(&a_notes, &b_notes) {
        let (left, right) = (a_notes.len(), b_notes.len());
        reasons.push(format!(
            "the attestations differ: {left} on the left, {right} on the right"
        ));
    }
    if reasons.is_empty() {
        reasons.push("the indexes are written differently and name the same".to_owned());
    }
    reasons
}
