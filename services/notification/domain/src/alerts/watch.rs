//! What is remembered of one rule and one subject, and how it reacts to a crossing: once.

use super::{RuleKind, Side};
use crate::AlertId;

/// What is remembered of one rule and one subject. The usual one, of which nothing need be kept, is within and has no alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Whether the quantity was last seen beyond the threshold, and has not come back since.
    pub is_beyond: bool,
    /// The alert that is not resolved yet.
    pub alert: Option<AlertId>,
}

/// What a crossing leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// This alert opens.
    Open(AlertId),
    /// This alert is resolved, if it is not yet.
    Resolve(AlertId),
}

impl Watch {
    /// Takes a quantity into account. Only the first one beyond the threshold opens an alert, and only the first one that
    /// has come back resolves it; what is back in stock opens one when it has come back.
    pub fn observe(
        &mut self,
        kind: RuleKind,
        side: Side,
        new: impl FnOnce() -> AlertId,
    ) -> Option<Reaction> {
        let has_entered = match (side, self.is_beyond) {
            (Side::Beyond, false) => true,
            (Side::Within, true) => false,
            _ => return None,
        };
        // what happened once does not come back: its subject is seen no more
        self.is_beyond = has_entered && kind != RuleKind::LargeAdjustment;
        let opens = has_entered != (kind == RuleKind::BackInStock);
        if opens {
            let alert = new();
            self.alert = Some(alert);
            return Some(Reaction::Open(alert));
        }
        self.alert.take().map(Reaction::Resolve)
    }

    /// Its alert was resolved by somebody: the next one opens after the quantity has come back and crosses again.
    pub const fn resolved(&mut self) {
        self.alert = None;
    }

    /// Whether nothing need be remembered.
    #[must_use]
    pub const fn is_usual(&self) -> bool {
        !self.is_beyond && self.alert.is_none()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::Reaction::{Open, Resolve};
    use super::Side::{Between, Beyond, Within};
    use super::*;
    use crate::alerts::Trigger;

    fn alert(number: u128) -> AlertId {
        AlertId::from_uuid(Uuid::from_u128(number))
    }

    /// Given what was seen before, what the next sight leads to; alerts are numbered from 1.
    #[track_caller]
    fn then(kind: RuleKind, given: &[Side], when: Side, expected: Option<Reaction>) -> Watch {
        let (mut watch, mut made) = (Watch::default(), 0);
        let mut see = |watch: &mut Watch, side| {
            watch.observe(kind, side, || {
                made += 1;
                alert(made)
            })
        };
        for side in given {
            see(&mut watch, *side);
        }
        assert_eq!(see(&mut watch, when), expected);
        watch
    }

    #[test]
    fn a_crossing_alerts_once() {
        let low = RuleKind::LowStock;
        then(low, &[], Within, None);
        then(low, &[Within], Beyond, Some(Open(alert(1))));
        then(low, &[Within, Beyond], Beyond, None);
        then(low, &[Within, Beyond, Beyond], Within, Some(Resolve(alert(1))));
        let after = then(low, &[Within, Beyond, Within], Within, None);
        assert!(after.is_usual());
        then(low, &[Beyond, Within], Beyond, Some(Open(alert(2))));
    }

    #[test]
    fn within_the_hysteresis_an_alert_neither_opens_nor_ends() {
        let low = RuleKind::LowStock;
        then(low, &[Within], Between, None);
        then(low, &[Within, Between], Beyond, Some(Open(alert(1))));
        then(low, &[Beyond], Between, None);
        then(low, &[Beyond, Between], Beyond, None);
        then(low, &[Beyond, Between], Within, Some(Resolve(alert(1))));
    }

    #[test]
    fn what_is_back_alerts_when_it_has_come_back() {
        let back = RuleKind::BackInStock;
        then(back, &[], Within, None);
        then(back, &[Within], Beyond, None);
        then(back, &[Within, Beyond], Within, Some(Open(alert(1))));
        then(back, &[Beyond, Within], Within, None);
        then(back, &[Beyond, Within], Beyond, Some(Resolve(alert(1))));
    }

    #[test]
    fn a_correction_is_remembered_while_its_alert_is_not_resolved() {
        let mut watch = then(RuleKind::LargeAdjustment, &[], Beyond, Some(Open(alert(1))));
        assert!(!watch.is_usual());
        watch.resolved();
        assert!(watch.is_usual());
    }

    #[test]
    fn what_somebody_resolved_opens_again_after_the_next_crossing_only() {
        let mut watch = then(RuleKind::LowStock, &[], Beyond, Some(Open(alert(1))));
        watch.resolved();
        assert_eq!(watch.observe(RuleKind::LowStock, Beyond, || alert(2)), None);
        assert_eq!(watch.observe(RuleKind::LowStock, Within, || alert(2)), None);
        assert_eq!(watch.observe(RuleKind::LowStock, Beyond, || alert(2)), Some(Open(alert(2))));
    }

    proptest! {
        /// Whatever the order of ups and downs: at most one alert is open, no two openings follow each other without a
        /// resolution between them, and one is open exactly if the level last left the band on the side of the threshold.
        #[test]
        fn there_is_one_open_alert_exactly_while_the_level_is_beyond(
            levels in prop::collection::vec(0_u64..20, 1..60),
            threshold in 0_u64..12,
            hysteresis in 0_u64..5,
        ) {
            let trigger = Trigger::new(RuleKind::LowStock, Some(threshold), hysteresis).unwrap();
            let (mut watch, made) = (Watch::default(), Cell::new(0_u128));
            let mut open = Vec::new();
            let mut is_low = false;
            for level in levels {
                let observation = crate::alerts::Observation::Stock {
                    store: crate::StoreId::from_uuid(Uuid::nil()),
                    product: crate::ProductId::from_uuid(Uuid::nil()),
                    available: level,
                    reorder_point: None,
                    shortfall: None,
                    adjusted: None,
                    event: Uuid::nil(),
                };
                let side = trigger.measure(&observation).unwrap().side;
                let reaction = watch.observe(RuleKind::LowStock, side, || {
                    made.set(made.get() + 1);
                    alert(made.get())
                });
                match reaction {
                    Some(Open(id)) => open.push(id),
                    Some(Resolve(id)) => prop_assert_eq!(open.pop(), Some(id)),
                    None => {}
                }
                // the rule told once more, without the code above
                if level <= threshold {
                    is_low = true;
                } else if level > threshold + hysteresis {
                    is_low = false;
                }
                prop_assert!(open.len() <= 1, "{:?}", open);
                prop_assert_eq!(open.len() == 1, is_low);
                if hysteresis == 0 {
                    prop_assert_eq!(open.len() == 1, level <= threshold);
                }
            }
        }
    }
}
