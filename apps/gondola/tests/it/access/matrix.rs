//! Every route x every role x its own store and another.

use std::collections::BTreeSet;

use serde_json::Value;

use super::chain::{CALLERS, PRODUCT, Place};
use super::sample::{About, Sample, sample};
use super::{Answer, Chain};

/// An operation of the document, and the names of the roles that may come in; `None` where anybody may.
struct Operation {
    method: String,
    path: String,
    roles: Option<BTreeSet<String>>,
}

fn operations(chain: &Chain) -> Vec<Operation> {
    let document = chain.ask(None, "GET", "/openapi.json", "");
    assert_eq!(document.status, 200);
    let document: Value = serde_json::from_str(&document.body).unwrap();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let roles = operation["x-roles"].as_array();
            let roles = roles
                .map(|roles| roles.iter().map(|role| role.as_str().unwrap().to_owned()).collect());
            let asks = operation["security"].as_array().is_some_and(|ways| !ways.is_empty());
            assert_eq!(roles.is_some(), asks, "{method} {path}");
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), roles });
        }
    }
    assert!(all.len() > 30, "the document has lost its operations");
    all
}

/// Whether a caller may come in, and whether it then works in one store only.
fn admitted(roles: &BTreeSet<String>, granted: &str) -> Option<bool> {
    let has = |name: &str| granted.split(',').any(|role| role == name) && roles.contains(name);
    if ["admin", "operator", "service", "viewer"].into_iter().any(has) {
        Some(false)
    } else {
        (granted.contains("store:") && roles.contains("store")).then_some(true)
    }
}

#[test]
fn every_route_lets_in_its_roles_and_shows_them_their_stores_only() {
    let chain = Chain::start();
    let (mut asked, mut limited) = (0, 0);
    for Operation { method, path, roles } in operations(&chain) {
        let Some(roles) = roles else {
            assert!(path.starts_with("/health"), "{method} {path} is open to anybody");
            assert_eq!(chain.ask(None, &method, &path, "").status, 200, "{method} {path}");
            continue;
        };
        for place in [&chain.own, &chain.other] {
            let Sample { path, body, about } = sample(&method, &path, place);
            let what = format!("{method} {path} {body}");
            let nobody = chain.ask(None, &method, &path, &body);
            assert_eq!(nobody.status, 401, "{what}: {}", nobody.body);
            assert!(nobody.head.contains("www-authenticate: Bearer"), "{}", nobody.head);
            for (caller, granted) in CALLERS {
                let answer = chain.ask(Some(caller), &method, &path, &body);
                let what = format!("{what} as {caller}: {} {}", answer.status, answer.body);
                asked += 1;
                match admitted(&roles, granted) {
                    None => assert_eq!(answer.status, 403, "{what}"),
                    Some(false) if about == About::NoWebhook => {
                        assert!([404, 422].contains(&answer.status), "{what}");
                    }
                    Some(false) => assert!(![401, 403, 404].contains(&answer.status), "{what}"),
                    Some(true) => {
                        limited += 1;
                        assert_limited(
                            &answer,
                            about,
                            granted,
                            [place, &chain.own, &chain.other],
                            &what,
                        );
                    }
                }
            }
        }
    }
    assert!(asked > 400 && limited > 80, "{asked} asked, {limited} of them limited");
}

/// What a caller that works in one store gets to see.
fn assert_limited(answer: &Answer, about: About, granted: &str, places: [&Place; 3], what: &str) {
    let [place, own, other] = places;
    match about {
        About::Store if !granted.contains(place.id) => assert_eq!(answer.status, 404, "{what}"),
        About::Store | About::Nothing | About::NoWebhook => {
            assert!(![401, 403, 404].contains(&answer.status), "{what}");
        }
        About::AllStores => {
            assert_eq!(answer.status, 200, "{what}");
            for place in [own, other].into_iter().filter(|it| !granted.contains(it.id)) {
                let is_named = answer.body.contains("\"status\":404");
                let shown = answer.body.contains(place.id) || answer.body.contains(place.code);
                assert!(is_named || !shown, "{what} shows {}", place.code);
                assert!(!answer.body.contains(&place.reservation), "{what}");
            }
        }
    }
}

/// A store that is there and one that is not must look the same to a caller that works in neither.
#[test]
fn another_store_looks_like_one_that_is_not_there() {
    let chain = Chain::start();
    let absent = Place {
        id: "44444444-4444-4444-4444-444444444444",
        code: "S-ABSENT",
        reservation: "55555555-5555-5555-5555-555555555555".to_owned(),
        split: "99999999-5555-5555-5555-555555555555".to_owned(),
        checkout: "66666666-5555-5555-5555-555555555555".to_owned(),
        pos_batch: "99999999-6666-6666-6666-666666666666".to_owned(),
        stocktake: "99999999-7777-7777-7777-777777777777".to_owned(),
        outgoing: "77777777-7777-7777-7777-777777777777".to_owned(),
        incoming: "88888888-8888-8888-8888-888888888888".to_owned(),
        alert: "66666666-8888-8888-8888-888888888888".to_owned(),
        import: "77777777-8888-8888-8888-888888888888".to_owned(),
    };
    let mut compared = 0;
    for Operation { method, path, roles } in operations(&chain) {
        if !roles.is_some_and(|roles| roles.contains("store")) {
            continue;
        }
        let by_code = |place: &Place, text: &str| {
            text.replace(place.id, place.code)
                .replace("storeId", "storeCode")
                .replace("sourceStoreId", "sourceStoreCode")
        };
        let answers = [&chain.other, &absent].map(|place| {
            let Sample { path, body, about } = sample(&method, &path, place);
            let ask = |path: &str, body: &str| {
                let answer = chain.ask(Some("store"), &method, path, body);
                let Place {
                    id,
                    code,
                    reservation,
                    split,
                    checkout,
                    pos_batch,
                    stocktake,
                    outgoing,
                    incoming,
                    alert,
                    import,
                } = place;
                let names = [
                    *id,
                    *code,
                    reservation,
                    split,
                    checkout,
                    pos_batch,
                    stocktake,
                    outgoing,
                    incoming,
                    alert,
                    import,
                ];
                let text =
                    names.iter().fold(answer.said(), |text, name| text.replace(name, "NAME"));
                let names = answer.header_names().join(",");
                (answer.status, names, text)
            };
            (about, [ask(&path, &body), ask(&by_code(place, &path), &by_code(place, &body))])
        });
        let [(about, other), (_, absent)] = answers;
        if about == About::Store {
            assert_eq!(other, absent, "{method} {path}");
            compared += 1;
        }
    }
    assert!(compared > 12, "{compared}");
}

#[test]
fn lists_that_name_another_store_find_none() {
    let chain = Chain::start();
    for name in [chain.other.id, chain.other.code] {
        for path in [
            format!("/api/v1/inventory/reservations?store={name}"),
            format!("/api/v1/inventory/events?stores={name}"),
            format!("/api/v1/inventory/availability?product={PRODUCT}&stores={name}"),
        ] {
            assert_eq!(chain.ask(Some("store"), "GET", &path, "").status, 404, "{path}");
            assert_eq!(chain.ask(Some("viewer"), "GET", &path, "").status, 200, "{path}");
        }
    }
}

#[test]
fn totals_count_the_stores_of_the_caller() {
    let chain = Chain::start();
    let stores = |caller| {
        let path = format!("/api/v1/inventory/products/{PRODUCT}");
        let answer = chain.ask(Some(caller), "GET", &path, "");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        (body["totals"]["stores"].as_u64().unwrap(), body["totals"]["onHand"].as_u64().unwrap())
    };
    // totals are of a view, which may be late by a moment
    let begun = std::time::Instant::now();
    while stores("viewer") != (3, 3000) {
        assert!(begun.elapsed() < crate::webhooks::PATIENCE, "{:?}", stores("viewer"));
    }
    assert_eq!(stores("store"), (1, 1000));
    assert_eq!(stores("elsewhere"), (0, 0));
}

#[test]
fn a_bulk_write_changes_only_the_stores_of_the_caller() {
    let chain = Chain::start();
    let line = |place: &Place| {
        let (id, product) = (place.id, PRODUCT);
        format!(r#"{{"op":"stock","storeId":"{id}","productId":"{product}","quantity":1}}"#)
    };
    let release = format!(r#"{{"op":"release","reservationId":"{}"}}"#, chain.other.reservation);
    let body = [line(&chain.own), line(&chain.other), release].join("\n");
    let answer = chain.ask(Some("store"), "POST", "/api/v1/inventory/batch", &body);
    let lines: Vec<Value> =
        answer.body.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let statuses: Vec<_> = lines.iter().filter_map(|line| line["status"].as_u64()).collect();
    assert_eq!(statuses, [201, 404, 404], "{}", answer.body);
}

#[test]
fn events_name_the_caller_that_has_proven_who_it_is() {
    let chain = Chain::start();
    let headers = [
        ("x-api-key", chain.key("store")),
        ("x-actor", "user:somebody-else"),
        ("content-type", "application/json"),
    ];
    let body = format!(r#"{{"storeId":"{}","productId":"{PRODUCT}","quantity":1}}"#, chain.own.id);
    let path = "/api/v1/inventory/stock";
    let made = Answer::read(&crate::roles::send_with(
        &chain.server.address,
        "POST",
        path,
        &headers,
        &body,
    ));
    assert_eq!(made.status, 201, "{}", made.body);
    let events = chain.ask(Some("admin"), "GET", "/api/v1/inventory/events?limit=1000", "").body;
    assert!(events.contains("key:store") && events.contains("key:admin"), "{events}");
    assert!(!events.contains("somebody-else"), "{events}");
}

#[test]
fn pages_are_for_everybody_and_what_is_not_known_is_for_nobody() {
    let chain = Chain::start();
    let status = |method, path| chain.ask(None, method, path, "").status;
    let mut seen = BTreeSet::new();
    let mut next =
        vec!["/".to_owned(), "/swagger".to_owned(), "/redoc".to_owned(), "/problems/".to_owned()];
    while let Some(path) = next.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = chain.ask(None, "GET", &path, "");
        assert!([200, 308].contains(&page.status), "{path}: {}", page.status);
        if page.head.contains("text/html") {
            let links = page.body.split("=\"/").skip(1).filter_map(|rest| rest.split('"').next());
            next.extend(
                links.filter(|link| !link.starts_with("api/")).map(|link| format!("/{link}")),
            );
        }
    }
    assert!(seen.len() > 40, "{seen:?}");
    assert_eq!(status("GET", "/nowhere"), 404);
    assert_eq!(status("DELETE", "/api/v1/stores"), 401);
    assert_eq!(status("HEAD", "/api/v1/stores"), 401);
    assert_eq!(chain.ask(Some("viewer"), "DELETE", "/api/v1/stores", "").status, 403);
    assert_eq!(chain.ask(Some("admin"), "DELETE", "/api/v1/stores", "").status, 405);
}

/// What a caller sees of the end of an import.
fn import_of(chain: &Chain, caller: &str, path: &str, file: &str) -> Value {
    let sent = chain.ask(Some(caller), "POST", path, file);
    assert_eq!(sent.status, 202, "{}", sent.body);
    let mut import: Value = serde_json::from_str(&sent.body).unwrap();
    let begun = std::time::Instant::now();
    while ["waiting", "running"].contains(&import["status"].as_str().unwrap()) {
        assert!(begun.elapsed() < crate::webhooks::PATIENCE, "{import}");
        let path = format!("/api/v1/imports/{}", import["importId"].as_str().unwrap());
        let seen = chain.ask(Some(caller), "GET", &path, "");
        import = serde_json::from_str(&seen.body).unwrap();
    }
    import
}

/// A file must not be a way around the table.
#[test]
fn a_file_changes_the_stores_of_who_sends_it_and_names_them_as_its_author() {
    let chain = Chain::start();
    let file = "store_code,sku,quantity\nS-OWN,SKU-1,7\nS-OTHER,SKU-1,7\n";
    let path = "/api/v1/inventory/imports/stock?name=both.csv";
    let import = import_of(&chain, "store", path, file);
    assert_eq!((&import["accepted"], &import["rejected"]), (&1.into(), &1.into()), "{import}");
    let id = import["importId"].as_str().unwrap();
    let rejected = format!("/api/v1/imports/{id}/rejected-lines");
    let lines = chain.ask(Some("store"), "GET", &rejected, "");
    assert!(lines.body.contains("3,unknown-store,"), "{}", lines.body);
    assert_eq!(chain.ask(Some("elsewhere"), "GET", &rejected, "").status, 404);
    assert_eq!(chain.ask(Some("admin"), "GET", &rejected, "").status, 200);
    let file = "reference,from_store,to_store,sku,quantity\nT-9,S-OTHER,S-OWN,SKU-1,1\n";
    let taken = import_of(&chain, "store", "/api/v1/inventory/imports/transfers", file);
    assert_eq!(taken["rejections"][0]["code"], "unknown-store", "{taken}");

    let events = chain.ask(Some("admin"), "GET", "/api/v1/inventory/events?limit=1000", "");
    let events: Value = serde_json::from_str(&events.body).unwrap();
    let events = events["items"].as_array().unwrap();
    let last = events.iter().rfind(|event| event["data"]["quantity"] == 7).unwrap();
    assert_eq!(last["storeCode"], "S-OWN", "{last}");
    assert!(last["actor"].as_str().unwrap().contains("store"), "{last}");
}
