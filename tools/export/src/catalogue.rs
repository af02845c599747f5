//! The stores, products and categories of the catalogue as CSV, which imports read back as they were.

use std::borrow::Cow;
use std::collections::HashMap;

use gondola_store_domain::{
    Aggregate, Category, CategoryCode, Contact, DEPTH_MAX, Location, LongestHold, Measure, Price,
    Product, Store, Text,
};

use crate::formula_guard::guarded;
use crate::output::Output;

/// A kind of entry that is exported.
pub trait Exported {
    /// The columns.
    const HEADER: &'static [&'static str];

    /// Its fields, one for each column; what it does not say is empty, and text is guarded.
    fn fields(&self) -> Vec<Cow<'_, str>>;
}

/// Writes entries in the order that they come in.
pub fn export_catalogue<A: Exported>(entries: &[A], mut output: Output) -> anyhow::Result<()> {
    let written = write(&mut output, entries);
    output.finish(written)
}

fn write<A: Exported>(to: &mut Output, entries: &[A]) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(A::HEADER)?;
    for entry in entries {
        for field in entry.fields() {
            csv.write_field(field.as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(csv.flush()?)
}

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
        let contacts: Vec<String> = self.contacts.iter().map(Contact::to_string).collect();
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
            guarded(&contacts.join("; ")).into_owned().into(),
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
        let minor_units = |price: Option<Price>| written(price.map(Price::minor_units));
        let currency = |price: Option<Price>| written(price.map(Price::currency));
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
