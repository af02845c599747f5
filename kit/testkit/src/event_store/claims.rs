//! Cases about unique keys.

use kit_core::Position;

use super::{
    Subject, append, append_one, assert_conflict, assert_taken, claiming, commit, committed, key,
    moment, noon, recorded, renewing, transaction, whole_log,
};

/// Of two transactions of a group that want a key, the first has it.
pub async fn a_claim_is_unique_in_a_group(subject: &dyn Subject) {
    let store = subject.open().await;
    let group = vec![
        claiming(transaction([append("a", 0, 1)]), "k", None),
        claiming(transaction([append("b", 0, 1)]), "k", None),
        claiming(transaction([append("c", 0, 1)]), "other", None),
    ];
    let outcomes = store.append(group).await.expect("decided");
    assert_taken(&outcomes[1], "k");
    let taken = [outcomes[0].clone(), outcomes[2].clone()].map(committed).concat();
    assert_eq!(whole_log(&*store).await, taken);
}

/// A key without an end stays taken, and the refusal says by what.
pub async fn a_claim_is_unique_over_time(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, transaction([append("before", 0, 1)])).await;
    commit(&*store, claiming(transaction([append("a", 0, 2)]), "k", None)).await;
    let late = recorded(transaction([append("b", 0, 1)]), moment(i64::MAX));
    let outcome = append_one(&*store, claiming(late, "k", None)).await;
    assert_taken(&outcome, "k");
    let found = store.find_claims(&[key("k")], moment(i64::MAX)).await.expect("found");
    let found = found[0].as_ref().expect("held for ever");
    assert_eq!((found.position, found.expires_at), (Position::new(3), None));
    assert_eq!(whole_log(&*store).await.len(), 3);
}

/// A claim holds at its last millisecond and is free at its end, for appends and for readers.
pub async fn a_claim_lives_until_just_before_its_end(subject: &dyn Subject) {
    let store = subject.open().await;
    let (last, end, second_end) = (moment(60_000 - 1), moment(60_000), moment(90_000));
    commit(&*store, claiming(transaction([append("a", 0, 1)]), "k", Some(end))).await;
    let again = |at, ends| recorded(claiming(transaction([append("b", 0, 1)]), "k", ends), at);
    assert_taken(&append_one(&*store, again(last, None)).await, "k");
    let holder = async |at| {
        let found = store.find_claims(&[key("k")], at).await.expect("found");
        found[0].as_ref().map(|claim| (claim.position.get(), claim.expires_at))
    };
    assert_eq!(holder(last).await, Some((1, Some(end))));
    assert_eq!(holder(end).await, None);
    commit(&*store, again(end, Some(second_end))).await;
    assert_eq!(holder(end).await, Some((2, Some(second_end))), "held anew");
    assert_eq!(holder(second_end).await, None);
}

/// A holder moves the end of its claim, over restarts too; a key that is another's it cannot renew.
pub async fn a_renewed_claim_lives_until_its_new_end(subject: &dyn Subject) {
    let mut store = subject.open().await;
    let (end, new_end) = (moment(60_000), moment(90_000));
    commit(&*store, claiming(transaction([append("a", 0, 1)]), "k", Some(end))).await;
    let renewal = |expected| renewing(transaction([append("a", expected, 1)]), "k", Some(new_end));
    let mut others = renewal(1);
    others.renewals[0].value = "of somebody else".into();
    assert_taken(&append_one(&*store, others).await, "k");
    commit(&*store, renewal(1)).await;
    for restarts in [subject.durable(), false] {
        let again = recorded(claiming(transaction([append("b", 0, 1)]), "k", None), end);
        assert_taken(&append_one(&*store, again).await, "k");
        let found = store.find_claims(&[key("k")], end).await.expect("found");
        let found = found[0].as_ref().expect("held beyond its first end");
        assert_eq!((found.position, found.expires_at), (Position::new(2), Some(new_end)));
        if restarts {
            drop(store);
            store = subject.open().await;
        }
    }
    let found = store.find_claims(&[key("k")], new_end).await.expect("found");
    assert_eq!(found, [None], "free at its new end");
    commit(&*store, recorded(renewing(transaction([append("a", 2, 1)]), "k", None), new_end)).await;
    let found = store.find_claims(&[key("k")], new_end).await.expect("found");
    assert_eq!(found[0].as_ref().map(|claim| claim.expires_at), Some(None), "claimed anew");
}

/// When both a key is taken and a version is not as expected, the key is named: it is how a repeat is recognised.
pub async fn a_taken_claim_is_told_before_a_conflict(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, claiming(transaction([append("a", 0, 1)]), "k", None)).await;
    let outcome = append_one(&*store, claiming(transaction([append("a", 0, 1)]), "k", None)).await;
    assert_taken(&outcome, "k");
}

/// A transaction refused for its version, or for one of its keys, leaves its other keys free.
pub async fn a_refused_transaction_takes_no_claims(subject: &dyn Subject) {
    let store = subject.open().await;
    commit(&*store, claiming(transaction([append("a", 0, 1)]), "taken", None)).await;
    let stale = claiming(transaction([append("a", 0, 1)]), "k", None);
    let unlucky = claiming(claiming(transaction([append("b", 0, 1)]), "k", None), "taken", None);
    let outcomes = store.append(vec![stale, unlucky]).await.expect("decided");
    assert_conflict(&outcomes[0], "a", (0, 1));
    assert_taken(&outcomes[1], "taken");
    assert_eq!(store.find_claims(&[key("k")], noon()).await.expect("found"), [None]);
    commit(&*store, claiming(transaction([append("c", 0, 1)]), "k", None)).await;
}

/// Each key asked has its answer at its place, keys of one name in two namespaces are two keys.
pub async fn claims_are_found_in_the_order_asked(subject: &dyn Subject) {
    let store = subject.open().await;
    let mut first = claiming(transaction([append("a", 0, 1)]), "x", None);
    first = claiming(first, "", None);
    first = claiming(first, "ключ 'ü' \" \\ %", None);
    commit(&*store, first).await;
    commit(&*store, claiming(transaction([append("b", 0, 1)]), "y", None)).await;
    let foreign = kit_event_store::ClaimKey::new("elsewhere", "x");
    let keys = [key("y"), key("none"), key("x"), foreign, key(""), key("ключ 'ü' \" \\ %")];
    let found = store.find_claims(&keys, noon()).await.expect("found");
    let positions: Vec<_> =
        found.iter().map(|found| found.as_ref().map(|claim| claim.position.get())).collect();
    assert_eq!(positions, [Some(2), None, Some(1), None, Some(1), Some(1)]);
    assert!(store.find_claims(&[], noon()).await.expect("found").is_empty());
}
