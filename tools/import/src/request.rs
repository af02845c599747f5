//! One import as it is asked for, by a command on a data folder or by a caller of a server: the same way for all kinds of file.

use std::str::FromStr;

use super::account::Outcome;
use super::catalogue::Defaults;
use super::catalogue_import::CatalogueImport;
use super::checkpoint::CheckpointFolder;
use super::input::Input;
use super::sales::{SalesImport, SalesOptions};
use super::services::Services;
use super::stock::StockImport;
use super::transfers::TransferImport;

/// What a file lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Stores.
    Stores,
    /// Products.
    Products,
    /// Categories.
    Categories,
    /// Suppliers.
    Suppliers,
    /// On what terms suppliers deliver products.
    SupplierOffers,
    /// Stock that is received.
    Stock,
    /// Stock that was counted.
    Counts,
    /// Transfers that are asked for.
    Transfers,
    /// Sales and returns.
    Sales,
}

/// No file lists this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no import is called {0:?}: there are {list}", list = FileKind::ALL.map(FileKind::name).join(", "))]
pub struct UnknownKind(String);

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Stores,
        Self::Products,
        Self::Categories,
        Self::Suppliers,
        Self::SupplierOffers,
        Self::Stock,
        Self::Counts,
        Self::Transfers,
        Self::Sales,
    ];

    /// What it is called on the command line and in paths.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stores => "stores",
            Self::Products => "products",
            Self::Categories => "categories",
            Self::Suppliers => "suppliers",
            Self::SupplierOffers => "supplier-offers",
            Self::Stock => "stock",
            Self::Counts => "counts",
            Self::Transfers => "transfers",
            Self::Sales => "sales",
        }
    }

    /// Whether its lines are entries of the catalogue; the others change stock.
    pub const fn is_catalogue(self) -> bool {
        match self {
            Self::Stores
            | Self::Products
            | Self::Categories
            | Self::Suppliers
            | Self::SupplierOffers => true,
            Self::Stock | Self::Counts | Self::Transfers | Self::Sales => false,
        }
    }

    /// Whether an import of it keeps how far it is, and goes on there.
    pub const fn keeps_progress(self) -> bool {
        matches!(self, Self::Stock | Self::Counts | Self::Sales)
    }
}

impl FromStr for FileKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let known = Self::ALL.into_iter().find(|kind| kind.name() == text);
        known.ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// An import that is asked for.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// What the file lists.
    pub kind: FileKind,
    /// The file, and how it is read.
    pub input: Input,
    /// What is taken where a file of the catalogue says nothing.
    pub defaults: Defaults,
    /// How lines of sales are understood.
    pub sales: SalesOptions,
    /// Most lines that may be rejected for it to count as done; half of them unless given.
    pub max_rejected: Option<u64>,
}

/// A file that has been looked at as a whole, and how far its import is.
pub struct OpenImport(Kind);

enum Kind {
    Catalogue(Box<CatalogueImport>),
    Stock(Box<StockImport>),
    Transfers(Box<TransferImport>),
    Sales(Box<SalesImport>),
}

impl ImportRequest {
    /// Looks at the whole file, and refuses one of which all is doubtful. Reads it: not for a thread that others need.
    pub fn open(&self, kept: &CheckpointFolder) -> anyhow::Result<OpenImport> {
        let Self { kind, input, defaults, sales, .. } = self;
        let catalogue = |import: anyhow::Result<_>| Ok(Kind::Catalogue(Box::new(import?)));
        let defaults = || defaults.clone();
        let opened: anyhow::Result<Kind> = match kind {
            FileKind::Stores => catalogue(CatalogueImport::stores(input, defaults())),
            FileKind::Products => catalogue(CatalogueImport::products(input, defaults())),
            FileKind::Categories => catalogue(CatalogueImport::categories(input, defaults())),
            FileKind::Suppliers => catalogue(CatalogueImport::suppliers(input, defaults())),
            FileKind::SupplierOffers => {
                catalogue(CatalogueImport::supplier_offers(input, defaults()))
            }
            FileKind::Stock => Ok(Kind::Stock(Box::new(StockImport::receipts(input, kept)?))),
            FileKind::Counts => Ok(Kind::Stock(Box::new(StockImport::counts(input, kept)?))),
            FileKind::Transfers => Ok(Kind::Transfers(Box::new(TransferImport::open(input)?))),
            FileKind::Sales => {
                Ok(Kind::Sales(Box::new(SalesImport::open(input, kept, sales.clone())?)))
            }
        };
        opened.map(OpenImport)
    }
}

impl OpenImport {
    /// What became of the file, if all of it was dealt with before; then there is nothing to run.
    pub fn done(&self) -> anyhow::Result<Option<Outcome>> {
        match &self.0 {
            Kind::Stock(import) if import.is_done() => import.report().map(Some),
            Kind::Sales(import) if import.is_done() => import.report().map(Some),
            _ => Ok(None),
        }
    }

    /// Imports what is left of the file, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        match self.0 {
            Kind::Catalogue(import) => import.run(services).await,
            Kind::Stock(import) => import.run(services).await,
            Kind::Transfers(import) => import.run(services).await,
            Kind::Sales(import) => import.run(services).await,
        }
    }
}
