//! Importing files that list stores or products.

use gondola_store_domain::{Product, Store};

use super::catalogue::{Defaults, Listed};
use super::csv_file::CsvFile;
use super::input::Input;
use super::progress::Progress;
use super::register::Import;
use super::reject_file::RejectFile;
use super::services::{Services, registrar};

/// A file that lists stores or products, open at its first line.
pub struct CatalogueImport {
    name: String,
    csv_file: CsvFile,
    rejects: RejectFile,
    progress: Progress,
    defaults: Defaults,
}

impl CatalogueImport {
    /// Opens a file; `defaults` are taken where it says nothing.
    pub fn open(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        let progress = Progress::new(input.size()?, 0);
        let csv_file = input.open(&progress)?;
        let rejects = RejectFile::new(input.rejected(), csv_file.header(), 0);
        Ok(Self { name: input.name(), csv_file, rejects, progress, defaults })
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
        let Self { name, csv_file, mut rejects, progress, defaults } = self;
        let import = Import {
            writes: &services.catalogue,
            caller: &registrar(),
            defaults: &defaults,
            progress: &progress,
        };
        let imported = import.run::<A>(csv_file, &mut rejects).await?;
        progress.report(&name, &imported, &rejects)
    }
}
