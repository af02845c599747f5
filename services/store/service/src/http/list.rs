//! The query of a list, and the page that answers it.

use kit_core::Position;
use kit_http::{Cursor, Limit, Page, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Resource;
use super::patch::field;
use crate::use_cases::{Entry, ListQuery, Search};

/// What every list of the catalogue takes.
macro_rules! list_params {
    ($($(#[$doc:meta])* $name:ident { $(#[$status_doc:meta])* status: $status:ty, $(#[$group_doc:meta])* $group:ident, })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// Words to search for, in any order: each must begin a word of the entry, whatever its case or accents.
            #[param(max_length = 200, example = "pao 50")]
            q: Option<String>,
            $(#[$status_doc])*
            #[param(inline)]
            status: Option<$status>,
            $(#[$group_doc])*
            $group: Option<String>,
            /// Wait until the list has this `position` of an earlier answer.
            #[param(example = 42)]
            min_position: Option<u64>,
            /// How many items the page may have.
            #[serde(default)]
            #[param(inline)]
            limit: Limit,
            /// `nextCursor` of the page before.
            #[param(value_type = Option<String>)]
            cursor: Option<Cursor<String>>,
        }

        impl $name {
            pub(super) fn parse(self) -> Result<List, Problem> {
                let q = self.q.filter(|text| !text.trim().is_empty());
                let search = field("q", q.map(|text| Search::new(&text)).transpose())?;
                // one more than asked for tells whether there is a next page
                let limit = self.limit.get() + 1;
                Ok(List {
                    query: ListQuery {
                        search,
                        status: self.status.map(|status| status.domain().as_str()),
                        group: self.$group,
                        after: self.cursor.map(|Cursor(code)| code),
                        limit,
                    },
                    min_position: self.min_position.map(Position::new),
                })
            }
        }
    )+};
}

list_params! {
    /// Which stores are wanted.
    StoreList {
        /// Only those with this status.
        status: super::store_body::StoreStatusWord,
        /// Only those of this region, letter by letter.
        region,
    }
    /// Which products are wanted.
    ProductList {
        /// Only those with this status.
        status: super::product_body::ProductStatusWord,
        /// Only those of this category, letter by letter.
        category,
    }
}

/// A list as it was asked for.
pub(super) struct List {
    /// Asks for one entry more than the page may have.
    pub(super) query: ListQuery,
    /// Where the view must be first.
    pub(super) min_position: Option<Position>,
}

/// The page of the entries that were found by a [`List`] with this limit.
pub(super) fn page<A: Resource>(mut found: Vec<Entry<A>>, limit: usize) -> Page<A::Body> {
    let more = found.len() >= limit;
    found.truncate(limit - 1);
    let last = found.last().filter(|_| more);
    let next = last.map(|entry| Cursor(entry.state.code().to_string()));
    Page::new(found.iter().map(|entry| A::body(entry, None)).collect(), next)
}
