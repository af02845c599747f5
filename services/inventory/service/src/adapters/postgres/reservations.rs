//! Reading reservations: by id, by what they are about, and those that are overdue.

use gondola_inventory_domain::{Reservation, ReservationId, ReservationLine, parse_stream_id};
use kit_core::Timestamp;
use kit_event_store::parking::ParkedStream;
use kit_event_store::projection::ViewReadError;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::columns::{get, level_key, limit, timestamp, timestamp_if, units, unsigned};
use super::source::{Question, Source};
use crate::adapters::customer_column::{column_of, customer_in};
use crate::adapters::fold::StoredStatus;
use crate::use_cases::{
    FoundReservations, HoldCount, OverdueLevel, RESERVATIONS_EXAMINED_MAX, ReservationFilter,
    ReservationPlace, WantedReservations,
};

const LINES: &str = "line.reservation_id, line.store_id, line.created_at, line.expires_at, line.order_id, \
    line.customer_id, line.product_id, line.quantity, line.committed, line.held, line.status, line.ended_at, \
    line.transaction_id";

pub(super) async fn one(
    source: &Source,
    id: ReservationId,
) -> Result<Option<Reservation>, ViewReadError> {
    let rows = format!("SELECT {LINES} FROM {{lines}} AS line WHERE reservation_id = $1");
    let question = Question { rows: &rows, order: "product_id" };
    let found = source.read(question, &[&id.as_uuid()]).await?;
    Ok(whole(&found)?.pop())
}

/// Goes through the reservations that the most telling condition names, in the order of their deadlines, and keeps those
/// that meet the others.
///
/// Most pages are full after the first few. Otherwise all that may be looked at are read, from the beginning, so that a page
/// is of one moment.
pub(super) async fn list(
    source: &Source,
    wanted: &WantedReservations,
    as_of: Timestamp,
) -> Result<FoundReservations, ViewReadError> {
    let few = wanted.limit.saturating_add(1).min(RESERVATIONS_EXAMINED_MAX + 1);
    if let Some(page) = page(source, wanted, as_of, few).await? {
        return Ok(page);
    }
    let all = page(source, wanted, as_of, RESERVATIONS_EXAMINED_MAX + 1).await?;
    Ok(all.unwrap_or(FoundReservations { reservations: Vec::new(), next: None, as_of }))
}

/// A page of what the first `at_most` reservations of the walk are; `None` when the rest must be looked at as well.
async fn page(
    source: &Source,
    wanted: &WantedReservations,
    as_of: Timestamp,
    at_most: usize,
) -> Result<Option<FoundReservations>, ViewReadError> {
    let walked = walk(source, wanted, as_of, at_most).await?;
    let is_end = walked.len() < at_most;
    let mut found = FoundReservations { reservations: Vec::new(), next: None, as_of };
    let mut last: Option<ReservationPlace> = None;
    for (examined, one) in walked.into_iter().enumerate() {
        let place = (one.expires_at, one.id);
        let enough = examined == RESERVATIONS_EXAMINED_MAX;
        let accepted = !enough && wanted.filter.accepts(&one, as_of);
        if enough || (accepted && found.reservations.len() == wanted.limit) {
            found.next = last;
            return Ok(Some(found));
        }
        found.reservations.extend(accepted.then_some(one));
        last = Some(place);
    }
    Ok(is_end.then_some(found))
}

/// The first reservations of the walk along one index.
async fn walk(
    source: &Source,
    wanted: &WantedReservations,
    as_of: Timestamp,
    at_most: usize,
) -> Result<Vec<Reservation>, ViewReadError> {
    let (condition, value) = condition(&wanted.filter);
    let (from, to) = wanted.filter.deadlines(as_of);
    let (further, order) = if wanted.descending { ("<", "DESC") } else { (">", "ASC") };
    let after = wanted.after.map(|(time, id)| (time.as_millis(), id.as_uuid()));
    let further = match after {
        Some(_) => format!("(expires_at, reservation_id) {further} ($5::bigint, $6::uuid)"),
        None => "$5::bigint = 0 AND $6::uuid IS NOT NULL".to_owned(),
    };
    let rows = format!(
        "SELECT {LINES} FROM (SELECT DISTINCT expires_at, reservation_id FROM {{lines}} WHERE {condition} \
             AND expires_at >= $2 AND expires_at < $3 AND {further} \
           ORDER BY expires_at {order}, reservation_id {order} LIMIT $4) AS walked \
         CROSS JOIN LATERAL (SELECT * FROM {{lines}} WHERE reservation_id = walked.reservation_id OFFSET 0) AS line"
    );
    let order = format!("expires_at {order}, reservation_id {order}, product_id");
    let question = Question { rows: &rows, order: &order };
    let (after_time, after_id) = after.unwrap_or((0, Uuid::nil()));
    let (from, to, at_most) = (from.as_millis(), to.as_millis(), limit(at_most));
    let found = source
        .read(question, &[value.as_ref(), &from, &to, &at_most, &after_time, &after_id])
        .await?;
    whole(&found)
}

/// The condition that leaves the fewest reservations, as there is an index for it, and its value.
fn condition(filter: &ReservationFilter) -> (&'static str, Box<dyn ToSql + Sync + Send>) {
    let text = |text: &str| Box::new(text.to_owned());
    match filter {
        ReservationFilter { order: Some(order), .. } => ("order_id = $1", text(order.as_str())),
        ReservationFilter { customer: Some(customer), .. } => {
            ("customer_id = $1", text(&column_of(customer)))
        }
        ReservationFilter { product: Some(product), .. } => {
            ("product_id = $1", Box::new(product.as_uuid()))
        }
        ReservationFilter { store: Some(store), .. } => {
            ("store_id = $1", Box::new(store.as_uuid()))
        }
        _ => ("$1::bigint = 0", Box::new(0_i64)),
    }
}

/// Reservations of lines that follow each other.
fn whole(rows: &[Row]) -> Result<Vec<Reservation>, ViewReadError> {
    let mut found: Vec<Reservation> = Vec::new();
    for row in rows {
        let id = ReservationId::from_uuid(get(row, "reservation_id")?);
        if found.last().is_none_or(|last| last.id != id) {
            found.push(reservation(row, id)?);
        }
        let Some(reservation) = found.last_mut() else { continue };
        let customer = get::<Option<&str>>(row, "customer_id")?.and_then(customer_in);
        reservation.customer = reservation.customer.take().or(customer);
        reservation.lines.push(line(row)?);
    }
    Ok(found)
}

/// A reservation without its lines and its customer.
fn reservation(row: &Row, id: ReservationId) -> Result<Reservation, ViewReadError> {
    Ok(Reservation {
        id,
        store: level_key(row)?.0,
        created_at: timestamp(row, "created_at")?,
        expires_at: timestamp(row, "expires_at")?,
        order: get(row, "order_id")?,
        customer: None,
        lines: Vec::new(),
    })
}

fn line(row: &Row) -> Result<ReservationLine, ViewReadError> {
    Ok(ReservationLine {
        product: level_key(row)?.1,
        quantity: units(row, "quantity")?,
        committed: units(row, "committed")?,
        held: units(row, "held")?,
        status: StoredStatus::told(get(row, "status")?),
        ended_at: timestamp_if(row, "ended_at")?,
        transaction: get(row, "transaction_id")?,
    })
}

pub(super) async fn overdue(
    source: &Source,
    now: Timestamp,
    at_most: usize,
    parked: &[ParkedStream],
) -> Result<Vec<OverdueLevel>, ViewReadError> {
    let rows = "SELECT store_id, product_id, count(*) AS holds, min(expires_at) AS earliest FROM (\
          SELECT store_id, product_id, expires_at FROM {lines} AS line WHERE status = 0 AND expires_at <= $1 \
            AND NOT EXISTS (SELECT FROM unnest($3::uuid[], $4::uuid[]) AS parked(store_id, product_id) \
              WHERE parked.store_id = line.store_id AND parked.product_id = line.product_id) \
          ORDER BY expires_at LIMIT $2) AS line GROUP BY store_id, product_id";
    let question = Question { rows, order: "earliest" };
    let parked = parked.iter().filter_map(|parked| parse_stream_id(&parked.stream));
    let (products, stores): (Vec<Uuid>, Vec<Uuid>) =
        parked.map(|(product, store)| (product.as_uuid(), store.as_uuid())).unzip();
    let found =
        source.read(question, &[&now.as_millis(), &limit(at_most), &stores, &products]).await?;
    let overdue = found.iter().map(|row| {
        let (store, product) = level_key(row)?;
        let holds = usize::try_from(unsigned(row, "holds")?).unwrap_or(usize::MAX);
        Ok(OverdueLevel { store, product, holds })
    });
    overdue.collect()
}

pub(super) async fn count_holds(
    source: &Source,
    now: Timestamp,
) -> Result<HoldCount, ViewReadError> {
    let rows = "SELECT \
        (SELECT count(*) FROM (SELECT FROM {lines} WHERE status = 0 LIMIT $2) AS line) AS active, \
        (SELECT count(*) FROM (SELECT FROM {lines} WHERE status = 0 AND expires_at <= $1 LIMIT $2) AS line) AS overdue";
    let question = Question { rows, order: "active" };
    let at_most = i64::from(HoldCount::MAX);
    let found = source.read(question, &[&now.as_millis(), &at_most]).await?;
    let Some(row) = found.first() else { return Ok(HoldCount::default()) };
    Ok(HoldCount { active: units(row, "active")?, overdue: units(row, "overdue")? })
}
