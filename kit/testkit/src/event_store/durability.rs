//! Cases about what outlives the process; those that need a restart end early for a store that forgets.

use std::sync::Arc;

use kit_core::{Epoch, Position, RecordedEvent, Timestamp, Version};

use super::{
    Subject, append, append_one, assert_conflict, assert_holds_exactly, assert_taken, claiming,
    commit, key, moment, noon, recorded, stream, transaction, whole_log, whole_stream,
};
use kit_event_store::{EventStore, LogMark, SavedCheckpoint};

/// Stores something of everything and closes the store.
async fn fill(subject: &dyn Subject) -> Vec<Arc<RecordedEvent>> {
    let store = subject.open().await;
    let first = claiming(transaction([append("a", 0, 3), append("b", 0, 1)]), "for-ever", None);
    let mut log = commit(&*store, first).await;
    let late = recorded(transaction([append("a", 3, 1)]), moment(5_000));
    log.extend(commit(&*store, claiming(late, "a-while", Some(moment(60_000)))).await);
    let stale = transaction([append("a", 0, 1)]);
    assert_conflict(&append_one(&*store, claiming(stale, "never", None)).await, "a", (0, 4));
    let early = recorded(transaction([append("c", 0, 1)]), moment(1_000));
    log.extend(commit(&*store, early).await);
    save(&*store, "relay", 5, 7).await;
    log
}

/// Saves a checkpoint, which must not be refused.
async fn save(store: &dyn EventStore, subscriber: &str, at: u64, epoch: u64) {
    let saved = saved(store, subscriber, at, epoch).await;
    assert_eq!(saved, SavedCheckpoint::Saved, "{subscriber} at {at} in epoch {epoch}");
}

async fn saved(store: &dyn EventStore, subscriber: &str, at: u64, epoch: u64) -> SavedCheckpoint {
    let (at, epoch) = (Position::new(at), Epoch::new(epoch));
    store.save_checkpoint(subscriber, at, epoch).await.expect("the store takes checkpoints")
}

/// Asserts that a checkpoint is refused because of a later epoch, and that nothing is changed by it.
async fn assert_superseded(store: &dyn EventStore, subscriber: &str, epoch: u64, by: u64) {
    let before = store.load_checkpoint(subscriber).await.expect("loaded");
    let superseded = SavedCheckpoint::Superseded { by: Epoch::new(by) };
    assert_eq!(saved(store, subscriber, 1, epoch).await, superseded);
    assert_eq!(store.load_checkpoint(subscriber).await.expect("loaded"), before);
}

async fn restart(subject: &dyn Subject) -> Option<Arc<dyn EventStore>> {
    if subject.durable() { Some(subject.open().await) } else { None }
}

/// A subscriber's checkpoint is the one it saved last, and zero before.
pub async fn checkpoints_are_kept_by_subscriber(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, transaction([append("a", 0, 9)])).await;
    assert_eq!(store.load_checkpoint("relay").await.expect("loaded"), Position::ZERO);
    for (subscriber, at) in [("relay", 3), ("Relay", 4), ("o'brien \"é\"", 5), ("relay", 9)] {
        save(&*store, subscriber, at, 0).await;
        let found = store.load_checkpoint(subscriber).await.expect("loaded");
        assert_eq!(found, Position::new(at), "{subscriber}");
    }
    let found = store.load_checkpoint("Relay").await.expect("loaded");
    assert_eq!(found, Position::new(4), "nobody else's is touched");
}

/// Who lost its lease cannot move the checkpoint of who has it now, whatever it thinks.
pub async fn a_checkpoint_of_an_earlier_epoch_is_refused(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, transaction([append("a", 0, 9)])).await;
    save(&*store, "relay", 3, 1).await;
    save(&*store, "relay", 5, 1).await;
    save(&*store, "relay", 4, 2).await;
    assert_superseded(&*store, "relay", 1, 2).await;
    assert_superseded(&*store, "relay", 0, 2).await;
    save(&*store, "another", 1, 1).await;
    save(&*store, "relay", 9, 2).await;
    assert_superseded(&*store, "relay", 1, 2).await;
}

/// Of two that save at once, the one with the later epoch has saved in the end.
pub async fn racing_checkpoints_leave_the_later_epoch(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, transaction([append("a", 0, 9)])).await;
    for round in 0..20_u64 {
        let (earlier, later) = (2 * round + 1, 2 * round + 2);
        let race = (saved(&*store, "relay", 1, earlier), saved(&*store, "relay", 2, later));
        let (_, second) = tokio::join!(race.0, race.1);
        assert_eq!(second, SavedCheckpoint::Saved, "round {round}");
        let at = store.load_checkpoint("relay").await.expect("loaded");
        assert_eq!(at, Position::new(2), "round {round}");
    }
}

/// The log is the same after a restart, and its head and latest moment are known.
pub async fn a_restart_keeps_the_log(subject: &dyn Subject) {
    let log = fill(subject).await;
    let Some(store) = restart(subject).await else {
        return;
    };
    assert_eq!(store.last_recorded_at(), moment(5_000), "the latest, not the last");
    assert_holds_exactly(&*store, &log).await;
}

/// An empty store has no latest moment, and an old event is found after more than one restart.
pub async fn a_restart_keeps_streams_and_versions(subject: &dyn Subject) {
    assert_eq!(subject.open().await.last_recorded_at(), Timestamp::default());
    let log = fill(subject).await;
    for _ in 0..2 {
        let Some(store) = restart(subject).await else {
            return;
        };
        let versions = store.versions(&[stream("a"), stream("b"), stream("none")]).await;
        assert_eq!(versions.expect("versions"), [4, 1, 0].map(Version::new));
        let past = store.load_at(&stream("a"), noon(), 1).await.expect("loaded");
        assert_eq!(past.events, log[..3]);
        let newest = store.read_back(&stream("a"), None, 1).await.expect("read");
        assert_eq!(newest, log[4..5]);
        let older = store.read_back(&stream("a"), Some(newest[0].position), 1).await;
        assert_eq!(older.expect("read"), log[2..3]);
    }
}

/// Claims hold and end after a restart as they would have without.
pub async fn a_restart_keeps_claims_and_checkpoints(subject: &dyn Subject) {
    fill(subject).await;
    let Some(store) = restart(subject).await else {
        return;
    };
    let keys = [key("for-ever"), key("a-while"), key("never")];
    let positions = async |at| {
        let found = store.find_claims(&keys, at).await.expect("found");
        found.iter().map(|found| found.as_ref().map(|claim| claim.position.get())).collect()
    };
    let held: Vec<_> = positions(moment(59_999)).await;
    assert_eq!(held, [Some(4), Some(5), None]);
    let held: Vec<_> = positions(moment(60_000)).await;
    assert_eq!(held, [Some(4), None, None]);
    let wanted = |at| recorded(claiming(transaction([append("d", 0, 1)]), "a-while", None), at);
    assert_taken(&append_one(&*store, wanted(moment(59_999))).await, "a-while");
    commit(&*store, wanted(moment(60_000))).await;
    assert_eq!(store.load_checkpoint("relay").await.expect("loaded"), Position::new(5));
    assert_eq!(store.load_checkpoint("other").await.expect("loaded"), Position::ZERO);
}

/// Appends after a restart go on where the log ended, with the same checks, and another restart keeps both parts.
pub async fn a_restart_continues_the_log(subject: &dyn Subject) {
    let mut log = fill(subject).await;
    let Some(store) = restart(subject).await else {
        return;
    };
    let outcome = append_one(&*store, transaction([append("a", 3, 1)])).await;
    assert_conflict(&outcome, "a", (3, 4));
    let more = commit(&*store, transaction([append("a", 4, 2), append("e", 0, 1)])).await;
    assert_eq!(more[0].position, Position::new(7));
    log.extend(more);
    assert_eq!(whole_log(&*store).await, log);
    assert_eq!(whole_stream(&*store, "a").await.len(), 6);
    drop(store);
    let Some(store) = restart(subject).await else {
        return;
    };
    assert_holds_exactly(&*store, &log).await;
}

/// A log has the same incarnation after every restart, and two logs never the same.
pub async fn a_restart_keeps_the_incarnation(subject: &dyn Subject) {
    let first = subject.open().await;
    let incarnation = first.incarnation();
    assert_eq!(first.end(), LogMark { incarnation, position: Position::ZERO });
    commit(&*first, transaction([append("a", 0, 2)])).await;
    assert_eq!(first.end(), LogMark { incarnation, position: Position::new(2) });
    assert_eq!(first.health(), Ok(()));
    drop(first);
    for _ in 0..2 {
        let Some(store) = restart(subject).await else {
            return;
        };
        assert_eq!(store.end(), LogMark { incarnation, position: Position::new(2) });
    }
}

/// A store that forgets begins another log, and says so.
pub async fn a_log_that_is_forgotten_is_another_log_after_a_restart(subject: &dyn Subject) {
    if subject.durable() {
        return;
    }
    let first = subject.open().await.incarnation();
    assert_ne!(subject.open().await.incarnation(), first);
}
