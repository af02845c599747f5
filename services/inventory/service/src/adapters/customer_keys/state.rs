//! The file of customers' keys and the thread that owns it: keys that are asked for together are written together.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use foldhash::fast::RandomState;
use gondola_inventory_domain::{CustomerKey, CustomerRef};
use kit_core::{Clock, Timestamp};
use kit_event_store::EventStoreError;
use kit_sqlite::columns::{timestamp, uuid};
use moka::sync::Cache;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::oneshot::Sender;

use super::rotation::{LOOK_EVERY, MasterKeyWatch};
use super::sealing::{MasterKey, Unsealable};
use crate::use_cases::{KeyRecord, KnownCustomer};

/// What the thread is asked for.
pub(super) enum Job {
    Obtain(Vec<CustomerRef>, Reply<Vec<KnownCustomer>>),
    Find(CustomerRef, Reply<Option<KeyRecord>>),
    Forget(CustomerRef, Reply<Option<KeyRecord>>),
}

type Reply<T> = Sender<Result<T, EventStoreError>>;

/// Customers in memory, by how they are named.
pub(super) type Recent = Cache<CustomerRef, KnownCustomer, RandomState>;

pub(super) struct State {
    pub(super) file: Connection,
    pub(super) master: MasterKey,
    pub(super) watch: MasterKeyWatch,
    /// Changed by the thread alone, so that a key which is destroyed cannot come back into it.
    pub(super) recent: Recent,
    pub(super) clock: Arc<dyn Clock>,
}

impl State {
    /// Serves until nobody can ask any more. All keys that are asked for meanwhile are made in one commit.
    pub(super) fn serve(mut self, jobs: &Receiver<Job>) {
        loop {
            let first = match jobs.recv_timeout(LOOK_EVERY) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            self.watch.check_file(&mut self.file, &mut self.master);
            let mut wanted = Vec::new();
            for job in first.into_iter().chain(jobs.try_iter()) {
                match job {
                    Job::Obtain(customers, reply) => wanted.push((customers, reply)),
                    Job::Find(customer, reply) => {
                        self.obtain(std::mem::take(&mut wanted));
                        // who does not wait any more does not want it
                        let _ = reply.send(self.find(&customer).map_err(EventStoreError::from));
                    }
                    Job::Forget(customer, reply) => {
                        self.obtain(std::mem::take(&mut wanted));
                        let _ = reply.send(self.forget(&customer).map_err(EventStoreError::from));
                    }
                }
            }
            self.obtain(wanted);
        }
    }

    fn obtain(&mut self, wanted: Vec<(Vec<CustomerRef>, Reply<Vec<KnownCustomer>>)>) {
        if wanted.is_empty() {
            return;
        }
        let all = wanted.iter().flat_map(|(customers, _)| customers);
        let obtained = self.known(all).map_err(EventStoreError::from);
        for (customers, reply) in wanted {
            let of_one = |known: &HashMap<_, _, _>| {
                let found = |customer| known.get(customer).cloned().ok_or_else(unanswered);
                customers.iter().map(found).collect()
            };
            // who does not wait any more does not want it
            let _ = reply.send(obtained.as_ref().map_err(Clone::clone).and_then(of_one));
        }
    }

    /// The keys of customers; new ones are on disk when this returns.
    fn known<'a>(
        &mut self,
        customers: impl Iterator<Item = &'a CustomerRef>,
    ) -> Result<HashMap<CustomerRef, KnownCustomer, RandomState>, Failed> {
        let mut known = HashMap::default();
        let now = self.clock.now();
        let change = self.file.transaction()?;
        for customer in customers {
            if known.contains_key(customer) {
                continue;
            }
            let found = match self.recent.get(customer) {
                Some(recent) => recent,
                None => known_in(&change, &self.master, customer, now)?,
            };
            known.insert(customer.clone(), found);
        }
        change.commit()?;
        for (customer, found) in &known {
            self.recent.insert(customer.clone(), found.clone());
        }
        Ok(known)
    }

    fn find(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, Failed> {
        let sql = "SELECT key_id, created_at FROM customer_keys WHERE customer = ?1";
        let record = |row: &rusqlite::Row<'_>| {
            let key = CustomerKey::from_uuid(uuid(row, 0)?);
            Ok(KeyRecord { key, created_at: timestamp(row, 1)? })
        };
        let mut statement = self.file.prepare_cached(sql)?;
        Ok(statement.query_row([self.master.lookup(customer)], record).optional()?)
    }

    /// Deletes the row, whose bytes are overwritten (`secure_delete`), and has the write-ahead log, which may have older
    /// copies of them, emptied.
    fn forget(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, Failed> {
        let found = self.find(customer)?;
        let lookup = self.master.lookup(customer);
        self.file.execute("DELETE FROM customer_keys WHERE customer = ?1", [lookup])?;
        self.recent.invalidate(customer);
        // also where the row was gone: an earlier call may have failed between the two
        let busy: bool =
            self.file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy { Err(Failed::Busy) } else { Ok(found) }
    }
}

/// The key of a customer, made if there is none.
fn known_in(
    file: &Connection,
    master: &MasterKey,
    customer: &CustomerRef,
    now: Timestamp,
) -> Result<KnownCustomer, Failed> {
    let lookup = master.lookup(customer);
    let mut find =
        file.prepare_cached("SELECT key_id, wrapped_key FROM customer_keys WHERE customer = ?1")?;
    let kept = find.query_row([&lookup], |row| Ok((uuid(row, 0)?, row.get::<_, Vec<u8>>(1)?)));
    if let Some((id, wrapped)) = kept.optional()? {
        let secret = master.secret(id, &wrapped)?;
        return Ok(KnownCustomer { key: CustomerKey::from_uuid(id), secret });
    }
    let made = master.seal(customer)?;
    let mut insert =
        file.prepare_cached("INSERT INTO customer_keys VALUES (?1, ?2, ?3, ?4, ?5)")?;
    insert.execute(params![
        lookup,
        made.id.as_bytes(),
        made.wrapped_key,
        made.sealed_reference,
        now.as_millis()
    ])?;
    Ok(KnownCustomer { key: CustomerKey::from_uuid(made.id), secret: made.secret })
}

/// The file or a row of it could not be used.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("the keys of customers: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the keys of customers: {0}")]
    Sealed(#[from] Unsealable),
    #[error(
        "the key is destroyed, but another process reads the file of keys, which may still have a copy of it: forget again"
    )]
    Busy,
}

impl From<Failed> for EventStoreError {
    fn from(failed: Failed) -> Self {
        let told = failed.to_string();
        match failed {
            Failed::Sqlite(_) | Failed::Busy => Self::Unavailable(told),
            Failed::Sealed(_) => Self::Corrupt(told),
        }
    }
}

fn unanswered() -> EventStoreError {
    EventStoreError::Unavailable("the keys of customers gave no answer".into())
}
