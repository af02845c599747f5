//! When a rule alerts: its threshold, and how far a level must come back.

use super::{Direction, Observation, RuleKind, Subject};

/// The highest threshold.
pub const THRESHOLD_MAX: u64 = 1_000_000_000;

/// The widest hysteresis.
pub const HYSTERESIS_MAX: u64 = 1_000_000_000;

/// Where a quantity is, seen from a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the threshold or beyond it: what the rule alerts of.
    Beyond,
    /// Not at the threshold any more, but not as far from it as the hysteresis: whatever was, goes on.
    Between,
    /// As it should be.
    Within,
}

/// What a rule makes of an observation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What was looked at.
    pub subject: Subject,
    /// How much it is, in the unit of the rule's kind.
    pub quantity: u64,
    /// The threshold that holds for it.
    pub threshold: u64,
    /// Where the quantity is.
    pub side: Side,
}

/// When a rule alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trigger {
    kind: RuleKind,
    threshold: Option<u64>,
    hysteresis: u64,
}

/// Threshold and hysteresis are none for a rule of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTrigger {
    /// The threshold.
    #[error("the threshold of a {} rule is {least} to {most}, got {got}", .kind.as_str())]
    Threshold {
        /// The rule's kind.
        kind: RuleKind,
        /// The lowest.
        least: u64,
        /// The highest.
        most: u64,
        /// What was wanted.
        got: u64,
    },
    /// The hysteresis.
    #[error("the hysteresis of a {} rule with this threshold is 0 to {most}, got {got}", .kind.as_str())]
    Hysteresis {
        /// The rule's kind.
        kind: RuleKind,
        /// The widest.
        most: u64,
        /// What was wanted.
        got: u64,
    },
}

impl Trigger {
    /// Checks them. Without a threshold it is the usual one of the kind; for low stock, the reorder point of each level.
    pub fn new(
        kind: RuleKind,
        threshold: Option<u64>,
        hysteresis: u64,
    ) -> Result<Self, InvalidTrigger> {
        let threshold = threshold.or_else(|| kind.usual_threshold());
        let least = u64::from(kind.direction() == Direction::AtLeast);
        let most = if kind == RuleKind::RefusalRate { 100 } else { THRESHOLD_MAX };
        if let Some(got) = threshold.filter(|got| !(least..=most).contains(got)) {
            return Err(InvalidTrigger::Threshold { kind, least, most, got });
        }
        // one as wide as the threshold would leave nothing that is as it should be
        let most = match (kind.direction(), threshold) {
            (Direction::AtLeast, Some(threshold)) => threshold - 1,
            _ => HYSTERESIS_MAX,
        };
        if hysteresis > most {
            return Err(InvalidTrigger::Hysteresis { kind, most, got: hysteresis });
        }
        Ok(Self { kind, threshold, hysteresis })
    }

    /// As it is usual for a kind.
    #[must_use]
    pub const fn usual(kind: RuleKind) -> Self {
        Self { kind, threshold: kind.usual_threshold(), hysteresis: 0 }
    }

    /// What it watches.
    #[must_use]
    pub const fn kind(&self) -> RuleKind {
        self.kind
    }

    /// Its threshold; `None` where each stock level has its own.
    #[must_use]
    pub const fn threshold(&self) -> Option<u64> {
        self.threshold
    }

    /// How far beyond the threshold a quantity must come back before the alert resolves by itself.
    #[must_use]
    pub const fn hysteresis(&self) -> u64 {
        self.hysteresis
    }

    /// What it makes of an observation; `None` when that is nothing that it watches.
    #[must_use]
    pub fn measure(&self, observation: &Observation) -> Option<Measured> {
        let (subject, quantity, own) = self.watched(observation)?;
        let threshold = self.threshold.or(own)?;
        // a reorder point of 0 says that there is none; what is out of stock is another rule's
        let side = if self.threshold.is_none() && threshold == 0 {
            Side::Within
        } else {
            self.side(quantity, threshold)
        };
        Some(Measured { subject, quantity, threshold, side })
    }

    /// What is watched, how much of it there is, and the threshold of its own, if it has one.
    fn watched(&self, observation: &Observation) -> Option<(Subject, u64, Option<u64>)> {
        use RuleKind as Kind;
        match (self.kind, observation) {
            (
                Kind::LowStock | Kind::OutOfStock | Kind::BackInStock,
                Observation::Stock { store, product, available, reorder_point, .. },
            ) => Some((Subject::Level(*store, *product), *available, *reorder_point)),
            (Kind::Shortfall, Observation::Stock { store, product, shortfall, .. }) => {
                Some((Subject::Level(*store, *product), (*shortfall)?, None))
            }
            (Kind::LargeAdjustment, Observation::Stock { store, product, adjusted, event, .. }) => {
                let subject = Subject::Adjustment(*store, *product, *event);
                Some((subject, (*adjusted)?.unsigned_abs(), None))
            }
            (Kind::RefusalRate, Observation::Refusals { store, percent }) => {
                Some((Subject::Store(*store), *percent, None))
            }
            (Kind::TransferOverdue, Observation::Transit { transfer, destination, hours }) => {
                let subject = Subject::Saga(*transfer, Some(*destination));
                Some((subject, *hours, None))
            }
            (Kind::SagaDelayed, Observation::Saga { saga, store, attempts, .. }) => {
                Some((Subject::Saga(*saga, *store), *attempts, None))
            }
            (Kind::ViewDrift, Observation::Drift { view, rows }) => {
                Some((Subject::View(view.clone()), *rows, None))
            }
            _ => None,
        }
    }

    fn side(&self, quantity: u64, threshold: u64) -> Side {
        let (is_beyond, is_back) = match self.kind.direction() {
            Direction::AtMost => {
                (quantity <= threshold, quantity > threshold.saturating_add(self.hysteresis))
            }
            Direction::AtLeast => {
                (quantity >= threshold, quantity < threshold.saturating_sub(self.hysteresis))
            }
        };
        match (is_beyond, is_back) {
            (true, _) => Side::Beyond,
            (false, true) => Side::Within,
            (false, false) => Side::Between,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ProductId, StoreId};

    fn stock(available: u64, reorder_point: Option<u64>) -> Observation {
        Observation::Stock {
            store: StoreId::from_uuid(Uuid::from_u128(1)),
            product: ProductId::from_uuid(Uuid::from_u128(2)),
            available,
            reorder_point,
            shortfall: Some(2),
            adjusted: Some(-150),
            event: Uuid::from_u128(3),
        }
    }

    fn side(trigger: Trigger, observation: &Observation) -> Option<Side> {
        trigger.measure(observation).map(|measured| measured.side)
    }

    #[test]
    fn low_stock_is_at_the_reorder_point_or_below() {
        let usual = Trigger::usual(RuleKind::LowStock);
        let at = |available| side(usual, &stock(available, Some(5)));
        assert_eq!([4, 5, 6].map(at), [Side::Beyond, Side::Beyond, Side::Within].map(Some));
        assert_eq!(side(usual, &stock(0, Some(0))), Some(Side::Within), "no reorder point is set");
        assert_eq!(side(usual, &stock(0, None)), None, "nobody told it");
        let own = Trigger::new(RuleKind::LowStock, Some(10), 0).unwrap();
        assert_eq!(side(own, &stock(10, Some(5))), Some(Side::Beyond));
        assert_eq!(side(own, &stock(11, Some(50))), Some(Side::Within));
    }

    #[test]
    fn between_threshold_and_hysteresis_all_goes_on() {
        let low = Trigger::new(RuleKind::LowStock, Some(10), 5).unwrap();
        let at = |available| side(low, &stock(available, None)).unwrap();
        assert_eq!(
            [10, 11, 15, 16].map(at),
            [Side::Beyond, Side::Between, Side::Between, Side::Within]
        );
        let rate = Trigger::new(RuleKind::RefusalRate, Some(20), 5).unwrap();
        let store = StoreId::from_uuid(Uuid::from_u128(1));
        let at = |percent| side(rate, &Observation::Refusals { store, percent }).unwrap();
        assert_eq!(
            [20, 19, 15, 14].map(at),
            [Side::Beyond, Side::Between, Side::Between, Side::Within]
        );
    }

    #[test]
    fn each_kind_looks_at_its_own_quantity() {
        let of = |kind| Trigger::usual(kind).measure(&stock(7, Some(5)));
        let found = RuleKind::ALL.map(|kind| of(kind).map(|one| (one.quantity, one.side)));
        let expected = [
            Some((7, Side::Within)),
            Some((7, Side::Within)),
            Some((7, Side::Within)),
            Some((150, Side::Beyond)),
            None,
            Some((2, Side::Beyond)),
            None,
            None,
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_trigger_that_could_never_alert_or_never_end_is_refused() {
        let told = |kind, threshold, hysteresis| {
            Trigger::new(kind, threshold, hysteresis).unwrap_err().to_string()
        };
        assert!(told(RuleKind::Shortfall, Some(0), 0).contains("1 to 1000000000, got 0"));
        assert!(told(RuleKind::RefusalRate, Some(101), 0).contains("1 to 100, got 101"));
        assert!(told(RuleKind::RefusalRate, Some(20), 20).contains("0 to 19, got 20"));
        Trigger::new(RuleKind::OutOfStock, Some(0), 10).unwrap();
    }
}
