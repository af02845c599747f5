//! What is logged while a test runs: every line of every crate, field by field.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Event, Metadata, Subscriber};

/// A line by its fields; `message` is its event, `level` its level.
pub(crate) type Line = BTreeMap<&'static str, String>;

/// Keeps what this thread logs, as long as it lives.
pub(crate) struct Logged {
    lines: Arc<Mutex<Vec<Line>>>,
    _guard: DefaultGuard,
}

impl Logged {
    pub(crate) fn begin() -> Self {
        let lines = Arc::default();
        let keeper = Keeper(Arc::clone(&lines));
        Self { lines, _guard: set_default(keeper) }
    }

    /// All lines so far.
    pub(crate) fn all(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    /// The lines of one event.
    pub(crate) fn of(&self, event: &str) -> Vec<Line> {
        self.all().into_iter().filter(|line| line["message"] == event).collect()
    }
}

/// Takes lines of all levels: what is no secret at `warn` is none at `trace`.
struct Keeper(Arc<Mutex<Vec<Line>>>);

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        let level = event.metadata().level().to_string();
        let mut fields = Fields(Line::from([("level", level), ("message", String::new())]));
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields(Line);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
