//! What stores should order, as lines of a table.

use std::borrow::Cow;

use gondola_inventory_domain::{OrderTerms, ProductId, StockPosition, StoreId};

use crate::formula_guard::guarded;
use crate::table::Exported;
use crate::transfers::Codes;

/// A product at or below its reorder point in a store.
#[derive(Clone, Debug)]
pub struct ExportedReplenishment {
    /// Store and product.
    pub level: (StoreId, ProductId),
    /// Units physically in the store.
    pub on_hand: u32,
    /// Units held by reservations.
    pub reserved: u32,
    /// What it has and gets, against its reorder point.
    pub position: StockPosition,
    /// On whose terms to order how many units.
    pub order: Option<(OrderTerms, u64)>,
    /// Which store could send how many units; the first of those that could.
    pub transfer: Option<(StoreId, u64)>,
}

/// The same with the codes that people know.
#[derive(Clone, Debug)]
pub struct NamedReplenishment {
    line: ExportedReplenishment,
    store: Box<str>,
    sku: Box<str>,
    from: Box<str>,
}

impl ExportedReplenishment {
    /// Adds the codes of the stores and the SKU of the product.
    pub fn named(self, codes: &impl Codes) -> NamedReplenishment {
        let (store, product) = self.level;
        let from = self.transfer.map(|(from, _)| codes.store(from)).unwrap_or_default();
        NamedReplenishment {
            store: codes.store(store),
            sku: codes.product(product),
            from,
            line: self,
        }
    }
}

impl Exported for NamedReplenishment {
    const HEADER: &'static [&'static str] = &[
        "store_code",
        "sku",
        "on_hand",
        "reserved",
        "available",
        "safety_stock",
        "reorder_point",
        "in_transit",
        "on_order",
        "shortage",
        "supplier",
        "lead_time_days",
        "minimum_order_quantity",
        "order_multiple",
        "order_quantity",
        "transfer_from",
        "transfer_quantity",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        let Self { line, store, sku, from } = self;
        let position = &line.position;
        let terms = line.order.as_ref().map(|(terms, _)| terms);
        vec![
            guarded(store),
            guarded(sku),
            number(Some(line.on_hand)),
            number(Some(line.reserved)),
            number(Some(position.available)),
            number(Some(position.safety_stock)),
            number(Some(position.reorder_point)),
            number(Some(position.in_transit)),
            number(Some(position.on_order)),
            number(Some(position.shortage())),
            guarded(terms.map_or("", |terms| &terms.supplier)),
            number(terms.and_then(|terms| terms.lead_time_days)),
            number(terms.map(|terms| terms.minimum_order)),
            number(terms.map(|terms| terms.order_multiple)),
            number(line.order.as_ref().map(|(_, quantity)| *quantity)),
            guarded(from),
            number(line.transfer.map(|(_, quantity)| quantity)),
        ]
    }
}

fn number(value: Option<impl ToString>) -> Cow<'static, str> {
    value.map(|value| value.to_string()).unwrap_or_default().into()
}
