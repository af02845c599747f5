//! The checksums of `events.db`, computed again: of each event, and of all checksums up to it.

use super::entry::{Broken, Entry, Invariant, require};

/// In place of the length of a text that is not there.
const NO_TEXT: u64 = u64::MAX;

/// What a row has that an entry has not.
pub(super) struct Row<'a> {
    /// Number of the stream.
    pub(super) stream: u64,
    /// Personal data, as JSON.
    pub(super) personal: Option<&'a str>,
    /// Claims, as JSON.
    pub(super) claims: Option<&'a str>,
    /// The stored checksum of the event; events of before there were checksums have none.
    pub(super) checksum: Option<u32>,
    /// The stored checksum of all checksums.
    pub(super) chain: Option<u32>,
}

/// The chain of checksums as far as the log was read; `None` before the first event that has one.
#[derive(Default)]
pub(super) struct Chain(Option<u32>);

impl Chain {
    /// Checks the next event.
    pub(super) fn check(&mut self, entry: &Entry<'_>, row: &Row<'_>) -> Result<(), Broken> {
        let (Some(checksum), Some(chain)) = (row.checksum, row.chain) else {
            let both = row.checksum.is_none() && row.chain.is_none();
            return require(both && self.0.is_none(), Invariant::I5, || {
                "it has no checksum, though the events before it have".to_owned()
            });
        };
        require(checksum == of_event(entry, row), Invariant::I5, || {
            "it is not what was written: its checksum is another".to_owned()
        })?;
        let expected = crc32c::crc32c_append(self.0.unwrap_or(0), &checksum.to_le_bytes());
        require(chain == expected, Invariant::I5, || {
            "the events before it are not those that were written: the chain of checksums breaks here"
                .to_owned()
        })?;
        self.0 = Some(chain);
        Ok(())
    }
}

fn of_event(entry: &Entry<'_>, row: &Row<'_>) -> u32 {
    let mut sum = 0;
    let mut add = |bytes: &[u8]| sum = crc32c::crc32c_append(sum, bytes);
    let previous = entry.previous.unwrap_or(0);
    add(&entry.position.to_le_bytes());
    add(&row.stream.to_le_bytes());
    text(&mut add, Some(entry.stream));
    add(&entry.version.to_le_bytes());
    add(&previous.to_le_bytes());
    add(&entry.event_id.to_be_bytes());
    text(&mut add, Some(entry.event_type));
    add(&u64::from(entry.schema_version).to_le_bytes());
    add(&entry.occurred_at.to_le_bytes());
    add(&entry.recorded_at.to_le_bytes());
    add(&entry.correlation_id.to_be_bytes());
    add(&entry.causation_id.to_be_bytes());
    text(&mut add, Some(entry.actor));
    text(&mut add, Some(entry.data));
    text(&mut add, row.personal);
    text(&mut add, row.claims);
    sum
}

fn text(add: &mut impl FnMut(&[u8]), text: Option<&str>) {
    add(&text.map_or(NO_TEXT, |text| text.len() as u64).to_le_bytes());
    add(text.unwrap_or_default().as_bytes());
}
