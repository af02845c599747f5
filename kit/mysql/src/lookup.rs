//! The versions of streams and the holders of keys: what readers ask, and what an append stands on.

use kit_core::{Position, StreamId, Timestamp, Version};
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim};
use mysql_async::Row;

use crate::rows::{misplaced, place, position, take, version};
use crate::sql::{key_list, stream_list};

/// The statement for the last event of each of some streams.
pub(crate) fn versions_sql<'a>(streams: impl IntoIterator<Item = &'a StreamId>) -> String {
    format!(
        "SELECT s.place, e.version, e.position \
         FROM JSON_TABLE({}, '$[*]' COLUMNS (place FOR ORDINALITY, id char(32) PATH '$')) s \
         STRAIGHT_JOIN events e ON e.stream = UNHEX(s.id) AND e.version = \
           (SELECT version FROM events WHERE stream = UNHEX(s.id) ORDER BY version DESC LIMIT 1)",
        stream_list(streams)
    )
}

/// The versions of so many streams, and the position of the latest event.
pub(crate) fn versions(
    rows: Vec<Row>,
    streams: usize,
) -> Result<(Vec<Version>, Position), EventStoreError> {
    let mut versions = vec![Version::ZERO; streams];
    let mut latest = Position::ZERO;
    for mut row in rows {
        *versions.get_mut(place(&mut row)?).ok_or_else(misplaced)? = version(&mut row, 1)?;
        latest = latest.max(position(&mut row, 2)?);
    }
    Ok((versions, latest))
}

/// The statement for the claims of some keys.
pub(crate) fn claims_sql<'a>(keys: impl IntoIterator<Item = &'a ClaimKey>) -> String {
    format!(
        "SELECT k.place, c.value, c.expires_at, c.position \
         FROM JSON_TABLE({}, '$[*]' COLUMNS (place FOR ORDINALITY, namespace varchar(510) PATH '$[0]', \
           name varchar(4096) PATH '$[1]')) k \
         STRAIGHT_JOIN claims c ON c.namespace = UNHEX(k.namespace) AND c.name = UNHEX(k.name)",
        key_list(keys)
    )
}

/// The claims of so many keys, ended or not, and the latest position among theirs.
pub(crate) fn claims(
    rows: Vec<Row>,
    keys: usize,
) -> Result<(Vec<Option<FoundClaim>>, Position), EventStoreError> {
    let mut found = vec![None; keys];
    let mut latest = Position::ZERO;
    for mut row in rows {
        let claim = FoundClaim {
            value: take::<String>(&mut row, 1)?.into(),
            expires_at: take::<Option<i64>>(&mut row, 2)?.map(Timestamp::from_millis),
            position: position(&mut row, 3)?,
        };
        latest = latest.max(claim.position);
        *found.get_mut(place(&mut row)?).ok_or_else(misplaced)? = Some(claim);
    }
    Ok((found, latest))
}
