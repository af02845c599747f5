//! Where two batches of the same number differ.

use std::fmt::Display;

use super::{PosBatchTerms, PosLine};

/// Most differences that are told: the first ones say what happened.
pub const POS_DIFFERENCES_MAX: usize = 20;

/// A field that differs between what was received and what is sent under the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosDifference {
    /// Which field of what is sent, as a JSON pointer.
    pub pointer: String,
    /// What was received; `None` when there was nothing.
    pub received: Option<String>,
    /// What is sent; `None` when there is nothing.
    pub sent: Option<String>,
}

/// The first fields in which two batches differ.
pub(super) fn differences(received: &PosBatchTerms, sent: &PosBatchTerms) -> Vec<PosDifference> {
    let opened_at =
        difference(|| "/openedAt".to_owned(), received.opened_at.as_ref(), sent.opened_at.as_ref());
    let counts = (received.lines.len(), sent.lines.len());
    let lines = received.lines.iter().zip(&sent.lines).enumerate();
    let of_lines = lines.flat_map(|(place, (received, sent))| of_line(place, received, sent));
    let count =
        difference(|| "/lines".to_owned(), Some(&lines_of(counts.0)), Some(&lines_of(counts.1)));
    opened_at.into_iter().chain(count).chain(of_lines).take(POS_DIFFERENCES_MAX).collect()
}

fn lines_of(count: usize) -> String {
    format!("{count} lines")
}

fn of_line(
    place: usize,
    received: &PosLine,
    sent: &PosLine,
) -> impl Iterator<Item = PosDifference> {
    let field = |name: &'static str| move || format!("/lines/{place}/{name}");
    let units = |line: &PosLine| line.change.negated().get();
    [
        difference(field("lineId"), received.id.as_ref(), sent.id.as_ref()),
        difference(field("productId"), Some(&received.product), Some(&sent.product)),
        difference(field("quantity"), Some(&units(received)), Some(&units(sent))),
        difference(field("occurredAt"), Some(&received.occurred_at), Some(&sent.occurred_at)),
        difference(field("transactionId"), Some(&received.transaction), Some(&sent.transaction)),
    ]
    .into_iter()
    .flatten()
}

fn difference<T: PartialEq + Display>(
    pointer: impl FnOnce() -> String,
    received: Option<&T>,
    sent: Option<&T>,
) -> Option<PosDifference> {
    if received == sent {
        return None;
    }
    let text = |value: Option<&T>| value.map(ToString::to_string);
    Some(PosDifference { pointer: pointer(), received: text(received), sent: text(sent) })
}
