//! Reading many stock levels at once: those that are named, or all that have changed since a position.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use futures_util::{StreamExt as _, stream};
use gondola_inventory_domain::{ProductId, StoreId, parse_stream_id};
use kit_core::Position;
use kit_service::ReadError;

use super::queries::Queries;
use super::read_models::ChangedLevels;
use super::recent_writes::Recent;
use super::stock_level::StockLevel;

/// Levels that are asked of their shards at once for one caller: others must get a word in.
const SHARDS_ASKED_AT_ONCE: usize = 32;

type LevelKey = (StoreId, ProductId);

/// A level, or why it could not be read; `None` where nothing was ever recorded.
type Read = Result<Option<StockLevel>, ReadError>;

/// Stock levels that were named.
#[derive(Debug)]
pub struct ManyLevels {
    /// One for each name, in the order of the names.
    pub levels: Vec<Read>,
    /// What happened up to here is in all of them.
    pub position: Position,
}

/// Stock levels that have changed since a position.
#[derive(Debug)]
pub struct ChangedPage {
    /// In the order of their last events.
    pub levels: Vec<StockLevel>,
    /// Those that the read model passes over, as they are now, whether or not they have changed; with the last page.
    pub passed_over: Vec<(LevelKey, Read)>,
    /// From where to go on: what happened up to here has been told.
    pub position: Position,
    /// Whether there is more to be told now.
    pub has_more: bool,
}

impl Queries {
    /// Many stock levels, each by itself as a single read gives it: with every change that this process has answered, or each
    /// decided by its own shard where `strong` is set. What the read model has to answer is one question.
    pub async fn levels(&self, named: &[LevelKey], strong: bool) -> Result<ManyLevels, ReadError> {
        // read before anything is looked at: whatever is found is not older
        let position = self.shown();
        let (now, passed_over) = (self.now(), self.passed_over());
        let mut found: HashMap<LevelKey, Read, RandomState> = HashMap::default();
        let (mut of_read_model, mut of_shards) = (Vec::new(), Vec::new());
        let each: HashSet<LevelKey, RandomState> = named.iter().copied().collect();
        for key in each {
            if strong || passed_over.contains(&key) {
                of_shards.push(key);
                continue;
            }
            match self.recent.find(key, position) {
                Recent::Shown => of_read_model.push(key),
                Recent::Unknown => of_shards.push(key),
                Recent::Changed(level) => match level.still_at(now) {
                    Some(level) => drop(found.insert(key, Ok(Some(level)))),
                    None => of_shards.push(key),
                },
            }
        }
        if !of_read_model.is_empty() {
            let levels = self.read_model.levels(of_read_model).await?;
            found.extend(
                levels.into_iter().map(|level| ((level.store, level.product), Ok(Some(level)))),
            );
        }
        found.extend(self.asked_of_shards(of_shards).await);
        let levels = named.iter().map(|key| found.get(key).cloned().unwrap_or(Ok(None)));
        Ok(ManyLevels { levels: levels.collect(), position })
    }

    /// The levels that have changed since a position, which the read model is waited for: a caller that goes on from an answer
    /// never goes back, whichever process answers. A level that changes while pages are read is told again with its new numbers.
    pub async fn changed_levels(&self, wanted: ChangedLevels) -> Result<ChangedPage, ReadError> {
        self.reach(wanted.after).await?;
        let shown = self.shown();
        let passed_over = self.passed_over();
        let ChangedLevels { stores, limit, .. } = wanted.clone();
        let one_more = ChangedLevels { limit: limit + 1, ..wanted };
        let mut levels = self.read_model.changed_levels(one_more).await?;
        let has_more = levels.len() > limit;
        levels.truncate(limit);
        let last = levels.last().map_or(Position::ZERO, |level| level.position);
        // at the end nothing that is shown is left, whatever the last level was
        let position = if has_more { last } else { shown.max(last) };
        // its row is as it was before the event that cannot be read
        levels.retain(|level| !passed_over.contains(&(level.store, level.product)));
        let mut of_shards = Vec::new();
        if !has_more {
            of_shards.extend(passed_over);
            of_shards.retain(|(store, _)| stores.as_ref().is_none_or(|own| own.contains(store)));
        }
        let passed_over = self.asked_of_shards(of_shards).await;
        Ok(ChangedPage { levels, passed_over, position, has_more })
    }

    /// The levels whose events the read model passes over, since one of them cannot be read.
    fn passed_over(&self) -> HashSet<LevelKey, RandomState> {
        let parked = self.read_model.progress().parking().streams();
        let key = |(product, store)| (store, product);
        parked.iter().filter_map(|parked| parse_stream_id(&parked.stream).map(key)).collect()
    }

    async fn asked_of_shards(&self, levels: Vec<LevelKey>) -> Vec<(LevelKey, Read)> {
        let asked = stream::iter(levels).map(|(store, product)| async move {
            ((store, product), self.strong(store, product).await)
        });
        asked.buffer_unordered(SHARDS_ASKED_AT_ONCE).collect().await
    }
}
