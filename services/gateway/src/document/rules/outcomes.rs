//! Outcomes: what examples of answers say beyond the names of their fields, so that each fits its operation and itself.
//!
//! What is told here is a merge: `null` takes a field out, and entries of a list are merged with those that are there by their place,
//! those beyond with the first one.

use serde_json::{Value as Json, json};
use yaml_serde::Value;

/// The second product of the demo's requests, and the one of its questions.
const TELEVISION: &str = "22222222-2222-2222-2222-222222220002";
const NOTEBOOK: &str = "22222222-2222-2222-2222-222222220005";

const MOMENT: &str = "2026-11-28T12:00:00Z";

/// What an example of a schema says, wherever it stands in an answer.
pub(super) fn of_schema(name: &str) -> Option<Value> {
    // what a basket of two products looks like, as its requests have it
    let two = || json!([{"quantity": 2}, television(1)]);
    let told = match name {
        "Availability" => json!({"partial": []}),
        "Checkout" => json!({"status": "active", "lines": two(), "steps": steps("accepted")}),
        "CustomerReservation" => json!({"inClear": false}),
        "Delivery" | "NotificationEvent" => {
            json!({"eventType": "gondola.inventory.inventory-updated.v1"})
        }
        "DriftField" => json!({"log": 100, "found": 99}),
        "DrainedNames" | "DrainedStock" => json!({"dropped": 0, "parked": 0}),
        "ForgottenCustomer" => json!({"leftInClear": false}),
        "LevelsAnswer" | "Replayed" => json!({"hasMore": false}),
        "MovementView" => json!({"quantity": null}),
        "PosBatch" => json!({"tillId": "3", "status": "merged", "shortfalls": [], "refused": []}),
        "ProposedTransfer" => json!({"quantity": 11}),
        "ReplenishmentLine" => json!({"onHand": 15, "available": 10, "inventoryPosition": 10}),
        "ReservationDetailsLine" => json!({"committed": 0, "held": 5}),
        "Saga" => json!({"state": "waiting", "status": "inTransit", "attempts": 0}),
        "Sourcing" => json!({"missing": [], "parcels": [{"lines": two()}]}),
        "SplitReservation" => json!({"status": "active"}),
        "SplitReservationPart" => json!({"status": "active", "lines": two()}),
        "Stocktake" => json!({"lineCount": 2, "tolerance": {"units": 1}}),
        "Till" => json!({"tillId": "3", "missing": [{"first": 17, "last": 17}]}),
        "Transfer" => json!({"status": "held", "lines": [{"quantity": 24}]}),
        "Webhook" => json!({"eventTypes": ["gondola.inventory.inventory-updated.v1"]}),
        _ => return None,
    };
    Some(value(&told))
}

/// What the example of an operation's answer says, after what its schemas say.
pub(super) fn of_answer(operation: &str, status: u16) -> Option<Value> {
    let told = of_stock(operation)
        .or_else(|| of_reservation(operation, status))
        .or_else(|| of_movement(operation, status))
        .or_else(|| of_messages(operation))
        .or_else(|| of_catalogue(operation))?;
    Some(value(&told))
}

fn of_stock(operation: &str) -> Option<Json> {
    Some(match operation {
        "adjustStock" | "countStock" => {
            json!({"onHand": 98, "available": 93, "offered": 93, "version": 4})
        }
        "setStockPolicy" => {
            json!({"safetyStock": 2, "offered": 93, "reorderPoint": 10, "version": 4})
        }
        "checkBasketAvailability" => {
            let notebook = json!({
                "productId": NOTEBOOK, "productSku": "PROD123460", "requested": 1, "offered": 30,
            });
            let lines = json!([{"requested": 2}, notebook]);
            json!({"lines": lines, "stores": [{"lines": lines}]})
        }
        "queryStockLevels" => {
            let notebook = json!({
                "productId": NOTEBOOK, "productSku": "PROD123460", "productName": "Notebook 14 inch",
                "onHand": 30, "reserved": 0, "available": 30, "offered": 30, "reorderPoint": 6,
            });
            json!({"items": [{}, {"level": notebook}]})
        }
        // a receipt of 10 and a hold of 2
        "writeBatch" => json!([
            {"reservationId": null, "expiresAt": null, "available": 105},
            {"line": 2, "available": 103, "version": 4, "position": 1043},
        ]),
        _ => return None,
    })
}

fn of_reservation(operation: &str, status: u16) -> Option<Json> {
    let under_way = status == 202;
    Some(match operation {
        "commitReservation" => json!({"status": "committed", "expiresAt": null, "version": 4}),
        "releaseReservation" => {
            json!({"status": "released", "available": 100, "expiresAt": null, "version": 4})
        }
        "reserveBasket" => {
            let line = |line: Json, available: u64| {
                let mut line = line;
                line["available"] = available.into();
                line["version"] = 3.into();
                line
            };
            let headphones = json!({
                "productId": "22222222-2222-2222-2222-222222220001", "productSku": "PROD123456", "quantity": 1,
            });
            json!({
                "productId": null, "productSku": null, "quantity": null, "available": null, "version": null,
                "lines": [line(headphones, 99), line(television(2), 22)],
            })
        }
        "requestSplitReservation" if under_way => {
            json!({"status": "requested", "parts": [{"status": "planned"}]})
        }
        "commitSplitReservation" if under_way => json!({"status": "committing"}),
        "commitSplitReservation" => {
            json!({"status": "committed", "parts": [{"status": "committed"}]})
        }
        "releaseSplitReservation" if under_way => json!({"status": "releasing"}),
        "releaseSplitReservation" => {
            json!({"status": "released", "parts": [{"status": "released"}]})
        }
        "requestCheckout" if under_way => json!({"status": "requested", "steps": steps("pending")}),
        "commitCheckout" => {
            let status = if under_way { "committing" } else { "committed" };
            let stock = if under_way { "accepted" } else { "committed" };
            json!({
                "status": status, "steps": steps(stock),
                "transactionId": "018f9a3e-7b1c-7000-8000-000000000001",
            })
        }
        "cancelCheckout" if under_way => json!({"status": "rollingBack"}),
        "cancelCheckout" => json!({"status": "cancelled", "steps": steps("rolledBack")}),
        _ => return None,
    })
}

/// What goes from place to place, or is counted.
fn of_movement(operation: &str, status: u16) -> Option<Json> {
    let under_way = status == 202;
    Some(match operation {
        "dispatchTransfer" => json!({"status": "inTransit", "lines": [{"inTransit": 24}]}),
        "receiveTransfer" => {
            json!({"status": "closed", "lines": [{"received": 22, "damaged": 1, "short": 1}]})
        }
        "cancelTransfer" => json!({"status": "cancelled", "cancelledBecause": "requested"}),
        "returnTransfer" => json!({"status": "returned", "lines": [{"returned": 24}]}),
        "cancelSaga" => json!({"state": "ended", "status": "cancelled"}),
        "uploadPosBatch" if under_way => json!({"status": "received"}),
        "compareStocktake" if !under_way => json!({"status": "review"}),
        "approveStocktake" if !under_way => json!({"status": "closed"}),
        "compareStocktake" | "approveStocktake" => json!({"status": "posting"}),
        "rejectStocktake" => json!({"status": "review"}),
        "cancelStocktake" => json!({"status": "cancelled", "reason": "Store closed early"}),
        "importStock" => waiting("stock", "deliveries-2026-11-28.csv"),
        "importCatalogue" => waiting("products", "products-2026-11-28.csv"),
        _ => return None,
    })
}

fn of_messages(operation: &str) -> Option<Json> {
    Some(match operation {
        "acknowledgeAlert" => {
            json!({"state": "acknowledged", "acknowledgedAt": MOMENT, "acknowledgedBy": "user:ana"})
        }
        "resolveAlert" => json!({
            "state": "resolved", "resolvedAt": MOMENT, "resolvedBy": "user:ana", "resolution": "operator",
        }),
        // it is shown when it is made, and never again
        "getWebhook" | "changeWebhook" => json!({"secret": null}),
        "listWebhooks" => json!({"items": [{"secret": null}]}),
        _ => return None,
    })
}

fn of_catalogue(operation: &str) -> Option<Json> {
    Some(match operation {
        "updateStore" => json!({"name": "Avenida Paulista, corner of Rua Augusta", "version": 2}),
        "updateProduct" => json!({"name": "Wireless headphones, black", "version": 2}),
        "updateCategory" => json!({"name": "Audio and headphones", "version": 2}),
        "updateSupplier" => json!({"name": "Acme S.A.", "version": 2}),
        "withdrawSupplierOffer" => json!({"status": "withdrawn", "version": 2}),
        _ => return None,
    })
}

fn television(quantity: u64) -> Json {
    json!({"productId": TELEVISION, "productSku": "PROD123457", "quantity": quantity})
}

/// The parts in a checkout without a confirmation. The store keeps nothing of its answer: it is asked once.
fn steps(at_the_inventory: &str) -> Json {
    json!([
        {"participant": "store", "status": "accepted"},
        {"participant": "inventory", "status": at_the_inventory},
        {"participant": "notification", "status": "notWanted"},
    ])
}

/// An import whose file has just come.
fn waiting(kind: &str, name: &str) -> Json {
    json!({
        "kind": kind, "name": name, "status": "waiting", "startedAt": null, "endedAt": null, "bytesRead": 0,
        "lines": 0, "accepted": 0, "rejected": 0, "rejections": [],
    })
}

fn value(told: &Json) -> Value {
    yaml_serde::to_value(told).expect("JSON is a tree")
}

/// Merges what is told into an example.
pub(super) fn amend(example: &mut Value, told: &Value) {
    match (example, told) {
        (Value::Mapping(fields), Value::Mapping(changes)) => {
            for (name, change) in changes {
                if change.is_null() {
                    fields.shift_remove(name);
                } else {
                    amend(fields.entry(name.clone()).or_insert(Value::Null), change);
                }
            }
        }
        (Value::Sequence(items), Value::Sequence(changes)) => {
            let merged = changes.iter().enumerate().map(|(place, change)| {
                let item = items.get(place).or(items.first());
                let mut item = item.cloned().unwrap_or_default();
                amend(&mut item, change);
                item
            });
            *items = merged.collect();
        }
        (example, told) => *example = told.clone(),
    }
}
