//! Pages of a list: how many items one may have, and the page itself.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::Cursor;

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
