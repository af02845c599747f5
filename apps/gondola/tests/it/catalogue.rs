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
         a  b,Store,,IA,,,,,active\n\
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
    // the second lines of 21866 and of BANK CHARGES are the same products; 2 have no name
    assert_eq!(account(&told, 39), [35, 2, 2], "{told}");
    // without a currency a price means nothing
    assert_eq!(count(&told, "taken without price"), 35, "{told}");
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

#[test]
fn what_is_exported_of_the_catalogue_is_imported_as_it_was() {
    let place = Place::new("sqlite");
    place.write(
        "stores.csv",
        "code,name,region,city,address,postal_code,latitude,longitude,kind,status,status_reason,longest_hold_seconds,\
         time_zone,opening_hours,contacts\n\
         1,Um,SP,São Paulo,\"Avenida Paulista, 1\",01310-200,-23.561414,-46.655881,hub,maintenance,new floor,7200,\
         america/sao_paulo,monday 08:00-12:00 14:00-18:30; 2026-12-25 closed,\
         Maria|manager|+55 11 5555|maria@x.example; Gate||1|\n\
         2,=Two,SP,,,,,,pick-up-point,inactive,,,,,\n",
    );
    place.write(
        "products.csv",
        "sku,name,category,brand,upc,unit_price,unit_cost,currency,cost_currency,details,width_mm,height_mm,depth_mm,weight_g,\
         volume_ml,status\n\
         1,One,Audio,Acme,4006381333931,12.90,7,BRL,USD,Ready to use,80,300,80,1250,750,discontinued\n\
         2,-Two,,,,,,,,,,,,,,\n",
    );
    for what in ["stores", "products"] {
        let file = format!("{what}.csv");
        let told = place.told(&["import", what, &file]);
        assert_eq!(account(&told, 2), [2, 0, 0], "{told}");
        assert!(!told.contains("taken without"), "{told}");
        let exported = place.told(&["export", what]);
        let other = Place::new("sqlite");
        other.write(&file, &exported);
        let told = other.told(&["import", what, &file]);
        assert_eq!(account(&told, 2), [2, 0, 0], "{told}");
        assert!(!told.contains("taken without"), "{told}");
        assert_eq!(other.told(&["export", what]), exported);
    }
    let stores = place.told(&["export", "stores"]);
    let first = "1,Um,SP,São Paulo,\"Avenida Paulista, 1\",01310-200,-23.561414,-46.655881,hub,maintenance,new floor,7200,\
        America/Sao_Paulo,monday 08:00-12:00 14:00-18:30; 2026-12-25 closed,\
        Maria|manager|+55 11 5555|maria@x.example; Gate||1|,";
    assert!(stores.lines().nth(1).unwrap().starts_with(first), "{stores}");
    let products = place.told(&["export", "products"]);
    let first = "1,One,Audio,Acme,4006381333931,1290,BRL,700,USD,Ready to use,80,300,80,1250,750,discontinued,";
    assert!(products.lines().nth(1).unwrap().starts_with(first), "{products}");
}

#[test]
fn a_tree_of_categories_is_imported_and_exported_with_parents_first() {
    let place = Place::new("sqlite");
    place.write(
        "categories.csv",
        "code,name,parent\nDRINKS,Bebidas,\nWINE,Vinhos,drinks\nA-RED,=Tinto,WINE\nLOST,Lost,NOWHERE\nb d,Bad,\nX,X,a b\n",
    );
    let told = place.told(&["import", "categories", "categories.csv"]);
    assert_eq!(account(&told, 6), [3, 0, 3], "{told}");
    let rejected = place.rejected("categories.csv.rejected.csv");
    assert_eq!(
        (&*rejected[&5], &*rejected[&6], &*rejected[&7]),
        ("refused", "invalid-value", "invalid-value")
    );
    let exported = place.told(&["export", "categories"]);
    let expected = "code,name,parent,status\nDRINKS,Bebidas,,active\nWINE,Vinhos,drinks,active\nA-RED,'=Tinto,WINE,active";
    assert_eq!(exported.trim(), expected);
    let other = Place::new("sqlite");
    other.write("categories.csv", &exported);
    let told = other.told(&["import", "categories", "categories.csv"]);
    assert_eq!(account(&told, 3), [3, 0, 0], "{told}");
    assert_eq!(other.told(&["export", "categories"]), exported);
}

#[test]
fn suppliers_and_their_offers_are_imported_and_exported_as_they_were() {
    let place = Place::new("sqlite");
    place.write("products.csv", "sku,name\n=1,One\n2,Two\n");
    place.write(
        "suppliers.csv",
        "vendor_number,vendor_name,contacts,lead_time_days,currency,note,status\n\
         Acme,Acme Ltda,Maria|sales|+55 11 5555|maria@x.example; Gate||1|,14,BRL,-by noon,active\n\
         260,DIAGEO AMERICAS,,,,,inactive\n\
         OLD,Old,,,,,removed\n\
         ACME,Again,,,,,\n\
         a b,Bad,,,,,\n\
         LATE,Late,,many,,,\n",
    );
    place.write(
        "offers.csv",
        "sku,supplier,supplier_sku,lead_time_days,moq,pack_size,unit_cost,currency,preferred,status\n\
         =1,ACME,A-17,7,24,12,7.50,BRL,yes,\n\
         =1,260,,,,,,,no,\n\
         2,acme,,,,,,,,withdrawn\n\
         2,OLD,,,,,,,,withdrawn\n\
         2,OLD,,,,,,,,\n\
         3,Acme,,,,,,,,\n\
         2,NOBODY,,,,,,,,\n\
         2,260,,,none,,,,,\n\
         2,LATE,,,,0,,,,\n\
         =1,LATE,,,,,,,true,\n",
    );
    place.told(&["import", "products", "products.csv"]);
    let told = place.told(&["import", "suppliers", "suppliers.csv"]);
    assert_eq!(account(&told, 6), [4, 1, 1], "{told}");
    assert_eq!(count(&told, "taken without lead time"), 1, "{told}");
    let told = place.told(&["import", "supplier-offers", "offers.csv"]);
    assert_eq!(account(&told, 10), [4, 1, 5], "{told}");
    let rejected = place.rejected("offers.csv.rejected.csv");
    for (line, code) in [
        (7, "unknown-product"),
        (8, "refused"),
        (9, "invalid-quantity"),
        (10, "invalid-value"),
        (11, "refused"),
    ] {
        assert_eq!(rejected[&line], code, "{line}");
    }
    let suppliers = place.told(&["export", "suppliers"]);
    let expected = "code,name,contacts,lead_time_days,currency,note,status\n\
        260,DIAGEO AMERICAS,,,,,inactive\n\
        Acme,Acme Ltda,Maria|sales|+55 11 5555|maria@x.example; Gate||1|,14,BRL,'-by noon,active\n\
        LATE,Late,,,,,active\nOLD,Old,,,,,removed";
    assert_eq!(suppliers.trim(), expected);
    let offers = place.told(&["export", "supplier-offers"]);
    let expected = "sku,supplier,supplier_sku,lead_time_days,minimum_order_quantity,order_multiple,unit_cost_minor_units,\
        unit_cost_currency,preferred,status\n\
        2,Acme,,,1,1,,,false,withdrawn\n2,OLD,,,1,1,,,false,withdrawn\n\
        '=1,260,,,1,1,,,false,active\n'=1,Acme,A-17,7,24,12,750,BRL,true,active";
    assert_eq!(offers.trim(), expected);
    // and an empty folder gets the same of them
    let other = Place::new("sqlite");
    for what in ["products", "suppliers", "supplier-offers"] {
        let (file, exported) = (format!("{what}.csv"), place.told(&["export", what]));
        other.write(&file, &exported);
        let told = other.told(&["import", what, &file]);
        assert!(count(&told, "rejected") == 0 && !told.contains("taken without"), "{told}");
        assert_eq!(other.told(&["export", what]), exported, "{what}");
        assert_eq!(states(&other, what), states(&place, what), "{what}");
    }
}

#[test]
fn the_catalogue_goes_through_json_lines_as_it_was() {
    let place = Place::new("sqlite");
    place.write(
        "stores.ndjson",
        "{\"code\":\"=S\",\"name\":\"Um, \\\"dois\\\"\",\"region\":\"SP\",\"longest_hold_seconds\":7200,\"opening_hours\":\"monday 08:00-12:00\"}\n\
         \n\
         {\"code\":\"a  b\"}\n\
         {\"code\":\"T\",\"latitude\":-23.5,\"longitude\":-46.5,\"city\":null,\"region\":\"SP\"}\n",
    );
    place.write("products.ndjson", "{\"sku\":\"A\",\"name\":\"One\",\"unit_price\":1.234,\"currency\":\"KWD\",\"weight_g\":520}");
    place.write("categories.ndjson", "{\"code\":\"B\"}\n{\"code\":\"A\",\"parent\":\"B\"}\n");
    place.write(
        "suppliers.ndjson",
        "{\"code\":\"ACME\",\"contacts\":\"Gate||1|\",\"lead_time_days\":14}\n",
    );
    place.write(
        "supplier-offers.ndjson",
        "{\"sku\":\"A\",\"supplier\":\"ACME\",\"order_multiple\":12,\"unit_cost\":0.5,\"currency\":\"USD\",\"preferred\":true}\n",
    );
    let other = Place::new("sqlite");
    for what in ["stores", "products", "categories", "suppliers", "supplier-offers"] {
        let file = format!("{what}.ndjson");
        let told = place.told(&["import", what, &file]);
        assert_eq!(count(&told, "rejected"), u64::from(what == "stores"), "{told}");
        assert!(!told.contains("taken without"), "{told}");
        let exported = place.told(&["export", what, "--format", "ndjson"]);
        assert!(exported.lines().all(|line| line.starts_with('{') && line.ends_with('}')));
        other.write(&file, &exported);
        let told = other.told(&["import", what, &file]);
        assert!(count(&told, "rejected") == 0 && !told.contains("taken without"), "{told}");
        assert_eq!(states(&other, what), states(&place, what), "{what}");
        assert!(!states(&place, what).is_empty());
        assert_eq!(other.told(&["export", what]), place.told(&["export", what]), "{what}");
    }
    let rejected = place.rejected("stores.ndjson.rejected.csv");
    assert_eq!(rejected[&3], "invalid-value");
    place.write("stores.ndjson", "{\"code\":\"S\"}\n{\"code\":[1]}\n");
    let refused = place.refused(&["import", "stores", "stores.ndjson"], 2);
    assert!(refused.contains("line 2") && refused.contains("\"code\" must be a text"), "{refused}");
}

/// The last state of each entry of a kind, whatever came before.
fn states(place: &Place, what: &str) -> std::collections::BTreeMap<String, String> {
    let noun = match what {
        "categories" => "category",
        other => other.trim_end_matches('s'),
    };
    // behind it stands an id
    let is_of = |stream: &str| {
        stream.strip_prefix(noun).is_some_and(|rest| rest.starts_with('-') && rest.len() == 37)
    };
    let of =
        |event: &Value| Some((event["stream"].as_str()?.to_owned(), event["data"].to_string()));
    let all = catalogue(place).into_iter().filter_map(|event| of(&event));
    all.filter(|(stream, _)| is_of(stream)).collect()
}

/// Ids that somebody else chose come back with an export; a column of that name in other lists is none.
#[test]
fn the_ids_of_stores_and_products_come_with_them() {
    let place = Place::new("sqlite");
    let [store, product] =
        ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
    place.write(
        "stores.csv",
        &format!("code,name,region,store_id\nS1,One,North,{store}\nS2,Two,North,17\n"),
    );
    place.write("products.csv", &format!("sku,name,product_id\nA,One,{product}\nB,Two,\n"));
    for (what, stream) in
        [("stores", format!("store-{store}")), ("products", format!("product-{product}"))]
    {
        let file = format!("{what}.csv");
        let told = place.told(&["import", what, &file]);
        assert_eq!(account(&told, 2), [2, 0, 0], "{told}");
        assert!(states(&place, what).contains_key(&stream), "{:?}", states(&place, what));
        let other = Place::new("sqlite");
        other.write(&file, &place.told(&["export", what]));
        other.told(&["import", what, &file]);
        assert_eq!(states(&other, what), states(&place, what));
    }
}

/// The stores and products of Iowa, read where they are: `GONDOLA_TEST_DATA` names the folder with the files.
#[test]
#[ignore = "needs the stores and products of Iowa: GONDOLA_TEST_DATA=FOLDER"]
fn the_catalogue_of_a_whole_state_is_imported_and_exported() {
    let folder = std::env::var_os("GONDOLA_TEST_DATA").expect("GONDOLA_TEST_DATA names a folder");
    let file = std::path::Path::new(&folder).join("stores.csv.gz");
    let place = Place::new("sqlite");
    let told = place.told(&["import", "stores", file.to_str().unwrap()]);
    assert_eq!(account(&told, 1990), [1990, 0, 0], "{told}");
    let exported = place.told(&["export", "stores"]);
    let mut csv = csv::Reader::from_reader(exported.as_bytes());
    let located = csv.records().filter(|row| !row.as_ref().unwrap()[6].is_empty()).count();
    assert_eq!(located, 1990 - 111);
    let file = std::path::Path::new(&folder).join("products.csv.gz");
    let told = place.told(&["import", "products", file.to_str().unwrap(), "--currency", "USD"]);
    assert_eq!(account(&told, 4492), [4492, 0, 0], "{told}");
    let exported = place.told(&["export", "products"]);
    let mut csv = csv::Reader::from_reader(exported.as_bytes());
    let priced = csv.records().filter(|row| {
        let row = row.as_ref().unwrap();
        !row[5].is_empty() && &row[8] == "USD" && !row[14].is_empty()
    });
    assert!(priced.count() > 4_400);
}
