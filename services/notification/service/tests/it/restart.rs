//! What a restart keeps, and what a crash may repeat.

use kit_core::Position;
use kit_testkit::event_store::{append, commit, transaction};

use crate::app::App;
use crate::receiver::Receiver;

#[tokio::test]
async fn a_restart_in_the_middle_loses_nothing_and_keeps_ids() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, secret) = app.register(&receiver.url).await;
    // one is cut off in the middle of its attempt, one waits for its next
    receiver.answer([0]);
    app.happen("level-7-1", 1).await;
    let cut_off = receiver.nth(1).await;
    receiver.answer([500]);
    app.happen("level-7-2", 1).await;
    let failed = receiver.nth(2).await;
    app.await_newest(&id, |one| one["attempts"] == 1).await;
    let world = app.shut_down().await;
    // one happens while nobody is there
    commit(&*world.log, transaction([append("level-7-3", 0, 1)])).await;
    world.clock.move_seconds(10);
    let app = App::start_on(world).await;
    for count in 3..=5 {
        assert!(receiver.nth(count).await.was_signed_with(&secret));
    }
    let mut ids: Vec<_> = receiver.received()[2..].iter().map(|one| one.id().to_owned()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "each once: {ids:?}");
    assert!(ids.contains(&cut_off.id().to_owned()) && ids.contains(&failed.id().to_owned()));
    app.await_delivered(&id, 3).await;
    let world = app.shut_down().await;
    // nothing is told a second time
    let app = App::start_on(world).await;
    app.happen("level-7-4", 1).await;
    receiver.nth(6).await;
    assert_eq!((receiver.received().len(), app.deliveries(&id).await.len()), (6, 4));
    app.shut_down().await;
}

#[tokio::test]
async fn a_new_webhook_is_told_nothing_of_before_though_the_follower_reads_it_again() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let mut of_another_store = crate::app::of_stock(&receiver.url);
    of_another_store["storeIds"] = serde_json::json!([crate::app::store(99)]);
    app.post("", of_another_store).await.expect(201);
    // nobody wants it, so its place is in memory only
    app.happen("level-7-1", 1).await;
    let (id, _) = app.register(&receiver.url).await;
    let app = App::start_on(app.shut_down().await).await;
    crate::app::reach(&app.told, Position::new(1)).await;
    app.happen("level-7-2", 1).await;
    assert!(receiver.nth(1).await.json()["subject"].as_str().unwrap().ends_with("0002"));
    assert_eq!(app.deliveries(&id).await.len(), 1);
    app.shut_down().await;
}
