//! What a client may take for a platform, among the many that an index names.

use crate::digest::ByText;
use crate::platform::Platform;
use crate::text::in_quotes;

use super::{Chain, Image};

/// Things by the platform that they are for, so that what may be taken for one is found without a
/// look at each.
#[derive(Debug)]
pub(crate) struct ByPlatform<T> {
    found: ByText<Few<T>>,
}

/// Of things that may be taken, the first, and one that is not the same as that: it takes no more to
/// tell whether all of them are the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Few<T> {
    pub(crate) first: T,
    pub(crate) odd: Option<T>,
}

impl<T: Copy> Few<T> {
    pub(crate) fn of(first: T) -> Self {
        Few { first, odd: None }
    }

    pub(crate) fn add(&mut self, other: T, same: &impl Fn(T, T) -> bool) {
        if self.odd.is_none() && !same(self.first, other) {
            self.odd = Some(other);
        }
    }

    fn join(mut self, other: Self, same: &impl Fn(T, T) -> bool) -> Self {
        self.odd = self.odd.or(other.odd);
        self.add(other.first, same);
        self
    }
}

impl<T: Copy> Default for ByPlatform<T> {
    fn default() -> Self {
        let found = ByText::default();
        ByPlatform { found }
    }
}

impl<T: Copy> ByPlatform<T> {
    pub(crate) fn add(&mut self, platform: &Platform, one: T, same: &impl Fn(T, T) -> bool) {
        for key in MatchKeys::of(platform).of_entry() {
            add(&mut self.found, &key, one, same);
        }
    }

    /// The platforms that [`Platform::may_be_taken_for`] this one.
    pub(crate) fn taken_for(
        &self,
        asked: &Platform,
        same: &impl Fn(T, T) -> bool,
    ) -> Option<Few<T>> {
        let keys = MatchKeys::of(asked).of_asked().into_iter();
        let found = keys.filter_map(|key| self.found.get(&key).copied());
        found.reduce(|few, other| few.join(other, same))
    }
}

fn add<T: Copy>(found: &mut ByText<Few<T>>, key: &str, one: T, same: &impl Fn(T, T) -> bool) {
    if !found.insert(key, Few::of(one))
        && let Some(few) = found.get_mut(key)
    {
        few.add(one, same);
    }
}

/// Texts that two platforms share only where one may be taken for the other.
struct MatchKeys(Platform);

impl MatchKeys {
    fn of(platform: &Platform) -> Self {
        MatchKeys(platform.taken_as())
    }

    fn exact(&self, version: &str) -> String {
        let MatchKeys(platform) = self;
        let Platform {
            os,
            architecture,
            variant,
            ..
        } = platform;
        key(&[os, architecture, variant, version])
    }

    /// Every entry for the architecture, and those of them that name no system.
    fn architecture(&self, whose: &str) -> String {
        key(&[whose, &self.0.architecture])
    }

    /// Every version of a system that has versions.
    fn versions(&self) -> String {
        key(&[&self.0.os, &self.0.architecture, &self.0.variant])
    }

    /// Under what an entry is kept.
    fn of_entry(&self) -> Vec<String> {
        let any = self.architecture("any");
        if self.0.os.is_empty() {
            return vec![any, self.architecture("unsaid")];
        }
        vec![any, self.exact(&self.0.os_version), self.versions()]
    }

    /// Under what is kept that may be taken.
    fn of_asked(&self) -> Vec<String> {
        if self.0.os.is_empty() {
            return vec![self.architecture("any")];
        }
        let unsaid = self.architecture("unsaid");
        match self.0.os_version.as_str() {
            "" => vec![self.versions(), unsaid],
            version => vec![self.exact(version), self.exact(""), unsaid],
        }
    }
}

fn key(parts: &[&str]) -> String {
    parts.iter().copied().map(in_quotes).collect()
}

/// For each system and architecture the entries before the first one that says no variant: a
/// client that takes the first for any variant takes that.
#[derive(Debug, Default)]
pub(crate) struct Leads<'a> {
    found: ByText<Lead<'a>>,
}

#[derive(Debug, Default)]
struct Lead<'a> {
    images: Vec<&'a Image>,
    ended: bool,
}

impl<'a> Leads<'a> {
    pub(crate) fn of(chain: &'a Chain) -> Self {
        let mut leads = Leads::default();
        for image in &chain.images {
            if image.unsaid {
                // Such a client takes this one, and none after it.
                leads.add(&Platform::unsaid(), image);
                leads.end(&Platform::unsaid());
            }
            if let Some(platform) = image.platform.as_ref().filter(|_| !image.unsaid) {
                if platform.is_any_variant() {
                    leads.end(platform);
                } else {
                    leads.add(platform, image);
                }
            }
        }
        leads
    }

    fn add(&mut self, platform: &Platform, image: &'a Image) {
        if let Some(lead) = self.lead(platform).filter(|lead| !lead.ended) {
            lead.images.push(image);
        }
    }

    fn end(&mut self, platform: &Platform) {
        if let Some(lead) = self.lead(platform) {
            lead.ended = true;
        }
    }

    fn lead(&mut self, platform: &Platform) -> Option<&mut Lead<'a>> {
        let key = Leads::key(platform);
        self.found.insert(&key, Lead::default());
        self.found.get_mut(&key)
    }

    /// A text that platforms share for which the same leads.
    pub(crate) fn key(platform: &Platform) -> String {
        let platform = platform.normal();
        key(&[&platform.os, &platform.architecture])
    }

    /// What may be taken before the first that says no variant, where none is asked for.
    fn before(&self, asked: &Platform) -> &[&'a Image] {
        if !asked.variant.is_empty() {
            return &[];
        }
        let lead = self.found.get(&Leads::key(asked));
        lead.map_or(&[], |lead| lead.images.as_slice())
    }

    /// The leading entries of two sides, where they are not for the same platforms in the same
    /// order: then a client may take one thing on the one side and something else on the other.
    pub(crate) fn unlike(&self, other: &Self, asked: &Platform) -> Vec<&'a Image> {
        let (a, b) = (self.before(asked), other.before(asked));
        let said = |image: &Image| {
            let platform = image.platform.as_ref().filter(|_| !image.unsaid);
            platform.map(Platform::normal)
        };
        let alike = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| said(a) == said(b));
        let both = a.iter().chain(b).copied();
        both.filter(|_| !alike).collect()
    }
}

impl Chain {
    /// The images that some client may take for a platform, in their order, and those of which it
    /// is not known what they are for; all where none is asked for.
    pub(crate) fn taken_for(&self, only: Option<&Platform>) -> Vec<&Image> {
        let Some(only) = only else {
            return self.images.iter().collect();
        };
        let leads = Leads::of(self);
        let mut leads = leads.before(only).iter().copied().peekable();
        let taken = self.images.iter().filter(|image| {
            let leads = leads.next_if(|lead| std::ptr::eq(*lead, *image)).is_some();
            let platform = image.platform.as_ref();
            leads || platform.is_none_or(|platform| platform.may_be_taken_for(only))
        });
        taken.collect()
    }

    /// True if an image of the chain is known to be for a platform.
    pub(crate) fn has(&self, only: &Platform) -> bool {
        let taken = |image: &Image| {
            let platform = image.platform.as_ref();
            platform.is_some_and(|platform| platform.may_be_taken_for(only))
        };
        self.images.iter().any(taken)
    }
}
