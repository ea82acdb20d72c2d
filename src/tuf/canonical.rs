//! The canonical JSON that is signed (the OLPC form, as docker's `canonical/json` writes it).

use crate::json::{Kind, Value, sorted};

/// The canonical form; `None` if a number is not a whole number, which has no canonical form.
pub(super) fn form(value: &Value<'_>) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value<'_>, out: &mut String) -> Option<()> {
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(true) => out.push_str("true"),
        Kind::Bool(false) => out.push_str("false"),
        Kind::Number(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            out.push_str(text);
        }
        Kind::String(_) => out.push_str(&string(value.as_str()?)),
        Kind::Array(items) => {
            let mut before = '[';
            for item in items {
                out.push(before);
                write(item, out)?;
                before = ',';
            }
            out.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Kind::Object(members) => {
            let names = members.iter().map(|member| (0, member.key.text.as_ref()));
            let order = sorted(names.collect()).into_iter();
            let mut before = '{';
            for member in order.filter_map(|(_, _, at)| members.get(at)) {
                out.push(before);
                out.push_str(&string(&member.key.text));
                out.push(':');
                write(&member.value, out)?;
                before = ',';
            }
            out.push_str(if members.is_empty() { "{}" } else { "}" });
        }
    }
    Some(())
}

/// Only quotes and backslashes are escaped.
pub(super) fn string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}
