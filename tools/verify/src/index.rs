//! `index.db` compared with the log: the heads of its streams, the marks in them, and its claims. I6.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context;
use foldhash::fast::RandomState;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::checker::Checker;
use super::entry::{Broken, Entry, Invariant, Violation, require};
use super::failure::Failure;
use super::row::unsigned;

/// The version of the tables that this program can compare.
const SCHEMA: &str = "2";

/// Versions of a stream from one mark to the next.
const MARK_EVERY: u64 = 256;

/// 128 bits of SHA-256.
type Key = [u8; 16];

/// What a claim says, in a few bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Claim {
    value: Key,
    expires_at: Option<i64>,
    position: u64,
}

/// An index as it was when it was opened, and the claims of the log up to there.
pub(super) struct Index {
    connection: Connection,
    until: u64,
    claims: HashMap<Key, Claim, RandomState>,
    /// Positions of the marked events, by stream and version.
    marks: HashMap<(Key, u64), u64, RandomState>,
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ComparedIndex {
    /// Up to which event of the log.
    pub position: u64,
    /// Heads of streams.
    pub heads: usize,
    /// Claims.
    pub claims: usize,
}

impl Index {
    /// Opens the index of a folder for reading and holds on to its present content; `None` when there is none, or one
    /// that the next start throws away, because it belongs to another log or program.
    pub(super) fn open(folder: &Path, incarnation: &str) -> anyhow::Result<Option<Self>> {
        let path = folder.join("index.db");
        if !path.exists() {
            return Ok(None);
        }
        let read = || -> rusqlite::Result<Option<Self>> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&path, flags)?;
            connection.pragma_update(None, "busy_timeout", 5_000)?;
            connection.execute_batch("BEGIN")?;
            let meta = |name: &str| -> rusqlite::Result<Option<String>> {
                let sql = "SELECT value FROM meta WHERE name = ?1";
                connection.query_row(sql, [name], |row| row.get(0)).optional()
            };
            let ours = meta("incarnation")?.as_deref() == Some(incarnation)
                && meta("schema")?.as_deref() == Some(SCHEMA);
            let until = meta("indexed_until")?.and_then(|text| text.parse().ok()).unwrap_or(0);
            let (claims, marks) = (HashMap::default(), HashMap::default());
            Ok(ours.then_some(Self { connection, until, claims, marks }))
        };
        read().with_context(|| format!("cannot read {}", path.display()))
    }

    /// The last event that is in it.
    pub(super) fn position(&self) -> u64 {
        self.until
    }

    /// Checks that it is not ahead of the log.
    pub(super) fn check_position(&self, end: u64) -> Result<(), Violation> {
        let until = self.until;
        let ahead = require(until <= end, Invariant::I6, || {
            format!("the index was made up to position {until}, but the log ends at {end}")
        });
        ahead.map_err(Broken::nowhere)
    }

    /// Takes in the next event.
    pub(super) fn see(&mut self, entry: &Entry<'_>) {
        for claim in entry.claims.unwrap_or_default() {
            let (position, expires_at) = (entry.position, claim.expires_at);
            let value = Claim { value: hash(&[claim.value]), expires_at, position };
            self.claims.insert(hash(&[claim.namespace, claim.key]), value);
        }
        if entry.version.is_multiple_of(MARK_EVERY) {
            self.marks.insert((hash(&[entry.stream]), entry.version), entry.position);
        }
    }

    /// Compares it with a fold of the log up to its position.
    pub(super) fn compare(&self, checker: &Checker) -> Result<ComparedIndex, Failure> {
        let heads = self.compare_heads(checker)?;
        self.compare_marks()?;
        let claims = self.compare_claims()?;
        Ok(ComparedIndex { position: self.until, heads, claims })
    }

    fn compare_heads(&self, checker: &Checker) -> Result<usize, Failure> {
        let mut left: HashMap<Key, _, RandomState> =
            checker.heads().map(|head| (hash(&[head.name]), head)).collect();
        let streams = left.len();
        let mut statement =
            self.connection.prepare("SELECT key, stream, version, position FROM heads")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (first, version, position) =
                (unsigned(row, 1)?, unsigned(row, 2)?, unsigned(row, 3)?);
            let expected = left.remove(&row.get::<_, Key>(0)?);
            if position > self.until {
                // of a flush that goes on
                continue;
            }
            let Some(head) = expected else {
                return Err(self.differs("the index has a stream that the log does not have"));
            };
            if (first, version, position) != (head.first, head.version, head.position) {
                return Err(self.differs(&format!(
                    "the index says that {} has version {version} at position {position}, the log {} at {}",
                    head.name, head.version, head.position
                )));
            }
        }
        match left.into_values().next() {
            None => Ok(streams),
            Some(head) => {
                Err(self.differs(&format!("the index does not have the stream {}", head.name)))
            }
        }
    }

    fn compare_marks(&self) -> Result<(), Failure> {
        let mut left = self.marks.clone();
        let mut statement = self.connection.prepare("SELECT key, version, position FROM marks")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (version, position) = (unsigned(row, 1)?, unsigned(row, 2)?);
            let expected = left.remove(&(row.get::<_, Key>(0)?, version));
            if position <= self.until && expected != Some(position) {
                return Err(self.differs(&format!(
                    "the index has a mark of version {version} at position {position}, where the log has none"
                )));
            }
        }
        match left.into_values().min() {
            None => Ok(()),
            Some(at) => {
                Err(self.differs(&format!("the index does not have the mark of position {at}")))
            }
        }
    }

    fn compare_claims(&self) -> Result<usize, Failure> {
        let mut left = self.claims.clone();
        let sql = "SELECT namespace, key, value, expires_at, position FROM claims";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut compared = 0;
        while let Some(row) = rows.next()? {
            let (namespace, key): (String, String) = (row.get(0)?, row.get(1)?);
            let value: String = row.get(2)?;
            let expected = left.remove(&hash(&[&namespace, &key]));
            let position = unsigned(row, 4)?;
            if position > self.until {
                continue;
            }
            let found = Claim { value: hash(&[&value]), expires_at: row.get(3)?, position };
            if expected != Some(found) {
                return Err(self
                    .differs(&format!("the index says otherwise of the claim {namespace} {key}")));
            }
            compared += 1;
        }
        // what has ended is forgotten some time later
        let now: i64 =
            self.connection.query_row("SELECT unixepoch() * 1000", [], |row| row.get(0))?;
        let holds = |claim: &&Claim| claim.expires_at.is_none_or(|end| end > now);
        match left.values().filter(holds).min_by_key(|claim| claim.position) {
            None => Ok(compared),
            Some(lost) => {
                let at = lost.position;
                Err(self.differs(&format!("the index does not have a claim of position {at}")))
            }
        }
    }

    fn differs(&self, what: &str) -> Failure {
        let message = format!("{what} (compared at position {})", self.until);
        Failure::Broken(Broken { invariant: Invariant::I6, message }.nowhere())
    }
}

/// A short name of some texts, in which they cannot run into each other.
fn hash(texts: &[&str]) -> Key {
    let mut digest = Sha256::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            digest.update([0]);
        }
        digest.update(text);
    }
    let mut key = [0; 16];
    key.copy_from_slice(&digest.finalize()[..16]);
    key
}
