//! Stores and products: synonyms of columns, broken fields, and lines that repeat others.

use serde_json::Value;

use crate::gondola::{Place, account, count};

fn catalogue(place: &Place) -> Vec<Value> {
    place.events(&["--context", "store"])
}

fn entry<'a>(events: &'a [Value], key: &str, code: &str) -> &'a Value {
    let data = events.iter().map(|event| &event["data"]);
    let mut found = data.filter(|data| data.to_string().contains(&format!("\"{key}\":\"{code}\"")));
    found.next().unwrap_or_else(|| panic!("no {key} {code}"))
}

#[test]
fn stores_are_registered_and_broken_fields_left_out() {
    let place = Place::new("sqlite");
    place.write(
        "stores.csv",
        "\u{feff}code,name,city,state_or_region,latitude,longitude,address,postal_code,status\n\
         2106,HILLSTREET NEWS,CEDAR FALLS,IA,42.517182,-92.455796,2217 COLLEGE,50613,active\n\
         2190,\"CENTRAL CITY LIQUOR, INC.\",DES MOINES,IA,95.1,-93.619788,,50314,inactive\n\
         12,,,,,,,,\n\
         2106,HILLSTREET AGAIN,,IA,,,,,active\n\
         a b,Store,,IA,,,,,active\n\
         14,Store 14,,IA,,,,a postal code that is far too long,resting\n",
    );
    let told = place.told(&["import", "stores", "stores.csv", "--region", "Midwest"]);
    assert_eq!(account(&told, 6), [4, 1, 1], "{told}");
    assert_eq!(count(&told, "taken without location"), 1, "{told}");
    assert_eq!(count(&told, "taken without postal code"), 1, "{told}");
    assert_eq!(count(&told, "taken without status"), 1, "{told}");
    assert_eq!(place.rejected("stores.csv.rejected.csv")[&6], "invalid-value");
    let events = catalogue(&place);
    assert_eq!(events.len(), 4);
    let first = entry(&events, "code", "2106").to_string();
    assert!(first.contains("HILLSTREET NEWS") && first.contains("CEDAR FALLS"), "{first}");
    assert!(first.contains("\"latitude\":\"42.517182\""), "{first}");
    let second = entry(&events, "code", "2190").to_string();
    assert!(second.contains("CENTRAL CITY LIQUOR, INC.") && second.contains("closed"), "{second}");
    let third = entry(&events, "code", "12").to_string();
    assert!(third.contains("\"name\":\"12\"") && third.contains("Midwest"), "{third}");
    // again: nothing happens
    let told = place.told(&["import", "stores", "stores.csv"]);
    assert_eq!(account(&told, 6), [0, 5, 1], "{told}");
    assert_eq!(catalogue(&place).len(), 4);
}

#[test]
fn products_of_a_list_and_of_a_file_of_sales() {
    let place = Place::new("sqlite");
    place.write(
        "products.csv",
        "sku,name,category,brand,unit_price,unit_cost,case_pack,volume_ml,upc\n\
         258,RUMCHATA GOCHATAS,CREAM LIQUEURS,E & J GALLO WINERY,150.00,100.00,1,100,890355001094\n\
         1016,GLENLIVET 12YR,SCOTCH,PERNOD RICARD USA,41.97,27.98,6,750,80432900703\n\
         1017,GLENLIVET 15YR,SCOTCH,PERNOD RICARD USA,about 42,27.98,6,750,80432900704\n\
         1018,,SCOTCH,,1,1,6,750,\n\
         1019,GLENLIVET 18YR,SCOTCH,PERNOD RICARD USA,41.979,27.98,6,750,\n",
    );
    let told = place.told(&["import", "products", "products.csv", "--currency", "USD"]);
    assert_eq!(account(&told, 5), [3, 0, 2], "{told}");
    assert_eq!(count(&told, "taken without barcode"), 1, "{told}");
    assert_eq!(count(&told, "taken without price"), 1, "{told}");
    let rejected = place.rejected("products.csv.rejected.csv");
    assert_eq!((&*rejected[&5], &*rejected[&6]), ("missing-value", "invalid-price"));
    let events = catalogue(&place);
    let first = entry(&events, "sku", "258").to_string();
    assert!(first.contains("890355001094") && first.contains("15000"), "{first}");
    let second = entry(&events, "sku", "1016").to_string();
    assert!(second.contains("\"080432900703\""), "the lost zero is back: {second}");

    let excerpt = include_str!("../fixtures/online_retail_excerpt.csv");
    place.write("online.csv", excerpt);
    let told = place.told(&["import", "products", "online.csv"]);
    // the second line of 21866 is the same product; 2 have no name, and BANK CHARGES is no SKU
    assert_eq!(account(&told, 39), [34, 1, 4], "{told}");
    // without a currency a price means nothing
    assert_eq!(count(&told, "taken without price"), 34, "{told}");
}

/// A barcode means one product here; lists of others give it to several.
#[test]
fn a_barcode_that_is_taken_is_left_out() {
    let place = Place::new("sqlite");
    place.write("products.csv", "sku,name,upc\nA,First,890355001094\nB,Second,0890355001094\n");
    let told = place.told(&["import", "products", "products.csv"]);
    assert_eq!(account(&told, 2), [2, 0, 0], "{told}");
    assert_eq!(count(&told, "taken without barcode"), 1, "{told}");
    let events = catalogue(&place);
    assert!(entry(&events, "sku", "A").to_string().contains("890355001094"));
    assert!(!entry(&events, "sku", "B").to_string().contains("gtin"));
}

#[test]
fn the_same_file_gives_the_same_ids_everywhere() {
    let [one, other] = ["sqlite", "jsonl"].map(|store| {
        let place = Place::new(store);
        place.write("stores.csv", "code,name,region\nS1,One,North\n");
        place.told(&["import", "stores", "stores.csv"]);
        catalogue(&place)[0]["stream"].clone()
    });
    assert_eq!(one, other);
}
