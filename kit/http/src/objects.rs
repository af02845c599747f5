//! Bodies as objects: a parser takes a list for an object, member by member, which no document allows.

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

/// A parser that reads an object where one is wanted, and nothing else. What is within it is read as ever.
pub(crate) struct Objects<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::Json;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wanted {
        #[serde(default)]
        lines: Vec<u8>,
        note: Option<String>,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = Json::<Wanted>::parse(br#"{"lines": [1, 2], "note": "x"}"#).unwrap();
        assert_eq!((read.lines, read.note.as_deref()), (vec![1, 2], Some("x")));
        for list in [&b"[[]]"[..], b"[]", b" [[1], \"x\"]"] {
            let refused = Json::<Wanted>::parse(list).unwrap_err();
            assert_eq!(refused.code(), "invalid");
            assert!(refused.told().detail.contains("list"), "{:?}", refused.told());
        }
        assert_eq!(Json::<Vec<u8>>::parse(b"[1, 2]").unwrap(), [1, 2]);
        assert!(Json::<Wanted>::parse(b"{} {}").is_err(), "and nothing after it");
    }
}
