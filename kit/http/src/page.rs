//! Pages of a list: a limit, an opaque cursor to go on with, and the page itself.

use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// How many items a page may have: 1 to [`Limit::MAX`], 50 unless stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Limit(u32);

/// A page limit out of range.
#[derive(Debug, thiserror::Error)]
#[error("a page limit must be 1 to {max}, got {limit}", max = Limit::MAX)]
pub struct InvalidLimit {
    limit: u32,
}

impl Limit {
    /// Most items of a page.
    pub const MAX: u32 = 200;

    /// Checks and wraps a number.
    pub fn new(limit: u32) -> Result<Self, InvalidLimit> {
        if (1..=Self::MAX).contains(&limit) { Ok(Self(limit)) } else { Err(InvalidLimit { limit }) }
    }

    /// The number.
    pub const fn get(self) -> usize {
        self.0 as usize
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u32> for Limit {
    type Error = InvalidLimit;

    fn try_from(limit: u32) -> Result<Self, InvalidLimit> {
        Self::new(limit)
    }
}

impl PartialSchema for Limit {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some("How many items the page may have"))
            .minimum(Some(1))
            .maximum(Some(Self::MAX))
            .default(Some(Self::default().0.into()))
            .into()
    }
}

impl ToSchema for Limit {}

/// Where the next page begins. Callers see opaque text and hand it back; `K` is what a query needs to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor<K>(pub K);

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

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Pass it as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page and where the next one begins, if there is more.
    #[must_use]
    pub fn new<K: Serialize>(items: Vec<T>, next: Option<Cursor<K>>) -> Self {
        let mut next_cursor = None;
        if let Some(cursor) = next {
            let mut text = String::new();
            // A key that does not serialize would be a defect of its type; the list then ends here.
            next_cursor = write!(text, "{cursor}").is_ok().then_some(text);
        }
        Self { items, next_cursor }
    }
}
