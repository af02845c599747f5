//! What was found, as numbers, as JSON and as a table for people.

use std::fmt::Write as _;

use serde::Serialize;

use super::acked::Acknowledged;
use super::entry::Invariant;
use super::views::Compared;

/// A log that holds all invariants.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Events, which is also the position of the last.
    pub(super) events: u64,
    /// Streams.
    pub(super) streams: usize,
    /// Streams that are a stock level.
    pub(super) stock_levels: usize,
    /// Units over all stock levels.
    pub(super) units: Units,
    /// Reservations over all stock levels.
    pub(super) reservations: Reservations,
    /// What was compared with the answers that clients were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acknowledged: Option<Acknowledged>,
    /// What was compared with the views.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) views: Option<Compared>,
    /// The invariants that were checked.
    pub(super) checked: Vec<Invariant>,
}

/// Units moved, and where that leaves them.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Units {
    pub(super) received: i128,
    pub(super) committed: i128,
    pub(super) adjusted: i128,
    pub(super) on_hand: i128,
    pub(super) reserved: i128,
}

/// Reservations made, and how their lines stand.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reservations {
    /// Reservations.
    pub(super) made: u64,
    /// Lines of them.
    pub(super) lines: usize,
    pub(super) committed: u64,
    pub(super) cancelled: u64,
    pub(super) expired: u64,
    pub(super) partial_commit: u64,
    pub(super) shortage: u64,
    pub(super) active: u64,
}

impl Report {
    /// A short table, without a line break at its end.
    pub(super) fn table(&self, context: &str) -> String {
        let (events, streams) = (grouped(self.events), grouped(self.streams));
        let mut table = format!("{context:<14}{events} events in {streams} streams");
        if self.stock_levels > 0 {
            self.stock(&mut table);
        }
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

    fn stock(&self, table: &mut String) {
        let Units { received, committed, adjusted, on_hand, reserved } = &self.units;
        row(table, "  stock levels", &grouped(self.stock_levels));
        row(
            table,
            "  units",
            &format!(
                "{} received - {} committed {} {} adjusted = {} on hand, {} of them reserved",
                grouped(received),
                grouped(committed),
                if *adjusted < 0 { '-' } else { '+' },
                grouped(adjusted.unsigned_abs()),
                grouped(on_hand),
                grouped(reserved),
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

fn row(table: &mut String, name: &str, text: &str) {
    // writing to a string never fails
    let _ = write!(table, "\n{name:<16}{text}");
}

/// A whole number with commas between its thousands.
pub(super) fn grouped(number: impl Copy + ToString) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.char_indices() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, -100, -123_456, 1_234_567].map(|number: i64| grouped(number));
        assert_eq!(texts, ["0", "999", "1,000", "-100", "-123,456", "1,234,567"]);
    }
}
