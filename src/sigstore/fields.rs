//! Reading Sigstore's JSON: what protobuf writes, and no more. A name that is not known is an error, since it may be a
//! known one that was changed, and what it says would be lost. `null`, and what is left out, is nothing or zero.

use crate::error::{Error, ErrorKind};
use crate::json::{self, Kind, Member, Value};
use crate::text::{Parts, shortened};

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownFields<'v, 'a> {
    members: &'v [Member<'a>],
    /// The start of the codes of its errors.
    code: &'static str,
}

impl<'v, 'a> KnownFields<'v, 'a> {
    /// The fields of an object, which has only these.
    pub(super) fn of(
        value: &'v Value<'a>,
        code: &'static str,
        known: &'static str,
    ) -> Result<Self, Error> {
        let Some(members) = value.members() else {
            return Err(wrong(code, known, value.type_name()));
        };
        let odd = |member: &&Member| !known.has_word(&member.key.text);
        match members.iter().find(odd) {
            None => Ok(KnownFields { members, code }),
            Some(odd) => Err(wrong(code, known, &odd.key.text)),
        }
    }

    pub(super) fn get(self, name: &str) -> Option<&'v Value<'a>> {
        let mut all = self.members.iter();
        let found = all.find(|member| member.key.text == name)?;
        (!matches!(found.value.kind, Kind::Null)).then_some(&found.value)
    }

    /// The object in this field, which has only these fields.
    pub(super) fn maybe(self, name: &str, known: &'static str) -> Result<Option<Self>, Error> {
        let value = self.get(name);
        value
            .map(|value| KnownFields::of(value, self.code, known))
            .transpose()
    }

    pub(super) fn object(self, name: &'static str, known: &'static str) -> Result<Self, Error> {
        self.maybe(name, known)?.ok_or_else(|| self.missing(name))
    }

    pub(super) fn text(self, name: &'static str) -> Result<&'v str, Error> {
        let value = self.get(name).ok_or_else(|| self.missing(name))?;
        let text = value.as_str();
        text.ok_or_else(|| wrong(self.code, name, value.type_name()))
    }

    /// The bytes of standard base64 with its padding.
    pub(super) fn bytes(self, name: &'static str) -> Result<Vec<u8>, Error> {
        let text = self.text(name)?;
        let bytes = json::from_base64(text).filter(|bytes| !bytes.is_empty());
        bytes.ok_or_else(|| wrong(self.code, "base64", text))
    }

    /// A whole number up to 2⁶³−1, as text or as a number. Left out, it is 0.
    pub(super) fn number(self, name: &'static str) -> Result<i64, Error> {
        let Some(value) = self.get(name) else {
            return Ok(0);
        };
        let text = match &value.kind {
            Kind::Number(text) => text,
            _ => value.as_str().unwrap_or(value.type_name()),
        };
        let plain = text.bytes().all(|digit| digit.is_ascii_digit());
        let plain = plain && (text.len() == 1 || !text.starts_with('0'));
        let number = text.parse().ok().filter(|_| plain);
        number.ok_or_else(|| wrong(self.code, name, text))
    }

    /// The items of a list, which are at most this many.
    pub(super) fn items(self, name: &'static str, most: usize) -> Result<&'v [Value<'a>], Error> {
        let Some(value) = self.get(name) else {
            return Ok(&[]);
        };
        let items = value.items();
        let items = items.ok_or_else(|| wrong(self.code, name, value.type_name()))?;
        if items.len() > most {
            let allowed = most as u64;
            return Err(Error::new(ErrorKind::LimitExceeded {
                limit: name,
                allowed,
            }));
        }
        Ok(items)
    }

    fn missing(self, name: &'static str) -> Error {
        wrong(self.code, name, "none")
    }
}

/// The error that something else was expected.
pub(super) fn wrong(code: &'static str, expected: &'static str, found: &str) -> Error {
    let found = shortened(found);
    Error::new(ErrorKind::Sigstore {
        code,
        expected,
        found,
    })
}
