//! The differences between two images that are not the same as far as asked: their configurations, field by field,
//! and their layers, place by place. Each value is in a document that was hashed here.

use crate::chain::{Image, Pool, links};
use crate::claim::{Difference, Field, Role, Standing};
use crate::digest::{ByText, Digest};
use crate::json::{self, Kind, Member, Value};
use crate::limits;
use crate::text::{Parts, cut_to, joined};

/// The differences between two images, as far as their documents are here.
pub(super) fn difference(pool: &Pool, a: &Image, b: &Image) -> Option<Difference> {
    let mut found = Differing::default();
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
struct Differing {
    fields: Vec<Field>,
    more: usize,
}

impl Differing {
    #[inline(never)]
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

type Hashed = Option<(Digest, Standing)>;

fn configurations(pool: &Pool, (a, b): (&Hashed, &Hashed), found: &mut Differing) {
    let bytes = |known: &Hashed| {
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
fn objects(inside: &str, (a, b): (&Value, &Value), found: &mut Differing) {
    let (a, b) = (members(Some(a)), members(Some(b)));
    for (name, left, right) in pairs(&names(a), &names(b)) {
        let (left, right) = (value(a, left), value(b, right));
        match (inside, name) {
            // Layers are told with what names them.
            ("", "rootfs") => {}
            ("", "config") if left.is_some() && right.is_some() => {
                if let (Some(left), Some(right)) = (left, right) {
                    objects("config", (left, right), found);
                }
            }
            ("", "history") => {
                let [a, b] =
                    [left, right].map(|value| value.and_then(Value::items).unwrap_or_default());
                places(name, &steps(a, b), &steps(b, a), found);
            }
            ("config", "Env") => variables(left, right, found),
            ("config", "Labels") => {
                let (a, b) = (members(left), members(right));
                for (name, left, right) in pairs(&names(a), &names(b)) {
                    add(
                        found,
                        ("label", Some(name)),
                        value(a, left),
                        value(b, right),
                    );
                }
            }
            ("", _) => add(found, (name, None), left, right),
            _ => add(found, (inside, Some(name)), left, right),
        }
    }
}

fn add(
    found: &mut Differing,
    (part, name): (&str, Option<&str>),
    left: Option<&Value>,
    right: Option<&Value>,
) {
    found.add(part, name, left.map(shown), right.map(shown));
}

fn members<'v>(value: Option<&'v Value<'v>>) -> &'v [Member<'v>] {
    value.and_then(Value::members).unwrap_or_default()
}

fn names<'v>(members: &'v [Member<'v>]) -> Vec<&'v str> {
    members.iter().map(|one| one.key.text.as_ref()).collect()
}

fn value<'v>(members: &'v [Member<'v>], at: usize) -> Option<&'v Value<'v>> {
    members.get(at).map(|member| &member.value)
}

/// The names of two lists in the order of the first, each with its places in both: past the end is nowhere.
fn pairs<'v>(a: &[&'v str], b: &[&'v str]) -> Vec<(&'v str, usize, usize)> {
    let (left, right) = (by_name(a), by_name(b));
    let mut pairs = Vec::new();
    for (at, name) in a.iter().enumerate() {
        let other = right.get(name).copied();
        pairs.push((*name, at, other.unwrap_or(usize::MAX)));
    }
    for (at, name) in b.iter().enumerate() {
        if left.get(name).is_none() {
            pairs.push((*name, usize::MAX, at));
        }
    }
    pairs
}

#[inline(never)]
fn by_name(names: &[&str]) -> ByText<usize> {
    let mut places = ByText::default();
    for (at, name) in names.iter().enumerate() {
        places.insert(name, at);
    }
    places
}

/// Environment variables, by their names.
fn variables(a: Option<&Value>, b: Option<&Value>, found: &mut Differing) {
    let ((a, left), (b, right)) = (read(a), read(b));
    for (name, at, other) in pairs(&a, &b) {
        let left = left.get(at).map(|&value| value.to_owned());
        let right = right.get(other).map(|&value| value.to_owned());
        found.add("environment", Some(name), left, right);
    }
}

/// The names of environment variables, each once, and their values.
#[inline(never)]
fn read<'v>(value: Option<&'v Value<'v>>) -> (Vec<&'v str>, Vec<&'v str>) {
    let mut known = ByText::default();
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for item in value.and_then(Value::items).unwrap_or_default() {
        let text = item.as_str().unwrap_or_default();
        let (name, value) = text.cut("=").unwrap_or((text, ""));
        if known.insert(name, 0_usize) {
            names.push(name);
            values.push(value);
        }
    }
    (names, values)
}

/// Build steps by their commands; by everything that is said of one where only that tells it from the other image's.
#[inline(never)]
fn steps(own: &[Value], other: &[Value]) -> Vec<String> {
    let command = |step: &Value| {
        step.get("created_by")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let mut steps = Vec::new();
    for (at, step) in own.iter().enumerate() {
        let by = command(step);
        let is_same = by == other.get(at).and_then(command);
        steps.push(by.filter(|_| !is_same).unwrap_or_else(|| shown(step)));
    }
    steps
}

/// Two lists, place by place.
#[inline(never)]
fn places(part: &str, a: &[String], b: &[String], found: &mut Differing) {
    for at in 0..a.len().max(b.len()) {
        let name = (at + 1).to_string();
        found.add(part, Some(&name), a.get(at).cloned(), b.get(at).cloned());
    }
}

/// A value as a person reads it: a text without its quotes, anything else as JSON.
fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::String(text) => text.text.to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Bool(true) => "true".to_owned(),
        Kind::Bool(false) => "false".to_owned(),
        Kind::Number(number) => (*number).to_owned(),
        Kind::Array(items) => {
            let items: Vec<String> = items.iter().map(quoted).collect();
            format!("[{}]", joined(&items, ", "))
        }
        Kind::Object(members) => {
            let mut all = Vec::new();
            for member in members {
                let name: &str = &member.key.text;
                all.push([name, ": ", &quoted(&member.value)].concat());
            }
            joined(&all, ", ")
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
fn layers(pool: &Pool, (a, b): (&Hashed, &Hashed), found: &mut Differing) {
    let named = |known: &Hashed| {
        let (digest, _) = known.as_ref()?;
        let layers = links(pool.view(digest)?).filter(|link| link.role == Role::Layer);
        let said = layers.map(|link| format!("{}, {} bytes", link.digest(), link.descriptor.size));
        Some(said.collect::<Vec<_>>())
    };
    let (Some(a), Some(b)) = (named(a), named(b)) else {
        return;
    };
    places("layer", &a, &b, found);
}
