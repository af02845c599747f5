//! The port, implemented: appends go to the journal's writer, reads to memory or to the files on a blocking task.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::group::Job;
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Incarnation, LOAD_PAGE_EVENTS,
    Loaded, Outcome, SavedCheckpoint, Snapshot, Streams, Transaction,
};
use tokio::sync::{oneshot, watch};

use crate::state::StreamView;
use crate::store::JsonlStore;
use crate::{read, record, stream_files};

impl JsonlStore {
    /// What rebuilding some streams begins with, as they were at a moment or now.
    async fn begin(
        &self,
        streams: Vec<StreamId>,
        schema_version: u16,
        at: Option<Timestamp>,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let snapshots: Vec<Option<Snapshot>> = {
            let mut kept = self.snapshots.lock();
            streams.iter().map(|stream| kept.newest(stream, schema_version, at)).collect()
        };
        let views: Vec<StreamView> = {
            let state = self.shared.lock();
            streams.iter().map(|stream| state.view(stream)).collect()
        };
        let dir = self.streams_dir.clone();
        blocking(move || {
            let asked = streams.iter().zip(snapshots).zip(views);
            let load = |((stream, snapshot), view): ((_, Option<Snapshot>), _)| {
                let after = snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version);
                let last = further(after, LOAD_PAGE_EVENTS);
                let events = stream_files::read(&dir, stream, &view, after, last)?;
                Ok(Loaded { snapshot, events }.until(at.unwrap_or(Timestamp::MAX)))
            };
            asked.map(load).collect()
        })
        .await
    }

    /// The version of the event at a position, if it is one of this stream.
    async fn version_at(
        &self,
        stream: &StreamId,
        position: Position,
    ) -> Result<Option<Version>, EventStoreError> {
        let Some(before) = position.get().checked_sub(1) else {
            return Ok(None);
        };
        let found = self.read_all(Position::new(before), 1).await?;
        Ok(found.first().filter(|event| event.stream == *stream).map(|event| event.version))
    }
}

/// The version so many events further on.
fn further(after: Version, events: usize) -> Version {
    Version::new(after.get().saturating_add(u64::try_from(events).unwrap_or(u64::MAX)))
}

/// Runs something that reads files where it does not hold up other tasks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EventStoreError> + Send + 'static,
) -> Result<T, EventStoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| {
        Err(EventStoreError::Unavailable(format!("a read failed: {error}")))
    })
}

/// Refuses events that could not be read back, before anything is decided.
fn check(transactions: &mut [Transaction]) -> Result<(), EventStoreError> {
    let appends = transactions.iter_mut().flat_map(|transaction| &mut transaction.appends);
    for event in appends.flat_map(|append| &mut append.events) {
        for json in [Some(&mut event.data), event.personal.as_mut()].into_iter().flatten() {
            record::one_line_object(json).map_err(|error| {
                EventStoreError::Corrupt(format!(
                    "event {} ({}) was not written: {error}",
                    event.event_id, event.event_type
                ))
            })?;
        }
    }
    Ok(())
}

#[async_trait]
impl EventLog for JsonlStore {
    async fn append(
        &self,
        mut transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        check(&mut transactions)?;
        let ended =
            || EventStoreError::Stopped("the thread that writes the journal has ended".into());
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(ended)?;
        let after = *self.shared.head.borrow();
        jobs.send(Job::new(transactions, reply)).await.map_err(|_| ended())?;
        let reason = || "the thread that writes the journal has ended".into();
        let lost = |_| EventStoreError::Unknown { reason: reason(), after };
        answer.await.map_err(lost)?
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let (start, last) = {
            let state = self.shared.lock();
            if let Some(recent) = state.recent(after, limit) {
                return Ok(recent);
            }
            let limit = u64::try_from(limit).unwrap_or(u64::MAX);
            let last = Position::new(after.get().saturating_add(limit)).min(state.last);
            (state.place_before(after.next()), last)
        };
        let Some(start) = start.filter(|_| last > after) else {
            return Ok(Vec::new());
        };
        let dir = self.journal_dir.clone();
        blocking(move || read::read(&dir, start, after, last)).await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let state = self.shared.lock();
        Ok(keys.iter().map(|key| state.holder(key, now)).collect())
    }

    fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        self.shared.refuse_when_stopped()
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        let state = self.shared.lock();
        Ok(streams.iter().map(|stream| state.head(stream).version).collect())
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn health(&self) -> Result<(), String> {
        self.shared.check_health()
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.shared.head.subscribe()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.shared.lock().latest
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[async_trait]
impl Streams for JsonlStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.begin(streams.to_vec(), schema_version, None).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        let loaded = self.begin(vec![stream.clone()], schema_version, Some(at)).await?;
        Ok(loaded.into_iter().next().unwrap_or_default())
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let view = self.shared.lock().view(stream);
        let (dir, stream) = (self.streams_dir.clone(), stream.clone());
        blocking(move || stream_files::read(&dir, &stream, &view, after, further(after, limit)))
            .await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let view = self.shared.lock().view(stream);
        let newest = match before {
            None => Some(view.head.version.get()),
            Some(before) => self.version_at(stream, before).await?.map(|version| version.get() - 1),
        };
        let newest = newest.unwrap_or(0).min(view.head.version.get());
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let after = Version::new(newest.saturating_sub(limit));
        let (dir, stream) = (self.streams_dir.clone(), stream.clone());
        blocking(move || {
            let mut events = stream_files::read(&dir, &stream, &view, after, Version::new(newest))?;
            events.reverse();
            Ok(events)
        })
        .await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        let mut kept = self.snapshots.lock();
        for snapshot in snapshots {
            kept.save(snapshot);
        }
        Ok(())
    }
}

#[async_trait]
impl Checkpoints for JsonlStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        let (checkpoints, subscriber) = (Arc::clone(&self.checkpoints), subscriber.to_owned());
        blocking(move || Ok(checkpoints.load(&subscriber))).await
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        let (checkpoints, subscriber) = (Arc::clone(&self.checkpoints), subscriber.to_owned());
        blocking(move || {
            checkpoints.save(subscriber, at, epoch).map_err(|error| {
                EventStoreError::Unavailable(format!("cannot save a checkpoint: {error}"))
            })
        })
        .await
    }
}
