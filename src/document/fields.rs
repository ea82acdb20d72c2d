//! Reading the fields of one object, each error with the field's path and place.

use crate::digest::Digest;
use crate::error::{Error, ErrorKind};
use crate::json::{Value, from_base64};
use crate::limits;
use crate::platform::Platform;
use crate::text::{Parts, shortened};

use super::Descriptor;

const DESCRIPTOR_FIELDS: &str = "mediaType digest size urls annotations data artifactType platform";
const PLATFORM_FIELDS: &str = "architecture os os.version os.features variant";

/// An object, and where it is in another. Only an error needs the whole path, so it is written then.
pub(super) struct Fields<'v, 'a> {
    value: &'v Value<'a>,
    above: Option<(&'v Fields<'v, 'a>, &'v str, Option<usize>)>,
}

impl<'v, 'a> Fields<'v, 'a> {
    pub(super) fn new(value: &'v Value<'a>) -> Self {
        Fields { value, above: None }
    }

    fn path(&self, name: &str) -> String {
        let mut path = name.to_owned();
        if let Some((above, name, at)) = self.above {
            let at = at.map(|at| format!("[{at}]")).unwrap_or_default();
            path = above.path(&format!("{name}{at}.{path}"));
        }
        path
    }

    fn wrong(&self, name: &str, expected: &'static str, found: Option<&Value>) -> Error {
        let at = found.unwrap_or(self.value).span.start;
        Error::at(
            ErrorKind::Field {
                name: self.path(name),
                expected,
                found: found.map_or("none", Value::type_name),
            },
            at,
        )
    }

    /// The items of a field that may be absent, but not `null`: that is no way to say "none".
    pub(super) fn items(&self, name: &str) -> Result<Option<&'v [Value<'a>]>, Error> {
        match self.value.get(name) {
            None => Ok(None),
            Some(value) => match value.items() {
                Some(items) => Ok(Some(items)),
                None => Err(self.wrong(name, "an array", Some(value))),
            },
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self.value.get(name) {
            None => Ok(None),
            Some(value) => match value.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.wrong(name, "a string", Some(value))),
            },
        }
    }

    fn object(&'v self, name: &'v str) -> Result<Option<Self>, Error> {
        match self.value.get(name) {
            None => Ok(None),
            Some(value) if value.members().is_some() => {
                let above = Some((self, name, None));
                Ok(Some(Fields { value, above }))
            }
            Some(value) => Err(self.wrong(name, "an object", Some(value))),
        }
    }

    /// Fields that belong to another kind of document, so that a reader may take this one for
    /// that (GHSA-77vh-xpmg-72qh).
    pub(super) fn none_of(&self, names: &str, beside: &'static str) -> Result<(), Error> {
        for member in self.value.members().unwrap_or_default() {
            let key = member.key.text.as_ref();
            if names.split(' ').any(|name| folds_to(key, name)) {
                return Err(self.ambiguous(key, beside, member.value.span.start));
            }
        }
        Ok(())
    }

    /// Names that differ from a known one in case only: Go's decoder takes them for the known
    /// one, other decoders do not.
    pub(super) fn no_case_variants(&self, known: &str, beside: &'static str) -> Result<(), Error> {
        for member in self.value.members().unwrap_or_default() {
            let key = member.key.text.as_ref();
            if !known.has_word(key) && known.split(' ').any(|name| folds_to(key, name)) {
                return Err(self.ambiguous(key, beside, member.value.span.start));
            }
        }
        Ok(())
    }

    fn ambiguous(&self, name: &str, beside: &'static str, at: usize) -> Error {
        let field = shortened(&self.path(name));
        Error::at(ErrorKind::Ambiguous { field, beside }, at)
    }

    pub(super) fn schema_version(&self) -> Result<(), Error> {
        let found = match self.value.get("schemaVersion") {
            Some(value) if value.as_u64() == Some(2) => return Ok(()),
            None => ("none".to_owned(), self.value.span.start),
            Some(value) => (spelled(value), value.span.start),
        };
        let (found, at) = found;
        Err(Error::at(ErrorKind::SchemaVersion { found }, at))
    }

    pub(super) fn descriptor(&self, name: &str) -> Result<Descriptor, Error> {
        match self.descriptor_if_any(name)? {
            Some(descriptor) => Ok(descriptor),
            None => Err(self.wrong(name, "a descriptor", None)),
        }
    }

    pub(super) fn descriptor_if_any(&self, name: &str) -> Result<Option<Descriptor>, Error> {
        match self.object(name)? {
            None => Ok(None),
            Some(fields) => fields.read_descriptor().map(Some),
        }
    }

    pub(super) fn descriptors(&self, name: &str) -> Result<Vec<Descriptor>, Error> {
        let value = self.value.get(name);
        let items = value.and_then(Value::items);
        let Some(items) = items else {
            return Err(self.wrong(name, "an array of descriptors", value));
        };
        if items.len() > limits::ENTRIES {
            let allowed = limits::ENTRIES as u64;
            let limit = "entries in one document";
            return Err(Error::new(ErrorKind::LimitExceeded { limit, allowed }));
        }
        let mut descriptors = Vec::with_capacity(items.len());
        for (n, value) in items.iter().enumerate() {
            if value.members().is_none() {
                return Err(self.wrong(&format!("{name}[{n}]"), "a descriptor", Some(value)));
            }
            let above = Some((self, name, Some(n)));
            descriptors.push(Fields { value, above }.read_descriptor()?);
        }
        Ok(descriptors)
    }

    fn read_descriptor(&self) -> Result<Descriptor, Error> {
        self.no_case_variants(DESCRIPTOR_FIELDS, "a descriptor")?;
        let platform = match self.object("platform")? {
            None => None,
            Some(fields) => Some(fields.platform()?).filter(|platform| !platform.is_empty()),
        };
        Ok(Descriptor {
            media_type: self.text("mediaType")?,
            digest: self.digest("digest")?,
            size: self.size()?,
            platform,
            artifact_type: self.text("artifactType")?,
            annotations: self.annotations()?,
            data: self.data()?,
        })
    }

    fn digest(&self, name: &str) -> Result<Digest, Error> {
        let value = self.value.get(name);
        match value.and_then(|value| Some((value, value.as_str()?))) {
            Some((value, text)) => text
                .parse()
                .map_err(|e: Error| e.shifted(value.span.start + 1)),
            None => Err(self.wrong(name, "a digest", value)),
        }
    }

    /// A size is a whole number in plain digits: tools round or refuse everything else.
    fn size(&self) -> Result<u64, Error> {
        let value = self.value.get("size");
        let found = match value {
            None => "none".to_owned(),
            Some(value) => match value.as_u64() {
                // Sizes are int64 (descriptor.md, "size").
                Some(size) if i64::try_from(size).is_ok() => return Ok(size),
                _ => spelled(value),
            },
        };
        let name = self.path("size");
        let at = value.unwrap_or(self.value).span.start;
        Err(Error::at(ErrorKind::SizeType { name, found }, at))
    }

    pub(super) fn annotations(&self) -> Result<Vec<(String, String)>, Error> {
        let Some(fields) = self.object("annotations")? else {
            return Ok(Vec::new());
        };
        let mut annotations = Vec::new();
        for member in fields.value.members().unwrap_or_default() {
            let name = member.key.text.as_ref();
            match member.value.as_str() {
                Some(text) => annotations.push((name.to_owned(), text.to_owned())),
                None => return Err(fields.wrong(name, "a string", Some(&member.value))),
            }
        }
        Ok(annotations)
    }

    fn data(&self) -> Result<Option<Vec<u8>>, Error> {
        match self.text("data")? {
            None => Ok(None),
            Some(text) => match from_base64(&text) {
                Some(bytes) => Ok(Some(bytes)),
                None => Err(self.wrong("data", "standard base64", self.value.get("data"))),
            },
        }
    }

    /// The platform in this object, as in an index entry or a configuration.
    pub(super) fn platform(&self) -> Result<Platform, Error> {
        self.no_case_variants(PLATFORM_FIELDS, "a platform")?;
        let text = |name| Ok::<_, Error>(self.text(name)?.unwrap_or_default());
        let features = self.items("os.features")?.unwrap_or_default();
        let mut os_features = Vec::new();
        for feature in features {
            os_features.extend(feature.as_str().map(str::to_owned));
        }
        Ok(Platform {
            os: text("os")?,
            architecture: text("architecture")?,
            variant: text("variant")?,
            os_version: text("os.version")?,
            os_features,
        })
    }

    pub(super) fn diff_ids(&self) -> Result<Vec<Digest>, Error> {
        let value = self.value.get("rootfs");
        let Some(value) = value.filter(|value| value.members().is_some()) else {
            let found = value.map_or("none", Value::type_name);
            return Err(self.rootfs("the uncompressed layers' digests", found));
        };
        let above = Some((self, "rootfs", None));
        let rootfs = Fields { value, above };
        rootfs.no_case_variants("type diff_ids", "a file system")?;
        let kind = value.get("type");
        let text = kind.and_then(Value::as_str);
        if text != Some("layers") {
            let found = text.or(kind.map(Value::type_name)).unwrap_or("none");
            return Err(self.rootfs("type \"layers\"", found));
        }
        let value = rootfs.value.get("diff_ids");
        let Some(items) = value.and_then(Value::items) else {
            return Err(rootfs.wrong("diff_ids", "an array of digests", value));
        };
        let mut diff_ids = Vec::with_capacity(items.len());
        for item in items {
            let Some(text) = item.as_str() else {
                return Err(rootfs.wrong("diff_ids", "an array of digests", Some(item)));
            };
            let digest: Result<Digest, Error> = text.parse();
            diff_ids.push(digest.map_err(|e| e.shifted(item.span.start + 1))?);
        }
        Ok(diff_ids)
    }

    fn rootfs(&self, expected: &str, found: &str) -> Error {
        let at = self.value.get("rootfs").unwrap_or(self.value).span.start;
        Error::at(
            ErrorKind::Rootfs {
                expected: expected.to_owned(),
                found: shortened(found),
            },
            at,
        )
    }
}

fn spelled(value: &Value) -> String {
    match &value.kind {
        crate::json::Kind::Number(raw) => shortened(raw),
        crate::json::Kind::String(text) => shortened(text.raw),
        _ => value.type_name().to_owned(),
    }
}

/// True if Go's case folding takes `key` for `name`: ASCII case, and the two letters outside ASCII
/// that fold into it.
fn folds_to(key: &str, name: &str) -> bool {
    let fold = |c: char| match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    };
    key.chars().map(fold).eq(name.chars().map(fold))
}
