//! Sigstore: who signed an image, by bundles and by cosign's older signatures, wherever they came from.
//!
//! A signature vouches for a digest only where it holds in all that was checked, and is by an identity or key that the
//! question names. All others are said beside: who signed is found without anybody being named, and proves nothing of
//! who should have. An attestation vouches for what it is about only if it says where that comes from; that somebody
//! scanned an image does not make it theirs.

mod alone;
mod claims;
mod looked;
mod places;
mod signers;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use crate::answer::Answer;
use crate::claim::{Claim, Code, Source, Want, add_source};
use crate::digest::Digest;
use crate::document::View;
use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::paste::Finding;
use crate::policy;
use crate::question::{Question, Trust};
use crate::record::Record;
use crate::signature::PublicKey;
use crate::sigstore::{
    Artifact, Bundle, BundleQuestion, BundleSigner, Expected, GivenKey, ShippedRoots, TrustedRoot,
    Verified, verify,
};
use crate::text::{Parts, joined, shortened};
use crate::time::UnixTime;

pub use alone::{BundleReport, verify_bundle};

pub(crate) use claims::is_origin;
pub(crate) use places::is_signature;
use places::{BUNDLE, is_of, layers};

use super::{About, Of, Scheme, Testimony, Vouched, Weight};

/// The name of the tool that a bundle, a trusted root or a key is from.
const TOOL: &str = "Sigstore";

/// The signatures in the evidence, and what they are checked with.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    /// Whom the question asks for: each of them is enough.
    signers: Vec<policy::PolicySigner>,
    /// The ids of the keys that it asks for.
    ids: Vec<PublicKey>,
    /// Bundles that were pasted, or given as files.
    given: Vec<(Result<Bundle, Error>, Source)>,
    /// Trusted roots that were given, the newest last.
    roots: Vec<TrustedRoot>,
    shipped: ShippedRoots,
    /// Keys that were given beside the question: only those that it names by their ids are trusted.
    keys: Vec<GivenKey>,
    /// The earlier results, by the place of the signature and what it is held against, at the end of time.
    known: RefCell<Vec<(String, Rc<Verified>)>>,
}

/// A signature in the evidence.
struct FoundSignature<'a> {
    /// Where it is, for nothing but to know it again.
    place: String,
    bundle: Result<Cow<'a, Bundle>, Error>,
    /// The document that names it as its own subject.
    subject: Option<Digest>,
    from: Source,
}

/// A signature that was checked.
struct CheckedSignature {
    target: Digest,
    verified: Rc<Verified>,
    /// The trusted root that it was checked with.
    root: Source,
    from: Source,
    /// By whom the question asks for.
    admitted: bool,
    /// The repository that provenance by them has to name.
    source: Option<String>,
}

impl Scheme for Signatures {
    fn vouches(&self, about: &About) -> Option<Testimony> {
        if !self.refers() {
            return None;
        }
        let mut testimony = Testimony {
            weight: Weight::Signed(Code::NotPublished),
            vouched: Vec::new(),
            answer: Answer::default(),
            unproven: None,
        };
        let premise = claims::premise(about.by);
        let mut good = Vec::new();
        // A list is of whole images: a signature of a part of one is nothing to hold against it.
        let listed = !about.by.digests(&about.chain.reference).is_empty();
        let mut wrong = Vec::new();
        for found in self.checked(about.evidence, Some(about), about.now) {
            let checked = match found {
                Ok(checked) => checked,
                Err(claim) => {
                    testimony.answer.beside.push(claim);
                    continue;
                }
            };
            let asked = checked.admitted.then_some(&premise);
            let claim = claims::signs(&checked, asked);
            testimony.answer.beside.extend(claims::details(&checked));
            let of_image = is_of(about, &checked.target);
            let vouches = checked.verified.holds() && claims::vouches(&checked.verified);
            let is_whole = about
                .chain
                .root
                .as_ref()
                .is_some_and(|(root, _)| *root == checked.target);
            if checked.admitted && of_image && vouches && (is_whole || !listed) {
                testimony.vouched.push(Vouched {
                    digest: checked.target.clone(),
                    platform: None,
                    standing: claim.standing.clone(),
                    by: premise.clone(),
                    of: Of::Any,
                });
                testimony.answer.rests.push(claim);
                good.push(checked);
            } else if checked.admitted && of_image && !checked.verified.holds() {
                wrong.push(claim);
            } else {
                testimony.answer.beside.push(claim);
            }
        }
        Self::conclude(&mut testimony, about, wrong, &good);
        let seen = !testimony.answer.rests.is_empty() || !testimony.answer.beside.is_empty();
        seen.then_some(testimony)
    }

    fn fetches(&self, about: &About) -> Vec<Want> {
        places::Requests::of(about).open
    }

    fn refers(&self) -> bool {
        !self.signers.is_empty() || self.keys.iter().any(|key| self.is_named(key.id()))
    }

    fn shows(&self, evidence: &Record, about: Option<&About>, now: Option<UnixTime>) -> Vec<Claim> {
        let mut claims = about.map(looked::looked).unwrap_or_default();
        for found in self.checked(evidence, about, now) {
            match found {
                Ok(checked) => {
                    claims.push(claims::signs(&checked, None));
                    claims.extend(claims::details(&checked));
                }
                Err(claim) => claims.push(claim),
            }
        }
        claims
    }

    fn add_saved(
        &mut self,
        _evidence: &mut Record,
        bytes: &[u8],
        from: Option<&Source>,
    ) -> Option<Finding> {
        let from = from.cloned().unwrap_or_else(|| Source::pasted(TOOL));
        let claims = self.take(bytes, &from)?;
        let tool = TOOL.to_owned();
        Some(Finding { tool, claims })
    }
}

impl Signatures {
    /// For a question and whom it names.
    pub(super) fn of(question: &Question, roots: &ShippedRoots) -> Self {
        let (mut ids, mut asked) = (Vec::new(), Vec::new());
        if let Question::Published { by, .. } = question {
            asked = signers::of(by);
            if let Trust::Keys(keys) = by {
                ids.clone_from(keys);
            }
        }
        Signatures {
            signers: asked,
            ids,
            shipped: roots.clone(),
            ..Signatures::default()
        }
    }

    /// Draws the conclusion from all signatures together. `wrong`: those by whom the question asks for that do not hold.
    fn conclude(
        testimony: &mut Testimony,
        about: &About,
        wrong: Vec<Claim>,
        good: &[CheckedSignature],
    ) {
        // One that is good is enough: anybody may put another beside it.
        if testimony.vouched.is_empty() {
            testimony.answer.rests = wrong;
        } else {
            testimony.answer.beside.extend(wrong);
        }
        let mut premises = vec![claims::premise(about.by)];
        for one in good {
            add_source(&mut premises, one.root.clone());
        }
        let built = signers::built(good, &premises);
        testimony.answer.rests.extend(built);
        testimony.answer.beside.extend(looked::looked(about));
        // No tool states anything of these signers, so nothing else says that they did not sign.
        if let (Trust::Signers(_), true) = (about.by, testimony.answer.rests.is_empty()) {
            let root = about.chain.root.as_ref().map(|(root, _)| root);
            testimony.answer.rests.push(claims::unsigned(root));
        }
    }

    /// Takes bundles, a trusted root or a key; nothing if this is something else.
    fn take(&mut self, bytes: &[u8], from: &Source) -> Option<Vec<Claim>> {
        let text = std::str::from_utf8(bytes).ok()?.trim();
        let said = |code: &str, text: String| vec![claims::said(None, code, text, from)];
        // The user chooses whom to trust, not a server.
        let is_given = !matches!(from, Source::Fetched { .. });
        if is_given && text.starts_with("-----BEGIN PUBLIC KEY-----") {
            let key = GivenKey::read(text.as_bytes()).ok()?;
            let told = format!("a public key, whose SHA-256 is {}", key.id());
            self.take_key(key);
            return Some(said("sigstore-key", told));
        }
        if !text.starts_with('{') {
            return None;
        }
        if is_given && text.has("application/vnd.dev.sigstore.trustedroot") {
            return Some(match TrustedRoot::given(text.as_bytes()) {
                Ok(mut root) => {
                    if let Source::File { name } = from {
                        root.name = ["the trusted root ", &shortened(name)].concat();
                    }
                    let told = format!(
                        "a trusted root, {}: what is checked rests on it",
                        root.digest
                    );
                    self.roots.push(root);
                    self.known.get_mut().clear();
                    said("sigstore-root", told)
                }
                Err(error) => vec![claims::unread(&error, from)],
            });
        }
        if !text.has("\"verificationMaterial\"") && !text.has("\"bundle_url\"") {
            return None;
        }
        let mut found = Vec::new();
        // One bundle a line, or one text that is a bundle or a list of them.
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let by_line = lines.clone().count() > 1
            && lines
                .clone()
                .all(|line| line.ends_with('}') && line.starts_with('{'));
        let texts: Vec<&str> = if by_line { lines.collect() } else { vec![text] };
        for text in texts {
            for bundle in Bundle::all(text.as_bytes()) {
                found.push(match &bundle {
                    Ok(bundle) => {
                        let named = bundle.named();
                        let named: Vec<&str> = named.iter().map(Digest::as_str).collect();
                        let told = ["a signature of ", &shortened(&joined(&named, ", "))].concat();
                        claims::said(None, "sigstore-bundle", told, from)
                    }
                    Err(error) => claims::unread(error, from),
                });
                // One more, so that it is seen that there are more.
                if self.given.len() <= limits::BUNDLES {
                    self.given.push((bundle, from.clone()));
                }
            }
        }
        Some(found)
    }

    /// True if the question names a key by this id.
    fn is_named(&self, id: &str) -> bool {
        self.ids.iter().any(|key| key.id() == id)
    }

    /// A key that is given: it is trusted only where the question names it.
    fn take_key(&mut self, key: GivenKey) {
        self.keys.push(key);
        self.known.get_mut().clear();
    }

    /// The root for a bundle: the newest that was given, or else the one that came along.
    fn root(&self, bundle: &Bundle) -> Result<&TrustedRoot, Error> {
        let given = self.roots.last();
        given.map_or_else(|| self.shipped.of(bundle), Ok)
    }

    /// Every signature in the evidence, up to the limit.
    fn signatures(&self, evidence: &Record) -> Vec<FoundSignature<'_>> {
        let mut found = Vec::new();
        for (at, (bundle, from)) in self.given.iter().enumerate() {
            found.push(FoundSignature {
                place: at.to_string(),
                bundle: bundle.as_ref().map(Cow::Borrowed).map_err(Clone::clone),
                subject: None,
                from: from.clone(),
            });
        }
        for (at, (manifest, layer)) in layers(evidence).into_iter().enumerate() {
            let held = evidence.pool.get(&layer.digest);
            let kind = layer.media_type.as_deref().unwrap_or_default();
            let bundle = match held.map(|held| held.document.bytes()) {
                Some(bytes) if kind.starts_with(BUNDLE) => Bundle::read(bytes),
                Some(bytes) => {
                    let annotation = |name: &str| layer.annotation(name);
                    Bundle::of_layer(kind, annotation, bytes)
                }
                // It is not fetched: whoever reads the report has to know that it is there.
                None if layer.size > limits::SIGNATURE_BYTES => {
                    Err(Error::new(ErrorKind::LimitExceeded {
                        limit: "signature bytes",
                        allowed: limits::SIGNATURE_BYTES,
                    }))
                }
                None => continue,
            };
            let subject = match &manifest.view {
                Ok(View::Manifest(manifest)) => manifest.subject.as_ref(),
                _ => None,
            };
            found.push(FoundSignature {
                // Two layers may be one payload with two signatures.
                place: format!("{} {at}", manifest.digest()),
                bundle: bundle.map(Cow::Owned),
                subject: subject.map(|subject| subject.digest.clone()),
                from: held.unwrap_or(manifest).source(),
            });
        }
        found
    }

    fn checked(
        &self,
        evidence: &Record,
        about: Option<&About>,
        now: Option<UnixTime>,
    ) -> Vec<Result<CheckedSignature, Claim>> {
        let mut all = Vec::new();
        for (at, signature) in self.signatures(evidence).iter().enumerate() {
            if at >= limits::BUNDLES {
                all.push(Err(claims::too_many(&signature.from)));
                break;
            }
            let bundle = signature.bundle.as_ref().map_err(Clone::clone);
            let rooted = bundle.and_then(|bundle| Ok((bundle, self.root(bundle)?)));
            all.push(match rooted {
                Ok((bundle, root)) => {
                    let checked = self.check(signature, bundle, root, evidence, about, now);
                    checked.ok_or_else(|| {
                        let text = "a signature that names no digest that is computed here";
                        claims::said(None, "sigstore-bundle", text.to_owned(), &signature.from)
                    })
                }
                Err(error) => Err(claims::unread(&error, &signature.from)),
            });
        }
        all
    }

    fn check(
        &self,
        signature: &FoundSignature,
        bundle: &Bundle,
        root: &TrustedRoot,
        evidence: &Record,
        about: Option<&About>,
        now: Option<UnixTime>,
    ) -> Option<CheckedSignature> {
        let named = bundle.named();
        let here = |digest: &&Digest| evidence.pool.get(digest).is_some();
        let of_image = |digest: &&Digest| about.is_some_and(|about| is_of(about, digest));
        // A subject that the signature does not name is its own contradiction.
        let target = named
            .iter()
            .find(of_image)
            .or_else(|| named.iter().find(here));
        let target = target.or(signature.subject.as_ref()).or(named.first())?;
        let held = evidence.pool.get(target);
        let artifact = held.map_or(Artifact::Digest(target), |held| {
            Artifact::Bytes(held.document.bytes())
        });
        // With its bytes more can be said.
        let here = if held.is_some() { "here " } else { "" };
        let place = [here, &signature.place, " ", target.as_str()].concat();
        let mut known = self.known.borrow_mut();
        let found = known.iter().find(|(other, _)| *other == place);
        let mut verified = if let Some((_, verified)) = found {
            Rc::clone(verified)
        } else {
            // Without a time everything else can be said all the same.
            let verified = Rc::new(self.verify(bundle, artifact, root, UnixTime(i64::MAX)));
            known.push((place, Rc::clone(&verified)));
            verified
        };
        // Only what was still to come then is another matter.
        if let Some(now) = now
            && verified.seen.iter().any(|seen| seen.at > now)
        {
            verified = Rc::new(self.verify(bundle, artifact, root, now));
        }
        let signer = verified.signer.as_ref();
        let named = signer.map(|signer| signers::admitted(&self.signers, signer));
        let (named, source) = named.unwrap_or_default();
        let by_id = matches!(signer, Some(BundleSigner::Key(id)) if self.is_named(id));
        Some(CheckedSignature {
            target: target.clone(),
            verified,
            root: claims::root(root),
            from: signature.from.clone(),
            admitted: by_id || named,
            source,
        })
    }

    fn verify(
        &self,
        bundle: &Bundle,
        artifact: Artifact,
        root: &TrustedRoot,
        now: UnixTime,
    ) -> Verified {
        let keys = signers::keys(&self.signers, &self.keys);
        let by = (bundle.is_by_key() && !keys.is_empty()).then_some(Expected::Keys(keys));
        let asked = BundleQuestion {
            artifact,
            root,
            by: by.as_ref(),
            now,
        };
        verify(bundle, &asked)
    }
}
