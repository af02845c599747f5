//! Importing files of receipts and counts.

use std::sync::Arc;

use super::account::Outcome;
use super::checkpoint::CheckpointFolder;
use super::csv_file::CsvFile;
use super::deterministic_ids::Part;
use super::format::measure::Units;
use super::input::{Input, InputFile};
use super::job::Job;
use super::kind::Kind;
use super::line_ledger::Entry;
use super::names::Names;
use super::reading::Reading;
use super::services::Services;
use super::stock_lines::StockColumns;

/// A file of receipts or counts, and how far its import is.
pub struct StockImport {
    job: Job,
    csv_file: CsvFile,
    columns: StockColumns,
    reading: Reading,
}

impl StockImport {
    /// Opens a file of stock that is received.
    pub fn receipts(input: &Input, kept: &CheckpointFolder) -> anyhow::Result<Self> {
        Self::open(input, kept, Kind::STOCK, StockColumns::of_receipts)
    }

    /// Opens a file of stock that was counted.
    pub fn counts(input: &Input, kept: &CheckpointFolder) -> anyhow::Result<Self> {
        Self::open(input, kept, Kind::COUNTS, StockColumns::of_counts)
    }

    fn open(
        input: &Input,
        kept: &CheckpointFolder,
        kind: Kind,
        find: impl FnOnce(&CsvFile, Option<&Units>) -> anyhow::Result<StockColumns>,
    ) -> anyhow::Result<Self> {
        let mut job = Job::open(InputFile::find(input)?, kept, kind, "")?;
        let csv_file = job.input.open(&job.progress)?;
        let columns = find(&csv_file, input.reading.units.as_ref())?;
        let looked_at = (&columns.watched(), columns.moment_need());
        let reading = job.survey(csv_file.layout(), looked_at, |_| Entry::default())?;
        Ok(Self { job, csv_file, columns, reading })
    }

    /// Whether all lines were dealt with before; then there is nothing to run.
    pub fn is_done(&self) -> bool {
        self.job.state.done
    }

    /// Imports what is left of the file, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        let Self { mut job, csv_file, columns, reading } = self;
        let names = Arc::new(Names::seen_by(services).await?);
        let fates = Arc::new(job.fates(services.log.as_ref(), csv_file.layout()).await?);
        job.run(services, Part::Lines, columns.items(csv_file, reading, fates, names)).await?;
        job.report()
    }

    /// What became of a file that is done.
    pub fn report(&self) -> anyhow::Result<Outcome> {
        self.job.report()
    }
}
