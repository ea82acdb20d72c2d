//! Reading a policy: every value knows its place in words, for the errors.

use std::str::FromStr;

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::{Kind, Member, Value};
use crate::limits;
use crate::name::Reference;
use crate::platform::Platform;
use crate::signature::PublicKey;
use crate::text::{Parts, in_quotes, shortened};
use crate::time;

use super::{Dct, KeyWindow, Policy, PolicySigner, Release};

const EMPTY: &str = "policy-empty";
const MISSING: &str = "policy-missing";
const VALUE: &str = "policy-value";
const CONTRADICTION: &str = "policy-contradiction";

pub(super) fn policy(root: &Value, text: &str) -> Result<Policy, Error> {
    let root = At {
        value: root,
        place: String::new(),
    };
    if root.value.members().is_some_and(<[Member]>::is_empty) {
        return Err(root.refuse(EMPTY, "a policy", "nothing".to_owned()));
    }
    root.only("$schema pullproof version project why names mirrors releases signers")?;
    let kind = root.need("pullproof")?;
    if kind.text()? != "policy" {
        return Err(kind.wrong("policy"));
    }
    let version = root.need("version")?;
    if version.value.as_u64() != Some(1) {
        let found = version.found();
        return Err(version.refuse("policy-version", "1", found));
    }
    let project = root.need("project")?.text()?.to_owned();
    // Only people and editors read these.
    for name in ["$schema", "why"] {
        if let Some(prose) = root.get(name) {
            prose.text()?;
        }
    }
    let mut known = Vec::new();
    let names = root.need("names")?.repositories(&mut known)?;
    let mirrors = match root.get("mirrors") {
        Some(mirrors) => mirrors.repositories(&mut known)?,
        None => Vec::new(),
    };
    let (mut dct, mut sigstore) = (None, Vec::new());
    if let Some(signers) = root.get("signers") {
        signers.only("dct sigstore")?;
        if let Some(all) = signers.get("sigstore") {
            sigstore = all.signers()?;
        }
        match signers.get("dct") {
            None if !sigstore.is_empty() => {}
            _ => dct = Some(signers.need("dct")?.dct()?),
        }
    }
    let signed = dct.is_some() || !sigstore.is_empty();
    let mut releases: Vec<Release> = Vec::new();
    for item in root.need("releases")?.items()? {
        let release = item.release(signed)?;
        if releases.iter().any(|other| other.tag == release.tag) {
            return Err(item.need("tag")?.again());
        }
        releases.push(release);
    }
    Ok(Policy {
        text: text.to_owned(),
        project,
        names,
        mirrors,
        releases,
        dct,
        sigstore,
    })
}

/// Signers with Sigstore, in a question.
pub(crate) fn signers(value: &Value) -> Result<Vec<PolicySigner>, Error> {
    let place = "signers".to_owned();
    At { value, place }.signers()
}

/// A value and where it stands: `releases[1].tag`.
struct At<'v, 'a> {
    value: &'v Value<'a>,
    place: String,
}

impl<'v, 'a> At<'v, 'a> {
    #[inline(never)]
    fn refuse(&self, fault: &'static str, expected: &'static str, found: String) -> Error {
        let place = shortened(&self.place);
        let kind = ErrorKind::Policy {
            fault,
            place,
            expected,
            found,
        };
        Error::at(kind, self.value.span.start)
    }

    #[inline(never)]
    fn wrong(&self, expected: &'static str) -> Error {
        let found = self.found();
        self.refuse(VALUE, expected, found)
    }

    #[inline(never)]
    fn again(&self) -> Error {
        let found = format!("{} again", self.found());
        self.refuse(CONTRADICTION, "each once", found)
    }

    /// The value found here, in words.
    #[inline(never)]
    fn found(&self) -> String {
        match &self.value.kind {
            Kind::String(text) => in_quotes(&shortened(&text.text)),
            Kind::Number(raw) => shortened(raw),
            _ => self.value.type_name().to_owned(),
        }
    }

    #[inline(never)]
    fn child(&self, name: &str, value: &'v Value<'a>) -> Self {
        let dot = if self.place.is_empty() { "" } else { "." };
        let place = format!("{}{dot}{name}", self.place);
        At { value, place }
    }

    /// The members of an object that has some.
    #[inline(never)]
    fn members(&self) -> Result<&'v [Member<'a>], Error> {
        match self.value.members() {
            None => Err(self.wrong("an object")),
            Some([]) => Err(self.refuse(EMPTY, "at least one name", "none".to_owned())),
            Some(members) => Ok(members),
        }
    }

    /// An unknown name may be a known one misspelt, and so a condition lost.
    #[inline(never)]
    fn only(&self, known: &'static str) -> Result<(), Error> {
        for member in self.members()? {
            if !known.has_word(&member.key.text) {
                let found = in_quotes(&shortened(&member.key.text));
                return Err(self.child(&member.key.text, &member.value).refuse(
                    "policy-unknown",
                    known,
                    found,
                ));
            }
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<Self> {
        Some(self.child(name, self.value.get(name)?))
    }

    #[inline(never)]
    fn need(&self, name: &'static str) -> Result<Self, Error> {
        let found = || self.refuse(MISSING, name, "none".to_owned());
        self.get(name).ok_or_else(found)
    }

    /// Text that is not empty.
    #[inline(never)]
    fn text(&self) -> Result<&'v str, Error> {
        match self.value.as_str() {
            None => Err(self.wrong("text")),
            Some("") => Err(self.refuse(EMPTY, "text", "none".to_owned())),
            Some(text) => Ok(text),
        }
    }

    /// The items of a list that has some.
    #[inline(never)]
    fn items(&self) -> Result<Vec<Self>, Error> {
        let Some(values) = self.value.items() else {
            return Err(self.wrong("a list"));
        };
        if values.is_empty() {
            return Err(self.refuse(EMPTY, "at least one in the list", "none".to_owned()));
        }
        if values.len() > limits::ENTRIES {
            let (limit, allowed) = ("entries in a list", limits::ENTRIES as u64);
            return Err(Error::new(ErrorKind::LimitExceeded { limit, allowed }));
        }
        let mut items = Vec::with_capacity(values.len());
        for (n, value) in values.iter().enumerate() {
            let place = format!("{}[{n}]", self.place);
            items.push(At { value, place });
        }
        Ok(items)
    }

    fn parsed<T: FromStr>(&self, expected: &'static str) -> Result<T, Error> {
        let text = self.text()?;
        text.parse().map_err(|_| self.wrong(expected))
    }

    /// A list without duplicates: `add` says whether an item is new.
    fn list(&self, add: &mut dyn FnMut(&Self) -> Result<bool, Error>) -> Result<(), Error> {
        for item in self.items()? {
            if !add(&item)? {
                return Err(item.again());
            }
        }
        Ok(())
    }

    fn digest(&self) -> Result<Digest, Error> {
        let expected = "sha256: or sha512: with all its digits";
        let digest: Digest = self.parsed(expected)?;
        if digest.algorithm().is_none() {
            return Err(self.wrong(expected));
        }
        Ok(digest)
    }

    fn key(&self) -> Result<PublicKey, Error> {
        self.parsed("the 64 hex digits of a whole key id")
    }

    fn keys(&self) -> Result<Vec<PublicKey>, Error> {
        let mut keys = Vec::new();
        self.list(&mut |item| item.key().map(|key| is_new(&mut keys, key)))?;
        Ok(keys)
    }

    fn repository(&self) -> Result<Reference, Error> {
        let expected = "a repository without a tag or a digest";
        let (text, reference) = (self.text()?, self.parsed(expected)?);
        let last = text.cut_last("/").map_or(text, |(_, last)| last);
        if last.has_any(":@") {
            return Err(self.wrong(expected));
        }
        Ok(reference)
    }

    /// Repositories of which none is among those `known` from elsewhere in the policy.
    fn repositories(&self, known: &mut Vec<Reference>) -> Result<Vec<Reference>, Error> {
        let before = known.len();
        self.list(&mut |item| item.repository().map(|name| is_new(known, name)))?;
        Ok(known.get(before..).unwrap_or_default().to_vec())
    }

    fn release(&self, signed: bool) -> Result<Release, Error> {
        self.only("tag digests configs note")?;
        let at = self.need("tag")?;
        let tag = at.text()?;
        // The grammar of tags is that of references.
        if format!("a/a:{tag}").parse::<Reference>().is_err() || tag.has_any("@:/") {
            return Err(at.wrong("a tag"));
        }
        let mut release = Release {
            tag: tag.to_owned(),
            digests: Vec::new(),
            configs: Vec::new(),
            note: String::new(),
        };
        if let Some(digests) = self.get("digests") {
            let known = &mut release.digests;
            digests.list(&mut |item| item.digest().map(|digest| is_new(known, digest)))?;
        }
        if let Some(configs) = self.get("configs") {
            configs.configs(&mut release)?;
        }
        if let Some(note) = self.get("note") {
            note.text()?.clone_into(&mut release.note);
        }
        if release.digests.is_empty() && release.configs.is_empty() && !signed {
            let expected = "digests, configs or signers of the policy";
            return Err(self.refuse(MISSING, expected, "none".to_owned()));
        }
        Ok(release)
    }

    fn configs(&self, release: &mut Release) -> Result<(), Error> {
        for member in self.members()? {
            let at = self.child(&member.key.text, &member.value);
            let Ok(platform) = member.key.text.parse::<Platform>() else {
                let found = in_quotes(&shortened(&member.key.text));
                return Err(at.refuse(VALUE, "a platform such as linux/amd64", found));
            };
            if release.config(&platform).is_some() {
                let found = format!("{platform} again");
                return Err(at.refuse(CONTRADICTION, "each platform once", found));
            }
            release.configs.push((platform, at.digest()?));
        }
        Ok(())
    }

    fn signers(&self) -> Result<Vec<PolicySigner>, Error> {
        let mut signers = Vec::new();
        let mut places = Vec::new();
        self.list(&mut |one| {
            let signer = one.signer()?;
            if let Some(place) = signer.signatures() {
                is_new(&mut places, place.clone());
            }
            if places.len() > limits::SIGNATURE_PLACES {
                let (limit, allowed) = (
                    "repositories with signatures",
                    limits::SIGNATURE_PLACES as u64,
                );
                let kind = ErrorKind::LimitExceeded { limit, allowed };
                return Err(Error::at(kind, one.value.span.start));
            }
            let odd = signers.iter().any(|other| signer.contradicts(other));
            Ok(!odd && is_new(&mut signers, signer))
        })?;
        Ok(signers)
    }

    /// A signer with Sigstore: by an identity with its issuer, by a key, or by a workflow of GitHub.
    fn signer(&self) -> Result<PolicySigner, Error> {
        if let Some(key) = self.get("key") {
            self.only("key from until source signatures")?;
            return Ok(PolicySigner::Key {
                key: key.parsed("a public key in PEM, or its whole ID")?,
                window: KeyWindow {
                    from: self.time("from")?,
                    until: self.time("until")?,
                },
                source: self.source()?,
                signatures: self.signatures()?,
            });
        }
        if let Some(repository) = self.get("repository") {
            self.only("repository workflow signatures")?;
            let (repository, workflow) = repository.workflow(self.get("workflow"))?;
            return Ok(PolicySigner::Workflow {
                repository,
                workflow,
                signatures: self.signatures()?,
            });
        }
        let pattern = self.get("identityPattern");
        self.only(match pattern {
            Some(_) => "identityPattern issuer source signatures",
            None => "identity issuer source signatures",
        })?;
        let is_pattern = pattern.is_some();
        let identity = pattern.map_or_else(|| self.need("identity"), Ok)?;
        let name = identity.text()?;
        // One that everybody is like names nobody.
        if is_pattern && (!name.has("*") || name.bytes().all(|byte| byte == b'*')) {
            return Err(identity.wrong("an identity in which * is any text"));
        }
        Ok(PolicySigner::Identity {
            identity: name.to_owned(),
            is_pattern,
            issuer: self.need("issuer")?.text()?.to_owned(),
            source: self.source()?,
            signatures: self.signatures()?,
        })
    }

    fn time(&self, name: &str) -> Result<Option<String>, Error> {
        let Some(at) = self.get(name) else {
            return Ok(None);
        };
        match time::milliseconds(at.text()?) {
            Some(_) => Ok(Some(at.text()?.to_owned())),
            None => Err(at.wrong("a time such as 2026-01-31T00:00:00Z")),
        }
    }

    fn source(&self) -> Result<Option<String>, Error> {
        let source = self.get("source").map(|source| source.text());
        Ok(source.transpose()?.map(str::to_owned))
    }

    /// The repository where a signer's signatures are looked for.
    fn signatures(&self) -> Result<Option<Reference>, Error> {
        let at = self.get("signatures").map(|at| at.repository());
        at.transpose()
    }

    /// A workflow of GitHub, of which this is the repository.
    fn workflow(&self, file: Option<Self>) -> Result<(String, Option<String>), Error> {
        let repository = self.text()?;
        let parts = repository.split('/');
        if parts.clone().count() != 2 || parts.clone().any(str::is_empty) {
            return Err(self.wrong("OWNER/NAME of a repository at GitHub"));
        }
        let workflow = file.map(|file| match file.text()? {
            path if path.has(".github/workflows/") && !path.has("@") => Ok(path.to_owned()),
            _ => Err(file.wrong("the path of a workflow: .github/workflows/release.yml")),
        });
        Ok((repository.to_owned(), workflow.transpose()?))
    }

    fn dct(&self) -> Result<Dct, Error> {
        self.only("root repository signers")?;
        let mut dct = Dct::default();
        if let Some(root) = self.get("root") {
            dct.root = root.keys()?;
        }
        if let Some(repository) = self.get("repository") {
            dct.repository = repository.keys()?;
        }
        if dct.root.is_empty() && dct.repository.is_empty() {
            // Who may sign is said by the keys above them.
            return Err(self.refuse(MISSING, "root or repository", "neither".to_owned()));
        }
        if let Some(signers) = self.get("signers") {
            for member in signers.members()? {
                let keys = signers.child(&member.key.text, &member.value).keys()?;
                dct.signers.push((member.key.text.to_string(), keys));
            }
        }
        Ok(dct)
    }
}

/// Adds what is not there yet.
fn is_new<T: PartialEq>(known: &mut Vec<T>, value: T) -> bool {
    let new = !known.contains(&value);
    if new {
        known.push(value);
    }
    new
}
