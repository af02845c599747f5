//! Writing the lines of reservations.

use kit_core::Timestamp;
use kit_sqlite::yielding;
use rusqlite::{Statement, Transaction, params};

use crate::adapters::fold::{Changes, LineChange, LineKey, MadeLine};

const INSERT: &str = "INSERT OR REPLACE INTO reservation_lines (reservation_id, product_id, store_id, \
    quantity, committed, held, status, created_at, expires_at, ended_at, order_id, transaction_id, customer_id) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Ends a line, or leaves it with fewer units.
const REDUCE: &str = "UPDATE reservation_lines SET committed = committed + ?3, held = ?4, status = ?5, \
    ended_at = ?6, transaction_id = coalesce(?7, transaction_id), customer_id = coalesce(customer_id, ?8) \
    WHERE reservation_id = ?1 AND product_id = ?2";

/// All lines, those that have ended as well: so they are found in one place of the order by deadlines.
const EXTEND: &str = "UPDATE reservation_lines SET expires_at = ?2 \
    WHERE reservation_id = ?1 AND expires_at <> ?2";

/// Writes what became of lines and deadlines within a batch.
pub(super) fn write(change: &Transaction<'_>, changes: &Changes) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached(INSERT)?;
    let mut reduce = change.prepare_cached(REDUCE)?;
    for (key, line) in yielding(&changes.lines) {
        match (&line.made, line.held) {
            (Some(made), _) => {
                let extended = changes.extended.get(&key.0).copied();
                let deadline = extended.unwrap_or(made.expires_at);
                insert_line(&mut insert, *key, made, line, deadline)?;
            }
            (None, Some(held)) => reduce_line(&mut reduce, *key, line, held)?,
            (None, None) => {}
        }
    }
    let mut extend = change.prepare_cached(EXTEND)?;
    for (id, deadline) in yielding(&changes.extended) {
        extend.execute(params![id.as_uuid().as_bytes(), deadline.as_millis()])?;
    }
    Ok(())
}

fn insert_line(
    insert: &mut Statement<'_>,
    (reservation, product): LineKey,
    made: &MadeLine,
    line: &LineChange,
    deadline: Timestamp,
) -> rusqlite::Result<()> {
    let (status, ended_at) = line.stored_end();
    insert.execute(params![
        reservation.as_uuid().as_bytes(),
        product.as_uuid().as_bytes(),
        made.store.as_uuid().as_bytes(),
        made.quantity,
        line.sold,
        line.held.unwrap_or(made.quantity),
        status,
        made.created_at.as_millis(),
        deadline.as_millis(),
        ended_at,
        made.order,
        line.transaction,
        made.customer.as_ref().or(line.customer.as_ref()),
    ])?;
    Ok(())
}

fn reduce_line(
    reduce: &mut Statement<'_>,
    (reservation, product): LineKey,
    line: &LineChange,
    held: u32,
) -> rusqlite::Result<()> {
    let (status, ended_at) = line.stored_end();
    reduce.execute(params![
        reservation.as_uuid().as_bytes(),
        product.as_uuid().as_bytes(),
        line.sold,
        held,
        status,
        ended_at,
        line.transaction,
        line.customer,
    ])?;
    Ok(())
}
