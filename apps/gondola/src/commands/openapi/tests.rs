//! The committed document is current, and the table of routes has all of its operations.

use std::collections::BTreeSet;

use gondola_gateway::ACCESS;

use crate::commands::document::assert_current;

/// A route without an entry would be for administrators only; an entry without a route would be believed to guard one.
#[test]
fn the_table_of_routes_and_roles_has_every_operation_and_no_other() {
    let document = serde_json::to_value(super::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| (path.as_str(), method.to_uppercase()))
    });
    let operations: BTreeSet<_> = operations.collect();
    let is_operation = |path: &str| path.starts_with("/api/") || path.starts_with("/health");
    let table = ACCESS.iter().filter(|route| is_operation(route.path));
    let table: BTreeSet<_> = table.map(|route| (route.path, route.method.to_owned())).collect();
    assert_eq!(operations, table);
}

#[test]
fn the_committed_document_is_current() {
    assert_current("openapi.json", &super::document().to_pretty_json(), "openapi");
}

/// A page for people lists operations under their tags: one without a description, or without an operation, is noise.
#[test]
fn every_tag_is_described_and_has_operations() {
    let document = serde_json::to_value(super::document()).unwrap();
    let items = document["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values());
    let used = operations.filter_map(|operation| operation["tags"].as_array()).flatten();
    let used: BTreeSet<&str> = used.map(|tag| tag.as_str().unwrap()).collect();
    let tags = document["tags"].as_array().unwrap().iter();
    let described = tags.filter(|tag| tag["description"].is_string());
    let described: BTreeSet<&str> = described.map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(used, described);
}
