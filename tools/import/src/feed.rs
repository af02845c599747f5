//! The lines of a file on their way to be executed: read ahead on a thread of their own.

use tokio::sync::mpsc;

use super::csv_file::Row;
use super::movement::Movement;
use super::reject::Reject;

/// Lines that are sent together.
const CHUNK_LINES: usize = 8_192;

/// Chunks that are read ahead.
const CHUNKS_READ: usize = 2;

/// A line that was read.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: Row,
    /// What it means.
    pub(super) meaning: Meaning,
    /// Fields that were left out because they are broken.
    pub(super) dropped: Vec<&'static str>,
}

/// What a line means.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It changes a stock level.
    Change(Movement),
    /// Another import has done that already.
    Before,
    /// It is not taken.
    Rejected(Reject),
}

/// Lines in their order; an error ends the import.
pub(super) type Source = mpsc::Receiver<anyhow::Result<Vec<Item>>>;

/// Reads lines ahead on a thread of its own, without those up to `through`.
pub(super) fn feed(
    items: impl Iterator<Item = anyhow::Result<Item>> + Send + 'static,
    through: u64,
) -> Source {
    let (sender, source) = mpsc::channel(CHUNKS_READ);
    tokio::task::spawn_blocking(move || {
        let mut chunk = Vec::with_capacity(CHUNK_LINES);
        for item in items {
            match item {
                Ok(item) if item.row.line <= through => continue,
                Ok(item) => chunk.push(item),
                Err(error) => {
                    // what was read before the error is good
                    let read = sender.blocking_send(Ok(chunk));
                    drop(read.and_then(|()| sender.blocking_send(Err(error))));
                    return;
                }
            }
            if chunk.len() == CHUNK_LINES {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK_LINES));
                // the receiver is gone when the import has failed
                if sender.blocking_send(Ok(full)).is_err() {
                    return;
                }
            }
        }
        if !chunk.is_empty() {
            drop(sender.blocking_send(Ok(chunk)));
        }
    });
    source
}
