//! Imports that go on where a run was killed: what it had promised is kept, what it had not decided is decided.

use gondola_inventory::use_cases::{
    LevelRef, ProductRef, ReservationTerms, StockRequest, StoreRef,
};
use gondola_inventory_domain::{
    Part, PositiveQuantity, ProductId, ReservationId, StoreId, TransactionRef,
};
use kit_core::{Caller, Scope};

use super::{Place, Running, place};
use crate::deterministic_ids::DeterministicIds;
use crate::movement::{Change, Commands, Movement, Outcome, Sale};
use crate::names::Names;
use crate::services::Author;

const SALES: &str = "store_code,sku,quantity\nS1,P1,4\n";

/// The only sale of that file.
const LINE: u64 = 2;

impl Running {
    async fn perform(&self, request: StockRequest, correlation_id: uuid::Uuid) {
        let caller = Caller {
            actor: Author::default().actor,
            correlation_id,
            idempotency: None,
            scope: Scope::All,
        };
        self.services.stock.perform(request, caller).await.unwrap();
    }

    async fn level(&self) -> (StoreId, ProductId) {
        let names = Names::load(&self.services.listings).await.unwrap();
        names.level("S1", "P1").unwrap()
    }

    /// Sells units as a line of an import.
    async fn sell(&self, ids: DeterministicIds, line: u64, units: i64, at: Option<&str>) {
        let (store, product) = self.level().await;
        let sale = Sale {
            quantity: PositiveQuantity::new(units).unwrap(),
            transaction: TransactionRef::new("T").unwrap(),
            customer: None,
            occurred_at: at.map(|at| at.parse().unwrap()),
        };
        let movement = Movement { store, product, change: Change::Sold(sale) };
        let commands = Commands { ids, author: Author::default(), already_left: false };
        let lines = std::iter::once((line, &movement));
        let outcomes = commands.execute(&self.services.stock, lines).await.unwrap();
        assert_eq!(outcomes, [Outcome::Applied]);
    }
}

impl Place {
    /// The state after a run that was killed when it had reserved the units of the only sale.
    async fn break_off_promised(&self, released: bool) {
        let ids = self.begin(SALES);
        let running = self.start().await;
        let reservation = ReservationId::from_uuid(ids.of_try(LINE, 1));
        let (store, product) = running.level().await;
        // unlike the import's own request this one lets the reservation be released by its id
        let reserve = StockRequest::Reserve {
            level: LevelRef { store: StoreRef::Id(store), product: ProductRef::Id(product) },
            quantity: PositiveQuantity::new(4).unwrap(),
            terms: ReservationTerms { reservation: Some(reservation), ..Default::default() },
        };
        running.perform(reserve, ids.of_line(LINE)).await;
        if released {
            let release = StockRequest::Release { reservation, part: Part::All, reason: None };
            running.perform(release, uuid::Uuid::from_u128(1)).await;
        }
        running.stop().await;
    }

    /// More deliveries than the stock level remembers: five before them, and then one after the other.
    async fn deliver(&self) {
        let deliveries = "S1,P1,1,2026-02-01\n".repeat(90);
        let stock = format!("store_code,sku,quantity,date\nS1,P1,5,2026-01-01\n{deliveries}");
        self.import("stock", &stock).await;
    }

    async fn sold(&self) -> usize {
        let events = self.events().await;
        events.iter().filter(|event| *event == "StockCommittedEvent").count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_was_made_before_the_break_is_kept() {
    let place = place().await;
    place.break_off_promised(false).await;
    for _ in 0..2 {
        place.import("sales", SALES).await;
        let expected = ["StockAddedEvent", "StockReservedEvent", "StockCommittedEvent"];
        assert_eq!(place.events().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_has_ended_since_the_break_is_made_anew() {
    let place = place().await;
    place.break_off_promised(true).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn sales_from_before_what_a_level_remembers_are_imported_too() {
    let place = place().await;
    place.deliver().await;
    let sales = "S1,P1,3,2026-01-10\nS1,P1,3,2026-01-11\nS1,P1,2,2026-01-12\n";
    place.import("sales", &format!("store_code,sku,quantity,date\n{sales}")).await;
    assert_eq!(place.sold().await, 2, "five were there then, whatever arrived since");
}

/// A fact from before what its level remembers takes effect after its group. Killed in between, the import has later lines
/// of the level in the log and not this one, which nobody has refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_still_had_to_look_back_at_the_break_is_not_taken_for_refused() {
    let place = place().await;
    place.deliver().await;
    let sales = "store_code,sku,quantity,date\nS1,P1,3,2026-01-10\nS1,P1,6,2026-01-11\nS1,P1,1,2026-02-10\n";
    let ids = place.begin(sales);
    let running = place.start().await;
    running.sell(ids, 4, 1, Some("2026-02-10T12:00:00Z")).await;
    running.stop().await;
    let told = place.import("sales", sales).await;
    assert_eq!(place.sold().await, 2, "{told}");
    assert!(told.contains("not-on-hand-then"), "{told}");
}

/// More has arrived since the break, so that it would be taken now.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_refused_before_the_break_stays_refused_for_the_same_reason() {
    let place = place().await;
    let sales = "store_code,sku,quantity\nS1,P1,40\nS1,P1,2\nS1,P1,1\n";
    let ids = place.begin(sales);
    let running = place.start().await;
    running.sell(ids, 3, 2, None).await;
    running.sell(ids, 4, 1, None).await;
    running.stop().await;
    place.import("stock", "store_code,sku,quantity\nS1,P1,90\n").await;
    let told = place.import("sales", sales).await;
    assert_eq!(place.sold().await, 2, "{told}");
    assert!(told.contains("insufficient-stock"), "{told}");
}
