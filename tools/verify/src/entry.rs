//! One event as the checker sees it, and what can be wrong with it: plain, with nothing of the product's rules.

use std::fmt;

use serde::Serialize;

use super::claims::Claimed;

/// An event of a log with its place, borrowed from whatever reads the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// Place in the log.
    pub(super) position: u64,
    /// Name of its stream.
    pub(super) stream: &'a str,
    /// Place in its stream.
    pub(super) version: u64,
    /// What the log says is the position of the stream's event before it, 0 for none; `None` when it says nothing.
    pub(super) previous: Option<u64>,
    /// Its id.
    pub(super) event_id: u128,
    /// Event type, such as `StockReservedEvent`.
    pub(super) event_type: &'a str,
    /// Version of the shape of `data`.
    pub(super) schema_version: u16,
    /// Business time, in milliseconds since 1970.
    pub(super) occurred_at: i64,
    /// Server time, in milliseconds since 1970.
    pub(super) recorded_at: i64,
    /// The request of the outside world.
    pub(super) correlation_id: u128,
    /// The command.
    pub(super) causation_id: u128,
    /// The actor of the command.
    pub(super) actor: &'a str,
    /// What happened in detail, as JSON.
    pub(super) data: &'a str,
    /// The claims that it took; `None` where the log keeps claims apart from events.
    pub(super) claims: Option<&'a [Claimed<'a>]>,
}

/// What a reader of a log hands its events to.
pub(super) type Each<'a> = &'a mut dyn FnMut(&Entry<'_>) -> Result<(), Violation>;

/// What must hold for every log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Invariant {
    /// Units are conserved.
    I1,
    /// Stock is never oversold.
    I2,
    /// What was acknowledged is there, once.
    I3,
    /// Each reservation ends once, in time.
    I4,
    /// Streams and positions are in order.
    I5,
    /// Views are equal to a fold of the log.
    I6,
    /// Sagas are all or nothing.
    I8,
}

impl Invariant {
    /// What people call it; `docs/guides/README.md` says what each is.
    pub const fn name(self) -> &'static str {
        match self {
            Self::I1 => "conservation",
            Self::I2 => "never oversold",
            Self::I3 => "nothing lost or twice",
            Self::I4 => "one end",
            Self::I5 => "order",
            Self::I6 => "faithful views",
            Self::I8 => "all or nothing",
        }
    }

    /// What it says, in a few words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::I1 => "units are conserved",
            Self::I2 => "0 <= reserved <= on hand",
            Self::I3 => "every command at most once, every acknowledged one exactly once",
            Self::I4 => "each reservation ends once, in time",
            Self::I5 => "streams and positions in order",
            Self::I6 => "views equal to the log",
            Self::I8 => "sagas are all or nothing",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The first thing that is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The offending event; `None` when the fault is that an event is missing.
    pub position: Option<u64>,
    /// The stream it belongs to.
    pub stream: Option<String>,
    /// What does not hold.
    pub invariant: Invariant,
    /// The reason, as a text for people.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, stream, invariant, message } = self;
        write!(f, "{invariant} ({}) does not hold", invariant.says())?;
        if let Some(position) = position {
            write!(f, " at position {position}")?;
        }
        if let Some(stream) = stream {
            write!(f, " of {stream}")?;
        }
        write!(f, ": {message}")
    }
}

/// What is wrong, before it is known with which event.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) invariant: Invariant,
    pub(super) message: String,
}

impl Broken {
    /// The violation by an event.
    pub(super) fn at(self, entry: &Entry<'_>) -> Violation {
        self.in_stream(entry.position, entry.stream)
    }

    /// The violation that shows at the last event of a stream.
    pub(super) fn in_stream(self, position: u64, stream: &str) -> Violation {
        let Self { invariant, message } = self;
        Violation { position: Some(position), stream: Some(stream.to_owned()), invariant, message }
    }

    /// The violation by an event that is not there.
    pub(super) fn nowhere(self) -> Violation {
        let Self { invariant, message } = self;
        Violation { position: None, stream: None, invariant, message }
    }
}

/// Requires something of an event; the message is only written when it does not hold.
pub(super) fn require(
    holds: bool,
    invariant: Invariant,
    message: impl FnOnce() -> String,
) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken { invariant, message: message() }) }
}
