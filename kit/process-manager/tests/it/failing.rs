//! Steps that fail, answers that are lost, steps that are refused: every process ends, and each step is done once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Timestamp;
use kit_event_store::Streams as _;
use kit_event_store::memory::MemoryStore;
use kit_executor::Codec as _;
use kit_process_manager::{
    DriveError, DueProcesses, Process as _, Processes, Reaction, Runner, Unfinished,
};
use kit_testkit::clock::SimClock;
use uuid::Uuid;

use crate::errands::{ERRAND, Errands, Fault, STEPS, Task, Town, errand, plan, processes};

/// Knows what is due from the log itself.
pub(crate) struct Due(pub(crate) Arc<Processes<Errands>>);

#[async_trait]
impl DueProcesses for Due {
    async fn due(&self, now: Timestamp, _: usize) -> Result<Vec<Uuid>, String> {
        let due = match Errands.react(&errand(&self.0).await) {
            Reaction::Perform { .. } => true,
            Reaction::Wait { until } => until.is_some_and(|until| until <= now),
            Reaction::Ended => false,
        };
        Ok(due.then_some(ERRAND).into_iter().collect())
    }

    async fn unfinished(&self) -> Result<Unfinished, String> {
        Ok(Unfinished::default())
    }
}

fn all_done() -> Vec<Task> {
    (0..STEPS).map(Task::Do).collect()
}

#[tokio::test]
async fn a_process_goes_as_far_as_it_goes_by_itself() {
    let (log, town, clock) = (Arc::new(MemoryStore::shared()), Arc::default(), SimClock::default());
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    one.drive(ERRAND).await.unwrap();
    assert_eq!(*town.done.lock(), all_done());
    assert_eq!(errand(&one).await.done, STEPS);
    let loaded = log.load(&[Errands.stream(ERRAND)], Errands::SNAPSHOT_SCHEMA).await.unwrap();
    assert!(loaded[0].snapshot.is_none(), "a process has no shape of a snapshot");
}

#[tokio::test]
async fn a_moment_that_has_come_is_found_in_the_log() {
    let (log, town, clock) = (Arc::new(MemoryStore::shared()), Arc::default(), SimClock::default());
    let one = processes(&log, &town, &clock);
    plan(&one, 60).await;
    one.drive(ERRAND).await.unwrap();
    assert!(!errand(&one).await.is_begun, "it is not yet time");
    clock.move_seconds(60);
    // another process, which has nothing of it in memory
    let other = processes(&log, &town, &clock);
    Runner::new("errands", Arc::clone(&other), Arc::new(Due(Arc::clone(&other)))).inspect().await;
    assert_eq!(*town.done.lock(), all_done());
}

/// A driver ends at each place in turn, before a step is done and after; another goes on.
#[tokio::test]
async fn a_crash_at_any_step_leaves_nothing_undone_and_nothing_done_twice() {
    for step in 0..STEPS {
        for fault in [Fault::Before, Fault::After] {
            let (log, clock) = (Arc::new(MemoryStore::shared()), SimClock::default());
            let town = Arc::new(Town::default());
            town.faults.lock().insert(Task::Do(step), vec![fault]);
            let one = processes(&log, &town, &clock);
            plan(&one, 0).await;
            let failed = one.drive(ERRAND).await.unwrap_err();
            assert!(matches!(failed, DriveError::Step { .. }), "{failed}");
            let other = processes(&log, &town, &clock);
            other.drive(ERRAND).await.unwrap();
            assert_eq!(*town.done.lock(), all_done(), "{fault:?} of step {step}");
            assert_eq!(errand(&other).await.done, STEPS);
        }
    }
}

#[tokio::test]
async fn a_refused_step_undoes_those_before_it_however_often_that_fails() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    town.faults.lock().insert(Task::Do(2), vec![Fault::Refuse]);
    town.faults.lock().insert(Task::Undo(1), vec![Fault::After, Fault::Before]);
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    for _ in 0..2 {
        one.drive(ERRAND).await.unwrap_err();
    }
    one.drive(ERRAND).await.unwrap();
    let undone = [Task::Do(0), Task::Do(1), Task::Undo(1), Task::Undo(0)];
    assert_eq!(*town.done.lock(), undone);
}

/// A step that must be done and is refused is not asked for without a pause.
#[tokio::test]
async fn a_refused_compensation_stays_to_be_done() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    town.faults.lock().insert(Task::Do(1), vec![Fault::Refuse]);
    town.faults.lock().insert(Task::Undo(0), vec![Fault::Refuse; 2]);
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    let failed = one.drive(ERRAND).await.unwrap_err();
    assert!(failed.to_string().contains("no"), "{failed}");
    assert_eq!(errand(&one).await.undone, 0);
    one.drive(ERRAND).await.unwrap();
    assert_eq!(errand(&one).await.undone, 1);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_keeps_failing_is_told_to_people_and_tried_on() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    town.faults.lock().insert(Task::Do(0), vec![Fault::Before; 12]);
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    let due = Arc::new(Due(Arc::clone(&one)));
    let mut runner = Runner::new("errands", Arc::clone(&one), due);
    for _ in 0..9 {
        runner.inspect().await;
        tokio::time::advance(Duration::from_mins(6)).await;
    }
    assert_eq!(errand(&one).await.delayed, None, "not before it has failed often");
    runner.inspect().await;
    assert_eq!(errand(&one).await.delayed, Some(10));
    assert_eq!(errand(&one).await.done, 0);
    for _ in 0..3 {
        tokio::time::advance(Duration::from_mins(6)).await;
        runner.inspect().await;
    }
    assert_eq!(*town.done.lock(), all_done());
}

/// Somebody who has asked for a try need not wait until it has failed often.
#[tokio::test]
async fn a_try_that_was_asked_for_and_fails_is_told_at_once() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    town.faults.lock().insert(Task::Do(0), vec![Fault::Before; 2]);
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    one.drive(ERRAND).await.unwrap_err();
    assert_eq!(errand(&one).await.delayed, None, "it failed once, and nobody has asked");
    let failed = one.retry(ERRAND).await.unwrap_err();
    assert!(failed.to_string().contains("away"), "{failed}");
    assert_eq!(errand(&one).await.delayed, Some(1));
    one.retry(ERRAND).await.unwrap();
    assert_eq!(*town.done.lock(), all_done());
}

#[tokio::test(start_paused = true)]
async fn a_failing_step_is_not_tried_without_a_pause() {
    let (log, town, clock) =
        (Arc::new(MemoryStore::shared()), Arc::new(Town::default()), SimClock::default());
    town.faults.lock().insert(Task::Do(0), vec![Fault::Before; 3]);
    let one = processes(&log, &town, &clock);
    plan(&one, 0).await;
    let due = Arc::new(Due(Arc::clone(&one)));
    let mut runner = Runner::new("errands", Arc::clone(&one), due);
    for _ in 0..5 {
        runner.inspect().await;
    }
    assert_eq!(town.calls.lock().len(), 1);
}
