//! What the bytes of digests that are vouched for name, image by image.

use crate::chain::{Chain, Image, Pool, assemble, want_config, want_document};
use crate::claim::{Standing, Want};
use crate::digest::{ByDigest, Digest};
use crate::platform::Platform;

use super::super::{About, Of, Vouched};

/// The digests that are vouched for, and those that they lead to, in the order of vouching.
pub(super) struct Named<'a> {
    pool: &'a Pool,
    chains: Vec<(&'a Vouched, Chain)>,
    /// In which chains, and at which place in them, a configuration stands.
    places: ByDigest<Vec<(usize, usize)>>,
}

/// What an image that is named has to do with a platform.
enum Fit {
    /// It is for another.
    Not,
    /// It takes more documents to tell.
    Unread,
    Is,
}

impl<'a> Named<'a> {
    pub(super) fn of(about: &About<'a>, vouched: impl Iterator<Item = &'a Vouched>) -> Self {
        let pool = &about.evidence.pool;
        let hearsay = about.evidence.hearsay();
        let mut named = Named {
            pool,
            chains: Vec::new(),
            places: ByDigest::default(),
        };
        for one in vouched {
            // That other bytes over the same configurations are what was published, too, is said only by
            // whoever says where it is published.
            if let Of::Name(name) = &one.of {
                let chain = assemble(pool, &hearsay, &name.at(&one.digest));
                named.add(one, chain);
            }
        }
        named
    }

    fn add(&mut self, vouched: &'a Vouched, chain: Chain) {
        for (at, image) in chain.images.iter().enumerate() {
            if let Some((config, _)) = &image.config {
                let name = self.pool.name(config);
                self.places.insert(&name, Vec::new());
                if let Some(places) = self.places.get_mut(&name) {
                    places.push((self.chains.len(), at));
                }
            }
        }
        self.chains.push((vouched, chain));
    }

    /// How it is known that a configuration is named for a platform; for any where none is known.
    pub(super) fn find(&self, platform: Option<&Platform>, config: &Digest) -> Option<Standing> {
        let places = self.places.get(&self.pool.name(config))?;
        places.iter().find_map(|&(chain, image)| {
            let (vouched, chain) = self.chains.get(chain)?;
            let image = chain.images.get(image)?;
            let (_, known) = image.config.as_ref()?;
            let is = matches!(self.fit(image, platform), Fit::Is);
            is.then(|| known.clone().and(vouched.premise()))
        })
    }

    /// The last document that could tell of another configuration for a platform.
    pub(super) fn want(&self, platform: Option<&Platform>) -> Option<Want> {
        self.chains.iter().rev().find_map(|(_, chain)| {
            let at = &chain.reference;
            let mut images = chain.images.iter().rev();
            let unread = images.find(|image| matches!(self.fit(image, platform), Fit::Unread));
            match unread {
                Some(image) => {
                    let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
                    Some(match &image.config {
                        Some((config, _)) => want_config(at, manifest, config),
                        None => want_document(at, manifest),
                    })
                }
                None => (!chain.complete).then(|| want_document(at, at.digest())),
            }
        })
    }

    /// The configurations that are named for a platform.
    pub(super) fn configs(&self, platform: Option<&Platform>) -> Vec<&str> {
        let mut configs = Vec::new();
        for image in self.chains.iter().flat_map(|(_, chain)| &chain.images) {
            if let Some((config, _)) = &image.config
                && matches!(self.fit(image, platform), Fit::Is)
            {
                configs.push(config.as_str());
            }
        }
        configs
    }

    fn fit(&self, image: &Image, platform: Option<&Platform>) -> Fit {
        match (&image.platform, platform, &image.config) {
            (Some(own), Some(asked), _) if !own.may_be_taken_for(asked) => Fit::Not,
            (_, _, None) => Fit::Unread,
            (None, Some(_), Some((config, _))) if self.pool.get(config).is_none() => Fit::Unread,
            (_, _, Some(_)) => Fit::Is,
        }
    }
}
