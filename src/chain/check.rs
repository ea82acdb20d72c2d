//! Compares one document's statements about another with that other.

use crate::claim::{Claim, Code, Seen, Source, Standing, Statement, Want};
use crate::digest::{Algorithm, ByDigest, Digest, DigestSet};
use crate::document::{self, Config, Descriptor, Document, Index, Manifest, View};
use crate::error::{Error, ErrorKind};
use crate::platform::Platform;
use crate::text::{is_binary, parsed, shortened};

use super::{ByPlatform, Held, Link, Links, Pool, is_image, links};

/// The claims that follow from one document in hand: what it names, and where that does not
/// fit what is named. What only repeats the document is left out unless `all` is asked for.
pub(crate) fn check_document(pool: &Pool, held: &Held, all: bool, claims: &mut Vec<Claim>) {
    let view = match &held.view {
        Ok(view) => view,
        Err(error) => return claims.push(unreadable(held, error)),
    };
    for link in links(view) {
        if all || link.digest().algorithm().is_none() {
            claims.push(names(held, &link));
        }
        check_link(pool, held, &link, claims);
    }
    check_conflicts(held, links(view), claims);
    match view {
        View::Config(_) | View::Other(_) => {}
        View::Index(index) => {
            check_entries(held, index, claims);
            check_platforms(pool, held, index, claims);
        }
        View::Manifest(manifest) => check_rootfs(pool, held, manifest, claims),
    }
}

fn names(held: &Held, link: &Link) -> Claim {
    if link.digest().algorithm().is_none() {
        return Claim::uncomputed(Some(held.digest()), link.digest());
    }
    let statement = Statement::Names {
        parent: held.digest().clone(),
        digest: link.digest().clone(),
        platform: link.platform().map(Platform::to_string),
        role: link.role,
        size: Some(link.descriptor.size.to_string()),
    };
    Claim::new(statement, held.proven())
}

/// A document whose bytes are in hand and cannot be read, or in two ways.
fn unreadable(held: &Held, error: &Error) -> Claim {
    let encoding = matches!(error.kind(), ErrorKind::Encoding(_));
    let text = if encoding && is_binary(held.document.bytes()) {
        "binary, and no document that says more".to_owned()
    } else {
        format!("cannot be read: {error}")
    };
    let statement = Statement::error(Some(held.digest()), error, text);
    let want = Want::of("a document that can be read");
    Claim::new(statement, Standing::missing(want))
}

fn check_link(pool: &Pool, held: &Held, link: &Link, claims: &mut Vec<Claim>) {
    let descriptor = link.descriptor;
    if let Some(data) = &descriptor.data {
        claims.extend(check_data(held, descriptor, data));
    }
    if !link.content {
        check_named(pool, &held.source(), descriptor, claims);
    }
}

/// What a document says of the content that it names, held against that content where it is here.
/// No answer waits for content, so none becomes weaker by it: this is shown beside.
pub(crate) fn check_content(pool: &Pool, held: &Held, claims: &mut Vec<Claim>) {
    let all = held.view.as_ref().map(links).unwrap_or_default();
    for link in all.filter(|link| link.content) {
        check_named(pool, &held.source(), link.descriptor, claims);
    }
}

/// Compares a descriptor with the document that it names, where that is here.
pub(crate) fn check_named(
    pool: &Pool,
    by: &Source,
    descriptor: &Descriptor,
    claims: &mut Vec<Claim>,
) {
    let Some(child) = pool.get(&descriptor.digest) else {
        return;
    };
    claims.extend(check_size(by, descriptor, child));
    claims.extend(check_media_type(by, descriptor, child));
    claims.extend(check_artifact_type(by, descriptor, child));
}

fn check_size(by: &Source, descriptor: &Descriptor, child: &Held) -> Option<Claim> {
    if descriptor.size == child.size() {
        return None;
    }
    let statement = Statement::Size {
        digest: descriptor.digest.clone(),
        size: descriptor.size.to_string(),
    };
    let expected = Seen::new(format!("{} bytes", descriptor.size), by.clone());
    let found = Seen::new(format!("{} bytes", child.size()), child.source());
    Some(Claim::new(
        statement,
        Standing::contradicted(expected, found),
    ))
}

/// What the parent says it is and what it says itself must be the same ("mediaType" in
/// descriptor.md and manifest.md): a client that believes one reads other things than a client
/// that believes the other.
fn check_media_type(by: &Source, descriptor: &Descriptor, child: &Held) -> Option<Claim> {
    let expected = descriptor.media_type.as_deref()?;
    let view = child.view.as_ref().ok()?;
    let found = match view.media_type() {
        Some(found) if expected.eq_ignore_ascii_case(found) => return None,
        Some(found) => found,
        None if may_be(expected, view) => return None,
        None => view.kind(),
    };
    let statement = Statement::Bytes {
        digest: descriptor.digest.clone(),
        media_type: Some(shortened(expected)),
        edits: child.edits.clone(),
        size: None,
    };
    let expected = Seen::new(shortened(expected), by.clone());
    let found = Seen::new(shortened(found), child.source());
    Some(Claim::new(
        statement,
        Standing::contradicted(expected, found),
    ))
}

/// Whether a document without a media type of its own may be what its parent says it is: one
/// that is read as an index is no manifest.
fn may_be(media_type: &str, view: &View) -> bool {
    match view {
        View::Config(_) => !is_index_type(media_type) && !is_manifest_type(media_type),
        View::Index(_) => is_index_type(media_type),
        View::Manifest(_) => is_manifest_type(media_type),
        View::Other(_) => true,
    }
}

fn is_index_type(media_type: &str) -> bool {
    [document::OCI_INDEX, document::DOCKER_LIST].contains(&media_type)
}

fn is_manifest_type(media_type: &str) -> bool {
    [document::OCI_MANIFEST, document::DOCKER_MANIFEST].contains(&media_type)
}

/// An entry may say what it is an artifact of, and must then say the same as the manifest.
fn check_artifact_type(by: &Source, descriptor: &Descriptor, child: &Held) -> Option<Claim> {
    let expected = descriptor.artifact_type.as_deref()?;
    let Ok(View::Manifest(manifest)) = &child.view else {
        return None;
    };
    let found = manifest.kind().unwrap_or("none");
    if found == expected {
        return None;
    }
    let text = "is listed with the wrong artifact type".to_owned();
    let standing = Standing::contradicted(
        Seen::new(shortened(expected), by.clone()),
        Seen::new(shortened(found), child.source()),
    );
    Some(Claim::new(
        Statement::note(Some(&descriptor.digest), Code::ArtifactType, text),
        standing,
    ))
}

/// Content embedded in the descriptor (`data`) must be the content that it names.
fn check_data(held: &Held, descriptor: &Descriptor, data: &[u8]) -> Option<Claim> {
    let algorithm = descriptor.digest.algorithm().unwrap_or(Algorithm::Sha256);
    let found = algorithm.digest(data);
    if found == descriptor.digest && data.len() as u64 == descriptor.size {
        return None;
    }
    let text = "the embedded data is not the content that the entry names".to_owned();
    let expected = format!("{} of {} bytes", descriptor.digest, descriptor.size);
    let found = format!("{found} of {} bytes", data.len());
    let standing = Standing::contradicted(
        Seen::new(expected, held.source()),
        Seen::new(found, held.source()),
    );
    Some(Claim::new(
        Statement::note(Some(&descriptor.digest), Code::Data, text),
        standing,
    ))
}

/// One digest named twice with different sizes or media types: at most one can be right.
fn check_conflicts(held: &Held, found: Links, claims: &mut Vec<Claim>) {
    let mut first: ByDigest<&Descriptor> = ByDigest::default();
    for link in found {
        let (descriptor, digest) = (link.descriptor, link.digest());
        if first.insert(digest, descriptor) {
            continue;
        }
        let Some(before) = first.get(digest) else {
            continue;
        };
        if before.size == descriptor.size && before.media_type == descriptor.media_type {
            continue;
        }
        let shown = |d: &Descriptor| {
            let media_type = d.media_type.as_deref().unwrap_or("no media type");
            format!("{}, {} bytes", shortened(media_type), d.size)
        };
        let text = "named twice with different sizes or media types".to_owned();
        let standing = Standing::contradicted(
            Seen::new(shown(before), held.source()),
            Seen::new(shown(descriptor), held.source()),
        );
        claims.push(Claim::new(
            Statement::note(Some(digest), Code::Conflict, text),
            standing,
        ));
    }
}

/// Checks an index by itself: entries without a platform, two for one platform, attestations about
/// nothing.
fn check_entries(held: &Held, index: &Index, claims: &mut Vec<Claim>) {
    let by = held.source();
    if index.manifests.is_empty() {
        let text = "names no manifest at all, so nothing can be said of its platforms".to_owned();
        let statement = Statement::note(Some(held.digest()), Code::Empty, text);
        claims.push(Claim::new(statement, Standing::stated(by.clone())));
    }
    check_twice(held, index, claims);
    let mut images = DigestSet::default();
    for entry in index.manifests.iter().filter(|e| e.attests().is_none()) {
        images.insert(&entry.digest, ());
    }
    for entry in &index.manifests {
        let Some(subject) = entry.attests() else {
            continue;
        };
        let named = |subject: &str| parsed(subject).is_some_and(|d: Digest| images.contains(&d));
        if !subject.is_some_and(named) {
            claims.push(attests_nothing(held, entry, subject, &by));
        }
    }
}

/// Two entries of which clients may take either for one platform.
fn check_twice(held: &Held, index: &Index, claims: &mut Vec<Claim>) {
    let same = |a: &Digest, b: &Digest| a == b;
    let mut seen: ByPlatform<&Digest> = ByPlatform::default();
    for entry in &index.manifests {
        let platform = entry.platform.as_ref();
        let Some(platform) = platform.filter(|_| entry.attests().is_none()) else {
            continue;
        };
        let before = seen.taken_for(platform, &same);
        let is_other = |other: &&Digest| *other != &entry.digest;
        let other = before.and_then(|few| Some(few.first).filter(is_other).or(few.odd));
        if let Some(other) = other {
            claims.push(platform_twice(held, platform, other, &entry.digest));
        }
        seen.add(platform, &entry.digest, &same);
    }
}

fn platform_twice(held: &Held, platform: &Platform, first: &Digest, second: &Digest) -> Claim {
    let text = format!(
        "names both {first} and {second} for {platform}; which of them a client takes depends on \
         the order"
    );
    let want = Want::of(format!("an index that names one manifest for {platform}"));
    Claim::new(
        Statement::note(Some(held.digest()), Code::PlatformTwice, text),
        Standing::missing(want),
    )
}

fn attests_nothing(held: &Held, entry: &Descriptor, subject: Option<&str>, by: &Source) -> Claim {
    let text = "an attestation about a manifest that this index does not name".to_owned();
    let expected = Seen::new("the digest of a manifest in the index", by.clone());
    let found = Seen::new(shortened(subject.unwrap_or("none")), held.source());
    let standing = Standing::contradicted(expected, found);
    Claim::new(
        Statement::note(Some(&entry.digest), Code::AttestationSubject, text),
        standing,
    )
}

/// The platform of an index entry is a claim of the index; the configuration holds the other.
fn check_platforms(pool: &Pool, held: &Held, index: &Index, claims: &mut Vec<Claim>) {
    for entry in index
        .manifests
        .iter()
        .filter(|entry| entry.attests().is_none())
    {
        let Some(platform) = &entry.platform else {
            continue;
        };
        let Some((config_held, config)) = config_of(pool, &entry.digest) else {
            continue;
        };
        if config.platform.is_empty() {
            continue;
        }
        let statement = Statement::Platform {
            digest: entry.digest.clone(),
            platform: platform.to_string(),
        };
        let standing = if config.platform.agrees(platform) {
            held.proven().and(config_held.proven())
        } else {
            let expected = Seen::new(platform.to_string(), held.source());
            let found = Seen::new(config.platform.to_string(), config_held.source());
            Standing::contradicted(expected, found)
        };
        claims.push(Claim::new(statement, standing));
    }
}

/// The configuration behind a manifest, where both are in hand.
fn config_of<'a>(pool: &'a Pool, manifest: &Digest) -> Option<(&'a Held, &'a Config)> {
    let View::Manifest(manifest) = pool.view(manifest)? else {
        return None;
    };
    let held = pool.get(&manifest.config.digest)?;
    match &held.view {
        Ok(View::Config(config)) => Some((held, config)),
        _ => None,
    }
}

/// A configuration fixes one uncompressed layer for each layer of the manifest.
fn check_rootfs(pool: &Pool, held: &Held, manifest: &Manifest, claims: &mut Vec<Claim>) {
    if manifest.layers.is_empty() {
        let statement = Statement::note(
            Some(held.digest()),
            Code::Empty,
            "names no layer at all".to_owned(),
        );
        claims.push(Claim::new(statement, Standing::stated(held.source())));
    }
    if !is_image(manifest) {
        return;
    }
    let Some(config_held) = pool.get(&manifest.config.digest) else {
        return;
    };
    let config = match &config_held.view {
        Ok(View::Config(config)) => config,
        Ok(other) => return claims.push(no_configuration(held, config_held, other)),
        Err(_) => return,
    };
    if config.diff_ids.len() != manifest.layers.len() {
        let text = "the manifest and its configuration differ in the number of layers".to_owned();
        let expected = format!("{} diff_ids", config.diff_ids.len());
        let found = format!("{} layers", manifest.layers.len());
        let standing = Standing::contradicted(
            Seen::new(expected, config_held.source()),
            Seen::new(found, held.source()),
        );
        claims.push(Claim::new(
            Statement::note(Some(held.digest()), Code::Rootfs, text),
            standing,
        ));
    }
    if config
        .history_layers
        .is_some_and(|n| n != config.diff_ids.len())
    {
        let text = "the history has another number of layers than the file system".to_owned();
        let statement = Statement::note(Some(config_held.digest()), Code::History, text);
        claims.push(Claim::new(
            statement,
            Standing::stated(config_held.source()),
        ));
    }
}

/// A document is an image configuration only if it says of which layers the image consists.
fn no_configuration(held: &Held, found: &Held, view: &View) -> Claim {
    let text =
        "the manifest names a document as its image configuration that is not one".to_owned();
    let standing = Standing::contradicted(
        Seen::new("an image configuration", held.source()),
        Seen::new(view.kind(), found.source()),
    );
    Claim::new(
        Statement::note(Some(found.digest()), Code::NoConfig, text),
        standing,
    )
}

impl Held {
    /// The documents embedded in this one's descriptors, where they are what is
    /// named.
    pub(crate) fn embedded(&self) -> Vec<Held> {
        let mut embedded = Vec::new();
        for link in self.view.as_ref().map(links).unwrap_or_default() {
            if let Some(data) = link.descriptor.data.clone()
                && let Ok(document) = Document::expect(data, link.digest())
            {
                let edits = vec!["taken from the field data".to_owned()];
                embedded.push(Held::new(document, self.source(), edits));
            }
        }
        embedded
    }
}
