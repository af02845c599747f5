//! Comparing two files row for row at one position, while the older one goes on following the log.

use std::path::PathBuf;

use kit_core::Position;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::unwritable;
use rusqlite::Connection;

use super::schema;
use crate::use_cases::Rebuilt;

/// The present file as it was at one position, however far it goes on, beside a new one that is to be brought there.
pub(super) struct Comparison {
    /// In a read transaction that began with the position: what is committed to the present file since is not seen.
    files: Connection,
    position: Position,
}

impl Comparison {
    /// Fixes the present file as it is now. The new one is not looked at yet.
    pub(super) async fn begin(present: PathBuf, new: PathBuf) -> Result<Self, ProjectionError> {
        blocking(move || {
            let files = Connection::open(present)?;
            files.execute("ATTACH ?1 AS new", [new.to_string_lossy()])?;
            files.execute_batch("BEGIN")?;
            let position = kit_sqlite::checkpoint(&files)?;
            Ok(Self { files, position })
        })
        .await
    }

    /// The position at which both are to be compared.
    pub(super) const fn position(&self) -> Position {
        self.position
    }

    /// Compares, once the new file is at that position.
    pub(super) async fn end(self) -> Result<Rebuilt, ProjectionError> {
        blocking(move || self.compare()).await
    }

    fn compare(&self) -> rusqlite::Result<Rebuilt> {
        let Self { files, position } = self;
        let mut identical = true;
        for table in schema::TABLES {
            let differs = format!(
                "SELECT EXISTS (SELECT * FROM main.{table} EXCEPT SELECT * FROM new.{table}) \
                 OR EXISTS (SELECT * FROM new.{table} EXCEPT SELECT * FROM main.{table})"
            );
            identical &= !files.query_row(&differs, [], |row| row.get::<_, bool>(0))?;
        }
        let count = "SELECT count(*) FROM new.stock_levels";
        let count: i64 = files.query_row(count, [], |row| row.get(0))?;
        let stock_levels = u64::try_from(count).unwrap_or(0);
        Ok(Rebuilt { position: *position, stock_levels, identical })
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, ProjectionError> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| ProjectionError::View(error.to_string()))?;
    done.map_err(|error| unwritable(&error))
}

#[cfg(test)]
mod tests {
    use kit_event_store::{Incarnation, LogMark};

    use super::*;

    /// A file with one stock level of so many units, complete up to a position.
    fn stands(path: &std::path::Path, units: u32, position: u64) -> Connection {
        let incarnation = Incarnation::new(uuid::Uuid::nil());
        let end = LogMark { incarnation, position: Position::new(100) };
        let mut file = schema::prepared(path, end).unwrap();
        set(&mut file, units, position);
        file
    }

    fn set(file: &mut Connection, units: u32, position: u64) {
        let change = file.transaction().unwrap();
        let level = "INSERT OR REPLACE INTO stock_levels \
                     VALUES (x'01', x'02', ?1, 0, 0, 0, 1, 1, 0, NULL, NULL)";
        change.execute(level, [units]).unwrap();
        kit_sqlite::set_checkpoint(&change, Position::new(position)).unwrap();
        change.commit().unwrap();
    }

    #[tokio::test]
    async fn a_file_that_goes_on_is_compared_as_it_was() {
        for (new_units, identical) in [(5, true), (6, false)] {
            let folder = tempfile::TempDir::new().unwrap();
            let paths = ["present", "new"].map(|name| folder.path().join(name));
            let mut present = stands(&paths[0], 5, 7);
            let mut new = stands(&paths[1], 1, 3);
            let compared = Comparison::begin(paths[0].clone(), paths[1].clone()).await.unwrap();
            assert_eq!(compared.position(), Position::new(7));
            set(&mut present, 9, 8);
            set(&mut new, new_units, 7);
            let rebuilt = compared.end().await.unwrap();
            assert_eq!((rebuilt.position.get(), rebuilt.identical), (7, identical));
        }
    }
}
