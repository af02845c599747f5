//! The entries of one kind of the catalogue: commands, and lookups by id and code.

use std::sync::Arc;

use gondola_store_domain::{Command, Refusal};
use kit_core::{Caller, Clock, IdSource, Position, Version};
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{CommandReceipt, Deps, Executor, ExecutorConfig, Versioned};
use kit_service::ReadError;
use tokio_util::task::TaskTracker;

use super::decider::{CatalogueCommand, CatalogueDecider, Entry, ROUTE};
use super::errors::WriteError;
use super::listing::{CatalogueReadModel, LookUp};
use super::named::Named;
use super::stored::{Stored, gtin_claim};

/// Entries of one kind kept in memory; one takes about a kilobyte.
const LIVE_MAX: usize = 20_000;

/// The result of a command: the entry after it.
pub type Written<A> = Result<CommandReceipt<Entry<A>>, WriteError<A>>;

/// What the entries of every kind stand on.
pub struct CatalogueDeps {
    /// Where their events are.
    pub event_store: Arc<dyn EventStore>,
    /// Where they are found by what they have in common.
    pub view: Arc<dyn CatalogueReadModel>,
    /// The present time.
    pub clock: Arc<dyn Clock>,
    /// Ids of new entries and of commands.
    pub ids: Arc<dyn IdSource>,
}

/// All entries of one kind.
pub struct CatalogueService<A: Stored> {
    executor: Executor<CatalogueDecider<A>>,
    event_store: Arc<dyn EventStore>,
    pub(super) view: Arc<dyn CatalogueReadModel>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl<A: Stored> CatalogueService<A> {
    /// Starts the executor of this kind: one shard, whatever the limits say, because all commands go one route.
    #[must_use]
    pub fn start(given: &CatalogueDeps, limits: ExecutorConfig, tasks: &TaskTracker) -> Self {
        let deps = Deps {
            decider: Arc::default(),
            event_store: Arc::clone(&given.event_store),
            clock: Arc::clone(&given.clock),
            ids: Arc::clone(&given.ids),
        };
        let limits =
            ExecutorConfig { shards: 1, live_max: limits.live_max.min(LIVE_MAX), ..limits };
        Self {
            executor: Executor::start(&deps, limits, tasks),
            event_store: deps.event_store,
            view: Arc::clone(&given.view),
            clock: deps.clock,
            ids: deps.ids,
        }
    }

    /// Where the log ends now.
    pub(super) fn end(&self) -> Position {
        self.event_store.end().position
    }

    /// A new id.
    pub fn new_id(&self) -> A::Id {
        self.ids.next_id(self.clock.now()).into()
    }

    /// Registers an entry as given.
    pub async fn register(&self, entry: A, caller: Caller) -> Written<A> {
        self.execute(Command::Register(entry), None, None, caller).await
    }

    /// Updates an entry, if it still has the expected version.
    pub async fn update(
        &self,
        id: A::Id,
        changes: A::Changes,
        expected: Option<Version>,
        caller: Caller,
    ) -> Written<A> {
        self.execute(Command::Update(id, changes), expected, None, caller).await
    }

    /// Executes a command, if what is already known of it does not refuse it. A repeated command is answered all the same.
    pub(super) async fn execute(
        &self,
        command: Command<A>,
        expected: Option<Version>,
        refused: Option<Refusal<A>>,
        caller: Caller,
    ) -> Written<A> {
        let mut known = refused;
        if known.is_none() {
            known = self.known(std::slice::from_ref(&command)).await?.pop().flatten();
        }
        if known.is_none() {
            known = self.in_use(&command).await?;
        }
        let above = self.above(&command, &[]).await?;
        let command = CatalogueCommand { command, expected, known, above };
        let gtin = command.gtin().cloned();
        self.answered(self.executor.perform(command, caller).await, gtin).await
    }

    /// Registers entries in order, in as few appends as possible; each has a result of its own.
    ///
    /// Waits for room instead of being refused as overloaded. Pass at most a few hundred per call.
    pub async fn register_many(&self, entries: Vec<A>, caller: &Caller) -> Vec<Written<A>> {
        let commands: Vec<_> = entries.into_iter().map(Command::Register).collect();
        let known = match self.known(&commands).await {
            Ok(known) => known,
            Err(error) => return commands.iter().map(|_| Err(error.clone().into())).collect(),
        };
        let gtin = |command: &Command<A>| command.registers()?.gtin().cloned();
        let gtins: Vec<_> = commands.iter().map(gtin).collect();
        let mut places = Vec::with_capacity(commands.len());
        for (at, command) in commands.iter().enumerate() {
            match self.above(command, &commands[..at]).await {
                Ok(above) => places.push(above),
                Err(error) => return commands.iter().map(|_| Err(error.clone().into())).collect(),
            }
        }
        let request = |((command, known), above)| {
            let command = CatalogueCommand { command, expected: None, known, above };
            self.executor.request(command, caller.clone())
        };
        let requests = commands.into_iter().zip(known).zip(places).map(request).collect();
        let executed = self.executor.execute_all(requests).await;
        let mut written = Vec::with_capacity(executed.len());
        for (one, gtin) in executed.into_iter().zip(gtins) {
            written.push(self.answered(one, gtin).await);
        }
        written
    }

    /// Resolves a name to an id. An id is returned unchecked, a code must be known: as it is written, or else in another
    /// case, of several the one that was registered first. A code that nothing has may be a barcode.
    pub async fn resolve(&self, named: &Named<A>) -> Result<Option<A::Id>, ReadError> {
        let code = match named {
            Named::Id(id) => return Ok(Some(*id)),
            Named::Code(code) => code,
        };
        if let Some(id) = self.holders(&[code]).await?.pop().flatten() {
            return Ok(Some(id));
        }
        Ok(self.barcoded(&[code]).await?.pop())
    }

    /// The ids of the entries whose barcodes these codes are.
    async fn barcoded(&self, codes: &[&A::Code]) -> Result<Vec<A::Id>, ReadError> {
        let numbers: Vec<_> = codes.iter().filter_map(|code| A::barcode(code)).collect();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<_> = numbers.iter().map(|number| gtin_claim(number).key).collect();
        let claims = self.event_store.find_claims(&keys, self.clock.now()).await?;
        // the claim says only that a number is taken, the view by whom, once it has got that far
        let taken = claims.iter().flatten().map(|claim| claim.position).max();
        self.view.freshness().reach(taken.unwrap_or(Position::ZERO)).await?;
        let wanted = numbers.iter().cloned().map(LookUp::Gtin).collect();
        let found = self.view.look_up(wanted).await?;
        let mut ids = Vec::new();
        for (number, id) in numbers.iter().zip(found) {
            let Some(id) = id.and_then(|id| id.parse().ok()) else { continue };
            let entry = self.entry(id).await?;
            // it may have been given to another
            let has_it = |state: &A| state.gtin().is_some_and(|gtin| gtin.number() == *number);
            ids.extend(entry.filter(|entry| has_it(&entry.state)).map(|_| id));
        }
        Ok(ids)
    }

    /// The ids that codes mean, as [`Self::resolve`] tells, in the order of the codes.
    async fn holders(&self, codes: &[&A::Code]) -> Result<Vec<Option<A::Id>>, ReadError> {
        let keys = codes.iter().flat_map(|code| [A::code_key(code), A::folded_key(code)]);
        let keys: Vec<_> = keys.collect();
        let claims = self.event_store.find_claims(&keys, self.clock.now()).await?;
        let mut ids = Vec::with_capacity(codes.len());
        for (code, claims) in codes.iter().zip(claims.chunks(2)) {
            let claim = claims.iter().flatten().next();
            ids.push(claim.map(|claim| holder::<A>(code, &claim.value)).transpose()?);
        }
        self.complete(codes, &mut ids).await?;
        Ok(ids)
    }

    /// Adds the ids of entries that are older than the claims on their codes.
    async fn complete(
        &self,
        codes: &[&A::Code],
        ids: &mut [Option<A::Id>],
    ) -> Result<(), ReadError> {
        let unclaimed: Vec<usize> = (0..ids.len()).filter(|place| ids[*place].is_none()).collect();
        if unclaimed.is_empty() {
            return Ok(());
        }
        let wanted = unclaimed.iter().map(|place| A::look_up(codes[*place])).collect();
        let found = self.view.look_up(wanted).await?;
        for (place, id) in unclaimed.into_iter().zip(found) {
            ids[place] = id.and_then(|id| id.parse().ok());
        }
        Ok(())
    }

    /// The entries that names mean, each as it is now, without those that are not registered. A text that is the code of one and
    /// the barcode of another finds both.
    pub async fn find_all(&self, named: &[Named<A>]) -> Result<Vec<Entry<A>>, ReadError> {
        let codes: Vec<_> = named.iter().filter_map(Named::code).collect();
        let mut ids: Vec<A::Id> = named.iter().filter_map(Named::id).collect();
        if !codes.is_empty() {
            ids.extend(self.holders(&codes).await?.into_iter().flatten());
            ids.extend(self.barcoded(&codes).await?);
        }
        let mut entries = Vec::with_capacity(ids.len());
        for id in ids {
            entries.extend(self.entry(id).await?);
        }
        Ok(entries)
    }

    /// An entry as it is now, behind every command sent before; `None` when it is not registered.
    pub async fn find(&self, named: &Named<A>) -> Result<Option<Entry<A>>, ReadError> {
        let Some(id) = self.resolve(named).await? else { return Ok(None) };
        self.entry(id).await
    }

    async fn entry(&self, id: A::Id) -> Result<Option<Entry<A>>, ReadError> {
        let look = |entry: Versioned<'_, Option<A>>| {
            let version = entry.version;
            entry.state.clone().map(|state| Entry { state, version })
        };
        Ok(self.executor.inspect(ROUTE, A::stream(id), look).await?)
    }
}

/// The id in the value of a claim on a code.
fn holder<A: Stored>(code: &A::Code, claimed: &str) -> Result<A::Id, EventStoreError> {
    claimed.split(' ').next().unwrap_or_default().parse().map_err(|_| {
        let noun = A::NOUN;
        EventStoreError::Corrupt(format!("{noun} code {code} is claimed for {claimed:?}"))
    })
}
