//! A copy of all stock levels, which the bus keeps current: one file of this process's own.
//!
//! Each message is applied in one transaction with its place on the bus, so a process that is killed goes on after what it
//! has; what comes again changes nothing, since levels have versions.

mod feed;
mod file;
mod read;

use std::path::Path;
use std::sync::Arc;

use gondola_contracts::topics;
use kit_core::Clock;
use kit_event_bus::{BusError, Consumer, EventBus, ParkedKeys};
use kit_process::critical_task;
use kit_service::CopyAge;
use kit_sqlite::OpenViewError;
use metrics::{describe_gauge, gauge};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::feed::StockFeed;
use self::file::StockFile;
use self::read::CopiedStock;
use crate::use_cases::StoreStock;

/// Name of this consumer on the bus.
const READER: &str = "store.stock";

const AGE: &str = "store_stock_copy_age_seconds";

/// A copy that is being kept current.
pub(crate) struct StockCopy {
    /// What it knows.
    pub(crate) stock: Arc<dyn StoreStock>,
    /// The stock levels of which nothing new is taken.
    pub(crate) parked: ParkedKeys,
}

/// The copy could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StockCopyError {
    /// Its file could not be opened.
    #[error("its file cannot be used")]
    File(#[from] OpenViewError),
    /// Its file could not be read.
    #[error("its file cannot be read")]
    Read(#[from] rusqlite::Error),
    /// The bus could not be joined.
    #[error("the event bus cannot be joined")]
    Bus(#[from] BusError),
}

impl StockCopy {
    /// Opens the copy in a folder and keeps it current until `stop`.
    pub(crate) async fn start(
        folder: &Path,
        bus: &Arc<dyn EventBus>,
        clock: &Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Self, StockCopyError> {
        let file = StockFile::open(folder)?;
        let (path, places) = (file.path.clone(), file.places()?);
        let consumer = Consumer::replay(Arc::clone(bus), READER, topics::INVENTORY, places).await?;
        let parked = consumer.parked();
        let feed = StockFeed::start(file).map_err(OpenViewError::Thread)?;
        tasks.spawn(consumer.run(feed, stop.clone()));
        describe_gauge!(AGE, "Time since the copy of stock levels had all that the bus had then");
        let age = Arc::new(CopyAge::unknown(Arc::clone(clock), gauge!(AGE)));
        let measuring = Arc::clone(&age).measure(Arc::clone(bus), READER);
        let measuring = stop.clone().run_until_cancelled_owned(measuring);
        tasks.spawn(critical_task("stock-copy-age", measuring));
        Ok(Self { stock: Arc::new(CopiedStock::new(path, age)), parked })
    }
}
