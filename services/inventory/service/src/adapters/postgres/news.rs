//! Which levels each batch has changed: written with it, and read by the processes that keep copies.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Position;
use kit_event_store::projection::ViewReadError;
use kit_postgres::Transaction;
use kit_postgres::views::ViewPlace;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::columns::{get, number, position, unsigned};
use crate::adapters::fold::LevelKey;
use crate::adapters::observer::LevelObserver;
use crate::use_cases::StockLevel;

/// Levels of a batch that are named. Where more have changed, copies are forgotten as a whole.
pub(crate) const NAMED_MAX: usize = 5_000;

/// What has changed since position `$1`; one row at least, with the place of the view.
pub(super) const NEWS: &str = "SELECT view.generation, view.position AS at, \
      (SELECT count(*) FROM parked_streams WHERE parked_streams.view = view.name) AS parked, \
      news.position, news.after, news.stores, news.products, news.positions \
    FROM views_follower AS view LEFT JOIN changed_levels AS news \
      ON news.position > $1 AND news.position <= view.position \
    WHERE view.name = 'stock' ORDER BY news.position";

/// Notes the levels that a batch has changed, which moves the view from one position to another.
pub(super) async fn write<'a>(
    change: &Transaction<'_>,
    (after, at): (Position, Position),
    levels: impl ExactSizeIterator<Item = &'a StockLevel>,
) -> Result<(), Error> {
    let sql = "WITH forgotten AS (DELETE FROM changed_levels WHERE noted_at < clock_timestamp() - interval '1 minute') \
        INSERT INTO changed_levels (position, after, stores, products, positions) VALUES ($1, $2, $3, $4, $5)";
    let (mut stores, mut products, mut positions) = (None, None, None);
    if levels.len() <= NAMED_MAX {
        let names = levels.map(|level| {
            (level.store.as_uuid(), (level.product.as_uuid(), number(level.position.get())))
        });
        let (of_stores, others): (Vec<Uuid>, Vec<(Uuid, i64)>) = names.unzip();
        let (of_products, own): (Vec<Uuid>, Vec<i64>) = others.into_iter().unzip();
        (stores, products, positions) = (Some(of_stores), Some(of_products), Some(own));
    }
    let (after, at) = (number(after.get()), number(at.get()));
    let statement = change.prepare_cached(sql).await?;
    change.execute(&statement, &[&at, &after, &stores, &products, &positions]).await?;
    Ok(())
}

/// What [`NEWS`] has found.
pub(super) struct News<'a> {
    pub(super) place: ViewPlace,
    /// Streams that the view passes over.
    pub(super) parked: u64,
    rows: &'a [Row],
}

impl<'a> News<'a> {
    /// `None` where there is no view yet.
    pub(super) fn read(rows: &'a [Row]) -> Result<Option<Self>, ViewReadError> {
        let Some(first) = rows.first() else { return Ok(None) };
        let generation = get(first, "generation")?;
        let place = ViewPlace { generation, position: position(first, "at")? };
        Ok(Some(Self { place, parked: unsigned(first, "parked")?, rows }))
    }

    /// Tells an observer what has changed since a position.
    pub(super) fn tell(
        &self,
        since: Position,
        observer: &dyn LevelObserver,
    ) -> Result<(), ViewReadError> {
        let mut at = since;
        for row in self.rows {
            let Some(position) = get::<Option<i64>>(row, "position")? else { break };
            let after: i64 = get(row, "after")?;
            // batches are missing, or have too much to name
            if after > number(at.get()) || !tell_batch(row, observer)? {
                observer.replaced(self.place.position);
                return Ok(());
            }
            at = Position::new(u64::try_from(position).unwrap_or_default());
        }
        if at < self.place.position {
            observer.replaced(self.place.position);
        }
        Ok(())
    }
}

/// Tells the levels of a batch; false when they are not named.
fn tell_batch(row: &Row, observer: &dyn LevelObserver) -> Result<bool, ViewReadError> {
    let Some(stores) = get::<Option<Vec<Uuid>>>(row, "stores")? else { return Ok(false) };
    let products: Vec<Uuid> = get(row, "products")?;
    let positions: Vec<i64> = get(row, "positions")?;
    let names = stores.into_iter().zip(products).zip(positions);
    let mut names = names.map(|((store, product), position)| {
        let key: LevelKey = (StoreId::from_uuid(store), ProductId::from_uuid(product));
        (key, Position::new(u64::try_from(position).unwrap_or_default()))
    });
    observer.outdated(&mut names);
    Ok(true)
}
