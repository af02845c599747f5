//! One load for each key at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kit_cache::Flights;
use tokio::time::sleep;

#[tokio::test(start_paused = true)]
async fn who_comes_while_it_is_loaded_waits_for_it() {
    let (flights, loads) = (Arc::new(Flights::<u8, u32>::default()), Arc::new(AtomicU32::new(0)));
    let ask = |key| {
        let (flights, loads) = (Arc::clone(&flights), Arc::clone(&loads));
        tokio::spawn(async move {
            let load = || async move {
                let number = loads.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_secs(1)).await;
                number
            };
            flights.join(key, load).await
        })
    };
    let first: Vec<_> = (0..100).map(|_| ask(1)).collect();
    let other = ask(2);
    tokio::task::yield_now().await;
    // who began it leaves
    first[0].abort();
    for (number, asked) in first.into_iter().enumerate().skip(1) {
        assert_eq!(asked.await.unwrap(), Some(0), "{number}");
    }
    assert_eq!(other.await.unwrap(), Some(1));
    assert_eq!(ask(1).await.unwrap(), Some(2), "what has ended is loaded anew");
}

#[tokio::test]
async fn a_load_that_panics_is_no_answer_and_in_nobodys_way() {
    let flights = Flights::<u8, u32>::default();
    assert_eq!(flights.join(1, || async { panic!("on purpose") }).await, None);
    assert_eq!(flights.join(1, || async { 7 }).await, Some(7));
}
