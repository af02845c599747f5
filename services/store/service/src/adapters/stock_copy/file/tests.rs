//! What messages do to the file, in whatever order and however often they come.
use tempfile::TempDir;

use super::*;

/// A store with a product.
const SHELF: (Uuid, Uuid) = (Uuid::from_u128(1), Uuid::from_u128(2));

fn update(log: u128, position: u64, version: u64, next: Option<i64>) -> Update {
    let (store_id, product_id) = SHELF;
    Update {
        incarnation: Some(Uuid::from_u128(log)),
        position: Position::new(position),
        level: InventoryUpdatedEvent {
            product_id,
            store_id,
            on_hand: 10 * version,
            reserved: version,
            available: 9 * version,
            reorder_point: None,
            shortfall: None,
            adjusted: None,
            version,
            cause: "StockReceivedEvent".to_owned(),
        },
        place: next.map(|next| Place { lane: "lane".into(), next }),
    }
}

/// The version and units on hand of the level, and the last position that is known of.
fn known(file: &StockFile) -> Option<(i64, i64, i64)> {
    let sql = "SELECT version, on_hand, source.position FROM stock, source";
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    file.connection.query_row(sql, [], row).optional().unwrap()
}

#[test]
fn what_comes_again_or_late_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let mut file = StockFile::open(folder.path()).unwrap();
    let mut apply = |position, version| {
        let effect = file.apply(&update(1, position, version, None)).unwrap();
        (effect, known(&file).unwrap())
    };
    assert_eq!(apply(5, 2), (Effect::Applied, (2, 20, 5)));
    assert_eq!(apply(5, 2), (Effect::PassedOver, (2, 20, 5)));
    assert_eq!(apply(4, 1), (Effect::PassedOver, (2, 20, 5)));
    assert_eq!(apply(9, 3), (Effect::Applied, (3, 30, 9)));
}

#[test]
fn another_log_of_the_publisher_begins_a_new_copy_and_a_former_one_counts_no_more() {
    let folder = TempDir::new().unwrap();
    let mut file = StockFile::open(folder.path()).unwrap();
    let mut apply = |log, position, version| {
        let effect = file.apply(&update(log, position, version, None)).unwrap();
        (effect, known(&file).unwrap())
    };
    apply(2, 50, 7);
    assert_eq!(apply(1, 60, 8), (Effect::PassedOver, (7, 70, 50)));
    assert_eq!(apply(3, 6, 4), (Effect::Applied, (4, 40, 6)));
    assert_eq!(apply(2, 70, 9), (Effect::PassedOver, (4, 40, 6)));
}

#[test]
fn levels_and_places_are_there_after_a_restart() {
    let folder = TempDir::new().unwrap();
    let mut file = StockFile::open(folder.path()).unwrap();
    assert_eq!(file.places().unwrap(), Places::new());
    file.apply(&update(1, 5, 2, Some(8))).unwrap();
    // it must come again
    file.apply(&update(1, 6, 3, None)).unwrap();
    drop(file);
    let file = StockFile::open(folder.path()).unwrap();
    assert_eq!(file.places().unwrap(), Places::from([("lane".into(), 8)]));
    assert_eq!(known(&file), Some((3, 30, 6)));
}

#[test]
fn a_place_is_not_kept_without_its_level() {
    let folder = TempDir::new().unwrap();
    let mut file = StockFile::open(folder.path()).unwrap();
    let full = "CREATE TEMP TRIGGER full BEFORE INSERT ON stock BEGIN SELECT raise(ABORT, 'on purpose'); END";
    file.connection.execute_batch(full).unwrap();
    file.apply(&update(1, 5, 2, Some(8))).unwrap_err();
    assert_eq!((file.places().unwrap(), known(&file)), (Places::new(), None));
    file.connection.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(file.apply(&update(1, 5, 2, Some(8))).unwrap(), Effect::Applied);
    assert_eq!(file.places().unwrap(), Places::from([("lane".into(), 8)]));
}

#[test]
fn a_file_that_is_no_copy_is_begun_anew() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("stock.db"), "no database, but long enough to be looked at")
        .unwrap();
    let mut file = StockFile::open(folder.path()).unwrap();
    assert_eq!(file.apply(&update(1, 5, 2, None)).unwrap(), Effect::Applied);
}
