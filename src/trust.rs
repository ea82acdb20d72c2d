//! The ways to trust an author, and the digests that the author vouches for.
//!
//! A [`Scheme`] is one way to be known as an author: by digests that are given, by a publisher's
//! policy, by signed metadata, by what tools state of signatures. Each is one file here, and none
//! knows another. A scheme says for which digests somebody vouches ([`Vouched`]); what of an image
//! that covers is one rule for all of them ([`covered()`]), and how several go together is said here.
//! A new scheme is a file and a row of [`SCHEMES`].

mod covered;
mod dct;
mod digests;
mod policy;
mod sigstore;
mod stated;

use std::fmt;

use crate::answer::Answer;
use crate::chain::{Chain, Held, Link, assemble, links};
use crate::claim::{Claim, Code, Role, Seen, Source, Standing, Statement, Verdict, Want, WantKind};
use crate::digest::Digest;
use crate::name::Reference;
use crate::paste::{Content, Finding, Part};
use crate::platform::Platform;
use crate::question::{Question, Trust};
use crate::record::Record;
use crate::sigstore::ShippedRoots;
use crate::text::joined;
use crate::time::UnixTime;

pub(crate) use covered::covered;
pub use sigstore::{BundleReport, verify_bundle};
pub(crate) use sigstore::{is_origin, is_signature};

/// Every scheme, in the order in which they are asked: lists of an author before signatures, and
/// what can be proven before what tools state.
const SCHEMES: [New; 5] = [
    |_, _| Box::new(digests::Digests),
    |_, _| Box::new(policy::Listed),
    |question, _| Box::new(dct::Store::of(question)),
    |question, roots| Box::new(sigstore::Signatures::of(question, roots)),
    |_, _| Box::new(stated::Stated),
];

/// A scheme for a question, with the trusted roots that come along.
type New = fn(&Question, &ShippedRoots) -> Box<dyn Scheme>;

/// One way to be known as an author: what it still wants, what it vouches for, what there is to
/// see. One that has evidence of its own takes that, too.
pub(crate) trait Scheme {
    /// Its testimony about an image; nothing if the author is not known in this way.
    fn vouches(&self, about: &About) -> Option<Testimony>;

    /// What only others than tools could say of the image, as long as none of it is here.
    fn wants(&self, _image: &Reference, _by: &Trust) -> Option<Want> {
        None
    }

    /// The wants of the scheme: places where signatures of the image may be, and the parts of those found.
    fn fetches(&self, _about: &About) -> Vec<Want> {
        Vec::new()
    }

    /// True if it looks for documents that refer to the image.
    fn refers(&self) -> bool {
        false
    }

    /// The claims in its evidence, when no question asks for them; of an image, where one is described.
    fn shows(
        &self,
        _evidence: &Record,
        _about: Option<&About>,
        _now: Option<UnixTime>,
    ) -> Vec<Claim> {
        Vec::new()
    }

    /// Claims about evidence that belongs to nothing that could be asked about.
    fn strays(&self) -> Vec<Claim> {
        Vec::new()
    }

    /// Takes files of its own that were saved together, if these are such.
    fn add_saved(
        &mut self,
        _evidence: &mut Record,
        _bytes: &[u8],
        _from: Option<&Source>,
    ) -> Option<Finding> {
        None
    }

    /// Takes a single file of its own, if this is one.
    fn add_single(&mut self, _evidence: &mut Record, _bytes: &[u8], _from: &Source) -> bool {
        false
    }

    /// A heading for one of its files.
    fn heading(&self, _bytes: &[u8], _from: &Source) -> Option<Claim> {
        None
    }
}

/// The question to a scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) evidence: &'a Record,
    /// The image, and what it leads to.
    pub(crate) chain: &'a Chain,
    /// The trust in the author.
    pub(crate) by: &'a Trust,
    /// The one platform that is asked about.
    pub(crate) only: Option<&'a Platform>,
    pub(crate) now: Option<UnixTime>,
}

/// A digest that somebody vouches for: the author, a policy, a key, an identity.
#[derive(Clone, Debug)]
pub(crate) struct Vouched {
    pub(crate) digest: Digest,
    /// The one platform that it is for, where whoever vouches for it says so.
    pub(crate) platform: Option<Platform>,
    /// How it is known that they do.
    pub(crate) standing: Standing,
    /// Whose word it is: the premise of what follows from it.
    pub(crate) by: Source,
    pub(crate) of: Of,
}

/// The role in which a digest is vouched for.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    /// As what the author published, wherever that was. There may be more that they published.
    Any,
    /// As what the reference in question means.
    Image,
    /// As what is published under this name. An image is that, or it consists of what that
    /// consists of; what it consists of else is not what was published.
    Name(Reference),
}

/// The testimony of a scheme about an image.
#[derive(Debug)]
pub(crate) struct Testimony {
    pub(crate) weight: Weight,
    pub(crate) vouched: Vec<Vouched>,
    /// Claims that depend on the scheme alone, and other claims for information.
    pub(crate) answer: Answer,
    /// A claim to show where another scheme answers, and this one only states it.
    pub(crate) unproven: Option<Claim>,
}

/// How much what one scheme says counts beside what others say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The author's list: the image has to be on it, whatever is signed.
    Listed,
    /// A signature: enough where the author has no list. Where both are there, what is signed has
    /// to be what is listed; the code is that of the note that it is not.
    Signed(Code),
    /// The author's word that signatures alone decide.
    Unlisted,
}

/// The schemes of one question, each with its own evidence.
pub(crate) struct Schemes(Vec<Box<dyn Scheme>>);

/// Each by its place only: what is behind a `dyn` is never left out of the module, and all that schemes hold
/// written out for debugging was a fiftieth of it.
impl fmt::Debug for Schemes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} schemes", self.0.len())
    }
}

/// All testimonies, by how much each counts.
#[derive(Debug, Default)]
struct Voiced {
    listed: Option<Testimony>,
    signed: Option<Testimony>,
    unlisted: Option<Testimony>,
    /// Those that do not answer.
    silent: Vec<Testimony>,
}

impl Schemes {
    pub(crate) fn of(question: &Question, roots: &ShippedRoots) -> Self {
        let all = SCHEMES.iter().map(|scheme| scheme(question, roots));
        Schemes(all.collect())
    }

    /// Answers if an image is what its author published. With it comes the chain of the image,
    /// where that goes on from the signed digest.
    pub(crate) fn published(&self, about: &About) -> (Option<Chain>, Answer) {
        let mut said = Voiced::default();
        for scheme in &self.0 {
            // The first signature that answers does: the schemes after it are not asked.
            if said.signed.is_none()
                && let Some(testimony) = scheme.vouches(about)
            {
                said.add(testimony);
            }
        }
        let onward = said.onward(about);
        let chain = onward.as_ref().unwrap_or(about.chain);
        let mut answer = said.answer(&About { chain, ..*about });
        let strays = self.0.iter().flat_map(|scheme| scheme.strays());
        answer.beside.extend(strays);
        (onward, answer)
    }

    /// What only others than tools could say of who signed an image.
    pub(crate) fn wants(&self, image: &Reference, by: &Trust) -> Vec<Want> {
        let wants = self.0.iter().filter_map(|scheme| scheme.wants(image, by));
        wants.collect()
    }

    pub(crate) fn fetches(&self, about: &About) -> Vec<Want> {
        let all = self.0.iter().flat_map(|scheme| scheme.fetches(about));
        all.collect()
    }

    pub(crate) fn refers(&self) -> bool {
        self.0.iter().any(|scheme| scheme.refers())
    }

    pub(crate) fn shows(
        &self,
        evidence: &Record,
        about: Option<&About>,
        now: Option<UnixTime>,
    ) -> Vec<Claim> {
        let all = self.0.iter();
        all.flat_map(|scheme| scheme.shows(evidence, about, now))
            .collect()
    }

    pub(crate) fn add_saved(
        &mut self,
        evidence: &mut Record,
        bytes: &[u8],
        from: Option<&Source>,
    ) -> Option<Finding> {
        let mut all = self.0.iter_mut();
        all.find_map(|scheme| scheme.add_saved(evidence, bytes, from))
    }

    pub(crate) fn add_single(
        &mut self,
        evidence: &mut Record,
        bytes: &[u8],
        from: &Source,
    ) -> bool {
        let mut all = self.0.iter_mut();
        all.any(|scheme| scheme.add_single(evidence, bytes, from))
    }

    /// Takes a part of a paste that is a file of one of them, if it is.
    pub(crate) fn add_part(&mut self, evidence: &mut Record, part: &Part, from: &Source) -> bool {
        let text = part
            .texts
            .first()
            .filter(|_| part.content == Content::Metadata);
        text.is_some_and(|text| self.add_single(evidence, text.bytes(), from))
    }

    /// Says of each part that is a file of one of them which one it is.
    pub(crate) fn describe(&self, parts: &[Part], findings: &mut [Finding]) {
        for (part, finding) in parts.iter().zip(findings) {
            let Some(text) = part
                .texts
                .first()
                .filter(|_| part.content == Content::Metadata)
            else {
                continue;
            };
            let from = Source::pasted(part.tool);
            let mut all = self.0.iter();
            if let Some(claim) = all.find_map(|scheme| scheme.heading(text.bytes(), &from)) {
                finding.claims = vec![claim];
            }
        }
    }
}

impl Voiced {
    fn add(&mut self, one: Testimony) {
        match one.weight {
            Weight::Listed => self.listed = Some(one),
            Weight::Unlisted => self.unlisted = Some(one),
            Weight::Signed(_) if one.answers() => self.signed = Some(one),
            Weight::Signed(_) => self.silent.push(one),
        }
    }

    /// The chain of an image, which goes on from the digest that is signed for it where nobody else
    /// says what the image is.
    fn onward(&self, about: &About) -> Option<Chain> {
        let signed = self.signed.as_ref()?;
        let standings = signed.answer.rests.iter().map(|claim| &claim.standing);
        if about.chain.root.is_some() || Verdict::weakest(standings) != Verdict::Proven {
            return None;
        }
        let of_image = |vouched: &&Vouched| matches!(vouched.of, Of::Image);
        let vouched = signed.vouched.iter().find(of_image)?;
        let at = about.chain.reference.pinned(&vouched.digest);
        let mut onward = assemble(&about.evidence.pool, &about.evidence.hearsay(), &at);
        // Nobody gave that reference: its digest is what the signature says.
        if let Some((_, known)) = &mut onward.root {
            *known = vouched.standing.clone();
        }
        Some(onward)
    }

    fn answer(self, about: &About) -> Answer {
        let mut answer = disputed(about.chain);
        let signed = self.listed.is_none() && self.signed.is_some();
        match (self.listed, self.signed, self.unlisted) {
            // A list that says nothing of the image: no more is known of its signatures.
            (Some(listed), _, _) if listed.vouched.is_empty() => {
                answer.add(listed.answer);
                return answer;
            }
            (Some(listed), signed, _) => {
                let signed = signed.map(|signed| signed.beside(&listed.vouched));
                answer.add(signed.unwrap_or_default());
                answer.add(listed.answer);
                answer.add(covered(about, &listed.vouched));
            }
            (None, Some(signed), unlisted) => {
                answer.add(signed.answer);
                let named = |vouched: &Vouched| matches!(vouched.of, Of::Name(_));
                if let Some(unlisted) = unlisted {
                    answer.release = unlisted.answer.release;
                    // Only by the author's word is the image to be what another name has.
                    if signed.vouched.iter().any(named) {
                        answer.beside.extend(unlisted.answer.beside);
                    }
                }
                answer.add(covered(about, &signed.vouched));
            }
            (None, None, unlisted) => {
                answer.add(unlisted.map(|one| one.answer).unwrap_or_default());
            }
        }
        let standings = answer.rests.iter().map(|claim| &claim.standing);
        let stated = signed && Verdict::weakest(standings) == Verdict::Stated;
        for silent in self.silent {
            answer.beside.extend(silent.unproven.filter(|_| stated));
            answer.beside.extend(silent.answer.beside);
        }
        answer
    }
}

impl Testimony {
    /// True if an answer can depend on it.
    fn answers(&self) -> bool {
        !self.vouched.is_empty() || !self.answer.rests.is_empty()
    }

    /// The answer by signatures, where an author also lists digests: a signed digest that is not in
    /// the list contradicts it.
    /// What cannot be said of the signature stays beside.
    fn beside(self, listed: &[Vouched]) -> Answer {
        let open = |claim: &Claim| claim.standing.verdict() == Verdict::Open;
        let Answer { rests, beside, .. } = self.answer;
        let (open, rests): (Vec<_>, Vec<_>) = rests.into_iter().partition(open);
        let mut answer = Answer {
            rests,
            beside,
            ..Answer::default()
        };
        answer.beside.extend(open);
        let listed = listed.iter().filter(|listed| listed.platform.is_none());
        let listed: Vec<&Vouched> = listed.collect();
        let (Weight::Signed(code), Some(first)) = (self.weight, listed.first()) else {
            return answer;
        };
        for signed in &self.vouched {
            if listed.iter().any(|listed| listed.digest == signed.digest) {
                continue;
            }
            let expected: Vec<&str> = listed.iter().map(|one| one.digest.as_str()).collect();
            let by = signed.standing.sources().last().copied();
            let found = Seen::new(signed.digest.as_str(), by.unwrap_or(&first.by).clone());
            let expected = Seen::new(joined(&expected, " or "), first.by.clone());
            let text = "the signed digest is not in the list";
            let standing = Standing::contradicted(expected, found);
            let claim = Claim::new(Statement::note(None, code, text), standing);
            answer.rests.push(claim);
        }
        answer
    }
}

impl<'a> About<'a> {
    /// Where a document is an index that names what the image is as one of its images: an artifact
    /// that refers to the image, or an attestation, does not make the image what was published.
    fn entry(&self, index: &Digest) -> Option<(&'a Held, Link<'a>)> {
        let (root, _) = self.chain.root.as_ref()?;
        let held = self.evidence.pool.get(index)?;
        let mut links = links(held.view.as_ref().ok()?);
        let names = |link: &Link| {
            link.role == Role::Manifest && self.evidence.pool.same(link.digest(), root)
        };
        links.find(names).map(|link| (held, link))
    }
}

impl Vouched {
    /// The premise of what follows from it: it is as good as their word is known.
    fn premise(&self) -> Standing {
        match &self.standing {
            Standing::Proven(_) => Standing::premise(self.by.clone()),
            standing => standing.clone(),
        }
    }

    fn is_stated(&self) -> bool {
        matches!(self.standing, Standing::Stated { .. })
    }
}

/// An answer to begin with: it rests on what the image is, where that is disputed.
fn disputed(chain: &Chain) -> Answer {
    let mut answer = Answer::default();
    if let Some(standing) = &chain.disputed {
        let statement = match &chain.root {
            Some((digest, _)) => resolves(&chain.reference, digest),
            None => Statement::note(None, Code::SeveralDigests, chain.unanswered()),
        };
        answer.rests.push(Claim::new(statement, standing.clone()));
    }
    answer
}

fn resolves(reference: &Reference, digest: &Digest) -> Statement {
    Statement::Resolves {
        reference: reference.to_string(),
        digest: digest.clone(),
    }
}

/// A repository with its registry, as docker names it to a notary server.
fn repository(image: &Reference) -> String {
    format!("{}/{}", image.registry(), image.repository())
}

/// The signed metadata of an image's repository, as `pullproof rescue` saves it.
fn want_metadata(image: &Reference) -> Want {
    Want {
        what: WantKind::Notary,
        ..Want::run(format!("pullproof rescue {}", repository(image)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scheme that nothing else knows of.
    #[derive(Debug)]
    struct Toy(Weight, Vec<Vouched>);

    impl Scheme for Toy {
        fn vouches(&self, _: &About) -> Option<Testimony> {
            Some(Testimony {
                weight: self.0,
                vouched: self.1.clone(),
                answer: Answer::default(),
                unproven: None,
            })
        }
    }

    const SIGNED: Weight = Weight::Signed(Code::DctDigest);

    fn config(architecture: &str) -> String {
        let layer = Digest::sha256(b"layer");
        format!(
            r#"{{"architecture":"{architecture}","os":"linux","rootfs":{{"type":"layers","diff_ids":["{layer}"]}}}}"#
        )
    }

    fn named(kind: &str, text: &str, more: &str) -> String {
        let digest = Digest::sha256(text.as_bytes());
        let size = text.len();
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.{kind}","digest":"{digest}","size":{size}{more}}}"#
        )
    }

    /// `space`: what tells two manifests of one configuration apart.
    fn manifest(config: &str, space: &str) -> String {
        let config = named("config.v1+json", config, "");
        let layer = named("layer.v1.tar", "layer", "");
        format!(r#"{{"schemaVersion":2,{space}"config":{config},"layers":[{layer}]}}"#)
    }

    fn index(space: &str) -> [String; 5] {
        let configs = ["amd64", "arm64"].map(config);
        let [amd64, arm64] = configs.each_ref().map(|config| manifest(config, space));
        let entry = |manifest: &str, name: &str| {
            let more = format!(r#","platform":{{"architecture":"{name}","os":"linux"}}"#);
            named("manifest.v1+json", manifest, &more)
        };
        let entries = [entry(&amd64, "amd64"), entry(&arm64, "arm64")].join(",");
        let index = format!(r#"{{"schemaVersion":2,"manifests":[{entries}]}}"#);
        let [a, b] = configs;
        [index, amd64, arm64, a, b]
    }

    fn vouched(text: &str, of: Of) -> Vouched {
        let by = Source::given("a toy");
        Vouched {
            digest: Digest::sha256(text.as_bytes()),
            platform: None,
            standing: Standing::premise(by.clone()),
            by,
            of,
        }
    }

    fn name() -> Of {
        Of::Name("a.example/toy".parse().unwrap())
    }

    /// The answer of toys for the image with these documents, of which the first is the image.
    fn answer(documents: &[String], toys: Vec<Toy>) -> Answer {
        let mut evidence = Record::default();
        for text in documents {
            let from = Source::given("a test");
            evidence.add_exact(text.clone().into_bytes(), None, from);
        }
        let image: Reference = "b.example/toy:1".parse().unwrap();
        let image = image.at(&Digest::sha256(documents[0].as_bytes()));
        let chain = assemble(&evidence.pool, &[], &image);
        let all = toys.into_iter().map(|toy| Box::new(toy) as Box<dyn Scheme>);
        let about = About {
            evidence: &evidence,
            chain: &chain,
            by: &Trust::Digests(Vec::new()),
            only: None,
            now: None,
        };
        Schemes(all.collect()).published(&about).1
    }

    #[track_caller]
    fn is(answer: &Answer, verdict: Verdict) {
        let rests = answer.rests.iter().map(|claim| &claim.standing);
        assert_eq!(Verdict::weakest(rests), verdict, "{:#?}", answer.rests);
    }

    fn platforms(answer: &Answer) -> Vec<(&str, Verdict)> {
        let mut found = Vec::new();
        for claim in &answer.rests {
            if let Statement::Includes { platform, .. } = &claim.statement {
                found.push((platform.as_deref().unwrap(), claim.standing.verdict()));
            }
        }
        found
    }

    #[test]
    fn a_scheme_that_is_only_a_file_and_a_row_has_the_whole_rule() {
        let documents = index("");
        let whole = vouched(&documents[0], Of::Any);
        let found = answer(&documents, vec![Toy(SIGNED, vec![whole])]);
        is(&found, Verdict::Proven);
        let sources = found.rests[0].standing.sources();
        assert!(sources.contains(&&Source::given("a toy")), "{sources:?}");
        // A part of it: the other platform is open, and it is said what would settle it.
        let part = vouched(&documents[3], Of::Any);
        let found = answer(&documents, vec![Toy(SIGNED, vec![part])]);
        let known = [
            ("linux/amd64", Verdict::Proven),
            ("linux/arm64", Verdict::Open),
        ];
        assert_eq!(platforms(&found), known);
        let wants = found.wanted();
        assert!(wants[0].hint.contains("for linux/arm64"), "{wants:?}");
        // Nothing of it.
        let other = vouched("another", Of::Any);
        let found = answer(&documents, vec![Toy(SIGNED, vec![other])]);
        is(&found, Verdict::Contradicted);
    }

    #[test]
    fn what_is_only_stated_to_be_vouched_for_is_never_proven_and_wants_no_bytes() {
        let documents = index("");
        let stated = Vouched {
            standing: Standing::stated(Source::pasted("toy")),
            ..vouched(&documents[0], Of::Any)
        };
        let manifest = [documents[1].clone(), documents[0].clone()];
        let found = answer(&manifest, vec![Toy(SIGNED, vec![stated.clone()])]);
        is(&found, Verdict::Stated);
        let found = answer(&manifest[..1], vec![Toy(SIGNED, vec![stated])]);
        assert_eq!(found.wanted(), []);
    }

    #[test]
    fn a_copy_is_held_against_what_is_published_under_another_name() {
        let (copy, published) = (index(" "), index(""));
        let whole = || vec![Toy(SIGNED, vec![vouched(&published[0], name())])];
        let found = answer(&copy, whole());
        is(&found, Verdict::Open);
        let wanted = format!("a.example/toy@{}", Digest::sha256(published[0].as_bytes()));
        let wants = found.wanted();
        assert!(wants[0].hint.ends_with(&wanted), "{wants:?}");
        let both = [&copy[..], &published[..3]].concat();
        let found = answer(&both, whole());
        let known = ["linux/amd64", "linux/arm64"].map(|name| (name, Verdict::Proven));
        assert_eq!(platforms(&found), known);
        // What is for one platform is vouched for as no other.
        let own = Vouched {
            platform: Some("linux/arm64".parse().unwrap()),
            ..vouched(&copy[3], name())
        };
        let found = answer(&copy, vec![Toy(Weight::Listed, vec![own])]);
        is(&found, Verdict::Contradicted);
    }

    #[test]
    fn a_list_and_a_signature_both_have_to_hold_and_of_signatures_the_first_that_answers() {
        let documents = index("");
        let whole = || vec![vouched(&documents[0], Of::Any)];
        let other = || vec![vouched("another", Of::Any)];
        let listed = |signed| vec![Toy(Weight::Listed, whole()), Toy(SIGNED, signed)];
        is(&answer(&documents, listed(whole())), Verdict::Proven);
        is(&answer(&documents, listed(Vec::new())), Verdict::Proven);
        let found = answer(&documents, listed(other()));
        is(&found, Verdict::Contradicted);
        let differs = |claim: &Claim| claim.statement.noted(Code::DctDigest).is_some();
        assert!(found.rests.iter().any(differs), "{:#?}", found.rests);
        let either = |first, second| vec![Toy(SIGNED, first), Toy(SIGNED, second)];
        is(
            &answer(&documents, either(Vec::new(), whole())),
            Verdict::Proven,
        );
        is(
            &answer(&documents, either(other(), whole())),
            Verdict::Contradicted,
        );
        // An author's list without digests leaves it to the signatures.
        let unlisted = vec![Toy(Weight::Unlisted, Vec::new()), Toy(SIGNED, whole())];
        is(&answer(&documents, unlisted), Verdict::Proven);
    }
}
