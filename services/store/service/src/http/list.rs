//! The query of a list.

use std::convert::Infallible;

use gondola_store_domain::{
    Category, CategoryCode, GtinNumber, InvalidCode, InvalidGtin, InvalidLocation, Location,
    Product, Store, Supplier, SupplierOffer,
};
use kit_core::Position;
use kit_http::{Cursor, Limit, Place, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Resource;
use super::patch::field;
use super::store_parts::StoreKindWord;
use crate::use_cases::{ListQuery, Search};

/// What every list of the catalogue takes.
macro_rules! list_params {
    ($($(#[$doc:meta])* $name:ident of $entry:ident { $(#[$status_doc:meta])* status: $status:ty,
        $($(#[$more_doc:meta])* $more:ident named $wire:literal into $field:ident: $type:ty as $parse:path,)* })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(super) struct $name {
            /// Words to search for, in any order: each must begin a word of the entry, whatever its case or accents.
            #[param(max_length = 200, example = "wire head")]
            q: Option<String>,
            $(#[$status_doc])*
            #[param(inline)]
            status: Option<$status>,
            $($(#[$more_doc])* $more: Option<$type>,)*
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
                let query = ListQuery {
                    search,
                    status: self.status.map(|status| status.domain().as_str()),
                    limit: self.limit.get(),
                    $($field: field($wire, self.$more.map($parse).transpose())?,)*
                    ..ListQuery::default()
                };
                let order = order::<$entry>(&query)?;
                let after = self.cursor.map(|cursor| cursor.key_in(&order)).transpose()?;
                Ok(List {
                    query: ListQuery { after, ..query },
                    order,
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
        status: super::store_parts::StoreStatusWord,
        /// Only those of this region, letter by letter.
        region named "region" into group: String as text,
        /// Only those of this sort.
        #[param(inline)]
        kind named "kind" into kind: StoreKindWord as kind,
        /// Those with a place on the map, the nearest to this one first, each with its `distanceMetres`: latitude and longitude in
        /// decimal degrees.
        #[param(example = "-23.561414,-46.655881")]
        near named "near" into near: String as place,
        /// Only those within so many kilometres of `near`.
        #[param(minimum = 1, maximum = 20_100)]
        within_km named "withinKm" into within_km: u32 as kilometres,
    }
    /// Which categories are wanted.
    CategoryList of Category {
        /// Only those with this status.
        status: super::category_body::CategoryStatusWord,
        /// Only those directly below this one, by its code as it is written there.
        parent named "parent" into group: String as text,
        /// Only this one and all below it, by its code.
        below named "below" into below: String as category,
    }
    /// Which suppliers are wanted.
    SupplierList of Supplier {
        /// Only those with this status.
        status: super::supplier_body::SupplierStatusWord,
        /// Only those with an offer of this product, by its id, SKU or GTIN.
        #[param(example = "PROD123456")]
        product named "product" into offers: String as text,
    }
    /// Which offers are wanted.
    SupplierOfferList of SupplierOffer {
        /// Only those with this status; those that hold (`active`) when absent.
        status: super::supplier_offer_body::OfferStatusWord,
    }
    /// Which products are wanted.
    ProductList of Product {
        /// Only those with this status.
        status: super::product_parts::ProductStatusWord,
        /// Only those of this category, letter by letter.
        category named "category" into group: String as text,
        /// Only those that name this category or one below it, by its code.
        category_tree named "categoryTree" into below: String as category,
        /// Only the one with this barcode, whatever its length and leading zeros; its check digit must be right.
        #[param(max_length = 14, example = "4006381333931")]
        gtin named "gtin" into gtin: String as gtin,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "other fields can be wrong")]
fn kind(word: StoreKindWord) -> Result<&'static str, Infallible> {
    Ok(word.domain().as_str())
}

#[expect(clippy::unnecessary_wraps, reason = "other fields can be wrong")]
fn text(text: String) -> Result<String, Infallible> {
    Ok(text)
}

#[expect(clippy::needless_pass_by_value, reason = "as all fields of a query are given")]
fn category(code: String) -> Result<CategoryCode, InvalidCode> {
    CategoryCode::new(&code)
}

#[expect(clippy::needless_pass_by_value, reason = "as all fields of a query are given")]
fn gtin(text: String) -> Result<GtinNumber, InvalidGtin> {
    GtinNumber::new(&text)
}

#[expect(clippy::needless_pass_by_value, reason = "as all fields of a query are given")]
fn place(text: String) -> Result<Location, InvalidLocation> {
    let (latitude, longitude) = text.split_once(',').unwrap_or((&text, ""));
    Location::parse(latitude.trim(), longitude.trim())
}

/// Half the way around the Earth.
const FARTHEST_KM: u32 = 20_100;

fn kilometres(wanted: u32) -> Result<u32, String> {
    if (1..=FARTHEST_KM).contains(&wanted) {
        return Ok(wanted);
    }
    Err(format!("a distance must be 1 to {FARTHEST_KM} km, got {wanted}"))
}

/// The order of a list: a page of another one does not go on here.
fn order<A: Resource>(query: &ListQuery) -> Result<String, Problem> {
    match (query.near, query.within_km) {
        (Some(near), _) => Ok(format!("{} by distance from {near}", A::NOUN)),
        (None, None) => Ok(A::ORDER.to_owned()),
        (None, Some(_)) => {
            let detail = "say from which place: near=LATITUDE,LONGITUDE";
            Err(Problem::invalid("withinKm", detail))
        }
    }
}

/// A list as it was asked for.
pub(super) struct List {
    pub(super) query: ListQuery,
    /// What its pages are called.
    pub(super) order: String,
    /// Where the view must be first, if that was asked for.
    pub(super) min_position: Option<Position>,
}
