//! Callers who leave in the middle of a call (E09): no connection stays inside a transaction, and nothing is half done.

use std::time::Duration;

use kit_event_store::ClaimKey;
use tokio::{task::yield_now, time::timeout};

use super::SharedSubject;
use crate::event_store::{
    append, claiming, commit, moment, noon, stream, transaction, whole_log, whole_stream,
};

/// Calls of all kinds, each kind with all limits.
const CALLS: u64 = 1_024;

/// A call is given up after 1, 2, 4 ... polls, and the last of these limits is no limit. Polls are counted and no
/// time, because a fast machine answers before any timer fires: the first poll of a call to a server is never its last.
const LIMITS: u64 = 16;

/// However slow the machine, what was begun has ended after this time. It is less than the 15 seconds after which the
/// servers end a transaction that nobody goes on with: a store that leaves them to do so is not good enough.
const PATIENCE: Duration = Duration::from_secs(10);

/// Calls of all kinds are dropped at any of their steps.
pub async fn callers_who_leave_leave_nothing_open(subject: &dyn SharedSubject) {
    let store = subject.open_another().await;
    let mut left = 0;
    for number in 0..CALLS {
        // the last ones leave first of all: nobody uses their connections again and tidies up behind them
        let (name, limit) = (format!("s-{number}"), LIMITS - 1 - number / 4 % LIMITS);
        let wants = claiming(transaction([append(&name, 0, 2)]), &name, Some(moment(1)));
        let (streams, keys) = ([stream(&name)], [ClaimKey::new("test", name.as_str())]);
        let call = async {
            match number % 4 {
                0 => drop(store.find_claims(&keys, noon()).await.unwrap()),
                1 => drop(store.load(&streams, 1).await.unwrap()),
                _ => drop(store.append(vec![wants]).await.unwrap()),
            }
        };
        tokio::select! {
            biased;
            () = call => {}
            () = polled_often(limit) => left += 1,
        }
    }
    assert!((CALLS / LIMITS..CALLS).contains(&left), "{left} of {CALLS} calls were given up");
    // behind all of them
    commit(&*store, transaction([append("last", 0, 1)])).await;
    let ended = async {
        while subject.open_transactions().await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, ended).await.expect("no connection stays inside a transaction");
    for number in 0..CALLS {
        let events = whole_stream(&*store, &format!("s-{number}")).await.len();
        assert!(events == 0 || events == 2, "s-{number} has {events} events of two");
    }
    let positions = (1..).zip(whole_log(&*store).await);
    assert!(positions.into_iter().all(|(position, event)| event.position.get() == position));
}

/// Returns after 2^`limit` polls, never for the last limit.
async fn polled_often(limit: u64) {
    if limit == LIMITS - 1 {
        return std::future::pending().await;
    }
    for _ in 1..1_u64 << limit {
        yield_now().await;
    }
}
