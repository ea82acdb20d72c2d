//! The images of a chain that a client may take that asks for one platform, and whether it has any.

use crate::claim::{Claim, Seen, Source, Standing, Statement, Want};
use crate::document::View;
use crate::json::joined;
use crate::platform::{Platform, Taken};

use super::{Chain, Image, Pool, want_config, want_document};

/// Platforms that are named before the others are left out.
const NAMED: usize = 20;

impl Image {
    /// How a client that asks for a platform comes to take it. It may where its platform is not
    /// known.
    fn taken_for(&self, asked: &Platform) -> Option<Taken> {
        match &self.platform {
            Some(platform) => platform.taken_for(asked),
            None => Some(Taken::Asked),
        }
    }

    /// Whether the index says that it is for a platform.
    fn is_said_for(&self, asked: &Platform) -> bool {
        !self.unsaid && self.platform.is_some() && self.taken_for(asked) == Some(Taken::Asked)
    }
}

impl Chain {
    /// The images that some client takes that asks for a platform, each by its place. What stands in
    /// for the platform is taken only where nothing is for it.
    pub(crate) fn taken(&self, asked: &Platform) -> Vec<usize> {
        let of = |how: Taken| {
            let images = self.images.iter().enumerate();
            let taken = images.filter(move |(_, image)| image.taken_for(asked) == Some(how));
            taken.map(|(at, _)| at).collect::<Vec<usize>>()
        };
        let mut taken = of(Taken::Asked);
        let blindly = match self.default_entry() {
            Some(at) if asked.is_default() => Some(at),
            _ if self.images.iter().any(|image| image.is_said_for(asked)) => None,
            _ => self.images.iter().position(|image| image.unsaid),
        };
        if let Some(at) = blindly.filter(|at| !taken.contains(at)) {
            taken.push(at);
        }
        let known = |at: &usize| self.images.get(*at).is_some_and(|i| i.platform.is_some());
        if !taken.iter().any(known) {
            taken.extend(of(Taken::Instead));
        }
        taken.sort_unstable();
        taken
    }

    /// What crane takes for `linux/amd64`: the first entry that says so, or that says nothing.
    pub(crate) fn default_entry(&self) -> Option<usize> {
        let is_default = |image: &Image| {
            let said = image.platform.as_ref().filter(|_| !image.unsaid);
            image.unsaid || said.is_some_and(Platform::is_default)
        };
        self.images.iter().position(is_default)
    }

    /// Why it is not known that there is an image for a platform: each that may be for another, or
    /// that none is for it.
    pub(crate) fn lacks(&self, pool: &Pool, asked: &Platform) -> Vec<Claim> {
        let Some((root, standing)) = &self.root else {
            return Vec::new();
        };
        let says = |digest| Statement::Platform {
            digest,
            platform: asked.to_string(),
        };
        let mut claims = Vec::new();
        let mut has = false;
        for image in self
            .taken(asked)
            .iter()
            .filter_map(|at| self.images.get(*at))
        {
            has |= image
                .platform
                .as_ref()
                .is_some_and(|p| p.taken_for(asked).is_some());
            if image.platform.is_none() {
                let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
                let want = self.want_platform(pool, image);
                let statement = says(manifest.unwrap_or(root).clone());
                claims.push(Claim::new(statement, Standing::missing(want)));
            }
        }
        if has || !claims.is_empty() {
            return claims;
        }
        let standing = if self.complete {
            let given = Source::given("the platform in the question");
            let by = standing.sources().last().copied().cloned();
            let found = Seen::new(self.platforms(), by.unwrap_or_else(|| given.clone()));
            Standing::contradicted(Seen::new(asked.to_string(), given), found)
        } else {
            Standing::missing(want_document(&self.reference, Some(root)))
        };
        vec![Claim::new(says(root.clone()), standing)]
    }

    /// What says which platform an image is for.
    pub(crate) fn want_platform(&self, pool: &Pool, image: &Image) -> Want {
        let manifest = image.manifest.as_ref().map(|(digest, _)| digest);
        let said = || Want::of("an image whose configuration says which platform it is for");
        match &image.config {
            Some((config, _)) if pool.get(config).is_some() => said(),
            Some((config, _)) => want_config(&self.reference, manifest, config),
            None => match manifest.map(|digest| pool.view(digest)) {
                Some(Some(View::Manifest(_) | View::Config(_) | View::Other(_))) => said(),
                _ => want_document(&self.reference, manifest),
            },
        }
    }

    /// The platforms in words.
    fn platforms(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        for name in self.images.iter().filter_map(Image::name) {
            if names.len() < NAMED && !names.contains(&name) {
                names.push(name);
            }
        }
        match names.as_slice() {
            [] => "no image for any platform".to_owned(),
            names if names.len() == NAMED => format!("{}, …", joined(names, ", ")),
            names => joined(names, ", "),
        }
    }
}
