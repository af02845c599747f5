//! Every operation of the whole document keeps the rules of ADR 067, in whichever service it is: walked over, one by one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Operations that are asked with a body, and only read.
const ASKED_WITH_A_BODY: [&str; 5] = [
    "checkBasketAvailability",
    "exportCustomer",
    "lookUpCatalogue",
    "queryStockLevels",
    "sourceBasket",
];

pub(super) fn document() -> Value {
    serde_json::to_value(super::document()).unwrap()
}

/// An operation: what it is called in a failure, and what is said of it.
pub(super) type Operation<'d> = (String, &'d str, &'d Value);

pub(super) fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        let methods = METHODS.into_iter().filter_map(|it| Some((it, item.get(it)?)));
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), method, operation)
        })
    });
    operations.collect()
}

/// What a part of the document is, wherever it stands.
fn resolved<'d>(document: &'d Value, part: &'d Value) -> &'d Value {
    match part.get("$ref").and_then(Value::as_str) {
        Some(target) => document.pointer(&target[1..]).unwrap_or_else(|| panic!("no {target}")),
        None => part,
    }
}

pub(super) fn answers<'d>(document: &'d Value, operation: &'d Value) -> BTreeMap<u16, &'d Value> {
    let answers = operation["responses"].as_object().unwrap().iter();
    answers.map(|(status, it)| (status.parse().unwrap(), resolved(document, it))).collect()
}

pub(super) fn content(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    body.get("content").and_then(Value::as_object).into_iter().flatten()
}

/// Breaches of a rule are told all at once, with what to do.
#[track_caller]
pub(super) fn none(breaches: impl IntoIterator<Item = String>, rule: &str) {
    let breaches: Vec<String> = breaches.into_iter().collect();
    assert!(breaches.is_empty(), "{rule}:\n{}", breaches.join("\n"));
}

pub(super) fn each_object<'d>(
    at: &str,
    part: &'d Value,
    visit: &mut impl FnMut(&str, &'d Map<String, Value>),
) {
    match part {
        Value::Object(fields) => {
            visit(at, fields);
            for (name, field) in fields {
                each_object(&format!("{at}/{name}"), field, visit);
            }
        }
        Value::Array(items) => {
            for item in items {
                each_object(at, item, visit);
            }
        }
        _ => {}
    }
}

#[test]
fn operation_ids_have_one_casing_and_none_comes_twice() {
    let document = document();
    let mut seen = BTreeSet::new();
    let mut breaches = Vec::new();
    for (at, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let is_camel = id.starts_with(|first: char| first.is_ascii_lowercase())
            && id.chars().all(|letter| letter.is_ascii_alphanumeric());
        let verb = id.split(char::is_uppercase).next().unwrap_or_default();
        let reads = ["get", "list", "check", "follow", "look", "read"].contains(&verb);
        if !is_camel || method == "get" && !reads || verb == id || !seen.insert(id) {
            breaches.push(format!("{at}: {id:?}"));
        }
    }
    none(breaches, "an operation id is a verb and a thing in camelCase, and unique");
}

#[test]
fn each_operation_has_one_tag_and_a_summary() {
    let document = document();
    let tags = document["tags"].as_array().unwrap().iter();
    let tags: BTreeSet<&str> = tags.map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(tags.len(), document["tags"].as_array().unwrap().len(), "a tag stands twice");
    let breaches = operations(&document).into_iter().filter(|(_, _, operation)| {
        let own = operation["tags"].as_array().unwrap();
        let is_known = own.len() == 1 && tags.contains(own[0].as_str().unwrap());
        !is_known || operation["summary"].as_str().is_none_or(str::is_empty)
    });
    none(breaches.map(|(at, ..)| at), "an operation has one described tag, and a summary");
}

#[test]
fn only_what_can_happen_is_answered() {
    let document = document();
    let mut breaches = Vec::new();
    for (at, method, operation) in operations(&document) {
        let told = answers(&document, operation);
        let has_body = operation.get("requestBody").is_some();
        let has_parameters = operation.get("parameters").is_some();
        let id = operation["operationId"].as_str().unwrap();
        let only_reads = method == "get" || ASKED_WITH_A_BODY.contains(&id);
        let impossible = [
            (408, !has_body),
            (413, !has_body),
            (415, !has_body),
            (409, only_reads),
            (404, !has_body && !has_parameters),
            (422, !has_body && !has_parameters),
        ];
        let impossible =
            impossible.into_iter().filter(|(status, never)| *never && told.contains_key(status));
        breaches.extend(impossible.map(|(status, _)| format!("{at}: {status} cannot happen")));
        let is_guarded = operation["security"].as_array().is_some_and(|it| !it.is_empty());
        let needed = [
            (401, is_guarded),
            (409, !only_reads && is_guarded),
            (403, is_guarded),
            (408, has_body),
            (413, has_body),
            (500, is_guarded),
        ];
        let missing = needed.into_iter().filter(|(status, can)| *can && !told.contains_key(status));
        breaches.extend(missing.map(|(status, _)| format!("{at}: {status} is missing")));
        if !told.keys().any(|status| (200..300).contains(status)) {
            breaches.push(format!("{at}: no success"));
        }
    }
    none(breaches, "an operation tells the answers that it can give, and no other");
}

#[test]
fn refusals_are_problems() {
    let document = document();
    let mut breaches = Vec::new();
    for (at, _, operation) in operations(&document) {
        for (status, answer) in answers(&document, operation) {
            let is_health = at.contains("/health");
            let is_problem = answer["content"]["application/problem+json"]["schema"]["$ref"]
                == "#/components/schemas/Problem";
            if status >= 400 && !is_problem && !is_health {
                breaches.push(format!("{at}: {status}"));
            }
        }
    }
    none(breaches, "a refusal is a problem (RFC 9457)");
}

#[test]
fn bodies_that_are_json_have_examples() {
    let document = document();
    let mut breaches = Vec::new();
    for (at, _, operation) in operations(&document) {
        let request = operation.get("requestBody").map(|body| ("request".to_owned(), body));
        let told = answers(&document, operation).into_iter();
        let told = told.map(|(status, answer)| (status.to_string(), answer));
        for (what, body) in request.into_iter().chain(told) {
            for (media_type, said) in content(body) {
                let has_one = said.get("example").is_some() || said.get("examples").is_some();
                let is_json = media_type == "application/json" || media_type.ends_with("+json");
                if is_json && !has_one {
                    breaches.push(format!("{at}: {what} {media_type}"));
                }
            }
        }
    }
    none(
        breaches,
        "every body that is JSON has an example; give the schema one where none can be made",
    );
}

#[test]
fn partial_updates_are_merge_patches() {
    let document = document();
    let patches = operations(&document).into_iter().filter(|(_, method, _)| *method == "patch");
    let breaches = patches.filter(|(_, _, operation)| {
        let types: Vec<_> = content(&operation["requestBody"]).map(|(name, _)| name).collect();
        types != ["application/merge-patch+json"]
    });
    none(breaches.map(|(at, ..)| at), "PATCH takes application/merge-patch+json");
}

#[test]
fn answers_declare_their_headers() {
    let document = document();
    let mut breaches = Vec::new();
    for (at, _, operation) in operations(&document) {
        let is_limited = operation["security"].as_array().is_some_and(|it| !it.is_empty());
        for (status, answer) in answers(&document, operation) {
            let mut needed = vec!["X-Request-Id"];
            if is_limited && status != 401 {
                needed.extend(["RateLimit", "RateLimit-Policy"]);
            }
            if status == 429 || status == 503 {
                needed.push("Retry-After");
            }
            if status == 401 {
                needed.push("WWW-Authenticate");
            }
            let missing = needed.into_iter().filter(|name| answer["headers"].get(name).is_none());
            breaches.extend(missing.map(|name| format!("{at}: {status} {name}")));
        }
    }
    none(breaches, "an answer declares the headers that it comes with");
}

#[test]
fn security_is_said_of_every_operation_and_of_all() {
    let document = document();
    assert!(document["security"].as_array().is_some_and(|it| !it.is_empty()));
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    let breaches = operations(&document).into_iter().filter(|(_, _, operation)| {
        let Some(security) = operation["security"].as_array() else { return true };
        let mut named = security.iter().flat_map(|it| it.as_object().unwrap().keys());
        !named.all(|name| schemes.contains_key(name))
    });
    none(breaches.map(|(at, ..)| at), "an operation says who may call it, `[]` for anybody");
}

/// What may be left out is left out: `null` stands only in merge patches, where it removes, and in fields that are always there.
#[test]
fn optional_is_not_nullable() {
    let document = document();
    let patches = operations(&document).into_iter().filter_map(|(_, _, operation)| {
        let patch = operation.get("requestBody")?["content"].get("application/merge-patch+json")?;
        patch["schema"]["$ref"].as_str()?.rsplit('/').next()
    });
    let patches: BTreeSet<&str> = patches.collect();
    let mut breaches = Vec::new();
    for (schema, described) in document["components"]["schemas"].as_object().unwrap() {
        if patches.contains(schema.as_str()) {
            continue;
        }
        each_object(schema, described, &mut |at, fields| {
            let required = fields.get("required").and_then(Value::as_array);
            let properties = fields.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                let is_required = required.is_some_and(|it| it.iter().any(|it| it == name));
                if is_nullable(property) && !is_required {
                    breaches.push(format!("{at}.{name}"));
                }
            }
        });
    }
    for (at, _, operation) in operations(&document) {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let nullable = parameters.into_iter().flatten().filter(|it| is_nullable(&it["schema"]));
        breaches.extend(nullable.map(|it| format!("{at}: {}", it["name"])));
    }
    none(breaches, "what is optional is not nullable");
}

fn is_nullable(schema: &Value) -> bool {
    let types = schema["type"].as_array().into_iter().flatten();
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|it| schema[it].as_array()).flatten();
    types.chain(choices.map(|it| &it["type"])).any(|it| it == "null")
        || schema.get("default").is_some_and(Value::is_null)
}

#[test]
fn a_schema_that_has_a_name_is_referred_to_by_it() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut breaches = Vec::new();
    for (name, schema) in schemas {
        if name.contains('_') || name.ends_with("Body") || name.ends_with("Word") {
            breaches.push(format!("{name}: not a name of the field"));
        }
        each_object(name, schema, &mut |at, fields| {
            let items = fields.get("items").filter(|it| it.get("type").is_some());
            if items.is_some_and(|items| items.get("properties").is_some()) {
                breaches.push(format!("{at}: items without a name"));
            }
        });
    }
    for (at, _, operation) in operations(&document) {
        let told = answers(&document, operation).into_values();
        for body in operation.get("requestBody").into_iter().chain(told) {
            let copies =
                content(body).filter(|(_, said)| said["schema"].get("properties").is_some());
            breaches.extend(copies.map(|(media_type, _)| format!("{at}: {media_type} has a copy")));
        }
    }
    none(breaches, "schemas have names, and stand once");
}

#[test]
fn nothing_extends_a_schema_that_takes_no_further_fields() {
    let document = document();
    let mut breaches = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let mut parts = parts.map(|part| resolved(&document, part));
        if parts.any(|part| part["additionalProperties"] == false) {
            breaches.push(name.clone());
        }
    }
    none(breaches, "no value fulfils allOf with a closed object");
}

/// A client that decodes a problem is to know each of its members, in every language.
#[test]
fn every_member_of_a_problem_is_in_its_schema() {
    let document = document();
    let known = document["components"]["schemas"]["Problem"]["properties"].as_object().unwrap();
    let mut breaches = BTreeSet::new();
    for folder in ["kit", "services", "apps"] {
        let root = format!("{}/../../{folder}", env!("CARGO_MANIFEST_DIR"));
        each_source(root.as_ref(), &mut |source| {
            for call in [".with(\"", "with_some(problem, \"", "_MEMBER: &'static str = \""] {
                let names = source.split(call).skip(1).filter_map(|rest| rest.split_once('"'));
                let names = names.map(|(name, _)| name);
                // attributes of spans have dots, members have none
                let names = names.filter(|name| !name.contains('.') && !known.contains_key(*name));
                breaches.extend(names.map(str::to_owned));
            }
        });
    }
    let told = "every member that Problem::with gets is in services/gateway/src/document/rules/problems.rs";
    none(breaches, told);
}

/// The text of each source file of production code.
fn each_source(folder: &std::path::Path, visit: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && !["tests", "target", "benches"].contains(&name.as_str()) {
            each_source(&path, visit);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !name.ends_with("tests.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            // `Problem` is the only type with such a method whose first argument is a text, outside of tests
            visit(text.split("#[cfg(test)]").next().unwrap_or_default());
        }
    }
}

#[test]
fn error_codes_are_those_that_have_pages() {
    let document = document();
    let codes = document["components"]["schemas"]["ErrorCode"]["x-extensible-enum"].as_array();
    let codes: Vec<_> = codes.unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let pages: Vec<_> = gondola_gateway::PROBLEM_CODES.iter().map(|known| known.code).collect();
    assert_eq!(codes, pages);
}

/// Fields stand as their struct has them, so that a reader meets the id first, and an example reads like the answer.
#[test]
fn fields_of_examples_stand_in_the_order_of_the_schema() {
    let document = super::document().to_json();
    let example = document.split(r#""operationId":"reserveStock""#).nth(1).unwrap();
    let answer = example.split(r#""201":"#).nth(1).unwrap();
    let example = answer.split(r#""example":{"#).nth(1).unwrap();
    let place =
        |name: &str| example.find(&format!("\"{name}\"")).unwrap_or_else(|| panic!("no {name}"));
    let places =
        ["reservationId", "status", "storeId", "storeCode", "productId", "quantity"].map(place);
    assert!(places.is_sorted(), "{places:?}: {}", &example[..400]);
}

/// The golden samples of the log: the data of each, by its type of event and the name of its file.
fn golden_events() -> Vec<(String, String, Value)> {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../services/inventory/service/golden");
    let files = std::fs::read_dir(golden).unwrap().map(|file| file.unwrap().path());
    let events = files.filter_map(|file| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let event_type = name.split('.').next().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).ok()?;
        let golden: Value = serde_json::from_str(&text).unwrap();
        Some((event_type, name, golden["data"].clone()))
    });
    events.filter(|(event_type, ..)| event_type.ends_with("Event")).collect()
}

#[test]
fn each_event_of_the_log_is_as_its_schema_says() {
    let document = document();
    let shapes = document.pointer("/components/schemas/EventData/x-event-data").unwrap();
    let contract = kit_http::Contract::of(&document);
    let (mut breaches, mut seen) = (Vec::new(), BTreeSet::new());
    for (event_type, file, data) in golden_events() {
        let Some(shape) = shapes[&event_type]["$ref"].as_str() else {
            breaches.push(format!("{event_type} has no schema"));
            continue;
        };
        let name = shape.rsplit('/').next().unwrap();
        match contract.faults_of(name, &data) {
            Some(faults) if faults.is_empty() => {}
            faults => breaches.push(format!("{file}: {faults:?}")),
        }
        // a schema that allows anything would find no fault in anything
        let mut other = data;
        other["tare"] = Value::from(1);
        if contract.faults_of(name, &other).is_none_or(|faults| faults.is_empty()) {
            breaches.push(format!("{name} takes what is not in the log"));
        }
        seen.insert(event_type);
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        each_object(name, schema, &mut |at, fields| {
            let target = fields.get("$ref").and_then(Value::as_str);
            if target.is_some_and(|target| document.pointer(&target[1..]).is_none()) {
                breaches.push(format!("{at}: {target:?} is not there"));
            }
        });
    }
    let without_sample = shapes.as_object().unwrap().keys().filter(|it| !seen.contains(*it));
    breaches.extend(without_sample.map(|event_type| format!("{event_type} has no golden sample")));
    none(breaches, "each type of event has a schema, which its golden samples fulfil");
}

#[test]
fn schemas_of_events_have_real_examples() {
    let document = document();
    let contract = kit_http::Contract::of(&document);
    let shapes = document.pointer("/components/schemas/EventData/x-event-data").unwrap();
    let breaches = shapes.as_object().unwrap().values().filter_map(|shape| {
        let name = shape["$ref"].as_str()?.rsplit('/').next()?;
        let example = &document["components"]["schemas"][name]["example"];
        let faults = contract.faults_of(name, example);
        (!example.is_object() || faults != Some(Vec::new())).then(|| format!("{name}: {example}"))
    });
    none(breaches, "the schema of an event has an example out of the log");
}
