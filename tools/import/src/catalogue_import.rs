//! Importing files that list entries of the catalogue.

use anyhow::Context;
use gondola_store_domain::{Category, Product, Store, Supplier, SupplierOffer};

use super::account::Outcome;
use super::catalogue::{Defaults, Given, Listed};
use super::csv_file::CsvFile;
use super::format::numbers::NumberFormat;
use super::input::{Input, InputFile};
use super::names::Names;
use super::progress::Progress;
use super::reading::{MomentNeed, Survey, Watched};
use super::register::Import;
use super::reject_file::RejectFile;
use super::services::{Services, now};

/// A file that lists entries of the catalogue, looked at as a whole.
pub struct CatalogueImport(Kind);

enum Kind {
    Stores(Listing<Store>),
    Products(Listing<Product>),
    Categories(Listing<Category>),
    Suppliers(Listing<Supplier>),
    Offers(Listing<SupplierOffer>),
}

/// A file that lists entries of one kind.
struct Listing<A: Listed> {
    input: InputFile,
    csv_file: CsvFile,
    columns: A::Columns,
    numbers: NumberFormat,
    progress: Progress,
    defaults: Defaults,
}

impl CatalogueImport {
    /// Opens a file of stores; `defaults` are taken where it says nothing.
    pub fn stores(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        Ok(Self(Kind::Stores(Listing::open(input, defaults)?)))
    }

    /// Opens a file of products; `defaults` are taken where it says nothing.
    pub fn products(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        Ok(Self(Kind::Products(Listing::open(input, defaults)?)))
    }

    /// Opens a file of categories.
    pub fn categories(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        Ok(Self(Kind::Categories(Listing::open(input, defaults)?)))
    }

    /// Opens a file of suppliers; `defaults` are taken where it says nothing.
    pub fn suppliers(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        Ok(Self(Kind::Suppliers(Listing::open(input, defaults)?)))
    }

    /// Opens a file of what suppliers offer; `defaults` are taken where it says nothing.
    pub fn supplier_offers(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        Ok(Self(Kind::Offers(Listing::open(input, defaults)?)))
    }

    /// Registers what the file lists, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        match self.0 {
            Kind::Stores(listing) => listing.run(services).await,
            Kind::Products(listing) => listing.run(services).await,
            Kind::Categories(listing) => listing.run(services).await,
            Kind::Suppliers(listing) => listing.run(services).await,
            Kind::Offers(listing) => listing.run(services).await,
        }
    }
}

impl<A: Listed> Listing<A> {
    fn open(input: &Input, defaults: Defaults) -> anyhow::Result<Self> {
        let input = InputFile::find(input)?;
        let progress = input.progress(0)?;
        let csv_file = input.open(&progress)?;
        let columns = A::find(&csv_file)?;
        let watched = Watched { numbers: A::numbers(&columns), ..Watched::default() };
        let survey = Survey::read(input.open(&progress)?, &watched, |_| Ok(()));
        let reading =
            survey.and_then(|survey| survey.reading(input.reading(), MomentNeed::Safe, now()));
        let numbers = reading.with_context(|| input.name())?.numbers;
        progress.say("importing");
        Ok(Self { input, csv_file, columns, numbers, progress, defaults })
    }

    async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        let Self { input, csv_file, columns, numbers, progress, defaults } = self;
        let mut rejects = RejectFile::new(&input, csv_file.layout(), 0);
        let names =
            if A::NAMES_PRODUCTS { Names::seen_by(services).await? } else { Names::default() };
        let given = Given { defaults: &defaults, numbers, names: &names };
        let import = Import {
            writes: &services.catalogue,
            caller: &services.registrar(),
            defaults: &defaults,
            progress: &progress,
            mode: input.mode(),
        };
        let imported = import.run::<A>((csv_file, columns), &given, &mut rejects).await?;
        progress.report(&input.name(), &imported, &input.rejected())
    }
}
