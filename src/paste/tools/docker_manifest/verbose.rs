//! The output of `docker manifest inspect -v`: each manifest with its descriptor, and from 23.0 on
//! with its exact bytes in `Raw` (cli/manifest/types/types.go); the list itself is not there.

use crate::claim::{Code, Role};
use crate::digest::Digest;
use crate::json::{Value, from_base64};
use crate::name::Reference;
use crate::paste::{
    Fidelity, Output, Printout, Reading, at, digest_at, entry_role, platform_in, text_at,
};
use crate::recover::{Edit, Search};
use crate::text::parsed;

const TOOL: &str = "docker manifest inspect -v";

pub(super) fn json(output: &Output, value: &Value) -> Option<Reading> {
    if let Some(items) = value.items() {
        return list(output, items);
    }
    let entry = Verbose::of(value)?;
    let mut reading = Reading::new(TOOL, Some(&entry.reference));
    reading.resolves_for(&entry.reference, &entry.digest);
    entry.state(output, &mut reading);
    Some(reading)
}

/// The manifests of a list; each `Ref` is the list's name with the manifest's digest.
fn list(output: &Output, items: &[Value]) -> Option<Reading> {
    let mut entries = Vec::with_capacity(items.len());
    for item in items {
        entries.push(Verbose::of(item)?);
    }
    let name = entries.first()?.reference.clone();
    let tag = name.tag().filter(|_| name.digest().is_some());
    let named = tag.and_then(|tag| name.with_tag(tag).ok());
    let mut reading = Reading::new(TOOL, output.about.or(named.as_ref()));
    for entry in &entries {
        let (role, platform) = entry_role(entry.platform().as_ref());
        reading.includes(&entry.digest, role, platform);
        entry.state(output, &mut reading);
    }
    Some(reading)
}

/// `{Ref, Descriptor, Raw, SchemaV2Manifest | OCIManifest}`, or before 18.09
/// `{Ref, Digest, SchemaV2Manifest, Platform}`.
struct Verbose<'v, 'a> {
    reference: Reference,
    digest: Digest,
    value: &'v Value<'a>,
}

impl<'v, 'a> Verbose<'v, 'a> {
    fn of(value: &'v Value<'a>) -> Option<Self> {
        let reference = parsed(text_at(value, "Ref")?)?;
        let digest = match value.get("Descriptor") {
            Some(descriptor) => digest_at(descriptor, "digest")?,
            None => digest_at(value, "Digest")?,
        };
        value
            .get("SchemaV2Manifest")
            .or_else(|| value.get("OCIManifest"))
            .or_else(|| value.get("Raw"))?;
        Some(Verbose {
            reference,
            digest,
            value,
        })
    }

    fn platform(&self) -> Option<crate::platform::Platform> {
        let descriptor = self.value.get("Descriptor");
        let platform = descriptor
            .and_then(|d| d.get("platform"))
            .or_else(|| self.value.get("Platform"));
        platform.and_then(platform_in)
    }

    fn size(&self) -> Option<u64> {
        self.value.get("Descriptor")?.get("size")?.as_u64()
    }

    fn state(&self, output: &Output, reading: &mut Reading) {
        if let Some(platform) = self.platform() {
            reading.platform(&self.digest, &platform);
        }
        if let Some(size) = self.size() {
            reading.size(&self.digest, size);
        }
        match text_at(self.value, "Raw").map(from_base64) {
            Some(Some(bytes)) => {
                let edits = vec![Edit::Inside("Raw"), Edit::Base64];
                reading.texts.push(self.text(bytes, Fidelity::Exact, edits));
                return;
            }
            Some(None) => reading.note(
                Some(&self.digest),
                Code::Base64,
                "the field Raw, which should hold the manifest's bytes, is not base64",
            ),
            None => {}
        }
        let mut names = ["SchemaV2Manifest", "OCIManifest"].into_iter();
        let found = names.find_map(|name| Some((name, self.value.get(name)?)));
        let Some((name, manifest)) = found else {
            return;
        };
        let written = output.written(manifest).as_bytes().to_vec();
        let edits = vec![Edit::Inside(name)];
        reading
            .texts
            .push(self.text(written, Fidelity::Rebuilt, edits));
        self.contents(manifest, reading);
    }

    /// States the digests that the manifest names, in case its bytes are not found again.
    fn contents(&self, manifest: &Value, reading: &mut Reading) {
        for (list, role) in [("config", Role::Config), ("layers", Role::Layer)] {
            for part in at(manifest, list) {
                if let Some(part) = digest_at(part, "digest") {
                    reading.names(&self.digest, &part, role, None);
                }
            }
        }
    }

    fn text(&self, bytes: Vec<u8>, fidelity: Fidelity, edits: Vec<Edit>) -> Printout {
        Printout {
            search: Search::new(bytes),
            about: Some(self.reference.clone()),
            expected: Some((self.digest.clone(), self.size())),
            fidelity,
            edits,
            view: None,
        }
    }
}
