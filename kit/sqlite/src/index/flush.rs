//! Writing to the index what the log already has: a memtable at a time, in key order, in small steps.

use kit_core::{StreamId, Timestamp};
use kit_event_store::{ClaimKey, FoundClaim};
use rusqlite::{Connection, Transaction, params};

use super::marks::write_marks;
use super::{indexed_until, note};
use crate::background::yielding;
use crate::columns::number;
use crate::log;
use crate::memtable::{Mark, Memtable};
use crate::stream_head::{StreamHead, StreamKey};

/// Events between two commits while the index is rebuilt from the log.
const REBUILD_STEP_EVENTS: usize = 100_000;

/// Rows between two commits of a flush. Nothing interrupts a commit, so one for all would hold a core for milliseconds;
/// rows come in key order, so several write hardly a page more than one.
const STEP_ROWS: usize = 2_048;

/// Claims looked at for expiry with each flush.
const PURGE_STEP_CLAIMS: usize = 2_000;

/// Brings the index up to the end of the log: all events after the loss of the index, otherwise those after its last
/// flush.
pub(crate) fn catch_up(index: &mut Connection, log: &Connection) -> rusqlite::Result<()> {
    let mut memtable = Memtable::default();
    let after = indexed_until(index)?;
    log::index_entries(log, after, |entry| {
        let last = entry.head.position;
        memtable.note_head(&entry.stream, entry.head);
        for claim in entry.claims {
            memtable.note_claim(claim, last);
        }
        if memtable.events >= REBUILD_STEP_EVENTS {
            write(index, &std::mem::take(&mut memtable), None)?;
        }
        Ok(())
    })?;
    if memtable.events > 0 {
        write(index, &memtable, None)?;
    }
    Ok(())
}

/// Where the search for expired claims continues: namespace and key.
pub(crate) type PurgeCursor = (String, String);

/// Writes one memtable in key order, step by step, and checks the next few claims for expiry.
///
/// Only the last step says that all is there. Broken off before, the rows are written again from the log; until then
/// each is right by itself, and a running store finds the newer ones in its memtables.
pub(crate) fn write(
    index: &mut Connection,
    memtable: &Memtable,
    purge: Option<(&mut PurgeCursor, Timestamp)>,
) -> rusqlite::Result<()> {
    note(index, "begun_until", memtable.last)?;
    in_steps(index, &sorted_heads(memtable), write_heads)?;
    in_steps(index, &sorted_marks(memtable), write_marks)?;
    in_steps(index, &sorted_claims(memtable), write_claims)?;
    let change = index.transaction()?;
    note(&change, "indexed_until", memtable.last)?;
    if let Some((cursor, now)) = purge {
        purge_claims(&change, cursor, now)?;
    }
    change.commit()
}

fn in_steps<T>(
    index: &mut Connection,
    rows: &[T],
    write: impl Fn(&Transaction<'_>, &[T]) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    for step in rows.chunks(STEP_ROWS) {
        let change = index.transaction()?;
        write(&change, step)?;
        change.commit()?;
    }
    Ok(())
}

fn sorted_heads(memtable: &Memtable) -> Vec<(StreamKey, StreamHead)> {
    let keyed = |(stream, head): (&StreamId, &StreamHead)| (StreamKey::of(stream), *head);
    let mut heads: Vec<_> = yielding(&memtable.heads).map(keyed).collect();
    heads.sort_unstable_by_key(|(key, _)| *key);
    heads
}

fn write_heads(
    change: &Transaction<'_>,
    heads: &[(StreamKey, StreamHead)],
) -> rusqlite::Result<()> {
    let mut insert =
        change.prepare_cached("INSERT OR REPLACE INTO heads VALUES (?1, ?2, ?3, ?4)")?;
    for (key, head) in yielding(heads) {
        insert.execute(params![
            key.as_bytes(),
            number(head.stream.get()),
            number(head.version.get()),
            number(head.position.get()),
        ])?;
    }
    Ok(())
}

fn sorted_marks(memtable: &Memtable) -> Vec<Mark> {
    memtable.marks.iter().map(|(event, at)| (event.clone(), *at)).collect()
}

fn sorted_claims(memtable: &Memtable) -> Vec<(&ClaimKey, &FoundClaim)> {
    let mut claims: Vec<_> = memtable.claims.iter().collect();
    // stable, because that sort is quick where most are in order already
    claims.sort_by_key(|(key, _)| *key);
    claims
}

fn write_claims(
    change: &Transaction<'_>,
    claims: &[(&ClaimKey, &FoundClaim)],
) -> rusqlite::Result<()> {
    let mut insert =
        change.prepare_cached("INSERT OR REPLACE INTO claims VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (key, found) in yielding(claims) {
        insert.execute(params![
            key.namespace.as_ref(),
            key.key.as_ref(),
            found.value.as_ref(),
            found.expires_at.map(Timestamp::as_millis),
            number(found.position.get()),
        ])?;
    }
    Ok(())
}

fn purge_claims(
    change: &Transaction<'_>,
    cursor: &mut PurgeCursor,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let mut select = change.prepare_cached(
        "SELECT namespace, key, expires_at FROM claims WHERE (namespace, key) > (?1, ?2) \
         ORDER BY namespace, key LIMIT ?3",
    )?;
    let step = i64::try_from(PURGE_STEP_CLAIMS).unwrap_or(i64::MAX);
    let rows: Vec<(String, String, Option<i64>)> = select
        .query_map(params![cursor.0, cursor.1, step], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut delete =
        change.prepare_cached("DELETE FROM claims WHERE namespace = ?1 AND key = ?2")?;
    for (namespace, key, expires_at) in &rows {
        if expires_at.is_some_and(|end| end <= now.as_millis()) {
            delete.execute(params![namespace, key])?;
        }
    }
    *cursor = match rows.into_iter().nth(PURGE_STEP_CLAIMS - 1) {
        Some((namespace, key, _)) => (namespace, key),
        None => PurgeCursor::default(),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use kit_core::{Position, Version};
    use kit_event_store::{Claim, Incarnation};
    use uuid::Uuid;

    use super::*;
    use crate::index::{claim, follows, head, open};

    fn stream(number: u64) -> StreamId {
        StreamId::new(format!("inventory-{number}")).unwrap()
    }

    fn memtable(events: u64) -> Memtable {
        let mut memtable = Memtable::default();
        for number in 1..=events {
            let position = Position::new(number);
            let head = StreamHead { stream: position, version: Version::new(1), position };
            memtable.note_head(&stream(number), head);
            let key = ClaimKey::new("reservation", number.to_string());
            memtable.note_claim(Claim { key, value: "x".into(), expires_at: None }, position);
        }
        memtable
    }

    #[test]
    fn a_memtable_of_several_steps_is_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        let events = 2 * STEP_ROWS as u64 + 1;
        let end = Position::new(events);
        let log = Incarnation::new(Uuid::nil());
        let mut index = open(&folder.path().join("index.db"), log).unwrap();
        write(&mut index, &memtable(events), None).unwrap();
        assert_eq!(indexed_until(&index).unwrap(), end);
        for number in 1..=events {
            let at = Position::new(number);
            assert_eq!(head(&index, &stream(number)).unwrap().unwrap().position, at);
            let key = ClaimKey::new("reservation", number.to_string());
            assert_eq!(claim(&index, &key).unwrap().unwrap().position, at);
        }
    }

    #[test]
    fn a_flush_that_was_broken_off_still_says_how_far_it_had_come() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        let (log, other) = (Incarnation::new(Uuid::nil()), Incarnation::new(Uuid::max()));
        let mut index = open(&path, log).unwrap();
        note(&index, "begun_until", Position::new(9)).unwrap();
        let change = index.transaction().unwrap();
        write_heads(&change, &sorted_heads(&memtable(9))).unwrap();
        change.commit().unwrap();
        drop(index);
        assert_eq!(
            follows(&path, log).unwrap(),
            Some(Position::new(9)),
            "a log that is shorter lost it"
        );
        assert_eq!(follows(&path, other).unwrap(), None);
    }
}
