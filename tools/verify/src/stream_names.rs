//! The names of the streams of a log in a database, where events have only the key of theirs.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use uuid::Uuid;

use super::entry::{Broken, Invariant, Violation, require};
use super::failure::Failure;

/// What the keys of streams are made with: they are UUIDs of version 5 of the names.
const STREAMS: Uuid = Uuid::from_u128(0x6d57_0f3c_93e1_4c15_8d4f_6a1c_2f0e_7b21);

/// The names met so far.
#[derive(Default)]
pub(super) struct StreamNames(HashMap<Uuid, Arc<str>, RandomState>);

impl StreamNames {
    /// The name of the stream of an event; `look_up` asks for one that is met for the first time. The key must be that of it.
    pub(super) fn of(
        &mut self,
        key: Uuid,
        position: u64,
        look_up: impl FnOnce() -> anyhow::Result<String>,
    ) -> Result<Arc<str>, Failure> {
        if let Some(name) = self.0.get(&key) {
            return Ok(Arc::clone(name));
        }
        let no_name =
            || format!("the stream {key} of the event at position {position} has no name");
        let name = look_up().map_err(|error| error.context(no_name()))?;
        let is_its_own =
            require(Uuid::new_v5(&STREAMS, name.as_bytes()) == key, Invariant::I5, || {
                format!("its stream has the key {key}, which is not that of its name")
            });
        is_its_own.map_err(|broken| broken.in_stream(position, &name))?;
        let name: Arc<str> = name.into();
        self.0.insert(key, Arc::clone(&name));
        Ok(name)
    }
}

/// An active reservation is not found by its id.
pub(super) fn unclaimed(reservation: &str) -> Violation {
    let message = format!(
        "reservation {reservation} is active and has no claim: it is not found by its id, and the id can be promised again"
    );
    Broken { invariant: Invariant::I3, message }.nowhere()
}
