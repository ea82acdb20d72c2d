//! Secrets that nobody should paste, and that are not repeated if somebody does.

use crate::json::{Kind, Value};
use crate::text::Parts;

/// True if a line holds a secret: docker's stored log-ins, a bearer token.
pub(super) fn is_secret(line: &str) -> bool {
    let line = line.trimmed().without_start(">< ");
    let header = line
        .get(..14)
        .is_some_and(|start| start.eq_ignore_ascii_case("authorization:"));
    let field = [
        "\"auth\":",
        "\"identitytoken\":",
        "\"registrytoken\":",
        "\"password\":",
    ];
    header || field.iter().any(|name| line.starts_with(name))
}

/// True if JSON is docker's config.json with log-ins, a Kubernetes secret, or a token.
pub(super) fn holds_secret(value: &Value) -> bool {
    let is_text = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    let auths = value
        .get("auths")
        .and_then(Value::members)
        .unwrap_or_default();
    let stored = ["auth", "identitytoken", "password", "registrytoken"];
    auths
        .iter()
        .any(|auth| stored.iter().any(|name| is_text(auth.value.get(name))))
        || stored.iter().take(2).any(|name| is_text(value.get(name)))
        || (is_text(value.get("token")) || is_text(value.get("access_token")))
        || value.get("kind").and_then(Value::as_str) == Some("Secret")
        || matches!((&value.kind, value.get("d")), (Kind::Object(_), Some(d)) if d.as_str().is_some() && value.get("kty").is_some())
}
