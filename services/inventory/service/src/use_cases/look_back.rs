//! Looking back for facts that happened before what a stock level remembers: outside its shard, which goes on meanwhile.

use std::collections::HashSet;

use gondola_inventory_domain::{LookBack, ReservationId, stream_id};
use kit_core::{Caller, StreamId, Timestamp, Version};
use kit_event_store::{EventStoreError, Streams};
use kit_executor::{CommandResult, Rejection};

use super::business_order::BusinessOrder;
use super::command::StoreCommand;
use super::decider::InventoryDecider;
use super::event_codec::decode_event;
use super::stock_commands::StockCommands;

/// How often a command looks back. Each time after the first reads only what was recorded meanwhile.
const TRIES: u32 = 8;

/// Events that a look back goes on by; after more it begins again.
const GOES_ON_BY: usize = 1_000;

/// A command that tells of the past, kept in case its stock level asks for history.
pub(super) struct Late {
    command: StoreCommand,
    caller: Caller,
}

/// The reservations of the commands of a group that took effect after it, because they had to look back.
#[derive(Default)]
pub(super) struct Deferred(HashSet<ReservationId>);

impl Deferred {
    /// Whether a command was decided before the one that makes its reservation, which had to look back.
    fn made_later(
        &self,
        command: &StoreCommand,
        executed: &CommandResult<InventoryDecider>,
    ) -> bool {
        let Err(Rejection::Refused { refusal, .. }) = executed else { return false };
        let waits = command.reservation_id().is_some_and(|id| self.0.contains(&id));
        waits && refusal.is_only_ended()
    }
}

impl Late {
    /// Keeps a command that tells of the past.
    pub(super) fn of(command: &StoreCommand, caller: &Caller) -> Option<Self> {
        let late = || Self { command: command.clone(), caller: caller.clone() };
        command.tells_of_the_past().then(late)
    }
}

/// A look back, and the version of the stock level up to which it has seen.
struct Seen {
    past: LookBack,
    version: Version,
}

impl StockCommands {
    /// Executes a command again, with what the history says, for as long as its stock level asks for it.
    pub(super) async fn looking_back(
        &self,
        late: Option<Late>,
        mut executed: CommandResult<InventoryDecider>,
        deferred: &mut Deferred,
    ) -> CommandResult<InventoryDecider> {
        let Some(Late { mut command, caller }) = late else { return executed };
        if deferred.made_later(&command, &executed) {
            executed = self.executor.perform(command.clone(), caller.clone()).await;
        }
        let mut seen: Vec<Option<Seen>> = Vec::new();
        seen.resize_with(command.lines.len(), || None);
        for _ in 0..TRIES {
            let Err(Rejection::Refused { refusal, .. }) = &executed else { return executed };
            let Some(needed) = refusal.history_needed() else { return executed };
            for (line, before) in needed {
                let stream = stream_id(command.lines[line].product, command.store);
                let turn = self.queries.histories.next().await;
                let log = turn.map_err(|_| Rejection::Overloaded)?;
                let now = match seen[line].take() {
                    Some(seen) => go_on(&log, &stream, seen).await,
                    None => read_history(&log, &stream, before).await,
                };
                let now = now.map_err(Rejection::EventStore)?;
                command.lines[line].look_back = Some(now.past);
                seen[line] = Some(now);
            }
            executed = self.executor.perform(command.clone(), caller.clone()).await;
            deferred.0.extend(command.reservation_id());
        }
        match executed {
            Err(Rejection::Refused { refusal, .. }) if refusal.history_needed().is_some() => {
                Err(Rejection::Conflict { tries: TRIES })
            }
            executed => executed,
        }
    }
}

/// Reads the whole history of a stock level.
async fn read_history(
    log: &dyn Streams,
    stream: &StreamId,
    at: Timestamp,
) -> Result<Seen, EventStoreError> {
    let newest = log.read_back(stream, None, 1).await?;
    let last = newest.first().map_or(Version::ZERO, |event| event.version);
    let mut past = LookBack::new(at);
    let facts = BusinessOrder { log, stream, last };
    facts
        .walk(|fact| {
            if !fact.is_included {
                past.see(fact.occurred_at(), fact.told);
            }
        })
        .await?;
    Ok(Seen { past, version: last })
}

/// Looks at what was recorded since; begins again where that happened earlier than what it has seen.
async fn go_on(log: &dyn Streams, stream: &StreamId, seen: Seen) -> Result<Seen, EventStoreError> {
    let Seen { mut past, mut version } = seen;
    let at = past.at();
    let since = log.read_stream(stream, version, GOES_ON_BY + 1).await?;
    if since.len() > GOES_ON_BY {
        return read_history(log, stream, at).await;
    }
    for recorded in since {
        version = recorded.version;
        let event = decode_event(&recorded)?;
        let Some((told, posting)) = event.physical() else { continue };
        if posting.included_in_count_of.is_some() {
            continue;
        }
        if past.latest().is_some_and(|latest| posting.occurred_at < latest) {
            return read_history(log, stream, at).await;
        }
        past.see(posting.occurred_at, told);
    }
    Ok(Seen { past, version })
}
