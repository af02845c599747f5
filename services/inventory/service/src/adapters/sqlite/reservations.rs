//! Reading reservations: by id, by what they are about, and those that are overdue.

use gondola_inventory_domain::{
    Customer, ProductId, Reservation, ReservationId, ReservationLine, StoreId, parse_stream_id,
};
use kit_core::Timestamp;
use kit_event_store::parking::ParkedStream;
use kit_sqlite::columns::{limit, timestamp, uuid};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::adapters::customer_column::{column_of, customer_in};
use crate::adapters::fold::StoredStatus;
use crate::use_cases::{
    FoundReservations, HoldCount, OverdueLevel, RESERVATIONS_EXAMINED_MAX, ReservationFilter,
    WantedReservations,
};

pub(super) fn reservation(
    file: &Connection,
    id: ReservationId,
) -> rusqlite::Result<Option<Reservation>> {
    let mut statement = file.prepare_cached(
        "SELECT store_id, created_at, expires_at, order_id, customer_id, product_id, quantity, \
         committed, held, status, ended_at, transaction_id \
         FROM reservation_lines WHERE reservation_id = ?1 ORDER BY product_id",
    )?;
    let mut rows = statement.query([id.as_uuid().as_bytes()])?;
    let mut found: Option<Reservation> = None;
    while let Some(row) = rows.next()? {
        let customer = customer(row)?;
        let view = match &mut found {
            Some(view) => view,
            None => found.insert(Reservation {
                id,
                store: StoreId::from_uuid(uuid(row, 0)?),
                created_at: timestamp(row, 1)?,
                expires_at: timestamp(row, 2)?,
                order: row.get(3)?,
                customer: None,
                lines: Vec::new(),
            }),
        };
        view.customer = view.customer.take().or(customer);
        view.lines.push(line(row)?);
    }
    Ok(found)
}

fn customer(row: &Row<'_>) -> rusqlite::Result<Option<Customer>> {
    let text: Option<String> = row.get(4)?;
    Ok(text.as_deref().and_then(customer_in))
}

fn line(row: &Row<'_>) -> rusqlite::Result<ReservationLine> {
    Ok(ReservationLine {
        product: ProductId::from_uuid(uuid(row, 5)?),
        quantity: row.get(6)?,
        committed: row.get(7)?,
        held: row.get(8)?,
        status: StoredStatus::told(row.get(9)?),
        ended_at: row.get::<_, Option<i64>>(10)?.map(Timestamp::from_millis),
        transaction: row.get(11)?,
    })
}

/// Goes through the reservations that the most telling condition names, in the order of their deadlines, and keeps those
/// that meet the others.
pub(super) fn list(
    file: &Connection,
    wanted: &WantedReservations,
    as_of: Timestamp,
) -> rusqlite::Result<FoundReservations> {
    let mut found = FoundReservations { reservations: Vec::new(), next: None, as_of };
    let (sql, bounds) = walk(wanted, as_of);
    let mut statement = file.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(bounds))?;
    let (mut examined, mut last) = (0, None);
    while let Some(row) = rows.next()? {
        let place = (timestamp(row, 0)?, ReservationId::from_uuid(uuid(row, 1)?));
        let enough = examined == RESERVATIONS_EXAMINED_MAX;
        let next = if enough { None } else { reservation(file, place.1)? };
        let next = next.filter(|it| wanted.filter.accepts(it, as_of));
        if enough || (next.is_some() && found.reservations.len() == wanted.limit) {
            found.next = last;
            break;
        }
        found.reservations.extend(next);
        last = Some(place);
        examined += 1;
    }
    Ok(found)
}

/// The walk along one index, and its parameters: the value looked for, and the bounds of place and deadline.
fn walk(wanted: &WantedReservations, as_of: Timestamp) -> (String, [Value; 4]) {
    let (condition, value) = condition(&wanted.filter);
    let (from, to) = wanted.filter.deadlines(as_of);
    let (further, at_end, order) =
        if wanted.descending { ("<", ">=", "DESC") } else { (">", "<", "ASC") };
    // an empty id comes before every other of the same deadline
    let begin = (if wanted.descending { to } else { from }, Vec::new());
    let after = wanted.after.map(|(time, id)| (time, id.as_uuid().as_bytes().to_vec()));
    let (time, id) = match after {
        Some(after) if wanted.descending => begin.min(after),
        Some(after) => begin.max(after),
        None => begin,
    };
    let end = if wanted.descending { from } else { to };
    let sql = format!(
        "SELECT DISTINCT expires_at, reservation_id FROM reservation_lines WHERE {condition} \
         AND (expires_at, reservation_id) {further} (?2, ?3) AND expires_at {at_end} ?4 \
         ORDER BY expires_at {order}, reservation_id {order}"
    );
    (sql, [value, time.as_millis().into(), id.into(), end.as_millis().into()])
}

/// The condition that leaves the fewest reservations, as there is an index for it.
fn condition(filter: &ReservationFilter) -> (&'static str, Value) {
    let bytes = |id: uuid::Uuid| Value::Blob(id.as_bytes().to_vec());
    match filter {
        ReservationFilter { order: Some(order), .. } => {
            ("order_id = ?1", order.as_str().to_owned().into())
        }
        ReservationFilter { customer: Some(customer), .. } => {
            ("customer_id = ?1", column_of(customer).into())
        }
        ReservationFilter { product: Some(product), .. } => {
            ("product_id = ?1", bytes(product.as_uuid()))
        }
        ReservationFilter { store: Some(store), .. } => ("store_id = ?1", bytes(store.as_uuid())),
        _ => ("?1 IS NULL", Value::Null),
    }
}

pub(super) fn overdue(
    file: &Connection,
    now: Timestamp,
    at_most: usize,
    parked: &[ParkedStream],
) -> rusqlite::Result<Vec<OverdueLevel>> {
    let mut statement = file.prepare_cached(
        "SELECT store_id, product_id, COUNT(*) FROM (\
            SELECT store_id, product_id, expires_at FROM reservation_lines \
            WHERE status = 0 AND expires_at <= ?1 \
            AND hex(store_id) || hex(product_id) NOT IN (SELECT value FROM json_each(?3)) \
            ORDER BY expires_at LIMIT ?2\
         ) GROUP BY store_id, product_id ORDER BY MIN(expires_at)",
    )?;
    let overdue = params![now.as_millis(), limit(at_most), level_names(parked)];
    let rows = statement.query_map(overdue, |row| {
        Ok(OverdueLevel {
            store: StoreId::from_uuid(uuid(row, 0)?),
            product: ProductId::from_uuid(uuid(row, 1)?),
            holds: row.get::<_, u32>(2)? as usize,
        })
    })?;
    rows.collect()
}

pub(super) fn count_holds(file: &Connection, now: Timestamp) -> rusqlite::Result<HoldCount> {
    let sql = "SELECT \
        (SELECT count(*) FROM (SELECT 1 FROM reservation_lines WHERE status = 0 LIMIT ?2)), \
        (SELECT count(*) FROM (SELECT 1 FROM reservation_lines WHERE status = 0 AND expires_at <= ?1 LIMIT ?2))";
    let mut statement = file.prepare_cached(sql)?;
    statement.query_row(params![now.as_millis(), HoldCount::MAX], |row| {
        Ok(HoldCount { active: row.get(0)?, overdue: row.get(1)? })
    })
}

/// The levels of some streams as a JSON array of their keys in hexadecimal.
fn level_names(streams: &[ParkedStream]) -> String {
    let levels = streams.iter().filter_map(|parked| parse_stream_id(&parked.stream));
    let name = |(product, store): (ProductId, StoreId)| {
        format!("{:X}{:X}", store.as_uuid().simple(), product.as_uuid().simple())
    };
    levels.map(name).collect::<serde_json::Value>().to_string()
}

#[cfg(test)]
mod tests {
    use gondola_inventory_domain::OrderRef;
    use kit_core::Position;
    use kit_event_store::{Incarnation, LogMark};

    use super::*;
    use crate::adapters::sqlite::schema;

    fn filters() -> Vec<(&'static str, ReservationFilter)> {
        let none = ReservationFilter::default;
        let id = uuid::Uuid::from_u128(7);
        let (order, customer) = (OrderRef::new("order").unwrap(), customer_in("maria").unwrap());
        vec![
            ("lines_by_order", ReservationFilter { order: Some(order), ..none() }),
            ("lines_by_customer", ReservationFilter { customer: Some(customer), ..none() }),
            (
                "lines_by_product",
                ReservationFilter { product: Some(ProductId::from_uuid(id)), ..none() },
            ),
            ("lines_by_store", ReservationFilter { store: Some(StoreId::from_uuid(id)), ..none() }),
            ("lines_by_deadline", none()),
        ]
    }

    #[test]
    fn every_walk_is_along_one_index_and_sorts_nothing() {
        let folder = tempfile::TempDir::new().unwrap();
        let log =
            LogMark { incarnation: Incarnation::new(uuid::Uuid::nil()), position: Position::ZERO };
        let file = schema::prepared(&folder.path().join("views.db"), log).unwrap();
        for (index, filter) in filters() {
            for descending in [false, true] {
                let filter = filter.clone();
                let wanted = WantedReservations { filter, descending, after: None, limit: 1 };
                let (sql, bounds) = walk(&wanted, Timestamp::default());
                let mut plan = file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let steps = plan.query_map(params_from_iter(bounds), |row| row.get(3)).unwrap();
                let steps: Vec<String> = steps.map(Result::unwrap).collect();
                assert!(matches!(&steps[..], [only] if only.contains(index)), "{index}: {steps:?}");
            }
        }
    }
}
