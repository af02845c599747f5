//! The one door for changes of stock: requests go in, each comes out performed or with the reason why not.

use std::slice;
use std::sync::Arc;

use gondola_inventory_domain::StoreId;
use kit_core::{Caller, Clock, IdSource, Position};
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{CommandReceipt, CommandResult, Executor, Rejection, Request};
use tokio::task::coop::consume_budget;

use super::answer::{Performed, StoreAnswer};
use super::arrival_wait::ArrivalWait;
use super::catalogue::Catalogue;
use super::command::StoreCommand;
use super::command_error::CommandError;
use super::customers::Customers;
use super::decider::{InventoryDecider, StoreRefusal};
use super::hold_limits::{HoldGate, HoldLimitReached, Passage};
use super::look_back::{Late, LookingBack};
use super::plan::{Expected, Known, Plan, Planner};
use super::queries::Queries;
use super::request::StockRequest;

/// Performs requests to change stock: finds what they name, decides, and explains what cannot be done.
pub struct StockCommands {
    /// Decides and writes.
    pub(crate) executor: Executor<InventoryDecider>,
    /// Has the claims by which reservations are found.
    pub(crate) log: Arc<dyn EventStore>,
    /// Reads how a reservation ended.
    pub(crate) queries: Arc<Queries>,
    /// Knows the ids of stores and products by their names.
    pub(crate) catalogue: Arc<Catalogue>,
    /// Knows customers by their keys.
    pub(crate) customers: Customers,
    /// Holds customers and callers to what they may hold; `None` where nothing is limited.
    pub(crate) hold_gate: Option<Arc<HoldGate>>,
    /// The present time, monotonic.
    pub(crate) clock: Arc<dyn Clock>,
    /// Ids of reservations whose callers choose none.
    pub(crate) ids: Arc<dyn IdSource>,
}

impl StockCommands {
    /// Performs one request. It is refused without waiting when too many commands wait for its store.
    ///
    /// Dropping the future does not undo a request that was taken.
    pub async fn perform(&self, request: StockRequest, mut caller: Caller) -> Performed {
        let group = slice::from_ref(&request).iter();
        let mut wait = ArrivalWait::default();
        let mut planner = Planner::for_group(self.known(), &mut wait, group).await;
        planner.bind(&request, &mut caller);
        let Plan { command, expected } = planner.plan(request, &caller.scope)?;
        let (store, late) = (command.store, Late::of(&command, &caller));
        let request = self.executor.request(command, caller);
        let mut executed = [self.execute_within_limits(request, None).await?];
        self.look_back(late.map(|late| (0, late)), &mut executed).await;
        let [executed] = executed;
        self.answer(store, expected, executed).await
    }

    /// Executes a command unless somebody would hold too much; whom a process acts for is its requester.
    pub(super) async fn execute_within_limits(
        &self,
        request: Request<StoreCommand>,
        requester: Option<Arc<str>>,
    ) -> Result<CommandResult<InventoryDecider>, HoldLimitReached> {
        match &self.hold_gate {
            Some(gate) => gate.execute(&self.executor, request, requester).await,
            None => Ok(self.executor.execute(request).await),
        }
    }

    /// Executes the late facts again whose stock levels have asked for history; they come with their places.
    pub(super) async fn look_back(
        &self,
        late: impl IntoIterator<Item = (usize, Late)>,
        executed: &mut [CommandResult<InventoryDecider>],
    ) {
        let mut looking_back = LookingBack::new(&self.executor, &self.queries.histories);
        for (place, late) in late {
            looking_back.take(place, late, &executed[place]);
        }
        looking_back.settle(executed).await;
    }

    /// The answer to a request, after which every read of this process shows what the command did.
    fn answered(&self, expected: Expected, receipt: CommandReceipt<StoreAnswer>) -> Performed {
        self.note(&receipt);
        expected.answer(receipt)
    }

    /// Lets every read of this process show what a command did.
    pub(super) fn note(&self, receipt: &CommandReceipt<StoreAnswer>) {
        let (shown, position) = (self.queries.shown(), receipt.position);
        if receipt.repeated && position > shown {
            // the levels of a repeated answer are those of its first time
            self.queries.recent.note_unknown(position);
        } else {
            let levels = receipt.answer.lines.iter().map(|line| line.level);
            self.queries.recent.note(levels, position, shown);
        }
    }

    /// Performs many requests; each succeeds or fails by itself, and the results are in the order of the requests.
    ///
    /// Requests of one store take effect in order, so that a request may change a reservation that an earlier one makes.
    /// Only a fact from before what its stock level remembers takes effect after its group, with what comes of it.
    /// Waits at most 150 ms for names that are not known, however many they are, and for room instead of being
    /// refused: a group yields to single requests.
    pub async fn perform_all(&self, requests: Vec<(StockRequest, Caller)>) -> Vec<Performed> {
        self.perform_group(requests, &mut ArrivalWait::default()).await
    }

    /// Performs many requests of a sender of several groups, who waits for unknown names only so long in all.
    pub async fn perform_group(
        &self,
        requests: Vec<(StockRequest, Caller)>,
        wait: &mut ArrivalWait,
    ) -> Vec<Performed> {
        let group = requests.iter().map(|(request, _)| request);
        let mut planner = Planner::for_group(self.known(), wait, group).await;
        let mut answers = Vec::with_capacity(requests.len());
        let (mut group, mut late) = (Group::of(self, requests.len()), Vec::new());
        for (request, mut caller) in requests {
            planner.bind(&request, &mut caller);
            // many requests without a wait would keep the thread from others
            consume_budget().await;
            answers.push(match planner.plan(request, &caller.scope) {
                Ok(Plan { command, expected }) => {
                    let (store, fact) = (command.store, Late::of(&command, &caller));
                    match group.take(self.executor.request(command, caller)).await {
                        Ok(place) => {
                            late.extend(fact.map(|fact| (place, fact)));
                            Ok((store, expected))
                        }
                        Err(reached) => Err(reached.into()),
                    }
                }
                Err(error) => Err(error),
            });
        }
        let mut executed = group.executed().await;
        self.look_back(late, &mut executed).await;
        let mut executed = executed.into_iter();
        let mut performed = Vec::with_capacity(answers.len());
        for one in answers {
            consume_budget().await;
            performed.push(match one {
                Err(error) => Err(error),
                Ok((store, expected)) => match executed.next() {
                    Some(executed) => self.answer(store, expected, executed).await,
                    None => Err(no_answer()),
                },
            });
        }
        performed
    }

    /// Executes a command that no caller asked for, such as the sweeper's.
    pub(super) async fn execute(
        &self,
        command: StoreCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<StoreAnswer>, CommandError> {
        let store = command.store;
        let executed = self.executor.perform(command, caller).await;
        executed.map_err(|rejection| CommandError::rejected(store, rejection))
    }

    /// What requests are planned by.
    fn known(&self) -> Known<'_> {
        let Self { log, catalogue, customers, clock, ids, .. } = self;
        let (log, clock, ids) = (log.as_ref(), clock.as_ref(), ids.as_ref());
        Known { catalogue, customers, log, clock, ids }
    }

    /// The answer to a request after its command.
    async fn answer(
        &self,
        store: StoreId,
        expected: Expected,
        executed: CommandResult<InventoryDecider>,
    ) -> Performed {
        match executed {
            Ok(receipt) => self.answered(expected, receipt),
            Err(rejection) => self.explain(store, expected, rejection).await,
        }
    }

    /// Says why a command was not executed, and what became of the reservation that it was to change.
    async fn explain(
        &self,
        store: StoreId,
        expected: Expected,
        rejection: Rejection<StoreRefusal>,
    ) -> Performed {
        match (rejection, expected) {
            (Rejection::Refused { refusal, position }, Expected::Changed(changed)) => {
                self.explain_change(store, &changed, refusal, position).await
            }
            (rejection, _) => Err(CommandError::rejected(store, rejection)),
        }
    }
}

/// Commands that are executed together, in their order.
struct Group<'a> {
    commands: &'a StockCommands,
    waiting: Vec<(Request<StoreCommand>, Passage)>,
    executed: Vec<CommandResult<InventoryDecider>>,
}

impl<'a> Group<'a> {
    fn of(commands: &'a StockCommands, size: usize) -> Self {
        Self { commands, waiting: Vec::with_capacity(size), executed: Vec::new() }
    }

    /// Takes the next command, unless somebody would hold too much, and says its place among those that were taken.
    async fn take(&mut self, request: Request<StoreCommand>) -> Result<usize, HoldLimitReached> {
        let passage = match &self.commands.hold_gate {
            None => Passage::free(),
            Some(gate) => match gate.try_pass(&request, None) {
                Ok(passage) => passage,
                Err(held) => {
                    // those before it may give back what it needs
                    self.execute().await;
                    gate.pass(held).await?
                }
            },
        };
        self.waiting.push((request, passage));
        Ok(self.executed.len() + self.waiting.len() - 1)
    }

    async fn execute(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let StockCommands { executor, hold_gate, .. } = self.commands;
        let executed = if let Some(gate) = hold_gate {
            gate.execute_all(executor, waiting).await
        } else {
            let requests = waiting.into_iter().map(|(request, _)| request);
            executor.execute_all(requests.collect()).await
        };
        self.executed.extend(executed);
    }

    /// The results of all commands that were taken.
    async fn executed(mut self) -> Vec<CommandResult<InventoryDecider>> {
        self.execute().await;
        self.executed
    }
}

fn no_answer() -> CommandError {
    CommandError::from(EventStoreError::Unknown {
        reason: "the command executor gave no answer".into(),
        after: Position::ZERO,
    })
}
