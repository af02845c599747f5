//! Reads an object in which `op` says what the other fields are.
//!
//! serde's own way (`#[serde(tag = "op")]`) first copies all fields into a tree. Here only those that come before `op` are
//! kept, as the text that they are; whoever writes `op` first has the rest read straight into its place.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// What an object's `op` says it is.
pub(super) trait Operation<'de>: Deserialize<'de> {
    /// What is read.
    type Line;

    /// Reads the other fields.
    fn read<D: Deserializer<'de>>(self, fields: D) -> Result<Self::Line, D::Error>;
}

/// Reads a whole object, out of JSON text in memory.
pub(super) fn read<'de, O: Operation<'de>, D: Deserializer<'de>>(
    object: D,
) -> Result<O::Line, D::Error> {
    object.deserialize_map(Object(PhantomData::<O>))
}

struct Object<O>(PhantomData<O>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, O: Operation<'de>> Visitor<'de> for Object<O> {
    type Value = O::Line;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the field `op`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<O::Line, A::Error> {
        let mut before: Vec<Kept<'de>> = Vec::new();
        while let Some(Name(name)) = fields.next_key()? {
            if name == "op" {
                let Name(op) = fields.next_value()?;
                let op: StrDeserializer<'_, A::Error> = op.as_ref().into_deserializer();
                let op = O::deserialize(op)?;
                let fields = Fields { before: before.into_iter(), present: None, after: fields };
                return op.read(MapAccessDeserializer::new(fields));
            }
            before.push((name, fields.next_value()?));
        }
        Err(A::Error::missing_field("op"))
    }
}

/// A field that came before `op`.
type Kept<'de> = (Cow<'de, str>, &'de RawValue);

/// The fields before `op`, then those after it.
struct Fields<'de, A> {
    before: std::vec::IntoIter<Kept<'de>>,
    present: Option<Kept<'de>>,
    after: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        self.present = self.before.next();
        let Some((name, _)) = &self.present else { return self.after.next_key_seed(seed) };
        let name: StrDeserializer<'_, A::Error> = name.as_ref().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let Some((name, value)) = self.present.take() else {
            return self.after.next_value_seed(seed);
        };
        let value = seed.deserialize(&mut serde_json::Deserializer::from_str(value.get()));
        value.map_err(|error| A::Error::custom(format_args!("{name}: {}", without_place(&error))))
    }
}

/// What is wrong, without the place: that counts from the beginning of the field, not of the line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}
