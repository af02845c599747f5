//! The suite that every adapter of the lease port passes: one macro line gives one test per case.
//!
//! An adapter's tests write `kit_testkit::lease_contract!(name, leases_expression);`. The expression gives leases that nobody
//! else uses, which several holders may ask at once. An attribute behind it is given to each test.

#![expect(clippy::missing_panics_doc, reason = "every function here is a test that panics to fail")]

use std::time::Duration;

use kit_core::Epoch;
use kit_lease::{Lease, Leases};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// Longer than any test takes.
const LONG: Duration = Duration::from_mins(5);

/// Over as soon as it has begun.
const SHORT: Duration = Duration::from_millis(50);

/// Longest wait for something that is to happen.
const PATIENCE: Duration = Duration::from_secs(30);

const RELAY: &str = "relay";

/// Declares a module with one test per case of the contract.
#[macro_export]
macro_rules! lease_contract {
    ($name:ident, $leases:expr $(, #[$attribute:meta])?) => {
        mod $name {
            #[allow(unused_imports, reason = "the expression may need names of the file around")]
            use super::*;

            $crate::lease_contract!(@cases $leases, [$(#[$attribute])?]: [
                one_has_it_and_the_others_wait,
                a_lease_that_has_run_out_is_anothers,
                a_lease_that_has_run_out_cannot_be_renewed,
                a_renewed_lease_lives_on,
                who_asks_again_has_a_new_epoch,
                an_epoch_is_above_what_the_caller_knows,
                racing_holders_have_one_winner,
                names_have_leases_of_their_own,
            ]);
        }
    };
    (@cases $leases:expr, $attributes:tt: [$($case:ident,)+]) => {
        $($crate::lease_contract!(@case $leases, $attributes, $case);)+
    };
    (@case $leases:expr, [$(#[$attribute:meta])?], $case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $case() {
            $crate::leases::$case(&$leases).await;
        }
    };
}

fn holder(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

async fn ask(leases: &impl Leases, number: u128, time_to_live: Duration) -> Option<Lease> {
    let asked = leases.acquire(RELAY, holder(number), time_to_live, Epoch::ZERO);
    asked.await.expect("leases can be asked for")
}

/// Takes the lease, which must be free or become so.
async fn take(leases: &impl Leases, number: u128, time_to_live: Duration) -> Lease {
    let began = Instant::now();
    loop {
        if let Some(lease) = ask(leases, number, time_to_live).await {
            assert_eq!((&*lease.name, lease.holder), (RELAY, holder(number)));
            return lease;
        }
        assert!(began.elapsed() < PATIENCE, "the lease does not become free");
        sleep(SHORT).await;
    }
}

async fn renew(leases: &impl Leases, lease: &Lease) -> bool {
    leases.renew(lease, LONG).await.expect("leases can be renewed")
}

async fn release(leases: &impl Leases, lease: &Lease) {
    leases.release(lease).await.expect("leases can be released");
}

/// Nobody gets a lease that is another's, until it is given back.
pub async fn one_has_it_and_the_others_wait(leases: &impl Leases) {
    let first = take(leases, 1, LONG).await;
    assert!(first.epoch > Epoch::ZERO, "zero is the epoch of those who need no lease");
    assert_eq!(ask(leases, 2, LONG).await, None);
    assert!(renew(leases, &first).await);
    release(leases, &first).await;
    assert!(!renew(leases, &first).await, "it was given back");
    let second = take(leases, 2, LONG).await;
    assert!(second.epoch > first.epoch);
}

/// A holder that was paused learns that it is none any more, and changes nothing for the next one.
pub async fn a_lease_that_has_run_out_is_anothers(leases: &impl Leases) {
    let first = take(leases, 1, SHORT).await;
    let second = take(leases, 2, LONG).await;
    assert!(second.epoch > first.epoch);
    assert!(!renew(leases, &first).await);
    release(leases, &first).await;
    assert!(renew(leases, &second).await);
    assert_eq!(ask(leases, 3, LONG).await, None);
}

/// Its holder may have been told by its own clock that others have it now, and must not be told otherwise.
pub async fn a_lease_that_has_run_out_cannot_be_renewed(leases: &impl Leases) {
    let lease = take(leases, 1, SHORT).await;
    sleep(SHORT * 10).await;
    assert!(!renew(leases, &lease).await);
    let again = take(leases, 1, LONG).await;
    assert!(again.epoch > lease.epoch, "the epoch outlives the lease");
}

/// A renewal moves the end.
pub async fn a_renewed_lease_lives_on(leases: &impl Leases) {
    let soon = Duration::from_secs(2);
    let lease = take(leases, 1, soon).await;
    assert!(renew(leases, &lease).await);
    sleep(soon + SHORT * 2).await;
    assert_eq!(ask(leases, 2, LONG).await, None);
    assert!(renew(leases, &lease).await);
}

/// The answer to the first call may have been lost; what was begun with it is over.
pub async fn who_asks_again_has_a_new_epoch(leases: &impl Leases) {
    let first = take(leases, 1, LONG).await;
    let second = take(leases, 1, LONG).await;
    assert!(second.epoch > first.epoch);
    assert!(!renew(leases, &first).await);
    release(leases, &first).await;
    assert!(renew(leases, &second).await);
}

/// A keeper that has forgotten its epochs is told by those who know the stores.
pub async fn an_epoch_is_above_what_the_caller_knows(leases: &impl Leases) {
    let mut above = Epoch::ZERO;
    // large ones too: no keeper may count in floating point
    for known in [0, 41, 3, 1 << 52] {
        let known = Epoch::new(known);
        let asked = leases.acquire(RELAY, holder(1), LONG, known).await;
        let lease = asked.expect("leases can be asked for").expect("it is the holder's own");
        above = above.max(known).next();
        assert_eq!(lease.epoch, above);
        assert!(renew(leases, &lease).await);
    }
}

/// However many ask at once.
pub async fn racing_holders_have_one_winner(leases: &impl Leases) {
    let mut last = Epoch::ZERO;
    for _ in 0..5 {
        let [a, b, c, d] = [1, 2, 3, 4].map(|number| ask(leases, number, LONG));
        let asked = tokio::join!(a, b, c, d);
        let winners: Vec<Lease> =
            [asked.0, asked.1, asked.2, asked.3].into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert!(winners[0].epoch > last);
        last = winners[0].epoch;
        release(leases, &winners[0]).await;
    }
}

/// Two singletons may be in two processes.
pub async fn names_have_leases_of_their_own(leases: &impl Leases) {
    let relay = take(leases, 1, LONG).await;
    let other = leases.acquire("sweeper", holder(2), LONG, Epoch::ZERO).await;
    let other = other.expect("leases can be asked for").expect("it is free");
    release(leases, &other).await;
    assert!(renew(leases, &relay).await);
}
