//! The stock of stores in a process that nobody tells of it.

use async_trait::async_trait;
use kit_event_store::projection::ViewReadError;
use kit_service::ReadError;

use crate::use_cases::{KnownStock, StockQuery, StoreStock};

/// Refuses to answer.
pub(crate) struct UntoldStock;

#[async_trait]
impl StoreStock for UntoldStock {
    async fn stock(&self, _: StockQuery) -> Result<KnownStock, ReadError> {
        let why = "this process serves the catalogue alone and is told of no stock; start it with an event bus between \
                   processes, such as --event-bus kafka://HOST:PORT";
        Err(ViewReadError::Unavailable(why.to_owned()).into())
    }
}
