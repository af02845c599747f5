//! Receipts and counts.

use crate::gondola::{Place, account, count};

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
    assert_eq!(on_hand(&place, "'+P2"), 0, "what looks like a formula is exported with a guard");
    let counted = place.events(&["--after", "2"]);
    assert_eq!(counted[0]["data"]["counted"], 7);
    assert_eq!(counted[0]["data"]["delta"], -3);
}

#[test]
fn files_that_tell_of_the_past_count_in_the_order_in_which_things_happened() {
    let place = with_catalogue();
    let import = |kind: &str, file: &str, lines: &str| {
        let units = if kind == "counts" { "counted" } else { "quantity" };
        let basket = if kind == "sales" { ",basket_id" } else { "" };
        let header = format!("store_code,sku,{units},occurred_at{basket}");
        place.write(file, &format!("{header}\n{lines}"));
        let told = place.told(&["import", kind, file]);
        let all = u64::try_from(lines.lines().count()).unwrap();
        assert_eq!(account(&told, all)[2], 0, "{told}");
    };
    import("stock", "stock.csv", "S1,P1,100,2026-01-01\nS1,+P2,57,2026-01-01\n");
    // counted after the delivery, which is in it
    import("counts", "late.csv", "S1,P1,95,2026-01-15T00:00:00Z\n");
    assert_eq!(on_hand(&place, "P1"), 95);
    // the same count again under another name, an older one, and a delivery from before it
    import("counts", "again.csv", "S1,P1,95,2026-01-15T00:00:00Z\nS1,P1,7,2026-01-14T00:00:00Z\n");
    import("stock", "early.csv", "S1,P1,10,2026-01-02\n");
    assert_eq!(on_hand(&place, "P1"), 95);
    // a sale keeps its own time: one before the count is in it, one after it is not
    import("sales", "sales.csv", "S1,P1,3,2026-01-10,T-1\nS1,P1,2,2026-01-20,T-2\n");
    assert_eq!(on_hand(&place, "P1"), 93);
    let sold = place.events(&[]);
    let sold = sold.iter().filter(|event| event["eventType"] == "StockCommittedEvent");
    let times: Vec<_> = sold.map(|event| event["occurredAt"].as_str().unwrap()).collect();
    assert_eq!(times, ["2026-01-10T23:59:59.999Z", "2026-01-20T23:59:59.999Z"]);
    import(
        "counts",
        "other.csv",
        "S1,+P2,50,2026-02-01T00:00:00Z\nS1,+P2,57,2026-01-31T00:00:00Z\n",
    );
    assert_eq!(on_hand(&place, "'+P2"), 50);
    let verified = place.told(&["verify"]);
    assert!(verified.contains("verified: I1 I2 I3 I4 I5 I6 hold"), "{verified}");
}

#[test]
fn sales_of_goods_that_are_gone_are_a_shortfall_when_that_is_said() {
    let place = with_catalogue();
    place.write("stock.csv", "store_code,sku,quantity,occurred_at\nS1,P1,5,2026-01-05\n");
    place.told(&["import", "stock", "stock.csv"]);
    let sales = "S1,P1,3,T-1,2026-01-06\nS1,P1,4,T-2,2026-01-07\nS1,P1,1,T-3,2026-01-02\n";
    place.write("sales.csv", &format!("store_code,sku,quantity,basket_id,date\n{sales}"));
    let told = place.told(&["import", "sales", "sales.csv"]);
    assert_eq!(account(&told, 3), [1, 0, 2], "{told}");
    assert_eq!(count(&told, "not-on-hand-then"), 1, "{told}");

    let rejected = "sales.csv.rejected.csv";
    let told = place.told(&["import", "sales", rejected, "--already-left"]);
    assert_eq!(account(&told, 2), [2, 0, 0], "{told}");
    assert_eq!(on_hand(&place, "P1"), 0);
    let verified = place.told(&["verify"]);
    assert!(verified.contains("= 0 on hand, 0 of them reserved; 3 missing"), "{verified}");
    // what arrived before it was sold explains what was missing
    place.write("early.csv", "store_code,sku,quantity,occurred_at\nS1,P1,3,2026-01-01\n");
    place.told(&["import", "stock", "early.csv"]);
    let verified = place.told(&["verify"]);
    assert!(verified.contains("= 0 on hand, 0 of them reserved\n"), "{verified}");
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
