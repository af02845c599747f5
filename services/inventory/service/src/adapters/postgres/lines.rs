//! Writing the lines of reservations, a statement for each kind of change.

use kit_postgres::Transaction;
use tokio_postgres::Error;
use uuid::Uuid;

use super::tables::Tables;
use crate::adapters::fold::{Changes, LineChange, LineKey, MadeLine};

const INSERT: &str = "INSERT INTO {lines} (reservation_id, product_id, store_id, quantity, committed, held, status, \
      created_at, expires_at, ended_at, order_id, transaction_id, customer_id) \
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], \
      $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::text[]) \
    ON CONFLICT (reservation_id, product_id) DO UPDATE SET (store_id, quantity, committed, held, status, created_at, \
      expires_at, ended_at, order_id, transaction_id, customer_id) = (excluded.store_id, excluded.quantity, \
      excluded.committed, excluded.held, excluded.status, excluded.created_at, excluded.expires_at, excluded.ended_at, \
      excluded.order_id, excluded.transaction_id, excluded.customer_id)";

/// Ends lines, or leaves them with fewer units.
const REDUCE: &str = "UPDATE {lines} AS line SET committed = line.committed + now.sold, held = now.held, \
      status = now.status, ended_at = now.ended_at, transaction_id = coalesce(now.transaction_id, line.transaction_id), \
      customer_id = coalesce(line.customer_id, now.customer_id) \
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[]) \
      AS now(reservation_id, product_id, sold, held, status, ended_at, transaction_id, customer_id) \
    WHERE line.reservation_id = now.reservation_id AND line.product_id = now.product_id";

/// All lines, those that have ended as well: so they are found in one place of the order by deadlines.
const EXTEND: &str = "UPDATE {lines} AS line SET expires_at = now.expires_at \
    FROM unnest($1::uuid[], $2::bigint[]) AS now(reservation_id, expires_at) \
    WHERE line.reservation_id = now.reservation_id AND line.expires_at <> now.expires_at";

/// What became of lines and deadlines within a batch, in columns.
#[derive(Default)]
pub(super) struct LineRows {
    made: Made,
    reduced: Reduced,
    extended: (Vec<Uuid>, Vec<i64>),
}

#[derive(Default)]
struct Made {
    reservations: Vec<Uuid>,
    products: Vec<Uuid>,
    stores: Vec<Uuid>,
    quantities: Vec<i64>,
    sold: Vec<i64>,
    held: Vec<i64>,
    statuses: Vec<i64>,
    created: Vec<i64>,
    deadlines: Vec<i64>,
    ended: Vec<Option<i64>>,
    orders: Vec<Option<String>>,
    transactions: Vec<Option<String>>,
    customers: Vec<Option<String>>,
}

#[derive(Default)]
struct Reduced {
    reservations: Vec<Uuid>,
    products: Vec<Uuid>,
    sold: Vec<i64>,
    held: Vec<i64>,
    statuses: Vec<i64>,
    ended: Vec<Option<i64>>,
    transactions: Vec<Option<String>>,
    customers: Vec<Option<String>>,
}

impl LineRows {
    pub(super) fn of(changes: &Changes) -> Self {
        let mut rows = Self::default();
        for (key, line) in &changes.lines {
            match (&line.made, line.held) {
                (Some(made), _) => {
                    let extended = changes.extended.get(&key.0).copied();
                    let deadline = extended.unwrap_or(made.expires_at);
                    rows.made.push(*key, made, line, deadline.as_millis());
                }
                (None, Some(held)) => rows.reduced.push(*key, line, held),
                (None, None) => {}
            }
        }
        let extended = changes.extended.iter();
        rows.extended = extended.map(|(id, deadline)| (id.as_uuid(), deadline.as_millis())).unzip();
        rows
    }

    pub(super) async fn write(
        &self,
        change: &Transaction<'_>,
        tables: Tables,
    ) -> Result<(), Error> {
        self.made.write(change, tables).await?;
        self.reduced.write(change, tables).await?;
        let (ids, deadlines) = &self.extended;
        if !ids.is_empty() {
            let extend = change.prepare_cached(&tables.sql(EXTEND)).await?;
            change.execute(&extend, &[ids, deadlines]).await?;
        }
        Ok(())
    }
}

impl Made {
    fn push(&mut self, key: LineKey, made: &MadeLine, line: &LineChange, deadline: i64) {
        let (status, ended) = line.stored_end();
        self.reservations.push(key.0.as_uuid());
        self.products.push(key.1.as_uuid());
        self.stores.push(made.store.as_uuid());
        self.quantities.push(made.quantity.into());
        self.sold.push(line.sold.into());
        self.held.push(line.held.unwrap_or(made.quantity).into());
        self.statuses.push(status);
        self.created.push(made.created_at.as_millis());
        self.deadlines.push(deadline);
        self.ended.push(ended);
        self.orders.push(made.order.clone());
        self.transactions.push(line.transaction.clone());
        self.customers.push(made.customer.clone().or_else(|| line.customer.clone()));
    }

    async fn write(&self, change: &Transaction<'_>, tables: Tables) -> Result<(), Error> {
        if self.reservations.is_empty() {
            return Ok(());
        }
        let insert = change.prepare_cached(&tables.sql(INSERT)).await?;
        change
            .execute(
                &insert,
                &[
                    &self.reservations,
                    &self.products,
                    &self.stores,
                    &self.quantities,
                    &self.sold,
                    &self.held,
                    &self.statuses,
                    &self.created,
                    &self.deadlines,
                    &self.ended,
                    &self.orders,
                    &self.transactions,
                    &self.customers,
                ],
            )
            .await?;
        Ok(())
    }
}

impl Reduced {
    fn push(&mut self, (reservation, product): LineKey, line: &LineChange, held: u32) {
        let (status, ended) = line.stored_end();
        self.reservations.push(reservation.as_uuid());
        self.products.push(product.as_uuid());
        self.sold.push(line.sold.into());
        self.held.push(held.into());
        self.statuses.push(status);
        self.ended.push(ended);
        self.transactions.push(line.transaction.clone());
        self.customers.push(line.customer.clone());
    }

    async fn write(&self, change: &Transaction<'_>, tables: Tables) -> Result<(), Error> {
        if self.reservations.is_empty() {
            return Ok(());
        }
        let reduce = change.prepare_cached(&tables.sql(REDUCE)).await?;
        change
            .execute(
                &reduce,
                &[
                    &self.reservations,
                    &self.products,
                    &self.sold,
                    &self.held,
                    &self.statuses,
                    &self.ended,
                    &self.transactions,
                    &self.customers,
                ],
            )
            .await?;
        Ok(())
    }
}
