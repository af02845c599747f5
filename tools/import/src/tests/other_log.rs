//! Imports into a log that is not the one that their progress stands on.

use std::sync::Arc;

use kit_core::{Position, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Append, EventLog, LogMark, Transaction};

use super::{Place, place};
use crate::accept_older_log;

const STOCK: &str = "store_code,sku,quantity\nS1,P1,4\n";
const SALES: &str = "store_code,sku,quantity,basket_id\nS1,P1,1,T1\nS1,P1,2,T2\nS1,P1,9,T3\n";

impl Place {
    /// Puts a log back that has the first of the events.
    async fn put_back(&mut self, events: usize) {
        let older = MemoryStore::new();
        for event in self.inventory.read_all(Position::ZERO, events).await.unwrap() {
            let mut transaction = Transaction::new(event.metadata.clone(), 0);
            transaction.appends.push(Append {
                stream: event.stream.clone(),
                expected: Version::new(event.version.get() - 1),
                events: vec![event.event.clone()],
            });
            older.append(vec![transaction]).await.unwrap();
        }
        self.inventory = Arc::new(older);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_log_has_of_a_file_is_not_booked_again() {
    let mut place = place().await;
    place.import("sales", SALES).await;
    let before = place.events().await;
    // the stock; it and the first sale; it, both, and half of the second
    for (events, sales) in [(1, 0), (3, 1), (4, 1), (5, 2)] {
        place.put_back(events).await;
        let told = place.import("sales", SALES).await;
        assert!(
            told.contains(&format!("applied before                          {sales}")),
            "{told}"
        );
        assert_eq!(place.events().await, before, "{events} were left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_log_does_not_have_is_booked_again_and_nothing_else() {
    let mut place = place().await;
    place.import("sales", SALES).await;
    let before = place.events().await;
    for _ in 0..2 {
        place.inventory = Arc::new(MemoryStore::new());
        let told = place.import("stock", STOCK).await;
        assert!(told.contains("the log is not the one"), "{told}");
        // a larger export does not find the baskets of a log that is gone
        let more = format!("{SALES}S1,P1,1,T4\n");
        place.import("more", &more).await;
        let told = place.import("sales", SALES).await;
        assert!(told.contains("applied before                          2"), "{told}");
        assert_eq!(place.events().await[..before.len()], before);
        let again = place.import("sales", SALES).await;
        assert!(!again.contains("the log is not the one"), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_that_lie_whole_in_an_older_log_are_done_and_the_others_are_told() {
    let place = place().await;
    let end = place.inventory.end();
    place.import("sales", SALES).await;
    let accepted = LogMark { incarnation: MemoryStore::new().incarnation(), ..end };
    let kept = place.checkpoints();
    let to_repeat = accept_older_log(&kept, accepted).unwrap();
    let files: Vec<_> = to_repeat.iter().map(|import| (import.kind, &*import.file)).collect();
    assert_eq!(
        files,
        [("sales", &*place.path("sales.csv").canonicalize().unwrap().to_string_lossy())]
    );
    // where the log was put back once more before anything was imported
    let lost = LogMark { position: Position::ZERO, incarnation: MemoryStore::new().incarnation() };
    let kept = crate::CheckpointFolder { incarnation: Some(accepted.incarnation), ..kept };
    let kinds = accept_older_log(&kept, lost).unwrap().into_iter().map(|import| import.kind);
    assert_eq!(kinds.collect::<Vec<_>>(), ["stock", "sales"]);
}
