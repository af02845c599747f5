//! Receipts and counts.

use crate::gondola::{Place, account};

fn with_catalogue() -> Place {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\n+P2,Two\n");
    place.told(&["import", "stores", "stores.csv"]);
    place.told(&["import", "products", "products.csv"]);
    place
}

fn on_hand(place: &Place, sku: &str) -> u32 {
    place.stock()[&("S1".to_owned(), sku.to_owned())].0
}

#[test]
fn stock_is_received_once_with_reason_reference_and_time() {
    let place = with_catalogue();
    place.write(
        "stock.csv",
        "store_code,sku,quantity,reason,reference,occurred_at\n\
         S1,P1,10,Delivery,note 7,2026-02-03 04:05:06\n\
         S1,P1,0,,,\n\
         S1,P1,-3,,,\n\
         S1,+P2,4,,,\n",
    );
    for expected in [[2, 0, 2], [0, 2, 2]] {
        let told = place.told(&["import", "stock", "stock.csv"]);
        assert_eq!(account(&told, 4), expected, "{told}");
    }
    assert_eq!(on_hand(&place, "P1"), 10);
    let events = place.events(&[]);
    assert_eq!(events[0]["data"]["reason"], "Delivery");
    assert_eq!(events[0]["data"]["reference"], "note 7");
    assert_eq!(events[0]["occurredAt"], "2026-02-03T04:05:06.000Z");
    assert_eq!(events[0]["actor"], "system:import");
}

#[test]
fn counts_set_the_stock_and_may_be_zero() {
    let place = with_catalogue();
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,10\nS1,+P2,5\n");
    place.told(&["import", "stock", "stock.csv"]);
    place.write("counts.csv", "store_code,sku,counted\nS1,P1,7\nS1,+P2,0\nS1,P1,-1\nS1,P3,1\n");
    let told = place.told(&["import", "counts", "counts.csv"]);
    assert_eq!(account(&told, 4), [2, 0, 2], "{told}");
    assert_eq!(on_hand(&place, "P1"), 7);
    assert_eq!(on_hand(&place, "'+P2"), 0, "what looks like a formula is exported with a quote");
    let counted = place.events(&["--after", "2"]);
    assert_eq!(counted[0]["data"]["counted"], 7);
    assert_eq!(counted[0]["data"]["delta"], -3);
}

#[test]
fn a_count_of_the_past_does_not_undo_what_happened_since() {
    let place = with_catalogue();
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,10\n");
    place.told(&["import", "stock", "stock.csv"]);
    // before the delivery nothing was there: what was found then is there in addition
    place.write("counts.csv", "store_code,sku,counted,occurred_at\nS1,P1,2,2026-01-01\n");
    place.told(&["import", "counts", "counts.csv"]);
    assert_eq!(on_hand(&place, "P1"), 12);
}

#[test]
fn exports_go_to_files_and_need_a_data_folder() {
    let place = Place::new("sqlite");
    for what in ["stock", "events"] {
        let error = place.error(&["export", what]);
        assert!(error.contains("give the server's --data-dir"), "{error}");
    }
    assert!(!place.path("data").exists(), "asking makes no folder");
    let place = with_catalogue();
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,10\n");
    place.told(&["import", "stock", "stock.csv"]);
    for what in ["stock", "events"] {
        assert_eq!(place.told(&["export", what, "--out", "out"]), "");
        assert_eq!(place.read("out"), place.told(&["export", what]));
    }
}
