//! A limit within a process, by a clock that stands still unless it is told.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use governor::clock::FakeRelativeClock;
use kit_rate_limit::{Key, LocalLimit, Quota, Standing};

fn quota(text: &str) -> Quota {
    text.parse().unwrap()
}

fn limit(text: &str) -> (LocalLimit<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let keys_max = NonZeroUsize::new(3).unwrap();
    (LocalLimit::by_clock(quota(text), keys_max, clock.clone()), clock)
}

fn take(limit: &LocalLimit<FakeRelativeClock>, key: &str, cost: u32) -> Standing {
    limit.take(&Key::new(key), NonZeroU32::new(cost).unwrap())
}

#[test]
fn a_burst_passes_then_the_rate() {
    let (limit, clock) = limit("2:4");
    for remaining in [3, 2, 1, 0] {
        let standing = take(&limit, "a", 1);
        assert_eq!((standing.is_allowed, standing.remaining), (true, remaining));
        assert_eq!(
            standing.whole_after(quota("2:4")),
            Duration::from_millis(500) * (4 - remaining)
        );
    }
    let refused = take(&limit, "a", 1);
    assert_eq!(
        refused,
        Standing { is_allowed: false, remaining: 0, retry_after: Duration::from_millis(500) }
    );
    clock.advance(Duration::from_millis(499));
    assert!(!take(&limit, "a", 1).is_allowed);
    clock.advance(Duration::from_millis(1));
    assert!(take(&limit, "a", 1).is_allowed);
    assert!(
        !take(&limit, "a", 1).is_allowed,
        "what was refused has used nothing, and gives nothing either"
    );
    clock.advance(Duration::from_hours(1));
    assert_eq!(take(&limit, "a", 1).remaining, 3, "a rest fills the bucket and no more");
}

#[test]
fn each_key_has_a_quota_of_its_own() {
    let (limit, _clock) = limit("1:1");
    assert!(take(&limit, "a", 1).is_allowed);
    assert!(!take(&limit, "a", 1).is_allowed);
    assert!(take(&limit, "b", 1).is_allowed);
}

#[test]
fn a_cost_is_taken_whole_or_not_at_all() {
    let (limit, clock) = limit("10:10");
    assert_eq!(take(&limit, "a", 7).remaining, 3);
    let refused = take(&limit, "a", 4);
    assert_eq!((refused.is_allowed, refused.remaining), (false, 3));
    assert_eq!(refused.retry_after, Duration::from_millis(100));
    assert_eq!(take(&limit, "a", 3).remaining, 0);
    clock.advance(Duration::from_secs(1));
    assert!(take(&limit, "a", 1_000).is_allowed, "more than the burst counts as the burst");
    assert!(!take(&limit, "a", 1).is_allowed);
}

#[test]
fn looking_uses_nothing() {
    let (limit, clock) = limit("2:2");
    let key = Key::new("a");
    assert_eq!(limit.blocked_for(&key), None);
    take(&limit, "a", 1);
    assert_eq!(limit.blocked_for(&key), None);
    take(&limit, "a", 1);
    assert_eq!(limit.blocked_for(&key), Some(Duration::from_millis(500)));
    clock.advance(Duration::from_millis(500));
    assert_eq!(limit.blocked_for(&key), None);
    assert!(take(&limit, "a", 1).is_allowed);
}

#[test]
fn however_many_keys_come_a_bounded_number_is_remembered() {
    let (limit, _clock) = limit("1:1");
    for number in 0..1_000 {
        assert!(take(&limit, &format!("other-{number}"), 1).is_allowed);
        take(&limit, "a", 1);
    }
    assert_eq!(limit.keys(), 3);
    assert!(
        !take(&limit, "a", 1).is_allowed,
        "who is in use is not forgotten for those who are not"
    );
}
