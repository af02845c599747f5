//! Registrations from inside the process, as imports and demonstrations make them.

use gondola_store::use_cases::{Registration, WriteError};
use gondola_store_domain::{Label, Name, Product, ProductId, Sku, Store, StoreCode, StoreId};
use kit_core::{Actor, Caller, Scope};
use serde_json::json;
use uuid::Uuid;

use crate::app::{App, PATIENCE};

fn by() -> Caller {
    Caller {
        actor: Actor::system("system:import"),
        correlation_id: Uuid::from_u128(1),
        idempotency: None,
        scope: Scope::All,
    }
}

fn store(store_id: StoreId, code: &str, name: &str) -> Store {
    let (code, name) = (StoreCode::new(code).unwrap(), Name::new(name).unwrap());
    Store::new(store_id, code, name, Label::new("R").unwrap())
}

fn product(product_id: ProductId, sku: &str) -> Product {
    Product::new(product_id, Sku::new(sku).unwrap(), Name::new("Thing").unwrap())
}

#[tokio::test]
async fn a_registration_may_be_repeated() {
    let app = App::start().await;
    let catalogue = &app.catalogue;
    let (first, second) = (catalogue.new_store_id(), catalogue.new_store_id());
    assert_ne!(first, second);
    let done = catalogue.register_store(store(first, "2106", "First"), by()).await.unwrap();
    assert!(matches!(&done, Registration::Registered(done) if done.answer.version.get() == 1));
    assert_eq!(done.id(), first);
    for id in [first, second] {
        let again = catalogue.register_store(store(id, "2106", "Renamed"), by()).await.unwrap();
        assert_eq!(again, Registration::AlreadyRegistered(first));
    }
    assert_eq!(app.get("/api/v1/stores/2106").await.body["name"], "First");

    // an id that has another code is a mistake, not a repetition
    let other = catalogue.register_store(store(first, "2107", "First"), by()).await.unwrap_err();
    assert!(matches!(&other, WriteError::Refused(_)), "{other}");
    assert!(other.to_string().contains("already registered with code 2106"), "{other}");
}

#[tokio::test]
async fn bulk_registrations_have_a_result_each_in_order() {
    let app = App::start().await;
    let catalogue = &app.catalogue;
    let taken = product(catalogue.new_product_id(), "SKU-7");
    catalogue.register_product(taken.clone(), by()).await.unwrap();
    let mut products: Vec<Product> = (0..1_200)
        .map(|number| product(catalogue.new_product_id(), &format!("SKU-{number}")))
        .collect();
    // named twice in one bulk
    products.push(product(catalogue.new_product_id(), "SKU-8"));
    let results = catalogue.register_products(products.clone(), &by()).await;
    assert_eq!(results.len(), products.len());
    for (place, (result, product)) in results.into_iter().zip(&products).enumerate() {
        let expected = match place {
            7 => taken.product_id,
            1_200 => products[8].product_id,
            _ => product.product_id,
        };
        let registration = result.unwrap();
        assert_eq!(registration.id(), expected, "{place}");
        let new = matches!(registration, Registration::Registered(_));
        assert_eq!(new, ![7, 1_200].contains(&place), "{place}");
    }
    let stores =
        vec![store(catalogue.new_store_id(), "1", "S"), store(catalogue.new_store_id(), "2", "S")];
    let results = catalogue.register_stores(stores, &by()).await;
    assert!(results.iter().all(|result| matches!(result, Ok(Registration::Registered(_)))));

    let at = json!(1_202);
    assert_eq!(app.listed("/api/v1/products?q=SKU-1199", &at).await, ["SKU-1199"]);
    assert_eq!(app.listed("/api/v1/stores", &at).await, ["1", "2"]);
    assert!(app.relay_progress.reach(kit_core::Position::new(1_202), PATIENCE).await);
}
