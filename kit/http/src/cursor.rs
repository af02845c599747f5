//! Opaque cursors: where the next page of a list begins, and in which order.

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::Problem;

/// Where the next page begins. Callers see opaque text and hand it back; `K` is what a query needs to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<K>(K);

/// A place in an order of a list. A [`Cursor`] to it is of no use to another list, or to another order of the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place<K>(Box<str>, K);

impl<K> Cursor<Place<K>> {
    /// A cursor in an order, such as `stores by code`: the next page begins after the item with this key.
    pub fn in_order(order: &str, key: K) -> Self {
        Self(Place(order.into(), key))
    }

    /// The key after which the next page begins; a 422 about the field `cursor` when it is of another order.
    pub fn key_in(self, order: &str) -> Result<K, Problem> {
        let Self(Place(given, key)) = self;
        if *given == *order {
            return Ok(key);
        }
        let detail = format!(
            "this cursor goes on with {given:?}, and the list is {order:?}: take nextCursor of a page of the same \
             list in the same order, or leave it out to begin at the start"
        );
        Err(Problem::invalid("cursor", detail))
    }
}

/// Text that no page gave as its cursor.
#[derive(Debug, thiserror::Error)]
#[error(
    "not a cursor of this list: take nextCursor of a page, or leave it out to begin at the start"
)]
pub struct InvalidCursor;

/// Longest cursor text, in bytes.
const CURSOR_LENGTH_MAX: usize = 1024;

impl<K: DeserializeOwned> std::str::FromStr for Cursor<K> {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        if text.len() > CURSOR_LENGTH_MAX {
            return Err(InvalidCursor);
        }
        let json = from_hex(text).ok_or(InvalidCursor)?;
        serde_json::from_slice(&json).map(Self).map_err(|_| InvalidCursor)
    }
}

impl<K: Serialize> fmt::Display for Cursor<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(&self.0).map_err(|_| fmt::Error)?;
        json.into_iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

impl<'de, K: DeserializeOwned> Deserialize<'de> for Cursor<K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: Serialize> Serialize for Cursor<K> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<K> PartialSchema for Cursor<K> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("`nextCursor` of the page before; opaque"))
            .max_length(Some(CURSOR_LENGTH_MAX))
            .into()
    }
}

impl<K> ToSchema for Cursor<K> {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Cursor")
    }
}
