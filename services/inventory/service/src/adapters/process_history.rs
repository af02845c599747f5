//! The events of a process as a row has them: a line of JSON each.

use kit_core::RecordedEvent;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Line {
    event: String,
    version: u16,
    data: String,
}

/// Adds an event.
pub(in crate::adapters) fn append(history: &mut String, recorded: &RecordedEvent) {
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

/// What these events lead to, each of which `evolve` takes by its name, the version of its shape and its data.
pub(in crate::adapters) fn fold<S: Default>(
    history: &str,
    evolve: impl Fn(S, &str, u16, &str) -> Result<S, String>,
) -> Result<S, String> {
    history.lines().try_fold(S::default(), |state, line| {
        let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        evolve(state, &line.event, line.version, &line.data)
    })
}
