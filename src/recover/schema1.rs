//! Schema 1 manifests carry their signatures in themselves; the digest is that of the payload
//! without them (distribution, docs/spec/manifest-v2-1.md; libtrust, jsonsign.go).

use crate::json;
use crate::text::Parts;

/// The payload: the first `formatLength` bytes, and `formatTail`, as the first signature says.
pub(super) fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let json = json::parse(bytes).ok()?;
    let signature = json.root().get("signatures")?.items()?.first()?;
    let protected = decode(signature.get("protected")?.as_str()?)?;
    let protected = json::parse(&protected).ok()?;
    let length = protected.root().get("formatLength")?.as_u64()?;
    let mut tail = decode(protected.root().get("formatTail")?.as_str()?)?;
    let mut payload = bytes.get(..usize::try_from(length).ok()?)?.to_vec();
    payload.append(&mut tail);
    Some(payload)
}

fn decode(base64: &str) -> Option<Vec<u8>> {
    json::from_base64url(base64.without_end("="))
}
