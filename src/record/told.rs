//! Statements about references.

use crate::chain::{Told, links};
use crate::claim::{IdKind, Role, Source, Statement};
use crate::digest::Digest;
use crate::document::View;
use crate::name::Reference;
use crate::platform::Platform;
use crate::text::parsed;

use super::Record;

pub(super) fn told(statement: &Statement) -> Option<(Reference, Told)> {
    match statement {
        Statement::Resolves { reference, digest } => {
            let reference: Reference = parsed(reference)?;
            Some((reference, Told::Resolves(digest.clone())))
        }
        Statement::Includes {
            reference,
            digest,
            role,
            platform,
        } => {
            let platform = platform.as_ref().map(|text| {
                let whole = text.parse();
                whole.unwrap_or_else(|_| Platform::of_architecture(text))
            });
            let told = Told::Includes(digest.clone(), *role, platform);
            Some((parsed(reference)?, told))
        }
        Statement::Keeps { reference, digest } => {
            Some((parsed(reference)?, Told::Keeps(digest.clone())))
        }
        Statement::Pins { reference, digest } => {
            Some((parsed(reference)?, Told::Pins(digest.clone())))
        }
        Statement::Identifies {
            reference,
            id,
            role,
        } => Some((parsed(reference)?, Told::Identifies(id.clone(), *role))),
        _ => None,
    }
}

impl Record {
    /// The digests that were said of a reference as a whole, by whom, and in which words.
    pub(crate) fn said_of(
        &self,
        reference: &Reference,
    ) -> impl Iterator<Item = (&Digest, &Source, &'static str)> {
        self.hearsay.iter().filter_map(move |h| match &h.told {
            _ if !h.about.names_same(reference) => None,
            Told::Header(digest) | Told::Resolves(digest) => Some((digest, &h.by, "is")),
            Told::Keeps(digest) => Some((digest, &h.by, "is kept as")),
            Told::Pins(digest) => Some((digest, &h.by, "is named with")),
            Told::Identifies(..) | Told::Includes(..) => None,
        })
    }

    /// True if a document names one of some digests, itself or through an index in it.
    pub(crate) fn leads_to(&self, from: &Digest, to: &dyn Fn(&Digest) -> bool) -> bool {
        let direct = |from: &Digest| self.pool.view(from).map(links).unwrap_or_default();
        direct(from).any(|link| {
            link.role == Role::Manifest
                && (to(link.digest()) || direct(link.digest()).any(|link| to(link.digest())))
        })
    }

    /// The kind of thing that an identifier identifies, as far as the documents tell.
    pub(crate) fn kind_of(&self, id: &str) -> IdKind {
        let Ok(digest) = id.parse::<Digest>() else {
            return IdKind::Unknown;
        };
        match self.pool.view(&digest) {
            Some(View::Config(_)) => return IdKind::Config,
            Some(View::Index(_)) => return IdKind::Index,
            Some(View::Manifest(_)) => return IdKind::Manifest,
            Some(View::Other(_)) | None => {}
        }
        let views = self.pool.iter().filter_map(|held| held.view.as_ref().ok());
        let is_config =
            |view: &View| matches!(view, View::Manifest(m) if m.config.digest == digest);
        let named = views.into_iter().any(is_config);
        if named {
            IdKind::Config
        } else {
            IdKind::Unknown
        }
    }
}
