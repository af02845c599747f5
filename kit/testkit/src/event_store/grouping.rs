//! Cases of what a group may rely on when it was decided ahead of the log.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use kit_core::{IdSource as _, Position, RandomIds, Version};
use kit_event_store::{EventStoreError, Outcome, Transaction};

use super::{
    Subject, append, append_one, assert_conflict, assert_taken, claiming, commit, committed,
    guarded, key, noon, stream, transaction, whole_log, whole_stream,
};

/// A refused transaction takes the later ones on its streams with it, even where their versions fit by chance: they were
/// decided on what it would have done, not on what another writer did in its place.
pub async fn a_refusal_takes_the_later_ones_on_its_streams_with_it(subject: &dyn Subject) {
    let store = subject.open().await;
    let foreign = commit(&*store, transaction([append("hot", 0, 1)])).await;
    let group = vec![
        transaction([append("hot", 0, 1), append("beside", 0, 1)]),
        transaction([append("hot", 1, 1)]),
        transaction([append("beside", 0, 1)]),
        guarded(transaction([append("reader", 0, 1)]), "hot", 1),
        transaction([append("other", 0, 1)]),
    ];
    let outcomes = store.append(group).await.expect("decided");
    assert_conflict(&outcomes[0], "hot", (0, 1));
    for (index, name) in [(1, "hot"), (2, "beside"), (3, "hot")] {
        let Outcome::Superseded { stream: found } = &outcomes[index] else {
            panic!("{index} stands on a refused transaction but was {:?}", outcomes[index]);
        };
        assert_eq!(*found, stream(name));
    }
    let other = committed(outcomes[4].clone());
    assert_eq!(whole_log(&*store).await, [foreign, other].concat());
}

/// A transaction that only asks writes nothing and is answered in its place of the group.
pub async fn a_transaction_of_guards_only_writes_nothing(subject: &dyn Subject) {
    let store = subject.open().await;
    let taken = claiming(transaction([append("holder", 0, 1)]), "taken", None);
    let log = commit(&*store, taken).await;
    let free = |name: &str| Transaction { unclaimed: vec![key(name)], ..transaction([]) };
    let group = vec![
        guarded(transaction([]), "a", 0),
        transaction([append("a", 0, 1)]),
        guarded(guarded(transaction([]), "a", 1), "holder", 1),
        free("nobody's"),
        free("taken"),
        guarded(transaction([]), "none", 3),
    ];
    let outcomes = store.append(group).await.expect("decided");
    for index in [0, 2, 3] {
        assert!(committed(outcomes[index].clone()).is_empty(), "{index} has nothing to write");
    }
    assert_taken(&outcomes[4], "taken");
    assert_conflict(&outcomes[5], "none", (3, 0));
    let written = committed(outcomes[1].clone());
    assert_eq!(whole_log(&*store).await, [log, written].concat());
    let only_questions = vec![guarded(transaction([]), "a", 1), guarded(transaction([]), "a", 0)];
    let outcomes = store.append(only_questions).await.expect("decided");
    assert!(committed(outcomes[0].clone()).is_empty());
    assert_conflict(&outcomes[1], "a", (0, 1));
    assert_eq!(*store.head().borrow(), Position::new(2));
}

/// A caller may begin many appends before the first is answered: they are applied in the order in which they were begun.
pub async fn appends_are_applied_in_the_order_they_were_begun(subject: &dyn Subject) {
    const APPENDS: u64 = 64;
    type Appending<'a> =
        Pin<Box<dyn Future<Output = Result<Vec<Outcome>, EventStoreError>> + Send + 'a>>;
    let store = subject.open().await;
    let mut begun: Vec<Result<Result<Vec<Outcome>, EventStoreError>, Appending<'_>>> = Vec::new();
    for expected in 0..APPENDS {
        // sizes differ, so that a store which hands groups to several workers mixes them up
        let beside = (0..(APPENDS - expected) % 7)
            .map(|number| append(&format!("beside-{expected}-{number}"), 0, 1));
        let group = vec![transaction([append("hot", expected, 1)]), transaction(beside)];
        let mut appending: Appending<'_> = store.append(group);
        let mut context = Context::from_waker(Waker::noop());
        begun.push(match appending.as_mut().poll(&mut context) {
            Poll::Ready(answer) => Ok(answer),
            Poll::Pending => Err(appending),
        });
    }
    for (expected, appending) in begun.into_iter().enumerate() {
        let answer = match appending {
            Ok(answer) => answer,
            Err(appending) => appending.await,
        };
        let outcomes = answer.expect("decided");
        assert!(
            matches!(outcomes[0], Outcome::Committed(_)),
            "append {expected} met {:?}: another one overtook it",
            outcomes[0]
        );
    }
    let versions: Vec<u64> =
        whole_stream(&*store, "hot").await.iter().map(|event| event.version.get()).collect();
    assert_eq!(versions, (1..=APPENDS).collect::<Vec<_>>());
}

/// A state that is in memory is brought up to date by what came after its version.
pub async fn a_stream_is_read_after_a_version(subject: &dyn Subject) {
    let store = subject.open().await;
    let a = commit(&*store, transaction([append("a", 0, 3)])).await;
    commit(&*store, transaction([append("b", 0, 2)])).await;
    let more = commit(&*store, transaction([append("a", 3, 2)])).await;
    let all = [a, more].concat();
    let read = async |name: &str, after: u64, limit: usize| {
        let events = store.read_stream(&stream(name), Version::new(after), limit).await;
        events.expect("the stream can be read")
    };
    assert_eq!(read("a", 0, 10).await, all);
    assert_eq!(read("a", 2, 10).await, all[2..]);
    assert_eq!(read("a", 1, 2).await, all[1..3], "the oldest of them first");
    assert!(read("a", 5, 10).await.is_empty());
    assert!(read("a", 9, 10).await.is_empty());
    assert!(read("none", 0, 10).await.is_empty());
    assert!(read("a", 0, 0).await.is_empty());
}

/// When the outcome of an append is unknown, it is found by its id.
pub async fn appends_are_found_by_their_ids(subject: &dyn Subject) {
    let store = subject.open().await;
    let early = transaction([append("early", 0, 1)]);
    let after = commit(&*store, early.clone()).await[0].position;
    let (first, second) =
        (transaction([append("a", 0, 2), append("b", 0, 1)]), transaction([append("c", 0, 1)]));
    let refused = transaction([append("a", 7, 1)]);
    let ids = [&second, &refused, &first].map(Transaction::append_id);
    let outcomes = store.append(vec![first, refused, second]).await.expect("decided");
    let [first, second] = [&outcomes[0], &outcomes[2]].map(|one| committed(one.clone()));
    let found = store.find_appends(after, &ids).await.expect("found");
    assert_eq!(found, [second, Vec::new(), first]);
    let unknown = RandomIds.next_id(noon());
    let found = store.find_appends(after, &[unknown, early.append_id()]).await.expect("found");
    assert_eq!(found, [Vec::new(), Vec::new()], "what was in the log before is not looked at");
    assert!(matches!(append_one(&*store, transaction([])).await, Outcome::Committed(_)));
}
