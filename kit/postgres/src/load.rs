//! Loads streams: the newest usable snapshot of each, and the first page of the events after it.

use kit_core::{StreamId, Timestamp};
use kit_event_store::shared_log::stream_key;
use kit_event_store::{EventStoreError, LOAD_PAGE_EVENTS, Loaded, Snapshot};
use uuid::Uuid;

use crate::reader::{Reader, misplaced, place};
use crate::rows::{self, COLUMNS, get, limit, number, position, timestamp, version};

impl Reader {
    /// What rebuilding some streams begins with, as they are or were at a moment.
    pub(crate) async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
        at: Timestamp,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let mut loaded = self.load_snapshots(streams, schema_version, at).await?;
        let sql = format!(
            "SELECT s.place, {COLUMNS} FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS s(id, folded, place) \
             CROSS JOIN LATERAL (SELECT * FROM events WHERE stream = s.id AND version > s.folded \
               ORDER BY version LIMIT $3) e ORDER BY s.place, e.version"
        );
        let keys: Vec<Uuid> = streams.iter().map(stream_key).collect();
        let folded: Vec<i64> = loaded.iter().map(|one| number(one.version().get())).collect();
        let rows = self.query(&sql, &[&keys, &folded, &limit(LOAD_PAGE_EVENTS)]).await?;
        for row in &rows {
            let place = place(row)?;
            let stream = streams.get(place).cloned().ok_or_else(misplaced)?;
            let event = rows::event(row, 1, stream)?;
            self.shared.log.saw(event.position);
            loaded[place].events.push(event);
        }
        Ok(loaded.into_iter().map(|one| one.until(at)).collect())
    }

    async fn load_snapshots(
        &self,
        streams: &[StreamId],
        schema_version: u16,
        at: Timestamp,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let sql = "SELECT s.place, n.version, n.position, n.recorded_at, n.state \
            FROM unnest($1::uuid[]) WITH ORDINALITY AS s(id, place) \
            CROSS JOIN LATERAL (SELECT * FROM snapshots WHERE stream = s.id AND schema_version = $2 \
              AND recorded_at <= $3 ORDER BY version DESC LIMIT 1) n";
        let keys: Vec<Uuid> = streams.iter().map(stream_key).collect();
        let schema = i32::from(schema_version);
        let mut loaded = vec![Loaded::default(); streams.len()];
        for row in self.query(sql, &[&keys, &schema, &at.as_millis()]).await? {
            let place = place(&row)?;
            let snapshot = Snapshot {
                stream: streams.get(place).cloned().ok_or_else(misplaced)?,
                version: version(&row, 1)?,
                position: position(&row, 2)?,
                recorded_at: timestamp(&row, 3)?,
                schema_version,
                state: get::<String>(&row, 4)?.into(),
            };
            self.shared.log.saw(snapshot.position);
            loaded[place].snapshot = Some(snapshot);
        }
        Ok(loaded)
    }
}
