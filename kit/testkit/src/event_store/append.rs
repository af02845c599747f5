//! Cases about single appends and groups of them.

use std::borrow::Cow;
use std::sync::Arc;

use kit_core::{
    Actor, EncodedEvent, IdSource as _, Metadata, Position, RandomIds, RecordedEvent, Version,
};

use super::{
    Subject, append, append_one, assert_conflict, claiming, commit, committed, guarded, moment,
    noon, stream, transaction, whole_log, whole_stream,
};
use kit_event_store::{Append, Outcome, Transaction};

/// A group of nothing has no outcomes and leaves no trace.
pub async fn an_empty_group_is_fine(subject: &dyn Subject) {
    let store = subject.open().await;
    let outcomes = store.append(Vec::new()).await.expect("nothing to refuse");
    assert!(outcomes.is_empty());
    assert_eq!(*store.head().borrow(), Position::ZERO);
    assert!(whole_log(&*store).await.is_empty());
}

/// Versions count within a stream and positions over all, both from 1 without gaps.
pub async fn versions_and_positions_are_in_order(subject: &dyn Subject) {
    let store = subject.open().await;
    let first = commit(&*store, transaction([append("a", 0, 2), append("b", 0, 1)])).await;
    let second = commit(&*store, transaction([append("b", 1, 1), append("a", 2, 1)])).await;
    let places: Vec<_> = [first, second]
        .concat()
        .iter()
        .map(|event| (event.position.get(), event.stream.to_string(), event.version.get()))
        .collect();
    let expected = [(1, "a", 1), (2, "a", 2), (3, "b", 1), (4, "b", 2), (5, "a", 3)];
    let expected = expected.map(|(position, name, version)| (position, name.to_owned(), version));
    assert_eq!(places, expected);
    let versions = store.versions(&[stream("b"), stream("none"), stream("a")]).await;
    assert_eq!(versions.expect("versions"), [2, 0, 3].map(Version::new));
}

/// Whatever was in an event comes back: ids, times, texts of any script, large data, personal data.
pub async fn everything_about_an_event_is_kept(subject: &dyn Subject) {
    const MEBIBYTE: usize = 1 << 20;
    let store = subject.open().await;
    let event = |data: String, personal: Option<&str>| EncodedEvent {
        event_id: RandomIds.next_id(noon()),
        event_type: Cow::Borrowed("LoteRecebidoEvent"),
        schema_version: 7,
        occurred_at: moment(-1_234),
        data: data.into(),
        personal: personal.map(Into::into),
    };
    let events = vec![
        event(r#"{"reason":"São João – 棚卸 🛒 \u0000 \"q\" \\ \n"}"#.to_owned(), None),
        event(format!(r#"{{"blob":"{}"}}"#, "x".repeat(MEBIBYTE)), None),
        event(r#"{"amount":12345678901234567890.10}"#.to_owned(), Some(r#"{"name":"Zoë"}"#)),
        event("{}".to_owned(), None),
    ];
    let metadata = Metadata {
        correlation_id: RandomIds.next_id(noon()),
        causation_id: RandomIds.next_id(noon()),
        actor: Actor::new("user:joão \"o\" da loja").expect("a valid actor"),
        recorded_at: moment(86_400_123),
    };
    let mut sent = transaction([Append {
        stream: stream("Some_Stream-1.x"),
        expected: Version::ZERO,
        events: events.clone(),
    }]);
    sent.metadata = metadata.clone();
    let answered = commit(&*store, sent).await;
    let expected: Vec<_> = (1..)
        .zip(events)
        .map(|(number, event)| {
            Arc::new(RecordedEvent {
                position: Position::new(number),
                stream: stream("Some_Stream-1.x"),
                version: Version::new(number),
                event,
                metadata: metadata.clone(),
            })
        })
        .collect();
    assert_eq!(answered, expected, "as answered");
    assert_eq!(whole_log(&*store).await, expected, "as read from the log");
    assert_eq!(whole_stream(&*store, "Some_Stream-1.x").await, expected, "as loaded");
}

/// An append that expects another version than the stream has is refused, whether too low or too high.
pub async fn another_version_is_a_conflict(subject: &dyn Subject) {
    let store = subject.open().await;
    let log = commit(&*store, transaction([append("a", 0, 2)])).await;
    for expected in [0, 1, 3] {
        let outcome = append_one(&*store, transaction([append("a", expected, 1)])).await;
        assert_conflict(&outcome, "a", (expected, 2));
    }
    let outcome = append_one(&*store, transaction([append("new", 1, 1)])).await;
    assert_conflict(&outcome, "new", (1, 0));
    assert_eq!(whole_log(&*store).await, log);
}

/// A stream that was only read must not have changed, even when it does not exist.
pub async fn a_changed_guard_is_a_conflict(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, transaction([append("read", 0, 1)])).await;
    let outcome = append_one(&*store, guarded(transaction([append("a", 0, 1)]), "read", 0)).await;
    assert_conflict(&outcome, "read", (0, 1));
    let outcome = append_one(&*store, guarded(transaction([append("a", 0, 1)]), "none", 1)).await;
    assert_conflict(&outcome, "none", (1, 0));
    let fitting = guarded(guarded(transaction([append("a", 0, 1)]), "read", 1), "none", 0);
    commit(&*store, fitting).await;
    let versions = store.versions(&[stream("a"), stream("read"), stream("none")]).await;
    assert_eq!(versions.expect("versions"), [1, 1, 0].map(Version::new));
}

/// The transactions before and after a refused one are written, without a hole between them.
pub async fn a_refused_transaction_does_not_touch_its_neighbours(subject: &dyn Subject) {
    let store = subject.open().await;
    let group = vec![
        transaction([append("a", 0, 1)]),
        transaction([append("b", 5, 1)]),
        guarded(transaction([append("d", 0, 1)]), "a", 9),
        transaction([append("c", 0, 1)]),
    ];
    let outcomes = store.append(group).await.expect("decided");
    assert_eq!(outcomes.len(), 4);
    assert_conflict(&outcomes[1], "b", (5, 0));
    assert_conflict(&outcomes[2], "a", (9, 1));
    let taken = [outcomes[0].clone(), outcomes[3].clone()].map(committed).concat();
    assert_eq!(taken.iter().map(|event| event.position.get()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(whole_log(&*store).await, taken);
    assert!(whole_stream(&*store, "b").await.is_empty());
}

/// Within a group the earlier transactions count as done, for appends and for guards.
pub async fn later_transactions_see_earlier_ones(subject: &dyn Subject) {
    let store = subject.open().await;
    let group = vec![
        transaction([append("a", 0, 2)]),
        transaction([append("a", 2, 1)]),
        guarded(transaction([append("b", 0, 1)]), "a", 3),
        guarded(transaction([append("c", 0, 1)]), "b", 0),
        transaction([append("a", 2, 1)]),
    ];
    let outcomes = store.append(group).await.expect("decided");
    assert_conflict(&outcomes[3], "b", (0, 1));
    assert_conflict(&outcomes[4], "a", (2, 3));
    let taken =
        [&outcomes[0], &outcomes[1], &outcomes[2]].map(|outcome| committed(outcome.clone()));
    assert_eq!(whole_log(&*store).await, taken.concat());
    assert_eq!(whole_stream(&*store, "a").await.len(), 3);
}

/// One stream's conflict keeps the transaction's other streams untouched too.
pub async fn a_transaction_changes_all_its_streams_or_none(subject: &dyn Subject) {
    let store = subject.open().await;
    let appends = || [append("a", 0, 1), append("b", 0, 2), append("c", 0, 1)];
    let log = commit(&*store, transaction([append("c", 0, 1)])).await;
    let outcome = append_one(&*store, transaction(appends())).await;
    assert_conflict(&outcome, "c", (0, 1));
    assert_eq!(whole_log(&*store).await, log);
    let [a, b, _] = appends();
    let events = commit(&*store, transaction([a, b, append("c", 1, 1)])).await;
    assert_eq!(events.len(), 4);
    assert_eq!(whole_log(&*store).await, [log, events].concat());
}

/// Sent twice, in one group or one after the other, a transaction is in the log once.
pub async fn the_same_transaction_lands_once(subject: &dyn Subject) {
    let store = subject.open().await;
    let plain = transaction([append("plain", 0, 2)]);
    let claimed = claiming(transaction([append("claimed", 0, 2)]), "command", None);
    let group = |transaction: &Transaction| vec![transaction.clone(), transaction.clone()];
    for (sent, name) in [(&plain, "plain"), (&claimed, "claimed")] {
        let mut outcomes = store.append(group(sent)).await.expect("decided");
        outcomes.push(append_one(&*store, sent.clone()).await);
        assert_eq!(committed(outcomes.remove(0)).len(), 2);
        for outcome in &outcomes {
            match name {
                "plain" if !matches!(outcome, Outcome::Superseded { .. }) => {
                    assert_conflict(outcome, "plain", (0, 2));
                }
                "plain" => panic!("nothing was refused before it"),
                _ => assert!(matches!(outcome, Outcome::ClaimTaken { .. }), "{outcome:?}"),
            }
        }
        assert_eq!(whole_stream(&*store, name).await.len(), 2);
    }
    assert_eq!(whole_log(&*store).await.len(), 4);
}

/// The head is at the last event when the append is answered, wakes who waits, and points at readable events.
pub async fn the_head_follows(subject: &dyn Subject) {
    let store = subject.open().await;
    let mut head = store.head();
    assert_eq!(*head.borrow_and_update(), Position::ZERO);
    let reader = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            head.changed().await.expect("the store is open");
            let at = *head.borrow_and_update();
            (at, store.read_all(Position::ZERO, 10).await.expect("readable").len())
        })
    };
    commit(&*store, transaction([append("a", 0, 3)])).await;
    assert_eq!(*store.head().borrow(), Position::new(3));
    assert_eq!(reader.await.expect("the reader ends"), (Position::new(3), 3));
    append_one(&*store, transaction([append("a", 0, 1)])).await;
    assert_eq!(*store.head().borrow(), Position::new(3), "a refusal moves nothing");
}
