//! The events of a transfer as a row has them: a line of JSON each.

use gondola_inventory_domain::{Transfer, evolve_transfer};
use kit_core::RecordedEvent;
use serde::{Deserialize, Serialize};

use crate::process_managers::transfers::read_stored;

#[derive(Serialize, Deserialize)]
struct Line {
    event: String,
    version: u16,
    data: String,
}

/// Adds an event.
pub(in crate::adapters::transfers) fn append(history: &mut String, recorded: &RecordedEvent) {
    let event = &recorded.event;
    let line = Line {
        event: event.event_type.to_string(),
        version: event.schema_version,
        data: event.data.to_string(),
    };
    // texts and a number always serialise
    history.push_str(&serde_json::to_string(&line).unwrap_or_default());
    history.push('\n');
}

/// The transfer that these events lead to.
pub(in crate::adapters::transfers) fn fold(history: &str) -> Result<Transfer, String> {
    history.lines().try_fold(Transfer::default(), |transfer, line| {
        let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let event = read_stored(&line.event, line.version, &line.data)?;
        Ok(evolve_transfer(transfer, &event))
    })
}
