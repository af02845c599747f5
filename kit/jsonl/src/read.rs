//! Reads old events from the journal by their position.

use std::io;
use std::path::Path;
use std::sync::Arc;

use kit_core::{Position, RecordedEvent};

use crate::frame::{FrameReader, Next};
use crate::journal::{self, Place};
use crate::record::{self, Group};
use kit_event_store::EventStoreError;

/// The events after `after` up to and including `last`, which must be durable; `start` lies before them.
pub(crate) fn read(
    dir: &Path,
    start: Place,
    after: Position,
    last: Position,
) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
    let Place { mut segment, mut offset } = start;
    let mut events = Vec::new();
    loop {
        let path = journal::segment_path(dir, segment);
        let corrupt =
            |what: String| EventStoreError::Corrupt(format!("{}: {what}", path.display()));
        let failed = |error: io::Error| corrupt(error.to_string());
        let mut reader =
            FrameReader::open(&path, offset).map_err(|error| not_opened(&path, &error))?;
        loop {
            match reader.next().map_err(failed)? {
                Next::End => break,
                Next::Damaged => {
                    return Err(corrupt(format!("damaged frame at byte {}", reader.offset())));
                }
                Next::Frame { offset: 0, .. } => {}
                Next::Frame { .. } => {
                    add_group(reader.body(), after, &mut events).map_err(corrupt)?;
                    if events.last().is_some_and(|event| event.position >= last) {
                        events.retain(|event| event.position <= last);
                        return Ok(events);
                    }
                }
            }
        }
        (segment, offset) = (segment + 1, 0);
    }
}

/// A file that is there and cannot be opened: most likely there are too many open ones, and later it can.
pub(crate) fn not_opened(path: &Path, error: &io::Error) -> EventStoreError {
    let told = format!("cannot open {}: {error}", path.display());
    match error.kind() {
        io::ErrorKind::NotFound => EventStoreError::Corrupt(told),
        _ => EventStoreError::Unavailable(told),
    }
}

fn add_group(
    body: &[u8],
    after: Position,
    events: &mut Vec<Arc<RecordedEvent>>,
) -> Result<(), String> {
    let group: Group<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    for line in group.events {
        let event = record::decode_event(line.get().as_bytes())?;
        if event.position > after {
            events.push(Arc::new(event));
        }
    }
    Ok(())
}
