//! Lists: sorted, filtered, searched, in pages.

use serde_json::{Value, json};

use crate::app::{App, names};

/// Registers some stores and products and returns the last position.
async fn fill(app: &App) -> Value {
    let stores = [
        json!({"code": "SP-2", "name": "Loja São João", "region": "SP", "city": "São Paulo"}),
        json!({"code": "RJ-1", "name": "Loja Leblon", "region": "RJ", "city": "Rio de Janeiro"}),
        json!({"code": "SP-1", "name": "Loja Paulista", "region": "SP", "city": "São Paulo", "status": "closed"}),
    ];
    for store in stores {
        app.post("/api/v1/stores", store).await.expect(201);
    }
    let products = [
        json!({"sku": "1003", "name": "Pão de queijo 500 g", "category": "Frozen", "brand": "Casa Mineira",
               "gtin": "4006381333931"}),
        json!({"sku": "1001", "name": "JIM BEAM BLACK W/2 GLASSES", "category": "Bourbon", "brand": "Jim Beam"}),
        json!({"sku": "gift_0001_50", "name": "Gift \"card\" AND more", "status": "discontinued"}),
        json!({"sku": "1002", "name": "Pão francês", "category": "Bakery"}),
    ];
    let mut position = Value::Null;
    for product in products {
        position = app.post("/api/v1/products", product).await.expect(201).body["position"].clone();
    }
    position
}

#[tokio::test]
async fn lists_are_sorted_by_code_and_filtered() {
    let app = App::start().await;
    let at = fill(&app).await;
    let cases = [
        ("/api/v1/stores", vec!["RJ-1", "SP-1", "SP-2"]),
        ("/api/v1/stores?region=SP", vec!["SP-1", "SP-2"]),
        ("/api/v1/stores?region=SP&status=active", vec!["SP-2"]),
        ("/api/v1/stores?status=closed", vec!["SP-1"]),
        ("/api/v1/stores?region=sp", vec![]),
        ("/api/v1/products", vec!["1001", "1002", "1003", "gift_0001_50"]),
        ("/api/v1/products?category=Bakery", vec!["1002"]),
        ("/api/v1/products?status=discontinued", vec!["gift_0001_50"]),
    ];
    for (uri, codes) in cases {
        assert_eq!(app.listed(uri, &at).await, codes, "{uri}");
    }
}

/// Stores along one street of the equator, a hundredth of a degree (1,112 m) from each other, and one that is nowhere.
async fn street(app: &App) -> Value {
    for (code, longitude, kind) in
        [("C", "0.03", "hub"), ("A", "0.01", "shop"), ("D", "-0.01", "shop"), ("B", "0.02", "hub")]
    {
        let location = json!({"latitude": "0", "longitude": longitude});
        let body =
            json!({"code": code, "name": code, "region": "X", "kind": kind, "location": location});
        app.post("/api/v1/stores", body).await.expect(201);
    }
    let nowhere = json!({"code": "E", "name": "E", "region": "X", "kind": "pick-up-point"});
    app.post("/api/v1/stores", nowhere).await.expect(201).body["position"].clone()
}

#[tokio::test]
async fn stores_near_a_place_come_by_their_distance() {
    let app = App::start().await;
    let at = street(&app).await;
    let cases = [
        // A and D are equally far
        ("near=0,0", vec!["A", "D", "B", "C"]),
        ("near=0,0.021", vec!["B", "C", "A", "D"]),
        ("near=0,0&withinKm=2", vec!["A", "D"]),
        ("near=0,0&withinKm=3&kind=hub", vec!["B"]),
        ("near=0,0&q=c", vec!["C"]),
        ("kind=hub", vec!["B", "C"]),
        ("kind=pick-up-point", vec!["E"]),
    ];
    for (query, codes) in cases {
        assert_eq!(app.listed(&format!("/api/v1/stores?{query}"), &at).await, codes, "{query}");
    }
    let page = app.get("/api/v1/stores?near=0,0&limit=1").await.expect(200);
    assert_eq!(page.body["items"][0]["distanceMetres"], 1_112);
    let far = app.get("/api/v1/stores?near=0,180").await.expect(200);
    assert_eq!(far.body["items"][0]["code"], "C", "the other way around the Earth");
    assert_eq!(app.get("/api/v1/stores/A").await.body.get("distanceMetres"), None);
}

#[tokio::test]
async fn pages_of_stores_near_a_place_hold_each_once_and_belong_to_it() {
    let app = App::start().await;
    let at = street(&app).await;
    for limit in 1..=5 {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let uri = format!("/api/v1/stores?near=0,0&limit={limit}&minPosition={at}{cursor}");
            let page = app.get(&uri).await;
            found.extend(names(&page));
            match page.body.get("nextCursor") {
                Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
                None => break,
            }
        }
        assert_eq!(found, ["A", "D", "B", "C"], "{limit}");
    }
    let page = app.get("/api/v1/stores?near=0,0&limit=1").await.expect(200);
    let cursor = page.body["nextCursor"].as_str().unwrap();
    for other in ["", "near=0,1&"] {
        let refused = app.get(&format!("/api/v1/stores?{other}cursor={cursor}")).await;
        assert_eq!(refused.problem(422, "invalid")["field"], "cursor", "{other}");
    }
}

#[tokio::test]
async fn a_place_that_is_nowhere_is_refused() {
    let app = App::start().await;
    for (query, field) in [
        ("near=91,0", "near"),
        ("near=1", "near"),
        ("near=x,y", "near"),
        ("near=0,0&withinKm=0", "withinKm"),
        ("near=0,0&withinKm=20101", "withinKm"),
        ("withinKm=5", "withinKm"),
        ("kind=warehouse", "kind"),
    ] {
        let refused = app.get(&format!("/api/v1/stores?{query}")).await;
        assert_eq!(refused.problem(422, "invalid")["field"], field, "{query}");
    }
}

#[tokio::test]
async fn searches_find_beginnings_of_words_whatever_case_and_accents() {
    let app = App::start().await;
    let at = fill(&app).await;
    let cases = [
        ("products?q=pao", vec!["1002", "1003"]),
        ("products?q=P%C3%83O", vec!["1002", "1003"]),
        ("products?q=pao%20que", vec!["1003"]),
        ("products?q=que%20pao", vec!["1003"]),
        ("products?q=mineira%20frozen", vec!["1003"]),
        ("products?q=40063813", vec!["1003"]),
        ("products?q=ao", vec![]),
        ("products?q=100", vec!["1001", "1002", "1003"]),
        ("products?q=100&category=Bourbon", vec!["1001"]),
        ("products?q=W%2F2", vec!["1001"]),
        ("products?q=gift_0001", vec!["gift_0001_50"]),
        ("products?q=", vec!["1001", "1002", "1003", "gift_0001_50"]),
        ("stores?q=sp-2", vec!["SP-2"]),
        ("stores?q=paulo&status=active", vec!["SP-2"]),
        ("stores?q=pao", vec![]),
    ];
    for (query, codes) in cases {
        assert_eq!(app.listed(&format!("/api/v1/{query}"), &at).await, codes, "{query}");
    }
}

#[tokio::test]
async fn nothing_in_a_search_is_syntax() {
    let app = App::start().await;
    let at = fill(&app).await;
    // quotes, operators, column filters, and what else the index's query language knows
    let hostile = [
        "%22",
        "gift%22",
        "%22card%22",
        "AND",
        "card%20AND%20more",
        "NOT%20card",
        "words%3Agift",
        "-gift",
        "gift%2A",
        "%5Egift",
        "NEAR(gift%20card)",
        "%7Bwords%7D%3Agift",
        "gift%20%2B%20card",
        "(((",
        "%27%3B--",
        "*",
        "%E2%80%94gift",
    ];
    for q in hostile {
        let answer = app.get(&format!("/api/v1/products?q={q}&minPosition={at}")).await;
        assert!([200, 422].contains(&answer.status.as_u16()), "{q}: {}", answer.body);
    }
    assert_eq!(app.listed("/api/v1/products?q=%22card%22", &at).await, ["gift_0001_50"]);
    assert_eq!(app.listed("/api/v1/products?q=card%20AND%20more", &at).await, ["gift_0001_50"]);
    let long = "x".repeat(201);
    let many = "x%20".repeat(17);
    for q in ["%22", "*", &long, &many] {
        let problem = app.get(&format!("/api/v1/products?q={q}")).await.problem(422, "invalid");
        assert_eq!(problem["field"], "q");
    }
}

#[tokio::test]
async fn pages_hold_every_entry_once() {
    let app = App::start().await;
    let mut at = Value::Null;
    for number in 0..25 {
        let body = json!({"sku": format!("S{number:02}"), "name": "Thing", "category": "All"});
        at = app.post("/api/v1/products", body).await.expect(201).body["position"].clone();
    }
    let expected: Vec<String> = (0..25).map(|number| format!("S{number:02}")).collect();
    for filter in ["", "&q=thing", "&category=All&status=active"] {
        for limit in [1, 7, 24, 25, 26] {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let uri =
                    format!("/api/v1/products?limit={limit}&minPosition={at}{filter}{cursor}");
                let page = app.get(&uri).await;
                let names = names(&page);
                assert!(names.len() <= limit);
                found.extend(names);
                match page.body.get("nextCursor") {
                    Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
                    None => break,
                }
            }
            assert_eq!(found, expected, "{filter} {limit}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let app = App::start().await;
    let at = fill(&app).await;
    let lists = ["stores", "products"];
    for (list, other) in [(lists[0], lists[1]), (lists[1], lists[0])] {
        let page = app.get(&format!("/api/v1/{list}?limit=1&minPosition={at}")).await.expect(200);
        let cursor = page.body["nextCursor"].as_str().unwrap();
        app.get(&format!("/api/v1/{list}?cursor={cursor}")).await.expect(200);
        let refused = app.get(&format!("/api/v1/{other}?cursor={cursor}")).await;
        let problem = refused.problem(422, "invalid");
        assert_eq!(problem["field"], "cursor");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("leave it out to begin at the start"), "{detail}");
    }
}

#[tokio::test]
async fn an_update_moves_an_entry_to_other_searches_and_filters() {
    let app = App::start().await;
    fill(&app).await;
    let changes = json!({"name": "Baguette", "category": "French"});
    let at = app.patch("/api/v1/products/1002", changes).await.expect(200).body["position"].clone();
    assert_eq!(app.listed("/api/v1/products?q=pao", &at).await, ["1003"]);
    assert_eq!(app.listed("/api/v1/products?q=baguette", &at).await, ["1002"]);
    assert_eq!(app.listed("/api/v1/products?category=Bakery", &at).await, [""; 0]);
    assert_eq!(app.listed("/api/v1/products?category=French", &at).await, ["1002"]);
}

#[tokio::test]
async fn unusable_queries_are_refused() {
    let app = App::start().await;
    for query in [
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=zz",
        "status=open",
        "colour=red",
        "minPosition=-1",
    ] {
        for list in ["stores", "products"] {
            app.get(&format!("/api/v1/{list}?{query}")).await.problem(422, "invalid");
        }
    }
    app.get("/api/v1/products?region=SP").await.problem(422, "invalid");
    app.get("/api/v1/products?q=%FF").await.problem(400, "bad-request");
}

#[tokio::test]
async fn a_position_that_no_event_has_is_refused() {
    let app = App::start().await;
    for list in ["stores", "products"] {
        let beyond =
            app.get(&format!("/api/v1/{list}?minPosition=99")).await.problem(422, "invalid");
        assert_eq!(beyond["field"], "minPosition");
    }
}
