//! What is restored is what was in the log, up to where it was asked for, with the claims.

use kit_backup::{BackupError, Until};
use kit_core::Position;

use crate::logs::{KINDS, Shop, UNWATCHED, everything, new_id, open, told};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_is_the_log_with_its_claims_and_the_next_backup_adds_only_what_is_new() {
    for kind in KINDS {
        let mut shop = Shop::new(kind);
        for _ in 0..40 {
            shop.sell().await;
        }
        // the store is open and goes on
        let first = shop.back_up();
        assert_eq!((first.new_events, first.manifest.logs[0].position.get()), (120, 120));
        shop.sell().await;
        let second = shop.back_up();
        assert_eq!(second.new_events, 3, "{kind}");
        let nothing = shop.back_up();
        assert_eq!((nothing.new_events, nothing.new_bytes), (0, 0), "{kind}");
        assert!(nothing.manifest.made_at >= second.manifest.made_at);
        let (restored, events) = shop.restore(Until::End).await;
        assert_eq!(restored.position, Position::new(123));
        assert_eq!(told(&events), told(&everything(kind, &shop.folder())), "{kind}");
        let claims = events.iter().map(|one| one.claims.len());
        assert!(claims.eq([0, 0, 3].into_iter().cycle().take(123)), "{kind}: {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_backups_come_to_few_segments_without_gaps() {
    let mut shop = Shop::new("sqlite");
    for _ in 0..60 {
        shop.sell().await;
        shop.back_up();
    }
    let segments = shop.back_up().manifest.logs[0].segments.clone();
    assert!(segments.len() <= 8, "{segments:?}");
    let files = std::fs::read_dir(shop.place().join("logs/inventory")).unwrap().count();
    assert_eq!(files, segments.len(), "those that were put together are gone");
    let (_, events) = shop.restore(Until::End).await;
    assert_eq!(told(&events), told(&everything("sqlite", &shop.folder())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_restored_to_a_moment_or_a_position_and_a_transaction_never_in_part() {
    for kind in KINDS {
        let mut shop = Shop::new(kind);
        for _ in 0..20 {
            shop.sell().await;
        }
        shop.back_up();
        let all = told(&everything(kind, &shop.folder()));
        for (until, events) in [
            (Until::Moment(Shop::moment(9)), 30),
            (Until::Position(Position::new(30)), 30),
            // inside of the transaction of the eleventh second
            (Until::Position(Position::new(32)), 30),
            (Until::Position(Position::new(60)), 60),
            (Until::Moment(Shop::moment(-1)), 0),
        ] {
            let (restored, found) = shop.restore(until).await;
            assert_eq!(restored.position.get(), events as u64, "{kind} {until:?}");
            assert_eq!(told(&found), all[..events], "{kind} {until:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backup_of_another_log_is_not_continued() {
    for kind in KINDS {
        let mut shop = Shop::new(kind);
        shop.sell().await;
        shop.back_up();
        let before = std::fs::read(shop.place().join("manifest.json")).unwrap();
        shop.store = None;
        std::fs::remove_dir_all(shop.folder()).unwrap();
        shop.store = Some(open(kind, &shop.folder()));
        for _ in 0..3 {
            shop.sell().await;
        }
        let refused = shop.back_up_to(&kit_backup::Folder::to_write(&shop.place()).unwrap());
        let refused = refused.unwrap_err();
        assert!(matches!(refused, BackupError::OtherLog { .. }), "{kind}: {refused}");
        assert_eq!(std::fs::read(shop.place().join("manifest.json")).unwrap(), before);
    }
}

/// An older log that is accepted has the events of the backup, and goes on otherwise than consumers know.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_events_under_another_incarnation_are_another_log() {
    let mut shop = Shop::new("sqlite");
    shop.sell().await;
    shop.back_up();
    shop.store = None;
    kit_sqlite::accept_older_log(&shop.folder(), new_id()).unwrap();
    let refused = shop.back_up_to(&kit_backup::Folder::to_write(&shop.place()).unwrap());
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("that is not the log here: it is log "), "{refused}");
}

/// Two processes with a log each and one folder would remove what the other has written.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_with_a_log_that_is_not_here_is_left_alone() {
    let mut shop = Shop::new("sqlite");
    shop.sell().await;
    shop.back_up();
    let mut backup = shop.backup();
    "store".clone_into(&mut backup.logs[0].context);
    let place = kit_backup::Folder::to_write(&shop.place()).unwrap();
    let refused = backup.run(&place, shop.root.path(), &kit_core::SystemClock, &UNWATCHED);
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("the inventory log up to position 3"), "{refused}");
    drop(place);
    assert_eq!(shop.restore(Until::End).await.1.len(), 3);
}
