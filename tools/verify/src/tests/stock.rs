//! I1 and I2: units are conserved, and never held twice.

use super::super::entry::Invariant::{I1, I2};
use super::log::Log;
use super::{assert_broken, check};

#[test]
fn reserved_never_exceeds_on_hand_at_any_prefix() {
    let oversold = Log::new().add(1, 5).reserve(1, &[(1, 3)]).reserve(2, &[(1, 3)]);
    assert_broken(&oversold, I2, 3, "it leaves 6 reserved of 5 on hand: oversold");
    // that it is repaired right after is no excuse
    assert_broken(&oversold.add(1, 10), I2, 3, "oversold");
    let corrected = Log::new().add(1, 5).reserve(1, &[(1, 5)]).adjust(1, -1);
    assert_broken(&corrected, I2, 3, "it leaves 5 reserved of 4 on hand");
    // the same correction is sound when the hold is revoked before it
    let revoked = Log::new().add(1, 5).reserve(1, &[(1, 5)]).revoke_and_adjust(1, 1, 5, -1);
    assert!(check(&revoked).is_ok());
}

#[test]
fn on_hand_stays_within_bounds() {
    assert_broken(&Log::new().add(1, 5).adjust(1, -6), I2, 2, "it leaves -1 on hand");
    let full = Log::new().add(1, 1_000_000_000);
    assert!(check(&full).is_ok());
    assert_broken(&full.add(1, 1), I2, 2, "it leaves 1000000001 on hand");
}

#[test]
fn quantities_of_events_are_sane() {
    for quantity in [0, -1, 1_000_000_001, i64::MAX, i64::MIN] {
        assert_broken(&Log::new().add(1, quantity), I2, 1, &format!("quantity is {quantity}"));
    }
    let log = || Log::new().add(1, 5).reserve(1, &[(1, 5)]);
    assert_broken(&Log::new().add(1, 5).reserve(1, &[(1, 0)]), I2, 2, "quantity is 0");
    assert_broken(&log().commit(1, &[(1, 0, 5)]), I2, 3, "quantity is 0");
    assert_broken(&log().commit(1, &[(1, 6, -1)]), I2, 3, "returned is -1");
    assert_broken(&log().release(1, 1, -5, "cancelled"), I2, 3, "quantity is -5");
    assert_broken(&log().adjust(1, 0), I2, 3, "size of the adjustment is 0");
    assert_broken(&log().adjust(1, i64::MIN), I2, 3, "size of the adjustment");
    assert_broken(&log().policy(1, -1, 0), I2, 3, "safety stock is -1");
    assert_broken(&log().policy(1, 0, -1), I2, 3, "reorder point is -1");
    assert_broken(&log().count(1, 0, -1), I2, 3, "counted is -1");
}

#[test]
fn a_count_of_now_leaves_what_was_counted() {
    assert!(check(&Log::new().add(1, 5).count(1, -2, 3).count(1, 0, 3)).is_ok());
    let lost = Log::new().add(1, 5).count(1, -1, 3);
    assert_broken(
        &lost,
        I1,
        2,
        "it leaves 4 on hand and 0 missing, but in the order in which things happened 3",
    );
    // an earlier release applied a count of the past as a difference
    let past = lost.damage(2, |event| event.occurred_at = 0);
    assert!(check(&past).is_ok());
}
