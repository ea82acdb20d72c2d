//! An image as a line, a row or an object of a tool's output describes it. Every form that is
//! described by a table is read into this, and stated from here.

use crate::claim::{Code, IdKind, Role};
use crate::digest::Digest;
use crate::name::Reference;
use crate::paste::{Reading, entry_role, is_identifier, is_index_type, repository};
use crate::platform::Platform;
use crate::recover::Search;
use crate::text::{Parts, parsed, shown};

use crate::paste::{Fidelity, Printout};
use crate::recover::Edit;

/// The meaning of the fields of a form, beyond their names.
#[derive(Clone, Copy)]
pub(crate) struct Means {
    /// True if it shows the images that a machine keeps, and not those of a registry.
    pub(crate) kept: bool,
    /// The kind of an identifier; unknown means that it is of the manifest or index that is kept.
    pub(crate) id: Option<IdKind>,
}

/// The facts in the output about one image.
pub(crate) struct ImageFacts<'t> {
    pub(crate) means: Means,
    /// Its names, with a tag or a digest.
    named: Vec<Reference>,
    /// A name without either.
    repository: Option<Reference>,
    /// Such a name without its registry, and the word that the output has for the registry.
    bare: (&'t str, &'t str),
    tags: Vec<&'t str>,
    /// True if the output has a place for tags.
    lists: bool,
    pub(crate) digest: Option<Digest>,
    /// The beginnings of digests, and of what.
    short: Vec<(&'static str, &'t str)>,
    id: &'t str,
    /// The registry's own name of it, which is no digest.
    own: &'t str,
    size: Option<u64>,
    platform: Platform,
    media_type: &'t str,
    parts: Vec<(Role, Digest, Platform)>,
    /// True if the tag is, or may be, no longer this.
    ended: bool,
    /// The number of manifests that the text says it has.
    count: Option<usize>,
    /// The region of a registry whose name has one.
    pub(crate) region: &'t str,
    /// The bytes, and the field that they are in.
    text: Option<(&'t str, &'static str)>,
}

impl<'t> ImageFacts<'t> {
    pub(crate) fn new(means: Means) -> Self {
        ImageFacts {
            means,
            named: Vec::new(),
            repository: None,
            bare: ("", ""),
            tags: Vec::new(),
            lists: false,
            digest: None,
            short: Vec::new(),
            id: "",
            own: "",
            size: None,
            platform: Platform::default(),
            media_type: "",
            parts: Vec::new(),
            ended: false,
            count: None,
            region: "",
            text: None,
        }
    }

    /// True if a name and its digest are known, so that a further name is of a further image.
    pub(crate) fn is_whole(&self) -> bool {
        self.digest.is_some() && (!self.named.is_empty() || self.repository.is_some())
    }

    /// Takes in a field by its letter; whether it can be what the letter says:
    /// - `n` a name, `g` one with its registry, where any word could stand, `G` one that is itself what the digest is
    ///   of, `N` one that was pushed, `r` a repository without its registry, `h` an ID in place of
    ///   the registry, `t` tags
    /// - `d` the digest, `i` the identifier, `u` one of both, `s` the size, `k` the media type, `b` the bytes
    /// - `j` the registry's own name of it
    /// - `w` the beginning, of any length, of a digest or of a commit's name
    /// - `q` the number of manifests in it, `m` a manifest in it, `e` one if the digest is known, `a` an attestation, `c` a
    ///   configuration, `l` a layer
    /// - `o`, `A`, `v`, `V` system, architecture, variant and version, `p` all of them, of the
    ///   manifest that was named last
    /// - `f` the file of the configuration, `F` of a layer, where their names are digests
    /// - `y` the path of a manifest's file, `z` a time at which the tag is no longer this
    /// - any other: nothing that is read
    pub(crate) fn put(&mut self, letter: u8, value: &'t str) -> bool {
        let value = value.without("\"',[]()");
        match letter {
            b'N' | b'n' => {
                self.means.kept &= letter == b'n';
                if is_identifier(value) && is_short(value.after_all("sha256:")) {
                    return self.put(b'i', value);
                }
                return value == "<none>" || value.split(',').all(|name| self.name(name));
            }
            b'G' => {
                self.lists = true;
                return value.has("/") && self.name(value);
            }
            b'g' => return value.has("/") && self.name(value),
            b'r' => self.bare.0 = value,
            b'h' => self.bare.1 = value,
            b't' => {
                self.lists = true;
                let tags = value.split([',', ';']).map(str::trim);
                // In place of tags may be `<none>` or `None`, or the time of the next column.
                let is_tag = |tag: &&str| !tag.is_empty() && !tag.has_any(":<") && *tag != "None";
                self.tags.extend(tags.filter(is_tag));
            }
            b'e' if self.digest.is_some() => return self.part(Role::Manifest, value),
            b'd' | b'e' => match digest(value) {
                Some(digest) => self.digest = Some(digest),
                None if is_short(value.after_all("sha256:")) => self.short.push(("", value)),
                None => return value == "<none>",
            },
            b'f' => {
                let name = value.behind_any("/").before_any(".");
                self.id = if digest(name).is_some() { name } else { "" };
                return !self.id.is_empty();
            }
            b'F' => {
                // Where it was saved as the registry has it.
                let name = value.strip_suffix(".tar.gz");
                return name.is_none_or(|name| self.part(Role::Layer, name));
            }
            b'u' if digest(value).is_some() => return self.put(b'd', value),
            b'u' => return self.put(b'i', value),
            b'i' if value.has("@") => return self.name(value),
            b'i' if !self.id.is_empty() => return is_short(value.after_all("sha256:")),
            b'i' if is_short(value.after_all("sha256:")) => self.id = value,
            b'i' => return false,
            b'y' => return value.ends_with("/manifest.json"),
            b'z' => self.ended = true,
            b'j' => self.own = value,
            b's' => self.size = parsed(value),
            b'q' => self.count = parsed(value),
            b'k' => self.media_type = value,
            b'w' if digest(value).is_some() => return false,
            b'w' => self.short.push((OR_COMMIT, value)),
            b'm' => return self.part(Role::Manifest, value),
            b'a' => return self.part(Role::Attestation, value),
            b'c' => return self.part(Role::Config, value),
            b'l' => return self.part(Role::Layer, value),
            _ => self.set_platform(letter, value),
        }
        true
    }

    /// Takes in the bytes of a document, which are in a field.
    pub(crate) fn text(&mut self, text: &'t str, field: &'static str) {
        self.text = Some((text, field));
    }

    fn name(&mut self, value: &str) -> bool {
        let Some(name) = parsed::<Reference>(value) else {
            return false;
        };
        if let Some(digest) = name.digest() {
            self.digest.get_or_insert_with(|| digest.clone());
        }
        if value.behind_any("/").has_any(":@") {
            let tag = name.tag().and_then(|tag| name.with_tag(tag).ok());
            self.named.push(tag.unwrap_or(name));
        } else {
            self.repository = Some(name);
        }
        true
    }

    fn part(&mut self, role: Role, value: &'t str) -> bool {
        let Some(digest) = digest(value) else {
            let of = match role {
                Role::Config => " of a configuration",
                Role::Layer => " of a layer",
                _ => " of a manifest",
            };
            self.short.push((of, value));
            return is_short(value);
        };
        if !self.parts.iter().any(|(_, known, _)| *known == digest) {
            self.parts.push((role, digest, Platform::default()));
        }
        true
    }

    fn set_platform(&mut self, letter: u8, value: &str) {
        let platform = self.platform();
        match letter {
            b'o' => value.clone_into(&mut platform.os),
            b'A' => value.clone_into(&mut platform.architecture),
            b'v' => value.clone_into(&mut platform.variant),
            b'V' => value.clone_into(&mut platform.os_version),
            b'p' => *platform = parsed(value).unwrap_or_default(),
            _ => {}
        }
    }

    /// The platform of the manifest that was named last; before any, of the whole.
    fn platform(&mut self) -> &mut Platform {
        let mut manifests = self.parts.iter_mut().rev();
        match manifests.find(|(role, _, _)| *role == Role::Manifest) {
            Some((_, _, platform)) => platform,
            None => &mut self.platform,
        }
    }

    /// The images that it is about.
    fn images(&self, about: Option<&Reference>) -> Vec<Reference> {
        let mut images = self.named.clone();
        let (repository, owner) = self.bare;
        let known = |about: &&Reference| {
            let same = repository.is_empty() || about.repository() == repository;
            same && about.registry().starts_with(owner)
        };
        let host = format!("{owner}.dkr.ecr.{}.amazonaws.com/{repository}", self.region);
        let regional = parsed(&host).filter(|_: &Reference| !self.region.is_empty());
        let about = regional.as_ref().or(about.filter(known));
        let owner = self.repository.as_ref().or(about);
        for tag in &self.tags {
            images.extend(owner.and_then(|owner| owner.with_tag(tag).ok()));
        }
        if let (Some(owner), Some(digest), [], true) = (
            &self.repository,
            &self.digest,
            self.tags.as_slice(),
            self.lists,
        ) {
            images.push(owner.at(digest));
        }
        // What was asked for by a tag is shown by its digest.
        let same = |owner: &&Reference| {
            images
                .iter()
                .all(|image| image.same_repository(owner) && image.digest().is_some())
        };
        if !self.lists
            && let Some(owner) = owner.filter(same)
        {
            images.push(owner.clone());
        }
        images
    }

    /// States what is known.
    pub(crate) fn state(self, reading: &mut Reading) {
        let images = self.images(reading.about.as_ref());
        if let Some(digest) = self.digest.as_ref().filter(|_| self.ended) {
            let text = format!(
                "the tag {} was this, or is it until a time that is set",
                shown(self.tags.first().unwrap_or(&""))
            );
            reading.note(Some(digest), Code::SeveralDigests, text);
        } else if let Some(digest) = &self.digest {
            // Which of several digests a tag has is not said.
            let several = images
                .iter()
                .filter_map(Reference::digest)
                .any(|one| one != digest);
            for image in &images {
                match image.digest() {
                    None if several => {}
                    own if self.means.kept => reading.keeps(image, own.unwrap_or(digest)),
                    _ => reading.resolves_for(image, digest),
                }
            }
            if images.is_empty() {
                reading.note(Some(digest), Code::Unattributed, self.nameless());
            }
            self.describe(digest, images.first(), reading);
        }
        let owner = images.first();
        let of = owner.map_or_else(String::new, |image| format!(" of {image}"));
        for (part, short) in &self.short {
            let text = format!(
                "{} is only the beginning of the digest{part}{of}",
                shown(short)
            );
            reading.note(None, Code::PrefixOnly, text);
        }
        for (role, digest, platform) in &self.parts {
            let known = Some(platform).filter(|platform| !platform.is_empty());
            let (kind, platform) = entry_role(known);
            let role = if *role == Role::Manifest { kind } else { *role };
            let of = self.digest.as_ref();
            if of == Some(digest) {
                continue;
            }
            let owner = images.first().or(reading.about.as_ref()).cloned();
            match (of, owner) {
                (Some(of), _) if matches!(role, Role::Manifest | Role::Attestation) => {
                    reading.names(of, digest, role, platform);
                }
                (_, Some(owner)) => reading.includes_for(&owner, digest, role, platform),
                (_, None) => reading.unattributed(Some(digest)),
            }
        }
        if !self.own.is_empty() {
            let text = format!(
                "{} is the registry's own name of it, and no digest",
                shown(self.own)
            );
            reading.note(None, Code::IdKind, text);
        }
        self.count_parts(reading);
        self.identify(&images, reading);
    }

    /// Notes the names of which nothing else is known, where a line has one for itself.
    pub(crate) fn note_names(&self, reading: &mut Reading) {
        let known = self.digest.is_some() || !self.id.is_empty() || !self.short.is_empty();
        if self.means.kept && !known && self.parts.is_empty() {
            for name in &self.named {
                let text = format!("the text has no digest of {name}");
                reading.note(None, Code::NoDigest, text);
            }
        }
    }

    /// Notes it where the text says that there are more manifests than it names.
    fn count_parts(&self, reading: &mut Reading) {
        let is_manifest = |(role, ..): &&(Role, Digest, Platform)| *role == Role::Manifest;
        let here = self.parts.iter().filter(is_manifest).count();
        if let Some(count) = self.count.filter(|count| *count > here) {
            let text = format!("{count} manifests are in it, and the text has {here} of them");
            reading.note(self.digest.as_ref(), Code::Elided, text);
        }
    }

    /// The reason why the digest is not put down to an image, with whatever is said of it.
    fn nameless(&self) -> String {
        let (repository, owner) = self.bare;
        let mut of = String::new();
        for (what, name) in [("repository", repository), ("registry", owner)] {
            if !name.is_empty() {
                of = format!("{of} of the {what} {}", shown(name));
            }
        }
        match self.tags.as_slice() {
            [] if self.lists => {
                format!("listed here without a tag{of}")
            }
            [] => format!(
                "the text does not say for which image this was printed{of}: paste it with its command line"
            ),
            tags => format!(
                "stated for the tag {}{of}; the host of the registry is not in the text",
                shown(&crate::text::joined(tags, ", "))
            ),
        }
    }

    fn describe(&self, digest: &Digest, image: Option<&Reference>, reading: &mut Reading) {
        if let Some(size) = self.size {
            reading.size(digest, size);
        }
        reading.platform(digest, &self.platform);
        let is = match self.media_type {
            kind if is_index_type(kind) || kind == "true" => "an index",
            kind if kind.has("manifest.v") || kind == "false" => "a manifest",
            _ => "",
        };
        if !is.is_empty() {
            reading.note(Some(digest), Code::IdKind, format!("it is called {is}"));
        }
        if let Some((text, field)) = self.text {
            reading.texts.push(Printout {
                search: Search::new(text.into()),
                about: image.cloned(),
                expected: Some((digest.clone(), self.size)),
                fidelity: Fidelity::Exact,
                edits: vec![Edit::Inside(field), Edit::JsonString],
                view: None,
            });
        }
    }

    fn identify(&self, images: &[Reference], reading: &mut Reading) {
        let (id, short) = (self.id, self.id.after_all("sha256:"));
        if id.is_empty() {
            return;
        }
        // Where it is not the beginning of the digest of what was pulled, it is the configuration's.
        let begins = |digest: &Digest| digest.encoded().starts_with(short);
        let role = match (self.means.id, &self.digest) {
            (None, Some(digest)) if !begins(digest) => IdKind::Config,
            (Some(IdKind::Config), Some(digest)) if begins(digest) => IdKind::Unknown,
            (kind, _) => kind.unwrap_or(IdKind::Unknown),
        };
        let whole = digest(id);
        for image in images {
            if let (Some(IdKind::Unknown), Some(digest)) = (self.means.id, &whole) {
                reading.keeps(image, digest);
            }
            let id = whole.as_ref().map_or(id, Digest::as_str);
            reading.identifies(image, id, role);
        }
        if images.is_empty() {
            let of = match &self.repository {
                Some(owner) => format!("of {} that has no tag here", repository(owner)),
                None if !self.means.kept || self.lists || self.digest.is_some() => return,
                None if !self.parts.is_empty() => return,
                None => "that this machine keeps: the text does not give its name, and it is no digest that a \
                         registry has to know"
                    .to_owned(),
            };
            let text = format!("the Id {} of an image {of}", shown(id));
            reading.note(whole.as_ref(), Code::Unattributed, text);
            return;
        }
        if role == IdKind::Unknown && self.digest.is_some() {
            let text = format!(
                "{id} is the beginning of the digest beside it, which is of a manifest or an index, so it \
             is no configuration's"
            );
            reading.note(None, Code::IdKind, text);
        }
        if short.len() < 64 {
            let text = format!(
                "{id} is the beginning of an Id, {} bits of it: images whose Ids begin alike may differ",
                short.len() * 4
            );
            reading.note(None, Code::PrefixOnly, text);
        }
    }
}

/// A digest, with its algorithm or as bare digits of SHA-256.
pub(crate) fn digest(text: &str) -> Option<Digest> {
    parsed(text).or_else(|| Digest::from_sha256_hex(text).ok())
}

/// Bots shorten both to seven digits.
const OR_COMMIT: &str = " of an image, or of the name of a commit";

/// At least twelve digits, as tools shorten digests.
fn is_short(text: &str) -> bool {
    let text = text.without_end(".…");
    text.len() >= 12 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
