//! The approved lines of a stocktake in the stock of its store: each becomes a count once, however often it is posted.

use gondola_inventory_domain::{
    Command, CountStock, LineCommand, LineOutcome, PostCounts, PostedCount, ProductId, Reason,
    Reference, Refusal, StocktakeId, stocktake_stream_id,
};
use uuid::Uuid;

use super::line_steps::LinesOf;
use super::stock_commands::StockCommands;

/// Who does it.
const ACTOR: &str = "system:stocktakes";

impl StockCommands {
    /// Posts lines, each unless that was done before; why its stock level refuses it, where it does. An error says that nobody
    /// knows of some of them: those that are posted stay so.
    pub(crate) async fn post_counts(
        &self,
        stocktake: StocktakeId,
        step: &PostCounts,
    ) -> Result<Vec<(ProductId, Option<String>)>, String> {
        let reference = Reference::new(stocktake_stream_id(stocktake).as_str());
        let reference = reference.map_err(|error| error.to_string())?;
        let line = |count: &PostedCount| {
            (command_id(stocktake, count.product), line_command(count, &reference))
        };
        let lines = step.counts.iter().map(line).collect();
        let process = stocktake.as_uuid();
        let of = LinesOf { process, actor: ACTOR, store: step.store, is_final };
        let outcomes = self.perform_lines(of, lines).await?.into_iter();
        let refusal = |outcome| match outcome {
            LineOutcome::Merged { missing: _ } => None,
            LineOutcome::Refused(detail) => Some(detail),
        };
        let products = step.counts.iter().map(|count| count.product);
        Ok(products.zip(outcomes.map(refusal)).collect())
    }
}

/// The id of a line's command: the same for every try, and for every approval. A stocktake posts a product once.
fn command_id(stocktake: StocktakeId, product: ProductId) -> Uuid {
    Uuid::new_v5(&stocktake.as_uuid(), format!("count/{product}").as_bytes())
}

fn line_command(count: &PostedCount, reference: &Reference) -> LineCommand {
    let count_stock = CountStock {
        counted: count.counted,
        reason: count.reason.clone().or_else(|| Reason::new("Stocktake").ok()),
        reference: Some(reference.clone()),
        occurred_at: Some(count.counted_at),
        on_shortage: count.on_shortage,
    };
    LineCommand::required(count.product, Command::CountStock(count_stock))
}

/// Whether a refusal stands until people decide otherwise.
const fn is_final(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::BelowReserved { .. } | Refusal::OnHandOutOfRange { .. })
}
