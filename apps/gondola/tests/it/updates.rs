//! Imports that say what they would do, and imports that change what is registered.

use std::fmt::Write as _;

use serde_json::Value;

use crate::gondola::{Place, account, count};
use crate::roles::{Server, send_with};

const FIRST: &str =
    "sku,name,unit_price,currency,brand\nP1,One,9.90,BRL,Acme\nP2,Two,5,BRL,\nP3,Three,7,BRL,\n";

/// A second price list: one other price, one that is blank, one as it was, and a product that is new.
const SECOND: &str =
    "sku,name,unit_price,currency\nP1,One,10.90,BRL\nP2,Two,,BRL\nP3,Three,7,BRL\nP4,Four,1,BRL\n";

fn products(place: &Place) -> Vec<Value> {
    let told = place.told(&["export", "products", "--format", "ndjson"]);
    told.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_second_price_list_changes_prices_and_says_so_before() {
    let place = Place::new("sqlite");
    place.write("first.csv", FIRST);
    place.write("second.csv", SECOND);
    place.told(&["import", "products", "first.csv"]);
    let before = products(&place);

    // without the flag what is registered stays
    place.write("kept.csv", "sku,name,unit_price,currency\nP1,Other,99,BRL\n");
    let kept = place.told(&["import", "products", "kept.csv"]);
    assert_eq!(account(&kept, 1), [0, 1, 0], "{kept}");
    assert_eq!(products(&place), before);

    let looked = place.told(&["import", "products", "second.csv", "--update", "--dry-run"]);
    assert!(looked.contains("line 2: P1: unit_price_minor_units \"990\" -> \"1090\""), "{looked}");
    assert_eq!((count(&looked, "would be applied"), count(&looked, "changed")), (2, 1), "{looked}");
    assert!(looked.contains("nothing was changed"), "{looked}");
    assert_eq!(products(&place), before, "a dry run changes nothing");

    let told = place.told(&["import", "products", "second.csv", "--update"]);
    assert_eq!(account(&told, 4), [2, 2, 0], "{told}");
    let after = products(&place);
    assert_eq!(after.len(), 4);
    assert_eq!(
        (&after[0]["unit_price_minor_units"], &after[0]["brand"]),
        (&"1090".into(), &"Acme".into())
    );
    assert_eq!(after[1..3], before[1..], "what the list leaves blank stays");
    let again = place.told(&["import", "products", "second.csv", "--update"]);
    assert_eq!(account(&again, 4), [0, 4, 0], "{again}");
}

#[test]
fn every_kind_of_the_catalogue_can_be_updated() {
    let place = Place::new("sqlite");
    for (kind, first, second, column, value) in [
        ("stores", "code,name,city\nS1,One,Recife\n", "code,name\nS1,Uno\n", "name", "Uno"),
        ("categories", "code,name\nC1,One\n", "code,name\nC1,Uno\n", "name", "Uno"),
        ("products", "sku,name\nP1,One\n", "sku,name,weight_g\nP1,One,250\n", "weight_g", "250"),
        (
            "suppliers",
            "code,name,note\nA,One,good\n",
            "code,lead_time_days\nA,5\n",
            "lead_time_days",
            "5",
        ),
        (
            "supplier-offers",
            "sku,supplier,moq\nP1,A,10\n",
            "sku,supplier,pack_size\nP1,A,6\n",
            "order_multiple",
            "6",
        ),
    ] {
        place.write("first.csv", first);
        place.write("second.csv", second);
        place.told(&["import", kind, "first.csv"]);
        let before = place.told(&["export", kind, "--format", "ndjson"]);
        let looked = place.told(&["import", kind, "second.csv", "--update", "--dry-run"]);
        assert_eq!(count(&looked, "changed"), 1, "{kind}: {looked}");
        assert_eq!(place.told(&["export", kind, "--format", "ndjson"]), before, "{kind}");
        place.told(&["import", kind, "second.csv", "--update"]);
        let [before, after] = [before, place.told(&["export", kind, "--format", "ndjson"])]
            .map(|text| serde_json::from_str::<Value>(&text).unwrap());
        let mut expected = before;
        expected[column] = value.into();
        assert_eq!(after, expected, "{kind}");
    }
}

#[test]
fn a_dry_run_of_stock_says_what_can_be_read_and_changes_nothing() {
    let place = Place::new("sqlite");
    place.write("stock.csv", "store_code,sku,quantity\nS1,P1,5\nS1,NONE,1\nS1,P1,x\nS1,P1,2\n");
    // where nothing is, nothing is made
    let looked = place.told(&["import", "stock", "stock.csv", "--dry-run"]);
    assert_eq!(count(&looked, "rejected"), 4, "{looked}");
    assert!(!place.path("data").exists(), "a dry run makes no folder");
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,One\n");
    place.told(&["import", "stores", "stores.csv"]);
    place.told(&["import", "products", "products.csv"]);
    let events = place.events(&[]).len();
    for _ in 0..2 {
        let looked = place.told(&["import", "stock", "stock.csv", "--dry-run"]);
        assert_eq!(
            (count(&looked, "would be applied"), count(&looked, "rejected")),
            (2, 2),
            "{looked}"
        );
        assert_eq!(place.rejected("stock.csv.rejected.csv").len(), 2);
    }
    assert_eq!(place.events(&[]).len(), events);
    let told = place.told(&["import", "stock", "stock.csv"]);
    assert_eq!(account(&told, 4), [2, 0, 2], "a dry run is no import: {told}");
    let looked = place.told(&["import", "stock", "stock.csv", "--dry-run"]);
    assert_eq!(count(&looked, "applied before"), 2, "{looked}");
    assert_eq!(place.on_hand("S1", "P1"), 7);

    place.write(
        "transfers.csv",
        "reference,from_store,to_store,sku,quantity\nT,S1,S1,P1,x\nU,S1,S9,P1,1\n",
    );
    let looked = place.told(&["import", "transfers", "transfers.csv", "--dry-run"]);
    assert_eq!(count(&looked, "rejected"), 2, "{looked}");
}

#[test]
fn more_rejected_lines_than_allowed_are_no_success() {
    let place = Place::new("sqlite");
    let mut stores = "code\n".to_owned();
    (0..5).for_each(|number| writeln!(stores, "S{number}\nno  code {number}").unwrap());
    place.write("stores.csv", &stores);
    let run = |more: &[&str]| {
        place.run(&[&["import", "stores", "stores.csv"], more].concat()).status.code()
    };
    // half of them are not too many unless somebody says so
    assert_eq!(run(&[]), Some(0));
    assert_eq!(run(&["--max-rejected", "5"]), Some(0));
    let refused = place.refused(&["import", "stores", "stores.csv", "--max-rejected", "4"], 3);
    assert!(
        refused.contains("5 of 10 lines were rejected") && refused.contains("--max-rejected"),
        "{refused}"
    );
    place.write("worse.csv", "code\nS1\nno  code\nno  code either\n");
    let refused = place.refused(&["import", "stores", "worse.csv"], 3);
    assert!(refused.contains("2 of 3 lines were rejected"), "{refused}");
}

#[test]
fn a_server_says_what_it_would_change() {
    let place = Place::new("sqlite");
    let server =
        Server::run(&place.folder, &["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"]);
    let path = "/api/v1/catalogue/imports/products";
    let send = |query: &str, file: &str| {
        let csv = [("content-type", "text/csv")];
        let answer = send_with(&server.address, "POST", &format!("{path}?{query}"), &csv, file);
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let sent: Value = serde_json::from_str(body).unwrap();
        crate::through_server::ended(&server, sent["importId"].as_str().unwrap())
    };
    assert_eq!(send("", FIRST)["accepted"], 3);
    let looked = send("update=true&dryRun=true", SECOND);
    assert_eq!(
        (&looked["dryRun"], &looked["changed"], &looked["accepted"]),
        (&true.into(), &1.into(), &2.into()),
        "{looked}"
    );
    assert_eq!(looked["changes"][0]["after"], "1090", "{looked}");
    let price = || {
        let answer = server.get("/api/v1/products/P1");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str::<Value>(body).unwrap()["unitPrice"]["minorUnits"].clone()
    };
    assert_eq!(price(), 990);
    assert_eq!(send("update=true", SECOND)["changed"], 1);
    assert_eq!(price(), 1090);
}
