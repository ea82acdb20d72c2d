//! A JSON value and its parts.

use super::{Kind, Member, Value};

impl<'a> Value<'a> {
    /// The items of the array in this field; none if there is no such array.
    #[inline(never)]
    pub(crate) fn items_of(&self, name: &str) -> &[Value<'a>] {
        self.get(name).and_then(Value::items).unwrap_or_default()
    }

    /// The strings among the items of the array in this field.
    #[inline(never)]
    pub(crate) fn texts_of(&self, name: &str) -> Vec<&str> {
        let mut texts = Vec::new();
        for item in self.items_of(name) {
            texts.extend(item.as_str());
        }
        texts
    }

    /// The members, if this is an object.
    pub fn members(&self) -> Option<&[Member<'a>]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is an array.
    pub fn items(&self) -> Option<&[Value<'a>]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The number, if this is one in the plain spelling of a whole number from 0 to 2⁶⁴−1.
    pub fn as_u64(&self) -> Option<u64> {
        match self.kind {
            Kind::Number(raw) if raw.bytes().all(|b| b.is_ascii_digit()) => raw.parse().ok(),
            _ => None,
        }
    }

    /// The value of the member with exactly this name, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.members()?
            .iter()
            .find(|member| member.key.text == name)
            .map(|member| &member.value)
    }

    /// The type in the words of error messages.
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Array(_) => "an array",
            Kind::Bool(_) => "true or false",
            Kind::Null => "null",
            Kind::Number(_) => "a number",
            Kind::Object(_) => "an object",
            Kind::String(_) => "a string",
        }
    }
}
