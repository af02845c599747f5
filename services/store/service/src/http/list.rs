//! The query of a list.

use gondola_store_domain::{GtinNumber, Product, Store};
use kit_core::Position;
use kit_http::{Cursor, Limit, Place, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Resource;
use super::patch::field;
use crate::use_cases::{ListQuery, Search};

/// What every list of the catalogue takes.
macro_rules! list_params {
    ($($(#[$doc:meta])* $name:ident of $entry:ident { $(#[$status_doc:meta])* status: $status:ty, $(#[$group_doc:meta])* $group:ident,
        $($(#[$more_doc:meta])* $more:ident as $parse:path,)? })+) => {$(
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
            $($(#[$more_doc])* $more: Option<String>,)?
            /// Wait until the list has this `position` of an earlier answer.
            #[param(example = 42)]
            min_position: Option<u64>,
            /// How many items the page may have.
            #[serde(default)]
            #[param(inline)]
            limit: Limit,
            /// `nextCursor` of the page before.
            #[param(value_type = Option<String>)]
            cursor: Option<Cursor<Place<String>>>,
        }

        impl $name {
            pub(super) fn parse(self) -> Result<List, Problem> {
                let q = self.q.filter(|text| !text.trim().is_empty());
                let search = field("q", q.map(|text| Search::new(&text)).transpose())?;
                let after = self.cursor.map(|cursor| cursor.key_in($entry::ORDER)).transpose()?;
                let query = ListQuery {
                    search,
                    status: self.status.map(|status| status.domain().as_str()),
                    group: self.$group,
                    after,
                    limit: self.limit.get(),
                    ..ListQuery::default()
                };
                $(let $more = field(stringify!($more), self.$more.as_deref().map($parse).transpose())?;
                let query = ListQuery { $more, ..query };)?
                Ok(List {
                    query,
                    min_position: self.min_position.map(Position::new),
                })
            }
        }
    )+};
}

list_params! {
    /// Which stores are wanted.
    StoreList of Store {
        /// Only those with this status.
        status: super::store_body::StoreStatusWord,
        /// Only those of this region, letter by letter.
        region,
    }
    /// Which products are wanted.
    ProductList of Product {
        /// Only those with this status.
        status: super::product_body::ProductStatusWord,
        /// Only those of this category, letter by letter.
        category,
        /// Only the one with this barcode, whatever its length and leading zeros; its check digit must be right.
        #[param(max_length = 14, example = "4006381333931")]
        gtin as GtinNumber::new,
    }
}

/// A list as it was asked for.
pub(super) struct List {
    pub(super) query: ListQuery,
    /// Where the view must be first, if that was asked for.
    pub(super) min_position: Option<Position>,
}
