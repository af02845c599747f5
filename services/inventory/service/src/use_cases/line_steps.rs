//! Lines of a process in the stock of a store: each is done once, however often it is asked for, and fails by itself.

use gondola_inventory_domain::{LineCommand, LineOutcome, Refusal, StoreId};
use kit_core::{Actor, Caller, Scope};
use kit_event_store::FoundClaim;
use kit_executor::{CommandResult, Rejection, Request};
use uuid::Uuid;

use super::claims;
use super::command_error::CommandError;
use super::decider::{InventoryDecider, StoreRefusal};
use super::look_back::Late;
use super::stock_commands::StockCommands;
use super::store_steps::of_step;

/// Lines that are done together: requests of others come in between.
const LINES_TOGETHER: usize = 100;

/// Whose lines they are.
#[derive(Clone, Copy)]
pub(super) struct LinesOf {
    /// The process.
    pub(super) process: Uuid,
    /// Who does them.
    pub(super) actor: &'static str,
    /// The store.
    pub(super) store: StoreId,
    /// Whether a refusal stands for ever, or until people decide otherwise.
    pub(super) is_final: fn(&Refusal) -> bool,
}

/// A line, with the id of its command: the same for every try.
pub(super) type LineStep = (Uuid, LineCommand);

impl StockCommands {
    /// Does lines, each unless that was done before. An error says that nobody knows of some of them: those that are done stay so.
    pub(super) async fn perform_lines(
        &self,
        of: LinesOf,
        lines: Vec<LineStep>,
    ) -> Result<Vec<LineOutcome>, String> {
        let mut outcomes = Vec::with_capacity(lines.len());
        for some in lines.chunks(LINES_TOGETHER) {
            outcomes.extend(self.perform_some_lines(of, some).await?);
        }
        Ok(outcomes)
    }

    async fn perform_some_lines(
        &self,
        of: LinesOf,
        lines: &[LineStep],
    ) -> Result<Vec<LineOutcome>, String> {
        let (mut requests, mut late) = (Vec::with_capacity(lines.len()), Vec::new());
        for (command_id, line) in lines {
            let command = of_step(of.store, vec![line.clone()], *command_id);
            let caller = caller(of);
            late.extend(Late::of(&command, &caller).map(|late| (requests.len(), late)));
            requests.push(Request { command, command_id: *command_id, caller });
        }
        let mut executed = self.executor.execute_all(requests).await;
        self.look_back(late, &mut executed).await;
        let mut refused = Vec::with_capacity(lines.len());
        for executed in executed {
            refused.push(self.refused_line(of, executed)?);
        }
        self.outcomes(lines, refused).await
    }

    /// Why a line is refused for ever, if it is; an error where it is not known whether it was done.
    fn refused_line(
        &self,
        of: LinesOf,
        executed: CommandResult<InventoryDecider>,
    ) -> Result<Option<String>, String> {
        match executed {
            Ok(receipt) => {
                self.note(&receipt);
                Ok(None)
            }
            Err(Rejection::Refused { refusal: StoreRefusal::StepDone, .. }) => Ok(None),
            Err(Rejection::Refused { refusal: StoreRefusal::Lines(lines), .. })
                if lines.iter().all(|line| (of.is_final)(&line.refusal)) =>
            {
                let told: Vec<_> = lines.iter().map(|line| line.refusal.to_string()).collect();
                Ok(Some(told.join("; ")))
            }
            Err(rejection) => Err(CommandError::rejected(of.store, rejection).to_string()),
        }
    }

    /// The outcomes of lines, with what the books lacked for those that are done: their claims say so, whichever try took them.
    async fn outcomes(
        &self,
        lines: &[LineStep],
        refused: Vec<Option<String>>,
    ) -> Result<Vec<LineOutcome>, String> {
        let keys: Vec<_> = lines.iter().map(|(id, _)| claims::step_key(*id)).collect();
        let found = self.log.find_claims(&keys, self.clock.now()).await;
        let found = found.map_err(|error| error.to_string())?;
        let outcome = |(refused, found): (_, Option<FoundClaim>)| match (refused, found) {
            (Some(detail), None) => Ok(LineOutcome::Refused(detail)),
            (_, Some(claim)) => {
                Ok(LineOutcome::Merged { missing: claims::missing_of_step(&claim.value) })
            }
            (None, None) => Err("a line that was done has no claim".to_owned()),
        };
        refused.into_iter().zip(found).map(outcome).collect()
    }
}

fn caller(of: LinesOf) -> Caller {
    Caller {
        actor: Actor::system(of.actor),
        correlation_id: of.process,
        idempotency: None,
        scope: Scope::All,
    }
}
