//! The lines of a till's batch in the stock of its store: each is merged once, however often the batch is merged.

use gondola_inventory_domain::{
    AdjustStock, Command, LineCommand, LineOutcome, OnShortage, PosBatchId, PosBatchTerms, PosLine,
    Reason, Reference, Refusal, TillId,
};
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

/// Who does it.
const ACTOR: &str = "system:pos-batches";

/// Lines that are merged together: requests of others come in between.
const LINES_TOGETHER: usize = 100;

/// A line, with its number in the batch.
type Numbered<'a> = (usize, &'a PosLine);

impl StockCommands {
    /// Merges the lines of a batch into the stock of its store, each unless that was done before. An error says that nobody
    /// knows of some of them: those that are merged stay so.
    pub(crate) async fn merge_lines(
        &self,
        batch: PosBatchId,
        terms: &PosBatchTerms,
    ) -> Result<Vec<LineOutcome>, String> {
        let mut lines: Vec<Numbered<'_>> = terms.lines.iter().enumerate().collect();
        // nothing is missing that a line of the same batch brings; what happened first comes first, and a return of the same
        // moment before a sale
        lines.sort_by_key(|(place, line)| {
            (line.occurred_at, std::cmp::Reverse(line.change), *place)
        });
        let mut outcomes = vec![LineOutcome::Merged { missing: 0 }; lines.len()];
        for some in lines.chunks(LINES_TOGETHER) {
            let merged = self.merge_some(batch, terms, some).await?;
            for ((place, _), outcome) in some.iter().zip(merged) {
                outcomes[*place] = outcome;
            }
        }
        Ok(outcomes)
    }

    async fn merge_some(
        &self,
        batch: PosBatchId,
        terms: &PosBatchTerms,
        lines: &[Numbered<'_>],
    ) -> Result<Vec<LineOutcome>, String> {
        let (mut requests, mut late) = (Vec::with_capacity(lines.len()), Vec::new());
        for (place, line) in lines {
            let command_id = line_command_id(batch, *place);
            let command = line_command(&terms.till, line)?;
            let command = of_step(terms.store, vec![command], command_id);
            let caller = caller(batch);
            late.extend(Late::of(&command, &caller).map(|late| (requests.len(), late)));
            requests.push(Request { command, command_id, caller });
        }
        let mut executed = self.executor.execute_all(requests).await;
        self.look_back(late, &mut executed).await;
        let mut outcomes = Vec::with_capacity(lines.len());
        for executed in executed {
            outcomes.push(self.refused(terms, executed)?);
        }
        self.with_missing(batch, lines, outcomes).await
    }

    /// Why a line is refused for ever, if it is; an error where it is not known whether it was merged.
    fn refused(
        &self,
        terms: &PosBatchTerms,
        executed: CommandResult<InventoryDecider>,
    ) -> Result<Option<String>, String> {
        match executed {
            Ok(receipt) => {
                self.note(&receipt);
                Ok(None)
            }
            Err(Rejection::Refused { refusal: StoreRefusal::StepDone, .. }) => Ok(None),
            Err(Rejection::Refused { refusal: StoreRefusal::Lines(lines), .. })
                if lines.iter().all(|line| is_final(&line.refusal)) =>
            {
                let told: Vec<_> = lines.iter().map(|line| line.refusal.to_string()).collect();
                Ok(Some(told.join("; ")))
            }
            Err(rejection) => Err(CommandError::rejected(terms.store, rejection).to_string()),
        }
    }

    /// The outcomes of lines, with what the books lacked for those that are merged: their claims say so, whichever try took them.
    async fn with_missing(
        &self,
        batch: PosBatchId,
        lines: &[Numbered<'_>],
        refused: Vec<Option<String>>,
    ) -> Result<Vec<LineOutcome>, String> {
        let key = |(place, _): &Numbered<'_>| claims::step_key(line_command_id(batch, *place));
        let keys: Vec<_> = lines.iter().map(key).collect();
        let found = self.log.find_claims(&keys, self.clock.now()).await;
        let found = found.map_err(|error| error.to_string())?;
        let outcome = |(refused, found): (_, Option<FoundClaim>)| match (refused, found) {
            (Some(detail), None) => Ok(LineOutcome::Refused(detail)),
            (_, Some(claim)) => {
                Ok(LineOutcome::Merged { missing: claims::missing_of_step(&claim.value) })
            }
            (None, None) => Err("a line that was merged has no claim".to_owned()),
        };
        refused.into_iter().zip(found).map(outcome).collect()
    }
}

fn caller(batch: PosBatchId) -> Caller {
    Caller {
        actor: Actor::system(ACTOR),
        correlation_id: batch.as_uuid(),
        idempotency: None,
        scope: Scope::All,
    }
}

/// The id of a line's command: the same for every try.
fn line_command_id(batch: PosBatchId, place: usize) -> Uuid {
    Uuid::new_v5(&batch.as_uuid(), format!("line/{place}").as_bytes())
}

/// The goods have left, or are back: the books follow, whatever they say.
fn line_command(till: &TillId, line: &PosLine) -> Result<LineCommand, String> {
    let what = if line.change.get() < 0 { "sale" } else { "return" };
    let reason = Reason::new(&format!("{what} of till {till}"));
    let adjust = AdjustStock {
        delta: line.change,
        reason: reason.map_err(|error| error.to_string())?,
        reference: Reference::new(line.transaction.as_str()).ok(),
        occurred_at: Some(line.occurred_at),
        on_shortage: OnShortage::RevokeNewest,
        already_left: true,
    };
    Ok(LineCommand::required(line.product, Command::AdjustStock(adjust)))
}

/// Whether a refusal stands for ever. That a moment is ahead of the server does not: it comes.
const fn is_final(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::OnHandOutOfRange { .. })
}
