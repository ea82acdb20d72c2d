//! What differs between two images that are not the same as far as asked: their configurations, field by field,
//! and their layers, place by place. Each value is in a document that was hashed here.

use crate::chain::{Image, Pool, links};
use crate::claim::{Difference, Field, Role, Standing};
use crate::digest::{ByText, Digest};
use crate::json::{self, Kind, Member, Value};
use crate::limits;
use crate::text::cut_to;

/// What differs between two images, as far as their documents are here; nothing where they are not.
pub(super) fn difference(pool: &Pool, a: &Image, b: &Image) -> Option<Difference> {
    let mut found = Found::default();
    configurations(pool, (&a.config, &b.config), &mut found);
    layers(pool, (&a.manifest, &b.manifest), &mut found);
    (!found.fields.is_empty()).then(|| Difference {
        platform: a.name().or_else(|| b.name()),
        fields: found.fields,
        more: found.more,
    })
}

/// The first differences, and how many there are beyond those.
#[derive(Default)]
struct Found {
    fields: Vec<Field>,
    more: usize,
}

impl Found {
    fn add(&mut self, part: &str, name: Option<&str>, left: Option<String>, right: Option<String>) {
        if left == right {
            return;
        }
        if self.fields.len() >= limits::DIFFERENCES {
            self.more += 1;
            return;
        }
        let short = |text: String| cut_to(&text, limits::DIFFERENCE_CHARS);
        self.fields.push(Field {
            part: part.to_owned(),
            name: name.map(str::to_owned),
            left: left.map(short),
            right: right.map(short),
        });
    }
}

type Known = Option<(Digest, Standing)>;

fn configurations(pool: &Pool, (a, b): (&Known, &Known), found: &mut Found) {
    let bytes = |known: &Known| {
        let (digest, _) = known.as_ref()?;
        Some(pool.get(digest)?.document.bytes())
    };
    let (Some(a), Some(b)) = (bytes(a), bytes(b)) else {
        return;
    };
    let (Ok(a), Ok(b)) = (json::parse(a), json::parse(b)) else {
        return;
    };
    objects("", (a.root(), b.root()), found);
}

/// Two objects, member by member. Those of `config` are looked into once more, for they are what a container runs with.
fn objects(inside: &str, (a, b): (&Value, &Value), found: &mut Found) {
    for (name, left, right) in pairs(a, b) {
        match (inside, name) {
            // Layers are told with what names them.
            ("", "rootfs") => {}
            ("", "config") => match (left, right) {
                (Some(left), Some(right)) => objects("config", (left, right), found),
                _ => found.add(name, None, left.map(shown), right.map(shown)),
            },
            ("", "history") => lists(name, (left, right), found),
            ("config", "Env") => variables((left, right), found),
            ("config", "Labels") => labels((left, right), found),
            ("", _) => found.add(name, None, left.map(shown), right.map(shown)),
            _ => found.add(inside, Some(name), left.map(shown), right.map(shown)),
        }
    }
}

/// A member of two objects: its name, and its value in each that has it.
type Pair<'v> = (&'v str, Option<&'v Value<'v>>, Option<&'v Value<'v>>);

/// The members of two objects by their names, in the order of the first.
fn pairs<'v>(a: &'v Value<'v>, b: &'v Value<'v>) -> Vec<Pair<'v>> {
    let (left, right) = (by_name(a), by_name(b));
    let mut pairs = Vec::new();
    for Member { key, value } in a.members().unwrap_or_default() {
        let name = key.text.as_ref();
        pairs.push((name, Some(value), right.get(name).copied()));
    }
    for Member { key, value } in b.members().unwrap_or_default() {
        if left.get(&key.text).is_none() {
            pairs.push((key.text.as_ref(), None, Some(value)));
        }
    }
    pairs
}

fn by_name<'v>(value: &'v Value<'v>) -> ByText<&'v Value<'v>> {
    let mut members = ByText::default();
    for member in value.members().unwrap_or_default() {
        members.insert(&member.key.text, &member.value);
    }
    members
}

fn labels((a, b): (Option<&Value>, Option<&Value>), found: &mut Found) {
    let nothing = Value {
        kind: Kind::Null,
        span: 0..0,
    };
    let (a, b) = (a.unwrap_or(&nothing), b.unwrap_or(&nothing));
    for (name, left, right) in pairs(a, b) {
        found.add("label", Some(name), left.map(shown), right.map(shown));
    }
}

/// Environment variables, by their names.
fn variables((a, b): (Option<&Value>, Option<&Value>), found: &mut Found) {
    let read = |value: Option<&Value>| {
        let mut variables = ByText::default();
        for item in value.and_then(Value::items).unwrap_or_default() {
            let text = item.as_str().unwrap_or_default();
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            variables.insert(name, value.to_owned());
        }
        variables
    };
    let (a, b) = (read(a), read(b));
    for (name, left) in a.iter() {
        found.add(
            "environment",
            Some(name),
            Some(left.clone()),
            b.get(name).cloned(),
        );
    }
    for (name, right) in b.iter() {
        if a.get(name).is_none() {
            found.add("environment", Some(name), None, Some(right.clone()));
        }
    }
}

fn lists(part: &str, (a, b): (Option<&Value>, Option<&Value>), found: &mut Found) {
    let [a, b] = [a, b].map(|value| value.and_then(Value::items).unwrap_or_default());
    for at in 0..a.len().max(b.len()) {
        let name = (at + 1).to_string();
        let (left, right) = (a.get(at), b.get(at));
        let [by_left, by_right] = [left, right].map(|value| value?.get("created_by")?.as_str());
        // A step is known by its command; by everything that is said of it where only that tells two apart.
        if by_left != by_right {
            let [left, right] = [(left, by_left), (right, by_right)]
                .map(|(value, by)| by.map(str::to_owned).or(value.map(shown)));
            found.add(part, Some(&name), left, right);
        } else {
            found.add(part, Some(&name), left.map(shown), right.map(shown));
        }
    }
}

/// A value as a person reads it: a text without its quotes, anything else as JSON.
fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.text.to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Bool(is) => is.to_string(),
        Kind::Number(number) => (*number).to_owned(),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(quoted).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| format!("{}: {}", member.key.text, quoted(&member.value)))
                .collect();
            members.join(", ")
        }
    }
}

/// A value inside another.
fn quoted(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.raw.to_owned(),
        Kind::Object(_) => format!("{{{}}}", shown(value)),
        _ => shown(value),
    }
}

/// The layers that the manifests name, by their places, with their sizes.
fn layers(pool: &Pool, (a, b): (&Known, &Known), found: &mut Found) {
    let named = |known: &Known| {
        let (digest, _) = known.as_ref()?;
        let layers = links(pool.view(digest)?).filter(|link| link.role == Role::Layer);
        let said = layers.map(|link| format!("{}, {} bytes", link.digest(), link.descriptor.size));
        Some(said.collect::<Vec<_>>())
    };
    let (Some(a), Some(b)) = (named(a), named(b)) else {
        return;
    };
    for at in 0..a.len().max(b.len()) {
        let name = (at + 1).to_string();
        found.add("layer", Some(&name), a.get(at).cloned(), b.get(at).cloned());
    }
}
