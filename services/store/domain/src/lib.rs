//! Stores, products and suppliers: the catalogue's rules, without input or output.
//!
//! Event-sourced aggregates, [`Store`], [`Product`], [`Category`], [`Supplier`] and [`SupplierOffer`], that share their commands
//! and events, [`Command`] and [`Event`], and two pure functions, [`decide`] and [`evolve`]; [`Aggregate`] says in what they
//! differ. Every event carries the whole state after it, so that a reader of one event needs no other.
//!
//! That no two stores share a code, no two products a SKU or a barcode, and that one supplier of a product is preferred spans
//! aggregates and is not decided here: the application takes a claim in the transaction that writes.

mod aggregate;
mod category;
mod change;
mod code;
mod contact;
mod id;
mod longest_hold;
mod measures;
mod opening_hours;
mod order_terms;
mod price;
mod product;
mod refusal;
mod store;
mod supplier;
mod supplier_offer;
mod text;
mod tree;
mod word;

pub use aggregate::{Aggregate, Command, Event, decide, evolve};
pub use category::{Category, CategoryChanges, CategoryStatus};
pub use change::Change;
pub use code::{CategoryCode, InvalidCode, Sku, StoreCode, SupplierCode};
pub use contact::{Contact, ContactParts, InvalidContact, Phone};
pub use id::{CategoryId, ProductId, StoreId, SupplierId, SupplierOfferId};
pub use kit_core::{Gtin, GtinNumber, InvalidGtin, InvalidLocation, Location};
pub use longest_hold::{InvalidLongestHold, LongestHold};
pub use measures::{InvalidMeasure, Measure, Measures};
pub use opening_hours::{InvalidOpeningHours, OpeningHours};
pub use order_terms::{InvalidLeadTime, InvalidOrderQuantity, LeadTime, OrderQuantity};
pub use price::{Currency, InvalidPrice, Price};
pub use product::{Product, ProductChanges, ProductStatus};
pub use refusal::Refusal;
pub use store::{Store, StoreChanges, StoreKind, StoreStatus};
pub use supplier::{Supplier, SupplierChanges, SupplierStatus};
pub use supplier_offer::{
    InvalidOfferCode, OfferCode, OfferStatus, SupplierOffer, SupplierOfferChanges,
};
pub use text::{
    Address, Description, InvalidText, Label, Name, Note, PostalCode, StatusReason, Text,
};
pub use tree::{DEPTH_MAX, check_place};
pub use word::UnknownWord;
