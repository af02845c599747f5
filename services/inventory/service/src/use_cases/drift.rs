//! Where a copy of a stock level differs from what the log leads to.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Timestamp;

use super::stock_level::StockLevel;

/// What a copy of a stock level is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelCopy {
    /// The view that lists and single levels are read from.
    View,
    /// The cache of this process before it.
    Cache,
}

impl LevelCopy {
    /// Its name in metrics, logs and answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Cache => "cache",
        }
    }
}

/// A copy of a stock level that is wrong: it has seen the same events as the log has, and says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The store.
    pub store: StoreId,
    /// The product.
    pub product: ProductId,
    /// Which copy.
    pub copy: LevelCopy,
    /// The fields that differ, at least one.
    pub fields: Vec<DriftField>,
}

/// A field of a stock level that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriftField {
    /// Its name as answers have it.
    pub name: &'static str,
    /// What the log leads to; a time in milliseconds since 1970, `None` where it has none.
    pub log: Option<i64>,
    /// What the copy says; `None` where it has none, or no such level.
    pub found: Option<i64>,
}

/// The numbers of a level, by name.
fn numbers(level: &StockLevel) -> [(&'static str, Option<i64>); 9] {
    let units = |units: u32| Some(i64::from(units));
    let moment = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
    [
        ("version", i64::try_from(level.version.get()).ok()),
        ("onHand", units(level.on_hand)),
        ("shortfall", units(level.shortfall)),
        ("reserved", units(level.reserved)),
        ("lapsed", units(level.lapsed)),
        ("safetyStock", units(level.safety_stock)),
        ("reorderPoint", units(level.reorder_point)),
        ("countedAt", moment(level.counted_at)),
        ("nextDeadline", moment(level.next_deadline)),
    ]
}

/// Whether two looks at a level say the same of it: nothing has happened to it between them, and no deadline has passed.
pub(super) fn is_unchanged(before: &StockLevel, after: &StockLevel) -> bool {
    numbers(before) == numbers(after)
}

/// How a copy differs from what the log leads to; `None` where it does not.
pub(super) fn drift(
    truth: &StockLevel,
    copy: LevelCopy,
    found: Option<&StockLevel>,
) -> Option<Drift> {
    let found = found.map(numbers);
    let fields = numbers(truth).into_iter().enumerate().filter_map(|(place, (name, log))| {
        let found = found.as_ref().and_then(|found| found[place].1);
        (found != log).then_some(DriftField { name, log, found })
    });
    let fields: Vec<_> = fields.collect();
    let (store, product) = (truth.store, truth.product);
    (!fields.is_empty()).then_some(Drift { store, product, copy, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(on_hand: u32) -> StockLevel {
        let (store, product) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let none = StockLevel::unrecorded(StoreId::from_uuid(store), ProductId::from_uuid(product));
        StockLevel { on_hand, ..none }
    }

    #[test]
    fn only_what_differs_is_told() {
        let truth = level(5);
        assert_eq!(drift(&truth, LevelCopy::View, Some(&level(5))), None);
        let told = drift(&truth, LevelCopy::Cache, Some(&level(6))).unwrap();
        let on_hand = DriftField { name: "onHand", log: Some(5), found: Some(6) };
        assert_eq!((told.copy, told.fields), (LevelCopy::Cache, vec![on_hand]));
    }

    #[test]
    fn the_moment_of_a_look_and_a_later_position_are_no_difference() {
        let truth = level(5);
        let later = StockLevel {
            as_of: Timestamp::from_millis(7),
            position: kit_core::Position::new(9),
            ..truth
        };
        assert!(is_unchanged(&truth, &later));
        assert_eq!(drift(&truth, LevelCopy::View, Some(&later)), None);
        let overdue = StockLevel { next_deadline: Some(Timestamp::from_millis(7)), ..truth };
        assert!(!is_unchanged(&truth, &overdue));
    }

    #[test]
    fn a_level_that_a_copy_lacks_differs_in_all_that_it_has() {
        let told = drift(&level(5), LevelCopy::View, None).unwrap();
        assert!(told.fields.iter().all(|field| field.found.is_none()));
        assert!(told.fields.iter().any(|field| field.name == "onHand"));
    }
}
