//! The tree of categories: registering, moving, removing, and what stands below.

use serde_json::{Value, json};

use crate::app::App;

async fn register(app: &App, code: &str, parent: Option<&str>) -> Value {
    let mut body = json!({"code": code, "name": format!("All {code}")});
    if let Some(parent) = parent {
        body["parent"] = json!(parent);
    }
    app.post("/api/v1/categories", body).await.expect(201).body
}

/// Drinks with wine (red, white) and beer, and food; the last position.
async fn tree(app: &App) -> Value {
    register(app, "DRINKS", None).await;
    register(app, "FOOD", None).await;
    register(app, "WINE", Some("drinks")).await;
    register(app, "RED", Some("WINE")).await;
    register(app, "WHITE", Some("WINE")).await;
    register(app, "BEER", Some("DRINKS")).await["position"].clone()
}

#[tokio::test]
async fn a_category_is_registered_found_and_listed_by_its_subtree() {
    let app = App::start().await;
    let at = tree(&app).await;
    let wine = app.get("/api/v1/categories/wine").await.expect(200).body;
    assert_eq!(
        (&wine["code"], &wine["parent"], &wine["status"]),
        (&json!("WINE"), &json!("drinks"), &json!("active"))
    );
    let id = wine["categoryId"].as_str().unwrap();
    assert_eq!(app.get(&format!("/api/v1/categories/{id}")).await.expect(200).body, wine);
    for (query, codes) in [
        ("", vec!["BEER", "DRINKS", "FOOD", "RED", "WHITE", "WINE"]),
        ("below=DRINKS", vec!["BEER", "DRINKS", "RED", "WHITE", "WINE"]),
        ("below=wine", vec!["RED", "WHITE", "WINE"]),
        ("below=FOOD", vec!["FOOD"]),
        ("below=NOTHING", vec![]),
        ("parent=WINE", vec!["RED", "WHITE"]),
        ("below=DRINKS&q=red", vec!["RED"]),
    ] {
        let listed = app.listed(&format!("/api/v1/categories?{query}"), &at).await;
        assert_eq!(listed, codes, "{query}");
    }
    let again = app.post("/api/v1/categories", json!({"code": "wine", "name": "Wine"})).await;
    assert_eq!(again.problem(409, "category-already-registered")["categoryCode"], "WINE");
    app.get("/api/v1/categories/NOTHING").await.problem(404, "category-not-found");
}

#[tokio::test]
async fn products_are_listed_by_the_subtree_of_their_categories() {
    let app = App::start().await;
    tree(&app).await;
    let mut at = Value::Null;
    for (sku, category) in
        [("1", "RED"), ("2", "white"), ("3", "BEER"), ("4", "FOOD"), ("5", "TOYS")]
    {
        let body = json!({"sku": sku, "name": "Thing", "category": category});
        at = app.post("/api/v1/products", body).await.expect(201).body["position"].clone();
    }
    for (query, skus) in [
        ("categoryTree=DRINKS", vec!["1", "2", "3"]),
        ("categoryTree=wine", vec!["1", "2"]),
        ("categoryTree=DRINKS&category=RED", vec!["1"]),
        ("categoryTree=TOYS", vec!["5"]),
    ] {
        assert_eq!(app.listed(&format!("/api/v1/products?{query}"), &at).await, skus, "{query}");
    }
    // the list is another one when the tree is
    let changes = json!({"parent": "FOOD"});
    let moved = app.patch("/api/v1/categories/BEER", changes).await.expect(200).body;
    let at = &moved["position"];
    assert_eq!(app.listed("/api/v1/products?categoryTree=DRINKS", at).await, ["1", "2"]);
    assert_eq!(app.listed("/api/v1/products?categoryTree=food", at).await, ["3", "4"]);
    let answer = app.get("/api/v1/products?categoryTree=FOOD").await;
    assert_eq!(answer.header("surrogate-key"), "gondola products categories");
}

#[tokio::test]
async fn no_category_stands_below_itself_or_below_one_that_is_not_there() {
    let app = App::start().await;
    tree(&app).await;
    let place = async |code: &str, parent: &str| {
        app.patch(&format!("/api/v1/categories/{code}"), json!({"parent": parent})).await
    };
    for (code, parent) in [("DRINKS", "DRINKS"), ("DRINKS", "WINE"), ("drinks", "red")] {
        let problem = place(code, parent).await.problem(409, "parent-circle");
        assert!(problem["detail"].as_str().unwrap().contains(parent), "{problem}");
    }
    let unknown = place("WINE", "NOTHING").await.problem(409, "parent-not-found");
    assert_eq!(unknown["parent"], "NOTHING");
    let body = json!({"code": "X", "name": "X", "parent": "NOTHING"});
    app.post("/api/v1/categories", body).await.problem(409, "parent-not-found");
    app.post("/api/v1/categories", json!({"code": "X", "name": "X", "parent": "x"}))
        .await
        .problem(409, "parent-circle");
    // what is free of the circle may stand there
    place("WINE", "FOOD").await.expect(200);
    place("DRINKS", "WINE").await.expect(200);
    let to_the_top = app.patch("/api/v1/categories/WINE", json!({"parent": null})).await;
    assert_eq!(to_the_top.expect(200).body.get("parent"), None);
    app.get("/api/v1/categories?below=a%20b").await.problem(422, "invalid");
}

#[tokio::test]
async fn a_tree_has_sixteen_levels() {
    let app = App::start().await;
    register(&app, "L1", None).await;
    for level in 2..=16 {
        register(&app, &format!("L{level}"), Some(&format!("L{}", level - 1))).await;
    }
    let body = json!({"code": "L17", "name": "X", "parent": "L16"});
    app.post("/api/v1/categories", body).await.problem(409, "parent-too-deep");
}

#[tokio::test]
async fn a_category_that_others_need_is_not_removed() {
    let app = App::start().await;
    tree(&app).await;
    let set = async |code: &str, status: &str| {
        app.patch(&format!("/api/v1/categories/{code}"), json!({"status": status})).await
    };
    let product = json!({"sku": "1", "name": "Thing", "category": "white"});
    app.post("/api/v1/products", product).await.expect(201);
    let wine = set("WINE", "removed").await.problem(409, "in-use");
    assert_eq!((&wine["children"], &wine["products"]), (&json!(2), &json!(0)));
    let white = set("WHITE", "removed").await.problem(409, "in-use");
    assert_eq!((&white["children"], &white["products"]), (&json!(0), &json!(1)));

    app.patch("/api/v1/products/1", json!({"category": "RED"})).await.expect(200);
    set("WHITE", "removed").await.expect(200);
    let body = json!({"code": "ROSE", "name": "X", "parent": "WHITE"});
    app.post("/api/v1/categories", body).await.problem(409, "parent-not-found");
    let at = set("BEER", "removed").await.expect(200).body["position"].clone();
    let uri = "/api/v1/categories?below=DRINKS&status=active";
    assert_eq!(app.listed(uri, &at).await, ["DRINKS", "RED", "WINE"]);
    // it comes back where it was
    set("WHITE", "active").await.expect(200);
}

/// Of two moves at the same time that would make a circle together one happens.
#[tokio::test]
async fn two_moves_at_once_make_no_circle() {
    for _ in 0..20 {
        let app = App::start().await;
        register(&app, "A", None).await;
        register(&app, "B", None).await;
        let place = async |code: &str, parent: &str| {
            app.patch(&format!("/api/v1/categories/{code}"), json!({"parent": parent})).await
        };
        let (one, other) = tokio::join!(place("A", "B"), place("B", "A"));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 200, "{statuses:?}");
        assert!([409, 503].contains(&statuses[1]), "{statuses:?}");
    }
}
