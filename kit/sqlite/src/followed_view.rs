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

/// Writes what events change, in the order of the log and in the transaction of their checkpoint. An event counts once it
/// was [admitted](ParkingChange::admit).
pub type WriteRows =
    fn(&Transaction<'_>, &mut ParkingChange, &[Arc<RecordedEvent>]) -> Result<(), ProjectionError>;

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
    connection: Background<Connection>,
    parking: Parking,
    write: WriteRows,
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
        let parked = parked_streams(&connection);
        let parked =
            parked.map_err(|source| ViewFileError::Sqlite { path: path.to_owned(), source })?;
        let parking = Parking::new(name, parked);
        let connection = Background::start(name, connection).map_err(OpenViewError::Thread)?;
        Ok(Self { name, connection, parking, write })
    }
}

#[async_trait]
impl Projection for FollowedView {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.connection.run(|file| checkpoint(file).map_err(|error| unwritable(&error))).await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let (parking, write) = (self.parking.clone(), self.write);
        self.connection.run(move |file| apply(file, &parking, write, &events)).await
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let released = stream.clone();
        let release = move |file: &mut Connection| {
            release_stream(file, &released).map_err(|error| unwritable(&error))
        };
        self.connection.run(release).await?;
        self.parking.release(stream);
        Ok(())
    }
}

fn apply(
    file: &mut Connection,
    parking: &Parking,
    write: WriteRows,
    events: &[Arc<RecordedEvent>],
) -> Result<(), ProjectionError> {
    let Some(last) = events.last() else { return Ok(()) };
    let change = file.transaction().map_err(|error| unwritable(&error))?;
    let mut parking = parking.begin();
    write(&change, &mut parking, events)?;
    set_parking(&change, &parking).map_err(|error| unwritable(&error))?;
    set_checkpoint(&change, last.position).map_err(|error| unwritable(&error))?;
    change.commit().map_err(|error| unwritable(&error))?;
    parking.commit();
    Ok(())
}

/// A row of a view that could not be written.
#[must_use]
pub fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}
