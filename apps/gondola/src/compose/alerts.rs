//! What the rules of alerts look at: stock levels as others are told of them, and how sagas get on.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory::SagaNews;
use gondola_notification::use_cases::alerts::{AlertSource, Observe, Observed, StockObservations};
use gondola_notification_domain::StoreId;
use gondola_notification_domain::alerts::Observation;
use kit_core::RecordedEvent;
use kit_event_store::{EventStore, EventStoreError};

/// The log of the inventory, as rules look at it.
pub(super) fn looked_at(inventory: Arc<dyn EventStore>) -> AlertSource {
    let stock = StockObservations::new(gondola_inventory::stock_news(Arc::clone(&inventory)));
    let observe = Box::new(Inventory { stock, log: Arc::clone(&inventory) });
    AlertSource { name: "alerts", log: inventory, observe }
}

struct Inventory {
    stock: StockObservations,
    log: Arc<dyn EventStore>,
}

#[async_trait]
impl Observe for Inventory {
    async fn observe(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Observed>, EventStoreError> {
        let mut seen = self.stock.observe(events).await?;
        for (event, seen) in events.iter().zip(&mut seen) {
            match gondola_inventory::saga_news(&*self.log, event).await {
                Ok(Some(news)) => *seen = Ok(of_saga(news)),
                Ok(None) => {}
                Err(error @ EventStoreError::Corrupt(_)) => *seen = Err(error),
                Err(error) => return Err(error),
            }
        }
        Ok(seen)
    }
}

fn of_saga(news: SagaNews) -> Vec<Observation> {
    let SagaNews { saga, attempts, failure, transit } = news;
    let how = Observation::Saga { saga, store: None, attempts: attempts.into(), failure };
    let transit = transit.map(|transit| {
        let (transfer, destination) = (saga, StoreId::from_uuid(transit.destination));
        if transit.is_in_transit {
            Observation::InTransit { transfer, destination }
        } else {
            Observation::Transit { transfer, destination, hours: 0 }
        }
    });
    [Some(how), transit].into_iter().flatten().collect()
}
