//! A file that is no view: what it has is nowhere else, so it is never thrown away and every commit is on disk.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::columns::number;
use crate::connection::{Durability, open_reader, open_writer};

/// Such a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateFileError {
    /// A later program has changed its tables.
    #[error(
        "{path} has tables of version {found}, and this program knows {known}: use the program that wrote it, or a later one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// What this program knows.
        known: usize,
    },
    /// SQLite refused it.
    #[error(
        "cannot open {path}: {source}; it is not derived from any log, so put a copy of it back"
    )]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        source: rusqlite::Error,
    },
}

/// Opens (or creates) a file for its one writer, and applies the migrations that it has not had: all or none. A
/// migration is never changed; what is new is one more at the end.
pub fn open_state(path: &Path, migrations: &[&str]) -> Result<Connection, StateFileError> {
    let failed = |source| StateFileError::Sqlite { path: path.to_owned(), source };
    let mut file = open_writer(path, Durability::Kept).map_err(failed)?;
    let version = file.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    let (found, known) = (version.map_err(failed)? as usize, migrations.len());
    let missing = migrations.get(found..).ok_or_else(|| StateFileError::Newer {
        path: path.to_owned(),
        found,
        known,
    })?;
    let upgrade = |file: &mut Connection| {
        let change = file.transaction()?;
        missing.iter().try_for_each(|migration| change.execute_batch(migration))?;
        change.pragma_update(None, "user_version", number(known as u64))?;
        change.commit()
    };
    upgrade(&mut file).map_err(failed)?;
    Ok(file)
}

/// Copies such a file, which a process may be writing, as it is at one moment, into one that does not exist. What was
/// deleted from it is not in the copy, as it may be in unused pages of the file.
pub fn copy_state(from: &Path, to: &Path) -> Result<(), StateFileError> {
    let failed = |source| StateFileError::Sqlite { path: from.to_owned(), source };
    let file = open_reader(from).map_err(failed)?;
    let target = to.to_str().ok_or_else(|| failed(rusqlite::Error::InvalidPath(to.to_owned())))?;
    file.execute("VACUUM INTO ?1", [target]).map(drop).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "CREATE TABLE things (id INTEGER PRIMARY KEY)";
    const TWO: &str = "ALTER TABLE things ADD COLUMN name TEXT";

    #[test]
    fn a_file_keeps_what_it_has_and_gets_what_is_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let file = open_state(&path, &[ONE]).unwrap();
        file.execute("INSERT INTO things VALUES (7)", []).unwrap();
        let level: i64 = file.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
        assert_eq!(level, 2, "every commit is on disk");
        drop(file);
        let file = open_state(&path, &[ONE, TWO]).unwrap();
        let kept: i64 = file
            .query_row("SELECT id FROM things WHERE name IS NULL", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 7);
        drop(file);
        let newer = open_state(&path, &[ONE]).unwrap_err();
        assert!(matches!(newer, StateFileError::Newer { found: 2, known: 1, .. }), "{newer}");
    }

    #[test]
    fn a_copy_has_what_was_committed_and_nothing_of_what_was_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let (path, copy) = (folder.path().join("state.db"), folder.path().join("copy.db"));
        let file = open_state(&path, &[ONE, TWO]).unwrap();
        for name in ["kept", "canary-of-a-deleted-row"] {
            file.execute("INSERT INTO things (name) VALUES (?1)", [name]).unwrap();
        }
        file.execute("DELETE FROM things WHERE name <> 'kept'", []).unwrap();
        // it is still open for its writer
        copy_state(&path, &copy).unwrap();
        let bytes = std::fs::read(&copy).unwrap();
        let has = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        assert!(has(b"kept") && !has(b"canary-of"));
        let copied = open_state(&copy, &[ONE, TWO]).unwrap();
        let rows: i64 =
            copied.query_row("SELECT count(*) FROM things", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
        assert!(copy_state(&path, &copy).is_err(), "a copy is never written over");
    }

    #[test]
    fn a_damaged_file_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        std::fs::write(&path, "no database, but text of more than a hundred bytes. ".repeat(9))
            .unwrap();
        let told = open_state(&path, &[ONE]).unwrap_err().to_string();
        assert!(told.contains("put a copy of it back"), "{told}");
        assert!(path.exists());
    }
}
