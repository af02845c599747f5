//! Takes stock levels from the bus into the file.

use std::io;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent};
use kit_event_bus::{Drained, HandleError, Handler, Message, ParkedKeys, Place, Unreadable};
use kit_sqlite::Background;
use metrics::{Counter, counter, describe_counter};

use super::file::{Effect, StockFile, Update};
use crate::use_cases::{DrainedStock, ParkedStock, StockFeedEnded};

const EVENTS: &str = "store_stock_copy_events_total";

/// Writes what it is told.
pub(super) struct StockFeed {
    file: Background<StockFile>,
    applied: Counter,
    passed_over: Counter,
}

impl StockFeed {
    /// Starts the thread that writes the file.
    pub(super) fn start(file: StockFile) -> io::Result<Self> {
        describe_counter!(
            EVENTS,
            "Stock levels that the copy was told, by whether it had them or newer ones already"
        );
        Ok(Self {
            file: Background::start("stock-copy", file)?,
            applied: counter!(EVENTS, "effect" => "applied"),
            passed_over: counter!(EVENTS, "effect" => "passed_over"),
        })
    }
}

#[async_trait]
impl Handler for StockFeed {
    async fn handle(
        &mut self,
        message: &Message,
        place: Option<&Place>,
    ) -> Result<(), HandleError> {
        let told = CloudEvent::from_json(&message.payload);
        let told = told.map_err(|error| HandleError::Poison(error.to_string()))?;
        let IntegrationEvent::InventoryUpdated(level) = told.event else { return Ok(()) };
        let (incarnation, position) = (told.incarnation, told.position);
        let update = Update { incarnation, position, level, place: place.cloned() };
        let write = move |file: &mut StockFile| Ok(file.apply(&update));
        let written = self.file.run(write).await;
        let written = written.map_err(|error| HandleError::Unavailable(error.to_string()))?;
        match written.map_err(|error| HandleError::Unavailable(error.to_string()))? {
            Effect::Applied => self.applied.increment(1),
            Effect::PassedOver => self.passed_over.increment(1),
        }
        Ok(())
    }
}

#[async_trait]
impl ParkedStock for ParkedKeys {
    async fn drain(&self, drop_unreadable: bool) -> Result<DrainedStock, StockFeedEnded> {
        let unreadable = if drop_unreadable { Unreadable::Drop } else { Unreadable::Keep };
        let drained = Self::drain(self, unreadable).await.map_err(|_| StockFeedEnded)?;
        let Drained { handled, dropped, parked } = drained;
        Ok(DrainedStock { handled, dropped, parked })
    }
}
