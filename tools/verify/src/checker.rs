//! Folds a log event by event and stops at the first that breaks an invariant.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use uuid::Uuid;

use super::acked::{Acked, Acknowledged};
use super::claims::CommandClaims;
use super::entry::{Broken, Entry, Invariant, Violation, require};
use super::ledger::{Ledger, Units};
use super::level::Level;
use super::lines::Counts;
use super::payload::{self, Payload};
use super::sagas::{self, Holds, SagaId, Sagas, SagasFound};
use super::transactions::Transactions;
use super::transfers::{self, InTransit, Moved, Transfers};

/// An independent fold of a log, from its first event on.
///
/// Knows the log of stock (streams `inventory-...`, `transfer-...`, `split-reservation-...` and `checkout-...`); of other streams it checks order and commands only. Memory: some
/// 40 bytes per event and 100 per reservation line and stream, so 10 million events fit into 2 GB. After a violation it
/// is of no further use.
#[derive(Default)]
pub(super) struct Checker {
    position: u64,
    /// When the latest event was recorded, in milliseconds since 1970.
    now: i64,
    names: HashMap<Arc<str>, u32, RandomState>,
    streams: Vec<Stream>,
    event_ids: HashSet<u128, RandomState>,
    transactions: Transactions,
    claims: CommandClaims,
    ledger: Ledger,
    transfers: Transfers,
    sagas: Sagas,
    acked: Option<Acked>,
}

/// What a log was found to hold, at its end.
pub(super) struct Folded {
    /// Events, which is also the position of the last.
    pub(super) events: u64,
    /// Number of streams.
    pub(super) streams: usize,
    /// Streams that are a stock level.
    pub(super) stock_levels: usize,
    /// Units over all stock levels.
    pub(super) units: Units,
    /// Reservations over all stock levels.
    pub(super) reservations: Counts,
    /// Transfers, and where their units are.
    pub(super) in_transit: InTransit,
    /// Split reservations and checkouts, and how they stand.
    pub(super) sagas: SagasFound,
    /// What was compared with the answers that clients were given.
    pub(super) acknowledged: Option<Acknowledged>,
    /// The invariants that were checked, in their order.
    pub(super) checked: Vec<Invariant>,
}

/// The end of a stream.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    /// Position of its first event.
    pub(super) first: u64,
    /// Version of its last event.
    pub(super) version: u64,
    /// Position of its last event.
    pub(super) position: u64,
}

/// The progress of a stream.
struct Stream {
    name: Arc<str>,
    /// Position of its first event.
    first: u64,
    version: u64,
    position: u64,
    recorded_at: i64,
    /// What it is of.
    of: Of,
}

/// What a stream is of.
#[derive(Clone, Copy)]
enum Of {
    Level(u32),
    Transfer(Uuid),
    Saga(SagaId),
    Other,
}

impl Checker {
    /// A checker that has seen nothing yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Reserves capacity for the ids of `events` events: growing step by step takes time, and 50% more memory.
    pub(super) fn expect(&mut self, events: u64) {
        let events = usize::try_from(events).unwrap_or(0);
        self.event_ids.reserve(events);
        self.transactions.expect(events);
    }

    /// Also compares the log with the answers that clients got.
    pub(super) fn with_acked(mut self, acked: Acked) -> Self {
        self.acked = Some(acked);
        self
    }

    /// Checks the next event.
    pub(super) fn event(&mut self, entry: &Entry<'_>) -> Result<(), Violation> {
        self.check_position(entry).map_err(|broken| broken.at(entry))?;
        self.claims.see(entry)?;
        self.check(entry).map_err(|broken| broken.at(entry))
    }

    fn check(&mut self, entry: &Entry<'_>) -> Result<(), Broken> {
        let index = self.stream_of(entry)?;
        let stream = &mut self.streams[index];
        stream.check(entry)?;
        self.now = self.now.max(entry.recorded_at);
        let before = std::mem::replace(&mut stream.position, entry.position);
        let of = stream.of;
        let transaction = self.transactions.check(entry)?;
        let level = match of {
            Of::Level(level) => level,
            Of::Transfer(transfer) => return self.transfers.told(transfer, entry),
            Of::Saga(saga) => {
                let holds = Holds { ledger: &self.ledger, now: self.now };
                return self.sagas.told(saga, entry, &holds);
            }
            Of::Other => return Ok(()),
        };
        let payload = payload::parse(entry)?;
        if let Payload::Reserved(made) = &payload {
            self.claims.made(made.reservation_id, entry);
        }
        self.transactions.check_store(entry, self.ledger.level(level).store)?;
        if before >= transaction {
            self.check_once(level, entry, before)?;
        }
        self.ledger.apply(level, &payload, entry, transaction)?;
        self.check_transfer(level, &payload)?;
        let Level { product, store, .. } = *self.ledger.level(level);
        self.sagas.moved((store, product), &payload, entry)?;
        match &mut self.acked {
            Some(acked) => acked.see(&payload, entry, transaction),
            None => Ok(()),
        }
    }

    /// Compares what a store says of a transfer with the transfer.
    fn check_transfer(&mut self, level: u32, payload: &Payload<'_>) -> Result<(), Broken> {
        let Level { product, store, .. } = *self.ledger.level(level);
        let moved = match payload {
            Payload::TransferredOut(out) => {
                let (transfer, other, units) = (out.transfer_id, out.to_store_id, -out.quantity);
                Moved { transfer, product, store, other, units }
            }
            Payload::TransferredIn(into) => {
                let (transfer, other, units) =
                    (into.transfer_id, into.from_store_id, into.quantity);
                Moved { transfer, product, store, other, units }
            }
            _ => return Ok(()),
        };
        self.transfers.moved(&moved)
    }

    fn check_position(&mut self, entry: &Entry<'_>) -> Result<(), Broken> {
        let (expected, found) = (self.position + 1, entry.position);
        require(found == expected, Invariant::I5, || {
            if found < expected {
                format!("it comes after position {}: positions must rise", self.position)
            } else {
                format!("position {expected} was expected: {} missing", found - expected)
            }
        })?;
        self.position = found;
        require(self.event_ids.insert(entry.event_id), Invariant::I5, || {
            format!("event id {} is taken by an earlier event", Uuid::from_u128(entry.event_id))
        })
    }

    fn stream_of(&mut self, entry: &Entry<'_>) -> Result<usize, Broken> {
        if let Some(index) = self.names.get(entry.stream) {
            return Ok(*index as usize);
        }
        let of = self.open(entry.stream)?;
        let name: Arc<str> = entry.stream.into();
        let index = self.streams.len();
        let short = u32::try_from(index).map_err(|_| Broken {
            invariant: Invariant::I5,
            message: "the log has more than 4 billion streams".to_owned(),
        })?;
        self.names.insert(Arc::clone(&name), short);
        let (first, recorded_at) = (entry.position, i64::MIN);
        let stream = Stream { name, first, version: 0, position: 0, recorded_at, of };
        self.streams.push(stream);
        Ok(index)
    }

    /// What a stream is of, which is met for the first time.
    fn open(&mut self, stream: &str) -> Result<Of, Broken> {
        if let Some((product, store)) = payload::parse_stream(stream)? {
            return Ok(Of::Level(self.ledger.open_level(product, store)));
        }
        if let Some(transfer) = transfers::parse_stream(stream)? {
            return Ok(Of::Transfer(transfer));
        }
        Ok(sagas::parse_stream(stream)?.map_or(Of::Other, Of::Saga))
    }

    /// A command acts once on a stock level: it may free units first, its own event comes last.
    fn check_once(&self, level: u32, entry: &Entry<'_>, before: u64) -> Result<(), Broken> {
        let frees = self.ledger.level(level).freed_last;
        require(frees && before + 1 == entry.position, Invariant::I3, || {
            let command = Uuid::from_u128(entry.causation_id);
            format!("command {command} changes the stock level twice, first at position {before}")
        })
    }

    /// Checks what can only be checked at the end of the log.
    pub(super) fn finish(mut self) -> Result<Folded, Violation> {
        self.claims.end()?;
        let ledger = &self.ledger;
        ledger.check_sums().map_err(|(level, broken)| {
            let level = ledger.level(level);
            broken.in_stream(level.position, &payload::stream_name(level.product, level.store))
        })?;
        let in_transit = self.transfers.finish().map_err(|(transfer, broken)| {
            broken.in_stream(self.position, &format!("transfer-{transfer}"))
        })?;
        let sagas = self.sagas.finish(&Holds { ledger, now: self.now });
        let sagas = sagas.map_err(|(id, broken)| broken.in_stream(self.position, &id.stream()))?;
        let mut checked = vec![Invariant::I3, Invariant::I5];
        if !self.sagas.is_empty() {
            checked.push(Invariant::I8);
        }
        if !ledger.is_empty() {
            checked.extend([Invariant::I1, Invariant::I2, Invariant::I4]);
        }
        checked.sort_unstable();
        let acknowledged = self.acked.map(Acked::finish).transpose().map_err(Broken::nowhere)?;
        Ok(Folded {
            events: self.position,
            streams: self.streams.len(),
            stock_levels: ledger.levels().len(),
            units: ledger.units(),
            reservations: ledger.lines().counts(),
            in_transit,
            sagas,
            acknowledged,
            checked,
        })
    }

    /// Position of the last event seen.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The heads of the streams seen so far.
    pub(super) fn heads(&self) -> impl Iterator<Item = Head<'_>> {
        self.streams.iter().map(|stream| {
            let Stream { name, first, version, position, .. } = stream;
            Head { name, first: *first, version: *version, position: *position }
        })
    }

    /// The stock as folded so far.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// A stock level by its ids.
    pub(super) fn find_level(&self, product: Uuid, store: Uuid) -> Option<(u32, &Level)> {
        let name = payload::stream_name(product, store);
        let stream = &self.streams[*self.names.get(name.as_str())? as usize];
        match stream.of {
            Of::Level(level) => Some((level, self.ledger.level(level))),
            Of::Transfer(_) | Of::Saga(_) | Of::Other => None,
        }
    }
}

impl Stream {
    fn check(&mut self, entry: &Entry<'_>) -> Result<(), Broken> {
        let expected = self.version + 1;
        require(entry.version == expected, Invariant::I5, || {
            format!("version {} was found where {expected} was expected", entry.version)
        })?;
        if let Some(previous) = entry.previous {
            require(previous == self.position, Invariant::I5, || {
                let position = self.position;
                format!("the event before it in {} is at {position}, not at {previous}", self.name)
            })?;
        }
        require(entry.recorded_at >= self.recorded_at, Invariant::I5, || {
            let back = self.recorded_at - entry.recorded_at;
            format!("it was recorded {back} ms before the event in front of it")
        })?;
        self.version = entry.version;
        self.recorded_at = entry.recorded_at;
        Ok(())
    }
}
