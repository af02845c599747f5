//! Optional is not nullable: what may be left out is left out, and `null` stands only where it means something of its own.

use std::collections::BTreeSet;

use yaml_serde::{Mapping, Value};

use super::media::MERGE_PATCH;
use super::tree::{components, each_object, operations, referred};

pub(super) fn apply(document: &mut Value) {
    let patches = merge_patches(document);
    for operation in operations(document) {
        let parameters = operation.fields.get_mut("parameters").and_then(Value::as_sequence_mut);
        let schemas = parameters.into_iter().flatten().filter_map(|it| it.get_mut("schema"));
        schemas.for_each(never_null);
    }
    for (name, schema) in components(document, "schemas").iter_mut() {
        let is_patch = name.as_str().is_some_and(|name| patches.contains(name));
        each_object(schema, &mut |fields| {
            // utoipa writes it for fields of partial updates that are absent, and it fits no type
            if fields.get("default").is_some_and(Value::is_null) {
                fields.shift_remove("default");
            }
            if !is_patch {
                optional_properties_are_never_null(fields);
            }
        });
    }
}

/// The schemas of merge patches, in which `null` removes a value.
fn merge_patches(document: &mut Value) -> BTreeSet<String> {
    let bodies = operations(document).filter_map(|operation| {
        let body = operation.fields.get("requestBody")?;
        referred(body.get("content")?.get(MERGE_PATCH)?.get("schema")?).map(str::to_owned)
    });
    bodies.collect()
}

fn optional_properties_are_never_null(schema: &mut Mapping) {
    let required = schema.get("required").and_then(Value::as_sequence).cloned().unwrap_or_default();
    let properties = schema.get_mut("properties").and_then(Value::as_mapping_mut);
    for (name, property) in properties.into_iter().flatten() {
        if !required.contains(name) {
            never_null(property);
        }
    }
}

/// Takes `null` out of the types of a schema.
fn never_null(schema: &mut Value) {
    let Some(fields) = schema.as_mapping_mut() else { return };
    if let Some(Value::Sequence(types)) = fields.get_mut("type") {
        types.retain(|it| it.as_str() != Some("null"));
        if let [only] = types.as_slice() {
            let only = only.clone();
            fields.insert("type".into(), only);
        }
    }
    for choice in ["oneOf", "anyOf"] {
        let Some(Value::Sequence(choices)) = fields.get_mut(choice) else { continue };
        choices.retain(|it| it.get("type").and_then(Value::as_str) != Some("null"));
        if let [only] = choices.as_mut_slice()
            && let Value::Mapping(only) = std::mem::take(only)
        {
            fields.shift_remove(choice);
            fields.extend(only);
        }
    }
}
