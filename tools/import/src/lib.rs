//! `gondola import`: stores, products, stock, counts and sales from CSV files, into the services of a running process.
//!
//! An import that was broken off goes on where it was when it is run again, and one that is done does nothing: the
//! file is known by its SHA-256, its progress is kept in the data folder, and what lies between the last checkpoint
//! and the break is found in the log itself.

mod catalogue;
mod checkpoint;
mod engine;
mod fields;
mod identity;
mod lines;
mod movement;
mod names;
mod progress;
mod register;
mod reject;
mod sales;
mod stock;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod window;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gondola_inventory::use_cases::StockCommands;
use gondola_store::use_cases::{CatalogueWrites, Listings};
use gondola_store_domain::{Product, Store};
use kit_core::{Actor, Caller, Clock, IdSource, RandomIds, SystemClock, Timestamp};
use kit_event_store::EventStore;

pub use self::catalogue::Defaults;
pub use self::checkpoint::CheckpointFolder;
pub use self::names::Names;
pub use self::sales::{SalesImport, SalesOptions, derive_stock};
pub use self::stock::StockImport;

use self::catalogue::Listed;
use self::progress::Progress;
use self::register::Import;
use self::reject::RejectFile;
use self::table::Table;

/// The services that an import writes to and reads from.
#[derive(Clone)]
pub struct Services {
    /// Commands of the inventory.
    pub stock: Arc<StockCommands>,
    /// The inventory's log: what an earlier run did is found in it.
    pub log: Arc<dyn EventStore>,
    /// Registrations of stores and products.
    pub catalogue: Arc<CatalogueWrites>,
    /// The stores and products that are registered.
    pub listings: Arc<dyn Listings>,
}

/// The file to import.
#[derive(Clone, Debug)]
pub struct Input {
    /// A CSV file, plain or gzipped, with the names of the columns in its first line.
    pub file: PathBuf,
    /// Where rejected lines go; `<name of the file>.rejected.csv` in the present folder unless given.
    pub rejected: Option<PathBuf>,
}

impl Input {
    /// The name of the file without its folder.
    fn name(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// Where rejected lines go.
    fn rejected(&self) -> PathBuf {
        let beside = || PathBuf::from(format!("{}.rejected.csv", self.name()));
        self.rejected.clone().unwrap_or_else(beside)
    }

    fn size(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.file);
        Ok(found.with_context(|| format!("cannot read {}", self.file.display()))?.len())
    }

    fn open(&self, progress: &Progress) -> anyhow::Result<Table> {
        Table::open(&self.file, Arc::clone(&progress.read_bytes))
    }
}

/// A file that lists stores or products, open at its first line.
pub struct CatalogueImport {
    name: String,
    table: Table,
    rejects: RejectFile,
    progress: Progress,
    defaults: Defaults,
}

impl CatalogueImport {
    /// Opens a file; `defaults` are taken where it says nothing.
    pub fn open(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        let progress = Progress::new(input.size()?, 0);
        let table = input.open(&progress)?;
        let rejects = RejectFile::new(input.rejected(), table.header(), 0);
        Ok(Self { name: input.name(), table, rejects, progress, defaults })
    }

    /// Registers the stores that it lists, and says what became of its lines.
    pub async fn stores(self, services: &Services) -> anyhow::Result<String> {
        self.list::<Store>(services).await
    }

    /// Registers the products that it lists, and says what became of its lines.
    pub async fn products(self, services: &Services) -> anyhow::Result<String> {
        self.list::<Product>(services).await
    }

    async fn list<A: Listed>(self, services: &Services) -> anyhow::Result<String> {
        let Self { name, table, mut rejects, progress, defaults } = self;
        let import = Import {
            writes: &services.catalogue,
            caller: &registrar(),
            defaults: &defaults,
            progress: &progress,
        };
        let imported = import.run::<A>(table, &mut rejects).await?;
        progress.report(&name, &imported, &rejects)
    }
}

/// Who imports.
fn actor() -> Actor {
    Actor::system("system:import")
}

fn registrar() -> Caller {
    Caller { actor: actor(), correlation_id: RandomIds.next_id(now()), idempotency: None }
}

fn now() -> Timestamp {
    SystemClock.now()
}
