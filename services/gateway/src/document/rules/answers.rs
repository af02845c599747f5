//! Answers: only those that an operation can give, and the same answer of many operations told once.

use std::collections::BTreeMap;

use http::StatusCode;
use yaml_serde::{Mapping, Value};

use super::media::content;
use super::tree::{Operation, components, object, operations, reference};

/// Parameters of a query that name something which may not exist.
const NAMING: [&str; 9] = [
    "store",
    "storeId",
    "stores",
    "product",
    "products",
    "category",
    "categoryTree",
    "parent",
    "subscriptionId",
];

/// Operations that are asked with a body, since a query has no room for it, and only read.
const ASKED_WITH_A_BODY: [&str; 5] = [
    "checkBasketAvailability",
    "exportCustomer",
    "lookUpCatalogue",
    "queryStockLevels",
    "sourceBasket",
];

/// How many operations have to give the same answer before it is told apart.
const SHARED_BY: usize = 3;

pub(super) const PROBLEM: &str = "application/problem+json";

/// Takes out what an operation can never answer, and adds what every body can come to.
pub(super) fn keep_possible(document: &mut Value) {
    for operation in operations(document) {
        let has_body = operation.has_body();
        let (names, values) = (names_something(&operation), takes_values(&operation));
        let reads = only_reads(&operation);
        let Some(answers) = operation.fields.get_mut("responses").and_then(Value::as_mapping_mut)
        else {
            continue;
        };
        answers.retain(|status, _| match status.as_str() {
            // without a body there is none too long, too slow or of another type
            Some("408" | "413" | "415") => has_body,
            Some("404") => names,
            // what only reads is in nobody's way
            Some("409") => !reads,
            Some("422") => values,
            _ => true,
        });
        if has_body && answers.contains_key("413") {
            let slow = "The request body did not arrive in time";
            answers.insert("408".into(), problem(slow));
        }
        in_order(answers);
    }
}

/// Whether an operation changes nothing.
fn only_reads(operation: &Operation<'_>) -> bool {
    let id = operation.fields.get("operationId").and_then(Value::as_str);
    operation.method == "get" || id.is_some_and(|id| ASKED_WITH_A_BODY.contains(&id))
}

/// Whether a request names something that may not exist.
fn names_something(operation: &Operation<'_>) -> bool {
    let named = operation.parameters("query").any(|name| NAMING.contains(&name));
    operation.has_body() || named || operation.parameters("path").next().is_some()
}

/// Whether a request has a value that may not be acceptable.
fn takes_values(operation: &Operation<'_>) -> bool {
    let mut places = ["path", "query", "header"].into_iter();
    operation.has_body() || places.any(|place| operation.parameters(place).next().is_some())
}

fn problem(description: &str) -> Value {
    let schema = object([("schema", reference("schemas", "Problem"))]);
    object([("description", description.into()), ("content", content(PROBLEM, schema))])
}

fn in_order(answers: &mut Mapping) {
    let mut sorted: Vec<_> = std::mem::take(answers).into_iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.as_str().cmp(&other.as_str()));
    answers.extend(sorted);
}

/// Puts refusals that many operations have in common among the components.
pub(super) fn share(document: &mut Value) {
    let mut uses: BTreeMap<u16, Vec<(Value, usize)>> = BTreeMap::new();
    for mut operation in operations(document) {
        for (status, answer) in operation.answers().filter(|(status, _)| *status >= 400) {
            let known = uses.entry(status).or_default();
            match known.iter_mut().find(|(same, _)| same == answer) {
                Some((_, count)) => *count += 1,
                None => known.push((answer.clone(), 1)),
            }
        }
    }
    let mut shared = Vec::new();
    for (status, mut answers) in uses {
        // the usual text gets the plain name
        answers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let many = answers.into_iter().filter(|(_, count)| *count >= SHARED_BY);
        for (number, (answer, _)) in many.enumerate() {
            shared.push((status, component_name(status, number), answer));
        }
    }
    for mut operation in operations(document) {
        for (status, answer) in operation.answers() {
            let same = shared.iter().find(|(of, _, same)| *of == status && same == answer);
            if let Some((_, name, _)) = same {
                *answer = reference("responses", name);
            }
        }
    }
    let shared = shared.into_iter().map(|(_, name, answer)| (name.into(), answer));
    components(document, "responses").extend(shared);
}

/// `TooManyRequests`, and `TooManyRequests2` for the second text that is in common.
fn component_name(status: u16, number: usize) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let name: String = reason.unwrap_or("Error").split([' ', '-']).collect();
    if number == 0 { name } else { format!("{name}{}", number + 1) }
}
