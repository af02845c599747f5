//! Claims in a log: each reservation has one, on the last event of the command that made it. A log that keeps its claims
//! apart compares them by itself.
//!
//! The sales of an import have none: nobody but the import knows their ids, which follow from its file and line.

use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, Violation};

/// Namespace of the claims of reservations.
const RESERVATION: &str = "reservation";

/// Who imports sales.
const IMPORT: &str = "system:import";

/// A claim that an event took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claimed<'a> {
    pub(super) namespace: &'a str,
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    /// When it ends, in milliseconds since 1970; `None` for never.
    pub(super) expires_at: Option<i64>,
}

/// The command whose events are being read: what it made, and what it claimed.
#[derive(Default)]
pub(super) struct CommandClaims {
    command: Option<u128>,
    /// The reservations, with position and stream of the event of their first line.
    made: Vec<(Uuid, u64, String)>,
    claimed: Vec<Uuid>,
    /// Whether its reservations may have no claim here.
    is_exempt: bool,
    /// Whether its last event so far has claims.
    is_closed: bool,
}

impl CommandClaims {
    /// Takes the next event.
    pub(super) fn see(&mut self, entry: &Entry<'_>) -> Result<(), Violation> {
        if self.command != Some(entry.causation_id) {
            self.end()?;
            self.command = Some(entry.causation_id);
        } else if self.is_closed {
            let message = "the event before it has claims, but is not the last of its command";
            let broken = Broken { invariant: Invariant::I3, message: message.to_owned() };
            return Err(broken.at(entry));
        }
        let claims = entry.claims.unwrap_or_default();
        self.is_exempt = entry.actor == IMPORT || entry.claims.is_none();
        self.is_closed = !claims.is_empty();
        let reservations = claims.iter().filter(|claim| claim.namespace == RESERVATION);
        self.claimed.extend(reservations.filter_map(|claim| claim.key.parse::<Uuid>().ok()));
        Ok(())
    }

    /// The event makes a line of a reservation.
    pub(super) fn made(&mut self, reservation: Uuid, entry: &Entry<'_>) {
        if self.made.last().is_none_or(|(last, ..)| *last != reservation) {
            self.made.push((reservation, entry.position, entry.stream.to_owned()));
        }
    }

    /// The command has no more events.
    pub(super) fn end(&mut self) -> Result<(), Violation> {
        let unclaimed =
            |made: &&(Uuid, u64, String)| !self.is_exempt && !self.claimed.contains(&made.0);
        let unclaimed = self.made.iter().find(unclaimed);
        if let Some((reservation, position, stream)) = unclaimed {
            let message = format!(
                "reservation {reservation} has no claim on the last event of its command: it is not found by its id, \
                 and the id can be promised again"
            );
            let broken = Broken { invariant: Invariant::I3, message };
            return Err(broken.in_stream(*position, stream));
        }
        *self = Self::default();
        Ok(())
    }
}
