//! Transfers between stores, folded from what left and what arrived: I1 over all stores and what is on its way.
//!
//! What stores say (units left, units arrived) and what the transfer itself says (sent, received, returned) are told in
//! different streams. They must agree, and every unit that left must be on its way or accounted for.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, require};
use super::level::units;

/// Prefix of the streams of transfers.
const PREFIX: &str = "transfer-";

/// The versions of the shapes: in the second one a transfer may have a reference.
const SCHEMA_VERSIONS: RangeInclusive<u16> = 1..=2;

/// All transfers.
#[derive(Default)]
pub(super) struct Transfers(HashMap<u128, Transfer, RandomState>);

/// Transfers, and where their units are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InTransit {
    /// Number of transfers.
    pub transfers: usize,
    /// Those that have not ended.
    pub open: usize,
    /// Units that left a store and have not arrived in any.
    pub units: i128,
    /// Units that came to harm or did not come.
    pub lost: i128,
    /// Units that arrived beyond those that were sent.
    pub over: i128,
}

/// One transfer.
#[derive(Default)]
struct Transfer {
    source: Uuid,
    destination: Uuid,
    lines: BTreeMap<Uuid, Line>,
    state: State,
    /// The receipt that is ordered and not told as received.
    ordered: Vec<Arrival>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Before,
    Sent,
    Returned,
    Ended,
}

/// One product of a transfer: what stores say, and what the transfer says.
#[derive(Clone, Copy, Default)]
struct Line {
    asked: i64,
    left: i64,
    arrived: i64,
    back: i64,
    accepted: i64,
    over: i64,
    lost: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requested {
    source_store_id: Uuid,
    destination_store_id: Uuid,
    lines: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    product_id: Uuid,
    quantity: i64,
}

#[derive(Deserialize)]
struct Ordered {
    lines: Vec<Arrival>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arrival {
    product_id: Uuid,
    accepted: i64,
    #[serde(default)]
    over: i64,
    #[serde(default)]
    damaged: i64,
    #[serde(default)]
    short: i64,
}

/// What a store says of a transfer.
pub(super) struct Moved {
    pub(super) transfer: Uuid,
    pub(super) product: Uuid,
    pub(super) store: Uuid,
    /// The other store.
    pub(super) other: Uuid,
    /// Units that arrived; negative ones left.
    pub(super) units: i64,
}

/// The transfer that a stream belongs to; `None` for streams of other things.
pub(super) fn parse_stream(name: &str) -> Result<Option<Uuid>, Broken> {
    let Some(id) = name.strip_prefix(PREFIX) else { return Ok(None) };
    let found = Uuid::try_parse(id).ok().filter(|uuid| uuid.to_string() == id);
    found.map(Some).ok_or_else(|| Broken {
        invariant: Invariant::I5,
        message: format!("the stream is not named {PREFIX}(transfer id)"),
    })
}

impl Transfers {
    /// Takes in what a store says.
    pub(super) fn moved(&mut self, moved: &Moved) -> Result<(), Broken> {
        let Moved { transfer, product, store, other, units } = *moved;
        let known = self.0.get_mut(&transfer.as_u128());
        let found = known.ok_or_else(|| broken(format!("no transfer {transfer} was asked for")))?;
        let ends = (found.source, found.destination);
        let line = found.lines.get_mut(&product);
        let line = line.ok_or_else(|| broken(format!("{product} is no line of {transfer}")))?;
        require(ends == (store, other) || ends == (other, store), Invariant::I1, || {
            format!(
                "transfer {transfer} goes from {} to {}, not between {store} and {other}",
                ends.0, ends.1
            )
        })?;
        match (units < 0, store == ends.0) {
            (true, true) => line.left -= units,
            (true, false) => {
                return Err(broken(format!("{transfer} takes units of its destination")));
            }
            (false, true) => line.back += units,
            (false, false) => line.arrived += units,
        }
        require(line.left == 0 || line.left == line.asked, Invariant::I1, || {
            format!(
                "{} of {product} left for {transfer}, and {} were asked for",
                line.left, line.asked
            )
        })
    }

    /// Takes in what a transfer says of itself.
    pub(super) fn told(&mut self, transfer: Uuid, entry: &Entry<'_>) -> Result<(), Broken> {
        require(SCHEMA_VERSIONS.contains(&entry.schema_version), Invariant::I5, || {
            format!("its shape has version {}: use a newer program", entry.schema_version)
        })?;
        let found = self.0.entry(transfer.as_u128()).or_default();
        match entry.event_type {
            "TransferRequestedEvent" => found.begin(read(entry)?),
            "TransferDispatchedEvent" => found.sent(),
            "TransferReceiptOrderedEvent" => {
                let Ordered { lines } = read(entry)?;
                found.ordered = lines;
                Ok(())
            }
            "TransferReceivedEvent" => found.received(),
            "TransferReturnedEvent" => found.returned(),
            "TransferCancelledEvent" | "TransferHoldRefusedEvent" => found.given_up(),
            "TransferHeldEvent"
            | "TransferDispatchOrderedEvent"
            | "TransferCancelOrderedEvent"
            | "TransferReturnOrderedEvent"
            | "TransferStepDelayedEvent" => Ok(()),
            other => Err(Broken {
                invariant: Invariant::I5,
                message: format!("a transfer has no event {other}"),
            }),
        }
    }

    /// Checks what must hold at the end of the log, and counts. The error names the transfer.
    pub(super) fn finish(&self) -> Result<InTransit, (Uuid, Broken)> {
        let mut counts = InTransit { transfers: self.0.len(), ..InTransit::default() };
        for (id, transfer) in &self.0 {
            let id = Uuid::from_u128(*id);
            transfer.check().map_err(|broken| (id, broken))?;
            counts.open += usize::from(matches!(transfer.state, State::Before | State::Sent));
            for (product, line) in &transfer.lines {
                let line = transfer.at_end(*product, line);
                counts.units += i128::from(line.in_transit());
                counts.lost += i128::from(line.lost);
                counts.over += i128::from(line.over);
            }
        }
        Ok(counts)
    }
}

impl Transfer {
    fn begin(&mut self, requested: Requested) -> Result<(), Broken> {
        require(self.lines.is_empty(), Invariant::I5, || "it begins twice".to_owned())?;
        (self.source, self.destination) =
            (requested.source_store_id, requested.destination_store_id);
        for Asked { product_id, quantity } in requested.lines {
            units("quantity", quantity, 1)?;
            let line = Line { asked: quantity, ..Line::default() };
            let twice = self.lines.insert(product_id, line).is_some();
            require(!twice, Invariant::I5, || format!("{product_id} is asked for twice"))?;
        }
        Ok(())
    }

    fn sent(&mut self) -> Result<(), Broken> {
        self.state = State::Sent;
        for (product, line) in &self.lines {
            require(line.left == line.asked, Invariant::I1, || {
                format!("{} of {product} are told as sent, but {} left", line.asked, line.left)
            })?;
        }
        Ok(())
    }

    /// Books the receipt that was ordered; the destination must have put away all of it.
    fn received(&mut self) -> Result<(), Broken> {
        for arrival in std::mem::take(&mut self.ordered) {
            let Arrival { product_id, accepted, over, damaged, short } = arrival;
            for (what, found) in
                [("accepted", accepted), ("over", over), ("damaged", damaged), ("short", short)]
            {
                units(what, found, 0)?;
            }
            let line = self.lines.get_mut(&product_id);
            let line = line.ok_or_else(|| broken(format!("{product_id} was never sent")))?;
            line.accepted += accepted;
            line.over += over;
            line.lost += damaged + short;
            line.check_received(product_id)?;
        }
        if self.lines.values().all(|line| line.in_transit() == 0) {
            self.state = State::Ended;
        }
        Ok(())
    }

    fn returned(&mut self) -> Result<(), Broken> {
        self.state = State::Returned;
        for (product, line) in &self.lines {
            require(line.in_transit() == 0, Invariant::I1, || {
                let lost = line.in_transit();
                format!("it is told as returned, but {lost} of {product} are in no store")
            })?;
        }
        Ok(())
    }

    fn given_up(&mut self) -> Result<(), Broken> {
        self.state = State::Ended;
        for (product, line) in &self.lines {
            require(line.left == 0, Invariant::I1, || {
                format!("it is told as given up, but {} of {product} left", line.left)
            })?;
        }
        Ok(())
    }

    /// A line at the end of the log. Which units are over is known from the receipt alone, which may be told only after its
    /// units are put away.
    fn at_end(&self, product: Uuid, line: &Line) -> Line {
        let is_put_away = line.arrived > line.accepted + line.over;
        let ordered = self.ordered.iter().find(|arrival| arrival.product_id == product);
        let over = ordered.filter(|_| is_put_away).map_or(0, |arrival| arrival.over);
        Line { over: line.over + over, ..*line }
    }

    /// At the end of the log a step may be done and not told yet, and nothing else may differ.
    fn check(&self) -> Result<(), Broken> {
        for (product, line) in &self.lines {
            let ordered = self.ordered.iter().find(|arrival| arrival.product_id == *product);
            let untold = ordered.map_or(0, |arrival| arrival.accepted + arrival.over);
            let put_away = line.arrived - line.accepted - line.over;
            require(put_away == 0 || put_away == untold, Invariant::I1, || {
                format!(
                    "{} of {product} arrived, but {} are told as received",
                    line.arrived,
                    line.accepted + line.over
                )
            })?;
            let line = self.at_end(*product, line);
            require(line.in_transit() >= 0, Invariant::I1, || {
                format!(
                    "more of {product} is accounted for than left: {} too many",
                    -line.in_transit()
                )
            })?;
        }
        Ok(())
    }
}

impl Line {
    /// Units that left and are in no store, by what the stores say and what is lost.
    fn in_transit(&self) -> i64 {
        self.left - (self.arrived - self.over) - self.back - self.lost
    }

    fn check_received(&self, product: Uuid) -> Result<(), Broken> {
        require(self.arrived == self.accepted + self.over, Invariant::I1, || {
            let told = self.accepted + self.over;
            format!("{told} of {product} are told as received, but {} arrived", self.arrived)
        })?;
        require(self.in_transit() >= 0, Invariant::I1, || {
            format!("more of {product} is accounted for than left: {} too many", -self.in_transit())
        })
    }
}

fn read<'a, T: Deserialize<'a>>(entry: &Entry<'a>) -> Result<T, Broken> {
    serde_json::from_str(entry.data).map_err(|error| Broken {
        invariant: Invariant::I5,
        message: format!("{} cannot be read: {error}", entry.event_type),
    })
}

fn broken(message: String) -> Broken {
    Broken { invariant: Invariant::I1, message }
}
