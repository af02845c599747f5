//! What is wrong with a batch, each fault at its place: a batch is refused whole, so that all of them are told at once.

use std::fmt::Display;

use http::StatusCode;
use kit_http::{Fault, FaultCode, Problem};

/// The faults of a body that is being looked through.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault of the field at a pointer.
    pub(super) fn note(&mut self, pointer: String, detail: &impl Display) {
        self.0.push(Fault::in_body(pointer, FaultCode::Invalid, detail.to_string()));
    }

    /// The value, or nothing once its fault is noted.
    pub(super) fn take<T, E: Display>(
        &mut self,
        pointer: impl FnOnce() -> String,
        value: Result<T, E>,
    ) -> Option<T> {
        value.map_err(|error| self.note(pointer(), &error)).ok()
    }

    /// Whether there are none.
    pub(super) const fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// How they are told; the first of them also in words.
    pub(super) fn problem(self) -> Problem {
        let count = self.0.len();
        let first = self
            .0
            .first()
            .map(|fault| format!("{}: {}", fault.pointer().unwrap_or_default(), fault.detail()));
        let first = first.unwrap_or_default();
        let detail = format!(
            "nothing was received: mend the faults in \"errors\" and send all of it again; 1 of {count}: {first}"
        );
        let (status, title) = (StatusCode::UNPROCESSABLE_ENTITY, "Not a valid batch");
        Problem::new(status, "invalid-pos-batch", title).detail(detail).faults(self.0)
    }
}
