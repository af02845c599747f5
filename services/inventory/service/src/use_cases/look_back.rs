//! Looking back for facts that happened before what a stock level remembers: outside its shard, which goes on meanwhile.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use gondola_inventory_domain::{ReservationId, stream_id};
use kit_core::{Caller, StreamId, Timestamp};
use kit_executor::{CommandResult, Executor, Rejection};

use super::command::StoreCommand;
use super::decider::{InventoryDecider, StoreRefusal};
use super::history_turns::HistoryTurns;
use super::level_history::LevelHistory;

/// How often a command looks back. Each time after the first reads only what was recorded meanwhile.
const TRIES: u32 = 8;

/// The lines of a command whose stock levels ask for history, each with the moment.
type Needed = Vec<(usize, Timestamp)>;

/// A command that tells of the past, kept in case its stock level asks for history.
pub(super) struct Late {
    command: StoreCommand,
    caller: Caller,
}

/// A command that has no result yet, because it or the one that makes its reservation looks back.
struct Waiting {
    /// Its place in its group.
    place: usize,
    late: Late,
    needed: Needed,
    looked: u32,
}

/// A stock level of the group.
#[derive(Default)]
struct Level {
    history: LevelHistory,
    /// The rounds that its waiting commands take, one after the other.
    rounds: usize,
}

/// The commands of a group that take effect after it, because they look back.
///
/// They are executed in rounds: those of one stock level in their order, those of different ones together. The history of
/// a stock level is read once for all of them.
pub(super) struct LookingBack<'a> {
    executor: &'a Executor<InventoryDecider>,
    histories: &'a HistoryTurns,
    levels: HashMap<StreamId, Level, RandomState>,
    rounds: Vec<Vec<Waiting>>,
    /// The reservations that they are about.
    reservations: HashSet<ReservationId>,
}

impl Late {
    /// Keeps a command that tells of the past.
    pub(super) fn of(command: &StoreCommand, caller: &Caller) -> Option<Self> {
        let late = || Self { command: command.clone(), caller: caller.clone() };
        command.tells_of_the_past().then(late)
    }
}

impl Waiting {
    fn streams(&self) -> impl Iterator<Item = StreamId> {
        let StoreCommand { store, lines, .. } = &self.late.command;
        lines.iter().map(|line| stream_id(line.product, *store))
    }
}

impl<'a> LookingBack<'a> {
    /// Begins with a group of which no command waits.
    pub(super) fn new(
        executor: &'a Executor<InventoryDecider>,
        histories: &'a HistoryTurns,
    ) -> Self {
        let (levels, rounds, reservations) = (HashMap::default(), Vec::new(), HashSet::new());
        Self { executor, histories, levels, rounds, reservations }
    }

    /// Takes a command that was rejected, if it is to be executed again with its history. Commands come in the order of
    /// their group.
    pub(super) fn take(
        &mut self,
        place: usize,
        late: Late,
        executed: &CommandResult<InventoryDecider>,
    ) {
        let needed = history_needed(executed);
        if needed.is_none() && !self.made_later(&late.command, executed) {
            return;
        }
        self.reservations.extend(late.command.reservation_id());
        let waiting = Waiting { place, late, needed: needed.unwrap_or_default(), looked: 0 };
        self.expect(&waiting);
        let streams: Vec<_> = waiting.streams().collect();
        let rounds = streams.iter().map(|stream| self.levels.get(stream).map_or(0, |l| l.rounds));
        let round = rounds.max().unwrap_or(0);
        for stream in streams {
            self.levels.entry(stream).or_default().rounds = round + 1;
        }
        if self.rounds.len() == round {
            self.rounds.push(Vec::new());
        }
        self.rounds[round].push(waiting);
    }

    /// Whether a command was decided before the one that makes its reservation, which looks back.
    fn made_later(
        &self,
        command: &StoreCommand,
        executed: &CommandResult<InventoryDecider>,
    ) -> bool {
        let Err(Rejection::Refused { refusal, .. }) = executed else { return false };
        let waits = command.reservation_id().is_some_and(|id| self.reservations.contains(&id));
        waits && refusal.is_only_ended()
    }

    fn expect(&mut self, waiting: &Waiting) {
        let StoreCommand { store, lines, .. } = &waiting.late.command;
        for (line, before) in &waiting.needed {
            let stream = stream_id(lines[*line].product, *store);
            self.levels.entry(stream).or_default().history.expect(*before);
        }
    }

    /// Executes the commands that were taken, and puts their results in their places.
    pub(super) async fn settle(mut self, results: &mut [CommandResult<InventoryDecider>]) {
        for mut round in std::mem::take(&mut self.rounds) {
            while !round.is_empty() {
                round = self.execute(round, results).await;
            }
        }
    }

    /// Executes commands of different stock levels; gives those back that ask for history again.
    async fn execute(
        &mut self,
        round: Vec<Waiting>,
        results: &mut [CommandResult<InventoryDecider>],
    ) -> Vec<Waiting> {
        let mut ready = Vec::with_capacity(round.len());
        for mut waiting in round {
            match self.look_back(&mut waiting).await {
                Ok(()) => ready.push(waiting),
                Err(rejection) => results[waiting.place] = Err(rejection),
            }
        }
        let requests = ready.iter().map(|Waiting { late, .. }| {
            self.executor.request(late.command.clone(), late.caller.clone())
        });
        let executed = self.executor.execute_all(requests.collect()).await;
        let mut again = Vec::new();
        for (mut waiting, executed) in ready.into_iter().zip(executed) {
            match history_needed(&executed) {
                None => results[waiting.place] = executed,
                Some(_) if waiting.looked == TRIES => {
                    results[waiting.place] = Err(Rejection::Conflict { tries: TRIES });
                }
                Some(needed) => {
                    waiting.needed = needed;
                    again.push(waiting);
                }
            }
        }
        again
    }

    /// Gives a command the history that it needs.
    async fn look_back(&mut self, waiting: &mut Waiting) -> Result<(), Rejection<StoreRefusal>> {
        waiting.looked += u32::from(!waiting.needed.is_empty());
        let StoreCommand { store, lines, .. } = &mut waiting.late.command;
        for (line, before) in std::mem::take(&mut waiting.needed) {
            let stream = stream_id(lines[line].product, *store);
            let log = self.histories.next().await.map_err(|_| Rejection::Overloaded)?;
            let level = self.levels.entry(stream.clone()).or_default();
            let past = level.history.look_back(&log, &stream, before).await;
            lines[line].look_back = past.map_err(Rejection::EventStore)?;
        }
        Ok(())
    }
}

/// What the stock levels of a rejected command ask for, if that is why.
fn history_needed(executed: &CommandResult<InventoryDecider>) -> Option<Needed> {
    match executed {
        Err(Rejection::Refused { refusal, .. }) => refusal.history_needed(),
        _ => None,
    }
}
