//! Reading the fields of a JSON object from JavaScript: a question, a want, a source or evidence.

use crate::error::{Error, ErrorKind};
use crate::json::{Member, Value};
use crate::text::{Parts, shortened};

/// The fields of an object.
pub(crate) struct FormFields<'v, 'a>(&'v [Member<'a>]);

impl<'v, 'a> FormFields<'v, 'a> {
    pub(crate) fn of(value: &'v Value<'a>) -> Result<Self, Error> {
        let members = value.members();
        members
            .map(FormFields)
            .ok_or_else(|| wrong("an object", value.type_name()))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'v Value<'a>> {
        let member = self.0.iter().find(|member| member.key.text == name)?;
        Some(&member.value)
    }

    /// An unknown field is an error: it may be a known one misspelt, and so a condition lost.
    pub(crate) fn only(&self, known: &str) -> Result<(), Error> {
        let odd = self
            .0
            .iter()
            .find(|member| !known.has_word(&member.key.text));
        match odd {
            None => Ok(()),
            Some(member) => Err(wrong("only known fields", &member.key.text)),
        }
    }

    pub(crate) fn text(&self, name: &'static str) -> Result<&'v str, Error> {
        match self
            .get(name)
            .map(|value| (value.as_str(), value.type_name()))
        {
            Some((Some(text), _)) => Ok(text),
            Some((None, found)) => Err(wrong("text", found)),
            None => Err(wrong(name, "none")),
        }
    }

    /// The fields of a field that is an object.
    pub(crate) fn object(&self, name: &'static str) -> Result<Self, Error> {
        FormFields::of(self.get(name).ok_or_else(|| wrong(name, "none"))?)
    }

    pub(crate) fn texts(&self, name: &'static str) -> Result<Vec<&'v str>, Error> {
        let items = self.get(name).and_then(Value::items).unwrap_or_default();
        let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
        if texts.is_empty() || texts.len() != items.len() {
            return Err(wrong("at least one text in a list", name));
        }
        Ok(texts)
    }
}

/// An error about a part of a question, a want, a source or evidence.
pub(crate) fn wrong(expected: &'static str, found: &str) -> Error {
    let found = shortened(found);
    Error::new(ErrorKind::Question { expected, found })
}
