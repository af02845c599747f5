//! Where the rejected lines of an import are kept: in a file for people, and in its ledger of lines.

use super::csv_file::Row;
use super::line_ledger::{Fate, LineLedger};
use super::reject::Reject;
use super::reject_file::RejectFile;

/// The code of lines whose basket was booked with other lines.
pub(super) const BASKET_CHANGED: &str = "basket-changed";

/// The rejected lines of an import.
pub(super) struct Rejects {
    pub(super) file: RejectFile,
    pub(super) ledger: LineLedger,
}

impl Rejects {
    /// Adds a line.
    pub(super) fn add(&mut self, row: &Row, reject: &Reject) -> anyhow::Result<()> {
        // a changed basket is known as such in the ledger, and its lines do not count as rejected ones that may come again
        if reject.code != BASKET_CHANGED {
            self.ledger.mark(row.line, Fate::Rejected)?;
        }
        self.file.add(row, reject)
    }

    /// Brings all of it to the disk and returns the size of the file in bytes.
    pub(super) fn sync(&mut self) -> anyhow::Result<u64> {
        self.ledger.sync()?;
        self.file.sync()
    }
}
