//! The suite that every adapter of the shared cache passes: one macro line gives one test per case.
//!
//! An adapter's tests write `kit_testkit::cache_contract!(name, cache_expression);`. The expression gives a cache that nobody
//! else uses. An attribute behind it is given to each test.

#![expect(clippy::missing_panics_doc, reason = "every function here is a test that panics to fail")]

use std::time::Duration;

use kit_cache::{Entry, Invalidation, SharedCache, Tell};
use tokio::sync::broadcast::Receiver;
use tokio::time::{sleep, timeout};

/// Longest wait for word of a change.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longer than any test takes.
const LONG: Duration = Duration::from_mins(5);

/// Declares a module with one test per case of the contract.
#[macro_export]
macro_rules! cache_contract {
    ($name:ident, $cache:expr $(, #[$attribute:meta])?) => {
        mod $name {
            #[allow(unused_imports, reason = "the expression may need names of the file around")]
            use super::*;

            $crate::cache_contract!(@cases $cache, [$(#[$attribute])?]: [
                what_is_put_is_found_as_it_was,
                an_entry_ends,
                an_older_entry_does_not_replace_a_newer_one,
                racing_entries_leave_the_newest,
                a_change_is_told_once,
                what_was_only_read_is_told_to_nobody,
                all_can_be_told_to_forget_everything,
            ]);
        }
    };
    (@cases $cache:expr, $attributes:tt: [$($case:ident,)+]) => {
        $($crate::cache_contract!(@case $cache, $attributes, $case);)+
    };
    (@case $cache:expr, [$(#[$attribute:meta])?], $case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $case() {
            $crate::caches::$case(&$cache).await;
        }
    };
}

/// An entry of a version.
#[must_use]
pub fn entry(key: &str, version: u64) -> Entry {
    let value = format!("{key} {version}").into_bytes();
    Entry { key: key.to_owned(), version, value, time_to_live: LONG }
}

async fn put(cache: &impl SharedCache, key: &str, version: u64, tell: Tell) -> bool {
    cache.put_if_newer(entry(key, version), tell).await.expect("the cache takes entries")
}

async fn get(cache: &impl SharedCache, key: &str) -> Option<Vec<u8>> {
    cache.get(key).await.expect("the cache answers")
}

async fn next(told: &mut Receiver<Invalidation>) -> Invalidation {
    timeout(PATIENCE, told.recv()).await.expect("word comes soon").expect("word comes")
}

fn changed(key: &str, version: u64) -> Invalidation {
    Invalidation::Changed { key: key.to_owned(), version }
}

/// Any bytes, under any key.
pub async fn what_is_put_is_found_as_it_was(cache: &impl SharedCache) {
    assert_eq!(get(cache, "a").await, None);
    for (key, value) in [("a", Vec::new()), ("b c:{é}", (0..=255).collect::<Vec<u8>>())] {
        let entry = Entry { value: value.clone(), ..entry(key, 1) };
        assert!(cache.put_if_newer(entry, Tell::Nobody).await.expect("taken"));
        assert_eq!(get(cache, key).await, Some(value), "{key}");
    }
}

/// Nothing is kept longer than it is to be.
pub async fn an_entry_ends(cache: &impl SharedCache) {
    let short = Duration::from_millis(50);
    let brief = Entry { time_to_live: short, ..entry("a", 7) };
    assert!(cache.put_if_newer(brief, Tell::Nobody).await.expect("taken"));
    sleep(short * 10).await;
    assert_eq!(get(cache, "a").await, None);
    assert!(put(cache, "a", 3, Tell::Nobody).await, "its version ends with it");
}

/// However late a slow process comes.
pub async fn an_older_entry_does_not_replace_a_newer_one(cache: &impl SharedCache) {
    // larger than what is exact in single precision, and in another order as text than as numbers
    for (older, newer) in [(9, 10), (16_777_216, 16_777_217)] {
        assert!(put(cache, "a", newer, Tell::Nobody).await);
        assert!(!put(cache, "a", older, Tell::Nobody).await, "{older} after {newer}");
        assert_eq!(get(cache, "a").await, Some(entry("a", newer).value));
        assert!(put(cache, "a", newer, Tell::Nobody).await, "the same again is fine");
    }
}

/// Whatever comes first.
pub async fn racing_entries_leave_the_newest(cache: &impl SharedCache) {
    for round in 0..20 {
        let versions = [3, 1, 4, 2].map(|version| round * 10 + version);
        let [a, b, c, d] = versions.map(|version| put(cache, "a", version, Tell::Nobody));
        tokio::join!(a, b, c, d);
        assert_eq!(get(cache, "a").await, Some(entry("a", round * 10 + 4).value));
    }
}

/// Each process that sees a change may put it, and one of them tells.
pub async fn a_change_is_told_once(cache: &impl SharedCache) {
    let mut told = cache.invalidations();
    for version in [1, 1, 2, 1, 2] {
        put(cache, "a", version, Tell::Others).await;
    }
    put(cache, "b", 1, Tell::Others).await;
    let mut heard = [next(&mut told).await, next(&mut told).await, next(&mut told).await];
    // in order for each key
    heard.sort_by_key(|one| *one == changed("b", 1));
    assert_eq!(heard, [changed("a", 1), changed("a", 2), changed("b", 1)]);
}

/// Reading changes nothing.
pub async fn what_was_only_read_is_told_to_nobody(cache: &impl SharedCache) {
    let mut told = cache.invalidations();
    put(cache, "a", 1, Tell::Nobody).await;
    put(cache, "a", 2, Tell::Others).await;
    assert_eq!(next(&mut told).await, changed("a", 2));
}

/// Where it is not known what has changed.
pub async fn all_can_be_told_to_forget_everything(cache: &impl SharedCache) {
    let (mut told, mut also_told) = (cache.invalidations(), cache.invalidations());
    cache.invalidate_all().await.expect("told");
    assert_eq!(next(&mut told).await, Invalidation::All);
    assert_eq!(next(&mut also_told).await, Invalidation::All);
}
