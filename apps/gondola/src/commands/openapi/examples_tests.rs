//! Examples agree with themselves, with their operation and with the demo: walked over, one by one.

use serde_json::{Map, Value};

use super::rules_tests::{answers, content, document, each_object, none, operations};
use crate::commands::demo::chain::{PRODUCTS, STORES, product_id};

/// How things stand after an operation: where that is said, and what.
const OUTCOMES: &[(&str, u16, &str, &str)] = &[
    ("acknowledgeAlert", 200, "/state", "acknowledged"),
    ("approveStocktake", 200, "/status", "closed"),
    ("approveStocktake", 202, "/status", "posting"),
    ("cancelCheckout", 200, "/status", "cancelled"),
    ("cancelCheckout", 202, "/status", "rollingBack"),
    ("cancelStocktake", 200, "/status", "cancelled"),
    ("cancelTransfer", 200, "/status", "cancelled"),
    ("commitCheckout", 200, "/status", "committed"),
    ("commitCheckout", 202, "/status", "committing"),
    ("commitReservation", 200, "/status", "committed"),
    ("commitSplitReservation", 200, "/parts/0/status", "committed"),
    ("commitSplitReservation", 200, "/status", "committed"),
    ("commitSplitReservation", 202, "/status", "committing"),
    ("dispatchTransfer", 200, "/status", "inTransit"),
    ("extendReservation", 200, "/status", "active"),
    ("getAlert", 200, "/state", "open"),
    ("importCatalogue", 202, "/status", "waiting"),
    ("importStock", 202, "/status", "waiting"),
    ("openStocktake", 201, "/status", "counting"),
    ("receiveTransfer", 200, "/status", "closed"),
    ("releaseReservation", 200, "/status", "released"),
    ("releaseSplitReservation", 200, "/parts/0/status", "released"),
    ("releaseSplitReservation", 200, "/status", "released"),
    ("releaseSplitReservation", 202, "/status", "releasing"),
    ("requestCheckout", 201, "/status", "active"),
    ("requestCheckout", 202, "/status", "requested"),
    ("requestSplitReservation", 201, "/status", "active"),
    ("requestSplitReservation", 202, "/status", "requested"),
    ("reserveBasket", 201, "/status", "active"),
    ("reserveStock", 201, "/status", "active"),
    ("resolveAlert", 200, "/state", "resolved"),
    ("returnTransfer", 200, "/status", "returned"),
    ("uploadPosBatch", 201, "/status", "merged"),
    ("uploadPosBatch", 202, "/status", "received"),
    ("withdrawSupplierOffer", 200, "/status", "withdrawn"),
];

/// An example: what it is called in a failure, its operation, the status of the answer that it is of, and itself.
struct Example {
    at: String,
    operation: String,
    status: Option<u16>,
    value: Value,
}

/// All examples of bodies that are JSON: of requests, and of answers that are no problems.
fn examples() -> Vec<Example> {
    let document = document();
    let mut examples = Vec::new();
    for (at, _, operation) in operations(&document) {
        let request = operation.get("requestBody").map(|body| (None, body));
        let told = answers(&document, operation).into_iter();
        let told = told.map(|(status, answer)| (Some(status), answer));
        for (status, body) in request.into_iter().chain(told) {
            let said = content(body).filter(|(name, _)| name.ends_with("json"));
            examples.extend(said.filter_map(|(_, said)| {
                Some(Example {
                    at: format!("{at} {}", status.map_or("request".into(), |it| it.to_string())),
                    operation: operation["operationId"].as_str()?.to_owned(),
                    status,
                    value: said.get("example")?.clone(),
                })
            }));
        }
    }
    assert!(examples.len() > 150, "the document has its examples in another form");
    examples
}

/// Tells of every object of every example what `fault` finds wrong with it.
#[track_caller]
fn each_part(rule: &str, fault: impl Fn(&Map<String, Value>) -> Option<String>) {
    let mut breaches = Vec::new();
    for example in examples() {
        each_object(&example.at, &example.value, &mut |at, fields| {
            breaches.extend(fault(fields).map(|fault| format!("{at}: {fault}")));
        });
    }
    none(breaches, rule);
}

/// Whole numbers of an object, if it has all of them.
fn numbers<const N: usize>(fields: &Map<String, Value>, names: [&str; N]) -> Option<[i64; N]> {
    let mut found = [0; N];
    for (number, name) in found.iter_mut().zip(names) {
        *number = fields.get(name)?.as_i64()?;
    }
    Some(found)
}

/// A number and what it has to be.
fn unequal(name: &str, found: i64, expected: i64) -> Option<String> {
    (found != expected).then(|| format!("{name} is {found}, not {expected}"))
}

#[test]
fn an_answer_shows_what_its_operation_did() {
    let examples = examples();
    let breaches = OUTCOMES.iter().filter_map(|(operation, status, pointer, word)| {
        let is_it = |it: &&Example| it.operation == *operation && it.status == Some(*status);
        let told = examples.iter().find(is_it).and_then(|it| it.value.pointer(pointer));
        (told.and_then(Value::as_str) != Some(word))
            .then(|| format!("{operation} {status}: {pointer} is {told:?}, not {word}"))
    });
    none(breaches, "services/gateway/src/document/rules/outcomes.rs says what is told");
}

#[test]
fn numbers_of_a_stock_level_add_up() {
    each_part("the arithmetic of the product", |fields| {
        let [on_hand, reserved, available] = numbers(fields, ["onHand", "reserved", "available"])?;
        let offered = || {
            let [offered, safety] = numbers(fields, ["offered", "safetyStock"])?;
            unequal("offered", offered, (available - safety).max(0))
        };
        unequal("available", available, (on_hand - reserved).max(0)).or_else(offered)
    });
    each_part("what is short is what is wanted and not offered", |fields| {
        let [wanted, offered, short] = numbers(fields, ["requested", "offered", "shortfall"])
            .or_else(|| numbers(fields, ["quantity", "totalOffered", "shortfall"]))?;
        unequal("shortfall", short, (wanted - offered).max(0))
    });
    each_part("an order brings a level above its reorder point", |fields| {
        let names = ["reorderPoint", "inventoryPosition", "shortage"];
        let [point, position, shortage] = numbers(fields, names)?;
        unequal("shortage", shortage, (point + 1 - position).max(0))
    });
}

#[test]
fn a_movement_is_of_one_kind() {
    each_part("event, cause and numbers tell of the same", |fields| {
        let names = ["onHandDelta", "reservedDelta", "onHandAfter", "reservedAfter"];
        let [on_hand, reserved, on_hand_after, reserved_after] = numbers(fields, names)?;
        let is_hold = fields["eventType"] == "StockReservedEvent"
            && fields["cause"] == "reserved"
            && on_hand == 0
            && reserved > 0
            && fields.get("quantity").is_none();
        let is_possible = on_hand_after >= on_hand && reserved_after >= reserved;
        (!is_hold || !is_possible).then(|| format!("{fields:?}"))
    });
}

#[test]
fn an_alert_says_its_own_numbers() {
    each_part("the sentence of an alert has what was measured and the threshold", |fields| {
        let [quantity, threshold] = numbers(fields, ["quantity", "threshold"])?;
        let detail = fields.get("detail")?.as_str()?;
        let expected =
            format!("{quantity} available, which is at or below the threshold of {threshold}");
        (detail != expected).then(|| format!("{detail:?} is not {expected:?}"))
    });
}

#[test]
fn a_transfer_has_each_unit_once() {
    each_part("units that were sent are in one place", |fields| {
        let names = ["quantity", "inTransit", "received", "damaged", "short", "returned"];
        let [sent, places @ ..] = numbers(fields, names)?;
        let told: i64 = places.iter().sum();
        (told > sent).then(|| format!("{told} units of {sent}"))
    });
}

#[test]
fn a_batch_is_answered_command_by_command() {
    let examples = examples();
    let of = |status: Option<u16>| {
        let mut it =
            examples.iter().filter(|it| it.operation == "writeBatch" && it.status == status);
        it.find_map(|it| it.value.as_array()).unwrap()
    };
    let (commands, answers) = (of(None), of(Some(200)));
    let lines: Vec<_> = answers.iter().map(|it| it["line"].as_u64().unwrap()).collect();
    let expected: Vec<_> = (1..=commands.len() as u64).collect();
    assert_eq!(lines, expected, "one answer per command, in order");
    for (command, answer) in commands.iter().zip(answers) {
        let is_hold = command["op"] == "reserve";
        assert_eq!(answer.get("reservationId").is_some(), is_hold, "{command}: {answer}");
    }
}

#[test]
fn what_trades_needs_no_reason_for_it() {
    each_part("a store that is active has no reason why", |fields| {
        let is_active = fields.get("status").is_some_and(|it| it == "active");
        (is_active && fields.contains_key("statusReason")).then(|| "a reason".to_owned())
    });
}

#[test]
fn stores_and_products_are_those_of_the_demo() {
    let store = |fields: &Map<String, Value>, names: [&str; 3]| {
        let [id, code, name] = names.map(|it| fields.get(it).and_then(Value::as_str));
        let fits = STORES.iter().any(|known| {
            id.is_none_or(|id| id == known.id().to_string())
                && code.is_none_or(|code| code == known.code)
                && name.is_none_or(|name| name.starts_with(known.name))
        });
        ((id.is_some() || code.is_some()) && !fits).then(|| format!("{id:?} {code:?} {name:?}"))
    };
    each_part("a store is of the demo, with its id, code and name", |fields| {
        let whole =
            if fields.contains_key("region") { ["storeId", "code", "name"] } else { [""; 3] };
        store(fields, whole)
            .or_else(|| store(fields, ["storeId", "storeCode", "storeName"]))
            .or_else(|| store(fields, ["sourceStoreId", "sourceStoreCode", ""]))
            .or_else(|| store(fields, ["destinationStoreId", "destinationStoreCode", ""]))
    });
    each_part("a product is of the demo, with its id, SKU and name", |fields| {
        let told = |names: [&str; 2]| {
            names.into_iter().find_map(|it| fields.get(it).and_then(Value::as_str))
        };
        let (id, sku) = (told(["productId", ""]), told(["productSku", "sku"]));
        let is_any = id.is_some() || sku.is_some();
        let mut known = PRODUCTS.iter().enumerate().filter(|(index, (known, ..))| {
            id.is_none_or(|id| id == product_id(*index).to_string())
                && sku.is_none_or(|sku| sku == *known)
        });
        let is_product = fields.contains_key("sku");
        let name = told(["productName", if is_product { "name" } else { "" }]);
        let fits = known.any(|(_, (_, known, ..))| name.is_none_or(|name| name.starts_with(known)));
        (is_any && !fits).then(|| format!("{id:?} {sku:?} {name:?}"))
    });
}
