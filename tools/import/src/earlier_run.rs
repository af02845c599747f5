//! What an earlier run of the same import did for its lines, and what is left to do for each.

use std::sync::Arc;

use kit_event_store::EventStore;

use super::feed::Meaning;
use super::movement::{Commands, Movement};
use super::past_decision::PastDecisions;
use super::recovery_scan::{Recovered, RecoveryScan};
use super::reject::Reject;

/// What a run that was broken off left in the log.
#[derive(Default)]
pub(super) struct EarlierRun {
    pub(super) scan: Arc<RecoveryScan>,
    past: PastDecisions,
}

/// What became of a line in the end.
#[derive(Debug)]
pub(super) enum LineResult {
    Applied,
    /// It was in the log already.
    Replayed,
    Rejected(Reject),
}

/// What is left to do for a line.
pub(super) enum LeftToDo {
    /// Nothing: this became of it already.
    Nothing(LineResult),
    /// It is to be sent.
    Change {
        movement: Movement,
        /// The try in which its reservation was already made.
        promised: Option<u16>,
    },
}

impl EarlierRun {
    /// A run that left this in the log.
    pub(super) fn new(scan: Arc<RecoveryScan>) -> Self {
        Self { scan, ..Self::default() }
    }

    /// Looks what was done for a line. Lines come in their order.
    pub(super) async fn left_to_do(
        &mut self,
        log: &dyn EventStore,
        commands: &Commands,
        line: u64,
        meaning: Meaning,
    ) -> anyhow::Result<LeftToDo> {
        let movement = match meaning {
            Meaning::Change(movement) => movement,
            Meaning::Before => return Ok(LeftToDo::Nothing(LineResult::Replayed)),
            Meaning::Rejected(reject) => {
                return Ok(LeftToDo::Nothing(LineResult::Rejected(reject)));
            }
        };
        let promised = match self.scan.of_line(line) {
            Recovered::Applied => return Ok(LeftToDo::Nothing(LineResult::Replayed)),
            Recovered::Reserved(number) => Some(number),
            Recovered::Nothing => {
                if let Some(reject) = self.refusal(log, commands, line, &movement).await? {
                    return Ok(LeftToDo::Nothing(LineResult::Rejected(reject)));
                }
                None
            }
        };
        Ok(LeftToDo::Change { movement, promised })
    }

    /// Why a line was refused that is not in the log while a later one of its stock level is. It is not asked again: the
    /// later ones may have changed the answer.
    async fn refusal(
        &mut self,
        log: &dyn EventStore,
        commands: &Commands,
        line: u64,
        movement: &Movement,
    ) -> anyhow::Result<Option<Reject>> {
        let stream = movement.stream();
        let Some(next) = self.scan.decided_by(line, &stream) else { return Ok(None) };
        if commands.asks_again(movement) {
            return Ok(None);
        }
        let command = commands.first_decision(line, movement);
        let refusal = self.past.refusal(log, &stream, next, &command).await?;
        Ok(refusal.map(|refusal| Reject::refused(&refusal)))
    }
}
