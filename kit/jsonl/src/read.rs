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
        let failed = |error: io::Error| failed(&path, &error, corrupt);
        let mut reader = FrameReader::open(&path, offset).map_err(failed)?;
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

/// Why a file was not read: it is damaged when it is missing, too short or no text. Otherwise there are too many open
/// files, or the disk fails, and the same read may succeed later.
pub(crate) fn failed(
    path: &Path,
    error: &io::Error,
    corrupt: impl Fn(String) -> EventStoreError,
) -> EventStoreError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
            corrupt(error.to_string())
        }
        _ => EventStoreError::Unavailable(format!("cannot read {}: {error}", path.display())),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_file_lacks_is_damage() {
        let failed = |kind: io::ErrorKind| {
            failed(Path::new("journal"), &kind.into(), EventStoreError::Corrupt)
        };
        for kind in [io::ErrorKind::Other, io::ErrorKind::PermissionDenied] {
            assert!(matches!(failed(kind), EventStoreError::Unavailable(_)), "{kind}");
        }
        for kind in [io::ErrorKind::NotFound, io::ErrorKind::UnexpectedEof] {
            assert!(matches!(failed(kind), EventStoreError::Corrupt(_)), "{kind}");
        }
    }
}
