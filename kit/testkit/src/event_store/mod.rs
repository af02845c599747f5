//! The suite that every event store adapter passes: one macro line gives one test per case.
//!
//! An adapter's tests implement [`Subject`] and write
//! `kit_testkit::event_store_contract!(name, subject_expression);`. The crate that does so needs tokio with
//! `macros` and `rt-multi-thread` among its development dependencies.

#![expect(clippy::missing_panics_doc, reason = "every function here is a test that panics to fail")]

pub mod append;
pub mod claims;
pub mod concurrency;
pub mod durability;
pub mod grouping;
pub mod paging;
pub mod reading;

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{
    Actor, EncodedEvent, IdSource as _, Metadata, Position, RandomIds, RecordedEvent, StreamId,
    Timestamp, Version,
};

use kit_event_store::{
    Append, Claim, ClaimKey, EventStore, Guard, Outcome, StreamReader, Transaction,
};

/// Opens the stores of one test.
#[async_trait]
pub trait Subject: Send + Sync {
    /// Opens the store; called again only when the one before has been dropped, which is then a restart.
    ///
    /// What a new log is named must differ from call to call.
    async fn open(&self) -> Arc<dyn EventStore>;

    /// Whether a restart finds what was stored.
    fn durable(&self) -> bool;
}

/// Declares a module with one test per case of the contract.
///
/// `event_store_contract!(memory, MemorySubject::default());` gives `memory::append::an_empty_group_is_fine` and so
/// on. The expression is evaluated once per test and must give a [`Subject`] of its own each time. An attribute behind it
/// is given to each test: the one that names the server which they need.
#[macro_export]
macro_rules! event_store_contract {
    ($name:ident, $subject:expr $(, #[$attribute:meta])?) => {
        mod $name {
            #[allow(unused_imports, reason = "the expression may need names of the file around")]
            use super::*;

            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], append: [
                an_empty_group_is_fine,
                versions_and_positions_are_in_order,
                everything_about_an_event_is_kept,
                another_version_is_a_conflict,
                a_changed_guard_is_a_conflict,
                a_refused_transaction_does_not_touch_its_neighbours,
                later_transactions_see_earlier_ones,
                a_transaction_changes_all_its_streams_or_none,
                the_same_transaction_lands_once,
                the_head_follows,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], claims: [
                a_claim_is_unique_in_a_group,
                a_claim_is_unique_over_time,
                a_claim_lives_until_just_before_its_end,
                a_renewed_claim_lives_until_its_new_end,
                a_taken_claim_is_told_before_a_conflict,
                a_refused_transaction_takes_no_claims,
                claims_are_found_in_the_order_asked,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], concurrency: [
                writers_on_one_stream_lose_nothing,
                racing_claims_have_one_winner,
                a_reader_misses_nothing_and_sees_nothing_late,
                an_append_whose_caller_left_is_whole,
                nobody_sees_an_event_beyond_the_head,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], grouping: [
                a_refusal_takes_the_later_ones_on_its_streams_with_it,
                a_transaction_of_guards_only_writes_nothing,
                appends_are_applied_in_the_order_they_were_begun,
                a_stream_is_read_after_a_version,
                appends_are_found_by_their_ids,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], reading: [
                the_log_is_read_in_pages,
                a_stream_is_read_back_in_pages,
                reading_back_before_a_foreign_event_is_empty,
                an_unknown_stream_is_empty,
                a_snapshot_shortens_the_load,
                a_snapshot_of_another_schema_is_not_used,
                the_past_is_loaded_as_it_was,
                streams_are_loaded_in_the_order_asked,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], paging: [
                a_long_stream_is_loaded_page_by_page,
                a_long_stream_is_read_from_any_version,
                a_past_that_ends_inside_a_page_is_cut_there,
                a_stream_that_grows_between_pages_is_read_to_its_end,
            ]);
            $crate::event_store_contract!(@cases $subject, [$(#[$attribute])?], durability: [
                checkpoints_are_kept_by_subscriber,
                a_checkpoint_of_an_earlier_epoch_is_refused,
                racing_checkpoints_leave_the_later_epoch,
                a_restart_keeps_the_log,
                a_restart_keeps_streams_and_versions,
                a_restart_keeps_claims_and_checkpoints,
                a_restart_continues_the_log,
                a_restart_keeps_the_incarnation,
                a_log_that_is_forgotten_is_another_log_after_a_restart,
            ]);
        }
    };
    (@cases $subject:expr, $attributes:tt, $group:ident: [$($case:ident,)+]) => {
        mod $group {
            #[allow(unused_imports, reason = "the expression may need names of the file around")]
            use super::*;

            $($crate::event_store_contract!(@case $subject, $attributes, $group, $case);)+
        }
    };
    (@case $subject:expr, [$(#[$attribute:meta])?], $group:ident, $case:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])?
        async fn $case() {
            $crate::event_store::$group::$case(&$subject).await;
        }
    };
}

/// The time at which transactions of the suite are recorded, unless a case sets another. A store that reads a clock
/// gets one fixed at this time, since by the system clock the claims of the suite have expired.
pub fn noon() -> Timestamp {
    moment(0)
}

/// The time `millis` milliseconds after [`noon`].
#[must_use]
pub fn moment(millis: i64) -> Timestamp {
    const NOON_MILLIS: i64 = 1_795_348_800_000;
    Timestamp::from_millis(NOON_MILLIS.saturating_add(millis))
}

/// A stream's name.
#[must_use]
pub fn stream(name: &str) -> StreamId {
    StreamId::new(name).expect("the suite's stream names are valid")
}

/// An event with a number in it.
#[must_use]
pub fn event(number: u64) -> EncodedEvent {
    EncodedEvent {
        event_id: RandomIds.next_id(noon()),
        event_type: Cow::Borrowed("SomethingHappenedEvent"),
        schema_version: 1,
        occurred_at: noon(),
        data: format!(r#"{{"number":{number}}}"#).into(),
        personal: None,
    }
}

/// `count` new events for a stream.
#[must_use]
pub fn append(name: &str, expected: u64, events: u64) -> Append {
    Append {
        stream: stream(name),
        expected: Version::new(expected),
        events: (expected + 1..=expected + events).map(event).collect(),
    }
}

/// A transaction with these appends.
#[must_use]
pub fn transaction(appends: impl IntoIterator<Item = Append>) -> Transaction {
    let metadata = Metadata {
        correlation_id: RandomIds.next_id(noon()),
        causation_id: RandomIds.next_id(noon()),
        actor: Actor::system("system:contract"),
        recorded_at: noon(),
    };
    let appends = appends.into_iter().collect();
    Transaction { appends, ..Transaction::new(metadata, 0) }
}

/// A key of the suite.
#[must_use]
pub fn key(name: &str) -> ClaimKey {
    ClaimKey::new("contract", name)
}

/// The transaction with one more claim.
#[must_use]
pub fn claiming(
    mut transaction: Transaction,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Transaction {
    let value = format!("value of {name}").into();
    transaction.claims.push(Claim { key: key(name), value, expires_at });
    transaction
}

/// The transaction, renewing a claim that [`claiming`] has taken.
#[must_use]
pub fn renewing(
    transaction: Transaction,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Transaction {
    let mut renewing = claiming(transaction, name, expires_at);
    renewing.renewals.extend(renewing.claims.pop());
    renewing
}

/// The transaction with one more guard.
#[must_use]
pub fn guarded(mut transaction: Transaction, name: &str, version: u64) -> Transaction {
    transaction.guards.push(Guard { stream: stream(name), version: Version::new(version) });
    transaction
}

/// The transaction, recorded at another time.
#[must_use]
pub fn recorded(mut transaction: Transaction, at: Timestamp) -> Transaction {
    transaction.metadata.recorded_at = at;
    transaction
}

/// Appends one transaction and gives its outcome.
pub async fn append_one(store: &dyn EventStore, transaction: Transaction) -> Outcome {
    let outcomes = store.append(vec![transaction]).await.expect("the append is decided");
    let [outcome] = <[Outcome; 1]>::try_from(outcomes).expect("one outcome for one transaction");
    outcome
}

/// Appends one transaction that must be taken and gives its events.
pub async fn commit(store: &dyn EventStore, transaction: Transaction) -> Vec<Arc<RecordedEvent>> {
    committed(append_one(store, transaction).await)
}

/// The events of an outcome that must be a commit.
#[must_use]
#[track_caller]
pub fn committed(outcome: Outcome) -> Vec<Arc<RecordedEvent>> {
    match outcome {
        Outcome::Committed(events) => events,
        refused => panic!("should have been committed but was {refused:?}"),
    }
}

/// Insists on a conflict in a stream between an expected and the actual version.
#[track_caller]
pub fn assert_conflict(outcome: &Outcome, name: &str, versions: (u64, u64)) {
    let Outcome::Conflict { stream: found, expected, actual } = outcome else {
        panic!("should have been a conflict in {name} but was {outcome:?}");
    };
    assert_eq!((found, expected.get(), actual.get()), (&stream(name), versions.0, versions.1));
}

/// Insists that a claim was taken already.
#[track_caller]
pub fn assert_taken(outcome: &Outcome, name: &str) {
    let Outcome::ClaimTaken { key: found, found: claim } = outcome else {
        panic!("{name} should have been taken but the outcome was {outcome:?}");
    };
    assert_eq!((found, &*claim.value), (&key(name), format!("value of {name}").as_str()));
}

/// The whole log, read in pages of a size that fits nothing well.
pub async fn whole_log(store: &dyn EventStore) -> Vec<Arc<RecordedEvent>> {
    const PAGE: usize = 17;
    let mut log: Vec<Arc<RecordedEvent>> = Vec::new();
    loop {
        let after = log.last().map_or(Position::ZERO, |event| event.position);
        let page = store.read_all(after, PAGE).await.expect("the log can be read");
        let Some(first) = page.first() else {
            return log;
        };
        assert!(first.position > after, "{} again after {after}", first.position);
        log.extend(page);
    }
}

/// A stream from its first event, through [`load`](kit_event_store::Streams::load) without a snapshot.
pub async fn whole_stream(store: &dyn EventStore, name: &str) -> Vec<Arc<RecordedEvent>> {
    const SCHEMA_OF_NOBODY: u16 = u16::MAX;
    let loaded = store.load(&[stream(name)], SCHEMA_OF_NOBODY).await.expect("the stream loads");
    let [loaded] = <[_; 1]>::try_from(loaded).expect("one answer for one stream");
    assert_eq!(loaded.snapshot, None, "no snapshot of this schema was ever saved");
    rest(StreamReader::of(store, &stream(name), loaded)).await
}

/// All that a reader has still to read.
pub async fn rest(mut reader: StreamReader<'_>) -> Vec<Arc<RecordedEvent>> {
    let mut events = Vec::new();
    while let Some(event) = reader.next().await.expect("the stream can be read") {
        events.push(event);
    }
    events
}

/// Insists that the store holds exactly these events, in the log and in every stream, and takes new ones behind them.
///
/// For crash tests: after any crash a store holds a prefix of what was sent to it, whole transactions only.
pub async fn assert_holds_exactly(store: &dyn EventStore, expected: &[Arc<RecordedEvent>]) {
    assert_eq!(whole_log(store).await, expected, "the log");
    let last = expected.last().map_or(Position::ZERO, |event| event.position);
    assert_eq!(*store.head().borrow(), last, "the head");
    let mut names: Vec<&StreamId> = expected.iter().map(|event| &event.stream).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let events: Vec<_> =
            expected.iter().filter(|event| event.stream == *name).cloned().collect();
        assert_eq!(whole_stream(store, name.as_str()).await, events, "stream {name}");
        let version = store.versions(std::slice::from_ref(name)).await.expect("a version");
        assert_eq!(version, [events.last().map_or(Version::ZERO, |event| event.version)]);
    }
    let events = commit(store, transaction([append("after-the-crash", 0, 1)])).await;
    assert_eq!(events[0].position, last.next(), "the next position");
}
