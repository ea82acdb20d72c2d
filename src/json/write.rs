//! Values written as JSON text: the one form in which they leave the crate for JavaScript. Only
//! what the types here are made of can be written: structures, lists, texts, whole numbers.

use std::fmt::{self, Display, Write};

use serde::Serialize;
use serde::ser::{self, Impossible};

/// A value as JSON text.
///
/// # Errors
/// It holds what is never written here, such as a fraction.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, Unwritable> {
    let mut writer = Writer(String::new());
    value.serialize(&mut writer)?;
    Ok(writer.0)
}

/// An error that never happens.
#[derive(Debug)]
pub(crate) struct Unwritable;

struct Writer(String);

impl Writer {
    fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut rest = text;
        // Nearly all of it needs no escape: a run at a time.
        while let Some((plain, byte, after)) = split_at_special(rest) {
            self.0.push_str(plain);
            // Writing to a string does not fail.
            let _ = match byte {
                b'"' | b'\\' => write!(self.0, "\\{}", char::from(byte)),
                _ => write!(self.0, "\\u{byte:04x}"),
            };
            rest = after;
        }
        self.0.push_str(rest);
        self.0.push('"');
    }

    /// Writes the separator before an item: nothing before the first.
    fn next(&mut self) {
        if !matches!(self.0.as_bytes().last(), Some(b'[' | b'{')) {
            self.0.push(',');
        }
    }

    /// The name of a field: one of this crate's, so that nothing in it has to be escaped.
    fn name(&mut self, name: &'static str) {
        self.next();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }
}

/// The text before and after the first byte that has to be escaped.
fn split_at_special(text: &str) -> Option<(&str, u8, &str)> {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..=0x1f);
    let at = text.bytes().position(|byte| special(&byte))?;
    let (plain, rest) = text.split_at_checked(at)?;
    Some((plain, *rest.as_bytes().first()?, rest.get(1..)?))
}

impl<'w> ser::Serializer for &'w mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = List<'w>;
    type SerializeStruct = Object<'w>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStructVariant = Impossible<(), Unwritable>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;

    fn serialize_bool(self, value: bool) -> Result<(), Unwritable> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Unwritable> {
        self.0.push_str(&value.to_string());
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), Unwritable> {
        self.text(value);
        Ok(())
    }

    fn serialize_unit_variant(self, _: &str, _: u32, name: &'static str) -> Result<(), Unwritable> {
        self.serialize_str(name)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'w>, Unwritable> {
        self.0.push('[');
        Ok(List(self))
    }

    fn serialize_struct(self, _: &str, _: usize) -> Result<Object<'w>, Unwritable> {
        self.0.push('{');
        Ok(Object(self))
    }

    // Nothing below is in any value that is written.

    fn serialize_i8(self, _: i8) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_i16(self, _: i16) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_i32(self, _: i32) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_i64(self, _: i64) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_u8(self, _: u8) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_u16(self, _: u16) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_u32(self, _: u32) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_char(self, _: char) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_unit_struct(self, _: &str) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: &T,
    ) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(
        self,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct_variant(
        self,
        _: &str,
        _: u32,
        _: &str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

/// `[…]`, not yet closed.
pub(crate) struct List<'w>(&'w mut Writer);

impl ser::SerializeSeq for List<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.0.next();
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.0.0.push(']');
        Ok(())
    }
}

/// `{…}`, not yet closed.
pub(crate) struct Object<'w>(&'w mut Writer);

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        self.0.name(name);
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.0.0.push('}');
        Ok(())
    }
}

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what is never written")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Unwritable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    #[serde(tag = "is")]
    enum Sample {
        Proof(Opened),
        Other {
            list: Vec<Opened>,
            empty: Vec<String>,
        },
    }

    #[derive(Serialize)]
    struct Opened {
        text: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        none: Option<usize>,
        some: Option<usize>,
        yes: bool,
    }

    #[test]
    fn writes_what_serde_json_writes() {
        let inner = |text| Opened {
            text,
            none: None,
            some: Some(7),
            yes: true,
        };
        let list = vec![inner("a\"b\\c/"), inner("é\u{2028}\u{1f}[")];
        let empty = Vec::new();
        for sample in [Sample::Proof(inner("{")), Sample::Other { list, empty }] {
            let expected = serde_json::to_string(&sample).unwrap();
            assert_eq!(write(&sample).unwrap(), expected);
        }
    }
}
