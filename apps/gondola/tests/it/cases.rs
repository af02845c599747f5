//! Files of the kinds that retailers send, each with a trouble of its own: see `fixtures/cases`.

use crate::gondola::{Place, account};

/// A place with the files of a case; those named are imported.
fn case(name: &str, imported: &[&str]) -> Place {
    let place = Place::new("sqlite");
    place.copy_case(name);
    for what in imported {
        place.told(&["import", what, &file_of(what)]);
    }
    place
}

fn file_of(what: &str) -> String {
    let name = if what == "stock" { "receipts" } else { what };
    format!("{name}.csv")
}

#[test]
fn a_number_that_can_be_two_is_rejected_until_the_option_says_which() {
    let place = case("ambiguous-number", &["stores", "products"]);
    let told = place.told(&["import", "counts", "counts.csv"]);
    assert_eq!(account(&told, 4), [1, 0, 3], "{told}");
    let rejected = place.read("counts.csv.rejected.csv");
    for line in ["2,ambiguous-number,", "3,ambiguous-number,", "4,ambiguous-number,"] {
        assert!(rejected.contains(line), "{rejected}");
    }
    assert!(rejected.contains("--decimal none"), "{rejected}");
    assert_eq!(place.on_hand("LOJA-1", "SAL-1KG"), 75);
    // with the option the same file goes on with what was rejected
    let events = place.events(&[]).len();
    let told = place.told(&["import", "counts", "counts.csv", "--decimal", "none"]);
    assert_eq!(account(&told, 4), [3, 1, 0], "{told}");
    for (sku, units) in [("ARROZ-5KG", 1_000), ("FEIJAO-1KG", 2_500), ("OLEO-900ML", 1_200)] {
        assert_eq!(place.on_hand("LOJA-1", sku), units, "{sku}");
    }
    assert_eq!(place.events(&[]).len(), events + 3);
    let told = place.told(&["import", "counts", "counts.csv", "--decimal", "none"]);
    assert_eq!(account(&told, 4), [0, 4, 0], "{told}");
}

#[test]
fn a_count_without_its_moment_is_refused() {
    let place = case("date-without-time", &["stores", "products", "stock", "sales"]);
    assert_eq!(place.on_hand("LOJA-1", "GAUZE-10"), 6_300);
    let error = place.error(&["import", "counts", "counts.csv"]);
    assert!(error.contains("counts.csv: line 2, column \"date\""), "{error}");
    assert!(error.contains("--time-of-day close") && error.contains("--time-zone"), "{error}");
    assert_eq!(place.on_hand("LOJA-1", "GAUZE-10"), 6_300);
    let told = place.told(&["import", "counts", "counts.csv", "--time-of-day", "close"]);
    assert_eq!(account(&told, 1), [1, 0, 0], "{told}");
    assert_eq!(place.on_hand("LOJA-1", "GAUZE-10"), 6_200);
}

#[test]
fn rejected_lines_are_corrected_and_imported_as_they_are() {
    let place = case("corrected-rejects", &["stores"]);
    let mend = |name: &str, from: &str, to: &str| {
        let rejected = place.read(name);
        let (front, line) = rejected.rsplit_once(from).unwrap();
        place.write(name, &format!("{front}{to}{line}"));
    };
    mend("stores.csv.rejected.csv", ",LOJA#2,", ",LOJA-2,");
    let told = place.told(&["import", "stores", "stores.csv.rejected.csv"]);
    assert_eq!(account(&told, 1), [1, 0, 0], "{told}");
    for what in ["products", "stock"] {
        place.told(&["import", what, &file_of(what)]);
    }
    mend("receipts.csv.rejected.csv", ",LAPISS,", ",LAPIS,");
    let told = place.told(&["import", "stock", "receipts.csv.rejected.csv"]);
    assert_eq!(account(&told, 1), [1, 0, 0], "{told}");
    let reasons: Vec<_> =
        place.events(&[]).iter().map(|event| event["data"]["reason"].clone()).collect();
    assert_eq!(reasons, ["Delivery", "Replenishment"], "a line's own reason stays");
    let told = place.told(&["import", "stock", "proof.csv"]);
    assert_eq!(account(&told, 2), [1, 0, 1], "{told}");
    assert_eq!(place.rejected("proof.csv.rejected.csv")[&3], "unknown-store");
    assert_eq!(place.on_hand("LOJA-2", "LAPIS"), 1);
}

#[test]
fn a_sale_and_a_return_keep_their_time() {
    let place = case("sale-keeps-time", &[]);
    let told =
        place.told(&["import", "sales", "sales.csv", "--derive-catalogue", "--receive", "auto"]);
    assert_eq!(account(&told, 3), [3, 0, 0], "{told}");
    let events = place.events(&[]);
    let returned = events.iter().find(|event| event["data"]["reason"] == "Return").unwrap();
    assert_eq!(returned["occurredAt"], "2021-11-03T09:05:00.000Z");
    let sold = events.iter().filter(|event| event["eventType"] == "StockCommittedEvent");
    let times: Vec<_> = sold.map(|event| event["occurredAt"].as_str().unwrap()).collect();
    assert_eq!(times, ["2021-11-01T10:15:00.000Z", "2021-11-02T18:40:00.000Z"]);
}

#[test]
fn an_unclosed_quote_is_told_with_its_line_before_any_line_is_booked() {
    let place = case("unclosed-quote", &["stores", "products"]);
    let error = place.error(&["import", "stock", "receipts.csv"]);
    assert!(error.contains("receipts.csv") && error.contains("line 3: the quote"), "{error}");
    assert!(place.events(&[]).is_empty());
    let before = place.events(&["--context", "store"]).len();
    let error = place.error(&["import", "products", "products_quote.csv"]);
    assert!(error.contains("line 3: the quote"), "{error}");
    assert_eq!(place.events(&["--context", "store"]).len(), before);
}

#[test]
fn a_doubled_column_is_refused_before_any_line() {
    let place = case("doubled-column", &["stores", "products"]);
    let error = place.error(&["import", "stock", "receipts.csv"]);
    assert!(error.contains("line 1: the column \"quantity\" stands twice"), "{error}");
    assert!(place.events(&[]).is_empty());
}

#[test]
fn an_export_is_read_back_as_it_was() {
    let place = case("guarded-text", &["stores", "products", "stock"]);
    place.told(&["export", "stock", "--out", "export.csv"]);
    let before = place.stock();
    assert!(before.contains_key(&("LOJA-1".to_owned(), "'-10-SALE".to_owned())), "{before:?}");
    let told = place.told(&["import", "counts", "export.csv"]);
    assert_eq!(account(&told, 5), [5, 0, 0], "{told}");
    let units = |place: &Place| -> Vec<_> {
        place.stock().into_iter().map(|(level, (units, _))| (level, units)).collect()
    };
    assert_eq!(units(&place).len(), 5);
    assert!(before.into_iter().map(|(level, (units, _))| (level, units)).eq(units(&place)));
    assert_eq!(place.events(&["--context", "store"]).len(), 6, "no SKU is new");
}

#[test]
fn semicolons_marks_and_line_ends_are_taken_as_they_are() {
    let place = case("semicolons", &["stores", "products"]);
    let told = place.told(&["import", "stock", "receipts.csv"]);
    assert_eq!(account(&told, 1), [1, 0, 0], "{told}");
    assert_eq!(place.on_hand("LOJA-1", "SUCO"), 24);
    let told = place.told(&["import", "stores", "stores_comma.csv"]);
    assert_eq!(account(&told, 1), [0, 1, 0], "the same store: {told}");
}

#[test]
fn units_of_measure_are_refused_until_the_option_says_what_they_are() {
    for units in ["box=24", "conversion_factor"] {
        let place = case("unit-columns", &["stores", "products"]);
        let error = place.error(&["import", "counts", "counts.csv"]);
        assert!(error.contains("line 2, column \"uom\": \"Box\""), "{error}");
        assert!(error.contains("--units box=24"), "{error}");
        assert!(place.events(&[]).is_empty());
        let told = place.told(&["import", "counts", "counts.csv", "--units", units]);
        assert_eq!(account(&told, 1), [1, 0, 0], "{told}");
        assert_eq!(place.on_hand("LOJA-1", "LAMPADA"), 48);
    }
}
