//! Sales: real bad data, made-up bad lines, sales without stock, and files that are imported again.

use crate::gondola::{Place, account, count};

/// Real lines: see `fixtures/README.md`.
const EXCERPT: &str = include_str!("../fixtures/online_retail_excerpt.csv");

const BY_COUNTRY: [&str; 6] =
    ["--derive-catalogue", "--store-column", "Country", "--receive", "auto", "--region=Europe"];

fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["import", "sales", file], more].concat()
}

#[test]
fn real_sales_are_replayed_and_what_is_no_sale_is_rejected_with_its_reason() {
    let place = Place::new("sqlite");
    place.write("sales.csv", EXCERPT);
    let told = place.told(&import("sales.csv", &BY_COUNTRY));
    assert_eq!(account(&told, 39), [38, 0, 1], "{told}");
    let rejected = place.read("sales.csv.rejected.csv");
    let lines: Vec<&str> = rejected.lines().collect();
    assert_eq!(
        lines[0],
        "rejected_line,rejected_code,rejected_reason,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
    );
    assert!(lines[1].starts_with("40,negative-price,"), "{}", lines[1]);
    assert!(
        lines[1]
            .ends_with("A563186,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom"),
        "the fields stay as they were: {}",
        lines[1]
    );
    assert_eq!(lines.len(), 2);

    let stock = place.stock();
    let units = |store: &str, sku: &str| stock.get(&(store.to_owned(), sku.to_owned())).copied();
    // received, reserved, sold
    assert_eq!(units("United-Kingdom", "85123A"), Some((0, 3)));
    assert_eq!(units("France", "22728"), Some((0, 3)));
    // a line that is there twice is sold twice
    assert_eq!(units("United-Kingdom", "21866"), Some((0, 5)));
    // came back without having been sold here
    assert_eq!(units("United-Kingdom", "22556"), Some((12, 1)));
    // a SKU with a space: sold, and come back
    assert_eq!(units("United-Kingdom", "BANK CHARGES"), Some((1, 4)));
    let verified = place.told(&["verify"]);
    assert!(verified.contains("verified: I1 I2 I3 I4 I5 I6 hold"), "{verified}");
}

#[test]
fn returns_and_sales_are_recorded_with_time_basket_and_customer() {
    let place = Place::new("sqlite");
    place.write("sales.csv", EXCERPT);
    place.told(&import("sales.csv", &BY_COUNTRY));
    let events = place.events(&["--personal"]);
    let of = |name: &str, key: &str, value: &str| {
        let found =
            events.iter().find(|event| event["eventType"] == name && event["data"][key] == value);
        found.unwrap_or_else(|| panic!("no {name} with {key} {value}")).clone()
    };
    let returned = of("StockAddedEvent", "reference", "C536383");
    assert_eq!(returned["data"]["reason"], "Return");
    assert_eq!(returned["data"]["quantity"], 1);
    assert_eq!(returned["occurredAt"], "2010-12-01T09:49:00.000Z");
    let sold = of("StockCommittedEvent", "transactionId", "536370");
    assert_eq!(sold["personal"]["customerId"], "12583");
    let plain = place.told(&["export", "events"]);
    assert!(!plain.contains("\"12583\""), "personal data stays out unless it is asked for");
    assert_eq!(plain.lines().count(), events.len());
    let after = place.events(&["--after", "10"]);
    assert_eq!(after[0]["position"], 11);
    assert_eq!(after.len(), events.len() - 10);
}

#[test]
fn a_gzipped_file_is_known_by_its_content_not_by_its_name() {
    let (plain, packed) = (Place::new("sqlite"), Place::new("jsonl"));
    plain.write("sales.csv", EXCERPT);
    packed.write_gzipped("sales.csv", EXCERPT);
    for place in [&plain, &packed] {
        let told = place.told(&import("sales.csv", &BY_COUNTRY));
        assert_eq!(account(&told, 39), [38, 0, 1]);
    }
    assert_eq!(plain.read("sales.csv.rejected.csv"), packed.read("sales.csv.rejected.csv"));
    assert_eq!(plain.told(&["export", "stock"]), packed.told(&["export", "stock"]));
}

#[test]
fn a_file_that_is_imported_again_changes_nothing() {
    let place = Place::new("sqlite");
    place.write("sales.csv", EXCERPT);
    place.told(&import("sales.csv", &BY_COUNTRY));
    let before = place.told(&["export", "events", "--personal"]);
    let told = place.told(&import("sales.csv", &BY_COUNTRY));
    assert_eq!(account(&told, 39), [0, 38, 1], "{told}");
    assert_eq!(place.told(&["export", "events", "--personal"]), before);
    let error = place.error(&import("sales.csv", &["--store-code", "ONLINE"]));
    assert!(error.contains("give the same options again"), "{error}");
}

#[test]
fn a_sale_without_stock_is_a_rejected_line_and_the_stock_it_needs_can_be_had_as_a_file() {
    let place = Place::new("sqlite");
    place.write("sales.csv", EXCERPT);
    let told = place.told(&import("sales.csv", &["--derive-catalogue", "--store-code", "ONLINE"]));
    // only what came back is taken
    assert_eq!(account(&told, 39), [5, 0, 34], "{told}");
    assert_eq!(count(&told, "insufficient-stock"), 33, "{told}");
    let rejected = place.read("sales.csv.rejected.csv");
    assert!(rejected.contains("6 requested, but 0 can be promised"), "{rejected}");

    place.told(&import("sales.csv", &["--derive-stock", "stock.csv", "--store-code", "ONLINE"]));
    let needed = place.read("stock.csv");
    assert!(
        needed.starts_with(
            "store_code,sku,quantity,occurred_at\nONLINE,85123A,6,2010-12-01T08:26:00.000Z\n"
        ),
        "{needed}"
    );
    let told = place.told(&["import", "stock", "stock.csv"]);
    assert_eq!(count(&told, "rejected"), 0, "{told}");
    // the rejected lines are a file of sales themselves
    let told = place.told(&import("sales.csv.rejected.csv", &["--store-code", "ONLINE"]));
    assert_eq!(account(&told, 34), [33, 0, 1], "{told}");
    assert_eq!(place.rejected("sales.csv.rejected.csv.rejected.csv").len(), 1);
    assert!(
        place.stock().iter().filter(|((_, sku), _)| sku == "85123A").all(|(_, level)| level.0 == 0)
    );
}

#[test]
fn every_bad_line_is_rejected_for_what_is_wrong_with_it() {
    let place = Place::new("sqlite");
    place.write("stores.csv", "code\nS1\n");
    place.write("products.csv", "sku,name\nP1,Product\n");
    place.told(&["import", "stores", "stores.csv"]);
    place.told(&["import", "products", "products.csv"]);
    let mut sales = b"Date,STORE CODE,Sku,Qty,customer_id\n".to_vec();
    for line in [
        "2026-01-02,S1,P1,-5,7".as_bytes(), // 2
        b"2026-01-02,S1,P1,0,7",            // 3
        b"2026-01-02,S1,P1,1.5,7",          // 4
        b"2026-01-02,S2,P1,1,7",            // 5
        b"2026-01-02,S1,P2,1,7",            // 6
        b"2026-01-02,S1,P  1,1,7",          // 7
        b"2026-01-02,S1,,1,7",              // 8
        b"2026-01-02,S1,P1",                // 9
        b"2026-01-02,S1,P1,1,7,8",          // 10
        b"2026-01-02,S1,P\xff,1,7",         // 11
        b"2026-01-02,S1,P1,2000000000,7",   // 12
        b"2026-01-02,S1,P1,6,7",            // 13
        b"2999-01-01,S1,P1,-1,7",           // 14
        b"some day,S1,P1,2,7",              // 15
        b"2026-01-02,S1,P1,3,\"a\nb\"",     // 16: taken without the customer
    ] {
        sales.extend_from_slice(line);
        sales.push(b'\n');
    }
    std::fs::write(place.path("sales.csv"), sales).unwrap();
    let told = place.told(&["import", "sales", "sales.csv", "--rejected", "bad.csv"]);
    assert_eq!(account(&told, 15), [2, 0, 13], "{told}");
    let expected = [
        (3, "zero-quantity"),
        (4, "invalid-quantity"),
        (5, "unknown-store"),
        (6, "unknown-product"),
        (7, "invalid-value"),
        (8, "missing-value"),
        (9, "wrong-column-count"),
        (10, "wrong-column-count"),
        (11, "not-utf8"),
        (12, "invalid-value"),
        (13, "insufficient-stock"),
        (14, "occurred-in-future"),
        (15, "invalid-time"),
    ];
    let expected = expected.map(|(line, code)| (line, code.to_owned()));
    assert_eq!(place_rejected(&place), expected);
    assert_eq!(count(&told, "taken without customer"), 1, "{told}");
    let level = place.stock()[&("S1".to_owned(), "P1".to_owned())];
    assert_eq!(level, (2, 3), "5 came back, 3 were sold");
}

fn place_rejected(place: &Place) -> Vec<(u64, String)> {
    // one of the lines is not UTF-8, and stays so
    let mut csv =
        csv::ReaderBuilder::new().flexible(true).from_path(place.path("bad.csv")).unwrap();
    let text = |field: &[u8]| std::str::from_utf8(field).unwrap().to_owned();
    let rows = csv.byte_records().map(|row| row.unwrap());
    rows.map(|row| (text(&row[0]).parse().unwrap(), text(&row[1]))).collect()
}

#[test]
fn what_cannot_be_imported_at_all_is_told_before_anything_is_written() {
    let place = Place::new("sqlite");
    place.write("empty.csv", "");
    place.write("sales.csv", "date,sku,quantity\n2026-01-02,P1,1\n");
    for (arguments, expected) in [
        (vec!["import", "sales", "none.csv"], "cannot read none.csv"),
        (vec!["import", "sales", "empty.csv"], "its first line must name the columns"),
        (vec!["import", "sales", "sales.csv"], "give --store-code or --store-column"),
        (vec!["import", "sales", "sales.csv", "--store-column", "Land"], "no column \"Land\""),
        (vec!["import", "counts", "sales.csv"], "no column for the store code"),
    ] {
        let error = place.error(&arguments);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    assert!(!place.path("data/inventory").exists());
}

#[test]
fn a_folder_that_is_served_is_left_alone() {
    let place = Place::new("sqlite");
    place.write("sales.csv", EXCERPT);
    std::fs::create_dir_all(place.path("data/inventory")).unwrap();
    let lock = std::fs::File::create(place.path("data/inventory/lock")).unwrap();
    lock.lock().unwrap();
    let error = place.error(&import("sales.csv", &BY_COUNTRY));
    assert!(error.contains("in use by another gondola process; stop it first"), "{error}");
}
