//! The keys of customers where processes share a log: in its database, with those of late in the memory of each process.
//!
//! A key in memory is used only while nobody has destroyed one since it was read: each destruction changes the generation of
//! all keys. A process asks for the generation all the time, and uses no key from memory when it has had no answer of late.
//! So a key is used nowhere once [`KNOWN_FOR`] has passed since it was destroyed, whatever became of the other processes.

mod names;
mod rotation;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{CustomerKey, CustomerRef};
use kit_core::Clock;
use kit_event_store::EventStoreError;
use kit_event_store::subject_keys::{KeptKeys, SubjectKey, SubjectKeys, SubjectKeysError};
use kit_process::critical_task;
use moka::sync::Cache;
use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::master_key_file::{MasterKeyError, master_keys};
use super::sealing::{MasterKey, Unsealable};
use super::{OpenKeysError, RECENT_MAX};
use crate::use_cases::{CustomerKeys, KeyRecord, KnownCustomer};

/// How often a process asks whether a key was destroyed.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// How long an answer to that holds, from the moment at which it was asked for.
const KNOWN_FOR: Duration = Duration::from_secs(3);

/// Customers whose keys are made in one write, at most.
const BATCH_MAX: usize = 1_000;

/// Requests that wait for keys, at most; further ones wait until there is room.
const WAITING_MAX: usize = 1_000;

/// Where the keys of customers are that processes share.
#[derive(Clone)]
pub struct SharedKeysConfig {
    /// The store of keys beside the log.
    pub keys: Arc<dyn SubjectKeys>,
    /// File of the master key, the same for all processes; `None` where customers stay in clear, which is refused once there
    /// are keys.
    pub master_key_file: Option<PathBuf>,
}

/// Without the store, which may know a password.
impl std::fmt::Debug for SharedKeysConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = &self.master_key_file;
        f.debug_struct("SharedKeysConfig").field("master_key_file", file).finish_non_exhaustive()
    }
}

/// The keys of customers in the database of a log.
pub(crate) struct SharedCustomerKeys {
    core: Arc<Core>,
    wanted: mpsc::Sender<Wanted>,
}

/// Customers whose keys a request needs, and who waits for them.
struct Wanted {
    customers: Vec<CustomerRef>,
    reply: oneshot::Sender<Result<Vec<KnownCustomer>, EventStoreError>>,
}

/// A customer in memory, and the generation under which their key was there.
#[derive(Clone)]
struct Seen {
    customer: KnownCustomer,
    generation: u64,
}

/// What is known of the generation of all keys.
#[derive(Clone, Copy)]
struct Known {
    generation: u64,
    /// When it was asked for: a key that was destroyed before is known to be gone.
    asked_at: Instant,
}

/// What the port and the tasks behind it share.
struct Core {
    keys: Arc<dyn SubjectKeys>,
    master: RwLock<Arc<MasterKey>>,
    master_key_file: PathBuf,
    recent: Cache<CustomerRef, Seen, RandomState>,
    known: RwLock<Known>,
    clock: Arc<dyn Clock>,
}

impl SharedCustomerKeys {
    /// Opens the keys, and starts what follows them until `stop`. `None` where customers stay in clear.
    pub(crate) async fn open(
        config: &SharedKeysConfig,
        clock: Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Option<Self>, OpenKeysError> {
        let asked_at = Instant::now();
        let state = config.keys.state().await?;
        let Some(master_key_file) = config.master_key_file.clone() else {
            return match state {
                Some(_) => Err(OpenKeysError::NoMasterKey),
                None => Ok(None),
            };
        };
        let found = master_keys(&master_key_file, state.is_none())?;
        let (master, generation) = rotation::adopt(&*config.keys, found, &master_key_file).await?;
        let recent =
            Cache::builder().max_capacity(RECENT_MAX).build_with_hasher(RandomState::default());
        let core = Arc::new(Core {
            keys: Arc::clone(&config.keys),
            master: RwLock::new(Arc::new(master)),
            master_key_file,
            recent,
            known: RwLock::new(Known { generation, asked_at }),
            clock,
        });
        let (wanted, waiting) = mpsc::channel(WAITING_MAX);
        // ends when nobody can ask any more
        tasks.spawn(critical_task("customer-keys", Arc::clone(&core).obtain_all(waiting)));
        for following in [Follow::Generation, Follow::MasterKey] {
            let follow = Arc::clone(&core).follow(following);
            let until_stopped = stop.clone().run_until_cancelled_owned(follow);
            tasks.spawn(critical_task("customer-keys-follower", until_stopped));
        }
        Ok(Some(Self { core, wanted }))
    }
}

/// What a process follows while it runs.
#[derive(Clone, Copy)]
enum Follow {
    /// Whether a key was destroyed.
    Generation,
    /// Whether another master key is to take over.
    MasterKey,
}

impl Core {
    /// The customer in memory, if their key is known not to be destroyed.
    fn recent(&self, customer: &CustomerRef) -> Option<KnownCustomer> {
        let known = *self.known.read();
        let is_known = known.asked_at.elapsed() < KNOWN_FOR;
        let seen = self.recent.get(customer).filter(|_| is_known)?;
        (seen.generation == known.generation).then_some(seen.customer)
    }

    /// Notes a generation that was asked for at a moment.
    fn note(&self, generation: u64, asked_at: Instant) {
        let mut known = self.known.write();
        if asked_at > known.asked_at {
            *known = Known { generation, asked_at };
        }
    }

    /// Asks again and again whether a key was destroyed, or looks at the file of the master key.
    async fn follow(self: Arc<Self>, following: Follow) {
        let mut turns = interval(match following {
            Follow::Generation => ASK_EVERY,
            Follow::MasterKey => super::rotation::LOOK_EVERY,
        });
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut said = None;
        loop {
            turns.tick().await;
            match following {
                Follow::Generation => self.ask_generation().await,
                Follow::MasterKey => self.check_master_key(&mut said).await,
            }
        }
    }

    async fn ask_generation(&self) {
        let asked_at = Instant::now();
        // who does not know it asks the store for each customer, and says there what is wrong
        if let Ok(Some(state)) = self.keys.state().await {
            self.note(state.generation, asked_at);
        }
    }

    /// Makes keys until nobody can ask any more. All that are asked for while some are made are made together.
    async fn obtain_all(self: Arc<Self>, mut waiting: mpsc::Receiver<Wanted>) {
        while let Some(first) = waiting.recv().await {
            let mut count = first.customers.len();
            let mut together = vec![first];
            while count < BATCH_MAX {
                let Ok(next) = waiting.try_recv() else { break };
                count += next.customers.len();
                together.push(next);
            }
            let all = together.iter().flat_map(|one| one.customers.iter().cloned()).collect();
            let obtained = self.obtain(all).await;
            for Wanted { customers, reply } in together {
                let of_one = |known: &HashMap<_, _, _>| {
                    let found = |customer| known.get(customer).cloned().ok_or_else(unanswered);
                    customers.iter().map(found).collect()
                };
                // who does not wait any more does not want it
                let _ = reply.send(obtained.as_ref().map_err(Clone::clone).and_then(of_one));
            }
        }
    }

    /// The keys of customers; new ones are durable when this returns.
    async fn obtain(
        &self,
        customers: Vec<CustomerRef>,
    ) -> Result<HashMap<CustomerRef, KnownCustomer, RandomState>, EventStoreError> {
        let (master, kept) = self.ask(Ask::Obtain(&customers)).await?;
        let KeptKeys { generation, keys } = kept;
        let kept: HashMap<_, _, RandomState> =
            keys.into_iter().map(|key| (key.subject.clone(), key)).collect();
        let mut known = HashMap::default();
        for customer in customers {
            let key = kept.get(&master.lookup(&customer)).ok_or_else(unanswered)?;
            let secret = master.secret(key.key_id, &key.wrapped_key).map_err(unsealable)?;
            let found = KnownCustomer { key: CustomerKey::from_uuid(key.key_id), secret };
            self.recent.insert(customer.clone(), Seen { customer: found.clone(), generation });
            known.insert(customer, found);
        }
        Ok(known)
    }

    /// Asks the store, with the master key that the answer is for, and notes the generation. Where another process has changed
    /// the master key, the one that is in the file by now is tried.
    async fn ask(&self, ask: Ask<'_>) -> Result<(Arc<MasterKey>, KeptKeys), EventStoreError> {
        let mut is_again = false;
        loop {
            let (asked_at, master) = (Instant::now(), Arc::clone(&self.master.read()));
            match self.ask_with(&master, ask).await {
                Err(SubjectKeysError::OtherMasterKey) if !is_again => {
                    let taken = self.take_master_key().await;
                    taken.map_err(|error| EventStoreError::Unavailable(error.to_string()))?;
                    is_again = true;
                }
                answer => {
                    let kept = answer.map_err(failed)?;
                    self.note(kept.generation, asked_at);
                    return Ok((master, kept));
                }
            }
        }
    }

    async fn ask_with(
        &self,
        master: &MasterKey,
        ask: Ask<'_>,
    ) -> Result<KeptKeys, SubjectKeysError> {
        match ask {
            Ask::Obtain(customers) => {
                let offered = self.offered(master, customers)?;
                self.keys.obtain(master.mark(), &offered).await
            }
            Ask::Find(customer) => self.keys.find(master.mark(), &master.lookup(customer)).await,
            Ask::Destroy(customer) => {
                self.keys.destroy(master.mark(), &master.lookup(customer)).await
            }
        }
    }

    /// A key for each customer, for those who have none.
    fn offered(
        &self,
        master: &MasterKey,
        customers: &[CustomerRef],
    ) -> Result<Vec<SubjectKey>, EventStoreError> {
        let created_at = self.clock.now();
        let offered = |customer| {
            let made = master.seal(customer).map_err(unsealable)?;
            Ok(SubjectKey {
                subject: master.lookup(customer),
                key_id: made.id,
                wrapped_key: made.wrapped_key,
                sealed_reference: made.sealed_reference,
                created_at,
            })
        };
        customers.iter().map(offered).collect()
    }
}

/// What the store is asked for.
#[derive(Clone, Copy)]
enum Ask<'a> {
    Obtain(&'a [CustomerRef]),
    Find(&'a CustomerRef),
    Destroy(&'a CustomerRef),
}

/// What is kept beside the key of one customer.
fn record(kept: KeptKeys) -> Option<KeyRecord> {
    let key = kept.keys.into_iter().next()?;
    Some(KeyRecord { key: CustomerKey::from_uuid(key.key_id), created_at: key.created_at })
}

fn unsealable(error: Unsealable) -> EventStoreError {
    EventStoreError::Corrupt(format!("the keys of customers: {error}"))
}

fn failed(error: SubjectKeysError) -> EventStoreError {
    match error {
        SubjectKeysError::Store(error) => error,
        error @ SubjectKeysError::OtherMasterKey => EventStoreError::Unavailable(error.to_string()),
    }
}

fn unanswered() -> EventStoreError {
    EventStoreError::Unavailable("the keys of customers gave no answer".into())
}

#[async_trait]
impl CustomerKeys for SharedCustomerKeys {
    fn recent(&self, customer: &CustomerRef) -> Option<KnownCustomer> {
        self.core.recent(customer)
    }

    async fn obtain(
        &self,
        customers: Vec<CustomerRef>,
    ) -> Result<Vec<KnownCustomer>, EventStoreError> {
        let (reply, done) = oneshot::channel();
        // one that is not taken is dropped, and its reply with it
        drop(self.wanted.send(Wanted { customers, reply }).await);
        let gone =
            |_| EventStoreError::Stopped("the task of the keys of customers has gone".into());
        done.await.map_err(gone)?
    }

    async fn find(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
        let (_, found) = self.core.ask(Ask::Find(customer)).await?;
        Ok(record(found))
    }

    async fn forget(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
        let (_, destroyed) = self.core.ask(Ask::Destroy(customer)).await?;
        self.core.recent.invalidate(customer);
        Ok(record(destroyed))
    }

    async fn forgotten_everywhere(&self) {
        sleep(KNOWN_FOR).await;
    }
}
