//! The door to stocktakes: requests go in, and each comes out as the stocktake stands after it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{
    ApproveLines, CountedLevel, OnShortage, ProductId, Reason, RecordCounts, RecountLines,
    Reference, RejectLines, ShelfCount, StockQuantity, Stocktake, StocktakeCommand, StocktakeId,
    StocktakeLine, StocktakeLineStatus, StocktakeRefusal, StocktakeTerms, StoreId, UnitCost,
    VarianceLimit, Zone,
};
use kit_core::{Caller, Position, RecordedEvent, Scope, Timestamp};
use kit_executor::{CommandReceipt, Executor, ExecutorConfig};
use kit_process_manager::{Participants, Runner};
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::process::{StocktakeProcess, Stores, ToStocktake};
use crate::process_managers::driven::{Driven, DrivenDeps, ProcessAt};
use crate::process_managers::process_list::{ListedProcess, ProcessFilter};
use crate::use_cases::{
    Catalogue, CatalogueLookUp, Freshness, ProductRef, Queries, StockCommands, StoreRef,
    UnknownName,
};

/// Who records outcomes.
pub(super) const ACTOR: &str = "system:stocktakes";

/// How long the catalogue may take to say what products cost.
const COSTS_MAX: Duration = Duration::from_secs(1);

/// A stocktake that is asked for, with store and products by id or by code.
#[derive(Clone, Debug)]
pub struct NewStocktake {
    /// The store.
    pub store: StoreRef,
    /// The part of it that is counted.
    pub zone: Option<Zone>,
    /// The count sheet; with none it is of what is counted.
    pub sheet: Vec<ProductRef>,
    /// Whether those who count are not to see what the books say.
    pub blind: bool,
    /// Variances that are accepted without an approval: not for callers who are bound to stores to say.
    pub tolerance: VarianceLimit,
    /// Beyond this a line is to be counted again.
    pub recount_above: Option<VarianceLimit>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// What those who ask call it.
    pub reference: Option<Reference>,
}

/// A stocktake as it stands.
pub type StocktakeAt = ProcessAt<Stocktake>;

/// A request that was not performed.
#[derive(Debug, thiserror::Error)]
pub enum StocktakeError {
    /// The rules of stocktakes do not allow it.
    #[error(transparent)]
    Refused(#[from] StocktakeRefusal),
    /// Who is bound to stores has named a tolerance.
    #[error(
        "a tolerance accepts differences without an approval, which is for roles admin and operator: open the stocktake \
         without it, or ask them to open it"
    )]
    ToleranceNotAllowed,
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// Not performed for another reason than the rules.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// What the books say of a moment cannot be told now.
    #[error(transparent)]
    Books(#[from] crate::use_cases::ReadError),
    /// How it stands cannot be told now.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What stocktakes work with.
pub(crate) struct StocktakesDeps {
    pub(crate) driven: DrivenDeps<Stocktake>,
    pub(crate) commands: Arc<StockCommands>,
    /// Says what products cost; `None` where it cannot be asked.
    pub(crate) look_up: Option<Arc<dyn CatalogueLookUp>>,
}

/// Performs requests about stocktakes, and posts what is approved.
pub struct Stocktakes {
    pub(in crate::process_managers) driven: Driven<StocktakeProcess>,
    catalogue: Arc<Catalogue>,
    queries: Arc<Queries>,
    look_up: Option<Arc<dyn CatalogueLookUp>>,
}

impl Stocktakes {
    /// Starts the executor of stocktakes, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: StocktakesDeps,
        limits: ExecutorConfig,
    ) -> (Self, Runner<StocktakeProcess>) {
        let StocktakesDeps { driven, commands, look_up } = deps;
        let (catalogue, queries) = (Arc::clone(&commands.catalogue), Arc::clone(&commands.queries));
        let stores = |executor: &Executor<_>| -> Arc<dyn Participants<_>> {
            Arc::new(Stores { commands, executor: executor.clone() })
        };
        let (driven, runner) = Driven::start(driven, limits, ACTOR, stores);
        (Self { driven, catalogue, queries, look_up }, runner)
    }

    /// Begins a stocktake of a store within the caller's scope.
    pub async fn open(
        &self,
        wanted: NewStocktake,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let NewStocktake { store, zone, sheet, blind, tolerance, recount_above, reason, reference } =
            wanted;
        if caller.scope.owners().is_some() && !tolerance.is_zero() {
            return Err(StocktakeError::ToleranceNotAllowed);
        }
        let store = self.catalogue.store(&store, &caller.scope).await?;
        let sheet = self.products(&sheet).await?;
        let terms = StocktakeTerms {
            store,
            zone,
            sheet,
            blind,
            tolerance,
            recount_above,
            reason,
            reference,
        };
        let id = StocktakeId::from_uuid(self.driven.new_id());
        self.order_and_settle(id, StocktakeCommand::OpenStocktake(terms), caller).await
    }

    /// Records what was counted: of each product the zone (else that of the stocktake), the units, and when (else now).
    pub async fn count(
        &self,
        id: StocktakeId,
        products: Vec<ProductRef>,
        counted: Vec<(Option<Zone>, StockQuantity, Option<Timestamp>)>,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let at = self.seen(id, &caller.scope).await?;
        let of_all = at.state.terms().and_then(|terms| terms.zone.clone());
        let now = self.queries.now();
        let count = |(product, (zone, counted, at)): (ProductId, (Option<Zone>, _, _))| {
            let zone = zone.or_else(|| of_all.clone());
            ShelfCount { product, zone, counted, counted_at: Option::unwrap_or(at, now) }
        };
        let products = self.products(&products).await?;
        let counts = products.into_iter().zip(counted).map(count).collect();
        let command = StocktakeCommand::RecordCounts(RecordCounts { counts });
        self.order_and_settle(id, command, caller).await
    }

    /// Compares what was counted and is not decided with the books, and posts what is within the tolerance.
    pub async fn compare(
        &self,
        id: StocktakeId,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let at = self.seen(id, &caller.scope).await?;
        let lines: Vec<_> = at.state.lines().filter(|line| line.is_to_compare()).collect();
        let products: Vec<_> = lines.iter().map(|line| line.product).collect();
        let mut costs = self.costs(&products).await;
        let mut levels = self.levels(&at.state, &lines).await?;
        for level in &mut levels {
            level.unit_cost = costs.remove(&level.product);
        }
        self.order_and_settle(id, StocktakeCommand::CompareCounts(levels), caller).await
    }

    /// Has lines posted that were reviewed, all of them when none are named.
    pub async fn approve(
        &self,
        id: StocktakeId,
        products: Option<Vec<ProductRef>>,
        (on_shortage, reason): (OnShortage, Option<Reason>),
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let at = self.seen(id, &caller.scope).await?;
        let products = self.named(products).await?;
        let wanted = |line: &&StocktakeLine| {
            line.status == StocktakeLineStatus::Review
                && products.as_ref().is_none_or(|named| named.contains(&line.product))
        };
        let lines: Vec<_> = at.state.lines().filter(wanted).collect();
        let levels = self.levels(&at.state, &lines).await?;
        let approve = ApproveLines { products, levels, on_shortage, reason };
        self.order_and_settle(id, StocktakeCommand::ApproveLines(approve), caller).await
    }

    /// Has nothing come of lines, of all that are to be reviewed when none are named.
    pub async fn reject(
        &self,
        id: StocktakeId,
        products: Option<Vec<ProductRef>>,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let products = self.named(products).await?;
        let reject = RejectLines { products, reason };
        self.perform(id, StocktakeCommand::RejectLines(reject), caller).await
    }

    /// Has lines counted again, all that are to be reviewed when none are named.
    pub async fn recount(
        &self,
        id: StocktakeId,
        products: Option<Vec<ProductRef>>,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let products = self.named(products).await?;
        let recount = RecountLines { products, reason };
        self.perform(id, StocktakeCommand::RecountLines(recount), caller).await
    }

    /// Performs a command on a stocktake of a store within the caller's scope.
    pub async fn perform(
        &self,
        id: StocktakeId,
        command: StocktakeCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        self.seen(id, &caller.scope).await?;
        self.order_and_settle(id, command, caller).await
    }

    /// What is posted within two seconds is posted in the answer; else it goes on later.
    async fn order_and_settle(
        &self,
        id: StocktakeId,
        command: StocktakeCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<StocktakeAt>, StocktakeError> {
        let receipt = match self.driven.order(ToStocktake { id, command }, caller).await {
            Ok(receipt) => receipt,
            Err(rejection) => return Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        };
        // a repetition is about the one that began first
        let id = receipt.answer;
        self.driven.settle(id.as_uuid()).await;
        let answer = self.seen(id, &Scope::All).await?;
        let CommandReceipt { position, repeated, .. } = receipt;
        Ok(CommandReceipt { position: position.max(answer.position), answer, repeated })
    }

    async fn seen(&self, id: StocktakeId, scope: &Scope) -> Result<StocktakeAt, StocktakeError> {
        Ok(self.find(id, scope).await?.ok_or(StocktakeRefusal::Unknown)?)
    }

    /// A stocktake as it stands, if its store is within a scope.
    pub async fn find(
        &self,
        id: StocktakeId,
        scope: &Scope,
    ) -> Result<Option<StocktakeAt>, ReadError> {
        self.driven.find(id.as_uuid(), scope).await
    }

    /// What happened to a stocktake as it stands, in order.
    pub async fn history(&self, at: &StocktakeAt) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
        self.driven.history(at.id, at.version).await
    }

    /// Stocktakes, newest first.
    pub async fn list(
        &self,
        filter: ProcessFilter,
    ) -> Result<Slice<ListedProcess<Stocktake>, Uuid>, ReadError> {
        self.driven.list(filter).await
    }

    /// Waits until the list has a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.driven.reach(position).await
    }

    async fn products(&self, named: &[ProductRef]) -> Result<Vec<ProductId>, UnknownName> {
        self.catalogue.products(named).await.into_iter().collect()
    }

    async fn named(
        &self,
        products: Option<Vec<ProductRef>>,
    ) -> Result<Option<Vec<ProductId>>, UnknownName> {
        match products {
            Some(products) => Ok(Some(self.products(&products).await?)),
            None => Ok(None),
        }
    }

    /// What the books say of the moments at which lines were counted, by all that is known now.
    async fn levels(
        &self,
        stocktake: &Stocktake,
        lines: &[&StocktakeLine],
    ) -> Result<Vec<CountedLevel>, StocktakeError> {
        let Some(terms) = stocktake.terms() else { return Ok(Vec::new()) };
        let mut levels = Vec::with_capacity(lines.len());
        for line in lines {
            let Some((first, counted_at)) = line.counted_between() else { continue };
            let product = line.product;
            let expected = self.expected(terms.store, product, counted_at).await?;
            let moved =
                first < counted_at && self.expected(terms.store, product, first).await? != expected;
            levels.push(CountedLevel { product, counted_at, expected, moved, unit_cost: None });
        }
        Ok(levels)
    }

    /// Units on hand at a moment of business time; none where nothing was ever recorded.
    async fn expected(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
    ) -> Result<StockQuantity, crate::use_cases::ReadError> {
        let then = Freshness::EffectiveAt { at, as_of: None };
        let level = self.queries.level(store, product, then).await?;
        let on_hand = level.map(|level| StockQuantity::new(level.on_hand.into()));
        // a level has no more than a quantity can be
        Ok(on_hand.and_then(Result::ok).unwrap_or_default())
    }

    /// What products cost, as far as the catalogue says so in time: without it there are variances in units only.
    async fn costs(&self, products: &[ProductId]) -> HashMap<ProductId, UnitCost> {
        let Some(look_up) = &self.look_up else { return HashMap::new() };
        match look_up.unit_costs(products, COSTS_MAX).await {
            Ok(costs) => costs.into_iter().collect(),
            Err(error) => {
                tracing::warn!(%error, "unit_costs_unknown");
                HashMap::new()
            }
        }
    }
}
