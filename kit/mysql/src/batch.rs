//! The statements that write what was admitted, in as few requests as their size allows: one, as a rule.

use kit_core::{Position, RecordedEvent, Version};
use kit_event_store::Claim;
use kit_event_store::admit::Admitted;

use crate::rows::number;
use crate::sql::{bytes, id, optional_text, optional_time, stream, text};

const EVENTS: &str = "INSERT INTO events (position, stream, version, recorded_at, occurred_at, event_id, correlation_id, \
    causation_id, schema_version, event_type, actor, data, personal) VALUES ";

const STREAMS: &str = "INSERT INTO streams (id, name) VALUES ";

const CLAIMS: &str = "INSERT INTO claims (namespace, name, value, expires_at, position) VALUES ";

const RENEWED: &str = " ON DUPLICATE KEY UPDATE value = VALUES(value), expires_at = VALUES(expires_at), \
    position = VALUES(position)";

/// Bytes of a request beside its longest row.
const OVERHEAD_MAX: usize = 1_024;

/// Statements that are sent at once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) sql: String,
    pub(crate) statements: usize,
}

/// All that is to be written, and the commit as the last statement of the last batch.
pub(crate) fn batches(admitted: &Admitted, statement_bytes_max: usize) -> Vec<Batch> {
    let mut batches =
        Batches { bytes_max: statement_bytes_max, full: Vec::new(), now: Batch::default() };
    if admitted.events().next().is_some() {
        batches.insert(EVENTS, admitted.events().map(|event| event_row(event)), "");
        let begun = admitted.events().filter(|event| event.version == Version::new(1));
        let name = |event: &RecordedEvent| {
            format!("({},{})", stream(&event.stream), text(event.stream.as_str()))
        };
        batches.insert(STREAMS, begun.map(|event| name(event)), "");
        batches.insert(CLAIMS, admitted.claims.iter().map(claim_row), RENEWED);
        batches.add(&format!("UPDATE log SET position = {}", number(admitted.last.get())));
    }
    batches.add("COMMIT");
    batches.full.push(batches.now);
    batches.full
}

struct Batches {
    bytes_max: usize,
    full: Vec<Batch>,
    now: Batch,
}

impl Batches {
    /// Adds as many statements as the rows need.
    fn insert(&mut self, head: &str, rows: impl Iterator<Item = String>, tail: &str) {
        let mut statement = String::new();
        for row in rows {
            let room = self.bytes_max.saturating_sub(OVERHEAD_MAX + statement.len());
            if !statement.is_empty() && row.len() > room {
                self.add(&(std::mem::take(&mut statement) + tail));
            }
            statement.push_str(if statement.is_empty() { head } else { "," });
            statement.push_str(&row);
        }
        if !statement.is_empty() {
            self.add(&(statement + tail));
        }
    }

    fn add(&mut self, statement: &str) {
        let room = self.bytes_max.saturating_sub(OVERHEAD_MAX + self.now.sql.len());
        if self.now.statements > 0 && statement.len() > room {
            self.full.push(std::mem::take(&mut self.now));
        }
        if self.now.statements > 0 {
            self.now.sql.push(';');
        }
        self.now.sql.push_str(statement);
        self.now.statements += 1;
    }
}

fn event_row(recorded: &RecordedEvent) -> String {
    let RecordedEvent { position, stream: of, version, event, metadata } = recorded;
    format!(
        "({},{},{},{},{},{},{},{},{},{},{},{},{})",
        number(position.get()),
        stream(of),
        number(version.get()),
        metadata.recorded_at.as_millis(),
        event.occurred_at.as_millis(),
        id(event.event_id),
        id(metadata.correlation_id),
        id(metadata.causation_id),
        event.schema_version,
        text(&event.event_type),
        text(metadata.actor.as_str()),
        text(&event.data),
        optional_text(event.personal.as_deref()),
    )
}

fn claim_row((claim, position): &(Claim, Position)) -> String {
    format!(
        "({},{},{},{},{})",
        bytes(claim.key.namespace.as_bytes()),
        bytes(claim.key.key.as_bytes()),
        text(&claim.value),
        optional_time(claim.expires_at),
        number(position.get()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(bytes_max: usize, rows: &[&str]) -> Vec<String> {
        let mut batches = Batches { bytes_max, full: Vec::new(), now: Batch::default() };
        batches.insert("I ", rows.iter().map(|row| (*row).to_owned()), " T");
        batches.add("COMMIT");
        batches.full.push(batches.now);
        batches.full.into_iter().map(|batch| batch.sql).collect()
    }

    #[test]
    fn one_request_takes_what_fits() {
        assert_eq!(sent(2_000, &["(1)", "(2)"]), ["I (1),(2) T;COMMIT"]);
        assert_eq!(sent(2_000, &[]), ["COMMIT"]);
    }

    #[test]
    fn what_does_not_fit_goes_into_further_ones() {
        let long = "x".repeat(10);
        let alone = format!("I {long} T");
        let sent = sent(OVERHEAD_MAX + 21, &[&long, &long, &long]);
        assert_eq!(sent, [alone.clone(), alone.clone(), format!("{alone};COMMIT")]);
    }
}
