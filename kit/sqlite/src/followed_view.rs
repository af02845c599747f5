//! A view that follows a log in a file of its own: rows, checkpoint and parked streams change together.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId};
use kit_event_store::LogMark;
use kit_event_store::parking::{Parking, ParkingChange};
use kit_event_store::projection::{Projection, ProjectionError};
use rusqlite::{Connection, Transaction};

use crate::background::Background;
use crate::view_file::{ViewFileError, ViewSchema, checkpoint, set_checkpoint};
use crate::view_parking::{parked_streams, release_stream, set_parking};

/// Writes what events change, in the order of the log and in the transaction of their checkpoint; says whether they have
/// changed anything. An event counts once it was [admitted](ParkingChange::admit).
pub type WriteRows = fn(
    &Transaction<'_>,
    &mut ParkingChange,
    &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError>;

/// A checkpoint that no row comes with is kept in memory for so many positions: a view of rare events does not write for
/// each of the others, and a start reads no more than these again.
const UNSAVED_MAX: u64 = 10_000;

/// The file of a view could not be opened for its writer.
#[derive(Debug, thiserror::Error)]
pub enum OpenViewError {
    /// Its folder could not be made.
    #[error("cannot use {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// The file could not be opened, or is ahead of its log.
    #[error(transparent)]
    File(#[from] ViewFileError),
    /// Its thread could not be started.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

/// Keeps a file in step with a log, on a background thread.
#[derive(Debug)]
pub struct FollowedView {
    name: &'static str,
    file: Background<File>,
    parking: Parking,
    write: WriteRows,
}

/// The file, on its thread.
#[derive(Debug)]
struct File {
    connection: Connection,
    /// Up to where the log is applied.
    applied: Position,
    /// Up to where the file says so.
    saved: Position,
}

/// Makes a folder for views, and gives the path of a file in it.
pub fn view_path(folder: &Path, file: &str) -> Result<PathBuf, OpenViewError> {
    let made = std::fs::create_dir_all(folder);
    made.map_err(|source| OpenViewError::Folder { path: folder.to_owned(), source })?;
    Ok(folder.join(file))
}

impl FollowedView {
    /// Opens the file of a view for the log with this end; what is missing is made. `name` is the view's in logs.
    pub fn open(
        name: &'static str,
        path: &Path,
        schema: ViewSchema<'_>,
        log: LogMark,
        write: WriteRows,
    ) -> Result<Self, OpenViewError> {
        let connection = schema.open(path, log)?;
        let unreadable = |source| ViewFileError::Sqlite { path: path.to_owned(), source };
        let parking = Parking::new(name, parked_streams(&connection).map_err(unreadable)?);
        let saved = checkpoint(&connection).map_err(unreadable)?;
        let file = File { connection, applied: saved, saved };
        let file = Background::start(name, file).map_err(OpenViewError::Thread)?;
        Ok(Self { name, file, parking, write })
    }
}

#[async_trait]
impl Projection for FollowedView {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.file.run(|file| Ok(file.applied)).await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let (parking, write) = (self.parking.clone(), self.write);
        self.file.run(move |file| file.apply(&parking, write, &events)).await
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let released = stream.clone();
        let release = move |file: &mut File| {
            release_stream(&file.connection, &released).map_err(|error| unwritable(&error))
        };
        self.file.run(release).await?;
        self.parking.release(stream);
        Ok(())
    }
}

impl File {
    fn apply(
        &mut self,
        parking: &Parking,
        write: WriteRows,
        events: &[Arc<RecordedEvent>],
    ) -> Result<(), ProjectionError> {
        let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
        let mut parking = parking.begin();
        let change = self.connection.transaction().map_err(|error| unwritable(&error))?;
        let has_rows = write(&change, &mut parking, events)?;
        let is_far = last.get().saturating_sub(self.saved.get()) >= UNSAVED_MAX;
        if has_rows || is_far || parking.changed().next().is_some() {
            set_parking(&change, &parking).map_err(|error| unwritable(&error))?;
            set_checkpoint(&change, last).map_err(|error| unwritable(&error))?;
            change.commit().map_err(|error| unwritable(&error))?;
            self.saved = self.saved.max(last);
        }
        self.applied = self.applied.max(last);
        parking.commit();
        Ok(())
    }
}

/// A row of a view that could not be written.
#[must_use]
pub fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}
