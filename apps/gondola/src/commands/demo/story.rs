//! What happened in the chain of the demo: a week of stock, and a day that did not go as planned.

use gondola_inventory::use_cases::{
    LevelRef, ProductRef, ReservationTerms, StockRequest, StoreRef,
};
use gondola_inventory_domain::{
    AddStock, AdjustStock, CountStock, OnShortage, OrderRef, PositiveQuantity, ProductId, Reason,
    Reference, SetStockPolicy, StockDelta, StockQuantity, StoreId, TimeToLive,
};
use kit_core::Timestamp;

use super::chain::{DemoStore, PRODUCTS, STORES, product_id};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// One thing that happens, by a name that it is done once under.
pub(super) type Happening = (String, StockRequest);

/// All of it, as it looks at a moment. Business times lie up to a week before; what is done already is not done again.
pub(super) fn story(now: Timestamp) -> anyhow::Result<Vec<Happening>> {
    let mut story = Vec::new();
    for store in &STORES {
        for (index, units) in store.units.into_iter().enumerate() {
            story.extend(opening(store, index, units, now)?);
        }
    }
    story.extend(surprises(now)?);
    story.extend(holds()?);
    Ok(story)
}

/// The stock of a week ago, and when to order more.
fn opening(
    store: &DemoStore,
    index: usize,
    units: u32,
    now: Timestamp,
) -> anyhow::Result<[Happening; 2]> {
    let add = AddStock {
        quantity: PositiveQuantity::new(units.into())?,
        reason: Some(Reason::new("Opening stock")?),
        reference: None,
        occurred_at: Some(days_before(now, 7)),
    };
    let policy = SetStockPolicy {
        safety_stock: None,
        reorder_point: Some(StockQuantity::new((units / 5).into())?),
    };
    let name = |what| format!("{what} {} {}", store.code, PRODUCTS[index].0);
    let level = level(store, index);
    Ok([
        (name("opening"), StockRequest::AddStock { level: level.clone(), add }),
        (name("policy"), StockRequest::SetPolicy { level, policy }),
    ])
}

/// What a supply manager finds in the morning.
fn surprises(now: Timestamp) -> anyhow::Result<[Happening; 4]> {
    let [coffee, air_fryers, bicycles] = [2, 3, 7];
    let [_, pinheiros, copacabana, _, savassi, _, moinhos, ..] = &STORES;
    let reason = Reason::new;
    let add = AddStock {
        quantity: PositiveQuantity::new(20)?,
        reason: Some(reason("Delivered yesterday, written down today")?),
        reference: Some(Reference::new("DN-1042")?),
        occurred_at: Some(days_before(now, 1)),
    };
    let count = CountStock {
        counted: StockQuantity::new(i64::from(savassi.units[air_fryers]) - 2)?,
        reason: Some(reason("Counted yesterday, two are missing")?),
        reference: Some(Reference::new("COUNT-7")?),
        occurred_at: Some(days_before(now, 1)),
        on_shortage: OnShortage::Refuse,
    };
    let lost = |units: i64, why, already_left| -> anyhow::Result<AdjustStock> {
        Ok(AdjustStock {
            delta: StockDelta::new(-units)?,
            reason: reason(why)?,
            reference: None,
            occurred_at: None,
            on_shortage: OnShortage::Refuse,
            already_left,
        })
    };
    // three are left, which is fewer than the reorder point
    let flooded = lost(i64::from(copacabana.units[bicycles]) - 3, "Damaged by water", false)?;
    // one more than the books have
    let units = i64::from(pinheiros.units[bicycles]) + 1;
    let offline = lost(units, "Sold while the till was offline", true)?;
    let adjust =
        |store, adjustment| StockRequest::AdjustStock { level: level(store, bicycles), adjustment };
    let delivery = StockRequest::AddStock { level: level(moinhos, coffee), add };
    let count = StockRequest::CountStock { level: level(savassi, air_fryers), count };
    Ok([
        ("late delivery".to_owned(), delivery),
        ("late count".to_owned(), count),
        ("water".to_owned(), adjust(copacabana, flooded)),
        ("offline till".to_owned(), adjust(pinheiros, offline)),
    ])
}

/// What customers of the web shop have in their hands.
fn holds() -> anyhow::Result<[Happening; 2]> {
    let [headphones, smartphones, shoes] = [0, 5, 6];
    let [paulista, _, _, barra, ..] = &STORES;
    let terms = |order, minutes: i64| -> anyhow::Result<ReservationTerms> {
        let ttl = TimeToLive::from_seconds(minutes * 60)?;
        Ok(ReservationTerms { order: Some(OrderRef::new(order)?), ttl, ..Default::default() })
    };
    let runs_out = StockRequest::Reserve {
        level: level(paulista, smartphones),
        quantity: PositiveQuantity::new(2)?,
        terms: terms("WEB-1001", 5)?,
    };
    let to_be_fetched = StockRequest::ReserveBasket {
        store: StoreRef::Id(StoreId::from_uuid(barra.id())),
        lines: vec![
            (product(headphones), PositiveQuantity::new(1)?),
            (product(shoes), PositiveQuantity::new(2)?),
        ],
        terms: terms("WEB-1002", 4 * 60)?,
    };
    Ok([("runs out".to_owned(), runs_out), ("to be fetched".to_owned(), to_be_fetched)])
}

fn level(store: &DemoStore, index: usize) -> LevelRef {
    LevelRef { store: StoreRef::Id(StoreId::from_uuid(store.id())), product: product(index) }
}

const fn product(index: usize) -> ProductRef {
    ProductRef::Id(ProductId::from_uuid(product_id(index)))
}

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - days * DAY_MILLIS)
}
