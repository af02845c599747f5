//! A promise that was made right before a break is kept, or made anew when it has expired meanwhile.

use kit_core::Caller;
use std::path::Path;

use clap::Parser;
use gondola_inventory::use_cases::StoreCommand;
use gondola_inventory_domain::{
    Command, PositiveQuantity, ProductId, ReleaseReservation, ReservationId, ReserveStock, StoreId,
    TimeToLive,
};
use kit_executor::ExecutorConfig;

use super::checkpoint::{Checkpoint, State, Tally};
use super::identity::{Identity, Part};
use super::names::Names;
use super::{Args, actor, run, start, table};
use crate::stores::{self, DataArgs, StoreKind};

/// The only sale of the file.
const LINE: u64 = 2;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: Args,
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn data(&self) -> DataArgs {
        DataArgs { data_dir: self.folder.path().join("data"), store: StoreKind::Sqlite }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    async fn import(&self, what: &str, text: &str) {
        let file = self.file(&format!("{what}.csv"));
        std::fs::write(&file, text).unwrap();
        let (data, rejected) = (self.file("data"), self.file("rejected.csv"));
        let arguments = ["import", what, &file, "--data-dir", &data, "--rejected", &rejected];
        run(Cli::try_parse_from(arguments).unwrap().args).await.unwrap();
    }

    /// What a run leaves that was killed after it had promised the units of the only sale.
    async fn break_off(&self, sales: &str, released: bool) {
        let path = self.file("sales.csv");
        std::fs::write(&path, sales).unwrap();
        let (sha256, _) = table::identify(Path::new(&path)).unwrap();
        let gondola = start(&self.data(), ExecutorConfig::default()).await.unwrap();
        let position = gondola.inventory.queries.log().head().borrow().get();
        let state = State {
            file: "sales.csv".to_owned(),
            sha256: sha256.clone(),
            options: "--receive none --store-code \"\" --store-column \"\"".to_owned(),
            begun_at: stores::now(),
            part: Part::Lines,
            through_line: 0,
            position,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        };
        Checkpoint::new(&self.data(), "sales", &sha256).unwrap().save(&state).unwrap();
        let identity = Identity::new(state.begun_at, &sha256, Part::Lines);
        let reservation_id = ReservationId::from_uuid(identity.of_try(LINE, 1));
        let names = Names::load(&gondola.store.listings).await.unwrap();
        let level = names.level("S1", "P1").unwrap();
        let reserve = Command::ReserveStock(ReserveStock {
            reservation_id,
            quantity: PositiveQuantity::new(4).unwrap(),
            ttl: TimeToLive::default(),
            reason: None,
            order: None,
            customer: None,
        });
        let correlation_id = identity.of_line(LINE);
        execute(&gondola, level, reserve, correlation_id).await;
        if released {
            let release =
                Command::ReleaseReservation(ReleaseReservation { reservation_id, reason: None });
            execute(&gondola, level, release, uuid::Uuid::from_u128(1)).await;
        }
        gondola.stop().await;
    }

    /// The names of all events of the stock level.
    async fn events(&self) -> Vec<String> {
        let gondola = start(&self.data(), ExecutorConfig::default()).await.unwrap();
        let log = gondola.inventory.queries.log();
        let events = log.read_all(kit_core::Position::ZERO, 100).await.unwrap();
        let names = events.iter().map(|event| event.event.event_type.to_string()).collect();
        gondola.stop().await;
        names
    }
}

async fn execute(
    gondola: &crate::compose::Gondola,
    (store, product): (StoreId, ProductId),
    command: Command,
    correlation_id: uuid::Uuid,
) {
    let caller = Caller { actor: actor(), correlation_id, idempotency: None };
    let command = StoreCommand::single(store, product, command);
    gondola.inventory.writes.execute(command, caller).await.unwrap();
}

async fn place() -> Place {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    place.import("stores", "code\nS1\n").await;
    place.import("products", "sku,name\nP1,Product\n").await;
    place.import("stock", "store_code,sku,quantity\nS1,P1,4\n").await;
    place
}

const SALES: &str = "store_code,sku,quantity\nS1,P1,4\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_was_made_before_the_break_is_kept() {
    let place = place().await;
    place.break_off(SALES, false).await;
    for _ in 0..2 {
        place.import("sales", SALES).await;
        let expected = ["StockAddedEvent", "StockReservedEvent", "StockCommittedEvent"];
        assert_eq!(place.events().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_has_ended_since_the_break_is_made_anew() {
    let place = place().await;
    place.break_off(SALES, true).await;
    for _ in 0..2 {
        place.import("sales", SALES).await;
        let expected = [
            "StockAddedEvent",
            "StockReservedEvent",
            "StockReleasedEvent",
            "StockReservedEvent",
            "StockCommittedEvent",
        ];
        assert_eq!(place.events().await, expected);
    }
}
