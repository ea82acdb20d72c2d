//! What a reference leads to: its root, and for each platform the manifest, the configuration
//! and the file system, each with how it is known.

use crate::claim::{IdKind, Role, Seen, Source, Standing, Want};
use crate::digest::{Digest, DigestSet};
use crate::document::{Descriptor, Index, MANIFEST_TYPES, Manifest, View};
use crate::limits;
use crate::name::Reference;
use crate::platform::Platform;
use crate::registry::address;

use super::{Pool, is_image};

/// What a tool or a person said of a reference.
#[derive(Clone, Debug)]
pub(crate) struct Hearsay {
    pub(crate) about: Reference,
    pub(crate) told: Told,
    pub(crate) by: Source,
}

impl Hearsay {
    /// How what was said is known. What the registry named in the reference answers is what the
    /// reference means now; what somebody pasted is what they say that it answered.
    fn standing(&self) -> Standing {
        match &self.by {
            Source::Fetched { .. } => Standing::premise(self.by.clone()),
            by => Standing::stated(by.clone()),
        }
    }
}

/// The things that can be said of a reference.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// It names this digest.
    Resolves(Digest),
    /// What it names includes this, for this platform.
    Includes(Digest, Role, Option<Platform>),
    /// The registry's header says that it names this digest. It is what clients believe that do
    /// not hash, so bytes that are something else are a dispute.
    Header(Digest),
    /// Its image has this identifier.
    Identifies(String, IdKind),
}

/// What a reference leads to.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) reference: Reference,
    /// The digest that the reference names, and how that is known.
    pub(crate) root: Option<(Digest, Standing)>,
    /// Whether the root is an index (`true`) or a manifest, where that is known.
    pub(crate) is_index: Option<bool>,
    /// The images, one a platform.
    pub(crate) images: Vec<Image>,
    /// Attestation manifests of the index.
    pub(crate) attestations: Vec<Digest>,
    /// Image identifiers that were stated.
    pub(crate) ids: Vec<(String, IdKind, Standing)>,
    /// Statements about the root that do not agree: what one says, what the other says.
    pub(crate) disputed: Option<Standing>,
    /// Documents too deep inside indexes to be followed.
    pub(crate) too_deep: Vec<Digest>,
    /// Whether every entry is known, so that a platform that is not here is nowhere.
    pub(crate) complete: bool,
}

/// One image of a chain. Each part is there when its digest is known, with how it is known
/// that the reference leads to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Image {
    pub(crate) platform: Option<Platform>,
    /// Whether it stands in an index that does not say its platform: clients that do not look into
    /// it take it for one that it may not be for.
    pub(crate) unsaid: bool,
    pub(crate) manifest: Option<(Digest, Standing)>,
    pub(crate) config: Option<(Digest, Standing)>,
    pub(crate) diff_ids: Option<(Vec<Digest>, Standing)>,
}

/// Follows `reference` through the documents in hand and through what was said.
pub(crate) fn assemble(pool: &Pool, hearsay: &[Hearsay], reference: &Reference) -> Chain {
    let mut about = Vec::new();
    for h in hearsay {
        if h.about.names_same(reference) {
            about.push(h);
        }
    }
    let (root, disputed) = find_root(pool, &about, reference);
    let mut chain = Chain {
        reference: reference.clone(),
        root,
        is_index: None,
        images: Vec::new(),
        attestations: Vec::new(),
        ids: Vec::new(),
        disputed,
        too_deep: Vec::new(),
        complete: false,
    };
    for h in &about {
        if let Told::Identifies(id, kind) = &h.told {
            let standing = h.standing();
            chain.ids.push((id.clone(), *kind, standing));
        }
    }
    let mut walk = Walk {
        pool,
        hearsay,
        chain,
    };
    walk.root();
    if walk.chain.images.is_empty() {
        walk.told(&about);
    }
    walk.chain
}

/// The digest that a reference names: the one written in it, else the one that was stated.
/// A statement of a digest inside what another statement names (one platform's manifest) is
/// no disagreement.
fn find_root(
    pool: &Pool,
    about: &[&Hearsay],
    reference: &Reference,
) -> (Option<(Digest, Standing)>, Option<Standing>) {
    if let Some(digest) = reference.digest() {
        let given = Source::given(&format!("the reference {reference}"));
        let standing = match pool.get(digest) {
            Some(held) => held.proven().and(Standing::premise(given)),
            None => Standing::premise(given),
        };
        return (Some((digest.clone(), standing)), None);
    }
    let mut roots = stated_roots(about);
    let mut inner = DigestSet::default();
    for (digest, _) in &roots {
        below(pool, digest, &mut inner);
    }
    roots.retain(|(digest, _)| !inner.contains(digest));
    let disputed = match roots.as_slice() {
        [(first, a), (second, b), ..] => Some(dispute(first, a, second, b)),
        _ => None,
    };
    let root = roots.into_iter().next();
    (
        root.map(|(digest, standing)| (digest.clone(), standing)),
        disputed,
    )
}

/// Every digest that the reference is said to name, each as well known as whoever knows best.
fn stated_roots<'a>(about: &[&'a Hearsay]) -> Vec<(&'a Digest, Standing)> {
    let mut roots: Vec<(&Digest, Standing)> = Vec::new();
    let resolved = about.iter().filter_map(|h| match &h.told {
        Told::Resolves(digest) => Some((digest, h.standing())),
        _ => None,
    });
    let headers = about.iter().filter_map(|h| match &h.told {
        Told::Header(digest) => Some((digest, Standing::stated(h.by.clone()))),
        _ => None,
    });
    for (digest, standing) in resolved.chain(headers) {
        match roots.iter_mut().find(|(known, _)| *known == digest) {
            Some((_, known)) => *known = known.clone().or(standing),
            None => roots.push((digest, standing)),
        }
    }
    roots
}

fn dispute(first: &Digest, a: &Standing, second: &Digest, b: &Standing) -> Standing {
    let source = |standing: &Standing| {
        let first = standing.first_source().cloned();
        first.unwrap_or_else(|| Source::given("the evidence"))
    };
    Standing::contradicted(
        Seen::new(first.as_str(), source(a)),
        Seen::new(second.as_str(), source(b)),
    )
}

/// Adds all digests that lie below a digest, as far as documents are in hand.
fn below(pool: &Pool, digest: &Digest, found: &mut DigestSet) {
    let mut open = vec![digest.clone()];
    while let Some(next) = open.pop() {
        for link in pool.view(&next).map(super::links).unwrap_or_default() {
            if link.role != Role::Subject && found.insert(link.digest(), ()) {
                open.push(link.digest().clone());
            }
        }
    }
}

struct Walk<'a> {
    pool: &'a Pool,
    hearsay: &'a [Hearsay],
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
        let pinned = self.chain.reference.at(manifest);
        let told = self.hearsay.iter().find_map(|h| match &h.told {
            Told::Includes(digest, Role::Config, _) if h.about.names_same(&pinned) => {
                Some((digest, h.standing()))
            }
            _ => None,
        });
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
        let same = |known: &&mut Image| {
            let digest = |part: &Option<(Digest, Standing)>| part.as_ref().map(|p| p.0.clone());
            digest(&known.manifest) == digest(&image.manifest)
                && digest(&known.config) == digest(&image.config)
        };
        if self.chain.images.iter_mut().find(same).is_none() {
            self.chain.images.push(image);
        }
    }
}

impl Image {
    /// The platform in words.
    pub(crate) fn name(&self) -> Option<String> {
        self.platform.as_ref().map(Platform::to_string)
    }
}

/// A manifest or an index: where it can be fetched, and the command that prints its exact bytes.
pub(crate) fn want_document(reference: &Reference, digest: Option<&Digest>) -> Want {
    let pinned = digest.map_or_else(|| reference.clone(), |digest| reference.at(digest));
    Want {
        digest: digest.cloned(),
        url: Some(address::manifest(&pinned)),
        accept: Some(MANIFEST_TYPES.map(str::to_owned).to_vec()),
        ..Want::run(format!("docker buildx imagetools inspect --raw {pinned}"))
    }
}

/// A configuration: where it can be fetched, and the command that prints its exact bytes.
pub(crate) fn want_config(
    reference: &Reference,
    manifest: Option<&Digest>,
    config: &Digest,
) -> Want {
    let pinned = manifest.map_or_else(|| reference.clone(), |digest| reference.at(digest));
    Want {
        digest: Some(config.clone()),
        url: Some(address::blob(reference, config)),
        ..Want::run(format!("crane config {pinned}"))
    }
}
