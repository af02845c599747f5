//! What a body names by exactly one of several members, such as a product by its id, its SKU or its barcode.
//!
//! JSON Schema would say it as a choice among variants, of which generators make types that nobody wants to fill in. An extension
//! says it instead, by which refused bodies are walked.

use kit_http::EXACTLY_ONE_OF;
use yaml_serde::{Mapping, Value};

use super::super::tree::{components, each_object};

/// The names of stores and products; the first is the one that a refusal is about.
const NAMES: [&[&str]; 4] = [
    &["storeId", "storeCode"],
    &["sourceStoreId", "sourceStoreCode"],
    &["destinationStoreId", "destinationStoreCode"],
    &["productId", "productSku", "productGtin"],
];

pub(super) fn apply(document: &mut Value) {
    for (_, schema) in components(document, "schemas").iter_mut() {
        each_object(schema, &mut say);
    }
}

/// Bodies that are sent are closed; answers may have several names of one thing.
fn say(schema: &mut Mapping) {
    if schema.get("additionalProperties").and_then(Value::as_bool) != Some(false) {
        return;
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_mapping_mut) else {
        return;
    };
    let groups =
        NAMES.into_iter().filter(|names| names.iter().all(|it| properties.contains_key(*it)));
    let groups: Vec<&[&str]> = groups.collect();
    for text in groups.iter().copied().flatten().filter(|name| !name.ends_with("Id")) {
        let fields = properties.get_mut(*text).and_then(Value::as_mapping_mut);
        if let Some(fields) = fields.filter(|fields| !fields.contains_key("minLength")) {
            fields.insert("minLength".into(), 1.into());
        }
    }
    if !groups.is_empty() {
        let groups =
            groups.iter().map(|names| names.iter().map(|name| Value::from(*name)).collect());
        schema.insert(EXACTLY_ONE_OF.into(), Value::Sequence(groups.collect()));
    }
}
