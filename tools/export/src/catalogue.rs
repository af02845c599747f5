//! The entries of the catalogue as lines of a table, which imports read back as they were.

use std::borrow::Cow;
use std::collections::HashMap;

use gondola_store_domain::{
    Aggregate, Category, CategoryCode, Contact, DEPTH_MAX, LeadTime, Location, LongestHold,
    Measure, Price, Product, Sku, Store, Supplier, SupplierOffer, Text,
};

use crate::formula_guard::guarded;
use crate::table::Exported;

impl Exported for Store {
    const HEADER: &'static [&'static str] = &[
        "code",
        "name",
        "region",
        "city",
        "address",
        "postal_code",
        "latitude",
        "longitude",
        "kind",
        "status",
        "status_reason",
        "longest_hold_seconds",
        "time_zone",
        "opening_hours",
        "contacts",
        "store_id",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        vec![
            guarded(self.code.as_str()),
            guarded(self.name.as_str()),
            guarded(self.region.as_str()),
            text(self.city.as_ref()),
            text(self.address.as_ref()),
            text(self.postal_code.as_ref()),
            self.location.map(Location::latitude).unwrap_or_default().into(),
            self.location.map(Location::longitude).unwrap_or_default().into(),
            self.kind.as_str().into(),
            self.status.as_str().into(),
            text(self.status_reason.as_ref()),
            written(self.longest_hold.map(LongestHold::as_seconds)),
            written(self.time_zone.as_ref()),
            written(self.opening_hours.as_ref()),
            contacts(&self.contacts),
            self.store_id.to_string().into(),
        ]
    }
}

impl Exported for Product {
    const HEADER: &'static [&'static str] = &[
        "sku",
        "name",
        "category",
        "brand",
        "gtin",
        "unit_price_minor_units",
        "unit_price_currency",
        "unit_cost_minor_units",
        "unit_cost_currency",
        "details",
        "width_mm",
        "height_mm",
        "depth_mm",
        "weight_g",
        "volume_ml",
        "status",
        "product_id",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        let measure = |measure: Option<Measure>| written(measure.map(Measure::get));
        let measures = &self.measures;
        vec![
            guarded(self.sku.as_str()),
            guarded(self.name.as_str()),
            text(self.category.as_ref()),
            text(self.brand.as_ref()),
            self.gtin.as_ref().map_or("", |gtin| gtin.as_str()).into(),
            minor_units(self.unit_price),
            currency(self.unit_price),
            minor_units(self.unit_cost),
            currency(self.unit_cost),
            text(self.description.as_ref()),
            measure(measures.width),
            measure(measures.height),
            measure(measures.depth),
            measure(measures.weight),
            measure(measures.volume),
            self.status.as_str().into(),
            self.product_id.to_string().into(),
        ]
    }
}

impl Exported for Category {
    const HEADER: &'static [&'static str] = &["code", "name", "parent", "status"];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        vec![
            guarded(self.code.as_str()),
            guarded(self.name.as_str()),
            guarded(self.parent.as_ref().map_or("", CategoryCode::as_str)),
            self.status.as_str().into(),
        ]
    }
}

impl Exported for Supplier {
    const HEADER: &'static [&'static str] =
        &["code", "name", "contacts", "lead_time_days", "currency", "note", "status"];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        vec![
            guarded(self.code.as_str()),
            guarded(self.name.as_str()),
            contacts(&self.contacts),
            written(self.lead_time.map(LeadTime::as_days)),
            written(self.currency),
            text(self.note.as_ref()),
            self.status.as_str().into(),
        ]
    }
}

/// An offer with what the chain calls its product.
pub struct ExportedOffer {
    /// The SKU of the product.
    pub sku: Sku,
    /// The offer.
    pub offer: SupplierOffer,
}

impl Exported for ExportedOffer {
    const HEADER: &'static [&'static str] = &[
        "sku",
        "supplier",
        "supplier_sku",
        "lead_time_days",
        "minimum_order_quantity",
        "order_multiple",
        "unit_cost_minor_units",
        "unit_cost_currency",
        "preferred",
        "status",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        let Self { sku, offer } = self;
        vec![
            guarded(sku.as_str()),
            guarded(offer.code.supplier.as_str()),
            guarded(offer.supplier_sku.as_ref().map_or("", Sku::as_str)),
            written(offer.lead_time.map(LeadTime::as_days)),
            written(Some(offer.minimum_order.get())),
            written(Some(offer.order_multiple.get())),
            minor_units(offer.unit_cost),
            currency(offer.unit_cost),
            written(Some(offer.preferred)),
            offer.status.as_str().into(),
        ]
    }
}

/// Entries in their order, but each behind the one that it stands below: so that they can be registered one by one.
#[must_use]
pub fn parents_first<A: Aggregate>(entries: Vec<A>) -> Vec<A> {
    let mut levels: Vec<(usize, A)> = Vec::with_capacity(entries.len());
    let parents: HashMap<String, Option<A::Id>> =
        entries.iter().map(|entry| (entry.id().to_string(), entry.parent())).collect();
    for entry in entries {
        let (mut level, mut next) = (0, entry.parent());
        while let Some(parent) = next.filter(|_| level < DEPTH_MAX) {
            level += 1;
            next = parents.get(&parent.to_string()).copied().flatten();
        }
        levels.push((level, entry));
    }
    // stable: those of one level stay in order
    levels.sort_by_key(|(level, _)| *level);
    levels.into_iter().map(|(_, entry)| entry).collect()
}

fn text<const LENGTH_MAX: usize>(text: Option<&Text<LENGTH_MAX>>) -> Cow<'_, str> {
    guarded(text.map_or("", Text::as_str))
}

fn written(value: Option<impl ToString>) -> Cow<'static, str> {
    value.map(|value| value.to_string()).unwrap_or_default().into()
}

fn minor_units(price: Option<Price>) -> Cow<'static, str> {
    written(price.map(Price::minor_units))
}

fn currency(price: Option<Price>) -> Cow<'static, str> {
    written(price.map(Price::currency))
}

/// On one line, as [`Contact`] reads them.
fn contacts(contacts: &[Contact]) -> Cow<'static, str> {
    let contacts: Vec<String> = contacts.iter().map(Contact::to_string).collect();
    guarded(&contacts.join("; ")).into_owned().into()
}
