//! The master key of a file of keys, and how another one takes its place: while the server runs, as soon as its file says so.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kit_sqlite::columns::uuid;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::master_key_file::{MasterKeyError, MasterKeys, master_keys};
use super::sealing::{MasterKey, Unsealable};

/// How often the file of the master key is read anew.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Keys that are wrapped anew between two looks at the file; all of them are one transaction.
const PAGE: i64 = 1_000;

/// The file of the master key, looked at now and then.
pub(super) struct MasterKeyWatch {
    path: PathBuf,
    looked_at: Instant,
    /// What was said of the file, so that it is said once.
    said: Option<String>,
}

/// The master key does not fit, or the file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum RotationError {
    #[error(transparent)]
    MasterKey(#[from] MasterKeyError),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Sealed(#[from] Unsealable),
}

impl MasterKeyWatch {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), looked_at: Instant::now(), said: None }
    }

    /// Looks at the file, if it is time to. A file that cannot be used changes nothing, and is told in the log once.
    pub(super) fn check_file(&mut self, file: &mut Connection, master: &mut MasterKey) {
        if self.looked_at.elapsed() < LOOK_EVERY {
            return;
        }
        self.looked_at = Instant::now();
        let found = master_keys(&self.path, false).map_err(RotationError::from);
        let taken = found.and_then(|keys| {
            let is_same = keys.present.mark() == master.mark();
            if is_same { Ok(None) } else { adopt(file, keys, &self.path).map(Some) }
        });
        match taken {
            Ok(taken) => {
                self.said = None;
                if let Some(taken) = taken {
                    *master = taken;
                    tracing::info!("customer_master_key_rotated");
                }
            }
            Err(error) => {
                let error = error.to_string();
                if self.said.as_ref() != Some(&error) {
                    tracing::error!(error, "customer_master_key_not_rotated");
                    self.said = Some(error);
                }
            }
        }
    }
}

/// Notes the master key in a new file, and refuses one that is not the file's, unless that one is there as well: then all
/// keys are handed over.
pub(super) fn adopt(
    file: &mut Connection,
    keys: MasterKeys,
    path: &Path,
) -> Result<MasterKey, RotationError> {
    let MasterKeys { present, former } = keys;
    let mark = file.query_row("SELECT mark FROM master_key", [], |row| row.get::<_, Vec<u8>>(0));
    let Some(mark) = mark.optional()? else {
        file.execute("INSERT INTO master_key VALUES (1, ?1)", [present.mark()])?;
        return Ok(present);
    };
    if mark != present.mark() {
        let former = former.filter(|former| mark == former.mark());
        let former = former.ok_or_else(|| MasterKeyError::Other(path.to_owned()))?;
        hand_over(file, &former, &present)?;
    }
    Ok(present)
}

fn hand_over(
    file: &mut Connection,
    former: &MasterKey,
    present: &MasterKey,
) -> Result<(), RotationError> {
    let change = file.transaction()?;
    let mut after = Vec::new();
    loop {
        let page = page(&change, &after)?;
        for (id, wrapped, sealed) in &page {
            let (lookup, wrapped) = former.handed_over(present, *id, wrapped, sealed)?;
            let sql = "UPDATE customer_keys SET customer = ?1, wrapped_key = ?2 WHERE key_id = ?3";
            change.prepare_cached(sql)?.execute(params![lookup, wrapped, id.as_bytes()])?;
        }
        match page.last() {
            Some((id, ..)) => after = id.as_bytes().to_vec(),
            None => break,
        }
    }
    change.execute("UPDATE master_key SET mark = ?1", [present.mark()])?;
    change.commit()?;
    // nothing that the former key opens is left
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

/// Id, wrapped key and sealed reference.
type Row = (uuid::Uuid, Vec<u8>, Vec<u8>);

/// The next keys in the order of their ids, which do not change.
fn page(file: &Connection, after: &[u8]) -> rusqlite::Result<Vec<Row>> {
    let sql = "SELECT key_id, wrapped_key, sealed_reference FROM customer_keys \
        WHERE key_id > ?1 ORDER BY key_id LIMIT ?2";
    let mut statement = file.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![after, PAGE], |row| Ok((uuid(row, 0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}
