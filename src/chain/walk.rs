//! Everything that a reference leads to: its root, and for each platform the manifest, the
//! configuration and the file system, each with how it is known.

use crate::claim::{IdKind, Role, Standing, Want};
use crate::digest::{ByDigest, ByText, Digest};
use crate::document::{Descriptor, Index, Manifest, View};
use crate::limits;
use crate::name::Reference;
use crate::platform::Platform;
use crate::text::joined;

use super::hearsay::{Hearsay, Told};
use super::root::{Root, find_root};
use super::want::{want_config, want_document};
use super::{Pool, is_image};

impl Chain {
    /// Why nothing is known of what the reference names.
    pub(crate) fn unanswered(&self) -> String {
        let reference = &self.reference;
        if self.disputed.is_some() {
            return format!("which of the digests said of {reference} is the newest is not known");
        }
        if self.kept.is_empty() && self.ids.is_empty() {
            return format!("nothing is known of {reference}");
        }
        format!(
            "what a machine keeps as {reference} does not say what {} has",
            reference.registry()
        )
    }
}

/// The documents that a reference leads to.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) reference: Reference,
    /// The digest that the reference names, and how that is known.
    pub(crate) root: Option<(Digest, Standing)>,
    /// The root's kind, if known: an index (`true`) or a manifest.
    pub(crate) is_index: Option<bool>,
    /// The images, one a platform.
    pub(crate) images: Vec<Image>,
    /// Attestation manifests of the index.
    pub(crate) attestations: Vec<Digest>,
    /// Image identifiers that were stated.
    pub(crate) ids: Vec<(String, IdKind, Standing)>,
    /// What a machine keeps under the name. It is never the root: that is the registry's word.
    pub(crate) kept: Vec<(Digest, Standing)>,
    /// Whether anything here says what the registry has, and not only what a machine keeps.
    pub(crate) answered: bool,
    /// Statements about the root that do not agree: what one says, what the other says; or that
    /// nobody knows which of them is newer.
    pub(crate) disputed: Option<Standing>,
    /// Documents too deep inside indexes to be followed.
    pub(crate) too_deep: Vec<Digest>,
    /// True if every entry is known, so that a platform that is not here is nowhere.
    pub(crate) complete: bool,
}

/// One image of a chain. Each part is there when its digest is known, with how it is known
/// that the reference leads to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Image {
    pub(crate) platform: Option<Platform>,
    /// True if an index names it without a platform, whatever its configuration says.
    pub(crate) unsaid: bool,
    pub(crate) manifest: Option<(Digest, Standing)>,
    pub(crate) config: Option<(Digest, Standing)>,
    pub(crate) diff_ids: Option<(Vec<Digest>, Standing)>,
}

/// Follows `reference` through the documents in hand and through what was said.
pub(crate) fn assemble(pool: &Pool, hearsay: &[Hearsay], reference: &Reference) -> Chain {
    assemble_as(pool, hearsay, reference, None)
}

/// As [`assemble`]; `named`: how it is known that the reference leads to the digest in it, where that
/// takes more than that the digest is in it.
pub(crate) fn assemble_as(
    pool: &Pool,
    hearsay: &[Hearsay],
    reference: &Reference,
    named: Option<Standing>,
) -> Chain {
    let mut about = Vec::new();
    for h in hearsay {
        if h.about.names_same(reference) {
            about.push(h);
        }
    }
    let Root { digest, disputed } = match (named, reference.digest()) {
        (Some(named), Some(digest)) => Root {
            digest: Some((digest.clone(), named)),
            disputed: None,
        },
        _ => find_root(pool, &about, reference),
    };
    let mut chain = Chain {
        reference: reference.clone(),
        root: digest,
        is_index: None,
        images: Vec::new(),
        attestations: Vec::new(),
        ids: Vec::new(),
        kept: Vec::new(),
        answered: false,
        disputed,
        too_deep: Vec::new(),
        complete: false,
    };
    for h in &about {
        let standing = h.standing();
        match &h.told {
            Told::Identifies(id, kind) => chain.ids.push((id.clone(), *kind, standing)),
            Told::Keeps(digest) => chain.kept.push((digest.clone(), standing)),
            Told::Pins(_) => {}
            Told::Header(_) | Told::Includes(..) | Told::Resolves(_) => chain.answered = true,
        }
    }
    let mut walk = Walk {
        pool,
        configs: configs(hearsay, reference),
        added: ByText::default(),
        chain,
    };
    walk.root();
    if walk.chain.images.is_empty() {
        walk.told(&about);
    }
    walk.chain
}

/// The configurations that were stated for manifests of this repository, by manifest.
fn configs<'a>(
    hearsay: &'a [Hearsay],
    reference: &Reference,
) -> ByDigest<(&'a Digest, &'a Hearsay)> {
    let mut configs = ByDigest::default();
    for h in hearsay {
        if let Told::Includes(digest, Role::Config, _) = &h.told
            && let Some(manifest) = h.about.digest()
            && h.about.names_same(&reference.at(manifest))
        {
            configs.insert(manifest, (digest, h));
        }
    }
    configs
}

struct Walk<'a> {
    pool: &'a Pool,
    configs: ByDigest<(&'a Digest, &'a Hearsay)>,
    /// The manifests and configurations of images that were told.
    added: ByText<()>,
    chain: Chain,
}

impl Walk<'_> {
    fn root(&mut self) {
        let Some((digest, standing)) = self.chain.root.clone() else {
            return;
        };
        match self.pool.view(&digest) {
            Some(View::Index(index)) => {
                self.chain.is_index = Some(true);
                self.chain.complete = true;
                let standing = self.step(&digest, &standing);
                self.index(index, &standing, 0);
            }
            Some(View::Manifest(_)) => {
                self.chain.is_index = Some(false);
                self.chain.complete = true;
                let image = self.image(&digest, &standing, None);
                self.chain.images.push(image);
            }
            _ => {}
        }
    }

    /// One step further: what `digest` is known by, and that its bytes say what comes next.
    fn step(&self, digest: &Digest, standing: &Standing) -> Standing {
        match self.pool.get(digest) {
            Some(held) => standing.clone().and(held.proven()),
            None => standing.clone(),
        }
    }

    fn index(&mut self, index: &Index, standing: &Standing, depth: usize) {
        for entry in &index.manifests {
            if Descriptor::attests(entry).is_some() {
                self.chain.attestations.push(entry.digest.clone());
                continue;
            }
            match self.pool.view(&entry.digest) {
                Some(View::Index(inner)) if depth < limits::INDEX_DEPTH => {
                    let standing = self.step(&entry.digest, standing);
                    self.index(inner, &standing, depth + 1);
                }
                Some(View::Index(_)) => {
                    self.chain.too_deep.push(entry.digest.clone());
                    self.chain.complete = false;
                }
                _ => {
                    let platform = entry.platform.clone();
                    let mut image = self.image(&entry.digest, standing, platform);
                    image.unsaid = entry.platform.is_none();
                    self.chain.images.push(image);
                }
            }
        }
    }

    fn image(&self, digest: &Digest, standing: &Standing, platform: Option<Platform>) -> Image {
        let mut image = Image {
            platform,
            manifest: Some((digest.clone(), standing.clone())),
            ..Image::default()
        };
        match self.pool.view(digest) {
            Some(View::Manifest(manifest)) => {
                let standing = self.step(digest, standing);
                self.configure(&mut image, manifest, &standing);
            }
            _ => self.config_told(&mut image, digest, standing),
        }
        image
    }

    fn configure(&self, image: &mut Image, manifest: &Manifest, standing: &Standing) {
        if !is_image(manifest) {
            return;
        }
        let digest = manifest.config.digest.clone();
        self.file_system(image, &digest, standing);
        image.config = Some((digest, standing.clone()));
    }

    fn file_system(&self, image: &mut Image, digest: &Digest, standing: &Standing) {
        let Some(View::Config(config)) = self.pool.view(digest) else {
            return;
        };
        if image.platform.is_none() && !config.platform.is_empty() {
            image.platform = Some(config.platform.clone());
        }
        image.diff_ids = Some((config.diff_ids.clone(), self.step(digest, standing)));
    }

    /// The configuration of a manifest that is not in hand, if somebody stated it for the
    /// manifest's digest.
    fn config_told(&self, image: &mut Image, manifest: &Digest, standing: &Standing) {
        let told = self.configs.get(manifest);
        let told = told.map(|(digest, h)| (*digest, h.standing()));
        if let Some((digest, told)) = told {
            let standing = standing.clone().and(told);
            self.file_system(image, digest, &standing);
            image.config = Some((digest.clone(), standing));
        }
    }

    /// Without the root in hand: what was said to be in it.
    fn told(&mut self, about: &[&Hearsay]) {
        let is_manifest = |h: &&Hearsay| matches!(h.told, Told::Includes(_, Role::Manifest, _));
        let is_index = about.iter().any(is_manifest);
        for h in about {
            let Told::Includes(digest, role, platform) = &h.told else {
                continue;
            };
            let standing = h.standing();
            match role {
                Role::Attestation => self.chain.attestations.push(digest.clone()),
                Role::Manifest => {
                    let mut image = self.image(digest, &standing, platform.clone());
                    image.platform = platform.clone().or(image.platform);
                    self.add_told(image);
                }
                // `crane config` and others print one platform's configuration of an index.
                Role::Config if is_index => {}
                Role::Config => {
                    let mut image = Image {
                        platform: platform.clone(),
                        manifest: self.chain.root.clone(),
                        ..Image::default()
                    };
                    self.file_system(&mut image, digest, &standing);
                    image.config = Some((digest.clone(), standing));
                    self.add_told(image);
                }
                Role::Layer | Role::Subject => {}
            }
        }
        if !self.chain.images.is_empty() {
            self.chain.is_index = self.chain.is_index.or(Some(is_index));
        }
    }

    fn add_told(&mut self, image: Image) {
        let digest = |part: &Option<(Digest, Standing)>| match part {
            Some((digest, _)) => digest.to_string(),
            None => String::new(),
        };
        let parts = [digest(&image.manifest), digest(&image.config)];
        if self.added.insert(&joined(&parts, " "), ()) {
            self.chain.images.push(image);
        }
    }
}

impl Image {
    /// The platform in words.
    pub(crate) fn name(&self) -> Option<String> {
        self.platform.as_ref().map(Platform::to_string)
    }

    /// The next document of the image that is not in hand.
    pub(crate) fn unread(&self, pool: &Pool, reference: &Reference) -> Option<Want> {
        let absent = |digest: &&Digest| pool.get(digest).is_none();
        let manifest = self.manifest.as_ref().map(|(digest, _)| digest);
        match &self.config {
            Some((config, _)) => {
                let config = Some(config).filter(absent)?;
                Some(want_config(reference, manifest, config))
            }
            None => Some(want_document(reference, Some(manifest.filter(absent)?))),
        }
    }
}
