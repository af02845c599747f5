//! Loads streams: the newest usable snapshot of each, and the first page of the events after it.

use kit_core::{StreamId, Timestamp};
use kit_event_store::{EventStoreError, LOAD_PAGE_EVENTS, LOAD_STREAMS, Loaded, Snapshot};

use crate::reader::Reader;
use crate::rows::{
    self, COLUMNS, limit, misplaced, number, place, position, take, timestamp, version,
};
use crate::sql;

impl Reader {
    /// What rebuilding some streams begins with, as they are or were at a moment.
    pub(crate) async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
        at: Timestamp,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let mut loaded = Vec::with_capacity(streams.len());
        for some in streams.chunks(LOAD_STREAMS) {
            let mut some_loaded = self.load_snapshots(some, schema_version, at).await?;
            self.load_events(some, &mut some_loaded).await?;
            loaded.extend(some_loaded.into_iter().map(|one| one.until(at)));
        }
        Ok(loaded)
    }

    async fn load_snapshots(
        &self,
        streams: &[StreamId],
        schema_version: u16,
        at: Timestamp,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let sql = format!(
            "SELECT s.place, n.version, n.position, n.recorded_at, n.state \
             FROM JSON_TABLE({}, '$[*]' COLUMNS (place FOR ORDINALITY, id char(32) PATH '$')) s \
             STRAIGHT_JOIN snapshots n ON n.stream = UNHEX(s.id) AND n.schema_version = {schema_version} \
               AND n.version = (SELECT version FROM snapshots WHERE stream = UNHEX(s.id) \
                 AND schema_version = {schema_version} AND recorded_at <= {} ORDER BY version DESC LIMIT 1)",
            sql::stream_list(streams),
            at.as_millis()
        );
        let mut loaded = vec![Loaded::default(); streams.len()];
        for mut row in self.query(&sql).await? {
            let place = place(&mut row)?;
            let snapshot = Snapshot {
                stream: streams.get(place).cloned().ok_or_else(misplaced)?,
                version: version(&mut row, 1)?,
                position: position(&mut row, 2)?,
                recorded_at: timestamp(&mut row, 3)?,
                schema_version,
                state: take::<String>(&mut row, 4)?.into(),
            };
            self.shared.log.saw(snapshot.position);
            loaded[place].snapshot = Some(snapshot);
        }
        Ok(loaded)
    }

    /// One statement with a part for each stream: a join would read each stream from its beginning.
    async fn load_events(
        &self,
        streams: &[StreamId],
        loaded: &mut [Loaded],
    ) -> Result<(), EventStoreError> {
        let limit = limit(LOAD_PAGE_EVENTS);
        let part = |(place, (stream, loaded)): (usize, (&StreamId, &Loaded))| {
            let (key, folded) = (sql::stream(stream), number(loaded.version().get()));
            format!(
                "(SELECT {place}, {COLUMNS} FROM events e WHERE e.stream = {key} AND e.version > {folded} \
                  ORDER BY e.version LIMIT {limit})"
            )
        };
        let parts: Vec<_> = (1..).zip(streams.iter().zip(&*loaded)).map(part).collect();
        let mut events = Vec::new();
        for mut row in self.query(&parts.join(" UNION ALL ")).await? {
            let place = place(&mut row)?;
            let stream = streams.get(place).cloned().ok_or_else(misplaced)?;
            events.push((place, rows::event(&mut row, 1, stream)?));
        }
        // a union has no order of its own
        events.sort_by_key(|(place, event)| (*place, event.version));
        for (place, event) in events {
            self.shared.log.saw(event.position);
            loaded[place].events.push(event);
        }
        Ok(())
    }
}
