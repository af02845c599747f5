//! Several stock levels of one store changed together: all of them or none.

use kit_core::Timestamp;

use crate::{Command, Event, Inventory, LookBack, ProductId, Refusal, decide_with};

/// The events of a transaction, or why it is refused; each with the index of its line.
pub type DecidedLines = Result<Vec<(usize, Event)>, Vec<(usize, Refusal)>>;

/// The part of a transaction that concerns one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCommand {
    /// The product.
    pub product: ProductId,
    /// The command for its stock level.
    pub command: Command,
    /// Whether the line is skipped when its part of the reservation has ended already.
    pub optional: bool,
    /// What the history says about the moment of the command's fact, once it was asked for.
    pub look_back: Option<LookBack>,
}

impl LineCommand {
    /// A line that must be done.
    #[must_use]
    pub const fn required(product: ProductId, command: Command) -> Self {
        Self { product, command, optional: false, look_back: None }
    }
}

/// Decides every line on its own stock level.
///
/// One refused line refuses all of them, and all refusals are reported. An optional line that has ended is skipped,
/// unless no other line is left: then it is refused.
pub fn decide_all<'a>(
    lines: impl IntoIterator<Item = (&'a LineCommand, &'a Inventory)>,
    now: Timestamp,
) -> DecidedLines {
    let (mut events, mut refused, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = false;
    for (index, (line, level)) in lines.into_iter().enumerate() {
        match decide_with(level, &line.command, line.look_back.as_ref(), now) {
            Ok(decided) => {
                done = true;
                events.extend(decided.into_iter().map(|event| (index, event)));
            }
            Err(refusal @ Refusal::ReservationNotActive { .. }) if line.optional => {
                passed_over.push((index, refusal));
            }
            Err(refusal) => refused.push((index, refusal)),
        }
    }
    match (refused.is_empty(), done) {
        (false, _) => Err(refused),
        (true, false) if !passed_over.is_empty() => Err(passed_over),
        (true, _) => Ok(events),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        added, given, now, release, released, reservation, reserve, reserved, revoked,
    };
    use crate::{ReleaseCause, StockQuantity};

    fn product(number: u128) -> ProductId {
        ProductId::from_uuid(uuid::Uuid::from_u128(number))
    }

    /// Decides commands on stock levels with these histories.
    fn decided<const N: usize>(lines: [(Command, bool, Vec<Event>); N]) -> DecidedLines {
        let line = |(number, (command, optional, history)): (u128, (Command, bool, Vec<Event>))| {
            let line = LineCommand { product: product(number), command, optional, look_back: None };
            (line, given(history).inventory())
        };
        let lines: Vec<_> = (1..).zip(lines).map(line).collect();
        decide_all(lines.iter().map(|(line, level)| (line, level)), now())
    }

    fn not_active() -> Refusal {
        Refusal::ReservationNotActive { reservation_id: reservation(1) }
    }

    #[test]
    fn events_carry_the_index_of_their_line() {
        let history = || vec![added(5), reserved(1, 3, 60)];
        let events = decided([(release(1), false, history()), (release(1), false, history())]);
        let released = released(1, 3, ReleaseCause::Cancelled);
        assert_eq!(events, Ok(vec![(0, released.clone()), (1, released)]));
    }

    #[test]
    fn one_refused_line_refuses_all_and_every_refusal_is_told() {
        let refused = decided([
            (reserve(1, 1), false, vec![]),
            (reserve(1, 1), false, vec![added(1)]),
            (reserve(1, 2), false, vec![added(1)]),
        ])
        .unwrap_err();
        let told: Vec<_> =
            refused.iter().map(|(index, refusal)| (*index, refusal.code())).collect();
        assert_eq!(told, [(0, "insufficient-stock"), (2, "insufficient-stock")]);
    }

    #[test]
    fn an_optional_line_that_has_ended_is_passed_over() {
        let ended = vec![added(5), reserved(1, 2, 60), revoked(1, 2)];
        let active = vec![added(5), reserved(1, 3, 60)];
        let events = decided([(release(1), true, ended), (release(1), true, active)]);
        assert_eq!(events, Ok(vec![(1, released(1, 3, ReleaseCause::Cancelled))]));
    }

    #[test]
    fn with_nothing_left_to_do_the_refusals_stand() {
        let ended = || vec![added(5), reserved(1, 2, 60), revoked(1, 2)];
        let refused = decided([(release(1), true, ended()), (release(1), true, ended())]);
        assert_eq!(refused, Err(vec![(0, not_active()), (1, not_active())]));
        let required = decided([(release(1), false, ended()), (release(1), true, ended())]);
        assert_eq!(required, Err(vec![(0, not_active())]));
    }

    #[test]
    fn only_an_end_is_passed_over() {
        let level = || vec![added(1)];
        let refused = decided([(reserve(1, 2), true, level()), (reserve(1, 1), false, level())]);
        let offered = StockQuantity::new(1).unwrap();
        let requested = crate::testing::positive(2);
        let short = Refusal::InsufficientStock { requested, available: offered, offered };
        assert_eq!(refused, Err(vec![(0, short)]));
    }
}
