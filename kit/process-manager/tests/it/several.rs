//! Several drive one process at a time, as two runners do when a lease has changed hands.

use std::sync::Arc;
use std::time::Duration;

use kit_event_store::memory::MemoryStore;
use kit_testkit::clock::SimClock;
use tokio::sync::Semaphore;

use crate::errands::{ERRAND, Errands, STEPS, Task, Town, errand, plan, processes};

/// Long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_secs(10);

fn all_done() -> Vec<Task> {
    (0..STEPS).map(Task::Do).collect()
}

/// A holder is paused after its step was done and before it is recorded. Another goes on to the end; when the first wakes
/// up, it changes nothing.
#[tokio::test]
async fn a_paused_holder_that_wakes_up_changes_nothing() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    let (paused, other) = (processes(&log, &town, &clock), processes(&log, &town, &clock));
    plan(&paused, 0).await;
    let gate = Arc::new(Semaphore::new(0));
    *town.gate.lock() = Some(Arc::clone(&gate));
    let waking = tokio::spawn({
        let paused = Arc::clone(&paused);
        async move { paused.drive(ERRAND).await }
    });
    let is_paused = async {
        while town.done.lock().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, is_paused).await.unwrap();
    other.drive(ERRAND).await.unwrap();
    let ended = errand(&other).await;
    assert_eq!(ended.done, STEPS);
    gate.add_permits(1);
    tokio::time::timeout(PATIENCE, waking).await.unwrap().unwrap().unwrap();
    assert_eq!(errand(&paused).await, ended);
    assert_eq!(*town.done.lock(), all_done());
}

#[tokio::test]
async fn many_that_drive_at_once_do_each_step_once() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    let several: Vec<_> = (0..4).map(|_| processes(&log, &town, &clock)).collect();
    plan(&several[0], 0).await;
    let drives: Vec<_> = several
        .iter()
        .map(|processes: &Arc<kit_process_manager::Processes<Errands>>| {
            let processes = Arc::clone(processes);
            tokio::spawn(async move { processes.drive(ERRAND).await })
        })
        .collect();
    for drive in drives {
        tokio::time::timeout(PATIENCE, drive).await.unwrap().unwrap().unwrap();
    }
    assert_eq!(*town.done.lock(), all_done());
    assert_eq!(errand(&several[0]).await.done, STEPS);
}
