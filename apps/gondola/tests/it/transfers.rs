//! Transfers from files: each reference is one transfer, however often it is sent.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::gondola::{Place, account, count};
use crate::roles::{Server, send};
use crate::webhooks::PATIENCE;

/// Two stores, two products, and stock in the first one.
fn place() -> Place {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nDC-1\nS-2\n");
    place.write("products.csv", "sku,name\nA,One\nB,Two\n");
    place.write("stock.csv", "store_code,sku,quantity\nDC-1,A,10\nDC-1,B,5\n");
    for what in ["stores", "products", "stock"] {
        place.told(&["import", what, &format!("{what}.csv")]);
    }
    place
}

/// The columns of an export that an import reads, and how each transfer stands.
fn exported(place: &Place, arguments: &[&str]) -> Vec<String> {
    let told = place.told(&[&["export", "transfers"], arguments].concat());
    let mut csv = csv::Reader::from_reader(told.as_bytes());
    let row = |row: csv::StringRecord| row.iter().take(8).collect::<Vec<_>>().join(",");
    csv.records().map(|record| row(record.unwrap())).collect()
}

const FILE: &str = "reference,from_store,to_store,sku,quantity,hold_seconds,reason\n\
    DN-1,DC-1,S-2,A,4,3600,weekly\n\
    DN-1,DC-1,S-2,B,1,3600,weekly\n\
    DN-1,DC-1,S-2,A,2,3600,weekly\n\
    DN-2,DC-1,S-2,B,2,,\n\
    DN-2,DC-1,S-2,LOST,1,,\n\
    DN-3,DC-1,S-2,B,many,,\n\
    DN-4,DC-1,DC-1,B,1,,\n\
    DN-5,DC-1,S-2,A,7,,\n\
    ,DC-1,S-2,A,1,,\n\
    DN-6,DC-1,S-2,A,1,,\n\
    DN-6,S-2,DC-1,A,1,,\n";

const HELD: [&str; 2] =
    ["DN-1,DC-1,S-2,A,6,3600,weekly,held", "DN-1,DC-1,S-2,B,1,3600,weekly,held"];

#[test]
fn each_reference_is_one_transfer_and_a_second_time_nothing_happens() {
    let place = place();
    place.write("transfers.csv", FILE);
    let told = place.told(&["import", "transfers", "transfers.csv"]);
    assert_eq!(account(&told, 11), [3, 0, 8], "{told}");
    let rejected = place.rejected("transfers.csv.rejected.csv");
    for (line, code) in [
        (5, "incomplete-transfer"),
        (6, "unknown-product"),
        (7, "invalid-quantity"),
        (8, "invalid-transfer"),
        (9, "transfer-refused"),
        (10, "missing-value"),
        (11, "invalid-transfer"),
        (12, "invalid-transfer"),
    ] {
        assert_eq!(rejected[&line], code, "{line}");
    }
    assert_eq!(exported(&place, &["--unfinished"]), HELD);
    assert!(exported(&place, &[]).iter().any(|line| line.ends_with(",refused")));
    let told = place.told(&["import", "transfers", "transfers.csv"]);
    assert_eq!(account(&told, 11), [0, 3, 8], "{told}");
    assert_eq!(exported(&place, &["--unfinished"]), HELD);
}

#[test]
fn a_reference_with_other_lines_is_rejected_and_a_refused_one_may_come_again() {
    let place = place();
    let header = "reference,from_store,to_store,sku,quantity\n";
    place.write("first.csv", &format!("{header}DN-1,DC-1,S-2,A,4\nDN-2,DC-1,S-2,B,6\n"));
    let told = place.told(&["import", "transfers", "first.csv"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    place.write("more.csv", "store_code,sku,quantity\nDC-1,B,5\n");
    place.told(&["import", "stock", "more.csv"]);
    place.write("second.csv", &format!("{header}DN-1,DC-1,S-2,A,5\nDN-2,DC-1,S-2,B,6\n"));
    let told = place.told(&["import", "transfers", "second.csv"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    assert_eq!(place.rejected("second.csv.rejected.csv")[&2], "transfer-reference-taken");
    assert_eq!(
        exported(&place, &["--unfinished"]),
        ["DN-1,DC-1,S-2,A,4,86400,,held", "DN-2,DC-1,S-2,B,6,86400,,held"]
    );
}

#[test]
fn a_file_whose_references_are_mixed_is_refused_as_a_whole() {
    let place = place();
    let lines =
        "reference,from,to,sku,qty\nDN-1,DC-1,S-2,A,1\nDN-2,DC-1,S-2,A,1\nDN-1,DC-1,S-2,B,1\n";
    place.write("transfers.csv", lines);
    let refused = place.refused(&["import", "transfers", "transfers.csv"], 2);
    assert!(refused.contains("line 4") && refused.contains("line 2 already"), "{refused}");
    assert!(refused.contains("sort the file by reference"), "{refused}");
    assert!(exported(&place, &[]).is_empty());
}

/// What was exported asks for the same in another folder, and for nothing in its own.
#[test]
fn what_is_exported_is_what_an_import_reads() {
    let one = place();
    one.write("transfers.csv", FILE);
    one.told(&["import", "transfers", "transfers.csv"]);
    for format in ["csv", "ndjson"] {
        let file = format!("exported.{format}");
        let text = one.told(&["export", "transfers", "--unfinished", "--format", format]);
        one.write(&file, &text);
        let told = one.told(&["import", "transfers", &file]);
        assert_eq!(account(&told, 2), [0, 2, 0], "{told}");
        let other = place();
        other.write(&file, &text);
        let told = other.told(&["import", "transfers", &file]);
        assert_eq!((account(&told, 2), count(&told, "rejected")), ([2, 0, 0], 0), "{told}");
        assert_eq!(exported(&other, &[]), HELD);
    }
    let told = one.told(&["verify"]);
    assert!(told.contains("transfers     2 in all"), "{told}");
}

/// The offers come from the catalogue of the same folder, what is on its way from its transfers.
#[test]
fn what_stores_should_order_is_exported_with_whom_to_order_of() {
    let place = place();
    place.write(
        "suppliers.csv",
        "code,name,lead_time_days,status\nACME,Acme,14,\nGONE,Gone,1,inactive\n",
    );
    place.write(
        "offers.csv",
        "sku,supplier,minimum_order_quantity,order_multiple,preferred\nA,ACME,6,5,true\nA,GONE,1,1,\nB,GONE,1,1,\n",
    );
    for (what, file) in [("suppliers", "suppliers.csv"), ("supplier-offers", "offers.csv")] {
        place.told(&["import", what, file]);
    }
    place.write("sent.csv", "reference,from,to,sku,quantity\nDN-1,DC-1,S-2,A,2\n");
    place.told(&["import", "transfers", "sent.csv"]);
    let server = Server::start_with(&place.folder, "all", &["--data-dir", "data"]);
    for (store, sku, point) in [("S-2", "A", 7), ("S-2", "B", 3), ("DC-1", "B", 2)] {
        let body = json!({"storeCode": store, "productSku": sku, "reorderPoint": point});
        let answer = send(&server.address, "POST", "/api/v1/inventory/policy", &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    // the list is a view, which may be late by a moment
    let begun = Instant::now();
    let shown = loop {
        let shown = server.get("/api/v1/inventory/replenishment?store=S-2");
        if shown.contains("\"quantity\":10") || begun.elapsed() > PATIENCE {
            break shown;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(shown.contains("\"offersKnown\":true"), "{shown}");
    assert!(
        shown.contains("\"supplierCode\":\"ACME\"") && shown.contains("\"quantity\":10"),
        "{shown}"
    );
    drop(server);
    let told = place.told(&["export", "replenishment"]);
    let mut lines: Vec<&str> = told.lines().collect();
    lines[1..].sort_unstable();
    assert_eq!(
        lines,
        [
            "store_code,sku,on_hand,reserved,available,safety_stock,reorder_point,in_transit,on_order,shortage,supplier,\
             lead_time_days,minimum_order_quantity,order_multiple,order_quantity,transfer_from,transfer_quantity",
            "S-2,A,0,0,0,0,7,0,2,6,ACME,14,6,5,10,DC-1,6",
            "S-2,B,0,0,0,0,3,0,0,4,,,,,,DC-1,2",
        ]
    );
}
