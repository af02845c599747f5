//! Stores and products: the catalogue's rules, without input or output.
//!
//! Two event-sourced aggregates, [`Store`] and [`Product`], each with a command, an event, and two pure
//! functions: [`store::decide`] and [`store::evolve`], [`product::decide`] and [`product::evolve`]. Every
//! event carries the whole state after it, so that a reader of one event needs no other.
//!
//! That no two stores share a code and no two products a SKU spans aggregates and is not decided here: the
//! application takes a claim in the transaction that registers.

mod change;
mod code;
mod gtin;
mod id;
mod location;
mod price;
pub mod product;
mod refusal;
pub mod store;
mod text;
mod word;

pub use change::Change;
pub use code::{InvalidCode, Sku, StoreCode};
pub use gtin::{Gtin, InvalidGtin};
pub use id::{ProductId, StoreId};
pub use location::{InvalidLocation, Location};
pub use price::{Currency, InvalidPrice, Price};
pub use product::{
    Product, ProductChanges, ProductCommand, ProductEvent, ProductStatus, UpdateProduct,
};
pub use refusal::Refusal;
pub use store::{
    Store, StoreChanges, StoreCommand, StoreEvent, StoreKind, StoreStatus, UpdateStore,
};
pub use text::{Address, InvalidText, Label, Name, PostalCode, Text};
pub use word::UnknownWord;
