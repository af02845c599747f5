//! The whole command on data that the product itself wrote, whole and damaged.

use std::path::{Path, PathBuf};

use gondola_inventory::process_managers::transfers::TransferOrder;
use gondola_inventory::use_cases::{
    HoldLimits, LevelRef, ProductRef, ReservationTerms, StockAnswer, StockRequest, StoreRef,
};
use gondola_inventory_domain::{
    AddStock, Arrival, Part, PositiveQuantity, ProductId, ReceiveArrivals, ReservationId,
    SendTransfer, StockQuantity, StoreId, TimeToLive, TransactionRef, TransferCommand,
};
use gondola_notification::ChannelsConfig;
use kit_cdn::Edge;
use kit_core::{Actor, Caller, Scope};
use kit_executor::ExecutorConfig;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use gondola_verify::{Failure, Invariant, Reports, Violation};

use super::{Args, check};
use crate::compose::cache::CacheUrl;
use crate::compose::event_bus::EventBusUrl;
use crate::compose::event_store::{DataArgs, EventStoreUrl};
use crate::compose::flags::FlagArgs;
use crate::compose::views::ViewsArgs;
use crate::compose::{self, Gondola, Settings};

fn args(folder: &Path, event_store: EventStoreUrl) -> Args {
    let data = DataArgs {
        data_dir: folder.to_owned(),
        event_store,
        customer_master_key: None,
        views: ViewsArgs::default(),
    };
    Args { data, acked: None, views_file: None, json: false }
}

async fn verify(args: Args) -> Result<Reports, Failure> {
    tokio::task::spawn_blocking(move || check(args)).await.unwrap()
}

async fn start(folder: &Path, event_store: EventStoreUrl) -> Gondola {
    let data = DataArgs {
        data_dir: folder.to_owned(),
        event_store,
        customer_master_key: None,
        views: ViewsArgs::default(),
    };
    let settings = Settings {
        data,
        event_bus: EventBusUrl::Memory,
        executor: ExecutorConfig::default(),
        hold_limits: HoldLimits::default(),
        cache_entries_max: 100,
        shared_cache: CacheUrl::None,
        flags: FlagArgs::default(),
        edge: Edge::default(),
        webhooks: None,
        channels: ChannelsConfig::default(),
    };
    compose::start(&settings).await.unwrap()
}

fn by() -> Caller {
    let actor = Actor::system("test:till");
    Caller { actor, correlation_id: Uuid::from_u128(1), idempotency: None, scope: Scope::All }
}

fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0xA000 + number))
}

fn store() -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(0xB005))
}

fn units(units: i64) -> PositiveQuantity {
    PositiveQuantity::new(units).unwrap()
}

async fn perform(gondola: &Gondola, request: StockRequest) -> StockAnswer {
    gondola.inventory.commands.perform(request, by()).await.unwrap().answer
}

async fn add(gondola: &Gondola, number: u128, quantity: i64) {
    let add =
        AddStock { quantity: units(quantity), reason: None, reference: None, occurred_at: None };
    let level = LevelRef { store: StoreRef::Id(store()), product: ProductRef::Id(product(number)) };
    perform(gondola, StockRequest::AddStock { level, add }).await;
}

/// Reserves one unit of each of some products.
async fn reserve(gondola: &Gondola, products: &[u128]) -> ReservationId {
    let line = |number: &u128| (ProductRef::Id(product(*number)), units(1));
    let terms =
        ReservationTerms { ttl: TimeToLive::from_seconds(60).unwrap(), ..Default::default() };
    let request = StockRequest::ReserveBasket {
        store: StoreRef::Id(store()),
        lines: products.iter().map(line).collect(),
        terms,
    };
    match perform(gondola, request).await {
        StockAnswer::Reservation(reservation) => reservation.id,
        StockAnswer::Level(level) => panic!("{level:?} is no reservation"),
    }
}

/// 2 deliveries, 4 reservations of which one is sold in part, one released and one extended: 11 events.
async fn trade(gondola: &Gondola) {
    add(gondola, 1, 10).await;
    add(gondola, 2, 10).await;
    let sold = reserve(gondola, &[1, 2]).await;
    let commit = StockRequest::Commit {
        occurred_at: None,
        reservation: sold,
        transaction: TransactionRef::new("sale-1").unwrap(),
        customer: None,
        keep_remainder: false,
        sold: Part::Lines(vec![(ProductRef::Id(product(1)), units(1))]),
    };
    let released = reserve(gondola, &[2]).await;
    reserve(gondola, &[1]).await;
    perform(gondola, commit).await;
    perform(
        gondola,
        StockRequest::Release { reservation: released, part: Part::All, reason: None },
    )
    .await;
    let ttl = TimeToLive::from_seconds(600).unwrap();
    let kept = reserve(gondola, &[2]).await;
    perform(gondola, StockRequest::Extend { reservation: kept, ttl }).await;
    // the views must have caught up before the product stops
    let queries = &gondola.inventory.queries;
    queries.reach(queries.head()).await.unwrap();
}

#[track_caller]
fn assert_traded(reports: &Reports) {
    let inventory = &reports.inventory;
    assert_eq!((inventory.events, inventory.units.on_hand, inventory.units.reserved), (11, 19, 2));
    assert!(inventory.checked.contains(&Invariant::I6));
    let views = inventory.views.unwrap();
    assert_eq!((views.position, views.stock_levels, views.reservation_lines), (11, 2, 5));
    assert!(reports.store.is_some());
}

/// Six of ten units are sent to another store, which gets four and finds one damaged.
async fn transfer(gondola: &Gondola) {
    add(gondola, 1, 10).await;
    let transfers = &gondola.inventory.transfers;
    let order = TransferOrder {
        source: StoreRef::Id(store()),
        destination: StoreRef::Id(StoreId::from_uuid(Uuid::from_u128(0xB006))),
        lines: vec![(ProductRef::Id(product(1)), units(6))],
        hold: TimeToLive::default(),
        reference: None,
        reason: None,
    };
    let id = transfers.request(order, by()).await.unwrap().answer.id;
    let send = TransferCommand::SendTransfer(SendTransfer { occurred_at: None });
    transfers.perform(id, send, by()).await.unwrap();
    let [accepted, over, damaged, short] =
        [4, 0, 1, 0].map(|units| StockQuantity::new(units).unwrap());
    let lines = vec![Arrival { product: product(1), accepted, over, damaged, short }];
    let receipt = ReceiveArrivals { lines, reason: None, occurred_at: None };
    transfers.perform(id, TransferCommand::ReceiveArrivals(receipt), by()).await.unwrap();
    let queries = &gondola.inventory.queries;
    queries.reach(queries.head()).await.unwrap();
}

#[tokio::test]
async fn units_in_transit_are_in_no_store_and_not_lost() {
    for kind in [EventStoreUrl::Sqlite(None), EventStoreUrl::Jsonl(None)] {
        let folder = TempDir::new().unwrap();
        let gondola = start(folder.path(), kind.clone()).await;
        transfer(&gondola).await;
        gondola.stop().await;
        let reports = verify(args(folder.path(), kind)).await.unwrap();
        let (units, found) = (&reports.inventory.units, &reports.inventory.in_transit);
        assert_eq!((units.on_hand, units.transferred, found.units, found.lost), (8, -2, 1, 1));
        assert!(reports.inventory.checked.contains(&Invariant::I6));
    }
}

#[tokio::test]
async fn what_the_product_writes_is_verified_while_it_runs_and_after() {
    let folder = TempDir::new().unwrap();
    let gondola = start(folder.path(), EventStoreUrl::Sqlite(None)).await;
    trade(&gondola).await;
    assert_traded(&verify(args(folder.path(), EventStoreUrl::Sqlite(None))).await.unwrap());
    gondola.stop().await;
    assert_traded(&verify(args(folder.path(), EventStoreUrl::Sqlite(None))).await.unwrap());
}

#[tokio::test]
async fn a_journal_is_verified_while_its_server_runs_and_after() {
    let folder = TempDir::new().unwrap();
    let gondola = start(folder.path(), EventStoreUrl::Jsonl(None)).await;
    trade(&gondola).await;
    assert_traded(&verify(args(folder.path(), EventStoreUrl::Jsonl(None))).await.unwrap());
    gondola.stop().await;
    assert_traded(&verify(args(folder.path(), EventStoreUrl::Jsonl(None))).await.unwrap());
}

/// A folder as the product left it.
async fn traded() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let gondola = start(folder.path(), EventStoreUrl::Sqlite(None)).await;
    trade(&gondola).await;
    gondola.stop().await;
    let inventory = folder.path().join("inventory");
    (folder, inventory)
}

async fn violation_after(file: &str, sql: &str) -> Violation {
    let (folder, inventory) = traded().await;
    Connection::open(inventory.join(file)).unwrap().execute_batch(sql).unwrap();
    match verify(args(folder.path(), EventStoreUrl::Sqlite(None))).await {
        Err(Failure::Broken(violation)) => violation,
        other => panic!("{sql} should be found, got {other:?}"),
    }
}

#[tokio::test]
async fn damage_to_the_files_is_found_at_the_first_offending_event() {
    use Invariant::{I2, I3, I5, I6};
    let same_command = "UPDATE events SET causation_id = (SELECT causation_id FROM events \
        WHERE position = 1) WHERE position = 5";
    let smaller_delivery = "UPDATE events SET data = '{\"quantity\":1}' WHERE position = 1";
    // without checksums it is the rules that find what is wrong, as in a log of before
    let unsummed = "UPDATE events SET checksum = NULL, chain = NULL;";
    let cases = [
        ("events.db", "DELETE FROM events WHERE position = 4", I5, Some(5)),
        ("events.db", "UPDATE events SET previous = 1 WHERE position = 2", I5, Some(2)),
        ("events.db", "UPDATE events SET stream = 1 WHERE position = 2", I5, Some(2)),
        ("events.db", "UPDATE events SET recorded_at = 0 WHERE position = 5", I5, Some(5)),
        ("events.db", same_command, I3, Some(5)),
        ("events.db", smaller_delivery, I2, Some(6)),
        ("views-1.db", "UPDATE stock_levels SET on_hand = on_hand + 1", I6, Some(7)),
        ("views-1.db", "UPDATE stock_levels SET next_deadline = 1", I6, Some(7)),
        ("views-1.db", "UPDATE checkpoint SET position = 12", I6, None),
        ("views-1.db", "DELETE FROM reservation_lines WHERE status = 0", I6, None),
    ];
    for (file, sql, invariant, position) in cases {
        let unsummed = if file == "events.db" { unsummed } else { "" };
        let violation = violation_after(file, &format!("{unsummed}{sql}")).await;
        let found = (violation.invariant, violation.position);
        assert_eq!(found, (invariant, position), "{sql}: {violation}");
    }
}

#[tokio::test]
async fn whatever_is_stored_of_an_event_is_under_its_checksum() {
    for (sql, position) in [
        ("UPDATE events SET actor = 'test:nobody' WHERE position = 3", 3),
        ("UPDATE events SET occurred_at = occurred_at + 1 WHERE position = 3", 3),
        ("UPDATE events SET personal = '{}' WHERE position = 4", 4),
        ("UPDATE events SET checksum = checksum + 1 WHERE position = 2", 2),
        ("UPDATE events SET chain = chain + 1 WHERE position = 2", 2),
        ("UPDATE events SET checksum = NULL, chain = NULL WHERE position = 5", 5),
        ("UPDATE events SET checksum = NULL, chain = NULL WHERE position < 4", 4),
    ] {
        let violation = violation_after("events.db", sql).await;
        let found = (violation.invariant, violation.position);
        assert_eq!(found, (Invariant::I5, Some(position)), "{sql}: {violation}");
    }
}

#[tokio::test]
async fn an_index_that_differs_from_the_log_is_found() {
    for (sql, told) in [
        ("DELETE FROM claims WHERE namespace = 'reservation'", "does not have a claim"),
        ("UPDATE claims SET value = value || ' '", "says otherwise of the claim"),
        ("UPDATE claims SET expires_at = expires_at + 1", "says otherwise of the claim"),
        ("UPDATE claims SET key = key || '0'", "says otherwise of the claim"),
        ("DELETE FROM heads WHERE position = 11", "does not have the stream"),
        ("UPDATE heads SET version = version + 1", "the index says that"),
        ("UPDATE heads SET position = position - 1", "the index says that"),
        ("UPDATE heads SET key = zeroblob(16) WHERE position = 11", "the log does not have"),
        ("UPDATE meta SET value = '99' WHERE name = 'indexed_until'", "up to position 99"),
    ] {
        let violation = violation_after("index.db", sql).await;
        assert_eq!(violation.invariant, Invariant::I6, "{sql}: {violation}");
        assert!(violation.message.contains(told), "{sql}: {violation}");
    }
}

#[tokio::test]
async fn marks_of_a_long_stream_that_differ_from_the_log_are_found() {
    let folder = TempDir::new().unwrap();
    let gondola = start(folder.path(), EventStoreUrl::Sqlite(None)).await;
    for _ in 0..300 {
        add(&gondola, 1, 1).await;
    }
    gondola.stop().await;
    let args = args(folder.path(), EventStoreUrl::Sqlite(None));
    verify(args.clone()).await.unwrap();
    let index = Connection::open(folder.path().join("inventory/index.db")).unwrap();
    for (sql, told) in [
        ("UPDATE marks SET position = position - 1", "where the log has none"),
        (
            "UPDATE marks SET version = version + 1, position = position + 1",
            "has a mark of version",
        ),
        ("DELETE FROM marks", "does not have the mark of position 256"),
    ] {
        assert_eq!(index.execute(sql, []).unwrap(), 1);
        match verify(args.clone()).await {
            Err(Failure::Broken(violation)) => {
                assert_eq!(violation.invariant, Invariant::I6, "{sql}: {violation}");
                assert!(violation.message.contains(told), "{sql}: {violation}");
            }
            other => panic!("{sql} should be found, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn answers_are_found_in_the_log_of_the_product() {
    let folder = TempDir::new().unwrap();
    let gondola = start(folder.path(), EventStoreUrl::Sqlite(None)).await;
    add(&gondola, 1, 10).await;
    let id = reserve(&gondola, &[1]).await;
    gondola.stop().await;
    let file = folder.path().join("answers.ndjson");
    let answer =
        |id: Uuid| format!(r#"{{"kind":"reserve","outcome":"acked","reservationId":"{id}"}}"#);
    let mut args = args(folder.path(), EventStoreUrl::Sqlite(None));
    args.acked = Some(file.clone());
    std::fs::write(&file, answer(id.as_uuid())).unwrap();
    let reports = verify(args.clone()).await.unwrap();
    assert_eq!(reports.inventory.acknowledged.unwrap().acked, 1);
    std::fs::write(&file, answer(Uuid::from_u128(9))).unwrap();
    match verify(args).await {
        Err(Failure::Broken(violation)) => assert_eq!(violation.invariant, Invariant::I3),
        other => panic!("a lost reservation should be found, got {other:?}"),
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_checked() {
    let folder = TempDir::new().unwrap();
    for (event_store, why) in [
        (EventStoreUrl::Sqlite(None), "events.db"),
        (EventStoreUrl::Jsonl(None), "journal"),
        (EventStoreUrl::Memory, "nothing is kept"),
    ] {
        match verify(args(folder.path(), event_store)).await {
            Err(Failure::Unchecked(error)) => assert!(error.to_string().contains(why), "{error:#}"),
            other => panic!("there is no log to check, got {other:?}"),
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing may be made");
}
