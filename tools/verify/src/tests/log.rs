//! Writes logs by hand, as the product would, and damages them.

use uuid::Uuid;

use super::super::checker::Checker;
use super::super::claims::Claimed;
use super::super::entry::{Entry, Violation};

/// When the first command is decided.
const BEGIN: i64 = 1_764_201_600_000;

/// The deadline of every reservation, in milliseconds after it was made.
const TIME_TO_LIVE: i64 = 300_000;

/// The only store, unless a test says otherwise.
pub(super) const STORE: u128 = 0x5;

/// A log in the making. Products and reservations are named by small numbers.
pub(super) struct Log {
    pub(super) events: Vec<Event>,
    now: i64,
    command: u128,
    store: u128,
    /// Who acts, and for which request; nobody in particular when absent.
    by: Option<(&'static str, Uuid)>,
}

/// An event of such a log.
pub(super) struct Event {
    pub(super) position: u64,
    pub(super) stream: String,
    pub(super) version: u64,
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) schema_version: u16,
    pub(super) occurred_at: i64,
    pub(super) data: String,
    pub(super) metadata: Metadata,
    /// The reservations that its command made, if it is the last of its events.
    pub(super) claims: Vec<String>,
}

/// What the events of one command have in common.
#[derive(Clone)]
pub(super) struct Metadata {
    pub(super) correlation_id: Uuid,
    pub(super) causation_id: Uuid,
    pub(super) recorded_at: i64,
    pub(super) actor: &'static str,
}

impl Event {
    pub(super) fn entry(&self) -> Entry<'_> {
        Entry {
            position: self.position,
            stream: &self.stream,
            version: self.version,
            previous: None,
            event_id: self.id.as_u128(),
            event_type: &self.name,
            schema_version: self.schema_version,
            occurred_at: self.occurred_at,
            recorded_at: self.metadata.recorded_at,
            correlation_id: self.metadata.correlation_id.as_u128(),
            causation_id: self.metadata.causation_id.as_u128(),
            actor: self.metadata.actor,
            data: &self.data,
            claims: None,
        }
    }

    /// Gives it to a checker, with its claims.
    pub(super) fn check(&self, checker: &mut Checker) -> Result<(), Violation> {
        let claimed = |key| Claimed { namespace: "reservation", key, value: "", expires_at: None };
        let claims: Vec<Claimed<'_>> = self.claims.iter().map(|key| claimed(key)).collect();
        checker.event(&Entry { claims: Some(&claims), ..self.entry() })
    }
}

/// A time as the product writes it.
pub(super) fn time(millis: i64) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(millis).unwrap())
}

pub(super) fn product_id(product: u128) -> Uuid {
    Uuid::from_u128(0xA000 + product)
}

pub(super) fn store_id(store: u128) -> Uuid {
    Uuid::from_u128(0xB000 + store)
}

pub(super) fn reservation_id(reservation: u128) -> Uuid {
    Uuid::from_u128(0xC000 + reservation)
}

impl Log {
    pub(super) fn new() -> Self {
        Self { events: Vec::new(), now: BEGIN, command: 0, store: STORE, by: None }
    }

    /// Advances the clock of the log by `seconds`.
    pub(super) fn later(mut self, seconds: i64) -> Self {
        self.now += seconds * 1_000;
        self
    }

    /// What follows happens in another store.
    pub(super) fn in_store(mut self, store: u128) -> Self {
        self.store = store;
        self
    }

    /// What follows is done by somebody, for a request.
    pub(super) fn by(mut self, by: Option<(&'static str, Uuid)>) -> Self {
        self.by = by;
        self
    }

    /// The log up to an event.
    pub(super) fn until(mut self, events: usize) -> Self {
        self.events.truncate(events);
        self
    }

    pub(super) fn add(self, product: u128, quantity: i64) -> Self {
        self.command().event(product, "StockAddedEvent", &format!(r#"{{"quantity":{quantity}}}"#))
    }

    pub(super) fn add_with_reference(self, product: u128, quantity: i64, reference: &str) -> Self {
        let data = format!(r#"{{"quantity":{quantity},"reference":"{reference}"}}"#);
        self.command().event(product, "StockAddedEvent", &data)
    }

    pub(super) fn policy(self, product: u128, safety: i64, reorder: i64) -> Self {
        let data = format!(r#"{{"safetyStock":{safety},"reorderPoint":{reorder}}}"#);
        self.command().event(product, "StockPolicyChangedEvent", &data)
    }

    /// One command: a line for each product and quantity.
    pub(super) fn reserve(self, reservation: u128, lines: &[(u128, i64)]) -> Self {
        let log = self.command();
        lines
            .iter()
            .fold(log, |log, (product, quantity)| log.reserved(reservation, *product, *quantity))
    }

    /// A line of a reservation, as part of the command before it.
    pub(super) fn reserved(self, reservation: u128, product: u128, quantity: i64) -> Self {
        let order = format!(r#"o-\"{reservation}\""#);
        self.reserved_for(&order, reservation_id(reservation), product, quantity)
    }

    /// The same, under an id of its own.
    pub(super) fn reserved_as(self, reservation: Uuid, product: u128, quantity: i64) -> Self {
        self.reserved_for("o-7", reservation, product, quantity)
    }

    fn reserved_for(self, order: &str, reservation: Uuid, product: u128, quantity: i64) -> Self {
        let data = format!(
            r#"{{"reservationId":"{reservation}","quantity":{quantity},"createdAt":"{}","expiresAt":"{}","orderId":"{order}"}}"#,
            time(self.now),
            time(self.now + TIME_TO_LIVE),
        );
        let mut log = self.event(product, "StockReservedEvent", &data);
        let made = log.events.last_mut().expect("it was just added");
        made.claims.push(reservation.to_string());
        log
    }

    /// One command: product, units sold and units returned of each line.
    pub(super) fn commit(self, reservation: u128, lines: &[(u128, i64, i64)]) -> Self {
        self.commit_part(reservation, lines, &[])
    }

    /// One command: product, units sold and units still held of a line.
    pub(super) fn commit_keeping(
        self,
        reservation: u128,
        (product, sold, kept): (u128, i64, i64),
    ) -> Self {
        let data = format!(
            r#"{{"reservationId":"{}","quantity":{sold},"returned":0,"kept":{kept},"transactionId":"part"}}"#,
            reservation_id(reservation),
        );
        self.command().event(product, "StockCommittedEvent", &data)
    }

    /// One command: product, units given back and units still held of a line.
    pub(super) fn release_keeping(
        self,
        reservation: u128,
        (product, gone, kept): (u128, i64, i64),
        cause: &str,
    ) -> Self {
        let data = format!(
            r#"{{"reservationId":"{}","quantity":{gone},"kept":{kept},"cause":"{cause}"}}"#,
            reservation_id(reservation),
        );
        self.command().event(product, "StockReleasedEvent", &data)
    }

    /// The same, with lines that were left out of the sale.
    pub(super) fn commit_part(
        self,
        reservation: u128,
        lines: &[(u128, i64, i64)],
        left_out: &[(u128, i64)],
    ) -> Self {
        let log = self.command();
        let log = lines.iter().fold(log, |log, (product, sold, returned)| {
            let data = format!(
                r#"{{"reservationId":"{}","quantity":{sold},"returned":{returned},"transactionId":"t-{reservation}"}}"#,
                reservation_id(reservation),
            );
            log.event(*product, "StockCommittedEvent", &data)
        });
        left_out.iter().fold(log, |log, (product, held)| {
            log.released(reservation, *product, *held, "partialCommit")
        })
    }

    pub(super) fn release(self, reservation: u128, product: u128, held: i64, cause: &str) -> Self {
        self.command().released(reservation, product, held, cause)
    }

    /// The end of a line, as part of the command before it.
    pub(super) fn released(self, reservation: u128, product: u128, held: i64, cause: &str) -> Self {
        let data = format!(
            r#"{{"reservationId":"{}","quantity":{held},"cause":"{cause}"}}"#,
            reservation_id(reservation),
        );
        self.event(product, "StockReleasedEvent", &data)
    }

    /// The deadline becomes now plus some seconds.
    pub(super) fn extend(self, reservation: u128, product: u128, seconds: i64) -> Self {
        let log = self.command();
        let data = format!(
            r#"{{"reservationId":"{}","expiresAt":"{}"}}"#,
            reservation_id(reservation),
            time(log.now + seconds * 1_000),
        );
        log.event(product, "ReservationExtendedEvent", &data)
    }

    pub(super) fn adjust(self, product: u128, delta: i64) -> Self {
        self.command().event(product, "StockAdjustedEvent", &format!(r#"{{"delta":{delta}}}"#))
    }

    pub(super) fn count(self, product: u128, delta: i64, counted: i64) -> Self {
        let data = format!(r#"{{"delta":{delta},"counted":{counted}}}"#);
        self.command().event(product, "StockAdjustedEvent", &data)
    }

    /// One command: a physical fact that happened so many seconds before it was told, with the effect that it says.
    pub(super) fn late(self, seconds: i64, name: &'static str, fact: &str, effect: &str) -> Self {
        let data = format!(r#"{{{fact},"effect":{{{effect}}}}}"#);
        let mut log = self.command().event(1, name, &data);
        if let Some(event) = log.events.last_mut() {
            event.occurred_at -= seconds * 1_000;
        }
        log
    }

    /// When the event at a position happened.
    pub(super) fn occurred_at(&self, position: usize) -> String {
        time(self.events[position - 1].occurred_at)
    }

    /// One command: a correction that takes the units of a reservation.
    pub(super) fn revoke_and_adjust(
        self,
        reservation: u128,
        product: u128,
        held: i64,
        delta: i64,
    ) -> Self {
        let log = self.command().released(reservation, product, held, "shortage");
        log.event(product, "StockAdjustedEvent", &format!(r#"{{"delta":{delta}}}"#))
    }

    /// The next command, a second after the one before.
    pub(super) fn command(mut self) -> Self {
        self.command += 1;
        self.now += 1_000;
        self
    }

    /// An event of the present command.
    pub(super) fn event(self, product: u128, event_type: &'static str, data: &str) -> Self {
        let stream = format!("inventory-{}-{}", product_id(product), store_id(self.store));
        self.event_in(stream, event_type, data)
    }

    /// An event of the present command in any stream.
    pub(super) fn event_in(mut self, stream: String, event_type: &'static str, data: &str) -> Self {
        let versions = self.events.iter().filter(|event| event.stream == stream).count();
        let position = u64::try_from(self.events.len() + 1).unwrap();
        let causation_id = Uuid::from_u128(0xF000 + self.command);
        let nobody = ("test:till", Uuid::from_u128(0xD000 + self.command));
        let (actor, correlation_id) = self.by.unwrap_or(nobody);
        // claims are on the last event of a command
        let before = self.events.last_mut();
        let before = before.filter(|event| event.metadata.causation_id == causation_id);
        let claims = before.map(|event| std::mem::take(&mut event.claims)).unwrap_or_default();
        self.events.push(Event {
            position,
            stream,
            version: u64::try_from(versions + 1).unwrap(),
            id: Uuid::from_u128(0xE000 + u128::from(position)),
            name: event_type.to_owned(),
            schema_version: 1,
            occurred_at: self.now,
            data: data.to_owned(),
            metadata: Metadata { correlation_id, causation_id, recorded_at: self.now, actor },
            claims,
        });
        self
    }

    /// Damages the event at a position.
    pub(super) fn damage(mut self, position: usize, how: impl FnOnce(&mut Event)) -> Self {
        how(&mut self.events[position - 1]);
        self
    }
}
