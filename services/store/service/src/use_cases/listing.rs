//! Lists and searches: what callers may ask of the catalogue's view.

use async_trait::async_trait;
use gondola_store_domain::{
    Category, CategoryCode, GtinNumber, Location, Product, Store, Supplier, SupplierCode,
    SupplierOffer,
};
use kit_core::Scope;
use kit_service::{ReadError, Slice, ViewFreshness};

use super::decider::Entry;

/// Words to search for: each must begin a word of an entry's code, name, region, city, category, brand or barcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search(Vec<Box<str>>);

/// The text cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSearch {
    /// The search text is too long.
    #[error("a search must be at most {max} characters, got {0}", max = Search::LENGTH_MAX)]
    Length(usize),
    /// Too many words.
    #[error("a search must be at most {max} words, got {0}", max = Search::WORDS_MAX)]
    Words(usize),
    /// The search text has no letter or digit.
    #[error("a search must have a letter or digit, got {0:?}")]
    Empty(String),
}

impl Search {
    /// Longest search, in characters.
    pub const LENGTH_MAX: usize = 200;
    /// Most words of a search.
    pub const WORDS_MAX: usize = 16;

    /// Splits a text at its spaces; words without a letter or digit are skipped.
    pub fn new(text: &str) -> Result<Self, InvalidSearch> {
        let length = text.chars().count();
        if length > Self::LENGTH_MAX {
            return Err(InvalidSearch::Length(length));
        }
        let searchable = |word: &&str| word.chars().any(char::is_alphanumeric);
        let words: Vec<Box<str>> =
            text.split_whitespace().filter(searchable).map(Box::from).collect();
        match words.len() {
            0 => Err(InvalidSearch::Empty(text.to_owned())),
            1..=Self::WORDS_MAX => Ok(Self(words)),
            count => Err(InvalidSearch::Words(count)),
        }
    }

    /// The words; at least one, each with a letter or digit.
    pub fn words(&self) -> &[Box<str>] {
        &self.0
    }
}

/// Which entries of a list are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Only those with these words.
    pub search: Option<Search>,
    /// Only those with this status.
    pub status: Option<&'static str>,
    /// Only the stores of this sort.
    pub kind: Option<&'static str>,
    /// Only the stores with a place on the map, by their distance from this one.
    pub near: Option<Location>,
    /// Only those within so many kilometres of it.
    pub within_km: Option<u32>,
    /// Only the categories at or below the one with this code, or the products that name one of them.
    pub below: Option<CategoryCode>,
    /// Only the products with this number of a barcode.
    pub gtin: Option<GtinNumber>,
    /// Only the suppliers with an offer, not withdrawn, of the product with this id.
    pub offers: Option<String>,
    /// Only the offers of this supplier.
    pub supplier: Option<SupplierCode>,
    /// Only the stores of this region, the products of this category, the categories directly below this one, or the offers of
    /// the product with this id, letter by letter.
    pub group: Option<String>,
    /// Only those with an id within it.
    pub scope: Scope,
    /// Begin after this code, or in the order of distances after what [`Nearby::key`] says.
    pub after: Option<String>,
    /// Most entries of a page.
    pub limit: usize,
}

/// By what an entry is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// A store by its code, in whatever case.
    StoreCode(String),
    /// A product by its SKU, in whatever case.
    Sku(String),
    /// A category by its code, in whatever case.
    CategoryCode(String),
    /// A supplier by its code, in whatever case.
    SupplierCode(String),
    /// An offer by its product and supplier, in whatever case.
    Offer(String),
    /// A product by the number of its barcode.
    Gtin(GtinNumber),
}

/// A page of a list, and the code after which the next one begins.
pub type Listing<A> = Slice<Entry<A>, String>;

/// What needs a category or a supplier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// Categories in use that stand directly below it.
    pub children: u64,
    /// Products that name it.
    pub products: u64,
    /// Offers of the supplier that are not withdrawn.
    pub offers: u64,
}

/// A store with its distance from a place.
#[derive(Clone, Debug)]
pub struct Nearby {
    /// The store.
    pub entry: Entry<Store>,
    /// How far it is, in metres.
    pub metres: u32,
}

impl Nearby {
    /// The place of a store in the order of distances; texts of it are in that order.
    pub fn key(metres: u32, code: &str) -> String {
        format!("{metres:08} {code}")
    }
}

/// The view, as this context's lists need it. An adapter answers from what it has applied so far, sorted by code.
#[async_trait]
pub trait CatalogueReadModel: Send + Sync {
    /// A page of the stores.
    async fn stores(&self, query: ListQuery) -> Result<Listing<Store>, ReadError>;

    /// A page of the stores that have a place on the map, the nearest to `near` first, and after what the next one begins.
    async fn nearest_stores(
        &self,
        near: Location,
        query: ListQuery,
    ) -> Result<Slice<Nearby, String>, ReadError>;

    /// A page of the products.
    async fn products(&self, query: ListQuery) -> Result<Listing<Product>, ReadError>;

    /// A page of the categories.
    async fn categories(&self, query: ListQuery) -> Result<Listing<Category>, ReadError>;

    /// A page of the suppliers.
    async fn suppliers(&self, query: ListQuery) -> Result<Listing<Supplier>, ReadError>;

    /// A page of the offers, in the order of their products' ids and suppliers' codes.
    async fn supplier_offers(&self, query: ListQuery) -> Result<Listing<SupplierOffer>, ReadError>;

    /// What needs the category or the supplier that this names; nothing needs the others.
    async fn users(&self, of: LookUp) -> Result<Users, ReadError>;

    /// The ids of the entries that these look-ups name, of several the one that was registered first.
    async fn look_up(&self, wanted: Vec<LookUp>) -> Result<Vec<Option<String>>, ReadError>;

    /// How far the view is behind the log.
    fn freshness(&self) -> &ViewFreshness;
}
