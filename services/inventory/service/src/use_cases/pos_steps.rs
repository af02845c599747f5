//! The lines of a till's batch in the stock of its store: each is merged once, however often the batch is merged.

use gondola_inventory_domain::{
    AdjustStock, Command, LineCommand, LineOutcome, OnShortage, PosBatchId, PosBatchTerms, PosLine,
    Reason, Reference, Refusal, TillId,
};
use uuid::Uuid;

use super::line_steps::LinesOf;
use super::stock_commands::StockCommands;

/// Who does it.
const ACTOR: &str = "system:pos-batches";

impl StockCommands {
    /// Merges the lines of a batch into the stock of its store, each unless that was done before. An error says that nobody
    /// knows of some of them: those that are merged stay so.
    pub(crate) async fn merge_lines(
        &self,
        batch: PosBatchId,
        terms: &PosBatchTerms,
    ) -> Result<Vec<LineOutcome>, String> {
        let mut lines: Vec<_> = terms.lines.iter().enumerate().collect();
        // nothing is missing that a line of the same batch brings; what happened first comes first, and a return of the same
        // moment before a sale
        lines.sort_by_key(|(place, line)| {
            (line.occurred_at, std::cmp::Reverse(line.change), *place)
        });
        let step = |(place, line): &(usize, &PosLine)| {
            Ok((line_command_id(batch, *place), line_command(&terms.till, line)?))
        };
        let steps = lines.iter().map(step).collect::<Result<_, String>>()?;
        let of = LinesOf { process: batch.as_uuid(), actor: ACTOR, store: terms.store, is_final };
        let merged = self.perform_lines(of, steps).await?;
        let mut outcomes = vec![LineOutcome::Merged { missing: 0 }; lines.len()];
        for ((place, _), outcome) in lines.iter().zip(merged) {
            outcomes[*place] = outcome;
        }
        Ok(outcomes)
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
