//! The payloads that cosign signs in its older form (containers/image: `docs/atomic-signature.md`).

use crate::json::{self, Kind, Value};

use super::Mismatching;
use super::fields::KnownFields;

const CODE: &str = "cosign-payload";

/// The type that cosign writes into its payloads.
const TYPE: &str = "cosign container image signature";

/// The digest in a payload, and the name by which whoever signed knew the image.
pub(super) fn signed(payload: &[u8]) -> Result<(String, String), Mismatching> {
    let read = || {
        let json = json::parse(payload).ok()?;
        json.unique().ok()?;
        let fields = KnownFields::of(json.root(), CODE, "critical optional").ok()?;
        let critical = fields.object("critical", "identity image type").ok()?;
        let identity = critical.object("identity", "docker-reference").ok()?;
        let image = critical.object("image", "docker-manifest-digest").ok()?;
        let more = json.root().get("optional").is_some_and(is_optional);
        (critical.text("type").ok()? == TYPE && more).then_some(())?;
        let digest = image.text("docker-manifest-digest").ok()?;
        Some((
            digest.to_owned(),
            identity.text("docker-reference").ok()?.to_owned(),
        ))
    };
    read().ok_or(("a payload as cosign signs it", "another"))
}

/// True for what may be beside the image: an object, or null, in which the two known names are a text and a whole number.
fn is_optional(more: &Value) -> bool {
    let has = |name, fits: fn(&Value) -> bool| more.get(name).is_none_or(fits);
    matches!(more.kind, Kind::Null)
        || more.members().is_some()
            && has("creator", |value| value.as_str().is_some())
            && has("timestamp", |value| value.as_u64().is_some())
}
