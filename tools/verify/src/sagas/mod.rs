//! Sagas folded from what they tell and what stores did for them: I8, each is committed whole or leaves nothing behind.
//!
//! The stream of a saga and the streams of its stores are told in different appends. What a saga tells must be true when it
//! is told; when the log ends, one step may be done and not told yet. What others did with its units is not its: a reservation
//! may run out, be revoked by a count, or be ended by its id.

mod checkouts;
mod part;
mod split_reservations;

use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::checkouts::Checkout;
use self::part::Did;
use self::split_reservations::SplitReservation;
use super::entry::{Broken, Entry, Invariant, require};
use super::ledger::Ledger;
use super::payload::Payload;

/// What is checked here.
const INVARIANT: Invariant = Invariant::I8;

/// The only version of the shapes so far.
const SCHEMA_VERSION: u16 = 1;

/// All split reservations and checkouts.
#[derive(Default)]
pub(super) struct Sagas {
    split_reservations: HashMap<u128, SplitReservation, RandomState>,
    checkouts: HashMap<u128, Checkout, RandomState>,
}

/// What stores hold at a moment, in milliseconds since 1970. What has reached its deadline is free, though nothing tells so yet.
pub(super) struct Holds<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) now: i64,
}

impl Holds<'_> {
    fn units(&self, reservation: Uuid, product: Uuid) -> u32 {
        let found = self.ledger.find_line(reservation, product).map(|(_, line)| line);
        found.filter(|line| self.now < line.expires_at).map_or(0, |line| line.held)
    }
}

/// Which saga a stream is of.
#[derive(Clone, Copy)]
pub(super) enum SagaId {
    SplitReservation(Uuid),
    Checkout(Uuid),
}

/// Sagas of one kind, and how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SagaCounts {
    /// Those that are sold whole.
    pub committed: usize,
    /// Those of which nothing is held or sold any more.
    pub given_up: usize,
    /// Those of which something is still to be done.
    pub open: usize,
}

/// Sagas, and how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SagasFound {
    /// Split reservations.
    pub split_reservations: SagaCounts,
    /// Checkouts.
    pub checkouts: SagaCounts,
}

/// Steps of one saga that are done and not told: one may be, at the end of the log.
#[derive(Default)]
struct Untold(usize);

impl SagaCounts {
    /// All of them.
    pub const fn all(&self) -> usize {
        self.committed + self.given_up + self.open
    }
}

/// The saga that a stream belongs to; `None` for streams of other things.
pub(super) fn parse_stream(name: &str) -> Result<Option<SagaId>, Broken> {
    let of = |prefix: &str| {
        let id = name.strip_prefix(prefix)?;
        let found = Uuid::try_parse(id).ok().filter(|uuid| uuid.to_string() == id);
        Some(found.ok_or_else(|| Broken {
            invariant: Invariant::I5,
            message: format!("the stream is not named {prefix}(id)"),
        }))
    };
    if let Some(split) = of(split_reservations::PREFIX) {
        return split.map(|id| Some(SagaId::SplitReservation(id)));
    }
    of(checkouts::PREFIX).transpose().map(|found| found.map(SagaId::Checkout))
}

impl SagaId {
    /// The name of its stream.
    pub(super) fn stream(self) -> String {
        match self {
            Self::SplitReservation(id) => format!("{}{id}", split_reservations::PREFIX),
            Self::Checkout(id) => format!("{}{id}", checkouts::PREFIX),
        }
    }
}

impl Sagas {
    /// Takes in what a saga says of itself; `holds` has all that was recorded before it.
    pub(super) fn told(
        &mut self,
        saga: SagaId,
        entry: &Entry<'_>,
        holds: &Holds<'_>,
    ) -> Result<(), Broken> {
        require(entry.schema_version == SCHEMA_VERSION, Invariant::I5, || {
            format!("its shape has version {}: use a newer program", entry.schema_version)
        })?;
        match saga {
            SagaId::SplitReservation(id) => {
                let found = self.split_reservations.entry(id.as_u128()).or_default();
                found.told(id, entry, holds)
            }
            SagaId::Checkout(id) => {
                self.checkouts.entry(id.as_u128()).or_default().told(id, entry, holds)
            }
        }
    }

    /// Takes in what a store did, if it did so for a saga.
    pub(super) fn moved(
        &mut self,
        place: (Uuid, Uuid),
        payload: &Payload<'_>,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        let did = match payload {
            Payload::Reserved(made) => Did::Hold(made.reservation_id, made.quantity),
            Payload::Committed(sold) => Did::Sell {
                reservation: sold.reservation_id,
                units: sold.quantity,
                left: sold.returned.saturating_add(sold.kept),
                transaction: &sold.transaction_id,
            },
            Payload::Added(added) => Did::Return(added.quantity),
            _ => return Ok(()),
        };
        let id = entry.correlation_id;
        let unknown = || broken(format!("no saga {} was asked for", Uuid::from_u128(id)));
        match entry.actor {
            split_reservations::ACTOR => {
                self.split_reservations.get_mut(&id).ok_or_else(unknown)?.did(place, did)
            }
            checkouts::ACTOR => self.checkouts.get_mut(&id).ok_or_else(unknown)?.did(place, did),
            _ => Ok(()),
        }
    }

    /// Whether there is none at all.
    pub(super) fn is_empty(&self) -> bool {
        self.split_reservations.is_empty() && self.checkouts.is_empty()
    }

    /// Checks what must hold at the end of the log, and counts. The error names the saga.
    pub(super) fn finish(&self, holds: &Holds<'_>) -> Result<SagasFound, (SagaId, Broken)> {
        let mut found = SagasFound::default();
        for (id, split) in &self.split_reservations {
            let finished =
                split.finish(holds, &mut found.split_reservations, &mut Untold::default());
            let id = SagaId::SplitReservation(Uuid::from_u128(*id));
            finished.map_err(|broken| (id, broken))?;
        }
        for (id, checkout) in &self.checkouts {
            let finished = checkout.finish(holds, &mut found.checkouts, &mut Untold::default());
            finished.map_err(|broken| (SagaId::Checkout(Uuid::from_u128(*id)), broken))?;
        }
        Ok(found)
    }
}

impl Untold {
    fn count(&mut self, is_untold: bool) -> Result<(), Broken> {
        self.0 += usize::from(is_untold);
        require(self.0 <= 1, INVARIANT, || {
            format!("stores have done {} of its steps that it does not tell", self.0)
        })
    }
}

fn read<'a, T: Deserialize<'a>>(entry: &Entry<'a>) -> Result<T, Broken> {
    serde_json::from_str(entry.data).map_err(|error| Broken {
        invariant: Invariant::I5,
        message: format!("{} cannot be read: {error}", entry.event_type),
    })
}

fn unknown_event(what: &str, entry: &Entry<'_>) -> Broken {
    let message = format!("{what} has no event {}", entry.event_type);
    Broken { invariant: Invariant::I5, message }
}

fn broken(message: String) -> Broken {
    Broken { invariant: INVARIANT, message }
}
