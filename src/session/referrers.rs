//! The documents that a registry lists as referring to an image. The list is its word, and with the
//! fallback tag that of anybody who pushes: each entry is compared with its own document.

use crate::answer::{Answer, Once};
use crate::chain::{assemble, check_named, links, want_document};
use crate::claim::{Claim, Code, Listing, Seen, Source, Standing, Statement, Want};
use crate::digest::{Digest, DigestSet};
use crate::document::{Descriptor, Manifest, View};
use crate::error::Error;
use crate::limits;
use crate::question::{Question, Trust, wrong};
use crate::record::ReferrersAt;
use crate::text::shortened;
use crate::trust::About;

use super::Session;

/// One list of referrers.
#[derive(Debug)]
pub(super) struct ListedReferrers {
    target: Digest,
    place: String,
    by: Listing,
    entries: Vec<Descriptor>,
    more: usize,
    from: Source,
}

/// The results of the lists before, which later lists need not repeat.
struct Referring {
    rests: Once,
    wants: Once,
    /// The contents of artifacts.
    inside: DigestSet,
}

impl ListedReferrers {
    /// Reads descriptors, a JSON array of them.
    pub(super) fn read(
        want: Want,
        by: Listing,
        descriptors: &str,
        from: Source,
    ) -> Result<Option<Self>, Error> {
        let target = want.digest.ok_or_else(|| wrong("a digest", "none"))?;
        let list = format!(r#"{{"schemaVersion":2,"manifests":{descriptors}}}"#);
        let View::Index(index) = View::read(list.as_bytes())? else {
            return Ok(None);
        };
        let mut entries = index.manifests;
        let more = entries.len().saturating_sub(limits::REFERRERS);
        entries.truncate(limits::REFERRERS);
        Ok(Some(ListedReferrers {
            target,
            place: want.url.unwrap_or_default(),
            by,
            entries,
            more,
            from,
        }))
    }
}

impl ListedReferrers {
    /// The listed digests, by the digest that they refer to.
    pub(super) fn named(&self) -> ReferrersAt {
        let entries = self.entries.iter();
        ReferrersAt {
            place: self.place.clone(),
            entries: entries.map(|entry| entry.digest.clone()).collect(),
            by: self.by,
        }
    }
}

impl Session {
    /// The signatures of the image that is asked about or described: looked for where its registry is asked anyway.
    pub(super) fn signatures_to_ask(&self) -> Vec<Want> {
        let by = Trust::Digests(Vec::new());
        let (image, by) = match (&self.asked.question, &self.asked.image) {
            (Question::Published { image, by }, _) if self.schemes.refers() => (image, by),
            (Question::What, Some(image)) => (image, &by),
            _ => return Vec::new(),
        };
        let evidence = &self.evidence;
        let is_fetched = |source: &Source| matches!(source, Source::Fetched { .. });
        let mut held = evidence.pool.iter();
        if !held.any(|held| held.sources.iter().any(is_fetched)) {
            // Nothing else asks a registry for what is named by its digest.
            let missing = |digest: &&Digest| evidence.pool.get(digest).is_none();
            let digest = image.digest().filter(missing);
            return Vec::from_iter(digest.map(|digest| want_document(image, Some(digest))));
        }
        let chain = assemble(&evidence.pool, &evidence.hearsay(), image);
        let about = About {
            evidence,
            chain: &chain,
            by,
            only: self.asked.platform.as_ref(),
            now: None,
        };
        self.schemes.fetches(&about)
    }

    /// Adds the requests for signatures, up to their limit.
    pub(super) fn offer(&mut self, wants: &mut Vec<Want>) {
        let beside = self.signatures_to_ask();
        wants.retain(|want| !beside.contains(want));
        for want in beside {
            let url = want.url.clone().unwrap_or_default();
            let is_known = self.offered.contains(&url);
            if is_known || self.offered.len() < limits::SIGNATURE_REQUESTS {
                if !is_known {
                    self.offered.push(url);
                }
                wants.push(want);
            }
        }
    }

    /// What there is to say of the lists, and what is wanted to check them.
    pub(super) fn referred(&self, answer: &mut Answer, wants: &mut Vec<Want>) {
        let mut known = Referring {
            rests: Once::of(&answer.rests),
            wants: Once::of(wants.as_slice()),
            inside: DigestSet::default(),
        };
        for listed in &self.referrers {
            let stated = |subject: &Digest, text: String| {
                let statement = Statement::note(Some(subject), Code::Referrer, text);
                Claim::new(statement, Standing::stated(listed.from.clone()))
            };
            if listed.entries.is_empty() {
                let by = match listed.by {
                    Listing::Api => "API",
                    Listing::FallbackTag => "fallback tag, which anybody who pushes may write",
                    Listing::None => "API or the fallback tag, which are not there",
                };
                let text = format!("nothing is listed as referring to it by the referrers {by}");
                answer.beside.push(stated(&listed.target, text));
            }
            if listed.more > 0 {
                let text = format!("{} more referrers were not checked", listed.more);
                answer.beside.push(stated(&listed.target, text));
            }
            for entry in &listed.entries {
                let statement = Statement::Refers {
                    digest: entry.digest.clone(),
                    subject: listed.target.clone(),
                    artifact_type: entry.artifact_type.as_deref().map(shortened),
                    size: entry.size.to_string(),
                    listed: listed.by,
                };
                let standing = Standing::stated(listed.from.clone());
                answer.beside.push(Claim::new(statement, standing));
                self.check_referrer(listed, entry, (answer, wants), &mut known);
            }
        }
        // The contents of an artifact are not asked for, only the document that lists them.
        let inside = |want: &Want| {
            let digest = want.digest.as_ref().filter(|_| want.url.is_none());
            digest.is_some_and(|digest| known.inside.contains(digest))
        };
        wants.retain(|want| !inside(want));
        answer
            .beside
            .retain(|claim| !matches!(&claim.standing, Standing::Missing { want } if inside(want)));
    }

    fn check_referrer(
        &self,
        listed: &ListedReferrers,
        entry: &Descriptor,
        (answer, wants): (&mut Answer, &mut Vec<Want>),
        known: &mut Referring,
    ) {
        let digest = &entry.digest;
        if digest.algorithm().is_none() {
            return answer.beside.push(Claim::uncomputed(None, digest));
        }
        let Some(held) = self.evidence.pool.get(digest) else {
            let Some(image) = &self.asked.image else {
                return;
            };
            let at = self.evidence.home(image, &listed.place);
            let want = want_document(at, Some(digest));
            if known.wants.add(&want) {
                let media_type = entry.media_type.as_deref().map(shortened);
                let statement = Statement::absent(digest.clone(), media_type);
                let standing = Standing::missing(want.clone());
                answer.beside.push(Claim::new(statement, standing));
                wants.push(want);
            }
            return;
        };
        let mut claims = Vec::new();
        check_named(&self.evidence.pool, &listed.from, entry, &mut claims);
        let Ok(view) = &held.view else {
            return;
        };
        let subject = match view {
            View::Index(index) => index.subject.as_ref(),
            View::Manifest(manifest) => manifest.subject.as_ref(),
            View::Config(_) | View::Other(_) => None,
        };
        if subject.is_none_or(|subject| subject.digest != listed.target) {
            let found = subject.map_or("none", |subject| subject.digest.as_str());
            let text = "is listed as referring to another document than it refers to";
            let expected = Seen::new(listed.target.as_str(), listed.from.clone());
            let standing = Standing::contradicted(expected, Seen::new(found, held.source()));
            let statement = Statement::note(Some(digest), Code::ReferrerSubject, text.to_owned());
            claims.push(Claim::new(statement, standing));
        }
        if let View::Manifest(manifest) = view
            && let Some((expected, found)) = other_content(manifest)
        {
            let text = "does not contain what its type claims";
            let expected = Seen::new(expected, held.source());
            let standing =
                Standing::contradicted(expected, Seen::new(shortened(found), held.source()));
            let statement = Statement::note(Some(digest), Code::ArtifactContent, text.to_owned());
            claims.push(Claim::new(statement, standing));
        }
        claims.retain(|claim| known.rests.add(claim));
        answer.rests.extend(claims);
        for link in links(view) {
            known.inside.insert(link.digest(), ());
        }
    }
}

/// Kinds of signatures, each with what one of its layers has to be: how the types begin (sigstore's
/// `BUNDLE_SPEC`, cosign's `SIGNATURE_SPEC`, Notary Project's `signature-specification.md`).
const SIGNATURES: [(&str, &str); 4] = [
    ("application/vnd.cncf.notary.", "application/jose+json"),
    ("application/vnd.cncf.notary.", "application/cose"),
    (
        "application/vnd.dev.cosign.artifact.sig.",
        "application/vnd.dev.cosign.simplesigning.",
    ),
    (BUNDLE, BUNDLE),
];

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// What an artifact that says it is a signature should hold, and what it holds instead.
fn other_content(manifest: &Manifest) -> Option<(&'static str, &str)> {
    let kind = manifest.kind()?;
    let mut wanted = SIGNATURES.iter().filter(|(own, _)| kind.starts_with(own));
    let types = || {
        manifest
            .layers
            .iter()
            .map(|l| l.media_type.as_deref().unwrap_or("none"))
    };
    let (_, first) = wanted.clone().next()?;
    let fits = wanted.any(|(_, content)| types().any(|found| found.starts_with(content)));
    (!fits).then(|| (*first, types().next().unwrap_or("none")))
}
