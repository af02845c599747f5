//! What was found, as numbers, as JSON and as a table for people.

use std::fmt::Write as _;

use serde::Serialize;

use super::acked::Acknowledged;
use super::checker::Folded;
use super::entry::Invariant;
use super::grouped::grouped;
use super::index::ComparedIndex;
use super::ledger::Units;
use super::lines::Counts;
use super::sagas::{SagaCounts, SagasFound};
use super::transfers::InTransit;
use super::views::Compared;

/// A log that holds all invariants.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Events, which is also the position of the last.
    pub events: u64,
    /// Number of streams.
    pub streams: usize,
    /// Streams that are a stock level.
    pub stock_levels: usize,
    /// Units over all stock levels.
    pub units: Units,
    /// Reservations over all stock levels.
    pub reservations: Counts,
    /// Transfers, and where their units are.
    pub in_transit: InTransit,
    /// Split reservations and checkouts, and how they stand.
    pub sagas: SagasFound,
    /// What was compared with the answers that clients were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
    /// What was compared with the views.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<Compared>,
    /// What was compared with the index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<ComparedIndex>,
    /// The invariants that were checked.
    pub checked: Vec<Invariant>,
}

impl Report {
    /// The report of a log that was folded to its end, with what was compared with the views and the index.
    pub(super) fn new(
        folded: Folded,
        views: Option<Compared>,
        index: Option<ComparedIndex>,
    ) -> Self {
        let Folded {
            events,
            streams,
            stock_levels,
            units,
            reservations,
            in_transit,
            sagas,
            acknowledged,
            checked,
        } = folded;
        let mut checked = checked;
        if views.is_some() || index.is_some() {
            checked.push(Invariant::I6);
            checked.sort_unstable();
        }
        Self {
            events,
            streams,
            stock_levels,
            units,
            reservations,
            in_transit,
            sagas,
            acknowledged,
            views,
            index,
            checked,
        }
    }

    /// A short table, without a line break at its end.
    pub(super) fn table(&self, context: &str) -> String {
        let (events, streams) = (grouped(self.events), grouped(self.streams));
        let mut table = format!("{context:<14}{events} events in {streams} streams");
        if self.stock_levels > 0 {
            self.stock(&mut table);
        }
        if self.in_transit.transfers > 0 {
            self.transfers(&mut table);
        }
        sagas(&mut table, "  split baskets", &self.sagas.split_reservations);
        sagas(&mut table, "  checkouts", &self.sagas.checkouts);
        if let Some(views) = &self.views {
            let Compared { position, stock_levels, reservation_lines } = views;
            let (position, levels) = (grouped(position), grouped(stock_levels));
            let lines = grouped(reservation_lines);
            row(
                &mut table,
                "  views",
                &format!(
                    "{levels} stock levels and {lines} reservation lines, equal at position {position}"
                ),
            );
        }
        if let Some(ComparedIndex { position, heads, claims }) = &self.index {
            let (position, heads, claims) = (grouped(position), grouped(heads), grouped(claims));
            let text = format!("{heads} streams and {claims} claims, equal at position {position}");
            row(&mut table, "  index", &text);
        }
        if let Some(Acknowledged { acked, refused, unknown }) = &self.acknowledged {
            let (acked, refused, unknown) = (grouped(acked), grouped(refused), grouped(unknown));
            row(
                &mut table,
                "  answers",
                &format!(
                    "{acked} acknowledged are there, {refused} refused are not, {unknown} unknown at most once"
                ),
            );
        }
        table
    }

    fn transfers(&self, table: &mut String) {
        let InTransit { transfers, open, units, lost, over } = &self.in_transit;
        row(
            table,
            "  transfers",
            &format!(
                "{} in all, {} of them open: {} units in transit, {} lost on the way, {} found beyond what was sent",
                grouped(transfers),
                grouped(open),
                grouped(units),
                grouped(lost),
                grouped(over),
            ),
        );
    }

    fn stock(&self, table: &mut String) {
        let Units { received, committed, adjusted, transferred, on_hand, shortfall, reserved } =
            &self.units;
        row(table, "  stock levels", &grouped(self.stock_levels));
        row(
            table,
            "  units",
            &format!(
                "{} received - {} committed {} {} adjusted{} = {} on hand, {} of them reserved{}",
                grouped(received),
                grouped(committed),
                if *adjusted < 0 { '-' } else { '+' },
                grouped(adjusted.unsigned_abs()),
                moved(*transferred),
                grouped(on_hand),
                grouped(reserved),
                missing(*shortfall),
            ),
        );
        let made = &self.reservations;
        row(
            table,
            "  reservations",
            &format!(
                "{} made of {} lines: {} committed, {} cancelled, {} expired, {} left out of a sale, \
             {} revoked, {} active",
                grouped(made.made),
                grouped(made.lines),
                grouped(made.committed),
                grouped(made.cancelled),
                grouped(made.expired),
                grouped(made.partial_commit),
                grouped(made.shortage),
                grouped(made.active),
            ),
        );
    }
}

fn sagas(table: &mut String, name: &str, counts: &SagaCounts) {
    let SagaCounts { committed, given_up, open } = counts;
    if counts.all() > 0 {
        let (committed, given_up) = (grouped(committed), grouped(given_up));
        let text = format!("{committed} committed, {given_up} given up, {} open", grouped(open));
        row(table, name, &text);
    }
}

/// What transfers have taken from the stores, or brought, in all.
fn moved(transferred: i128) -> String {
    let sign = if transferred < 0 { '-' } else { '+' };
    match transferred {
        0 => String::new(),
        _ => format!(" {sign} {} transferred", grouped(transferred.unsigned_abs())),
    }
}

fn missing(shortfall: i128) -> String {
    if shortfall == 0 { String::new() } else { format!("; {} missing", grouped(shortfall)) }
}

fn row(table: &mut String, name: &str, text: &str) {
    // writing to a string never fails
    let _ = write!(table, "\n{name:<16}{text}");
}
