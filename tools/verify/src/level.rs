//! One stock level as its events leave it: I1 and I2 of one product in one store.

use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, require};
use super::facts::{Fact, Facts, Numbers};
use super::payload::Effect;

/// The most units that a stock level may have, and that an event may move.
const UNITS_MAX: i64 = 1_000_000_000;

/// One product in one store.
pub(super) struct Level {
    pub(super) product: Uuid,
    pub(super) store: Uuid,
    pub(super) on_hand: i64,
    pub(super) shortfall: i64,
    /// What on hand and shortfall must be, worked out apart from what the events say that they changed.
    facts: Facts,
    pub(super) reserved: i64,
    pub(super) safety_stock: i64,
    pub(super) reorder_point: i64,
    pub(super) version: u64,
    pub(super) position: u64,
    /// Whether its last event ended a reservation without a sale.
    pub(super) freed_last: bool,
    pub(super) received: i64,
    pub(super) committed: i64,
    pub(super) adjusted: i64,
    /// Units that came from other stores, less those that left for them.
    pub(super) transferred: i64,
}

impl Level {
    /// A stock level before its first event.
    pub(super) fn new(product: Uuid, store: Uuid) -> Self {
        Self {
            product,
            store,
            on_hand: 0,
            shortfall: 0,
            facts: Facts::default(),
            reserved: 0,
            safety_stock: 0,
            reorder_point: 0,
            version: 0,
            position: 0,
            freed_last: false,
            received: 0,
            committed: 0,
            adjusted: 0,
            transferred: 0,
        }
    }

    /// Applies a physical fact, and gives the change of the units on hand; `plain` is its effect on hand and shortfall
    /// when the event does not say another.
    pub(super) fn post(
        &mut self,
        fact: Fact,
        plain: (i64, i64),
        effect: Option<Effect>,
        entry: &Entry<'_>,
    ) -> Result<i64, Broken> {
        // without an effect it was told when it happened, or an earlier release wrote it, which knew no other order
        let at = effect.map_or(entry.recorded_at, |_| entry.occurred_at);
        require(at <= entry.recorded_at, Invariant::I1, || {
            format!("it happened {} ms after it was recorded", at - entry.recorded_at)
        })?;
        let (on_hand, shortfall) =
            effect.map_or(plain, |effect| (effect.on_hand, effect.shortfall));
        units("size of the change", on_hand.saturating_abs(), 0)?;
        units("size of the change of the shortfall", shortfall.saturating_abs(), 0)?;
        let seen_by = self.facts.seen_by(at);
        let says = effect.and_then(|effect| effect.included_in_count_of).map(|count| count.0);
        require(says == seen_by, Invariant::I1, || match seen_by {
            Some(_) => "a later count has seen it, but it does not say so".to_owned(),
            None => "it says that a count has seen it, but none has".to_owned(),
        })?;
        if seen_by.is_none() {
            self.facts.add(at, fact);
        }
        self.on_hand += on_hand;
        self.shortfall += shortfall;
        Ok(on_hand)
    }

    /// When the latest count was taken.
    pub(super) fn counted_at(&self) -> Option<i64> {
        self.facts.counted_at()
    }

    /// The effects that the events say must lead to what their facts add up to in the order in which they happened.
    pub(super) fn check_facts(&self) -> Result<(), Broken> {
        let Numbers { on_hand, shortfall } = self.facts.numbers;
        let same = (self.on_hand, self.shortfall) == (on_hand, shortfall);
        require(same, Invariant::I1, || {
            format!(
                "it leaves {} on hand and {} missing, but in the order in which things happened {on_hand} are on hand \
                 and {shortfall} missing",
                self.on_hand, self.shortfall
            )
        })
    }

    /// Checks the bounds of what is on hand, missing and reserved.
    pub(super) fn check(&self) -> Result<(), Broken> {
        let Self { on_hand, reserved, .. } = self;
        require((0..=UNITS_MAX).contains(on_hand), Invariant::I2, || {
            format!("it leaves {on_hand} on hand, outside 0 to {UNITS_MAX}")
        })?;
        require((0..=UNITS_MAX).contains(&self.shortfall), Invariant::I2, || {
            format!("it leaves {} missing, outside 0 to {UNITS_MAX}", self.shortfall)
        })?;
        require(*reserved >= 0, Invariant::I2, || format!("it leaves {reserved} reserved"))?;
        require(reserved <= on_hand, Invariant::I2, || {
            format!("it leaves {reserved} reserved of {on_hand} on hand: oversold")
        })
    }

    /// Checks the sums at the end of the log; `held` is what its active reservations hold.
    pub(super) fn check_sums(&self, held: i64) -> Result<(), Broken> {
        let Self { on_hand, reserved, received, committed, adjusted, transferred, .. } = self;
        require(*reserved == held, Invariant::I2, || {
            format!("{reserved} are reserved, but its active reservations hold {held}")
        })?;
        let moved = received - committed + adjusted + transferred;
        require(*on_hand == moved, Invariant::I1, || {
            format!(
                "{on_hand} are on hand, but {received} were received, {committed} committed, \
                 {adjusted:+} adjusted and {transferred:+} transferred"
            )
        })
    }
}

/// Checks the size of a number of units.
pub(super) fn units(what: &str, found: i64, least: i64) -> Result<(), Broken> {
    require((least..=UNITS_MAX).contains(&found), Invariant::I2, || {
        format!("{what} is {found}, outside {least} to {UNITS_MAX}")
    })
}
